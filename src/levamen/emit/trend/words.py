"""What every format of a trend says: dates, directions, the sentence of a panel, the rows of its table, the notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from levamen.adapters.balance import Reading
from levamen.criteria.nodes import Cite
from levamen.derive.periods import number
from levamen.derive.scores import shown
from levamen.emit.reading import unread_words
from levamen.emit.score import DIRECTIONS
from levamen.emit.view import Sources, place, source_title
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.instruments.rows import NONE_FOUND, BandSet
from levamen.pathway.headline import day_words
from levamen.pathway.trend_marks import TrendMark
from levamen.pathway.trend_series import Size, TrendPoint, TrendSeries
from levamen.pathway.trends import OpioidLine, Step, Trend
from levamen.record.timeline import When

BETTER = {"higher-worse": "lower is better", "higher-better": "higher is better"}
READING = (
    "Each mark is one answer. A whole line joins neighbours; dashed: other forms were filled in between, this one was"
    " not; no line: a form gave no score, the order is not known, a range was stated, or the form is another version."
    " Nothing is known of the time between."
)
SHAPES = (
    "Disc: a score. Ring: a form with gaps, and the bar through it what the complete form can give. Bar along the days:"
    " the day is not known. Cross: no score."
)
CHANGES = "Changes that matter, by source (they decide nothing):"
KINDS = {"procedure": "Procedure", "device": "Device", "event": "Event"}
NO_DAY = "no date"


class Row(Struct, frozen=True, kw_only=True):
    """A line of a table: one point. `change` is since the first score."""

    key: str
    when: str
    value: str
    band: str = ""
    change: str = ""
    note: str = ""


class Note(Struct, frozen=True, kw_only=True):
    """A statement with where it stands: of a band, or of a change. `sign` is how the picture calls it."""

    sign: str
    text: str
    places: str


def unread(reading: Reading | None) -> str:
    """What of the record could not be read, and is therefore missing here; empty where all was."""
    told = unread_words(reading.balance, "this picture") if reading is not None else ""
    return f"{told}." if told else ""


def title(found: Trend) -> str:
    return f"{found.record}, {span(found)}"


def span(found: Trend) -> str:
    return f"{day_words(found.start)} to {day_words(found.end)}, as known {day_words(found.as_of)}"


def full_title(series: TrendSeries) -> str:
    """The title with the pain that it is about."""
    return f"{series.title} ({series.about})" if series.about else series.title


def scale(series: TrendSeries) -> str:
    """`Lower is better. Scale 0 to 10.`"""
    if series.kind == "relief":
        return "Higher is better: 100 % is no pain left, 0 % no change, below 0 % more pain."
    told = BETTER.get(series.direction) or DIRECTIONS[series.direction]
    if series.low is None or series.high is None:
        return f"{capital(told)}. The ends of the scale are not confirmed."
    return (
        f"{capital(told)}. Scale {shown(series.low)} to {shown(series.high)}{f' {series.unit}' if series.unit else ''}."
    )


def when_words(when: When | None) -> str:
    """`12 Feb 2026, 11:00`; of a partial date the month or year, or its two ends."""
    if when is None:
        return NO_DAY
    if when.at is not None:
        return f"{day_words(when.first)}, {when.at:%H:%M}"
    if when.exact:
        return day_words(when.first)
    text = str(when)
    if text.count("-") == 1:
        return f"{when.first:%b %Y}, day not known"
    return f"{when.first:%Y}, day not known" if text.isdigit() else dates_in_words(text)


def summary(series: TrendSeries) -> tuple[str, ...]:
    """First and latest score, what lies between them, and how many forms gave none: a sentence each."""
    scored = [row for row in series.points if row.reason is None]
    empty = len(series.points) - len(scored)
    told = [f"{empty} {'form' if empty == 1 else 'forms'} without a score."] if empty and series.kind == "score" else []
    if not scored:
        return tuple(told) or ("Nothing was measured.",)
    latest = _named(series.latest)
    if series.kind == "relief":
        after = {row.procedure for row in series.latest}
        return (f"Latest: {latest}{f', after {next(iter(after))}' if len(after) == 1 else ''}.",)
    if len(scored) == 1 and not series.outside:
        return (f"{capital(latest)}. One score: no change to tell.", *told)
    change = change_words(series.latest[0], series) if len(series.latest) == 1 else ""
    return (f"First {_named(series.first)}, latest {latest}.", *([f"{capital(change)}."] if change else []), *told)


def _named(points: Sequence[TrendPoint]) -> str:
    if not points:
        return "without a date"
    texts = " and ".join(dict.fromkeys(row.text for row in points))
    days = " and ".join(dict.fromkeys(when_words(row.when) for row in points))
    return f"{texts} ({days})"


def change_words(point: TrendPoint, series: TrendSeries) -> str:
    """`5 points lower: better`; empty where no change can be told."""
    change = point.since_first
    if change is None:
        return ""
    if change == 0:
        return "same as first"
    size = f"{shown(abs(change))} {'point' if abs(change) == 1 else 'points'} {'higher' if change > 0 else 'lower'}"
    if series.direction not in BETTER:
        return size
    return f"{size}: {'better' if (change > 0) == (series.direction == 'higher-better') else 'worse'}"


def rows(series: TrendSeries) -> tuple[Row, ...]:
    """The table of a series: every point once."""
    return tuple(
        Row(
            key=point.key,
            when=when_words(point.when),
            value=point.text,
            band="; ".join(_band(found.label, sure=found.certain) for found in point.bands),
            change=change_words(point, series) or ("first" if point in series.first else ""),
            note="; ".join(_notes(point)),
        )
        for point in series.points
    )


def _band(label: str, *, sure: bool) -> str:
    return label if sure else f"{label}, not sure"


def _notes(point: TrendPoint) -> Iterable[str]:
    if point.reason is not None:
        yield point.reason
    if point.procedure is not None:
        yield f"after {point.procedure}"
    if point.prorated or (point.reason is not None and point.answered is not None and point.items):
        yield f"{point.answered} of {point.items} answered"
    if point.low is not None and point.high is not None and point.value is not None:
        yield f"the complete form gives {shown(point.low)} to {shown(point.high)}"
    if point.version is not None:
        yield f"form {point.version}"
    if point.gap:
        yield f"{'dashed' if point.joined == 'dashed' else 'no line'}: {point.gap}"


def mark_words(mark: TrendMark) -> str:
    """`12 Feb 2026: Medial branch block L4-5 right (best relief 80 %)`."""
    doubt = [] if mark.certain else ["not sure that it was done"]
    told = ", ".join([*([mark.detail] if mark.detail else []), *doubt])
    when = when_words(mark.when).partition(", ")[0] if mark.when is not None and mark.when.exact else None
    return f"{when or when_words(mark.when)}: {capital(mark.title)}{f' ({told})' if told else ''}"


def band_words(row: BandSet, high: Fraction | None) -> tuple[str, ...]:
    """Each band with its range and what a patient may read: `moderate, 4 up to 7: Moderate pain`."""
    told = []
    for index, band in enumerate(row.rows):
        following = row.rows[index + 1] if index + 1 < len(row.rows) else None
        start = f"above {band.low:f}" if band.above else f"from {band.low:f}"
        if following is None or following.of is not None:
            end = f" to {shown(high)}" if band.of is None and high is not None else ""
        else:
            end = f" to {following.low:f}" if following.above else f" to below {following.low:f}"
        part = f" of {band.of}" if band.of is not None else ""
        told.append(f"{band.label}, {start}{end}{part}: {band.patient}")
    return tuple(told)


def size_words(size: Size) -> str:
    """`2 points`, `30 % of the first score, 2.4 points`."""
    row = size.change
    ends = f"{row.least:f}" if row.least == row.most else f"{row.least:f} to {row.most:f}"
    if row.unit == "points":
        return f"{ends} points" if ends != "1" else "1 point"
    if size.least is None or size.most is None:
        return f"{ends} % of the first score, which is not one known number above 0"
    return f"{ends} % of the first score: {size_number(size)} points"


def size_number(size: Size) -> str:
    """The length in points, as the picture writes it beside the bar."""
    if size.least is None or size.most is None:
        return ""
    low, high = number(size.least), number(size.most)
    return low if low == high else f"{low}–{high}"


def change_notes(series: TrendSeries, sources: Sources) -> tuple[Note, ...]:
    """Every change that a source calls important: its size, population, method, and where it stands."""
    return tuple(
        Note(sign=sign_of(index), text=_size_note(size), places=places(size.change.cites, sources))
        for index, size in enumerate(series.sizes)
    )


def _size_note(size: Size) -> str:
    """What the source says, and its length on this scale; what was not found is not told."""
    row = size.change
    told = [text for text in (row.population, row.method) if text != NONE_FOUND]
    length = f" (here {size_number(size)} points)" if row.unit != "points" and size.least is not None else ""
    return f"{row.says}{length}" + (f": {'; '.join(told)}" if told else "")


def sign_of(index: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[index % 26]


def places(cites: Iterable[Cite], sources: Sources) -> str:
    """Each source by its id with the place in it, and its mark where it is not the issuer's own text."""
    found = dict.fromkeys(
        f"{spot.source}, {spot.locator}{f', {spot.mark}' if spot.mark else ''}"
        for spot in (place(cite, sources) for cite in cites)
    )
    return "; ".join(found)


