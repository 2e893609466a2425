"""Values of observations: exact numbers in the units the vocabulary reads, and whether something is present."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from levamen.adapters.fhir_context import Context, Refused
from levamen.adapters.fhir_types import Component, Concept, Observation
from levamen.record.codes import entry, title

# Other ways in which systems write the UCUM units of the vocabulary.
_SPELLINGS = {
    "10^3/uL": "10*3/uL",
    "10^9/L": "10*9/L",
    "mmHg": "mm[Hg]",
    "kg/m^2": "kg/m2",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "in": "[in_i]",
    "degC": "Cel",
    "degF": "[degF]",
    "sec": "s",
    "mL/min/1.73m2": "mL/min/{1.73_m2}",
    "beats/min": "/min",
    "{beats}/min": "/min",
}
_ANNOTATION = re.compile(r"\{[^{}]*\}$")
# Answers that say yes or no: SNOMED CT and LOINC answers of FHIR's own value sets, and the v3 interpretation codes.
_YES = {"52101004", "373066001", "10828004", "LA33-6", "LA6576-8", "LA9633-4", "POS", "Y"}
_NO = {"2667000", "373067005", "260385009", "LA32-8", "LA6577-6", "LA9634-2", "NEG", "N"}
_ANSWER_SYSTEMS = (
    "http://snomed.info/sct",
    "http://loinc.org",
    "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    "http://hl7.org/fhir/v2/0078",
    "http://terminology.hl7.org/CodeSystem/v2-0136",
    "http://hl7.org/fhir/v2/0136",
)


def exact_number(part: Observation | Component, where: str, ctx: Context) -> Decimal | None:
    """The value, if it is one number. Bounds, ranges, words and absent values are told and give none."""
    if part.data_absent_reason is not None:
        ctx.group("warning", "Observation", "value said to be absent; it is missing, not zero", where)
        return None
    if part.value_integer is not None:
        return Decimal(part.value_integer)
    quantity = part.value_quantity
    if quantity is not None and quantity.value is not None:
        if not quantity.value.is_finite() or abs(quantity.value.adjusted()) > 30:
            raise Refused(f"its value {quantity.value} is no usable number")
        if quantity.comparator:
            ctx.warn(where, f"the value is not exact ({quantity.comparator} {quantity.value}); it is not used")
            return None
        return quantity.value
    if part.value_range is not None:
        ctx.warn(where, "the value is a range; it is not used")
    elif part.value_string is not None:
        ctx.warn(where, f"the value is text ('{part.value_string[:40]}'); it is not used")
    elif part.value_codeable_concept is not None or part.value_boolean is not None or part.value_ratio:
        ctx.warn(where, "the value is not a number; it is not used")
    return None


def score_value(part: Observation | Component, instrument: str | None, where: str, ctx: Context) -> Decimal | None:
    """The result of an instrument: a number in its range, without the unit of another scale."""
    value = exact_number(part, where, ctx)
    if value is None or instrument is None or ctx.own:
        return value
    unit = _unit(part)
    if instrument == "vas-mm":
        allowed = unit in ("", "1", "mm")
    elif instrument == "mme":
        return value
    else:
        allowed = unit in ("", "1", "%", "score", "points", "T-score")
    if not allowed:
        raise Refused(f"{title(instrument)} has no unit '{unit}'; another scale is not converted")
    low, high = (Decimal(str(bound)) for bound in entry("instruments", instrument).get("range", (value, value)))
    if not low <= value <= high:
        raise Refused(f"{title(instrument)} goes from {low} to {high}; {value} is another scale or an error")
    return value


def lab_value(
    part: Observation | Component, test: str | None, where: str, ctx: Context
) -> tuple[Decimal | str | None, str | None]:
    """A lab's value and unit. A unit the vocabulary does not read refuses the result; without one it has no value."""
    row = entry("labs", test) if test is not None else {}
    if row.get("unit") == "qualitative" and not ctx.own:
        said = presence(part)
        return (None if said is None else "positive" if said else "negative"), None
    if ctx.own and part.value_string is not None:
        return part.value_string, None
    value = exact_number(part, where, ctx)
    unit = _unit(part) or None
    if ctx.own or value is None:
        return value, unit
    units = [str(row.get("unit")), *map(str, row.get("also", ()))]
    if unit is None or unit == "1":
        if "1" in units:
            return value, "1"
        ctx.warn(where, f"{title(test or '')} has no unit; its value is not used")
        return None, None
    if unit not in units:
        raise Refused(f"{title(test or '')} in '{unit}': the units read are {', '.join(units)}")
    return value, unit


def _unit(part: Observation | Component) -> str:
    """The UCUM unit, annotations left off; `1` and nothing are both no unit."""
    quantity = part.value_quantity
    written = (quantity.code or quantity.unit or "") if quantity is not None else ""
    spelled = _SPELLINGS.get(written, written)
    return spelled if spelled in _SPELLINGS.values() else _ANNOTATION.sub("", spelled)


def presence(part: Observation | Component) -> bool | None:
    """Whether something is present: a boolean, a coded yes or no, or an interpretation. Contradictions refuse."""
    said = {part.value_boolean} if part.value_boolean is not None else set()
    said |= _yes_or_no([part.value_codeable_concept]) | _yes_or_no(part.interpretation)
    if len(said) > 1:
        raise Refused("says both yes and no")
    return said.pop() if said else None


def _yes_or_no(concepts: Iterable[Concept | None]) -> set[bool]:
    codes = {
        coding.code
        for concept in concepts
        if concept is not None
        for coding in concept.coding
        if coding.system in _ANSWER_SYSTEMS
    }
    return {True for code in codes if code in _YES} | {False for code in codes if code in _NO}
