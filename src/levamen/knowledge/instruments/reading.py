"""How the parts of an instrument are read: one function a part; every refusal names file, line and remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Literal

from levamen.criteria.nodes import Cite
from levamen.knowledge.agents import one_of
from levamen.knowledge.instruments.rows import (
    KINDS,
    NONE_FOUND,
    RULES,
    SHIPS,
    Band,
    BandSet,
    Change,
    Item,
    Licence,
    Loinc,
    Missing,
    Scoring,
    Subscale,
)
from levamen.knowledge.loader import Reader, read_cite
from levamen.knowledge.model import Source
from levamen.text.tree import Scalar

_CITE = {"source", "locator", "mark", "also"}
_ITEM = {"low", "high", "whole", "reverse", "weight", "by_sex", "points", "topic", "text", "loinc", *_CITE}

Sources = Mapping[str, Source]


def read_child(row: Reader, key: str, remedy: str) -> Reader:
    found = row.child(key)
    if found is None:
        raise row.fail(f"no {key}; {remedy}")
    return found


def _cites(row: Reader, sources: Sources) -> tuple[Cite, ...]:
    return read_cite(row, sources), *(read_cite(other, sources) for other in row.children("also"))


def _none_found(top: Reader, key: str) -> bool:
    """Whether a field says, instead of a value, that no source was found for it. Refuses a field left out."""
    if top.node(key) is None:
        raise top.fail(f"no {key}; give it with its source, or write `{key}: {NONE_FOUND}`")
    if not isinstance(top.node(key), Scalar):
        return False
    if top.text(key) != NONE_FOUND:
        raise top.fail(f"'{top.text(key)}' has no source; give it with its source, or write `{key}: {NONE_FOUND}`", key)
    return True


def read_recall(top: Reader, sources: Sources) -> tuple[str, tuple[Cite, ...]]:
    if _none_found(top, "recall"):
        return NONE_FOUND, ()
    row = read_child(top, "recall", "")
    row.only({"says", *_CITE})
    return row.need("says", "say over what time the patient looks back"), _cites(row, sources)


def read_licence(row: Reader, sources: Sources) -> Licence:
    row.only({"ship", "holder", "notice", *_CITE})
    ship = one_of(row, "ship", SHIPS)
    return Licence(
        ship=ship,
        holder=row.need("holder", f"name who holds the rights, or write {NONE_FOUND}"),
        notice=row.need("notice", "say what is known of the terms"),
        cites=_cites(row, sources),
    )


def read_items(top: Reader, sources: Sources, licence: Licence) -> tuple[tuple[Item, ...], tuple[Cite, ...]]:
    row = top.child("items")
    if (row is None) != (licence.ship == "total"):
        raise top.fail("items are given unless the licence lets a total alone be entered (ship: total)", "items")
    if row is None:
        return (), ()
    row.only({"count", "low", "high", "whole", *_CITE})
    count = row.number("count")
    if count is None or count < 1 or count != int(count):
        raise row.fail("no count; write how many items the form has", "count")
    cites = _cites(row, sources)
    each = dict(top.named("each"))
    names = [f"q{number}" for number in range(1, int(count) + 1)]
    for name, one in each.items():
        if name not in names:
            raise one.fail(f"there is no item {name}; they are q1 to q{int(count)}")
    return tuple(_item(name, each.get(name), row, sources, licence) for name in names), cites


def _item(name: str, own: Reader | None, common: Reader, sources: Sources, licence: Licence) -> Item:
    row = own if own is not None else common
    if own is not None:
        own.only(_ITEM)
    ends: list[Decimal] = []
    for key in ("low", "high"):
        end = row.number(key)
        end = common.number(key) if end is None else end
        if end is None:
            raise row.fail(f"no {key}; write the {key}est answer", key)
        ends.append(end)
    low, high = ends
    if low >= high:
        raise row.fail(f"{name} runs from {low} to {high}; the lowest answer is below the highest", "low")
    if own is None:
        return Item(name=name, low=low, high=high, whole=common.text("whole") != "false")
    text = own.text("text")
    read = licence.cites[0].mark != "unverified"
    if text is not None and not (licence.ship == "generic" or (licence.ship == "wording" and read)):
        raise own.fail(f"the wording of {name} may not ship under this licence; leave the slot empty", "text")
    points = _numbers(own, "points")
    if points and set(points) != {Decimal(number) for number in range(int(low), int(high) + 1)}:
        raise own.fail(f"points are for every answer from {low} to {high}", "points")
    by_sex = dict(_entries(own, "by_sex"))
    if by_sex and set(by_sex) != {"female", "male"}:
        raise own.fail("by_sex gives points for female and for male", "by_sex")
    weight = own.number("weight")
    return Item(
        name=name,
        low=low,
        high=high,
        whole=(own.text("whole") or common.text("whole")) != "false",
        reverse=own.flag("reverse"),
        weight=Decimal(1) if weight is None else weight,
        by_sex=by_sex,
        points=points,
        topic=own.text("topic"),
        text=text,
        loinc=own.text("loinc"),
        cites=_cites(own, sources) if own.node("source") is not None else (),
    )


def _entries(row: Reader, key: str) -> Iterator[tuple[str, Decimal]]:
    child = row.child(key)
    for name in child.fields.entries if child is not None else ():
        assert child is not None  # noqa: S101 - its keys are being walked
        number = child.number(name)
        assert number is not None  # noqa: S101 - likewise
        yield name, number


def _numbers(row: Reader, key: str) -> dict[Decimal, Decimal]:
    try:
        return {Decimal(name): number for name, number in _entries(row, key)}
    except InvalidOperation:
        raise row.fail(f"'{key}' gives a number for each number", key) from None


def read_scoring(row: Reader, sources: Sources, items: tuple[Item, ...]) -> Scoring:
    row.only({"kind", "factor", "table", "errors", "other", "unscored", *_CITE})
    kind = one_of(row, "kind", KINDS)
    if (kind == "total") != (not items):
        raise row.fail("kind total is for an instrument without items, and only for it", "kind")
    if kind == "single" and len(items) != 1:
        raise row.fail(f"kind single is for one item; there are {len(items)}", "kind")
    if kind not in ("single", "profile") and not all(item.whole for item in items):
        raise row.fail("decimal answers are for a single item; several items are added in whole numbers", "kind")
    if kind == "percent" and (len({item.extremes() for item in items}) > 1 or items[0].low != 0):
        raise row.fail("a percentage is of items that all run from 0 to the same number", "kind")
    unscored = row.text("unscored")
    if (kind == "profile") != (unscored is not None):
        raise row.fail("kind profile says in `unscored` why there is no total, and no other kind does", "kind")
    table, errors = _numbers(row, "table"), _numbers(row, "errors")
    if (kind == "table") != bool(table):
        raise row.fail("kind table has a table, and no other kind does", "kind")
    if table:
        least = sum((item.extremes()[0] for item in items), Decimal(0))
        most = sum((item.extremes()[1] for item in items), Decimal(0))
        if set(table) != {Decimal(raw) for raw in range(int(least), int(most) + 1)}:
            raise row.fail(f"the table has one value for every sum from {least} to {most}", "table")
        if any(after <= before for before, after in pairwise(table[raw] for raw in sorted(table))):
            raise row.fail("the values of the table rise with the sum; correct the one that does not", "table")
        if not set(errors) <= set(table):
            raise row.fail("errors are of sums of the table", "errors")
    other = row.child("other")
    factor = row.number("factor")
    return Scoring(
        kind=kind,
        factor=Decimal(1) if factor is None else factor,
        table=table,
        errors=errors,
        other=_numbers(other, "values") if other is not None else {},
        other_cites=_cites(other, sources) if other is not None else (),
        unscored=unscored,
        cites=_cites(row, sources),
    )


def read_missing(row: Reader, sources: Sources, items: tuple[Item, ...], scoring: Scoring) -> Missing:
    row.only({"rule", "least", "round", "none_found", *_CITE})
    rule = one_of(row, "rule", RULES)
    if row.flag("none_found"):
        if rule != "all":
            raise row.fail("without a source every item is needed; write `rule: all`", "rule")
        return Missing(rule="all", least=len(items))
    least = row.number("least")
    if (rule == "from-answered") != (least is not None):
        raise row.fail("rule from-answered says in `least` how many answers it needs, and no other rule does", "rule")
    if least is not None and not (1 <= least <= len(items) and least == int(least)):
        raise row.fail(f"least is a whole number from 1 to {len(items)}", "least")
    if rule != "all" and len({item.extremes() for item in items}) > 1:
        raise row.fail("a form is completed from its answers only where all items give the same points", "rule")
    if rule != "all" and scoring.kind not in ("sum", "mean", "percent"):
        raise row.fail(f"kind {scoring.kind} cannot be completed from answers; write `rule: all`", "rule")
    if row.text("round") not in (None, "half-up"):
        raise row.fail("a completed sum is rounded half-up or not at all", "round")
    return Missing(
        rule=rule,
        least=len(items) if least is None else int(least),
        round_half_up=row.text("round") == "half-up",
        cites=_cites(row, sources),
    )


def read_subscale(row: Reader, sources: Sources, items: tuple[Item, ...]) -> Subscale:
    row.only({"items", "low", "high", *_CITE})
    names = row.words("items")
    known = {item.name: item for item in items}
    for name in names:
        if name not in known:
            raise row.fail(f"there is no item {name}", "items")
    low, high = row.number("low"), row.number("high")
    found = (
        sum((known[name].extremes()[0] for name in names), Decimal(0)),
        sum((known[name].extremes()[1] for name in names), Decimal(0)),
    )
    if (low, high) != found:
        raise row.fail(f"its items give {found[0]} to {found[1]}, not {low} to {high}; correct one of them", "low")
    return Subscale(items=names, low=found[0], high=found[1], cites=_cites(row, sources))


def read_bands(
    top: Reader, sources: Sources, subscales: Mapping[str, Subscale], low: Decimal, high: Decimal
) -> tuple[BandSet, ...]:
    if _none_found(top, "bands"):
        return ()
    found = []
    for id, row in top.named("bands"):
        row.only({"rows", *_CITE})
        rows = tuple(_band(one, subscales) for one in row.children("rows"))
        totals = [band.low for band in rows if band.of is None]
        if not totals or totals[0] != low or any(after <= before for before, after in pairwise(totals)):
            raise row.fail(f"the bands begin at {low} and rise, so that no score falls between them", "rows")
        if totals[-1] > high:
            raise row.fail(f"a band begins at {totals[-1]}, above the highest score, {high}", "rows")
        found.append(BandSet(id=id, rows=rows, cites=_cites(row, sources)))
    return tuple(found)


def _band(row: Reader, subscales: Mapping[str, Subscale]) -> Band:
    row.only({"low", "above", "label", "patient", "of"})
    low, of = row.number("low"), row.text("of")
    if low is None:
        raise row.fail("no low; write where the band begins")
    if of is not None and of not in subscales:
        raise row.fail(f"there is no subscale {of}", "of")
    return Band(
        low=low,
        above=row.flag("above"),
        label=row.need("label", "name the band in the source's words, or by its range"),
        patient=row.need("patient", "say it as a patient may read it"),
        of=of,
    )


def read_changes(top: Reader, sources: Sources) -> tuple[Change, ...]:
    if _none_found(top, "changes"):
        return ()
    found = []
    for row in top.children("changes"):
        row.only({"least", "most", "unit", "says", "population", "method", *_CITE})
        least, most = row.number("least"), row.number("most")
        if least is None:
            raise row.fail("no least; write the change in numbers")
        found.append(
            Change(
                least=least,
                most=least if most is None else most,
                unit=one_of(row, "unit", ("points", "percent-of-baseline")),
                says=row.need("says", "say the change in words"),
                population=row.need("population", f"say for whom, or write {NONE_FOUND}"),
                method=row.need("method", f"say how it was found, or write {NONE_FOUND}"),
                cites=_cites(row, sources),
            )
        )
    return tuple(found)


def read_loinc(top: Reader, sources: Sources) -> tuple[Loinc, ...]:
    found = []
    for row in top.children("loinc"):
        row.only({"of", "code", *_CITE})
        of: Literal["score", "panel"] = one_of(row, "of", ("score", "panel"))
        found.append(Loinc(of=of, code=row.need("code", "write the LOINC code"), cites=_cites(row, sources)))
    return tuple(found)
