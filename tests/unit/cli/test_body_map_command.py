"""`levamen body-map` as a user meets it: empty, of a chart, of CHOIR numbers, in every format, and bad input."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from levamen.cli import main

ROOT = Path(__file__).parents[3]
CHART = str(ROOT / "examples" / "charts" / "epidural-sciatica.yaml")
SCHEMA = json.loads((ROOT / "schemas" / "body-map-1.schema.json").read_text(encoding="utf-8"))
MARKED = ["front-right-foot", "back-right-buttock", "back-right-thigh", "back-right-lower-leg"]
PAINS = """chart: 1
id: ana
recorded: 2026-02-20
pain:
  - {id: A, site: low-back, side: both, areas: [back-left-low-back, back-right-low-back]}
  - {id: B, site: knee, side: left, areas: [front-left-knee], until: 2026-01-10}
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(("body-map", *arguments))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = run(capsys, *arguments, "--format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    return found


def chart(tmp_path: Path, text: str = PAINS) -> str:
    path = tmp_path / "ana.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_a_chart_nothing_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    assert "Nothing is marked." in out
    assert out.count("[ ]") == 74
    assert data(capsys)["marked"]["areas"] == 0


def test_a_chart_shows_its_areas(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, CHART)
    assert (code, err) == (0, "")
    assert "4 areas marked: 0 left, 4 right; 1 front, 3 back." in out
    assert "3. Back of the right thigh" in out
    assert out.count("[x]") == 4
    found = data(capsys, CHART)
    assert found["marked"]["ids"] == MARKED
    assert found["as_of"] == "2026-08-10"
    assert found["pains"] == [{"id": "PN-1", "site": "leg", "side": "right", "areas": MARKED}]


@pytest.mark.parametrize("format", ["svg", "html"])
def test_pictures_of_a_chart(capsys: pytest.CaptureFixture[str], format: str) -> None:
    code, out, err = run(capsys, CHART, "--format", format)
    assert (code, err) == (0, "")
    assert "Back of the right thigh" in out
    assert "marisol-58, as of 10 Aug 2026: where it hurts" in out
    if format == "svg":
        assert ElementTree.fromstring(out).tag.endswith("svg")  # noqa: S314 - our own picture


def test_a_pain_that_is_over_is_named_and_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, chart(tmp_path))
    assert out.count("[x]") == 2
    assert "The pain in the knee (B, left) is over, and is not shown" in out
    _, out, _ = run(capsys, chart(tmp_path), "--as-of", "2026-01-09")
    assert out.count("[x]") == 3  # the day before the knee was well


def test_one_pain_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert data(capsys, chart(tmp_path), "--pain", "A")["marked"]["areas"] == 2
    assert data(capsys, chart(tmp_path), "--pain", "B")["marked"]["areas"] == 0


def test_one_view_alone(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, CHART, "--format", "svg", "--view", "back")
    assert 'id="back-right-thigh"' in out
    assert 'id="front-right-foot"' not in out


def test_output_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, expected, _ = run(capsys, CHART, "--format", "svg")
    code, out, err = run(capsys, CHART, "--format", "svg", "--output", str(tmp_path / "map.svg"))
    assert (code, out, err) == (0, "", "")
    assert (tmp_path / "map.svg").read_text(encoding="utf-8") == expected


def test_a_chart_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PAINS.encode())))
    assert data(capsys, "-")["patient"] == "ana"


@pytest.mark.parametrize("format", ["text", "svg", "html", "json"])
def test_a_pain_that_could_not_be_read_is_told_in_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    """A map that lacks a pain without saying so would read as free of that pain."""
    wrong = PAINS.replace("[front-left-knee]", "[front-right-knee]")
    code, out, err = run(capsys, chart(tmp_path, wrong), "--format", format)
    assert code == 0
    assert "front-right-knee is not on the left" in out + err
    if format == "json":
        assert json.loads(out)["import"]["rejected"] == 1
    elif format != "text":
        assert "1 entry of the record could not be read and is not in this body map." in out


def test_choir_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, "--choir", "103,104,207")
    assert found["marked"]["ids"] == ["front-left-face", "front-right-face", "back-left-shoulder"]
    assert found["import"] == {"items": 3, "accepted": 3, "ignored": 0, "rejected": 0}


def test_choir_numbers_of_each_figure(capsys: pytest.CaptureFixture[str]) -> None:
    for options, area in (
        (("--figure", "female"), "front-right-abdomen"),
        (("--figure", "male"), "front-left-upper-arm"),
        (("--figure", "female", "--numbering", "one"), "front-left-upper-arm"),
    ):
        assert data(capsys, "--choir", "112", *options)["marked"]["ids"] == [area]


@pytest.mark.parametrize("format", ["text", "svg", "html", "json"])
def test_numbers_that_may_mean_two_things_are_refused_and_the_rest_is_shown(
    capsys: pytest.CaptureFixture[str], format: str
) -> None:
    code, out, err = run(capsys, "--choir", "103,112", "--format", format)
    assert code == 3
    assert "say which figure was marked" in out + err
    assert "ight side of the face and jaw" in out
    if format in ("svg", "html"):
        assert "1 of 2 numbers could not be read and are not shown." in out


def test_a_redcap_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "export.csv"
    path.write_text("record_id,f01,b29\n7,0,1\n", encoding="utf-8")
    found = data(capsys, "--redcap", str(path))
    assert found["marked"]["ids"] == ["back-right-thigh"]
    assert found["import"]["ignored"] == 1


def test_when_no_number_can_be_read_there_is_no_empty_picture(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--choir", "112,999", "--format", "svg")
    assert (code, out) == (2, "")
    assert "none of the CHOIR numbers can be read" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((CHART, "--choir", "103"), "give one of them"),
        (("--redcap", "x.csv", "--choir", "103"), "give one of them"),
        (("--redcap", "nowhere.csv"), "cannot be read"),
        (("--figure", "female"), "give one, or leave"),
        (("--numbering", "one"), "give one, or leave"),
        (("--pain", "A"), "give a chart"),
        (("--as-of", "2026-01-01"), "give a chart"),
        ((CHART, "--pain", "X"), "the record has no pain X; it has PN-1"),
        ((CHART, "--as-of", "yesterday"), "--as-of"),
        (("--choir", ""), "is empty"),
        (("--choir", "103", "--figure", "femal"), "nearest: female"),
        (("--format", "pdf"), "'pdf' is not known here"),
        (("nowhere.yaml",), "cannot be read"),
        (("--output", "/nowhere/map.txt"), "cannot be written"),
    ],
)
def test_bad_requests_get_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1
