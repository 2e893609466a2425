"""The packet as a person reads it: what goes to the payer, then what stays in the clinic. The same for every format."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from levamen import __version__
from levamen.criteria.outcome import Missing
from levamen.emit.json import TARGET_FIELDS
from levamen.emit.pages.places import places_words
from levamen.emit.view import Sources, ambiguity_in, document_words, found_in, source_title, wording
from levamen.emit.words import REASON_WORDS, capital, dates_in_words, status_details, verdict_words
from levamen.knowledge.model import PolicyDocument
from levamen.pathway.authorization.asks import Ask
from levamen.pathway.authorization.evidence import Evidence, moment
from levamen.pathway.authorization.need import AuthorizationNeed, ProgramAnswer
from levamen.pathway.authorization.packet import Attachment, CriterionLine, Packet, PolicyPart
from levamen.pathway.headline import day_words, target_words
from levamen.pathway.obligations import strange_numbers
from levamen.record import codes
from levamen.record.facts import Problem
from levamen.record.timeline import When

DRAFT = "Draft for a person to check, sign and send. It orders nothing, and it does not say what the payer will answer."
BLANK = "____________________"
SIGN_WORDS = {
    "ticked": "MET",
    "crossed": "NOT MET",
    "open": "NOT KNOWN",
    "two_readings": "TWO READINGS",
    "this_request": "THIS REQUEST",
}
EXCLUSION_WORDS = {**SIGN_WORDS, "ticked": "DOES NOT APPLY", "crossed": "APPLIES"}
SIGN_KEYS = {
    "ticked": "met",
    "crossed": "not_met",
    "open": "unknown",
    "two_readings": "ambiguous",
    "this_request": "silent",
}
"""The sign and colour of the house for each (docs: interface, signs)."""
STATE_WORDS = {
    "complete": "Complete: every criterion is answered from the chart and as the policy asks.",
    "expiring": "Expiring: evidence runs out before the service date.",
    "two_readings": "Two readings: the text of the policy allows both answers.",
    "missing": "Missing: something is not known.",
    "not_met": "Not met: a criterion stands in the way.",
}
NEEDED_WORDS = {"yes": "Yes", "no": "No", "unknown": "Not known"}


class Identity(Struct, frozen=True, kw_only=True):
    """Who is who, as the clinic knows it: a chart of ours holds no names. What is absent is left blank to fill in."""

    patient_name: str | None = None
    record_number: str | None = None
    member_number: str | None = None
    clinician: str | None = None
    clinician_number: str | None = None
    place: str | None = None
    telephone: str | None = None


class EvidenceView(Struct, frozen=True, kw_only=True):
    """What was read, with who wrote it where and when, and the words of the chart where it has some."""

    text: str
    quote: str = ""


class LineView(Struct, frozen=True, kw_only=True):
    number: int
    key: str
    sign: str
    name: str
    says: str
    found: str
    details: str
    evidence: tuple[EvidenceView, ...]
    missing: tuple[str, ...]
    readings: tuple[str, ...]
    clause: str
    interpretation: str
    holds: str


class PartView(Struct, frozen=True, kw_only=True):
    title: str
    facts: tuple[tuple[str, str], ...]
    verdict: str
    lines: tuple[LineView, ...]


class PacketView(Struct, frozen=True, kw_only=True):
    """`internal` is what stays in the clinic: the state, what to ask, what to know before sending."""

    title: str
    draft: str
    state: str
    facts: tuple[tuple[str, str], ...]
    needed: str
    need: tuple[str, ...]
    programs: tuple[str, ...]
    parts: tuple[PartView, ...]
    attachments: tuple[str, ...]
    signature: tuple[str, ...]
    asks: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    origin: tuple[str, ...]


def packet_view(packet: Packet, sources: Sources, identity: Identity | None = None) -> PacketView:
    """Everything in words. `identity`: what the clinic knows and a chart does not hold."""
    return PacketView(
        title=f"Request for authorization: {target_words(packet.request)}",
        draft=DRAFT,
        state=" ".join(_state(packet)),
        facts=tuple(_facts(packet, identity or Identity())),
        needed=NEEDED_WORDS[packet.need.needed],
        need=_need(packet.need),
        programs=tuple(_program(row, sources) for row in packet.need.programs),
        parts=tuple(_part(part, sources) for part in packet.parts),
        attachments=tuple(_attachment(row) for row in packet.attachments),
        signature=("Name", "Signature", "Date", "Telephone"),
        asks=tuple(_ask(row) for row in packet.asks),
        notes=tuple(_notes(packet)),
        sources=tuple(_sources(packet, sources)),
        origin=(
            f"Chart {packet.record.id} as known on {dates_in_words(packet.moment[:10])}; service date "
            f"{day_words(packet.on)}.",
            f"Levamen {__version__}, knowledge {packet.knowledge}, last checked {day_words(packet.knowledge_date)}.",
        ),
    )


def _state(packet: Packet) -> Iterator[str]:
    yield STATE_WORDS[packet.state]
    for told, names in (
        ("In the way", packet.crossed),
        ("To find out", packet.missing),
        ("Both ways", packet.two_readings),
    ):
        if names:
            yield f"{told}: {'; '.join(names)}."
    if packet.expires is not None:
        yield f"Fresh to {day_words(packet.expires)}, and the service is on {day_words(packet.on)}."
    if packet.valid_until is not None:
        yield f"By time alone it holds for services up to {day_words(packet.valid_until)}."


# ---- the request


def _facts(packet: Packet, identity: Identity) -> Iterator[tuple[str, str]]:
    """Who, what, when and where; a blank to fill in where neither the chart nor the clinic said it."""
    person, payer, request = packet.record.person, packet.payer, packet.request
    yield "Patient", identity.patient_name or BLANK
    yield "Record", identity.record_number or packet.record.id
    yield "Birth date", _when(person.birth_date) or BLANK
    yield "Sex", person.sex or BLANK
    known = payer.kind not in (None, "unknown")
    yield (
        "Payer",
        codes.label("payer_kinds", payer.kind or "") + (f", {payer.plan}" if payer.plan else "") if known else BLANK,
    )
    yield "Member number", identity.member_number or BLANK
    contractors = dict.fromkeys(part.answer.contractor for part in packet.parts if part.answer.contractor)
    if contractors:
        yield "Contractor", ", ".join(codes.label("contractors", id) for id in contractors)
    if payer.state is not None:
        yield "State", payer.state
    yield "Service", capital(target_words(request))
    yield from _qualifiers(packet)
    yield "Numbers (CPT, HCPCS)", ", ".join(packet.numbers) or BLANK
    yield "Diagnoses (ICD-10-CM)", ", ".join(diagnoses(packet)) or BLANK
    yield "Place of service", codes.label("settings", request.setting) if request.setting else BLANK
    yield (
        "Service date",
        day_words(packet.on) if request.start is not None else f"{BLANK} (judged for {day_words(packet.on)})",
    )
    yield "Asked for by", _joined(identity.clinician, identity.clinician_number) or BLANK
    yield "Place", _joined(identity.place, identity.telephone) or BLANK


def _joined(*words: str | None) -> str:
    return ", ".join(word for word in words if word)


def _qualifiers(packet: Packet) -> Iterator[tuple[str, str]]:
    for name in ("purpose", "technique", "approach", "route", "lead", "waveform", "guidance", "contrast", "sedation"):
        word = getattr(packet.request, name)
        if isinstance(word, str):
            yield capital(name), word if name == "purpose" else codes.title(word)
    for name in TARGET_FIELDS[:2]:
        word = getattr(packet.request, name)
        if isinstance(word, str):
            yield capital(name), codes.label("regions", word) if name == "region" else word


def diagnoses(packet: Packet) -> tuple[str, ...]:
    """The codes of the problems that were read for a criterion; where none was, of every problem of the chart."""
    read = {row.fact for part in packet.parts for line in part.lines for row in line.evidence}
    coded = [fact for fact in packet.record.facts if isinstance(fact, Problem) and fact.icd10 and _stands(fact, packet)]
    chosen = [fact for fact in coded if fact.id in read] or coded
    return tuple(dict.fromkeys(fact.icd10 for fact in chosen if fact.icd10))


def _stands(fact: Problem, packet: Packet) -> bool:
    """Whether a problem was known and is one of now."""
    told = fact.recorded or fact.since
    known = told is None or told.first <= packet.as_of
    return (
        known
        and fact.status not in ("resolved", "remission")
        and fact.verification not in ("refuted", "entered-in-error")
    )


def _need(need: AuthorizationNeed) -> tuple[str, ...]:
    """Why, where the programs below it do not say it themselves."""
    told = need.needed != "no" and not need.asked_by and any(row.needed == need.needed for row in need.programs)
    return () if told else (dates_in_words(capital(need.why)),)


def _program(row: ProgramAnswer, sources: Sources) -> str:
    numbers = f" Its list: {', '.join(row.codes)}." if row.codes else ""
    days = f"services from {row.start}" + (f" to {row.until}" if row.until else "")
    said = (
        f"{row.title} ({days}): {NEEDED_WORDS[row.needed].lower()}: {row.why}.{numbers} "
        f"{places_words(row.cites, sources)}; checked {day_words(row.checked)}."
    )
    return dates_in_words(said)


# ---- the policies


def _part(part: PolicyPart, sources: Sources) -> PartView:
    answer = part.answer
    facts = [("Document", document_words(answer) or answer.title)]
    facts += [("Also", _document(row)) for row in part.documents if row.id != answer.document]
    facts.append(("In force", _span(part.start, part.until)))
    facts.append(
        ("Read", f"last checked {day_words(part.checked)}, to be checked again by {day_words(part.recheck_by)}")
    )
    return PartView(
        title=answer.title,
        facts=tuple((term, dates_in_words(said)) for term, said in facts),
        verdict=f"As the chart stands: {verdict_words(answer)}.",
        lines=tuple(_line(number, line, sources) for number, line in enumerate(part.lines, start=1)),
    )


def _document(row: PolicyDocument) -> str:
    version = f", version {row.version}" if row.version else ""
    days = _span(str(row.start) if row.start else None, str(row.until) if row.until else None)
    return f"{row.kind} {row.id}{version}, {days}"


def _span(start: str | None, until: str | None) -> str:
    if start is None and until is None:
        return "its dates were not captured"
    return f"from {start or 'a day that was not captured'}" + (f" to {until}" if until else "")


def _line(number: int, line: CriterionLine, sources: Sources) -> LineView:
    answer, told = line.answer, wording(line.answer.criterion)
    found = found_in(answer.outcome)
    says = (
        f"Would exclude: {told.sentence[0].lower()}{told.sentence[1:]}" if answer.part == "exclusion" else told.sentence
    )
    shown = [_evidence(row) for row in line.evidence]
    if not shown and line.sign == "ticked":
        shown = [_evidence(row) for row in line.declared]
    waits = status_details(answer) if line.sign == "crossed" or (line.sign == "open" and not answer.missing) else ""
    return LineView(
        number=number,
        key=SIGN_KEYS[line.sign],
        sign=(EXCLUSION_WORDS if answer.part == "exclusion" else SIGN_WORDS)[line.sign],
        name=capital(line.name),
        says=dates_in_words(says),
        found=dates_in_words(found) if found else "",
        details=capital(waits),
        evidence=tuple(shown),
        missing=tuple(dict.fromkeys(_missing(row) for row in answer.missing)),
        readings=ambiguity_in(answer.outcome),
        clause=dates_in_words(places_words(told.cites, sources)),
        interpretation=answer.criterion.interpretation or "",
        holds=_holds(line),
    )


def _missing(row: Missing) -> str:
    """What is not known, and which kind of gap it is."""
    what = codes.title(row.what) if row.kind == "question" else row.what
    reason = REASON_WORDS.get(row.reason, row.reason)
    return dates_in_words(what if row.reason == "contractor" else f"{what} ({reason})")


def _holds(line: CriterionLine) -> str:
    ends = [f"{row.what}: good to {day_words(row.last)}" for row in line.expires]
    if not ends and line.until is not None:
        return f"By time alone it holds for services up to {day_words(line.until)}."
    return dates_in_words(f"{capital('; '.join(ends))}.") if ends else ""


def _evidence(row: Evidence) -> EvidenceView:
    """`Physical therapy of 1 Dec 2025 (C-1): 14 sessions …. Recorded 2 Mar 2026 by Dr. Ode, in the clinic's notes.`"""
    mark = "" if row.section == "completeness" else f" ({row.fact})"
    value = f": {row.value}" if row.value else ""
    by = f" by {row.author}" if row.author else ""
    recorded = f"recorded {moment(row.recorded)}" if row.recorded is not None else "recorded" if by else ""
    origin = ", ".join(part for part in (f"{recorded}{by}", f"in {row.source}" if row.source else "") if part)
    text = f"{capital(row.name)}{mark}{value}{f'; {origin}' if origin else ''}."
    return EvidenceView(text=dates_in_words(text), quote=row.note or "")


def _attachment(row: Attachment) -> str:
    for_what = f", for {'; '.join(row.serves)}" if row.serves else ""
    where = "in the chart" if row.on_file else "the chart has only the entry: attach the document itself"
    return dates_in_words(f"{capital(row.what)}: {row.evidence.name} ({row.fact}){for_what}. {capital(where)}.")


# ---- what stays in the clinic


def _ask(row: Ask) -> str:
    verb = {"fact": "Find out", "need": "Obtain", "renew": "Renew"}[row.kind]
    verb = f"{verb}, unless it was done" if row.unless_done else verb
    serves = f" For: {'; '.join(row.serves)}." if row.serves else ""
    grave = " This alone could make it fail." if row.could_refuse else ""
    possible = f" Possible from {day_words(row.possible_from)}." if row.possible_from is not None else ""
    by = f" Good to {day_words(row.by)}." if row.by is not None else ""
    return dates_in_words(f"{verb}: {row.what}. From: {row.who}.{serves}{grave}{possible}{by}")


def _notes(packet: Packet) -> Iterator[str]:
    for number in strange_numbers(packet.request.therapy, packet.numbers):
        yield f"{number} is not known to us as a number of this therapy: check it."
    for row in packet.on_file:
        text = f" It says: {row.note}" if row.note else ""
        said = row.value or "on file"
        yield dates_in_words(f"The chart has an authorization, {said}: {row.name} ({row.fact}).{text}")
    for answer in packet.silent:
        reason = f" ({answer.reason})" if answer.reason else ""
        yield f"{answer.title} does not decide this request{reason}."
    for part in packet.parts:
        if part.answer.earliest is not None:
            yield f"{part.answer.title}: not before {day_words(part.answer.earliest)}."
        if part.recheck_by < packet.on:
            due = day_words(part.recheck_by)
            yield f"{part.answer.title} was to be checked again by {due}: read it anew before sending."
        yield from (dates_in_words(f"{part.answer.title}: {note}.") for note in part.answer.notes)
    if not packet.parts:
        yield "No policy of this payer on this therapy is in this version: the packet holds no criteria."


def _sources(packet: Packet, sources: Sources) -> Iterator[str]:
    ids = {cite.source for part in packet.parts for line in part.lines for cite in wording(line.answer.criterion).cites}
    ids |= {cite.source for row in packet.need.programs for cite in row.cites}
    yield from (source_title(id, sources) for id in sorted(ids))


def _when(when: When | None) -> str:
    return dates_in_words(str(when)) if when is not None else ""
