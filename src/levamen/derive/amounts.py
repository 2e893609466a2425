"""Milligrams of what was injected, from what was written: exact, as an interval where a range was written."""

from __future__ import annotations

import re
from fractions import Fraction

from levamen.record import codes
from levamen.record.facts import Agent
from levamen.record.timeline import Interval

_NUMBER = r"(\d+(?:\.\d+)?)"
_AMOUNT = re.compile(
    rf"\s*{_NUMBER}(?:\s*(?:-|–|to)\s*{_NUMBER})?\s*(mg/mL|mcg/mL|ug/mL|µg/mL|μg/mL|mcg|ug|µg|μg|mg|mL|cc|%|g)\s*",
    re.IGNORECASE,
)
_TO_MG = {"mg": Fraction(1), "g": Fraction(1000), "ug": Fraction(1, 1000)}
_TO_MG_PER_ML = {"mg/ml": Fraction(1), "ug/ml": Fraction(1, 1000)}
MG_PER_ML_OF_ONE_PERCENT = Fraction(10)
"""1 % is 10 mg/mL: an identity of weight in volume (1 g in 100 mL), used for solutions of local anesthetic alone."""


def milligrams(agent: Agent) -> Interval | None:
    """The dose as stated and concentration times volume; None where neither gives milligrams.

    Where both are recorded and differ, the interval holds both. Per cent is read for local anesthetics only.
    """
    stated = amount_in_milligrams(agent.dose)
    strength = _in(agent.concentration, _TO_MG_PER_ML)
    percent = _in(agent.concentration, {"%": MG_PER_ML_OF_ONE_PERCENT})
    if strength is None and "local-anesthetic" in agent.classes:
        strength = percent
    volume = _in(agent.volume, {"ml": Fraction(1)})
    made = (
        Interval(strength.low * volume.low, _high(strength) * _high(volume))
        if strength is not None and volume is not None
        else None
    )
    if stated is None or made is None:
        return stated or made
    return Interval(min(stated.low, made.low), max(_high(stated), _high(made)))


def _high(value: Interval) -> Fraction:
    return value.low if value.high is None else value.high


def _in(text: str | None, factors: dict[str, Fraction]) -> Interval | None:
    found = _AMOUNT.fullmatch(text) if text is not None else None
    if found is None:
        return None
    unit = re.sub("µg|μg|mcg", "ug", found[3].lower()).replace("cc", "ml")
    if unit not in factors:
        return None
    low = Fraction(found[1])
    high = Fraction(found[2]) if found[2] is not None else low
    return Interval(min(low, high) * factors[unit], max(low, high) * factors[unit])


def drugs_of(agents: tuple[Agent, ...], drug_class: str) -> tuple[Agent, ...]:
    """The agents of a class, in the order in which they were recorded."""
    return tuple(agent for agent in agents if drug_class in agent.classes)


def amount_in_milligrams(text: str | None) -> Interval | None:
    """An amount as written, `20 mg` or `0.5 g`, in milligrams; None where it is none."""
    return _in(text, _TO_MG)


def strength_in_milligrams(text: str | None, drug: str) -> Interval | None:
    """A concentration as written, in milligrams in a mL; per cent is read for local anesthetics only."""
    found = _in(text, _TO_MG_PER_ML)
    if found is None and "local-anesthetic" in codes.classes_of(drug):
        found = _in(text, {"%": MG_PER_ML_OF_ONE_PERCENT})
    return found
