"""Intake and assessment, by keyboard alone (story b)."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page


def open_patient(page: Page, name: str, link: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=link).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/patient/*")


def press(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name).first.focus()
    page.keyboard.press("Enter")


def test_an_intake_is_asked_to_its_end(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    open_patient(page, "morales", "MORALES, Guadalupe")
    page.get_by_role("link", name="Intake", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What is still to ask?").wait_for()
    assert "Warning signs were not asked" in page.locator(".bar").inner_text()
    accessible()
    shot("intake")
    press(page, "link", "Ask them")
    page.get_by_role("heading", name="Safety: what does the patient say?").wait_for()
    accessible()
    shot("intake-safety")
    page.get_by_role("group", name="The red-flag list").get_by_label("No", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("group", name="Diabetes").get_by_label("Not sure").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("Saved: 2 answers.").wait_for()
    assert "Warning signs were not asked" not in page.locator(".bar").inner_text()
    page.get_by_role("button", name=re.compile("Reviewed today.*Allergies")).focus()
    page.keyboard.press("Enter")
    page.get_by_text("Allergies: gone through today.").wait_for()
    page.get_by_role("link", name="Where", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Where: what does the patient say?").wait_for()
    page.locator("#choice-back-left-low-back").focus()
    page.keyboard.press("Space")
    page.get_by_text("Marked: Left side of the low back.").wait_for()
    accessible()
    shot("intake-body-map")
    press(page, "button", "Save, and the next page")
    page.get_by_role("heading", name="When: what does the patient say?").wait_for()
    accessible()
    shot("intake-when")


def test_a_measure_is_scored_as_it_is_entered(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    open_patient(page, "hollis", "HOLLIS, Margaret")
    page.goto(f"{page.url}/measure/phq-9")
    for number in range(8):
        page.locator("fieldset.question").nth(number).get_by_label("No answer").focus()
        page.keyboard.press("ArrowRight")
    page.locator("#scored").get_by_text("Score").first.wait_for()
    page.locator("fieldset.question").nth(8).get_by_label("No answer").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator("#scored").get_by_text("Score 1.").wait_for()
    page.locator("#scored").get_by_text("Today:").wait_for()
    accessible()
    shot("intake-measure")
    press(page, "button", "Save")
    page.get_by_text("Saved: ").first.wait_for()
