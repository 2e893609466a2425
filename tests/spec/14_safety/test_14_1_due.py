"""Guards: due when the plan is made, or on the day"""

from __future__ import annotations

import pytest
from appointment import LOW, guard_of, plan_of

from levamen.pathway.periprocedural.answers import SAFETY_VERDICTS

NO_INFECTION = """
    completeness:
      - {{kind: medications, reviewed: 2026-04-01}}
      - {{kind: problems, reviewed: 2026-04-01}}
      - {{kind: infection, asked: {asked}, answer: "{answer}"}}
    """


def test_safety_is_one_of_five_words() -> None:
    """Safety is clear, caution, unknown, defer or contraindicated, from the mildest to the worst (ADR 0007, 19)."""
    assert SAFETY_VERDICTS == ("clear", "caution", "unknown", "defer", "contraindicated")


def test_not_known_when_the_plan_is_made_is_unknown() -> None:
    """A hazard that is due when the plan is made and that nobody can rule out makes safety unknown: nobody went
    through the problems of somebody on clopidogrel, who may have a new stent (ADR 0007, 6)."""
    chart = """
        completeness: [{kind: medications, reviewed: 2026-04-01}]
        medications: [{id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease}]
        """
    found = plan_of(chart, LOW)
    stent = guard_of(found, "stent-any")
    assert stent is not None
    assert (stent.due, stent.status, stent.verdict) == ("plan", "unknown", "unknown")
    assert found.safety == "unknown"


def test_question_of_the_day_is_an_obligation_before_the_day() -> None:
    """Whether somebody has a cold in two weeks is no question for today. Until the day comes it is owed, not unknown
    (ADR 0007, 6)."""
    found = plan_of(as_of="2026-04-14")
    cold = guard_of(found, "infection-asked")
    assert cold is not None
    assert (cold.due, cold.ask_on_the_day, cold.verdict) == ("day", True, "clear")
    owed = next(row for row in found.obligations if row.id == "infection-asked")
    assert (owed.what, str(owed.due)) == ("ask on the day: The patient reports an infection", "2026-04-15")
    assert found.safety == "clear"


def test_question_of_the_day_counts_on_the_day() -> None:
    """On the day, by the local calendar, the same question left unasked is unknown, and unknown stops (ADR 0007,
    6)."""
    found = plan_of(as_of="2026-04-15")
    cold = guard_of(found, "infection-asked")
    assert cold is not None
    assert (cold.ask_on_the_day, cold.verdict, found.safety) == (False, "unknown", "unknown")


@pytest.mark.parametrize(
    ("asked", "answer", "status"),
    [
        ("2026-04-15", "no", "not_met"),
        ("2026-04-15", "yes", "met"),
        ("2026-04-14", "no", "unknown"),
    ],
)
def test_answer_of_yesterday_is_not_one_of_today(asked: str, answer: str, status: str) -> None:
    """On the day an answer of that day settles the question; that of the day before does not (ADR 0007, 6)."""
    cold = guard_of(plan_of(NO_INFECTION.format(asked=asked, answer=answer), as_of="2026-04-15"), "infection-asked")
    assert cold is not None
    assert cold.status == status


def test_no_before_the_day_leaves_the_question_open() -> None:
    """Healthy a week before is not healthy on the day: the question stays owed (ADR 0007, 6)."""
    found = plan_of(NO_INFECTION.format(asked="2026-04-08", answer="no"), as_of="2026-04-08")
    assert "infection-asked" in {row.id for row in found.obligations}


@pytest.mark.parametrize(("temperature", "fires", "safety"), [("38.0", True, "defer"), ("37.9", False, "clear")])
def test_unverified_value_may_stop(temperature: str, fires: bool, safety: str) -> None:
    """No society prints the limit of 38.0 degrees; it is a local default, so it may stop a procedure (ADR 0007, 6)."""
    chart = f"""
        labs: [{{id: L-1, test: temperature, value: {temperature}, unit: Cel, at: 2026-04-14}}]
        """
    found = plan_of(chart, as_of="2026-04-14")
    fever = guard_of(found, "fever-recent")
    assert fever is not None
    assert (fever.mark, fever.fires, found.safety) == ("unverified", fires, safety)


def test_quiet_guard_never_clears() -> None:
    """A guard that is quiet adds nothing. With every guard answered or with none of them, what is unknown for another
    reason stays unknown: here nobody went through the drugs (ADR 0007, 6)."""
    chart = """
        completeness: [{kind: problems, reviewed: 2026-04-01}]
        """
    with_guards, without = plan_of(chart), plan_of(chart, guards=())
    assert [answer.guard.id for answer in with_guards.guards if answer.fires] == []
    assert (with_guards.safety, without.safety) == ("unknown", "unknown")
