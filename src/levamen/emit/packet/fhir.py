"""The packet as a FHIR R4 Bundle: a draft Claim for preauthorization, its Patient and Coverage, and what supports it.

Every criterion is supporting information in words; documents of the chart, and the packet itself as plain text, are
DocumentReferences. CPT and HCPCS stand by number alone. What is not known is said to be absent, never invented.
"""

from __future__ import annotations

import base64
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from levamen.adapters.fhir_dates import text_of
from levamen.adapters.fhir_elements import coding, concept, span
from levamen.emit.packet.text import for_the_payer
from levamen.emit.packet.view import DRAFT, Identity, LineView, diagnoses, packet_view
from levamen.emit.view import Sources
from levamen.emit.words import capital
from levamen.knowledge.registry import packaged
from levamen.pathway.authorization.packet import Attachment, Packet
from levamen.pathway.headline import target_words
from levamen.record import codes

Json = dict[str, Any]
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
_CPT = "http://www.ama-assn.org/go/cpt"
_HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
_ABSENT: Json = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
}
_OF_A_HOSPITAL = frozenset({"hospital-outpatient", "hospital-inpatient", "emergency"})


def bundle(packet: Packet, sources: Sources | None = None, *, identity: Identity | None = None) -> bytes:
    """The Bundle, of type collection. Same packet, same bytes. `sources`: absent, the packaged ones."""
    known = packaged().sources if sources is None else sources
    who = identity or Identity()
    own = _Addresses(packet)
    papers = [_paper(packet, row, own) for row in packet.attachments if row.on_file]
    papers.append(_packet_itself(packet, known, who, own))
    rows = [_patient(packet, who, own), _coverage(packet, who, own), _claim(packet, known, who, own, papers), *papers]
    entries = [{"fullUrl": own.of(row["resourceType"], row["id"]), "resource": row} for row in rows]
    return _ENCODER.encode({"resourceType": "Bundle", "type": "collection", "entry": entries})


class _Addresses:
    """Stable addresses of the resources of one packet."""

    def __init__(self, packet: Packet) -> None:
        self._root = f"urn:levamen:packet:{packet.record.id}:{packet.request.id}"

    def of(self, kind: str, id: str) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{self._root}:{kind}:{id}')}"

    def to(self, kind: str, id: str) -> Json:
        return {"reference": self.of(kind, id)}


def _patient(packet: Packet, who: Identity, own: _Addresses) -> Json:
    person = packet.record.person
    identifiers = [{"system": "urn:levamen:record", "value": packet.record.id}]
    if who.record_number is not None:
        identifiers.append({"value": who.record_number})
    born = text_of(person.birth_date) if person.birth_date is not None and person.birth_date.at is None else None
    return _present(
        {
            "resourceType": "Patient",
            "id": "patient",
            "identifier": identifiers,
            "name": [{"text": who.patient_name}] if who.patient_name else None,
            "gender": person.sex,
            "birthDate": born,
        }
    )


def _coverage(packet: Packet, who: Identity, own: _Addresses) -> Json:
    payer = packet.payer
    known = payer.kind not in (None, "unknown")
    name = payer.plan or (codes.label("payer_kinds", payer.kind or "") if known else None)
    return _present(
        {
            "resourceType": "Coverage",
            "id": "coverage",
            "status": "active",
            "type": concept(coding("payer_kinds", payer.kind)),
            "subscriberId": who.member_number,
            "beneficiary": own.to("Patient", "patient"),
            "period": span(payer.start, payer.end),
            "payor": [{"display": name} if name else _ABSENT],
        }
    )


