"""Pumps in the clinic: the board, an interrogation, a refill, an alarm."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
PUMP = {
    "reservoir_ml": 20, "filled_ml": 20, "filled_at": "2026-02-16T11:00", "alarm_ml": 2,
    "rate_ml_per_day": Decimal("0.6"),
    "bolus_ml_per_day_max": 0, "dose_per_day": "12 mg", "drugs": [{"drug": "morphine", "concentration": "20 mg/mL"}],
    "eri": "2032-05",
}  # fmt: skip


@pytest.fixture
def pumped(patient: Callable[..., Any], staff: Callable[..., Any]) -> Callable[..., Any]:
    """A patient with a pump: 20 mL filled on 16 February at 11, 0.6 mL a day, alarm at 2 mL."""
    from records import actions

    def make(pump: dict[str, Any] | None = None, **said: Any) -> Any:
        held = patient(**said)
        body = {"kind": "intrathecal-pump", "model": "SynchroMed II", "implanted": "2025-10-13"}
        actions.add(staff("nurse"), held, "devices", body | ({"pump": pump} if pump != {} else {}), key="D-1")
        held.refresh_from_db()
        return held

    return lambda pump=PUMP, **said: make(pump, **said)


def queries(ask: Callable[[], Any]) -> int:
    """How many queries an answer takes; the marks of a transaction are none."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()  # the strip of the banner is worked out once for each state of the record
    with CaptureQueriesContext(connection) as found:
        assert ask().status_code == 200
    return sum("SAVEPOINT" not in row["sql"] for row in found.captured_queries)


def address(held: Any, what: str = "") -> str:
    return f"/patient/{held.handle}/devices" + (f"/D-1/{what}" if what else "")


def refilled(**said: str) -> dict[str, str]:
    """18 mL at 0.6 mL a day: on 9 March at 8 are left 20 - 0.6 * 20.83 days (the clocks went forward) = 7.5 mL."""
    return {
        "seen": "1", "filled_at": "2026-03-09T08:00", "residual_ml": "7.5", "filled_ml": "20", "drug": "morphine",
        "concentration": "20 mg/mL", "rate_ml_per_day": "0.6", "bolus_ml_per_day_max": "0", "dose_per_day": "12 mg",
        "alarm_ml": "2", "eri": "2032-05",
    } | said  # fmt: skip


def test_the_board_says_by_when_to_book_and_what_binds(pumped: Any, signed_in: Any) -> None:
    """18 mL above the alarm at 0.6 mL a day are 30 days of 24 hours: Wednesday 18 March at 12, because the clocks went
    forward; seven days before it is Wednesday 11 March."""
    pumped()
    page = signed_in("nurse").get("/devices").content.decode()
    assert "Wed 18 Mar 2026, 12:00" in page
    assert "Wed 11 Mar 2026" in page
    assert "Volume reaches the alarm" in page
    assert "Not booked" in page


ALARM = "The maker recommends an alarm at 2 mL; some patients had withdrawal above 2 mL, and at 4 mL it did not recur"
BACLOFEN = "Abrupt stop of intrathecal baclofen: high fever, rebound spasticity, rhabdomyolysis, organ failure, death"


def test_a_refill_that_cannot_wait_says_so_with_what_its_sources_say(pumped: Any, signed_in: Any) -> None:
    """Due on Wednesday 18 March at 12: the day before it is to be booked; on the day it cannot wait, and at 12 it is
    overdue, also where the worker worked the board out in the morning."""
    from datetime import UTC, datetime

    from clinic import clock
    from devices.worker import refresh

    pumped(PUMP | {"drugs": [{"drug": "baclofen", "concentration": "2000 mcg/mL"}], "dose_per_day": "1200 mcg"})

    def board(day: int, hour: int, minute: int = 0) -> str:
        with clock.standing_at(datetime(2026, 3, day, hour + 4, minute, tzinfo=UTC)):
            return str(signed_in("nurse").get("/devices").content.decode())

    before = board(17, 19)
    assert "Book the refill now" in before
    assert ALARM not in before
    with clock.standing_at(datetime(2026, 3, 18, 6, tzinfo=UTC)):
        refresh()
    for hour, minute, says in ((8, 0, "due today: it cannot wait"), (11, 59, "due today"), (12, 0, "overdue: see")):
        page = board(18, hour, minute)
        assert f"The refill is {says}" in page
        assert "Book the refill now" not in page
        assert f"{ALARM} [SM-RESIDUAL-2004, abstract]" in page
        assert BACLOFEN in page
        assert "[BACLOFEN-IT-US, boxed warning]" in page
    assert "is overdue: see the patient now" in board(19, 8)


