"""The morning of a nurse: tomorrow's list, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Running
from playwright.sync_api import Page


def test_a_nurse_sees_that_nothing_was_checked_then_what_stops(
    sign_in: Callable[[str], Page], running: Running, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("nalvarez")
    assert "The night check did not run. Nothing below has been checked." in page.inner_text("main")
    accessible()
    shot("today-not-run")
    running.manage("worker", "--once")
    page.reload()
    assert "14 procedures. 3 must stop or wait, 2 are unknown." in page.inner_text("h1")
    assert "14 of 14 examined" in page.inner_text("main")
    accessible()
    shot("today")
    page.goto("/night-check/next")
    accessible()
    shot("night-check")
    page.goto("/worklists")
    accessible()
    shot("worklists")
    page.goto("/worklists/tasks")
    accessible()
    shot("worklist")
    page.goto("/paper")
    accessible()
    shot("paper")
