"""`manage.py add_staff USERNAME --role administrator --name NAME`: the first administrator of a new clinic."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from people import actions
from people.models import Staff
from people.roles import Role


class Command(BaseCommand):
    """Asks for a password and adds somebody. No account has a password that anybody else knows."""

    help = "Add somebody who works in the clinic."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=[role.value for role in Role], required=True)
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if Staff.objects.filter(username=options["username"]).exists():
            raise CommandError(f"{options['username']} exists already; choose another user name.")
        password = getpass.getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if getpass.getpass("Once more: ") != password:
            raise CommandError("The two passwords differ; nobody was added.")
        made = actions.add_staff(None, options["username"], options["name"], options["role"], "", password)
        self.stdout.write(f"{made.name} can sign in, and sets up a second factor first.")