def test_of_a_drug_that_no_source_speaks_of_nothing_is_said(pumped: Any, signed_in: Any) -> None:
    from datetime import timedelta

    from clinic import clock

    pumped()
    with clock.standing_at(clock.now() + timedelta(days=10)):
        page = signed_in("nurse").get("/devices").content.decode()
    assert "overdue" in page
    assert ALARM in page
    assert "baclofen" not in page.lower()


def test_a_pump_without_a_fill_is_not_known_and_comes_before_what_is_later(pumped: Any, signed_in: Any) -> None:
    from devices.outlook import board
    from records.models import Patient

    pumped()
    pumped({}, family="Other")
    rows = board(Patient.objects.all()).rows
    assert [(str(held), row.rank) for held, row in rows] == [("OTHER, Henry", "unknown"), ("WALTER, Henry", "later")]
    page = signed_in("nurse").get("/devices").content.decode()
    assert "find out today" in page


def test_the_board_shows_ones_own_patients_and_counts_the_others(pumped: Any, signed_in: Any) -> None:
    pumped(team=False)
    page = signed_in("nurse").get("/devices").content.decode()
    assert "WALTER" not in page
    assert "1 more with a device" in page


def test_the_board_takes_at_most_twelve_queries(pumped: Any, signed_in: Any) -> None:
    for family in ("One", "Two", "Three", "Four"):
        pumped(family=family)
    client = signed_in("nurse")
    assert queries(lambda: client.get("/devices")) <= 12


def test_the_worker_keeps_what_it_worked_out_and_gives_the_refill_to_the_nurse_once(pumped: Any, staff: Any) -> None:
    from datetime import timedelta

    from clinic import clock
    from devices.worker import refresh
    from team.models import Task

    held = pumped()
    assert refresh() == 1
    assert refresh() == 0
    assert not Task.objects.filter(patient=held).exists()
    with clock.standing_at(clock.now() + timedelta(days=2)):
        assert refresh() == 1
        assert refresh() == 0
    with clock.standing_at(clock.now() + timedelta(days=3)):
        assert refresh() == 1
    task = Task.objects.get(patient=held)
    assert (task.kind, task.owner, task.about) == ("refill", staff("nurse"), "D-1")


def test_the_page_draws_the_gauge_and_never_proposes_a_dose(pumped: Any, signed_in: Any) -> None:
    held = pumped()
    client = signed_in("nurse")
    assert queries(lambda: client.get(address(held))) <= 12
    page = client.get(address(held)).content.decode()
    assert 'class="level"' in page
    assert "Book by Wed 11 Mar 2026: volume reaches the alarm" in page
    assert "no dose is proposed" in page or "To look at" not in page


def test_without_an_interrogation_no_level_is_drawn(pumped: Any, signed_in: Any) -> None:
    page = signed_in("nurse").get(address(pumped({}))).content.decode()
    assert 'class="level"' not in page
    assert "No level" in page


