"""`manage.py worker`: the night check and what else is due, until it is stopped."""

from __future__ import annotations

import signal
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
        if options["once"]:
            work.once(self._tell)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: work.ending.set())
        self._tell("at work")
        while not work.ending.is_set():
            work.once(self._tell)
            close_old_connections()
            work.ending.wait(options["pause"])

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
