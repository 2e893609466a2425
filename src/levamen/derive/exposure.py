"""Radiation, contrast and needle punctures over time: totals as intervals, with what is not recorded named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from levamen.derive.periods import NOTHING, PERIODS, Done, Moment, Part, Period, Total, closed, first_needed, total
from levamen.record import codes
from levamen.record.facts import Procedure, Record
from levamen.record.timeline import Interval

QUANTITIES = {"fluoroscopy_s": "s", "air_kerma_mgy": "mGy", "contrast_ml": "mL"}
"""The fields of an exposure and their units."""

_IMAGED_KINDS = frozenset(
    {"injection", "block", "ablation", "stimulation", "drug-delivery", "augmentation", "disc", "surgery"}
)
_IMAGED_TESTS = frozenset({"discography", "lumbar-puncture"})
_NO_X_RAYS = frozenset({"ultrasound", "mri", "landmark", "nerve-stimulator", "none"})
_NEEDLE_KINDS = frozenset({"injection", "block", "ablation", "augmentation", "disc"})
_NEEDLE_THERAPIES = frozenset(
    {
        "lumbar-puncture",
        "discography",
        "dry-needling",
        "epidural-catheter-infusion",
        "intrathecal-trial",
        "pump-refill",
        "spinal-cord-stimulation-trial",
        "spinal-cord-stimulation-implant",
        "dorsal-root-ganglion-stimulation-trial",
        "dorsal-root-ganglion-stimulation-implant",
        "peripheral-nerve-stimulation-trial",
        "peripheral-nerve-stimulation-implant",
        "peripheral-nerve-stimulation-60-day",
    }
)
NOWHERE = "place not recorded"


class ExposureTotal(Struct, frozen=True):
    """One quantity over one period, in its unit."""

    quantity: str
    unit: str
    total: Total


class PunctureTotal(Struct, frozen=True):
    """Needle procedures at one place over one period: procedures as recorded, not passes of the needle."""

    place: str
    total: Total


def exposures(record: Record, rows: Sequence[Done], moment: Moment) -> tuple[ExposureTotal, ...]:
    """Fluoroscopy, air kerma and contrast over each period."""
    return tuple(
        ExposureTotal(
            quantity,
            unit,
            total(_parts(rows, quantity), period, moment.on, complete=_complete(record, period, moment)),
        )
        for quantity, unit in QUANTITIES.items()
        for period in PERIODS
    )


def _complete(record: Record, period: Period, moment: Moment) -> bool:
    return closed(record, first_needed(record, period, moment.on), moment)


def _parts(rows: Iterable[Done], quantity: str) -> Iterable[Part]:
    for row in rows:
        amount: Decimal | None = getattr(row.procedure.exposure, quantity, None)
        if amount is not None:
            yield Part(row, Interval.exactly(amount))
        elif (row.kind in _IMAGED_KINDS or row.procedure.therapy in _IMAGED_TESTS) and not _none(row, quantity):
            yield Part(row, None, f"{quantity} not recorded")


def _none(row: Done, quantity: str) -> bool:
    """Whether there surely was none: no contrast by the chart's own word, no X-rays under another guidance."""
    if quantity == "contrast_ml":
        return row.procedure.contrast == "none"
    return row.procedure.guidance in _NO_X_RAYS


def is_puncture(procedure: Procedure) -> bool:
    """Whether a procedure goes through the skin with a needle to reach its target."""
    kind = codes.entry("therapies", procedure.therapy or "").get("kind")
    return kind in _NEEDLE_KINDS or procedure.therapy in _NEEDLE_THERAPIES


def place_of(procedure: Procedure) -> str | None:
    """The region, else the joint or site; None where none is recorded."""
    return procedure.region or procedure.joint or procedure.site


def punctures(record: Record, rows: Sequence[Done], moment: Moment) -> tuple[PunctureTotal, ...]:
    """Needle procedures per place over each period. One without a place may be of any: it opens every count by one."""
    needles = [row for row in rows if is_puncture(row.procedure)]
    places = sorted({place for row in needles if (place := place_of(row.procedure)) is not None})
    if any(place_of(row.procedure) is None for row in needles):
        places.append(NOWHERE)
    return tuple(
        PunctureTotal(
            place,
            total(
                _at(needles, place),
                period,
                moment.on,
                complete=closed(
                    record,
                    first_needed(record, period, moment.on),
                    moment,
                    region=place if place in codes.ids("regions") else None,
                ),
            ),
        )
        for place in places
        for period in PERIODS
    )


def _at(needles: Iterable[Done], place: str) -> Iterable[Part]:
    one = Interval.exactly(1)
    for row in needles:
        there = place_of(row.procedure)
        if there == place or (there is None and place == NOWHERE):
            yield Part(row, one)
        elif there is None:
            yield Part(row, Interval(NOTHING.low, one.high))
