"""What the paragraphs on the response to a procedure are written with: a snippet, and what came of its procedure.

A snippet is completed by an adult in Chicago, and by what is known as of 16 March 2026, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from textwrap import dedent, indent

from specimen import read

from levamen.derive.periods import shown
from levamen.knowledge.registry import packaged
from levamen.outcomes.answer import Answer, Word
from levamen.outcomes.diagnostic_block import AtLevel, BlockResult
from levamen.outcomes.relief_time import HeldRelief
from levamen.outcomes.responder import VisitResult
from levamen.pathway.assess import default_as_of
from levamen.pathway.expectations_response import response_differences
from levamen.pathway.response import ProcedureResponse, Response, response
from levamen.record.facts import Record


def record_of(chart: str) -> Record:
    """The record of a snippet."""
    text = dedent(chart)
    head = "" if "zone:" in text else "zone: America/Chicago\n"
    return read(head + ("" if "as_of:" in text else "as_of: 2026-03-16\n") + text)


def everything(chart: str, *policies: str) -> Response:
    """The response of every procedure of a snippet; `policies` are asked whatever the payer."""
    record = record_of(chart)
    as_of = default_as_of(record)
    assert as_of is not None
    return response(record, packaged(), as_of, also=policies)


def after(chart: str, *policies: str, procedure: str = "P-1") -> ProcedureResponse:
    """What came of one procedure of a snippet."""
    found = {one.procedure.id: one for one in everything(chart, *policies).procedures}
    return found[procedure]


def block(relief: str, *, agents: str = "[{drug: lidocaine}]", more: str = "") -> str:
    """A snippet with a diagnostic medial branch block on 9 March 2026 at 10:00, and the rows of its diary."""
    return f"""
as_of: 2026-03-16
procedures:
  - id: P-1
    therapy: medial-branch-block
    purpose: diagnostic
    date: 2026-03-09T10:00
    region: lumbar
    side: left
    joints: [L3-4]
    agents: {agents}
    relief: [{relief}]
{indent(dedent(more), "    ")}
"""


def ablation(relief: str, *, more: str = "", day: str = "2025-02-10", as_of: str = "2026-03-16") -> str:
    """A snippet with a lumbar ablation, and the scores after it; `more` stands beside `procedures`."""
    return f"""
as_of: {as_of}
procedures:
  - id: P-1
    therapy: medial-branch-radiofrequency-ablation
    technique: thermal
    date: {day}
    region: lumbar
    side: left
    joints: [L4-5]
    relief: [{relief}]
{more}
"""


def row(after: object, at: str, *, before: object = 8, more: str = "") -> str:
    """A row of relief: `row(2, "10:15")` on the day of the block, or `row(2, "2025-05-12")`."""
    moment = f"2026-03-09T{at}" if ":" in at and "T" not in at else at
    return f"{{scale: nrs, before: {before}, after: {after}, at: {moment}{more}}}"


def rows(*pairs: tuple[object, str], before: object = 8) -> str:
    """Several rows, in the order given."""
    return ", ".join(row(value, at, before=before) for value, at in pairs)


def level(found: ProcedureResponse, percent: int) -> Word:
    """Whether relief reached so many per cent."""
    return word(found.levels, f"relief-{percent}")


def word(answers: Iterable[Answer], id: str) -> Word:
    """The answer of an id."""
    return next(answer.word for answer in answers if answer.id == id)


def under(found: ProcedureResponse, policy: str) -> str:
    """What a policy says of the relief alone."""
    return next(rule.status for rule in found.rules if rule.policy == policy)


def diary(found: ProcedureResponse) -> BlockResult:
    """The block as read from its diary."""
    assert found.block is not None
    return found.block


def at(found: ProcedureResponse, percent: int) -> AtLevel:
    """The diary at one level."""
    return next(one for one in diary(found).levels if one.level.number == percent)


def hours(found: ProcedureResponse, percent: int) -> str:
    """Hours at a level, as a span."""
    spent = at(found, percent).hours
    return shown(spent) if spent is not None else "not known"


def relief(found: ProcedureResponse, percent: int = 50) -> HeldRelief:
    """How long relief of a level held."""
    return next(one for one in found.held if one.level == percent)


def lost(found: ProcedureResponse, percent: int = 50) -> list[str]:
    """Between which days it was lost; empty while it holds."""
    held = relief(found, percent)
    days: Sequence[date | None] = (held.lost_from, held.lost_to)
    return [day.isoformat() for day in days if day is not None]


def visit(found: ProcedureResponse, id: str) -> VisitResult:
    """One visit."""
    return next(result for result in found.visits if result.visit.visit.id == id)


def expectation(chart: str, **expect: object) -> tuple[str, ...]:
    """How a chart's expectation of P-1 differs from what came out; empty where it does not."""
    record = record_of(chart)
    as_of = default_as_of(record)
    assert as_of is not None
    return response_differences(record, {"responder": "P-1", **expect}, packaged(), as_of)[1]
