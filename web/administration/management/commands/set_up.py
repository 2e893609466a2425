"""`manage.py set_up --name NAME --zone ZONE`: the clinic itself, once, before anybody signs in."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError

from administration.knowledge import installed
from administration.setting_up import SetUpAlready, set_up

_EMERGENCY = "911"


class Command(BaseCommand):
    """Makes the clinic's row and takes the installed version of the knowledge."""

    help = "Set a new clinic up: its name, zone, state and telephone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="as it stands on letters and sheets")
        parser.add_argument("--zone", required=True, help="its time zone, such as America/New_York")
        parser.add_argument("--state", default="", help="of the United States, such as OH; it decides the contractor")
        parser.add_argument("--phone", default="", help="printed on patients' sheets; the number that is called back")
        parser.add_argument("--emergency", default=_EMERGENCY, help=f"the emergency number, default {_EMERGENCY}")

    def handle(self, *args: Any, **options: Any) -> None:
        name, zone, state = (options[key].strip() for key in ("name", "zone", "state"))
        if not name:
            raise CommandError("--name is empty; give the name as it stands on letters.")
        if zone not in available_timezones():
            raise CommandError(f"--zone {zone}: there is no such time zone; give one like America/New_York.")
        if not re.fullmatch(r"([A-Z]{2})?", state):
            raise CommandError(f"--state {state}: give the two capital letters of the state, such as OH.")
        try:
            made = set_up(
                name=name, zone_name=zone, state=state, phone=options["phone"].strip(),
                emergency=options["emergency"].strip() or _EMERGENCY,
            )  # fmt: skip
        except SetUpAlready as why:
            raise CommandError(str(why)) from None
        self.stdout.write(f"{made.name} is set up. It answers with the knowledge {installed()}.")
        if not made.phone:
            self.stdout.write("It has no telephone yet: patients' sheets name no number until Settings says one.")
