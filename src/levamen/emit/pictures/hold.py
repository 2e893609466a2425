"""A hold as a calendar strip: the rule as bars, every dose as a dot, the time without the drug, and the needle.

A dose is told as the plan wants it (take, leave out), never as taken: what was taken only the record says. Every mark
is a row of the table. A script may stand on a dose (class `mark`), which says its day, hour and what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from levamen.emit.pictures.canvas import ACCENT, BLUE, INK, MUTED, RED, RULE, VIOLET, Canvas, Table, wide
from levamen.emit.plan.words import NOT_FINAL, Clock, day_words, drug_name
from levamen.emit.words import capital
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan
from levamen.record.facts import Medication
from levamen.record.timeline import start_of_day

WIDTH = 900
_LEFT, _RIGHT, _TOP, _TALL = 150.0, 888.0, 40.0, 118.0
_LETTERS = 11
"""Letters of a day's label with its space."""
_MOST_DOTS = 60

Say = tuple[datetime, str]


class Dose(Struct, frozen=True):
    """One dose of a schedule and what the plan wants: take, last dose, leave out, first dose again."""

    at: datetime
    wants: str


def svg(plan: Plan, medications: Iterable[Medication], *, name: str = "hold") -> str | None:
    """The picture; none where no drug of the plan has a stop."""
    drawing = _Strip.of(plan, medications)
    return drawing.drawn(name) if drawing is not None else None


def table(plan: Plan, medications: Iterable[Medication]) -> Table | None:
    """Everything the picture marks, in the order of time; none where there is no picture."""
    drawing = _Strip.of(plan, medications)
    if drawing is None:
        return None
    rows = sorted(drawing.said(), key=lambda row: row[0])
    clock = Clock(plan)
    return Table(drawing.title(), ("When", "What"), tuple((clock.at(at), capital(what)) for at, what in rows))


def doses(plan: Plan, drug: DrugAnswer, medication: Medication | None, first: date, last: date) -> tuple[Dose, ...]:
    """Every dose of a drug with known times from the first to the last day, as the plan wants it.

    None where the times are not recorded, or the plan names no last dose.
    """
    if medication is None or not medication.times or drug.last_dose is None:
        return ()
    found = []
    for index in range((last - first).days + 1):
        day = first + timedelta(days=index)
        for said in medication.times:
            at = datetime.combine(day, time.fromisoformat(said), tzinfo=plan.zone).astimezone(UTC)
            found.append(Dose(at, _wanted(at, drug)))
    return tuple(sorted(found, key=lambda dose: dose.at))


def _wanted(at: datetime, drug: DrugAnswer) -> str:
    if drug.last_dose is None or at <= drug.last_dose:
        return "last dose" if at == drug.last_dose else "take"
    if drug.first_dose is None or at < drug.first_dose:
        again = drug.first_dose is None and drug.restart_from is not None and at >= drug.restart_from
        return "again from now on" if again else "leave out"
    return "first dose again" if at == drug.first_dose else "take"


