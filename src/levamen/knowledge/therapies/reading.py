"""How `therapy.yaml` is read: one function a field; every refusal names file, line and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from levamen.criteria.nodes import Cite
from levamen.knowledge.loader import Reader, known_word, read_checked, read_cite
from levamen.knowledge.model import Source
from levamen.knowledge.therapies.rows import (
    AUDIENCES,
    BARS,
    FIELDS,
    NONE_FOUND,
    STATEMENTS,
    Amount,
    Benefit,
    Contraindication,
    Risk,
    Statement,
    Step,
    Therapy,
)
from levamen.record import codes
from levamen.text.tree import Scalar

Sources = Mapping[str, Source]
_T = TypeVar("_T")
_CITE = {"source", "locator", "mark", "also"}
_AMOUNT = {"percent", "count", "of", "change", "unit", "low", "high"}
_HALVES = ("description", "method")

PICTURES = (
    "talk", "paper", "stop-drugs", "driver", "lie-down", "clean", "numb", "image", "needle", "contrast", "inject",
    "heat", "cold", "current", "cut", "device", "pump", "refill", "cement", "beam", "stitch", "rest", "watch", "home",
    "diary", "call", "exercise", "hands", "learn", "breathe", "tablet", "food", "sleep",
)  # fmt: skip
"""The pictures that a strip can be made of."""


def read_therapy(id: str, top: Reader, sources: Sources) -> Therapy:
    """One therapy. Every field of `FIELDS` must be there: with its source, or as `no source found`."""
    top.only({"therapy", "checked", "recheck_by", "plain", "also", *FIELDS})
    stated = top.need("therapy", "write the id of the therapy")
    if stated not in codes.ids("therapies"):
        raise top.fail(f"'{stated}' is no therapy; nearest: {codes.nearest('therapies', stated)}", "therapy")
    if stated != id:
        raise top.fail(f"the folder is named for {id}; it holds {stated}", "therapy")
    checked, recheck_by = read_checked(top)
    statements = {field: _halves(top, field, sources) for field in _HALVES}
    statements |= {field: tuple(_rows(top, field, sources, _statement)) for field in STATEMENTS}
    steps, step_cites = _steps(top, sources)
    return Therapy(
        id=id,
        plain=top.need("plain", "give the name a patient would use"),
        also=top.words("also"),
        checked=checked,
        recheck_by=recheck_by,
        statements=statements,
        benefits=_named(top, "benefits", sources, _benefit),
        risks=_named(top, "risks", sources, _risk),
        contraindications=tuple(_rows(top, "contraindications", sources, _contraindication)),
        steps=steps,
        step_cites=step_cites,
    )


def _none_found(top: Reader, key: str) -> bool:
    if top.node(key) is None:
        raise top.fail(f"no {key}; give it with its source, or write `{key}: {NONE_FOUND}`")
    if not isinstance(top.node(key), Scalar):
        return False
    if top.text(key) != NONE_FOUND:
        raise top.fail(f"'{top.text(key)}' has no source; give it with its source, or write `{key}: {NONE_FOUND}`", key)
    return True


def _cites(row: Reader, sources: Sources) -> tuple[Cite, ...]:
    return read_cite(row, sources), *(read_cite(other, sources) for other in row.children("also"))


def _halves(top: Reader, field: str, sources: Sources) -> tuple[Statement, ...]:
    """A field written twice: for the patient and for the clinician."""
    if _none_found(top, field):
        return ()
    row = _child(top, field)
    row.only(set(AUDIENCES))
    found = []
    for audience in AUDIENCES:
        if _none_found(row, audience):
            continue
        half = _child(row, audience)
        half.only({"says", *_CITE})
        says = half.need("says", "say it in a sentence")
        found.append(Statement(says=says, cites=_cites(half, sources), audience=audience))
    return tuple(found)


def _child(row: Reader, key: str) -> Reader:
    found = row.child(key)
    if found is None:
        raise row.fail(f"no {key}; give it with its source")
    return found


def _rows(top: Reader, field: str, sources: Sources, read: Callable[[Reader, Sources], _T]) -> Iterator[_T]:
    if _none_found(top, field):
        return
    rows = list(top.children(field))
    if not rows:
        raise top.fail(f"an empty list says nothing; write `{field}: {NONE_FOUND}`", field)
    for row in rows:
        yield read(row, sources)


def _named(top: Reader, field: str, sources: Sources, read: Callable[[str, Reader, Sources], _T]) -> tuple[_T, ...]:
    if _none_found(top, field):
        return ()
    found = tuple(read(id, row, sources) for id, row in top.named(field))
    if not found:
        raise top.fail(f"an empty mapping says nothing; write `{field}: {NONE_FOUND}`", field)
    return found


def _statement(row: Reader, sources: Sources) -> Statement:
    row.only({"says", "for", "therapies", *_CITE})
    audience: Any = row.text("for") or "clinician"
    if audience not in AUDIENCES:
        raise row.fail(f"'{audience}' is nobody's; write patient or clinician", "for")
    therapies = row.words("therapies")
    for therapy in therapies:
        known_word(row, "therapies", therapy, "therapies")
    return Statement(
        says=row.need("says", "say it in a sentence"),
        cites=_cites(row, sources),
        audience=audience,
        therapies=therapies,
    )


def _amount(row: Reader) -> Amount:
    row.only(_AMOUNT)
    of, count = row.number("of"), row.number("count")
    for key, number in (("of", of), ("count", count)):
        if number is not None and (number < 0 or number != int(number)):
            raise row.fail(f"{key} is a number of people", key)
    amount = Amount(
        percent=row.number("percent"),
        count=int(count) if count is not None else None,
        of=int(of) if of is not None else None,
        change=row.number("change"),
        unit=row.text("unit"),
        low=row.number("low"),
        high=row.number("high"),
    )
    stated = [key for key in ("percent", "count", "change") if getattr(amount, key) is not None]
    if len(stated) > 1 or not (stated or (amount.low is not None and amount.high is not None)):
        raise row.fail("give one of percent, count or change, or the range low to high")
    if amount.percent is not None and not 0 <= amount.percent <= 100:
        raise row.fail(f"{amount.percent} is no percentage", "percent")
    if amount.count is not None and (amount.of is None or amount.count > amount.of):
        raise row.fail("a count needs `of`: how many people it is of", "count")
    if amount.low is not None and amount.high is not None and amount.low > amount.high:
        raise row.fail("low is above high", "low")
    if (amount.change is not None) != (amount.unit is not None) and stated:
        raise row.fail("a change needs its unit, and a unit stands beside a change or a range alone", "unit")
    return amount


def _optional(row: Reader, key: str, remedy: str) -> str | None:
    """A text, or nothing where the file says that no source was found."""
    text = row.need(key, f"{remedy}, or write `{NONE_FOUND}`")
    return None if text == NONE_FOUND else text


def _benefit(id: str, row: Reader, sources: Sources) -> Benefit:
    row.only({"outcome", "who", "at", "treated", "compared_with", "comparison", "design", "certainty", *_CITE})
    compared_with = _optional(row, "compared_with", "say against what it was measured")
    comparison = row.child("comparison")
    if compared_with is None and comparison is not None:
        raise row.fail("a comparison without saying against what", "comparison")
    return Benefit(
        id=id,
        outcome=row.need("outcome", "say what was measured"),
        who=row.need("who", "say in whom"),
        at=_optional(row, "at", "say when after the procedure"),
        treated=_amount(_child(row, "treated")),
        compared_with=compared_with,
        comparison=_amount(comparison) if comparison is not None else None,
        design=row.need("design", "say what kind of study it was"),
        certainty=_optional(row, "certainty", "say how sure the source is, in its words"),
        cites=_cites(row, sources),
    )


def _risk(id: str, row: Reader, sources: Sources) -> Risk:
    row.only({"event", "says", "patient", "serious", "rate", "window", *_CITE})
    event = row.text("event")
    if event is not None:
        known_word(row, "events", event, "event")
    if row.text("serious") not in ("true", "false"):
        raise row.fail("`serious` is true or false", "serious")
    rate = None if _none_found(row, "rate") else _amount(_child(row, "rate"))
    return Risk(
        id=id,
        event=event,
        says=row.need("says", "name the harm for a clinician"),
        patient=row.need("patient", "name the harm in plain words"),
        serious=row.flag("serious"),
        rate=rate,
        window=_optional(row, "window", "say for how long it is looked for"),
        cites=_cites(row, sources),
    )


def _contraindication(row: Reader, sources: Sources) -> Contraindication:
    row.only({"bar", "says", *_CITE})
    bar: Any = row.need("bar", f"one of {', '.join(BARS)}")
    if bar not in BARS:
        raise row.fail(f"'{bar}' is no bar; one of {', '.join(BARS)}", "bar")
    return Contraindication(bar=bar, says=row.need("says", "say what stands against it"), cites=_cites(row, sources))


def _steps(top: Reader, sources: Sources) -> tuple[tuple[Step, ...], tuple[Cite, ...]]:
    if _none_found(top, "steps"):
        return (), ()
    row = _child(top, "steps")
    row.only({"each", *_CITE})
    steps = []
    for one in row.children("each"):
        one.only({"picture", "says"})
        picture = one.need("picture", f"one of {', '.join(PICTURES)}")
        if picture not in PICTURES:
            raise one.fail(f"there is no picture '{picture}'; one of {', '.join(PICTURES)}", "picture")
        steps.append(Step(picture=picture, says=one.need("says", "write the caption in plain words")))
    if not steps:
        raise row.fail("no steps under `each`")
    return tuple(steps), _cites(row, sources)
