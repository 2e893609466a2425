"""`levamen plan` as a user meets it: every format, and one clear sentence for what cannot be planned."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import pytest

from levamen.cli import main

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "plan-1.schema.json").read_text(encoding="utf-8"))
CHART = """\
chart: 1
id: synthetic-weaver
recorded: 2026-03-10
zone: America/New_York
person: {birth_date: 1955-01-30, sex: male, weight_kg: 80}
completeness:
  - {kind: medications, reviewed: 2026-03-10}
  - {kind: problems, reviewed: 2026-03-10}
problems:
  - {id: PR-1, concept: atrial-fibrillation, since: 2020-01-01, status: active}
medications:
  - {id: M-1, drug: apixaban, dose: 5 mg, times: ["08:00", "20:00"], start: 2020-02-01, indication: atrial-fibrillation}
labs:
  - {id: L-1, test: creatinine, value: 1.1, unit: mg/dL, at: 2026-03-05}
as_of: 2026-03-10
request:
  - id: R-1
    therapy: epidural-steroid-injection
    approach: transforaminal
    region: lumbar
    side: right
    foramina: [L5-S1]
    start: 2026-03-24T10:00
    end: 2026-03-24T10:30
"""


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    path = tmp_path / "chart.yaml"
    path.write_text(CHART, encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_answer_leads(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    code, out, err = run(capsys, "plan", str(chart))
    assert (code, err) == (0, "")
    assert out.startswith("Epidural steroid injection L5-S1 right, transforaminal, Tue 24 Mar 2026, 10:00:")
    assert "apixaban" in out


def test_json_and_the_same_bytes(capsys: pytest.CaptureFixture[str], chart: Path, tmp_path: Path) -> None:
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        assert run(capsys, "plan", str(chart), "--format", "json", "--output", str(file))[0] == 0
    document = json.loads(files[0].read_bytes())
    assert files[0].read_bytes() == files[1].read_bytes()
    assert document["format"] == "levamen.plan/1"
    assert document["start"] == "2026-03-24T10:00:00-04:00"


REJECTED = """\
  - {id: L-2, test: creatinine, value: -1, unit: mg/dL, at: 2026-03-06}
  - {id: L-3, test: creatinine, value: 1, unit: mg/dL, at: 2026-02-30}
