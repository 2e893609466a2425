"""The course of a patient: every mark a row, seen and not known apart, nothing drawn that nobody recorded."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from picture_checks import SVG, agree, clean, words_of

from levamen.adapters.chart import read_chart
from levamen.emit.pictures.timeline import svg, table
from levamen.pathway.patient_timeline import DoneProcedure, NextDate, PatientTimeline, patient_timeline
from levamen.record.facts import Record

CHARTS = Path(__file__).parents[3] / "examples" / "charts"
AS_OF = date(2026, 3, 9)
HEAD = "chart: 1\nid: course\nrecorded: 2026-03-09\nzone: America/New_York\n"
EPIDURAL = (
    "procedures:\n  - {id: P-1, therapy: epidural-steroid-injection, approach: interlaminar, date: 2025-07-02,"
    " region: lumbar, side: right, interspaces: [L4-5], agents: [{drug: methylprednisolone, dose: 80 mg}]"
)
EVERYTHING = (
    EPIDURAL
    + """, relief: [{percent: 60, at: 2025-08-01}, {percent: 55, at: 2025-10-02}]}
  - {id: P-2, therapy: medial-branch-block, purpose: diagnostic, date: 2026-03-02, region: lumbar, side: both, joints: [L4-5], relief: [{scale: nrs, before: 7, after: 1, at: 2026-03-02T10:00}]}
  - {id: P-3, therapy: joint-injection, joint: knee, side: right, date: 2025-11, agents: [{drug: triamcinolone}]}
  - {id: P-4, therapy: joint-injection, joint: knee, side: left, agents: [{drug: triamcinolone, dose: 40 mg}]}
  - {id: P-5, therapy: joint-injection, joint: hip, side: left, date: 2022-01-10}
pain:
  - {id: A, site: low-back, side: both, since: 2025-09}
  - {id: B, site: leg, side: right, since: 2025-04}
scores:
  - {id: S1, instrument: nrs, pain: A, value: 6, date: 2025-09-02}
  - {id: S2, instrument: nrs, pain: A, value: 0, date: 2025-11-10}
  - {id: S3, instrument: nrs, pain: B, value: 10, date: 2025-08}
  - {id: S4, instrument: nrs, pain: B, value: 3}
  - {id: S5, instrument: peg, value: 6.3, date: 2025-10-04}
  - {id: S6, instrument: peg, answers: [1, ~, ~], date: 2025-12-04}
  - {id: S7, instrument: peg, value: 4, date: 2020-12-04}
care:
  - {id: C1, therapy: exercise}
  - {id: C2, therapy: physical-therapy, start: 2025-10-06, end: 2025-12-19, sessions: 10, response: inadequate}
  - {id: C3, therapy: yoga, start: 2025-10}
  - {id: C4, therapy: massage, start: 2021-01-01, end: 2021-02-01}
medications:
  - {id: M1, drug: tramadol, dose: 50 mg, every: 8 h, route: oral, start: 2025-06-01, end: 2025-12-31}
  - {id: M2, drug: oxycodone, dose: 5 mg, route: oral, start: 2026-01-01}
devices:
  - {id: D1, kind: spinal-cord-stimulator, implanted: 2025-05-05}
events:
  - {id: E1, kind: emergency-visit, date: 2025-09-20}
