"""What the sample clinic's staff booked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from people.models import Staff
from procedures import actions
from records.models import Patient


def book(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """A slot for a request."""
    actions.book(
        staff, patient, said["request"], said["start"], said["room"], people[said["operator"]], int(said["minutes"])
    )


ACTIONS = {"book": book}
