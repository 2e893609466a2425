"""What is asked of the results (procedure, period, operator), who may ask it, and the answer from the cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from msgspec import Struct

from clinic.kept import Kept
from levamen.outcomes.cohort import Group, Procedure, ProcedureResults, first_answers, results_of
from levamen.outcomes.cohort_cells import decoded
from levamen.outcomes.cohort_tally import Tally, together
from levamen.record.timeline import add_months
from people.models import Staff
from people.roles import Role
from results.models import Cell, Row
from results.working import tables

PERIODS = {"": "All", "12": "Last 12 months", "24": "Last 24 months", "36": "Last 36 months"}
"""Periods are few and long: two that differ by a month could be subtracted from one another."""
_KEPT: Kept[ProcedureResults | None] = Kept(60)


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked. `operator`: one operator's own, absent for the whole clinic. `letters`: operators are compared."""

    therapy: str = ""
    region: str = ""
    period: str = ""
    operator: str | None = None
    letters: bool = False

    @property
    def procedure(self) -> str:
        """As it stands in a form."""
        return f"{self.therapy}.{self.region}" if self.therapy else ""

    def since(self, day: date) -> date | None:
        """The first month that is counted."""
        return add_months(day.replace(day=1), -int(self.period)) if self.period else None


def read(staff: Staff, said: Mapping[str, Any]) -> Asked:
    """What a form asks. A physician asks for their own, a lead for all or one; others for all together."""
    therapy, _, region = str(said.get("procedure", "")).partition(".")
    period = str(said.get("period", ""))
    operator: str | None = None
    if staff.role == Role.PHYSICIAN:
        operator = staff.username
    elif staff.role == Role.LEAD:
        operator = str(said.get("operator", "")) or None
    return Asked(
        therapy=therapy[:80], region=region[:40], period=period if period in PERIODS else "", operator=operator,
        letters=staff.role == Role.LEAD and operator is None,
    )  # fmt: skip


def _of(asked: Asked, day: date) -> Q:
    wanted = Q()
    if asked.operator is not None:
        wanted &= Q(operator=asked.operator)
    if asked.therapy:
        wanted &= Q(therapy=asked.therapy, region=asked.region)
    since = asked.since(day)
    return wanted & Q(month__gte=since) if since is not None else wanted


def procedures(asked: Asked) -> list[dict[str, Any]]:
    """The procedures that were done at all, the most frequent first: therapy, region, how often, answered."""
    own = Cell.objects.filter(Q() if asked.operator is None else Q(operator=asked.operator), done__gt=0)
    rows = own.values("therapy", "region").annotate(times=Sum("done"), told=Sum("answered"))
    return [dict(row) for row in rows.order_by("-times", "therapy", "region")]


def answer(asked: Asked, day: date) -> ProcedureResults | None:
    """The results of one procedure; None where none was done."""
    cells = Cell.objects.filter(_of(asked, day), as_of__isnull=False)
    stamp = cells.aggregate(Count("pk"), Max("pk"), Sum("version"), Min("as_of"), Max("as_of"))
    if not stamp["pk__count"]:
        return None
    return _KEPT.get((asked, *stamp.values()), lambda: _counted(asked, cells))


def _counted(asked: Asked, cells: QuerySet[Cell]) -> ProcedureResults | None:
    told = tables()
    tallies: dict[Group, list[Tally]] = defaultdict(list)
    operators: dict[Procedure, dict[str | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    as_of: date | None = None
    first: date | None = None
    last: date | None = None
    for cell in cells:
        if cell.as_of is None:
            continue
        procedure = (cell.therapy, cell.region or None)
        tally = decoded(cell.body, cell.as_of, told)
        tallies[procedure, cell.indication or None].append(tally)
        as_of = cell.as_of if as_of is None else min(as_of, cell.as_of)
        first = min(filter(None, (first, cell.first_day)), default=None)
        last = max(filter(None, (last, cell.last_day)), default=None)
        if asked.letters:
            answers = first_answers(tally, told)
            if answers:
                operators[procedure][cell.operator] += answers
    if as_of is None:
        return None
    found = results_of(
        {group: together(several) for group, several in tallies.items()}, operators, as_of, told, first_day=first,
        last_day=last,
    )  # fmt: skip
    return found.procedures[0]


def to_call(asked: Asked, day: date) -> QuerySet[Row]:
    """The treatments whose answer can be had today, the first to close first."""
    return Row.objects.filter(_of(asked, day), call_from__lte=day, call_to__gte=day).order_by("call_to", "pk")


def standing_as_of(asked: Asked, day: date) -> dict[str, Any]:
    """Between which days the procedures lie, and as of which day the oldest counts are."""
    rows = Cell.objects.filter(_of(asked, day), as_of__isnull=False)
    return rows.aggregate(first=Min("first_day"), last=Max("last_day"), as_of=Min("as_of"), done=Sum("done"))
