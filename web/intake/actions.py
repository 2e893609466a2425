"""What is done with a referral: written down, with or without a file, and decided on with a letter back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from django.db import transaction

from administration.models import clinic
from audit.chain import append
from clinic.clock import now
from intake.look import Look, look
from intake.models import Referral, Upload
from levamen.adapters.balance import Balance
from levamen.emit.letters.reply import NextStep, Reply, reply_letter
from levamen.emit.words import capital
from levamen.pathway.flag_answers import Due
from people.models import Staff
from records import actions, files
from records.facts import reading_of
from records.models import Patient
from team.actions import give
from team.models import Task

STAGED = timedelta(days=1)
"""For how long a file waits to be looked at."""
_LETTER_URGENCY = {"routine": "routine", "soon": "soon", "urgent": "urgent"}


class Decided(Exception):
    """Somebody decided on the referral in between; nothing was written."""

    def __init__(self, referral: Referral) -> None:
        super().__init__("somebody decided on this referral in between")
        self.referral = referral


@transaction.atomic
def stage(staff: Staff, data: bytes) -> Upload:
    """A file to look at. What the same person left lying for a day is deleted."""
    Upload.objects.filter(by=staff, at__lt=now() - STAGED).delete()
    return Upload.objects.create(by=staff, at=now(), data=data)


@transaction.atomic
def leave(staff: Staff, upload: Upload) -> None:
    """Deletes a file that was looked at and is not wanted."""
    Upload.objects.filter(pk=upload.pk, by=staff).delete()


@transaction.atomic
def refer(
    staff: Staff, patient: Patient | None, identity: actions.Identity, *, sender: str, reason: str, urgency: str,
    triager: Staff, person: Mapping[str, str] | None = None, payer: Mapping[str, str] | None = None,
    letter: Mapping[str, str] | None = None, red_flags: str = "", upload: Upload | None = None,
) -> Referral:  # fmt: skip
    """Writes a referral down: for a patient who is here already, or for a new one (`patient` None).

    A warning sign that is on record becomes the triager's task with its time at once. Raises UnusableInput where the
    file cannot be read; then nothing is kept. A file is kept once: raises Upload.DoesNotExist for one that was.
    """
    data = b""
    if upload is not None:
        data = bytes(Upload.objects.select_for_update().get(pk=upload.pk, by=staff).data)
    if patient is None:
        patient = actions.add_patient(staff, identity, synthetic=clinic().synthetic)
    balance: Balance | None = None
    if upload is not None:
        balance = files.bring(staff, patient, data, "the file").balance
        upload.delete()
    _typed(staff, patient, person or {}, payer or {}, letter or {}, red_flags)
    for member in (staff, triager):
        actions.join_team(staff, patient, member)
    referral = Referral.objects.create(
        patient=patient, received=now(), dated=_day((letter or {}).get("date", "")), sender=sender, reason=reason,
        urgency=urgency, made_by=staff, triager=triager, **({} if balance is None else _balanced(balance)),
    )  # fmt: skip
    append(staff, verb="referral.made", patient=patient, about=f"referral {referral.pk}")
    patient.refresh_from_db()
    warn(staff, referral, look(reading_of(patient).record, now()))
    return referral


def _day(said: str) -> date | None:
    """A whole day; a month or a year on a letter is none."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


@transaction.atomic
def keep(staff: Staff, patient: Patient, upload: Upload) -> Balance:
    """Puts a file that was looked at into a record that is here. Raises Upload.DoesNotExist for one kept already."""
    held = Upload.objects.select_for_update().get(pk=upload.pk, by=staff)
    balance = files.bring(staff, patient, bytes(held.data), "the file").balance
    held.delete()
    return balance


def _balanced(balance: Balance) -> dict[str, Any]:
    return {
        "items": balance.items, "accepted": balance.accepted, "ignored": balance.ignored, "rejected": balance.rejected,
        "issues": [[issue.fate, issue.where, issue.what] for issue in balance.issues[:500]],
    }  # fmt: skip


