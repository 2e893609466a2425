"""A trend in a terminal: for each series a small plot of signs, then its table, bands and changes, then the sources."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from fractions import Fraction

from levamen.adapters.balance import Reading
from levamen.emit.reading import unread
from levamen.emit.terminal import PLAIN, Look, balance_line, plain_text
from levamen.emit.trend import words
from levamen.emit.trend.layout import Layout, Panel, Tick, layout, rows_apart
from levamen.emit.view import Sources
from levamen.emit.words import printable
from levamen.knowledge.registry import packaged
from levamen.pathway.trends import OpioidLine, Trend

_TALL = 11
_AXIS = 7
_BANDS = 14
_SIGNS = {"score": "●", "gaps": "○", "span": "│", "none": "×", "day": "─", "mark": "╎", "axis": "│", "step": "━"}
_PLAIN_SIGNS = {"score": "*", "gaps": "o", "span": "|", "none": "x", "day": "-", "mark": ":", "axis": "|", "step": "="}


def text(found: Trend, reading: Reading | None = None, sources: Sources | None = None, *, look: Look = PLAIN) -> str:
    """The page. `reading`: where the record came from; `sources`: absent, the packaged ones."""
    page = _Page(layout(found), packaged().sources if sources is None else sources, look)
    lines = list(page.lines())
    if reading is not None:
        lines += ["", *page.wrapped(words.unread(reading))]
        for issue in unread(reading.balance):
            lines += page.wrapped(f"{issue.where}: {issue.what}", "  ", "    ")
        lines += page.wrapped(balance_line(reading.balance))
    return "\n".join(line.rstrip() for line in lines) + "\n"


class _Page:
    def __init__(self, made: Layout, sources: Sources, look: Look) -> None:
        self.made, self.sources, self.look = made, sources, look
        self.signs = _SIGNS if look.unicode else _PLAIN_SIGNS
        self.wide = max(min(look.width, 100) - _AXIS - _BANDS, 20)

    def lines(self) -> Iterator[str]:
        found = self.made.trend
        title = words.title(found)
        yield from self.heading(title)
        yield ("─" if self.look.unicode else "-") * min(len(title), self.look.width)
        for panel in self.made.panels:
            yield ""
            yield from self.panel(panel)
        if found.opioids is not None:
            yield ""
            yield from self.opioids(found.opioids)
        if found.marks:
            yield ""
            yield from self.heading("Procedures, devices and events")
        for mark in found.marks:
            away = "" if mark.shown else " (outside this picture)"
            text = f"{mark.number}  {words.KINDS[mark.kind]}, {words.mark_words(mark)}{away}"
            yield from self.wrapped(text, "  ", "     ")
        yield ""
        signs = self.signs
        yield from self.wrapped(
            f"{signs['score']} score, {signs['gaps']} form with gaps, {signs['none']} no score,"
            f" {signs['span']} what it can be, {signs['day']} days on which it may have been,"
            f" {signs['mark']} procedure or event, 2 and more: so many in one place."
        )
        yield from self.wrapped(f"{words.READING} The plot shows no lines.")
        yield ""
        yield from self.wrapped("Sources")
        for id, title in words.cited(found, self.sources):
            yield from self.wrapped(f"{id}: {title}", "  ", "    ")
        yield from self.wrapped(words.checked(found))

    def panel(self, panel: Panel) -> Iterator[str]:
        series = panel.series
        yield from self.heading(words.full_title(series))
        yield from self.wrapped(words.scale(series), "  ")
        for sentence in words.summary(series):
            yield from self.wrapped(sentence, "  ")
        yield from self.numbers()
        yield from self.plot(panel)
        yield self.days()
        yield from self.table(panel)
        yield from self.notes(panel)

    # ---- the plot

    def column(self, share: Fraction) -> int:
        return min(int(share * self.wide), self.wide - 1)

    def level(self, share: Fraction) -> int:
        """The line of the plot, counted from its top."""
        return _TALL - 1 - min(int(share * (_TALL - 1) + Fraction(1, 2)), _TALL - 1)

    def numbers(self) -> Iterator[str]:
        """The numbers of procedures and events above the plot."""
        marks = self.made.marks
        rows = rows_apart([mark.x for mark in marks], Fraction(3, self.wide))
        for row in range(max(rows, default=-1) + 1):
            line = [" "] * (self.wide + 2)
            for mark, place in zip(marks, rows, strict=True):
                if place == row:
                    at = self.column(mark.x.middle)
                    for offset, digit in enumerate(str(mark.mark.number)):
                        line[at + offset] = digit
            yield " " * _AXIS + "".join(line).rstrip()

    def empty(self) -> list[list[str]]:
        cells = [[" "] * self.wide for _ in range(_TALL)]
        for mark in self.made.marks:
            for line in cells:
                line[self.column(mark.x.middle)] = self.signs["mark"]
        return cells

    def plot(self, panel: Panel) -> Iterator[str]:
        cells = self.empty()
        counts: dict[tuple[int, int], int] = {}
        for row in panel.points:
            level = self.level(row.y) if row.y is not None else _TALL - 1
            if row.span is not None:
                for at in range(self.level(row.span.high), self.level(row.span.low) + 1):
                    cells[at][self.column(row.x.middle)] = self.signs["span"]
                level = self.level(row.y if row.y is not None else row.span.middle)
            if row.x.low != row.x.high:
                for at in range(self.column(row.x.low), self.column(row.x.high) + 1):
                    cells[level][at] = self.signs["day"]
        for row in panel.points:
            if row.y is None and row.span is not None:
                continue
            spot = self.level(row.y) if row.y is not None else _TALL - 1, self.column(row.x.middle)
            counts[spot] = counts.get(spot, 0) + 1
            sign = "none" if row.y is None else "gaps" if row.point.prorated else "score"
            many = str(counts[spot]) if counts[spot] < 10 else "+"
            cells[spot[0]][spot[1]] = self.signs[sign] if counts[spot] == 1 else many
        bands = {self.level(stripe.y.middle): stripe.band.label for stripe in panel.stripes}
        yield from self.framed(cells, panel.ticks, bands)

    def framed(self, cells: list[list[str]], ticks: Sequence[Tick], bands: dict[int, str]) -> Iterator[str]:
        """The plot with the numbers of its scale on the left and its bands on the right."""
        labels = {self.level(tick.at): tick.label for tick in ticks}
        for at, line in enumerate(cells):
            band = bands.get(at, "").partition(" (")[0]
            band = band if len(band) <= _BANDS - 2 else f"{band[: _BANDS - 3]}{'…' if self.look.unicode else '.'}"
            yield f"{labels.get(at, ''):>{_AXIS - 2}} {self.signs['axis']}{''.join(line)} {band}"

    def days(self) -> str:
        line = [" "] * (self.wide + _BANDS)
        reach = 0
        for tick in self.made.ticks:
            at = self.column(tick.at)
            if at >= reach and at + len(tick.label) <= len(line):
                line[at : at + len(tick.label)] = tick.label
                reach = at + len(tick.label) + 2
        return " " * _AXIS + "".join(line).rstrip()

    def opioids(self, line: OpioidLine) -> Iterator[str]:
        yield from self.heading("Opioids ordered, MME a day")
        yield from self.wrapped(f"{line.totals.notice.says}. Every order at the most it allows.", "  ")
        yield from self.wrapped(words.opioid_summary(line), "  ")
        yield from self.numbers()
        cells = self.empty()
        for row in self.made.steps:
            for at in range(self.column(row.x.low), self.column(row.x.high) + 1):
                cells[self.level(row.y) if row.y is not None else _TALL - 1][at] = (
                    self.signs["step"] if row.y is not None else "?"
                )
        yield from self.framed(cells, self.made.opioid_ticks, {})
        yield self.days()
        for step in line.steps:
            yield from self.wrapped(words.step_words(step), "  ")
        cites = words.places((*line.totals.cites, *line.totals.notice.cites), self.sources)
        yield from self.wrapped(f"MME: factors of {line.totals.table.title} [{cites}]", "  ", "    ")

    # ---- table and notes

    def table(self, panel: Panel) -> Iterator[str]:
        rows = words.rows(panel.series)
        head = words.Row(key="", when="Date", value="Score", band="Band", change="Since first", note="Note")
        cells = [(row.when, row.value, row.band, row.change) for row in (head, *rows)]
        wides = [max(map(len, column)) if any(column[1:]) else 0 for column in zip(*cells, strict=True)]
        for row, cell in zip((head, *rows), cells, strict=True):
            start = "  " + "  ".join(part.ljust(wide) for part, wide in zip(cell, wides, strict=True) if wide)
            yield from self.wrapped(f"{start}  {row.note}", "", " " * 6, keep=True)

    def notes(self, panel: Panel) -> Iterator[str]:
        if panel.series.cites:
            yield from self.wrapped(f"Scored by [{words.places(panel.series.cites, self.sources)}]", "  ", "    ")
        for band in panel.series.bands:
            yield from self.wrapped(f"Bands {band.id} [{words.places(band.cites, self.sources)}]:", "  ", "    ")
            for told in words.band_words(band, panel.series.high):
                yield from self.wrapped(told, "    ", "      ")
        notes = words.change_notes(panel.series, self.sources)
        if notes:
            yield from self.wrapped(words.CHANGES, "  ")
        for note in notes:
            yield from self.wrapped(f"{note.sign}  {note.text} [{note.places}]", "    ", "       ")
        if panel.series.outside:
            yield from self.wrapped(words.outside_words(panel.series), "  ")

    def heading(self, text: str) -> Iterator[str]:
        for line in self.wrapped(text):
            yield f"\x1b[1m{line}\x1b[0m" if self.look.colour else line

    def wrapped(
        self, text: str, indent: str = "", following: str | None = None, *, keep: bool = False
    ) -> Iterator[str]:
        """Lines that fit. `keep`: the spaces between columns stay."""
        clean = plain_text(printable(text), self.look)
        yield from textwrap.wrap(
            clean if keep else " ".join(clean.split(" ")),
            self.look.width,
            initial_indent=indent,
            subsequent_indent=indent if following is None else following,
            break_on_hyphens=False,
        )
