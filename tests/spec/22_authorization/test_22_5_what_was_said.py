"""What the payer said"""

from __future__ import annotations

import pytest
from sending import BLOCK, packet_of
from specimen import latest, one_of, reason, value

from levamen.criteria.build import it_is
from levamen.criteria.nodes import Facts

AUTHORIZED = latest(
    Facts("documents", "authorization", it_is("kind", one_of("kind", "authorization"))),
    it_is("status", one_of("status", "approved", "on-file")),
)
ASKED = "completeness: [{kind: documents, from: 2025-01-01}]\nrequest: [{id: R-1, therapy: medial-branch-block}]\n"


def documents(*rows: str) -> str:
    listed = [f"{{id: D-{place}, kind: authorization, {row}}}" for place, row in enumerate(rows)]
    return f"{ASKED}documents: [{', '.join(listed)}]"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("date: 2026-02-02", "met"),
        ("date: 2026-02-02, status: approved", "met"),
        ("date: 2026-02-02, status: denied", "not_met"),
        ("date: 2026-02-02, status: pending", "not_met"),
        ("date: 2026-02-02, status: withdrawn", "not_met"),
    ],
)
def test_a_denial_is_no_authorization(row: str, expected: str) -> None:
    """An authorization in a chart may say its `status`: approved, denied, pending, withdrawn. One that says nothing
    more is on file. Denied, not answered and withdrawn never read as authorized.
    """
    assert value(AUTHORIZED, documents(row)) == expected


def test_the_last_that_was_said_counts() -> None:
    """Approved on appeal after a denial is authorized; denied after an approval is not."""
    first, then = "date: 2026-02-02, status: {}", "date: 2026-02-20, status: {}"
    assert value(AUTHORIZED, documents(first.format("denied"), then.format("approved"))) == "met"
    assert value(AUTHORIZED, documents(first.format("approved"), then.format("denied"))) == "not_met"
    assert value(AUTHORIZED, documents(then.format("denied"), first.format("approved"))) == "not_met"


def test_two_answers_of_one_day_contradict_each_other() -> None:
    """Approved and denied on one day is unknown (conflicting); so is a denial of which nobody wrote the day."""
    same = documents("date: 2026-02-02, status: approved", "date: 2026-02-02, status: denied")
    assert (value(AUTHORIZED, same), reason(AUTHORIZED, same)) == ("unknown", "conflicting")
    assert value(AUTHORIZED, documents("date: 2026-02-02, status: approved", "status: denied")) == "unknown"


def test_an_authorization_is_for_the_request_it_names() -> None:
    """One that names another request says nothing of this one: whether it is authorized is not known."""
    other = documents("date: 2026-02-02, status: approved, request: R-2")
    assert value(AUTHORIZED, other) == "unknown"
    assert value(AUTHORIZED, documents("date: 2026-02-02, status: approved, request: R-1")) == "met"


def test_the_packet_says_that_it_was_denied() -> None:
    """What the chart already has is called what it is: an earlier denial is no authorization on file."""
    denied = "documents: [{id: D-1, kind: authorization, status: denied, date: 2026-02-02, request: R-1}]"
    assert [(row.fact, row.value) for row in packet_of(BLOCK, denied).on_file] == [("D-1", "denied")]
