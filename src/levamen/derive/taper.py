"""How fast the daily total of opioids falls, against each published pace by its name; what is said of a sudden stop.

A stop is no pace: no published per cent is kept by a fall to nothing, so it is told apart.
A dated total is in MME a day, every order at the most it allows, all with one factor table. Cuts closer together than
a rule's length of time are added. Which rule fits the patient is the clinician's to say: nothing here advises a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from levamen.knowledge.opioids import Opioids, Pace, TaperRule
from levamen.record.timeline import add_months, after

Status = Literal["met", "not_met", "ambiguous", "unknown"]


class DatedTotal(Struct, frozen=True):
    """A total from a day on until the next one. `mme` absent: not known, or an opioid is taken that is not counted."""

    day: date
    mme: Fraction | None
    orders: tuple[str, ...] = ()


class Cut(Struct, frozen=True, kw_only=True):
    """One fall of the total. `percent` is of the total before; `stop`: to nothing."""

    day: date
    before: Fraction
    after: Fraction

    @property
    def percent(self) -> Fraction:
        return (self.before - self.after) * 100 / self.before

    @property
    def stop(self) -> bool:
        return self.after == 0


class PaceAnswer(Struct, frozen=True, kw_only=True):
    """A rule against every fall. `worst` is the largest fall within the rule's length of time, in per cent of what the
    rule takes per cent of, `on` the day that completes it. `applies`: whether the rule speaks of so long a use; None
    where the record does not say how long."""

    rule: TaperRule
    status: Status
    applies: bool | None
    worst: Fraction | None = None
    on: date | None = None
    reason: str = ""


class Taper(Struct, frozen=True, kw_only=True):
    """The falls of a series, each rule's answer, and what else is on record.

    `agreed`: the patient's choice is recorded for every cut; None where it is not recorded. `contact_by` is the day by
    which contact is due after the last cut. `since`: the first day of a use without a gap, as far as recorded.
    """

    totals: tuple[DatedTotal, ...]
    cuts: tuple[Cut, ...]
    answers: tuple[PaceAnswer, ...]
    unknown_from: date | None = None
    since: date | None = None
    agreed: bool | None = None
    contact_by: date | None = None


def taper(
    totals: Sequence[DatedTotal],
    opioids: Opioids,
    on: date,
    *,
    since: date | None = None,
    agreed: bool | None = None,
) -> Taper:
    """Every fall of a series in the order of its days, and each rule's answer to them, seen from a day `on`."""
    rows = sorted(totals, key=lambda total: total.day)
    cuts = cuts_of(rows)
    paced = [cut for cut in cuts if not cut.stop]
    open_from = next((row.day for row in rows if row.mme is None), None)
    return Taper(
        totals=tuple(rows),
        cuts=cuts,
        answers=tuple(_answer(rule, paced, since, open_from) for rule in opioids.tapers) if paced else (),
        unknown_from=open_from,
        since=since,
        agreed=agreed if cuts else None,
        contact_by=_contact(cuts, on, opioids.contact.months),
    )


def _contact(cuts: Sequence[Cut], on: date, months: int | None) -> date | None:
    """The day by which contact is due after the last cut made, or after the first one planned."""
    made = [cut for cut in cuts if cut.day <= on]
    last = made[-1] if made else cuts[0] if cuts else None
    return add_months(last.day, months) if last is not None and months is not None and not last.stop else None


def cuts_of(rows: Sequence[DatedTotal]) -> tuple[Cut, ...]:
    """Every fall from one known total to the next. Across a day whose total is not known nothing is said."""
    found = []
    for before, now in pairwise(rows):
        if before.mme is not None and now.mme is not None and now.mme < before.mme:
            found.append(Cut(day=now.day, before=before.mme, after=now.mme))
    return tuple(found)


def _answer(rule: TaperRule, cuts: Sequence[Cut], since: date | None, open_from: date | None) -> PaceAnswer:
    falls = [_worst(rule, pace, cuts) for pace in rule.paces]
    kept = [percent <= Fraction(pace.percent) for pace, (percent, _) in zip(rule.paces, falls, strict=True)]
    percent, day = falls[0]
    status: Status = "met" if all(kept) else "ambiguous" if any(kept) else "not_met"
    reason = "" if status != "ambiguous" else "one reading of the text keeps it, another does not"
    unverified = rule.says.cites[0].mark == "unverified"
    if status == "met" and (open_from is not None or unverified):
        told = f"the total from {open_from.isoformat()} on is not known" if open_from is not None else ""
        status, reason = "unknown", told or "awaiting confirmation"
    applies = _applies(rule, since, cuts[0].day)
    return PaceAnswer(rule=rule, status=status, applies=applies, worst=percent, on=day, reason=reason)


def _worst(rule: TaperRule, pace: Pace, cuts: Sequence[Cut]) -> tuple[Fraction, date | None]:
    """The largest fall of cuts that lie within one length of time, and the day of its last cut."""
    worst, day = Fraction(0), None
    for last, cut in enumerate(cuts):
        for first in range(last + 1):
            start = cuts[first]
            if first < last and (pace.every is None or after(start.day, pace.every) <= cut.day):
                continue
            fall = (start.before - cut.after) * 100 / _of(rule, start, cuts[0])
            if fall > worst:
                worst, day = fall, cut.day
    return worst, day


def _of(rule: TaperRule, cut: Cut, first: Cut) -> Fraction:
    """The total of which a rule takes its per cent: the original one until so much of it is left, else the current."""
    left = cut.before * 100 / first.before
    if rule.of_original and (rule.until_left is None or left > Fraction(rule.until_left)):
        return first.before
    return cut.before


def _applies(rule: TaperRule, since: date | None, first: date) -> bool | None:
    """Whether a rule speaks of so long a use. An earlier use may not be on record, so a short one is never sure."""
    if rule.use is None:
        return True
    long = since is not None and add_months(since, 12) <= first
    return (rule.use == "a-year-or-more") if long else None
