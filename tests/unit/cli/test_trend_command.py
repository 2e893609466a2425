"""`levamen trend` as a user meets it: the formats, the options, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from levamen.cli import main

ROOT = Path(__file__).parents[3]
ABLATION = ROOT / "examples" / "charts" / "trend-ablation-fourteen-months.yaml"
STIMULATOR = ROOT / "examples" / "charts" / "trend-stimulator.yaml"
SCHEMA = json.loads((ROOT / "schemas" / "trend-1.schema.json").read_text(encoding="utf-8"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(("trend", *arguments))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = run(capsys, *arguments, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_page_tells_the_course_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, str(ABLATION))
    assert (code, err) == (0, "")
    page = " ".join(out.split())
    assert (
        "Lower is better. Scale 0 to 10. First 7 (3 Feb 2025), latest 5 (30 Mar 2026). 2 points lower: better." in page
    )
    # ODI: 25 of 50, then 10 of the 45 that nine sections can give, complete 20 to 30.
    assert "7 Jul 2025 22.2 moderate, not sure 27.8 points lower: better 9 of 10 answered" in page
    assert "the complete form gives 20 to 30" in page
    assert "Nov 2025, day not known no score" in page
    assert (
        "3 Procedure, 19 May 2025: Medial branch radiofrequency ablation L4-5, L5-S1 right (best relief 71.43 %" in page
    )
    assert "Read: 21 items = 21 accepted + 0 ignored + 0 rejected." in page


def test_every_format_is_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for format in ("text", "svg", "png", "html", "json", "markdown"):
        made = tmp_path / f"trend.{format}"
        code, out, err = run(capsys, str(STIMULATOR), "--format", format, "--output", str(made))
        assert (code, out, err) == (0, "", "")
        written = made.read_bytes()
        run(capsys, str(STIMULATOR), "--format", format, "--output", str(made))
        assert written == made.read_bytes()
        assert len(written) > 1000
    assert ElementTree.parse(tmp_path / "trend.svg").getroot().tag.endswith("svg")  # noqa: S314 - our own
    assert (tmp_path / "trend.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "<script" not in (tmp_path / "trend.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("chart", sorted((ROOT / "examples" / "charts").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_drawn_or_refused_in_one_sentence(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    code, out, err = run(capsys, str(chart), "--format", "json")
    if code == 0:
        jsonschema.validate(json.loads(out), SCHEMA)
        assert err == ""
    else:
        assert code == 2
        assert err.count("\n") == 1
        assert "there is nothing to draw" in err


def test_the_default_is_every_instrument_with_a_score_pain_first(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, str(STIMULATOR))
    assert [(row["instrument"], row.get("pain")) for row in found["series"]] == [
        ("nrs-average", "PN-1"),
        ("nrs-average", "PN-2"),
        ("percent-relief", None),
        ("promis-pain-interference-4a", None),
        ("pseq", None),
    ]
    assert "opioids" not in found


def test_a_form_without_a_score_breaks_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, str(STIMULATOR), "--instrument", "promis-pi")
    assert [(row["key"], row["text"], row["joined"]) for row in found["series"][0]["points"]] == [
        ("S-03", "69.7", "none"),
        ("S-07", "58.5", "line"),
        ("S-10", "no score", "none"),
        ("S-14", "57.1", "none"),
        ("S-17", "55.6", "line"),
    ]


def test_opioids_are_drawn_where_they_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, str(STIMULATOR), "--instrument", "mme")
    assert [(row["from"], row["mme"]) for row in found["opioids"]["steps"]] == [
        ("2024-11-04", 45),
        ("2025-06-30", 22.5),
        ("2025-12-01", 15),
    ]


def test_one_pain_and_a_window(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(
        capsys,
        str(STIMULATOR),
        "--pain",
        "PN-2",
        "--instrument",
        "nrs-average",
        "--from",
        "2025-05-12",
        "--to",
        "2025-12-31",
    )
    assert [[row["key"] for row in series["points"]] for series in found["series"]] == [["S-06", "S-13"]]
    assert (found["from"], found["to"]) == ("2025-05-12", "2025-12-31")
    assert found["series"][0]["outside"] == 1


def test_an_earlier_moment_sees_less(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, str(ABLATION), "--instrument", "nrs", "--as-of", "2025-07-06")
    assert [row["key"] for row in found["series"][0]["points"]] == ["S-01", "S-04", "S-05"]
    found = data(capsys, str(ABLATION), "--instrument", "nrs", "--as-of", "2025-07-07")
    assert [row["key"] for row in found["series"][0]["points"]] == ["S-01", "S-04", "S-05", "S-06"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--instrument", "oddi"), "instruments: 'oddi' is unknown; nearest: odi"),
        (
            ("--instrument", "pseq"),
            "ruth-58 has no score with pseq by 2026-04-02; it has nrs, percent-relief, odi, phq-9",
        ),
        (("--pain", "PN-4"), "ruth-58 has no pain 'PN-4'; it has PN-1"),
        (("--from", "2026-13-01"), "--from: '2026-13-01' is no date; write YYYY-MM-DD"),
        (("--to", "soon"), "--to: 'soon' is no date; write YYYY-MM-DD"),
        (("--from", "2027-01-01"), "the first day, 2027-01-01, is after the day of what is known, 2026-04-02"),
        (("--from", "2024-01-01", "--to", "2024-02-01"), "nothing to draw from 2024-01-01 to 2024-02-01"),
        (("--as-of", "2025-02-02"), "ruth-58 has no score and no relief by 2025-02-02: there is nothing to draw"),
        (("--format", "gif"), "'gif' is not known here; one of text, svg, png, html, json, markdown"),
        (("--output", "no/such/folder/x"), "--output: no/such/folder/x cannot be written"),
    ],
)
def test_bad_input_is_one_sentence(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str) -> None:
    code, out, err = run(capsys, str(ABLATION), *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_folder_of_several_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, str(ROOT / "examples" / "charts"))
    assert code == 2
    assert "a trend is of one chart" in err
