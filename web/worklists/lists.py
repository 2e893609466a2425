"""The worklists of the clinic: each app says its own in a module `worklists` with `LISTS`; here they are counted.

A list is a query. What is counted and what is shown come from the same one, so that a count is right to the row.
Outside the care team one sees that something waits, for whom and since when, and not what the record says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.urls import NoReverseMatch, reverse
from msgspec import Struct

from people.models import Staff
from people.roles import CARE, Role
from records.models import CareTeam, Patient
from worklists.brought import modules


class Line(Struct, frozen=True, kw_only=True):
    """One row of a list in words. `due` is the moment it is late after; `url` opens it."""

    patient: Patient
    what: str
    why: str = ""
    due: datetime | None = None
    since: datetime | None = None
    owner: str = ""
    url: str = ""
    number: int = 0


class List(Struct, frozen=True, kw_only=True):
    """One worklist. `rows` gives the query as of a moment, in the list's order; `line` a row of it in words.

    `says` tells what stands on it, `empty` what it says when nothing does. `owner` and `role` are the fields (paths)
    by which a row is somebody's own, beside being of their patient. `act` is the address of what is done with a row
    here, where something is. `key` is the letter that opens one's first row from Today.
    """

    title: str
    says: str
    empty: str
    rows: Callable[[datetime], QuerySet[Any]]
    line: Callable[[Any], Line]
    roles: Collection[Role] = CARE
    patient: str = "patient"
    owner: str = ""
    role: str = ""
    review: bool = False
    beside_today: bool = True
    key: str = ""

    def mine(self, staff: Staff, now: datetime) -> QuerySet[Any]:
        """Somebody's own rows: of their patients, given to them, or to their role while nobody owns them."""
        return self.rows(now).filter(self._own(staff))

    def counted(self, staff: Staff, now: datetime, place: int) -> QuerySet[Any, Any]:
        """A question for the number of all rows and of one's own, beside a number that tells it from others. It has no
        answer where the list is empty."""
        # A review is of others' acts: whose patient it is does not matter.
        own = Count("pk") if self.review else Count("pk", filter=self._own(staff))
        rows = self.rows(now).order_by().values(place=Value(place))
        found: QuerySet[Any, Any] = rows.annotate(all=Count("pk"), own=own).values_list("place", "all", "own")
        return found

    def _own(self, staff: Staff) -> Q:
        own = Q(Exists(CareTeam.objects.filter(staff=staff, patient=OuterRef(self.patient))))
        if self.owner:
            own |= Q(**{self.owner: staff})
        if self.owner and self.role:
            own |= Q(**{f"{self.owner}__isnull": True, self.role: staff.role})
        return own


class Counted(Struct, frozen=True):
    """How many rows a list has, and how many of them are one's own."""

    id: str
    list: List
    all: int
    mine: int

    @property
    def others(self) -> int:
        return self.all - self.mine


def lists() -> dict[str, List]:
    """Every list of every app by its id, this app's own first; a later list of the same id takes its place."""
    found: dict[str, List] = {}
    for module in sorted(modules("worklists"), key=lambda module: module.__name__ != "worklists.worklists"):
        found.update(getattr(module, "LISTS", {}))
    return found


def lists_for(staff: Staff) -> dict[str, List]:
    """The lists that open to somebody's role."""
    return {id: held for id, held in lists().items() if Role(staff.role) in held.roles}


def counts(staff: Staff, now: datetime, held: dict[str, List]) -> list[Counted]:
    """All and own rows of several lists, in one question to the database."""
    asked = [one.counted(staff, now, place) for place, one in enumerate(held.values())]
    rows = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0] if asked else ()
    found = {place: (every, own) for place, every, own in rows}
    return [Counted(id, one, *found.get(place, (0, 0))) for place, (id, one) in enumerate(held.items())]


def opened(staff: Staff, patients: Sequence[int]) -> set[int]:
    """Which of some patients' records open to somebody as their own: what a list says of them may be read."""
    teams: dict[int, set[int]] = {pk: set() for pk in patients}
    for patient, member in CareTeam.objects.filter(patient__in=patients).values_list("patient_id", "staff_id"):
        teams[patient].add(member)
    alone = staff.role in (Role.COORDINATOR, Role.LEAD)
    return {patient for patient, members in teams.items() if staff.pk in members or (alone and not members)}


def link(name: str, **parts: Any) -> str:
    """The address of a route that may not exist in this clinic."""
    try:
        return reverse(name, kwargs=parts)
    except NoReverseMatch:
        return ""
