"""A patient's record assessed by the library, kept for as long as nothing that it was worked out from has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from administration.models import clinic
from clinic.clock import now
from clinic.kept import Kept
from levamen.adapters.balance import Reading
from levamen.derive.views import local_day, payer_on, zone_of
from levamen.knowledge.edition import edition
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.answers import Assessment, Question
from levamen.pathway.assess import assess, of_patient
from levamen.pathway.judge import ADULT_YEARS
from levamen.pathway.raise_questions import raised
from levamen.record import codes
from levamen.record.facts import Record, Request
from levamen.record.timeline import add_months
from records.banner import current
from records.facts import reading_of
from records.models import Patient


class Assessed(Struct, frozen=True, kw_only=True):
    """The answer about one patient at one moment. `past`: it is replayed, and nothing can be decided from it.

    `raised` are ids of questions that nobody asked: the record raises them.
    """

    reading: Reading
    assessment: Assessment
    at: datetime
    raised: frozenset[str]
    past: date | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.assessment.questions

    def question(self, id: str) -> Question | None:
        """One question; none where it is not asked any more."""
        return next((row for row in self.questions if row.id == id), None)


_KEPT: Kept[Assessed] = Kept(400)


def knowledge() -> Knowledge:
    """The knowledge this clinic works with."""
    return packaged()


def knowledge_hash() -> str:
    """Its hash, worked out once for one edition."""
    return _HASHES.get(edition().key, lambda: knowledge().hash)


_HASHES: Kept[str] = Kept(16)


def assessed(patient: Patient, past: date | None = None) -> Assessed:
    """Every question of a patient answered as of now, or as the record was known at the end of a past day."""
    at = now()
    leading = tuple(clinic().guidelines)
    spoken = past.isoformat() if past is not None else at.strftime("%Y-%m-%dT%H")
    key = (patient.handle, patient.head, patient.zone, spoken, knowledge_hash(), leading)
    return _KEPT.get(key, lambda: _worked_out(patient, at, past, leading))


def _worked_out(patient: Patient, at: datetime, past: date | None, leading: Sequence[str]) -> Assessed:
    if past is None:
        return judged(current(patient), at, leading)
    end = datetime.combine(past + timedelta(days=1), time(), tzinfo=clinic().zone) - timedelta(seconds=1)
    return replace(judged(reading_of(patient, end), end, leading), past=past)


def judged(reading: Reading, at: datetime, leading: Sequence[str], only: Request | None = None) -> Assessed:
    """A reading assessed: what is asked in the chart, and what the record raises beside it. `only`: this alone."""
    held = knowledge()
    record = reading.record
    local = at.astimezone(zone_of(record))
    own = [only] if only is not None else list(record.requests)
    more = [] if only is not None else unasked(record, local)
    subjects = (*own, *more)
    also = [id for id in leading if id in held.policies]
    assessment = assess(record, held, local, requests=subjects or None, also=also)
    return Assessed(reading=reading, assessment=assessment, at=at, raised=frozenset(request.id for request in more))


def unasked(record: Record, at: datetime) -> list[Request]:
    """What the record raises and nobody asked yet; each named by what it is, so that an address stays its own."""
    born = record.person.birth_date
    if born is not None and add_months(born.first, ADULT_YEARS * 12) > local_day(at, zone_of(record)):
        return []
    asked = {(row.therapy, row.region) for row in record.requests}
    return [replace(row, id=f"Q-{_named(row)}") for row in raised(record, at) if (row.therapy, row.region) not in asked]


def all_at(patient: Patient, model: Request) -> tuple[Question, ...]:
    """Every other therapy that a policy of this patient speaks of, asked at the target of one that is considered.

    Only those of which some policy says something here; what is not yet written down of them stays unknown.
    """
    leading = tuple(clinic().guidelines)
    at = now()
    spoken = at.strftime("%Y-%m-%dT%H")
    key = (patient.handle, patient.head, patient.zone, spoken, knowledge_hash(), leading, model.id)
    return _ALL.get(key, lambda: _all_at(current(patient).record, at, model, leading))


_ALL: Kept[tuple[Question, ...]] = Kept(100)


def _all_at(record: Record, at: datetime, model: Request, leading: Sequence[str]) -> tuple[Question, ...]:
    held, local = knowledge(), at.astimezone(zone_of(record))
    day = local_day(local, zone_of(record))
    known = {row.therapy for row in record.requests}
    spoken = {
        therapy
        for policy in of_patient(held, payer_on(record, day, local), [id for id in leading if id in held.policies])
        for rule in policy.rules(None, day)
        for therapy in rule.therapies
    }
    asked = [
        Request(id=f"A-{therapy}", **aimed(model, therapy))
        for therapy in sorted(spoken - known)
        if therapy in codes.ids("therapies")
    ]
    also = [id for id in leading if id in held.policies]
    found = assess(record, held, local, requests=asked, also=also).questions if asked else ()
    return tuple(row for row in found if any(answer.verdict not in ("silent", "informs") for answer in row.policies))


def aimed(model: Request, therapy: str) -> dict[str, Any]:
    """The fields of a request for another therapy at the same place, as far as it can be aimed there."""
    found: dict[str, Any] = {"therapy": therapy, "pain": model.pain}
    for name in codes.entry("therapies", therapy).get("takes", ()):
        value = getattr(model, name, None)
        if value:
            found[name] = value
    return found


def _named(request: Request) -> str:
    said = (request.therapy, request.region, request.side, sorted(request.joints), request.purpose)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:8]
