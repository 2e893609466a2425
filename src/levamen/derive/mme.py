"""Morphine milligram equivalents (MME) of the opioids ordered on a day: one line for each order, and their total.

Orders are added, none is set off against another; an order as needed is counted at the most it allows; of a range the
highest dose and frequency count (rules and factors: `knowledge/drugs/opioids.yaml`). Amounts are exact. What cannot be
converted is listed with its reason and never counted. Nothing is read from free words. Not for converting between
opioids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Cite
from levamen.criteria.outcome import Missing
from levamen.derive.opioid_orders import amount_of, doses_a_day, in_force, reviewed
from levamen.derive.periods import NOTHING, Moment, plus, possible
from levamen.derive.views import seen
from levamen.knowledge.agents import Statement
from levamen.knowledge.opioids import Band, Factor, Opioids, Table
from levamen.record import codes
from levamen.record.facts import Device, Medication, Problem, Record
from levamen.record.timeline import Interval

Kind = Literal["converted", "unconvertible", "unreadable"]
_PATCH_DAYS = 3
"""A patch is for three days (S95, step 1 of the calculation: 0.3333 doses a day)."""
ANY = Interval(Fraction(0), None)


class Flag(Struct, frozen=True):
    """Something to look at in an order. `id` is stable; `says` may change."""

    id: str
    says: str


class OpioidLine(Struct, frozen=True, kw_only=True):
    """One opioid order on a day.

    `daily` is what a day's doses are, in `unit` (mg, or mcg/h of a patch): from what is scheduled to the most allowed.
    `mme` is absent where the line is not converted; `reason` then says why, or `missing` what would settle it.
    Not `sure`: whether the order is in force that day, or is one that counts, is not known.
    """

    id: str
    drug: str | None
    kind: Kind
    sure: bool = True
    as_needed: bool = False
    daily: Interval | None = None
    unit: str = ""
    factor: Interval | None = None
    mme: Interval | None = None
    reason: Statement | None = None
    missing: tuple[Missing, ...] = ()
    flags: tuple[Flag, ...] = ()
    cites: tuple[Cite, ...] = ()


class Mme(Struct, frozen=True, kw_only=True):
    """The total of a day in MME a day, from what is scheduled to the most allowed. Open above: something is missing.

    `value` is absent where no order can be converted and it is not known that there is none. Not `complete`: an opioid
    is listed that is not counted, an order lacks something, or the medicines were not declared to be all (`reviewed`).
    """

    table: Table
    on: date
    lines: tuple[OpioidLine, ...]
    value: Interval | None
    complete: bool
    reviewed: bool
    missing: tuple[Missing, ...] = ()

    @property
    def most(self) -> Fraction | None:
        """The number that guidelines compare: every order at the most it allows. None: unknown."""
        return self.value.high if self.value is not None else None


class Ordered(Struct, frozen=True, kw_only=True):
    """Every order of a record that may be of an opioid, each read once with one table; whatever its days."""

    table: Table
    orders: tuple[tuple[Medication, OpioidLine], ...]
    pumps: tuple[tuple[Device, OpioidLine], ...]


def ordered(record: Record, moment: Moment, table: Table, opioids: Opioids) -> Ordered:
    """The opioid orders of a record as known at `moment.known`."""
    facts = [fact for fact in record.facts if seen(fact, moment.known)]
    disorder = any(
        isinstance(fact, Problem)
        and fact.concept == "opioid-use-disorder"
        and fact.verification not in ("refuted", "entered-in-error")
        for fact in facts
    )
    orders = [fact for fact in facts if isinstance(fact, Medication) and _may_be_opioid(fact)]
    return Ordered(
        table=table,
        orders=tuple((order, _line(order, table, opioids, disorder=disorder)) for order in orders),
        pumps=tuple((fact, line) for fact in facts if isinstance(fact, Device) for line in _pump(fact, opioids)),
    )


def mme(record: Record, moment: Moment, table: Table, opioids: Opioids) -> Mme:
    """The opioids ordered on `moment.on`, as known, with the factors of one table."""
    return mme_on(ordered(record, moment, table, opioids), moment.on, reviewed=reviewed(record, "medications", moment))


def mme_on(found: Ordered, on: date, *, reviewed: bool) -> Mme:
    """The same of orders that were read already. `reviewed`: the medicines are declared to be all."""
    lines = [
        replace(line, sure=line.sure and sure)
        for order, line in found.orders
        if (sure := in_force(order, on)) is not None
    ]
    lines += [line for device, line in found.pumps if _implanted(device, on)]
    each = _duplicates(_banded(lines, found.table), {order.id: order for order, _ in found.orders})
    return _total(each, found.table, on, reviewed=reviewed)


def _may_be_opioid(order: Medication) -> bool:
    """An opioid, or a drug that nobody could tell."""
    return order.drug is None or "opioid" in order.classes or "opioid" in codes.classes_of(order.drug)


def _line(order: Medication, table: Table, opioids: Opioids, *, disorder: bool) -> OpioidLine:
    line = OpioidLine(id=order.id, drug=order.drug, kind="unconvertible", as_needed=bool(order.as_needed))
    if order.drug is None:
        asked = _ask(order, f"which drug it is{f' ({order.written!r} is written)' if order.written else ''}")
        return replace(line, kind="unreadable", missing=(asked,))
    for_disorder = order.indication == "opioid-use-disorder"
    reason = opioids.use_disorder if for_disorder else _without_factor(order, table, opioids)
    if reason is not None:
        return replace(line, reason=reason, cites=reason.cites)
    factor = table.factors[order.drug]
    if disorder and order.drug == "methadone" and order.indication is None:
        says = (
            "what it is for is not recorded; for opioid use disorder, which is on the problem list, it is not counted"
        )
        line = replace(line, sure=False, flags=(Flag("use-not-recorded", says),))
    line = replace(line, kind="converted", unit=factor.unit, cites=factor.cites)
    if order.route is None:
        read = "a patch, because its strength is per hour" if factor.unit == "mcg/h" else "by mouth"
        line = replace(
            line, flags=(*line.flags, Flag("route-not-recorded", f"the route is not recorded; read as {read}"))
        )
    return _patch(order, line) if factor.unit == "mcg/h" else _by_mouth(order, line)


def _without_factor(order: Medication, table: Table, opioids: Opioids) -> Statement | None:
    """Why a drug by this route has no factor; None where it has one."""
    drug = order.drug or ""
    for row in opioids.without:
        if row.drug == drug and (not row.routes or order.route in row.routes):
            return row.says
    if drug in table.absent:
        return table.absent[drug]
    factor = table.factors.get(drug)
    if factor is None:
        return Statement(id=f"without-{drug}", topic="opioids", says="no factor found in a source", cites=())
    return None if order.route in (None, factor.route) else opioids.other_routes


def _patch(order: Medication, line: OpioidLine) -> OpioidLine:
    """A patch counts by its strength per hour; how often it is changed is looked at and never multiplied."""
    strength, per_hour = amount_of(order.dose)
    if strength is None or not per_hour:
        return _lacking(order, line, f"strength of the patch in mcg/h{_as_written(order.dose)}")
    micrograms = Interval(strength.low * 1000, strength.high * 1000 if strength.high is not None else None)
    daily = Interval(Fraction(0), micrograms.high) if order.as_needed else micrograms
    often = doses_a_day(order)
    if often is None or often.high is None or often.high <= Fraction(1, _PATCH_DAYS):
        return replace(line, daily=daily)
    says = (
        f"ordered more often than every {_PATCH_DAYS} days ({_how_often(order)}): "
        "counted once by its strength per hour, not multiplied; check the order"
    )
    return replace(line, daily=daily, flags=(*line.flags, Flag("patch-changed-often", says)))


def _by_mouth(order: Medication, line: OpioidLine) -> OpioidLine:
    dose, per_hour = amount_of(order.dose)
    often = doses_a_day(order)
    line = line if dose is not None and not per_hour else _lacking(order, line, f"dose in mg{_as_written(order.dose)}")
    if often is None:
        written = _how_often(order)
        line = _lacking(order, line, f"doses a day{f' ({written!r} is written)' if written else ''}")
    if dose is None or dose.high is None or per_hour or often is None or often.high is None:
        return line
    most = dose.high * often.high
    return replace(line, daily=Interval(Fraction(0) if order.as_needed else dose.low * often.low, most))


def _how_often(order: Medication) -> str:
    return order.every or " ".join(order.times)


def _as_written(text: str | None) -> str:
    return f" ({text!r} is written)" if text else ""


def _lacking(order: Medication, line: OpioidLine, what: str) -> OpioidLine:
    told = f"{what} of {codes.label('drugs', order.drug or '')}"
    if order.written:
        told += f" ({order.written!r} is written; a product's amount is not that of its opioid)"
    return replace(line, missing=(*line.missing, _ask(order, told)))


def _ask(order: Medication, what: str) -> Missing:
    return Missing(kind="medications", what=what, reason="value_missing", fact=order.id)


def _implanted(device: Device, on: date) -> bool:
    gone = device.removed is not None and device.removed.last < on
    return not gone and not (device.implanted is not None and device.implanted.first > on)


def _pump(device: Device, opioids: Opioids) -> Iterable[OpioidLine]:
    """The opioids of an implanted pump: listed, never counted."""
    for row in (device.pump or {}).get("drugs") or ():
        drug = str(row.get("drug")) if isinstance(row, dict) else ""
        if drug in codes.ids("drugs") and "opioid" in codes.classes_of(drug):
            reason = opioids.other_routes
            yield OpioidLine(id=device.id, drug=drug, kind="unconvertible", reason=reason, cites=reason.cites)


def _banded(lines: Sequence[OpioidLine], table: Table) -> list[OpioidLine]:
    """Every line with its MME. A factor that follows the daily dose follows that of all orders of the drug together."""
    whole: dict[str, Interval] = {}
    for line in lines:
        if line.kind == "converted" and line.drug is not None:
            daily = ANY if line.missing else possible(line.daily, sure=line.sure)
            whole[line.drug] = plus(whole.get(line.drug, NOTHING), daily)
    return [
        _converted(line, table.factors[line.drug or ""], whole) if line.daily is not None else line for line in lines
    ]


def _converted(line: OpioidLine, row: Factor, whole: dict[str, Interval]) -> OpioidLine:
    daily, together = line.daily, whole[line.drug or ""]
    if daily is None or daily.high is None:
        return line
    # An order that is perhaps not in force, or taken only as needed, still has the factor of a day on which it counts.
    least = max(together.low, daily.low) or daily.high
    factors = [factor_at(row, least)]
    factors.append(factor_at(row, together.high) if together.high is not None else _highest(row))
    if any(factor is None for factor in factors):
        what = f"a factor for {codes.label('drugs', row.drug)} below {row.bands[0].low} {row.unit} a day"
        asked = Missing(kind="knowledge", what=what, reason="value_missing", fact=line.id)
        return replace(line, missing=(*line.missing, asked))
    low = min(factor.low for factor in factors if factor is not None)
    high = max(factor.high for factor in factors if factor is not None and factor.high is not None)
    return replace(line, factor=Interval(low, high), mme=Interval(daily.low * low, daily.high * high))


def factor_at(row: Factor, dose: Fraction) -> Interval | None:
    """The factor of a daily dose: from one to another between two bands that leave a gap (20.5 of 1-20 and 21-40);
    None below the first."""
    below: Band | None = None
    for band in row.bands:
        if dose < band.low:
            return Interval(Fraction(below.factor), Fraction(band.factor)) if below is not None else None
        if band.high is None or dose <= band.high:
            return Interval.exactly(band.factor)
        below = band
    return None


def _highest(row: Factor) -> Interval:
    return Interval.exactly(max(band.factor for band in row.bands))


def _duplicates(lines: Sequence[OpioidLine], orders: dict[str, Medication]) -> tuple[OpioidLine, ...]:
    """Each order of a drug that is on the list more than once says so; all are counted."""
    by_drug: dict[str, list[OpioidLine]] = {}
    for line in lines:
        by_drug.setdefault(line.drug or line.id, []).append(line)
    found = []
    for drug, rows in by_drug.items():
        if len(rows) == 1:
            found += rows
            continue
        alike: dict[object, list[str]] = {}
        said = [_as_ordered(line, orders.get(line.id)) for line in rows]
        for line, what in zip(rows, said, strict=True):
            alike.setdefault(what, []).append(line.id)
        for line, what in zip(rows, said, strict=True):
            others = [other.id for other in rows if other is not line]
            same = [id for id in alike[what] if id != line.id] if what is not None else []
            flags = line.flags
            if same:
                says = f"the same order as {', '.join(same)}: counted again; if it is one order, the total is too high"
                flags = (*flags, Flag("duplicate", says))
            else:
                says = f"{codes.label('drugs', drug)} is also in {', '.join(others)}; nothing is set off"
                flags = (*flags, Flag("several-orders", says))
            found.append(replace(line, flags=flags))
    return tuple(sorted(found, key=lambda line: (line.drug or "~", line.id)))


def _as_ordered(line: OpioidLine, order: Medication | None) -> tuple[object, ...] | None:
    """What makes two orders of a drug the same one; None where that is not known. An unrecorded route may be either."""
    dose, per_hour = amount_of(order.dose) if order is not None else (None, False)
    if order is None or dose is None:
        return None
    return (line.kind, dose, per_hour, doses_a_day(order), bool(order.as_needed))


def _total(lines: tuple[OpioidLine, ...], table: Table, on: date, *, reviewed: bool) -> Mme:
    value = NOTHING
    for line in lines:
        if line.kind == "unreadable" or line.missing:
            value = plus(value, ANY)
        elif line.kind == "converted":
            value = plus(value, possible(line.mme, sure=line.sure))
    missing = tuple(asked for line in lines for asked in line.missing)
    known = any(line.kind != "unconvertible" for line in lines) or (reviewed and not lines)
    return Mme(
        table=table,
        on=on,
        lines=lines,
        value=value if known else None,
        complete=reviewed and not missing and all(line.kind == "converted" for line in lines),
        reviewed=reviewed,
        missing=missing,
    )
