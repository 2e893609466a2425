"""Devices by keyboard: the refill board, and a refill from it."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import keys, press, write
from playwright.sync_api import Page


def follow(page: Page, name: str) -> None:
    """Opens a link with the keyboard."""
    press(page, page.get_by_role("link", name=name).first)


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
    keys(page, "f")
    page.wait_for_url("**/refill")
    accessible()
    shot("devices-refill")
    write(page, page.get_by_label("Volume drawn out"), "7.4")
    keys(page, "Control+Enter")
    page.wait_for_url("**/devices")
    said = page.locator("main").inner_text()
    assert "as expected" in said
    assert "Wed 08 Apr 2026" in said
    shot("devices-refilled")


def test_a_trial_is_ended_and_an_implant_too_early_is_refused_in_words(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("mferrara")
    follow(page, "Devices")
    accessible()
    shot("devices-board-all")
    follow(page, "RAMASWAMY, Arjun")
    assert "Trial running, day 6" in page.locator("main").inner_text()
    accessible()
    shot("devices-trial")
    keys(page, "s")
    page.wait_for_url("**/step")
    accessible()
    press(page, page.get_by_label("Trial lead out"), "Space")
    keys(page, "Control+Enter")
    page.get_by_text("It now stands at").wait_for()
    keys(page, "s")
    page.wait_for_url("**/step")
    press(page, page.get_by_label("System implanted"), "Space")
    keys(page, "Control+Enter")
    page.get_by_text("this step does not follow yet").wait_for()
    assert "Nobody may pass this by" in page.locator("main").inner_text()
    accessible()
    shot("devices-refused")
