"""What is said of the flags of a record: the shapes behind the page, the JSON, the notes and the stops."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.criteria.nodes import Cite, Mark, weakest
from levamen.knowledge.flags.rows import Act, Flag, General
from levamen.record.timeline import When

FlagStatus = Literal["fires", "unknown", "noted", "not_asked", "no"]
FLAG_STATUSES: tuple[FlagStatus, ...] = ("fires", "unknown", "noted", "not_asked", "no")
"""fires: a combination is there. unknown: it would be there if what is doubtful or old still holds, and that stops.
noted: signs are there that alone are not enough. not_asked: nobody looked. no: looked for, and not there."""


class Found(Struct, frozen=True, kw_only=True):
    """A fact that speaks for a flag. `known` is when it was recorded, else its own date."""

    id: str
    says: str
    date: When | None
    known: When | None


class Due(Struct, frozen=True, kw_only=True):
    """By when: an instant, or a day to its end. `counted_from_day`: the hour was not recorded, so the day's start."""

    at: datetime | None = None
    on: date | None = None
    counted_from_day: bool = False

    def day(self, zone: ZoneInfo) -> date | None:
        """The local day of it."""
        return self.at.astimezone(zone).date() if self.at is not None else self.on


class ActDue(Struct, frozen=True, kw_only=True):
    """One act with its time; none where no source gives one, or where it counts from the request."""

    act: Act
    due: Due | None = None


class Clearance(Struct, frozen=True, kw_only=True):
    """A named clinician's judgement that the procedure may go on, with its reason. It holds to the end of `ends`."""

    id: str
    author: str
    by: str
    note: str
    day: date
    ends: date
    own_end: bool


class NotClearing(Struct, frozen=True, kw_only=True):
    """A statement about a flag that does not clear it, and why."""

    id: str
    why: str


class FlagAnswer(Struct, frozen=True, kw_only=True):
    """One flag. `found` speak for it; `doubts` say why it is unknown; `missing` is what was not recorded.

    `since` is when what is there became enough to fire. `followed_up` is a later evaluation about it: the task of the
    day is done, the flag stays until it is cleared.
    """

    flag: Flag
    status: FlagStatus
    urgency: str
    dossier: str
    found: tuple[Found, ...] = ()
    doubts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    since: When | None = None
    due: Due | None = None
    acts: tuple[ActDue, ...] = ()
    clearance: Clearance | None = None
    not_clearing: tuple[NotClearing, ...] = ()
    followed_up: str | None = None
    cites: tuple[Cite, ...] = ()

    @property
    def mark(self) -> Mark:
        """The weakest mark of what it rests on."""
        return weakest(tuple(cite.mark for cite in self.cites))

    @property
    def open(self) -> bool:
        """Whether it fires, or may, and nobody has cleared it."""
        return self.status in ("fires", "unknown") and self.clearance is None

    def blocks(self, on: date) -> bool:
        """Whether it stops an elective procedure on a day: a clearance must hold on that day too."""
        if not self.flag.blocks or self.status not in ("fires", "unknown"):
            return False
        return self.clearance is None or on > self.clearance.ends


class FlagReview(Struct, frozen=True, kw_only=True):
    """Every flag of one record as known at `moment`, by urgency and id.

    `asked` is the latest answer to the red-flag list that still counts, and its day. `which`: it was yes, and no sign
    is recorded. `conflicts`: it was no, and a sign is recorded, which counts. Where the patient has
    `died` nothing is judged.
    """

    patient: str
    as_of: date
    moment: str
    zone: ZoneInfo
    has_zone: bool
    answers: tuple[FlagAnswer, ...]
    general: General
    asked: tuple[str, When] | None = None
    which: bool = False
    conflicts: tuple[str, ...] = ()
    died: bool = False

    def of(self, status: FlagStatus) -> tuple[FlagAnswer, ...]:
        """The flags of a status, in order."""
        return tuple(answer for answer in self.answers if answer.status == status)

    def flag(self, id: str) -> FlagAnswer | None:
        """One flag; none where this version does not judge it."""
        return next((answer for answer in self.answers if answer.flag.id == id), None)
