"""Consensus on sacroiliac joint complex pain, 2025: how strong the evidence is, as a digest tells it.

When an injection of the joint, or a block or ablation of its nerves, is asked: it informs. It decides nothing.
Sources and amounts: values.yaml. Dossier: spine injections, sections 0.3 and 4.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.mcr_sij.common import ABLATION, BLOCK, INJECTION


def rules(v: Values) -> tuple[Rule, ...]:
    """What the digest speaks of: three procedures at the sacroiliac joint."""
    asked = v.criterion(
        "procedures", asked_is("therapy", v.choices("procedures")), by=("procedures", "statements"), remedy="none"
    )
    return (Rule(id="evidence", therapies=frozenset({INJECTION, BLOCK, ABLATION}), scope=(asked,), informs=True),)
