"""`levamen intake` as a user meets it: the sheet, the JSON and its schema, expectations, and bad input."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from levamen.adapters.any_input import read_any
from levamen.cli import main
from levamen.emit.intake import page
from levamen.emit.terminal import Look
from levamen.knowledge.registry import packaged
from levamen.pathway.intake import intake

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))
ROSA, TOMAS, GERALD, KOFI = (
    ROOT / "examples" / "charts" / f"intake-{name}.yaml"
    for name in ("language-barrier", "nothing-asked", "partial-dates", "goals")
)
SCHEMA = json.loads((ROOT / "schemas" / "intake-1.schema.json").read_text(encoding="utf-8"))


def run(capsys: pytest.CaptureFixture[str], *arguments: object, command: str = "intake") -> tuple[int, str, str]:
    try:
        code = main((command, *map(str, arguments)))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def words(text: str) -> str:
    return " ".join(text.split())


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


def test_the_sheet_shows_pain_severity_what_was_tried_goals_and_barriers(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, ROSA)
    text = words(out)
    assert (code, err) == (0, "")
    assert text.startswith("rosa-58: intake as known 2 Mar 2026")
    assert (
        "The pain in the low back, right: since 10 Mar 2025; began: at work; constant with peaks; on at least" in text
    )
    assert "Persists or recurs for more than 3 months: yes [1] abstract" in text
    assert "intensity 7.5, code 3 severe; distress 6, code 2 moderate; interference 3, code 1 mild" in text
    assert "37 on a scale of 8 to 50" in text
    assert "severe [5] bands of the task force; later work calls them weak (S05b), awaiting confirmation" in text
    assert "6 Oct 2025 to 12 Dec 2025; 10 sessions; result: some, not enough; sometimes helped; ended: distance" in text
    assert "What does not stand here is not known to be untried." in text
    assert "Which barriers: cost, transport, language" in text or "Which barriers: cost, language, transport" in text
    assert "The biggest barrier: transport" in text
    assert "PHQ-2 of 3 is positive (3 or more): PHQ-9 is the next step" in text
    assert "GAD-7 may be the next step; its cut awaits confirmation" in text
    assert "To ask again at this visit - How strong: average pain in 7 days." in text


def test_where_nothing_was_asked_everything_is_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    text = words(run(capsys, TOMAS)[1])
    assert "Pain None is recorded. That is not the same as no pain." in text
    assert "The three ratings (intensity, distress, interference) are not asked." in text
    assert "What was tried Nothing is recorded. What does not stand here is not known to be untried." in text
    assert "Still to ask at referral - Where: the main site; the side; the areas of the body map." in text
    assert "Safety: the red-flag list; thoughts of self-harm;" in text
    assert "none listed" not in text


def test_partial_dates_stay_partial(capsys: pytest.CaptureFixture[str]) -> None:
    text = words(run(capsys, GERALD)[1])
    assert "since Dec 2025" in text
    assert "more than 3 months: unknown (since 2025-12 is not exact enough)" in text
    assert "Massage: 2025 to Sep 2025; result: none" in text
    assert "Acupuncture: Nov 2025 to a day not recorded" in text
    assert "Structured exercise: start not recorded, still going on as recorded" in text
    assert "distress not known (not rated)" in text
    assert "whether in the past 6 months is not recorded" not in text  # exercise is surely in it


def test_goals_with_their_progress(capsys: pytest.CaptureFixture[str]) -> None:
    text = words(run(capsys, KOFI)[1])
    assert "✓ Reached: Enjoy the weekends again (PEG, target 4, by Dec 2026); now 4; measured 8 Sep 2026." in text
    assert "◷ Not yet: Drive a full shift" in text
    assert "✗ Not reached, and the day has passed: Trust my back" in text
    assert "? Cannot tell: Sleep through" in text
    assert "– In words: Go back to the choir; no measure is named." in text
    assert "broken off: it may not have been given" in text
    assert "best relief 75 %; last measured 25 Aug 2026: 25 %" in text


def test_a_terminal_without_signs_gets_plain_letters_and_keeps_its_width() -> None:
    reading = read_any(KOFI.read_bytes(), str(KOFI), (), packaged().policies)
    found = page(intake(reading.record, date(2026, 9, 14)), reading, look=Look(unicode=False, width=72))
    assert found.isascii()
    assert max(map(len, found.splitlines())) <= 72
    assert "+ Reached: Enjoy the weekends again" in found


def test_an_earlier_moment_sees_less(capsys: pytest.CaptureFixture[str]) -> None:
    text = words(run(capsys, KOFI, "--as-of", "2026-02-05")[1])
    assert "intake as known 5 Feb 2026" in text
    assert "Epidural steroid injection" not in text
    assert "PHQ-2 of 4 is positive (3 or more): PHQ-9 is the next step" in text
    assert "Not yet: Enjoy the weekends again (PEG, target 4, by Dec 2026); now 6.3" in text


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_json_follows_the_published_schema(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, path, "--format", "json")
    assert code == 0
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(json.loads(out))
    assert "null" not in out


def test_json_says_what_stands_and_what_is_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, ROSA, "--format", "json")[1])
    assert found["format"] == "levamen.intake/1"
    (severity,) = found["severity"]
    assert [rating["code"] for rating in severity["ratings"]] == [3, 2, 1]
    answers = {row["field"]: row for row in found["answers"] if "about" not in row}
    assert answers["interpreter"] == {
        "field": "interpreter", "status": "answered", "value": ["yes"], "text": "yes", "facts": ["I-1"],
        "date": "2026-02-27", "author": "Referral nurse, with an interpreter by telephone",
    }  # fmt: skip
    assert answers["reading-help"] == {
        "field": "reading-help", "status": "not-asked", "sentence": "Not asked yet: help with reading.",
    }  # fmt: skip
    assert "Not asked yet: help with reading." in found["to_ask"]["referral"]
    fields = {row["id"]: row for row in found["form"]["fields"]}
    assert fields["pain-onset"]["lands"] == {"section": "pain", "field": "onset"}
    assert fields["pain-worst"]["fresh"]["lasts"] == "7 days"
    assert set(fields) >= set(answers)


def test_the_same_record_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, ROSA, "--format", "json") == run(capsys, ROSA, "--format", "json")


def test_several_records_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, ROSA, TOMAS, "--format", "json")[1])
    assert found["format"] == "levamen.intakes/1"
    assert [row["patient"] for row in found["intakes"]] == ["rosa-58", "tomas-44"]
    jsonschema.Draft202012Validator(SCHEMA).validate(found)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("nowhere.yaml",), 2, "nowhere.yaml cannot be read"),
        ((str(ROSA), "nowhere.yaml"), 3, "nowhere.yaml cannot be read"),
        ((str(ROSA), "--as-of", "soon"), 2, "--as-of: 'soon' is no date or time"),
        ((str(ROSA), "--as-of", "2026"), 2, "--as-of: '2026' is no single day"),
        ((str(ROSA), "--format", "html"), 2, "'html' is not known here"),
    ],
)
def test_bad_input_gets_one_sentence(
    arguments: tuple[str, ...], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, _, err = run(capsys, *arguments)
    assert (found, err.count("\n")) == (code, 1)
    assert says in err
    assert "Traceback" not in err


def test_an_entry_that_could_not_be_read_is_told_on_the_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "x.yaml"
    chart.write_text("chart: 1\nas_of: 2026-03-02\nintake: [{date: 2026-03-01, work_hours: 200}]\n", encoding="utf-8")
    text = words(run(capsys, chart)[1])
    assert "1 entry of the record could not be read and is not in this sheet; levamen chart validate says why." in text


EXPECTED = """chart: 1
as_of: 2026-03-02
goals: [{id: G-1, text: Walk}]
expect:
  - {%s}
"""


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ("intake: interpreter, status: answered", "status: expected answered, got not-asked"),
        ("intake: language, value: es", "value: expected es, got []"),
        ("intake: shoe-size, status: answered", "intake: no shoe-size; one of pain-site"),
        ("goal: G-1, progress: reached", "progress: expected reached, got in-words"),
        ("tried: massage, state: tried", "state: expected tried, got unknown"),
        ("tried: magic, state: tried", "tried: magic is no therapy, drug or drug class of the vocabulary"),
        ("screen: phq-2, step: done", "step: expected done, got ask"),
        ("screen: phq-3, step: done", "screen: phq-3 is no screen of the form"),
    ],
)
def test_an_expectation_that_fails_says_how(
    expect: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "x.yaml"
    chart.write_text(EXPECTED % expect, encoding="utf-8")
    code, out, _ = run(capsys, chart, command="test")
    assert code == 1
    assert says in words(out)
