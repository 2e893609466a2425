"""Overview, options, one option, deciding: by keyboard, on the sample clinic."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

Sign = Callable[[str], Page]
Check = Callable[[], None]
Shot = Callable[[str], None]


def open_patient(page: Page, name: str, family: str) -> str:
    """Finds a patient by the keyboard and opens the overview; says the address."""
    page.goto("/patients")
    page.keyboard.press("/")
    page.keyboard.type(family)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Overview").click()
    return page.url


def test_the_overview_says_the_next_right_step(sign_in: Sign, accessible: Check, shot: Shot) -> None:
    page = sign_in("apatel")
    open_patient(page, "HOLLIS, Margaret", "hollis")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Next: medial branch block L4-5, L5-S1 left")
    accessible()
    shot("overview")


def test_every_authority_on_one_option_in_four_keys(sign_in: Sign, accessible: Check, shot: Shot) -> None:
    page = sign_in("apatel")
    open_patient(page, "HOLLIS, Margaret", "hollis")
    page.get_by_role("link", name="Options", exact=True).click()
    accessible()
    shot("options")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/options/R-2")
    assert page.get_by_role("region", name="Criteria").is_visible()
    accessible()
    shot("option")
