"""Steps of an authorization; each with its audit event, its tasks and its place in the chart in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from msgspec import Struct

from administration.models import clinic
from audit.chain import append
from authorizations import packets
from authorizations.models import LOOKS, Authorization, Sent, SentFile, Status, Step
from authorizations.packets import Made
from clinic.clock import now, today
from levamen.emit.words import capital
from levamen.pathway.headline import target_words
from people.models import Staff
from procedures.models import Booking
from records import actions as record
from records.facts import reading_of
from records.models import Entry, Patient
from team.actions import close, give
from team.models import Task

NEXT: dict[str, tuple[Status, ...]] = {
    "": (Status.PREPARING, Status.NOT_NEEDED),
    Status.PREPARING: (Status.SUBMITTED, Status.PREPARING, Status.NOT_NEEDED, Status.WITHDRAWN),
    Status.SUBMITTED: (Status.APPROVED, Status.DENIED, Status.WITHDRAWN),
    Status.DENIED: (Status.APPEALED, Status.PREPARING, Status.APPROVED, Status.WITHDRAWN),
    Status.APPEALED: (Status.APPROVED, Status.DENIED, Status.WITHDRAWN),
    Status.APPROVED: (Status.APPROVED, Status.DENIED, Status.WITHDRAWN),
    Status.WITHDRAWN: (Status.PREPARING, Status.NOT_NEEDED),
    Status.NOT_NEEDED: (Status.PREPARING,),
}
"""What can follow what."""
DAYS_BEFORE = 3
"""A packet is to be done so many days before the service: the clinic's own habit, no rule of a payer."""
_OPEN = ("booked", "started")


class Stale(Exception):
    """Somebody else wrote a step in between; nothing was written."""


class Said(Struct, frozen=True, kw_only=True):
    """What a step says. `seen`: how many steps there were when it was filled in; None: whatever there are."""

    status: Status
    on: date | None = None
    seen: int | None = None
    number: str = ""
    begins: date | None = None
    expires: date | None = None
    units: int | None = None
    reason: str = ""
    clause: str = ""
    due: date | None = None
    numbers: Sequence[str] | None = None


@transaction.atomic
def step(staff: Staff, patient: Patient, key: str, said: Said) -> Authorization:
    """Writes one step. Raises Stale, Entry.DoesNotExist where the chart asks nothing of that id, ValueError where the
    step cannot follow the last one, and UnusableInput where no packet can be made."""
    Entry.objects.select_for_update().get(patient=patient, section="request", key=key, struck=False)
    found = Authorization.objects.filter(patient=patient, request_key=key).first()
    if said.seen is not None and said.seen != (found.steps_count if found else 0):
        raise Stale
    before = found.status if found else ""
    if said.status not in NEXT[before]:
        raise ValueError(f"{said.status.label} cannot follow {before or 'nothing'}")
    found = found or Authorization.objects.create(patient=patient, request_key=key)
    found.patient = patient
    if said.numbers is not None:
        found.numbers = list(said.numbers)
    made = _made(found)
    kept = _keep(staff, found, made) if said.status == Status.SUBMITTED else None
    found.status, found.title = said.status, capital(target_words(made.packet.request))[:200]
    written = _append(found, staff, said, kept)
    _approval(staff, found, said, before)
    if said.status == Status.PREPARING:
        _look(staff, found, made)
    found.save()
    append(
        staff, verb="authorization.step", patient=patient, about=f"authorization for {key}", status=said.status,
        step=written.place,
    )  # fmt: skip
    _tasks(staff, found, said)
    return found


@transaction.atomic
def look(staff: Staff | None, found: Authorization) -> bool:
    """Looks at the packet of one that is being prepared, and writes it down where it stands otherwise than before."""
    found = Authorization.objects.select_for_update(of=("self",)).select_related("patient").get(pk=found.pk)
    changed = _look(staff, found, _made(found))
    found.save()
    if changed:
        append(
            staff, verb="authorization.looked", patient=found.patient,
            about=f"authorization for {found.request_key}", state=found.state,
        )  # fmt: skip
        _why(found)
    return changed


