"""What a proposal would change for our patients: the same questions answered before and after, by the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from administration.knowledge import NotAnswering, edition_of_the_clinic
from administration.models import Proposal, clinic
from clinic.clock import now
from levamen.emit.plan.words import DECISION_WORDS
from levamen.emit.words import capital
from levamen.knowledge.edition import PACKAGED, Adoption, Edition
from levamen.knowledge.registry import edition_with, packaged
from levamen.pathway.difference import SAFETY, Answer, moved
from levamen.pathway.headline import WORDS
from levamen.pathway.periprocedural.plan import plan
from levamen.record import codes
from levamen.record.facts import Record
from procedures.models import Booking
from records.facts import reading_of
from records.models import Entry, Patient

MOST = 500
"""At most so many patients are looked at: those with a request or a booking to come, the nearest first."""
_SHOWN = 200


def patients() -> list[Patient]:
    """Whom a change can touch: patients with a booking to come, then those with something considered."""
    coming = Booking.objects.filter(start__gte=now(), status="booked").order_by("start")
    booked = list(coming.values_list("patient", flat=True))
    asked = Entry.objects.filter(section="request", struck=False).order_by("-at").values_list("patient", flat=True)
    ids = list(dict.fromkeys([*booked, *asked[: MOST * 2]]))[:MOST]
    found = Patient.objects.in_bulk(ids)
    return [found[id] for id in ids if id in found]


def effect(proposal: Proposal) -> dict[str, Any]:
    """The answers that would differ, of how many patients, as of now."""
    rows: list[dict[str, str]] = []
    looked = 0
    as_of = now().astimezone(clinic().zone)
    for patient in patients():
        looked += 1
        record = reading_of(patient).record
        rows += [{"patient": patient.mrn, **row} for row in _of(proposal, record, as_of)]
    return {"patients": looked, "changes": len(rows), "rows": rows[:_SHOWN]}


def _of(proposal: Proposal, record: Record, as_of: datetime) -> Iterator[dict[str, str]]:
    if proposal.kind == Proposal.Kind.GOVERNING:
        yield from _governing(proposal.body, record, as_of)
        return
    for row in moved(record, as_of, edition_of_the_clinic(), after(proposal)):
        about = "Safety" if row.about == SAFETY else packaged().policies[row.about].title
        yield {"question": row.headline, "about": about, "was": _words(row.was), "now": _words(row.now)}


def after(proposal: Proposal) -> Edition:
    """The edition as it would be."""
    held = edition_of_the_clinic()
    body: Mapping[str, Any] = proposal.body
    if proposal.kind == Proposal.Kind.KNOWLEDGE:
        return Edition(PACKAGED.root, held.adoptions)
    if proposal.kind == Proposal.Kind.ENDING:
        return Edition(held.root, tuple(row for row in held.adoptions if row.value != body["value"]))
    new = Adoption(
        value=body["value"], fingerprint=body["fingerprint"], says=body["says"], by=str(proposal.by),
        reason=proposal.reason, on=now().astimezone(clinic().zone).date(),
    )  # fmt: skip
    return Edition(held.root, edition_with([*held.adoptions, new]).adoptions)


def _governing(body: Mapping[str, Any], record: Record, as_of: datetime) -> Iterator[dict[str, str]]:
    """Of another hold profile: the plans that become other ones. Who leads a list changes no verdict."""
    profile = body.get("hold_profile", clinic().hold_profile)
    if profile == clinic().hold_profile:
        return
    for request in record.requests:
        was = plan(record, request, packaged(), as_of, profiles=(clinic().hold_profile,))
        will = plan(record, request, packaged(), as_of, profiles=(profile,))
        if (was.decision, was.safety) != (will.decision, will.safety):
            yield {
                "question": capital(codes.title(request.therapy or "")), "about": "Hold plan",
                "was": f"{was.safety}: {DECISION_WORDS[was.decision]}",
                "now": f"{will.safety}: {DECISION_WORDS[will.decision]}",
            }  # fmt: skip


def _words(answer: Answer | None) -> str:
    if answer is None:
        return "not asked"
    said = WORDS.get(answer.verdict, answer.verdict)
    return f"{said}, from {answer.earliest}" if answer.earliest else str(said)


def work_out(proposal: Proposal) -> None:
    """Works the effect out and keeps it with the proposal; where what was cannot be read, that is kept, as unknown."""
    try:
        found = effect(proposal)
    except NotAnswering as why:
        found = {"patients": 0, "changes": 0, "rows": [], "unknown": str(why)}
    Proposal.objects.filter(pk=proposal.pk).update(effect=found, effect_at=now())