def test_a_refill_moves_the_dates_writes_the_procedure_and_closes_its_task(pumped: Any, signed_in: Any) -> None:
    """18 mL at 0.6 mL a day from 9 March at 8: Wednesday 8 April at 8."""
    from devices.models import Log
    from records.models import Entry
    from team.actions import give
    from team.models import Task

    held = pumped()
    task = give(None, held, Task.Kind.REFILL, "Book the refill", about="D-1")
    client = signed_in("nurse")
    done = client.post(address(held, "refill"), refilled())
    assert done.status_code == 302, done.content.decode()
    task.refresh_from_db()
    assert task.outcome == "Refilled"
    pump = Entry.objects.get(patient=held, section="devices", key="D-1").fields["pump"]
    assert "residual_ml" not in pump
    made = Entry.objects.get(patient=held, therapy="pump-refill").fields
    assert made["agents"] == [{"drug": "morphine", "concentration": "20 mg/mL", "volume": "20 mL"}]
    row = Log.objects.get(patient=held)
    assert (row.kind, row.apart) == ("refill", False)
    assert "7.5 mL left" in row.says
    assert "Wed 08 Apr 2026, 08:00" in client.get(address(held)).content.decode()


def test_a_refill_sent_twice_is_done_once(pumped: Any, signed_in: Any) -> None:
    from devices.models import Log
    from records.models import Entry

    held = pumped()
    client = signed_in("nurse")
    for _ in range(2):
        client.post(address(held, "refill"), refilled())
    assert Log.objects.filter(patient=held).count() == 1
    assert Entry.objects.filter(patient=held, therapy="pump-refill").count() == 1
    assert "Somebody changed this device" in client.get(address(held)).content.decode()


def test_what_does_not_fit_is_asked_again_then_told_to_a_physician(pumped: Any, signed_in: Any, staff: Any) -> None:
    from devices.models import Log
    from team.models import Task

    held = pumped()
    client = signed_in("nurse")
    asked = client.post(address(held, "refill"), refilled(residual_ml="14"))
    assert asked.status_code == 200
    assert "this does not fit" in asked.content.decode()
    assert not Log.objects.filter(patient=held).exists()
    client.post(address(held, "refill"), refilled(residual_ml="14", confirmed="on"))
    assert Log.objects.get(patient=held).apart
    assert Task.objects.get(patient=held, kind="flag").owner == staff("physician")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("filled_at", "2026-03-09T09:00", "later than now"),
        ("filled_at", "2026-03-08T02:30", "does not exist"),
        ("filled_at", "yesterday", "Write day and time"),
        ("filled_ml", "-1", "greater than or equal to 0"),
        ("eri", "soon", "date"),
        ("drug", "xyzzy", "xyzzy"),
    ],
)
def test_bad_input_is_told_at_its_field_and_changes_nothing(
    pumped: Any, signed_in: Any, field: str, value: str, says: str
) -> None:
    from devices.models import Log

    held = pumped()
    answer = signed_in("nurse").post(address(held, "refill"), refilled(**{field: value}))
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not Log.objects.exists()


def test_an_interrogation_is_compared_and_counted_from(pumped: Any, signed_in: Any) -> None:
    held = pumped()
    client = signed_in("nurse")
    said = {
        key: value
        for key, value in refilled().items()
        if key not in ("filled_at", "filled_ml", "drug", "concentration")
    }
    done = client.post(address(held, "interrogation"), said | {"read_at": "2026-03-09T08:00"})
    assert done.status_code == 302, done.content.decode()
    page = client.get(address(held)).content.decode()
    assert "7.5 mL left" in page
    assert "as expected" in page


def test_an_alarm_goes_onto_todays_list_of_the_nurse(pumped: Any, signed_in: Any, staff: Any) -> None:
    from team.models import Task

    held = pumped()
    client = signed_in("coordinator")
    for _ in range(2):
        client.post(address(held, "alarm"), {"heard": "Beeps every hour since the morning"})
    task = Task.objects.get(patient=held, kind="flag")
    assert task.owner == staff("nurse")
    assert task.due.date().isoformat() == "2026-03-09"


def test_a_coordinator_does_not_record_readings(pumped: Any, signed_in: Any) -> None:
    held = pumped()
    assert signed_in("coordinator").get(address(held, "refill")).status_code == 403
