"""Laboratory results in the unit of the vocabulary, exactly; a result such as `<1.2` is the range it can be in.

Factors: creatinine in umol/L divided by 88.4 (safety dossier 7.3); bilirubin in umol/L divided by 17.1, cortisol in
nmol/L divided by 27.59, glucose in mmol/L divided by 0.05551 (factors of the AMA Manual of Style, section 17.5, as
printed in w3.csmu.edu.tw/~chr/Int_unit_conversion.htm and elephantcare.org/convers.htm); HbA1c by the master equation,
NGSP = 0.0915 x IFCC + 2.15 (information.ifcchba1c.org, Master Equation; Hoelzel et al., Clin Chem 2004;50:166-174);
pound 0.453 592 37 kg, inch 2.54 cm, Fahrenheit (F - 32) / 1.8 (NIST Special Publication 811, appendix B.8).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from levamen.record import codes
from levamen.record.facts import Lab
from levamen.record.timeline import Interval

_TO_VOCABULARY: Mapping[tuple[str, str], tuple[Fraction, Fraction]] = {
    ("fibrinogen", "g/L"): (Fraction(100), Fraction(0)),
    ("platelets", "10*3/uL"): (Fraction(1), Fraction(0)),
    ("white-cell-count", "10*3/uL"): (Fraction(1), Fraction(0)),
    ("hemoglobin", "g/L"): (Fraction("1/10"), Fraction(0)),
    ("albumin", "g/L"): (Fraction("1/10"), Fraction(0)),
    ("creatinine", "umol/L"): (1 / Fraction("88.4"), Fraction(0)),
    ("bilirubin", "umol/L"): (1 / Fraction("17.1"), Fraction(0)),
    ("morning-cortisol", "nmol/L"): (1 / Fraction("27.59"), Fraction(0)),
    ("glucose", "mmol/L"): (1 / Fraction("0.05551"), Fraction(0)),
    ("glucose-fasting", "mmol/L"): (1 / Fraction("0.05551"), Fraction(0)),
    ("hba1c", "mmol/mol"): (Fraction("0.0915"), Fraction("2.15")),
    ("temperature", "[degF]"): (Fraction("5/9"), Fraction("-160/9")),
    ("weight", "[lb_av]"): (Fraction("0.45359237"), Fraction(0)),
    ("height", "[in_i]"): (Fraction("2.54"), Fraction(0)),
}
"""For a test and a unit it may be stated in: the factor and what is added, to the unit of the vocabulary."""

_COMPARED = re.compile(r"([<>≤≥])=?\s*(\d+(?:\.\d+)?)", re.ASCII)


def in_unit(lab: Lab, unit: str) -> Fraction | Interval | None:
    """The result in `unit`, unrounded; a range where it says less or more than a number.

    None where there is no number, or its unit is another one that no factor leads from. A result without a unit is in
    the unit of the vocabulary only where the test has no other.
    """
    if lab.test is None or lab.value is None:
        return None
    if isinstance(lab.value, Interval):  # already in the unit of the vocabulary
        return lab.value if lab.unit == unit else None
    row = codes.entry("labs", lab.test)
    own = str(row.get("unit"))
    stated = lab.unit or (own if not row.get("also") else None)
    if stated is None:
        return None
    if stated == unit:
        factor, added = Fraction(1), Fraction(0)
    elif unit == own and (lab.test, stated) in _TO_VOCABULARY:
        factor, added = _TO_VOCABULARY[lab.test, stated]
    else:
        return None
    if not isinstance(lab.value, str):
        return Fraction(lab.value) * factor + added
    compared = _COMPARED.fullmatch(lab.value.strip())
    if compared is None:
        return None
    sign, number = compared.groups()
    bound = Fraction(number) * factor + added
    return Interval(min(added, bound), bound) if sign in "<≤" else Interval(bound, None)


def in_vocabulary_unit(lab: Lab) -> Lab:
    """The same result in the unit of the vocabulary, as a range of numbers; one in words is left as it is.

    A number whose unit is not known to be of the test says nothing.
    """
    unit = codes.entry("labs", lab.test).get("unit") if lab.test is not None else None
    if unit is None or unit == "qualitative" or lab.value is None:
        return lab
    if lab.unit == unit and isinstance(lab.value, Decimal):  # as nearly every result of a large record is
        return replace(lab, value=Interval.exactly(lab.value))
    found = in_unit(lab, str(unit))
    return replace(lab, value=Interval.exactly(found) if isinstance(found, Fraction) else found, unit=str(unit))
