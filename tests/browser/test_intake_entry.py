"""An entry of the record, typed by keyboard: what it is about first, then only what belongs to it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def test_a_procedure_is_written_down(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("apatel")
    page.keyboard.press("/")
    page.keyboard.type("hollis")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="HOLLIS, Margaret").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Add to Procedures").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Procedures: which therapy?").wait_for()
    accessible()
    page.get_by_label("Therapy").focus()
    page.keyboard.type("Medial branch block")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Procedures: what is to be written down?").wait_for()
    accessible()
    shot("entry-form-procedure")
    page.get_by_role("link", name="Leave without saving").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What does the record say?").wait_for()
    page.locator("#procedures a").nth(1).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What it says").wait_for()
    accessible()
    shot("entry")
