"""Practice parameters 2007, spinal cord stimulation for chronic neuropathic pain.

When nothing forbids it (the patient can operate the device; no correctable compression, gross instability,
coagulopathy, immunosuppression or other unacceptable risk, no need for diathermy) and the relative contraindications
were weighed: a trial; a failed one again only if coverage was inadequate. When half the pain went despite activity,
without more analgesics, and the patient is satisfied: the implant.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 2.1, 2.2 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, latest, pain, problem
from levamen.criteria.nodes import (
    All,
    Answered,
    Any,
    Compare,
    Criterion,
    Exists,
    Field,
    IfThen,
    Not,
    Number,
    Stated,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    IMPLANT,
    NEED_TRIAL,
    TRIAL,
    pain_reduced,
    technical_failure,
    trials_here,
)

SUCCESS = ("trial-success", "analgesics-stable", "despite-activity", "satisfied")


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    neuropathic = pain(it_is("mechanism", values.choices("neuropathic")))
    scope = (values.criterion("neuropathic", neuropathic, remedy="none"),)
    weighed = values.criterion("relative-weighed", values.judged("relative-weighed"), remedy="action")
    common = (weighed, repeat(values))
    forbidden = contraindications(values)
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), scope=scope, exclusions=forbidden, requirements=common),
        Rule(
            id="implant",
            therapies=frozenset({IMPLANT}),
            scope=scope,
            exclusions=forbidden,
            requirements=(*common, trial_success(values)),
        ),
    )


def contraindications(v: Values) -> tuple[Criterion, ...]:
    """The absolute ones. Those in words without a number are a clinician's statement that they are absent."""
    words = ("no-correctable-compression", "no-gross-instability", "no-unacceptable-risk", "no-diathermy")
    conditions = problem("coagulopathy or immunosuppression", v.choices("surgical-risk-conditions"))
    return (
        v.criterion("device-control", Answered("device-control", "no"), remedy="none"),
        v.criterion("surgical-risk-conditions", conditions, remedy="none"),
        *(v.criterion(id, Not(v.judged(id)), remedy="none") for id in words),
    )


def success(v: Values) -> Truth:
    """Half the pain, despite activity, with no more analgesics, and a satisfied patient."""
    return All(
        (
            pain_reduced(v, "trial-success", None),
            Compare(Number(Field("it", "analgesic_change")), v.limits("analgesics-stable")),
            Stated(Field("it", "activity_test")),
            Stated(Field("it", "satisfied")),
        )
    )


def trial_success(v: Values) -> Criterion:
    """The last trial was a success; whether a failed one may be repeated stands in the other criterion."""
    done = latest(trials_here(v, "trial-success"), success(v))
    return v.criterion("trial-success", done, by=SUCCESS, remedy="action", needs=NEED_TRIAL)


def repeat(v: Values) -> Criterion:
    """If there was a trial, the last one succeeded or failed technically: it did not cover, or the lead moved."""
    trials = trials_here(v, "repeat-only-if-uncovered")
    fair = latest(trials, Any((success(v), technical_failure())))
    by = ("repeat-only-if-uncovered", *SUCCESS)
    return v.criterion("repeat-only-if-uncovered", IfThen(Exists(trials), fair), by=by, remedy="none")
