"""A real clinic in a real browser: the sample clinic served by its application server, Chromium in front of it.

Each module has a clinic of its own (a copy of one that is made once), so that stories do not meet. Every page fails
its test if the browser reports a violation of the content security policy, an error in a script, or a request to
another host.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SHOTS = ROOT / "docs" / "clinic"
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
]  # fmt: skip


def environment(data: Path, database: str = "") -> dict[str, str]:
    """What a clinic of the tests is started with; without a database address it is the embedded one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LEVAMEN_", "DJANGO_"))}
    return kept | {
        "LEVAMEN_DATA": str(data), "LEVAMEN_HTTPS": "no", "LEVAMEN_SAMPLE": "yes", "PYTHONPATH": str(ROOT / "web"),
        "DJANGO_SETTINGS_MODULE": "clinic.settings", **({"LEVAMEN_DATABASE_URL": database} if database else {}),
    }  # fmt: skip


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


class Running:
    """A clinic that answers at `address`; `data` is its folder."""

    def __init__(
        self, data: Path, database: str = "", more: dict[str, str] | None = None, path: Path | None = None
    ) -> None:
        self.data = data
        self.environment = environment(data, database) | (more or {})
        if path is not None:
            self.environment["PYTHONPATH"] = f"{path}{os.pathsep}{self.environment['PYTHONPATH']}"
        self.password = (data / "sign-in").read_text(encoding="ascii").strip()
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = trial.getsockname()[1]
        self.address = f"http://localhost:{self.port}"  # a passkey is bound to a name, and a number is none
        self.start()

    def start(self, before: Callable[[], None] | None = None) -> None:
        """Starts the server; `before` is done in its process first."""
        self.log = (self.data / "server.log").open("ab")
        self.server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "clinic.wsgi", "--bind", f"127.0.0.1:{self.port}", "--threads", "4",
             "--worker-class", "gthread"],
            env=self.environment, cwd=ROOT / "web", stdout=self.log, stderr=self.log, start_new_session=True,
            preexec_fn=before,
        )  # fmt: skip
        for _ in range(300):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError((self.data / "server.log").read_text())

    def manage(self, *command: str) -> str:
        """Runs a command of the clinic beside the running server."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "web" / "manage.py"), *command], check=True, env=self.environment,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    def kill(self) -> None:
        """Ends the server and its workers at once, as a power cut would."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        self.log.close()

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait(20)
        self.log.close()


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
        page.get_by_label("Username").focus()
        page.keyboard.type(username)
        page.keyboard.press("Tab")
        page.get_by_label("Password").focus()
        page.keyboard.type(running.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/account/login" not in url)
        return page

    return sign


@pytest.fixture
def shot(page: Page) -> Callable[[str], None]:
    """Keeps a picture of the page for the docs, where they are being made (LEVAMEN_SCREENSHOTS)."""

    def take(name: str) -> None:
        if os.environ.get("LEVAMEN_SCREENSHOTS"):
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)

    return take


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Axe finds nothing serious or critical, the page does not scroll sideways at 320 px, and a heading stands once."""
    from axe_playwright_python.sync_playwright import Axe

    def check() -> None:
        found = Axe().run(page).response["violations"]
        bad = [
            f"{row['id']}: {row['help']}: {[node['html'][:160] for node in row['nodes']][:3]}"
            for row in found
            if row["impact"] in ("serious", "critical")
        ]
        assert not bad, bad
        assert page.locator("h1").count() == 1
        size = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{page.url} scrolls sideways at 320 px"
        if size:
            page.set_viewport_size(size)

    return check


def new_database(server: str) -> str:
    """The address of a database that did not exist, on a server of the tests."""
    name = f"clinic_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"


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
