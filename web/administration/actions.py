"""Proposing a change and deciding on it. What is not signed by a second person is not in force."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from administration import knowledge
from administration.models import AdoptedValue, Clinic, Proposal, clinic
from audit.chain import append
from clinic.clock import now, today
from levamen.knowledge.inventory import packaged_rows
from people.models import Staff

GOVERNED = ("name", "phone", "guidelines", "payers", "hold_profile", "second_signature")
"""What a proposal can change of the clinic. No contraindication is among it: those come with the library."""


class NotYet(Exception):
    """A decision that cannot be taken; one sentence."""


@transaction.atomic
def propose(staff: Staff, kind: str, title: str, body: dict[str, Any], reason: str) -> Proposal:
    """A change, waiting. Its effect on our patients is worked out before anybody can sign it."""
    made = Proposal.objects.create(kind=kind, title=title[:300], body=body, reason=reason, by=staff, at=now())
    append(staff, verb="proposal.made", about=f"proposal {made.pk}", kind=kind)
    return made


@transaction.atomic
def decide(staff: Staff, proposal: Proposal, sign: bool, words: str) -> None:
    """The second person's word. Raises NotYet where it is the same person, or the effect is not known yet."""
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if held.decision != Proposal.Decision.WAITING:
        raise NotYet("Somebody else has decided on this already.")
    if held.by_id == staff.pk:
        raise NotYet("A second person signs: you made this proposal yourself.")
    if sign and held.effect is None:
        raise NotYet("What it changes for our patients is not worked out yet; nobody signs unseen.")
    if sign:
        _put_in_force(held, staff)
        knowledge.remember()
    held.decision = Proposal.Decision.SIGNED if sign else Proposal.Decision.REFUSED
    held.decided_by, held.decided_at, held.words = staff, now(), words
    held.save()
    append(staff, verb="proposal.signed" if sign else "proposal.refused", about=f"proposal {held.pk}", kind=held.kind)


def _put_in_force(proposal: Proposal, staff: Staff) -> None:
    body = proposal.body
    both = f"{proposal.by} and {staff}"
    day = today(clinic().zone)
    match proposal.kind:
        case Proposal.Kind.GOVERNING:
            Clinic.objects.filter(pk=1).update(**{name: body[name] for name in GOVERNED if name in body})
        case Proposal.Kind.ADOPTION:
            row = next((row for row in packaged_rows() if row.id == body["value"]), None)
            if row is None or row.fingerprint != body["fingerprint"] or row.mark != "unverified":
                raise NotYet("The value says something else by now, or awaits confirmation no more; propose it anew.")
            if AdoptedValue.objects.filter(value=row.id, until=None).exists():
                raise NotYet("This value is adopted already.")
            AdoptedValue.objects.create(
                value=row.id, fingerprint=row.fingerprint, says=row.says[:400], by=both, reason=proposal.reason, on=day
            )
        case Proposal.Kind.ENDING:
            # A signature of the same day never counted; an older one ends with yesterday.
            AdoptedValue.objects.filter(value=body["value"], until=None, on=day).delete()
            AdoptedValue.objects.filter(value=body["value"], until=None).update(until=day)
        case Proposal.Kind.KNOWLEDGE:
            if body["hash"] != knowledge.installed():
                raise NotYet("Another version has been installed since; propose that one.")
            knowledge.take(both)
