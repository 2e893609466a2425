"""The sample clinic: forty invented people whose charts expect what the sources say, and a working day that adds up.

`web/sample` is data: staff, patients, what was done. Here the charts are taken out of it, read as any chart is, and
asked for what they expect. Then the day is counted: tomorrow's list, calls, answers, authorizations, refills, scores.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from levamen.adapters.balance import Reading
from levamen.adapters.chart import read_chart
from levamen.derive.periods import Moment
from levamen.knowledge.registry import packaged
from levamen.knowledge.response_tables import packaged_response
from levamen.outcomes.visits import due_visits
from levamen.pathway.expectations import check
from levamen.pathway.refill import refills
from levamen.record import codes
from levamen.record.facts import Procedure
from levamen.text.strict_yaml import read_mapping
from levamen.text.tree import plain_data

SAMPLE = Path(__file__).parents[2] / "web" / "sample"
FILES = sorted((SAMPLE / "patients").glob("*.yaml"))
NOW = datetime(2026, 3, 9, 8, 10, tzinfo=ZoneInfo("America/New_York"))
TODAY, TOMORROW = date(2026, 3, 9), date(2026, 3, 10)
CALLS = {"24h": timedelta(days=1), "1-week": timedelta(days=7)}
ACTIONS: Mapping[str, frozenset[str]] = {
    "refer": frozenset({"from", "reason", "urgency"}),
    "triage": frozenset({"decision", "note"}),
    "task": frozenset({"for", "what", "due"}),
    "book": frozenset({"request", "start", "room", "operator", "minutes"}),
    "decide": frozenset(
        {"request", "decision", "options", "values", "reason", "present", "interpreter", "teach_back", "document"}
    ),
    "authorize": frozenset({"request", "status"}),
    "prescriber": frozenset({"request", "drug", "answer", "who", "on"}),
    "check": frozenset({"request", "stage"}),
    "call": frozenset({"procedure", "kind", "reached", "answers", "next"}),
    "device": frozenset({"device", "event"}),
}
WORDS: Mapping[tuple[str, str], frozenset[str]] = {
    ("refer", "urgency"): frozenset({"routine", "soon", "urgent"}),
    ("triage", "decision"): frozenset({"accept", "return", "urgent"}),
    ("decide", "decision"): frozenset({"accept", "decline", "override", "defer"}),
    ("decide", "teach_back"): frozenset({"yes", "no"}),
    ("decide", "document"): frozenset({"signed", "unsigned"}),
    ("authorize", "status"): frozenset({"preparing", "submitted", "approved", "denied", "appealed"}),
    ("prescriber", "answer"): frozenset({"stop-and-restart", "keep", "no-answer"}),
    ("call", "kind"): frozenset(CALLS),
}


@cache
def patient(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = plain_data(read_mapping(path.read_bytes(), path.name))
    return found


@cache
def reading(path: Path) -> Reading:
    """The chart of a patient as if it stood in a file of its own: the block under `chart:`, two spaces to the left."""
    block = re.search(r"(?ms)^chart:\n(.*?)(?=^\S)", path.read_text(encoding="utf-8"))
    assert block is not None, f"{path.name} has no chart"
    return read_chart(re.sub(r"(?m)^  ", "", block[1]), path.name, policies=packaged().policies)


def people() -> Iterator[tuple[Path, dict[str, Any]]]:
    yield from ((path, patient(path)) for path in FILES)


@cache
def clinic() -> dict[str, Any]:
    path = SAMPLE / "clinic.yaml"
    found: dict[str, Any] = plain_data(read_mapping(path.read_bytes(), path.name))
    return found


def staff() -> dict[str, dict[str, Any]]:
    return {person["username"]: person for person in clinic()["staff"]}


def actions(kind: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    yield from ((path, row) for path, who in people() for row in who["clinic"] if row["action"] == kind)


def last_of(kind: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The last action of a kind for each request."""
    return {(path.name, row["request"]): row for path, row in actions(kind)}


def bookings(day: date) -> list[tuple[Path, dict[str, Any]]]:
    found = [(path, row) for path, row in actions("book") if moment(row["start"]).date() == day]
    return sorted(found, key=lambda row: str(row[1]["start"]))


def moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))


def expected(path: Path, subject: str, request: str) -> list[dict[str, Any]]:
    rows = patient(path)["chart"]["expect"]
    return [row for row in rows if subject in row and row.get("request") == request and "responder" not in row]


