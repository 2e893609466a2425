"""Deciding and signing: each one transaction with its audit event, and with everything it was decided from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from msgspec import Struct

from administration.models import clinic
from audit.chain import append
from clinic.clock import now
from levamen import __version__
from levamen.adapters.chart_entries import Entry as Held
from levamen.adapters.chart_entries import decode_body, facts_from_entries
from levamen.adapters.chart_sections import TABLES
from levamen.emit.words import capital
from levamen.pathway.answers import Question
from levamen.pathway.headline import target_words
from options.assessed import judged, knowledge
from options.board import STOPS, asks_of
from options.models import Decision, Interruption
from people.models import Staff
from people.roles import Role
from records import actions as records
from records.facts import reading_of
from records.models import Entry, Patient, Version
from records.words import body_words
from team.actions import close, give
from team.models import Task

_PLACE = (
    "therapy", "region", "side", "joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "joint",
    "muscles", "site", "approach", "technique",
)  # fmt: skip
_SIGNED = tuple(name for name in _PLACE if name not in ("approach", "technique"))
"""What a consent in the chart names of the place: therapy, side, levels."""
GOES_AHEAD = (Decision.Word.ACCEPT, Decision.Word.OVERRIDE)


class Stopped(Exception):
    """Safety stops what was accepted: `basis` says why. Nothing was written."""

    def __init__(self, basis: Basis) -> None:
        super().__init__(f"safety says {basis.safety}")
        self.basis = basis


class Changed(Exception):
    """What the decision rests on is not what was shown any more. Nothing was written."""


class NotAllowed(Exception):
    """A signature that may not be given, with the reason in one sentence."""


class Basis(Struct, frozen=True, kw_only=True):
    """What a decision is made from: `hash` changes with any verdict, any reason of safety and the target."""

    kept: dict[str, Any]
    read: dict[str, int]
    safety: str
    rule: str
    reasons: tuple[str, ...]
    hash: str
    facts: str

    @property
    def stops(self) -> bool:
        return self.safety in STOPS


class Said(Struct, frozen=True, kw_only=True):
    """What was said in the room."""

    word: str
    once: str
    options: tuple[str, ...] = ()
    values: str = ""
    shown: str = ""
    present: str = ""
    interpreter: str = ""
    teach_back: bool = False
    reason: str = ""
    code: str = ""
    followed: str = ""
    document: str = ""
    signed: bool = False


def basis_of(patient: Patient, question: Question, read: dict[str, int]) -> Basis:
    """What a question says now, in the form in which it is kept."""
    held = knowledge().policies
    policies = [
        {
            "policy": row.policy, "title": row.title, "document": row.document, "version": row.version,
            "contractor": row.contractor, "rule": row.hash, "values": held[row.policy].values_hash,
            "verdict": row.verdict, "governing": row.governing, "mark": row.mark,
            "facts": sorted({id for criterion in row.criteria for id in criterion.outcome.all_read()}),
        }
        for row in question.policies
    ]  # fmt: skip
    reasons = tuple(question.plan.reasons)
    safety = {
        "verdict": question.plan.safety, "reasons": list(reasons), "missing": asks_of(question),
        "guards": [row.guard.id for row in question.plan.guards if row.fires],
    }  # fmt: skip
    place = place_of(question)
    kept = {"headline": question.headline, "policies": policies, "safety": safety, "on": question.on.isoformat()}
    fired = [row.guard.title for row in question.plan.guards if row.fires and row.verdict in STOPS]
    fired += [stop.title for stop in question.plan.flags if hasattr(stop, "title")]
    unanswered = asks_of(question)
    rule = fired[0] if fired else f"Unanswered safety question: {unanswered[0]}" if unanswered else "Safety stops it"
    return Basis(
        kept=kept, read=read, safety=question.plan.safety, rule=rule[:120], reasons=reasons,
        hash=_digest([policies, safety, place]), facts=_digest([safety, place]),
    )  # fmt: skip


def place_of(question: Question) -> dict[str, Any]:
    """Therapy, levels and side of a question, for comparing what was signed with what is planned."""
    found = {}
    for name in _PLACE:
        value = getattr(question.request, name, None)
        if value:
            found[name] = sorted(value) if isinstance(value, frozenset) else value
    return found


def versions_read(patient: Patient) -> dict[str, int]:
    """The version of every entry that the record stands on."""
    rows = Entry.objects.filter(patient=patient, struck=False, section__in=TABLES)
    return {f"{section} {key}": version for section, key, version in rows.values_list("section", "key", "version")}


@transaction.atomic
def decide(staff: Staff, patient: Patient, request_key: str, said: Said, seen: str = "") -> Decision:
    """A decision with everything it rests on. The same form sent twice decides once.

    `seen` is the hash of the basis that was on the screen; raises Changed if it is another now, Stopped where safety
    stops what was merely accepted, Entry.DoesNotExist where the request is not considered.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    before = Decision.objects.filter(once=said.once).first()
    if before is not None:
        return before
    entry = Entry.objects.get(patient=patient, section="request", key=request_key, struck=False)
    at = now()
    found = judged(reading_of(patient), at, clinic().guidelines)
    question = found.question(request_key)
    if question is None:
        raise Changed
    basis = basis_of(patient, question, versions_read(patient))
    if seen and seen != basis.hash:
        raise Changed
    if basis.stops and said.word == Decision.Word.ACCEPT:
        raise Stopped(basis)
    made = _written(staff, patient, entry, said, capital(target_words(question.request)), place_of(question), basis)
    if made.signed_at is not None:
        _consent(staff, made)
    Interruption.objects.filter(
        patient=patient, about=request_key, facts=basis.facts, outcome=Interruption.Outcome.OPEN
    ).update(
        outcome=Interruption.Outcome.OVERRIDDEN if said.word == Decision.Word.OVERRIDE else Interruption.Outcome.ACTED,
        why=said.reason[:600],
    )
    return made


