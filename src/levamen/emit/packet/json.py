"""JSON of a packet (`levamen.packet/1`): absent never null; the same packet gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from levamen import __version__
from levamen.adapters.balance import Balance
from levamen.criteria.outcome import Missing
from levamen.emit.json import criterion_document, imported, target
from levamen.emit.json_values import cites, iso, without_empty
from levamen.emit.packet.view import DRAFT, diagnoses
from levamen.knowledge.model import PolicyDocument
from levamen.pathway.authorization.asks import Ask
from levamen.pathway.authorization.evidence import Evidence
from levamen.pathway.authorization.need import AuthorizationNeed, ProgramAnswer
from levamen.pathway.authorization.packet import Attachment, CriterionLine, Packet, PolicyPart
from levamen.pathway.obligations import strange_numbers
from levamen.record.timeline import When

ONE = "levamen.packet/1"
MANY = "levamen.packets/1"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
Json = dict[str, Any]


def encode(packet: Packet, balance: Balance | None = None) -> bytes:
    """One packet as one line of JSON. `balance`: of the record it was made from."""
    return _ENCODER.encode(document(packet, balance))


def together(encoded: Sequence[bytes]) -> bytes:
    """Packets already encoded, as one JSON document."""
    return b'{"format":"%s","packets":[%s]}' % (MANY.encode(), b",".join(encoded))


def document(packet: Packet, balance: Balance | None = None) -> Json:
    """The packet as plain data, in the order of the published schema."""
    person, payer, request = packet.record.person, packet.payer, packet.request
    kept: Json = {"missing": list(packet.missing), "crossed": list(packet.crossed)}
    qualifiers = ("purpose", "approach", "route", "technique", "electrode", "waveform", "lead", "guidance", "setting")
    return without_empty(
        {
            "format": ONE,
            "engine": __version__,
            "knowledge": {"hash": packet.knowledge, "date": packet.knowledge_date.isoformat()},
            "notice": DRAFT,
            "as_of": packet.moment,
            "on": packet.on.isoformat(),
            "patient": packet.record.id,
            "import": imported(balance) if balance is not None else None,
            "person": without_empty({"birth_date": _day(person.birth_date), "sex": person.sex}),
            "payer": without_empty(
                {"kind": payer.kind, "plan": payer.plan, "contractor": payer.contractor, "state": payer.state}
            ),
            "request": request.id,
            "therapy": request.therapy,
            "target": target(request),
            "qualifiers": without_empty({name: getattr(request, name) for name in qualifiers}),
            "start": _day(request.start),
            "numbers": list(packet.numbers),
            "strange_numbers": list(strange_numbers(request.therapy, packet.numbers)),
            "diagnoses": list(diagnoses(packet)),
            "state": packet.state,
        }
    ) | {
        **kept,
        "two_readings": list(packet.two_readings),
        **without_empty({"expires": iso(packet.expires), "valid_until": iso(packet.valid_until)}),
        "authorization": _need(packet.need),
        "policies": [_part(part) for part in packet.parts],
        "silent": [without_empty({"policy": a.policy, "title": a.title, "reason": a.reason}) for a in packet.silent],
        "ask": [_ask(row) for row in packet.asks],
        "attachments": [_attachment(row) for row in packet.attachments],
        "on_file": [_evidence(row) for row in packet.on_file],
    }


def _need(need: AuthorizationNeed) -> Json:
    return {
        "needed": need.needed,
        "why": need.why,
        "asked_by": list(need.asked_by),
        "programs": [_program(row) for row in need.programs],
    }


def _program(row: ProgramAnswer) -> Json:
    return without_empty(
        {
            "id": row.id,
            "policy": row.policy,
            "title": row.title,
            "needed": row.needed,
            "why": row.why,
            "what": row.what,
            "who": row.who,
            "codes": list(row.codes),
            "from": row.start,
            "until": row.until,
            "open_points": list(row.open_points),
            "cites": cites(row.cites),
            "checked": iso(row.checked),
            "recheck_by": iso(row.recheck_by),
        }
    )


def _part(part: PolicyPart) -> Json:
    answer = part.answer
    return without_empty(
        {
            "policy": answer.policy,
            "title": answer.title,
            "governing": answer.governing or None,
            "contractor": answer.contractor,
            "document": answer.document,
            "version": answer.version,
            "documents": [_document(row) for row in part.documents],
            "from": part.start,
            "until": part.until,
            "checked": iso(part.checked),
            "recheck_by": iso(part.recheck_by),
            "hash": answer.hash,
            "verdict": answer.verdict,
            "reason": answer.reason,
            "stance": answer.stance,
            "mark": answer.mark if answer.mark != "primary" else None,
            "earliest": iso(answer.earliest),
            "safest": iso(answer.safest),
            "would_refuse": _missing(answer.would_refuse),
            "needed_together": _missing(answer.needed_together),
            "notes": list(answer.notes),
        }
    ) | {"criteria": [_line(line) for line in part.lines]}


def _document(row: PolicyDocument) -> Json:
    found = {"kind": row.kind, "id": row.id, "version": row.version, "from": _day(row.start), "until": _day(row.until)}
    return without_empty({**found, "source": row.source})


def _line(line: CriterionLine) -> Json:
    return without_empty(
        {
            "sign": line.sign,
            "name": line.name,
            **criterion_document(line.answer),
            "evidence": [_evidence(row) for row in line.evidence],
            "declared": [_evidence(row) for row in line.declared],
            "until": iso(line.until),
            "expires": [
                without_empty({"what": row.what, "last": iso(row.last), "fact": row.fact}) for row in line.expires
            ],
        }
    )


def _evidence(row: Evidence) -> Json:
    return without_empty(
        {
            "fact": row.fact,
            "section": row.section,
            "name": row.name,
            "value": row.value,
            "day": _day(row.day),
            "recorded": _day(row.recorded),
            "author": row.author,
            "source": row.source,
            "note": row.note,
        }
    )


def _ask(row: Ask) -> Json:
    return without_empty(
        {
            "kind": row.kind,
            "what": row.what,
            "who": row.who,
            "serves": list(row.serves),
            "reason": row.reason,
            "fact": row.fact,
            "could_refuse": row.could_refuse or None,
            "settles": row.settles or None,
            "unless_done": row.unless_done or None,
            "possible_from": iso(row.possible_from),
            "by": iso(row.by),
        }
    )


def _attachment(row: Attachment) -> Json:
    return without_empty({"fact": row.fact, "what": row.what, "serves": list(row.serves)}) | {
        "on_file": row.on_file,
        "evidence": _evidence(row.evidence),
    }


def _missing(rows: Iterable[Missing]) -> list[Json]:
    return [without_empty({"kind": m.kind, "what": m.what, "reason": m.reason, "fact": m.fact}) for m in rows]


def _day(when: When | None) -> str | None:
    return str(when) if when is not None else None
