"""The record of a patient, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import clicks, find
from playwright.sync_api import Page


def test_the_record_is_found_and_read(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("apatel")
    accessible()
    find(page, "hollis", "HOLLIS, Margaret")
    clicks(page, page.get_by_role("link", name="Record", exact=True))
    assert page.get_by_role("heading", level=1).inner_text() == "What does the record say?"
    accessible()
    shot("record")
    clicks(page, page.get_by_role("link", name="Add to Procedures"))
    accessible()
    shot("entry-form")
