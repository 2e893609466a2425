"""What the sample clinic's staff did with tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic import clock
from people.models import Staff
from records.models import Patient
from team import actions
from team.models import Task


def task(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """A task given to somebody, perhaps closed since."""
    made = actions.give(
        staff, patient, said.get("kind", Task.Kind.OTHER), said["what"], about=said.get("about", ""),
        owner=people[said["for"]], due=said.get("due"),
    )  # fmt: skip
    if said.get("done"):
        with clock.standing_at(said["done"]):
            actions.close(people[said["for"]], made, said.get("outcome", "done"))


ACTIONS = {"task": task}