# the charts


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_chart_can_be_read_without_a_warning(path: Path) -> None:
    assert [issue.what for issue in reading(path).balance.issues] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_chart_comes_out_as_the_sources_say(path: Path) -> None:
    results = list(check(reading(path), packaged()))
    assert results, "a chart of the sample expects something of itself"
    assert not any(isinstance(result.expect.get(key), list) for result in results for key in ("verdict", "safety"))
    assert [(result.expect, result.differences) for result in results if not result.passed] == []


# the people


def test_there_are_forty_people_numbered_in_order() -> None:
    assert [path.name[:2] for path in FILES] == [f"{number:02}" for number in range(1, 41)]


def test_everybody_is_plainly_invented_and_told_apart() -> None:
    assert "synthetic" in clinic()["name"]
    assert clinic()["synthetic"] is True
    for path, who in people():
        assert path.read_text(encoding="utf-8").startswith("# Synthetic. "), path.name
        assert re.fullmatch(r"555-01\d\d", who["phone"]), path.name
        name = re.sub(r"\W+", "", f"{who['name']['family']}{who['name']['given']}").casefold()
        assert len(name) > 5, path.name
    for key in ("mrn", "phone"):
        assert max(Counter(who[key] for _, who in people()).values()) == 1, key
    assert max(Counter(who["chart"]["id"] for _, who in people()).values()) == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_says_where_the_person_stands_and_what_can_be_argued(path: Path) -> None:
    who = patient(path)
    assert set(who) == {"name", "mrn", "stage", "argue", "team", "phone", "chart", "clinic"}
    sentences = re.findall(r"[^.?]+[.?](?=\s|$)", re.sub(r"\d\.\d", "", str(who["argue"])))
    assert 2 <= len(sentences) <= 6, len(sentences)
    assert "may argue" in who["argue"]
    assert set(who["team"]) == {"physician", "nurse", "coordinator"}
    assert {role: staff()[name]["role"] for role, name in who["team"].items()} == {role: role for role in who["team"]}
    assert who["chart"]["as_of"] == clinic()["as_of"] == "2026-03-09T08:10"
    assert who["chart"]["zone"] == clinic()["zone"]


# what the clinic has done


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_actions_are_whole_and_in_order_and_name_what_exists(path: Path) -> None:
    who, record = patient(path), reading(path).record
    requests = {request.id for request in record.requests}
    facts = {fact.id for fact in record.facts}
    assert [row["at"] for row in who["clinic"]] == sorted(row["at"] for row in who["clinic"])
    assert who["clinic"][0]["action"] == "refer"
    for row in who["clinic"]:
        kind = row["action"]
        assert set(row) >= ACTIONS[kind] | {"at", "by"}, row
        assert moment(row["at"]).replace(tzinfo=NOW.tzinfo) <= NOW, row
        for key in ("by", "for", "operator"):
            assert row.get(key, "apatel") in staff(), row
        for (of, key), words in WORDS.items():
            assert of != kind or row[key] in words, row
        assert row.get("request") in {None, *requests}, row
        assert row.get("procedure") in {None, *(fact.id for fact in record.of(Procedure))}, row
        assert row.get("about") in {None, *facts, *requests}, row
        assert row.get("device") in {None, *facts}, row
        if kind == "decide":
            assert set(row["options"]) <= {"none", *codes.ids("therapies")}, row
            assert "none" in row["options"], "doing nothing is an option of every decision"


def test_a_booking_is_the_appointment_of_its_request_and_nobody_is_in_two_places() -> None:
    taken: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    for path, row in actions("book"):
        request = next(one for one in patient(path)["chart"]["request"] if one["id"] == row["request"])
        start, end = moment(request["start"]), moment(request["end"])
        assert (moment(row["start"]), row["operator"]) == (start, request["operator"]), path.name
        assert end - start == timedelta(minutes=int(row["minutes"])), path.name
        assert row["room"] in clinic()["rooms"], path.name
        for place in (("room", row["room"]), ("operator", row["operator"])):
            for other_start, other_end in taken.setdefault(place, []):
                assert end <= other_start or start >= other_end, (path.name, place)
            taken[place].append((start, end))


def test_who_is_booked_may_do_it_but_for_two_ablations_after_the_day_a_privilege_ends() -> None:
    without = []
    for path, row in actions("book"):
        request = next(one for one in patient(path)["chart"]["request"] if one["id"] == row["request"])
        held = {row["therapy"]: row["until"] for row in staff()[row["operator"]]["privileges"]}
        assert request["therapy"] in held, (path.name, row["operator"])
        if str(row["start"])[:10] > held[request["therapy"]]:
            without.append(path.name[:2])
    assert without == ["19", "21"]


