"""Steroid given by injection anywhere, drug by drug: a running total, never silently short.

No equivalence between steroids is applied here: totals stand in milligrams of each drug. An injection without a
recorded dose is counted and named, so that the total is a lower bound and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from msgspec import Struct

from levamen.derive.relief import Treatment
from levamen.record.facts import Agent
from levamen.record.timeline import Duration, after

_AMOUNT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(mg/mL|mcg|ug|µg|μg|mg|mL|ml|g)\s*", re.IGNORECASE)
_TO_MG = {"mg": Fraction(1), "g": Fraction(1000), "mcg": Fraction(1, 1000), "ug": Fraction(1, 1000)}


class SteroidTotal(Struct, frozen=True, kw_only=True):
    """One steroid over a window: milligrams known, the injections they come from, and those without a dose."""

    drug: str
    milligrams: Fraction
    injections: tuple[str, ...]
    without_dose: tuple[str, ...]


def totals(procedures: Iterable[Treatment], on: date, window: Duration) -> tuple[SteroidTotal, ...]:
    """Each steroid injected in the window before the service date, in the order of the drugs' names.

    A procedure on the first day of the window counts: a running total errs on the high side.
    """
    amounts: dict[str, list[tuple[str, Fraction | None]]] = {}
    for procedure in procedures:
        if procedure.start is None or procedure.start.first > on or after(procedure.start.last, window) < on:
            continue
        for agent in procedure.agents:
            if "corticosteroid" in agent.classes:
                amounts.setdefault(agent.drug, []).append((procedure.id, milligrams(agent)))
    return tuple(
        SteroidTotal(
            drug=drug,
            milligrams=sum((amount for _, amount in rows if amount is not None), Fraction(0)),
            injections=tuple(dict.fromkeys(id for id, amount in rows if amount is not None)),
            without_dose=tuple(dict.fromkeys(id for id, amount in rows if amount is None)),
        )
        for drug, rows in sorted(amounts.items())
    )


def milligrams(agent: Agent) -> Fraction | None:
    """The dose as stated, else concentration times volume; None where neither is recorded in units that give mg."""
    dose = _amount(agent.dose)
    if dose is not None and dose[1] in _TO_MG:
        return dose[0] * _TO_MG[dose[1]]
    concentration, volume = _amount(agent.concentration), _amount(agent.volume)
    if concentration is not None and volume is not None and concentration[1] == "mg/ml" and volume[1] == "ml":
        return concentration[0] * volume[0]
    return None


def _amount(text: str | None) -> tuple[Fraction, str] | None:
    found = _AMOUNT.fullmatch(text) if text is not None else None
    if found is None:
        return None
    unit = found.group(2).lower()
    return Fraction(found.group(1)), "ug" if unit in ("µg", "μg") else unit
