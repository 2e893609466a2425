"""Laws of every trend: each answer known by the moment is told exactly once, whatever the order it came in."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.adapters.balance import Reading
from levamen.adapters.chart import read_chart
from levamen.emit.trend.json import encode
from levamen.emit.trend.layout import layout
from levamen.emit.trend.markdown import markdown
from levamen.emit.trend.page import fragment
from levamen.emit.trend.svg import WIDTH, svg
from levamen.emit.trend.text import text
from levamen.pathway.trends import trend
from levamen.record.facts import Procedure, Record, Relief, Score
from levamen.record.timeline import Interval, When, known_by, month_of, year_of

SVG = "{http://www.w3.org/2000/svg}"
FIRST, LAST = date(2024, 2, 28), date(2026, 3, 2)
DAYS = st.dates(FIRST, LAST)
RANGES = {"nrs": (0, 10), "odi": (0, 100), "pseq": (0, 60), "paindetect": (-1, 38), "lefs": (0, 80)}


def instant(day: date, minute: int) -> When:
    return When(day, day, datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute))


WHENS = st.one_of(
    st.none(),
    DAYS.map(When.on),
    DAYS.map(lambda day: month_of(day.year, day.month)),
    DAYS.map(lambda day: year_of(day.year)),
    st.builds(instant, DAYS, st.integers(0, 1439)),
)


@st.composite
def scores(draw: st.DrawFn) -> Score:
    instrument = draw(st.sampled_from(sorted(RANGES)))
    low, high = RANGES[instrument]
    value = draw(st.none() | st.decimals(low, high, places=1))
    return Score(
        id="",
        instrument=instrument,
        value=value,
        date=draw(WHENS),
        recorded=draw(st.none() | DAYS.map(When.on)),
        version=draw(st.sampled_from([None, "1", "2"])),
    )


RELIEF = st.builds(
    Relief,
    at=WHENS,
    percent=st.one_of(
        st.none(),
        st.decimals(-100, 100, places=1).map(Interval.exactly),
        st.just(Interval(Fraction(20), Fraction(30))),
    ),
    before=st.none() | st.decimals(0, 10, places=1),
    after=st.none() | st.decimals(0, 10, places=1),
)
PROCEDURES = st.builds(
    Procedure,
    id=st.just(""),
    therapy=st.just("medial-branch-block"),
    status=st.just("done"),
    start=WHENS,
    relief=st.lists(RELIEF, max_size=3).map(tuple),
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    found = draw(st.lists(scores(), max_size=12))
    done = draw(st.lists(PROCEDURES, max_size=3))
    facts = [
        type(fact)(**{**{n: getattr(fact, n) for n in fact.__struct_fields__}, "id": f"F{place}"})
        for place, fact in enumerate([*found, *done])
    ]
    anchor = Score(id="ANCHOR", instrument="nrs", value=Decimal(0), date=When.on(FIRST))
    return Record(id="specimen", recorded=When.on(LAST), facts=(anchor, *facts))


def expected(record: Record, as_of: date) -> list[str]:
    """Written apart from the code: the keys of all that was recorded by the moment and had happened by then."""
    found = []
    for fact in record.facts:
        known = fact.recorded or fact.day
        if (known is not None and not known_by(known, as_of)) or (
            fact.day is not None and not known_by(fact.day, as_of)
        ):
            continue
        if isinstance(fact, Score):
            found.append(fact.id)
        if isinstance(fact, Procedure):
            entries = [
                row for row in fact.relief if (row.at or fact.start) is None or known_by(row.at or fact.start, as_of)
            ]
            found += [f"{fact.id}/{place}" for place, _ in enumerate(entries, start=1)]
    return sorted(found)


READING: Reading = read_chart("chart: 1\nid: specimen\nscores: [{id: A, instrument: nrs, value: 1}]\n", "specimen")


@settings(max_examples=60, deadline=None)
@given(records(), DAYS)
def test_every_answer_known_by_then_is_told_once_in_every_format(record: Record, as_of: date) -> None:
    found = trend(record, as_of)
    keys = expected(record, as_of)
    assert sorted(point.key for series in found.series for point in series.points) == keys
    picture = ElementTree.fromstring(svg(found))  # noqa: S314 - our own
    assert (
        sorted(group.attrib["data-point"] for group in picture.iter(f"{SVG}g") if "data-point" in group.attrib) == keys
    )
    document = json.loads(encode(found, READING))
    assert sorted(point["key"] for series in document["series"] for point in series["points"]) == keys
    assert sorted(re.findall(r'data-row="([^"]*)"', fragment(found))) == keys
    rows = [line for line in markdown(found).splitlines() if line.startswith("| ") and not line.startswith("| date")]
    assert len(rows) == len(keys)
    told = text(found)
    assert told.count("  Date ") == len(found.series)


@settings(max_examples=40, deadline=None)
@given(records(), DAYS, st.randoms(use_true_random=False))
def test_the_order_of_the_record_changes_no_byte(record: Record, as_of: date, random: st.DataObject) -> None:
    turned = list(record.facts)
    random.shuffle(turned)
    other = Record(id=record.id, recorded=record.recorded, facts=tuple(turned))
    assert svg(trend(other, as_of)) == svg(trend(record, as_of))
    assert text(trend(other, as_of)) == text(trend(record, as_of))


@settings(max_examples=60, deadline=None)
@given(records(), DAYS)
def test_every_place_lies_inside_and_no_line_crosses_an_answer(record: Record, as_of: date) -> None:
    made = layout(trend(record, as_of))
    for panel in made.panels:
        for row in panel.points:
            ends = [row.x.low, row.x.high, *([row.y] if row.y is not None else [])]
            ends += [row.span.low, row.span.high] if row.span is not None else []
            assert all(0 <= end <= 1 for end in ends)
        for line in panel.lines:
            before, after = line.before, line.after
            assert before.point.procedure == after.point.procedure
            assert before.point.version == after.point.version
            assert before.x.high <= after.x.low
            between = [
                row
                for row in panel.points
                if row.point.procedure == before.point.procedure and before.x.high < row.x.middle < after.x.low
            ]
            assert between == []
    picture = ElementTree.fromstring(svg(made.trend))  # noqa: S314 - our own
    tall = float(picture.attrib["viewBox"].split()[3])
    for element in picture.iter():
        assert all(
            0 <= float(element.attrib[name]) <= WIDTH for name in ("x", "x1", "x2", "cx") if name in element.attrib
        )
        assert all(
            0 <= float(element.attrib[name]) <= tall for name in ("y", "y1", "y2", "cy") if name in element.attrib
        )


@settings(max_examples=60, deadline=None)
@given(records(), DAYS)
def test_a_change_is_the_difference_from_the_one_first_score(record: Record, as_of: date) -> None:
    for series in trend(record, as_of).series:
        for point in series.points:
            if point.since_first is not None:
                assert len(series.first) == 1
                assert point.value is not None
                assert series.first[0].value is not None
                assert point.value - series.first[0].value == point.since_first
                assert point.version == series.first[0].version
