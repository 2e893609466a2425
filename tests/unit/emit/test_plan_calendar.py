"""The calendar file: read back by a library and by a calendar program, right in two zones, stable from plan to plan."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import plans
import pytest
from msgspec.structs import replace
from test_plan_text import hostile

from levamen.adapters.chart import read_chart
from levamen.cli.inputs import moment
from levamen.emit.plan.calendar import calendar, earlier_events, events, uid
from levamen.emit.plan.words import procedure_words
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.plan import plan
from levamen.record.facts import Medication
from levamen.text.tree import UnusableInput

EVERY = pytest.mark.parametrize("name", plans.PLANS)
CHARTS = Path(__file__).parents[3] / "examples" / "charts"
MADRID, NEW_YORK = ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")


def read(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def starts(data: bytes) -> dict[str, datetime]:
    return {str(event["SUMMARY"]): event.decoded("DTSTART") for event in read(data)}


@EVERY
def test_it_is_a_valid_file_and_the_same_bytes(name: str) -> None:
    data = calendar(plans.PLANS[name]())
    assert data == calendar(plans.PLANS[name]())
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    book = icalendar.Calendar.from_ical(data)
    assert (str(book["VERSION"]), str(book["METHOD"])) == ("2.0", "PUBLISH")
    for event in book.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "SUMMARY"} <= set(event)
        assert not event.errors


def test_times_are_right_in_two_zones() -> None:
    found = starts(calendar(plans.apixaban()))
    last = next(at for said, at in found.items() if said.startswith("Last dose"))
    assert last == datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
    assert last.astimezone(NEW_YORK).strftime("%a %H:%M") == "Sat 08:00"
    assert last.astimezone(MADRID).strftime("%a %H:%M") == "Sat 13:00"


def test_across_the_night_the_clocks_go_back() -> None:
    found = starts(calendar(plans.superseding()))
    by = {said.split(" (")[0]: at.astimezone(NEW_YORK).strftime("%d %b %H:%M %Z") for said, at in found.items()}
    assert by["Last dose of apixaban"] == "31 Oct 08:00 EDT"
    assert by["First dose of apixaban again"] == "04 Nov 20:00 EST"


@EVERY
def test_only_datetimes_of_the_plan_each_once(name: str) -> None:
    plan = plans.PLANS[name]()
    known = {plan.start, *(task.at for task in plan.tasks)}
    for drug in plan.active.drugs:
        known |= {drug.last_dose, drug.stop_at, drug.first_dose, drug.restart_from, drug.earliest_procedure}
        known |= {lab.by for lab in drug.labs}
    found = [event.start for event in events(plan)]
    assert set(found) <= known
    keys = [event.key for event in events(plan)]
    assert len(keys) == len(set(keys))
    stops = [event for event in events(plan) if event.key.startswith("stop|")]
    assert len(stops) == sum(drug.stop_at is not None for drug in plan.active.drugs)


def test_a_plan_that_is_not_final_is_tentative_and_says_so() -> None:
    for event in read(calendar(plans.warfarin())):
        assert str(event["STATUS"]) == "TENTATIVE"
        assert str(event["SUMMARY"]).startswith("Not final: ")
        assert "nobody stops a drug" in str(event["DESCRIPTION"])
    assert {str(event["STATUS"]) for event in read(calendar(plans.apixaban()))} == {"CONFIRMED"}


def test_it_reminds_of_the_last_dose_and_the_restart_and_of_nothing_else() -> None:
    reminded = {
        str(event["SUMMARY"]).split(" (")[0]: alarm.decoded("TRIGGER")
        for event in read(calendar(plans.apixaban()))
        for alarm in event.walk("VALARM")
    }
    assert reminded == {
        "Last dose of apixaban": timedelta(days=-1),
        "First dose of apixaban again": timedelta(hours=-1),
    }


def test_the_stamp_is_the_plans_moment() -> None:
    assert read(calendar(plans.warfarin()))[0].decoded("DTSTAMP") == datetime(2026, 3, 30, 13, 25, tzinfo=UTC)
    assert read(calendar(plans.apixaban()))[0].decoded("DTSTAMP") == datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_nobody_is_named_beyond_the_chart() -> None:
    data = calendar(plans.apixaban()).decode()
    assert "synthetic-weaver" in data
    assert "Romero" not in data
    assert not any("weaver" in str(event["UID"]) for event in read(data.encode()))


def test_a_later_plan_moves_its_events_and_cancels_the_rest() -> None:
    old, new = plans.first_of_superseding(), plans.superseding()
    before = {str(event["UID"]): event for event in read(calendar(old))}
    after = {str(event["UID"]): event for event in read(calendar(new, old))}
    assert set(after) == set(before)
    assert {int(event["SEQUENCE"]) for event in before.values()} == {1}
    assert {int(event["SEQUENCE"]) for event in after.values()} == {2}
    cancelled = [str(event["SUMMARY"]) for event in after.values() if str(event["STATUS"]) == "CANCELLED"]
    assert cancelled == ["Cancelled: Call: last dose taken (synthetic-weaver)"]
    stop = uid(new, "stop|apixaban")
    assert before[stop].decoded("DTSTART") != after[stop].decoded("DTSTART")


def test_a_later_plan_cancels_what_an_earlier_one_can_have_had() -> None:
    old, new = plans.first_of_superseding(), plans.superseding()
    deferred = replace(new, active=replace(new.active, drugs=plans.stent().active.drugs))  # no apixaban any more
    listed = (Medication(id="med-apixaban", drug="apixaban"), Medication(id="med-metformin", drug="metformin"))
    after = {str(event["UID"]): event for event in read(calendar(deferred, listed=listed))}
    for key in ("stop|apixaban", "restart|apixaban"):
        assert uid(new, key) in {str(event["UID"]) for event in read(calendar(old))}
        gone = after[uid(new, key)]
        assert (str(gone["STATUS"]), int(gone["SEQUENCE"])) == ("CANCELLED", 2)
        assert str(gone["SUMMARY"]) == "Cancelled: what an earlier plan said of apixaban (synthetic-weaver)"
        assert not gone.walk("VALARM")
        assert gone.decoded("DTSTART") == gone.decoded("DTSTAMP")  # nothing is shown on a day to come
    assert str(after[uid(new, "procedure")]["STATUS"]) == "CONFIRMED"
    assert uid(new, "stop|metformin") not in after  # no plan speaks of it
    assert not any(event.errors for event in after.values())


def test_a_moved_appointment_of_a_chart_in_which_the_drug_was_stopped_long_ago() -> None:
    moved = (CHARTS / "plan-rescheduled.yaml").read_text()
    first = moved.replace("2026-06-23", "2026-06-16")
    stopped = moved.replace("start: 2020-02-01", "start: 2020-02-01, end: 2026-05-30")
    before, after = (planned(first), planned(stopped))
    gone = {str(event["UID"]) for event in read(after) if str(event["STATUS"]) == "CANCELLED"}
    stands = {str(event["UID"]) for event in read(after)} - gone
    had = {str(event["UID"]): str(event["SUMMARY"]) for event in read(before)}
    assert {said for id, said in had.items() if id in gone} == {said for said in had.values() if "pixaban" in said}
    assert set(had) <= gone | stands
    assert {int(event["SEQUENCE"]) for event in read(after)} == {2}


def planned(chart: str) -> bytes:
    """The calendar of the first request of a chart, as the command writes it."""
    reading = read_chart(chart, "piet-66")
    found = plan(reading.record, reading.record.requests[0], packaged(), moment(None, reading))
    return calendar(found, listed=reading.record.of(Medication))


def test_what_the_later_plan_has_is_not_cancelled_and_a_first_plan_cancels_nothing() -> None:
    new = plans.superseding()
    statuses = {str(event["UID"]): str(event["STATUS"]) for event in read(calendar(new))}
    assert all(statuses[uid(new, event.key)] == "CONFIRMED" for event in events(new))
    assert statuses[uid(new, "earliest|apixaban")] == "CANCELLED"
    listed = (Medication(id="med-warfarin", drug="warfarin"),)
    assert "CANCELLED" not in calendar(plans.apixaban(), listed=listed).decode()


def test_a_later_plan_without_any_datetime_still_cancels() -> None:
    nothing = replace(plans.shared(), start=None, end=None, number=2, supersedes=1)
    assert {str(event["STATUS"]) for event in read(calendar(nothing))} == {"CANCELLED"}


def test_a_drug_that_was_on_the_list_twice_is_cancelled_twice() -> None:
    new = plans.superseding()
    listed = tuple(Medication(id=f"med-{number}", drug="warfarin") for number in (1, 2))
    found = {str(event["UID"]) for event in read(calendar(new, listed=listed))}
    assert {uid(new, "lab|warfarin|inr"), uid(new, "lab|warfarin|inr|2")} <= found


@pytest.mark.parametrize("chart", sorted(CHARTS.glob("plan-*.yaml")), ids=lambda path: path.stem)
def test_every_event_of_a_plan_is_one_that_a_later_plan_can_cancel(chart: Path) -> None:
    reading = read_chart(chart.read_bytes(), chart.name)
    for request in reading.record.requests:
        try:
            found = plan(reading.record, request, packaged(), moment(None, reading))
        except UnusableInput:
            continue
        possible = earlier_events(replace(found, number=2), reading.record.of(Medication))
        assert {event.key for event in events(found)} <= {event.key for event in possible}


def test_another_request_or_patient_has_other_events() -> None:
    plan = plans.apixaban()
    other = replace(plan, request=replace(plan.request, id="request-2"))
    assert uid(plan, "procedure") != uid(other, "procedure")
    assert uid(plan, "procedure") != uid(replace(plan, patient="synthetic-other"), "procedure")


def test_a_drug_that_is_on_the_list_twice_has_two_events() -> None:
    plan = plans.apixaban()
    drug = plan.active.drugs[0]
    twice = replace(plan, active=replace(plan.active, drugs=(drug, replace(drug, medication="med-2"))))
    assert sum(event.key.startswith("stop|") for event in events(twice)) == 2
    assert len({str(event["UID"]) for event in read(calendar(twice))}) == len(read(calendar(twice)))


def test_a_hostile_note_stays_text() -> None:
    found = read(calendar(hostile(plans.apixaban())))
    assert len(found) == len(read(calendar(plans.apixaban())))
    assert any("#eval" in str(event["SUMMARY"]) and "DTSTART:x" in str(event["SUMMARY"]) for event in found)


def test_a_plan_without_any_datetime_is_one_sentence() -> None:
    plan = plans.shared()
    with pytest.raises(UnusableInput, match="no datetime"):
        calendar(replace(plan, start=None, end=None))


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(UnusableInput, match=r"levamen\[calendar\]"):
        calendar(plans.apixaban())


def opened(folder: Path, zone: str, *data: bytes) -> list[str]:
    """What a calendar program shows of the files, imported one after another."""
    folder.mkdir()
    (folder / "calendar").mkdir()
    (folder / "conf").write_text(
        f"[calendars]\n[[plan]]\npath = {folder}/calendar\n[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
        f"longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"local_timezone = {zone}\ndefault_timezone = {zone}\n[sqlite]\npath = {folder}/db\n"
    )
    program = ["khal", "-c", str(folder / "conf")]
    for index, file in enumerate(data):
        path = folder / f"{index}.ics"
        path.write_bytes(file)
        subprocess.run([*program, "import", "--batch", "-a", "plan", str(path)], check=True, capture_output=True)
    lines = "{start-date} {start-time} {title} {status}"
    shown = subprocess.run(
        [*program, "list", "--format", lines, "2026-10-20", "30d"], check=True, capture_output=True, text=True
    )
    return [line.strip() for line in shown.stdout.splitlines() if line.startswith("2026-") and len(line) > 12]


@pytest.mark.skipif(shutil.which("khal") is None, reason="the calendar program khal is not installed here")
def test_a_calendar_program_forgets_the_drug_that_dropped_out(tmp_path: Path) -> None:
    old, new = replace(plans.first_of_superseding(), tasks=()), plans.superseding()
    without = replace(new, active=replace(new.active, drugs=()))
    files = (calendar(old), calendar(without, listed=plans.record(old).of(Medication)))
    shown = opened(tmp_path / "home", "America/New_York", *files)
    assert not any("dose of apixaban" in line for line in shown)
    assert [line for line in shown if not line.endswith("CANCELLED")] == [
        f"2026-11-03 10:00 {procedure_words(new)} (synthetic-weaver) CONFIRMED"
    ]


@pytest.mark.skipif(shutil.which("khal") is None, reason="the calendar program khal is not installed here")
def test_a_calendar_program_shows_the_moved_plan_in_the_zone_of_its_reader(tmp_path: Path) -> None:
    old, new = plans.first_of_superseding(), plans.superseding()
    files = (calendar(old), calendar(new, old))
    home = opened(tmp_path / "home", "America/New_York", *files)
    assert "2026-10-31 08:00 Last dose of apixaban (synthetic-weaver) CONFIRMED" in home
    assert "2026-11-04 20:00 First dose of apixaban again (synthetic-weaver) CONFIRMED" in home
    assert "2026-10-26 09:00 Cancelled: Call: last dose taken (synthetic-weaver) CANCELLED" in home
    assert not any(line.startswith("2026-10-24") for line in home)
    away = opened(tmp_path / "away", "Europe/Madrid", *files)
    assert "2026-10-31 13:00 Last dose of apixaban (synthetic-weaver) CONFIRMED" in away
    assert len(away) == len(home)