def _made(found: Authorization) -> Made:
    reading = reading_of(found.patient)
    request = packets.request_of(reading, found.request_key)
    if request is None:
        raise Entry.DoesNotExist("the request cannot be read any more")
    booking = _bookings(found).select_related("operator").first()
    return packets.made(
        found.patient, reading, request, found.numbers, booking.operator if booking is not None else None
    )


def _bookings(found: Authorization):  # type: ignore[no-untyped-def] # a query of bookings; Django writes its type
    return Booking.objects.filter(patient=found.patient, request_key=found.request_key, status__in=_OPEN)


def _look(staff: Staff | None, found: Authorization, made: Made) -> bool:
    packet = made.packet
    names = dict.fromkeys((*packet.crossed, *packet.missing, *packet.two_readings))
    state, lacks = Status(packet.state), "; ".join(names)[:600]
    found.looked_head, found.looked_day = found.patient.head, packet.as_of
    changed = (found.state, found.lacks) != (state, lacks)
    found.state, found.lacks = state, lacks
    if changed:
        _append(found, staff, Said(status=state, reason=lacks))
    return changed


def _append(found: Authorization, staff: Staff | None, said: Said, sent: Sent | None = None) -> Step:
    found.steps_count += 1
    return Step.objects.create(
        authorization=found, place=found.steps_count, status=said.status, at=now(), by=staff,
        on=said.on or today(clinic().zone), number=said.number, begins=said.begins, expires=said.expires,
        units=said.units, reason=said.reason, clause=said.clause, due=said.due, sent=sent,
    )  # fmt: skip


def _keep(staff: Staff, found: Authorization, made: Made) -> Sent:
    """The packet as it is sent, in every form, with what it was made from."""
    sent = Sent.objects.create(
        authorization=found, at=now(), by=staff, head=found.patient.head, knowledge=made.packet.knowledge,
        state=made.packet.state,
    )  # fmt: skip
    for form in packets.FORMS:
        content = packets.rendered(made, form)
        SentFile.objects.create(sent=sent, form=form, content=content, sha256=packets.digest(content))
    return sent


def _approval(staff: Staff, found: Authorization, said: Said, before: str) -> None:
    """What the payer said last stands in the chart, where the rules read it: an approval, or a denial until it is
    reversed. What no longer holds is struck through there.
    """
    patient, key = found.patient, found.request_key
    if found.document and said.status != Status.APPEALED:
        held = Entry.objects.filter(patient=patient, section="documents", key=found.document, struck=False).first()
        if held is not None:
            reason = f"authorization: {said.status.label.lower()}"
            record.strike(staff, patient, "documents", held.key, seen=held.version, reason=reason)
        found.document = ""
    on = said.on or today(clinic().zone)
    body = {"kind": "authorization", "date": on.isoformat(), "request": key}
    if said.status == Status.APPROVED:
        found.number, found.begins, found.expires = said.number, said.begins, said.expires
        found.ends = _end_of(said.expires) if said.expires else None
        body |= {"status": "approved", "text": approval_words(said)}
    elif said.status == Status.DENIED:
        body |= {"status": "denied", "text": denial_words(said)}
    if "status" in body:
        found.document = record.add(staff, patient, "documents", body).key
        patient.refresh_from_db(fields=["head"])
    if before == Status.APPROVED and said.status != Status.APPROVED:
        found.begins = found.expires = found.ends = None


def approval_words(said: Said) -> str:
    """What the chart's document says of an approval."""
    parts = [f"Number {said.number}" if said.number else "Number not recorded"]
    parts += [f"from {said.begins.isoformat()}"] if said.begins else []
    parts.append(f"to {said.expires.isoformat()}" if said.expires else "no end recorded")
    parts += [f"{said.units} units"] if said.units is not None else []
    return ", ".join(parts)