"""  # noqa: E501 - an entry to a line
)


def record(body: str) -> Record:
    reading = read_chart(HEAD + body, "course")
    assert [row for row in reading.balance.issues if row.fate == "rejected"] == []
    return reading.record


def course(body: str, months: int = 12, next: NextDate | None = None) -> PatientTimeline:
    return patient_timeline(record(body), AS_OF, months=months, next=next)


def only(body: str) -> DoneProcedure:
    (row,) = course(body).procedures
    return row


@pytest.mark.parametrize("months", [12, 36])
def test_the_table_has_the_same_numbers(months: int) -> None:
    found = course(EVERYTHING, months, NextDate(date(2026, 3, 16), "second block"))
    agree(clean(svg(found, name="t"), "t"), table(found))


@pytest.mark.parametrize("path", sorted(CHARTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_chart_has_its_course(path: Path) -> None:
    found = read_chart(path.read_bytes(), path.stem).record
    assert found.as_of is not None
    for months in (12, 36):
        seen = patient_timeline(found, found.as_of.first, months=months)
        root = clean(svg(seen), "timeline")
        agree(root, table(seen))
        _, _, width, height = map(float, root.get("viewBox", "").split())
        for element in root.iter():
            for key in ("x", "x1", "x2", "cx"):
                assert -1 <= float(element.get(key, 0)) <= width + 1
            for key in ("y", "y1", "y2", "cy"):
                assert -1 <= float(element.get(key, 0)) <= height + 1


def test_every_fact_of_the_time_is_a_row_and_no_other() -> None:
    found = course(EVERYTHING)
    lanes = [row[0] for row in table(found).rows]
    assert {lane: lanes.count(lane) for lane in dict.fromkeys(lanes)} == {
        "Pain 1 Low back, both sides (NRS)": 2,
        "Pain 2 Whole leg, right (NRS)": 2,
        "Procedures": 4,
        "Devices and events": 2,
        "Steroid, mg": 4,  # a block whose agents nobody wrote down may have held one
        "Other care": 3,
        "Opioids, MME a day": 2,
        "PEG": 2,
        "Dates": 1,
    }
    assert found.earlier == 3, "the hip, the form of 2020 and the massage"
    assert "3 with an earlier date not shown" in words_of(clean(svg(found), "timeline"))


def test_a_score_stands_at_its_height_and_day() -> None:
    root = clean(svg(course(EVERYTHING)), "timeline")
    marks = {
        element.findtext(f"{SVG}title", "").partition("; ")[2]: element
        for element in root.iter(f"{SVG}g")
        if element.findtext(f"{SVG}title", "").startswith("Pain 1")
    }
    six, zero = marks["Tue 02 Sep 2025; 6"].find(f"{SVG}circle"), marks["Mon 10 Nov 2025; 0"].find(f"{SVG}circle")
    assert six is not None
    assert zero is not None
    assert float(zero.get("cy", "")) - float(six.get("cy", "")) == pytest.approx(88 * 6 / 10)
    days = (date(2026, 5, 9) - date(2025, 3, 1)).days + 1
    assert float(zero.get("cx", "")) - float(six.get("cx", "")) == pytest.approx(720 * 69 / days, abs=0.02)


def test_relief_is_seen_to_the_last_answer_and_not_known_after_it() -> None:
    row = only(EPIDURAL + ", relief: [{percent: 60, at: 2025-08-01}, {percent: 50, at: 2025-10-02}]}\n")
    assert row.seen is not None
    assert row.not_known is not None
    assert (row.seen.first, row.seen.last) == (date(2025, 7, 2), date(2025, 10, 2))
    assert (row.not_known.first, row.not_known.last) == (date(2025, 10, 2), AS_OF)
    assert row.not_known.why == "not known after the last answer"


def test_below_half_it_was_lost_between_two_answers() -> None:
    """49.9 per cent is not half: lost between 1 August and 2 October, and not drawn after."""
    row = only(EPIDURAL + ", relief: [{percent: 60, at: 2025-08-01}, {percent: 49.9, at: 2025-10-02}]}\n")
    assert row.seen is not None
    assert row.seen.last == date(2025, 8, 1)
    assert row.not_known is not None
    assert (row.not_known.first, row.not_known.last) == (date(2025, 8, 1), date(2025, 10, 2))


def test_without_an_answer_nothing_was_seen() -> None:
    row = only(EPIDURAL + "}\n")
    assert row.seen is None
    assert row.not_known is not None
    assert row.not_known.why == "no relief is recorded"
    root = clean(svg(course(EPIDURAL + "}\n")), "timeline")
    told = next(words for words in (words_of(one) for one in root.iter(f"{SVG}g")) if "Epidural" in words)
    assert "relief not recorded" in told
    assert all(bar.get("fill", "").startswith("url(") for bar in bars(root)), "hatched, not solid"


def bars(root: ElementTree.Element) -> list[ElementTree.Element]:
    group = next(one for one in root.iter(f"{SVG}g") if "Epidural" in one.findtext(f"{SVG}title", ""))
    return list(group.iter(f"{SVG}rect"))


def test_a_test_shows_its_best_relief_and_no_bar() -> None:
    block = EVERYTHING.splitlines()[2]
    row = only(f"procedures:\n{block}\n")
    assert row.test
    assert row.seen is None
    assert row.not_known is None
    assert row.best is not None
    assert row.best.low == Fraction(600, 7)


def test_what_came_later_is_not_seen_earlier() -> None:
    body = EPIDURAL + ", relief: [{percent: 60, at: 2025-08-01}, {percent: 60, at: 2025-10-02}]}\n"
    found = patient_timeline(record(body), date(2025, 9, 1))
    (row,) = found.procedures
    assert row.seen is not None
    assert row.seen.last == date(2025, 8, 1)
    assert patient_timeline(record(body), date(2025, 7, 1)).procedures == ()


def test_relief_that_reaches_into_the_time_is_shown() -> None:
    """Done before the time of the picture: shown while relief was still seen in it, with an arrow at its edge."""
    body = (
        "procedures:\n  - {id: P, therapy: medial-branch-radiofrequency-ablation, technique: thermal,"
        " date: 2024-12-02, region: lumbar, side: right, joints: [L4-5], relief: [{percent: 60, at: 2025-02-28},"
        " {percent: 60, at: DAY}]}\n"
    )
    assert len(course(body.replace("DAY", "2025-03-01")).procedures) == 1
    assert course(body.replace("DAY", "2025-02-28T11:00")).procedures == ()


def test_care_without_dates_is_dashed() -> None:
    root = clean(svg(course(EVERYTHING)), "timeline")
    dashes = {}
    for group in root.iter(f"{SVG}g"):
        title = group.findtext(f"{SVG}title", "")
        if title.startswith("Other care"):
            bar = group.find(f"{SVG}rect")
            assert bar is not None
            dashes[title.split("; ")[1]] = bar.get("stroke-dasharray")
    assert dashes == {"no date": "4 3", "Mon 06 Oct 2025 to Fri 19 Dec 2025": None, "Oct 2025 to ?": "4 3"}


def test_the_next_date_near_and_far() -> None:
    near = NextDate(AS_OF + timedelta(days=7), "second block")
    far = NextDate(date(2028, 1, 1), "another block")
    for next, says in ((near, "Mon 16 Mar 2026: second block"), (far, "later: Sat 01 Jan 2028: another block")):
        found = course(EVERYTHING, 12, next)
        root = clean(svg(found), "timeline")
        assert says in [element.text for element in root.iter(f"{SVG}text")]
    assert course(EVERYTHING, 12, far).end == course(EVERYTHING).end == date(2026, 5, 9)
    assert course(EVERYTHING, 12, NextDate(date(2026, 8, 1), "x")).end == date(2026, 8, 13)


def test_an_empty_record_says_so_in_every_lane() -> None:
    root = clean(svg(course("")), "timeline")
    assert len(re.findall("None on record in this time", words_of(root))) == 5


def test_the_same_bytes_in_any_order() -> None:
    assert svg(course(EVERYTHING)) == svg(course(EVERYTHING))
    lines = EVERYTHING.splitlines()
    first = lines.index("scores:")
    swapped = [*lines[: first + 1], *reversed(lines[first + 1 : first + 8]), *lines[first + 8 :]]
    assert svg(course("\n".join(swapped))) == svg(course(EVERYTHING))
