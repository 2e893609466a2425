"""The worker: killed at any point it loses nothing, two of them act once, and one job's fault is not another's."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from audit.chain import verify
from audit.models import Event
from clinic import clock
from procedures.models import Booking
from team.models import Task
from worklists import night, work, worker
from worklists.models import Lease, NightRow, NightRun
from worklists.night import check, due, examine_due

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 12, 10, tzinfo=UTC)
TOMORROW = date(2026, 3, 10)
WEB = Path(__file__).parents[3] / "web"


@pytest.fixture
def five(patient: Callable[..., Any], staff: Callable[..., Any]) -> list[Booking]:
    """Five blocks of tomorrow."""
    rows = []
    for number in range(5):
        held = patient(family=f"Family{number}")
        key = held.entries.filter(section="request", day=None).order_by("key").values_list("key", flat=True)[0]
        rows.append(
            Booking.objects.create(
                patient=held, request_key=key, start=datetime(2026, 3, 10, 13 + number, tzinfo=UTC), room="Room 1",
                operator=staff("physician"), booked_at=NOW, title="Medial branch block",
            )
        )  # fmt: skip
    return rows


def test_killed_between_two_rows_it_goes_on_with_the_rest(five: list[Booking]) -> None:
    run = NightRun.objects.create(day=TOMORROW, started=NOW)
    begun = examine_due(run)
    next(begun)
    next(begun)
    begun.close()
    run.refresh_from_db()
    assert run.finished is None
    assert run.rows.count() == 2
    check(TOMORROW)
    run.refresh_from_db()
    assert run.finished is not None
    assert run.rows.count() == 5
    assert Event.objects.filter(verb="night.examined").count() == 5


def test_killed_within_a_row_nothing_of_it_stays(five: list[Booking], monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*args: Any, **more: Any) -> None:
        raise KeyboardInterrupt

    tasks, events = Task.objects.count(), Event.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(night, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            check(TOMORROW)
    assert (NightRow.objects.count(), Task.objects.count(), Event.objects.count()) == (0, tasks, events)
    check(TOMORROW)
    assert NightRow.objects.count() == 5
    assert verify().holds


def test_done_once_it_is_not_done_again_until_the_next_night(five: list[Booking]) -> None:
    assert worker.night_check() == 5
    assert worker.night_check() == 0
    before = dict(NightRow.objects.values_list("booking", "at"))
    tasks = Task.objects.count()
    with clock.standing_at(datetime(2026, 3, 10, 5, 59, tzinfo=UTC)):
        assert worker.night_check() == 0
    with clock.standing_at(datetime(2026, 3, 10, 6, 0, tzinfo=UTC)):  # two o'clock of the night in New York
        assert worker.night_check() == 5
    assert all(at > before[booking] for booking, at in NightRow.objects.values_list("booking", "at"))
    assert Task.objects.filter(done_at=None).count() <= tasks


def test_a_record_that_grew_is_examined_again_alone(five: list[Booking], staff: Callable[..., Any]) -> None:
    from levamen.knowledge.registry import packaged
    from records.actions import add

    run = check(TOMORROW)
    add(staff("nurse"), five[2].patient, "completeness", {"kind": "fever", "asked": "2026-03-09", "answer": "yes"})
    assert due(run, packaged()) == [five[2]]
    assert worker.night_check() == 1
    assert NightRow.objects.get(booking=five[2]).standing == "stopped"


@pytest.mark.parametrize("status", ["moved", "cancelled"])
def test_a_booking_that_was_let_go_is_not_examined(five: list[Booking], status: str) -> None:
    Booking.objects.filter(pk=five[0].pk).update(status=status)
    assert worker.night_check() == 4


def test_the_night_of_the_change_of_clocks_has_its_hour(five: list[Booking]) -> None:
    # On 8 March 2026 the clocks of New York go from 2:00 to 3:00: two o'clock is the moment of the change.
    with clock.standing_at(datetime(2026, 3, 8, 6, 59, tzinfo=UTC)):
        assert night.last_hour().astimezone(UTC) == datetime(2026, 3, 7, 7, tzinfo=UTC)
    with clock.standing_at(datetime(2026, 3, 8, 7, 0, tzinfo=UTC)):
        assert night.last_hour().astimezone(UTC) == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_of_two_workers_one_has_the_job(db: None) -> None:
    assert work.lease("night check", "one")
    assert not work.lease("night check", "two")
    assert work.lease("night check", "one")
    with clock.standing_at(NOW + timedelta(minutes=2, seconds=1)):
        assert work.lease("night check", "two")
        assert not work.lease("night check", "one")
        work.release("night check", "one")
        assert Lease.objects.get(name="night check").holder == "two"
        work.release("night check", "two")
        assert work.lease("night check", "one")


def test_a_worker_that_lost_its_lease_stops(five: list[Booking], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "lease", lambda name, holder="": False)
    assert worker.night_check() == 1
    assert not NightRun.objects.filter(day=TOMORROW, finished__isnull=False).exists()


def test_a_job_that_fails_is_told_without_what_it_was_about_and_the_others_are_done(
    clinic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad() -> int:
        raise ValueError("WALTER, Henry")

    monkeypatch.setattr(work, "jobs", lambda: {"bad": bad, "good": lambda: 3})
    said: list[str] = []
    assert work.once(said.append) == 3
    assert said == ["bad did not work: ValueError", "good: 3"]


def test_no_job_is_begun_once_it_ends(monkeypatch: pytest.MonkeyPatch, clinic: Any) -> None:
    monkeypatch.setattr(work, "jobs", lambda: {"any": lambda: 1})
    monkeypatch.setattr(work.ending, "is_set", lambda: True)
    assert work.once(lambda words: None) == 0


@pytest.fixture
def sample(tmp_path: Path) -> dict[str, str]:
    """The environment of a sample clinic of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LEVAMEN_", "DJANGO_"))}
    environment = kept | {"LEVAMEN_DATA": str(tmp_path), "LEVAMEN_HTTPS": "no", "LEVAMEN_SAMPLE": "yes"}
    manage(environment, "start", "--prepare-only")
    return environment


