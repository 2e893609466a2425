"""How the order of care is read; every refusal names file, line and remedy."""

from __future__ import annotations

from typing import Any

from levamen.knowledge.loader import Reader, known_word, read_checked
from levamen.knowledge.order_of_care.rows import LATER, LOOKS, Departure, Rung, Sign
from levamen.knowledge.sourced import CITE, Sources, cites_of, rows_of, voice, words_of
from levamen.record import codes

_RUNG = {"title", "short", "content", "enter", "leave", "therapies", "looks_at", "before", "stands_in", "voices", *CITE}
_DEPARTURE = {
    "title",
    "says",
    "therapies",
    "regions",
    "holds_with",
    "may_hold_with",
    "ruled_out_by",
    "decided_by",
    *CITE,
}
_SIGN = {
    "problems": "conditions",
    "findings": "findings",
    "mechanisms": "pain_mechanisms",
    "patterns": "pain_patterns",
    "questions": "questions",
}
_RULED_OUT = ("question", "problems", "never")
_DECIDED = ("record", "governing-policy")


def read_rungs(top: Reader, sources: Sources) -> tuple[tuple[Rung, ...], frozenset[str]]:
    """The steps, and the therapies that the order leaves out. Every therapy stands in one place."""
    top.only({"checked", "recheck_by", "rungs", "not_placed"})
    read_checked(top)
    rungs = tuple(_rung(int(name), row, sources) for name, row in _numbered(top))
    not_placed = words_of(top, "not_placed", "therapies")
    placed = [therapy for rung in rungs for therapy in sorted(rung.therapies)] + list(not_placed)
    for therapy in codes.ids("therapies"):
        if placed.count(therapy) != 1:
            raise top.fail(f"{therapy} stands in {placed.count(therapy)} places; give it one step or `not_placed`")
    return rungs, frozenset(not_placed)


def _numbered(top: Reader) -> list[tuple[str, Reader]]:
    rows = list(top.named("rungs"))
    if [name for name, _ in rows] != [str(index) for index in range(len(rows))] or not rows:
        raise top.fail("the steps are numbered 0, 1, 2 … in their order", "rungs")
    return rows


def _rung(number: int, row: Reader, sources: Sources) -> Rung:
    row.only(_RUNG)
    therapies = row.words("therapies")
    for word in therapies:
        if word not in codes.ids("drug_classes"):
            known_word(row, "therapies", word, "therapies")
    looks = row.words("looks_at")
    for word in looks:
        if word not in LOOKS:
            raise row.fail(f"'{word}' is nothing that is looked at; one of {', '.join(LOOKS)}", "looks_at")
    before = row.words("before")
    for word in before:
        if word != LATER:
            known_word(row, "therapies", word, "before")
    stands_in = row.text("stands_in")
    if stands_in is not None and not (stands_in.isdigit() and int(stands_in) > number):
        raise row.fail(f"'{stands_in}' is no later step", "stands_in")
    return Rung(
        number=number,
        title=row.need("title", "name the step"),
        short=row.need("short", "name it in a word or two, as a note says it"),
        content=row.need("content", "say what belongs to it"),
        enter=row.need("enter", "say when it begins"),
        leave=row.need("leave", "say when the next one follows"),
        therapies=frozenset(therapies),
        looks_at=looks,
        before=frozenset(before),
        stands_in=int(stands_in) if stands_in is not None else None,
        cites=cites_of(row, sources),
        voices=tuple(rows_of(row, "voices", sources, voice)),
    )


def read_exceptions(top: Reader, sources: Sources) -> tuple[Departure, ...]:
    """What leaves the order, by id."""
    top.only({"checked", "recheck_by", "exceptions"})
    read_checked(top)
    found = tuple(_departure(id, row, sources) for id, row in top.named("exceptions"))
    if not found:
        raise top.fail("an order without exceptions is a staircase; give them", "exceptions")
    return found


def _departure(id: str, row: Reader, sources: Sources) -> Departure:
    row.only(_DEPARTURE)
    ruled_out: Any = row.text("ruled_out_by") or "never"
    if ruled_out not in _RULED_OUT:
        raise row.fail(f"'{ruled_out}' rules nothing out; one of {', '.join(_RULED_OUT)}", "ruled_out_by")
    decided: Any = row.text("decided_by") or "record"
    if decided not in _DECIDED:
        raise row.fail(f"'{decided}' decides nothing; one of {', '.join(_DECIDED)}", "decided_by")
    holds = _sign(row, "holds_with")
    if ruled_out == "question" and not holds.questions:
        raise row.fail("ruled out by a question, and no question under `holds_with`", "ruled_out_by")
    return Departure(
        id=id,
        title=row.need("title", "name it as a note says it"),
        says=row.need("says", "say what the source says"),
        therapies=frozenset(words_of(row, "therapies", "therapies")),
        regions=frozenset(words_of(row, "regions", "regions")),
        holds_with=holds,
        may_hold_with=_sign(row, "may_hold_with"),
        ruled_out_by=ruled_out,
        decided_by=decided,
        cites=cites_of(row, sources),
    )


def _sign(row: Reader, key: str) -> Sign:
    child = row.child(key)
    if child is None:
        return Sign()
    child.only(set(_SIGN))
    return Sign(**{name: frozenset(words_of(child, name, section)) for name, section in _SIGN.items()})
