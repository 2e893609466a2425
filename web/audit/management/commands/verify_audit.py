"""`manage.py verify_audit`: walks the chain of the audit and says where it does not hold."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from audit.chain import verify


class Command(BaseCommand):
    """Exit 0 where the chain holds, 1 where it does not."""

    help = "Verify the audit's chain."

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        for line in found.broken:
            self.stdout.write(line)
        self.stdout.write(f"{found.events} events, head {found.head}: {'holds' if found.holds else 'does not hold'}.")
        if not found.holds:
            sys.exit(1)
