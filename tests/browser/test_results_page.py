"""The clinic lead asks whether the procedures work, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keyboard import keys, press
from playwright.sync_api import Page, expect

COHORT = """
from datetime import timedelta
from fractions import Fraction
from administration.models import clinic
from clinic.clock import today
from levamen.outcomes.cohort_rows import ReliefRow, TreatmentRow, VisitRow
from records.models import Patient
from results.models import Cell, Row
from results.working import _row, count, stale_cells, tables

told, day, people = tables(), today(clinic().zone), list(Patient.objects.order_by("pk"))
after = {"2-weeks": 14, "1-month": 30, "3-months": 91, "6-months": 182, "12-months": 365}
rows = []
for place in range(140):
    done = day - timedelta(days=400 + place)
    good, lost = place % 5 > 0, (91, 182, 365, None)[place % 4]
    visits = []
    for visit in told.visits:
        due = after[visit.id]
        word = "unknown" if (place * 7 + due) % 5 == 0 else "yes" if good and due < (lost or 999) else "no"
        reached = tuple((level.says.id, word) for level in told.levels)
        visits.append(VisitRow(visit.id, done + timedelta(days=due + visit.within), reached))
    held = max([day_ for day_ in after.values() if day_ < (lost or 366)])
    relief = tuple(
        ReliefRow(level.says.id, "yes" if good else "no", held, lost) for level in told.levels
    )
    found = TreatmentRow(
        therapy="medial-branch-radiofrequency-ablation", region="lumbar", indication="axial", day=done, known=day,
        operator=("apatel", "fadeyemi", "mferrara")[place % 3], baseline=Fraction(7), visits=tuple(visits),
        relief=relief, asked=place % 9 > 0,
    )
    rows.append(_row(people[place % len(people)], found, day))
Row.objects.bulk_create(rows)
for row in rows:
    place = dict(therapy=row.therapy, region=row.region, indication=row.indication, operator=row.operator)
    Cell.objects.get_or_create(month=row.month, **place)
for cell in stale_cells(day):
    count(cell, day)
"""
"""140 invented ablations, as the worker would have made them of records."""


def test_the_lead_asks_what_is_known_and_what_is_not(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None], running: Any
) -> None:
    page = sign_in("hwallin")
    press(page, page.get_by_role("link", name="Results", exact=True))
    expect(page.get_by_text("Not all worked out")).to_be_visible()
    running.manage("worker", "--once")
    running.manage("shell", "-v0", "-c", COHORT)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Do our procedures work, for whom, for how long?")
    accessible()
    shot("results-procedures")
    press(page, page.get_by_role("link", name="Medial branch radiofrequency ablation, lumbar spine"))
    expect(page.get_by_role("img").first).to_be_visible()
    expect(page.get_by_text("There is no comparison group here.")).to_be_visible()
    accessible()
    shot("results")
    keys(page, "t")
    expect(page.get_by_role("columnheader", name="Still followed")).to_be_visible()
    with page.expect_download() as held:
        keys(page, "d")
    assert "If missing failed" not in held.value.path().read_text()
    assert "Of 100 if missing failed" in held.value.path().read_text(encoding="utf-8-sig")


def test_too_few_are_counted_and_no_rate_is_told(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None], running: Any
) -> None:
    running.manage("worker", "--once")
    page = sign_in("apatel")
    press(page, page.get_by_role("link", name="Results", exact=True))
    expect(page.get_by_text("These are your own procedures.")).to_be_visible()
    press(page, page.get_by_role("link", name="Epidural steroid injection, lumbar spine"))
    expect(page.get_by_text("Nothing is due yet at 6 months").first).to_be_visible()
    accessible()
    shot("results-too-few")
