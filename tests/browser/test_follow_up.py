"""A nurse after a procedure: a call of a few keys, a warning sign, and a diary that decides. Keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import clicks, find, keys, press, write
from playwright.sync_api import Page
from running_clinic import Running


def follow_up_of(page: Page, name: str, shown: str) -> None:
    """To a patient's follow-up by the search, as a person would."""
    find(page, name, shown)
    press(page, page.get_by_role("navigation", name="Patient").get_by_role("link", name="Follow-up"))
    page.wait_for_url("**/follow-up")


def test_a_24_hour_call_without_a_sign(
    sign_in: Callable[[str], Page],
    accessible: Callable[[], None],
    shot: Callable[[str], None],
    running: Running,
) -> None:
    running.manage("worker", "--once")
    page = sign_in("tkim")
    follow_up_of(page, "moreau", "MOREAU, Alain")
    accessible()
    pressed = keys(page, "c")
    page.wait_for_url("**/call/day-1")
    accessible()
    questions = page.locator("[data-question]")
    asked = [questions.nth(number).get_attribute("data-question") for number in range(questions.count())]
    shot("call")
    for kind in asked:
        pressed += keys(page, {"scale": "6", "next": "y"}.get(str(kind), "n"))
    page.get_by_text("Kept").wait_for()
    pressed += keys(page, "Control+Enter")
    page.wait_for_url("**/follow-up")
    assert "24-hour call is finished" in page.get_by_role("status").inner_text()
    assert pressed <= len(asked) + 3
    assert page.get_by_role("link", name="24-hour call, Mon 09 Mar 2026").count() == 1


def test_a_warning_sign_in_a_call(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None], running: Running
) -> None:
    running.manage("worker", "--once")
    page = sign_in("nalvarez")
    follow_up_of(page, "nguyen", "NGUYEN, Thi Lan")
    keys(page, "c")
    page.wait_for_url("**/call/week-1")
    keys(page, "n", "y")
    page.get_by_role("heading", name="Warning sign: call").wait_for()
    shot("call-warning-sign")
    accessible()
    assert page.locator("[data-question]").count() == 0
    write(
        page,
        page.get_by_label("What was done and who was told"),
        "Sent to the emergency department; Dr Patel told at 8:14",
    )
    keys(page, "Enter")
    page.wait_for_url("**/follow-up")
    accessible()


def test_a_diary_that_decides_and_measures(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None], running: Running
) -> None:
    running.manage("worker", "--once")
    page = sign_in("nalvarez")
    follow_up_of(page, "feldman", "FELDMAN, Ruth")
    shot("follow-up")
    clicks(page, page.get_by_role("link", name="Block diary"))
    page.wait_for_url("**/diary")
    accessible()
    press(page, page.get_by_label("From the paper diary"), "Space")
    for line, (hour, pain) in enumerate((("2026-03-02T12:00", "1"), ("2026-03-02T13:00", "0")), start=1):
        page.get_by_label(f"When, line {line}").fill(hour)
        write(page, page.get_by_label(f"Pain, line {line}"), pain)
    keys(page, "Control+Enter")
    page.get_by_role("status").get_by_text("Saved: 2 answers.").wait_for()
    assert page.locator(".chip-met").count()
    accessible()
    shot("block-diary")


def test_the_response_and_the_measures_of_a_visit(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None], running: Running
) -> None:
    running.manage("worker", "--once")
    page = sign_in("tkim")
    follow_up_of(page, "kamara", "KAMARA, Isatu")
    accessible()
    shot("follow-up-due")
    clicks(page, page.get_by_role("link", name="Measure").first)
    page.wait_for_url("**/measures/**")
    accessible()
    press(page, page.get_by_label("2", exact=True).first, "Space")
    write(page, page.get_by_placeholder("1 to 7"), "2")
    keys(page, "Tab")
    page.locator("#scored").get_by_text("Patient Global Impression").wait_for()
    shot("measures")
    keys(page, "Control+Enter")
    page.wait_for_url("**/follow-up/P-3")
    accessible()
    shot("response")
    clicks(page, page.get_by_role("link", name="Write down a complication"))
    page.wait_for_url("**/complication")
    accessible()
