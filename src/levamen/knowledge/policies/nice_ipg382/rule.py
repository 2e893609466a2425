"""NICE IPG382, deep brain stimulation for refractory chronic pain syndromes, headache excluded.

When other treatment failed, a multidisciplinary pain team selected the patient, and the patient knows that it may fail
and carries a small risk of death: it may be used with normal arrangements.
Sources and words: values.yaml. Dossier: neuromodulation, section 5.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, pain
from levamen.criteria.nodes import Criterion, Not
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import MULTIDISCIPLINARY, care_failed, evaluated


def rules(values: Values) -> tuple[Rule, ...]:
    """One procedure."""
    return (
        Rule(
            id="deep-brain",
            therapies=frozenset({"deep-brain-stimulation"}),
            scope=(no_headache(values),),
            requirements=(
                values.criterion("refractory", values.judged("refractory"), remedy="action"),
                care_failed(values),
                evaluated(values, "selected-by-team", MULTIDISCIPLINARY),
                values.criterion("informed", values.judged("informed"), remedy="action"),
            ),
            stance="consider",
            strength="normal arrangements for clinical governance",
        ),
    )


def no_headache(v: Values) -> Criterion:
    """Headache is another guidance."""
    return v.criterion("headache", pain(Not(it_is("site", v.choices("headache")))), remedy="none")
