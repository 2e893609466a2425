"""A clinic's own results over a million treatments, timed: rows in, one table with its curves out.

`python benchmarks/own_results.py [COUNT]`. The rows are made up, one procedure with three indications and nine
operators, a quarter of the answers missing. Making the rows is not timed. Budget: 20 s of one core for a million.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from levamen.knowledge.results_tables import packaged_results
from levamen.outcomes.answer import Word
from levamen.outcomes.cohort import cohort
from levamen.outcomes.cohort_rows import ReliefRow, TreatmentRow, VisitRow

AS_OF = date(2026, 11, 21)
VISITS = (("2-weeks", 14, 3), ("1-month", 30, 7), ("3-months", 91, 14), ("6-months", 183, 30), ("12-months", 365, 45))
LEVELS = ("relief-30", "relief-50", "relief-80")
MEAN_DAYS = 280
MISSING = 0.25
BUDGET_S = 20
WORDS: dict[Word, tuple[tuple[str, Word], ...]] = {
    word: tuple((level, word) for level in LEVELS) for word in ("yes", "no", "unknown")
}


def treatments(count: int) -> Iterator[TreatmentRow]:
    """Relief is lost at random, and seen only at visits; the same rows each time."""
    random = Random(1)  # noqa: S311 - made-up treatments, no secret
    for _ in range(count):
        day = date(2019, 1, 1) + timedelta(days=random.randrange(2800))
        lasts = random.expovariate(1 / MEAN_DAYS)
        held, lost, first = 0, None, "unknown"
        visits = []
        for name, after, within in VISITS:
            seen = after + random.randint(-within, within)
            word: Word = "unknown"
            if random.random() >= MISSING and day + timedelta(days=seen) <= AS_OF:
                word = "yes" if seen < lasts else "no"
                first = word if first == "unknown" else first
                if lost is None:
                    held, lost = (seen, None) if word == "yes" else (held, seen)
            visits.append(VisitRow(name, day + timedelta(days=after + within), WORDS[word]))
        yield TreatmentRow(
            therapy="medial-branch-radiofrequency-ablation",
            region="lumbar",
            indication=random.choice(("axial", "referred", None)),
            day=day,
            known=AS_OF,
            operator=str(random.randrange(9)),
            visits=tuple(visits),
            relief=(ReliefRow("relief-50", first, held, lost),),
            asked=random.random() < 0.6,
        )


def main(count: int) -> int:
    rows = list(treatments(count))
    start = time.process_time()
    found = cohort(rows, AS_OF, packaged_results())
    spent = time.process_time() - start
    groups = sum(len(one.groups) for one in found.procedures)
    print(f"{count:,} treatments, {groups} groups: {spent:.1f} s of one core (budget {BUDGET_S} s for 1,000,000)")
    return 0 if spent <= BUDGET_S * max(count / 1_000_000, 0.1) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
