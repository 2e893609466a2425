"""What a new referral says at once: warning signs, and what the letter lacks, from the record as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from clinic.clock import now
from levamen.emit.words import dates_in_words
from levamen.pathway.flag_answers import FlagAnswer, FlagReview
from levamen.pathway.flags import review_flags
from levamen.pathway.intake import IntakeSheet, intake
from levamen.pathway.intake_answers import FieldAnswer
from levamen.record import codes
from levamen.record.facts import Record
from records.facts import reading_of, readings_of
from records.models import Patient

NO_BARRIERS = "yellow-flags"
"""Barriers to recovery are no warning signs: they change the plan and never the urgency."""
_AT_ONCE = ("emergency", "same-day")


class Lacking(Struct, frozen=True, kw_only=True):
    """One group of what a referral should say: how many of its questions are answered, and those that are not."""

    title: str
    answered: int
    of: int
    open: tuple[FieldAnswer, ...]


class Look(Struct, frozen=True, kw_only=True):
    """A referral at a glance. `rank` orders the list: what cannot wait comes first."""

    review: FlagReview
    lacking: tuple[Lacking, ...]

    @property
    def firing(self) -> tuple[FlagAnswer, ...]:
        """Warning signs that are there and that nobody cleared, the gravest first."""
        return self._open("fires")

    @property
    def doubtful(self) -> tuple[FlagAnswer, ...]:
        """Warning signs that may be there."""
        return self._open("unknown")

    @property
    def noted(self) -> tuple[FlagAnswer, ...]:
        """Signs that are there, and are not enough alone."""
        return tuple(row for row in self.review.of("noted") if row.flag.id != NO_BARRIERS)

    @property
    def unasked(self) -> tuple[FlagAnswer, ...]:
        """What nobody looked for."""
        return tuple(row for row in self.review.of("not_asked") if row.flag.id != NO_BARRIERS)

    @property
    def asked(self) -> bool:
        """Whether the list of warning signs was asked, and the answer still counts."""
        return self.review.asked is not None

    @property
    def asked_says(self) -> str:
        """When the list of warning signs was asked, and what the answer was."""
        if self.review.asked is None:
            return "the list was not asked"
        answer, when = self.review.asked
        return f"list asked {dates_in_words(str(when).partition('T')[0])}: {answer}"

    @property
    def at_once(self) -> bool:
        """Whether one of them cannot wait until tomorrow."""
        return any(row.urgency in _AT_ONCE for row in self.firing)

    @property
    def rank(self) -> int:
        grades = [int(codes.entry("urgencies", row.urgency)["order"]) for row in self.firing]
        return min(grades, default=50 if self.doubtful or self.review.which else 60 if not self.asked else 70)

    @property
    def answered(self) -> int:
        return sum(group.answered for group in self.lacking)

    @property
    def of(self) -> int:
        return sum(group.of for group in self.lacking)

    @property
    def says(self) -> str:
        """The first sentence: what is to do with this referral."""
        if self.at_once:
            first = self.firing[0]
            return f"Call now: {first.flag.title}, {codes.label('urgencies', first.urgency)}."
        if self.firing:
            first = self.firing[0]
            return f"{first.flag.title}: {codes.label('urgencies', first.urgency)}."
        if self.review.which:
            return "The red-flag list was answered yes, and which sign is not recorded: ask now."
        if self.doubtful:
            return f"Perhaps {self.doubtful[0].flag.title}: ask before anything else."
        if not self.asked:
            return "No warning sign is recorded, and nobody asked about them. Not asked is not no."
        return "No warning sign: they were asked about."

    def _open(self, status: str) -> tuple[FlagAnswer, ...]:
        return tuple(
            row for row in self.review.answers if row.status == status and row.open and row.flag.id != NO_BARRIERS
        )


def look(record: Record, at: datetime) -> Look:
    """One referral at a glance, as of a moment."""
    return Look(review=review_flags(record, at), lacking=lacking(intake(record, at)))


def lacking(sheet: IntakeSheet) -> tuple[Lacking, ...]:
    """What a referral should say, group by group, and how much of it stands in the record."""
    found = []
    for group in sheet.form.groups:
        rows = [row for row in sheet.of_group(group.id) if "referral" in row.field.needed]
        if rows:
            open_ = tuple(row for row in rows if row.sentence is not None)
            found.append(Lacking(title=group.title, answered=len(rows) - len(open_), of=len(rows), open=open_))
    return tuple(found)


def looks(patients: Iterable[Patient]) -> dict[int, Look]:
    """Several referrals at a glance. What was worked out in this hour from the same record is not worked out again."""
    at = now()
    wanted = list(patients)
    fresh = [one for one in wanted if _key(one, at) not in _kept]
    readings = readings_of(fresh) if fresh else {}
    if len(_kept) > _MOST:
        _kept.clear()
    for one in fresh:
        _kept[_key(one, at)] = look(readings[one.pk]().record, at)
    return {one.pk: _kept.get(_key(one, at)) or look(reading_of(one).record, at) for one in wanted}


_MOST = 2000
_kept: dict[tuple[int, int, str], Look] = {}
"""Looks by patient, version of the record, and hour."""


def _key(patient: Patient, at: datetime) -> tuple[int, int, str]:
    return patient.pk, patient.head, at.strftime("%Y-%m-%dT%H")
