"""After the needle: the longest watch that surely applies, and two calls counted from the end in elapsed time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from levamen.adapters.chart import read_chart
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import Plan
from levamen.pathway.periprocedural.plan import plan
from levamen.record.facts import Medication, Record

CHART = Path(__file__).parents[3] / "examples" / "charts" / "plan-apixaban-each-class.yaml"


def record() -> Record:
    return read_chart(CHART.read_text(encoding="utf-8"), CHART.name).record


def planned(found: Record, request: int) -> Plan:
    return plan(found, found.requests[request], packaged(), date(2026, 6, 1))


def test_two_calls_are_counted_from_the_end() -> None:
    found = planned(record(), 1)
    assert found.end is not None
    at = {task.id: task.at for task in found.tasks}
    assert at["call-day-1"] == found.end + timedelta(hours=24)
    assert at["call-week-1"] == found.end + timedelta(days=7)


def test_a_blood_thinner_before_a_needle_of_a_higher_class_is_watched_for_an_hour() -> None:
    """Safety dossier 4d, observation.antithrombotic_or_bloody_tap: 60 minutes in class intermediate or high."""
    found = planned(record(), 1)
    assert found.after is not None
    assert found.after.observe is not None
    assert found.after.observe.row.least_minutes == 60
    assert {cite.mark for cite in found.after.observe.row.cites} == {"unverified"}


def test_without_a_blood_thinner_the_spinal_watch_stands() -> None:
    """Safety dossier 4d, observation.spinal: default 30 minutes."""
    whole = record()
    none = replace(whole, facts=tuple(fact for fact in whole.facts if not isinstance(fact, Medication)))
    found = planned(none, 1)
    assert found.after is not None
    assert found.after.observe is not None
    assert found.after.observe.row.least_minutes == 30


def test_discharge_waits_for_the_legs_after_an_epidural() -> None:
    found = planned(record(), 1)
    assert found.after is not None
    texts = " ".join(item.row.text for item in found.after.discharge)
    assert found.after.discharge
    assert "Leg p" in texts
    assert "time of its first dose is written down" in texts


def test_a_medicine_that_could_not_be_read_leaves_the_classes_open() -> None:
    whole = record()
    known = planned(whole, 1).after
    unread = replace(whole, facts=(*whole.facts, Medication(id="M-9", written="the white tablet")))
    opened = planned(unread, 1).after
    assert known is not None
    assert opened is not None
    assert known.known.classes is not None
    assert "anticoagulant" in known.known.classes
    assert opened.known.classes is None
