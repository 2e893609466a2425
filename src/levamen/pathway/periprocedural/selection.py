"""The row of a hold profile that applies to one medication, before any guard is looked at (docs/adr/0007, 10, 11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.criteria.outcome import Missing
from levamen.derive.dose_band import Body, DoseBand, dose_band
from levamen.derive.renal import Clearance
from levamen.knowledge.dose_bands import DoseBands
from levamen.knowledge.holds import Bracket, HoldMode, HoldRow, Length, Profile, RestartRow
from levamen.knowledge.renal import RenalRules
from levamen.pathway.periprocedural.answers import BleedingClass
from levamen.record import codes
from levamen.record.facts import Document, Lab, Medication, Problem, Request
from levamen.record.timeline import When

Row = TypeVar("Row", HoldRow, RestartRow)

ANTITHROMBOTIC = frozenset({"anticoagulant", "antiplatelet", "thrombolytic"})
ACTS_ON_BLEEDING = ANTITHROMBOTIC | {"nsaid", "ssri", "snri", "serotonergic-antidepressant", "supplement"}
IN_THE_TABLES = ACTS_ON_BLEEDING | {"cox-2-inhibitor", "topical-nsaid"}
"""Classes of drugs that a hold profile speaks of."""

_CLEARED_BY_KIDNEYS = frozenset({"direct-oral-anticoagulant", "low-molecular-weight-heparin"})
_MODES: tuple[HoldMode, ...] = get_args(HoldMode)
"""Of rows that a missing fact leaves open the last of these counts: the one that permits least."""

_PRIMARY = "cardiovascular-primary-prevention"


TRIALS_WITH_A_LEAD = frozenset(
    {
        "spinal-cord-stimulation-trial",
        "dorsal-root-ganglion-stimulation-trial",
        "peripheral-nerve-stimulation-trial",
        "intrathecal-trial",
        "epidural-catheter-infusion",
    }
)
"""Therapies that leave a lead or catheter in place: `end` is the day it comes out."""


_TOGETHER = {"dipyridamole": "aspirin"}
"""Drugs ruled as another where both are taken: dipyridamole with aspirin goes by aspirin (UTD-ASRA-DRUG)."""


class Setting(Struct, frozen=True, kw_only=True):
    """The appointment and what of the record the drugs need. Instants are UTC; `now` is the latest `as_of` can be.

    `end` is when the needle (of a trial, the lead) is out; `from_start`: nobody said, and `start` stands in for it.
    `stated` is when the record speaks, `done` that the procedure has been done. `antithrombotics` are counted as drugs.
    """

    request: Request
    zone: ZoneInfo
    on: date
    now: datetime
    as_of: date
    start: datetime | None
    end: datetime | None
    from_start: bool
    stated: When | None
    done: bool
    events: frozenset[str]
    antithrombotics: int
    drugs: frozenset[str]
    problems: tuple[Problem, ...]
    documents: tuple[Document, ...]
    labs: tuple[Lab, ...]
    clearance: Clearance
    body: Body
    bands: DoseBands
    renal: RenalRules


class Selected(Struct, frozen=True, kw_only=True):
    """The rule for one drug before any guard: its row and restart, or why there is none."""

    medication: Medication
    drug: str
    mode: HoldMode
    row: HoldRow | None
    restart: RestartRow | None
    band: DoseBand
    needs_clearance: bool
    open_clearance: bool
    missing: tuple[Missing, ...]

    @property
    def would_hold(self) -> bool:
        """Whether the profile stops the drug, or would if it were known for how long."""
        return self.mode in ("hold", "no_time_rule")


def named_drug(medication: Medication) -> str:
    """The drug as the tables name it: diclofenac on the skin is not diclofenac by mouth."""
    if medication.route == "topical" and f"{medication.drug}-topical" in codes.ids("drugs"):
        return f"{medication.drug}-topical"
    return medication.drug or ""


def select(medication: Medication, profile: Profile, found: BleedingClass, setting: Setting) -> Selected:
    """The row of the profile for one medication. Where a missing fact leaves several, the strictest."""
    drug = named_drug(medication)
    ruled_as = _TOGETHER.get(drug, drug) if _TOGETHER.get(drug) in setting.drugs else drug
    band = dose_band(medication, setting.bands, setting.body)
    rows = [
        row
        for row in profile.holds
        if ruled_as in row.drugs
        and found.word in row.classes
        and (row.indication is None or row.indication == _indication(medication))
        and (not row.routes or medication.route is None or medication.route in row.routes)
        and (not row.doses or row.doses & band.bands)
    ]
    needs = (bool(codes.classes_of(drug) & _CLEARED_BY_KIDNEYS) or drug == "fondaparinux") and any(
        row.mode in ("hold", "no_time_rule") for row in rows
    )
    kept, open_clearance = _by_clearance(rows, setting.clearance)
    row = max(kept, key=_strictness, default=None)
    missing = [*_route_missing(medication, rows)]
    if len({_rule(one) for one in kept}) > 1 and not open_clearance:
        missing += band.missing
    restarts = [
        one
        for one in profile.restarts
        if ruled_as in one.drugs
        and found.word in one.classes
        and (not one.routes or medication.route is None or medication.route in one.routes)
        and (not one.doses or one.doses & band.bands)
        and one.event in setting.events
    ]
    kept_restarts, _ = _by_clearance(restarts, setting.clearance)
    return Selected(
        medication=medication,
        drug=drug,
        mode=row.mode if row is not None else "no_source",
        row=row,
        restart=max(kept_restarts, key=_lateness, default=None),
        band=band,
        needs_clearance=needs,
        open_clearance=open_clearance,
        missing=tuple(dict.fromkeys(missing)),
    )


def _indication(medication: Medication) -> str:
    """Primary prevention only where it is said; else the reading that does not stop the drug."""
    return "primary" if medication.indication == _PRIMARY else "secondary"


def _by_clearance(rows: list[Row], clearance: Clearance) -> tuple[list[Row], bool]:
    """The rows whose bracket the clearance can be in, and whether rows of one dose and route differ for want of it."""
    kept = [row for row in rows if row.clearance is None or _can_be(row.clearance, clearance)]
    brackets: dict[object, set[object]] = {}
    for row in kept:
        brackets.setdefault((row.doses, row.routes), set()).add(row.clearance)
    return kept, any(len(found) > 1 for found in brackets.values())


def _can_be(bracket: Bracket, clearance: Clearance) -> bool:
    """Whether some clearance in the interval lies in the half-open bracket, compared exactly."""
    low, high = clearance.least, clearance.most
    if low is None or high is None:
        return True
    above = bracket.at_least is None or high >= Fraction(bracket.at_least)
    return above and (bracket.below is None or low < Fraction(bracket.below))


def _strictness(row: HoldRow) -> tuple[int, Decimal, int]:
    return _MODES.index(row.mode), _hours(row.length), len(row.labs)


def _lateness(row: RestartRow) -> tuple[int, Decimal, Decimal]:
    least = row.after.hours(row.after.least) if row.after is not None else Decimal(0)
    return int(row.none), _hours(row.after), least


def _hours(length: Length | None) -> Decimal:
    if length is None or length.unit == "half-lives":
        return Decimal(0)
    return length.hours(length.most)


def _rule(row: HoldRow) -> tuple[object, ...]:
    return row.mode, row.length, row.notify


def _route_missing(medication: Medication, rows: Sequence[HoldRow]) -> Iterable[Missing]:
    if medication.route is None and len({row.routes for row in rows}) > 1:
        yield _missing(medication, "route")


def _missing(medication: Medication, what: str) -> Missing:
    name = codes.title(medication.drug or "")
    return Missing(kind="medications", what=f"{what} of {name}", reason="value_missing", fact=medication.id)
