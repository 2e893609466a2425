"""What the sample clinic's physicians decided with their patients, as far as files can tell it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from options import actions
from options.models import Decision
from people.models import Staff
from records.models import Patient

_DOCUMENT = "Consent of the synthetic clinic, version 1"


def decide(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> Decision:
    """A decision of the past, signed or not: the words alone; what it rested on was not kept then."""
    ahead = actions.GOES_AHEAD
    interpreter = str(said.get("interpreter", ""))
    return actions.bring(
        staff, patient, said["request"],
        actions.Said(
            word=said["decision"], once=_once(patient.mrn, said["request"], said["at"].isoformat()),
            options=tuple(said.get("options", ())), values=said.get("values", ""), reason=said.get("reason", ""),
            present=said.get("present", ""), interpreter="" if interpreter == "no" else interpreter,
            teach_back=said.get("teach_back") == "yes", document=_DOCUMENT if said["decision"] in ahead else "",
            signed=said.get("document") == "signed",
        ),
    )  # fmt: skip


def _once(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:40]


ACTIONS = {"decide": decide}
