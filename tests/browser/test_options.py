"""Overview, options, one option, deciding: by keyboard, on the sample clinic."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import clicks, find, keys, press, write
from playwright.sync_api import Page

Sign = Callable[[str], Page]
Check = Callable[[], None]
Shot = Callable[[str], None]


def open_patient(page: Page, name: str, family: str) -> str:
    """Finds a patient by the keyboard and opens the overview; says the address."""
    find(page, family, name)
    clicks(page, page.get_by_role("link", name="Overview"))
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
    clicks(page, page.get_by_role("link", name="Options", exact=True))
    accessible()
    shot("options")
    keys(page, "j", "j", "Enter")
    page.wait_for_url("**/options/R-2")
    assert page.get_by_role("region", name="Criteria").is_visible()
    accessible()
    shot("option")


def test_two_options_stand_side_by_side_in_the_same_rows(sign_in: Sign, accessible: Check, shot: Shot) -> None:
    page = sign_in("apatel")
    open_patient(page, "HOLLIS, Margaret", "hollis")
    clicks(page, page.get_by_role("link", name="Options", exact=True))
    press(page, page.get_by_role("button", name="Compare"))
    page.wait_for_url("**/options/compare?*")
    rows = page.locator("table.compare tbody tr")
    assert rows.count() >= 9
    assert all(rows.nth(place).locator("td").count() == 2 for place in range(rows.count()))
    accessible()
    shot("compare")


def test_a_missing_fact_is_answered_with_two_clicks(sign_in: Sign, accessible: Check, shot: Shot) -> None:
    page = sign_in("fadeyemi")
    open_patient(page, "BRANDT, Walter", "brandt")
    accessible()
    shot("overview-asking")
    before = page.locator(".asks li").first.inner_text()
    press(page, page.locator(".asks button").first)
    page.get_by_role("status").wait_for()
    assert "Saved" in page.get_by_role("status").inner_text()
    assert before not in page.locator("main").inner_text()


def test_decided_by_keyboard_and_judged_again(sign_in: Sign, accessible: Check, shot: Shot) -> None:
    page = sign_in("apatel")
    address = open_patient(page, "HOLLIS, Margaret", "hollis")
    page.goto(f"{address}/options/R-2")
    keys(page, "d")
    page.wait_for_url("**/options/R-2/decide")
    assert page.locator("main input:checked").count() == 0, "nothing is ticked beforehand"
    accessible()
    shot("decide")
    press(page, page.get_by_label("None of these: wait and see"), "Space")
    press(page, page.get_by_label("Decide later"), "Space")
    write(page, page.get_by_label("Who was there?"), "patient and daughter")
    press(page, page.get_by_label("Yes", exact=True), "Space")
    keys(page, "Control+Enter")
    page.wait_for_url("**/decisions/*")
    assert "The same inputs still give the same verdicts." in page.locator("main").inner_text()
    accessible()
    shot("decision")


def test_a_safety_stop_names_its_rule_and_waits_for_a_second_person(
    sign_in: Sign, accessible: Check, shot: Shot
) -> None:
    page = sign_in("fadeyemi")
    address = open_patient(page, "NAKAMURA, Emi", "nakamura")
    page.goto(f"{address}/options/R-1/decide")
    page.get_by_label("None of these: wait and see").check()
    page.get_by_label("Go ahead with it").check()
    page.get_by_label("Who was there?").fill("patient")
    page.get_by_label("Yes", exact=True).check()
    press(page, page.get_by_role("button", name="Save the decision"))
    stop = page.get_by_role("dialog")
    stop.wait_for()
    assert "The rule:" in stop.inner_text()
    accessible()
    shot("decide-stop")
    stop.get_by_label("Why?").fill("No other way is left, and she knows the risk.")
    stop.get_by_label("Kind of reason").select_option("no-alternative")
    stop.get_by_label("Which authority do you follow?").select_option("own")
    press(page, stop.get_by_role("button", name="Go ahead against the stop"))
    page.wait_for_url("**/decisions/*")
    assert "It waits for the signature." in page.locator("main").inner_text()
