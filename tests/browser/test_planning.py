"""A nurse moves a slot, gets a new hold plan, records the cardiologist's answer and prints the sheet: by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import clicks, keys, press, tab_to, write
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
    press(page, page.get_by_role("link", name="ACHEBE, Rosalind"))
    page.wait_for_url("**/plans/R-1")
    assert page.get_by_text("Agreed on Tue 24 Feb 2026").is_visible()
    accessible()
    shot("plan")

    # The strip is one stop of the tabulator, and the arrows go from dose to dose.
    tab_to(page, page.locator(".mark[tabindex='0']"))
    went = []
    for _ in range(3):
        went.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        keys(page, "ArrowRight")
    assert went == [
        "Sat 07 Mar 2026, 08:00 (UTC-05:00), apixaban: last dose",
        "Sat 07 Mar 2026, 20:00 (UTC-05:00), apixaban: leave out",
        "Sun 08 Mar 2026, 08:00 (UTC-04:00), apixaban: leave out",
    ]

    # S: another slot. The day is typed; the first free slot then has the focus.
    pressed = keys(page, "s")
    page.wait_for_url("**/slot")
    accessible()
    shot("slot")
    write(page, page.get_by_label("From"), "03162026")
    keys(page, "Enter")
    page.wait_for_url("**/slot?from=2026-03-16*")
    pressed += keys(page, "Space", "Control+Enter")
    page.wait_for_url("**/plans/R-1")
    assert pressed <= 8
    changed = page.locator("#changed").inner_text()
    assert "What changed from plan 1 to plan 2" in changed
    assert "Appointment: was Tue 10 Mar 2026, 10:00, is now Mon 16 Mar 2026, 08:00." in changed
    assert "does not count for this one" in changed
    assert "Call the patient today: apixaban was to be stopped from Sat 07 Mar 2026, 08:00" in changed
    assert page.get_by_text("Answer awaited").first.is_visible()
    accessible()
    shot("plan-moved")

    # The sheet is locked until the answer for the new day is on record.
    keys(page, "p")
    page.wait_for_url("**/sheet")
    assert page.get_by_role("heading", level=1).inner_text() == "The sheet is locked until the prescriber agrees"
    accessible()
    page.go_back()
    page.wait_for_url("**/plans/R-1")

    assert keys(page, "r", "Space", "Control+Enter") <= 6
    page.get_by_text("Recorded: Dr Mei Thornton, cardiology").wait_for()
    assert page.get_by_text("Agreed on Mon 09 Mar 2026").is_visible()
    shot("plan-answered")

    keys(page, "p")
    page.wait_for_url("**/sheet")
    assert page.get_by_role("heading", level=1).inner_text() == "What does the patient take home?"
    accessible()
    shot("patient-sheet")
    keys(page, "g")
    page.get_by_text("Sheet 2 is noted as given.").wait_for()


def test_the_other_pages_of_a_plan(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    page.goto("/schedule?day=2026-03-10")
    clicks(page, page.get_by_role("link", name="GALLO, Theresa"))
    clicks(page, page.get_by_role("link", name="Letter to ask"))
    assert page.get_by_role("heading", level=1).inner_text() == "What do we ask the prescriber?"
    accessible()
    shot("prescriber-letter")
    clicks(page, page.get_by_role("button", name="Note as sent today"))
    page.get_by_text("Asked Mon 09 Mar 2026 by Nora Alvarez").wait_for()
    clicks(page, page.get_by_text("Record the preparation call"))
    accessible()
    shot("plan-awaited")
    clicks(page, page.get_by_role("link", name="Plan and holds").first)
    page.wait_for_url("**/plans")
    accessible()
    shot("plans")
    page.goto("/schedule?day=2026-03-10")
    clicks(page, page.get_by_role("link", name="KOWALCZYK, Henryk"))
    accessible()
    shot("plan-deferred")
    clicks(page, page.get_by_role("link", name="Cancel slot"))
    accessible()
    shot("cancel-slot")


def test_a_contraindicated_slot_asks_for_a_reason(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("tkim")
    page.goto("/schedule?day=2026-03-10")
    clicks(page, page.get_by_role("link", name="NAKAMURA, Emi"))
    page.wait_for_url("**/plans/*")
    shot("plan-contraindicated")
    keys(page, "s")
    page.wait_for_url("**/slot")
    keys(page, "Space", "Control+Enter")
    page.get_by_role("heading", level=1, name="This is contraindicated. Book it all the same?").wait_for()
    accessible()
    shot("booking-stop")
    press(page, page.get_by_role("button", name="Do not book it"))
    page.wait_for_url("**/plans/*")
    assert page.get_by_text("Tue 10 Mar 2026, 10:40, 30 min").is_visible()
