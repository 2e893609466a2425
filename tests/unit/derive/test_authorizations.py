"""What an authority said last of an authorization, and of which request (hazard H-NEW-library-3)."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.adapters.chart import read_chart
from levamen.criteria.truth import Status
from levamen.derive.authorizations import of_request, standing, words
from levamen.record.facts import Document
from levamen.record.timeline import When, month_of

MAY = date(2026, 5, 4)


def said(id: str, status: str | None, day: When | None = None, request: str | None = None) -> Document:
    return Document(id=id, kind="authorization", status=status, date=day, request=request)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, "met"), ("on-file", "met"), ("approved", "met"),
        ("denied", "not_met"), ("pending", "not_met"), ("withdrawn", "not_met"),
    ],
)  # fmt: skip
def test_only_what_was_granted_stands(status: str | None, expected: Status) -> None:
    assert standing([said("D-1", status, When.on(MAY))], "R-1")[0] == expected


def test_none_is_not_known() -> None:
    assert standing([Document(id="D-1", kind="consent")], "R-1") == ("unknown", ())


@pytest.mark.parametrize("turned", [False, True])
def test_the_last_that_was_said_counts_in_any_order(turned: bool) -> None:
    rows = [said("D-1", "approved", When.on(MAY)), said("D-2", "denied", When.on(MAY.replace(day=5)))]
    assert standing(rows[::-1] if turned else rows, "R-1")[0] == "not_met"


@pytest.mark.parametrize("day", [None, When.on(MAY), month_of(2026, 5)])
def test_what_may_be_the_last_leaves_it_open_where_they_differ(day: When | None) -> None:
    rows = [said("D-1", "approved", When.on(MAY)), said("D-2", "denied", day)]
    assert standing(rows, "R-1")[0] == "unknown"
    assert standing([rows[0], said("D-2", None, day)], "R-1")[0] == "met"


def test_one_for_another_request_is_none_for_this() -> None:
    rows = [said("D-1", "approved", When.on(MAY), "R-2"), said("D-2", "denied", When.on(MAY), "R-1")]
    assert (standing(rows, "R-1")[0], standing(rows, "R-2")[0], standing(rows, "R-3")[0]) == (
        "not_met", "met", "unknown",
    )  # fmt: skip
    consent = Document(id="D-3", kind="consent", request="R-2")
    assert of_request([consent], "R-1") == (consent,)


def test_words() -> None:
    assert words([said("D-1", "denied"), said("D-2", None)]) == "denied (D-1), on file (D-2)"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{id: D-1, kind: authorization, status: refused}", "refused"),
        ("{id: D-1, kind: consent, status: approved}", "only an authorization is approved or denied"),
    ],
)
def test_a_chart_says_it_of_an_authorization_in_known_words(entry: str, told: str) -> None:
    reading = read_chart(f"chart: 1\nid: p\ndocuments: [{entry}]\n", "p")
    assert told in " ".join(issue.what for issue in reading.balance.issues)
