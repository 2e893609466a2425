"""What happens to the command line in the wild: pipes, encodings, clocks that change, options nobody has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from levamen.cli import INTERRUPTED, main

ROOT = Path(__file__).parents[3]
CHARTS = ROOT / "examples" / "charts"
ONE = str(CHARTS / "facet-one-block.yaml")
MANY = [str(path) for path in sorted(CHARTS.glob("facet-*.yaml"))]
"""Their answers are more than a pipe holds."""
HOSTILE = str(ROOT / "tests" / "data" / "hostile.yaml")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "levamen", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("assess", ONE, "--polcy", "bmj25"), "levamen assess: '--polcy' is not known here; nearest: --policy"),
        (("assess", ONE, "--form", "json"), "nearest: --format"),
        (("assess", ONE, "--format", "jsn"), "levamen assess: 'jsn' is not known here; nearest: json"),
        (("knowledge", "lst"), "'lst' is not known here; nearest: list"),
        (("assess",), "the following arguments are required: CHART"),
        ((), "the following arguments are required: COMMAND"),
        (("assess", ONE, "--therapy", "rfa", "--joints", "L3-4,L9"), "--joints: 'L9' is unknown; one of C0-1"),
        (("assess", ONE, "--therapy", "rfa", "--side", "rihgt"), "--side: 'rihgt' is unknown; nearest: right"),
        (("assess", ONE, "--on", "20260226"), "--on: '20260226' is no date; write YYYY-MM-DD"),
        (("assess", ONE, "--as-of", "2026-02"), "--as-of: '2026-02' is no single day"),
        (("assess", ONE, "--as-of", "2026-03-08T02:30"), "does not exist in America/Los_Angeles"),
        (("assess", ONE, "--as-of", "2026-11-01T01:30"), "occurs twice in America/Los_Angeles"),
        (("assess", ONE, "--local", "/no/such/folder"), "no values.yaml here or one folder below"),
        (("explain", "bmj25", "--contractor", "nordian"), "contractors: 'nordian' is unknown; nearest: noridian"),
        (("chart", "validate", "no-such.yaml"), "no-such.yaml cannot be read"),
        (("test", "no-such.yaml"), "no-such.yaml cannot be read"),
    ],
)
def test_one_clear_sentence(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert "passed" not in out or out == "0 passed, 0 failed\n"


def test_a_joint_may_be_written_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "assess", ONE, "--therapy", "rfa", "--joints", "L3-L4, l4/5", "--side", "right")
    assert code == 0
    assert "ablation L3-4, L4-5 right" in out


def test_a_time_needs_the_zone_of_the_record(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    chart = tmp_path / "chart.yaml"
    chart.write_text("chart: 1\nid: x\nrecorded: 2026-02-20\n", encoding="utf-8")
    code, _, err = run(capsys, "assess", str(chart), "--as-of", "2026-02-20T10:00")
    assert code == 2
    assert "needs `zone`" in err
    code, out, _ = run(capsys, "assess", str(chart), "--as-of", "2026-02-20T10:00Z", "--format", "json")
    assert (code, json.loads(out)["as_of"]) == (0, "2026-02-20T10:00:00+00:00")


def test_a_date_is_a_whole_day_and_a_time_has_its_offset(capsys: pytest.CaptureFixture[str]) -> None:
    _, day, _ = run(capsys, "assess", ONE, "--as-of", "2026-02-20", "--format", "json")
    _, time, _ = run(capsys, "assess", ONE, "--as-of", "2026-02-20T23:59", "--format", "json")
    assert json.loads(day)["as_of"] == "2026-02-20"
    assert json.loads(time)["as_of"] == "2026-02-20T23:59:00-08:00"
    assert json.loads(day)["questions"] == json.loads(time)["questions"]


def test_what_is_wrong_names_its_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bundle = tmp_path / "empty.json"
    bundle.write_text('{"resourceType": "Bundle", "entry": []}', encoding="utf-8")
    code, out, err = run(capsys, "assess", str(bundle), ONE, "--format", "json")
    assert code == 3
    assert str(bundle) in err
    assert json.loads(out)["format"] == "levamen.assessments/1"


@pytest.mark.parametrize("form", ["text", "json", "ndjson", "html", "markdown"])
def test_nothing_usable_prints_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str) -> None:
    (tmp_path / "a.yaml").write_text("- no\n", encoding="utf-8")
    code, out, err = run(capsys, "assess", str(tmp_path), "--format", form)
    assert (code, out) == (2, "")
    assert "a.yaml" in err


@pytest.mark.parametrize("form", ["text", "json", "ndjson", "html", "markdown"])
@pytest.mark.parametrize("chart", [ONE, HOSTILE], ids=["one", "hostile"])
def test_data_is_the_same_bytes_in_every_locale(form: str, chart: str) -> None:
    first = process("assess", chart, "--format", form, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    other = process("assess", chart, "--format", form, PYTHONHASHSEED="9", TZ="Asia/Tokyo", PYTHONIOENCODING="latin-1")
    assert first.returncode == other.returncode == 0
    if form == "text":
        assert other.stdout.isascii()
    else:
        assert first.stdout == other.stdout


@pytest.mark.parametrize(
    "arguments",
    [("assess", *MANY, "--all"), ("assess", *MANY, "--format", "json"), ("explain", "mcr-facet")],
    ids=["text", "json", "explain"],
)
def test_a_pipe_that_closes_early_is_no_error(arguments: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "levamen", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


def test_an_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("levamen.cli.assess.assess", interrupted)
    assert run(capsys, "assess", ONE) == (INTERRUPTED, "", "")


def test_help_imports_no_knowledge() -> None:
    code = (
        "import sys; from levamen.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name in sys.modules for name in ('yaml', 'msgspec', 'jinja2', 'levamen.knowledge.registry')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_a_failed_expectation_outranks_an_unusable_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = Path(ONE).read_text(encoding="utf-8")
    (tmp_path / "right.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("chart: 2\n", encoding="utf-8")
    assert run(capsys, "test", str(tmp_path))[0] == 3
    (tmp_path / "wrong.yaml").write_text(text.replace("verdict: against", "verdict: met"), encoding="utf-8")
    assert run(capsys, "test", str(tmp_path))[0] == 1


def test_one_named_policy_is_opened(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "assess", ONE, "--policy", "bmj25")
    assert "Applies" in out
    assert "BMJ25: Commonly used interventional procedures" in out


def test_the_whole_of_what_is_known_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    from levamen.knowledge.registry import packaged
    from levamen.record import codes

    for subject in (*packaged().policies, *codes.ids("therapies")):
        for form in ("text", "markdown"):
            code, out, err = run(capsys, "explain", subject, "--format", form)
            assert (code, err) == (0, ""), subject
            assert out.strip()


def test_overdue_policies_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "knowledge", "check", "--on", "2031-01-01")
    assert code == 1
    assert "to be compared with its sources again by" in out
