"""The checklists of one case: what is asked, read aloud, watched, and asked on the telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.emit.json_values import without_empty
from levamen.emit.plan.text import wrapped
from levamen.emit.plan.words import places_of
from levamen.emit.terminal import PLAIN, Look
from levamen.emit.view import Sources
from levamen.emit.words import capital
from levamen.knowledge.registry import packaged
from levamen.pathway.checklists import (
    Item,
    call_script,
    discharge_for,
    monitoring_for,
    questions_for,
    read_aloud,
    red_flags_for,
    time_out_for,
)
from levamen.pathway.periprocedural.answers import Plan
from levamen.record import codes

FORMAT = "levamen.checklist/1"
PARTS = ("questions", "time-out", "monitoring", "discharge", "red-flags", "call-day-1", "call-week-1")


class Line(Struct, frozen=True, kw_only=True):
    """One thing to tick. `why` is the reason or who settles it, `unsure` what is not known and would decide it."""

    id: str
    text: str
    who: str = ""
    why: str = ""
    unsure: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()


class Part(Struct, frozen=True, kw_only=True):
    """One list, with what is said first."""

    id: str
    title: str
    first: str
    lines: tuple[Line, ...]


def parts_of(plan: Plan, wanted: Sequence[str] = PARTS) -> tuple[Part, ...]:
    """The lists of a case in the order of care. What is not known keeps a line, and is said."""
    return tuple(_PARTS[name](plan) for name in PARTS if name in wanted)


def _known(plan: Plan) -> Any:
    assert plan.after is not None  # noqa: S101 - every plan that is built has it
    return plan.after.known


def _line(item: Item[Any], text: str, who: str = "", why: str = "") -> Line:
    return Line(id=item.row.id, text=text, who=who, why=why, unsure=item.unsure, cites=item.row.cites)


def _questions(plan: Plan) -> Part:
    lines = [
        _line(item, item.row.nurse, "on the day" if item.row.due == "day" else "when planned", item.row.reason)
        for item in questions_for(plan.request, _known(plan))
    ]
    return Part(id="questions", title="Questions before the procedure", first="", lines=tuple(lines))


def _time_out(plan: Plan) -> Part:
    lines = [
        _line(
            item,
            item.row.text,
            f"{item.row.stage}: {', '.join(item.row.confirms)}",
            f"if it differs: {item.row.decides}",
        )
        for item in time_out_for(plan.request, _known(plan))
    ]
    return Part(id="time-out", title="Time-out", first=read_aloud(plan.request), lines=tuple(lines))


def _monitoring(plan: Plan) -> Part:
    lines = []
    for item in monitoring_for(plan.request, _known(plan)):
        row = item.row
        least, most = row.least_minutes, row.most_minutes
        length = f"{least} to {most} minutes" if most is not None else f"{least} minutes" if least is not None else ""
        reported = "reported, no rule" if row.kind == "reported" else ""
        checks = "; ".join(row.checks)
        lines.append(_line(item, row.says, ", ".join(part for part in (length, reported) if part), checks))
    return Part(id="monitoring", title="Watch after the procedure", first="", lines=tuple(lines))


def _discharge(plan: Plan) -> Part:
    lines = [_line(item, item.row.text) for item in discharge_for(plan.request, _known(plan))]
    return Part(id="discharge", title="Before the person leaves", first="", lines=tuple(lines))


def _red_flags(plan: Plan) -> Part:
    lines = [
        _line(item, item.row.symptoms, codes.label("urgencies", item.row.urgency), item.row.action)
        for item in red_flags_for(plan.request, _known(plan))
    ]
    return Part(id="red-flags", title="Red flags", first="", lines=tuple(lines))


def _call(plan: Plan, script: str, title: str) -> Part:
    found = call_script(script, plan.request, _known(plan))
    lines = [_line(item, item.row.ask) for item in found.questions]
    lines += [
        Line(id=f"no-answer-{row.attempts}", text=f"no answer after {row.attempts} calls: {row.does}", who=row.who)
        for row in found.no_answer
    ]
    return Part(id=f"call-{script}", title=title, first=found.opening, lines=tuple(lines))


_PARTS: Mapping[str, Callable[[Plan], Part]] = {
    "questions": _questions,
    "time-out": _time_out,
    "monitoring": _monitoring,
    "discharge": _discharge,
    "red-flags": _red_flags,
    "call-day-1": lambda plan: _call(plan, "day-1", "Call at 24 hours"),
    "call-week-1": lambda plan: _call(plan, "week-1", "Call at one week"),
}


def text(plan: Plan, parts: Iterable[Part], sources: Sources | None = None, *, look: Look = PLAIN) -> str:
    """The lists as text, with a box for each line."""
    known = packaged().sources if sources is None else sources
    return "\n".join(_written(plan, parts, known, look)) + "\n"


def _written(plan: Plan, parts: Iterable[Part], sources: Sources, look: Look) -> Iterator[str]:
    yield from wrapped(f"{plan.patient}: {read_aloud(plan.request)}", look)
    for part in parts:
        yield ""
        yield from wrapped(part.title, look)
        if part.first:
            yield from wrapped(part.first, look, "  ")
        for line in part.lines:
            who = f" ({line.who})" if line.who else ""
            yield from wrapped(f"[ ] {capital(line.text)}{who}", look, "  ", "      ")
            for more in (line.why, *(f"Not known: {what}" for what in line.unsure)):
                if more:
                    yield from wrapped(capital(more), look, "      ", "        ")
            if line.cites:
                yield from wrapped("; ".join(places_of(line.cites, sources)), look, "      ", "        ")


def encode(plan: Plan, parts: Iterable[Part]) -> bytes:
    """The lists as JSON: absent never null, the same input the same bytes."""
    document = {
        "format": FORMAT,
        "patient": plan.patient,
        "request": plan.request.id,
        "as_of": plan.moment,
        "knowledge": plan.knowledge,
        "parts": [
            without_empty(
                {
                    "id": part.id,
                    "title": part.title,
                    "first": part.first,
                    "lines": [_plain(line) for line in part.lines],
                }
            )
            for part in parts
        ],
    }
    return msgspec.json.encode(document)


def _plain(line: Line) -> dict[str, Any]:
    cites = [{"source": cite.source, "locator": cite.locator, "mark": cite.mark} for cite in line.cites]
    told = {
        "id": line.id,
        "text": line.text,
        "who": line.who,
        "why": line.why,
        "unsure": list(line.unsure),
        "cites": cites,
    }
    return without_empty(told)
