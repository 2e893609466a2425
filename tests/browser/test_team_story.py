"""The team by keyboard: a referral to physical therapy, its answer in the record; a task closed from one's list."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def follow(page: Page, name: str) -> None:
    """Opens a link with the keyboard."""
    page.get_by_role("link", name=name).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    """Types into a field; a choice is made by its first letters, a day in the order in which the field asks for it."""
    field = page.get_by_label(label)
    field.focus()
    page.keyboard.type(text)


def test_a_referral_comes_back_as_a_course_with_dose_and_result(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    follow(page, "Tasks")
    assert page.get_by_role("heading", level=1).inner_text() == "What is yours to do?"
    accessible()
    shot("team-tasks")
    page.keyboard.press("/")
    page.keyboard.type("hollis")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page, "HOLLIS, Margaret")
    follow(page, "Team and tasks")
    accessible()
    page.keyboard.press("r")
    page.wait_for_url("**/team/referral")
    accessible()
    shot("team-refer")
    write(page, "What for?", "Physical")
    write(page, "To whom?", "Riverside Physical Therapy")
    write(page, "What is asked?", "Six weeks of graded exercise; standing to cook is the goal")
    write(page, "Answer expected by", "04202026")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/team/referral/*")
    accessible()
    shot("team-referral")
    page.locator("#id_start").focus()
    page.keyboard.type("2026-01-12")
    write(page, "Last visit", "2026-03-06")
    write(page, "Visits so far", "12")
    write(page, "Result", "some")
    page.keyboard.press("Control+Enter")
    page.get_by_text("The answer is in the record").wait_for()
    follow(page, "Team and tasks")
    said = page.locator("main").inner_text()
    assert "Answered" in said
    assert "12 visits" in said
    accessible()
    shot("team")
