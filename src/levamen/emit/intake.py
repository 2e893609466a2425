"""The intake sheet as a page: the pain, its severity, what was tried, goals, barriers, and what is still to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from levamen.adapters.balance import Reading
from levamen.criteria.nodes import Cite
from levamen.derive.periods import number
from levamen.derive.periods import shown as interval
from levamen.derive.scores import shown
from levamen.derive.tried import Tried
from levamen.emit.reading import unread_words
from levamen.emit.terminal import PLAIN, Look, balance_line
from levamen.emit.view import Sources
from levamen.emit.words import capital, dates_in_words
from levamen.emit.writer import Writer
from levamen.knowledge.intake import packaged_rules
from levamen.knowledge.intake.rows import Needed
from levamen.pathway.goals import GoalView
from levamen.pathway.headline import day_words
from levamen.pathway.intake import IntakeSheet, PainView
from levamen.pathway.intake_answers import FieldAnswer
from levamen.pathway.severity import Impact, Severity
from levamen.record import codes
from levamen.record.timeline import When, month_of

NEEDED_WORDS: dict[Needed, str] = {
    "referral": "Still to ask at referral",
    "first-visit": "Still to ask at the first visit",
    "each-visit": "To ask again at this visit",
}
MOST_DAYS_WORDS = {True: "on at least half of the days", False: "on fewer than half of the days", None: None}
GOAL_WORDS = {
    "reached": ("met", "Reached"),
    "not-yet": ("not_yet", "Not yet"),
    "past-date": ("not_met", "Not reached, and the day has passed"),
    "cannot-tell": ("unknown", "Cannot tell"),
    "in-words": ("silent", "In words"),
}
_SHOWN_APART = ("where", "when", "what-like", "better-worse", "prior-therapies", "each-therapy", "goals", "each-goal")
"""Groups whose answers stand in the sections on the pain, on what was tried and on the goals."""


def page(found: IntakeSheet, reading: Reading, sources: Sources | None = None, *, look: Look = PLAIN) -> str:
    """The page of one record. `sources`: absent, the packaged ones."""
    return "\n".join(_Page(found, reading, sources, look).lines()) + "\n"


def when_words(when: When | None) -> str:
    """`2 Mar 2026`, `Mar 2026`, `2026`; what is not exact stays so."""
    if when is None:
        return ""
    if when.exact:
        return day_words(when.first)
    if when == month_of(when.first.year, when.first.month):
        return when.first.strftime("%b %Y")
    return str(when)


class _Page(Writer):
    """One page being written."""

    def __init__(self, found: IntakeSheet, reading: Reading, sources: Sources | None, look: Look) -> None:
        super().__init__(sources, look)
        self.found, self.reading = found, reading

    def lines(self) -> Iterator[str]:
        yield from self.title(f"{self.found.record.id}: intake as known {day_words(self.found.as_of)}")
        yield from self.pain()
        yield from self.severity()
        yield from self.tried()
        yield from self.goals()
        yield from self.said()
        yield from self.screening()
        for needed, words in NEEDED_WORDS.items():
            yield from self.to_ask(words, self.found.to_ask(needed))
        yield ""
        if unread := unread_words(self.reading.balance, "this sheet"):
            yield from self.wrapped(f"{unread}; levamen chart validate says why.")
        yield from self.wrapped(balance_line(self.reading.balance))
        yield from self.wrapped(f"Form last checked against its sources {day_words(self.found.form.checked)}.")
        yield from self.heading("Sources")
        yield from self.cited()

    def pain(self) -> Iterator[str]:
        yield from self.heading("Pain")
        if not self.found.pains:
            yield from self.wrapped("None is recorded. That is not the same as no pain.", "  ")
        for view in self.found.pains:
            yield from self.wrapped(f"{capital(view.title)}: {self.pain_words(view)}", "  - ", "    ")
            for row in view.lasting:
                reason = f" ({row.reason})" if row.reason else ""
                words = f"{capital(row.rule.says)}: {row.state}{reason} {self.cites(row.rule.cites)}"
                yield from self.wrapped(dates_in_words(words), "      ", "        ")
            for code in view.codes:
                yield from self.wrapped(f"{code.code} {code.title} {self.cites(code.cites)}", "      ", "        ")
        for answer in self.found.of_group("when"):
            if answer.about is None and answer.status == "answered":
                yield from self.wrapped(f"{capital(answer.field.ask)}: {answer.text}.", "  - ", "    ")

    def pain_words(self, view: PainView) -> str:
        pain = view.pain
        parts = [
            f"since {when_words(pain.since)}" if pain.since is not None else None,
            f"began: {codes.label('pain_onsets', pain.onset)}" if pain.onset is not None else None,
            codes.label("pain_courses", pain.course) if pain.course is not None else None,
            MOST_DAYS_WORDS[pain.most_days],
            self.listed("pain_qualities", pain.qualities),
            self.listed("pain_influences", pain.worse_with, "worse with "),
            self.listed("pain_influences", pain.better_with, "better with "),
        ]
        return "; ".join(part for part in parts if part) or "nothing more is recorded"

    def listed(self, section: str, words: Iterable[str], before: str = "") -> str | None:
        names = [codes.label(section, word) for word in codes.ids(section) if word in set(words)]
        return f"{before}{', '.join(names)}" if names else None

    def severity(self) -> Iterator[str]:
        yield from self.heading("How severe")
        if not self.found.severity:
            yield from self.wrapped(
                "The three ratings (intensity, distress, interference) are not asked.", "  ", "    "
            )
        for row in self.found.severity:
            yield from self.wrapped(self.ratings(row), "  - ", "    ")
        for impact in self.found.impact:
            yield from self.wrapped(self.impact(impact), "  - ", "    ")
        for answer in self.found.of_group("how-strong"):
            if answer.field.kind != "instrument" and answer.status in ("answered", "stale"):
                of = f" ({answer.about_title})" if answer.about_title and len(self.found.pains) > 1 else ""
                when = f", {when_words(answer.date)}" if answer.date is not None else ""
                words = f"{capital(answer.field.ask)}{of}: {answer.text} of 10{when} {self.cites(answer.field.cites)}"
                yield from self.wrapped(words, "  - ", "    ")

    def ratings(self, row: Severity) -> str:
        told = [
            f"{rating.name} {rating.answer:f}, code {rating.code} {rating.label}"
            if rating.answer is not None
            else f"{rating.name} not known ({rating.reason})"
            for rating in row.ratings
        ]
        return f"ICD-11 ratings{self.of(row.pain, row.date)}: {'; '.join(told)} {self.cites(row.cites)}"

    def impact(self, row: Impact) -> str:
        start = f"NIH impact score{self.of(row.pain, row.date)}: "
        if row.value is None:
            return f"{start}not known ({row.reason}) {self.cites(row.cites)}"
        bands = [f"{band.label} {self.cites(band.cites)}" for band in row.bands]
        told = f"; {'; '.join(bands)}" if bands else ""
        return f"{start}{shown(row.value)} on a scale of {row.low} to {row.high} {self.cites(row.cites)}{told}"

    def of(self, pain: str | None, day: When | None) -> str:
        titles = {view.pain.id: view.title for view in self.found.pains}
        parts = [titles.get(pain, "another pain") if pain is not None else None, when_words(day) or None]
        said = [part for part in parts if part]
        return f" ({', '.join(said)})" if said else ""

    def tried(self) -> Iterator[str]:
        yield from self.heading("What was tried")
        if not self.found.tried.rows:
            yield from self.wrapped("Nothing is recorded.", "  ")
        for row in self.found.tried.rows:
            yield from self.wrapped(f"{row.label}{self.course(row)}", "  - ", "    ")
        for answer in self.found.of_group("prior-therapies"):
            if answer.status == "unknown" or answer.value == ("none",):
                text = answer.reason or answer.text
                words = f"{capital(answer.field.ask)}: {text} {self.cites(answer.field.cites)}"
                yield from self.wrapped(words, "  - ", "    ")
        yield from self.wrapped("What does not stand here is not known to be untried.", "  ", "    ")

    def course(self, row: Tried) -> str:
        """When, how much, with what result, why it ended, and whether the record has all of its kind."""
        place = [codes.label("regions", row.region) if row.region else None]
        place += [codes.label("sides", row.side) if row.side else None]
        where = " ".join(part for part in place if part)
        parts = [self.span(row), row.dose, f"{row.sessions} sessions" if row.sessions is not None else None]
        if row.aborted:
            parts.append("broken off: it may not have been given")
        elif not row.certain:
            parts.append("perhaps only planned")
        if row.kind == "procedure":
            parts += list(self.relief(row))
        else:
            parts.append(f"result: {codes.label('responses', row.response)}" if row.response else "result not recorded")
            parts.append(codes.label("helped", row.helped) if row.helped else None)
            parts.append(f"ended: {codes.label('stop_reasons', row.stopped_because)}" if row.stopped_because else None)
        if row.closed is not None:
            parts.append(f"the record has all of it since {day_words(row.closed)}")
        return f"{f' ({where})' if where else ''}: {'; '.join(part for part in parts if part)}"

    def span(self, row: Tried) -> str:
        if row.kind == "procedure":
            return when_words(row.start) or "day not recorded"
        start = when_words(row.start) or "start not recorded"
        if row.going_on:
            return f"{start}, still going on as recorded"
        return f"{start} to {when_words(row.end) or 'a day not recorded'}"

    def relief(self, row: Tried) -> Iterator[str]:
        if row.best is None:
            yield "relief not recorded"
        else:
            yield f"best relief {interval(row.best)} %"
            last = f"{interval(row.last)} %" if row.last is not None else "no value"
            yield f"last measured {when_words(row.last_measured)}: {last}"
        if row.relief_ended is not None:
            after = f", {row.lasted} after" if row.lasted is not None else ""
            yield f"relief ended {when_words(row.relief_ended)}{after}"

    def goals(self) -> Iterator[str]:
        yield from self.heading("Goals")
        if not self.found.goals:
            yield from self.wrapped("None is recorded.", "  ")
        for view in self.found.goals:
            yield from self.wrapped(self.goal(view), "  ", "    ")

    def goal(self, view: GoalView) -> str:
        goal = view.goal
        sign, word = GOAL_WORDS[view.progress]
        aim = [codes.title(goal.measure) if goal.measure else None]
        aim += [f"target {self.plain(goal.target)}" if goal.target is not None else None]
        aim += [f"by {when_words(goal.by)}" if goal.by is not None else None]
        aimed = ", ".join(part for part in aim if part)
        now = f"now {number(view.value)}" if view.value is not None else None
        parts = [now, f"measured {when_words(view.date)}" if view.date is not None else None, view.reason]
        told = "; ".join(part for part in parts if part)
        text = goal.text or "A goal without words"
        return f"{self.sign(sign)} {word}: {text}{f' ({aimed})' if aimed else ''}{f'; {told}' if told else ''}."

    def plain(self, target: object) -> str:
        return f"{target:f}" if not isinstance(target, str) else target

    def said(self) -> Iterator[str]:
        """What was answered in every other group."""
        for group in self.found.form.groups:
            if group.id in (*_SHOWN_APART, "how-strong", "mood-and-sleep"):
                continue
            known = [a for a in self.found.of_group(group.id) if a.status in ("answered", "stale", "unknown")]
            if known:
                yield from self.heading(f"{group.title} {self.cites(_cites_of(known))}")
            for answer in known:
                yield from self.wrapped(dates_in_words(self.answer(answer)), "  - ", "    ")

    def answer(self, answer: FieldAnswer) -> str:
        told = (
            answer.text if answer.status != "unknown" else f"not known{f' ({answer.reason})' if answer.reason else ''}"
        )
        who = [when_words(answer.date) or None, answer.author]
        said = ", ".join(part for part in who if part)
        old = f"; {answer.reason}" if answer.status == "stale" else ""
        fresh = answer.field.fresh.cites if answer.field.fresh is not None and answer.status == "stale" else ()
        return f"{capital(answer.field.ask)}: {told}{f' ({said})' if said else ''}{old} {self.cites(fresh)}".rstrip()

    def screening(self) -> Iterator[str]:
        yield from self.heading("Mood and sleep")
        for row in self.found.screening:
            also = f"; {row.also}" if row.also and row.step != "full-form" else ""
            when = f" ({when_words(row.date)})" if row.date is not None else ""
            yield from self.wrapped(f"{row.says}{when}{also}. {self.cites(row.cites)}".rstrip(), "  - ", "    ")
        for answer in self.found.of_group("mood-and-sleep"):
            if answer.field.id == "sleep" and answer.status == "answered":
                yield from self.wrapped(f"{self.answer(answer)} {self.cites(answer.field.cites)}", "  - ", "    ")

    def to_ask(self, title: str, rows: Sequence[FieldAnswer]) -> Iterator[str]:
        """One sentence a group; the same question about several pains or therapies is told once."""
        if not rows:
            return
        yield from self.heading(title)
        for group in self.found.form.groups:
            asked = [row for row in rows if row.field.group == group.id]
            told = list(dict.fromkeys(row.field.ask for row in asked))
            if told:
                words = f"{group.title}: {'; '.join(told)}. {self.cites(_cites_of(asked))}"
                yield from self.wrapped(words, "  - ", "    ")
        if any(row.field.group == "prior-therapies" for row in rows):
            rule = packaged_rules().rules["tried-window"]
            words = f"Of every therapy: {rule.says}, and did it work. {self.cites(rule.cites)}"
            yield from self.wrapped(words, "    ", "    ")


def _cites_of(rows: Sequence[FieldAnswer]) -> tuple[Cite, ...]:
    """Where the questions come from, each place once."""
    return tuple(dict.fromkeys(cite for row in rows for cite in row.field.cites))
