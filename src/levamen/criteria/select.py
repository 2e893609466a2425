"""Which facts a selection holds: surely, perhaps, and whether there may be others that nobody recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any as Anything
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import All, Among, Facts, Same, Truth, Window
from levamen.criteria.outcome import Missing, Outcome
from levamen.criteria.situation import Situation
from levamen.criteria.truth import Reason
from levamen.record.facts import called
from levamen.record.timeline import Duration, When, add_months, after

Judge = Callable[[Truth, Situation, Anything], Outcome]
"""Evaluates a truth with a fact at hand."""


class Member(Struct, frozen=True):
    """A fact that is, or may be, selected."""

    fact: Anything
    certain: bool
    missing: tuple[Missing, ...] = ()
    stale: bool = False


_ASKED_ABOUT = 3
"""Of many facts that may count, the latest few are asked about: settling those usually settles the question."""


def latest_few(members: Iterable[Member]) -> list[Member]:
    """The members that are asked about."""
    return sorted(members, key=_latest_first)[:_ASKED_ABOUT]


def _latest_first(member: Member) -> tuple[int, str]:
    day = member.fact.day
    return (-day.last.toordinal() if day is not None else 0), str(member.fact.id)


class Selected(Struct, frozen=True):
    """A selection under one reading. `gap` is what could hide further facts; absent, the record is complete."""

    members: tuple[Member, ...]
    gap: Missing | None

    @property
    def sure(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.certain)

    @property
    def maybe(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if not member.certain)

    def open_questions(self) -> tuple[Missing, ...]:
        """What would have to be known to make the selection certain."""
        found: dict[Missing, None] = {}
        for member in latest_few(self.maybe):
            found.update(dict.fromkeys(member.missing))
        if self.gap is not None:
            found[self.gap] = None
        return tuple(found)


def _is_another(fact: Anything, words: Iterable[tuple[str, frozenset[str]]]) -> bool:
    """Whether one of some fields surely holds another word than it must."""
    for name, wanted in words:
        held = getattr(fact, name)
        if isinstance(held, str) and held not in wanted and held != "unknown":
            return True
    return False


def select(facts: Facts, situation: Situation, judge: Judge) -> tuple[Selected, ...]:
    """The selection under each reading: of the edge of its window, and of any ambiguous condition of a fact."""
    rows = []
    anchor = _anchor(facts, situation, judge) if facts.window and facts.window.kind == "anchored" else None
    words = facts.words_wanted if not situation.verified_only else ()
    for seen in situation.views.get(facts.kind, ()):
        if words and _is_another(seen.fact, words):
            continue  # not met whatever else it says; large records hold many facts of other kinds
        outcome = judge(facts.where, situation, seen.fact) if facts.where is not None else None
        status = outcome.status if outcome is not None else "met"
        place = _place(facts.window, seen.fact, situation, anchor)
        if status == "not_met" or place == "out":
            continue
        rows.append((seen, status, place, outcome))
    gap = _gap(facts, situation)
    edges = (True, False) if any(place == "edge" for _, _, place, _ in rows) else (True,)
    leniencies = (True, False) if any(status == "ambiguous" for _, status, _, _ in rows) else (True,)
    readings = []
    for inside in edges:
        for lenient in leniencies:
            members = []
            for seen, status, place, outcome in rows:
                if (place == "edge" and not inside) or (status == "ambiguous" and not lenient):
                    continue
                stale = _stale(facts, seen.fact, situation.as_of)
                missing = outcome.all_missing() if outcome is not None and status == "unknown" else ()
                if stale:
                    missing = (*missing, _missing(facts, "stale", f"a current {facts.noun}", seen.fact))
                if facts.max_age is not None and seen.fact.day is None:
                    missing = (
                        *missing,
                        _missing(facts, "value_missing", f"the day of {called(seen.fact)}", seen.fact),
                    )
                if not seen.certain or place == "maybe":
                    missing = (
                        *missing,
                        _missing(facts, "value_missing", f"whether {called(seen.fact)} counts", seen.fact),
                    )
                members.append(Member(seen.fact, not missing and status != "unknown", missing, stale))
            readings.append(Selected(tuple(members), gap))
    return tuple(readings)


def _missing(facts: Facts, reason: Reason, what: str, fact: Anything) -> Missing:
    return Missing(kind=facts.kind, what=what, reason=reason, fact=fact.id)


def _stale(facts: Facts, fact: Anything, as_of: date) -> bool:
    if facts.max_age is None or fact.day is None:
        return False
    return after(fact.day.first, facts.max_age.length) < as_of


def _place(
    window: Window | None, fact: Anything, situation: Situation, anchor: date | None
) -> Literal["in", "out", "edge", "maybe"]:
    """Where a fact stands to the window that ends on the service date."""
    if window is None or window.kind == "lifetime":
        return "in"
    if fact.day is None:
        return "maybe"
    if window.kind == "episode":
        return _in_episode(fact, situation.episode, situation.episode_last)
    early = _one_day(window, fact.day.first, situation.on, anchor)
    late = _one_day(window, fact.day.last, situation.on, anchor)
    if early == late:
        return early
    return "maybe"


def _in_episode(fact: Anything, onset: date | None, latest: date | None) -> Literal["in", "out", "maybe"]:
    """Since the index pain began; what began before it and reaches into it, or an unknown onset, leaves doubt.

    `onset` and `latest` are the earliest and latest reading of the day on which it began.
    """
    if onset is None:
        return "maybe"
    if fact.day.first >= (latest or onset):
        return "in"
    end: When | None = getattr(fact, "end", None)
    over = fact.day.last if end is None and not _goes_on(fact) else end.last if end is not None else None
    return "out" if over is not None and over < onset else "maybe"


def _goes_on(fact: Anything) -> bool:
    """Whether a fact without an end is a course that was still going when it was recorded."""
    return hasattr(fact, "response")


def _one_day(window: Window, day: date, on: date, anchor: date | None) -> Literal["in", "out", "edge"]:
    if day > on:
        return "out"
    if window.kind == "calendar-year":
        return "in" if day.year == on.year else "out"
    if window.kind == "anchored":
        start = _year_of_anchor(anchor, on)
        return "in" if start is None or day >= start else "out"
    clears = after(day, _length(window))
    if on < clears:
        return "in"
    if on > clears:
        return "out"
    on_the_edge: dict[str, Literal["in", "out", "edge"]] = {"both": "edge", "inside": "in", "outside": "out"}
    return on_the_edge[window.edge]


def _length(window: Window) -> Duration:
    if window.length is None:
        raise TypeError("a rolling window needs a length of time")
    return window.length.length


def _anchor(facts: Facts, situation: Situation, judge: Judge) -> date | None:
    """The day of the first such fact, from which the plan's years are counted."""
    days = [
        seen.fact.day.first
        for seen in situation.views.get(facts.kind, ())
        if seen.fact.day is not None
        and (facts.where is None or judge(facts.where, situation, seen.fact).status == "met")
    ]
    return min(days, default=None)


