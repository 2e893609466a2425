"""Intake and assessment, by keyboard alone (story b)."""

from __future__ import annotations

import re
from collections.abc import Callable

from keyboard import find, keys, press, tab_to
from playwright.sync_api import Page


def open_patient(page: Page, name: str, link: str) -> None:
    find(page, name, link)
    page.get_by_role("heading", level=1).wait_for()


def test_an_intake_is_asked_to_its_end(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    open_patient(page, "morales", "MORALES, Guadalupe")
    press(page, page.get_by_role("link", name="Intake", exact=True))
    page.get_by_role("heading", name="What is still to ask?").wait_for()
    assert "Warning signs were not asked" in page.locator(".bar").inner_text()
    accessible()
    shot("intake")
    press(page, page.get_by_role("link", name="Ask them").first)
    page.get_by_role("heading", name="Safety: what does the patient say?").wait_for()
    accessible()
    shot("intake-safety")
    press(page, page.get_by_role("group", name="The red-flag list").get_by_label("No", exact=True), "Space")
    press(page, page.get_by_role("group", name="Diabetes").get_by_label("Not sure"), "Space")
    press(page, page.get_by_role("button", name="Save", exact=True))
    page.get_by_text("Saved: 2 answers.").wait_for()
    assert "Warning signs were not asked" not in page.locator(".bar").inner_text()
    press(page, page.get_by_role("button", name=re.compile("Reviewed today.*Allergies")))
    page.get_by_text("Allergies: gone through today.").wait_for()
    press(page, page.get_by_role("link", name="Where", exact=True))
    page.get_by_role("heading", name="Where: what does the patient say?").wait_for()
    # The picture is one stop of the tabulator: the arrows go over the body, space marks and takes away.
    tab_to(page, page.locator("[data-body-map] [tabindex='0']"))
    keys(page, "ArrowDown")
    below = page.evaluate("document.activeElement.getAttribute('aria-label')")
    keys(page, "Space")
    page.get_by_text(f"Marked: {below}.").wait_for()
    keys(page, "Space")
    page.get_by_text("Nothing is marked.").wait_for()
    press(page, page.locator("#choice-back-left-low-back"), "Space")
    page.get_by_text("Marked: Left side of the low back.").wait_for()
    accessible()
    shot("intake-body-map")
    press(page, page.get_by_role("button", name="Save, and the next page").first)
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
        tab_to(page, page.locator("fieldset.question").nth(number).get_by_label("No answer"))
        keys(page, "ArrowRight")
    page.locator("#scored").get_by_text("Score").first.wait_for()
    tab_to(page, page.locator("fieldset.question").nth(8).get_by_label("No answer"))
    keys(page, "ArrowRight", "ArrowRight")
    page.locator("#scored").get_by_text("Score 1.").wait_for()
    page.locator("#scored").get_by_text("Today:").wait_for()
    accessible()
    shot("intake-measure")
    press(page, page.get_by_role("button", name="Save").first)
    page.get_by_text("Saved: ").first.wait_for()
