"""Which limit binds, when to book, when to replace"""

from __future__ import annotations

from datetime import date

import pytest
from reservoir import ZICONOTIDE, binding, due, pump, record_of

from levamen.pathway.refill import refills


def test_the_earliest_of_all() -> None:
    """Volume, age of the drug, the clinic's longest interval and the battery: the earliest is the date, and all are
    shown in their order."""
    found = pump(longest=28, eri="2026-02-03", drugs=ZICONOTIDE).schedule
    assert [(bound.kind, bound.day.isoformat()) for bound in found.bounds] == [
        ("battery", "2026-02-03"),
        ("interval", "2026-02-07"),
        ("alarm", "2026-02-09"),
        ("drug-age", "2026-04-04"),
    ]
    assert (binding(longest=28, eri="2026-02-03"), due(longest=28)) == ("battery", "2026-02-07T09:00+01:00")


@pytest.mark.parametrize(("margin", "book_by"), [(7, "2026-02-02"), (0, "2026-02-09"), (40, "2025-12-31")])
def test_book_by(margin: int, book_by: str) -> None:
    """It is booked so many days before the day it is due: seven unless the clinic says otherwise. Seven is a default of
    ours."""
    found = pump(margin=margin).schedule.book_by
    assert found is not None
    assert found.isoformat() == book_by


@pytest.mark.parametrize(
    ("as_of", "standing"),
    [
        ("2026-02-01", "later"),
        ("2026-02-02", "book"),
        ("2026-02-08", "book"),
        ("2026-02-09T08:59", "book"),
        ("2026-02-09T09:00", "overdue"),
        ("2026-02-09", "overdue"),
    ],
)
def test_standing(as_of: str, standing: str) -> None:
    """On the day to book it is to be booked; from the moment itself it is overdue. A day asked for without an hour is
    the whole day."""
    assert pump(as_of=as_of).standing == standing


def test_replacement() -> None:
    """The pump is replaced by the end of service of its battery; where only the indicator is recorded, by that, because
    the days from it to the end are not confirmed."""
    only = pump(eri="2026-10-01").schedule.replacement
    both = pump(eri="2026-10-01", eos="2026-12-20").schedule.replacement
    assert only is not None
    assert both is not None
    assert (only.day.isoformat(), both.day.isoformat()) == ("2026-10-01", "2026-12-20")


def test_the_indicator_has_come_on() -> None:
    """An indicator that came on before the fill gives a date in the past: the pump is to be replaced, and no later date
    is given for it. The other limits are still shown."""
    found = pump(eri="2026-01-02")
    assert (found.standing, found.replacement_overdue) == ("overdue", True)
    assert [bound.kind for bound in found.schedule.bounds] == ["battery", "alarm", "drug-age"]
    assert pump(eri="2026-10-01").replacement_overdue is False
    assert pump(eri="2026-01-11").replacement_overdue is True


def test_a_pump_that_is_out_is_not_asked_about() -> None:
    """A pump that was removed, or is not yet implanted, is due nothing."""
    assert refills(record_of(), date(2025, 3, 3)) == ()
    assert len(refills(record_of(), date(2025, 3, 4))) == 1
    assert refills(record_of(model="SynchroMed II, removed: 2026-03-01"), date(2026, 3, 1)) == ()
