"""The clinic as people at one desk use it, by keyboard alone, as days pass: what the long stories share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from keyboard import follow, keys, pick, press, send, tab_to, tick, write
from playwright.sync_api import Locator, Page, expect
from procedure_room import agree_to_all, answer, stage
from running_clinic import Running

OHIO = ZoneInfo("America/New_York")


class Clinic:
    """The clinic as one person at one desk sees it."""

    def __init__(
        self, page: Page, running: Running, accessible: Callable[[], None],
        patient: str, nurse: str,
    ) -> None:  # fmt: skip
        self.page, self.running, self.accessible = page, running, accessible
        self.patient, self.nurse = patient, nurse
        page.set_default_timeout(60_000)
        expect.set_options(timeout=30_000)

    def day(self, when: str) -> None:
        """Days pass. The worker has made its round."""
        self.running.let_pass(datetime.fromisoformat(when).replace(tzinfo=OHIO))
        self.running.manage("worker", "--once")

    def sign_in(self, username: str) -> None:
        """Somebody sits down at the desk."""
        page = self.page
        page.context.clear_cookies()
        page.goto(f"{self.running.address}/account/login/")
        write(page, page.get_by_label("Username"), username)
        write(page, page.get_by_label("Password"), self.running.password)
        keys(page, "Enter")
        page.wait_for_url(lambda url: "/account/login" not in url)

    def opens(self, username: str, tab: str = "") -> None:
        """Somebody signs in, finds the patient by name, and opens a tab."""
        self.sign_in(username)
        self.finds(self.patient.partition(",")[0].lower(), self.patient)
        if tab:
            self.tab(tab)

    def tab(self, name: str) -> None:
        """A tab of the patient."""
        tab = self.page.get_by_role("navigation", name="Patient").get_by_role("link", name=name, exact=True)
        tab_to(self.page, tab)
        with self.page.expect_navigation():
            keys(self.page, "Enter")

    def finds(self, typed: str, shown: str) -> None:
        """The search, from anywhere."""
        keys(self.page, "/")
        self.page.keyboard.type(typed)
        with self.page.expect_navigation():
            keys(self.page, "Enter")
        follow(self.page, shown)

    def field(self, label: str, *, exact: bool = False) -> Locator:
        return self.page.get_by_label(label, exact=exact)

    def said(self) -> str:
        """What the page says now."""
        return self.page.locator("main").inner_text()

    def status(self) -> str:
        """What came of the last act."""
        return self.page.get_by_role("status").first.inner_text()

    def saves(self) -> None:
        """The form one stands in is sent."""
        with self.page.expect_navigation():
            keys(self.page, "Control+Enter")

    def notes(self, section: str, choose_first: str = "", **said: str) -> None:
        """An entry of the record, from the record's own page."""
        page = self.page
        follow(page, "Record", exact=True)
        tab_to(page, page.locator(f"a[href$='/record/{section}/new']"))
        with page.expect_navigation():
            keys(page, "Enter")
        if choose_first:
            write(page, page.locator("#choose"), choose_first)
            with page.expect_navigation():
                keys(page, "Enter")
        self.fills(**said)
        self.saves()
        assert self.status().startswith("Saved"), self.said()

    def fills(self, **said: str) -> None:
        """The fields of an entry's form; what is folded away is opened first."""
        page = self.page
        for name, text in said.items():
            field = page.locator(f"[id='f-{name}']")
            if not field.is_visible():
                press(page, page.locator("main details").filter(has=field).locator("summary"))
            if field.evaluate("one => one.tagName") == "SELECT":
                pick(page, field, text)
            else:
                write(page, field, text)

    def moment(self, field: Locator, day: str, hour: str) -> None:
        """A day and an hour, typed in the order in which the field asks for them."""
        tab_to(self.page, field)
        self.page.keyboard.type(day)
        keys(self.page, "ArrowRight")
        self.page.keyboard.type(hour)

    def reads(self, row: str) -> str:
        """What the board says of one therapy."""
        return self.page.get_by_role("row").filter(has_text=row).first.inner_text()


def consider(clinic: Clinic, therapy: str, target: str) -> None:
    """A therapy is put on the board, at the target of one that stands there."""
    follow(clinic.page, "Options", exact=True)
    pick(clinic.page, clinic.field("Therapy", exact=True), therapy)
    pick(clinic.page, clinic.field("At the target of"), target)
    send(clinic.page, "Consider it")
    assert "is considered now" in clinic.status()


ASKED = {
    "neuro-baseline": ("Normal", ""), "infection": ("No", ""), "fever": ("No", ""), "antibiotics": ("No", ""),
    "pregnancy": ("Does not apply", ""), "glucose-today": ("Does not apply", ""), "recent-steroids": ("No", ""),
    "recent-vaccine": ("No", ""), "planned-surgery": ("No", ""), "blood-pressure-today": ("Record", "138/82"),
    "driver": ("Yes", "his wife, 555-0174"), "consent": ("Yes", ""), "substance-use": ("No", ""),
    "self-harm": ("No", ""), "fasting": ("Long enough ago", "soup at 20:00, water at 6:00"),
}  # fmt: skip
"""What he answers on the day, and what is measured."""


def the_room(clinic: Clinic, dose_day: str, operator: str, side: str = "right") -> None:
    """The checklist from its first question to the record that waits for the operator."""
    page = clinic.page
    clinic.opens(clinic.nurse, "Day and record")
    follow(page, "Checklist")
    assert page.locator(".aloud .both").inner_text().lower() == side
    clinic.accessible()
    for item in [str(row.get_attribute("data-item")) for row in page.locator(".item[data-open]").all()]:
        if item.startswith("last-dose"):
            dose = page.locator(f'.item[data-item="{item}"]')
            clinic.moment(dose.locator("input[name=said]"), dose_day, "0600AM")
            answer(page, item, "Record")
        else:
            answer(page, item, *ASKED[item])
    stage(page, "awake", "Awake check")
    agree_to_all(page)
    stage(page, "pause", "Pause")
    agree_to_all(page)
    assert page.get_by_role("button", name="Start").count() == 0, "one person is not two"
    write(page, clinic.field("User name"), operator)
    write(page, clinic.field("Password"), clinic.running.password)
    keys(page, "Enter")
    page.get_by_role("button", name="Start").wait_for()
    clinic.accessible()
    press(page, page.get_by_role("button", name="Start"))
    page.locator('#day[data-stage="sign-out"]').wait_for()
    agree_to_all(page)
    clinic.opens(operator, "Day and record")
    follow(page, "Checklist")
    follow(page, "Go to the record")
    clinic.accessible()


def the_operator_signs(clinic: Clinic) -> str:
    """Nothing happened that was not expected, and it was asked; the note."""
    tick(clinic.page, clinic.page.locator("#event-none-asked"))
    keys(clinic.page, "Control+Enter")
    clinic.page.get_by_role("heading", name="Note").wait_for()
    clinic.accessible()
    return clinic.page.locator("#note").inner_text()
