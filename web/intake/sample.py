"""What the sample clinic's staff did with referrals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.chain import append
from clinic.clock import now
from intake import actions
from intake.look import look
from intake.models import Referral
from people.models import Staff
from people.roles import PHYSICIANS
from records.facts import reading_of
from records.models import Patient
from team.actions import close
from team.models import Task


def refer(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """A referral of somebody whose record came with it. The team's physician triages."""
    team = [member.staff for member in patient.team.select_related("staff")]
    triager = next((one for one in team if one.role in PHYSICIANS), None) or people["hwallin"]
    referral = Referral.objects.create(
        patient=patient, received=now(), sender=said["from"], reason=said["reason"], urgency=said["urgency"],
        made_by=staff, triager=triager,
    )  # fmt: skip
    append(staff, verb="referral.made", patient=patient, about=f"referral {referral.pk}")
    actions.warn(staff, referral, look(reading_of(patient).record, now()))


def triage(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """The decision on the patient's referral that still waits."""
    referral = Referral.objects.filter(patient=patient, decision="").earliest("received")
    actions.decide(staff, referral, said["decision"], note=said.get("note", ""))
    for task in Task.objects.filter(patient=patient, about=f"referral {referral.pk}", done_at=None):
        close(staff, task, said.get("note") or "Seen to at triage")


ACTIONS = {"refer": refer, "triage": triage}
