"""The morning of a nurse: tomorrow's list, by keyboard alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from keyboard import keys, press, write
from playwright.sync_api import Page
from running_clinic import Running


def test_the_morning_of_a_nurse(
    sign_in: Callable[[str], Page], running: Running, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    assert page.url.endswith("/today")
    assert "The night check did not run. Nothing below has been checked." in page.inner_text("main")
    accessible()
    shot("today-not-run")

    running.manage("worker", "--once")
    page.reload()
    # Why tomorrow's procedure is flagged: no click and no key.
    assert "14 procedures. 3 must stop or wait, 2 are unknown." in page.inner_text("h1")
    assert "14 of 14 examined · none skipped" in page.inner_text("main")
    assert "Venous thromboembolism less than 3 months before." in page.inner_text("main")
    assert page.locator("article.card").count() == 6
    assert page.locator("table.day tbody tr").count() == 14
    accessible()
    shot("today")

    # Tomorrow's patient: J … Enter.
    keys(page, "j")
    assert page.evaluate("document.activeElement.textContent") == "KOWALCZYK, Henryk"
    keys(page, "Enter")
    page.wait_for_url("**/patient/**")
    page.go_back()

    # Handed over: J to the card, A, then the person.
    keys(page, "j", "a")
    page.wait_for_url("**/task/**")
    accessible()
    shot("task")
    write(page, page.get_by_label("Hand over to"), "Terrence")
    keys(page, "Tab", "Enter")
    page.get_by_text("It is with Terrence Kim now.").wait_for()

    # Closed with what came of it.
    write(page, page.get_by_label("What came of it?"), "Moved to June; Dr Lindqvist knows")
    keys(page, "Enter")
    page.wait_for_url("**/today*")
    assert "Moved to June; Dr Lindqvist knows, Nora Alvarez" in page.inner_text("main")


def test_a_record_that_changed_is_unknown_until_it_is_examined_again(
    sign_in: Callable[[str], Page], running: Running, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    running.manage("worker", "--once")
    with closing(sqlite3.connect(running.data / "clinic.sqlite3")) as database, database:
        database.execute("UPDATE records_patient SET head = head + 1 WHERE family = 'Hollis'")
    page = sign_in("apatel")
    assert "1 changed since" in page.inner_text("main")
    accessible()
    shot("today-changed")
    press(page, page.get_by_role("button", name="Examine again"))
    page.get_by_text("Examined again.").wait_for()
    assert "changed since" not in page.inner_text("main")


def test_the_lists_and_the_paper(
    sign_in: Callable[[str], Page], running: Running, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    running.manage("worker", "--once")
    page = sign_in("nalvarez")
    for address, name in (
        ("/night-check/next", "night-check"),
        ("/night-check/today", ""),
        ("/worklists", "worklists"),
        ("/worklists/findings", "worklist"),
        ("/worklists/findings?whose=all", ""),
        ("/worklists/calls", ""),
        ("/paper", "paper"),
    ):
        page.goto(address)
        accessible()
        if name:
            shot(name)
    page.goto("/today")
    page.emulate_media(media="print")
    assert page.locator(".top").is_hidden()
    assert page.locator("table.day").is_visible()


def test_an_opened_record_is_reviewed_by_the_clinic_lead(
    sign_in: Callable[[str], Page], page: Page, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    sign_in("nalvarez")
    press(page, page.get_by_role("link", name="NAKAMURA, Emi").first)
    write(page, page.get_by_label("Why do you open this record?"), "Terrence Kim is ill; I call her about tomorrow")
    keys(page, "Control+Enter")
    page.wait_for_url("**/record")
    page.wait_for_load_state()
    page.context.clear_cookies()
    sign_in("hwallin")
    press(page, page.get_by_role("link", name="Broken glass to review"))
    page.wait_for_url("**/broken-glass")
    accessible()
    keys(page, "j", "Enter")
    page.wait_for_url("**/broken-glass/*")
    accessible()
    shot("opened-record")
    write(page, page.get_by_label("What came of it?"), "Was covering; in order")
    keys(page, "Enter")
    page.get_by_text("No opened record waits for review.").wait_for()
