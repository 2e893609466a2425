"""Whose Medicare document applies: the contractor stated, else the one of the state."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from levamen.derive.views import payer_on
from levamen.pathway.judge import contractor_of
from levamen.record import codes
from levamen.record.facts import Payer, Record
from levamen.record.timeline import When


@pytest.mark.parametrize(
    ("contractor", "state", "expected"),
    [
        ("cgs", None, "cgs"),
        (None, "OH", "cgs"),
        (None, "NC", "palmetto-jm"),
        (None, "CA", "noridian-je"),
        ("noridian", "CA", "noridian-je"),
        ("noridian", None, "noridian"),
        ("noridian-je", None, "noridian-je"),
        (None, None, None),
        (None, "XX", None),
        ("cgs", "CA", "cgs"),
    ],
)
def test_contractor(contractor: str | None, state: str | None, expected: str | None) -> None:
    assert contractor_of(Payer(kind="medicare", contractor=contractor, state=state)) == expected


def test_every_state_has_one_contractor() -> None:
    """A state that stood under two jurisdictions would be answered by the first."""
    seen: dict[str, str] = {}
    for id in codes.ids("contractors"):
        row = codes.entry("contractors", id)
        if row.get("family", id) != id or not any(
            codes.entry("contractors", other).get("family") == id for other in codes.ids("contractors") if other != id
        ):
            for state in row.get("states", ()):
                assert seen.setdefault(state, id) == id, f"{state}: {seen[state]} and {id}"
    assert len(seen) > 45


def test_the_payer_in_force_on_the_day() -> None:
    old = Payer(kind="commercial", end=When.on(date(2026, 1, 31)))
    new = Payer(kind="medicare", start=When.on(date(2026, 2, 1)))
    record = Record(id="r", payers=(old, new))
    assert payer_on(record, date(2026, 1, 31), date(2026, 2, 1)).kind == "commercial"
    assert payer_on(record, date(2026, 2, 1), date(2026, 2, 1)).kind == "medicare"
    both = Record(id="r", payers=(Payer(kind="medicare"), Payer(kind="commercial")))
    assert payer_on(both, date(2026, 2, 1), date(2026, 2, 1)).kind is None


@pytest.mark.parametrize(
    ("as_of", "kind"),
    [(date(2026, 3, 1), "medicare"), (date(2026, 3, 2), None), (datetime(2026, 3, 1, 23, 59, tzinfo=UTC), "medicare")],
)
def test_an_insurance_that_was_recorded_later_is_not_known_earlier(as_of: date, kind: str | None) -> None:
    """Written down on 2 March, in force since January: before that day only the other one was known."""
    late = Payer(kind="commercial", start=When.on(date(2026, 1, 1)), recorded=When.on(date(2026, 3, 2)))
    record = Record(id="r", payers=(Payer(kind="medicare"), late))
    assert payer_on(record, date(2026, 2, 1), as_of).kind == kind
