"""The shipped bundles are the example charts, and are answered as they are: policies, plans, safety and ledgers."""

from __future__ import annotations

import importlib.util
import json
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from msgspec import structs

from levamen.adapters.any_input import read_any
from levamen.adapters.balance import Reading
from levamen.emit.json import document
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess, default_as_of
from levamen.pathway.expectations_plan import TIMES, planned
from levamen.pathway.ledger import ledger
from levamen.pathway.periprocedural.answers import DECISIONS, SAFETY_VERDICTS, Plan
from levamen.record.facts import SECTIONS

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))


def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fhir_examples", ROOT / "docs" / "fhir_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bundle_of(chart: Path) -> Path:
    return ROOT / "examples" / "fhir" / f"{chart.stem}.json"


def read(path: Path) -> Reading:
    return read_any(path.read_bytes(), path.name)


def moment(reading: Reading) -> date | datetime:
    as_of = default_as_of(reading.record)
    assert as_of is not None
    return as_of


def answers(reading: Reading, named: list[str]) -> Any:
    return document(assess(reading.record, packaged(), moment(reading), also=named), reading)["questions"]


def plans(reading: Reading, ids: list[str]) -> dict[str, Plan | str]:
    """The plan of each; a sentence where it is refused, as one past its appointment."""
    return {id: planned(reading.record, id, packaged(), moment(reading)) for id in ids}


def to_plan(chart: Reading) -> list[str]:
    """Requests with a start, and whatever else the chart expects a plan of: procedures that are done."""
    dated = [request.id for request in chart.record.requests if request.start is not None]
    named = [entry.fields["plan"] for entry in chart.expectations if "plan" in entry.fields]
    return list(dict.fromkeys((*dated, *named)))


def said(plan: Plan | str) -> object:
    """What a patient, a prescriber or a nurse would act on."""
    if isinstance(plan, str):
        return plan
    return {
        "safety": (plan.safety, plan.reasons, plan.until, plan.decision, plan.final),
        "guards": {row.guard.id: (row.status, row.verdict, row.fires) for row in plan.guards},
        "drugs": {
            (profile.profile, row.medication): (row.drug, row.decision, *(getattr(row, time) for time in TIMES))
            for profile in (plan.active, *plan.others)
            for row in profile.drugs
        },
        "sheet": (plan.number, plan.supersedes, plan.changes, plan.fingerprint),
    }


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.stem)
def test_the_bundle_is_current(chart: Path) -> None:
    assert bundle_of(chart).read_text(encoding="utf-8") == writer().bundle_text(chart), (
        "run python docs/fhir_examples.py"
    )


def test_every_chart_has_its_bundle_and_every_bundle_its_chart() -> None:
    assert {path.stem for path in (ROOT / "examples" / "fhir").glob("*.json")} == {chart.stem for chart in CHARTS}


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.stem)
def test_chart_and_bundle_hold_the_same_record(chart: Path) -> None:
    written, found = read(chart).record, read(bundle_of(chart)).record
    for section in SECTIONS:
        assert found.of(section) == written.of(section)
    assert structs.replace(found, facts=()) == structs.replace(written, facts=())


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.stem)
def test_chart_and_bundle_get_the_same_answers(chart: Path) -> None:
    written, bundle = read(chart), read(bundle_of(chart))
    named = [entry.fields["policy"] for entry in written.expectations if "policy" in entry.fields]
    assert answers(bundle, named) == answers(written, named)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.stem)
def test_chart_and_bundle_get_the_same_plans(chart: Path) -> None:
    written, bundle = read(chart), read(bundle_of(chart))
    ids = to_plan(written)
    expected, found = plans(written, ids), plans(bundle, ids)
    for id in ids:
        assert said(found[id]) == said(expected[id])
    assert found == expected, "the plans differ in what the parts above do not show"


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.stem)
def test_chart_and_bundle_get_the_same_ledger(chart: Path) -> None:
    written, bundle = read(chart), read(bundle_of(chart))
    expected, found = (structs.asdict(ledger(one.record, moment(one))) for one in (written, bundle))
    # The records themselves list their sections in another order.
    assert {**found, "record": None} == {**expected, "record": None}


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.stem)
def test_every_entry_of_a_bundle_is_read_without_a_word(chart: Path) -> None:
    balance = read(bundle_of(chart)).balance
    assert (balance.accepted, balance.issues) == (balance.items, ())


def test_the_plans_compared_are_of_every_kind() -> None:
    """Every decision, every verdict and every datetime is among them; else a field lost on the way would not show."""
    found = [plan for chart in CHARTS for plan in plans(read(bundle_of(chart)), to_plan(read(chart))).values()]
    made = [plan for plan in found if isinstance(plan, Plan)]
    drugs = [row for plan in made for row in plan.active.drugs]
    assert {plan.safety for plan in made} == set(SAFETY_VERDICTS)
    assert {row.decision for row in drugs} | {plan.decision for plan in made} == set(DECISIONS)
    assert all(any(getattr(row, time) is not None for row in drugs) for time in TIMES)
    assert any(plan.supersedes for plan in made)
    assert any(row.agreed for row in drugs)


def test_ten_bundles_with_every_kind_of_answer() -> None:
    found: set[str] = set()
    for chart in CHARTS:
        for question in answers(read(bundle_of(chart)), []):
            found |= {policy["verdict"] for policy in question["policies"]}
    assert len(CHARTS) >= 10
    assert {"met", "not_met", "not_covered", "against"} <= found
    assert all(json.loads(bundle_of(chart).read_text())["resourceType"] == "Bundle" for chart in CHARTS)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda path: path.stem)
def test_nothing_of_an_example_is_rejected(chart: Path) -> None:
    assert [issue for issue in read(chart).balance.issues if issue.fate == "rejected"] == []
