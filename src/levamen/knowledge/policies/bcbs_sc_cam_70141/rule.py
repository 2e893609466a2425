"""BCBS South Carolina family, infusion pumps: what it calls the evidence. Its criteria were not read.

Sources: values.yaml. Dossier: neuromodulation, section 6.3.
"""

from __future__ import annotations

from levamen.criteria.nodes import Not
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_280_14.parts import PUMP, cancer_pain


def rules(values: Values) -> tuple[Rule, ...]:
    """The evidence in pain that is not from cancer."""
    scope = values.criterion("evidence", Not(cancer_pain(values, "evidence")), remedy="none")
    return (Rule(id="evidence", therapies=frozenset({PUMP}), scope=(scope,), informs=True),)