class _Strip:
    """The strip of a plan: where each moment lies, and what stands there."""

    def __init__(
        self, plan: Plan, start: datetime, held: tuple[DrugAnswer, ...], listed: dict[str, Medication]
    ) -> None:
        self.plan, self.start, self.held, self.listed = plan, start, held, listed
        names = ("last_dose", "stop_at", "restart_from", "first_dose")
        moments = [start, *(at for drug in held for name in names if (at := getattr(drug, name)) is not None)]
        self.first = min(moments).astimezone(plan.zone).date()
        self.last = max(moments).astimezone(plan.zone).date()
        self.zero = start_of_day(self.first, plan.zone)
        self.length = start_of_day(self.last + timedelta(days=1), plan.zone) - self.zero

    @classmethod
    def of(cls, plan: Plan, medications: Iterable[Medication]) -> _Strip | None:
        # Every other decision is a sentence without a time, even where a time is left in the answer.
        planned = (drug for drug in plan.active.drugs if drug.decision == "hold_with_plan")
        held = tuple(drug for drug in planned if drug.stop_at is not None)
        if plan.start is None or not held:
            return None
        return cls(plan, plan.start, held, {row.id: row for row in medications})

    def title(self) -> str:
        proposed = "" if self.plan.final else f". {NOT_FINAL}"
        names = " and ".join(dict.fromkeys(drug_name(drug.drug) for drug in self.held))
        return f"{capital(names)}: {day_words(self.first)} to {day_words(self.last)}{proposed}"

    def said(self) -> Iterator[Say]:
        """Every moment of the picture, in words."""
        yield self.start, "the procedure"
        for drug in self.held:
            name = drug_name(drug.drug)
            scheduled = self.doses(drug)
            for dose in scheduled:
                yield dose.at, f"{name}: {dose.wants}"
            if drug.stop_at is not None:
                yield drug.stop_at, f"{name}: no dose after this{f' (rule: hold {drug.hold})' if drug.hold else ''}"
            if drug.restart_from is not None:
                yield drug.restart_from, f"{name}: may be taken again from here"
            if not scheduled:
                for at, what in ((drug.last_dose, "last dose"), (drug.first_dose, "first dose again")):
                    if at is not None:
                        yield at, f"{name}: {what}"

    def doses(self, drug: DrugAnswer) -> tuple[Dose, ...]:
        found = doses(self.plan, drug, self.listed.get(drug.medication), self.first, self.last)
        return found if len(found) <= _MOST_DOTS else ()

    def x(self, at: datetime) -> float:
        return _LEFT + (at - self.zero) / self.length * (_RIGHT - _LEFT)

    def drawn(self, name: str) -> str:
        canvas = Canvas(name)
        tall = _TOP + _TALL * len(self.held) + 10
        self._days(canvas, tall)
        for index, drug in enumerate(self.held):
            self._drug(canvas, drug, _TOP + _TALL * index)
        needle = self.x(self.start)
        canvas.line(needle, _TOP - 12, needle, tall - 8, stroke=INK, stroke_width=2)
        local = self.start.astimezone(self.plan.zone)
        label = f"needle {local:%H:%M}"
        room = _RIGHT - needle > wide(label, 12) + 6
        canvas.write(needle + (5 if room else -5), _TOP - 4, label, bold=True, anchor=None if room else "end")
        described = "; ".join(f"{Clock(self.plan).at(at)} {what}" for at, what in sorted(self.said()))
        return canvas.drawn(WIDTH, tall, self.title(), described, role="group")

    def _days(self, canvas: Canvas, tall: float) -> None:
        count = (self.last - self.first).days + 1
        step = max(1, -(-count * _LETTERS * 7 // int(_RIGHT - _LEFT)))
        visit = (self.plan.on - self.first).days
        for index in range(count + 1):
            day = self.first + timedelta(days=index)
            at = self.x(start_of_day(day, self.plan.zone))
            canvas.line(at, 6, at, tall - 8, stroke=RULE, stroke_width=0.6)
            if index < count and (index - visit) % step == 0:
                canvas.write(at + 5, 18, day_words(day)[:10], bold=index == visit)

    def _drug(self, canvas: Canvas, drug: DrugAnswer, top: float) -> None:
        name = capital(drug_name(drug.drug))
        canvas.write(4, top + 24, "Rule")
        canvas.write(4, top + 62, name[:20], bold=True)
        canvas.write(4, top + 102, "Without the drug")
        if drug.stop_at is not None:
            self._bar(canvas, drug.stop_at, self.start, top + 12, BLUE, True, f"{drug.hold or 'held'}, no dose")
        if drug.restart_from is not None:
            begin = min(self.plan.end or self.start, drug.restart_from)
            self._bar(canvas, begin, drug.restart_from, top + 12, VIOLET, False, f"{drug.restart or ''}, then again")
        self._dots(canvas, drug, top + 58)
        if drug.last_dose is not None and drug.first_dose is not None:
            a, b = self.x(drug.last_dose), self.x(drug.first_dose)
            canvas.line(a, top + 98, b, top + 98, stroke=RED, stroke_width=2)
            for end in (a, b):
                canvas.line(end, top + 93, end, top + 103, stroke=RED, stroke_width=2)
            hours = (drug.first_dose - drug.last_dose).total_seconds() / 3600
            canvas.write((a + b) / 2, top + 114, f"{hours:g} h from last to first dose", anchor="middle")

    def _bar(
        self, canvas: Canvas, start: datetime, end: datetime, top: float, colour: str, hatched: bool, says: str
    ) -> None:
        a, b = self.x(start), self.x(end)
        fill = canvas.hatch(colour) if hatched else "none"
        canvas.box(a, top + 6, max(b - a, 1), 10, rx=3, fill=fill, stroke=colour, stroke_width=1.4)
        if wide(says, 11) < b - a:
            canvas.write(a + 2, top + 1, says, 11)

    def _dots(self, canvas: Canvas, drug: DrugAnswer, level: float) -> None:
        scheduled = self.doses(drug)
        marks = scheduled or tuple(
            Dose(at, what)
            for at, what in ((drug.last_dose, "last dose"), (drug.first_dose, "first dose again"))
            if at is not None
        )
        clock = Clock(self.plan)
        for dose in marks:
            x = self.x(dose.at)
            says = f"{clock.at(dose.at)}, {drug_name(drug.drug)}: {dose.wants}"
            with canvas.group(says, class_="mark", role="img", tabindex="-1", aria_label=says):
                if dose.wants == "leave out":
                    canvas.circle(x, level, 7, fill="none", stroke=MUTED, stroke_width=1, stroke_dasharray="2.5 2")
                    canvas.cross(x, level, 2.6, MUTED, 1.2)
                else:
                    canvas.tick(x, level, 7, ACCENT)
        for at, what in ((drug.last_dose, "Last dose"), (drug.first_dose, "First dose")):
            if at is None:
                continue
            local = at.astimezone(self.plan.zone)
            says = f"{what} {day_words(local.date())[:6]}, {local:%H:%M}"
            half = wide(says, 11) / 2
            middle = min(max(self.x(at), _LEFT + half), _RIGHT - half)
            canvas.write(middle, level + 21, says, 11, anchor="middle", bold=True)
