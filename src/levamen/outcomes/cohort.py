"""A clinic's own results: how long relief lasts, how many responded, what went wrong, with everything missing in sight.

Pure functions of rows (`cohort_rows`) and a day. Rows are read once and in any order; a million of them need no more
room than a thousand. No rate is told of fewer than the least number, and groups are joined so that none can be found
by subtraction. Of a group with too little follow-up we do not know yet, whatever its rate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from levamen.knowledge.results_tables import ResultsTables
from levamen.outcomes.cohort_rows import FoundBy, TreatmentRow
from levamen.outcomes.cohort_tally import MonthDays, Tally, together
from levamen.outcomes.funnel import Funnel, funnel
from levamen.outcomes.loss_curve import LossCurve, Step, loss_curve
from levamen.outcomes.proportions import exact_limits, wilson
from levamen.outcomes.relief_time import EndKind
from levamen.outcomes.small_numbers import joined_within

Procedure = tuple[str, str | None]
"""Therapy and region."""
Group = tuple[Procedure, str | None]
"""A procedure and its indication."""
State = Literal["not due", "counts only", "not known yet", "told"]


class Share(Struct, frozen=True, kw_only=True):
    """`count` of `total`, from 0 to 1, with its 95 % limits."""

    count: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself."""
        return self.count / self.total


class Responders(Struct, frozen=True, kw_only=True):
    """Those whose relief reached a level at a visit, among all treatments whose window has closed (`due`).

    `due` = `yes` + `no` + `missing` + `ended`. `missing`: no answer, or one that is on both sides of the level.
    `ended`: a repeat, surgery or death came before. `pending`: not answered, and the window is still open.
    `of_answers`: missing and ended left out. `if_failed`: both counted as failures. `at_best`: as successes.
    The three are absent where fewer than the least number answered. `enough`: whether the follow-up is enough.
    """

    visit: str
    level: str
    due: int
    yes: int
    no: int
    missing: int
    ended: int
    pending: int
    enough: bool
    of_answers: Share | None = None
    if_failed: Share | None = None
    at_best: Share | None = None

    @property
    def answered(self) -> int:
        """Of those due, how many have an answer that is on one side."""
        return self.yes + self.no


class Followed(Struct, frozen=True, kw_only=True):
    """At so many calendar months: how many were still followed, and what the curve says on the last day they can be.

    `with_ends`: the share still relieved if each repeat, rescue and surgery had been a loss.
    """

    month: int
    day: int
    followed: int
    step: Step | None = None
    with_ends: float | None = None


class ReliefTime(Struct, frozen=True, kw_only=True):
    """How long relief lasted of those who had it at first.

    `at_first`, `never`, `unknown`: treatments whose first answer reached the level, did not, or is not there. `lost`:
    of those at first, seen to be lost. `ends`: what else ended the watch. `curve`: absent of fewer than the least.
    """

    level: str
    at_first: int
    never: int
    unknown: int
    lost: int
    ends: tuple[tuple[EndKind, int], ...]
    months: tuple[Followed, ...]
    curve: LossCurve | None = None


class EventCount(Struct, frozen=True, kw_only=True):
    """How often one kind of event is recorded, and how it was found; None: not recorded how."""

    kind: str
    severity: str | None
    found: FoundBy | None
    asked: bool | None
    early: bool
    count: int


class Complications(Struct, frozen=True, kw_only=True):
    """Treatments after which events were asked for, those where they were not, and those that cannot be known yet.

    `any`, `serious`: with an event by the day asked. `serious_share`: of those asked, with exact limits, from the least
    number. `open`: an event without a severity. Where events were not asked for only those are known that were told.
    """

    asked: int
    any: int
    serious: int
    open: int
    not_asked: int
    any_not_asked: int
    serious_not_asked: int
    not_yet: int
    events: tuple[EventCount, ...]
    serious_share: Share | None = None


class GroupResult(Struct, frozen=True, kw_only=True):
    """One group, or several joined because they are small. `done`: treatments; `answered`: with any answer at all.

    `state`: of what is told first; of different procedures joined there are only counts. `low_baseline`: began under
    the floor below which a percentage is unsafe.
    """

    members: tuple[Group, ...]
    done: int
    answered: int
    with_baseline: int
    low_baseline: int
    state: State
    first: Responders
    responders: tuple[Responders, ...]
    relief: ReliefTime
    complications: Complications


class ProcedureResults(Struct, frozen=True, kw_only=True):
    """One procedure (or several joined) as a whole, by indication, and its operators at what is told first."""

    members: tuple[Procedure, ...]
    whole: GroupResult
    groups: tuple[GroupResult, ...]
    operators: Funnel | None = None


