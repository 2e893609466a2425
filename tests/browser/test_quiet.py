"""Nothing leaves the machine; no patient's name, number or words stand in a log line or in an address."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyboard import WATCH, clicks, keys
from playwright.sync_api import Browser
from running_clinic import Running

_HERE = Path(__file__).parent


@pytest.fixture
def watched(made_clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A clinic that cannot reach anything outside, with its access log on."""
    shutil.copytree(made_clinic, tmp_path / "data")
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--access-logfile - --log-level info")
    clinic = Running(
        tmp_path / "data", more={"LEVAMEN_OUTBOUND": str(tmp_path / "outbound")}, path=_HERE / "only_this_machine"
    )
    yield clinic
    clinic.stop()


def _secrets(database: Path) -> set[str]:
    """What must never be seen: names, numbers, telephones of every patient."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT family, given, mrn, phone FROM records_patient").fetchall()
    connection.close()
    found = {text for row in rows for text in row if len(text) > 3}
    return found | {mrn.replace(" ", "") for _, _, mrn, _ in rows}


def test_a_day_of_looking_leaves_no_trace_outside_the_audit(watched: Running, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(base_url=watched.address)
    context.add_init_script(WATCH)
    page = context.new_page()
    addresses: list[str] = []
    page.on("request", lambda sent: addresses.append(sent.url))
    page.goto("/account/login/")
    page.get_by_label("Username").fill("nalvarez")
    page.get_by_label("Password").fill(watched.password)
    keys(page, "Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)
    page.goto("/patients")
    page.get_by_label("Name or record number").fill("hollis")
    clicks(page, page.get_by_role("button", name="Find", exact=True))
    seen: set[str] = set()
    waiting = ["/", "/patients", page.locator("a[href*='/patient/']").first.get_attribute("href") or ""]
    while waiting and len(seen) < 60:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = page.request.get(watched.address + path)
        assert answer.status < 500, path
        if "text/html" in answer.headers.get("content-type", ""):
            found = re.findall(r'href="(/(?!static|account)[^"#?]*)"', answer.text())
            waiting += [link for link in found if link not in seen]
    context.close()
    watched.stop()
    log = (watched.data / "server.log").read_text(encoding="utf-8")
    assert "GET /patients" in log
    secrets = _secrets(watched.data / "clinic.sqlite3")
    assert len(secrets) > 100
    told = {text for text in secrets if text.casefold() in log.casefold()}
    assert not told
    assert not {text for text in secrets for url in addresses + sorted(seen) if text.casefold() in url.casefold()}
    assert not (tmp_path / "outbound").exists()
    assert all(url.startswith((watched.address, "data:")) for url in addresses)
    watched.start()
