"""The library's answers on a response as the pages show them: words without ids, values with their sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from follow_up.dues import named
from levamen.criteria.nodes import Cite
from levamen.derive.periods import number, shown
from levamen.emit.response_words import END_WORDS, criterion_words, lapse_words, mme_words
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.registry import packaged
from levamen.outcomes.answer import Answer, percent
from levamen.outcomes.measured import best, last
from levamen.outcomes.responder import VisitResult
from levamen.pathway.response import ProcedureResponse
from levamen.record import codes
from levamen.record.timeline import Interval

_ID = re.compile(r" \((?:[A-Z]{1,2}-\d+(?:, )?)+\)")
_SOURCE = re.compile(r"\(([A-Z][A-Z0-9.-]+)\)")
CHIPS = {"yes": ("met", "Yes"), "no": ("not_met", "No"), "unknown": ("unknown", "Unknown")}


class Origin(Struct, frozen=True):
    """Where a value stands: title of the source, place in it, and whether it awaits confirmation."""

    title: str
    locator: str
    unverified: bool


class Line(Struct, frozen=True, kw_only=True):
    """One answer: `chip` and its word, what is answered, why, and where the value stands."""

    chip: str
    word: str
    what: str
    why: str = ""
    cites: tuple[Origin, ...] = ()


class VisitLine(Struct, frozen=True, kw_only=True):
    """One visit: what was found, or what is still to be asked."""

    id: str
    title: str
    due: str
    first: str
    last: str
    state: str
    relief: str
    levels: tuple[Line, ...]
    changes: tuple[str, ...]
    composite: tuple[Line, ...]
    wanted: tuple[str, ...]
    cites: tuple[Origin, ...]


def origins(cites: Iterable[Cite]) -> tuple[Origin, ...]:
    """Sources by their titles, each once."""
    found = []
    for cite in dict.fromkeys(cites):
        source = packaged().sources.get(cite.source)
        title = "No source found" if cite.source == "NO-SOURCE" else source.title if source else cite.source
        found.append(Origin(title, cite.locator, cite.mark == "unverified"))
    return tuple(found)


def plain(text: str) -> str:
    """A sentence with dates written out and without the ids of entries."""
    return capital(dates_in_words(_SOURCE.sub(_source_title, _ID.sub("", text))))


def _source_title(found: re.Match[str]) -> str:
    source = packaged().sources.get(found[1])
    return f"({source.title})" if source is not None else found[0]


def line(answer: Answer) -> Line:
    """An answer of the library."""
    chip, word = CHIPS[answer.word]
    return Line(
        chip=chip,
        word=word,
        what=capital(criterion_words(answer)),
        why=plain(answer.reason) if answer.reason else "",
        cites=origins(answer.cites),
    )


def first_sentence(one: ProcedureResponse) -> str:
    """The answer in one sentence: how much relief decides, and how long it held."""
    if not one.rows and one.deciding is None:
        return "Relief was not measured yet."
    if one.role == "test":
        return f"Best relief {relief_words(one.deciding)}."
    if one.role == "treatment":
        half = next((held for held in one.held if held.level == 50), None)
        lasted = f" {plain(lapse_words(half))}." if half is not None and half.state != "not measured" else ""
        return f"Relief at the last score {relief_words(last(one.rows))}.{lasted}"
    return (
        "Whether it was a test or a treatment is not recorded: "
        f"best relief {relief_words(best(one.rows))}, last {relief_words(last(one.rows))}."
    )


def relief_words(value: Interval | None) -> str:
    """`not measured`, or the per cent; never rounded up to a threshold."""
    return "not measured" if value is None else percent(value)


def rules(one: ProcedureResponse) -> list[Line]:
    """What each authority's own rule says of it, side by side."""
    return [
        Line(
            chip=rule.status,
            word="",
            what=rule.title,
            why="; ".join(
                part for part in (*rule.asked, plain(rule.reason) if rule.reason else "", *_judged(rule.judged)) if part
            ),
            cites=origins(limit.cite for limit in rule.limits),
        )
        for rule in one.rules
    ]


def _judged(judged: Sequence[str]) -> Iterable[str]:
    if judged:
        yield f"also asks that {', '.join(judged)}: a clinician judges"


def expected_lines(one: ProcedureResponse) -> list[tuple[str, str, str, tuple[Origin, ...]]]:
    """What each source led to expect of the duration, of whom, and how what was seen stands to it."""
    return [
        (
            capital(row.row.says.says),
            f"{row.row.denominator}; compared with {row.row.comparator}",
            capital(row.compared),
            origins(row.row.says.cites),
        )
        for row in one.expected
    ]


def held_lines(one: ProcedureResponse) -> list[str]:
    """How long each level held, and what ended the watch."""
    found = [plain(lapse_words(held)) for held in one.held]
    for end in one.watch:
        found.append(plain(f"watch {'' if end.sure else 'perhaps '}ended by {END_WORDS[end.kind]} on {end.day}"))
    return found


def harm_lines(one: ProcedureResponse) -> list[tuple[str, str, str, str]]:
    """Complications: what, how bad, when, and how it was found."""
    found = [
        (
            codes.title(event.kind or ""),
            capital(codes.label("severities", event.severity)) if event.severity else "Severity not recorded",
            dates_in_words(str(event.date)) if event.date is not None else "Day not recorded",
            capital(codes.label("ascertainments", event.ascertainment)) if event.ascertainment else "Not recorded",
        )
        for event in one.harms
    ]
    return found + [
        (codes.title(kind), "Severity not recorded", "At the procedure", "Written with the procedure")
        for kind in one.procedure.complications
    ]


def visit_lines(one: ProcedureResponse, wanted: dict[str, list[str]]) -> list[VisitLine]:
    """The visits in their order."""
    return [_visit(result, wanted.get(result.visit.visit.id, [])) for result in one.visits]


_STATES = {"not due": "Not due yet", "open": "Open now", "past": "Passed", "ended": "Watch ended"}


def _visit(result: VisitResult, wanted: list[str]) -> VisitLine:
    visit = result.visit
    changes = []
    for row in result.function:
        name = codes.label("instruments", row.instrument)
        if row.points is None or row.before is None or row.after is None:
            changes.append(f"{name}: {row.reason}")
        else:
            important = ", ".join(f"{one.change.says}: {CHIPS[one.word][1].lower()}" for one in row.answers)
            changes.append(
                f"{name} {shown(row.before)} to {shown(row.after)}, {shown(row.points)} points better"
                + (f" (important change {important})" if important else "")
            )
    if result.opioid is not None and visit.state in ("open", "past"):
        changes.append(mme_words(result.opioid))
    return VisitLine(
        id=visit.visit.id,
        title=capital(visit.visit.says.says),
        due=visit.due.isoformat(),
        first=visit.first.isoformat(),
        last=visit.last.isoformat(),
        state=_STATES[visit.state],
        relief=relief_words(result.pain),
        levels=tuple(map(line, result.levels)) if result.pain is not None else (),
        changes=tuple(changes)
        if result.pain is not None or any(row.points is not None for row in result.function)
        else (),
        composite=tuple(map(line, result.composite)) if result.pain is not None else (),
        wanted=tuple(wanted),
        cites=origins(visit.visit.says.cites),
    )


def title(one: ProcedureResponse) -> str:
    """What was done, without its id."""
    return named(one.procedure)


def number_words(value: Fraction | None) -> str:
    """A number as it is written; empty where there is none."""
    return number(value) if value is not None else ""