def _year_of_anchor(anchor: date | None, on: date) -> date | None:
    if anchor is None:
        return None
    start, years = anchor, 0
    while (following := add_months(anchor, 12 * (years + 1))) <= on:
        start, years = following, years + 1
    return start


def _gap(facts: Facts, situation: Situation) -> Missing | None:
    """What keeps the record from being complete for this selection, if anything."""
    if facts.closed_by == "recorded":
        return None
    kind = situation.closing.get(facts.kind, facts.kind)
    therapies, regions = _narrowing(facts.where, situation)
    entries = [entry for entry in situation.completeness if entry.speaks_of(kind, therapies, regions)]
    if facts.window is None and facts.closed_by == "present":
        max_age = facts.max_age.length if facts.max_age is not None else None
        if any(entry.closes_present(situation.as_of, max_age) for entry in entries):
            return None
        stale = any(entry.closes_present(situation.as_of, None) for entry in entries)
        reason: Reason = "stale" if stale else "outside_completeness" if entries else "not_recorded"
    else:
        first = _first_day_needed(facts, situation)
        if first is not None and any(entry.closes_span(first, situation.as_of) for entry in entries):
            return None
        reason = "outside_completeness" if entries else "not_recorded"
    return Missing(kind=kind, what=f"whether the record holds every {facts.noun}", reason=reason)


def _first_day_needed(facts: Facts, situation: Situation) -> date | None:
    """The day from which the record must be complete; None where that day is unknown."""
    window = facts.window
    birth = situation.person.birth_date.first if situation.person.birth_date is not None else None
    if window is None:
        return birth if facts.closed_by == "lifetime" else situation.episode or birth
    match window.kind:
        case "lifetime":
            return birth
        case "episode":
            return situation.episode or birth
        case "calendar-year":
            return date(situation.on.year, 1, 1)
        case "anchored":
            return add_months(situation.on, -12)
        case "rolling":
            return _before(situation.on, _length(window))


def _before(on: date, length: Duration) -> date:
    """The earliest day that a rolling window of this length, ending on `on`, can contain."""
    if length.unit in ("months", "years"):
        return add_months(on, -int(length.amount) * (12 if length.unit == "years" else 1))
    days = {"days": 1, "weeks": 7}.get(length.unit, 1)
    return on - timedelta(days=int(length.amount) * days)


def _narrowing(where: Truth | None, situation: Situation) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """The therapies and regions that a selection is limited to, for completeness that is narrowed likewise."""
    therapies: frozenset[str] | None = None
    regions: frozenset[str] | None = None
    for item in where.items if isinstance(where, All) else (where,):
        if isinstance(item, Among) and item.field.of == "it" and item.field.name == "therapy":
            therapies = frozenset().union(*(choice.words for choice in item.choices))
        if isinstance(item, Among) and item.field.of == "it" and item.field.name == "region":
            regions = frozenset().union(*(choice.words for choice in item.choices))
        if isinstance(item, Same) and item.name == "region" and situation.subject.region is not None:
            regions = frozenset({situation.subject.region})
            if item.grouping is not None:
                regions = frozenset().union(*(g for g in item.grouping.groups if situation.subject.region in g))
    return therapies, regions
