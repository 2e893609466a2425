"""Proves that the rows of a hold profile neither overlap nor leave gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product

from msgspec import Struct

from levamen.knowledge.holds import HoldRow, Profile, RestartRow
from levamen.record import codes

COVERED = (
    "anticoagulant",
    "antiplatelet",
    "thrombolytic",
    "nsaid",
    "cox-2-inhibitor",
    "topical-nsaid",
    "ssri",
    "snri",
    "serotonergic-antidepressant",
    "supplement",
)
"""Classes of drugs about which every profile says something, if only that no source was found."""

_INDICATIONS = ("primary", "secondary")
_DOSES = ("low", "medium", "high")
_ROUTES = frozenset({"intravenous", "subcutaneous"})
_NEED_RESTART = ("hold", "shared", "no_time_rule")


class Case(Struct, frozen=True):
    """One patient as the tables see it. `clearance` stands for every clearance between two limits of the rows."""

    drug: str
    word: str
    indication: str
    dose: str
    route: str
    clearance: Decimal

    def __str__(self) -> str:
        return (
            f"{self.drug}, class {self.word}, {self.indication} prevention, {self.dose} dose, {self.route},"
            f" clearance {self.clearance}"
        )


def covered_drugs() -> tuple[str, ...]:
    """The drugs of the vocabulary that every profile must name."""
    return tuple(drug for drug in codes.ids("drugs") if not codes.classes_of(drug).isdisjoint(COVERED))


def table_faults(profile: Profile) -> tuple[str, ...]:
    """Every gap and overlap of a profile, in words; empty for a table that is in order."""
    found: dict[str, None] = {}
    for id in _repeated(row.id for row in profile.holds):
        found[f"{profile.id}: the hold {id} stands twice"] = None
    for id in _repeated(row.id for row in profile.restarts):
        found[f"{profile.id}: the restart {id} stands twice"] = None
    named = {drug for row in profile.holds for drug in row.drugs} | {
        drug for row in profile.restarts for drug in row.drugs
    }
    for drug in sorted({*covered_drugs(), *named}):
        for fault in _drug_faults(profile, drug):
            found[f"{profile.id}: {fault}"] = None
    for procedure in codes.ids("dossier_procedures"):
        places = (procedure in profile.procedures) + (procedure in profile.unclassed)
        if places != 1:
            what = "has a class and is listed as unclassed" if places else "has no class and is not listed as unclassed"
            found[f"{profile.id}: {procedure} {what}"] = None
    return tuple(found)


def _drug_faults(profile: Profile, drug: str) -> Iterator[str]:
    holds = [row for row in profile.holds if drug in row.drugs]
    restarts = [row for row in profile.restarts if drug in row.drugs]
    for case in _cases(drug, profile.classes, (*holds, *restarts)):
        rows = [row for row in holds if _fits(row, case) and row.indication in (None, case.indication)]
        if not rows:
            yield f"no hold row for {case}"
        elif len(rows) > 1:
            yield f"{' and '.join(sorted(row.id for row in rows))} overlap for {case}"
        planned = [row for row in restarts if row.event == "planned" and _fits(row, case)]
        tapped = [row for row in restarts if row.event == "bloody-tap" and _fits(row, case)]
        if not planned and any(row.mode in _NEED_RESTART for row in rows):
            yield f"no restart row for {case}"
        left = [row for row in restarts if row.event == "lead-out" and _fits(row, case)]
        for together in (planned, tapped, left):
            if len(together) > 1:
                yield f"the restarts {' and '.join(sorted(row.id for row in together))} overlap for {case}"
        if not tapped and any(row.event == "bloody-tap" and case.word in row.classes for row in restarts):
            yield f"no restart row after a bloody tap for {case}"


def _cases(drug: str, classes: tuple[str, ...], rows: tuple[HoldRow | RestartRow, ...]) -> Iterator[Case]:
    """Every case that the rows of a drug could tell apart: one clearance for each stretch between their limits."""
    limits = {
        limit
        for row in rows
        if row.clearance is not None
        for limit in (row.clearance.at_least, row.clearance.below)
        if limit is not None
    }
    routes = sorted(_ROUTES.union(*(row.routes for row in rows)))
    for word, indication, dose, route, clearance in product(
        classes, _INDICATIONS, _DOSES, routes, sorted({Decimal(0), *limits})
    ):
        yield Case(drug, word, indication, dose, route, clearance)


def _fits(row: HoldRow | RestartRow, case: Case) -> bool:
    return (
        case.word in row.classes
        and (not row.doses or case.dose in row.doses)
        and (not row.routes or case.route in row.routes)
        and (row.clearance is None or row.clearance.holds(case.clearance))
    )


def _repeated(ids: Iterable[str]) -> tuple[str, ...]:
    all = tuple(ids)
    return tuple(dict.fromkeys(id for id in all if all.count(id) > 1))