def denial_words(said: Said) -> str:
    """What the chart's document says of a denial."""
    parts = [f"Number {said.number}"] if said.number else []
    parts.append(said.reason or "Reason not recorded")
    parts += [said.clause] if said.clause else []
    return ", ".join(parts)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), clinic().zone)


# ---- who has to do something by when


def _origin(found: Authorization, what: str) -> str:
    return f"authorization {found.pk} {what} {found.steps_count}"


def _open_tasks(found: Authorization) -> list[Task]:
    rows = Task.objects.filter(origin__startswith=f"authorization {found.pk} ", done_at=None)
    return list(rows.filter(kind=Task.Kind.AUTHORIZATION))


def _tasks(staff: Staff, found: Authorization, said: Said) -> None:
    """What was to do is closed by what was done; what is to do next is given to whoever did it."""
    keeps = said.status == Status.PREPARING and _open_tasks(found)
    if keeps:
        _why(found)
        return
    for task in _open_tasks(found):
        close(staff, task, said.status.label)
    about = f"authorization {found.request_key}"
    if said.status == Status.PREPARING:
        give(
            staff, found.patient, Task.Kind.AUTHORIZATION, f"Packet: {found.title}", why=_lack_words(found),
            about=about, origin=_origin(found, "packet"), owner=staff, due=_due(found),
        )  # fmt: skip
    elif said.status == Status.DENIED:
        due = _end_of(said.due) if said.due else now() + timedelta(days=DAYS_BEFORE)
        give(
            staff, found.patient, Task.Kind.AUTHORIZATION, f"Denied, appeal or withdraw: {found.title}",
            why=said.reason, about=about, origin=_origin(found, "denied"), owner=staff, due=due,
        )  # fmt: skip
    elif said.status == Status.APPROVED:
        late = outlived(found)
        if late is not None:
            give(
                staff, found.patient, Task.Kind.AUTHORIZATION,
                f"The authorization ends before the booked day: {found.title}",
                why="Ask for a longer one, or find an earlier day.", about=about, origin=_origin(found, "ends"),
                owner=staff, due=found.ends,
            )  # fmt: skip


def outlived(found: Authorization) -> Booking | None:
    """The first booking that an approval does not cover any more."""
    if found.status != Status.APPROVED or found.ends is None:
        return None
    booking: Booking | None = _bookings(found).filter(start__gte=found.ends).order_by("start").first()
    return booking


def _due(found: Authorization) -> datetime:
    start = _bookings(found).order_by("start").values_list("start", flat=True).first()
    return max(now(), start - timedelta(days=DAYS_BEFORE)) if start else now() + timedelta(days=7)


def _why(found: Authorization) -> None:
    """The open task says what is lacking now."""
    numbers = [task.pk for task in _open_tasks(found)]
    if found.status == Status.PREPARING and numbers:
        Task.objects.filter(pk__in=numbers).update(why=_lack_words(found))


def _lack_words(found: Authorization) -> str:
    label = Status(found.state).label if found.state else ""
    return f"{label}: {found.lacks}"[:600] if found.lacks else label


def ask(staff: Staff, patient: Patient, key: str, what: str, who: str) -> Task:
    """Something to find out or to obtain, as a task of whoever clicks; the same thing asked twice is one task."""
    return give(
        staff, patient, Task.Kind.ASK, capital(what), why=f"For the authorization. From: {who}.",
        about=f"authorization {key}", origin=f"ask {patient.pk} {key} {packets.digest(what.encode())[:24]}",
        owner=staff, due=datetime.combine(today(clinic().zone) + timedelta(days=1), time(17), _zone()),
    )  # fmt: skip


def _zone() -> ZoneInfo:
    return clinic().zone


__all__ = ["LOOKS", "NEXT", "Said", "Stale", "approval_words", "ask", "look", "outlived", "step"]
