"""The ledger as a page for a person: what was given, what is planned, and each limit with who states it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from levamen.adapters.balance import Reading
from levamen.derive.anesthetic import AnestheticDose, Session
from levamen.derive.periods import Total, number, shown
from levamen.derive.steroid import SteroidDose, SteroidTotal
from levamen.derive.steroid_limits import LimitAnswer
from levamen.derive.steroid_spacing import IntervalFinding
from levamen.emit.terminal import PLAIN, Look, balance_line
from levamen.emit.view import Sources
from levamen.emit.words import ASCII_SIGNS, SIGNS, capital, dates_in_words
from levamen.emit.writer import Writer
from levamen.knowledge.agents import Statement
from levamen.pathway.headline import day_words
from levamen.pathway.ledger import Ledger, PlannedLedger
from levamen.record import codes
from levamen.record.facts import called

LIMIT_WORDS = {"met": "Met", "exceeded": "Exceeded", "unknown": "Unknown", "silent": "Not stated for this patient"}
FINDING_WORDS = {"met": "Met", "not_met": "Not met", "unknown": "Unknown", "ambiguous": "Two readings"}
SESSION_WORDS = {"met": "Met", "exceeded": "Exceeded", "unknown": "Unknown", "ambiguous": "Readings disagree"}
TOPICS = {
    "dose": "Doses",
    "hpa": "Adrenal suppression",
    "glucose": "Glucose",
    "bone": "Bone",
    "vaccine": "Vaccines",
    "series": "Series",
    "audit": "Why every injection counts",
    "last": "Systemic toxicity (LAST)",
}
QUANTITIES = {"fluoroscopy_s": "Fluoroscopy", "air_kerma_mgy": "Air kerma", "contrast_ml": "Contrast"}
_ORDER = ("exceeded", "not_met", "unknown", "ambiguous", "met", "silent")


def page(found: Ledger, reading: Reading, sources: Sources | None = None, *, look: Look = PLAIN) -> str:
    """The page of one record. `sources`: absent, the packaged ones."""
    return "\n".join(_Page(found, reading, sources, look).lines()) + "\n"


class _Page(Writer):
    """One ledger being written."""

    def __init__(self, found: Ledger, reading: Reading, sources: Sources | None, look: Look) -> None:
        super().__init__(sources, look)
        self.found, self.reading = found, reading

    def lines(self) -> Iterator[str]:
        found = self.found
        yield from self.title(f"{found.record.id}: ledger on {day_words(found.on)}, as known {day_words(found.as_of)}")
        yield from self.heading("Steroid injected anywhere, in mg MPE")
        yield from self.wrapped(f"{found.unit.says} {self.cites(found.unit.cites)}", "  ")
        yield from self.totals(found.totals)
        yield from self.doses(found.doses)
        yield from self.courses()
        yield from self.limits("Limits, each with who states it", found.limits)
        for planned in found.planned:
            yield from self.planned(planned)
        yield from self.radiation()
        yield from self.punctures()
        yield from self.rescue()
        yield from self.statements()
        yield ""
        yield from self.wrapped(balance_line(self.reading.balance))
        yield from self.wrapped(f"Tables last checked against their sources {day_words(self.found.checked)}.")
        yield from self.heading("Sources")
        yield from self.cited()

    def totals(self, rows: Iterable[SteroidTotal]) -> Iterator[str]:
        for row in rows:
            amount = row.equivalents
            yield from self.wrapped(f"{amount.period}: {shown(amount.value)} mg MPE{_of(amount)}", "  ", "    ")
            drugs = [f"{codes.label('drugs', drug)} {shown(total.value)} mg" for drug, total in row.drugs]
            if drugs:
                yield from self.wrapped(f"by drug: {'; '.join(drugs)}", "    ", "      ")

    def doses(self, rows: Sequence[SteroidDose]) -> Iterator[str]:
        for dose in rows:
            text = f"{dose.source.id}, {called(dose.source.procedure)}: {_dose(dose)}"
            yield from self.wrapped(dates_in_words(text), "  - ", "    ")

    def courses(self) -> Iterator[str]:
        for line in self.found.courses:
            fact = line.course.medication
            told = f"{shown(line.equivalents)} mg MPE in 12 months" if line.equivalents else line.course.missing
            text = f"{fact.id}, {called(fact)}, as a medicine: {told}; beside the injections, not added"
            yield from self.wrapped(dates_in_words(text), "  - ", "    ")
        if self.found.courses:
            text = f"Medicines together in 12 months: {shown(self.found.systemic)} mg MPE, on top of the injections"
            yield from self.wrapped(text, "  ", "    ")

    def limits(self, title: str, rows: Sequence[LimitAnswer]) -> Iterator[str]:
        spoken = [row for row in rows if row.status != "silent"]
        if rows:
            yield from self.wrapped(title, "  ")
        for row in sorted(spoken, key=lambda row: (row.limit.coverage, _ORDER.index(row.status))):
            unit = " mg MPE" if row.limit.counts in ("equivalents", "one-injection") else ""
            place_of = f", {row.of}" if row.of else ""
            would = f"; the numbers alone: {LIMIT_WORDS[row.numbers].lower()}" if row.numbers != row.status else ""
            rule = "a coverage rule" if row.limit.coverage else ""
            told = "; ".join(part for part in (rule, row.reason) if part)
            text = (
                f"{self.sign(row.status)} {LIMIT_WORDS[row.status]}: {row.limit.says}{place_of}. "
                f"Found {shown(row.total.value)}{unit}{would}{f' ({told})' if told else ''}. "
                f"Stated by: {row.limit.who} {self.cites(row.limit.cites)}"
            )
            yield from self.wrapped(text, "    ", "      ")
        silent = [f"{row.limit.says} {self.cites(row.limit.cites)}" for row in rows if row.status == "silent"]
        if silent:
            text = f"{self.sign('silent')} {LIMIT_WORDS['silent']}: {'; '.join(silent)}"
            yield from self.wrapped(text, "    ", "      ")

    def planned(self, row: PlannedLedger) -> Iterator[str]:
        request = row.request
        where = " ".join(part for part in (request.region, request.joint, request.side) if part)
        yield from self.heading(
            f"With {request.id}: {codes.title(request.therapy or '')}{f', {where}' if where else ''},"
            f" on {day_words(row.on)}"
        )
        if row.steroid is False:
            yield from self.wrapped("No steroid is planned.", "  ")
        elif row.steroid is None:
            text = (
                "Whether steroid is planned is not recorded: write its agents; the totals above would rise by its dose."
            )
            yield from self.wrapped(text, "  ", "    ")
            for finding in row.intervals:
                if finding.status in ("not_met", "ambiguous"):
                    yield from self.interval(finding)
        else:
            yield from self.with_steroid(row)
        if row.premedication is not None:
            says = row.premedication.says
            yield from self.wrapped(
                f"If given: {says.says}: {shown(row.premedication.equivalents)} mg MPE more {self.cites(says.cites)}",
                "  ",
                "    ",
            )
        yield from self.session(row.session)

    def with_steroid(self, row: PlannedLedger) -> Iterator[str]:
        """The totals with it, the limits that it changes, and its intervals."""
        for dose in row.doses:
            yield from self.wrapped(f"Planned: {_dose(dose)}", "  ", "    ")
        yield from self.wrapped("With it the totals would be", "  ")
        yield from self.totals(row.totals)
        now = {(one.limit.id, one.of): (one.total.value, one.status) for one in self.found.limits}
        changed = [one for one in row.limits if now.get((one.limit.id, one.of)) != (one.total.value, one.status)]
        yield from self.limits("Limits as they would be, where it changes them", changed)
        yield from self.wrapped("Intervals", "  ")
        for finding in sorted(row.intervals, key=lambda one: (one.coverage, _ORDER.index(one.status))):
            yield from self.interval(finding)

    def interval(self, row: IntervalFinding) -> Iterator[str]:
        days = f"; kept from {day_words(row.earliest)}" if row.earliest is not None else ""
        days += f"; the other not before {day_words(row.other_from)}" if row.other_from is not None else ""
        about = f" ({row.about})" if row.about else ""
        rule = ". A coverage rule" if row.coverage else ""
        text = (
            f"{self.sign(row.status)} {FINDING_WORDS[row.status]}{about}: {row.says}{days}"
            f"{f'; {row.reason}' if row.reason else ''}{rule}. Stated by: {row.who} {self.cites(row.cites)}"
        )
        yield from self.wrapped(dates_in_words(text), "    ", "      ")

    def session(self, row: Session) -> Iterator[str]:
        if not row.doses and not row.reasons:
            return
        weight = f"{row.weight_kg:f} kg" if row.weight_kg is not None else "weight not recorded"
        country = codes.label("countries", row.country) if row.country is not None else "country not recorded"
        text = (
            f"{self.sign(row.status)} Local anesthetic of the session ({weight}; {country}): "
            f"{SESSION_WORDS[row.status].lower()}. Fractions dose/maximum together: {shown(row.value)}; 1 is the most"
            f"{' (' + '; '.join(row.reasons) + ')' if row.reasons else ''}."
        )
        yield from self.wrapped(text, "  ", "    ")
        for dose in row.doses:
            yield from self.wrapped(self.anesthetic(dose), "    - ", "      ")
        for day in row.days:
            text = (
                f"{self.sign(day.status)} {codes.label('drugs', day.maximum.drug)} over 24 hours: "
                f"{shown(day.milligrams)} of {day.maximum.amount:f} mg {self.cites(day.maximum.cites)}"
            )
            yield from self.wrapped(text, "    ", "      ")
        for reduction in row.reductions:
            yield from self.wrapped(f"{capital(reduction.says)} {self.cites(reduction.cites)}", "    ", "      ")
        for warning in row.warnings:
            yield from self.wrapped(f"{capital(warning.says)} {self.cites(warning.cites)}", "    ", "      ")

    def anesthetic(self, dose: AnestheticDose) -> str:
        amount = f"{shown(dose.milligrams)} mg" if dose.milligrams is not None else "dose not recorded"
        kind = "with epinephrine" if dose.epinephrine else "without epinephrine recorded"
        most = f"at most {shown(dose.most)} mg" if dose.most is not None else "no maximum to compare with"
        most += ", or less by weight" if dose.most is not None and dose.fraction.high is None else ""
        rules = [f"{row.amount:f} mg{_PER[row.per]} {self.cites(row.cites)}" for row in dose.maxima]
        rules += [
            f"{row.amount:f} mg{_PER[row.per]} only by the site's choice {self.cites(row.cites)}"
            for row in dose.shown_only
        ]
        return f"{dose.source.id}: {codes.label('drugs', dose.drug)} {amount}, {kind}; {most}: {'; '.join(rules)}"

    def radiation(self) -> Iterator[str]:
        yield from self.heading("Radiation and contrast")
        for name, label in QUANTITIES.items():
            rows = [row for row in self.found.exposures if row.quantity == name]
            told = "; ".join(f"{row.total.period} {shown(row.total.value)} {row.unit}" for row in rows)
            yield from self.wrapped(f"{label}: {told}{_of(rows[-1].total)}", "  ", "    ")

    def punctures(self) -> Iterator[str]:
        yield from self.heading("Needle procedures per place (procedures as recorded, not passes of the needle)")
        if not self.found.punctures:
            yield from self.wrapped("None is recorded.", "  ")
        places = dict.fromkeys(row.place for row in self.found.punctures)
        for name in places:
            parts = [
                f"{row.total.period} {shown(row.total.value)}" for row in self.found.punctures if row.place == name
            ]
            yield from self.wrapped(f"{_place(name)}: {'; '.join(parts)}", "  ", "    ")

    def rescue(self) -> Iterator[str]:
        if not any(row.session.doses or row.session.reasons for row in self.found.planned):
            return
        yield from self.heading("If local anesthetic toxicity (LAST) occurs: lipid emulsion 20 %")
        for row in self.found.rescue:
            rules = [f"{row.lipid.ml_per_kg:f} mL/kg {row.lipid.per_kg_says}".strip()]
            if row.lipid.fixed_ml is not None:
                rules = [f"from 70 kg {row.lipid.fixed_ml:f} mL {row.lipid.fixed_says}, below {rules[0]}"]
            told = f"{number(row.millilitres)} mL {row.says}".strip() if row.millilitres is not None else ""
            text = f"{row.lipid.id}: {told or 'weight not recorded'} ({rules[0]}) {self.cites(row.lipid.cites)}"
            yield from self.wrapped(text, "  ", "    ")
        yield from self.topics(self.found.anesthetic_statements)

    def statements(self) -> Iterator[str]:
        if self.found.doses or any(row.steroid is not False for row in self.found.planned):
            yield from self.heading("What is said of injected steroid")
            yield from self.topics(self.found.steroid_statements)

    def topics(self, rows: Sequence[Statement]) -> Iterator[str]:
        for topic in dict.fromkeys(row.topic for row in rows):
            told = "; ".join(f"{row.says} {self.cites(row.cites)}" for row in rows if row.topic == topic)
            yield from self.wrapped(f"{TOPICS[topic]}: {told}", "  ", "    ")

    def sign(self, status: str) -> str:
        key = "not_met" if status == "exceeded" else status
        return SIGNS[key] if self.look.unicode else ASCII_SIGNS[key]


_PER = {"kg": "/kg", "dose": " a dose", "day": " a day"}


def _place(name: str) -> str:
    return codes.label("regions", name) if name in codes.ids("regions") else codes.title(name)


def _dose(dose: SteroidDose) -> str:
    if dose.drug is None:
        return f"whether it held steroid is not known: {dose.missing}"
    amount = f"{shown(dose.milligrams)} mg" if dose.milligrams is not None else "dose not recorded"
    value = f" = {shown(dose.equivalents)} mg MPE" if dose.equivalents is not None else f"; {dose.missing}"
    kind = {True: ", particulate", False: ", not particulate", None: ""}[dose.particulate]
    return f"{codes.label('drugs', dose.drug)} {amount}{kind}{value if dose.milligrams is not None else ''}"


def _of(total: Total) -> str:
    """What a total rests on: what was counted, what is in doubt, what lacks a value, and whether the record is open."""
    parts = [f"from {', '.join(total.counted)}"] if total.counted else []
    parts += [f"perhaps also {', '.join(total.doubtful)}"] if total.doubtful else []
    parts += [f"not recorded for {', '.join(total.lacking)}"] if total.lacking else []
    parts += [] if total.complete else ["the record is not declared complete for that time"]
    return f" ({'; '.join(parts)})" if parts else ""
