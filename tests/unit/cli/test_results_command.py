"""`levamen results` as a user meets it: the page, the JSON and its schema, what cannot be read, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from levamen.cli import main

ROOT = Path(__file__).parents[3]
CHARTS = ROOT / "examples" / "charts"
SCHEMA = json.loads((ROOT / "schemas" / "results-1.schema.json").read_text(encoding="utf-8"))
AS_OF = ("--as-of", "2026-03-16")
CHART = """\
chart: 1
id: case-{number}
zone: America/Chicago
as_of: 2026-03-16
person: {{birth_date: 1961-04-09}}
completeness: [{{kind: events, from: 2025-01-01, to: 2026-03-16}}]
pain: [{{id: PN-1, site: low-back, side: left, pattern: {pattern}}}]
procedures:
  - id: P-1
    therapy: medial-branch-radiofrequency-ablation
    technique: thermal
    date: 2025-02-10
    region: lumbar
    side: left
    joints: [L4-5]
    pain: PN-1
    operator: {operator}
    relief: [{relief}]
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(("results", *arguments))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def row(after: int, at: str) -> str:
    return f"{{scale: nrs, before: 8, after: {after}, at: {at}}}"


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """Thirty ablations: of 24 with an answer at six months 15 have half relief; six were not reached."""
    for number in range(30):
        relief = row(2, "2025-05-12")
        if number < 24:
            relief += f", {row(3 if number < 15 else 6, '2025-08-11')}"
        chart = CHART.format(
            number=number,
            pattern="axial" if number < 26 else "referred",
            operator="Dr Zeta" if number % 2 else "Dr Alpha",
            relief=relief,
        )
        (tmp_path / f"case-{number:02}.yaml").write_text(chart, encoding="utf-8")
    return tmp_path


def closed(schema: Any) -> Any:
    """The schema with unknown keys forbidden wherever it names some."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


def test_the_page(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, str(clinic), *AS_OF)
    text = " ".join(out.split())
    assert (code, err) == (0, "")
    assert "30 treatments in 30 charts, 10 Feb 2025; 30 with an answer at some visit." in text
    assert (
        "15 of 24 with an answer had at least 50 % less pain at 6 months (63 of 100, 43 to 79); "
        "if all without one had failed 15 of 30 (50 of 100, 33 to 67)." in text
    )
    assert "Asked for after 30: serious 0 of 30; could be up to 12 of 100; any 0 of 30." in text
    assert "Part of any gain comes without the procedure." in text
    assert "People come when pain is at its worst, and it falls by itself" in text
    assert "Dr Zeta" not in out
    assert "Operators" not in out


def test_the_small_indication_is_not_told(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four with referred pain are joined with the twenty-six: no number of theirs stands anywhere."""
    _, out, _ = run(capsys, str(clinic), *AS_OF, "--format", "json")
    (one,) = json.loads(out)["procedures"]
    assert [[member["indication"] for member in group["members"]] for group in one["groups"]] == [["axial", "referred"]]


def test_operators_have_letters(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, str(clinic), *AS_OF, "--operators")
    text = " ".join(out.split())
    assert "A: 8 of 12 (95 % of chance" in text
    assert "B: 7 of 12 (95 % of chance" in text
    assert "No order of merit." in text
    assert "Zeta" not in text


def test_json_follows_its_schema(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ((str(clinic), "--operators"), (str(CHARTS),)):
        code, out, _ = run(capsys, *arguments, "--as-of", "2026-11-21", "--format", "json")
        assert code == 0
        jsonschema.validate(json.loads(out), closed(SCHEMA))


def test_the_same_bytes_again(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (run(capsys, str(clinic), *AS_OF, "--format", "json")[1] for _ in range(2))
    assert first == second


def test_the_steps_of_the_picture(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nine of thirty were found on day 182 to have lost it; the others were last relieved on day 91 or 182."""
    _, out, _ = run(capsys, str(clinic), *AS_OF, "--format", "json")
    relief = json.loads(out)["procedures"][0]["whole"]["relief"]
    assert (relief["at_first"], relief["lost"]) == (30, 9)
    last = relief["curve"]["steps"][-1]
    assert (last["day"], last["share"], last["at_risk"]) == (182, 0.625, 24)


def test_a_chart_that_cannot_be_read_is_counted(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clinic / "case-99.yaml").write_text("chart: [", encoding="utf-8")
    (clinic / "notes.txt").write_text("hello", encoding="utf-8")
    code, out, err = run(capsys, str(clinic), *AS_OF)
    assert code == 3
    assert "1 chart could not be read and is not counted." in out
    assert "case-99.yaml" in err
    assert "notes.txt was passed over" in err
    assert "30 treatments in 30 charts" in out


def test_as_of_an_earlier_day_less_is_known(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, str(clinic), "--as-of", "2025-06-01")
    assert "Nothing is due yet at 6 months: of 30 no window has closed." in " ".join(out.split())


def test_only_one_therapy(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, str(clinic), *AS_OF, "--therapy", "epidural-steroid-injection")
    assert "No treatment in 30 charts." in out


def test_to_a_file(clinic: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "results.json"
    code, out, _ = run(capsys, str(CHARTS), "--as-of", "2026-11-21", "--format", "json", "--output", str(target))
    assert (code, out) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8"))["format"] == "levamen.results/1"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--as-of"),
        (("--as-of", "soon"), "--as-of"),
        (("--as-of", "2026-03"), "no single day"),
        (("--as-of", "2026-03-16", "--therapy", "magic"), "magic"),
    ],
)
def test_bad_input_is_one_sentence(
    clinic: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = run(capsys, str(clinic / "case-00.yaml"), *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err
