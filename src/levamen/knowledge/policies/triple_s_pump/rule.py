"""Triple-S, infusion pumps for pain and spasticity; and the shape of Anthem's, whose older text speaks of cancer alone.

When a drug is approved for the route and use, the pain is severe and intractable and a trial by the same route took
more than half of it: the pump for an opioid. When oral baclofen failed in severe spasticity: the pump for baclofen.
A criterion exists where values.yaml has its value on the service date.
Sources and words: values.yaml of each folder. Dossier: neuromodulation, sections 6.1 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, problem
from levamen.criteria.nodes import All, Any, Criterion, Exists, Facts, IfThen, Need, Not, Truth
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_280_14.parts import (
    NEED_TRIAL,
    PUMP,
    REVISION,
    asks_for,
    cancer_pain,
    of_last,
    oral_failed,
    pain_trials,
    relieved,
    spasticity,
)

NEED_ORAL = (Need(kind="therapy", what="baclofen by mouth", therapy="medication"),)


def rules(values: Values) -> tuple[Rule, ...]:
    """The pump, and its replacement."""
    pump = Rule(
        id="pump",
        therapies=frozenset({PUMP}),
        scope=scope(values),
        exclusions=other_uses(values),
        requirements=(*for_pain(values), *for_cancer(values), *against_spasms(values)),
    )
    return (pump, *replacement(values))


def spastic(v: Values) -> Truth:
    """Baclofen is asked for."""
    return asks_for(v, "antispasmodics")


def scope(v: Values) -> tuple[Criterion, ...]:
    """Of a text that was read on cancer alone: spasticity, or pain from a cancer."""
    if not v.has("malignant-pain"):
        return ()
    speaks = Any((spastic(v), cancer_pain(v, "malignant-pain")))
    return (v.criterion("malignant-pain", speaks, by=("malignant-pain", "antispasmodics"), remedy="none"),)


def other_uses(v: Values) -> tuple[Criterion, ...]:
    """Investigational: neither an opioid nor baclofen."""
    if not v.has("other-uses"):
        return ()
    listed = Any((asks_for(v, "opioids"), spastic(v)))
    return (v.criterion("other-uses", Not(listed), by=("other-uses", "opioids", "antispasmodics"), remedy="none"),)


def for_pain(v: Values) -> tuple[Criterion, ...]:
    """An approved drug; severe pain and a trial that took more than half of it."""
    found = []
    if v.has("approved-drug"):
        approved = All((Not(asks_for(v, "unapproved-drugs")), v.judged("approved-drug")))
        by = ("approved-drug", "unapproved-drugs")
        found.append(v.criterion("approved-drug", approved, by=by, remedy="action"))
    if v.has("severe-pain"):
        found.append(v.criterion("severe-pain", IfThen(Not(spastic(v)), v.judged("severe-pain")), remedy="action"))
    if v.has("trial-relief"):
        passed = of_last(pain_trials(v, "trial-relief"), relieved(v, "trial-relief"))
        truth = IfThen(Not(spastic(v)), passed)
        found.append(v.criterion("trial-relief", truth, remedy="action", needs=NEED_TRIAL))
    return tuple(found)


def for_cancer(v: Values) -> tuple[Criterion, ...]:
    """What the older text asks before a pump for pain from a cancer."""
    if not v.has("malignant-pain"):
        return ()
    pain = Not(spastic(v))
    soon = problem("recorded life expectancy under three months", v.words("life-expectancy", "limited-life-expectancy"),
                   it_is("attributes.months", v.choices("life-expectancy")))  # fmt: skip
    pressed = problem("tumor encroachment on the thecal sac", v.words("thecal-sac", "thecal-sac-encroachment"))
    against = problem("sepsis or coagulopathy", v.choices("contraindications"))
    return (
        v.criterion("analgesics-failed", IfThen(pain, v.judged("analgesics-failed")), remedy="action"),
        v.criterion("life-expectancy", IfThen(pain, Not(soon)), remedy="none"),
        v.criterion("thecal-sac", IfThen(pain, All((Not(pressed), v.judged("thecal-sac")))), remedy="action"),
        v.criterion("contraindications", IfThen(pain, Not(against)), remedy="action"),
        v.criterion(
            "trial-done",
            IfThen(pain, Exists(pain_trials(v, "trial-done"))),
            remedy="action",
            needs=NEED_TRIAL,
        ),
    )


def against_spasms(v: Values) -> tuple[Criterion, ...]:
    """Severe spasticity that oral baclofen did not help, or that did not bear it."""
    failed = Exists(oral_failed(v, "oral-baclofen", "oral-failed", "oral-stopped"))
    by = ("oral-failed", "oral-baclofen", "oral-stopped")
    return (
        v.criterion("spasticity", IfThen(spastic(v), spasticity(v, "spasticity")), remedy="none"),
        v.criterion("oral-failed", IfThen(spastic(v), failed), by=by, remedy="action", needs=NEED_ORAL),
    )


def replacement(v: Values) -> tuple[Rule, ...]:
    """A pump that does not work, or says that it soon will not."""
    if not v.has("replacement"):
        return ()
    whole = asked_is("component", v.words("replacement", "pump"))
    asked = v.criterion("component", whole, by="replacement", remedy="none")
    events = Facts("events", "failure of pump or battery", it_is("kind", v.choices("replacement")), closed_by="present")
    broken = v.criterion("replacement", Exists(events), remedy="none")
    return (Rule(id="replacement", therapies=frozenset({REVISION}), scope=(asked,), requirements=(broken,)),)
