"""A changed value dies: every threshold moved by one unit, every comparison turned at its edge, every word taken away.

Survivors that are accepted stand in accepted_survivors.yaml, each with its reason; one that is listed and dies after
all is an error too, so that the list stays short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from judged_examples import Expected, expected
from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Compare, Held, Limit, Operator, walk
from levamen.knowledge.model import KnowledgeError, Policy, Reading, Value, Version
from levamen.knowledge.registry import packaged
from levamen.record.timeline import Duration

ACCEPTED: Mapping[str, Mapping[str, str]] = (
    yaml.safe_load((Path(__file__).parent / "accepted_survivors.yaml").read_text(encoding="utf-8")) or {}
)
TURNED: Mapping[Operator, Operator] = {">=": ">", ">": ">=", "<=": "<", "<": "<="}


class Mutant(Struct, frozen=True):
    """A policy with one value changed; `name` says which and how."""

    name: str
    value: str
    policy: Policy


def mutants(policy: Policy) -> Iterator[Mutant]:
    compared = _compared(policy)
    number = 0
    for value in policy.values.values():
        for where, reading, put in _readings(value):
            for how, changed in _changes(reading, value.id in compared):
                number += 1
                values = {**policy.values, value.id: put(changed)}
                mutant = replace(policy, values=values, values_hash=f"{policy.values_hash}-{number}")
                yield Mutant(f"{value.id}{where}: {how}", value.id, mutant)


def _compared(policy: Policy) -> set[str]:
    """The values whose operator is read: a limit that only measures a window or an age has none that matters."""
    found: set[str] = set()
    for row in expected(policy.id):
        for contractor in (None, *policy.overlays()):
            for rule in policy.rules(contractor, row.situation.on):
                for criterion in rule.criteria:
                    for node in walk(criterion.says):
                        if isinstance(node, Compare):
                            found.update(limit.value for limit in node.limits)
                        if isinstance(node, Held):
                            found.add(node.level.value)
        break
    return found


def _readings(value: Value) -> Iterator[tuple[str, Reading, _Put]]:
    for index, version in enumerate(value.versions):
        for number, reading in enumerate(version.readings):
            yield _where("", index, number), reading, _Put(value, None, index, number)
    for contractor, versions in value.overlays.items():
        for index, version in enumerate(versions):
            for number, reading in enumerate(version.readings):
                yield _where(f" ({contractor})", index, number), reading, _Put(value, contractor, index, number)


def _where(contractor: str, version: int, reading: int) -> str:
    return f"{contractor}{f', version {version + 1}' if version else ''}{f', reading {reading + 1}' if reading else ''}"


class _Put(Struct, frozen=True):
    """Puts a changed reading back in its place."""

    value: Value
    contractor: str | None
    version: int
    reading: int

    def __call__(self, changed: Reading) -> Value:
        if self.contractor is None:
            return replace(self.value, versions=self._in(self.value.versions, changed))
        versions = self._in(self.value.overlays[self.contractor], changed)
        return replace(self.value, overlays={**self.value.overlays, self.contractor: versions})

    def _in(self, versions: tuple[Version, ...], changed: Reading) -> tuple[Version, ...]:
        version = versions[self.version]
        readings = (*version.readings[: self.reading], changed, *version.readings[self.reading + 1 :])
        return (*versions[: self.version], replace(version, readings=readings), *versions[self.version + 1 :])


def _changes(reading: Reading, compared: bool) -> Iterator[tuple[str, Reading]]:
    amount = reading.amount
    if amount is not None:
        number = amount.amount if isinstance(amount, Duration) else amount
        for step in (-1, 1):
            if number + step >= 0:
                moved = Duration(number + step, amount.unit) if isinstance(amount, Duration) else number + Decimal(step)
                yield f"{amount} -> {moved}", replace(reading, amount=moved)
        if compared and reading.operator in TURNED:
            turned = TURNED[reading.operator]
            yield f"{reading.operator} -> {turned}", replace(reading, operator=turned)
    for word in sorted(reading.words):
        yield f"without {word}", replace(reading, words=reading.words - {word})


def dies(mutant: Mutant, rows: tuple[Expected, ...]) -> bool:
    """Whether some expectation fails; those that say they cover the value are tried first."""
    ordered = sorted(rows, key=lambda row: not any(text.split()[0] == mutant.value for text in row.covers))
    try:
        return any(row.differences(mutant.policy) for row in ordered)
    except (KnowledgeError, IndexError, TypeError):
        return True


@pytest.mark.parametrize("policy", packaged().policies.values(), ids=lambda policy: policy.id)
def test_a_changed_value_dies(policy: Policy) -> None:
    rows = expected(policy.id)
    survivors = [mutant.name for mutant in mutants(policy) if not dies(mutant, rows)]
    accepted = ACCEPTED.get(policy.id, {})
    unexpected = [name for name in survivors if name not in accepted]
    assert unexpected == [], "add an example that fails when the value changes"
    assert [name for name in accepted if name not in survivors] == [], "these die now; take them off the list"


def test_every_accepted_survivor_has_a_reason() -> None:
    for policy, rows in ACCEPTED.items():
        assert policy in packaged().policies
        assert all(len(reason) > 15 for reason in rows.values())


def test_mutants_are_made_of_every_kind() -> None:
    """The changes themselves, on one policy that has them all."""
    names = [mutant.name for mutant in mutants(packaged().policies["mcr-facet"])]
    assert "block-relief: 80 -> 79" in names
    assert "block-relief: 80 -> 81" in names
    assert "block-relief: >= -> >" in names
    assert "block-interval: 2 weeks -> 3 weeks" in names
    assert "guidance: without ct" in names
    assert any("(noridian), reading 2" in name for name in names)
    assert not any(name.startswith("cap-window: <=") for name in names)
    assert len(names) == len(set(names))


def test_a_limit_is_a_limit() -> None:
    """What is moved is what the rule compares: the mutant's tree holds the changed amount."""
    policy = packaged().policies["mcr-facet"]
    mutant = next(mutant for mutant in mutants(policy) if mutant.name == "block-relief: 80 -> 81")
    on = expected("mcr-facet")[0].situation.on
    limits = {
        (part.value, part.amount)
        for rule in mutant.policy.rules("cgs", on)
        for criterion in rule.criteria
        for part in walk(criterion.says)
        if isinstance(part, Limit)
    }
    assert ("block-relief", Decimal(81)) in limits
    assert ("block-relief", Decimal(80)) not in limits
