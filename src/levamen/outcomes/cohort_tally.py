"""What is counted of the treatments of one group, row by row; tallies of groups that are joined are added."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from levamen.outcomes.answer import Word
from levamen.outcomes.cohort_rows import FoundBy, ReliefRow, TreatmentRow
from levamen.outcomes.loss_curve import Span
from levamen.outcomes.relief_time import EndKind
from levamen.record.timeline import add_months

Reached = tuple[tuple[str, Word], ...]


class Tally:
    """The counts of one group as of a day. `months` are those at which it is told how many are still followed."""

    def __init__(self, as_of: date, level: str, months: tuple[int, ...], serious: frozenset[str]) -> None:
        self.as_of, self.level, self.months, self.serious = as_of, level, months, serious
        self.done = self.answered = self.below_floor = self.with_baseline = 0
        self.told: set[Reached] = set()
        self.silent: set[Reached] = set()
        """Answers met so far that say something of some level, and that say nothing: few, met again and again."""
        self.visits: defaultdict[str, Counter[Reached]] = defaultdict(Counter)
        """Answers at the visits whose window has closed."""
        self.ended: Counter[str] = Counter()
        """Visits whose window has closed, and before which a repeat, surgery or death came."""
        self.pending: Counter[str] = Counter()
        """Visits whose window has not closed: they can still be asked."""
        self.at_first: Counter[Word] = Counter()
        self.spans: Counter[Span] = Counter()
        self.ends: Counter[EndKind] = Counter()
        self.instead: Counter[Span] = Counter()
        """Of those not seen to be lost, the spans that a repeat, a rescue or surgery would give if it were the loss."""
        self.reached: Counter[int] = Counter()
        """How many were followed for none of the months, for the first alone, for the first two …"""
        self.asked: Counter[bool | None] = Counter()
        self.events: Counter[tuple[bool | None, bool, str, str | None, FoundBy | None]] = Counter()
        """Events by: asked, early, kind, severity, how found."""
        self.with_event: Counter[bool | None] = Counter()
        self.with_serious: Counter[bool | None] = Counter()
        self.severity_open: Counter[bool | None] = Counter()

    def add(self, row: TreatmentRow, days_of: Mapping[date, tuple[int, ...]]) -> None:
        """Counts one row. `days_of`: the days since the procedure on which the months are reached, by its day."""
        self.done += 1
        self.below_floor += row.below_floor
        self.with_baseline += row.baseline is not None
        answered = False
        for visit in row.visits:
            reached = visit.reached
            told = reached in self.told or (reached not in self.silent and self._learn(reached))
            answered = answered or (told and not visit.ended)
            if visit.last >= self.as_of:
                if not told and not visit.ended:
                    self.pending[visit.visit] += 1
            elif visit.ended:
                self.ended[visit.visit] += 1
            else:
                self.visits[visit.visit][reached] += 1
        for relief in row.relief:
            if relief.level == self.level:
                answered = answered or relief.at_first != "unknown"
                self._relieved(relief, days_of[row.day])
        self.answered += answered
        if row.complications:
            self._events(row)
        else:
            self.asked[row.asked] += 1

    def _learn(self, reached: Reached) -> bool:
        """Whether an answer says something, kept for the next time."""
        told = any(word != "unknown" for _, word in reached)
        (self.told if told else self.silent).add(reached)
        return told

    def _relieved(self, relief: ReliefRow, days: tuple[int, ...]) -> None:
        self.at_first[relief.at_first] += 1
        if relief.at_first != "yes":
            return
        held, lost = relief.held, relief.lost
        self.spans[held, lost] += 1
        # The months rise: how many of them were reached says which.
        self.reached[bisect_right(days, held if lost is None else lost)] += 1
        if lost is None and relief.end is not None:
            self.ends[relief.end] += 1
            if relief.end != "death" and relief.end_day is not None:
                self.instead[held, max(relief.end_day, held + 1)] += 1

    def _events(self, row: TreatmentRow) -> None:
        asked = row.asked
        self.asked[asked] += 1
        for event in row.complications:
            self.events[asked, event.early, event.kind, event.severity, event.found] += 1
        early = [event for event in row.complications if event.early]
        self.with_event[asked] += bool(early)
        serious = any(event.severity in self.serious for event in early)
        self.with_serious[asked] += serious
        self.severity_open[asked] += not serious and any(event.severity is None for event in early)

    @property
    def spans_with_ends(self) -> Counter[Span]:
        """The spans, with a repeat, a rescue and surgery read as the loss."""
        found = self.spans.copy()
        for (held, lost), count in self.instead.items():
            found[held, None] -= count
            found[held, lost] += count
        return +found

    def followed(self, month: int) -> int:
        """How many were still followed when so many months were over."""
        place = self.months.index(month)
        return sum(count for reached, count in self.reached.items() if reached > place)

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        found = Tally(self.as_of, self.level, self.months, self.serious)
        for one in (self, other):
            found.done += one.done
            found.answered += one.answered
            found.below_floor += one.below_floor
            found.with_baseline += one.with_baseline
            for visit, counts in one.visits.items():
                found.visits[visit].update(counts)
            for name in _COUNTERS:
                getattr(found, name).update(getattr(one, name))
        return found


_COUNTERS = (
    "ended",
    "pending",
    "at_first",
    "spans",
    "ends",
    "instead",
    "reached",
    "asked",
    "events",
    "with_event",
    "with_serious",
    "severity_open",
)


def together(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one. Raises ValueError for none."""
    found: Tally | None = None
    for tally in tallies:
        found = tally if found is None else found.plus(tally)
    if found is None:
        raise ValueError("nothing to add")
    return found


class MonthDays(dict[date, tuple[int, ...]]):
    """How many days after a day each of some calendar months is reached; worked out once a day."""

    def __init__(self, months: tuple[int, ...]) -> None:
        super().__init__()
        self.months = months

    def __missing__(self, day: date) -> tuple[int, ...]:
        found = tuple((add_months(day, month) - day).days for month in self.months)
        self[day] = found
        return found
