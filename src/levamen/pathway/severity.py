"""How severe the pain is: the three ratings of ICD-11, never one grade, and the NIH impact score.

The ratings are those of the instrument icd-11-severity, and the nine items those of nih-impact-stratification. Where
one is missing it stays missing: no other rating stands in for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.derive.latest import latest
from levamen.derive.periods import Moment
from levamen.derive.scores import BandFound, Scored
from levamen.derive.views import seen
from levamen.knowledge.instruments import instrument
from levamen.pathway.scores import scored
from levamen.record.facts import Record, Score
from levamen.record.timeline import When
from levamen.text.tree import UnusableInput

RATINGS, IMPACT = "icd-11-severity", "nih-impact-stratification"
_CONFLICT = "several ratings may be the latest, and they differ"


class Rating(Struct, frozen=True, kw_only=True):
    """One of the three: the answer from 0 to 10 and its code from 0 to 3, or why there is none."""

    name: str
    answer: Decimal | None = None
    code: int | None = None
    label: str | None = None
    reason: str | None = None


class Severity(Struct, frozen=True, kw_only=True):
    """The three ratings of one pain, as last given. `pain`: absent where the rating names none."""

    pain: str | None
    ids: tuple[str, ...]
    date: When | None
    ratings: tuple[Rating, ...]
    cites: tuple[Cite, ...]


class Impact(Struct, frozen=True, kw_only=True):
    """The NIH impact score of one pain, or why there is none."""

    pain: str | None
    ids: tuple[str, ...]
    date: When | None
    value: Fraction | None = None
    low: int
    high: int
    bands: tuple[BandFound, ...] = ()
    reason: str | None = None
    missing: tuple[str, ...] = ()
    cites: tuple[Cite, ...]


def latest_scores(record: Record, moment: Moment, name: str) -> tuple[tuple[Score, ...], ...]:
    """For each pain that scores of an instrument name, those that may be the latest; pains in their order."""
    found = [fact for fact in record.of(Score) if isinstance(fact, Score) and fact.instrument == name]
    known = [fact for fact in found if seen(fact, moment.known)]
    return tuple(latest([fact for fact in known if fact.pain == pain]) for pain in dict.fromkeys(f.pain for f in known))


def severity(record: Record, moment: Moment) -> tuple[Severity, ...]:
    """The three codes of each pain that was rated; empty where none was."""
    return tuple(_severity(record, facts) for facts in latest_scores(record, moment, RATINGS))


def _severity(record: Record, facts: Sequence[Score]) -> Severity:
    found = [_scored(record, fact) for fact in facts]
    cites = next((row.cites for row in found if isinstance(row, Scored)), instrument(RATINGS).scoring.cites)
    ratings = tuple(_agreed([_rating(row, index) for row in found]) for index in range(len(instrument(RATINGS).items)))
    return Severity(
        pain=facts[0].pain, ids=tuple(fact.id for fact in facts), date=_day(facts), ratings=ratings, cites=cites
    )


def _rating(found: Scored | str, index: int) -> Rating:
    item = instrument(RATINGS).items[index]
    name = item.topic or item.name
    if isinstance(found, str):
        return Rating(name=name, reason=found)
    if not found.codes:
        return Rating(name=name, reason="one grade is recorded, not three ratings")
    answer, code = found.answers[item.name], found.codes[index]
    if code is None:
        return Rating(name=name, reason="not rated")
    row = next(rows for rows in instrument("nrs").bands if rows.id == "icd-11").rows[int(code)]
    return Rating(name=name, answer=answer, code=int(code), label=row.label)


def _agreed(ratings: Sequence[Rating]) -> Rating:
    """The rating that all who may be the latest give."""
    first = ratings[0]
    return first if all(other == first for other in ratings) else Rating(name=first.name, reason=_CONFLICT)


def impact(record: Record, moment: Moment) -> tuple[Impact, ...]:
    """The impact score of each pain that the nine items were answered for; empty where they were not."""
    return tuple(_impact(record, facts) for facts in latest_scores(record, moment, IMPACT))


def _impact(record: Record, facts: Sequence[Score]) -> Impact:
    of = instrument(IMPACT)
    found = [_scored(record, fact) for fact in facts]
    first = found[0]
    reason: str | None = None
    if any(isinstance(row, str) for row in found):
        reason = next(row for row in found if isinstance(row, str))
    elif len({row.value for row in found if isinstance(row, Scored)}) > 1:
        reason = _CONFLICT
    elif isinstance(first, Scored):
        reason = first.reason
    known = first if isinstance(first, Scored) and reason is None else None
    return Impact(
        pain=facts[0].pain,
        ids=tuple(fact.id for fact in facts),
        date=_day(facts),
        value=known.value if known is not None else None,
        low=int(of.low),
        high=int(of.high),
        bands=known.bands if known is not None else (),
        reason=reason,
        missing=first.missing if isinstance(first, Scored) and not first.entered and len(found) == 1 else (),
        cites=known.cites if known is not None else of.scoring.cites,
    )


def _scored(record: Record, fact: Score) -> Scored | str:
    try:
        return scored(record, fact)
    except UnusableInput as error:
        return str(error)


def _day(facts: Sequence[Score]) -> When | None:
    """The day, where one is the latest."""
    days = {fact.date for fact in facts}
    return days.pop() if len(days) == 1 else None
