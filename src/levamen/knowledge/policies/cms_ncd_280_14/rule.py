"""Medicare NCD 280.14: the implanted pump for pain and for spasticity.

When pain is severe, chronic and intractable, life will last three months or more, less invasive care failed and the
body and behavior were attended to: a trial. When a trial with a temporary catheter was acceptable: the pump for an
opioid. When six weeks of other care did not control spasticity and a test dose helped: the pump for baclofen. Another
drug only where the pump's labelling names it. Allergy, infection, a small body, another programmable device: never.
Sources and words: values.yaml. Dossier: neuromodulation, sections 6.1, 19, 20 and 24.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, problem
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Compare,
    Criterion,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Number,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import NEED_CARE, failed_care
from levamen.knowledge.policies.cms_ncd_280_14.parts import (
    NEED_TRIAL,
    PUMP,
    TRIAL,
    allergy,
    asks_for,
    baclofen_trials,
    has_problem,
    of_last,
    oral_failed,
    pain_trials,
    shown,
    spasticity,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the pump."""
    before, excluded = conditions(values), contraindications(values)
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), exclusions=excluded, requirements=before),
        Rule(
            id="pump", therapies=frozenset({PUMP}), exclusions=excluded, requirements=(*before, *trial_passed(values))
        ),
    )


def contraindications(v: Values) -> tuple[Criterion, ...]:
    """What is not covered nationally, and in whom a pump is contraindicated."""
    devices = Facts(
        "devices",
        "implanted programmable device of another kind",
        it_is("kind", v.choices("programmable-devices")),
        closed_by="present",
    )
    return (
        v.criterion(
            "heparin-or-insulin",
            asks_for(v, "heparin-or-insulin"),
            remedy="none",
        ),
        allergy(v, "allergy"),
        has_problem(v, "infection", "active infection"),
        v.criterion("body-size", Not(v.judged("body-size")), remedy="none"),
        v.criterion("programmable-devices", Exists(devices), remedy="none"),
    )


def in_pain(v: Values, then: Truth) -> Truth:
    """Asked of a pump for pain only."""
    return IfThen(Not(asks_for(v, "antispasmodics")), then)


def in_spasticity(v: Values, then: Truth) -> Truth:
    """Asked of a pump for spasticity only."""
    return IfThen(asks_for(v, "antispasmodics"), then)


def conditions(v: Values) -> tuple[Criterion, ...]:
    """What must be so before a trial."""
    opioid = asks_for(v, "opioids")
    other = asks_for(v, "other-drugs")
    covered = Any((opioid, asks_for(v, "antispasmodics"), other))
    drug = All((covered, Not(asks_for(v, "unlabelled-drugs")), IfThen(other, v.judged("labelled-use"))))
    soon = problem("recorded life expectancy under three months", v.words("life-expectancy", "limited-life-expectancy"),
                   it_is("attributes.months", v.choices("life-expectancy")))  # fmt: skip
    weeks = Compare(
        Accumulated(oral_failed(v, "spasticity-care", "care-failed", "care-stopped")),
        v.limits("spasticity-care-length"),
    )
    return (
        v.criterion(
            "covered-drug",
            drug,
            by=("opioids", "antispasmodics", "other-drugs", "unlabelled-drugs", "labelled-use"),
            remedy="action",
        ),
        v.criterion("severe-pain", in_pain(v, v.judged("severe-pain")), remedy="action"),
        v.criterion("life-expectancy", in_pain(v, Not(soon)), remedy="none"),
        v.criterion(
            "care-failed",
            in_pain(v, Exists(failed_care(v))),
            by=("care-failed", "care-stopped"),
            remedy="action",
            needs=NEED_CARE,
        ),
        v.criterion("behavior", in_pain(v, v.judged("behavior")), remedy="action"),
        v.criterion("spasticity", in_spasticity(v, spasticity(v, "spasticity")), remedy="none"),
        v.criterion(
            "spasticity-care-length",
            in_spasticity(v, weeks),
            by=("spasticity-care-length", "spasticity-care", "care-failed", "care-stopped"),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
    )


def trial_passed(v: Values) -> tuple[Criterion, ...]:
    """What the preliminary trial must have shown."""
    catheter = pain_trials(v, "trial-acceptable", it_is("technique", v.choices("trial-technique")))
    acceptable = All((Exists(catheter), shown(v, "trial-acceptable")))
    some_relief = of_last(catheter, Compare(Number(Field("it", "pain_change")), v.limits("trial-relief"), "none"))
    favourable = All((Exists(baclofen_trials(v, "test-dose")), shown(v, "test-dose")))
    return (
        v.criterion(
            "trial-acceptable",
            in_pain(v, acceptable),
            by=("trial-acceptable", "trial-technique"),
            remedy="action",
            needs=NEED_TRIAL,
        ),
        v.criterion(
            "trial-relief",
            in_pain(v, some_relief),
            by=("trial-relief", "trial-technique"),
            remedy="action",
            needs=NEED_TRIAL,
        ),
        v.criterion("test-dose", in_spasticity(v, favourable), remedy="action", needs=NEED_TRIAL),
    )
