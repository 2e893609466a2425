"""`levamen results`: a clinic's own results over its charts: how long relief lasts, responders, complications."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, inputs, knowledge_at, moment, read, with_progress
from levamen.cli.output import complain, deliver
from levamen.derive.views import local_day, zone_of
from levamen.emit import results as pages
from levamen.emit import results_json
from levamen.emit.results_words import Asked
from levamen.emit.terminal import PLAIN, look_of
from levamen.knowledge.registry import packaged
from levamen.knowledge.results_tables import packaged_results
from levamen.outcomes.cohort import cohort
from levamen.outcomes.cohort_rows import TreatmentRow
from levamen.pathway.results import rows_of
from levamen.record import codes
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some charts unusable and the rest counted."""
    therapy = codes.resolve("therapies", options.therapy) if options.therapy is not None else None
    found, passed = inputs(options.charts)
    rows: list[TreatmentRow] = []
    left_out: Counter[str] = Counter()
    failed, days = 0, set()
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, (), packaged().policies)
            as_of = moment(options.as_of, reading)
            with knowledge_at(options.local, as_of) as knowledge:
                made = rows_of(reading.record, knowledge, as_of, packaged_results())
        except (UnusableInput, BadRequest) as error:
            failed += 1
            complain(str(error))
            continue
        days.add(local_day(as_of, zone_of(reading.record)))
        rows += made.rows
        left_out.update(one.why for one in made.left_out)
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if failed == len(found):
        return UNUSABLE
    if therapy is not None:
        rows = [row for row in rows if row.therapy == therapy]
    results = cohort(_lettered(rows, keep=options.operators), max(days), packaged_results())
    asked = Asked(charts=len(found) - failed, not_read=failed, left_out=left_out, letters=options.operators)
    if options.format == "json":
        deliver(results_json.encode(results, asked) + b"\n", options.output)
    else:
        look = PLAIN if options.output is not None else look_of(sys.stdout)
        deliver(pages.page(results, asked, look=look), options.output)
    return SOME_UNUSABLE if failed else ANSWERED


def _lettered(rows: Sequence[TreatmentRow], *, keep: bool) -> Iterable[TreatmentRow]:
    """The rows with a letter for each operator, in the order of their names; without, where they are not asked for."""
    names = sorted({row.operator for row in rows if row.operator is not None})
    letters = {name: _letter(place) for place, name in enumerate(names)} if keep else {}
    return (replace(row, operator=letters.get(row.operator or "")) for row in rows)


def _letter(place: int) -> str:
    """A to Z, then AA."""
    place, last = divmod(place, 26)
    return (_letter(place - 1) if place else "") + chr(ord("A") + last)