@transaction.atomic
def bring(staff: Staff, patient: Patient, request_key: str, said: Said) -> Decision:
    """A decision that was taken before this clinic kept what it rested on: the words alone, and says so."""
    entry = Entry.objects.get(patient=patient, section="request", key=request_key, struck=False)
    place = {name: value for name, value in entry.fields.items() if name in _PLACE}
    return _written(staff, patient, entry, said, body_words("request", place), place, None)


def _written(
    staff: Staff, patient: Patient, entry: Entry, said: Said, target: str, place: dict[str, Any], basis: Basis | None
) -> Decision:
    at = now()
    earlier = Decision.objects.filter(patient=patient, request_key=entry.key).standing().first()
    second = said.word == Decision.Word.OVERRIDE and clinic().second_signature and (basis is None or basis.stops)
    made = Decision.objects.create(
        patient=patient, request_key=entry.key, once=said.once, at=at, by=staff, word=said.word, therapy=entry.therapy,
        target=target[:300], place=place, options=list(said.options), values_said=said.values, shown=said.shown,
        present=said.present, interpreter=said.interpreter, teach_back=said.teach_back, reason=said.reason,
        code=said.code, followed=said.followed, document=said.document, signed_at=at if said.signed else None,
        second_needed=second, supersedes=earlier, kept=basis.kept if basis is not None else {},
        read=basis.read if basis is not None else {}, knowledge=knowledge().hash if basis is not None else "",
        engine=__version__ if basis is not None else "",
    )  # fmt: skip
    append(
        staff, verb="decision.made", patient=patient, about=f"request {entry.key}", decision=made.pk, word=made.word,
        safety=basis.safety if basis is not None else "", code=made.code, signed=said.signed,
    )  # fmt: skip
    if earlier is not None:
        _settle(staff, earlier, "a later decision takes its place")
    _route(staff, made)
    return made


def _route(staff: Staff, decision: Decision) -> None:
    """What still waits for a signature goes to a person's list: the own one to who decided, the second to whoever of
    the physicians takes it."""
    if decision.signed_at is None:
        give(
            staff, decision.patient, Task.Kind.SIGN, f"Sign the decision: {decision.words.lower()}, {decision.target}",
            about=f"decision {decision.pk}", origin=f"sign decision {decision.pk}", owner=decision.by,
        )  # fmt: skip
    elif decision.second_needed and decision.second_at is None:
        give(
            staff, decision.patient, Task.Kind.SIGN, f"Second signature: {decision.words.lower()}, {decision.target}",
            why=f"{decision.by}: {decision.reason}", about=f"decision {decision.pk}",
            origin=f"second decision {decision.pk}", role=Role.PHYSICIAN,
        )  # fmt: skip


def _settle(staff: Staff, decision: Decision, outcome: str) -> None:
    """Takes a decision off the lists of the unsigned."""
    for task in Task.objects.filter(
        origin__in=(f"sign decision {decision.pk}", f"second decision {decision.pk}"), done_at=None
    ):
        close(staff, task, outcome)


@transaction.atomic
def sign(staff: Staff, decision: Decision) -> Decision:
    """The signature of who decided. Raises NotAllowed where it may not be given."""
    held = Decision.objects.select_for_update().select_related("patient", "by").get(pk=decision.pk)
    if held.signed_at is not None:
        return held
    _stands(held)
    if held.by_id != staff.pk:
        raise NotAllowed(f"{held.by} decided this with the patient and signs it.")
    changed = drift(held)
    if changed:
        raise NotAllowed(changed)
    held.signed_at = now()
    held.save(update_fields=["signed_at"])
    append(staff, verb="decision.signed", patient=held.patient, about=f"decision {held.pk}")
    _consent(staff, held)
    _settle(staff, held, "signed")
    _route(staff, held)
    return held


@transaction.atomic
def sign_second(staff: Staff, decision: Decision) -> Decision:
    """The second signature under an override, by somebody else. Raises NotAllowed."""
    held = Decision.objects.select_for_update().select_related("patient", "by").get(pk=decision.pk)
    if not held.second_needed or held.second_at is not None:
        return held
    _stands(held)
    if held.by_id == staff.pk:
        raise NotAllowed("The second signature is somebody else’s: you decided this yourself.")
    if held.signed_at is None:
        raise NotAllowed(f"{held.by} signs first.")
    changed = drift(held)
    if changed:
        raise NotAllowed(changed)
    held.second_at, held.second_by = now(), staff
    held.save(update_fields=["second_at", "second_by"])
    append(staff, verb="decision.second-signed", patient=held.patient, about=f"decision {held.pk}")
    _settle(staff, held, "signed")
    return held


