"""Low back pain and sciatica in England: NICE NG59, and the shape of the policies that follow it.

When low back pain comes without sciatica: no spinal injection. When sciatica is acute and severe: an epidural may be
considered; never for neurogenic claudication with central stenosis. When care has failed, the main source is thought
to be a facet joint, localised pain is bad enough at referral, and a diagnostic medial branch block was positive:
denervation. Commissioners and one insurer add intervals, caps and guidance. A criterion exists where values.yaml
has its value: a policy that says less has fewer criteria.
Sources and amounts: values.yaml of each folder. Dossier: spine injections, sections 1.3, 2.4, 3.2, 4, 5 and 10.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, pain, pain_lasted
from levamen.criteria.nodes import (
    All,
    Any,
    Compare,
    Criterion,
    Elapsed,
    Exists,
    Facts,
    Field,
    Need,
    Not,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.bmj25.rule import not_due_to
from levamen.knowledge.policies.nice_ng59.parts import (
    care_evidence,
    care_failed,
    claudication,
    diagnostic_blocks,
    impact,
    once,
    pain_score,
    programme,
    recent_block,
    repeat_epidural,
    repeat_interval,
    rest,
    when,
)

PROGRAMME = (Need(kind="therapy", what="multidisciplinary-rehabilitation", therapy="multidisciplinary-rehabilitation"),)
EPIDURAL_REFUSED = "do not offer (without sciatica); do not use (claudication with central stenosis)"


def rules(values: Values) -> tuple[Rule, ...]:
    """The questions of which the policy's values speak."""
    made = (
        epidural(values),
        injections(values, "injections", "injections", gate="treatment-only"),
        injections(values, "other-injections", "muscle-injections", "disc-injections"),
        diagnostic_block(values),
        denervation(values),
        facet_exception(values),
        stimulator(values),
    )
    return tuple(rule for rule in made if rule is not None)


def population(v: Values) -> tuple[Criterion, ...]:
    """Low back pain, not from the causes that the policy leaves out."""
    found = [v.criterion("regions", asked_is("region", v.choices("regions")), remedy="none")]
    if v.has("excluded-causes"):
        noun = "cancer, infection, trauma or inflammatory disease of the spine"
        not_cancer = Not(pain(it_is("mechanism", v.words("excluded-causes", "cancer"))))
        truth = All((not_cancer, not_due_to(v, "excluded-causes", noun)))
        found.append(v.criterion("excluded-causes", truth, by=("excluded-causes", "common-causes"), remedy="none"))
    return tuple(found)


def epidural(v: Values) -> Rule | None:
    """Epidural injection: for acute and severe sciatica; not for back pain alone nor for central stenosis."""
    if not v.has("epidural"):
        return None
    exclusions = (
        *when(v, "without-sciatica", lambda: pain(it_is("pattern", v.choices("without-sciatica")))),
        *when(v, "claudication", lambda: claudication(v), by=("claudication", "central-stenosis")),
        *when(v, "guidance-denied", lambda: asked_is("guidance", v.choices("guidance-denied"))),
    )
    requirements = (
        *when(v, "sciatica", lambda: pain(it_is("pattern", v.choices("sciatica")))),
        *when(v, "acute", lambda: v.judged("acute")),
        *when(v, "severe", lambda: v.judged("severe")),
        *when(v, "guidance", lambda: asked_is("guidance", v.choices("guidance"))),
        *repeat_epidural(v),
        *rest(v, "rest-of-epidural-policy"),
    )
    return Rule(
        id="epidural",
        therapies=_therapies(v, "epidural"),
        scope=population(v),
        exclusions=exclusions,
        requirements=requirements,
        stance="for" if v.policy.is_coverage else "consider",
        strength=None if v.policy.is_coverage else "consider",
        refusal_strength=None if v.policy.is_coverage else EPIDURAL_REFUSED,
    )


def injections(v: Values, id: str, *lists: str, gate: str = "") -> Rule | None:
    """Injections that are not offered for low back pain without sciatica; `gate` is where a test is another matter."""
    named = [name for name in lists if v.has(name)]
    if not named:
        return None
    return Rule(
        id=id,
        therapies=_therapies(v, *named),
        scope=(*population(v), *_purpose(v, gate), *_back_pain(v)),
        exclusions=tuple(v.criterion(name, asked_is("therapy", v.choices(name)), remedy="none") for name in named),
        strength=None if v.policy.is_coverage else "do not offer",
    )


