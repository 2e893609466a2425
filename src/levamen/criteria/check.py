"""Whether a criterion makes sense before it is ever evaluated: fields exist, units fit, selections close."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any as Anything

from levamen.criteria.nodes import (
    Accumulated,
    Among,
    Compare,
    Criterion,
    Elapsed,
    Facts,
    Field,
    Held,
    Number,
    Same,
    Stated,
    Streak,
    The,
    Window,
    cites_of,
    parts,
)
from levamen.record.facts import Payer, Person, Request
from levamen.record.timeline import Duration


def problems(criterion: Criterion, kinds: Mapping[str, type]) -> tuple[str, ...]:
    """Every fault of a criterion, each one sentence. `kinds` names the views and the class of their facts."""
    if not criterion.cites:
        return (f"{criterion.id}: no source",)
    if criterion.rests_on_unverified != any(cite.mark == "unverified" for cite in cites_of(criterion)):
        return (f"{criterion.id}: rests_on_unverified does not fit the marks of its citations",)
    return tuple(f"{criterion.id}: {fault}" for fault in _faults(criterion.says, kinds, None))


def _faults(node: Anything, kinds: Mapping[str, type], it: type | None) -> Iterator[str]:
    match node:
        case Facts(kind, _, _, _, _, max_age):
            if kind not in kinds:
                yield f"there are no facts of kind '{kind}'; there are {', '.join(sorted(kinds))}"
                return
            if max_age is not None and not isinstance(max_age.amount, Duration):
                yield "max_age is a length of time"
            it = kinds[kind]
        case Window("rolling", length):
            if length is None or not isinstance(length.amount, Duration):
                yield "a rolling window needs a length of time"
        case Compare(quantity, limits):
            timed = isinstance(quantity, Elapsed | Accumulated | Held)
            if not limits:
                yield "a comparison needs a limit"
            for limit in limits:
                if isinstance(limit.amount, Duration) != timed:
                    yield f"{type(quantity).__name__} cannot be compared with {limit.amount}"
            if isinstance(quantity, Held) and isinstance(quantity.level.amount, Duration):
                yield "the level of a gain is a percentage"
        case Among(field, choices):
            yield from _field_faults(field, it)
            if not choices:
                yield f"no words to compare {field.name} with"
        case Number(field) | Stated(field):
            yield from _field_faults(field, it)
        case Elapsed(since, until):
            yield from _field_faults(since, it)
            if until is not None:
                yield from _field_faults(until, it)
        case Same(name):
            yield from _field_faults(Field("it", node.theirs or name), it)
            yield from _field_faults(Field("subject", name), it)
    for part in parts(node):
        inside = it
        if isinstance(node, The) and part is node.that:
            inside = kinds.get(node.pick.facts.kind)
        if isinstance(node, Streak) and part is node.that:
            inside = kinds.get(node.facts.kind)
        yield from _faults(part, kinds, inside)


def _field_faults(field: Field, it: type | None) -> Iterator[str]:
    holder = {"it": it, "subject": Request, "person": Person, "payer": Payer}[field.of]
    if holder is None:
        yield f"'{field.name}' is asked of no fact"
        return
    head = field.name.split(".")[0]
    if not hasattr(holder, head):
        yield f"{holder.__name__} has no field '{head}'"
