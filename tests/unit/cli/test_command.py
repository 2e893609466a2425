"""The command line as a user meets it: exit codes, one clear sentence for bad input, nothing lost."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from levamen.adapters.chart import read_chart
from levamen.adapters.fhir_write import bundle_of
from levamen.cli import main

ROOT = Path(__file__).parents[3]
CHARTS = ROOT / "examples" / "charts"
ONE = str(CHARTS / "facet-one-block.yaml")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_headline_leads(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "assess", ONE)
    assert (code, err) == (0, "")
    assert "Medial branch block L3-4, L4-5 right: not yet under US Medicare" in out
    assert "26 Feb 2026" in out
    assert "Safety: Unknown: stop and ask" in out
    assert "Safety and coverage are judged apart" in out
    assert "19 items = 19 accepted + 0 ignored + 0 rejected" in out


def test_all_opens_every_policy(capsys: pytest.CaptureFixture[str]) -> None:
    _, short, _ = run(capsys, "assess", ONE)
    _, long, _ = run(capsys, "assess", ONE, "--all")
    assert len(long) > 2 * len(short)
    assert "BMJ25" in long


def test_another_service_date_moves_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("assess", ONE, "--policy", "mcr-facet", "--format", "json")
    _, before, _ = run(capsys, *arguments)
    _, after, _ = run(capsys, *arguments, "--on", "2026-02-26")
    assert json.loads(before)["questions"][0]["policies"][0]["verdict"] == "not_yet"
    assert json.loads(after)["questions"][0]["policies"][0]["verdict"] == "met"


def test_what_was_recorded_later_is_not_seen(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "assess", ONE, "--policy", "mcr-facet", "--as-of", "2026-02-11", "--format", "json")
    criteria = json.loads(out)["questions"][0]["policies"][0]["criteria"]
    assert all("P-1" not in criterion.get("read", ()) for criterion in criteria)


def test_a_question_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "assess", ONE, "--therapy", "rfa", "--side", "right", "--joints", "L3-4,L4-5", "--technique", "thermal"
    )
    assert code == 0
    assert "Medial branch radiofrequency ablation L3-4, L4-5 right" in out


def test_declared_completeness_is_used(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = Path(ONE).read_text(encoding="utf-8").replace("  - {kind: procedures, from: 2023-01-01}\n", "")
    chart = tmp_path / "chart.yaml"
    chart.write_text(text, encoding="utf-8")
    cap = "diagnostic-cap"

    def status(*more: str) -> str:
        _, out, _ = run(capsys, "assess", str(chart), "--policy", "mcr-facet", "--format", "json", *more)
        criteria = json.loads(out)["questions"][0]["policies"][0]["criteria"]
        return next(str(criterion["status"]) for criterion in criteria if criterion["id"] == cap)

    assert status() == "unknown"
    assert status("--complete", "procedures:2023-01-01") == "met"


@pytest.mark.parametrize("form", ["text", "json", "ndjson", "html", "markdown"])
def test_every_format(capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str) -> None:
    some = sorted(CHARTS.glob("facet-*.yaml"))
    for path in some:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    code, out, err = run(capsys, "assess", str(tmp_path), "--format", form)
    assert (code, err) == (0, "")
    assert "not_yet" in out or "not yet" in out
    if form == "ndjson":
        assert len(out.splitlines()) == len(some) > 5


def test_a_bundle_answers_as_its_chart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json.gz"
    bundle.write_bytes(gzip.compress(bundle_of(read_chart(Path(ONE).read_bytes(), ONE).record)))
    _, chart, _ = run(capsys, "assess", ONE, "--policy", "mcr-facet", "--format", "json")
    _, fhir, _ = run(capsys, "assess", str(bundle), "--policy", "mcr-facet", "--format", "json")
    assert json.loads(fhir)["questions"] == json.loads(chart)["questions"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("assess", "no-such-file.yaml"), "no-such-file.yaml cannot be read: no such file or directory"),
        (("assess", ONE, "--policy", "mcr-facett"), "policies: 'mcr-facett' is unknown; nearest: mcr-facet"),
        (("assess", ONE, "--policy", "mcr-pva"), "mcr-pva is not encoded in this version"),
        (("assess", ONE, "--therapy", "medial-branch"), "'medial-branch' is unknown; nearest: medial-branch-block"),
        (("assess", ONE, "--side", "right"), "--side says where, but not what; add --therapy"),
        (("assess", ONE, "--on", "1849-12-31"), "--on: '1849-12-31' is outside the years 1850 to 2199"),
        (("ledger", ONE, "--on", "9999-12-31"), "--on: '9999-12-31' is outside the years 1850 to 2199"),
        (("assess", ONE, "--on", "2026-02-30"), "--on: '2026-02-30' is no date; write YYYY-MM-DD"),
        (("assess", ONE, "--as-of", "yesterday"), "--as-of: 'yesterday' is no date or time"),
        (("assess", ONE, "--complete", "procedure:2020"), "'procedure' is unknown; nearest: procedures"),
        (("asses", ONE), "'asses' is not known here; nearest: assess"),
        (("explain", "mcr-facat"), "'mcr-facat' is neither a policy nor a therapy nor a condition; nearest:"),
    ],
)
def test_one_clear_sentence(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_some_unusable_the_rest_answered(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(Path(ONE).read_bytes())
    (tmp_path / "b.yaml").write_text("<html>", encoding="utf-8")
    (tmp_path / "c.txt").write_text("notes", encoding="utf-8")
    code, out, err = run(capsys, "assess", str(tmp_path))
    assert code == 3
    assert "walter-54" in out
    assert "b.yaml is a web page" in err
    assert "c.txt was passed over" in err


def test_a_chart_without_a_moment_is_asked_for_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    chart = tmp_path / "chart.yaml"
    chart.write_text("chart: 1\nid: x\n", encoding="utf-8")
    code, _, err = run(capsys, "assess", str(chart))
    assert code == 2
    assert "say the moment with --as-of" in err


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(ONE).read_bytes())))
    code, out, _ = run(capsys, "assess", "-")
    assert code == 0
    assert "walter-54" in out


def test_expectations_pass_and_fail(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "test", str(CHARTS))
    assert code == 0
    assert out.splitlines()[-1].endswith(" passed, 0 failed")
    wrong = tmp_path / "wrong.yaml"
    text = Path(ONE).read_text(encoding="utf-8")
    wrong.write_text(text.replace("earliest: 2026-02-26", "earliest: 2026-02-27"), encoding="utf-8")
    code, out, _ = run(capsys, "test", str(wrong))
    assert code == 1
    assert "earliest: expected 2026-02-27, got 2026-02-26" in out
    assert out.splitlines()[-1] == "2 passed, 1 failed"
    code, out, _ = run(capsys, "test", str(wrong), "--format", "json")
    assert json.loads(out)["failed"] == 1


def test_explain_and_list(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "mcr-facet", "--contractor", "cgs")
    assert code == 0
    assert "L38773 version 32 (determination)" in out
    assert "at least 2 weeks" in out
    code, out, _ = run(capsys, "explain", "mbb")
    assert "Policies that speak of it" in out
    code, out, _ = run(capsys, "knowledge", "list")
    assert code == 0
    assert "mcr-facet" in out


def test_validate_tells_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "chart", "validate", ONE)
    assert code == 0
    assert "19 items = 19 accepted + 0 ignored + 0 rejected" in out


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("sciatica", "Radiculopathy or radicular pain"),
        ("often-said", "Injections are given every three to four weeks."),
        ("order-of-care", "It blocks nothing and changes no verdict"),
        ("rhizotomy", "Medial branch radiofrequency ablation"),
    ],
)
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_what_people_arrive_with_is_explained(
    capsys: pytest.CaptureFixture[str], subject: str, says: str, form: str
) -> None:
    """A condition, a saying and the order of care, by the word that people use."""
    code, out, _ = run(capsys, "explain", subject, "--format", form)
    assert code == 0
    assert says.casefold() in " ".join(out.split()).casefold()


def test_a_condition_that_nobody_described_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "explain", "hypertension")
    assert code == 2
    assert err.count("\n") == 1
    assert "Hypertension is not described in this version; these are: " in err
