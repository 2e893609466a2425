"""Refer and triage, by keyboard alone (story a)."""

from __future__ import annotations

from collections.abc import Callable

from keyboard import press, write
from playwright.sync_api import Page


def fill(page: Page, label: str, text: str) -> None:
    write(page, page.get_by_label(label, exact=True), text)


def test_a_referral_is_written_down_and_decided_on(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("lbauer")
    press(page, page.get_by_role("link", name="Referrals", exact=True))
    press(page, page.get_by_role("link", name="Write a referral down"))
    page.get_by_role("heading", name="Who is sent, by whom, for what?").wait_for()
    accessible()
    shot("referral-new")
    for label, text in (
        ("Family name", "Ibarra"), ("Given names", "Jonas"), ("Record number (MRN)", "004 118 9999"),
        ("Who refers", "Dr Ilse Baumann, spine surgery"), ("What is asked", "Left sciatica for two months. Epidural?"),
    ):  # fmt: skip
        fill(page, label, text)
    write(page, page.get_by_label("Urgency by the letter"), "Rou")
    write(page, page.get_by_label("Who decides on it"), "Dr Anj")
    press(page, page.get_by_role("button", name="Write it down"))
    page.get_by_role("heading", name="What becomes of this referral?").wait_for()
    press(page, page.get_by_role("button", name="None of them"))
    page.get_by_text("No warning sign: they were asked about.").wait_for()
    page.context.clear_cookies()
    page = sign_in("apatel")
    page.goto("/referrals")
    press(page, page.get_by_role("link", name="IBARRA, Jonas"))
    press(page, page.get_by_label("Accept", exact=True), "Space")
    fill(page, "Why", "Two months of sciatica: we see him, and ask for the imaging first.")
    write(page, page.get_by_label("Physician if known"), "Dr Anj")
    press(page, page.get_by_role("button", name="Decide, and make the letter back"))
    page.get_by_role("heading", name="Decision", exact=True).wait_for()
    accessible()
    assert "Why: Two months of sciatica" in page.locator("article").inner_text()
    shot("referral-letter")


def test_what_cannot_wait_leads_the_list_and_says_what_to_do_now(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("apatel")
    page.goto("/referrals")
    accessible()
    shot("referrals")
    assert page.locator("tbody tr").first.inner_text().startswith("HADDAD, Rami")
    press(page, page.locator("tbody tr a").first)
    page.get_by_role("heading", name="What becomes of this referral?").wait_for()
    assert "Call now:" in page.locator(".bar").inner_text()
    accessible()
    shot("referral-triage")


def test_a_file_is_looked_at_before_it_is_kept(
    sign_in: Callable[[str], Page], accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("lbauer")
    page.goto("/referrals/new")
    broken = (
        "chart: 1\nid: x\nzone: America/New_York\nperson: {birth_date: 1957-05-14, sex: female}\nprocedures:\n"
        "  - {id: P-1, therapy: medial-branch-block, date: 2026-01-20, region: lumbar, side: both, joints: [L4-5]}\n"
        "  - {id: P-2, therapy: medial-branch-blok, date: 2026-02-20}\n"
    )
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "x.yaml", "mimeType": "text/yaml", "buffer": broken.encode()}
    )
    press(page, page.get_by_role("button", name="Look at the file"))
    page.get_by_role("heading", name="Is this the file to keep?").wait_for()
    accessible()
    assert "rejected" in page.locator(".balance").inner_text()
    shot("referral-file")
    press(page, page.get_by_role("button", name="Leave the file"))
    page.get_by_text("Nothing of it was kept.").wait_for()