class Results(Struct, frozen=True, kw_only=True):
    """The results as of a day, by procedure. `done`: all rows."""

    as_of: date
    done: int
    answered: int
    first_day: date | None
    last_day: date | None
    tables: ResultsTables
    procedures: tuple[ProcedureResults, ...]


class NotUsable(ValueError):
    """A row that cannot be counted. The message is one sentence."""


def cohort(rows: Iterable[TreatmentRow], as_of: date, tables: ResultsTables) -> Results:
    """The results of some treatments as of a day. Raises NotUsable for a row that knows more than was known then."""
    tallies: dict[Group, Tally] = {}
    operators: dict[Procedure, dict[str | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    days_of = MonthDays(tables.months)
    first_day = last_day = None
    for row in rows:
        _check(row, as_of)
        procedure = (row.therapy, row.region)
        group = (procedure, row.indication)
        tally = tallies.get(group)
        if tally is None:
            tally = tallies[group] = Tally(as_of, tables.first_level, tables.months, tables.serious)
        tally.add(row, days_of)
        first_day = row.day if first_day is None or row.day < first_day else first_day
        last_day = row.day if last_day is None or row.day > last_day else last_day
        word = _first_answer(row, as_of, tables)
        if word is not None:
            operators[procedure][row.operator][word] += 1
    return results_of(tallies, operators, as_of, tables, first_day=first_day, last_day=last_day)


def results_of(
    tallies: Mapping[Group, Tally],
    operators: Mapping[Procedure, Mapping[str | None, Counter[str]]],
    as_of: date,
    tables: ResultsTables,
    *,
    first_day: date | None,
    last_day: date | None,
) -> Results:
    """The results of what was counted already. `operators`: by procedure and operator, yes and no at what is told first
    (`first_answers` of a tally)."""
    blocks = joined_within({group: tally.answered for group, tally in tallies.items()}, tables.least)
    found: dict[tuple[Procedure, ...], list[tuple[Group, ...]]] = {}
    for block in blocks:
        found.setdefault(tuple(dict.fromkeys(procedure for procedure, _ in block)), []).append(block)
    return Results(
        as_of=as_of,
        done=sum(tally.done for tally in tallies.values()),
        answered=sum(tally.answered for tally in tallies.values()),
        first_day=first_day,
        last_day=last_day,
        tables=tables,
        procedures=tuple(_procedure(members, inside, tallies, operators, tables) for members, inside in found.items()),
    )


def _check(row: TreatmentRow, as_of: date) -> None:
    if row.known > as_of:
        raise NotUsable(
            f"a row of {row.therapy} knows what was known on {row.known}; results as of {as_of} need rows made by then"
        )
    if row.day > as_of:
        raise NotUsable(
            f"a row of {row.therapy} lies on {row.day}, after {as_of}; leave it out or ask as of a later day"
        )


def first_answers(tally: Tally, tables: ResultsTables) -> Counter[str]:
    """Yes and no at what is told first, as a tally has them: what operators are compared by."""
    found: Counter[str] = Counter()
    for reached, count in tally.visits.get(tables.first_visit, {}).items():
        word = next((word for id, word in reached if id == tables.first_level), "unknown")
        if word != "unknown":
            found[word] += count
    return found


def _first_answer(row: TreatmentRow, as_of: date, tables: ResultsTables) -> str | None:
    """Yes or no at what is told first, where its window has closed and nothing came before."""
    first = tables.first_visit
    for visit in row.visits:
        if visit.visit == first and not visit.ended and visit.last < as_of:
            return next((word for id, word in visit.reached if id == tables.first_level and word != "unknown"), None)
    return None


def _procedure(
    members: tuple[Procedure, ...],
    blocks: Sequence[tuple[Group, ...]],
    tallies: Mapping[Group, Tally],
    operators: Mapping[Procedure, Mapping[str | None, Counter[str]]],
    tables: ResultsTables,
) -> ProcedureResults:
    groups = [(block, together(tallies[group] for group in block)) for block in blocks]
    everyone = together(tally for _, tally in groups)
    whole = _group(tuple(group for block, _ in groups for group in block), everyone, tables)
    # Operators are compared within one procedure only: several procedures joined say nothing of anybody.
    counts = operators.get(members[0], {}) if len(members) == 1 else {}
    return ProcedureResults(
        members=members,
        whole=whole,
        groups=tuple(_group(block, tally, tables) for block, tally in groups) if len(groups) > 1 else (whole,),
        operators=funnel(
            {key: (words["yes"], words["yes"] + words["no"]) for key, words in counts.items()},
            tables.least,
            tables.funnel_levels,
        )
        if any(key is not None for key in counts)
        else None,
    )


def _group(members: tuple[Group, ...], tally: Tally, tables: ResultsTables) -> GroupResult:
    # A rate over different procedures would be one of none of them.
    rates = len({procedure for procedure, _ in members}) == 1
    responders = tuple(
        _responders(tally, visit.id, level.says.id, tables, rates) for visit in tables.visits for level in tables.levels
    )
    first = next(row for row in responders if (row.visit, row.level) == (tables.first_visit, tables.first_level))
    return GroupResult(
        members=members,
        done=tally.done,
        answered=tally.answered,
        with_baseline=tally.with_baseline,
        low_baseline=tally.below_floor,
        state=_state(first),
        first=first,
        responders=responders,
        relief=_relief(tally, tables, rates),
        complications=_complications(tally, tables, rates),
    )


def _state(first: Responders) -> State:
    if first.due == 0:
        return "not due"
    if first.of_answers is None:
        return "counts only"
    return "told" if first.enough else "not known yet"


def _responders(tally: Tally, visit: str, level: str, tables: ResultsTables, rates: bool) -> Responders:
    words: Counter[str] = Counter()
    for reached, count in tally.visits.get(visit, {}).items():
        words[next((word for id, word in reached if id == level), "unknown")] += count
    yes, no, ended = words["yes"], words["no"], tally.ended[visit]
    due = sum(words.values()) + ended
    rates = rates and yes + no >= tables.least
    return Responders(
        visit=visit,
        level=level,
        due=due,
        yes=yes,
        no=no,
        missing=words["unknown"],
        ended=ended,
        pending=tally.pending[visit],
        enough=due > 0 and Fraction(100 * (yes + no), due) >= tables.follow_up,
        of_answers=_share(yes, yes + no) if rates else None,
        if_failed=_share(yes, due) if rates else None,
        at_best=_share(due - no, due) if rates else None,
    )


def _share(count: int, total: int) -> Share:
    low, high = wilson(count, total)
    return Share(count=count, total=total, low=low, high=high)


def _relief(tally: Tally, tables: ResultsTables, rates: bool) -> ReliefTime:
    # The last day on which so many calendar months can be reached.
    days = [_longest(month) for month in tables.months]
    curve = loss_curve(tally.spans, tables.least, days) if rates else None
    if_lost = loss_curve(tally.spans_with_ends, tables.least) if tally.ends and curve is not None else None
    months = []
    for month, day in zip(tables.months, days, strict=True):
        step = curve.at(day) if curve is not None else None
        ended = if_lost.at(day) if if_lost is not None else None
        months.append(
            Followed(
                month=month,
                day=day,
                followed=tally.followed(month),
                step=step,
                with_ends=ended.share if ended is not None else None,
            )
        )
    return ReliefTime(
        level=tally.level,
        at_first=tally.at_first["yes"],
        never=tally.at_first["no"],
        unknown=tally.done - tally.at_first["yes"] - tally.at_first["no"],
        lost=sum(count for (_, lost), count in tally.spans.items() if lost is not None),
        ends=tuple(sorted(tally.ends.items())),
        months=tuple(months),
        curve=curve,
    )


def _longest(months: int) -> int:
    """The most days that so many calendar months can have."""
    if not months:
        return 0
    days = MonthDays((months,))
    return max(days[date(year, month, 1)][0] for year in (2023, 2024) for month in range(1, 13))


def _complications(tally: Tally, tables: ResultsTables, rates: bool) -> Complications:
    asked, serious = tally.asked[True], tally.with_serious[True]
    share = None
    if rates and asked >= tables.least:
        low, high = exact_limits(serious, asked)
        share = Share(count=serious, total=asked, low=low, high=high)
    return Complications(
        asked=asked,
        any=tally.with_event[True],
        serious=serious,
        open=tally.severity_open[True],
        not_asked=tally.asked[False],
        any_not_asked=tally.with_event[False],
        serious_not_asked=tally.with_serious[False],
        not_yet=tally.asked[None],
        events=tuple(
            EventCount(kind=kind, severity=severity, found=found, asked=asked_for, early=early, count=count)
            for (asked_for, early, kind, severity, found), count in sorted(
                tally.events.items(), key=lambda row: [str(part) for part in row[0]]
            )
        ),
        serious_share=share,
    )
