"""The packet of a request, made by the library from the record as it is known at this moment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from administration.models import clinic
from clinic.clock import now
from levamen.adapters.balance import Reading
from levamen.derive.views import zone_of
from levamen.emit.packet.fhir import bundle
from levamen.emit.packet.pdf import pdf
from levamen.emit.packet.text import for_the_payer
from levamen.emit.packet.view import Identity, PacketView, packet_view
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.authorization.packet import Packet, packet
from levamen.record.facts import Request
from people.models import Staff
from records.models import Patient


class Form(Struct, frozen=True):
    """A form of the packet: how it is called, its file name and its media type."""

    title: str
    name: str
    media: str


FORMS: Mapping[str, Form] = {
    "pdf": Form("PDF", "packet.pdf", "application/pdf"),
    "text": Form("Plain text to paste", "packet.txt", "text/plain; charset=utf-8"),
    "fhir": Form("FHIR", "packet.json", "application/fhir+json"),
}


class Made(Struct, frozen=True, kw_only=True):
    """A packet with what the clinic alone knows of who is who."""

    packet: Packet
    identity: Identity
    view: PacketView


def knowledge() -> Knowledge:
    """The knowledge that this clinic works with."""
    return packaged()


def request_of(reading: Reading, key: str) -> Request | None:
    """The request of a record by its id; none where it was struck or never asked."""
    return next((row for row in reading.record.requests if row.id == key), None)


def made(
    patient: Patient, reading: Reading, request: Request, numbers: Sequence[str], operator: Staff | None = None
) -> Made:
    """The packet as of now. Raises UnusableInput where the patient has died."""
    at = now().astimezone(zone_of(reading.record))
    found = packet(reading.record, request, knowledge(), at, numbers=numbers)
    here = clinic()
    identity = Identity(
        patient_name=f"{patient.given} {patient.family}",
        record_number=patient.mrn,
        clinician=", ".join(part for part in (operator.name, operator.credentials) if part) if operator else None,
        place=here.name,
        telephone=here.phone or None,
    )
    return Made(packet=found, identity=identity, view=packet_view(found, knowledge().sources, identity))


def rendered(found: Made, form: str) -> bytes:
    """The packet in one form. The text is the part that is sent, without what stays in the clinic."""
    sources = knowledge().sources
    ways: Mapping[str, Callable[[], bytes]] = {
        "pdf": lambda: pdf(found.packet, sources, identity=found.identity),
        "text": lambda: for_the_payer(found.packet, sources, identity=found.identity).encode(),
        "fhir": lambda: bundle(found.packet, sources, identity=found.identity) + b"\n",
    }
    return ways[form]()


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
