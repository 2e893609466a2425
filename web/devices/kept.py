"""The steps that were kept of stimulators, as the library replays them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from devices.models import Step
from levamen.pathway.implant.machine import Happening, Shown
from levamen.pathway.implant.review import Kept
from records.models import Patient


def kept_of(patient: Patient) -> Kept:
    """Those of one patient's ways, in one query."""
    return kept_of_all([patient]).get(patient.pk, {})


def kept_of_all(patients: Iterable[Patient]) -> dict[int, Kept]:
    """Those of several patients, in one query."""
    found: dict[int, dict[tuple[str, str | None], list[tuple[Happening, Mapping[str, Shown]]]]] = {}
    rows = Step.objects.filter(way__patient__in=list(patients)).select_related("way").order_by("way", "number")
    for row in rows:
        ways = found.setdefault(row.way.patient_id, {})
        ways.setdefault((row.way.family, row.way.pain or None), []).append(as_taken(row))
    return {pk: dict(ways) for pk, ways in found.items()}


def as_taken(row: Step) -> tuple[Happening, Mapping[str, Shown]]:
    """One step: its event, and what was shown of each guard."""
    event = msgspec.json.decode(row.event, type=Happening)
    return event, msgspec.json.decode(row.shown, type=dict[str, Shown])
