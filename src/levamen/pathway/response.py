"""The response to what was done: each test and each treatment of a record, how long relief held, and what comes next.

Missing follow-up is shown; it is never counted as success or failure. Nothing here changes a policy's verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from levamen.derive.periods import Done, Moment, done, moment_of
from levamen.derive.relief import treatment
from levamen.derive.trials import trial_result
from levamen.derive.views import TRIAL_THERAPIES, local_day, payer_on, situation, zone_of
from levamen.knowledge.durations import packaged_durations
from levamen.knowledge.registry import Knowledge
from levamen.knowledge.response_tables import Level, ResponseTables, ToldOf, packaged_blocks, packaged_response
from levamen.outcomes.answer import Answer, reaches
from levamen.outcomes.device_effect import DeviceEffect, device_effect
from levamen.outcomes.diagnostic_block import BlockResult, block_result, guarded
from levamen.outcomes.expected import ExpectedAnswer, expected, expected_end
from levamen.outcomes.failed import Failures, Role, failures, is_judged, role_of
from levamen.outcomes.measured import Measured, best, gains, last, own_rows
from levamen.outcomes.opioid_change import read_orders
from levamen.outcomes.place import kind_of, structure_of
from levamen.outcomes.rehabilitation import Rehabilitation, rehabilitation
from levamen.outcomes.relief_time import End, HeldRelief, ends, held
from levamen.outcomes.responder import Course, VisitResult, harms, harms_closed, low_baseline, visit_result
from levamen.outcomes.visits import due_visits
from levamen.pathway.assess import of_patient
from levamen.pathway.block_notes import unlikely
from levamen.pathway.follow_up import device_step, follow_up, rehabilitation_due, rehabilitation_step
from levamen.pathway.obligations import Obligation
from levamen.pathway.relief_rules import ReliefRule, as_request, relief_rules
from levamen.record import codes
from levamen.record.facts import Event, Procedure, Record
from levamen.record.timeline import Interval

HALF = Decimal(50)
"""The level at which relief is said to hold where nobody names another (design 3.3)."""


_BLOCKS = frozenset({"block", "injection"})
"""Kinds of test that are read from a diary against an anesthetic."""


class NotJudged(ValueError):
    """A procedure that has no response: not on record, not done, or of no therapy that is judged by relief."""


class ProcedureResponse(Struct, frozen=True, kw_only=True):
    """What one procedure did. `rows`: its gains in pain in per cent, in the order of time.

    `trial_change`: what the diary of a trial gives. `levels`: whether the deciding gain (of a test
    the best, of a treatment the last) reached each level.
    """

    procedure: Procedure
    sure: bool
    role: Role
    rows: tuple[Measured, ...]
    levels: tuple[Answer, ...]
    rules: tuple[ReliefRule, ...]
    block: BlockResult | None = None
    held: tuple[HeldRelief, ...] = ()
    watch: tuple[End, ...] = ()
    expected: tuple[ExpectedAnswer, ...] = ()
    visits: tuple[VisitResult, ...] = ()
    harms: tuple[Event, ...] = ()
    harms_asked: bool = False
    rehabilitation: Rehabilitation | None = None
    device: DeviceEffect | None = None
    low_baseline: Fraction | None = None
    trial_change: Interval | None = None
    obligations: tuple[Obligation, ...] = ()
    next_steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def deciding(self) -> Interval | None:
        """The gain that decides: of a test the best, of a treatment the last; of either the one they agree on."""
        if self.role == "test":
            return best(self.rows) if self.rows else self.trial_change
        if self.role == "treatment" or best(self.rows) == last(self.rows):
            return last(self.rows)
        return None


class Response(Struct, frozen=True, kw_only=True):
    """The response of a record as known at a moment. `checked`: when its tables were last held against sources."""

    record: Record
    moment: str
    as_of: date
    procedures: tuple[ProcedureResponse, ...]
    failures: Failures
    statements: tuple[ToldOf, ...]
    checked: date
    notes: tuple[str, ...] = ()


def response(
    record: Record,
    knowledge: Knowledge,
    as_of: date | datetime,
    *,
    only: str | None = None,
    also: Sequence[str] = (),
) -> Response:
    """The response to every test and treatment of pain that was done, or to the one named.

    `also` names policies to ask whatever the patient's payer. Raises NotJudged for a procedure without a response.
    """
    day = local_day(as_of, zone_of(record))
    moment = moment_of(record, as_of, day)
    tables = packaged_response()
    rows = [row for row in done(record, moment) if is_judged(row.procedure)]
    if only is not None:
        rows = [row for row in rows if row.procedure.id == only]
        if not rows:
            raise NotJudged(f"{only}: {_why_not(record, only)}")
    found = tuple(_one(record, row, knowledge, moment, tables, also) for row in rows)
    half = next(level for level in tables.levels if level.percent == HALF)
    counted = failures(record, moment, half.limit)
    return Response(
        record=record,
        moment=as_of.isoformat(),
        as_of=day,
        procedures=found,
        failures=counted,
        statements=tuple(_statements(tables, found)),
        checked=min(tables.checked, packaged_blocks().checked),
        notes=() if rows else ("No test and no treatment of pain is recorded as done.",),
    )


def _why_not(record: Record, id: str) -> str:
    fact = next((fact for fact in record.facts if isinstance(fact, Procedure) and fact.id == id), None)
    if fact is None:
        known = [fact.id for fact in record.facts if isinstance(fact, Procedure)]
        return f"the record has no such procedure; it has {', '.join(known) if known else 'none'}"
    if fact.status not in (None, "done", "aborted"):
        return f"its status is {fact.status}; only what was done has a response"
    if not is_judged(fact):
        return f"{codes.title(fact.therapy or '')} is no test or treatment whose relief is judged"
    return "it lies after what is known"


def _one(
    record: Record, row: Done, knowledge: Knowledge, moment: Moment, tables: ResponseTables, also: Sequence[str]
) -> ProcedureResponse:
    procedure, role = row.procedure, role_of(row.procedure)
    rows = own_rows(procedure, moment) if role == "test" else gains(record, procedure, moment)
    treated = treatment(procedure, moment.known, moment.on)
    seen = situation(record, as_request(procedure), moment.known, moment.on)
    policies = tuple(of_patient(knowledge, payer_on(record, moment.on, moment.known), also))
    block = None
    if role != "treatment" and kind_of(procedure) in _BLOCKS:
        block = block_result(
            record, procedure, moment, packaged_blocks(), tuple(level.limit for level in tables.levels)
        )
    concordances = [(at.level, at.concordance) for at in block.levels] if block is not None else []
    found = ProcedureResponse(
        procedure=procedure,
        sure=row.certain,
        role=role,
        rows=rows,
        levels=(),
        rules=relief_rules(policies, treated, seen, concordances, ends(record, procedure, moment)),
        block=block,
        trial_change=trial_result(treated, moment.as_of).pain_change if procedure.trial is not None else None,
    )
    levels = [_level(found, level) for level in tables.levels]
    if block is not None:
        levels = [
            guarded(answer, fits, packaged_blocks()) for answer, (_, fits) in zip(levels, concordances, strict=True)
        ]
    found = replace(found, levels=tuple(levels))
    if role == "test":
        trial = "a trial is judged under each policy by `levamen assess`"
        notes = (trial,) if procedure.therapy in TRIAL_THERAPIES else ()
        return replace(found, next_steps=tuple(_after_block(procedure, found.rules)), notes=notes)
    return _treated(record, found, moment, tables)


def _level(found: ProcedureResponse, level: Level) -> Answer:
    value = found.deciding
    return Answer(
        id=level.says.id,
        word=reaches(value, level.limit),
        reason=_why_open(found, value),
        value=value,
        read=tuple(dict.fromkeys(row.origin for row in found.rows)),
        cites=level.says.cites,
    )


def _why_open(found: ProcedureResponse, value: Interval | None) -> str:
    if found.role == "either" and value is None and found.rows:
        return "what it was for is not recorded: of a test the best relief counts, of a treatment the last"
    if found.block is not None:
        return found.block.reason
    if not found.rows:
        return "no relief was measured" if value is None else "from the diary of the trial"
    if value is None:
        return "the last row has no value"
    return "" if value.exact else "the last relief is a range, or two of one moment differ"


def _treated(record: Record, found: ProcedureResponse, moment: Moment, tables: ResponseTables) -> ProcedureResponse:
    """Everything that only a treatment has: time, visits, harms, rehabilitation, the device."""
    procedure = found.procedure
    watch = ends(record, procedure, moment)
    course = Course(
        record=record,
        procedure=procedure,
        moment=moment,
        tables=tables,
        rows=found.rows,
        watch=watch,
        orders=read_orders(record, moment),
    )
    relief = tuple(
        one for level in tables.levels if (one := held(procedure, found.rows, level.limit, watch)) is not None
    )
    half = next((one for one in relief if one.level == HALF), None)
    visits = tuple(visit_result(course, visit) for visit in due_visits(procedure.start, tables.visits, moment, watch))
    told = expected(packaged_durations(), procedure, half)
    care = rehabilitation(record, procedure, half, expected_end(procedure, told), moment, tables)
    device = device_effect(record, procedure, found.rows, moment, tables)
    exact = procedure.start is not None and procedure.start.exact
    return replace(
        found,
        held=relief,
        watch=watch,
        expected=told,
        visits=visits,
        harms=harms(course),
        harms_asked=harms_closed(course, moment.as_of),
        rehabilitation=care,
        device=device,
        low_baseline=low_baseline(course),
        obligations=(*rehabilitation_due(care, procedure, told), *follow_up(course, visits)),
        next_steps=(*rehabilitation_step(care, procedure), *device_step(device)),
        notes=() if exact else ("the day of the procedure is not recorded: no visit can be dated",),
    )


def _after_block(procedure: Procedure, rules: Sequence[ReliefRule]) -> Iterable[str]:
    """After a test that is negative under every policy that states a threshold: look elsewhere."""
    structure = structure_of(procedure.therapy)
    if structure is not None and rules and all(rule.status == "not_met" for rule in rules):
        yield unlikely(procedure, structure, packaged_blocks())


def _statements(tables: ResponseTables, found: Sequence[ProcedureResponse]) -> Iterable[ToldOf]:
    """What sources say of stopping, of the therapies that were used; and of change by itself."""
    used = {one.procedure.therapy for one in found}
    if not used:
        return
    for row in tables.statements:
        if row.says.topic in ("caution", "stop") and (not row.therapies or row.therapies & used):
            yield row
