"""How long it holds"""

from __future__ import annotations

from datetime import date

import pytest
from sending import BLOCK, line, packet_of
from specimen import at_least, blocks, criterion, look, one_of, policy, read

from levamen.criteria.nodes import Among, Exists, Field, Limit, Window
from levamen.criteria.reference import evaluate_criterion
from levamen.knowledge.registry import Knowledge
from levamen.pathway.answers import CriterionAnswer
from levamen.pathway.authorization.packet import packet
from levamen.pathway.authorization.validity import expiries, holds_until

DONE = "procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-01}]"


def answer(limit: Limit | None, on: str, *, window: Limit | None = None) -> tuple[CriterionAnswer, str]:
    wanted = Among(Field("it", "therapy"), one_of("therapy", "medial-branch-block"))
    rolling = Window("rolling", window) if window is not None else None
    facts = blocks(where=wanted, max_age=limit, window=rolling)
    asked = criterion("recent-block", Exists(facts))
    outcome = evaluate_criterion(asked, look(DONE, on=on))
    return CriterionAnswer(criterion=asked, part="requirement", status=outcome.status, outcome=outcome), on


@pytest.mark.parametrize(("on", "last"), [("2026-04-01", []), ("2026-03-31", []), ("2026-04-02", ["2026-04-01"])])
def test_evidence_that_is_too_old_on_the_service_date_is_expiring(on: str, last: list[str]) -> None:
    """A block of 1 February that may be two months old is fresh to 1 April. Today it counts; for a service on 2 April
    it must be renewed, and the packet says so before the payer does."""
    made, day = answer(at_least(2, "months")[0], on)
    assert made.status == "met"
    assert [row.last.isoformat() for row in expiries(made, look(DONE, on=day))] == last


@pytest.mark.parametrize(("on", "last"), [("2026-03-31", []), ("2026-04-02", ["2026-03-31"])])
def test_what_leaves_a_window_by_the_service_date_is_expiring(on: str, last: list[str]) -> None:
    """Within two months before the service: met today, no longer met on 2 April. The anniversary itself is read both
    ways, so the last sure day is 31 March."""
    made, day = answer(None, on, window=at_least(2, "months")[0])
    assert [row.last.isoformat() for row in expiries(made, look(DONE, on=day))] == last


@pytest.mark.parametrize(
    ("on", "state", "expires"), [("2026-03-31", "complete", None), ("2026-04-02", "expiring", date(2026, 3, 31))]
)
def test_packet_is_expiring_where_only_time_undoes_it(on: str, state: str, expires: date | None) -> None:
    """Everything is answered, and what fails fails by the calendar alone: not *not met* but *expiring*, with the last
    good day."""
    wanted = Among(Field("it", "therapy"), one_of("therapy", "medial-branch-block"))
    recent = Exists(blocks(where=wanted, window=Window("rolling", at_least(2, "months")[0])))
    known = Knowledge({"specimen": policy(criterion("recent-block", recent))}, {})
    asked = "request: [{id: R-1, therapy: medial-branch-block}]"
    record = read(f"{DONE}\ncompleteness: [{{kind: procedures, from: 2025-01-01, to: 2026-04-30}}]\n{asked}")
    made = packet(
        record, record.requests[0], known, date(2026, 3, 2), on=date.fromisoformat(on), policies=["specimen"], duties=()
    )
    assert (made.state, made.expires) == (state, expires)


def test_last_service_date_is_told() -> None:
    """For a service today the same criterion holds, and tells until when."""
    made, day = answer(None, "2026-03-02", window=at_least(2, "months")[0])
    assert holds_until(made, look(DONE, on=day)) == date(2026, 3, 31)


def test_criterion_that_time_only_helps_has_no_end() -> None:
    """Three months of pain become more, never fewer."""
    assert line(packet_of(BLOCK), "pain-duration").until is None


def test_criterion_that_time_will_mend_says_from_when() -> None:
    """Crossed today, and the first service date on which it is no longer crossed."""
    made = packet_of(BLOCK.replace("since: 2025-07-01", "since: 2025-12-20"))
    assert line(made, "pain-duration").answer.earliest == date(2026, 3, 20)
