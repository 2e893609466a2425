"""The devices' own job: the board kept up to date, and each refill that is to be booked given to somebody."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from msgspec import to_builtins

from administration.models import clinic
from clinic.clock import now
from devices.actions import refill_task
from devices.models import Outlook
from devices.outlook import Row, with_devices, worked_out
from records.models import Patient


def refresh(limit: int = 50) -> int:
    """The worker's job: works out again what is out of date, and gives the refill to be booked to somebody."""
    moment = now()
    today = moment.astimezone(clinic().zone).date()
    old = with_devices(Patient.objects.all()).exclude(device_outlook__head=F("head"), device_outlook__day=today)
    patients = list(old.order_by("pk")[:limit])
    for patient, said in zip(patients, worked_out(patients, moment), strict=True):
        rows: Iterable[Row] = () if isinstance(said, str) else said
        with transaction.atomic():
            Outlook.objects.update_or_create(
                patient=patient,
                defaults={"head": patient.head, "day": today, "rows": [to_builtins(row) for row in rows]},
            )
            for row in rows:
                if row.kind == "pump":
                    refill_task(patient, row)
    return len(patients)


JOBS = {"device board": refresh}
