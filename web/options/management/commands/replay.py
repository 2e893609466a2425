"""`manage.py replay`: whether the inputs of every decision still give the verdicts it was made from."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from administration.knowledge import answering
from options import actions
from options.models import Decision


class Command(BaseCommand):
    """Judges decisions again, each from the versions it read; tells those that differ, by number alone."""

    help = "Judge every decision again from the same inputs, with the knowledge of today. Exit 1 if any differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--decision", type=int, help="this one alone, by its number")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Decision.objects.select_related("patient").order_by("pk")
        if options["decision"] is not None:
            rows = rows.filter(pk=options["decision"])
        same = differs = before = 0
        for decision in rows.iterator():
            with answering():
                found = actions.replay(decision)
            if not found.kept:
                before += 1
            elif found.same:
                same += 1
            else:
                differs += 1
                changed = [name for name, then, now in found.rows if then != now]
                changed += ["safety"] if found.safety[0] != found.safety[1] else []
                changed += [f"{found.lost} entries lost"] if found.lost else []
                self.stdout.write(f"Decision {decision.pk} of {decision.at:%Y-%m-%d} differs: {', '.join(changed)}.")
        self.stdout.write(f"{same} give the same verdicts, {differs} differ, {before} were taken before any was kept.")
        if differs:
            raise SystemExit(1)
