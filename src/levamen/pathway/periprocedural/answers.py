"""What a periprocedural plan says (docs/adr/0007): the shapes behind its JSON, its page, its letter and its sheet.

Every datetime is an instant in UTC; `zone` of the plan renders it. What is absent is not said: an absent datetime is
never "at once" and never "not needed".
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.criteria.nodes import Cite, Mark, weakest
from levamen.criteria.outcome import Missing
from levamen.derive.renal import Clearance as Clearance
from levamen.knowledge.checklist_rows import DischargeItem, Monitoring
from levamen.knowledge.guards import Due, Guard
from levamen.pathway.checklists import Item, Known
from levamen.pathway.flag_stops import FlagStop
from levamen.pathway.obligations import Obligation
from levamen.pathway.privileges import Finding
from levamen.record.facts import Request

Decision = Literal[
    "proceed_no_hold",
    "hold_with_plan",
    "shared_decision_required",
    "lab_required_no_datetime",
    "do_not_hold_without_prescriber",
    "defer",
    "hard_stop_change_plan",
]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
"""From the mildest to the worst."""

SafetyVerdict = Literal["clear", "caution", "unknown", "defer", "contraindicated"]
SAFETY_VERDICTS: tuple[SafetyVerdict, ...] = get_args(SafetyVerdict)
"""From the mildest to the worst (design 3.1)."""


def worst_decision(decisions: tuple[Decision, ...]) -> Decision:
    """The worst of some decisions; nothing to hold if there is none."""
    return max(decisions, key=DECISIONS.index, default="proceed_no_hold")


def worst_verdict(verdicts: tuple[SafetyVerdict, ...]) -> SafetyVerdict:
    """The worst of some safety verdicts; clear if there is none."""
    return max(verdicts, key=SAFETY_VERDICTS.index, default="clear")


class BleedingClass(Struct, frozen=True, kw_only=True):
    """The class of the procedure under one profile. `base` is the table's, `word` after escalation.

    `procedures` are the table's rows that the request belongs to; `reasons` say why it was escalated, in words.
    `escalated_by` cites that rule: it only restricts, so it weakens no mark. Without `word` the profile gives no class.
    Not `certain`: a missing field of the request could change it.
    """

    profile: str
    base: str | None = None
    word: str | None = None
    procedures: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    mapped: bool = False
    certain: bool = True
    cites: tuple[Cite, ...] = ()
    escalated_by: tuple[Cite, ...] = ()
    missing: tuple[Missing, ...] = ()


class GuardAnswer(Struct, frozen=True, kw_only=True):
    """One guard as answered. `verdict` is what it adds to safety; `until` the first day on which it no longer fires.

    `fires`: the hazard is there (or, ambiguous, may be under some reading of the source). `ask_on_the_day`: it is due
    on the day and the day has not come; then it is an obligation, not a verdict.
    """

    guard: Guard
    status: str
    verdict: SafetyVerdict
    decision: Decision
    fires: bool
    ask_on_the_day: bool = False
    until: date | None = None
    missing: tuple[Missing, ...] = ()
    read: tuple[str, ...] = ()
    found: str = ""

    @property
    def due(self) -> Due:
        return self.guard.due

    @property
    def mark(self) -> Mark:
        return weakest(tuple(cite.mark for cite in self.guard.cites))


class LabDue(Struct, frozen=True, kw_only=True):
    """A laboratory test the plan asks for. `limit` is what the result must be, in words; `by` when it is due.

    `status`: due, met or not_met by a result that is fresh enough (`result`, `fact`). `recency`: where no source says
    how recent it must be, that, and the latest there is. Then a result meets nothing; one of the day itself that keeps
    the limit is given as `result` beside *due*, for a clinician to judge.
    """

    tests: tuple[str, ...]
    limit: str | None
    by: datetime | None
    why: str
    status: Literal["due", "met", "not_met"] = "due"
    result: str | None = None
    fact: str | None = None
    recency: str = ""
    cites: tuple[Cite, ...] = ()


class DrugAnswer(Struct, frozen=True, kw_only=True):
    """One drug under one profile. Only a hold has times; the others say whom to ask or what to measure.

    `hold` and `restart` are the rules in words ("3 days", "12 to 24 hours"). `effects` are guards that changed the
    decision, by id. `agreed` is the id of the prescriber's agreement. `unverified` tells that a value that decides is
    awaiting confirmation. `dose_taken` says what to do if a dose is taken after `stop_at`.
    `silent`: the profile has no rule for this drug. `already_held`: the last dose was taken in time, or it was stopped.
    `cites` decide whether and how long it is held, `restart_cites` when it is taken again; `also` says the same or
    differs.
    """

    profile: str
    medication: str
    drug: str
    decision: Decision
    why: str
    hold: str | None = None
    restart: str | None = None
    stop_at: datetime | None = None
    stop_latest: datetime | None = None
    last_dose: datetime | None = None
    restart_from: datetime | None = None
    restart_earliest: datetime | None = None
    first_dose: datetime | None = None
    earliest_procedure: datetime | None = None
    labs: tuple[LabDue, ...] = ()
    prescribed: bool = False
    notify_prescriber: bool = False
    needs_agreement: bool = False
    agreed: str | None = None
    prescriber: str | None = None
    counted_from_start: bool = False
    effects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dose_taken: str | None = None
    silent: bool = False
    already_held: bool = False
    missing: tuple[Missing, ...] = ()
    cites: tuple[Cite, ...] = ()
    also: tuple[Cite, ...] = ()
    restart_cites: tuple[Cite, ...] = ()
    final: bool = False

    @property
    def mark(self) -> Mark:
        return weakest(tuple(cite.mark for cite in self.cites))

    @property
    def unverified(self) -> bool:
        return self.mark == "unverified"


class ProfileAnswer(Struct, frozen=True, kw_only=True):
    """The whole plan under one profile: its class, and every drug. Not `speaks`: it says nothing of the procedure.

    `labs` are what it asks of the class whatever drug is taken.
    """

    profile: str
    title: str
    bleeding_class: BleedingClass
    drugs: tuple[DrugAnswer, ...]
    decision: Decision
    labs: tuple[LabDue, ...] = ()
    speaks: bool = True


class Task(Struct, frozen=True, kw_only=True):
    """Something to be done by somebody at or before an instant. `kind` groups them."""

    id: str
    kind: Literal["stop", "restart", "lab", "agree", "ask", "tell", "watch", "recall", "book"]
    what: str
    who: str
    at: datetime | None = None
    why: str = ""
    drug: str | None = None
    cites: tuple[Cite, ...] = ()


class Afterwards(Struct, frozen=True, kw_only=True):
    """What follows the needle. `observe` is the longest observation that surely applies, `known` what was looked at."""

    known: Known
    observe: Item[Monitoring] | None
    watch: tuple[Item[Monitoring], ...]
    discharge: tuple[Item[DischargeItem], ...]


class Plan(Struct, frozen=True, kw_only=True):
    """The plan of one procedure as known at `moment`.

    `active` is the answer that governs, `others` every other profile that was computed, dissent never hidden.
    `findings` are of operator and guidance, `flags` warning signs that stop it. `decision` and `safety` are the worst
    over guards, flags, findings and drugs. `done`: the procedure has been done, restart and watch are left. `number`
    counts the plans issued for this request; `supersedes` is the number it replaces, `changes` what differs.
    """

    patient: str
    request: Request
    start: datetime | None
    end: datetime | None
    zone: ZoneInfo
    on: date
    as_of: date
    moment: str
    active: ProfileAnswer
    others: tuple[ProfileAnswer, ...]
    guards: tuple[GuardAnswer, ...]
    findings: tuple[Finding, ...]
    clearance: Clearance | None
    decision: Decision
    safety: SafetyVerdict
    reasons: tuple[str, ...]
    until: date | None
    tasks: tuple[Task, ...]
    obligations: tuple[Obligation, ...]
    notes: tuple[str, ...]
    missing: tuple[Missing, ...]
    unresolved: tuple[str, ...]
    fingerprint: str
    done: bool = False
    flags: tuple[FlagStop, ...] = ()
    after: Afterwards | None = None
    number: int = 1
    supersedes: int | None = None
    changes: tuple[str, ...] = ()
    final: bool = False
    knowledge: str = ""
    knowledge_date: date | None = None


def not_before(plan: Plan) -> datetime | None:
    """The earliest procedure that every drug allows, where one of them moves it."""
    return max(
        (drug.earliest_procedure for drug in plan.active.drugs if drug.earliest_procedure is not None), default=None
    )
