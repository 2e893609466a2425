"""`levamen mme` as a user meets it: the page, the JSON and its schema, expectations, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from levamen.cli import main

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))
OPIOIDS = [path for path in CHARTS if path.stem.startswith("mme-")]
PATCH = ROOT / "examples" / "charts" / "mme-tablets-and-a-patch.yaml"
PUMP = ROOT / "examples" / "charts" / "mme-methadone-and-a-pump.yaml"
TAPER = ROOT / "examples" / "charts" / "mme-taper-too-fast.yaml"
SCHEMA = json.loads((ROOT / "schemas" / "mme-1.schema.json").read_text(encoding="utf-8"))
NOTICE = "Not for converting between opioids"


def run(capsys: pytest.CaptureFixture[str], *arguments: str, command: str = "mme") -> tuple[int, str, str]:
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


def test_the_page_shows_every_order_and_the_total(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, str(PATCH))
    assert (code, err) == (0, "")
    page = words(out)
    assert NOTICE in page
    assert "160 at the most that is allowed, 100 of it surely scheduled" in page
    assert "M-1, fentanyl: 25 mcg/h × 2.4 = 60 MME" in page
    assert "Ordered more often than every 3 days (24 h): counted once by its strength per hour, not multiplied" in page
    assert "M-2, oxycodone: 0 to 40 mg a day as needed × 1.5 = 0 to 60 MME" in page
    assert "M-3, tramadol: 200 mg a day × 0.2 = 40 MME" in page
    assert "Benzodiazepine: diazepam" in page
    assert "the next was due by 2 Mar 2026" in page
    assert "Somebody recorded 180 on 8 Sep 2025 (S-1), with a table that is not named: not used here." in page
    assert "Opioid agreement: 8 Sep 2025 (D-1)" in page
    assert "Urine drug test: 8 Sep 2025, as expected (L-1); next due by 8 Sep 2026" in page


def test_the_table_of_2016_is_another_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(PATCH), "--table", "cdc-2016")
    page = words(out)
    assert code == 0
    assert "factors of cdc-2016 (CDC guideline 2016, clinical sheet (superseded))" in page
    assert "120 at the most that is allowed" in page
    assert "M-3, tramadol: not counted: absent from the clinical sheet of 2016" in page
    code, out, _ = run(capsys, str(PUMP), "--table", "cdc-2016")
    assert "M-1, methadone: 10 mg a day × 8 = 80 MME" in words(out)


def test_what_is_not_counted_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    page = words(run(capsys, str(PUMP))[1])
    assert "117.5 (not complete; not counted: buprenorphine, morphine)" in page
    assert "M-3, buprenorphine: not counted: not in the table (partial agonist with a ceiling)" in page
    assert "M-4, morphine: not counted: the table is for doses by mouth and for patches" in page


def test_the_taper_is_held_against_each_pace_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    page = words(run(capsys, str(TAPER))[1])
    assert "1 Jun 2026: 60 to 30 MME a day, 50 % less" in page
    assert "Faster: HHS guide: common pace: 5 to 20 % every 4 weeks. Largest fall 75 % by 15 Jun 2026" in page
    assert "from 15 MME a day to none on 15 Jul 2026; why is not recorded" in page
    assert "The patient's own choice: not recorded" in page
    assert "Thoughts of self-harm: not asked that day, or not answered." in page
    assert "must" not in page.partition("Sources")[0].replace("a calculated MME must not", "")


def test_another_day_and_another_moment(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Total in MME a day, factors of cdc-2022 (CDC guideline 2022) 60 Orders" in words(
        run(capsys, str(TAPER), "--on", "2026-05-01")[1]
    )
    early = words(run(capsys, str(TAPER), "--as-of", "2026-06-10")[1])
    assert "M-3" not in early
    old = words(run(capsys, str(TAPER), "--on", "2021-01-01")[1])
    assert "The table is newer than that day: it is of 2022-11-04." in old


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("table", ["cdc-2022", "cdc-2016"])
def test_every_output_says_that_it_is_not_for_converting(
    path: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, str(path), "--table", table)
    assert code == 0
    assert NOTICE in words(out)
    assert max(len(line) for line in out.splitlines()) <= 100
    code, out, _ = run(capsys, str(path), "--table", table, "--format", "json")
    assert code == 0
    found = json.loads(out)
    jsonschema.validate(found, closed(SCHEMA))
    assert found["notice"]["says"].startswith(NOTICE)
    assert "null" not in out
    assert run(capsys, str(path), "--table", table, "--format", "json")[1] == out


def test_json_of_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, str(PATCH), "--format", "json")[1])
    assert (found["mme"], found["value"]) == (160, {"low": 100, "high": 160, "text": "100 to 160"})
    assert [order["id"] for order in found["orders"]] == ["M-1", "M-2", "M-3"]
    assert [row["id"] for row in found["prompts"]] == [
        "mme-50", "naloxone", "benzodiazepine", "sleep-apnea", "monitoring-database",
    ]  # fmt: skip


def test_several_charts_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *map(str, OPIOIDS), "--format", "json")
    found = json.loads(out)
    assert code == 0
    jsonschema.validate(found, SCHEMA)
    assert [one["mme"] for one in found["mmes"]] == [117.5, 160, 15]


@pytest.mark.parametrize("path", OPIOIDS, ids=lambda path: path.stem)
def test_the_examples_expect_what_comes_out(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(path), command="test")
    assert code == 0, out


WRONG = [
    ("{mme: 159}", "mme: expected 159, got 160"),
    ("{mme: unknown}", "mme: expected unknown, got 160"),
    ("{mme: 160, table: cdc-2019}", "there is no table cdc-2019; write cdc-2022 or cdc-2016"),
    ("{prompt: age-65}", "prompt: expected age-65, got mme-50"),
    ("{prompt: narcan}", "there is no prompt narcan; one of abrupt-change"),
    ("{absent: benzodiazepine}", "'benzodiazepine' appears"),
]
RIGHT = ["{mme: 160}", "{mme: '160.0'}", "{mme: 100 to 160}", "{mme: 160, table: cdc-2022}", "{absent: mme-90}"]


def expecting(entry: str, tmp_path: Path) -> str:
    text = PATCH.read_text(encoding="utf-8").partition("expect:")[0]
    path = tmp_path / "chart.yaml"
    path.write_text(f"{text}expect:\n  - {entry}\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("entry", "says"), WRONG)
def test_a_wrong_expectation_fails(entry: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, expecting(entry, tmp_path), command="test")
    assert code == 1
    assert says in words(out)


@pytest.mark.parametrize("entry", RIGHT)
def test_a_right_expectation_passes(entry: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, expecting(entry, tmp_path), command="test")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("missing.yaml",), "missing.yaml cannot be read: no such file or directory"),
        ((str(PATCH), "--table", "cdc-2019"), "'cdc-2019' is not known here; nearest: cdc-2016"),
        ((str(PATCH), "--on", "tomorrow"), "--on: 'tomorrow' is no date; write YYYY-MM-DD"),
        ((str(PATCH), "--format", "html"), "'html' is not known here"),
        ((), "CHART"),
    ],
)
def test_bad_input_is_one_clear_sentence(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert says in err
    assert "Traceback" not in out + err


def test_a_folder_with_one_bad_chart_is_answered_for_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_bytes(PATCH.read_bytes())
    (tmp_path / "b.yaml").write_text("chart: 1\nmedicines: []\n", encoding="utf-8")
    code, out, err = run(capsys, str(tmp_path))
    assert code == 3
    assert "160 at the most" in words(out)
    assert "medicines" in err
