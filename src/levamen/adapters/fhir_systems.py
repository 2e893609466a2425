"""Code systems: their addresses in FHIR, their names, and the test whether a code can be one of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable

OURS = "urn:levamen:vocabulary:1"  # our own code system; a section of the vocabulary follows after a colon

_ADDRESSES = {
    "http://snomed.info/sct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "urn:oid:2.16.840.1.113883.6.90": "icd10cm",
    "http://id.who.int/icd/release/11/mms": "icd11",
    "http://www.ama-assn.org/go/cpt": "cpt",
    "urn:oid:2.16.840.1.113883.6.12": "cpt",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "hcpcs",
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "hcpcs",
    "urn:oid:2.16.840.1.113883.6.285": "hcpcs",
    "http://loinc.org": "loinc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxcui",
    "urn:oid:2.16.840.1.113883.6.88": "rxcui",
}
WRITTEN = {
    "snomed": "http://snomed.info/sct",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "loinc": "http://loinc.org",
    "rxcui": "http://www.nlm.nih.gov/research/umls/rxnorm",
}
LABELS = {
    "snomed": "SNOMED CT",
    "icd10cm": "ICD-10-CM",
    "icd11": "ICD-11",
    "cpt": "CPT",
    "hcpcs": "HCPCS",
    "loinc": "LOINC",
    "rxcui": "RxNorm",
}


def system_of(address: str | None) -> str | None:
    """The name of a code system the vocabulary knows, by its FHIR address; versions and editions are left off."""
    if address is None:
        return None
    bare = address.split("|", 1)[0].rstrip("/")
    if bare.startswith("http://snomed.info/sct/"):
        return "snomed"
    return _ADDRESSES.get(bare)


def can_be(system: str, code: str) -> bool:
    """Whether `code` has the form, and where it has one the check digit, of its system."""
    return _TESTS[system](code)


def _snomed(code: str) -> bool:
    return code.isascii() and code.isdigit() and 6 <= len(code) <= 18 and _verhoeff(code)


# Verhoeff's dihedral check, which every SNOMED CT identifier carries as its last digit.
_D = [[(i + j) % 5 if i < 5 else 5 + (i - 5 - j) % 5 for j in range(5)] for i in range(10)]
_D = [row + [(5 + (i + j) % 5) if i < 5 else (i - 5 - j) % 5 for j in range(5)] for i, row in enumerate(_D)]
_P = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    _P.append([_P[-1][_P[1][i]] for i in range(10)])


def _verhoeff(code: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = _D[check][_P[place % 8][int(digit)]]
    return check == 0


def _loinc(code: str) -> bool:
    """Digits, a dash and a check digit by the Luhn rule."""
    found = re.fullmatch(r"(\d{1,7})-(\d)", code, re.ASCII)
    if found is None:
        return False
    total = 0
    for place, digit in enumerate(reversed(found.group(1))):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number // 10 + number % 10
    return (10 - total % 10) % 10 == int(found.group(2))


def _shape(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda code: compiled.fullmatch(code) is not None


_TESTS: dict[str, Callable[[str], bool]] = {
    "snomed": _snomed,
    "icd10cm": _shape(r"[A-Za-z]\d[0-9A-Za-z](\.?[0-9A-Za-z]{1,4})?"),
    "icd11": _shape(r"[0-9A-Z]{4}(\.[0-9A-Z]+)?(/.*|&.*)?"),
    "cpt": _shape(r"\d{4}[0-9FTUA]"),
    "hcpcs": _shape(r"[A-Va-v]\d{4}|\d{4}[0-9FTUA]"),
    "loinc": _loinc,
    "rxcui": _shape(r"[1-9]\d{0,7}"),
}