def _stands(decision: Decision) -> None:
    if Decision.objects.filter(supersedes=decision).exists():
        raise NotAllowed("A later decision replaces this one. Sign that one.")


def drift(decision: Decision, entries: Iterable[Entry] | None = None) -> str:
    """What the plan says now where it is not what was decided; nothing where it is the same.

    `entries`: of the patient as they stand, where somebody has them.
    """
    if entries is None:
        entries = Entry.objects.filter(
            patient_id=decision.patient_id, section="request", key=decision.request_key, struck=False
        )
    sought = ("request", decision.request_key, False)
    entry = next((row for row in entries if (row.section, row.key, row.struck) == sought), None)
    if entry is None:
        return f"Decided for {decision.target}; it is not considered any more."
    stands = {name: value for name, value in entry.fields.items() if name in _PLACE and value}
    if _sorted(stands) == _sorted(decision.place):
        return ""
    return f"Signed for {decision.target}; the plan now says {body_words('request', stands)}. Sign again."


def _sorted(place: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, list) else value for name, value in place.items() if value}


def _consent(staff: Staff, decision: Decision) -> None:
    """The consent as a document of the chart, where it goes ahead: checklists and criteria read it there."""
    if decision.word not in GOES_AHEAD or decision.document_key:
        return
    text = f"{decision.document or 'Consent'}: {decision.target}"
    made = records.add(
        staff, decision.patient, "documents",
        {"kind": "consent", "date": decision.at.isoformat(), "request": decision.request_key, "text": text}
        | {name: value for name, value in decision.place.items() if name in _SIGNED},
    )  # fmt: skip
    decision.document_key = made.key
    decision.save(update_fields=["document_key"])


class Replay(Struct, frozen=True, kw_only=True):
    """The same inputs judged again. `rows`: policy, then, now. Not `kept`: it was taken before anything was kept."""

    kept: bool
    rows: tuple[tuple[str, str, str], ...] = ()
    safety: tuple[str, str] = ("", "")
    knowledge: tuple[str, str] = ("", "")
    engine: tuple[str, str] = ("", "")
    lost: int = 0

    @property
    def same(self) -> bool:
        """Whether the same inputs still give the same verdicts."""
        return self.kept and not self.lost and self.safety[0] == self.safety[1] and all(a == b for _, a, b in self.rows)


def replay(decision: Decision, versions: Iterable[Version] | None = None) -> Replay:
    """Judges again, with the knowledge of today, exactly the versions that the decision was made from."""
    if not decision.kept:
        return Replay(kept=False)
    held = [
        Held(row.entry.section, row.entry.key, decode_body(row.body))
        for row in (versions_of(decision) if versions is None else versions)
        if decision.read.get(f"{row.entry.section} {row.entry.key}") == row.number
    ]
    head = Held("chart", "chart", {"id": f"patient-{decision.patient_id}", "zone": decision.patient.zone})
    reading = facts_from_entries([head, *sorted(held, key=lambda row: list(TABLES).index(row.section))])
    question = judged(reading, decision.at, clinic().guidelines).question(decision.request_key)
    then = {row["title"]: row["verdict"] for row in decision.kept["policies"]}
    again = {row.title: row.verdict for row in question.policies} if question is not None else {}
    return Replay(
        kept=True,
        rows=tuple(
            (name, then.get(name, "silent"), again.get(name, "silent")) for name in dict.fromkeys((*then, *again))
        ),
        safety=(decision.kept["safety"]["verdict"], question.plan.safety if question is not None else "unknown"),
        knowledge=(decision.knowledge, knowledge().hash),
        engine=(decision.engine, __version__),
        lost=len(decision.read) - len(held),
    )


def versions_of(decision: Decision) -> list[Version]:
    """Every version of every entry of the patient, each with its entry as it stands."""
    found = Version.objects.filter(entry__patient_id=decision.patient_id)
    return list(found.select_related("entry").order_by("entry_id", "number"))


@transaction.atomic
def interrupt(staff: Staff, patient: Patient, request_key: str, basis: Basis) -> Interruption | None:
    """Writes down that the clinic stepped into somebody's way; None where it did so before on the same facts."""
    made, new = Interruption.objects.get_or_create(
        rule=basis.rule, patient=patient, about=request_key, facts=basis.facts, defaults={"at": now(), "who": staff}
    )
    if not new:
        return None
    append(staff, verb="interruption.fired", patient=patient, about=basis.rule, request=request_key)
    return made


@transaction.atomic
def changed_course(staff: Staff, patient: Patient, request_key: str, facts: str) -> None:
    """Somebody went back when they were stopped."""
    Interruption.objects.filter(
        patient=patient, about=request_key, facts=facts, who=staff, outcome=Interruption.Outcome.OPEN
    ).update(outcome=Interruption.Outcome.ACTED)


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
