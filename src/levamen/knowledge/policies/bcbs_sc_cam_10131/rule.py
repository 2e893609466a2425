"""BCBS South Carolina family CAM 10131, implantable peripheral nerve stimulation: the evidence is insufficient.

Whoever asks: not covered. Leads for a time and for good are meant alike.
Sources and words: values.yaml. Dossier: neuromodulation, section 4.1.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import NERVE_IMPLANT, NERVE_TRIAL, SIXTY_DAYS


def rules(values: Values) -> tuple[Rule, ...]:
    """One exclusion."""
    asked = asked_is("therapy", values.choices("evidence-insufficient"))
    return (
        Rule(
            id="nerve",
            therapies=frozenset({NERVE_TRIAL, NERVE_IMPLANT, SIXTY_DAYS}),
            exclusions=(values.criterion("evidence-insufficient", asked, remedy="none"),),
        ),
    )
