"""The team by keyboard: a referral to physical therapy, its answer in the record; a task closed from one's list."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import find, keys, press, write
from playwright.sync_api import Page


def follow(page: Page, name: str) -> None:
    """Opens a link with the keyboard."""
    press(page, page.get_by_role("link", name=name).first)


def fill(page: Page, label: str, text: str) -> None:
    """Types into a field; a choice is made by its first letters, a day in the order in which the field asks for it."""
    write(page, page.get_by_label(label), text)


def test_a_referral_comes_back_as_a_course_with_dose_and_result(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    follow(page, "Tasks")
    assert page.get_by_role("heading", level=1).inner_text() == "What is yours to do?"
    accessible()
    shot("team-tasks")
    find(page, "hollis", "HOLLIS, Margaret")
    follow(page, "Team and tasks")
    accessible()
    keys(page, "r")
    page.wait_for_url("**/team/referral")
    accessible()
    shot("team-refer")
    fill(page, "What for?", "Physical")
    fill(page, "To whom?", "Riverside Physical Therapy")
    fill(page, "What is asked?", "Six weeks of graded exercise; standing to cook is the goal")
    fill(page, "Answer expected by", "04202026")
    keys(page, "Control+Enter")
    page.wait_for_url("**/team/referral/*")
    accessible()
    shot("team-referral")
    write(page, page.locator("#id_start"), "2026-01-12")
    fill(page, "Last visit", "2026-03-06")
    fill(page, "Visits so far", "12")
    fill(page, "Result", "some")
    keys(page, "Control+Enter")
    page.get_by_text("The answer is in the record").wait_for()
    follow(page, "Team and tasks")
    said = page.locator("main").inner_text()
    assert "Answered" in said
    assert "12 visits" in said
    accessible()
    shot("team")
