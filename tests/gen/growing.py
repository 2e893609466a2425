"""Grows criteria, records and requests at random: believable words, small numbers, and every node kind.

Trees are grown downwards from the wanted type, so that each is valid: what speaks of a fact at hand stands only
inside a selection of facts that have the field.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from levamen.criteria.nodes import (
    MARKS,
    Accumulated,
    All,
    Among,
    Answered,
    Any,
    Choice,
    Cite,
    Compare,
    Count,
    Criterion,
    EachTarget,
    Elapsed,
    Exists,
    Facts,
    Field,
    First,
    Grouping,
    Held,
    IfThen,
    Judged,
    Latest,
    Limit,
    Not,
    Number,
    Only,
    Readings,
    Same,
    Stated,
    Streak,
    The,
    Truth,
    Window,
    cites_in,
)
from levamen.criteria.situation import Situation
from levamen.derive.views import situation
from levamen.record.completeness import Completeness
from levamen.record.facts import (
    Agent,
    Course,
    Evaluation,
    Fact,
    Finding,
    Lab,
    Medication,
    Pain,
    Person,
    Problem,
    Procedure,
    Record,
    Relief,
    Request,
    Score,
)
from levamen.record.timeline import Duration, Interval, When, month_of

AS_OF = date(2026, 3, 2)
EXAMPLES = int(os.environ.get("LEVAMEN_EXAMPLES", "1"))
"""How many times the usual number of examples; a nightly run sets 50."""


def few(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """So many fixed examples: the same on every run and every machine."""
    return settings(
        max_examples=examples * EXAMPLES,
        derandomize=EXAMPLES == 1,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


# ---------------------------------------------------------------- records

REGIONS = ("lumbar", "cervical")
SIDES = ("left", "right")
JOINTS = ("L3-4", "L4-5")
BLOCK, ABLATION = "medial-branch-block", "medial-branch-radiofrequency-ablation"

days = st.integers(0, 500).map(lambda back: AS_OF - timedelta(days=back))
whens = st.one_of(
    days.map(When.on),
    days.map(When.on),
    days.map(lambda day: month_of(day.year, day.month) if (day.year, day.month) != (2026, 3) else When.on(day)),
)
percents = st.sampled_from([0, 30, 49, 50, 60, 79, 80, 90])
gains = st.one_of(
    percents.map(Interval.exactly),
    st.tuples(percents, percents).map(lambda pair: Interval(Fraction(min(pair)), Fraction(max(pair)))),
)
sides = st.sampled_from([*SIDES, "both", None])
regions = st.sampled_from([*REGIONS, None])
joints = st.sampled_from([frozenset(), frozenset({"L4-5"}), frozenset(JOINTS)])


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    start = draw(st.none() | whens)
    reliefs = []
    for gain in draw(st.lists(gains, max_size=2)):
        at = start
        if start is not None and start.exact:
            at = When.on(min(start.first + timedelta(days=draw(st.integers(0, 250))), AS_OF))
        reliefs.append(Relief(at=at, percent=draw(st.sampled_from([gain, gain, gain, None]))))
    return Procedure(
        id="",
        therapy=draw(st.sampled_from([BLOCK, BLOCK, ABLATION, None])),
        status=draw(st.sampled_from([None, "done", "aborted"])),
        start=start,
        end=draw(st.none() | st.just(start)),
        region=draw(regions),
        side=draw(sides),
        joints=draw(joints),
        purpose=draw(st.sampled_from(["diagnostic", "therapeutic", None])),
        session=draw(st.sampled_from([None, None, "S-1"])),
        relief=tuple(reliefs),
        relief_ended=draw(st.none() | whens) if start is not None else None,
        agents=draw(st.sampled_from([(), (Agent(drug="bupivacaine"),)])),
    )


def courses() -> st.SearchStrategy[Course]:
    return st.tuples(st.none() | whens, st.none() | st.integers(0, 120)).flatmap(
        lambda pair: st.builds(
            Course,
            id=st.just(""),
            therapy=st.sampled_from(["physical-therapy", "exercise"]),
            start=st.just(pair[0]),
            end=st.just(
                When.on(min(pair[0].last + timedelta(days=pair[1]), AS_OF))
                if pair[0] is not None and pair[1] is not None
                else None
            ),
            response=st.sampled_from(["inadequate", "adequate", None]),
        )
    )


facts: st.SearchStrategy[Fact] = st.one_of(
    procedures(),
    procedures(),
    courses(),
    st.builds(
        Problem,
        id=st.just(""),
        concept=st.sampled_from(["radiculopathy", "facet-arthropathy", None]),
        region=regions,
        since=st.none() | whens,
        verification=st.sampled_from([None, "provisional", "confirmed"]),
    ),
    st.builds(
        Finding,
        id=st.just(""),
        concept=st.sampled_from(["facet-loading", "other-cause-excluded", None]),
        date=st.none() | whens,
        present=st.sampled_from([True, False, None]),
    ),
    st.builds(
        Score,
        id=st.just(""),
        instrument=st.sampled_from(["nrs", "odi"]),
        value=st.sampled_from([None, Decimal(3), Decimal(4), Decimal("7.5")]),
        date=st.none() | whens,
    ),
    st.builds(
        Lab,
        id=st.just(""),
        test=st.just("platelets"),
        value=st.sampled_from([None, Decimal(90), Decimal(180)]),
        at=st.none() | whens,
    ),
    st.builds(
        Medication,
        id=st.just(""),
        drug=st.just("naproxen"),
        classes=st.just(frozenset({"nsaid"})),
        start=st.none() | whens,
        response=st.sampled_from(["inadequate", None]),
    ),
    st.builds(
        Evaluation,
        id=st.just(""),
        kind=st.just("judgement"),
        date=st.none() | whens,
        conclusion=st.sampled_from(["suitable", "unsuitable", None]),
        about_criterion=st.sampled_from([None, "severity"]),
    ),
)

KINDS = ("procedures", "care", "problems", "findings", "scores", "labs", "pain", "evaluations", "medications")
completeness = st.one_of(
    st.builds(
        Completeness,
        kind=st.sampled_from(KINDS),
        start=st.sampled_from([When.on(date(1961, 4, 9)), When.on(date(2025, 1, 1))]),
        end=st.just(When.on(AS_OF)),
        region=st.sampled_from([None, None, "lumbar"]),
    ),
    st.builds(Completeness, kind=st.sampled_from(KINDS), reviewed=days.map(When.on)),
    st.builds(
        Completeness,
        kind=st.just("infection"),
        asked=days.map(When.on),
        answer=st.sampled_from(["yes", "no", "not-applicable", "unknown"]),
    ),
)
requests = st.builds(
    Request,
    id=st.just("R-1"),
    therapy=st.sampled_from([BLOCK, ABLATION]),
    region=st.sampled_from(["lumbar", "lumbar", None]),
    side=sides,
    joints=joints,
    purpose=st.sampled_from(["diagnostic", None]),
    guidance=st.sampled_from(["fluoroscopy", None]),
)
pains = st.builds(
    Pain,
    id=st.just("PN-1"),
    region=st.just("lumbar"),
    pattern=st.sampled_from(["axial", "radicular", None]),
    since=st.none() | whens,
)


@st.composite
def records(draw: st.DrawFn, at_most: int = 5) -> Record:
    found = [draw(pains)] if draw(st.booleans()) else []
    request = replace(draw(requests), pain="PN-1" if found else None)  # which pain is meant is not grown: see test_law
    numbered = [_named(fact, f"F-{n}") for n, fact in enumerate(draw(st.lists(facts, max_size=at_most)))]
    return Record(
        id="grown",
        zone="America/New_York",
        recorded=When.on(AS_OF),
        as_of=When.on(AS_OF),
        person=Person(birth_date=When.on(date(1961, 4, 9)), sex=draw(st.sampled_from(["female", None]))),
        completeness=tuple(draw(st.lists(completeness, max_size=5))),
        facts=(*found, *numbered),
        requests=(request,),
    )


def _named(fact: Fact, id: str) -> Fact:
    return replace(fact, id=id)


def look(record: Record, on: date = AS_OF) -> Situation:
    """What may be looked at to judge the one request of a record."""
    return situation(record, record.requests[0], AS_OF, on)


# ---------------------------------------------------------------- trees

marks = st.sampled_from(MARKS)
cites = st.builds(Cite, source=st.just("TEXT"), locator=st.just("1"), mark=st.just("primary") | marks)
operators = st.sampled_from([">=", ">", "<=", "<", "=="])


def limits(amounts: st.SearchStrategy[object], most: int = 2) -> st.SearchStrategy[tuple[Limit, ...]]:
    one = st.builds(Limit, value=st.just("limit"), operator=operators, amount=amounts, cite=cites)
    return st.lists(one, min_size=1, max_size=most).map(tuple)


def lengths(*units: str) -> st.SearchStrategy[Duration]:
    amounts = {"hours": [24, 48], "days": [14, 90], "weeks": [2, 6], "months": [1, 3, 6, 12], "years": [1, 2]}
    return st.sampled_from([Duration(Decimal(n), unit) for unit in units or amounts for n in amounts[unit]])


counts = st.sampled_from([Decimal(n) for n in (0, 1, 2, 3)])
shares = st.sampled_from([Decimal(n) for n in (0, 30, 50, 80)])
single_length = limits(lengths("days", "weeks", "months", "years"), 1).map(lambda found: found[0])


def words(*choices: str) -> st.SearchStrategy[tuple[Choice, ...]]:
    some = st.sets(st.sampled_from(choices), min_size=1, max_size=2).map(frozenset)
    return st.lists(st.builds(Choice, value=st.just("words"), words=some, cite=cites), min_size=1, max_size=2).map(
        tuple
    )


groupings = st.none() | st.builds(
    Grouping, value=st.just("groups"), groups=st.just((frozenset({"lumbar", "sacral"}),)), cite=cites
)
windows = st.none() | st.one_of(
    st.builds(
        Window, kind=st.just("rolling"), length=single_length, edge=st.sampled_from(["both", "inside", "outside"])
    ),
    st.sampled_from([Window("calendar-year"), Window("anchored"), Window("lifetime"), Window("episode")]),
)


def _combined(leaf: st.SearchStrategy[Truth], most: int) -> st.SearchStrategy[Truth]:
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: All(tuple(items))),
            st.lists(inner, max_size=3).map(lambda items: Any(tuple(items))),
            inner.map(Not),
            st.builds(IfThen, condition=inner, then=inner),
            st.lists(inner, min_size=1, max_size=2).map(lambda items: Readings(tuple(items))),
        ),
        max_leaves=most,
    )


@cache
def of_it(kind: str) -> st.SearchStrategy[Truth]:
    """What can be said of a fact of this kind."""
    leaf = {
        "procedures": st.one_of(
            st.builds(Among, field=st.just(Field("it", "therapy")), choices=words(BLOCK, ABLATION)),
            st.builds(Among, field=st.just(Field("it", "purpose")), choices=words("diagnostic", "therapeutic")),
            st.builds(Same, name=st.just("region"), how=st.sampled_from(["equal", "overlaps"]), grouping=groupings),
            st.builds(Same, name=st.sampled_from(["side", "joints"]), how=st.sampled_from(["covers", "overlaps"])),
            st.builds(Compare, quantity=st.just(Number(Field("it", "best_relief"))), limits=limits(shares)),
            st.builds(Compare, quantity=st.just(Elapsed(Field("it", "start"))), limits=limits(lengths())),
            st.builds(
                Compare,
                quantity=st.builds(
                    Held,
                    series=st.sampled_from(["relief", "function"]),
                    level=limits(shares, 1).map(lambda found: found[0]),
                ),
                limits=limits(lengths("days", "months")),
            ),
        ),
        "conservative-care": st.one_of(
            st.builds(Among, field=st.just(Field("it", "response")), choices=words("inadequate", "adequate")),
            st.builds(
                Compare,
                quantity=st.just(Elapsed(Field("it", "start"), Field("it", "end"))),
                limits=limits(lengths("days", "weeks")),
            ),
        ),
        "problems": st.builds(
            Among, field=st.just(Field("it", "concept")), choices=words("radiculopathy", "facet-arthropathy")
        ),
        "findings": st.just(Stated(Field("it", "present"))),
        "index-scores": st.builds(Compare, quantity=st.just(Number(Field("it", "value"))), limits=limits(counts)),
        "labs": st.builds(Compare, quantity=st.just(Number(Field("it", "value"))), limits=limits(shares)),
        "index-pain": st.one_of(
            st.builds(Among, field=st.just(Field("it", "pattern")), choices=words("axial", "radicular")),
            st.builds(Compare, quantity=st.just(Elapsed(Field("it", "since"))), limits=limits(lengths("months"))),
        ),
    }[kind]
    return _combined(leaf, 3)


SELECTABLE = (
    "procedures", "procedures", "conservative-care", "problems", "findings", "index-scores", "labs", "index-pain",
)  # fmt: skip


@cache
def selections(kind: str) -> st.SearchStrategy[Facts]:
    return st.builds(
        Facts,
        kind=st.just(kind),
        noun=st.just(kind.replace("-", " ")),
        where=st.none() | of_it(kind),
        window=windows,
        closed_by=st.sampled_from(["episode", "lifetime", "present"]),
        max_age=st.none() | st.none() | single_length,
    )


@cache
def picked(kind: str) -> st.SearchStrategy[The]:
    picks = st.sampled_from([Latest, Latest, First])
    pick: st.SearchStrategy[Latest | First | Only] = st.tuples(picks, selections(kind)).map(
        lambda pair: pair[0](pair[1])
    )
    if kind == "index-pain":
        pick = st.just(Only(Facts(kind, "index pain")))
    return st.builds(The, pick=pick, that=of_it(kind))


@cache
def counted(kind: str) -> st.SearchStrategy[Truth]:
    quantity = st.builds(Count, facts=selections(kind), per=st.sampled_from(["fact", "day"]))
    return st.builds(Compare, quantity=quantity, limits=limits(counts))


@cache
def in_a_row(kind: str) -> st.SearchStrategy[Truth]:
    quantity = st.builds(Streak, facts=selections(kind), that=of_it(kind))
    return st.builds(Compare, quantity=quantity, limits=limits(counts))


@cache
def existing(kind: str) -> st.SearchStrategy[Truth]:
    return selections(kind).map(Exists)


kinds = st.sampled_from(SELECTABLE)
leaves: st.SearchStrategy[Truth] = st.one_of(
    kinds.flatmap(existing),
    kinds.flatmap(picked),
    st.just("index-pain").flatmap(picked),
    kinds.flatmap(counted),
    kinds.flatmap(in_a_row),
    st.builds(
        Compare,
        quantity=st.builds(Accumulated, facts=selections("conservative-care")),
        limits=limits(lengths("days", "weeks", "months")),
    ),
    st.builds(Compare, quantity=st.just(Number(Field("subject", "joints"))), limits=limits(counts)),
    st.builds(Among, field=st.just(Field("subject", "guidance")), choices=words("fluoroscopy", "ct")),
    st.builds(
        Answered,
        question=st.just("infection"),
        answer=st.sampled_from(["yes", "no"]),
        max_age=st.none() | single_length,
    ),
    st.builds(Judged, policy=st.just("p"), criterion=st.just("severity"), says=st.just("it is severe"), cite=cites),
)


truths: st.SearchStrategy[Truth] = st.one_of(_combined(leaves, 4), _combined(leaves, 2).map(EachTarget))


def criterion_of(says: Truth, cite: Cite = Cite("TEXT", "1", "primary")) -> Criterion:  # noqa: B008 - frozen
    unverified = any(found.mark == "unverified" for found in (cite, *cites_in(says)))
    return Criterion(id="grown", says=says, cites=(cite,), remedy="action", rests_on_unverified=unverified)


criteria = st.builds(criterion_of, truths, cites)
