"""The law and its relatives, on grown criteria and records (design 3.1, Families).

Filling in a missing value never changes what is decided; nor does completeness, the order of facts, or a fact that
nothing asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from growing import AS_OF, JOINTS, few, look, records, truths
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from levamen.criteria.nodes import Truth
from levamen.criteria.reference import evaluate
from levamen.record.completeness import Completeness
from levamen.record.facts import Allergy, Course, Document, Event, Fact, Goal, Procedure, Record, Relief
from levamen.record.timeline import Interval, When

DECIDED = ("met", "not_met", "ambiguous")

CHOICES: dict[str, list[Any]] = {
    "region": ["lumbar", "cervical"],
    "side": ["left", "right", "both"],
    "joints": [frozenset({"L4-5"}), frozenset(JOINTS)],
    "purpose": ["diagnostic", "therapeutic"],
    "therapy": ["medial-branch-block", "medial-branch-radiofrequency-ablation"],
    "guidance": ["fluoroscopy", "ct", "none"],
    "concept": ["radiculopathy", "facet-arthropathy", "facet-loading", "other-cause-excluded"],
    "value": [Decimal(0), Decimal(3), Decimal(4), Decimal(90), Decimal(180)],
    "response": ["inadequate", "adequate"],
    "pattern": ["axial", "radicular", "widespread"],
    "conclusion": ["suitable", "unsuitable"],
    "session": ["S-1"],
    "present": [True, False],
}
"""What a missing field may turn out to be. Not here: `status` and `verification`, whose absence is read by convention
as done and confirmed; `recorded`, which has a default; an end before the day on which a course was still going; what
tells which pain is meant (the request names it)."""


WHOSE = {("pain", "side"), ("pain", "region")} | {("findings", n) for n in ("concept", "region", "side", "joints")}
"""What tells which pain is meant, and which findings are of one test: two findings that both leave out a place are read
as the same test, and the later counts."""


@dataclass(frozen=True)
class Filled:
    """A record and the same record with one missing value filled in."""

    before: Record
    after: Record
    what: str


def fillings(record: Record, random: Random) -> Iterator[Filled]:
    """Every missing value of a record, filled in one way each."""
    request = record.requests[0]
    for name, value in _of(request, random):
        yield Filled(record, replace(record, requests=(replace(request, **{name: value}),)), f"request.{name}={value}")
    for index, fact in enumerate(record.facts):
        for name, value in _of(fact, random):
            facts = (*record.facts[:index], replace(fact, **{name: value}), *record.facts[index + 1 :])
            yield Filled(record, replace(record, facts=facts), f"{fact.id}.{name}={value}")
    if record.person.sex is None:
        yield Filled(record, replace(record, person=replace(record.person, sex="male")), "person.sex")


def _of(fact: Fact, random: Random) -> Iterator[tuple[str, Any]]:
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if (
            value in (None, frozenset())
            and name in CHOICES
            and not (name in ("side", "region") and fact.section == "pain")
        ):
            yield name, random.choice(CHOICES[name])
        if isinstance(value, When) and not value.exact and name != "recorded":
            day = value.first + timedelta(days=random.randrange((value.last - value.first).days + 1))
            yield name, When.on(min(day, AS_OF))
        if name == "relief" and value:
            yield from _sharper(value, random)
    yield from _dates(fact, random)


def _dates(fact: Fact, random: Random) -> Iterator[tuple[str, Any]]:
    """Dates that are missing altogether. A start is not after the end, an end not before the start."""
    for name in ("start", "since", "date", "at"):
        if name in fact.__struct_fields__ and getattr(fact, name) is None and fact.section != "request":
            yield name, When.on(AS_OF - timedelta(days=random.randrange(500)))
    start = getattr(fact, "start", None)
    if isinstance(fact, Course) and start is not None and fact.end is None:
        yield "end", When.on(AS_OF)
    if isinstance(fact, Procedure) and fact.section == "procedures" and not fact.relief and start is not None:
        yield "relief", (Relief(at=start, percent=Interval.exactly(random.choice([0, 49, 50, 80, 100]))),)


def _sharper(reliefs: tuple[Relief, ...], random: Random) -> Iterator[tuple[str, Any]]:
    for index, relief in enumerate(reliefs):
        if relief.percent is None and relief.at is not None:
            exact = Interval.exactly(random.choice([-100, 0, 49, 50, 80, 100]))
            yield "relief", (*reliefs[:index], replace(relief, percent=exact), *reliefs[index + 1 :])
        if relief.percent is not None and not relief.percent.exact:
            exact = Interval.exactly(random.choice([relief.percent.low, relief.percent.high]))
            yield "relief", (*reliefs[:index], replace(relief, percent=exact), *reliefs[index + 1 :])
        if relief.at is not None and not relief.at.exact:
            at = When.on(relief.at.first + timedelta(days=random.randrange(27)))
            yield "relief", (*reliefs[:index], replace(relief, at=at), *reliefs[index + 1 :])


@few(700)
@given(truths, records(), st.randoms(use_true_random=False))
def test_filling_in_changes_nothing_that_is_decided(says: Truth, record: Record, random: Random) -> None:
    before = evaluate(says, look(record)).status
    if before not in DECIDED:
        return
    for filled in fillings(record, random):
        assert evaluate(says, look(filled.after)).status == before, filled.what


@few(300)
@given(truths, records(), st.sampled_from(["procedures", "care", "problems", "findings", "scores", "labs", "pain"]))
def test_more_completeness_changes_nothing_that_is_decided(says: Truth, record: Record, kind: str) -> None:
    before = evaluate(says, look(record)).status
    for entry in (
        Completeness(kind=kind, start=When.on(date(1961, 4, 9)), end=When.on(AS_OF)),
        Completeness(kind=kind, reviewed=When.on(AS_OF)),
    ):
        after = evaluate(says, look(replace(record, completeness=(*record.completeness, entry)))).status
        assert before == after or before == "unknown"


@few(300)
@given(truths, records(), st.randoms(use_true_random=False))
def test_order_changes_nothing(says: Truth, record: Record, random: Random) -> None:
    facts, entries = list(record.facts), list(record.completeness)
    random.shuffle(facts)
    random.shuffle(entries)
    one = evaluate(says, look(record))
    other = evaluate(says, look(replace(record, facts=tuple(facts), completeness=tuple(entries))))
    assert (one.status, one.reason, set(one.all_missing()), set(one.all_read())) == (
        other.status,
        other.reason,
        set(other.all_missing()),
        set(other.all_read()),
    )


UNRELATED: tuple[Fact, ...] = (
    Allergy(id="U-1", substance="latex"),
    Document(id="U-2", kind="consent", date=When.on(date(2026, 1, 5))),
    Event(id="U-3", kind="fall", date=When.on(date(2026, 1, 5))),
    Goal(id="U-4", text="walk to the shops"),
)


@few(200)
@given(truths, records())
def test_unrelated_facts_change_nothing(says: Truth, record: Record) -> None:
    more = replace(record, facts=(*UNRELATED[:2], *record.facts, *UNRELATED[2:]))
    assert evaluate(says, look(record)) == evaluate(says, look(more))


@few(200)
@given(truths, records())
def test_only_verified_values_never_permit_more(says: Truth, record: Record) -> None:
    """With unverified values left out, what is met or not met either stays so or becomes unknown."""
    situation = look(record)
    strict = evaluate(says, replace(situation, verified_only=True)).status
    assert strict in (evaluate(says, situation).status, "unknown")
