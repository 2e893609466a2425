"""JSON of a ledger: absent never null, the same input gives the same bytes.

Numbers of an interval are decimals of at most four places, `low` rounded down and `high` rounded up, so that the
interval that is written always holds the exact one; `text` is how a person reads it. No `high`: open above.
"""

from __future__ import annotations

from collections.abc import Sequence

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.derive.anesthetic import AnestheticDose, Session
from levamen.derive.periods import Total
from levamen.derive.steroid import SteroidDose, SteroidTotal
from levamen.derive.steroid_limits import LimitAnswer
from levamen.derive.steroid_spacing import IntervalFinding
from levamen.emit.json_values import (
    Json,
    as_line,
    cites,
    decimal,
    interval,
    iso,
    many,
    read_of,
    statement,
    without_empty,
)
from levamen.pathway.ledger import Ledger, PlannedLedger

ONE = "levamen.ledger/1"
MANY = "levamen.ledgers/1"


def encode(found: Ledger, reading: Reading) -> bytes:
    """One record's ledger as one line of JSON."""
    return as_line(document(found, reading))


def together(encoded: Sequence[bytes]) -> bytes:
    """Ledgers already encoded, as one JSON document."""
    return many(MANY, "ledgers", encoded)


def document(found: Ledger, reading: Reading) -> Json:
    """The ledger as plain data, in the order of the published schema."""
    return {
        "format": ONE,
        "engine": __version__,
        "checked": found.checked.isoformat(),
        "as_of": found.moment,
        "on": found.on.isoformat(),
        "patient": found.record.id,
        "import": read_of(reading.balance),
        "steroid": without_empty(
            {
                "unit": statement(found.unit),
                "totals": [_steroid_total(row) for row in found.totals],
                "doses": [_dose(row) for row in found.doses],
                "limits": [_limit(row) for row in found.limits],
                "medicines": [
                    without_empty(
                        {
                            "id": line.course.medication.id,
                            "drug": line.course.medication.drug,
                            "equivalents": interval(line.equivalents),
                            "missing": line.course.missing,
                        }
                    )
                    for line in found.courses
                ],
                "medicines_12_months": interval(found.systemic) if found.courses else None,
                "statements": [statement(row) for row in found.steroid_statements],
            }
        ),
        "planned": [_planned(row) for row in found.planned],
        "exposure": [{"quantity": row.quantity, "unit": row.unit, **_total(row.total)} for row in found.exposures],
        "punctures": [{"place": row.place, **_total(row.total)} for row in found.punctures],
        "last": {
            "lipid": [
                without_empty(
                    {
                        "id": row.lipid.id,
                        "ml": decimal(row.millilitres, up=False) if row.millilitres is not None else None,
                        "says": row.says,
                        "fixed_ml": row.lipid.fixed_ml,
                        "fixed_says": row.lipid.fixed_says,
                        "ml_per_kg": row.lipid.ml_per_kg,
                        "per_kg_says": row.lipid.per_kg_says,
                        "cites": cites(row.lipid.cites),
                    }
                )
                for row in found.rescue
            ],
            "statements": [statement(row) for row in found.anesthetic_statements],
        },
    }


def _planned(row: PlannedLedger) -> Json:
    premedication = row.premedication
    return without_empty(
        {
            "request": row.request.id,
            "on": row.on.isoformat(),
            "steroid": {True: "yes", False: "no", None: "unknown"}[row.steroid],
            "doses": [_dose(dose) for dose in row.doses],
            "totals": [_steroid_total(total) for total in row.totals] if row.steroid is not False else None,
            "limits": [_limit(limit) for limit in row.limits],
            "intervals": [_finding(finding) for finding in row.intervals],
            "premedication": without_empty(
                {**statement(premedication.says), "equivalents": interval(premedication.equivalents)}
            )
            if premedication is not None
            else None,
            "anesthetic": _session(row.session),
        }
    )


def _session(row: Session) -> Json:
    return without_empty(
        {
            "status": row.status,
            "fraction": interval(row.value),
            "weight_kg": row.weight_kg,
            "country": row.country,
            "reasons": list(row.reasons),
            "doses": [_anesthetic(dose) for dose in row.doses],
            "days": [
                {
                    "drug": day.maximum.drug,
                    "milligrams": interval(day.milligrams),
                    "most_mg": day.maximum.amount,
                    "status": day.status,
                    "cites": cites(day.maximum.cites),
                }
                for day in row.days
            ],
            "reductions": [
                {"id": one.id, "percent": one.percent, "says": one.says, "cites": cites(one.cites)}
                for one in row.reductions
            ],
            "warnings": [statement(one) for one in row.warnings],
        }
    )


def _anesthetic(dose: AnestheticDose) -> Json:
    return without_empty(
        {
            "procedure": dose.source.id,
            "drug": dose.drug,
            "epinephrine": dose.epinephrine,
            "milligrams": interval(dose.milligrams),
            "most": interval(dose.most),
            "fraction": interval(dose.fraction),
            "maxima": [
                {"id": row.id, "per": row.per, "mg": row.amount, "used": used, "cites": cites(row.cites)}
                for used, rows in ((True, dose.maxima), (False, dose.shown_only))
                for row in rows
            ],
            "missing": list(dose.missing),
        }
    )


def _dose(dose: SteroidDose) -> Json:
    return without_empty(
        {
            "procedure": dose.source.id,
            "date": str(dose.source.procedure.start) if dose.source.procedure.start is not None else None,
            "certain": dose.source.certain,
            "drug": dose.drug,
            "particulate": dose.particulate,
            "milligrams": interval(dose.milligrams),
            "equivalents": interval(dose.equivalents),
            "missing": dose.missing,
        }
    )


def _steroid_total(row: SteroidTotal) -> Json:
    return {
        **_total(row.equivalents),
        "unit": "mg MPE",
        "verified": row.verified,
        "drugs": [{"drug": drug, "unit": "mg", **_total(total)} for drug, total in row.drugs],
    }


def _total(row: Total) -> Json:
    return without_empty(
        {
            "window": row.period,
            "value": interval(row.value),
            "counted": list(row.counted),
            "doubtful": list(row.doubtful),
            "lacking": list(row.lacking),
            "complete": row.complete,
        }
    )


def _limit(row: LimitAnswer) -> Json:
    return without_empty(
        {
            "id": row.limit.id,
            "of": row.of,
            "status": row.status,
            "numbers": row.numbers,
            "reason": row.reason,
            "value": interval(row.total.value),
            "amount": row.limit.amount,
            "population": row.limit.population,
            "coverage": row.limit.coverage,
            "says": row.limit.says,
            "who": row.limit.who,
            "cites": cites(row.limit.cites),
        }
    )


def _finding(row: IntervalFinding) -> Json:
    return without_empty(
        {
            "id": row.id,
            "about": row.about,
            "status": row.status,
            "reason": row.reason,
            "earliest": iso(row.earliest),
            "other_from": iso(row.other_from),
            "coverage": row.coverage,
            "says": row.says,
            "who": row.who,
            "cites": cites(row.cites),
        }
    )
