"""BCBS-type commercial plans, spinal cord and dorsal root ganglion stimulation (BCBS North Dakota, Premera).

When stimulation is a last resort for neuropathic pain, no drug habituation is left untreated and the staff is there: a
trial. When a temporary electrode took half the pain: the implant. Ischaemic and cancer pain are not covered.
The same holds at the dorsal root ganglion.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 2.1 and 3.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, no_more, pain
from levamen.criteria.nodes import All, Criterion, Facts, Field, Not, Stated
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    GANGLION_IMPLANT,
    GANGLION_TRIAL,
    IMPLANT,
    TRIAL,
    last_trial,
    pain_reduced,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant; over the spinal cord, and at the dorsal root ganglion where the plan names it."""
    refused = pain(it_is("mechanism", values.choices("not-covered-pain")))
    excluded = (values.criterion("not-covered-pain", refused, remedy="none"),)
    found = []
    for prefix, trial, implant in (("", TRIAL, IMPLANT), ("ganglion-", GANGLION_TRIAL, GANGLION_IMPLANT)):
        if prefix and not values.has("dorsal-root-ganglion"):
            continue
        common = (*selection(values), *((same_rules(values),) if prefix else ()))
        passed = last_trial(values, "trial-success", pain_reduced(values, "trial-success"), trial)
        found += [
            Rule(id=f"{prefix}trial", therapies=frozenset({trial}), exclusions=excluded, requirements=common),
            Rule(
                id=f"{prefix}implant",
                therapies=frozenset({implant}),
                exclusions=excluded,
                requirements=(*common, passed),
            ),
        ]
    return tuple(found)


def same_rules(v: Values) -> Criterion:
    """The plan holds the ganglion to its rules for the spinal cord: true of every such request, where it is known."""
    therapies = v.choices("dorsal-root-ganglion")
    return v.criterion("dorsal-root-ganglion", asked_is("therapy", therapies), remedy="none")


def selection(v: Values) -> tuple[Criterion, ...]:
    """Last resort, neuropathic, no untreated habituation, staff."""
    where = All(
        (
            it_is("concept", v.choices("drug-habituation")),
            it_is("attributes.activity", v.words("drug-habituation", "active")),
            Not(Stated(Field("it", "attributes.treated"))),
        )
    )
    habituation = Facts("problems", "active untreated drug habituation", where, closed_by="present")
    return (
        v.criterion("last-resort", v.judged("last-resort"), remedy="action"),
        v.criterion("neuropathic", pain(it_is("mechanism", v.choices("neuropathic"))), remedy="none"),
        v.criterion("drug-habituation", no_more(habituation), remedy="action"),
        v.criterion("support-staff", v.judged("support-staff"), remedy="action"),
    )
