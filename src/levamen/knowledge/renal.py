"""Brackets of creatinine clearance and the age of its blood sample (`drugs/renal.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, read_checked, read_cite, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged


class RenalRules(Struct, frozen=True, kw_only=True):
    """`cuts` in mL/min, half-open: a clearance at a cut is above it. Ages of the sample in days, at most."""

    cuts: tuple[Decimal, ...]
    days: int
    days_low: int
    low: Decimal
    cites: tuple[Cite, ...]

    def bracket(self, clearance: Fraction) -> int:
        """How many cuts lie above a clearance: two clearances of one bracket give the same number."""
        return sum(1 for cut in self.cuts if clearance < Fraction(cut))

    def longest_age(self, clearance: Fraction) -> int:
        """How many days old the sample may be for a clearance as low as this."""
        return self.days_low if clearance < Fraction(self.low) else self.days


def load_renal_rules(path: Path, sources: Mapping[str, Source]) -> RenalRules:
    """The rules of a file. Raises KnowledgeError."""
    top = read_top(path)
    top.only({"checked", "recheck_by", "brackets", "creatinine_age", "creatinine_age_low"})
    read_checked(top)
    brackets, age, age_low = (_part(top, key) for key in ("brackets", "creatinine_age", "creatinine_age_low"))
    return RenalRules(
        cuts=tuple(Decimal(word) for word in brackets.words("cuts")),
        days=int(_number(age, "days")),
        days_low=int(_number(age_low, "days")),
        low=_number(age_low, "below"),
        cites=tuple(read_cite(part, sources) for part in (brackets, age, age_low)),
    )


@per_edition
def packaged_renal_rules() -> RenalRules:
    """The rules this version ships."""
    folder = root()
    return load_renal_rules(folder / "drugs" / "renal.yaml", packaged().sources)


def _part(top: Reader, key: str) -> Reader:
    found = top.child(key)
    if found is None:
        raise top.fail(f"no {key}; write it with its source, locator and mark")
    return found


def _number(row: Reader, key: str) -> Decimal:
    found = row.number(key)
    if found is None:
        raise row.fail(f"no {key}; write the number the source gives")
    return found
