"""The authorizations' own job: packets in preparation are looked at again when the record or the day changed."""

from __future__ import annotations

from django.db.models import F, Q

from administration.models import clinic
from authorizations import actions
from authorizations.models import Authorization, Status
from clinic.clock import today
from levamen.text.tree import UnusableInput
from records.models import Entry


def look_again() -> int:
    """Each packet in its own transaction; how many stand otherwise than before."""
    day = today(clinic().zone)
    rows = Authorization.objects.filter(status=Status.PREPARING)
    waiting = (
        rows.filter(~Q(looked_head=F("patient__head")) | ~Q(looked_day=day)).select_related("patient").order_by("pk")
    )
    changed = 0
    for found in list(waiting):
        try:
            changed += actions.look(None, found)
        except (UnusableInput, Entry.DoesNotExist):
            # The patient has died, or the request was struck: nothing is asked of a payer; it stays for a person.
            Authorization.objects.filter(pk=found.pk).update(looked_head=found.patient.head, looked_day=day)
    return changed


JOBS = {"authorization packets": look_again}
