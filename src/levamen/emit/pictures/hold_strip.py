"""A hold plan as a strip of days: every dose a sign, the rule as bars, the hours without protection, and the tasks.

A time stands here only where the plan has one: a drug that is decided on with its prescriber, that goes on, or that
must not be held has its sentence and no sign of a dose. Hours are elapsed hours; those of two drugs are never added.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from levamen.derive.periods import number
from levamen.emit.pictures.canvas import ACCENT, BLUE, INK, MUTED, RED, RULE, VIOLET, Canvas, Table, length, wide
from levamen.emit.pictures.hold_doses import STATES, DrugStrip, HoldStrip, State
from levamen.emit.plan.words import (
    NOT_FINAL,
    Clock,
    day_words,
    drug_name,
    missing_lines,
    procedure_words,
    restart_words,
)
from levamen.emit.words import capital, dates_in_words
from levamen.pathway.periprocedural.answers import DrugAnswer
from levamen.record.timeline import start_of_day

WIDTH = 900
_LEFT, _RIGHT = 168.0, 888.0
_MOST_DAYS = 16
"""A longer strip names every second day, every third …"""


def svg(found: HoldStrip, *, name: str = "strip") -> str:
    """The picture. Every dose can take the focus of a script (`tabindex` -1, class `dose`)."""
    return _Strip(found, name).drawn()


def table(found: HoldStrip) -> Table:
    """Every dose, bar and task in words, in the order of the picture."""
    drawing = _Strip(found, "strip")
    drawing.drawn()
    return Table(_title(found), ("What", "When", "Then"), tuple(drawing.rows))


def _title(found: HoldStrip) -> str:
    plan = found.plan
    when = f", {Clock(plan).at(plan.start)}" if plan.start is not None else ", no time set"
    return f"{procedure_words(plan)}{when}{'' if plan.final else f'. {NOT_FINAL}'}"


class _Strip:
    """One strip being drawn from above."""

    def __init__(self, found: HoldStrip, name: str) -> None:
        self.found, self.plan, self.canvas = found, found.plan, Canvas(name)
        self.clock = Clock(found.plan)
        self.rows: list[tuple[str, str, str]] = []
        self.dose_count = 0
        self.y = 8.0

    def drawn(self) -> str:
        found, canvas = self.found, self.canvas
        if not self.plan.final:
            canvas.write(8, self.y + 14, NOT_FINAL, 13, bold=True)
            self.y += 24
        top = self.y
        if found.first is not None:
            self.y = top + 46
        for drug in found.drugs:
            self.drug(drug)
        needle_end = self.y
        self.not_known()
        if found.first is not None:
            self.tasks()
        if found.first is not None:
            self.days(top, self.y, needle_end)
            self.y += 20
            note = self.clock.note if self.clock.changes else f"{self.clock.note} Hours are elapsed hours."
            canvas.write(8, self.y, note, 11, muted=True)
            self.legend()
        said = "; ".join(f"{what} {when}: {then}" for what, when, then in self.rows if what != "Task")
        return canvas.drawn(WIDTH, self.y + 12, _title(found), f"{said or 'No dose is shown'}.", role="group")

    def x(self, at: datetime) -> float:
        assert self.found.first is not None  # noqa: S101 - only a strip with days places moments
        assert self.found.last is not None  # noqa: S101 - the same strip
        zero = start_of_day(self.found.first, self.plan.zone)
        whole = start_of_day(self.found.last + timedelta(days=1), self.plan.zone) - zero
        share = (at.astimezone(UTC) - zero) / whole
        return _LEFT + min(max(share, 0.0), 1.0) * (_RIGHT - _LEFT)

    def row(self, what: str, when: str, then: str) -> int:
        self.rows.append((what, when, then))
        return len(self.rows) - 1

    def title(self, row: int) -> str:
        what, when, then = self.rows[row]
        return f"{when}, {then}: {what}"

    def not_known(self) -> None:
        """What is missing; without a drug to tell of, that the record has none is no answer that there is none."""
        missing = [f"{line}." for line in missing_lines(self.plan)]
        if not self.found.drugs:
            missing.insert(0, "No drug on record that this plan speaks of.")
        if missing:
            self.canvas.write(8, self.y + 16, "Not known", 13, bold=True)
        for text in missing:
            row = self.row("Not known", "now", text)
            with self.canvas.group(data_row=row):
                self.y = self.canvas.lines(_LEFT, self.y + 16, text, _RIGHT - _LEFT, 12) - 15
        self.y += 8 if missing else 0

    # ---- a drug

    def drug(self, found: DrugStrip) -> None:
        canvas, top = self.canvas, self.y
        canvas.line(8, top, _RIGHT, top, stroke=RULE, stroke_opacity=0.5)
        y = canvas.lines(8, top + 18, found.drug, _LEFT - 24, 13, bold=True)
        if found.how:
            y = canvas.lines(8, y - 2, found.how, _LEFT - 24, 11, muted=True)
        if found.held is None:
            row = self.row(found.drug, "no time", found.says)
            with canvas.group(self.title(row), data_row=row):
                self.y = max(canvas.lines(_LEFT, top + 18, found.says, _RIGHT - _LEFT, 13), y)
            return
        self.bars(found, found.held, top + 8)
        self.doses(found, top + 58)
        self.unprotected(found, found.held, top + 116)
        self.y = max(y, top + 142)

    def bars(self, found: DrugStrip, drug: DrugAnswer, top: float) -> None:
        """The rule: without the drug until the needle, and until it is taken again."""
        assert drug.stop_at is not None  # noqa: S101 - only held drugs have bars
        assert self.plan.start is not None  # noqa: S101 - the same strip
        canvas = self.canvas
        begin, needle = self.x(drug.stop_at), self.x(self.plan.start)
        told = f"{drug.hold or 'hold'} without {drug_name(drug.drug)}"
        span = f"{self.clock.at(drug.stop_at)} to {self.clock.at(self.plan.start)}"
        row = self.row("Rule", span, told)
        with canvas.group(self.title(row), data_row=row):
            canvas.write(begin if begin + wide(told, 12) < needle else needle - 4, top + 10, told, 12,
                         anchor=None if begin + wide(told, 12) < needle else "end")  # fmt: skip
            canvas.box(begin, top + 15, needle - begin, 14, rx=3, fill=canvas.hatch(BLUE), stroke=BLUE)
        if drug.restart_from is not None:
            until = self.x(drug.restart_from)
            told = restart_words(drug.restart) or "then again"
            row = self.row("Rule", f"not before {self.clock.at(drug.restart_from)}", told)
            with canvas.group(self.title(row), data_row=row):
                fits = needle + 4 + wide(told, 12) < _RIGHT
                canvas.write(needle + 4 if fits else _RIGHT, top + 10, told, 12,
                             anchor=None if fits else "end")  # fmt: skip
                canvas.box(needle, top + 15, max(until - needle, 1), 14, rx=3, fill="none", stroke=VIOLET,
                           stroke_width=1.6)  # fmt: skip

    def doses(self, found: DrugStrip, y: float) -> None:
        canvas = self.canvas
        if not any(dose.state == "usual" for dose in found.doses):
            canvas.write(8, y + 18, "dose times not known", 11, muted=True)
        places = [self.x(dose.at) for dose in found.doses]
        gap = min((after - before for before, after in itertools.pairwise(places)), default=40.0)
        radius = max(2.5, min(8.0, gap * 0.42))
        for dose, x in zip(found.doses, places, strict=True):
            when = self.clock.at(dose.at)
            row = self.row(found.drug, when, STATES[dose.state])
            self.dose_count += 1
            with canvas.group(
                f"{when}, {STATES[dose.state]}", id=f"{canvas.name}-dose-{self.dose_count}",
                class_=f"dose {dose.state}", role="img", tabindex="-1", data_row=row,
            ):  # fmt: skip
                self.sign(dose.state, x, y, radius)
                if dose.state in ("last", "first"):
                    canvas.write(x, y + 24, capital(STATES[dose.state]), 12, anchor="middle", bold=True)
                    local = dose.at.astimezone(self.plan.zone)
                    short = f"{day_words(local.date())[:6]}, {local:%H:%M}"
                    canvas.write(x, y + 38, short, 11, anchor="middle")
        left_out = [x for dose, x in zip(found.doses, places, strict=True) if dose.state == "left-out"]
        if left_out:
            told = f"{len(left_out)} dose{'' if len(left_out) == 1 else 's'} left out"
            row = self.row(found.drug, "in all", told)
            with canvas.group(told, data_row=row):
                needle = self.x(self.plan.start) if self.plan.start is not None else left_out[-1]
                parts = [(left_out[0], min(needle, left_out[-1])), (max(needle, left_out[0]), left_out[-1])]
                start, end = max(parts, key=lambda part: part[1] - part[0])
                middle = (start + end) / 2
                room = end - start > wide(told, 11) + 90
                if room:
                    canvas.write(middle, y + 24, told, 11, anchor="middle", muted=True)

    def sign(self, state: State, x: float, y: float, radius: float) -> None:
        canvas = self.canvas
        if state in ("usual", "last", "first"):
            canvas.tick(x, y, radius)
            if state != "usual":
                canvas.circle(x, y, radius + 3, fill="none", stroke=ACCENT, stroke_width=1.6)
        else:
            canvas.circle(x, y, radius, fill="none", stroke=MUTED, stroke_dasharray="3 2")
            if state == "left-out":
                canvas.cross(x, y, radius * 0.42, MUTED)
            else:
                canvas.path(f"M{length(x)} {length(y - 4)}v4M{length(x)} {length(y + 2)}v2", stroke=MUTED)

    def unprotected(self, found: DrugStrip, drug: DrugAnswer, y: float) -> None:
        canvas = self.canvas
        canvas.write(8, y + 4, "Time unprotected", 11, muted=True)
        if found.unprotected is None or drug.last_dose is None or drug.first_dose is None:
            why = "the last dose is not known" if drug.last_dose is None else "the first dose again is not decided"
            row = self.row("Time unprotected", "not known", why)
            with canvas.group(data_row=row):
                canvas.write(_LEFT, y + 4, f"Not known: {why}", 12)
            return
        usual = f" (usual {number(found.usual)} h)" if found.usual is not None else ""
        told = f"{number(found.unprotected)} h from last to first dose{usual}"
        row = self.row("Time unprotected", f"{self.clock.at(drug.last_dose)} to {self.clock.at(drug.first_dose)}", told)
        with canvas.group(self.title(row), data_row=row):
            x, end = self.x(drug.last_dose), self.x(drug.first_dose)
            canvas.path(f"M{length(x)} {length(y - 5)}v10M{length(x)} {length(y)}H{length(end)}M{length(end)}"
                        f" {length(y - 5)}v10", fill="none", stroke=RED, stroke_width=2)  # fmt: skip
            needle = self.x(self.plan.start) if self.plan.start is not None else end
            broad = wide(told, 12)
            spots = [at for at, room in ((x + 6, needle), (needle + 6, _RIGHT)) if at + broad <= room]
            canvas.write(spots[0] if spots else _RIGHT - broad, y + 18, told, 12, bold=True)

    # ---- tasks and days

    def tasks(self) -> None:
        canvas, tasks = self.canvas, self.plan.tasks
        if not tasks:
            return
        canvas.line(8, self.y, _RIGHT, self.y, stroke=RULE, stroke_opacity=0.5)
        canvas.write(8, self.y + 18, "Tasks", 13, bold=True)
        top = self.y + 14
        reach: list[float] = []
        outside = []
        for task in tasks:
            if task.at is None:
                continue
            what = capital(dates_in_words(task.what))
            if not self.inside(task.at):
                outside.append((self.clock.at(task.at), what))
                continue
            x = self.x(task.at)
            short = what if len(what) <= 60 else f"{what[:57].rpartition(' ')[0]} …"
            broad = wide(short, 11) + 14
            ends = x + broad > _RIGHT
            low, high = (x - broad, x + 6) if ends else (x - 6, x + broad)
            place = next((index for index, end in enumerate(reach) if low > end + 6), len(reach))
            reach[place : place + 1] = [high]
            row, y = self.row("Task", self.clock.at(task.at), what), top + place * 17
            with canvas.group(self.title(row), data_row=row):
                canvas.circle(x, y, 4, fill=BLUE)
                canvas.write(x - 9 if ends else x + 9, y + 4, short, 11, anchor="end" if ends else None)
        self.y = top + max(len(reach), 0 if outside else 1) * 17 + 2
        undated = sum(task.at is None for task in tasks)
        if undated:
            outside.append(("no time", f"{undated} more in the list of tasks"))
        for when, what in outside:
            row = self.row("Task", when, what)
            with canvas.group(data_row=row):
                self.y = canvas.lines(_LEFT, self.y + 4, f"{when}: {what}", _RIGHT - _LEFT, 11) - 2

    def inside(self, at: datetime) -> bool:
        found = self.found
        if found.first is None or found.last is None:
            return False
        return found.first <= at.astimezone(self.plan.zone).date() <= found.last

    def days(self, top: float, bottom: float, needle_end: float) -> None:
        """The days with their names, the one of the procedure marked, and the needle through every row."""
        found, canvas = self.found, self.canvas
        assert found.first is not None  # noqa: S101 - asked only of a strip with days
        assert found.last is not None  # noqa: S101 - the same strip
        assert self.plan.start is not None  # noqa: S101 - the same strip
        count = (found.last - found.first).days + 1
        every = -(-count // _MOST_DAYS)
        visit = (self.plan.on - found.first).days
        for index in range(count):
            day = found.first + timedelta(days=index)
            x = self.x(start_of_day(day, self.plan.zone))
            end = self.x(start_of_day(day + timedelta(days=1), self.plan.zone))
            canvas.line(x, top + 4, x, bottom, stroke=RULE, stroke_opacity=0.5)
            if day == self.plan.on:
                canvas.box(x, top + 4, end - x, bottom - top - 4, fill=INK, fill_opacity=0.06)
            if (index - visit) % every == 0:
                room = (end - x) * every - 8
                labels = (day_words(day)[:10], day_words(day)[:6], f"{day.day}")
                label = next((one for one in labels if wide(one, 12) * 1.08 < room), labels[-1])
                canvas.write(x + 5, top + 18, label, 12, bold=day == self.plan.on)
        canvas.line(_RIGHT, top + 4, _RIGHT, bottom, stroke=RULE, stroke_opacity=0.5)
        needle = self.x(self.plan.start)
        row = self.row("Procedure", self.clock.at(self.plan.start), "needle")
        with canvas.group(self.title(row), data_row=row):
            canvas.line(needle, top + 40, needle, needle_end, stroke_width=2)
            canvas.path(f"M{length(needle - 6)} {length(top + 33)}h12l-6 8Z", fill=INK)
            local = self.plan.start.astimezone(self.plan.zone)
            canvas.write(needle + 9, top + 39, f"needle {local:%H:%M}", 12, bold=True)

    def legend(self) -> None:
        used = {dose.state for drug in self.found.drugs for dose in drug.doses}
        x, self.y = 16.0, self.y + 24
        for state, told in STATES.items():
            if state in used:
                self.sign(state, x, self.y - 4, 7)
                self.canvas.write(x + 14, self.y, told, 11)
                x += 42 + wide(told, 11)
