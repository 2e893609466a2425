"""TRIAL-STIM: what a screening trial adds, shown beside the policies that require one.

A study, not a recommendation, so it informs.
Sources and effects: values.yaml. Dossier: neuromodulation, sections 2.1 and 24.
"""

from __future__ import annotations

from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import IMPLANT, TRIAL


def rules(values: Values) -> tuple[Rule, ...]:
    """Whoever considers a trial, or an implant after one, is told what was found."""
    return (Rule(id="effects", therapies=frozenset({TRIAL, IMPLANT}), informs=True),)
