"""What the paragraphs on a clinic's own results are written with: made-up treatments, and the results of them.

Treatments are ablations of the lower back for axial pain on 10 February 2025, and what is known is that of 16 March
2026, when every visit to 12 months lies behind but for the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from levamen.emit.results_words import headline
from levamen.knowledge.results_tables import packaged_results
from levamen.outcomes.answer import Word
from levamen.outcomes.cohort import GroupResult, Results, cohort
from levamen.outcomes.cohort_rows import ComplicationRow, ReliefRow, TreatmentRow, VisitRow
from levamen.outcomes.relief_time import EndKind
from levamen.record.timeline import after as later

AS_OF = date(2026, 3, 16)
DAY = date(2025, 2, 10)
ABLATION = "medial-branch-radiofrequency-ablation"


def visits(day: date, answers: dict[str, Word], ended: Sequence[str] = ()) -> tuple[VisitRow, ...]:
    """Every visit of a treatment: whether it had half relief there; without an answer unknown."""
    tables = packaged_results()
    found = []
    for visit in tables.visits:
        word = answers.get(visit.id, "unknown")
        reached = tuple((level.says.id, word) for level in tables.levels)
        last = later(day, visit.after) + timedelta(days=visit.within)
        found.append(VisitRow(visit.id, last, reached, visit.id in ended))
    return tuple(found)


def treated(
    count: int,
    at_6_months: Word = "unknown",
    *,
    day: date = DAY,
    therapy: str = ABLATION,
    indication: str | None = "axial",
    operator: str | None = None,
    ended: Sequence[str] = (),
    asked: bool | None = None,
    complications: Sequence[ComplicationRow] = (),
) -> list[TreatmentRow]:
    """So many treatments with the same answer at 6 months."""
    one = TreatmentRow(
        therapy=therapy,
        region="lumbar",
        indication=indication,
        day=day,
        known=AS_OF,
        operator=operator,
        visits=visits(day, {"6-months": at_6_months}, ended),
        relief=(ReliefRow("relief-50", at_6_months, 0 if at_6_months != "yes" else 181),),
        asked=asked,
        complications=tuple(complications),
    )
    return [one] * count


def relieved(
    count: int, held: int, lost: int | None = None, *, end: EndKind | None = None, end_day: int | None = None
) -> list[TreatmentRow]:
    """So many with half relief at first, which held on one day after the procedure and was gone on another."""
    relief = ReliefRow("relief-50", "yes", held, lost, end, end_day)
    return [
        TreatmentRow(therapy=ABLATION, region="lumbar", indication="axial", day=DAY, known=AS_OF, relief=(relief,))
    ] * count


def results(*rows: Iterable[TreatmentRow]) -> Results:
    """The results of some treatments."""
    return cohort([row for some in rows for row in some], AS_OF, packaged_results())


def whole(*rows: Iterable[TreatmentRow]) -> GroupResult:
    """The results of the one procedure."""
    (one,) = results(*rows).procedures
    return one.whole


def said(*rows: Iterable[TreatmentRow]) -> str:
    """What is told first."""
    return headline(whole(*rows), packaged_results())
