"""One instrument's scores in the order of their days, and the relief after procedures: points, joins, bands, changes.

A form that gave no score is a point without a value and with its reason; 0 is a value. Two neighbours are joined by a
line only where nothing lies between them: *dashed* where other forms were filled in between and this one was not,
*none* where a form between them gave no score, where their order is not known, or where the form is another version.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Cite
from levamen.derive.periods import number
from levamen.derive.scores import BandFound, Scored, shown
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.knowledge.instruments.rows import BandSet, Change
from levamen.pathway.scores import scored
from levamen.record import codes
from levamen.record.facts import Pain, Record, Score
from levamen.record.timeline import When
from levamen.text.tree import UnusableInput

RELIEF = "percent-relief"
Join = Literal["none", "line", "dashed"]


class TrendPoint(Struct, frozen=True, kw_only=True):
    """One fact. Where there is no score, `reason` says why; `text` is what there is, in words.

    `low` and `high`: what the value can be where that is not one number: beside a value, of a form with gaps; without
    one, a stated range, in which no number is chosen.
    `joined` is to the point before; `gap` says why there is no whole line. `procedure`: its number in the picture.
    `since_first` is absent where it cannot be told; it is in the scale's own points, positive is higher.
    """

    key: str
    fact: str
    when: When | None
    value: Fraction | None
    text: str
    low: Fraction | None = None
    high: Fraction | None = None
    reason: str | None = None
    answered: int | None = None
    items: int | None = None
    prorated: bool = False
    entered: bool = False
    version: str | None = None
    bands: tuple[BandFound, ...] = ()
    procedure: int | None = None
    joined: Join = "none"
    gap: str = ""
    since_first: Fraction | None = None


class Size(Struct, frozen=True, kw_only=True):
    """A change that a source calls important, as a length on the scale; absent where the first score is not known."""

    change: Change
    least: Fraction | None
    most: Fraction | None


class TrendSeries(Struct, frozen=True, kw_only=True):
    """The points of one instrument and pain, dated ones first, in the order of their days.

    `low` and `high` are the ends of the scale, absent where they are not confirmed. `first` and `latest` are the keys
    of the points with a value that no other surely precedes or follows: several where the order is not known.
    """

    instrument: str
    kind: Literal["score", "relief"]
    title: str
    direction: str
    points: tuple[TrendPoint, ...]
    pain: str | None = None
    about: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    unit: str = ""
    bands: tuple[BandSet, ...] = ()
    sizes: tuple[Size, ...] = ()
    first: tuple[TrendPoint, ...] = ()
    latest: tuple[TrendPoint, ...] = ()
    cites: tuple[Cite, ...] = ()
    table: str | None = None
    checked: date | None = None
    outside: int = 0


def dated_first(when: When | None) -> tuple[bool, date, date, float]:
    """The order of days: exact and partial by their first day, without a time before with one; without a day last."""
    if when is None:
        return True, date.max, date.max, 0.0
    return False, when.first, when.last, when.at.timestamp() if when.at is not None else float("-inf")


def score_series(
    record: Record, id: str, pain: Pain | None, pain_id: str | None, scores: Iterable[Score], visits: Sequence[date]
) -> TrendSeries:
    """The series of one instrument. `visits`: the days on which any form of the record was filled in, ascending."""
    of = instrument(id) if id in instrument_ids() else None
    entry = codes.entry("instruments", id)
    confirmed = of is not None or entry.get("mark") != "unverified"
    low, high = (Fraction(str(end)) for end in entry["range"]) if confirmed else (None, None)
    points = ordered([_point(record, fact) for fact in scores])
    found = TrendSeries(
        instrument=id,
        kind="score",
        title=str(entry["label"]),
        direction=str(entry["direction"]),
        points=points,
        pain=pain_id,
        about=_pain_words(pain, pain_id),
        low=low,
        high=high,
        unit="%" if id == RELIEF else "",
        bands=of.bands if of is not None else (),
        cites=of.scoring.cites if of is not None else (),
        table=of.version if of is not None else None,
        checked=of.checked if of is not None else None,
    )
    found = _compared(replace(found, points=joined(points, visits)))
    base = found.first[0].value if len(found.first) == 1 else None
    return replace(found, sizes=tuple(_size(row, base) for row in of.changes) if of is not None else ())


def _pain_words(pain: Pain | None, id: str | None) -> str:
    if pain is None:
        return f"pain {id}, which the record does not describe" if id is not None else ""
    site = codes.label("pain_sites", pain.site) if pain.site is not None else ""
    side = {"both": "both sides", None: ""}.get(pain.side, pain.side or "")
    place = site or (codes.label("regions", pain.region) if pain.region is not None else "")
    return ", ".join(part for part in (place, side) if part) or f"pain {pain.id}"


def _point(record: Record, fact: Score) -> TrendPoint:
    """The point of a score: from its answers where it has them; a value of no scoring table stands as it is."""
    bare = TrendPoint(key=fact.id, fact=fact.id, when=fact.date, value=None, text="no score", version=fact.version)
    if fact.instrument not in instrument_ids():
        if fact.value is None:
            return replace(bare, reason="no value is recorded")
        unit = " %" if fact.instrument == RELIEF else ""
        value = Fraction(fact.value)
        return replace(bare, value=value, text=f"{number(value)}{unit}", entered=True)
    try:
        found = scored(record, fact)
    except UnusableInput as error:
        return replace(bare, reason=_plain_reason(str(error), fact))
    counted = {} if found.entered else {"answered": found.n_answered, "items": found.n_items}
    if found.value is None:
        return replace(bare, reason=found.reason, text=_codes(found) or "no score", **counted)
    open_ = found.low != found.high
    return replace(
        bare,
        value=found.value,
        text=shown(found.value),
        low=found.low if open_ else None,
        high=found.high if open_ else None,
        prorated=found.prorated,
        entered=found.entered,
        bands=found.bands,
        **counted,
    )


def _plain_reason(text: str, fact: Score) -> str:
    return "the form has neither a score nor answers" if fact.value is None and not fact.answers else text


def _codes(found: Scored) -> str:
    return f"codes {'-'.join('?' if code is None else f'{code:f}' for code in found.codes)}" if found.codes else ""


def ordered(points: Sequence[TrendPoint]) -> tuple[TrendPoint, ...]:
    return tuple(sorted(points, key=lambda row: (*dated_first(row.when), row.key)))


def _settled(points: Sequence[TrendPoint]) -> dict[str, int]:
    """A place in time for each point whose order among all the others is known."""
    found: dict[str, int] = {}
    group: list[TrendPoint] = []
    reach = date.min
    place = 0
    for row in (*points, None):
        when = row.when if row is not None else None
        if group and (when is None or when.first > reach):
            times = [one.when.at.timestamp() for one in group if one.when is not None and one.when.at is not None]
            if len(group) == 1 or len(set(times)) == len(group):
                for one in group:
                    found[one.key] = place = place + 1
            group = []
        if row is not None and when is not None:
            reach = max(reach, when.last) if group else when.last
            group.append(row)
    return found


def joined(points: tuple[TrendPoint, ...], visits: Sequence[date]) -> tuple[TrendPoint, ...]:
    """How each point is joined to the one before it; forms without a score are passed over and break the line."""
    places = _settled(points)
    found: list[TrendPoint] = []
    before: TrendPoint | None = None
    empty = False
    for row in points:
        if row.when is None:
            found.append(row)
        elif row.reason is not None:
            empty = True
            found.append(row)
        else:
            found.append(_join(row, before, visits, empty=empty, places=places) if before is not None else row)
            before, empty = row, False
    return tuple(found)


def _join(
    row: TrendPoint, before: TrendPoint, visits: Sequence[date], *, empty: bool, places: Mapping[str, int]
) -> TrendPoint:
    if row.key not in places or before.key not in places:
        return replace(row, gap="which came first is not known")
    if row.value is None or before.value is None:
        return replace(row, gap="a range was stated, and no number in it is chosen")
    if empty:
        return replace(row, gap="a form between them gave no score")
    if row.version != before.version:
        return replace(row, gap="the form is another version, or one of the two is not recorded")
    assert row.when is not None and before.when is not None  # noqa: S101, PT018 - both have a place in time
    between = bisect_left(visits, row.when.first) - bisect_right(visits, before.when.last)
    if between > 0:
        return replace(row, joined="dashed", gap="other forms were filled in between, this one was not")
    return replace(row, joined="line")


def outermost(points: Sequence[TrendPoint], *, last: bool) -> tuple[TrendPoint, ...]:
    """The points with a score that no other one surely precedes (or, of the last, follows)."""
    rows = [(row, row.when) for row in points if row.reason is None and row.when is not None]
    if not rows:
        return ()
    times = [when.at.timestamp() for _, when in rows if when.at is not None]
    if last:
        edge = max(when.first for _, when in rows)
        kept = [(row, when) for row, when in rows if when.last >= edge]
        return tuple(row for row, when in kept if when.at is None or when.at.timestamp() == max(times))
    edge = min(when.last for _, when in rows)
    kept = [(row, when) for row, when in rows if when.first <= edge]
    return tuple(row for row, when in kept if when.at is None or when.at.timestamp() == min(times))


def _compared(series: TrendSeries) -> TrendSeries:
    """The series with its ends, and each point's change since the first score where both are of one version."""
    first = outermost(series.points, last=False)
    base = first[0] if len(first) == 1 else None
    points = tuple(
        replace(row, since_first=row.value - base.value)
        if base is not None
        and base.value is not None
        and row.value is not None
        and row.key != base.key
        and row.when is not None
        and row.version == base.version
        else row
        for row in series.points
    )
    by_key = {row.key: row for row in points}
    latest = tuple(by_key[row.key] for row in outermost(points, last=True))
    return replace(series, points=points, first=first, latest=latest)


def _size(change: Change, base: Fraction | None) -> Size:
    if change.unit == "points":
        return Size(change=change, least=Fraction(change.least), most=Fraction(change.most))
    if base is None or base <= 0:
        return Size(change=change, least=None, most=None)
    return Size(change=change, least=base * Fraction(change.least) / 100, most=base * Fraction(change.most) / 100)
