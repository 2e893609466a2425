"""The strip of a hold: every dose once, at its instant, told as the plan wants it; the picture and the table agree."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from picture_checks import clean

from levamen.adapters.chart import read_chart
from levamen.emit.pictures.hold import doses, svg, table
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import Plan
from levamen.pathway.periprocedural.plan import plan
from levamen.record.facts import Medication

CHART = """chart: 1
id: weaver-71
recorded: 2026-03-06
zone: America/New_York
person: {birth_date: 1955-01-30, sex: male, weight_kg: 80}
completeness: [{kind: medications, reviewed: 2026-03-06}, {kind: problems, reviewed: 2026-03-06}]
medications:
  - {id: M-1, drug: apixaban, dose: 5 mg, every: 12 h, TIMESstart: 2021-02-10, indication: atrial-fibrillation}
problems:
  - {id: PR-1, concept: atrial-fibrillation, since: 2021-01-01, attributes: {cha2ds2_vasc: 3, rheumatic_valve: "no"}}
labs: [{id: L-1, test: creatinine, value: 1.1, unit: mg/dL, at: 2026-03-05}]
request:
  - {id: R-1, therapy: epidural-steroid-injection, approach: interlaminar, region: lumbar, side: midline,
     interspaces: [L5-S1], guidance: fluoroscopy, contrast: iodinated, sedation: none,
     agents: [{drug: dexamethasone, dose: 10 mg}], start: START, end: END}
"""


def made(start: str, end: str, times: str = 'times: ["08:00", "20:00"], ') -> tuple[Plan, tuple[Medication, ...]]:
    text = CHART.replace("START", start).replace("END", end).replace("TIMES", times)
    record = read_chart(text.encode(), "weaver").record
    found = plan(record, record.requests[0], packaged(), date(2026, 3, 6))
    return found, tuple(row for row in record.facts if isinstance(row, Medication))


def rows(start: str, end: str, **more: str) -> list[tuple[str, ...]]:
    found = table(*made(start, end, **more))
    assert found is not None
    return list(found.rows)


def test_each_dose_from_the_last_to_the_first_again() -> None:
    # 3 days before Tue 24 Mar 10:00 is Sat 21 Mar 10:00, and 24 hours after 10:30 is Wed 25 Mar 10:30.
    said = rows("2026-03-24T10:00", "2026-03-24T10:30")
    assert said[0] == ("Sat 21 Mar 2026, 08:00", "Apixaban: last dose")
    assert ("Sat 21 Mar 2026, 10:00", "Apixaban: no dose after this (rule: hold 3 days)") in said
    assert ("Tue 24 Mar 2026, 10:00", "The procedure") in said
    assert said[-1] == ("Wed 25 Mar 2026, 20:00", "Apixaban: first dose again")
    left_out = [when for when, what in said if what == "Apixaban: leave out"]
    assert len(left_out) == 8, "both doses of 22 to 24 March, the evening of the 21st and the morning of the 25th"


def test_hours_are_elapsed_hours_where_the_clocks_change() -> None:
    # The clocks go forward on Sun 8 Mar: 72 hours before Tue 10:00 is Sat 09:00 by the winter clock.
    drawn = svg(*made("2026-03-10T10:00", "2026-03-10T10:25"))
    assert drawn is not None
    assert "107 h from last to first dose" in drawn, (
        "Sat 08:00 to Wed 20:00 is 108 hours by the clock, one less elapsed"
    )
    said = rows("2026-03-10T10:00", "2026-03-10T10:25")
    assert ("Sat 07 Mar 2026, 09:00 (UTC-05:00)", "Apixaban: no dose after this (rule: hold 3 days)") in said


def test_without_times_only_what_the_plan_says_is_drawn() -> None:
    found, listed = made("2026-03-24T10:00", "2026-03-24T10:30", times="")
    drug = found.active.drugs[0]
    assert doses(found, drug, listed[0], date(2026, 3, 21), date(2026, 3, 25)) == ()
    drawn = svg(found, listed)
    assert drawn is not None
    assert "leave out" not in drawn


def test_nothing_is_told_as_taken() -> None:
    drawn = svg(*made("2026-03-24T10:00", "2026-03-24T10:30"))
    assert drawn is not None
    assert "taken" not in drawn.replace("may be taken again", "")
    assert "nobody stops a drug on it" in drawn, "a plan that is not final says so in its title"


def test_no_stop_no_strip() -> None:
    text = CHART.replace("START", "2026-03-24T10:00").replace("END", "2026-03-24T10:30").replace("TIMES", "")
    text = text.replace("{id: M-1, drug: apixaban", "{id: M-1, drug: paracetamol")
    record = read_chart(text.encode(), "weaver").record
    found = plan(record, record.requests[0], packaged(), date(2026, 3, 6))
    assert svg(found, ()) is None
    assert table(found, ()) is None


@pytest.mark.parametrize("decision", ["shared_decision_required", "do_not_hold_without_prescriber", "defer"])
def test_a_time_left_in_another_decision_is_not_drawn(decision: Any) -> None:
    text = CHART.replace("START", "2026-03-24T10:00").replace("END", "2026-03-24T10:30").replace("TIMES", "")
    record = read_chart(text.encode(), "weaver").record
    found = plan(record, record.requests[0], packaged(), date(2026, 3, 6))
    assert svg(found, ()) is not None
    drugs = tuple(replace(drug, decision=decision) for drug in found.active.drugs)
    assert svg(replace(found, active=replace(found.active, drugs=drugs)), ()) is None


@pytest.mark.parametrize("days", [("2026-03-24T10:00", "2026-03-24T10:30"), ("2026-03-10T10:00", "2026-03-10T10:25")])
def test_the_picture_is_the_same_each_time_and_says_what_the_table_says(days: tuple[str, str]) -> None:
    drawn, again = svg(*made(*days)), svg(*made(*days))
    assert drawn == again
    assert drawn is not None
    clean(drawn, "hold", "group")
    described = re.search(r"<desc[^>]*>(.*?)</desc>", drawn)
    assert described is not None
    for when, what in rows(*days):
        assert f"{when} {what[0].lower()}{what[1:]}" in described[1]


def test_a_dose_is_at_its_instant() -> None:
    found, listed = made("2026-03-24T10:00", "2026-03-24T10:30")
    first = doses(found, found.active.drugs[0], listed[0], date(2026, 3, 21), date(2026, 3, 21))
    assert [dose.at for dose in first] == [
        datetime(2026, 3, 21, 12, tzinfo=UTC), datetime(2026, 3, 22, 0, tzinfo=UTC)
    ]  # fmt: skip
    assert [dose.wants for dose in first] == ["last dose", "leave out"]
