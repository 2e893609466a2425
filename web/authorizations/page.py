"""What the page of an authorization shows, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from msgspec import Struct

from administration.models import clinic
from authorizations.models import Authorization, Status, Step
from authorizations.packets import Made
from authorizations.standing import standing_of
from levamen.criteria.outcome import Missing
from levamen.emit.packet.view import LineView, PacketView
from levamen.emit.words import dates_in_words
from levamen.pathway.authorization.asks import Ask
from levamen.pathway.authorization.packet import Packet
from levamen.pathway.headline import day_words
from levamen.record import codes
from procedures.models import Booking
from records.models import Patient
from records.words import TITLES

GROUPS = (
    ("not_met", "In the way"),
    ("unknown", "Not known"),
    ("ambiguous", "Two readings"),
    ("silent", "What is asked for here"),
    ("met", "As the policy asks"),
)
_SECTIONS: Mapping[str, str] = {
    "conservative-care": "care", "trials": "medications", "therapy": "procedures", "finding": "findings",
    "evaluation": "evaluations", "document": "documents", "score": "scores", "index-scores": "scores",
    "index-pain": "pain", "question": "completeness", "readings": "labs", "session": "request",
}  # fmt: skip
"""Where an answer is written down, by the kind of fact, where the section is not called like it."""


class Criteria(Struct, frozen=True):
    """The criteria of a policy that the chart answers alike."""

    key: str
    title: str
    lines: tuple[LineView, ...]


class ToAsk(Struct, frozen=True, kw_only=True):
    """One thing to ask or obtain. `link` opens the form where the answer is written down, where there is one."""

    verb: str
    what: str
    who: str
    more: str
    grave: bool
    task: str
    link: str = ""
    given: bool = False


def criteria(lines: Sequence[LineView]) -> tuple[Criteria, ...]:
    """The criteria in groups: what stands in the way first."""
    rows = ((key, title, tuple(line for line in lines if line.key == key)) for key, title in GROUPS)
    return tuple(Criteria(key, title, found) for key, title, found in rows if found)


def counts(view: PacketView) -> str:
    """`21 as the policy asks, 1 not known`."""
    keys = [line.key for part in view.parts for line in part.lines]
    told = [(keys.count(key), title.lower()) for key, title in reversed(GROUPS)]
    return ", ".join(f"{count} {title}" for count, title in told if count)


def answer(found: Authorization | None, made: Made, booking: Booking | None) -> str:
    """The first sentence of the page: is it needed, and how does it stand."""
    packet = made.packet
    if found is not None and found.status not in (Status.PREPARING, Status.WITHDRAWN):
        return _stands(found, booking)
    begun = "Nothing is prepared yet." if found is None or found.status == Status.WITHDRAWN else ""
    needed = {
        "yes": "Authorization is needed.",
        "no": "By the lists known to us none is needed here.",
        "unknown": "Whether authorization is needed is not known: ask the payer.",
    }[packet.need.needed]
    return " ".join(part for part in (needed, f"{Status(packet.state).label}.", begun) if part)


def _stands(found: Authorization, booking: Booking | None) -> str:
    number = f", number {found.number}" if found.number else ""
    match found.status:
        case Status.APPROVED:
            until = f" to {day_words(found.expires)}" if found.expires else "; no last day is recorded"
            said = f"Approved{until}{number}."
        case Status.NOT_NEEDED:
            said = "None is needed, as was found out."
        case Status.SUBMITTED | Status.APPEALED:
            said = f"{found.get_status_display()}; the payer has not answered."
        case _:
            said = "Denied. Appeal, prepare it anew, or withdraw it."
    state, words = standing_of(found, booking.start if booking is not None else None)
    return f"{said} {words}, before the booked day." if _uncovered(found, booking) and state == "missing" else said


def _uncovered(found: Authorization, booking: Booking | None) -> bool:
    return found.status == Status.APPROVED and booking is not None


def warning(found: Authorization | None, booking: Booking | None) -> str:
    """What must not be overlooked: an approval that does not cover the booked day."""
    if found is None or booking is None or not _uncovered(found, booking):
        return ""
    state, words = standing_of(found, booking.start)
    return f"{words}: the booked day is {day_words(_local(booking))}." if state == "missing" else ""


def _local(booking: Booking) -> date:
    return booking.start.astimezone(clinic().zone).date()


def asked_for(packet: Packet) -> tuple[tuple[str, str], ...]:
    """For what it was looked up: payer, state, place, day, numbers. What is not recorded says so."""
    payer, request = packet.payer, packet.request
    known = payer.kind not in (None, "unknown")
    kind = codes.label("payer_kinds", payer.kind or "") if known else "not recorded"
    return (
        ("Payer", f"{kind}, {payer.plan}" if known and payer.plan else kind),
        ("State", payer.state or "not recorded"),
        ("Place", codes.label("settings", request.setting) if request.setting else "not recorded"),
        ("Day", day_words(packet.on) + ("" if request.start is not None else ", none is booked")),
        ("Numbers", ", ".join(packet.numbers) or "not recorded"),
    )


def payer_question(packet: Packet) -> str:
    """What the payer is asked on the telephone, word for word."""
    facts = dict(asked_for(packet))
    service = codes.label("therapies", packet.request.therapy or "") if packet.request.therapy else "this service"
    numbers = f" (numbers {facts['Numbers']})" if packet.numbers else ""
    place = f", {facts['Place']}" if packet.request.setting else ""
    return f"Is authorization needed before {service}{numbers} on {day_words(packet.on)}{place}?"


def to_ask(patient: Patient, packet: Packet, given: Sequence[str]) -> tuple[ToAsk, ...]:
    """What to ask or obtain, with the form where the answer is written down. `given`: what is a task already."""
    # What stands as the question to the payer is not said twice.
    rows = [row for row in packet.asks if row.what != "whether authorization is needed before this service"]
    return tuple(_to_ask(patient, packet, row, given) for row in rows)


def task_words(row: Ask) -> str:
    """The task that an ask becomes."""
    verb = {"fact": "Find out", "need": "Obtain", "renew": "Renew"}[row.kind]
    return dates_in_words(f"{verb}: {row.what}")


def _to_ask(patient: Patient, packet: Packet, row: Ask, given: Sequence[str]) -> ToAsk:
    more = [f"For {', '.join(row.serves)}."] if row.serves else []
    more += [f"Possible from {day_words(row.possible_from)}."] if row.possible_from is not None else []
    more += [f"Good to {day_words(row.by)}."] if row.by is not None else []
    verb = {"fact": "Find out", "need": "Obtain", "renew": "Renew"}[row.kind]
    return ToAsk(
        verb=f"{verb}, unless it was done" if row.unless_done else verb,
        what=dates_in_words(row.what),
        who=row.who,
        more=" ".join(more),
        grave=row.could_refuse,
        link=_link(patient, packet, row),
        task=task_words(row),
        given=task_words(row) in given,
    )


def _link(patient: Patient, packet: Packet, row: Ask) -> str:
    """The form of the record where the answer is written down; none where it is no entry of the record."""
    for missing in _missing(packet):
        titled = codes.title(missing.what) if missing.kind == "question" else missing.what
        if row.kind == "fact" and titled == row.what:
            return _form(patient, missing.kind, missing.what)
    for part in packet.parts:
        for line in part.lines:
            for need in line.answer.criterion.needs:
                if row.kind == "need" and codes.title(need.what) == row.what:
                    return _form(patient, need.kind, need.what)
    return ""


def _missing(packet: Packet) -> Iterator[Missing]:
    for part in packet.parts:
        yield from (*part.answer.needed_together, *part.answer.would_refuse)
        for line in part.lines:
            yield from line.answer.missing


def _form(patient: Patient, kind: str, what: str) -> str:
    section = _SECTIONS.get(kind, kind)
    if section not in TITLES or section == "identity":
        return ""
    address = reverse("add_entry", kwargs={"patient": patient.handle, "section": section})
    named = {"question": "kind", "document": "kind", "therapy": "therapy", "score": "instrument"}.get(kind)
    return f"{address}?{urlencode({named: what})}" if named else address


def step_words(step: Step) -> str:
    """What a step says beyond its status and day."""
    parts = [f"number {step.number}"] if step.number else []
    parts += [f"from {day_words(step.begins)}"] if step.begins else []
    parts += [f"to {day_words(step.expires)}"] if step.expires else []
    parts += [f"{step.units} units"] if step.units is not None else []
    parts += [f"“{step.reason}”"] if step.reason and step.by_id and step.status not in _LOOKS else []
    parts += [step.reason] if step.reason and step.status in _LOOKS else []
    parts += [f"clause {step.clause}"] if step.clause else []
    parts += [f"due {day_words(step.due)}"] if step.due else []
    return ", ".join(parts)


_LOOKS = frozenset({"complete", "missing", "expiring", "two_readings", "not_met"})


def first_open(rows: Sequence[tuple[str, Authorization | None]]) -> str:
    """Which request is shown where none was named: the first that somebody must do something about, else the first."""
    for key, found in rows:
        if found is not None and found.status in (Status.PREPARING, Status.DENIED):
            return key
    return rows[0][0] if rows else ""
