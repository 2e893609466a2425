"""A morning in the procedure room: a nurse and a physician, one tablet, the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keyboard import find, keys, press, tab_to, write
from playwright.sync_api import Page, expect
from procedure_room import agree_to_all, answer, stage

TABLET = {"width": 1024, "height": 768}


def open_okoro(page: Page) -> None:
    find(page, "okoro", "OKORO, Benedict")
    press(page, page.get_by_role("link", name="Day and record"))
    press(page, page.get_by_role("link", name="Checklist"))
    page.locator("#day").wait_for()


def test_a_procedure_from_the_first_question_to_home(
    sign_in: Callable[[str], Page], running: Any, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    page.set_viewport_size(TABLET)
    open_okoro(page)
    accessible()
    shot("day-ask")
    assert page.locator(".aloud .both").inner_text().lower() == "left"
    if page.locator('.item[data-item="neuro-baseline"]').count():
        answer(page, "neuro-baseline", "Normal")
    answer(page, "pregnancy", "Does not apply")
    if page.locator('.item[data-item="glucose-today"][data-open]').count():
        answer(page, "glucose-today", "Does not apply")
    for item in [row.get_attribute("data-item") for row in page.locator(".item[data-open]").all()]:
        assert item
        answer(page, item, "Yes" if item in ("consent", "driver") else "No")

    # No connection: the answer waits on the tablet, is not green, and is sent when there is one again.
    stage(page, "awake", "Awake check")
    page.wait_for_function("async () => navigator.serviceWorker.controller && await caches.match(location.href)")
    page.context.set_offline(True)
    keys(page, "ArrowDown", "Space")
    expect(page.locator("#kept")).to_have_text("Saved here, not yet sent (1)")
    assert page.locator(".item .mark .icon").count() == 0

    # The page opens again without a connection, says of when it is, and the answer still waits.
    page.reload()
    expect(page.locator("#kept")).to_have_text("Saved here, not yet sent (1)")
    assert page.locator("#day").get_attribute("data-kept-at")
    assert page.locator(".item .pending:visible").count() == 1
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#kept")).to_have_text("On the clinic’s server")
    assert page.locator("#day").get_attribute("data-kept-at") is None
    agree_to_all(page)
    accessible()
    shot("day-awake")

    stage(page, "pause", "Pause")
    assert page.get_by_role("button", name="Start").count() == 0
    for button in page.locator('.item [data-does="agree"]').all()[:3]:
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 46
    agree_to_all(page)
    shot("day-pause")
    assert page.get_by_role("button", name="Start").count() == 0, "one person is not two"
    write(page, page.get_by_label("User name"), "apatel")
    write(page, page.get_by_label("Password"), running.password)
    keys(page, "Enter")
    page.get_by_role("button", name="Start").wait_for()
    accessible()
    shot("day-start")
    press(page, page.get_by_role("button", name="Start"))
    page.locator('#day[data-stage="sign-out"]').wait_for()
    agree_to_all(page)
    accessible()

    # Whoever leaves the checklist leaves nothing of it on the device.
    assert page.evaluate("caches.has('checklist')")
    press(page, page.get_by_role("link", name="Leave the checklist"))
    page.wait_for_function("async () => !(await caches.has('checklist'))")


def test_the_operator_signs_with_three_keys_and_the_nurse_lets_go(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("apatel")
    page.set_viewport_size(TABLET)
    open_okoro(page)
    press(page, page.get_by_role("link", name="Go to the record"))
    page.get_by_role("heading", name="What was done, exactly?").wait_for()
    accessible()
    shot("procedure-record")

    # Arrows and space on the spine: a part turns its box, which is the record, and turns it back.
    tab_to(page, page.locator(".spine [tabindex='0']"))
    keys(page, "ArrowDown")
    below = page.locator(f".boxes input[value='{page.evaluate('document.activeElement.dataset.part')}']")
    before = below.is_checked()
    keys(page, "Space")
    assert below.is_checked() is not before
    keys(page, "Space")
    assert below.is_checked() is before
    press(page, page.locator("#event-none-asked"), "Space")
    keys(page, "Control+Enter")
    page.get_by_role("heading", name="Note").wait_for()
    assert "LEVELS AND SIDE: L5-S1 foramen, left" in page.locator("#note").inner_text()
    accessible()
    shot("procedure-record-signed")
    press(page, page.get_by_role("link", name="Recovery"))
    page.get_by_role("heading", name="May this person go home?").wait_for()
    assert "Not yet" in page.locator("#day").inner_text()
    accessible()
    shot("recovery")
    for item in [row.get_attribute("data-item") for row in page.locator(".item[data-open]").all()]:
        if item == "observation-over":
            continue
        now = page.locator(f'.item[data-item="{item}"]')
        if now.locator("input[name=said]").count():
            write(page, now.locator("input[name=said]"), "as before")
        press(page, now.get_by_role("button", name="Holds"))
        expect(page.locator(f'.item[data-item="{item}"]:not([data-open])')).to_be_visible()
        expect(page.locator("#kept")).to_have_text("On the clinic’s server")
    write(page, page.get_by_label("The observation time is over").last, "lives next door, wife is a nurse")
    keys(page, "Enter")
    page.get_by_text("Went home").first.wait_for()
    accessible()
    shot("recovery-home")
