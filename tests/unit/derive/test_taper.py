"""Falls of a total against each published pace: at, just below and just above (dossiers: 5.4, and taper rows of 5)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from levamen.derive.taper import DatedTotal, PaceAnswer, Taper, taper
from levamen.knowledge.opioids import packaged_opioids

OPIOIDS = packaged_opioids()
START = date(2026, 1, 5)
LONG = date(2024, 1, 5)


def series(*rows: tuple[date | int, str | None]) -> list[DatedTotal]:
    """Totals on days, or so many days after the start."""
    return [
        DatedTotal(
            START + timedelta(days=when) if isinstance(when, int) else when, Fraction(mme) if mme is not None else None
        )
        for when, mme in rows
    ]


def checked(*rows: tuple[date | int, str | None], since: date | None = LONG, on: date = START) -> Taper:
    return taper(series(*rows), OPIOIDS, on, since=since)


def pace(found: Taper, id: str) -> PaceAnswer:
    return next(answer for answer in found.answers if answer.rule.id == id)


def status(id: str, *rows: tuple[date | int, str | None]) -> str:
    return pace(checked(*rows), id).status


@pytest.mark.parametrize(("after", "expected"), [("81", "met"), ("80", "met"), ("79.99", "not_met"), ("60", "not_met")])
def test_the_common_pace_is_at_most_20_per_cent_in_4_weeks(after: str, expected: str) -> None:
    assert status("hhs-common", (0, "100"), (7, after)) == expected


@pytest.mark.parametrize(("apart", "expected"), [(27, "not_met"), (28, "met"), (29, "met")])
def test_cuts_closer_than_4_weeks_are_added(apart: int, expected: str) -> None:
    assert status("hhs-common", (0, "100"), (10, "85"), (10 + apart, "70")) == expected


def test_many_small_cuts_in_4_weeks_are_one_fall() -> None:
    found = pace(checked((0, "100"), (1, "94"), (8, "88"), (15, "82"), (22, "76")), "hhs-common")
    assert (found.status, found.worst, found.on) == ("not_met", 24, START + timedelta(days=22))


@pytest.mark.parametrize(("after", "expected"), [("90.01", "met"), ("90", "met"), ("89.99", "not_met")])
def test_after_a_year_10_per_cent_a_month(after: str, expected: str) -> None:
    assert status("cdc-long", (0, "100"), (7, after)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), "not_met"),
        (date(2026, 1, 31), date(2026, 2, 28), "met"),
        (date(2028, 1, 31), date(2028, 2, 28), "not_met"),
        (date(2028, 1, 31), date(2028, 2, 29), "met"),
        (date(2026, 2, 10), date(2026, 3, 9), "not_met"),
        (date(2026, 2, 10), date(2026, 3, 10), "met"),
    ],
)
def test_a_month_is_a_calendar_month(first: date, second: date, expected: str) -> None:
    assert status("cdc-long", (date(2025, 12, 1), "100"), (first, "91"), (second, "83")) == expected


SHORT = [
    # of the original dose while more than 30 % is left, then of what is left
    ([(0, "100"), (7, "90")], "met"),
    ([(0, "100"), (7, "89.9")], "not_met"),
    ([(0, "100"), (7, "90"), (13, "80")], "not_met"),
    ([(0, "100"), (7, "90"), (14, "80"), (21, "70"), (28, "60"), (35, "50"), (42, "40"), (49, "30")], "met"),
    (
        [(0, "100"), (7, "90"), (14, "80"), (21, "70"), (28, "60"), (35, "50"), (42, "40"), (49, "30"), (56, "27")],
        "met",
    ),
    (
        [(0, "100"), (7, "90"), (14, "80"), (21, "70"), (28, "60"), (35, "50"), (42, "40"), (49, "30"), (56, "26.9")],
        "not_met",
    ),
]


@pytest.mark.parametrize(("rows", "expected"), SHORT)
def test_after_weeks_to_months_10_per_cent_of_the_original_a_week(
    rows: list[tuple[date | int, str | None]], expected: str
) -> None:
    assert status("cdc-short", *rows) == expected


@pytest.mark.parametrize(
    ("after", "expected"), [("90", "unknown"), ("89.99", "ambiguous"), ("75", "ambiguous"), ("74.99", "not_met")]
)
def test_the_pace_that_awaits_confirmation_may_warn_and_never_permits(after: str, expected: str) -> None:
    found = pace(checked((0, "100"), (7, after)), "fda")
    assert found.status == expected
    assert (found.reason == "awaiting confirmation") is (expected == "unknown")


@pytest.mark.parametrize(("after", "expected"), [("75.01", "met"), ("75", "met"), ("74.99", "not_met")])
def test_never_more_than_a_quarter_at_once(after: str, expected: str) -> None:
    assert status("pittsburgh", (0, "100"), (7, after)) == expected
    assert status("pittsburgh", (0, "100"), (7, "76"), (8, "58")) == "met"


def test_which_rule_speaks_of_how_long_a_use() -> None:
    long = checked((0, "100"), (7, "90"))
    assert (pace(long, "cdc-long").applies, pace(long, "cdc-short").applies) == (True, False)
    cut = START + timedelta(days=7)
    for since, known in ((date(2025, 1, 12), True), (date(2025, 1, 13), None), (None, None)):
        found = checked((0, "100"), (7, "90"), since=since)
        assert (cut, pace(found, "cdc-long").applies) == (cut, known)
        assert pace(found, "cdc-short").applies is (False if known else None)
    assert pace(long, "hhs-common").applies is True


def test_a_stop_is_told_apart_and_no_pace_is_kept_or_broken_by_it() -> None:
    found = checked((0, "60"), (7, "0"))
    assert [(cut.before, cut.after, cut.stop) for cut in found.cuts] == [(60, 0, True)]
    assert found.answers == ()
    slow = checked((0, "60"), (7, "54"), (40, "0"))
    assert pace(slow, "hhs-common").worst == 10


def test_a_total_that_is_not_known_keeps_no_rule() -> None:
    found = checked((0, "100"), (7, "90"), (40, None), (80, "20"))
    assert [cut.after for cut in found.cuts] == [90]
    assert found.unknown_from == START + timedelta(days=40)
    assert pace(found, "hhs-common").status == "unknown"
    assert pace(checked((0, "100"), (7, "50"), (40, None)), "hhs-common").status == "not_met"


def test_a_rise_is_no_fall() -> None:
    found = checked((0, "60"), (7, "90"))
    assert (found.cuts, found.answers, found.contact_by, found.agreed) == ((), (), None, None)


@pytest.mark.parametrize(
    ("day", "by"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 3, 2), date(2026, 4, 2)),
    ],
)
def test_contact_is_due_a_month_after_the_last_cut(day: date, by: date) -> None:
    rows = ((date(2025, 12, 1), "100"), (date(2026, 1, 1), "95"), (day, "90"))
    assert checked(*rows, on=day).contact_by == by
    assert checked(*rows, on=date(2026, 1, 2)).contact_by == date(2026, 2, 1)
    assert checked(*rows, on=date(2025, 12, 2)).contact_by == date(2026, 2, 1)


def test_contact_after_a_stop_is_not_dated() -> None:
    assert checked((0, "60"), (7, "0"), on=date(2026, 6, 1)).contact_by is None


def test_the_order_of_the_totals_changes_nothing() -> None:
    rows = series((0, "100"), (7, "90"), (20, "70"), (60, "50"))
    first = taper(rows, OPIOIDS, START, since=LONG)
    shuffled = [rows[place] for place in (2, 0, 3, 1)]
    assert taper(shuffled, OPIOIDS, START, since=LONG) == first


def test_agreement_is_only_said_of_cuts() -> None:
    cut = series((0, "100"), (7, "90"))
    assert taper(cut, OPIOIDS, START, agreed=True).agreed is True
    assert taper(cut, OPIOIDS, START, agreed=None).agreed is None
    assert taper(series((0, "100")), OPIOIDS, START, agreed=True).agreed is None
