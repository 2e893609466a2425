"""JSON of a ledger: absent never null, the same input gives the same bytes.

Numbers of an interval are decimals of at most four places, `low` rounded down and `high` rounded up, so that the
interval that is written always holds the exact one; `text` is how a person reads it. No `high`: open above.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.criteria.nodes import Cite
from levamen.derive.anesthetic import AnestheticDose, Session
from levamen.derive.periods import Total, shown
from levamen.derive.steroid import SteroidDose, SteroidTotal
from levamen.derive.steroid_limits import LimitAnswer
from levamen.derive.steroid_spacing import IntervalFinding
from levamen.knowledge.agents import Statement
from levamen.pathway.ledger import Ledger, PlannedLedger
from levamen.record.timeline import Interval

ONE = "levamen.ledger/1"
MANY = "levamen.ledgers/1"
_PLACES = 10_000
_ENCODER = msgspec.json.Encoder(decimal_format="number")
Json = dict[str, Any]


def encode(found: Ledger, reading: Reading) -> bytes:
    """One record's ledger as one line of JSON."""
    return _ENCODER.encode(document(found, reading))


def together(encoded: Sequence[bytes]) -> bytes:
    """Ledgers already encoded, as one JSON document."""
    return b'{"format":"%s","ledgers":[%s]}' % (MANY.encode(), b",".join(encoded))


def document(found: Ledger, reading: Reading) -> Json:
    """The ledger as plain data, in the order of the published schema."""
    balance = reading.balance
    return {
        "format": ONE,
        "engine": __version__,
        "checked": found.checked.isoformat(),
        "as_of": found.moment,
        "on": found.on.isoformat(),
        "patient": found.record.id,
        "import": {
            "items": balance.items,
            "accepted": balance.accepted,
            "ignored": balance.ignored,
            "rejected": balance.rejected,
        },
        "steroid": _present(
            {
                "unit": _statement(found.unit),
                "totals": [_steroid_total(row) for row in found.totals],
                "doses": [_dose(row) for row in found.doses],
                "limits": [_limit(row) for row in found.limits],
                "medicines": [
                    _present(
                        {
                            "id": line.course.medication.id,
                            "drug": line.course.medication.drug,
                            "equivalents": _interval(line.equivalents),
                            "missing": line.course.missing,
                        }
                    )
                    for line in found.courses
                ],
                "medicines_12_months": _interval(found.systemic) if found.courses else None,
                "statements": [_statement(row) for row in found.steroid_statements],
            }
        ),
        "planned": [_planned(row) for row in found.planned],
        "exposure": [{"quantity": row.quantity, "unit": row.unit, **_total(row.total)} for row in found.exposures],
        "punctures": [{"place": row.place, **_total(row.total)} for row in found.punctures],
        "last": {
            "lipid": [
                _present(
                    {
                        "id": row.lipid.id,
                        "ml": _decimal(row.millilitres, up=False) if row.millilitres is not None else None,
                        "says": row.says,
                        "fixed_ml": row.lipid.fixed_ml,
                        "fixed_says": row.lipid.fixed_says,
                        "ml_per_kg": row.lipid.ml_per_kg,
                        "per_kg_says": row.lipid.per_kg_says,
                        "cites": _cites(row.lipid.cites),
                    }
                )
                for row in found.rescue
            ],
            "statements": [_statement(row) for row in found.anesthetic_statements],
        },
    }


def _planned(row: PlannedLedger) -> Json:
    premedication = row.premedication
    return _present(
        {
            "request": row.request.id,
            "on": row.on.isoformat(),
            "steroid": {True: "yes", False: "no", None: "unknown"}[row.steroid],
            "doses": [_dose(dose) for dose in row.doses],
            "totals": [_steroid_total(total) for total in row.totals] if row.steroid is not False else None,
            "limits": [_limit(limit) for limit in row.limits],
            "intervals": [_finding(finding) for finding in row.intervals],
            "premedication": _present(
                {**_statement(premedication.says), "equivalents": _interval(premedication.equivalents)}
            )
            if premedication is not None
            else None,
            "anesthetic": _session(row.session),
        }
    )


