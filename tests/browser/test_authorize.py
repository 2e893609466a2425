"""The coordinator's story: from the packet to the payer's answer, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import find, keys, press, write
from playwright.sync_api import Page, expect


def opened(page: Page, name: str) -> None:
    """A patient's authorizations, found by name."""
    find(page, name, name.upper())
    press(page, page.get_by_role("link", name="Authorization", exact=True))
    page.wait_for_url("**/authorizations")


def test_a_packet_is_sent_and_approved_by_keyboard_alone(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("lbauer")
    opened(page, "baptiste")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Is the authorization in order?")
    expect(page.get_by_text("Authorization is needed. Packet complete.")).to_be_visible()
    accessible()
    shot("authorization-packet")
    pdf = page.get_by_role("link", name="PDF", exact=True)
    with page.expect_download() as held:
        keys(page, "d")
    assert held.value.path().read_bytes().startswith(b"%PDF-")
    assert pdf.count() == 1
    send = page.get_by_role("button", name="Write down that it was submitted")
    write(page, page.get_by_label("By which way?"), "portal of the contractor")
    press(page, send)
    expect(page.get_by_text("Submitted; the payer has not answered.")).to_be_visible()
    expect(page.get_by_role("heading", name="What was sent")).to_be_visible()
    number = page.get_by_label("Number of the authorization")
    press(page, page.get_by_role("button", name="Write down the approval"))
    write(page, number, "CGS-26-77")
    last = page.get_by_label("Last day it covers")
    write(page, last, "03202026")
    keys(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("the booked day is 31 Mar 2026")
    accessible()
    shot("authorization-approved")


def test_a_denial_becomes_an_appeal(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("rnovak")
    opened(page, "thorsen")
    expect(page.get_by_text("Appealed; the payer has not answered.")).to_be_visible()
    accessible()
    shot("authorization-appealed")
    with page.expect_download() as held:
        press(page, page.get_by_role("link", name="Appeal letter, draft"))
    letter = held.value.path().read_text()
    assert "Appeal of the denial of 27 Feb 2026" in letter
    assert letter.index("For the clinic, not to be sent") < letter.index("Trial success (not met)")


def test_where_nothing_is_known_the_payer_is_asked(
    sign_in: Callable[[str], Page], accessible: Callable[[], None]
) -> None:
    page = sign_in("rnovak")
    opened(page, "ferreira")
    expect(page.get_by_text("Whether authorization is needed is not known: ask the payer.")).to_be_visible()
    accessible()
    press(page, page.get_by_role("button", name="Give me the task to ask the payer"))
    expect(page.get_by_text("This is a task already.")).to_be_visible()
