"""Cochrane 2023, spinal cord stimulation for low back pain.

When the pain is in the low back: what stimulation did against placebo, and what the authors concluded. A review gives
effects and no recommendation, so it informs. Other pain is not addressed.
Sources and effects: values.yaml. Dossier: neuromodulation, sections 2.3 and 24.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, pain
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import IMPLANT, TRIAL


def rules(values: Values) -> tuple[Rule, ...]:
    """Whoever considers stimulation for low back pain is told what was found."""
    low_back = pain(it_is("site", values.choices("low-back-pain")))
    return (
        Rule(
            id="low-back-pain",
            therapies=frozenset({TRIAL, IMPLANT}),
            scope=(values.criterion("low-back-pain", low_back, remedy="none"),),
            informs=True,
        ),
    )
