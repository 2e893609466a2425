"""NICE on heat in the disc: only with special arrangements. IPG544 is on the annulus, IPG545 on the nucleus.

When such a treatment of a lumbar disc is asked, clinical governance is informed, the patient understands that it may
not help, and outcomes are audited: it may be done, with these arrangements. The rest is not addressed.
Sources and amounts: values.yaml of each folder. Dossier: spine injections, section 10.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, pain
from levamen.knowledge.model import Rule, Values


def rules(v: Values) -> tuple[Rule, ...]:
    """The one treatment of each guidance."""
    scope = (
        v.criterion("therapies", asked_is("therapy", v.choices("therapies")), remedy="none"),
        v.criterion("techniques", asked_is("technique", v.choices("techniques")), remedy="none"),
        v.criterion("regions", asked_is("region", v.choices("regions")), remedy="none"),
        v.criterion("patterns", pain(it_is("pattern", v.choices("patterns"))), remedy="none"),
    )
    arrangements = tuple(v.criterion(id, v.judged(id), remedy="action") for id in ("governance", "consent", "audit"))
    return (
        Rule(
            id="treatment",
            therapies=frozenset[str]().union(*(choice.words for choice in v.choices("therapies"))),
            scope=scope,
            requirements=arrangements,
            stance="special_arrangements",
            strength="special arrangements for clinical governance, consent and audit or research",
        ),
    )
