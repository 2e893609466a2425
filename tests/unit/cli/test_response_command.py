"""`levamen response` as a user meets it: the page, the JSON and its schema, expectations, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from levamen.cli import main

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))
OWN = [path for path in CHARTS if path.stem.startswith("response-")]
SCHEMA = json.loads((ROOT / "schemas" / "response-1.schema.json").read_text(encoding="utf-8"))
BY_NAME = {path.stem.removeprefix("response-"): path for path in OWN}


def run(capsys: pytest.CaptureFixture[str], *arguments: str, command: str = "response") -> tuple[int, str, str]:
    try:
        code = main((command, *arguments))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def page(capsys: pytest.CaptureFixture[str], name: str, *arguments: str) -> str:
    code, out, err = run(capsys, str(BY_NAME[name]), *arguments)
    assert (code, err) == (0, "")
    return " ".join(out.split())


def closed(schema: Any) -> Any:
    """The schema with unknown keys forbidden wherever it names some."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        found["additionalProperties"] = False
    return found


def test_the_negative_block_and_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(capsys, "negative-block")
    assert "Medial branch block L4-5, L5-S1 right of 4 May 2026 (P-1): best relief 28.57 %" in text
    assert (
        "Not met under US Medicare local coverage: facet joint interventions: best relief at least 80 per cent" in text
    )
    assert "look elsewhere: facet joints L4-5, L5-S1 right unlikely the source of this pain (P-1)" in text
    assert "It changes no verdict of a policy and makes no promise." in text


def test_relief_after_the_drug_has_gone(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(capsys, "after-the-drug")
    assert "relief came only after the drug had gone (lidocaine, about 1 to 2 h); not concordant" in text
    assert "No row from 2 to 6 h" in text


def test_failures_stand_first(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(capsys, "three-failed")
    assert "Treatments that never reached 50 per cent relief: in all 3 to 4 (P-1, P-2, P-3)" in text
    assert text.index("Treatments that never reached") < text.index("relief at the last score")
    assert "(P-4): relief at the last score not measured" in text


def test_a_visit_without_a_measurement_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(capsys, "ablation-nine-months")
    assert (
        "Two weeks: complications and early effect (due 24 Feb 2025, counted from 21 Feb 2025 to 27 Feb 2025)" in text
    )
    assert "not measured; neither success nor failure" in text
    assert "Seen: longer" in text


def test_the_step_after_an_injection(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(capsys, "no-rehabilitation")
    assert "Next: coordinator: book physical therapy or exercise while relief holds (P-1)." in text
    assert "To do by 2 Jun 2026 (coordinator): begin physical therapy or exercise while relief holds" in text


def test_a_stimulator_that_loses_its_effect(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(capsys, "stimulator-losing-effect")
    assert "Next: loss of effect since 17 Nov 2025: before calling it a failure check the leads" in text
    assert "lost between 19 May 2025 and 17 Nov 2025" in text


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_json_fits_its_schema_and_is_the_same_twice(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys, str(path), "--format", "json")[1]
    jsonschema.validate(json.loads(first), closed(SCHEMA))
    assert run(capsys, str(path), "--format", "json")[1] == first
    assert "null" not in first


def test_several_records_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *map(str, OWN), "--format", "json")
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    assert (code, document["format"], len(document["responses"])) == (0, "levamen.responses/1", len(OWN))


def test_the_bundle_says_what_the_chart_says(capsys: pytest.CaptureFixture[str]) -> None:
    for path in OWN:
        bundle = ROOT / "examples" / "fhir" / f"{path.stem}.json"
        one, other = (json.loads(run(capsys, str(file), "--format", "json")[1]) for file in (path, bundle))
        assert other["procedures"] == one["procedures"]


def test_as_of_an_earlier_moment_less_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(capsys, "ablation-nine-months", "--as-of", "2025-06-01")
    assert "relief at the last score 71.42 %" in text
    assert "10 Nov 2025" not in text


def test_a_policy_named_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert "BCBS North Dakota" not in page(capsys, "block-exactly-80")
    assert "Met under BCBS North Dakota" in page(capsys, "block-exactly-80", "--policy", "bcbs-nd-facet")


def test_expectations_pass_and_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *map(str, OWN), command="test")
    assert (code, out.splitlines()[-1]) == (0, "18 passed, 0 failed")
    chart = tmp_path / "chart.yaml"
    text = BY_NAME["block-exactly-80"].read_text(encoding="utf-8")
    chart.write_text(
        text.replace("percent: 80, verdict: met, threshold: 80", "percent: 80, verdict: not_met, threshold: 80")
    )
    code, out, _ = run(capsys, str(chart), command="test")
    assert code == 1
    assert "verdict: expected not_met, got met" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--procedure", "P-9"), "P-9: the record has no such procedure; it has P-1"),
        (("--as-of", "2025-01-01"), None),
        (("--procedure", "P-1", "--as-of", "2025-01-01"), "P-1: it lies after what is known"),
        (("--policy", "mcr-facett"), "nearest: mcr-facet"),
        (("--as-of", "tomorrow"), "--as-of"),
    ],
)
def test_bad_input_is_one_sentence(
    arguments: tuple[str, ...], told: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, str(BY_NAME["ablation-nine-months"]), *arguments)
    if told is None:
        assert (code, err) == (0, "")
        assert "No test and no treatment of pain is recorded as done." in out
        return
    assert code == 2
    assert told in err
    assert len(err.splitlines()) == 1


def test_a_device_visit_is_no_treatment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chart = tmp_path / "chart.yaml"
    chart.write_text(
        "chart: 1\nid: x\nas_of: 2026-03-16\nprocedures:\n"
        "  - {id: P-1, therapy: stimulator-programming, date: 2026-01-05}\n"
        "  - {id: P-2, therapy: sacroiliac-joint-injection, status: cancelled, date: 2026-01-05}\n"
    )
    code, _, err = run(capsys, str(chart), "--procedure", "P-1")
    assert code == 2
    assert "is no test or treatment whose relief is judged" in err
    code, _, err = run(capsys, str(chart), "--procedure", "P-2")
    assert "its status is cancelled; only what was done has a response" in err
