"""A new clinic: its row, and the version of the knowledge that it answers with from the first day."""

from __future__ import annotations

from django.db import transaction

from administration import knowledge
from administration.models import Clinic
from audit.chain import append

BY_SETTING_UP = "Setting up the clinic"
"""Who took the first version: nobody's verdict could change yet, so no second person is asked."""


class SetUpAlready(Exception):
    """There is a clinic; one sentence."""


@transaction.atomic
def set_up(*, name: str, zone_name: str, state: str, phone: str, emergency: str) -> Clinic:
    """The clinic's row. It takes the installed knowledge, so that an upgrade changes no value unseen.

    Raises SetUpAlready: what stands is changed by proposals.
    """
    if held := Clinic.objects.filter(pk=1).first():
        raise SetUpAlready(f"{held.name} is set up already; it is changed in Settings, where a second person signs.")
    made = Clinic.objects.create(pk=1, name=name, zone_name=zone_name, state=state, phone=phone, emergency=emergency)
    knowledge.take(BY_SETTING_UP)
    knowledge.remember()
    append(None, verb="clinic.set-up", about=name, knowledge=knowledge.installed())
    made.refresh_from_db()
    return made
