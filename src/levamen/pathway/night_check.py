"""The night check of one patient: every stop, then everything else in an order of harm, each with owner and time left.

It reads a plan and the answer on coverage, and decides nothing of its own: what stops there stops here, what is not
known there is told here. The order is data (`knowledge/checklists/night_order.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Cite
from levamen.derive.dosing import last_moment
from levamen.knowledge.night_order import NightOrder, RankId, packaged_night_order
from levamen.pathway.answers import Question
from levamen.pathway.night_findings import GRAVITY, STOPPING, Raw, of_coverage, of_plan
from levamen.pathway.periprocedural.answers import Decision, DrugAnswer, Plan, SafetyVerdict
from levamen.pathway.periprocedural.safety import own_verdict
from levamen.record import codes
from levamen.record.facts import Request
from levamen.record.timeline import When

Standing = Literal["stopped", "unknown", "caution", "clear"]

CARDS = 3
"""How many findings are told at once beside the stops."""

_STOP_DECISIONS = frozenset({"do_not_hold_without_prescriber", "defer", "hard_stop_change_plan"})
_EXPLAINS = frozenset({"thrombosis", "bleeding", "unknown"})
"""The ranks that can tell why safety is unknown."""
_FAR = datetime.max.replace(tzinfo=UTC)


class Stop(Struct, frozen=True, kw_only=True):
    """One thing that stops the procedure. `role` is who acts, `who` the owner named in the list.

    It waits `until` a day, for `waits_for` (words), or until `earliest`. `due` is the start, `left` the time to it.
    """

    verdict: SafetyVerdict
    what: str
    do: str
    role: str
    who: str | None = None
    until: date | None = None
    waits_for: str | None = None
    earliest: datetime | None = None
    due: datetime | None = None
    left: timedelta | None = None
    cites: tuple[Cite, ...] = ()


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to see to. `due` is by when, `left` how long that is from now as elapsed time (negative: overdue).

    No `left` where no moment is set, or where what is known is of a whole day and it is due on that day. `parts` are
    the single things where one finding holds several: the questions of the day.
    """

    rank: RankId
    what: str
    why: str
    role: str
    who: str | None = None
    due: datetime | None = None
    left: timedelta | None = None
    cites: tuple[Cite, ...] = ()
    parts: tuple[str, ...] = ()


class PatientNight(Struct, frozen=True, kw_only=True):
    """One procedure of the list. `reviewed` is the day on which the drug list was last gone through, where recorded."""

    patient: str
    request: Request
    on: date
    start: datetime | None
    zone: ZoneInfo
    as_of: date
    moment: str
    safety: SafetyVerdict
    decision: Decision
    until: date | None
    final: bool
    number: int
    fingerprint: str
    stops: tuple[Stop, ...]
    cards: tuple[Finding, ...]
    rest: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    owner: str | None = None
    reviewed: date | None = None

    @property
    def standing(self) -> Standing:
        """What the patient counts as: stopped or deferred, else unknown (which stops on the day), caution or clear."""
        if self.stops or self.safety == "defer" or self.safety == "contraindicated":
            return "stopped"
        return self.safety


def night(
    plan: Plan,
    question: Question | None,
    as_of: date | datetime,
    *,
    owner: str | None = None,
    reviewed: date | None = None,
    order: NightOrder | None = None,
) -> PatientNight:
    """What matters of one procedure. `question` is the answer on coverage, absent where it was not asked.

    Time left counts from `as_of`; a date stands for its whole day, so it counts from the end of that day.
    """
    clock = _Clock(plan, as_of)
    stops = tuple(_stops(plan, clock, owner))
    held = order or packaged_night_order()
    raw = [*of_plan(plan, clock.now)]
    if not stops and plan.safety == "unknown" and not any(item.rank in _EXPLAINS for item in raw):
        raw += [Raw(rank="unknown", what=reason, due=plan.start) for reason in plan.reasons]
    if question is not None:
        raw += of_coverage(question, plan)
    raw.sort(key=lambda item: (held.place(item.rank), item.due or _FAR, item.gravity))
    found = tuple(_finding(item, clock, owner) for item in raw)
    return PatientNight(
        patient=plan.patient,
        request=plan.request,
        on=plan.on,
        start=plan.start,
        zone=plan.zone,
        as_of=plan.as_of,
        moment=plan.moment,
        safety=plan.safety,
        decision=plan.decision,
        until=plan.until,
        final=plan.final,
        number=plan.number,
        fingerprint=plan.fingerprint,
        stops=stops,
        cards=found[:CARDS],
        rest=found[CARDS:],
        notes=plan.notes,
        owner=owner,
        reviewed=reviewed,
    )