"""
UNREAD = "2 entries of the record could not be read and are not in this plan"


@pytest.fixture
def partly(chart: Path) -> Path:
    """A chart of which two entries cannot be read."""
    chart.write_text(CHART.replace("as_of:", f"{REJECTED}as_of:", 1), encoding="utf-8")
    return chart


def test_what_could_not_be_read_stands_near_the_top(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    whole = run(capsys, "plan", str(chart))[1]
    assert "could not be read" not in whole
    chart.write_text(CHART.replace("as_of:", f"{REJECTED}as_of:", 1), encoding="utf-8")
    code, out, err = run(capsys, "plan", str(chart))
    assert (code, err) == (0, "")
    told = (
        f"{UNREAD}\n"
        "  labs[1] L-2 (line 15): `value`: -1 is negative; creatinine is 0 or more\n"
        "  labs[2] L-3 (line 16): `at`: '2026-02-30' is no day of the calendar; 2026-02 has 28 days\n\n"
    )
    assert out.split("\n\n")[1] + "\n\n" == told
    assert out.replace(told, "", 1) == whole


def test_one_entry_that_could_not_be_read_is_one(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    chart.write_text(CHART.replace("as_of:", REJECTED.splitlines()[0] + "\nas_of:", 1), encoding="utf-8")
    out = run(capsys, "plan", str(chart))[1]
    assert "\n1 entry of the record could not be read and is not in this plan\n" in out


def test_json_holds_the_import_as_an_assessment_does(capsys: pytest.CaptureFixture[str], partly: Path) -> None:
    made = json.loads(run(capsys, "plan", str(partly), "--format", "json")[1])
    jsonschema.validate(made, SCHEMA)
    assert made["import"] == json.loads(run(capsys, "assess", str(partly), "--format", "json")[1])["import"]
    assert made["import"]["rejected"] == 2
    assert [issue["where"] for issue in made["import"]["issues"]] == ["labs[1] L-2 (line 15)", "labs[2] L-3 (line 16)"]


@pytest.mark.parametrize("format", ["calendar", "clinic-pdf", "letter", "letter-pdf", "sheet", "sheet-pdf"])
def test_a_format_that_does_not_say_what_was_read_leaves_it_to_standard_error(
    capsys: pytest.CaptureFixture[str], partly: Path, tmp_path: Path, format: str
) -> None:
    file = tmp_path / "out"
    code, out, err = run(capsys, "plan", str(partly), "--format", format, "--output", str(file))
    assert (code, out) == (0, "")
    said = f"levamen: {UNREAD}; --format text says what and where\n"
    assert err == ("" if format == "clinic-pdf" else said)


@pytest.mark.parametrize(
    ("count", "says"),
    [
        (1, "1 entry of the record was left out because nothing in it is used; levamen chart validate says why."),
        (2, "2 entries of the record were left out because nothing in them is used; levamen chart validate says why."),
    ],
)
def test_entries_of_a_bundle_that_hold_nothing_used_are_counted_at_the_end(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, count: int, says: str
) -> None:
    file = Path(__file__).parents[3] / "examples" / "fhir" / "plan-apixaban-each-class.json"
    bundle = json.loads(file.read_text(encoding="utf-8"))
    whole = run(capsys, "plan", str(file), "--request", "R-2")[1]
    bundle["entry"] += [{"resource": {"resourceType": "Encounter", "id": f"E-{n}"}} for n in range(count)]
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    code, out, err = run(capsys, "plan", str(path), "--request", "R-2")
    assert (code, err) == (0, "")
    assert "left out because" not in whole
    assert says in " ".join(out.split())
    assert "could not be read" not in out


@pytest.mark.parametrize(
    ("format", "begins"),
    [
        ("calendar", b"BEGIN:VCALENDAR"),
        ("clinic-pdf", b"%PDF-"),
        ("letter-pdf", b"%PDF-"),
        ("sheet-pdf", b"%PDF-"),
        ("sheet", b"Your medicines and your visit"),
        ("letter", b"To: "),
    ],
)
def test_every_format_is_written_to_a_file(
    capsys: pytest.CaptureFixture[str], chart: Path, tmp_path: Path, format: str, begins: bytes
) -> None:
    file = tmp_path / "out"
    code, out, err = run(capsys, "plan", str(chart), "--format", format, "--output", str(file))
    assert (code, out, err) == (0, "", "")
    assert file.read_bytes().startswith(begins)


def test_the_sheet_in_spanish_has_its_banner(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    code, out, _ = run(capsys, "plan", str(chart), "--format", "sheet", "--language", "es")
    assert code == 0
    assert out.startswith("** Traducción no revisada por un clínico **\n** Translation not reviewed by a clinician **")
    assert "No deje de tomar ninguna medicina por su cuenta." in out


def test_the_request_is_named_where_there_are_several(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    where = "region: lumbar, side: left, joints: [L4-5]"
    second = f"  - {{id: R-2, therapy: medial-branch-block, {where}, start: 2026-03-25T10:00}}\n"
    chart.write_text(CHART + second, encoding="utf-8")
    code, out, err = run(capsys, "plan", str(chart))
    assert (code, out) == (2, "")
    assert err == "levamen: synthetic-weaver requests 2 procedures; name one with --request: R-1, R-2\n"
    code, out, _ = run(capsys, "plan", str(chart), "--request", "R-2")
    assert code == 0
    assert out.startswith("Medial branch block")


@pytest.mark.parametrize(
    ("old", "new", "arguments", "says"),
    [
        ("request:\n", "nothing:\n", (), ""),
        ("", "", ("--request", "R-9"), "--request: synthetic-weaver has no request 'R-9'; it has R-1"),
        ("", "", ("--profile", "asra-2018"), "asra-2018"),
        ("zone: America/New_York\n", "", (), "zone"),
        ("", "", ("--as-of", "2026-03-25"), "2026-03-25"),
        ("", "", ("--as-of", "soon"), "--as-of"),
        ("", "", ("--language", "es"), "--language es is of the patient sheet"),
        ("", "", ("--language", "fr"), "'fr' is not known here"),
        ("", "", ("--format", "pdf"), "'pdf' is not known here"),
        ("", "", ("--format", "sheet", "--output", "/nowhere/at/all"), "--output: /nowhere/at/all cannot be written"),
    ],
)
def test_bad_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], chart: Path, old: str, new: str, arguments: tuple[str, ...], says: str
) -> None:
    chart.write_text(CHART.replace(old, new, 1) if old else CHART, encoding="utf-8")
    code, out, err = run(capsys, "plan", str(chart), *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert says in err


def test_no_request(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    chart.write_text(CHART.split("request:\n")[0], encoding="utf-8")
    code, _, err = run(capsys, "plan", str(chart))
    assert code == 2
    assert err == (
        "levamen: synthetic-weaver requests no procedure, so there is nothing to plan; add a request to the chart\n"
    )


def test_a_folder_is_not_one_chart(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    (chart.parent / "other.yaml").write_text(CHART, encoding="utf-8")
    code, _, err = run(capsys, "plan", str(chart.parent))
    assert code == 2
    assert "holds 2 records; a plan is of one chart" in err


def test_no_file_for_a_terminal(
    capsys: pytest.CaptureFixture[str], chart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, _, err = run(capsys, "plan", str(chart), "--format", "clinic-pdf")
    assert code == 2
    assert err == "levamen: --format clinic-pdf writes a PDF; say where with --output FILE\n"
