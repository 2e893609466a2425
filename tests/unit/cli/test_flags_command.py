"""`levamen flags` as a user meets it: the page, the JSON and its schema, expectations, other pages, bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_mme_command import closed, words

from levamen.adapters.chart import read_chart
from levamen.adapters.chart_write import write_chart
from levamen.cli import main

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("flag-*.yaml"))
ROSA = ROOT / "examples" / "charts" / "flag-cauda-equina-after-an-epidural.yaml"
NOOR = ROOT / "examples" / "charts" / "flag-self-harm-item.yaml"
CLARA = ROOT / "examples" / "charts" / "flag-cleared.yaml"
DILAN = ROOT / "examples" / "charts" / "flag-others.yaml"
SCHEMA = json.loads((ROOT / "schemas" / "flags-1.schema.json").read_text(encoding="utf-8"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def told(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, Any]:
    code, out, _ = run(capsys, "flags", str(path), "--format", "json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_page_says_what_to_do_by_when(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "flags", str(ROSA))
    page = words(out)
    assert (code, err) == (0, "")
    assert page.index("Emergency now: cauda equina") < page.index("Noted, alone not enough")
    assert "by 29 Mar 2026, 09:50 (UTC+02:00): Refer to the emergency spine service" in page
    assert "within 4 hours of the request: MRI as soon as possible" in page
    assert "Every elective procedure waits until a named clinician clears it with a reason" in page
    assert "Spinal cord compression by tumor: urinary retention" in page
    assert "The red-flag list: not asked" in page


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_the_json_is_what_its_schema_says(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    found = told(capsys, path)
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(found)
    assert found["format"] == "levamen.flags/1"
    assert len(found["flags"]) == 16
    assert '"null"' not in json.dumps(found)
    assert told(capsys, path) == found


def test_several_records_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "flags", str(ROSA), str(NOOR), "--format", "json")
    found = json.loads(out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert (code, len(found["flags"])) == (0, 2)


def test_who_cleared_it_until_when_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    cauda = next(flag for flag in told(capsys, CLARA)["flags"] if flag["id"] == "cauda-equina")
    assert (cauda["cleared"]["author"], cauda["cleared"]["until"]) == ("Dr. Amal Haddad", "2026-04-30")
    page = words(run(capsys, "flags", str(CLARA))[1])
    assert "Cleared: cauda equina" in page
    assert "Cleared by Dr. Amal Haddad (pain physician, E-1) to the end of 30 Apr 2026: MRI of 1 April" in page


def test_yellow_flags_are_no_denial(capsys: pytest.CaptureFixture[str]) -> None:
    page = words(run(capsys, "flags", str(DILAN))[1])
    assert "Routine referral: psychosocial risk for disability" in page
    assert "They change the plan and never deny care." in page
    assess = words(run(capsys, "assess", str(DILAN))[1])
    assert "Yellow flags: Pain Self-Efficacy Questionnaire: 19" in assess
    assert "Safety: Clear" in assess


def test_assess_plan_and_night_check_tell_the_stop(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(f"chart,request\n{ROSA},R-1\n", encoding="utf-8")
    for arguments in (
        ("assess", str(ROSA)),
        ("plan", str(ROSA), "--request", "R-1"),
        ("night-check", str(listed)),
    ):
        code, out, _ = run(capsys, *arguments)
        assert code == 0
        assert "until a named clinician clears it with a reason" in words(out), arguments
    assessed = json.loads(run(capsys, "assess", str(NOOR), "--format", "json")[1])
    duty = next(row for row in assessed["questions"][0]["obligations"] if row["id"] == "self-harm")
    assert (duty["who"], duty["due"]) == ("pain-physician", "2026-10-25")
    assert assessed["questions"][0]["safety"]["flags"][0]["id"] == "self-harm"


@pytest.mark.parametrize(("item", "says"), [("1", True), ("0", False), ("", False)])
def test_score_tells_of_item_nine(capsys: pytest.CaptureFixture[str], item: str, says: bool) -> None:
    answers = f"0,0,0,0,0,0,0,0,{item}"
    page = words(run(capsys, "score", "phq-9", answers)[1])
    assert ("A task of the same day (q9, self-harm)" in page) is says
    found = json.loads(run(capsys, "score", "phq-9", answers, "--format", "json")[1])
    assert ("tasks" in found) is says
    jsonschema.Draft202012Validator(
        json.loads((ROOT / "schemas" / "score-1.schema.json").read_text(encoding="utf-8"))
    ).validate(found)


@pytest.mark.parametrize(("value", "says"), [("27", True), ("1", True), ("0", False)])
def test_score_tells_that_a_total_leaves_item_nine_open(
    capsys: pytest.CaptureFixture[str], value: str, says: bool
) -> None:
    page = words(run(capsys, "score", "phq-9", f"total={value}")[1])
    assert ("The total does not tell q9 (self-harm): Ask item 9 of the PHQ-9" in page) is says
    found = json.loads(run(capsys, "score", "phq-9", f"total={value}", "--format", "json")[1])
    assert "tasks" not in found
    assert [row["id"] for row in found.get("ask", ())] == (["self-harm"] if says else [])
    jsonschema.Draft202012Validator(
        json.loads((ROOT / "schemas" / "score-1.schema.json").read_text(encoding="utf-8"))
    ).validate(found)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("expect: [{flag: cauda-equine}]", "cauda-equina"),
        ("expect: [{flag: cauda-equina, fires: true}]", "write yes, no, unknown, noted in quotes"),
        ("expect: [{flag: cauda-equina, cleared: maybe}]", '"yes" or "no"'),
        ("expect: [{flag: cauda-equina, urgency: now}]", "`urgency`"),
        ("evaluations: [{id: E-1, kind: judgement, about: {flag: cauda}}]", "nearest: cauda-equina"),
        ("evaluations: [{id: E-1, kind: judgement, about: {flag: fracture, policy: mcr-facet}}]", "write two"),
        ("evaluations: [{id: E-1, kind: judgement, date: 2026-04-02, until: 2026-04-01}]", "is before `date`"),
    ],
)
def test_bad_input_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path, body: str, says: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(f"chart: 1\nid: c\nas_of: 2026-04-01\n{body}\n", encoding="utf-8")
    code, out, err = run(capsys, "chart", "validate", str(path))
    assert says in out + err
    assert "Traceback" not in err
    assert code in (0, 2)


def test_wrong_expectations_fail_and_say_what_came_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    rows = (
        "{flag: cauda-equina}",
        '{flag: cauda-equina, fires: "no"}',
        "{flag: cauda-equina, fires: unknown}",
        "{flag: pneumothorax}",
        "{flag: self-harm, fires: unknown, urgency: emergency}",
    )
    path.write_text(f"chart: 1\nid: c\nas_of: 2026-04-01\nexpect: [{', '.join(rows)}]\n", encoding="utf-8")
    code, out, _ = run(capsys, "test", str(path))
    assert code == 1
    assert "1 passed, 4 failed" in out
    assert "fires: expected yes, got unknown" in out
    assert "this version does not judge pneumothorax" in out


def test_unusable_input_and_options(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("chart: 1\nid: b\n", encoding="utf-8")
    code, _, err = run(capsys, "flags", str(bad))
    assert (code, err.count("\n")) == (2, 1)
    assert "--as-of" in err
    assert run(capsys, "flags", str(bad), str(ROSA))[0] == 3
    assert run(capsys, "flags", str(ROSA), "--as-of", "2026-02-30")[0] == 2
    assert run(capsys, "flags")[0] == 2


def test_a_chart_written_out_reads_back_the_same() -> None:
    record = read_chart(CLARA.read_text(encoding="utf-8"), "c").record
    assert read_chart(write_chart(record), "c").record.facts == record.facts


def test_of_the_dead_nothing_is_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    text = ROSA.read_text(encoding="utf-8").replace("weight_kg: 66}", "weight_kg: 66, died: 2026-03-29}")
    path.write_text(text, encoding="utf-8")
    assert told(capsys, path)["flags"] == []
    assert "The patient has died: nothing is asked." in run(capsys, "flags", str(path))[1]
