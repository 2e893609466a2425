"""Elements of FHIR R4 that resources share, as they are written: codes, periods, amounts, body sites.

Codes: our own code system always, and beside it a confirmed code of the vocabulary where exactly one stands for the
entry (for instruments the first LOINC code, which is that of the score).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Protocol

from levamen.adapters.fhir_dates import text_of
from levamen.adapters.fhir_systems import OURS, WRITTEN
from levamen.adapters.fhir_target import SETS, SINGLES, SNOMED_SIDES
from levamen.record import facts
from levamen.record.codes import entry, ids, label
from levamen.record.timeline import When

Json = dict[str, Any]
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ([^\s\d]\S*)", re.ASCII)


class References(Protocol):
    """How a resource points to others of its bundle."""

    @property
    def patient(self) -> Json:
        """The reference to the patient."""

    def to(self, kind: str, id: str | None) -> list[Json]:
        """The reference to the resource of a fact; none if the record has no such fact."""


def coding(section: str, id: str | None) -> list[Json]:
    """Our coding of an id, and its confirmed codes elsewhere; nothing for an id that is not in the vocabulary."""
    if id is None or id not in ids(section):
        return []
    found: list[Json] = [{"system": f"{OURS}:{section}", "code": id, "display": label(section, id)}]
    codes = entry(section, id).get("codes", {})
    for system, address in WRITTEN.items():
        listed = codes.get(system, ())
        decided = len(listed) == 1 or (listed and system == "loinc" and section == "instruments")
        if decided and system != "icd10cm" and not codes.get("shared"):
            found.append({"system": address, "code": listed[0]})
    return found


def concept(*codings: Any, text: str | None = None) -> Json:
    """A CodeableConcept; empty if there is nothing to say."""
    flat = [row for item in codings for row in (item if isinstance(item, list) else [item])]
    found: Json = {"coding": flat} if flat else {}
    return found | ({"text": text} if text and not flat else {})


def span(start: When | None, end: When | None) -> Json | None:
    """A Period, as far as FHIR can write its ends."""
    found = {"start": text_of(start), "end": text_of(end)}
    return {name: value for name, value in found.items() if value} or None


def quantity(amount: str | None) -> Json | None:
    """`500 mg` as a Quantity; anything else has no number and unit."""
    found = _AMOUNT.fullmatch(amount or "")
    return {"value": Decimal(found.group(1)), "unit": found.group(2)} if found is not None else None


def target(fact: facts.Target | facts.Pain) -> list[Json]:
    """One body site for each value of the target: our coding, and SNOMED CT for a side."""
    found: list[Json] = []
    for name in (*SINGLES, *SETS):
        value = getattr(fact, name, None)
        if name == "site" and isinstance(fact, facts.Pain):
            continue
        for id in sorted(value) if isinstance(value, frozenset) else [value] if value else []:
            site = [{"system": f"{OURS}:target.{name}", "code": id}]
            if name == "side" and id in SNOMED_SIDES:
                site.append({"system": WRITTEN["snomed"], "code": SNOMED_SIDES[id]})
            found.append({"coding": site})
    return found


def note(fact: facts.Fact) -> list[Json] | None:
    """The note of a fact as annotations."""
    return [{"text": fact.note}] if fact.note else None
