"""An entry of the record, typed by keyboard: what it is about first, then only what belongs to it."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import find, keys, press, write
from playwright.sync_api import Page


def test_a_procedure_is_written_down(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("apatel")
    find(page, "hollis", "HOLLIS, Margaret")
    press(page, page.get_by_role("link", name="Record", exact=True))
    press(page, page.get_by_role("link", name="Add to Procedures"))
    page.get_by_role("heading", name="Procedures: which therapy?").wait_for()
    accessible()
    write(page, page.get_by_label("Therapy"), "Medial branch block")
    keys(page, "Enter")
    page.get_by_role("heading", name="Procedures: what is to be written down?").wait_for()
    accessible()
    shot("entry-form-procedure")
    press(page, page.get_by_role("link", name="Leave without saving"))
    page.get_by_role("heading", name="What does the record say?").wait_for()
    press(page, page.locator("#procedures a").nth(1))
    page.get_by_role("heading", name="What it says").wait_for()
    accessible()
    shot("entry")
