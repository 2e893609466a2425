"""US Medicare, epidural steroid injections by any approach, and nerve root blocks under the same rule.

When pain is radicular, neurogenic claudication, after laminectomy or acute zoster; four weeks old (zoster: at once);
severe; concordant; and four weeks of conservative care have failed: an injection under fluoroscopy or CT with
contrast, at two foramina or one interspace at most. When the previous one gave half the pain or function back for
three months: again, four sessions a year at most in a region. When the very first one failed: once more, after
14 days, with another approach, level or steroid. Not for axial or widespread pain.
Sources and amounts: values.yaml. Dossier: spine injections, sections 0.2, 1, 1.1, 11, 12.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    finding,
    it_is,
    pain,
    pain_lasted,
    problem,
    procedures,
    rolling,
    same_region,
    sessions,
    since_then,
)
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Choice,
    Compare,
    Criterion,
    Exists,
    Facts,
    Field,
    First,
    IfThen,
    Need,
    Not,
    Number,
    Readings,
    Stated,
    The,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.mcr_esi.repeats import (
    INJECTION,
    ROOT_BLOCK,
    earlier,
    injection_repeat,
    root_repeat,
    stands_apart,
)
from levamen.record.codes import label

PHYSICAL = (Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),)


def rules(values: Values) -> tuple[Rule, ...]:
    """One rule in two forms: a request for an injection names its approach, one for a root block its roots."""
    v = values
    before, after = what_it_is_for(v), alongside(v)
    return (
        Rule(
            id="injection",
            therapies=frozenset({INJECTION}),
            exclusions=exclusions(v),
            requirements=(*before, *injection_levels(v), *how_often(v, injection_repeat(v), session_cap(v)), *after),
        ),
        Rule(
            id="nerve-root-block",
            therapies=frozenset({ROOT_BLOCK}),
            exclusions=exclusions(v),
            requirements=(*before, *root_levels(v), *how_often(v, root_repeat(v), root_cap(v)), *after),
        ),
    )


def what_it_is_for(v: Values) -> tuple[Criterion, ...]:
    """Diagnosis, severity, duration, failed care, baseline, and how the needle is guided."""
    has_pattern = pain(it_is("pattern", v.choices("indication-patterns")))
    claudication = pain(it_is("pattern", v.words("indication-patterns", "neurogenic-claudication")))
    here = same_region(v.grouping("regions"))
    diseases, causes = v.choices("structural-diagnoses"), v.choices("structural-causes")
    on_list = problem(f"{named(diseases)} on the problem list, in the region", diseases, here)
    agree = v.words("concordance", "concordant-with-symptoms")
    scales = it_is("instrument", v.choices("baseline-scales"))
    scale = Facts("index-scores", "score of pain or function", scales, SINCE_THIS_PAIN)
    return (
        v.criterion(
            "indication",
            Any((has_pattern, covered_diagnosis(v), zoster(v))),
            by=("indication-patterns", "indications", "zoster"),
            remedy="none",
        ),
        v.criterion(
            "structural-cause",
            IfThen(claudication, Any((found(f"finding of {named(causes, 'findings')}", causes), on_list))),
            by=("structural-causes", "structural-diagnoses", "regions"),
            remedy="action",
            needs=(Need(kind="finding", what="central-stenosis"),),
        ),
        v.criterion(
            "concordance",
            Any((finding("statement that history, examination and imaging agree", agree), v.judged("concordance"))),
            remedy="action",
            needs=(Need(kind="finding", what="concordant-with-symptoms"),),
        ),
        v.criterion("pain-severity", v.judged("pain-severity"), remedy="none"),
        v.criterion(
            "pain-duration",
            Any((pain_lasted(v.limits("pain-duration")), zoster(v))),
            by=("pain-duration", "zoster"),
            remedy="none",
        ),
        conservative_care(v),
        v.criterion("baseline-scales", Exists(scale), remedy="action", needs=(Need(kind="score", what="nrs"),)),
        v.criterion(
            "guidance",
            Any((
                asked_is("guidance", v.choices("guidance")),
                All((asked_is("guidance", v.choices("guidance-without-contrast")), no_contrast_possible(v))),
            )),
            by=("guidance", "guidance-without-contrast", "images-kept"),
            remedy="none",
        ),
        v.criterion(
            "contrast",
            Any((asked_is("contrast", v.choices("contrast")), no_contrast_possible(v))),
            by=("contrast", "contrast-allergies", "contrast-conditions"),
            remedy="none",
        ),
    )  # fmt: skip


def covered_diagnosis(v: Values) -> Exists:
    """A covered diagnosis in the region of the request."""
    diagnoses = v.choices("indications")
    return problem(f"{named(diagnoses)} in the region", diagnoses, same_region(v.grouping("regions")))


def zoster(v: Values) -> Exists:
    """Acute herpes zoster: wherever it is."""
    return problem("acute herpes zoster", v.choices("zoster"))


def named(concepts: tuple[Choice, ...], section: str = "conditions") -> str:
    """The list in the words a clinician reads."""
    labels = [label(section, word) for choice in concepts for word in sorted(choice.words)]
    words = [text[0].lower() + text[1:] for text in dict.fromkeys(labels)]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def found(noun: str, concepts: tuple[Choice, ...]) -> Exists:
    """At least one of several findings was present."""
    return Exists(
        Facts("findings", noun, All((it_is("concept", concepts), Stated(Field("it", "present")))), closed_by="present")
    )


def conservative_care(v: Values) -> Criterion:
    """Four weeks of listed care since this pain began, without enough gain; less in zoster, or not tolerated."""
    listed = Any((
        it_is("therapy", v.choices("conservative-care-kinds")),
        it_is("kind", v.words("conservative-care-kinds", "medicine")),
    ))  # fmt: skip
    failed = Facts(
        "conservative-care",
        "conservative care that did not help enough",
        All((listed, it_is("response", v.choices("conservative-care-failed")))),
        SINCE_THIS_PAIN,
    )
    refused = Facts(
        "conservative-care",
        "course of conservative care that was not tolerated",
        All((listed, it_is("response", v.words("care-not-tolerated", "not-tolerated")))),
        SINCE_THIS_PAIN,
    )
    return v.criterion(
        "conservative-care",
        Any((
            Compare(Accumulated(failed), v.limits("conservative-care-weeks")),
            All((zoster(v), Exists(failed))),
            All((Exists(refused), v.judged("care-not-tolerated"))),
        )),
        by=("conservative-care-weeks", "conservative-care-kinds", "conservative-care-failed", "care-not-tolerated"),
        remedy="action",
        needs=PHYSICAL,
    )  # fmt: skip


def no_contrast_possible(v: Values) -> Truth:
    """A contrast allergy or a pregnancy."""
    allergy = it_is("substance", v.choices("contrast-allergies"))
    return Any((
        Exists(Facts("allergies", "allergy to contrast", allergy, closed_by="present")),
        problem("pregnancy", v.choices("contrast-conditions")),
    ))  # fmt: skip


def injection_levels(v: Values) -> tuple[Criterion, ...]:
    """Two foramina or one interspace; both sides only at the foramen, and only for a reason."""
    through_foramen = asked_is("approach", v.words("levels-transforaminal", "transforaminal"))
    between_laminae = asked_is("approach", v.words("levels-interlaminar", "interlaminar"))
    unpaired = asked_is("approach", v.words("bilateral-interlaminar", "interlaminar", "caudal"))
    both = asked_is("side", v.words("bilateral-interlaminar", "both"))
    return (
        v.criterion("levels-transforaminal", IfThen(through_foramen, at_most(v, "foramina")), remedy="none"),
        v.criterion(
            "levels-interlaminar",
            IfThen(between_laminae, Compare(Number(Field("subject", "interspaces")), v.limits("levels-interlaminar"))),
            remedy="none",
        ),
        v.criterion("bilateral-interlaminar", Not(All((unpaired, both))), remedy="none"),
        v.criterion(
            "bilateral-transforaminal",
            IfThen(All((through_foramen, both)), v.judged("bilateral-transforaminal")),
            remedy="none",
        ),
    )


def root_levels(v: Values) -> tuple[Criterion, ...]:
    """A root block is a transforaminal injection: two roots, both sides only for a reason."""
    both = asked_is("side", v.words("bilateral-transforaminal", "both"))
    return (
        v.criterion("levels-transforaminal", at_most(v, "roots"), remedy="none"),
        v.criterion(
            "bilateral-transforaminal", IfThen(both, v.judged("bilateral-transforaminal")), remedy="none"
        ),
    )  # fmt: skip


def at_most(v: Values, levels: str) -> Compare:
    return Compare(Number(Field("subject", levels)), v.limits("levels-transforaminal"))


def how_often(v: Values, repeat: Truth, cap: Truth) -> tuple[Criterion, ...]:
    """Repeats, sessions of the year, and what a long treatment must show."""
    long = The(First(earlier(v)), since_then(v.limits("treatment-length")))
    return (
        v.criterion(
            "repeat",
            repeat,
            by=(
                "repeat-relief",
                "repeat-length",
                "exception-first",
                "exception-interval",
                "exception-steroids",
                "exception-reason",
                *(("level-is-a-change",) if v.has("level-is-a-change") else ()),
            ),
            remedy="none",
        ),
        v.criterion("session-cap", cap, by=("session-cap", "cap-window", "regions", "sessions-counted"), remedy="none"),
        v.criterion(
            "beyond-twelve-months",
            IfThen(long, v.judged("beyond-twelve-months")),
            by=("beyond-twelve-months", "treatment-length"),
            remedy="action",
            needs=(Need(kind="document", what="reasons for treatment beyond 12 months"),),
        ),
    )


def session_cap(v: Values) -> Truth:
    """Sessions in the region in the year before."""
    any_kind = it_is("therapy", v.words("sessions-counted", INJECTION, ROOT_BLOCK))
    counted = Any((
        it_is("therapy", v.choices("sessions-counted")), it_is("purpose", v.words("sessions-counted", "therapeutic"))
    ))  # fmt: skip
    in_year = procedures(
        "epidural session in the region",
        any_kind,
        counted,
        same_region(v.grouping("regions")),
        window=rolling(v.limits("cap-window")),
    )
    return sessions(in_year, v.limits("session-cap"))


def root_cap(v: Values) -> Truth:
    return Any((session_cap(v), stands_apart(v)))


def alongside(v: Values) -> tuple[Criterion, ...]:
    """What must go with it, in the words of the checklist."""
    return (
        v.criterion(
            "rehabilitation",
            v.judged("rehabilitation"),
            remedy="action",
            needs=(Need(kind="therapy", what="exercise", therapy="exercise"),),
        ),
        v.criterion("no-series", v.judged("no-series"), by=("no-series", "sedation"), remedy="none"),
    )


def exclusions(v: Values) -> tuple[Criterion, ...]:
    """What the determinations and the checklist list as not covered."""
    stop = v.choices("stop-list")
    reason = Any((pain(it_is("pattern", v.choices("indication-patterns"))), covered_diagnosis(v), zoster(v)))
    not_covered = v.choices("excluded-diagnoses")
    other = problem(f"diagnosis of {named(not_covered)}", not_covered)
    pattern = pain(it_is("pattern", v.choices("excluded-patterns")))
    here = same_region(v.grouping("regions"))
    syndrome = v.choices("pattern-after-surgery")
    after_surgery = problem(f"{named(syndrome)} in the region", syndrome, here)
    return (
        v.criterion(
            "excluded-patterns",
            Readings((pattern, All((pattern, Not(after_surgery))))),
            by=("excluded-patterns", "pattern-after-surgery", "regions"),
            remedy="none",
        ),
        v.criterion("excluded-diagnoses", All((other, Not(reason))), remedy="none"),
        v.criterion(
            "not-designated-substances",
            asked_is("drugs", v.choices("not-designated-substances")),
            by=("not-designated-substances", "steroid-ceiling"),
            remedy="none",
        ),
        v.criterion("stop-list", problem(named(stop), stop), remedy="action"),
        v.criterion("no-cancer-suspicion", Not(v.judged("no-cancer-suspicion")), remedy="action"),
    )
