"""A nurse after a procedure: a call of a few keys, a warning sign, and a diary that decides. Keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page
from running_clinic import Running


def follow_up_of(page: Page, name: str, shown: str) -> None:
    """To a patient's follow-up by the search, as a person would."""
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=shown).click()
    page.get_by_role("navigation", name="Patient").get_by_role("link", name="Follow-up").click()
    page.wait_for_url("**/follow-up")
    page.wait_for_load_state("networkidle")


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


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
    keys = Keys(page)
    keys.press("c")
    page.wait_for_url("**/call/day-1")
    accessible()
    questions = page.locator("[data-question]")
    asked = [questions.nth(number).get_attribute("data-question") for number in range(questions.count())]
    shot("call")
    for kind in asked:
        keys.press({"scale": "6", "next": "y"}.get(str(kind), "n"))
    page.get_by_text("Kept").wait_for()
    keys.press("Control+Enter")
    page.wait_for_url("**/follow-up")
    assert "24-hour call is finished" in page.get_by_role("status").inner_text()
    assert keys.count <= len(asked) + 3
    assert page.get_by_role("link", name="24-hour call, Mon 09 Mar 2026").count() == 1


def test_a_warning_sign_in_a_call(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None], running: Running
) -> None:
    running.manage("worker", "--once")
    page = sign_in("nalvarez")
    follow_up_of(page, "nguyen", "NGUYEN, Thi Lan")
    page.keyboard.press("c")
    page.wait_for_url("**/call/week-1")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    page.keyboard.press("y")
    page.get_by_role("heading", name="Warning sign: call").wait_for()
    shot("call-warning-sign")
    accessible()
    assert page.locator("[data-question]").count() == 0
    page.get_by_label("What was done and who was told").focus()
    page.keyboard.type("Sent to the emergency department; Dr Patel told at 8:14")
    page.keyboard.press("Enter")
    page.wait_for_url("**/follow-up")
    accessible()


def test_a_diary_that_decides_and_measures(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None], running: Running
) -> None:
    running.manage("worker", "--once")
    page = sign_in("nalvarez")
    follow_up_of(page, "feldman", "FELDMAN, Ruth")
    shot("follow-up")
    page.get_by_role("link", name="Block diary").click()
    page.wait_for_url("**/diary")
    accessible()
    page.get_by_label("From the paper diary").focus()
    page.keyboard.press("Space")
    for line, (hour, pain) in enumerate((("2026-03-02T12:00", "1"), ("2026-03-02T13:00", "0")), start=1):
        page.get_by_label(f"When, line {line}").fill(hour)
        page.get_by_label(f"Pain, line {line}").focus()
        page.keyboard.type(pain)
    page.keyboard.press("Control+Enter")
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
    page.get_by_role("link", name="Measure").first.click()
    page.wait_for_url("**/measures/**")
    accessible()
    page.get_by_label("2", exact=True).first.focus()
    page.keyboard.press("Space")
    page.get_by_placeholder("1 to 7").focus()
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.locator("#scored").get_by_text("Patient Global Impression").wait_for()
    shot("measures")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/follow-up/P-3")
    accessible()
    shot("response")
    page.get_by_role("link", name="Write down a complication").click()
    page.wait_for_url("**/complication")
    accessible()
