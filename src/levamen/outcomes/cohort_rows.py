"""One row per treatment, for a clinic's own results. Nothing in it says who the patient is.

A row holds what the response to the treatment says (`pathway/results.py` makes it from a record); nothing here decides
again who responded or when relief was lost.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from levamen.outcomes.answer import Word
from levamen.outcomes.relief_time import EndKind

FoundBy = Literal["asked", "spontaneous", "chart"]
"""How an event was found: asked for, told without being asked, found in the record (ids of the vocabulary)."""


class VisitRow(Struct, frozen=True, gc=False):
    """One visit: its last day; whether relief reached each level, by the level's id.

    `ended`: a repeat, surgery or death came before its window.
    """

    visit: str
    last: date
    reached: tuple[tuple[str, Word], ...]
    ended: bool = False


class ReliefRow(Struct, frozen=True, gc=False):
    """Relief of one level, in days since the procedure: held on `held`, gone on `lost` (absent: not seen to be lost).

    `at_first`: whether the first answer reached the level. `end`: what ended the watch before a loss was seen, and on
    which day since the procedure.
    """

    level: str
    at_first: Word
    held: int
    lost: int | None = None
    end: EndKind | None = None
    end_day: int | None = None


class ComplicationRow(Struct, frozen=True, gc=False):
    """One event, by its ids. `early`: by the day on which events were to be asked for. Absent: not recorded."""

    kind: str
    severity: str | None = None
    found: FoundBy | None = None
    early: bool = True


class TreatmentRow(Struct, frozen=True, kw_only=True, gc=False):
    """One treatment as known on the day `known`. A word that is absent is not recorded.

    `indication`: the pattern of the pain that was treated. `operator`: any key that stands for one operator.
    `baseline`: the pain before, of 10; `below_floor`: too low for a percentage to be safe. `asked`: whether the record
    holds every event up to the visit at which they are asked for; None: that day has not come, or is not known.
    """

    therapy: str
    day: date
    known: date
    region: str | None = None
    indication: str | None = None
    operator: str | None = None
    baseline: Fraction | None = None
    below_floor: bool = False
    visits: tuple[VisitRow, ...] = ()
    relief: tuple[ReliefRow, ...] = ()
    asked: bool | None = None
    complications: tuple[ComplicationRow, ...] = ()