def cited(found: Trend, sources: Sources) -> tuple[tuple[str, str], ...]:
    """Every source that the trend cites, by id, with its title."""
    cites = [cite for row in found.series for cite in row.cites]
    cites += [cite for row in found.series for band in row.bands for cite in band.cites]
    cites += [cite for row in found.series for size in row.sizes for cite in size.change.cites]
    if found.opioids is not None:
        cites += [*found.opioids.totals.cites, *found.opioids.totals.notice.cites]
    return tuple((id, source_title(id, sources)) for id in dict.fromkeys(cite.source for cite in cites))


def checked(found: Trend) -> str:
    """The day on which the oldest of the tables used was last compared with its sources."""
    days = [row.checked for row in found.series if row.checked is not None]
    return f"Tables last checked against their sources {day_words(min(days))}." if days else ""


def outside_words(series: TrendSeries) -> str:
    if not series.outside:
        return ""
    return f"{series.outside} {'answer lies' if series.outside == 1 else 'answers lie'} before or after this time."


def opioid_summary(line: OpioidLine) -> str:
    """`From 45 to 15 MME a day.`"""
    known = [step for step in line.steps if step.mme is not None]
    if not known:
        return "Not known."
    if len(known) == 1:
        return f"{step_words(known[0])}."
    return f"{mme(known[0])} from {day_words(known[0].first)}, {mme(known[-1])} on {day_words(known[-1].last)}."


def mme(step: Step) -> str:
    return number(step.mme) if step.mme is not None else "not known"


def step_words(step: Step) -> str:
    return f"{mme(step)}, {day_words(step.first)} to {day_words(step.last)}"
