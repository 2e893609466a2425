"""A diagnostic block read from its rows: best relief, hours at each level, fit to the anesthetic, what to mind.

Decided by category, described by area. The time an anesthetic acts is known from no source: it warns, or leaves the
test open; it never makes one positive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.criteria.nodes import Limit
from levamen.derive.amounts import drugs_of
from levamen.derive.opioid_orders import in_force, reviewed
from levamen.derive.periods import Moment, shown
from levamen.derive.relief import Contradiction, contradictions, relief_rows
from levamen.derive.views import seen, zone_of
from levamen.knowledge.response_tables import BlockTables
from levamen.outcomes.answer import Answer, Finding
from levamen.outcomes.diary import Gap, Point, area, bounds, gaps, hours_at, points, reached
from levamen.outcomes.measured import Measured, best, index_pains, own_rows
from levamen.record import codes
from levamen.record.facts import Medication, Pain, Procedure, Record
from levamen.record.timeline import Interval

Fits = Literal["fits", "shorter", "longer", "not concordant", "cannot tell"]


class Concordance(Struct, frozen=True, kw_only=True):
    """Whether relief at a level fits the time the anesthetic acts. `reason`: what was found, or what is not known."""

    fits: Fits
    reason: str


class AtLevel(Struct, frozen=True, kw_only=True):
    """One level of relief: how many hours, and how they fit the anesthetic."""

    level: Limit
    hours: Interval | None
    concordance: Concordance


class BlockResult(Struct, frozen=True, kw_only=True):
    """What the rows of a block say. `peak` is the best relief in per cent; None where none was measured."""

    peak: Interval | None
    reason: str
    rows: tuple[Measured, ...]
    diary: tuple[Point, ...]
    gaps: tuple[Gap, ...]
    area: Fraction | None
    levels: tuple[AtLevel, ...]
    findings: tuple[Finding, ...]


def block_result(
    record: Record, procedure: Procedure, moment: Moment, tables: BlockTables, levels: Sequence[Limit]
) -> BlockResult:
    """The result of one block as known."""
    rows = own_rows(procedure, moment)
    diary, zone = points(rows), zone_of(record)
    return BlockResult(
        peak=best(rows),
        reason=_why_open(rows, contradictions(relief_rows(procedure, moment.known, moment.on))),
        rows=rows,
        diary=diary,
        gaps=gaps(diary, procedure.start, tables.diary.every, tables.diary.until),
        area=area(diary),
        levels=tuple(
            AtLevel(
                level=level,
                hours=hours_at(diary, level, procedure.start, procedure.relief_ended, zone),
                concordance=concordance(procedure, diary, level, tables, zone),
            )
            for level in levels
        ),
        findings=tuple(_findings(record, procedure, moment, tables, rows, diary)),
    )


def _why_open(rows: Sequence[Measured], contradicted: Sequence[Contradiction]) -> str:
    """Why the best relief is not known, or not exactly."""
    if not rows:
        return "no relief was measured"
    parts = []
    lacking = [row for row in rows if row.blank]
    if any(row.before is None for row in lacking):
        parts.append("the score before is missing")
    if any(row.after is None for row in lacking):
        parts.append("the score after is missing")
    if any(not row.blank and not row.sample.gain.exact for row in rows):
        parts.append("a range was written")
    top = best(rows)
    parts += [str(one) for one in contradicted if top is not None and not top.exact and one.may_exceed(top.low)]
    return "; ".join(parts)


def concordance(
    procedure: Procedure, diary: Sequence[Point], level: Limit, tables: BlockTables, zone: ZoneInfo
) -> Concordance:
    """How relief at a level stands to the time the local anesthetic acts, counted from the time of the block."""
    drugs = sorted({agent.drug for agent in drugs_of(procedure.agents, "local-anesthetic")})
    if not drugs:
        what = "no drug is recorded" if not procedure.agents else "no local anesthetic is among the drugs recorded"
        return Concordance(fits="cannot tell", reason=what)
    names = " and ".join(codes.label("drugs", drug) for drug in drugs)
    if len(drugs) > 1:
        return Concordance(fits="cannot tell", reason=f"{names} together: no source says how long they act")
    acting = tables.anesthetics.get(drugs[0])
    if acting is None:
        return Concordance(fits="cannot tell", reason=f"no source found for how long {names} acts")
    if procedure.start is None or procedure.start.at is None:
        return Concordance(fits="cannot tell", reason="the time of the block is not recorded")
    if not diary:
        return Concordance(fits="cannot tell", reason="no row of the diary has a time")
    gone = bounds(procedure.start, zone)[1] + timedelta(seconds=int(acting.high * 3600))
    early, late = reached(diary, level, None, gone), reached(diary, level, gone, None)
    span = f"{names}, about {acting.low} to {acting.high} h"
    if early is None:
        return Concordance(fits="cannot tell", reason=f"no row while the drug was expected to act ({span})")
    if early == "no":
        if late == "yes":
            return Concordance(fits="not concordant", reason=f"relief came only after the drug had gone ({span})")
        return Concordance(fits="cannot tell", reason="the level was not reached while the drug was expected to act")
    hours = hours_at(diary, level, procedure.start, procedure.relief_ended, zone)
    if early == "unknown" or hours is None:
        return Concordance(fits="cannot tell", reason="a row that decides is missing or a range")
    told = f"{shown(hours)} h of relief; {span}"
    if hours.high is not None and hours.high < Fraction(acting.low):
        return Concordance(fits="shorter", reason=told)
    if hours.low > Fraction(acting.high):
        return Concordance(fits="longer", reason=told)
    if hours.low >= Fraction(acting.low) and hours.high is not None and hours.high <= Fraction(acting.high):
        return Concordance(fits="fits", reason=told)
    return Concordance(fits="cannot tell", reason=f"the rows leave it open: {told}")


def guarded(answer: Answer, fits: Concordance, tables: BlockTables) -> Answer:
    """A positive answer left open where relief came only after the drug had gone; nothing else is changed."""
    if answer.word != "yes" or fits.fits != "not concordant":
        return answer
    says = tables.statements["concordance"].says
    return Answer(
        id=answer.id,
        word="unknown",
        reason=f"{fits.reason}; not concordant",
        value=answer.value,
        read=answer.read,
        cites=(*answer.cites, *says.cites),
    )


def _findings(
    record: Record,
    procedure: Procedure,
    moment: Moment,
    tables: BlockTables,
    rows: Sequence[Measured],
    diary: Sequence[Point],
) -> Iterable[Finding]:
    """What makes a test less sure. Each warns; none changes a verdict."""

    def of(id: str, reason: str) -> Finding:
        says = tables.statements[id].says
        return Finding(id=id, says=says.says, reason=reason, cites=says.cites)

    floor = tables.baseline
    before = {row.before.low for row in rows if row.before is not None and row.scale in floor.instruments}
    if any(value < Fraction(floor.amount) for value in before):
        reason = f"the score before was {shown(Interval.exactly(min(before)))}"
        yield Finding(id="baseline", says=floor.says.says, reason=reason, cites=floor.says.cites)
    elif not before:
        reason = "no score before on a scale of 0 to 10 is recorded"
        yield Finding(id="baseline", says=floor.says.says, reason=reason, cites=floor.says.cites)
    if procedure.sedation in (None, "unknown"):
        yield of("masking", "sedation: not recorded")
    elif procedure.sedation != "none":
        yield of("masking", f"sedation: {codes.label('sedation', procedure.sedation)}")
    yield from (of("masking", reason) for reason in _opioids(record, procedure, moment))
    pains = [fact for fact in record.facts if isinstance(fact, Pain) and seen(fact, moment.known)]
    if procedure.pain is None and len(pains) > 1 and len(index_pains(record, procedure, moment)) != 1:
        yield of("index-pain", "which pain was rated is not recorded")
    entries = [row.entry for row in relief_rows(procedure, moment.known, moment.on)]
    if entries and not any(entry.activity for entry in entries):
        denied = any(entry.activity is False for entry in entries)
        yield of("movement", "the movement was not done" if denied else "whether the movement was done is not recorded")
    if any(entry.percent is not None and not entry.percent.exact for entry in entries):
        yield of("range", "a percentage is written as a range")
    missing = gaps(diary, procedure.start, tables.diary.every, tables.diary.until)
    placed = sum(1 for row in rows if row.sample.when.at is not None)
    if missing or placed < len(rows) or not rows:
        told = [
            f"no row from {shown(Interval.exactly(gap.first))} to {shown(Interval.exactly(gap.last))} h"
            for gap in missing
        ]
        told += [f"{len(rows) - placed} of {len(rows)} rows without a time"] if placed < len(rows) else []
        told += ["no row"] if not rows else []
        says = tables.diary.says
        yield Finding(id="diary", says=says.says, reason="; ".join(told), cites=says.cites)


def _opioids(record: Record, procedure: Procedure, moment: Moment) -> Iterable[str]:
    given = sorted({agent.drug for agent in drugs_of(procedure.agents, "opioid")})
    if given:
        yield f"given with the block: {', '.join(codes.label('drugs', drug) for drug in given)}"
    if procedure.start is None:
        return
    day = procedure.start.first
    names = {
        codes.label("drugs", fact.drug)
        for fact in record.facts
        if isinstance(fact, Medication) and fact.drug is not None and seen(fact, moment.known)
        if "opioid" in fact.classes | codes.classes_of(fact.drug) and in_force(fact, day) is not None
    }
    if names:
        yield f"ordered on the day: {', '.join(sorted(names))}"
    elif not reviewed(record, "medications", moment):
        yield "opioids: the medicines are not declared to be all"
