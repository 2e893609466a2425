"""A trend as Markdown: a table for each series, and what happened on the way."""

from __future__ import annotations

from collections.abc import Iterator

from levamen.adapters.balance import Reading
from levamen.emit.markdown import text
from levamen.emit.trend import words
from levamen.emit.view import Sources
from levamen.knowledge.registry import packaged
from levamen.pathway.headline import day_words
from levamen.pathway.trend_series import TrendSeries
from levamen.pathway.trends import Trend


def markdown(found: Trend, reading: Reading | None = None, sources: Sources | None = None) -> str:
    """The tables. `sources`: absent, the packaged ones."""
    return "\n".join(_lines(found, words.unread(reading), packaged().sources if sources is None else sources)) + "\n"


def _lines(found: Trend, remark: str, sources: Sources) -> Iterator[str]:
    yield f"# {text(words.title(found))}"
    if remark:
        yield from ("", f"**{text(remark)}**")
    for series in found.series:
        yield from ("", f"## {text(words.full_title(series))}", "")
        yield text(" ".join((words.scale(series), *words.summary(series))))
        yield from ("", "| date | score | band | since first | note |", "|---|---|---|---|---|")
        for row in words.rows(series):
            yield f"| {' | '.join(text(cell) for cell in (row.when, row.value, row.band, row.change, row.note))} |"
        yield ""
        yield from _notes(series, sources)
    if found.opioids is not None:
        totals = found.opioids.totals
        yield from ("", "## Opioids ordered, MME a day", "", f"{text(totals.notice.says)}.", "")
        yield from ("| from | to | MME a day |", "|---|---|---|")
        for step in found.opioids.steps:
            yield f"| {day_words(step.first)} | {day_words(step.last)} | {words.mme(step)} |"
        cites = words.places((*totals.cites, *totals.notice.cites), sources)
        yield from ("", f"- Factors of {text(totals.table.title)}: {text(cites)}")
    if found.marks:
        yield from ("", "## Procedures, devices and events", "")
    for mark in found.marks:
        yield f"{mark.number}. {words.KINDS[mark.kind]}, {text(words.mark_words(mark))}"
    yield from ("", text(words.READING), "", "Sources:", "")
    for id, title in words.cited(found, sources):
        yield f"- {text(id)}: {text(title)}"
    yield from ("", words.checked(found)) if words.checked(found) else ()


def _notes(series: TrendSeries, sources: Sources) -> Iterator[str]:
    if series.cites:
        yield f"- Scored by {text(words.places(series.cites, sources))}"
    for band in series.bands:
        yield f"- Bands {text(band.id)} ({text(words.places(band.cites, sources))}): " + "; ".join(
            text(told) for told in words.band_words(band, series.high)
        )
    notes = words.change_notes(series, sources)
    if notes:
        yield f"- {text(words.CHANGES)}"
    for note in notes:
        yield f"  - {note.sign}: {text(note.text)} ({text(note.places)})"
    if series.outside:
        yield f"- {words.outside_words(series)}"
