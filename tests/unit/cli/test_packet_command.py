"""`levamen packet` as a user meets it: text, data, files, several charts, and one clear sentence where it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_mme_command import closed, run, words

ROOT = Path(__file__).parents[3]
CHARTS = ROOT / "examples" / "charts"
DENISE = str(CHARTS / "packet-ablation-complete.yaml")
RAY = str(CHARTS / "packet-contractor-unknown.yaml")
HARRIET = str(CHARTS / "packet-stimulator-no-psychologist.yaml")
SCHEMA = closed(json.loads((ROOT / "schemas" / "packet-1.schema.json").read_text(encoding="utf-8")))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--format", "json", command="packet")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    return found


def test_text_of_one_request(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, DENISE, "--request", "R-1", "--number", "64635", command="packet")
    assert (code, err) == (0, "")
    page = words(out)
    assert "Numbers (CPT, HCPCS): 64635" in page
    assert "Complete: every criterion is answered from the chart and as the policy asks." in page
    assert "Is authorization needed here? No. No program known to us asks for it here." in page


def test_every_request_of_a_chart_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, DENISE)
    assert found["format"] == "levamen.packets/1"
    assert [(row["request"], row["state"]) for row in found["packets"]] == [
        ("R-1", "complete"),
        ("R-2", "complete"),
        ("R-3", "not_met"),
    ]


def test_several_charts_are_one_flat_document(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, DENISE, RAY)
    assert [row["patient"] for row in found["packets"]] == ["denise-67-packet"] * 3 + ["ray-70"] * 2


def test_one_request_is_one_document_with_its_import(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, HARRIET)
    assert (found["format"], found["state"], found["authorization"]["needed"]) == ("levamen.packet/1", "missing", "yes")
    assert found["import"]["items"] == found["import"]["accepted"]


def test_moment_and_service_date_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """On 31 August the second block was not done: one block is known, two are asked."""
    found = told(capsys, DENISE, "--request", "R-1", "--as-of", "2026-08-31", "--on", "2026-09-14")
    assert (found["as_of"], found["on"], found["state"]) == ("2026-08-31", "2026-09-14", "not_met")
    assert "blocks before ablation" in found["crossed"]
    needs = [row for row in found["ask"] if row["kind"] == "need" and "unless_done" not in row]
    assert [row["what"] for row in needs] == ["Medial branch block"]


def test_named_policy_is_asked_whatever_the_payer(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, DENISE, "--request", "R-1", "--policy", "evicore-facet")
    assert [row["policy"] for row in found["policies"]] == ["evicore-facet"]
    assert "governing" not in found["policies"][0]


@pytest.mark.parametrize(
    ("form", "starts"), [("text", b"REQUEST FOR"), ("json", b'{"format"'), ("html", b"<!doctype html>"),
                         ("pdf", b"%PDF-"), ("fhir", b'{"resourceType":"Bundle"')]
)  # fmt: skip
def test_each_format_is_written_to_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str, starts: bytes
) -> None:
    file = tmp_path / "packet"
    code, out, err = run(capsys, DENISE, "--request", "R-1", "--format", form, "-o", str(file), command="packet")
    assert (code, out, err) == (0, "", "")
    assert file.read_bytes().startswith(starts)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((DENISE, "--format", "pdf", "-o", "x"), "requests 3 procedures; name one with --request: R-1, R-2, R-3"),
        ((DENISE, "--request", "R-9"), "has no request 'R-9'; it has R-1, R-2, R-3"),
        ((DENISE, "--number", "6463"), "'6463' is no CPT or HCPCS number"),
        ((DENISE, "--number", "64 63"), "'64 63' is no CPT or HCPCS number"),
        ((DENISE, "--policy", "mcr-facets"), "mcr-facet"),
        ((DENISE, "--on", "2026-9-1"), "--on: '2026-9-1' is no date"),
        ((DENISE, RAY, "--format", "html"), "are of one chart; 2 were given"),
        ((str(CHARTS / "trend-stimulator.yaml"),), "requests no procedure, so there is nothing to authorize"),
        ((DENISE, "--format", "docx"), "'docx' is not known here"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = run(capsys, *arguments, command="packet")
    assert (code, out) == (2, "")
    assert says in words(err)
    assert "Traceback" not in err


def test_one_unusable_chart_does_not_stop_the_rest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("chart: 1\nnonsense: 1\n")
    code, out, err = run(capsys, str(broken), HARRIET, command="packet")
    assert code == 3
    assert "REQUEST FOR AUTHORIZATION" in out
    assert "nonsense" in err


def test_entry_that_could_not_be_read_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    chart = tmp_path / "chart.yaml"
    text = Path(HARRIET).read_text(encoding="utf-8").replace("therapy: physical-therapy", "therapy: phisical")
    chart.write_text(text, encoding="utf-8")
    code, out, _ = run(capsys, str(chart), command="packet")
    assert code == 0
    assert "1 entry of the record could not be read and is not in this packet" in words(out)
    code, _, err = run(capsys, str(chart), "--format", "fhir", command="packet")
    assert code == 0
    assert "1 entry of the record could not be read and is not in this packet" in err
