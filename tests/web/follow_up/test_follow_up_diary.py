"""The diary of a block: Unknown until two answers while more can come, gaps shown, conflicts open, nothing rounded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from clinic import clock
from records import actions
from records.models import Entry

pytestmark = pytest.mark.django_db
BLOCK = {
    "therapy": "medial-branch-block", "start": "2026-03-09T11:00:00-04:00", "region": "lumbar", "side": "right",
    "joints": ["L3-4", "L4-5"], "purpose": "diagnostic", "sedation": "none", "guidance": "fluoroscopy", "pain": "PN-1",
    "operator": "a-physician", "agents": [{"drug": "bupivacaine", "concentration": "0.5 %", "volume": "0.5 mL"}],
}  # fmt: skip
SOON = datetime(2026, 3, 9, 19, 30, tzinfo=UTC)
"""15:30, four and a half hours after the needle; the diary goes on for six."""
LATER = datetime(2026, 3, 10, 13, tzinfo=UTC)


@pytest.fixture
def blocked(patient: Callable[..., Any], staff: Callable[..., Any]) -> Any:
    held = patient()
    with clock.standing_at(datetime(2026, 3, 9, 15, 30, tzinfo=UTC)):
        actions.add(staff("physician"), held, "procedures", BLOCK, key="P-8")
    return held


@pytest.fixture
def nurse(signed_in: Callable[..., Client]) -> Client:
    return signed_in("nurse")


def address(held: Any) -> str:
    return f"/patient/{held.handle}/follow-up/P-8/diary"


def typed(*rows: tuple[str, str], way: str = "telephone", moved: str = "yes") -> dict[str, str]:
    found = {"way": way}
    for number, (at, pain) in enumerate(rows):
        found |= {f"at.{number}": f"2026-03-09T{at}", f"pain.{number}": pain, f"moved.{number}": moved}
    return found


def rows_of(held: Any) -> list[dict[str, Any]]:
    return list(Entry.objects.get(patient=held, key="P-8").fields.get("relief", []))


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_answers_are_unknown_while_the_window_is_open(blocked: Any, nurse: Client, count: int) -> None:
    with clock.standing_at(SOON):
        if count:
            nurse.post(address(blocked), typed(("12:00", "1")))
        page = nurse.get(address(blocked)).content.decode()
    assert f"Unknown so far: {count} of at least 2 answers" in page
    assert "the window closes at 17:00" in page
    assert "chip-met" not in page


def test_two_answers_decide_by_each_authority(blocked: Any, nurse: Client) -> None:
    with clock.standing_at(SOON):
        nurse.post(address(blocked), typed(("12:00", "1"), ("13:00", "1")))
        page = nurse.get(address(blocked))
    text = page.content.decode()
    assert "Unknown so far" not in text
    assert "Best relief 87.5 %" in text
    assert "chip-met" in text
    assert any(line.chip == "met" for line in page.context["rules"])


@pytest.mark.parametrize(("pain", "chip"), [("1.6", "met"), ("1.61", "not_met"), ("1.59", "met")])
def test_the_threshold_is_compared_unrounded(blocked: Any, nurse: Client, pain: str, chip: str) -> None:
    """From 8, 80 per cent less is 1.6: 1.61 is 79.875 per cent, which is not 80."""
    with clock.standing_at(SOON):
        nurse.post(address(blocked), typed(("12:00", pain), ("13:00", "5")))
        levels = {line.what: line.chip for line in nurse.get(address(blocked)).context["levels"]}
    assert levels["At least 80 per cent"] == chip


def test_missing_times_are_gaps_and_never_interpolated(blocked: Any, nurse: Client) -> None:
    with clock.standing_at(LATER):
        nurse.post(address(blocked), typed(("12:00", "1"), ("15:00", "2")))
        page = nurse.get(address(blocked))
    hours = page.context["hours"]
    assert [(hour.at.astimezone(UTC).hour, hour.value) for hour in hours] == [
        (16, "1"), (17, ""), (18, ""), (19, "2"), (20, ""), (21, ""),
    ]  # fmt: skip
    assert page.content.decode().count('class="gap"') == 4
    assert "expected to act (awaiting confirmation)" in page.content.decode()


def test_telephone_and_paper_that_differ_are_a_conflict(blocked: Any, nurse: Client) -> None:
    with clock.standing_at(LATER):
        nurse.post(address(blocked), typed(("12:00", "1"), ("13:00", "7")))
        nurse.post(address(blocked), typed(("12:00", "6"), way="paper"))
        page = nurse.get(address(blocked))
    text = page.content.decode()
    assert "Two answers differ for the same time" in text
    assert "1 or 6" in text
    assert page.context["conflicts"] == [
        f"Which relief at 12:00 on 9 Mar 2026 holds: 8 before and 1 after (telephone, {who}) or 8 before and 6 after "
        f"(paper, {who})"
        for who in {row["author"] for row in rows_of(blocked)}
    ]
    levels = {line.what: line.chip for line in page.context["levels"]}
    assert levels["At least 80 per cent"] == "unknown"
    assert not [line for line in page.context["rules"] if line.chip == "met"]


def test_a_conflict_on_which_nothing_hangs_leaves_the_category(blocked: Any, nurse: Client) -> None:
    with clock.standing_at(LATER):
        nurse.post(address(blocked), typed(("12:00", "1"), ("13:00", "7")))
        nurse.post(address(blocked), typed(("13:00", "6"), way="paper"))
        levels = {line.what: line.chip for line in nurse.get(address(blocked)).context["levels"]}
    assert levels["At least 80 per cent"] == "met"


def test_what_is_told_from_memory_is_marked(blocked: Any, nurse: Client) -> None:
    with clock.standing_at(LATER):
        nurse.post(address(blocked), typed(("12:00", "1"), ("13:00", "1"), way="memory"))
        page = nurse.get(address(blocked)).content.decode()
    assert "from memory" in page
    assert [row["source"] for row in rows_of(blocked)] == ["memory", "memory"]


def test_the_same_answers_sent_twice_are_written_once(blocked: Any, nurse: Client) -> None:
    with clock.standing_at(LATER):
        for _ in range(2):
            nurse.post(address(blocked), typed(("12:00", "1"), ("13:00", "2")))
    assert len(rows_of(blocked)) == 2
    assert {row.get("activity") for row in rows_of(blocked)} == {True}


def test_a_movement_that_was_not_asked_is_not_no(blocked: Any, nurse: Client) -> None:
    with clock.standing_at(LATER):
        nurse.post(address(blocked), typed(("12:00", "1"), moved=""))
    assert "activity" not in rows_of(blocked)[0]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (typed(("12:00", "11")), "Write a number from 0 to 10"),
        (typed(("12:00", "-1")), "Write a number from 0 to 10"),
        (typed(("10:59", "1")), "after the block and before now"),
        (typed(("23:59", "1")), "after the block and before now"),
        (typed(("12:00", "1"), way=""), "in which way"),
        (typed(("12:00", "")), "Nothing was typed yet"),
    ],
)
def test_what_cannot_be_typed_is_told(blocked: Any, nurse: Client, sent: dict[str, str], told: str) -> None:
    with clock.standing_at(SOON):
        page = nurse.post(address(blocked), sent)
    assert page.status_code == 400
    assert told in page.content.decode()
    assert not rows_of(blocked)


def test_without_the_hour_of_the_needle_there_is_no_curve_and_it_is_said(
    patient: Callable[..., Any], nurse: Client
) -> None:
    held = patient()
    page = nurse.get(f"/patient/{held.handle}/follow-up/P-1/diary").content.decode()
    assert "the hour of the needle is not recorded" in page
    assert "Unknown so far" not in page
    assert "It rests on one answer" in page


def test_a_treatment_has_no_diary_and_a_coordinator_does_not_write(
    blocked: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    with clock.standing_at(LATER):
        coordinator = signed_in("coordinator")
        assert coordinator.get(address(blocked)).status_code == 200
        assert coordinator.post(address(blocked), typed(("12:00", "1"))).status_code == 400
        assert not rows_of(blocked)
        actions.add(
            staff("physician"), blocked, "procedures", {"therapy": "kyphoplasty", "date": "2026-02-01"}, key="P-7"
        )
        assert coordinator.get(f"/patient/{blocked.handle}/follow-up/P-7/diary").status_code == 404


def test_the_diary_asks_the_database_little(
    blocked: Any, nurse: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with clock.standing_at(LATER):
        nurse.get(address(blocked))
    with clock.standing_at(LATER), django_assert_max_num_queries(20) as asked:
        assert nurse.get(address(blocked)).status_code == 200
    reads = [row for row in asked.captured_queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(reads) <= 12
