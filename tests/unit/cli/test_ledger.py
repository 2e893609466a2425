"""`levamen ledger` as a user meets it: the page, the JSON and its schema, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from levamen.adapters.any_input import read_any
from levamen.cli import main
from levamen.pathway.assess import service_date
from levamen.pathway.ledger import ledger, ledger_got

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))
LEDGERS = [path for path in CHARTS if path.stem.startswith("ledger-")]
THREE = ROOT / "examples" / "charts" / "ledger-three-clinics.yaml"
SCHEMA = json.loads((ROOT / "schemas" / "ledger-1.schema.json").read_text(encoding="utf-8"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(("ledger", *arguments))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


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


def words(page: str) -> str:
    return " ".join(page.split())


def test_the_page_adds_up_what_three_clinics_gave(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, str(THREE))
    assert (code, err) == (0, "")
    page = words(out)
    assert "12 months: 213.33 to 226.67 mg MPE (from P-2, P-3, P-4, P-5)" in page
    assert "lifetime: 253.33 or more mg MPE" in page
    assert "✗ Exceeded: no more than 200 mg MPE in 12 months" in page
    assert "Stated by: Brown-Beresford 2022" in page
    assert "With it the totals would be 12 months: 253.33 to 266.67 mg MPE" in page
    assert "prednisone of 3 Nov 2025, as a medicine: 80 mg MPE in 12 months; beside the injections, not added" in page
    assert "kept from 8 May 2026" in page
    assert "the other not before 6 Aug 2026" in page
    assert "Fluoroscopy: 12 months 55 s" in page
    assert "lumbar spine: 12 months 2" in page
    assert "bolus: 96 mL" in page
    assert "infusion: 16 mL per minute" in page
    assert "18 items = 18 accepted + 0 ignored + 0 rejected" in page


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_nothing_is_called_safe_and_lines_fit(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(path))
    assert code == 0
    page = out.partition("\nSources\n")[0]
    assert "safe" not in page.lower()
    assert max(len(line) for line in out.splitlines()) <= 100


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_the_json_fits_its_schema_and_is_the_same_each_time(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(path), "--format", "json")
    assert code == 0
    assert "null" not in out
    jsonschema.validate(json.loads(out), closed(SCHEMA))
    assert run(capsys, str(path), "--format", "json")[1] == out


def test_intervals_are_written_outward(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, str(THREE), "--format", "json")
    document = json.loads(out)
    year, _, life = document["steroid"]["totals"]
    assert year["value"] == {"low": 213.3333, "high": 226.6667, "text": "213.33 to 226.67"}
    assert life["value"] == {"low": 253.3333, "text": "253.33 or more"}
    assert document["on"] == "2026-05-06"
    assert document["format"] == "levamen.ledger/1"


def test_several_records_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *(str(path) for path in LEDGERS), "--format", "json")
    document = json.loads(out)
    assert (code, document["format"], len(document["ledgers"])) == (0, "levamen.ledgers/1", len(LEDGERS))
    jsonschema.validate(document, closed(SCHEMA))


def test_another_day_moves_the_windows(capsys: pytest.CaptureFixture[str]) -> None:
    _, first, _ = run(capsys, str(THREE), "--on", "2026-05-12", "--format", "json")
    _, later, _ = run(capsys, str(THREE), "--on", "2026-05-13", "--format", "json")
    assert json.loads(first)["steroid"]["totals"][0]["value"]["text"] == "213.33 to 226.67"
    assert json.loads(later)["steroid"]["totals"][0]["value"]["text"] == "133.33 to 146.67"


def test_what_was_recorded_later_is_not_seen(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, str(THREE), "--as-of", "2026-03-19", "--on", "2026-05-06", "--format", "json")
    assert json.loads(out)["steroid"]["totals"][0]["value"]["text"] == "173.33 to 186.67"


def test_a_declaration_closes_the_lifetime(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, str(THREE), "--complete", "procedures:1958-09-17", "--format", "json")
    assert json.loads(out)["steroid"]["totals"][2]["value"]["text"] == "253.33 to 266.67"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere.yaml",), "cannot be read"),
        ((str(THREE), "--on", "6 May"), "'6 May' is no date"),
        ((str(THREE), "--as-of", "soon"), "--as-of"),
        ((str(THREE), "--format", "html"), "'html' is not known here"),
        ((), "CHART"),
    ],
)
def test_bad_input_is_one_sentence(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_one_unusable_of_two(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, str(THREE), "nowhere.yaml")
    assert code == 3
    assert "marisol-67" in out
    assert "nowhere.yaml" in err


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_the_examples_say_what_they_expect(path: Path) -> None:
    reading = read_any(path.read_bytes(), path.name)
    record = reading.record
    assert record.as_of is not None
    as_of = record.as_of.last
    asked = [entry.fields for entry in reading.expectations if "ledger" in entry.fields]
    assert asked
    for fields in asked:
        on = service_date(record.requests[0], as_of, None)
        got = ledger_got(record, as_of, on, record.requests[0], fields["ledger"], fields["window"])
        assert got == {key: str(fields[key]) for key in ("value", "unit", "window")}


def test_premedication_is_shown_where_a_reaction_is_recorded() -> None:
    text = THREE.read_text(encoding="utf-8")
    reaction = "allergies:\n  - {id: A-1, substance: iodinated-contrast}\nas_of: 2026-05-04\n"
    allergic = text.replace("as_of: 2026-05-04\n", reaction)
    for chart, expected in ((text, None), (allergic, 120)):
        record = read_any(chart.encode(), "chart").record
        assert record.as_of is not None
        found = ledger(record, record.as_of.last).planned[0].premedication
        assert (found.equivalents.low if found is not None else None) == expected


def test_other_windows_and_none() -> None:
    record = read_any(THREE.read_bytes(), THREE.name).record
    assert record.as_of is not None
    as_of = record.as_of.last
    assert ledger_got(record, as_of, as_of, None, "steroid", "6 months")["value"] == "93.33 to 106.67"
    assert ledger_got(record, as_of, as_of, None, "steroid", "3 years")["value"] == "253.33 to 266.67"
    assert ledger_got(record, as_of, as_of, None, "steroid")["window"] == "12 months"
    assert ledger_got(record, as_of, as_of, None, "steroid", "a while") == {}
    assert ledger_got(record, as_of, as_of, None, "opioid", "12 months") == {}
