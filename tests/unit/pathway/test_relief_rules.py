"""Whatever policy asks how long relief held: asked days after the procedure it is not yet, never no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from levamen.criteria.nodes import Held
from levamen.derive.relief import treatment
from levamen.derive.views import situation
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import packaged
from levamen.outcomes.block_levels import asked_of_relief
from levamen.pathway.relief_rules import as_request, relief_rules
from levamen.record import codes
from levamen.record.facts import Person, Procedure, Record, Relief
from levamen.record.timeline import Interval, When

DONE, TODAY = date(2026, 3, 5), date(2026, 3, 16)


def lasting() -> Iterator[tuple[str, str]]:
    """The policies that ask how long relief held, each with the treatments it asks it of."""
    for policy in packaged().policies.values():
        found: set[str] = set()
        for contractor in tuple(policy.documents) or (None,):
            for rule in policy.rules(contractor, TODAY):
                for one in asked_of_relief(rule):
                    quantity = one.leaf.quantity
                    if isinstance(quantity, Held) and all(limit.amount.unit != "hours" for limit in one.leaf.limits):
                        found |= one.therapies
        yield from ((policy.id, therapy) for therapy in sorted(found))


ASKED = tuple(lasting())


def statuses(policy: Policy, therapy: str, gain: int) -> set[str]:
    found: set[str] = set()
    for region in codes.entry("therapies", therapy)["regions"]:
        held = Procedure(
            id="P-1",
            therapy=therapy,
            technique="thermal" if therapy.endswith("radiofrequency-ablation") else None,
            purpose="therapeutic",
            region=region,
            side="left",
            start=When.on(DONE),
            relief=(Relief(percent=Interval.exactly(Fraction(gain)), at=When.on(date(2026, 3, 12))),),
        )
        record = Record(id="p", facts=(held,), person=Person(birth_date=When.on(date(1961, 4, 9))))
        seen = situation(record, as_request(held), TODAY, TODAY)
        for rule in relief_rules([policy], treatment(held, TODAY, TODAY), seen):
            found.add(rule.status)
            assert (rule.status == "not_yet") == (rule.earliest is not None)
            assert rule.earliest is None or rule.earliest > TODAY
    return found


def test_there_are_such_policies() -> None:
    assert {policy for policy, _ in ASKED} >= {"mcr-facet", "mcr-esi", "mcr-sij", "mcr-tpi", "evicore-facet"}


@pytest.mark.parametrize(("policy", "therapy"), ASKED)
def test_too_early_is_not_yet_and_lost_is_no(policy: str, therapy: str) -> None:
    """Full relief a week after, asked on day 11; pain that is worse a week after has lost it already."""
    one = packaged().policies[policy]
    assert statuses(one, therapy, 100) == {"not_yet"}
    assert statuses(one, therapy, -50) == {"not_met"}
