"""`manage.py backup FILE`: the whole clinic in one file, while it goes on working."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from administration.backup import Unusable, back_up


class Command(BaseCommand):
    """Writes a backup and says what is in it."""

    help = "Write the whole clinic (database, secret key) into one file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            made = back_up(path)
        except FileExistsError:
            raise CommandError(f"{path} exists already; name a file that does not, nothing is overwritten.") from None
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CommandError(f"{path} cannot be written: {reason}. Nothing was left behind.") from None
        except Unusable as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{path}: the clinic up to audit event {made.audit_number} ({made.audit_hash[:12]}).")