def manage(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, str(WEB / "manage.py"), *command], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


COUNT = """
from worklists.models import NightRow, NightRun
from team.models import Task
from audit.chain import verify
from django.db.models import Count
print(NightRow.objects.count(), NightRun.objects.filter(finished=None).count(), verify().holds,
      Task.objects.filter(kind="finding").count(),
      Task.objects.exclude(origin=None).values("origin").annotate(n=Count("pk")).filter(n__gt=1).count())
"""


def counted(environment: dict[str, str]) -> list[str]:
    return manage(environment, "shell", "--no-imports", "--verbosity", "0", "-c", COUNT).split()


def test_killed_four_times_at_any_moment_the_sample_is_examined_whole_and_once(sample: dict[str, str]) -> None:
    command = [sys.executable, str(WEB / "manage.py"), "worker", "--pause", "0.1"]
    for wait in (1.6, 2.0, 2.4, 2.9):
        process = subprocess.Popen(command, env=sample, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
    manage(sample, "shell", "--no-imports", "-c", "from worklists.models import Lease; Lease.objects.all().delete()")
    whole = subprocess.Popen(command, env=sample, stdout=subprocess.PIPE, text=True)
    assert whole.stdout is not None
    assert whole.stdout.readline() == "at work\n"
    rows = []
    for _ in range(60):
        rows = counted(sample)
        if rows[:2] == ["18", "0"]:
            break
        time.sleep(0.5)
    whole.send_signal(signal.SIGTERM)
    said, _ = whole.communicate(timeout=20)
    assert whole.returncode == 0
    assert rows[:3] == ["18", "0", "True"]
    assert rows[4] == "0"
    assert int(rows[3]) >= 3
    assert not [word for word in ("KOWALCZYK", "apixaban", "555-") if word in said]


def test_start_runs_the_worker_beside_the_server_and_ends_both(sample: dict[str, str]) -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(WEB / "manage.py"), "start", "--port", str(port)], env=sample,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    rows, children = [], []
    try:
        for _ in range(60):
            rows = counted(sample)
            if rows[:2] == ["18", "0"] and _answers(port):
                break
            time.sleep(0.5)
        assert rows[:3] == ["18", "0", "True"]
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) == 2
    finally:
        process.terminate()
    assert process.wait(timeout=30) == 0
    assert not _answers(port)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def _answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def test_the_hour_of_the_night_is_set_by_the_clinic() -> None:
    from datetime import time as hour

    assert hour(2) == settings.NIGHT_CHECK
