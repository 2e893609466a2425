"""JSON of a trend: absent never null, the same input gives the same bytes.

`value` is a decimal of at most four places where no decimal is exact; `exact` is the fraction, `text` what people read.
"""

from __future__ import annotations

from fractions import Fraction

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.derive.scores import decimal_of
from levamen.emit.json_values import Json, as_line, cites, decimal, iso, read_of, statement, without_empty
from levamen.emit.trend import words
from levamen.knowledge.instruments.rows import NONE_FOUND, BandSet
from levamen.pathway.trend_marks import TrendMark
from levamen.pathway.trend_series import Size, TrendPoint, TrendSeries
from levamen.pathway.trends import OpioidLine, Trend
from levamen.record.timeline import When

FORMAT = "levamen.trend/1"


def encode(found: Trend, reading: Reading) -> bytes:
    """One trend as one line of JSON."""
    return as_line(document(found, reading))


def document(found: Trend, reading: Reading) -> Json:
    """The trend as plain data, in the order of the published schema."""
    return without_empty(
        {
            "format": FORMAT,
            "engine": __version__,
            "as_of": found.moment,
            "patient": found.record,
            "import": read_of(reading.balance),
            "from": found.start.isoformat(),
            "to": found.end.isoformat(),
            "series": [_series(row) for row in found.series],
            "marks": [_mark(row) for row in found.marks],
            "opioids": _opioids(found.opioids) if found.opioids is not None else None,
        }
    )


def _series(series: TrendSeries) -> Json:
    return without_empty(
        {
            "instrument": series.instrument,
            "kind": series.kind,
            "title": series.title,
            "pain": series.pain,
            "about": series.about,
            "unit": series.unit,
            "direction": series.direction,
            "says": list(words.summary(series)),
            "range": {"low": decimal_of(series.low), "high": decimal_of(series.high)}
            if series.low is not None and series.high is not None
            else None,
            "version": series.table,
            "checked": iso(series.checked),
            "cites": cites(series.cites),
            "first": [row.key for row in series.first],
            "latest": [row.key for row in series.latest],
            "outside": series.outside or None,
            "points": [_point(row) for row in series.points],
            "bands": [_bands(row) for row in series.bands],
            "changes": [_size(row) for row in series.sizes],
        }
    )


def _point(point: TrendPoint) -> Json:
    return without_empty(
        {
            "key": point.key,
            "fact": point.fact,
            "date": _when(point.when),
            "value": decimal_of(point.value) if point.value is not None else None,
            "exact": str(point.value) if point.value is not None else None,
            "text": point.text,
            "low": _number(point.low),
            "high": _number(point.high),
            "reason": point.reason,
            "answered": point.answered,
            "items": point.items,
            "prorated": point.prorated or None,
            "entered": point.entered or None,
            "form": point.version,
            "procedure": point.procedure,
            "joined": point.joined,
            "gap": point.gap,
            "since_first": _number(point.since_first),
            "bands": [
                {"id": row.id, "label": row.label, "patient": row.patient, "certain": row.certain}
                for row in point.bands
            ],
        }
    )


def _number(value: Fraction | None) -> Json | None:
    return {"value": decimal_of(value), "exact": str(value)} if value is not None else None


def _when(when: When | None) -> Json | None:
    """The days on which it may have been, and the instant where one was given."""
    if when is None:
        return None
    return without_empty(
        {
            "first": when.first.isoformat(),
            "last": when.last.isoformat(),
            "at": when.at.isoformat() if when.at is not None else None,
        }
    )


def _bands(row: BandSet) -> Json:
    return {
        "id": row.id,
        "rows": [
            without_empty(
                {
                    "low": band.low,
                    "above": band.above or None,
                    "of": band.of,
                    "label": band.label,
                    "patient": band.patient,
                }
            )
            for band in row.rows
        ],
        "cites": cites(row.cites),
    }


def _size(size: Size) -> Json:
    row = size.change
    return without_empty(
        {
            "least": row.least,
            "most": row.most,
            "unit": row.unit,
            "points": {"least": decimal_of(size.least), "most": decimal_of(size.most)}
            if size.least is not None and size.most is not None
            else None,
            "says": row.says,
            "population": row.population if row.population != NONE_FOUND else None,
            "method": row.method if row.method != NONE_FOUND else None,
            "cites": cites(row.cites),
        }
    )


def _mark(mark: TrendMark) -> Json:
    return without_empty(
        {
            "number": mark.number,
            "kind": mark.kind,
            "fact": mark.fact,
            "title": mark.title,
            "date": _when(mark.when),
            "detail": mark.detail,
            "certain": mark.certain,
            "shown": mark.shown,
        }
    )


def _opioids(line: OpioidLine) -> Json:
    totals = line.totals
    return {
        "notice": statement(totals.notice),
        "table": {"id": totals.table.id, "title": totals.table.title},
        "cites": cites(totals.cites),
        "steps": [
            {
                "from": step.first.isoformat(),
                "to": step.last.isoformat(),
                "mme": decimal(step.mme, up=True) if step.mme is not None else "unknown",
            }
            for step in line.steps
        ],
    }
