"""Appending to the audit, and verifying it. The hash of an event covers its words and the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from msgspec import Struct

from audit.models import Event, Head
from clinic.clock import now

if TYPE_CHECKING:
    from people.models import Staff
    from records.models import Patient

START = "0" * 64
_PAGE = 5000


def append(who: Staff | None, *, verb: str, patient: Patient | None = None, about: str = "", **detail: Any) -> Event:
    """Writes one event at the end of the chain. Raises RuntimeError outside a transaction: an act and its event are
    written together or not at all. `who` is None for the clinic's own worker."""
    return append_all(who, [(patient, about)], verb=verb, **detail)[0]


def append_all(who: Staff | None, of: Iterable[tuple[Patient | None, str]], *, verb: str, **detail: Any) -> list[Event]:
    """Writes one event for each patient and thing, in their order: what a list showed of several, for one. As
    `append`, inside the transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit event is written in the transaction of what it tells of")
    head = Head.objects.select_for_update().get(pk=1)
    said = json.dumps(detail, sort_keys=True, ensure_ascii=False, default=str) if detail else ""
    events: list[Event] = []
    last = head.hash
    for number, (patient, about) in enumerate(of, start=head.number + 1):
        event = Event(
            number=number,
            at=now(),
            who=who,
            role=who.role if who is not None else "",
            verb=verb,
            patient=patient,
            about=about,
            detail=said,
            previous=last,
        )
        last = event.hash = digest(event)
        events.append(event)
    if events:
        _insert(events)
        Head.objects.filter(pk=1).update(number=events[-1].number, hash=last)
    return events


def _insert(events: list[Event]) -> None:
    """All of them with one statement, however many there are."""
    fields = [field for field in Event._meta.concrete_fields if field.column]
    quote = connection.ops.quote_name
    names, marks = ", ".join(quote(str(field.column)) for field in fields), ", ".join("%s" for _ in fields)
    rows = [[field.get_db_prep_save(getattr(event, field.attname), connection) for field in fields] for event in events]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(Event._meta.db_table)} ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own names


def digest(event: Event) -> str:
    """The hash of an event's words and of the hash before it, as 64 hexadecimal digits (SHA-256)."""
    said = [
        event.number,
        moment(event.at),
        event.who_id,
        event.role,
        event.verb,
        event.patient_id,
        event.about,
        event.detail,
        event.previous,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def moment(at: datetime) -> str:
    """A moment as it is hashed: UTC, to the second, on every database alike."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Verdict(Struct, frozen=True, kw_only=True):
    """What verifying found. `broken` names each place where the chain does not hold, in words."""

    events: int
    head: str
    broken: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.broken


def verify(limit: int = 20) -> Verdict:
    """Walks the whole chain. Finds an event that was changed, deleted, put in, reordered, or cut off at the end."""
    broken: list[str] = []
    count, last, expected = 0, START, 1
    for event in _all():
        count += 1
        if event.number != expected:
            broken.append(f"After event {expected - 1} comes event {event.number}: events are missing.")
        if event.previous != last:
            broken.append(f"Event {event.number} does not follow the one before it.")
        if digest(event) != event.hash:
            broken.append(f"Event {event.number} is not what was written.")
        last, expected = event.hash, event.number + 1
        if len(broken) >= limit:
            break
    head = Head.objects.get(pk=1)
    if not broken and (head.number, head.hash) != (expected - 1, last):
        broken.append(f"The chain ends at event {expected - 1}; event {head.number} was the last: the end is missing.")
    return Verdict(events=count, head=head.hash, broken=tuple(broken))


def _all() -> Iterator[Event]:
    return Event.objects.order_by("number").iterator(chunk_size=_PAGE)
