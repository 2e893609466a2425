"""How the rows of the checklists are read: one function a table; every refusal names file, line and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.agents import one_of
from levamen.knowledge.checklist_rows import (
    ANCHORS,
    ANSWERS,
    ASPECTS,
    CONFIRMERS,
    EFFECTS,
    FILLED_FROM,
    NO_SOURCE,
    STAGES,
    Answer,
    DischargeItem,
    EventRow,
    GuidanceRow,
    Moment,
    Monitoring,
    Question,
    Rate,
    RedFlag,
    TimeOutItem,
    Value,
    Window,
)
from levamen.knowledge.loader import Reader, known_word, read_cite
from levamen.knowledge.model import Source
from levamen.knowledge.selectors import read_applies
from levamen.record import codes
from levamen.record.timeline import Duration, DurationUnit

_UNITS: tuple[DurationUnit, ...] = ("hours", "days", "weeks", "months")
CITE = {"source", "locator", "mark", "also"}
ROW = {"applies", *CITE}


class Book(Struct, frozen=True, kw_only=True):
    """What every table is read with."""

    sources: Mapping[str, Source]
    groups: Mapping[str, frozenset[str]] = {}
    checked: date = date.min

    def cites(self, row: Reader) -> tuple[Cite, ...]:
        return read_cite(row, self.sources), *(read_cite(other, self.sources) for other in row.children("also"))

    def row(self, id: str, row: Reader) -> dict[str, Any]:
        applies = read_applies(row, self.groups)
        return {"id": id, "applies": applies, "cites": self.cites(row), "checked": self.checked}


def _some_of(row: Reader, key: str, words: tuple[str, ...]) -> tuple[str, ...]:
    found = row.words(key)
    if not found:
        raise row.fail(f"no {key}; one or more of {', '.join(words)}")
    for word in found:
        if word not in words:
            raise row.fail(f"'{word}' is no {key}; one of {', '.join(words)}", key)
    return found


def word_of(row: Reader, key: str, section: str) -> str:
    word = row.need(key, f"name one of {section} of the vocabulary")
    known_word(row, section, word, key)
    return word


def _stated(row: Reader, key: str) -> str | None:
    """A text, or none where the file states that no source was found. Saying nothing is refused."""
    text = row.need(key, f"say it, or write `{NO_SOURCE}`")
    return None if text == NO_SOURCE else text


def _minutes(row: Reader, key: str) -> int | None:
    child = row.child(key)
    if child is None:
        return None
    child.only({"minutes", "hours"})
    given = [(child.number(unit), factor) for unit, factor in (("minutes", 1), ("hours", 60)) if child.node(unit)]
    if len(given) != 1:
        raise row.fail(f"{key} is one of minutes and hours", key)
    amount, factor = given[0]
    if amount is None or amount < 1 or amount != int(amount):
        raise row.fail(f"{key} is a whole number, at least 1", key)
    return int(amount) * factor


def duration(row: Reader) -> Duration:
    """The length of time of a mapping: one of hours, days, weeks or months."""
    given: list[DurationUnit] = [unit for unit in _UNITS if row.node(unit) is not None]
    if len(given) != 1:
        raise row.fail(f"a length of time is one of {', '.join(_UNITS)}")
    amount = row.number(given[0])
    if amount is None or amount < 0 or amount != int(amount):
        raise row.fail("a length of time is a whole number, not negative", given[0])
    return Duration(amount, given[0])


def _moment(row: Reader) -> Moment:
    row.only({"after", *_UNITS})
    anchor = one_of(row, "after", ANCHORS)
    return Moment(anchor=anchor, offset=None if anchor == "any-time" else duration(row))


def _window(row: Reader) -> Window:
    window = row.child("window")
    if window is None:
        raise row.fail("no window; say from when to when it is looked for")
    window.only({"start", "end"})
    start, end = window.child("start"), window.child("end")
    if start is None:
        raise window.fail("no start; say from when it is looked for")
    return Window(start=_moment(start), end=None if end is None else _moment(end))


def question(id: str, row: Reader, book: Book) -> Question:
    row.only({"patient", "nurse", "reason", "answers", "values", "care_only", *ROW})
    known_word(row, "questions", id, "rows")
    patient = row.child("patient")
    if patient is None:
        raise row.fail("no patient; write `ask` and `because` in plain words")
    patient.only({"ask", "because"})
    safety = not row.flag("care_only")
    answers = []
    for given, answer in row.named("answers"):
        answer.only({"effect", "says"})
        if given not in ANSWERS:
            raise answer.fail(f"'{given}' is no answer; one of {', '.join(ANSWERS)}")
        effect = one_of(answer, "effect", EFFECTS)
        if given == "unknown" and safety and effect != "stop-and-ask":
            raise answer.fail("in safety, unknown stops: write stop-and-ask, or mark the question care_only", "effect")
        answers.append(Answer(given=given, effect=effect, says=answer.need("says", "say what the answer changes")))
    if len(answers) < 2 or all(answer.given != "unknown" for answer in answers):
        raise row.fail("answers name at least one given answer and `unknown`, each with its effect", "answers")
    return Question(
        **book.row(id, row),
        due=str(codes.entry("questions", id)["due"]),
        safety=safety,
        ask=patient.need("ask", "write the question in plain words"),
        because=patient.need("because", "write in plain words why it is asked"),
        nurse=row.need("nurse", "write what the nurse asks or looks up"),
        reason=row.need("reason", "write why it is asked"),
        answers=tuple(answers),
        values=tuple(
            Value(says=value.need("says", "say the value"), cite=read_cite(value, book.sources))
            for value in row.children("values")
        ),
    )


def time_out(id: str, row: Reader, book: Book) -> TimeOutItem:
    row.only({"stage", "text", "filled_from", "confirms", "decides", *ROW})
    return TimeOutItem(
        **book.row(id, row),
        stage=one_of(row, "stage", STAGES),
        text=row.need("text", "write the sentence that is read aloud"),
        filled_from=_some_of(row, "filled_from", FILLED_FROM),
        confirms=_some_of(row, "confirms", CONFIRMERS),
        decides=one_of(row, "decides", CONFIRMERS),
    )


def monitoring(id: str, row: Reader, book: Book) -> Monitoring:
    row.only({"kind", "says", "least", "most", "checks", "every", "when", *ROW})
    least, most = _minutes(row, "least"), _minutes(row, "most")
    if most is not None and (least is None or most <= least):
        raise row.fail("most is longer than least", "most")
    return Monitoring(
        **book.row(id, row),
        kind=one_of(row, "kind", ("rule", "reported")),
        says=row.need("says", "say what is watched"),
        least_minutes=least,
        most_minutes=most,
        checks=row.words("checks"),
        every=_stated(row, "every"),
        when=row.text("when"),
    )


def discharge(id: str, row: Reader, book: Book) -> DischargeItem:
    row.only({"text", "override", *ROW})
    return DischargeItem(
        **book.row(id, row),
        text=row.need("text", "say what must hold"),
        override=one_of(row, "override", ("never", "with-reason")),
    )


def red_flag(id: str, row: Reader, book: Book) -> RedFlag:
    row.only({"flag", "urgency", "window", "symptoms", "patient", "action", *ROW})
    return RedFlag(
        **book.row(id, row),
        flag=word_of(row, "flag", "flags"),
        urgency=word_of(row, "urgency", "urgencies"),
        window=_window(row),
        symptoms=row.need("symptoms", "write the signs for the clinician"),
        patient=row.need("patient", "write the signs in plain words"),
        action=row.need("action", "write what is done"),
    )


def event(id: str, row: Reader, book: Book) -> EventRow:
    row.only({"window", "phases", "action", "expected", "rates", *ROW})
    event = id.split("--")[0]
    known_word(row, "events", event, "rows")
    entry = codes.entry("events", event)
    for phase in row.words("phases"):
        known_word(row, "procedure_phases", phase, "phases")
    if not row.words("phases"):
        raise row.fail("no phases; name when around the procedure it happens")
    rates = tuple(_rate(rate, book) for rate in row.children("rates"))
    if len({(rate.value, rate.unit, rate.population, rate.cite.source) for rate in rates}) != len(rates):
        raise row.fail("the same rate stands twice; keep one", "rates")
    return EventRow(
        **book.row(id, row),
        window=_usual(entry) if row.node("window") is None else _window(row),
        phases=row.words("phases"),
        never_event=bool(entry.get("never_event", False)),
        action=_stated(row, "action"),
        expected=row.flag("expected"),
        rates=rates,
    )


def _usual(entry: Mapping[str, Any]) -> Window:
    """The window of the vocabulary, for an event of which no source gives another."""
    start, end = (Duration(Decimal(days), "days") for days in (0, int(entry["window_days"])))
    return Window(start=Moment(anchor="procedure", offset=start), end=Moment(anchor="procedure", offset=end))


def _rate(row: Reader, book: Book) -> Rate:
    row.only({"value", "unit", "population", "denominator", "ascertainment", "source", "locator", "mark"})
    denominator = row.number("denominator")
    if denominator is not None and (denominator < 1 or denominator != int(denominator)):
        raise row.fail("a denominator is a whole number of people or procedures, at least 1", "denominator")
    return Rate(
        value=row.need("value", "write the rate as the source gives it"),
        unit=row.need("unit", "write its unit, such as % or events"),
        population=row.need("population", "say among whom or after what"),
        denominator=None if denominator is None else int(denominator),
        ascertainment=None if row.node("ascertainment") is None else word_of(row, "ascertainment", "ascertainments"),
        cite=read_cite(row, book.sources),
    )


def guidance(id: str, row: Reader, book: Book) -> GuidanceRow:
    row.only({"aspect", "says", "accepts", "cautions", "refuses", *ROW})
    aspect = one_of(row, "aspect", tuple(ASPECTS))
    words = {key: frozenset(row.words(key)) for key in ("accepts", "cautions", "refuses")}
    for key, found in words.items():
        for word in sorted(found):
            known_word(row, ASPECTS[aspect] or "answers", word, key)
    if aspect != "technique" and not any(words.values()):
        raise row.fail("no accepts, cautions or refuses; name the words that meet or fail it")
    if sum(map(len, words.values())) != len(frozenset().union(*words.values())):
        raise row.fail("one word stands in two of accepts, cautions and refuses; keep one")
    return GuidanceRow(
        **book.row(id, row),
        aspect=aspect,
        says=row.need("says", "say what the source requires"),
        accepts=words["accepts"],
        cautions=words["cautions"],
        refuses=words["refuses"],
    )


def hours(length: Duration) -> Decimal:
    """A length of time in hours at its shortest: a month is taken as 28 days, to order windows, never to date them."""
    return length.amount * {"hours": 1, "days": 24, "weeks": 168, "months": 672}.get(length.unit, 8760)
