"""No example is permitted by an unverified value, and none would be if every value were unverified (hazard H-04)."""

from __future__ import annotations

import pytest
from judged_examples import Expected, expected
from msgspec.structs import replace

from levamen.criteria.marks import deciding_mark
from levamen.criteria.nodes import Cite, Mark
from levamen.knowledge.model import Policy, Reading, Value, Version
from levamen.knowledge.registry import packaged

POLICIES = tuple(packaged().policies.values())


def permitted(policy: Policy) -> list[Expected]:
    """The expectations under which a policy says yes."""
    return [row for row in expected(policy.id) if row.answer(policy).verdict == "met"]


def marked(policy: Policy, mark: Mark) -> Policy:
    """The same policy with this mark on every value."""
    values = {id: _value(value, mark) for id, value in policy.values.items()}
    return replace(policy, values=values, values_hash=f"{policy.values_hash}-{mark}")


def _value(value: Value, mark: Mark) -> Value:
    overlays = {name: tuple(_version(v, mark) for v in versions) for name, versions in value.overlays.items()}
    return replace(value, versions=tuple(_version(v, mark) for v in value.versions), overlays=overlays)


def _version(version: Version, mark: Mark) -> Version:
    return replace(
        version,
        readings=tuple(_reading(reading, mark) for reading in version.readings),
        also=tuple(_cite(cite, mark) for cite in version.also),
    )


def _reading(reading: Reading, mark: Mark) -> Reading:
    return replace(reading, cite=_cite(reading.cite, mark))


def _cite(cite: Cite, mark: Mark) -> Cite:
    return Cite(cite.source, cite.locator, mark)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_no_yes_rests_on_an_unverified_value(policy: Policy) -> None:
    """What decides a yes is verified: the verdict's mark, each requirement's sentence, the values that decided it."""
    for row in permitted(policy):
        answer = row.answer(policy)
        assert answer.mark != "unverified", row.example
        for item in answer.criteria:
            if item.part != "exclusion":
                assert item.status == "met"
                assert deciding_mark(item.outcome) != "unverified", f"{row.example}: {item.id}"
                assert all(cite.mark != "unverified" for cite in item.criterion.cites), f"{row.example}: {item.id}"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_nothing_stays_met_if_nothing_is_verified(policy: Policy) -> None:
    doubted = marked(policy, "unverified")
    for row in permitted(policy):
        answer = row.answer(doubted)
        rule_asks = any(item.part != "exclusion" for item in answer.criteria)
        assert answer.verdict != "met" or not rule_asks, f"{row.example}: {answer.verdict}"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_what_a_clinician_adopted_permits(policy: Policy) -> None:
    """The mark alone decides nothing else: with every value adopted, the same answers, marked so."""
    adopted = marked(policy, "adopted")
    for row in permitted(policy):
        answer = row.answer(adopted)
        assert answer.verdict == "met", row.example
        assert answer.mark in ("adopted", "primary"), row.example
