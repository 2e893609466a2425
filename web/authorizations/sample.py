"""What the sample clinic's coordinators asked payers, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from authorizations import actions
from authorizations.actions import NEXT, Said
from authorizations.models import Authorization, Status
from people.models import Staff
from records.models import Patient

_DENIED = "Reason as in the payer's letter in the documents"


def authorize(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """A step of the past; what must come before it is done at the same moment."""
    status, key = Status(said["status"]), said["request"]
    last = said.get("expires")
    held = Authorization.objects.filter(patient=patient, request_key=key).values_list("status", flat=True).first()
    if status not in NEXT[held or ""]:
        actions.step(staff, patient, key, Said(status=Status.PREPARING))
    actions.step(
        staff, patient, key,
        Said(
            status=status, number=said.get("number", ""), expires=date.fromisoformat(str(last)) if last else None,
            begins=said["at"].date() if status == Status.APPROVED else None,
            reason=_DENIED if status == Status.DENIED else "",
        ),
    )  # fmt: skip


ACTIONS = {"authorize": authorize}
