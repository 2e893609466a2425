"""Which questions a record raises by itself; the dead and children raise none (hazard H-12)."""

from __future__ import annotations

from datetime import date

from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.assess import assess
from levamen.pathway.raise_questions import raised
from levamen.record.facts import Fact, Finding, Pain, Person, Problem, Procedure, Record, Request
from levamen.record.timeline import When

TODAY = date(2026, 3, 2)
ADULT = Person(birth_date=When.on(date(1961, 4, 9)))
BACK = Pain(id="PN-1", site="low-back", side="right", pattern="axial")
BLOCK = Procedure(
    id="P-1", therapy="medial-branch-block", start=When.on(date(2026, 2, 12)), region="lumbar", side="right",
    joints=frozenset({"L4-5"}), purpose="diagnostic",
)  # fmt: skip


def therapies(*facts: Fact) -> list[str | None]:
    return [request.therapy for request in raised(Record(id="r", facts=facts), TODAY)]


def test_axial_spine_pain_raises_a_block_of_the_joints_found() -> None:
    finding = Finding(id="F-1", concept="facet-arthropathy", region="lumbar", joints=frozenset({"L4-5"}))
    asked = raised(Record(id="r", facts=(BACK, finding)), TODAY)[0]
    assert (asked.id, asked.therapy, asked.side, asked.joints, asked.pain) == (
        "Q-1", "medial-branch-block", "right", frozenset({"L4-5"}), "PN-1",
    )  # fmt: skip


def test_radicular_pain_raises_an_epidural() -> None:
    assert therapies(Pain(id="PN-1", region="lower-limb", pattern="radicular")) == ["epidural-steroid-injection"]


def test_a_block_done_raises_the_ablation() -> None:
    asked = raised(Record(id="r", facts=(BLOCK,)), TODAY)
    assert [(r.therapy, r.joints, r.technique) for r in asked] == [
        ("medial-branch-radiofrequency-ablation", frozenset({"L4-5"}), "thermal")
    ]


def test_what_is_over_or_refuted_raises_nothing() -> None:
    for fields in ({"status": "resolved"}, {"verification": "refuted"}, {"verification": "entered-in-error"}):
        assert therapies(Problem(id="PR-1", concept="radiculopathy", region="lumbar", **fields)) == []


def test_what_was_not_known_then_raises_nothing() -> None:
    assert raised(Record(id="r", facts=(BLOCK,)), date(2026, 2, 11)) == ()


def test_each_question_once() -> None:
    again = Pain(id="PN-2", site="low-back", side="right", pattern="axial")
    assert len(therapies(BACK, again)) == 1


def asked(person: Person, *requests: Request) -> tuple[int, tuple[str, ...]]:
    record = Record(id="r", person=person, facts=(BACK,), requests=requests)
    found = assess(record, Knowledge({"mcr-facet": packaged().policies["mcr-facet"]}, packaged().sources), TODAY)
    return len(found.questions), found.notes


def test_the_dead_are_asked_nothing_even_if_a_request_stands() -> None:
    dead = Person(birth_date=When.on(date(1961, 4, 9)), died=When.on(date(2026, 3, 2)))
    request = Request(id="R-1", therapy="medial-branch-block", region="lumbar")
    assert asked(dead, request) == (0, ("The patient has died: nothing is asked.",))


def test_a_child_raises_nothing() -> None:
    child = Person(birth_date=When.on(date(2008, 3, 3)))
    assert asked(child) == (0, ("The patient is not an adult: nothing is asked.",))
    assert asked(Person(birth_date=When.on(date(2008, 3, 2))))[0] > 0


def test_a_child_that_is_asked_about_is_answered_with_silence() -> None:
    child = Person(birth_date=When.on(date(2015, 6, 1)))
    request = Request(id="R-1", therapy="medial-branch-block", region="lumbar")
    record = Record(id="r", person=child, facts=(BACK,), requests=(request,))
    question = assess(record, packaged(), TODAY, only=["mcr-facet"]).questions[0]
    answer = question.under("mcr-facet")
    assert answer is not None
    assert (answer.verdict, answer.reason) == ("silent", "age")


def test_an_adult_raises() -> None:
    assert asked(ADULT)[0] == 1