def diagnostic_block(v: Values) -> Rule | None:
    """Medial branch block as a test before denervation."""
    if not v.has("diagnostic-block"):
        return None
    requirements = (
        *when(v, "pain-programme", lambda: programme(v), remedy="action", needs=PROGRAMME),
        *when(v, "all-care-failed", lambda: v.judged("all-care-failed"), remedy="action"),
        *care_evidence(v),
        *impact(v),
        *when(v, "intent", lambda: v.judged("intent")),
        *once(v),
        *rest(v, "rest-of-block-policy"),
    )
    return Rule(
        id="diagnostic-block",
        therapies=_therapies(v, "diagnostic-block"),
        scope=(*population(v), *_purpose(v, "test-only")),
        requirements=requirements,
    )


def denervation(v: Values) -> Rule | None:
    """Radiofrequency denervation of the medial branches."""
    if not v.has("denervation"):
        return None
    requirements = (
        *when(v, "pain-duration", lambda: pain_lasted(v.limits("pain-duration"))),
        *when(v, "chronic", lambda: v.judged("chronic")),
        *when(v, "pain-severity", lambda: v.judged("pain-severity")),
        *care_failed(v),
        *when(v, "main-source", lambda: v.judged("main-source")),
        *when(v, "localised", lambda: pain(it_is("pattern", v.choices("localised")))),
        *pain_score(v),
        *diagnostic_blocks(v),
        *recent_block(v),
        *repeat_interval(v),
        *rest(v, "rest-of-denervation-policy"),
    )
    return Rule(
        id="denervation",
        therapies=_therapies(v, "denervation"),
        scope=population(v),
        requirements=requirements,
        stance="for" if v.policy.is_coverage else "consider",
        strength=None if v.policy.is_coverage else "consider",
    )


def facet_exception(v: Values) -> Rule | None:
    """A facet injection where denervation cannot be, on an individual request."""
    if not v.has("facet-exception"):
        return None
    device = Facts(
        "devices", "device or metalwork that forbids denervation", it_is("kind", v.choices("devices")),
        closed_by="present",
    )  # fmt: skip
    agreed = Facts("documents", "authorization", it_is("kind", v.words("individual-funding", "authorization")))
    granted = latest(agreed, it_is("status", v.words("individual-funding", "approved", "on-file")))
    contraindicated = Any((Exists(device), v.judged("denervation-contraindicated")))
    by = ("denervation-contraindicated", "devices")
    need = (Need(kind="document", what="authorization"),)
    return Rule(
        id="facet-exception",
        therapies=_therapies(v, "facet-exception"),
        scope=(*population(v), *_purpose(v, "treatment-only")),
        requirements=(
            v.criterion("denervation-contraindicated", contraindicated, by=by, remedy="none"),
            v.criterion("individual-funding", granted, remedy="action", needs=need),
        ),
    )


def stimulator(v: Values) -> Rule | None:
    """Implant of a spinal cord stimulator: a recent infection screen."""
    if not v.has("stimulator"):
        return None
    screens = Facts("labs", "MRSA screen", it_is("test", v.words("mrsa-screen", "mrsa-screen")))
    recent = latest(screens, Compare(Elapsed(Field("it", "at")), v.limits("mrsa-screen")), remedy="action")
    need = (Need(kind="lab", what="mrsa-screen"),)
    return Rule(
        id="stimulator",
        therapies=_therapies(v, "stimulator"),
        requirements=(
            v.criterion("mrsa-screen", recent, remedy="action", needs=need),
            *rest(v, "rest-of-stimulator-policy"),
        ),
    )


def _therapies(v: Values, *ids: str) -> frozenset[str]:
    """The therapies that the values name."""
    return frozenset[str]().union(*(choice.words for id in ids for choice in v.choices(id)))


def _purpose(v: Values, id: str) -> tuple[Criterion, ...]:
    """Whether the policy speaks of the injection as a treatment or as a test."""
    return when(v, id, lambda: asked_is("purpose", v.choices(id)))


def _back_pain(v: Values) -> tuple[Criterion, ...]:
    """Low back pain without sciatica."""
    return when(v, "without-sciatica", lambda: pain(it_is("pattern", v.choices("without-sciatica"))))