def _claim(packet: Packet, sources: Sources, who: Identity, own: _Addresses, papers: list[Json]) -> Json:
    view = packet_view(packet, sources, who)
    kind = "institutional" if packet.request.setting in _OF_A_HOSPITAL else "professional"
    supports = [_said(line) for part in view.parts for line in part.lines]
    supports += [_info("info", valueString=f"To attach: {said}") for said in _to_attach(packet, view.attachments)]
    supports += [_info("attachment", valueReference=own.to("DocumentReference", row["id"])) for row in papers]
    return _present(
        {
            "resourceType": "Claim",
            "id": "preauthorization",
            "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{DRAFT}</div>'},
            "status": "draft",
            "type": {"coding": [{"system": f"{_TERMINOLOGY}claim-type", "code": kind}]},
            "use": "preauthorization",
            "patient": own.to("Patient", "patient"),
            "created": packet.as_of.isoformat(),
            "provider": {"display": who.clinician} if who.clinician else _ABSENT,
            "priority": {"coding": [{"system": f"{_TERMINOLOGY}processpriority", "code": "normal"}]},
            "diagnosis": [
                {"sequence": number, "diagnosisCodeableConcept": {"coding": [{"system": _ICD10, "code": code}]}}
                for number, code in enumerate(diagnoses(packet), start=1)
            ],
            "insurance": [{"sequence": 1, "focal": True, "coverage": own.to("Coverage", "coverage")}],
            "supportingInfo": [{"sequence": number} | row for number, row in enumerate(supports, start=1)],
            "item": _items(packet),
        }
    )


def _items(packet: Packet) -> list[Json]:
    """One item for each number billed; without numbers one for the therapy, in our own words."""
    request = packet.request
    said = capital(target_words(request))
    services = [
        {"coding": [{"system": _CPT if number[0].isdigit() else _HCPCS, "code": number}], "text": said}
        for number in packet.numbers
    ] or [{"coding": coding("therapies", request.therapy), "text": said}]
    day = request.start.first.isoformat() if request.start is not None and request.start.exact else None
    place = {"text": codes.label("settings", request.setting)} if request.setting else None
    return [
        _present(
            {
                "sequence": number,
                "productOrService": _present(service),
                "servicedDate": day,
                "locationCodeableConcept": place,
            }
        )
        for number, service in enumerate(services, start=1)
    ]


def _said(line: LineView) -> Json:
    """One criterion with what the chart has for it."""
    parts = [f"{line.name}: {line.sign.lower()}.", line.says]
    parts += [f'{row.text} "{row.quote}"' if row.quote else row.text for row in line.evidence]
    parts += [f"Not known: {said}." for said in line.missing]
    parts.append(f"Clause: {line.clause}.")
    return _info("info", valueString=" ".join(parts))


def _info(category: str, **value: Any) -> Json:
    system = f"{_TERMINOLOGY}claiminformationcategory"
    return {"category": {"coding": [{"system": system, "code": category}]}} | value


def _to_attach(packet: Packet, told: tuple[str, ...]) -> list[str]:
    return [said for row, said in zip(packet.attachments, told, strict=True) if not row.on_file]


def _paper(packet: Packet, row: Attachment, own: _Addresses) -> Json:
    """A document of the chart, with its text where the chart has it."""
    written = row.evidence.note
    held = {"contentType": "text/plain; charset=utf-8", "data": _encoded(written)} if written else {}
    number = [each.fact for each in packet.attachments if each.on_file].index(row.fact) + 1
    return _document(f"document-{number}", capital(row.what), held | {"title": row.evidence.name}, own)


def _packet_itself(packet: Packet, sources: Sources, who: Identity, own: _Addresses) -> Json:
    said = for_the_payer(packet, sources, identity=who)
    held = {"contentType": "text/plain; charset=utf-8", "data": _encoded(said), "title": "Authorization packet"}
    return _document("packet", "Authorization packet", held, own) | {"docStatus": "preliminary"}


def _document(id: str, kind: str, attachment: Json, own: _Addresses) -> Json:
    return {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "type": {"text": kind},
        "subject": own.to("Patient", "patient"),
        "content": [{"attachment": attachment}],
    }


def _encoded(said: str) -> str:
    return base64.b64encode(said.encode()).decode()


def _present(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value not in (None, [], {})}
