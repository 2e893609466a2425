"""`levamen device` as a user meets it: the page, the JSON and its schema, expectations, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from levamen.cli import main
from levamen.emit.stimulators import one_decimal

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))
IMPLANTS = [path for path in CHARTS if path.stem.startswith("implant-")]
SCHEMA = json.loads((ROOT / "schemas" / "device-1.schema.json").read_text(encoding="utf-8"))


def chart(name: str) -> str:
    return str(ROOT / "examples" / "charts" / f"implant-{name}.yaml")


def run(capsys: pytest.CaptureFixture[str], *arguments: str, command: str = "device") -> tuple[int, str, str]:
    try:
        code = main((command, *arguments))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def words(page: str) -> str:
    return " ".join(page.split())


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


def test_the_page_shows_where_it_stands_and_what_is_next(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, chart("lead-moved"))
    assert (code, err) == (0, "")
    page = words(out)
    assert "Spinal cord stimulation for the pain in the whole leg: trial failed for a technical reason" in page
    assert "5 Oct 2026 to 12 Oct 2026, 168.0 hours, 20.0 % less pain, 0.0 % less analgesics" in page
    assert "Passed (decides): Medicare NCD 160.7" in page
    assert "Failed (decides): US Medicare local coverage: spinal cord stimulators for chronic pain; leaves room" in page
    assert "Next, all it asks for is shown: a repeated trial is granted" in page
    assert "A named clinician may pass it by, with a reason and the policy that allows it" in page
    assert "NCD 160.7 Electrical Nerve Stimulators" in page


def test_the_clauses_of_the_others_stand_under_all(capsys: pytest.CaptureFixture[str]) -> None:
    brief = words(run(capsys, chart("lead-moved"))[1])
    whole = words(run(capsys, chart("lead-moved"), "--all")[1])
    assert "letter, recommendations" not in brief
    assert "letter, recommendations" in whole
    assert "consent is on file, where the payer asks" in whole
    assert "consent is on file, where the payer asks" not in brief


def test_a_policy_that_is_named_decides(capsys: pytest.CaptureFixture[str]) -> None:
    """Otis: Noridian asks for function, which nobody recorded; the letter does not."""
    assert "trial over, not yet judged" in run(capsys, chart("function-not-recorded"))[1]
    assert "trial passed" in run(capsys, chart("function-not-recorded"), "--policy", "fda-scs-2020")[1]


def test_what_is_known_as_of_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert "lead in place" in run(capsys, chart("sixty-days-over"), "--as-of", "2026-11-18")[1]
    assert "lead to be pulled now" in run(capsys, chart("sixty-days-over"), "--as-of", "2026-11-19")[1]
    assert "Pull the lead: by 19 Nov 2026." in run(capsys, chart("sixty-days-over"))[1]


def test_the_page_advises_and_promises_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for path in IMPLANTS:
        page = words(run(capsys, str(path), "--all")[1]).lower()
        for phrase in ("you qualify", "guarantee", "certified", "convention (", "traceback"):
            assert phrase not in page


def test_what_is_a_convention_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    page = words(run(capsys, chart("from-elsewhere"))[1])
    assert "Yearly programming visit: 1 Mar 2027 (counted from the earliest day it can have been placed)" in page
    assert "awaiting confirmation" in page
    assert "Common practice, no single authority" in page
    assert "Also on record: lead migration, 25 Oct 2026 (V-2)" in page


def test_a_record_without_a_stimulator(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(ROOT / "examples" / "charts" / "facet-one-block.yaml"))
    assert code == 0
    assert "No stimulator, nothing on the way to one and no pump is recorded." in out


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_json_follows_its_schema(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(path), "--format", "json")
    assert code == 0
    jsonschema.validate(json.loads(out), closed(SCHEMA))
    assert "null" not in out.replace('"null"', "")


def test_json_says_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = json.loads(run(capsys, chart("no-repeat"), "--format", "json")[1])["stimulators"]
    assert found["standing"]["state"] == "trial-technical-failure"
    assert found["trial"]["outcome"] == "failed"
    assert found["trial"]["pain_percent"] == {"low": 30, "high": 30, "text": "30"}
    assert found["deciding"] == ["evicore-scs"]
    asked = {row["id"]: row["status"] for row in found["ahead"][0]["guards"]}
    assert asked == {"technical-failure": "met", "repeat": "not_met", "first-repeat": "met"}


def test_the_same_input_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys, chart("from-elsewhere"), "--format", "json")[1]
    assert run(capsys, chart("from-elsewhere"), "--format", "json")[1] == first


def test_several_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, chart("no-repeat"), chart("lead-moved"), "--format", "json")[1])
    assert found["format"] == "levamen.devices/1"
    assert [row["patient"] for row in found["devices"]] == ["hal-58", "rosa-62"]


def test_bad_input_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, str(tmp_path / "none.yaml"))
    assert (code, out) == (2, "")
    assert "cannot be read" in err
    assert err.count("\n") == 1
    code, _, err = run(capsys, chart("no-repeat"), "--policy", "mcr-scx")
    assert code == 2
    assert "mcr-scs" in err
    code, _, err = run(capsys, chart("no-repeat"), "--policy", "cdc-2016")
    assert code == 2
    assert err.count("\n") == 1
    code, _, err = run(capsys, chart("no-repeat"), "--as-of", "yesterday")
    assert code == 2
    assert err.count("\n") == 1
    code, out, err = run(capsys, chart("no-repeat"), str(tmp_path / "none.yaml"))
    assert code == 3
    assert "hal-58" in out


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ("state: trial-technical-failure", "state: trial-success"),
        ("trial: failed", "trial: passed"),
        ("failed: [evicore-scs]", "failed: [fda-scs-2020, mcr-scs]"),
        ("asks: [repeat]", "asks: [baseline]"),
        ("repeats: 0", "repeats: 1"),
    ],
)
def test_an_expectation_that_differs_fails(
    changed: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(chart("no-repeat")).read_text(encoding="utf-8")
    assert changed in text
    path = tmp_path / "chart.yaml"
    path.write_text(text.replace(changed, says), encoding="utf-8")
    code, out, _ = run(capsys, str(path), command="test")
    assert code == 1
    assert says.partition(":")[0] in out
    path.write_text(text, encoding="utf-8")
    assert run(capsys, str(path), command="test")[0] == 0


def test_an_expected_removal_that_differs_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(chart("sixty-days-over")).read_text(encoding="utf-8")
    path = tmp_path / "chart.yaml"
    path.write_text(text.replace("removal_due: 2026-11-19", "removal_due: 2026-11-20"), encoding="utf-8")
    code, out, _ = run(capsys, str(path), command="test")
    assert code == 1
    assert "removal_due: expected 2026-11-20, got 2026-11-19" in words(out)
    path.write_text(text.replace("implant: P-1", "implant: P-9"), encoding="utf-8")
    assert "P-9" in "".join(run(capsys, str(path), command="test")[1:])


@pytest.mark.parametrize(
    ("number", "text"), [("50", "50.0"), ("49.96", "49.9"), ("49.6", "49.6"), ("0", "0.0"), ("-5.01", "-5.1")]
)
def test_nothing_is_rounded_up_to_a_threshold(number: str, text: str) -> None:
    from fractions import Fraction

    assert one_decimal(Fraction(number)) == text


PUMPS = sorted((ROOT / "examples" / "charts").glob("pump-*.yaml"))


@pytest.mark.parametrize("path", PUMPS, ids=lambda path: path.stem)
def test_a_pump_stands_on_the_page_and_in_the_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The refill date of both is that of the example's expectation, or the reason why there is none."""
    code, out, _ = run(capsys, str(path), "--format", "json")
    found = json.loads(out)
    assert code == 0
    jsonschema.validate(found, closed(SCHEMA))
    assert found["stimulators"] == []
    (one,) = found["pumps"]
    _, page, _ = run(capsys, str(path))
    assert "Pumps" in page
    assert ("Refill due: not known" in page) == (one["refill_due"] == "unknown")
    assert one["refill_due"] != "unknown" or one["reasons"]


def test_an_effect_that_is_lost_is_told_first(capsys: pytest.CaptureFixture[str]) -> None:
    """What `response` says of a stimulator stands on the page of devices too: one record, one story."""
    path = str(ROOT / "examples" / "charts" / "response-stimulator-losing-effect.yaml")
    _, out, _ = run(capsys, path)
    page = words(out)
    assert page.index("Effect lost") < page.index("in use")
    assert "effect lost since 17 Nov 2025" in page
    code, out, _ = run(capsys, path, "--format", "json")
    found = json.loads(out)
    jsonschema.validate(found, closed(SCHEMA))
    assert (code, [row["since"] for row in found["effect_lost"]]) == (0, ["2025-11-17"])
    _, out, _ = run(capsys, path, "--as-of", "2025-06-01")
    assert "Effect lost" not in words(out)