def in_order(nights: Iterable[PatientNight]) -> tuple[PatientNight, ...]:
    """Those with stops first, then the unknown, then the rest; each by start, without a time last of their day.

    Else as they stand in the list.
    """
    return tuple(sorted(nights, key=lambda found: (_place(found.standing), found.on, found.start or _FAR)))


def _place(standing: Standing) -> int:
    return {"stopped": 0, "unknown": 1}.get(standing, 2)


class _Clock:
    """How long it is from what is known to a moment."""

    def __init__(self, plan: Plan, as_of: date | datetime) -> None:
        self.day = None if isinstance(as_of, datetime) else as_of
        self.zone = plan.zone
        self.now = as_of if isinstance(as_of, datetime) else last_moment(When.on(as_of), plan.zone)

    def left(self, due: datetime | None) -> timedelta | None:
        if due is None or (self.day is not None and due.astimezone(self.zone).date() == self.day):
            return None
        return due - self.now


def _finding(item: Raw, clock: _Clock, owner: str | None) -> Finding:
    return Finding(
        rank=item.rank,
        what=item.what,
        why=item.why,
        role=item.role,
        who=owner,
        due=item.due,
        left=clock.left(item.due),
        cites=item.cites,
        parts=item.parts,
    )


def _stops(plan: Plan, clock: _Clock, owner: str | None) -> Iterator[Stop]:
    """Every flag, guard, drug and finding that defers or contraindicates; contraindications first."""
    rows = [*_flag_stops(plan), *_guard_stops(plan), *_drug_stops(plan), *_finding_stops(plan)]
    if not rows and (plan.safety in STOPPING or plan.decision in _STOP_DECISIONS):
        verdict: SafetyVerdict = "contraindicated" if plan.safety == "contraindicated" else "defer"
        rows = [_stop(verdict, why, "settle it before the procedure", "pain-physician") for why in plan.reasons]
    for row in sorted(rows, key=lambda row: GRAVITY[row.verdict]):
        yield replace(row, who=owner, due=plan.start, left=clock.left(plan.start))


def _stop(verdict: SafetyVerdict, what: str, do: str, role: str, cites: tuple[Cite, ...] = ()) -> Stop:
    return Stop(verdict=verdict, what=what, do=do, role=role, cites=cites)


def _flag_stops(plan: Plan) -> Iterator[Stop]:
    for flag in plan.flags:
        if flag.verdict == "defer":
            yield Stop(
                verdict="defer", what=flag.says, do=flag.do, role=flag.who, waits_for=flag.until, cites=flag.cites
            )  # fmt: skip


def _guard_stops(plan: Plan) -> Iterator[Stop]:
    for answer in plan.guards:
        if answer.fires and answer.verdict in STOPPING:
            guard = answer.guard
            yield Stop(
                verdict=answer.verdict,
                what=f"{guard.title}{f' (found {answer.found})' if answer.found else ''}",
                do=guard.do,
                role=guard.who,
                until=answer.until,
                waits_for=guard.until,
                cites=guard.cites,
            )


def _drug_stops(plan: Plan) -> Iterator[Stop]:
    for drug in plan.active.drugs:
        verdict = own_verdict(drug)
        if verdict in STOPPING:
            prescriber = drug.decision == "do_not_hold_without_prescriber"
            name = codes.title(drug.drug)
            yield Stop(
                verdict=verdict,
                what=f"{name}: {drug.why}",
                do=f"ask the prescriber of {name} before anything is held" if prescriber else _new_time(name, drug),
                role="prescriber" if prescriber else "pain-physician",
                earliest=drug.earliest_procedure,
                cites=drug.cites,
            )


def _new_time(name: str, drug: DrugAnswer) -> str:
    if drug.earliest_procedure is not None:
        return f"move the procedure, or decide otherwise with the prescriber of {name}"
    return f"nobody stops {name} for a procedure that does not take place as planned"


def _finding_stops(plan: Plan) -> Iterator[Stop]:
    for found in plan.findings:
        if found.status == "refused":
            # Guidance is cited and changes the plan; the operator's standing is the clinic's own and defers.
            operator = not found.cites
            do = "name an operator who may do it" if operator else "change the plan, or the guidance of the request"
            yield _stop("defer" if operator else "contraindicated", found.says, do, "pain-physician", found.cites)
