"""The checklist of the procedure room, by keyboard: one item, all items of a stage, the next stage."""

from __future__ import annotations

from keyboard import keys, press, write
from playwright.sync_api import Page, expect


def answer(page: Page, item: str, button: str, typed: str = "") -> None:
    """One item of the checklist; it is kept on the server before the next."""
    row = page.locator(f'.item[data-item="{item}"]')
    if typed:
        write(page, row.locator("input[name=said]"), typed)
    press(page, row.get_by_role("button", name=button, exact=True))
    expect(page.locator(f'.item[data-item="{item}"]:not([data-open])')).to_be_visible()
    expect(page.locator("#kept")).to_have_text("On the clinic’s server")


def agree_to_all(page: Page) -> None:
    """Arrow down to each open item, space to agree: two keys an item."""
    while left := page.locator(".item[data-open]").count():
        keys(page, "ArrowDown", "Space")
        expect(page.locator(".item[data-open]")).to_have_count(left - 1)
        expect(page.locator("#kept")).to_have_text("On the clinic’s server")


def stage(page: Page, id: str, name: str) -> None:
    """Goes to a stage of the checklist by its name."""
    press(page, page.get_by_role("navigation", name="Stages").get_by_role("link", name=name))
    page.locator(f'#day[data-stage="{id}"]').wait_for()
