"""FDA communication of 2018: which medicines for pain are approved for a pump.

When the pump or its refill is for pain and the medicine is morphine or ziconotide, alone and not compounded: approved.
Other drugs, mixtures and compounded drugs are not.
Sources and words: values.yaml. Dossier: neuromodulation, sections 6.2 and 24.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is
from levamen.criteria.nodes import Compare, Field, Not, Number
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_280_14.parts import PUMP, REFILL, asks_for


def rules(values: Values) -> tuple[Rule, ...]:
    """The pump and its refill."""
    v = values
    scope = (
        v.criterion(
            "for-spasticity", Not(asked_is("drugs", v.choices("for-spasticity"))), by="for-spasticity", remedy="none"
        ),
    )
    alone = Compare(Number(Field("subject", "agents")), v.limits("mixture"))
    requirements = (
        v.criterion("approved", asks_for(v, "approved"), remedy="none"),
        v.criterion("mixture", alone, remedy="none"),
        v.criterion("compounded", v.judged("compounded"), remedy="none"),
    )
    return (Rule(id="medicine", therapies=frozenset({PUMP, REFILL}), scope=scope, requirements=requirements),)
