"""What the paragraphs of the manual are written with: a snippet of a chart, a tiny tree, a tiny policy.

A snippet is completed by the least a chart needs: version, an adult, what is known as of 2 March 2026, and one
request (a medial branch block), unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from textwrap import dedent
from typing import Any as Anything

from levamen.adapters.chart import read_chart
from levamen.criteria.nodes import (
    All,
    Any,
    Choice,
    Cite,
    Compare,
    Count,
    Criterion,
    Facts,
    Field,
    Held,
    Latest,
    Limit,
    Mark,
    Need,
    Operator,
    Readings,
    Remedy,
    Stated,
    The,
    Truth,
    cites_in,
)
from levamen.criteria.outcome import Outcome
from levamen.criteria.reference import evaluate
from levamen.criteria.situation import Situation
from levamen.criteria.truth import Reason, Status
from levamen.derive.views import local_day, situation, zone_of
from levamen.knowledge.model import Policy, PolicyDocument, Rule
from levamen.pathway.answers import PolicyAnswer
from levamen.pathway.assess import default_as_of, service_date
from levamen.pathway.judge import judge
from levamen.record.facts import Record, Request
from levamen.record.timeline import Duration, DurationUnit

TODAY = "2026-03-02"

MET: Truth = All(())
NOT_MET: Truth = Any(())
UNKNOWN: Truth = Stated(Field("subject", "sedation"))
AMBIGUOUS: Truth = Readings((MET, NOT_MET))
EACH: Mapping[Status, Truth] = {"met": MET, "not_met": NOT_MET, "unknown": UNKNOWN, "ambiguous": AMBIGUOUS}
"""One tree for each value, whatever the chart says."""


def read(chart: str) -> Record:
    """The record of a snippet."""
    text = dedent(chart)
    head = "chart: 1\nid: specimen\n"
    if "as_of:" not in text and not text.startswith("recorded:") and "\nrecorded:" not in text:
        head += f"as_of: {TODAY}\n"
    if "person:" not in text:
        head += "person: {birth_date: 1961-04-09}\n"
    reading = read_chart(head + text, "specimen")
    rejected = [issue.what for issue in reading.balance.issues if issue.fate == "rejected"]
    assert not rejected, rejected
    return reading.record


def look(chart: str = "", *, as_of: str | None = None, on: str | None = None, request: str = "R-1") -> Situation:
    """What may be looked at to judge one request of a snippet."""
    record = read(chart)
    moment: date | datetime | None = _moment(as_of) if as_of is not None else default_as_of(record)
    assert moment is not None
    asked = next((r for r in record.requests if r.id == request), Request(id="R-1", therapy="medial-branch-block"))
    day = service_date(asked, local_day(moment, zone_of(record)), date.fromisoformat(on) if on is not None else None)
    return situation(record, asked, moment, day)


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def outcome(truth: Truth, chart: str = "", **clocks: str) -> Outcome:
    """The outcome of a tree for a snippet."""
    return evaluate(truth, look(chart, **clocks))


def value(truth: Truth, chart: str = "", **clocks: str) -> Status:
    """The value of a tree for a snippet."""
    return outcome(truth, chart, **clocks).status


def reason(truth: Truth, chart: str = "", **clocks: str) -> Reason | None:
    """Why a tree is unknown for a snippet."""
    return outcome(truth, chart, **clocks).reason


# ---------------------------------------------------------------- trees


def cite(mark: Mark = "primary", source: str = "TEXT") -> Cite:
    return Cite(source, "section 1", mark)


def limit(operator: Operator, amount: int | str, unit: DurationUnit | None = None, mark: Mark = "primary") -> Limit:
    number = Decimal(amount)
    return Limit("limit", operator, number if unit is None else Duration(number, unit), cite(mark))


def at_least(amount: int | str, unit: DurationUnit | None = None, mark: Mark = "primary") -> tuple[Limit, ...]:
    return (limit(">=", amount, unit, mark),)


def one_of(name: str, *words: str, mark: Mark = "primary") -> tuple[Choice, ...]:
    return (Choice(name, frozenset(words), cite(mark)),)


def blocks(**fields: Anything) -> Facts:
    """Medial branch blocks, or whatever procedures the snippet holds."""
    return Facts("procedures", "block", **fields)


def count(facts: Facts, *limits: Limit, per: Anything = "fact") -> Compare:
    return Compare(Count(facts, per), limits)


def latest(facts: Facts, that: Truth) -> The:
    return The(Latest(facts), that)


def held(level: int, amount: int, unit: DurationUnit = "months") -> The:
    """Relief of the latest procedure at or above `level` per cent for so long."""
    return The(Latest(blocks()), Compare(Held("relief", limit(">=", level)), at_least(amount, unit)))


# ---------------------------------------------------------------- policies


def criterion(
    id: str,
    says: Truth,
    *,
    remedy: Remedy = "action",
    needs: Sequence[Need] = (),
    mark: Mark = "primary",
) -> Criterion:
    own = cite(mark)
    unverified = any(found.mark == "unverified" for found in (own, *cites_in(says)))
    return Criterion(id=id, says=says, cites=(own,), remedy=remedy, needs=tuple(needs), rests_on_unverified=unverified)


def policy(
    *requirements: Criterion,
    scope: Sequence[Criterion] = (),
    exclusions: Sequence[Criterion] = (),
    kind: str = "coverage",
    documents: Mapping[str, tuple[PolicyDocument, ...]] | None = None,
    shape: Anything = None,
    start: Anything = None,
    until: Anything = None,
    **rule: Anything,
) -> Policy:
    """A policy of one rule on medial branch blocks."""
    built = Rule(
        id="rule",
        therapies=rule.pop("therapies", frozenset({"medial-branch-block"})),
        scope=tuple(scope),
        exclusions=tuple(exclusions),
        requirements=requirements,
        **rule,
    )
    _MADE.append(built)
    return Policy(
        id="specimen",
        title="A specimen",
        issuer="cms",
        kind=kind,
        country="US",
        payer_kinds=frozenset(),
        checked=date(2026, 1, 5),
        recheck_by=date(2026, 7, 5),
        start=start,
        until=until,
        values={},
        documents=documents or {},
        effects=(),
        shape=shape or (lambda values: (built,)),
        folder=f"specimen {len(_MADE)}",
        values_hash="",
    )


_MADE: list[Rule] = []
"""Each specimen is a policy of its own: rules once built are kept by folder."""


def ask(asked: Policy, chart: str = "", **clocks: str) -> PolicyAnswer:
    """The answer of a policy for a snippet."""
    return judge(asked, look(chart, **clocks))


def verdict(asked: Policy, chart: str = "", **clocks: str) -> str:
    return ask(asked, chart, **clocks).verdict
