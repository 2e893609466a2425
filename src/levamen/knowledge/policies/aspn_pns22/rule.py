"""ASPN guidelines 2022, implantable peripheral nerve stimulation: what was found for which region, with its grades.

Each recommendation is shown beside what the others decide, in its own words and with its grade; no verdict is drawn.
Sources and statements: values.yaml. Dossier: neuromodulation, section 4.1.
"""

from __future__ import annotations

from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import NERVE_IMPLANT, NERVE_TRIAL


def rules(values: Values) -> tuple[Rule, ...]:
    """Whoever considers peripheral nerve stimulation is told what the guideline found."""
    return (Rule(id="statements", therapies=frozenset({NERVE_TRIAL, NERVE_IMPLANT}), informs=True),)
