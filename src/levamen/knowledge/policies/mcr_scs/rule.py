"""US Medicare contractors, spinal cord stimulation: who may have a trial, and what it must show before the implant.

When other care failed, the psychological screening is passed and no substance is misused: a trial, at most two in a
region in a lifetime, and no repeat of one that failed for no technical reason. When the last trial halved the pain or
the analgesics (Noridian: and function gained): the implant, in a surgery center or hospital, one in a lifetime but
for replacements. The contractors differ; CGS names no percentage, so the national condition stands there.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 2.1, 20 and 21.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, problem, procedures
from levamen.criteria.nodes import (
    All,
    Any,
    Compare,
    Count,
    Criterion,
    Exists,
    Facts,
    Field,
    IfThen,
    Not,
    Number,
    Readings,
    Remedy,
    Same,
    Stated,
    Truth,
    Window,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    IMPLANT,
    MULTIDISCIPLINARY,
    NEED_TRIAL,
    PSYCHOLOGICAL,
    TEAM,
    TRIAL,
    care_failed,
    evaluated,
    pain_reduced,
    said_of_last_trial,
    technical_failure,
    trials_here,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    return (
        Rule(
            id="trial",
            therapies=frozenset({TRIAL}),
            exclusions=substance_misuse(values),
            requirements=(care_failed(values), *trial_requirements(values)),
        ),
        Rule(
            id="implant",
            therapies=frozenset({IMPLANT}),
            requirements=(care_failed(values), *implant_requirements(values)),
        ),
    )


def substance_misuse(v: Values) -> tuple[Criterion, ...]:
    """Active misuse of a substance excludes a trial (Noridian)."""
    if not v.has("substance-misuse"):
        return ()
    active = it_is("attributes.activity", v.words("substance-misuse", "active"))
    misuse = problem("active misuse of a substance", v.choices("substance-misuse"), active)
    return (v.criterion("substance-misuse", misuse, remedy="action"),)


def trial_requirements(v: Values) -> tuple[Criterion, ...]:
    """Screening, the two trials of a lifetime, no repeat of a fair failure, the place."""
    found = []
    if v.has("psychological-before-trial"):
        found.append(evaluated(v, "psychological-before-trial", PSYCHOLOGICAL))
    if v.has("psychological-signer"):
        found.append(psychological_signer(v))
    if v.has("trials-per-region"):
        found += [trials_per_region(v), failed_trial(v, Not(Same("waveform", "equal"))), *place_of_trial(v)]
    return tuple(found)


def psychological_signer(v: Values) -> Criterion:
    """A psychiatrist, a psychologist or a social worker signed the evaluation (CGS)."""
    kinds = it_is("kind", v.choices("psychological-before-trial"))
    signed = latest(
        Facts("evaluations", "psychological evaluation", kinds, closed_by="present"),
        it_is("by", v.choices("psychological-signer")),
    )
    return v.criterion("psychological-signer", signed, remedy="action")


def trials_per_region(v: Values) -> Criterion:
    """At most two in a region in a lifetime; technical failures and other modalities do not count."""
    where = All(
        (
            it_is("therapy", v.words("trials-per-region", TRIAL)),
            Same("region", "equal"),
            Not(technical_failure()),
            Same("waveform", "equal"),
        )
    )
    trials = Facts("trials", "fair trial of this modality in the region", where, Window("lifetime"))
    return v.criterion(
        "trials-per-region",
        Compare(Count(trials), v.limits("trials-per-region")),
        by=("trials-per-region", "repeat-exceptions"),
        remedy="none",
    )


def failed_trial(v: Values, *excuses: Truth) -> Criterion:
    """If there was a trial, the last one succeeded or failed for a technical reason."""
    excused = said_of_last_trial(v, "failed-trial", Any((technical_failure(), *excuses)))
    return v.criterion(
        "failed-trial",
        IfThen(Exists(trials_here(v, "failed-trial")), Any((*success(v), excused))),
        by=("failed-trial", "repeat-exceptions", "trial-success", "analgesics-reduced"),
        remedy="none",
    )


def place_of_trial(v: Values) -> tuple[Criterion, ...]:
    """Surgery center or hospital outpatients; an office only if it is fit for it; and who will implant."""
    in_office = asked_is("setting", v.words("setting-of-trial", "office"))
    fit = All((in_office, v.judged("office-conditions"), v.judged("office-physician")))
    return (
        v.criterion(
            "setting-of-trial",
            Any((asked_is("setting", v.choices("setting-of-trial")), fit)),
            by=("setting-of-trial", "office-conditions", "office-physician"),
            remedy="none",
        ),
        v.criterion("surgeon-named", v.judged("surgeon-named"), remedy="action"),
    )


def implant_requirements(v: Values) -> tuple[Criterion, ...]:
    """Screening, a successful trial, the place, and one device."""
    found = [
        evaluated(v, "multidisciplinary-screening", MULTIDISCIPLINARY, TEAM),
        evaluated(v, "psychological-before-implant", PSYCHOLOGICAL),
        trial_success(v),
    ]
    if v.has("failed-trial"):
        found.append(failed_trial(v))
    if v.has("setting-of-implant"):
        place = asked_is("setting", v.choices("setting-of-implant"))
        found += [v.criterion("setting-of-implant", place, remedy="none"), one_device(v)]
    return tuple(found)


def trial_success(v: Values) -> Criterion:
    """The last trial succeeded, or a working system is replaced, which needs no new trial (Noridian)."""
    names = tuple(
        name
        for name in ("trial-success", "analgesics-reduced", "function-improved", "crps-leniency", "replacement")
        if v.has(name)
    )
    return v.criterion("trial-success", Any((*success(v), *replaced(v))), by=names, remedy="action", needs=NEED_TRIAL)


def success(v: Values) -> tuple[Truth, ...]:
    """Half the pain or half the analgesics; with function (Noridian), where CRPS may show less.

    Where a repeat can be granted the criterion says whether anything can be done; elsewhere a failed trial is a no.
    """
    remedy: Remedy | None = None if v.has("failed-trial") else "none"
    ways: list[Truth] = [pain_reduced(v, "trial-success", remedy)]
    if v.has("analgesics-reduced"):
        ways.append(Compare(Number(Field("it", "analgesic_change")), v.limits("analgesics-reduced"), remedy))
    if v.has("crps-leniency"):
        concept = v.words("crps-leniency", "complex-regional-pain-syndrome")
        ways.append(All((problem("complex regional pain syndrome", concept), v.judged("crps-leniency"))))
    gained: Truth = Any(tuple(ways)) if len(ways) > 1 else ways[0]
    if v.has("function-improved"):
        gained = All((gained, Stated(Field("it", "function_improved"))))
    return (said_of_last_trial(v, "trial-success", gained),)


def replaced(v: Values) -> tuple[Truth, ...]:
    """A system is in place and its battery ended or it broke down."""
    if not v.has("replacement"):
        return ()
    implants = procedures("stimulator implant", it_is("therapy", v.words("replacement", IMPLANT)))
    return (All((Exists(implants, "none"), Exists(breakdowns(v), "none"))),)


def breakdowns(v: Values) -> Facts:
    """End of battery or malfunction."""
    return Facts("events", "end of the battery or malfunction", it_is("kind", v.choices("replacement")))


def one_device(v: Values) -> Criterion:
    """The article: one plate lead in a lifetime. The determination: replacements. A percutaneous lead: no number."""
    implants = procedures(
        "stimulator implant", it_is("therapy", v.words("one-device", IMPLANT)), window=Window("lifetime")
    )
    first = Compare(Count(implants), v.limits("one-device"))
    percutaneous = asked_is("lead", v.words("one-device", "percutaneous"))
    return v.criterion(
        "one-device",
        Any((percutaneous, Readings((first, Any((first, Exists(breakdowns(v), "none"))))))),
        by=("one-device", "replacement"),
        remedy="none",
    )
