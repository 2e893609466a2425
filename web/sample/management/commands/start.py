"""`make run`: the clinic on this machine, with its synthetic people, an address and a way to sign in."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from administration.models import Clinic
from clinic import clock
from people.models import Staff
from sample import loader

_FIRST_PORT = 8000


class Command(BaseCommand):
    """Makes the sample clinic where there is none, then serves it until it is stopped."""

    help = "Start the synthetic sample clinic on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="default: the first free one from 8000")
        parser.add_argument("--prepare-only", action="store_true", help="make the clinic and do not serve it")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE:
            raise SystemExit(
                "The sample clinic needs LEVAMEN_SAMPLE=yes; a real clinic is started by its application server."
            )
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        password = self._password()
        if not Clinic.objects.exists():
            loader.load(password, self._tell)
            clinic = Clinic.objects.get(pk=1)
            clock.start_at(datetime.fromisoformat(loader.AS_OF).replace(tzinfo=clinic.zone))
        if options["prepare_only"]:
            return
        port = options["port"] or _free_port()
        self._say(f"http://localhost:{port}/", password)  # a passkey is bound to a name, and a number is none
        _serve(port)

    def _password(self) -> str:
        path = settings.DATA / "sign-in"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(12), encoding="ascii")
        return str(path.read_text(encoding="ascii")).strip()

    def _tell(self, words: str) -> None:
        self.stdout.write(words, ending="")
        self.stdout.flush()

    def _say(self, address: str, password: str) -> None:
        self.stdout.write(f"\n{Clinic.objects.get(pk=1).name} is open at {address}")
        self.stdout.write(f"Sign in with one of these user names and the password {password}\n")
        for member in Staff.objects.order_by("role", "name"):
            self.stdout.write(f"  {member.username:<12} {member.name}, {member.role_words.lower()}")
        self.stdout.write(
            "\nEverybody in it is synthetic. Its clock starts on Monday 9 March 2026. Stop it with Ctrl+C.\n"
        )
        self.stdout.flush()


def _free_port() -> int:
    for port in range(_FIRST_PORT, _FIRST_PORT + 50):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise SystemExit(f"No port from {_FIRST_PORT} to {_FIRST_PORT + 49} is free; name one with --port.")


def _serve(port: int) -> None:
    """The application server with its worker beside it; both end together."""
    web = Path(__file__).resolve().parents[3]
    environment = os.environ | {"PYTHONPATH": str(web)}
    worker = subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, str(web / "manage.py"), "worker"], env=environment, cwd=web
    )
    server = subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, "-m", "gunicorn", "clinic.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
         "--threads", "4", "--worker-class", "gthread", "--preload", "--log-level", "warning"],
        env=environment, cwd=web,
    )  # fmt: skip
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
    finally:
        worker.terminate()
        worker.wait()
