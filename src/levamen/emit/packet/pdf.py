"""The packet as a PDF, set as the pages of a plan are: tagged, nothing of a chart read as markup, same bytes."""

from __future__ import annotations

import msgspec

from levamen.emit.packet.view import Identity, packet_view
from levamen.emit.plan.pdf import typeset
from levamen.emit.view import Sources
from levamen.knowledge.registry import packaged
from levamen.pathway.authorization.packet import Packet


def pdf(packet: Packet, sources: Sources | None = None, *, identity: Identity | None = None) -> bytes:
    """What goes to the payer, and on a page of its own what stays in the clinic. Raises UnusableInput without typst."""
    view = packet_view(packet, packaged().sources if sources is None else sources, identity)
    return typeset("packet/packet", msgspec.to_builtins(view), packet.as_of)
