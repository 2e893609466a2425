"""What the sample clinic's staff did at devices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from devices import actions
from devices.models import Log
from people.models import Staff
from records.models import Patient


def device(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """An act at a device, in the words of the one who did it."""
    words = str(said["event"])
    first = words.split()[0].rstrip(",;")
    kinds = {"Refilled": Log.Kind.REFILL, "Reprogrammed": Log.Kind.PROGRAMMING}
    actions.log(staff, patient, said["device"], kinds.get(first, Log.Kind.OTHER), said["at"], words)


ACTIONS = {"device": device}
