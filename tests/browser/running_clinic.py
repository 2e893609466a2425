"""A clinic that runs: its server as a process of its own, started, stopped and killed by tests."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]


def environment(data: Path, database: str = "") -> dict[str, str]:
    """What a clinic of the tests is started with; without a database address it is the embedded one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LEVAMEN_", "DJANGO_"))}
    return kept | {
        "LEVAMEN_DATA": str(data), "LEVAMEN_HTTPS": "no", "LEVAMEN_SAMPLE": "yes", "PYTHONPATH": str(ROOT / "web"),
        "DJANGO_SETTINGS_MODULE": "clinic.settings", **({"LEVAMEN_DATABASE_URL": database} if database else {}),
    }  # fmt: skip


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
        self.start()

    def start(self, before: Callable[[], None] | None = None) -> None:
        """Starts the server on a port that is free now; `before` is done in its process first."""
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = trial.getsockname()[1]
        self.address = f"http://localhost:{self.port}"  # a passkey is bound to a name, and a number is none
        self.log = (self.data / "server.log").open("ab")
        self.server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "clinic.wsgi", "--bind", f"127.0.0.1:{self.port}", "--threads", "4",
             "--worker-class", "gthread"],
            env=self.environment, cwd=ROOT / "web", stdout=self.log, stderr=self.log, start_new_session=True,
            preexec_fn=before,
        )  # fmt: skip
        for _ in range(300):
            if self.server.poll() is not None:
                break
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

    def let_pass(self, moment: datetime) -> None:
        """Days pass: the server stops, the sample's clock is set so that it is `moment` now, and the server starts.

        Only the sample clinic has a clock that can be set; a real one does not read the file.
        """
        self.stop()
        # The file holds the distance from the machine's own clock: a server that runs goes on counting from `moment`.
        seconds = round((moment - datetime.now(UTC)).total_seconds())
        (self.data / "sample-clock").write_text(str(seconds), encoding="ascii")
        self.start()

    def stop(self) -> None:
        """Ends the server, which does not wait for browsers that keep their line open."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(20)
        self.log.close()


def new_database(server: str) -> str:
    """The address of a database that did not exist, on a server of the tests."""
    name = f"clinic_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"
