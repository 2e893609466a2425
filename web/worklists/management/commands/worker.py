"""`manage.py worker`: the night check and what else is due, until it is stopped."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from worklists import work


class Command(BaseCommand):
    """Works in rounds; between two it waits. Stopped at any point, it loses nothing."""

    help = "Do what is due: the night check, reminders, lists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")
        parser.add_argument("--pause", type=float, default=30, help="seconds between two rounds")

    def handle(self, *args: Any, **options: Any) -> None:
        ended = threading.Event()
        if not options["once"]:
            signal.signal(signal.SIGTERM, lambda *_: ended.set())
            signal.signal(signal.SIGINT, lambda *_: ended.set())
        while not ended.is_set():
            work.once(self._tell)
            close_old_connections()
            if options["once"]:
                return
            ended.wait(options["pause"])

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