def _typed(
    staff: Staff, patient: Patient, person: Mapping[str, str], payer: Mapping[str, str], letter: Mapping[str, str],
    red_flags: str,
) -> None:  # fmt: skip
    """What was typed becomes entries of the chart, so that rules see it; what the record has already stays."""
    said = {name: value for name, value in person.items() if value}
    if said and not patient.entries.filter(section="person").exists():
        actions.add(staff, patient, "person", said)
    covered = {name: value for name, value in payer.items() if value}
    if covered and not patient.entries.filter(section="payer", struck=False).exists():
        actions.add(staff, patient, "payer", covered)
    if letter.get("text"):
        actions.add(staff, patient, "documents", {"kind": "referral-letter", **letter})
    if red_flags:
        ask(staff, patient, "red-flags", red_flags, source="Referral")


@transaction.atomic
def ask(staff: Staff, patient: Patient, question: str, answer: str, source: str = "") -> None:
    """The answer to a question of the record, given now. `unknown` is an answer: asked, and nobody knew."""
    at = now().astimezone(clinic().zone).isoformat()
    body = {"kind": question, "asked": at, "answer": answer} | ({"source": source} if source else {})
    actions.add(staff, patient, "completeness", body)


def warn(staff: Staff | None, referral: Referral, found: Look) -> list[Task]:
    """A task for the triager for each warning sign that is open, by its own time; made once."""
    made = []
    for answer in (*found.firing, *found.doubtful):
        perhaps = "Perhaps " if answer.status == "unknown" else ""
        task = give(
            staff, referral.patient, Task.Kind.FLAG, f"{perhaps}{answer.flag.title}: see to it",
            why="; ".join(fact.says for fact in answer.found), about=f"referral {referral.pk}",
            origin=f"referral {referral.pk} {answer.flag.id}", owner=referral.triager, due=_moment(answer.due),
        )  # fmt: skip
        made.append(task)
    return made


def _moment(due: Due | None) -> datetime | None:
    if due is None:
        return None
    if due.at is not None:
        return due.at
    return datetime.combine(due.on, time(17), clinic().zone) if due.on is not None else None


@transaction.atomic
def decide(
    staff: Staff, referral: Referral, decision: str, *, note: str = "", questions: Sequence[str] = (),
    team: Collection[Staff] = (), next_step: str = "", next_by: date | None = None,
) -> Referral:  # fmt: skip
    """Accept, accept as urgent, or return with questions. The letter back is made, and kept as it is now.

    Raises Decided where somebody was quicker. The team is who works with the patient from now on.
    """
    held = Referral.objects.select_for_update().select_related("patient", "triager").get(pk=referral.pk)
    if not held.waits:
        raise Decided(held)
    at = now()
    held.decision, held.note, held.questions = decision, note, list(questions)
    held.decided_at, held.decided_by = at, staff
    for member in team:
        actions.join_team(staff, held.patient, member)
    steps = [NextStep(what=next_step, who=clinic().name, by=next_by)] if next_step else []
    held.letter = msgspec.to_builtins(reply_letter(reply_of(held, look(reading_of(held.patient).record, at), steps)))
    held.save()
    append(
        staff, verb="referral.decided", patient=held.patient, about=f"referral {held.pk}", decision=decision,
        head=held.patient.head,
    )  # fmt: skip
    return held


_DECISION_WORDS = {
    "accept": "We will see the patient.",
    "urgent": "We will see the patient as urgent.",
    "return": "We return the referral with questions; we have not planned a visit.",
}


def reply_of(referral: Referral, found: Look, steps: Sequence[NextStep] = ()) -> Reply:
    """What the letter back is made of. What nobody wrote stands as not stated."""
    patient, here, at = referral.patient, clinic(), referral.decided_at or now()
    urgency = "urgent" if referral.decision == "urgent" else _LETTER_URGENCY.get(referral.urgency)
    return Reply(
        occasion="triage",
        day=at.astimezone(here.zone).date(),
        to=referral.sender,
        sender=str(referral.decided_by or referral.triager),
        patient=f"{patient.given} {patient.family}",
        birth_date=_born(patient),
        referred=referral.dated or referral.received.astimezone(here.zone).date(),
        place=here.name,
        telephone=here.phone,
        asked=referral.reason,
        decision=_DECISION_WORDS.get(referral.decision, "Not decided yet."),
        why=referral.note or "No reason was written down.",
        decided_by=str(referral.decided_by or referral.triager),
        flags=found.review,
        urgency=urgency if referral.decision != "return" else None,
        missing=tuple(capital(question) for question in referral.questions),
        next_steps=tuple(steps),
    )


def _born(patient: Patient) -> date | None:
    return _day(patient.birth_date)
