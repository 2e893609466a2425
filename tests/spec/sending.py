"""What the paragraphs on authorization are written with: a service at a payer, and the packet of a snippet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from specimen import TODAY, read

from levamen.knowledge.duties import packaged_duties
from levamen.knowledge.registry import packaged
from levamen.pathway.authorization.need import AuthorizationNeed, authorization_need
from levamen.pathway.authorization.packet import CriterionLine, Packet, packet
from levamen.record.facts import Payer, Request

EPIDURAL = "epidural-steroid-injection"
FACET = "medial-branch-block"
BLOCK = """
payer: {kind: medicare, state: KY}
pain: [{id: PN-1, site: low-back, side: right, pattern: axial, mechanism: nociceptive, since: 2025-07-01}]
request:
  - {id: R-1, therapy: medial-branch-block, purpose: diagnostic, region: lumbar, side: right, joints: [L4-5],
     guidance: fluoroscopy, setting: office, start: 2026-03-09}
"""
"""A first diagnostic block asked for on 9 March 2026, of a patient of Original Medicare in Kentucky."""


def need(
    therapy: str,
    day: str,
    *,
    kind: str | None = "medicare",
    state: str | None = "TX",
    setting: str | None = "office",
    lead: str | None = None,
    numbers: Sequence[str] = (),
) -> AuthorizationNeed:
    """Whether authorization is needed for a therapy on a day."""
    request = Request(id="R-1", therapy=therapy, setting=setting, lead=lead)
    payer = Payer(kind=kind, state=state)
    return authorization_need(packaged_duties(), request, payer, date.fromisoformat(day), numbers=numbers)


def needed(therapy: str, day: str, **service: str | None) -> str:
    """The answer alone: yes, no or unknown."""
    return need(therapy, day, **service).needed


def packet_of(*parts: str, policy: str = "mcr-facet", on: str | None = None, as_of: str = TODAY) -> Packet:
    """The packet for the one request of a snippet."""
    record = read("\n".join(part.strip("\n") for part in parts))
    day = date.fromisoformat(on) if on is not None else None
    return packet(record, record.requests[0], packaged(), date.fromisoformat(as_of), on=day, policies=[policy])


def line(made: Packet, id: str) -> CriterionLine:
    """One criterion of it."""
    return next(row for part in made.parts for row in part.lines if row.answer.id == id)
