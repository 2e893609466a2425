"""A real clinic in a real browser: the sample clinic served by its application server, Chromium in front of it.

Each module has a clinic of its own (a copy of one that is made once), so that stories do not meet. Every page fails
its test if the browser reports a violation of the content security policy, an error in a script, or a request to
another host.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyboard import WATCH, keys, settled, write
from playwright.sync_api import Browser, Page, sync_playwright
from running_clinic import ROOT, Running, environment, new_database

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SHOTS = ROOT / "docs" / "clinic"
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
]  # fmt: skip


@pytest.fixture(scope="session")
def made_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a sample clinic, made once."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed here")
    data = tmp_path_factory.mktemp("clinic")
    subprocess.run(
        [sys.executable, str(ROOT / "web" / "manage.py"), "start", "--prepare-only"], check=True,
        env=environment(data), capture_output=True,
    )  # fmt: skip
    return data


@pytest.fixture(scope="module")
def running(made_clinic: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A clinic of this module's own."""
    data = tmp_path_factory.mktemp("running")
    shutil.copytree(made_clinic, data, dirs_exist_ok=True)
    clinic = Running(data)
    yield clinic
    clinic.stop()


@pytest.fixture(scope="session")
def browser(made_clinic: Path) -> Iterator[Browser]:
    """Chromium, once."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    """A tab of a desk's size; whatever it must not do fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, base_url=running.address)
    context.set_default_timeout(15_000)
    tab = context.new_page()
    wrong: list[str] = []
    tab.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
    tab.add_init_script(WATCH)
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "request", lambda sent: wrong.append(sent.url) if not sent.url.startswith((running.address, "data:")) else None
    )
    yield tab
    context.close()
    # A refused form, and a network that a test takes away, are told in the console by the browser itself.
    expected = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
    assert not [line for line in wrong if not any(part in line for part in expected)]


@pytest.fixture
def sign_in(page: Page, running: Running) -> Callable[[str], Page]:
    """Signs somebody in by the form, with the keyboard alone."""

    def sign(username: str) -> Page:
        page.goto("/account/login/")
        write(page, page.get_by_label("Username"), username)
        write(page, page.get_by_label("Password"), running.password)
        keys(page, "Enter")
        page.wait_for_url(lambda url: "/account/login" not in url)
        return page

    return sign


@pytest.fixture
def shot(page: Page) -> Callable[[str], None]:
    """Keeps a picture of the page for the docs, where they are being made (LEVAMEN_SCREENSHOTS)."""

    def take(name: str) -> None:
        settled(page)
        if os.environ.get("LEVAMEN_SCREENSHOTS"):
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)

    return take


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Axe finds nothing serious or critical, a heading stands once, nothing is cut off or hidden: at 320 px, on paper,
    in the colours of the system, and in a window so low that what sticks to its edge could cover where one is."""
    from axe_playwright_python.sync_playwright import Axe
    from shapes import on_a_small_screen, on_paper, with_colours_of_the_system

    def check() -> None:
        settled(page)
        found = Axe().run(page).response["violations"]
        bad = [
            f"{row['id']}: {row['help']}: {[node['html'][:160] for node in row['nodes']][:3]}"
            for row in found
            if row["impact"] in ("serious", "critical")
        ]
        assert not bad, bad
        assert page.locator("h1").count() == 1
        on_a_small_screen(page)
        on_paper(page)
        with_colours_of_the_system(page)

    return check


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request: pytest.FixtureRequest, made_clinic: Path, tmp_path: Path) -> Iterator[Running]:
    """A clinic of its own on each database."""
    shutil.copytree(made_clinic, tmp_path / "data")
    if request.param == "sqlite":
        made = Running(tmp_path / "data")
        yield made
        made.stop()
        return
    server = os.environ.get("LEVAMEN_TEST_SERVER_URL")
    if not server:
        pytest.skip("a PostgreSQL server is not given here (tools/with_postgres gives one)")
    url = new_database(server)
    subprocess.run(
        [sys.executable, str(ROOT / "web" / "manage.py"), "start", "--prepare-only"], check=True, capture_output=True,
        env=environment(tmp_path / "data", url),
    )  # fmt: skip
    made = Running(tmp_path / "data", url)
    yield made
    made.stop()
