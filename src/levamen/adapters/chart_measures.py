"""Doses, volumes, concentrations, percentages, dosing times and laboratory units: checked, and kept as written."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct

from levamen.adapters.chart_kinds import Schema, Text, read_number, scalar
from levamen.adapters.chart_reading import Context, bad, short
from levamen.record import codes
from levamen.record.timeline import Interval
from levamen.text.tree import Items, Node

_UNIT = (
    r"(?:mcg|ug|µg|μg|ng|mg|kg|g|mL|ml|cc|dL|dl|L|l|µL|uL|%|mmol|µmol|umol|mol|mEq|meq|units?|IU|U|"
    r"tablets?|tab|tabs|capsules?|cap|caps|patch(?:es)?|puffs?|sprays?|drops?|suppositor(?:y|ies)|lozenges?|films?|"
    r"applications?|doses?|vials?|ampoules?|joules?|J)"
)
_PER = r"(?:h|hr|hour|min|d|day|week|month|24 ?h|kg|m2|dose|actuation|" + _UNIT + r")"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_AMOUNT = rf"{_NUMBER}(?:\s*(?:-|–|to)\s*{_NUMBER})?\s*{_UNIT}(?:\s*/\s*(?:{_NUMBER}\s*)?{_PER})*"
_MEASURE = re.compile(rf"{_AMOUNT}(?:\s*[+/;]\s*{_AMOUNT})*")
_RATIO = re.compile(r"1\s*:\s*\d[\d,]*")
_NEGATIVE = re.compile(r"[-−]\s*\d")
_EVERY = re.compile(rf"(?:every\s+)?({_NUMBER})?(?:\s*(?:-|–|to)\s*({_NUMBER}))?\s*([A-Za-z][A-Za-z -]*)?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)

# Spellings people write for the UCUM units of the vocabulary.
_UNIT_SPELLINGS = {
    "mg/dl": "mg/dL",
    "g/dl": "g/dL",
    "g/l": "g/L",
    "µmol/l": "umol/L",
    "μmol/l": "umol/L",
    "umol/l": "umol/L",
    "mmol/l": "mmol/L",
    "nmol/l": "nmol/L",
    "mg/l": "mg/L",
    "u/l": "U/L",
    "iu/l": "U/L",
    "ng/ml": "ng/mL",
    "µg/dl": "ug/dL",
    "μg/dl": "ug/dL",
    "ug/dl": "ug/dL",
    "mcg/dl": "ug/dL",
    "iu/ml": "[IU]/mL",
    "10^9/l": "10*9/L",
    "x10^9/l": "10*9/L",
    "10e9/l": "10*9/L",
    "10^3/ul": "10*3/uL",
    "10^3/µl": "10*3/uL",
    "k/ul": "10*3/uL",
    "k/µl": "10*3/uL",
    "mmhg": "mm[Hg]",
    "mm hg": "mm[Hg]",
    "c": "Cel",
    "°c": "Cel",
    "f": "[degF]",
    "°f": "[degF]",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "in": "[in_i]",
    "kg/m^2": "kg/m2",
    "kg/m²": "kg/m2",
    "ml/min": "mL/min",
    "ml/min/1.73m2": "mL/min/{1.73_m2}",
    "ml/min/1.73 m2": "mL/min/{1.73_m2}",
    "ml/min/1.73m²": "mL/min/{1.73_m2}",
    "mm/hr": "mm/h",
    "bpm": "/min",
    "sec": "s",
    "seconds": "s",
    "ml": "mL",
    "ratio": "1",
}
_SAME = frozenset({"10*9/L", "10*3/uL"})
_MAY_BE_NEGATIVE = frozenset({"bone-density-t-score", "temperature"})
_COMPARED = re.compile(r"[<>≤≥]=?\s*\d+(?:\.\d+)?")


class Measure(Struct, frozen=True):
    """An amount with its unit, `500 mg`, `0.5 %`, `10 mg/mL`; kept as written."""

    example: str
    ratio: bool = False

    def read(self, node: Node, context: Context) -> str:
        value = scalar(node, f"an amount such as {self.example}")
        text = " ".join(value.text.split())
        if value.kind == "number":
            raise bad(f"{short(text)} has no unit; write it as in {self.example}")
        if _NEGATIVE.match(text):
            raise bad(f"{short(text)} is negative; an amount is 0 or more")
        if _MEASURE.fullmatch(text) or (self.ratio and _RATIO.fullmatch(text)):
            return value.text
        raise bad(f"{short(text)} is no amount with a known unit; write it as in {self.example}")

    def schema(self) -> Schema:
        return {"type": "string"}


class Every(Struct, frozen=True):
    """How often a medicine is taken, `12 h` or `daily`; kept as written."""

    def read(self, node: Node, context: Context) -> str:
        text = Text().read(node, context)
        if _NEGATIVE.match(text.strip()) or re.match(r"0+(\.0+)?(\D|$)", text.strip()):
            raise bad(f"{short(text)} is no interval; write it as in 12 h")
        return text

    def schema(self) -> Schema:
        return {"type": ["string", "number"]}


class Clock(Struct, frozen=True):
    """A time of day, `08:00`."""

    def read(self, node: Node, context: Context) -> str:
        text = Text().read(node, context)
        found = _CLOCK.fullmatch(text)
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise bad(f"{short(text)} is no time of day; write it as in 08:00")
        return f"{int(found[1]):02}:{found[2]}"

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^\d{1,2}:\d{2}$"}


class Percent(Struct, frozen=True):
    """Per cent of relief from -100 (worse) to 100: a number, a text such as `70 %`, or a range, which is flagged."""

    def read(self, node: Node, context: Context) -> Interval:
        bounds = self._bounds(node)
        for bound in bounds:
            if not -100 <= bound <= 100:
                raise bad(f"{bound:f} % is not possible; relief lies between -100 % (worse) and 100 %")
        low, high = bounds
        if low > high:
            raise bad(f"the range runs from {low} to {high}; write the lower number first")
        if low != high:
            context.note(f"`{context.field}`: a range ({low} to {high} %) was stated and is read as an interval")
        return Interval(Fraction(low), Fraction(high))

    def _bounds(self, node: Node) -> tuple[Decimal, Decimal]:
        if isinstance(node, Items):
            if len(node.items) != 2:
                raise bad("a range has two numbers, [70, 80]")
            low, high = (read_number(scalar(item, "a number")) for item in node.items)
            return low, high
        value = scalar(node, "a percentage")
        if value.kind == "number":
            number = read_number(value)
            return number, number
        found = re.fullmatch(rf"\s*({_PERCENT})(?:\s*(?:-|–|to)\s*({_PERCENT}))?\s*%?\s*", value.text, re.ASCII)
        if not found:
            raise bad(f"{short(value.text)} is no percentage; write 80, '70-80 %' or [70, 80]")
        low = Decimal(found[1])
        return low, Decimal(found[2]) if found[2] else low

    def schema(self) -> Schema:
        number = {"type": "number", "minimum": -100, "maximum": 100}
        return {
            "anyOf": [
                number,
                {"type": "array", "items": number, "minItems": 2, "maxItems": 2},
                {"type": "string", "pattern": "[0-9]"},
            ]
        }


_PERCENT = r"-?\d{1,3}(?:\.\d{1,3})?"


def settle_lab(values: dict[str, Any], context: Context) -> None:
    """Checks a result against its test and spells its unit as the vocabulary does. Raises BadValueError."""
    test, value = values["test"], values.get("value")
    row = codes.entry("labs", test)
    if row["unit"] == "qualitative":
        if isinstance(value, Decimal):
            raise bad(f"{test} has a result in words (positive, negative); {value} is a number", "value")
        if values.get("unit") not in (None, "qualitative"):
            raise bad(f"{test} has no unit; leave `unit` out", "unit")
        return
    if isinstance(value, str) and not _COMPARED.fullmatch(value):
        raise bad(f"{test} is a number, {short(value)} is text", "value")
    if isinstance(value, Decimal) and value < 0 and test not in _MAY_BE_NEGATIVE:
        raise bad(f"{value:f} is negative; {test} is 0 or more", "value")
    if value is not None:
        values["unit"] = _lab_unit(test, values.get("unit"), context)


def _lab_unit(test: str, unit: str | None, context: Context) -> str:
    row = codes.entry("labs", test)
    accepted = [str(row["unit"]), *map(str, row.get("also", ()))]
    said = " or ".join(accepted)
    if unit is None:
        if len(accepted) > 1 and not set(accepted) <= _SAME:
            raise bad(f"{test} is measured in {said}; say which", "unit")
        if accepted[0] != "1":
            context.note(f"`unit` is not given and read as {accepted[0]}, the unit of {test}")
        return accepted[0]
    spelled = unit if unit in accepted else _UNIT_SPELLINGS.get(unit.strip().lower(), unit)
    if spelled not in accepted:
        raise bad(f"{short(unit)} is no unit of {test}; write {said}", "unit")
    if spelled != unit:
        context.note(f"`unit` {short(unit)} resolved to {spelled}")
    return spelled
