"""How `therapy.yaml` is read: one function a field; every refusal names file, line and remedy."""

from __future__ import annotations

from typing import Any

from levamen.criteria.nodes import Cite
from levamen.knowledge.loader import Reader, known_word, read_checked
from levamen.knowledge.sourced import (
    CITE,
    Sources,
    child_of,
    cites_of,
    halves,
    named_of,
    none_found,
    optional,
    rows_of,
    statement,
)
from levamen.knowledge.therapies.rows import (
    BARS,
    FIELDS,
    STATEMENTS,
    Amount,
    Benefit,
    Contraindication,
    Risk,
    Step,
    Therapy,
)
from levamen.record import codes

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
    statements = {field: halves(top, field, sources) for field in _HALVES}
    statements |= {field: tuple(rows_of(top, field, sources, statement)) for field in STATEMENTS}
    steps, step_cites = _steps(top, sources)
    return Therapy(
        id=id,
        plain=top.need("plain", "give the name a patient would use"),
        also=top.words("also"),
        checked=checked,
        recheck_by=recheck_by,
        statements=statements,
        benefits=named_of(top, "benefits", sources, _benefit),
        risks=named_of(top, "risks", sources, _risk),
        contraindications=tuple(rows_of(top, "contraindications", sources, _contraindication)),
        steps=steps,
        step_cites=step_cites,
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


def _benefit(id: str, row: Reader, sources: Sources) -> Benefit:
    row.only({"outcome", "who", "at", "treated", "compared_with", "comparison", "design", "certainty", *CITE})
    compared_with = optional(row, "compared_with", "say against what it was measured")
    comparison = row.child("comparison")
    if compared_with is None and comparison is not None:
        raise row.fail("a comparison without saying against what", "comparison")
    return Benefit(
        id=id,
        outcome=row.need("outcome", "say what was measured"),
        who=row.need("who", "say in whom"),
        at=optional(row, "at", "say when after the procedure"),
        treated=_amount(child_of(row, "treated")),
        compared_with=compared_with,
        comparison=_amount(comparison) if comparison is not None else None,
        design=row.need("design", "say what kind of study it was"),
        certainty=optional(row, "certainty", "say how sure the source is, in its words"),
        cites=cites_of(row, sources),
    )


def _risk(id: str, row: Reader, sources: Sources) -> Risk:
    row.only({"event", "says", "patient", "serious", "rate", "window", *CITE})
    event = row.text("event")
    if event is not None:
        known_word(row, "events", event, "event")
    if row.text("serious") not in ("true", "false"):
        raise row.fail("`serious` is true or false", "serious")
    rate = None if none_found(row, "rate") else _amount(child_of(row, "rate"))
    return Risk(
        id=id,
        event=event,
        says=row.need("says", "name the harm for a clinician"),
        patient=row.need("patient", "name the harm in plain words"),
        serious=row.flag("serious"),
        rate=rate,
        window=optional(row, "window", "say for how long it is looked for"),
        cites=cites_of(row, sources),
    )


def _contraindication(row: Reader, sources: Sources) -> Contraindication:
    row.only({"bar", "says", *CITE})
    bar: Any = row.need("bar", f"one of {', '.join(BARS)}")
    if bar not in BARS:
        raise row.fail(f"'{bar}' is no bar; one of {', '.join(BARS)}", "bar")
    return Contraindication(bar=bar, says=row.need("says", "say what stands against it"), cites=cites_of(row, sources))


def _steps(top: Reader, sources: Sources) -> tuple[tuple[Step, ...], tuple[Cite, ...]]:
    if none_found(top, "steps"):
        return (), ()
    row = child_of(top, "steps")
    row.only({"each", *CITE})
    steps = []
    for one in row.children("each"):
        one.only({"picture", "says"})
        picture = one.need("picture", f"one of {', '.join(PICTURES)}")
        if picture not in PICTURES:
            raise one.fail(f"there is no picture '{picture}'; one of {', '.join(PICTURES)}", "picture")
        steps.append(Step(picture=picture, says=one.need("says", "write the caption in plain words")))
    if not steps:
        raise row.fail("no steps under `each`")
    return tuple(steps), cites_of(row, sources)