def test_the_governing_policies_and_privileged_therapies_exist() -> None:
    governing = clinic()["governing"]
    named = {policy for policies in governing["payers"].values() for policy in policies}
    assert named | {governing["guideline"]} <= set(packaged().policies)
    assert governing["hold_profile"] in codes.ids("policies")
    assert set(governing["payers"]) <= set(codes.ids("payer_kinds"))
    privileged = {row["therapy"] for person in clinic()["staff"] for row in person["privileges"]}
    assert privileged <= set(codes.ids("therapies"))
    assert {person["role"] for person in clinic()["staff"]} == {
        "physician", "nurse", "coordinator", "clinic-lead", "administrator", "auditor",
    }  # fmt: skip


# the working day


def test_tomorrow_has_fourteen_and_today_four() -> None:
    assert len(bookings(TOMORROW)) == 14
    assert len(bookings(TODAY)) == 4
    planned = {
        (path.name, request["id"])
        for path, who in people()
        for request in who["chart"].get("request", [])
        if str(request.get("start", "")).startswith(str(TOMORROW))
    }
    assert planned == {(path.name, row["request"]) for path, row in bookings(TOMORROW)}


def test_tomorrow_holds_one_contraindication_two_deferrals_two_questions_and_one_payer_not_yet() -> None:
    safety: Counter[str] = Counter()
    not_yet = []
    for path, row in bookings(TOMORROW):
        (stated,) = expected(path, "safety", row["request"])
        safety["go" if stated["safety"] in ("clear", "caution") else stated["safety"]] += 1
        not_yet += [
            path.name[:2] for policy in expected(path, "policy", row["request"]) if policy["verdict"] == "not_yet"
        ]
    assert safety == {"contraindicated": 1, "defer": 2, "unknown": 2, "go": 9}
    assert not_yet == ["07"]


def test_six_calls_are_due_and_two_of_them_overdue() -> None:
    made = {(path.name, row["procedure"], row["kind"]) for path, row in actions("call")}
    due = [
        (path.name[:2], kind, day)
        for path, _ in people()
        for done in reading(path).record.of(Procedure)
        if isinstance(done, Procedure) and done.operator in staff() and done.start is not None
        for kind, after in CALLS.items()
        if (day := done.start.first + after) <= TODAY and (path.name, done.id, kind) not in made
    ]
    assert sorted(number for number, _, day in due if day < TODAY) == ["23", "24"]
    assert sorted(number for number, _, day in due if day == TODAY) == ["20", "22", "33", "39"]


def test_three_prescribers_have_not_answered() -> None:
    waiting = [name[:2] for (name, _), row in last_of("prescriber").items() if row["answer"] == "no-answer"]
    assert waiting == ["14", "21", "23"]


def test_five_authorizations_are_incomplete_and_one_is_appealed() -> None:
    status = {name[:2]: row["status"] for (name, _), row in last_of("authorize").items()}
    assert [number for number, word in status.items() if word == "preparing"] == ["07", "19", "21", "22", "26"]
    assert [number for number, word in status.items() if word == "appealed"] == ["38"]


def test_two_decisions_are_unsigned() -> None:
    assert [path.name[:2] for path, row in actions("decide") if row["document"] == "unsigned"] == ["05", "26"]


def test_four_pumps_are_due_within_fourteen_days() -> None:
    due = [
        path.name[:2]
        for path, _ in people()
        for row in refills(reading(path).record, NOW)
        if row.schedule.refill is not None and row.schedule.refill.day <= TODAY + timedelta(days=14)
    ]
    assert due == ["11", "34", "35", "36"]


def test_eight_scores_after_treatment_are_missing() -> None:
    """A visit after a treatment of ours whose time is over, and no score in it."""
    missing = []
    for path, _ in people():
        for done in reading(path).record.of(Procedure):
            if not (isinstance(done, Procedure) and done.operator in staff()) or _is_test(done):
                continue
            for visit in due_visits(done.start, packaged_response().visits, Moment(NOW, TODAY, TODAY), ()):
                scored = [row.at for row in done.relief if row.at is not None and visit.holds(row.at)]
                if visit.state == "past" and not scored:
                    missing.append((path.name[:2], visit.visit.id))
    assert missing == [
        ("13", "3-months"),
        ("21", "6-months"),
        ("32", "1-month"),
        ("32", "3-months"),
        ("39", "3-months"),
        ("39", "6-months"),
        ("40", "2-weeks"),
        ("40", "1-month"),
    ]


def _is_test(done: Procedure) -> bool:
    return done.purpose == "diagnostic" or done.therapy == "stimulator-programming"
