"""The opioids of a record as a page: each order with its MME, the total, what may deserve a look, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from levamen.adapters.balance import Reading
from levamen.derive.mme import OpioidLine
from levamen.derive.periods import number, shown
from levamen.derive.taper import PaceAnswer
from levamen.emit.terminal import PLAIN, Look, balance_line
from levamen.emit.view import Sources
from levamen.emit.words import capital, dates_in_words
from levamen.emit.writer import Writer
from levamen.pathway.headline import day_words
from levamen.pathway.opioids import OpioidReview, Raised, why_open
from levamen.record import codes

PACE_WORDS = {"met": "Kept", "not_met": "Faster", "ambiguous": "Two readings", "unknown": "Unknown"}
USE_WORDS = {True: "", False: "not for so long a use", None: "how long it was taken is not recorded"}

PROMPT_NAMES = {
    "mme-50": "50 MME a day or more",
    "mme-90": "90 MME a day or more",
    "naloxone": "naloxone",
    "benzodiazepine": "benzodiazepine",
    "sedative": "other sedatives",
    "sleep-apnea": "sleep apnea",
    "age-65": "65 years or older",
    "opioid-use-disorder": "opioid use disorder",
    "monitoring-database": "prescription monitoring database",
    "urine-drug-screen": "urine drug test",
    "abrupt-change": "abrupt change",
    "rapid-taper": "fast taper",
}
PACE_NAMES = {
    "hhs-common": "HHS guide",
    "cdc-long": "CDC guideline, long use",
    "cdc-short": "CDC guideline, short use",
    "fda": "FDA communication",
    "pittsburgh": "University of Pittsburgh",
}
"""What a person reads for the id of a prompt and of a published pace."""

SELF_HARM_WORDS = {True: "answered yes", False: "asked, and no", None: "not asked that day, or not answered"}


def page(found: OpioidReview, reading: Reading, sources: Sources | None = None, *, look: Look = PLAIN) -> str:
    """The page of one record. `sources`: absent, the packaged ones."""
    return "\n".join(_Page(found, reading, sources, look).lines()) + "\n"


class _Page(Writer):
    """One page being written."""

    def __init__(self, found: OpioidReview, reading: Reading, sources: Sources | None, look: Look) -> None:
        super().__init__(sources, look)
        self.found, self.reading = found, reading

    def lines(self) -> Iterator[str]:
        found = self.found
        yield from self.title(f"{found.record.id}: opioids on {day_words(found.on)}, as known {day_words(found.as_of)}")
        yield from self.wrapped(f"{found.notice.says}. {self.cites(found.notice.cites)}")
        yield from self.total()
        yield from self.orders()
        yield from self.prompts("May deserve a look", found.raised, "not_yet")
        yield from self.prompts("Cannot be decided from the record", found.undecided, "unknown")
        if found.outside:
            yield from self.heading("The guideline does not speak of this patient")
            text = f"{'; '.join(found.outside)}. {capital(found.scope.says)} {self.cites(found.scope.cites)}"
            yield from self.wrapped(text, "  ", "    ")
        yield from self.dated()
        yield from self.taper()
        yield from self.statements()
        yield ""
        yield from self.wrapped(balance_line(self.reading.balance))
        yield from self.wrapped(f"Tables last checked against their sources {day_words(found.checked)}.")
        yield from self.heading("Sources")
        yield from self.cited()

    def total(self) -> Iterator[str]:
        total = self.found.mme
        yield from self.heading(f"Total in MME a day, factors of {total.table.id} ({total.table.title})")
        if total.value is None:
            text = "Unknown: no order can be converted" if total.lines else "Unknown: no opioid is recorded"
        elif total.most is None:
            text = f"Unknown: {shown(total.value)}"
        elif total.value.exact:
            text = shown(total.value)
        else:
            text = f"{number(total.most)} at the most that is allowed, {number(total.value.low)} of it surely scheduled"
        told = "" if total.complete else f" (not complete; {why_open(total)})"
        yield from self.wrapped(f"{text}{told}", "  ", "    ")
        if total.on < total.table.start.first:
            yield from self.wrapped(f"The table is newer than that day: it is of {total.table.start}.", "  ", "    ")

        for score in self.found.recorded:
            when = f" on {score.date}" if score.date is not None else ""
            value = f"{score.value:f}" if score.value is not None else "no value"
            text = f"Somebody recorded {value}{when} ({score.id}), with a table that is not named: not used here."
            yield from self.wrapped(dates_in_words(text), "  ", "    ")

    def orders(self) -> Iterator[str]:
        yield from self.heading("Orders")
        if not self.found.mme.lines:
            yield from self.wrapped("None is recorded on that day.", "  ")
        cautions = {row.id: row for row in self.found.statements if row.topic == "drug"}
        for line in self.found.mme.lines:
            yield from self.wrapped(dates_in_words(self.order(line)), "  - ", "    ")
            for flag in line.flags:
                yield from self.wrapped(f"! {capital(flag.says)}", "      ", "        ")
            if line.kind == "converted" and line.drug in cautions:
                row = cautions[line.drug]
                yield from self.wrapped(f"{capital(row.says)} {self.cites(row.cites)}", "      ", "        ")

    def order(self, line: OpioidLine) -> str:
        name = codes.label("drugs", line.drug) if line.drug is not None else "drug not known"
        perhaps = "" if line.sure else ", perhaps"
        start = f"{line.id}, {name}{perhaps}: "
        if line.reason is not None:
            return f"{start}not counted: {line.reason.says} {self.cites(line.cites)}"
        if line.mme is None or line.daily is None or line.factor is None:
            return f"{start}unknown; missing: {', '.join(asked.what for asked in line.missing)}"
        unit = f"{line.unit} a day" if line.unit == "mg" else line.unit
        needed = " as needed" if line.as_needed else ""
        return (
            f"{start}{shown(line.daily)} {unit}{needed} × {shown(line.factor)} = {shown(line.mme)} MME"
            f" {self.cites(line.cites)}"
        )

    def prompts(self, title: str, rows: Iterable[Raised], sign: str) -> Iterator[str]:
        held = tuple(rows)
        if held:
            yield from self.heading(title)
        for row in held:
            name, reasons = capital(PROMPT_NAMES.get(row.id, row.id)), "; ".join(map(_named, row.reasons))
            text = f"{self.sign(sign)} {name}: {reasons}. {capital(row.says.says)} {self.cites(row.says.cites)}"
            yield from self.wrapped(dates_in_words(text), "  ", "    ")

    def dated(self) -> Iterator[str]:
        yield from self.heading("Agreement, check and test")
        for fact in self.found.facts:
            value = f", {fact.value}" if fact.value else ""
            due = f"; next due by {fact.due}" if fact.due is not None else ""
            told = f"{fact.last}{value} ({fact.id}){due}" if fact.last is not None else fact.reason or "none on record"
            yield from self.wrapped(dates_in_words(f"{capital(fact.what)}: {told}"), "  ", "    ")

    def taper(self) -> Iterator[str]:
        taper = self.found.taper
        if not taper.cuts:
            return
        yield from self.heading("Falls of the total (every order at the most it allows), against each published pace")
        for cut in taper.cuts:
            text = f"{cut.day}: {number(cut.before)} to {number(cut.after)} MME a day, {number(cut.percent)} % less"
            yield from self.wrapped(dates_in_words(text), "  - ", "    ")
        for answer in taper.answers:
            yield from self.wrapped(dates_in_words(self.pace(answer)), "  ", "    ")
        agreed = "recorded for every cut" if taper.agreed else "not recorded"
        since = f" Taken without a gap since {taper.since}, as far as recorded." if taper.since is not None else ""
        yield from self.wrapped(dates_in_words(f"The patient's own choice: {agreed}.{since}"), "  ", "    ")
        yield from self.wrapped(f"Thoughts of self-harm: {SELF_HARM_WORDS[self.found.self_harm]}.", "  ", "    ")
        if taper.contact_by is not None:
            row = self.found.contact
            text = f"Next contact due by {taper.contact_by}: {row.says} {self.cites(row.cites)}"
            yield from self.wrapped(dates_in_words(text), "  ", "    ")
        yield from self.wrapped(
            f"{capital(self.found.abrupt.says)} {self.cites(self.found.abrupt.cites)}", "  ", "    "
        )

    def pace(self, answer: PaceAnswer) -> str:
        worst = f"largest fall {number(answer.worst)} % by {answer.on}" if answer.worst is not None else ""
        name = PACE_NAMES.get(answer.rule.id, answer.rule.id)
        told = "; ".join(part for part in (worst, USE_WORDS[answer.applies], answer.reason) if part)
        return (
            f"{self.sign(answer.status)} {PACE_WORDS[answer.status]}: {name}: {answer.rule.says.says}. "
            f"{capital(told)} {self.cites(answer.rule.says.cites)}"
        )

    def statements(self) -> Iterator[str]:
        if not self.found.mme.lines:
            return
        topics = ("counting", "risk", "taper") if self.found.taper.cuts else ("counting", "risk")
        yield from self.heading("What is said of it")
        for row in (row for topic in topics for row in self.found.statements if row.topic == topic):
            yield from self.wrapped(f"{capital(row.says)} {self.cites(row.cites)}", "  - ", "    ")


def _named(reason: str) -> str:
    """A reason that begins with the id of a pace, with its name instead."""
    id, colon, rest = reason.partition(":")
    return f"{PACE_NAMES[id]}{colon}{rest}" if id in PACE_NAMES else reason
