"""From a chart to FHIR and back to a chart: nothing is lost, whatever field of whatever section it is.

The fields are not listed here: they are found in the tables that read charts, so that a field that is added later
without a way through FHIR, or without a value to try it with, fails.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chart_values import ZONE, any_body, bodies, paths
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levamen.adapters.balance import Reading
from levamen.adapters.chart import read_chart
from levamen.adapters.chart_checks import COMMON
from levamen.adapters.chart_entries import Body, Entry, entries, facts_from_entries, read_entry
from levamen.adapters.chart_sections import TABLES
from levamen.adapters.chart_write import record_tree, write_chart
from levamen.adapters.fhir import read_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.record.facts import Record

EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "charts").glob("*.yaml"))
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
REFUSED = [("problems", "levels"), ("findings", "levels")]
"""Where the reader refuses the alias, because it cannot know which levels are meant."""
FIELDS = [
    (section, path)
    for section, table in TABLES.items()
    for path in paths(table)
    if path != "id" and (section, path) not in REFUSED
]
HEAD = Entry("chart", "chart", {"chart": 1, "id": "p", "zone": ZONE})
USED = {"relief.recorded", "relief.author", "relief.source", "function.recorded"}


def unused(path: str) -> bool:
    """What a nested record takes from nobody: the entry as a whole carries it, and the reader says so."""
    return "." in path and path.rpartition(".")[2] in COMMON and not path.endswith(tuple(USED))


def through_fhir(record: Record) -> Reading:
    reading = read_bundle(bundle_of(record), "bundle")
    balance = reading.balance
    assert balance.items == balance.accepted + balance.ignored + balance.rejected
    assert (balance.ignored, balance.rejected) == (0, 0), balance.issues
    return reading


def same(record: Record) -> None:
    """The same record, and the same chart to the byte."""
    back = through_fhir(record).record
    assert record_tree(back) == record_tree(record)
    assert write_chart(back) == write_chart(record)
    again = read_chart(write_chart(back), "again")
    assert again.record == record
    assert again.balance.rejected == 0


def record_of(section: str, body: Body) -> Record:
    return facts_from_entries([HEAD, Entry(section, f"{section}-1", body)]).record


def without(value: Any, path: str) -> Any:
    """A body that says nothing under a path."""
    if isinstance(value, list):
        return [without(item, path) for item in value]
    name, _, rest = path.partition(".")
    if not isinstance(value, dict) or name not in value:
        return value
    less = {key: item for key, item in value.items() if key != name}
    return {**less, name: without(value[name], rest)} if rest else less


@pytest.mark.parametrize(("section", "path"), FIELDS, ids=[f"{section}.{path}" for section, path in FIELDS])
def test_every_field_of_a_chart_comes_back_from_fhir(section: str, path: str) -> None:
    said = list(bodies(section, path))
    assert said, f"no value that a chart takes under {section}.{path}; add one to chart_values.py"
    told = []
    for body in said:
        record = record_of(section, body)
        same(record)
        less = read_entry(section, without(body, path), ZONE)
        told.append(bool(less.problems) or record != record_of(section, less.body))
    assert any(told) != unused(path), f"{section}.{path} says nothing"
    if unused(path):
        assert any("is not used" in note for note in read_entry(section, said[0], ZONE).notes)


@pytest.mark.parametrize(("section", "path"), REFUSED)
def test_levels_that_may_be_joints_or_roots_are_refused(section: str, path: str) -> None:
    body = {"concept": "facet-arthropathy", path: ["L4-5"]}
    assert [problem.says for problem in read_entry(section, body, ZONE).problems] == [
        "‘Levels’ has no meaning here; write ‘Joints’, ‘Interspaces’, ‘Vertebrae’ or ‘Roots’."
    ]


@st.composite
def records(draw: st.DrawFn) -> Record:
    kept = [HEAD]
    if body := draw(any_body("person")):
        kept.append(Entry("person", "person", body))
    for section in TABLES:
        if section != "person":
            listed = [draw(any_body(section)) for _ in range(draw(st.integers(0, 3)))]
            kept += [Entry(section, f"{section}-{number + 1}", body) for number, body in enumerate(listed) if body]
    return facts_from_entries(kept).record


@SLOW
@given(records())
def test_whole_charts_come_back_from_fhir(record: Record) -> None:
    same(record)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_come_back_from_fhir(path: Path) -> None:
    same(read_chart(path.read_bytes(), path.name).record)


def test_who_wrote_down_who_pays_is_kept() -> None:
    body = {
        "kind": "medicare",
        "recorded": "2026-02-01",
        "author": "Front desk",
        "source": "card",
        "note": "copied",
    }
    (payer,) = record_of("payer", body).payers
    assert (payer.author, payer.source, payer.note) == ("Front desk", "card", "copied")
    same(record_of("payer", body))


@SLOW
@given(records())
def test_a_bundle_kept_as_entries_is_the_same_bundle(record: Record) -> None:
    """What a clinic does: it imports a bundle, keeps it entry by entry, and exports it."""
    imported = through_fhir(record).record
    kept = facts_from_entries(entries(record_tree(imported))).record
    assert record_tree(through_fhir(kept).record) == record_tree(imported) == record_tree(record)
