"""Flags: who clears one, with what, and until when"""

from __future__ import annotations

import pytest
from flagged import CLEAR_LISTS, finding, flag_of, stopped

SIGN = "findings:\n" + finding("saddle-numbness", on="2026-03-28", more=", recorded: 2026-03-30")
FIELDS = {
    "kind": "judgement",
    "date": "2026-03-31",
    "by": "pain-physician",
    "author": "Dr. Amal Haddad",
    "conclusion": "suitable",
    "about": "{flag: cauda-equina}",
    "note": "MRI without compression",
}


def said(id: str = "E-1", **changes: str | None) -> str:
    fields = {name: value for name, value in {**FIELDS, **changes}.items() if value is not None}
    return f"  - {{id: {id}, " + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}\n"


def chart(*rows: str, signs: str = SIGN) -> str:
    return signs + "evaluations:\n" + "".join(rows)


def test_named_clinician_with_a_reason_clears() -> None:
    """A judgement of a named clinician that the procedure may go on, with its reason, clears the flag; it is still
    shown (dossier 4.1)."""
    found = flag_of("cauda-equina", chart(said()))
    assert found.status == "fires"
    assert found.clearance is not None
    assert (found.clearance.author, found.clearance.note) == ("Dr. Amal Haddad", "MRI without compression")
    assert stopped(CLEAR_LISTS.replace("LIST", "") + chart(said())).safety == "clear"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"author": None}, "names no person"),
        ({"author": "pain physician"}, "which is a role"),
        ({"by": None}, "in which role"),
        ({"by": "coordinator"}, "coordinator does not clear"),
        ({"by": "clinical-psychologist"}, "does not clear this flag"),
        ({"note": None}, "gives no reason"),
        ({"date": None}, "its day is not known exactly"),
        ({"date": "2026-03"}, "its day is not known exactly"),
        ({"conclusion": "deferred"}, "its conclusion is deferred"),
        ({"conclusion": None}, "its conclusion is not recorded"),
        ({"kind": "surgical"}, "no judgement that the procedure may go on"),
        ({"date": "2026-03-29"}, "was recorded after it"),
        ({"date": "2026-03-27"}, "was recorded after it"),
    ],
)
def test_anything_less_is_not_a_clearance(changes: dict[str, str | None], why: str) -> None:
    """Without author, role, reason or day, with another conclusion, or before the sign was recorded, it clears nothing,
    and the flag says why."""
    found = flag_of("cauda-equina", chart(said(**changes)))
    assert found.clearance is None
    assert why in found.not_clearing[0].why
    plan = stopped(CLEAR_LISTS.replace("LIST", "") + chart(said(**changes)))
    assert plan.safety == "defer"
    assert "E-1 is not a clearance because" in plan.reasons[0]


def test_judgement_about_something_else_clears_nothing() -> None:
    """A general judgement, and one about another flag, say nothing of this one."""
    for about in (None, "{flag: fracture}", "{policy: mcr-facet}"):
        found = flag_of("cauda-equina", chart(said(about=about)))
        assert (found.clearance, found.not_clearing) == (None, ())


@pytest.mark.parametrize(("day", "cleared"), [("2026-03-30", True), ("2026-03-31", True), ("2026-03-29", False)])
def test_same_day_counts_as_seen(day: str, cleared: bool) -> None:
    """A clearance of the day on which the sign was recorded counts, one of the day before does not."""
    assert (flag_of("cauda-equina", chart(said(date=day))).clearance is not None) is cleared


@pytest.mark.parametrize(("hour", "cleared"), [("09:00", False), ("09:05", True), ("10:00", True)])
def test_hours_are_compared_where_both_are_known(hour: str, cleared: bool) -> None:
    """Where both hours are recorded, the earlier statement clears nothing."""
    signs = "findings:\n" + finding("saddle-numbness", on="2026-03-31T09:05")
    assert (
        flag_of("cauda-equina", chart(said(date=f"2026-03-31T{hour}"), signs=signs)).clearance is not None
    ) is cleared


@pytest.mark.parametrize(
    ("until", "as_of", "cleared"),
    [
        ("2026-04-05", "2026-04-05", True),
        ("2026-04-05", "2026-04-06", False),
        (None, "2026-04-10", True),
        (None, "2026-04-13", True),
        (None, "2026-04-14", True),
        (None, "2026-04-15", False),
    ],
)
def test_clearance_ends(until: str | None, as_of: str, cleared: bool) -> None:
    """It holds to the end of its own `until`, else for 14 days, our own choice. Then the flag stops again."""
    signs = "findings:\n" + finding("pulsatile-abdominal-mass", on="2026-03-31")
    found = flag_of(
        "aortic-or-visceral", chart(said(until=until, about="{flag: aortic-or-visceral}"), signs=signs), as_of=as_of
    )
    assert found.status == "fires"
    assert (found.clearance is not None) is cleared
    assert cleared or "it ended on" in found.not_clearing[0].why


@pytest.mark.parametrize(("start", "safety"), [("2026-04-14T09:00", "clear"), ("2026-04-15T09:00", "defer")])
def test_clearance_must_hold_on_the_day_of_the_procedure(start: str, safety: str) -> None:
    """A clearance that ends before the appointment does not cover it."""
    plan = stopped(CLEAR_LISTS.replace("LIST", "") + chart(said()), start=start)
    assert plan.safety == safety


def test_later_sign_ends_a_clearance() -> None:
    """Any sign of the flag that is recorded after the clearance ends it."""
    signs = SIGN + finding("urinary-retention", id="F-2", on="2026-04-01")
    found = flag_of("cauda-equina", chart(said(), signs=signs))
    assert found.clearance is None
    assert "F-2" in found.not_clearing[0].why


def test_undated_sign_may_be_later() -> None:
    """A sign without its day may be later than the clearance."""
    signs = "findings:\n  - {id: F-1, concept: stroke-signs, present: true}\n"
    found = flag_of("vascular-neck", chart(said(about="{flag: vascular-neck}"), signs=signs))
    assert found.clearance is None
    assert "is not known" in found.not_clearing[0].why


def test_later_contrary_judgement_ends_a_clearance() -> None:
    """The later of two judgements counts; of the same day without hours, the contrary one."""
    later = said("E-2", date="2026-04-01", conclusion="unsuitable")
    same = said("E-2", conclusion="unsuitable")
    again = said("E-3", date="2026-04-01")
    assert flag_of("cauda-equina", chart(said(), later)).clearance is None
    assert flag_of("cauda-equina", chart(said(), same)).clearance is None
    renewed = flag_of("cauda-equina", chart(said(), same, again)).clearance
    assert renewed is not None
    assert renewed.id == "E-3"


def test_psychologist_clears_thoughts_of_self_harm() -> None:
    """For thoughts of self-harm a clinical psychologist may clear; which roles do is our reading."""
    signs = "findings:\n" + finding("self-harm-thoughts", on="2026-03-30")
    row = said(by="clinical-psychologist", about="{flag: self-harm}", note="seen and safe today")
    assert flag_of("self-harm", chart(row, signs=signs)).clearance is not None
