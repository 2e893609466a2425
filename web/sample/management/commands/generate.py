"""`manage.py generate`: a large invented clinic, to measure its pages."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from sample.loader import AS_OF
from sample.many import Size, generate


class Command(BaseCommand):
    """Fills an empty database with invented patients and procedures."""

    help = "Fill an empty database with invented patients, for measuring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patients", type=int, default=50_000)
        parser.add_argument("--procedures", type=int, default=1_000_000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE:
            raise CommandError("Invented patients are made only where LEVAMEN_SAMPLE=yes, never among real ones.")
        as_of = datetime.fromisoformat(AS_OF).replace(tzinfo=ZoneInfo("America/New_York"))
        clock.start_at(as_of)
        size = Size(patients=options["patients"], procedures=options["procedures"], seed=options["seed"], as_of=as_of)
        try:
            generate(size, self._tell)
        except ValueError as error:
            raise CommandError(str(error)) from None

    def _tell(self, words: str) -> None:
        self.stdout.write(words, ending="")
        self.stdout.flush()
