"""The stimulators of a record, on the page of its devices: where each stands, its trial, what is next."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from levamen.criteria.truth import Status
from levamen.emit.device import DeviceWriter, Section
from levamen.emit.view import criterion_name, found_in, wording
from levamen.emit.words import capital
from levamen.knowledge.implants import packaged_machine
from levamen.pathway.implant.history import Unplaced
from levamen.pathway.implant.machine import Shown
from levamen.pathway.implant.review import Ahead, DeviceReview, Due, Stepped, WayReview
from levamen.pathway.implant.trial import TrialAnswer, TrialMeasures
from levamen.record import codes
from levamen.record.facts import called
from levamen.record.timeline import Interval, When

OUTCOMES = {
    "passed": "The trial was passed under every policy that decides.",
    "failed": "The trial was passed under no policy that decides.",
    "split": "The policies that decide disagree on the trial: a clinician decides, and the reason is kept.",
    "unknown": "Whether the trial was passed cannot be told yet.",
}
SIGN_OF: dict[str, Status] = {
    "passed": "met",
    "failed": "not_met",
    "cannot tell": "unknown",
    "two readings": "ambiguous",
}


def stimulators(review: DeviceReview, *, everything: bool = False) -> Section:
    """The section of stimulators. `everything`: the clauses of the policies that do not decide, too."""

    def lines(writer: DeviceWriter) -> Iterator[str]:
        for way in review.ways:
            yield from _Way(writer, way, everything).lines()
        if review.unplaced:
            yield from writer.heading("Could not be placed")
        for row in review.unplaced:
            yield from writer.wrapped(f"{_unplaced(row)}", "  - ", "    ")

    return lines


def _unplaced(row: Unplaced) -> str:
    return f"{codes.title(row.what)} ({row.fact}): {row.why}."


def name_of(found: WayReview) -> str:
    """`Spinal cord stimulation for the pain in the leg`."""
    family = capital(found.way.family.replace("-", " ")).replace("60 day", "for 60 days")
    return f"{family} for {called(found.way.pain)}" if found.way.pain is not None else family


def one_decimal(value: Fraction) -> str:
    """To one decimal, never rounded up: 49.96 is written 49.9, so that it does not look like 50."""
    tenths = (value * 10).__floor__()
    return str((Decimal(tenths) / 10).quantize(Decimal("0.1"), rounding=ROUND_FLOOR))


def span(value: Interval) -> str:
    """`50.0`, `40.0 to 50.0`, `48.0 or more`."""
    low = one_decimal(value.low)
    if value.high is None:
        return f"{low} or more"
    return low if value.exact else f"{low} to {one_decimal(value.high)}"


class _Way:
    """One way being written."""

    def __init__(self, writer: DeviceWriter, found: WayReview, everything: bool) -> None:
        self.writer, self.found, self.everything = writer, found, everything

    def lines(self) -> Iterator[str]:
        found, write = self.found, self.writer
        yield from write.heading(f"{name_of(found)}: {found.label}")
        yield from self.history()
        for event in found.others:
            told = f"Also on record: {codes.title(event.kind or 'event').lower()}, {_day(event.date)} ({event.id})."
            yield from write.wrapped(told, "  - ", "    ")
        if found.trial is not None:
            yield from self.trial(found.trial)
        for row in found.ahead:
            yield from self.ahead(row)
        yield from self.due()
        for what in found.lacking:
            yield from write.wrapped(f"Before any MRI, not recorded: {what}.", "  ", "    ")
        for statement in found.statements:
            yield from write.wrapped(f"{statement.says} {write.cites(statement.cites)}", "  - ", "    ")

    def history(self) -> Iterator[str]:
        for row in self.found.steps:
            yield from self.writer.wrapped(self.step(row), "  - ", "    ")
        if not self.found.steps:
            yield from self.writer.wrapped("Nothing was done yet.", "  ")

    def step(self, row: Stepped) -> str:
        machine = packaged_machine()
        label = capital(machine.events[row.event.kind].label)
        when = f"{_day(row.event.at)}: " if row.event.at is not None else ""
        facts = f" ({', '.join(row.event.facts)})" if row.event.facts else ""
        if row.refused is not None:
            return f"! {when}{label}{facts}: not followed, {row.refused.why}."
        told = [machine.guards[item.guard].says for item in row.event.overrides]
        if not told:
            return f"{when}{label}{facts}."
        what = ", ".join(told) if self.everything or len(told) == 1 else f"{len(told)} conditions (--all names them)"
        return f"{when}{label}{facts}; taken as done, not judged again: {what}."

    def trial(self, trial: TrialMeasures) -> Iterator[str]:
        write, answers = self.writer, self.found.asked.answers
        yield from write.wrapped(f"Trial {trial.trial}: {measured(trial)}.", "  ")
        if self.found.outcome is not None:
            yield from write.wrapped(OUTCOMES[self.found.outcome], "  ")
        for answer in sorted(answers, key=lambda row: not row.decides):
            yield from self.answer(answer)

    def answer(self, answer: TrialAnswer) -> Iterator[str]:
        write = self.writer
        decides = " (decides)" if answer.decides else ""
        repeat = "; leaves room for another trial" if answer.word == "failed" and answer.repeat else ""
        head = f"{write.sign(SIGN_OF[answer.word])} {capital(answer.word)}{decides}: {answer.title}{repeat}"
        yield from write.wrapped(head, "    ", "      ")
        if not (answer.decides or self.everything):
            return
        for item in answer.clauses:
            found = found_in(item.outcome)
            text = f"{criterion_name(item)}: {wording(item.criterion).sentence}"
            told = f" Found {found}." if found else ""
            missing = f" Missing: {'; '.join(dict.fromkeys(m.what for m in item.missing))}." if item.missing else ""
            yield from write.wrapped(f"{text}{told}{missing} {write.cites(item.criterion.cites)}", "      ", "        ")

    def ahead(self, row: Ahead) -> Iterator[str]:
        write = self.writer
        label = packaged_machine().events[row.event].label
        if not row.open:
            yield from write.wrapped(f"{write.sign('met')} Next, all it asks for is shown: {label}.", "  ", "    ")
            return
        yield from write.wrapped(f"{write.sign('not_yet')} Next: {label}, once these are shown:", "  ", "    ")
        for guard, shown in row.open:
            yield from write.wrapped(self.guard(guard.says, shown, guard.override), "    ", "      ")

    def guard(self, says: str, shown: Shown, override: str) -> str:
        why = f" ({shown.why})" if shown.why else ""
        missing = f"; missing: {'; '.join(shown.missing[:5])}" if shown.missing else ""
        words = {"never": "", "clinician": " A named clinician may pass it by, with a reason.", "policy": ""}
        if override == "policy":
            words["policy"] = " A named clinician may pass it by, with a reason and the policy that allows it."
        cites = self.writer.cites(shown.cites[:4])
        return f"{self.writer.sign(shown.status)} {capital(says)}{why}{missing}.{words[override]} {cites}".rstrip()

    def due(self) -> Iterator[str]:
        for row in self.found.due:
            yield from self.writer.wrapped(f"{due_words(row)} {self.writer.cites(row.cites)}", "  ", "    ")


def due_words(row: Due) -> str:
    """`Wound check: 11 to 15 May 2026.`"""
    when = row.start.isoformat() if row.start == row.end else f"{row.start.isoformat()} to {row.end.isoformat()}"
    unsure = "" if row.sure else " (counted from the earliest day it can have been placed)"
    return f"{capital(row.says)}: {'by ' if row.id == 'removal' else ''}{when}{unsure}."


def measured(trial: TrialMeasures) -> str:
    """What it showed, in words and to one decimal; what is not recorded is said."""
    when = f"{_day(trial.start)} to {_day(trial.end)}" if trial.start and trial.end else "its days are not all recorded"
    length = f"{span(trial.hours)} hours" if trial.hours is not None else "length not recorded"
    pain = f"{span(trial.pain)} % less pain" if trial.pain is not None else "pain not recorded"
    drugs = f"{span(trial.analgesics)} % less analgesics" if trial.analgesics is not None else "analgesics not recorded"
    words = {True: "function improved", False: "function not improved", None: "function not recorded"}
    technical = ["it did not cover the pain, or its lead moved"] if trial.technical_failure else []
    return ", ".join((when, length, pain, drugs, words[trial.function], *technical))


def _day(when: When | None) -> str:
    if when is None:
        return "day not recorded"
    return when.first.isoformat() if when.exact else str(when)
