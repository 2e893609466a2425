"""`manage.py restore FILE`: a backed-up clinic onto an empty machine."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from administration.backup import Unusable, restore
from audit.chain import verify
from audit.models import Event


class Command(BaseCommand):
    """Restores, then verifies the audit to the event that the backup names."""

    help = "Put a backed-up clinic onto an empty machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["file"])
        except Unusable as error:
            raise CommandError(str(error)) from None
        found = verify()
        named = Event.objects.filter(number=manifest.audit_number, hash=manifest.audit_hash)
        if not found.holds or not (manifest.audit_number == 0 or named.exists()):
            broken = found.broken[0] if found.broken else "the event that the backup names is not in it"
            raise CommandError(f"The clinic was restored, and its audit does not hold: {broken}")
        self.stdout.write(f"Restored; the audit holds: {found.events} events, head {found.head[:12]}.")
