"""BCBS-type commercial plans, spinal cord stimulation (BCBS North Dakota, Premera).

When stimulation is a last resort for neuropathic pain, no drug habituation is left untreated and the staff is there: a
trial. When a temporary electrode took half the pain: the implant. Ischaemic and cancer pain are not covered.
Sources and amounts: values.yaml. Dossier: neuromodulation, section 2.1.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, no_more, pain
from levamen.criteria.nodes import All, Criterion, Facts, Field, Not, Stated
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import IMPLANT, TRIAL, last_trial, pain_reduced


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    refused = pain(it_is("mechanism", values.choices("not-covered-pain")))
    excluded = (values.criterion("not-covered-pain", refused, remedy="none"),)
    common = selection(values)
    passed = last_trial(values, "trial-success", pain_reduced(values, "trial-success"))
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), exclusions=excluded, requirements=common),
        Rule(id="implant", therapies=frozenset({IMPLANT}), exclusions=excluded, requirements=(*common, passed)),
    )


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