def _session(row: Session) -> Json:
    return _present(
        {
            "status": row.status,
            "fraction": _interval(row.value),
            "weight_kg": row.weight_kg,
            "country": row.country,
            "reasons": list(row.reasons),
            "doses": [_anesthetic(dose) for dose in row.doses],
            "days": [
                {
                    "drug": day.maximum.drug,
                    "milligrams": _interval(day.milligrams),
                    "most_mg": day.maximum.amount,
                    "status": day.status,
                    "cites": _cites(day.maximum.cites),
                }
                for day in row.days
            ],
            "reductions": [
                {"id": one.id, "percent": one.percent, "says": one.says, "cites": _cites(one.cites)}
                for one in row.reductions
            ],
            "warnings": [_statement(one) for one in row.warnings],
        }
    )


def _anesthetic(dose: AnestheticDose) -> Json:
    return _present(
        {
            "procedure": dose.source.id,
            "drug": dose.drug,
            "epinephrine": dose.epinephrine,
            "milligrams": _interval(dose.milligrams),
            "most": _interval(dose.most),
            "fraction": _interval(dose.fraction),
            "maxima": [
                {"id": row.id, "per": row.per, "mg": row.amount, "used": used, "cites": _cites(row.cites)}
                for used, rows in ((True, dose.maxima), (False, dose.shown_only))
                for row in rows
            ],
            "missing": list(dose.missing),
        }
    )


def _dose(dose: SteroidDose) -> Json:
    return _present(
        {
            "procedure": dose.source.id,
            "date": str(dose.source.procedure.start) if dose.source.procedure.start is not None else None,
            "certain": dose.source.certain,
            "drug": dose.drug,
            "particulate": dose.particulate,
            "milligrams": _interval(dose.milligrams),
            "equivalents": _interval(dose.equivalents),
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
    return _present(
        {
            "window": row.period,
            "value": _interval(row.value),
            "counted": list(row.counted),
            "doubtful": list(row.doubtful),
            "lacking": list(row.lacking),
            "complete": row.complete,
        }
    )


def _limit(row: LimitAnswer) -> Json:
    return _present(
        {
            "id": row.limit.id,
            "of": row.of,
            "status": row.status,
            "numbers": row.numbers,
            "reason": row.reason,
            "value": _interval(row.total.value),
            "amount": row.limit.amount,
            "population": row.limit.population,
            "coverage": row.limit.coverage,
            "says": row.limit.says,
            "who": row.limit.who,
            "cites": _cites(row.limit.cites),
        }
    )


def _finding(row: IntervalFinding) -> Json:
    return _present(
        {
            "id": row.id,
            "about": row.about,
            "status": row.status,
            "reason": row.reason,
            "earliest": _iso(row.earliest),
            "other_from": _iso(row.other_from),
            "coverage": row.coverage,
            "says": row.says,
            "who": row.who,
            "cites": _cites(row.cites),
        }
    )


def _statement(row: Statement) -> Json:
    return {"id": row.id, "topic": row.topic, "says": row.says, "cites": _cites(row.cites)}


def _cites(cites: Iterable[Cite]) -> list[Json]:
    return [{"source": cite.source, "locator": cite.locator, "mark": cite.mark} for cite in cites]


def _interval(value: Interval | None) -> Json | None:
    if value is None:
        return None
    found: Json = {"low": _decimal(value.low, up=False)}
    if value.high is not None:
        found["high"] = _decimal(value.high, up=True)
    return {**found, "text": shown(value)}


def _decimal(value: Fraction, *, up: bool) -> Decimal:
    scaled = -((-value * _PLACES).__floor__()) if up else (value * _PLACES).__floor__()
    return (Decimal(scaled) / _PLACES).normalize() + 0


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _present(fields: Json) -> Json:
    """Absent, never null; an empty list or text says nothing and is left out."""
    return {name: value for name, value in fields.items() if value is not None and value not in ([], "")}
