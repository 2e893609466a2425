"""Devices by keyboard: the refill board, and a refill from it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def follow(page: Page, name: str) -> None:
    """Opens a link with the keyboard."""
    page.get_by_role("link", name=name).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_a_refill_is_found_on_the_board_and_recorded(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("gokonkwo")
    follow(page, "Devices")
    assert page.get_by_role("heading", level=1).inner_text() == "Which device needs somebody, and by when?"
    assert "book now" in page.locator("main").inner_text().lower()
    accessible()
    shot("devices-board")
    follow(page, "LAURENT, Odile")
    assert "Book by Wed 11 Mar 2026" in page.locator("main").inner_text()
    accessible()
    shot("devices-pump")
    page.keyboard.press("f")
    page.wait_for_url("**/refill")
    accessible()
    shot("devices-refill")
    page.get_by_label("Volume drawn out").focus()
    page.keyboard.type("7.4")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/devices")
    said = page.locator("main").inner_text()
    assert "as expected" in said
    assert "Wed 08 Apr 2026" in said
    shot("devices-refilled")
