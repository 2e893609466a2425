"""Forms scored, opioids added up and a trend drawn, timed: the work that every visit repeats.

`make benchmark` runs it. Medians of one run: machines are noisy, so compare figures of the same run only. Budgets: one
form 0.2 ms, the MME of 100 orders 5 ms, a picture of 5 series of 60 points 20 ms.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from levamen.derive.mme import mme
from levamen.derive.periods import moment_of
from levamen.derive.scores import entered, score
from levamen.emit.trend.layout import layout
from levamen.emit.trend.svg import svg
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.knowledge.instruments.rows import Instrument
from levamen.knowledge.opioids import TABLES, packaged_opioids
from levamen.pathway.trends import trend
from levamen.record.codes import classes_of
from levamen.record.facts import Medication, Procedure, Record, Relief, Score
from levamen.record.timeline import When

FORM_MS, ORDERS_MS, PICTURE_MS = 0.2, 5.0, 20.0
ORDERS, POINTS = 100, 60
AS_OF = date(2026, 6, 30)
SERIES = ("nrs", "odi", "phq-9", "pseq", "promis-pain-interference-4a")


def milliseconds(work: Callable[[], object], runs: int) -> list[float]:
    """Wall-clock time of each run after one warm-up, sorted."""
    work()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


def report(name: str, times: list[float], budget: float) -> None:
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    print(f"{name:58} p50 {statistics.median(times):8.3f} ms   p95 {p95:8.3f} ms   budget {budget:g}")


def form(of: Instrument) -> Callable[[], object]:
    """The scoring of one form in which every item has its lowest answer; of a bare total, its bands."""
    if not of.items:
        return lambda: entered(of, of.low)
    answers = {item.name: item.low for item in of.items}
    return lambda: score(of, answers, "female")


def opioids() -> Record:
    """Orders of four opioids, all in force."""
    drugs = ("oxycodone", "morphine", "hydrocodone", "tramadol")
    return Record(
        id="synthetic",
        facts=tuple(
            Medication(
                id=f"M-{number}",
                drug=drugs[number % 4],
                classes=classes_of(drugs[number % 4]),
                dose=f"{5 + number % 3 * 5} mg",
                every=("8 h", "12 h", "4-6 h")[number % 3],
                route="oral",
                start=When.on(date(2026, 1, 1)),
            )
            for number in range(ORDERS)
        ),
    )


def course() -> Record:
    """Five forms filled in sixty times each, and six procedures with their relief."""
    start = AS_OF - timedelta(weeks=POINTS)
    facts: list[Score | Procedure] = []
    for id in SERIES:
        of = instrument(id)
        for week in range(POINTS):
            value = of.low + (of.high - of.low) * Decimal(week * 7 % 11) / 10
            day = When.on(start + timedelta(weeks=week))
            facts.append(Score(id=f"{id}-{week}", instrument=id, value=value.quantize(Decimal("0.1")), date=day))
    for number in range(6):
        day = When.on(start + timedelta(weeks=9 * number))
        relief = Relief(scale="nrs", before=Decimal(8), after=Decimal(number))
        facts.append(
            Procedure(id=f"P-{number}", therapy="medial-branch-block", status="done", start=day, relief=(relief,))
        )
    return Record(id="synthetic", facts=tuple(facts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    options = parser.parse_args()
    for id in instrument_ids():
        report(f"one form: {id}", milliseconds(form(instrument(id)), options.runs), FORM_MS)
    record, tables = opioids(), packaged_opioids()
    moment = moment_of(record, AS_OF, AS_OF)
    times = milliseconds(lambda: mme(record, moment, tables.tables[TABLES[0]], tables), options.runs)
    report(f"MME of {ORDERS} orders", times, ORDERS_MS)
    drawn = course()
    found = trend(drawn, AS_OF, instruments=SERIES)
    times = milliseconds(lambda: trend(drawn, AS_OF, instruments=SERIES), options.runs)
    print(f"{f'trend of {POINTS} points x {len(SERIES)} series':58} p50 {statistics.median(times):8.3f} ms")
    times = milliseconds(lambda: layout(found), options.runs)
    print(f"{'of it the positions':58} p50 {statistics.median(times):8.3f} ms")
    times = milliseconds(lambda: svg(trend(drawn, AS_OF, instruments=SERIES)), options.runs)
    report("record in, picture out", times, PICTURE_MS)


if __name__ == "__main__":
    main()
