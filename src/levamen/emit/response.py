"""The response to what was done as a page: each procedure with its answer first, then why, then what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from levamen.adapters.balance import Reading
from levamen.derive.periods import number, shown
from levamen.emit.response_words import (
    AS_THEN,
    END_WORDS,
    WORD_SIGNS,
    criterion_words,
    first_due,
    headline,
    in_one_line,
    lapse_words,
    mme_words,
    title_of,
    visit_words,
)
from levamen.emit.terminal import PLAIN, Look, balance_line
from levamen.emit.view import Sources
from levamen.emit.words import STATUS_WORDS, capital, dates_in_words
from levamen.emit.writer import Writer
from levamen.outcomes.answer import Answer, percent
from levamen.outcomes.diagnostic_block import BlockResult
from levamen.outcomes.function_change import InstrumentChange
from levamen.outcomes.responder import VisitResult
from levamen.pathway.headline import day_words
from levamen.pathway.response import ProcedureResponse, Response
from levamen.record import codes


def page(found: Response, reading: Reading, sources: Sources | None = None, *, look: Look = PLAIN) -> str:
    """The page of one record. `sources`: absent, the packaged ones."""
    return "\n".join(_Page(found, reading, sources, look).lines()) + "\n"


class _Page(Writer):
    """One page being written."""

    def __init__(self, found: Response, reading: Reading, sources: Sources | None, look: Look) -> None:
        super().__init__(sources, look)
        self.found, self.reading = found, reading

    def lines(self) -> Iterator[str]:
        found = self.found
        yield from self.title(f"{found.record.id}: response to what was done, as known {day_words(found.as_of)}")
        yield from self.failures()
        for note in found.notes:
            yield from self.wrapped(note, "  ")
        for one in found.procedures:
            yield from self.procedure(one)
        if found.statements and found.procedures:
            yield from self.heading("What is said of it")
            for row in found.statements:
                yield from self.wrapped(f"{capital(row.says.says)} {self.cites(row.says.cites)}", "  - ", "    ")
        yield ""
        yield from self.wrapped(
            "A description of what is recorded. It changes no verdict of a policy and makes no promise."
        )
        yield from self.wrapped(balance_line(self.reading.balance))
        yield from self.wrapped(f"Tables last checked against their sources {day_words(found.checked)}.")
        if self.numbers:
            yield from self.heading("Sources")
        yield from self.cited()

    def failures(self) -> Iterator[str]:
        """The count of what did not help, in sight before anything else."""
        counts = self.found.failures.counts
        treated = [one for one in self.found.failures.tried if one.role != "test"]
        if not treated:
            return
        told = []
        for count in counts:
            where = "in all" if count.region is None else codes.label("regions", count.region)
            span = f"{count.low}" if count.low == count.high else f"{count.low} to {count.high}"
            names = f" ({', '.join(count.failed)})" if count.failed else ""
            told.append(f"{where} {span}{names}")
        level = f"{self.found.failures.level.number} per cent"
        yield from self.wrapped(f"Treatments that never reached {level} relief: {'; '.join(told)}.", "  ", "    ")
        for one in self.found.failures.tried:
            sure = "" if one.sure else ", perhaps not done"
            what = f"{title_of(one.procedure)}{sure}: {AS_THEN[one.role]}, best relief {percent(one.best)}"
            yield from self.wrapped(dates_in_words(what), "  - ", "    ")

    def procedure(self, one: ProcedureResponse) -> Iterator[str]:
        yield from self.heading(dates_in_words(headline(one)))
        for note in one.notes:
            yield from self.wrapped(f"Note: {note}.", "  ", "    ")
        for step in one.next_steps:
            yield from self.wrapped(dates_in_words(f"Next: {step}."), "  ", "    ")
        yield from self.answers("Relief", one.levels)
        for rule in one.rules:
            word = "Not yet" if rule.status == "not_yet" else STATUS_WORDS[rule.status]
            name = f"{word} under {rule.title}: {'; '.join(rule.asked)}"
            why = f"; {dates_in_words(rule.reason)}" if rule.reason else ""
            judged = f"; also asks that {', '.join(rule.judged)}: a clinician judges" if rule.judged else ""
            cites = self.cites(tuple(dict.fromkeys(limit.cite for limit in rule.limits)))
            yield from self.wrapped(f"{self.sign(rule.status)} {name}{why}{judged} {cites}", "  ", "    ")
        if one.block is not None:
            yield from self.block(one.block)
        yield from self.time(one)
        yield from self.harms(one)
        if one.rehabilitation is not None:
            yield from self.answers("Rehabilitation inside the relief", (one.rehabilitation.answer,))
        if one.device is not None:
            yield from self.answers("Loss of effect of the device", (one.device.answer,))
            for says in one.device.check:
                yield from self.wrapped(f"{capital(says.says)} {self.cites(says.cites)}", "    - ", "      ")
        yield from self.visits(one)
        for duty in first_due(one.obligations):
            due = f" by {day_words(duty.due)}" if duty.due is not None else ""
            yield from self.wrapped(
                f"To do{due} ({duty.who}): {duty.what}. {duty.why} {self.cites(duty.cites)}", "  ", "    "
            )

    def answers(self, title: str, rows: Sequence[Answer]) -> Iterator[str]:
        for row in rows:
            why = f": {row.reason}" if row.reason else ""
            text = f"{title}, {criterion_words(row)}: {row.word}{why} {self.cites(row.cites)}"
            yield from self.wrapped(f"{self.sign(WORD_SIGNS[row.word])} {dates_in_words(text)}", "  ", "    ")

    def block(self, found: BlockResult) -> Iterator[str]:
        for at in found.levels:
            hours = f"{shown(at.hours)} h" if at.hours is not None else "hours not known"
            fits = f"{at.concordance.fits}: {at.concordance.reason}"
            text = f"At {at.level.number} per cent or more: {hours}; against the anesthetic {fits}"
            yield from self.wrapped(text, "  ", "    ")
        if found.area is not None:
            text = f"Area under the rows {number(found.area)} per cent hours (a description; it decides nothing)"
            yield from self.wrapped(text, "  ", "    ")
        for finding in found.findings:
            text = f"! {capital(finding.reason)}. Asked is: {finding.says} {self.cites(finding.cites)}"
            yield from self.wrapped(text, "  ", "    ")

    def time(self, one: ProcedureResponse) -> Iterator[str]:
        for relief in one.held:
            yield from self.wrapped(dates_in_words(lapse_words(relief)), "  ", "    ")
        for end in one.watch:
            perhaps = "" if end.sure else "perhaps "
            which = f" ({end.id})" if end.id is not None else ""
            text = f"Watch {perhaps}ended by {END_WORDS[end.kind]} on {end.day}{which}"
            yield from self.wrapped(dates_in_words(text), "  ", "    ")
        if one.low_baseline is not None:
            text = f"! Pain before was {number(one.low_baseline)} of 10: percentages are unsafe"
            yield from self.wrapped(text, "  ", "    ")
        for row in one.expected:
            whom = f"of: {row.row.denominator}; compared with: {row.row.comparator}"
            told = f"Expected: {row.row.says.says} ({whom})"
            yield from self.wrapped(f"{told}. Seen: {row.compared} {self.cites(row.row.says.cites)}", "  ", "    ")
        if one.role != "test" and not one.expected:
            yield from self.wrapped("Expected duration: no source found.", "  ", "    ")

    def harms(self, one: ProcedureResponse) -> Iterator[str]:
        if one.role == "test":
            return
        told = [
            f"{codes.title(event.kind or '')}{f' {event.severity}' if event.severity else ', severity not recorded'}"
            f"{f' on {event.date}' if event.date is not None else ''} ({event.id})"
            for event in one.harms
        ]
        told += [f"{codes.title(kind)} (written with the procedure)" for kind in one.procedure.complications]
        asked = (
            "the record is declared to hold every event" if one.harms_asked else "that all were asked for is not known"
        )
        text = f"Events: {'; '.join(told) if told else 'none recorded'}; {asked}"
        yield from self.wrapped(dates_in_words(text), "  ", "    ")

    def visits(self, one: ProcedureResponse) -> Iterator[str]:
        """The visits that have come, then those to come in one line."""
        for result in one.visits:
            if result.visit.state in ("open", "past"):
                yield from self.visit(result)
        later = [result.visit for result in one.visits if result.visit.state == "not due"]
        if later:
            told = "; ".join(
                f"{visit.visit.id.replace('-', ' ')} from {visit.first} to {visit.last}" for visit in later
            )
            cites = self.cites(later[0].visit.says.cites)
            yield from self.wrapped(dates_in_words(f"Visits to come: {told} {cites}"), "  ", "    ")

    def visit(self, result: VisitResult) -> Iterator[str]:
        visit = result.visit
        when = f"{capital(visit.visit.says.says)} ({visit_words(visit)})"
        cites = self.cites(visit.visit.says.cites)
        known = [row for row in result.function if row.points is not None]
        if result.pain is None and not known and not any(row.word == "yes" for row in result.criteria[:4]):
            text = f"{when}: not measured; neither success nor failure {cites}"
            yield from self.wrapped(dates_in_words(text), "  ", "    ")
            return
        text = f"{when}: relief {percent(result.pain)}; {in_one_line(result.levels)} {cites}"
        yield from self.wrapped(dates_in_words(text), "  ", "    ")
        for change in result.function:
            yield from self.function(change)
        if result.opioid is not None:
            yield from self.wrapped(mme_words(result.opioid), "    ", "      ")
        for word in ("yes", "no", "unknown"):
            rows = [row for row in result.criteria if row.word == word]
            if rows:
                text = f"{self.sign(WORD_SIGNS[word])} {capital(word)}: {'; '.join(map(criterion_words, rows))}"
                yield from self.wrapped(text, "    ", "      ")
        text = f"{in_one_line(result.composite)} ({result.composite[0].reason}) {self.cites(result.composite[0].cites)}"
        yield from self.wrapped(capital(text), "    ", "      ")

    def function(self, change: InstrumentChange) -> Iterator[str]:
        name = codes.label("instruments", change.instrument)
        if change.points is None or change.before is None or change.after is None:
            yield from self.wrapped(f"{name}: {change.reason}", "    ", "      ")
            return
        share = f", {percent(change.percent)}" if change.percent is not None else ""
        text = f"{name}: {shown(change.before)} to {shown(change.after)}, {shown(change.points)} points better{share}"
        yield from self.wrapped(text + (f"; {change.reason}" if change.reason else ""), "    ", "      ")
        for answer in change.answers:
            row = answer.change
            text = f"important change of {row.says} ({row.population}): {answer.word} {self.cites(row.cites)}"
            yield from self.wrapped(f"{self.sign(WORD_SIGNS[answer.word])} {text}", "      ", "        ")
