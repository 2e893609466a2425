"""`levamen night-check` as a user meets it: lists, formats, exit codes, and rows that cannot be used."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from levamen.adapters.procedure_list import Entry
from levamen.cli import main, night_check
from levamen.emit.night_view import Examined

ROOT = Path(__file__).parents[3]
CHARTS = ROOT / "examples" / "charts"
SCHEMA = json.loads((ROOT / "schemas" / "night-check-1.schema.json").read_text(encoding="utf-8"))
NAMES = ("plan-last-dose-late.yaml", "safety-fever.yaml", "facet-one-block.yaml", "child.yaml")
PRIVILEGES = """\
privileges: 1
entries:
  - {operator: Dr Else, therapies: [medial-branch-block], regions: all, granted: 2020-01-01, expires: 2030-01-01,
     source: minutes}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        shutil.copy(CHARTS / name, tmp_path / name)
    return tmp_path


def listed(folder: Path, *rows: str, header: str = "chart,request,owner") -> str:
    path = folder / "tomorrow.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return str(path)


GOOD = ("facet-one-block.yaml,R-1,", "safety-fever.yaml,R-1,Kim", "plan-last-dose-late.yaml,R-1,")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """As of each chart's own moment, unless the arguments say another."""
    return run_as_given(capsys, *(arguments if "--as-of" in arguments else (*arguments, "--as-of", "own")))


def run_as_given(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(("night-check", *arguments))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_every_row_is_examined_and_stops_come_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, listed(folder, *GOOD), "--format", "json")
    made = json.loads(out)
    jsonschema.validate(made, SCHEMA)
    assert (code, err) == (0, "")
    assert (made["rows"], made["examined"], made["skipped"], made["stopped"]) == (3, 3, 0, 2)
    assert (made["unknown"], made["caution"], made["unread"]) == (0, 0, 0)
    assert [row["patient"] for row in made["patients"]] == ["hugo-39", "stan-73", "walter-54"]
    assert [row["place"] for row in made["patients"]] == ["line 3", "line 4", "line 2"]
    fever, late, clear = made["patients"]
    assert (fever["stops"][0]["until"], fever["owner"], fever["stops"][0]["owner"]) == ("2026-05-07", "Kim", "Kim")
    assert late["stops"][0]["earliest"] == "2026-05-20T20:00:00-04:00"
    assert late["stops"][0]["minutes_left"] == 150
    assert late["medications_reviewed"] == "2026-05-19"
    assert "owner" not in clear
    assert [item["rank"] for item in (*clear["cards"], *clear["rest"])][-1] == "coverage"


def test_rows_that_cannot_be_used_are_told_counted_and_lose_no_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.yaml").write_text("chart: 1\nid: [", encoding="utf-8")
    text = (folder / "safety-fever.yaml").read_text(encoding="utf-8")
    (folder / "no-zone.yaml").write_text(text.replace("zone: Europe/Brussels\n", ""), encoding="utf-8")
    (folder / "late.yaml").write_text(text.replace("as_of: 2026-05-05T12:00", "as_of: 2026-06-05"), encoding="utf-8")
    (folder / "undated.yaml").write_text(
        text.replace("as_of: 2026-05-05T12:00\n", "").replace("recorded: 2026-05-05\n", "", 1), encoding="utf-8"
    )
    rows = (
        "safety-fever.yaml,R-1,", "missing.yaml,R-1,", "safety-fever.yaml,R-9,", "broken.yaml,R-1,",
        "no-zone.yaml,R-1,", "late.yaml,R-1,", "undated.yaml,R-1,", "safety-fever.yaml,R-1,",
        "facet-one-block.yaml,R-1,",
    )  # fmt: skip
    code, out, err = run(capsys, listed(folder, *rows), "--format", "json")
    made = json.loads(out)
    jsonschema.validate(made, SCHEMA)
    assert code == 3
    assert (made["rows"], made["examined"], made["skipped"]) == (9, 2, 7)
    assert [row["place"] for row in made["not_checked"]] == [f"line {n}" for n in (3, 4, 5, 6, 7, 8, 9)]
    told = [line for line in err.splitlines() if line]
    assert len(told) == 7
    assert all(line.startswith("levamen: ") and "Traceback" not in line for line in told)
    for line, says in zip(
        told,
        (
            "missing.yaml is not there",
            "no request 'R-9'; it has R-1, R-2",
            "line 5: broken.yaml, line 3: not readable YAML",
            "line 6: no-zone.yaml, line 19",
            "line 7: hugo-39: the appointment of R-1",
            "line 8: undated.yaml states no as_of",
            "line 9: safety-fever.yaml, R-1 stands already in line 2",
        ),
        strict=True,
    ):
        assert says in line


def test_where_no_row_can_be_used_nothing_ran(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, listed(folder, "missing.yaml,R-1,"))
    assert code == 2
    assert "The night check did not run. Nothing below has been checked." in out
    assert "line 2: the chart missing.yaml is not there" in err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("chart,request\n", "names no procedure"),
        ("patient,time\nx,9\n", "the header is"),
        ('{"list": 5}', "holds no `list`"),
    ],
)
def test_a_list_that_is_none_is_one_sentence(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list"
    path.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, str(path))
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--as-of", "yesterday"), "--as-of: "),
        (("--as-of", "2026-05"), "--as-of: '2026-05' is no single day"),
        (("--privileges", "none.yaml"), "none.yaml"),
        (("--output", "no/such/folder/x.html"), "--output: "),
        (("--format", "pdf"), "'pdf' is not known here"),
    ],
)
def test_an_option_that_cannot_be_used_is_one_sentence(
    options: Sequence[str], says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, listed(folder, *GOOD), *options)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_an_unknown_profile_is_told_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, listed(folder, *GOOD), "--profile", "nobody-2030")
    assert code == 2
    assert err.count("'nobody-2030' is no hold profile") == 1


def test_no_such_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, str(tmp_path / "none.csv"))
    assert (code, out) == (2, "")
    assert "cannot be read: no such file" in err
    assert run(capsys, str(tmp_path))[0] == 2


def test_the_moment_is_the_option_then_the_list_then_each_charts_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "list.json"
    rows = [{"chart": "safety-fever.yaml", "request": "R-1"}]
    path.write_text(json.dumps({"as_of": "2026-05-05T20:00", "list": rows}), encoding="utf-8")

    def moment(*options: str) -> str:
        _, out, _ = run_as_given(capsys, str(path), "--format", "json", *options)
        return str(json.loads(out)["patients"][0]["as_of"])

    assert moment() == "2026-05-05T20:00:00+02:00"
    assert moment("--as-of", "2026-05-05T21:00") == "2026-05-05T21:00:00+02:00"
    assert moment("--as-of", "own") == "2026-05-05T12:00:00+02:00"
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert moment("--as-of", "own") == "2026-05-05T12:00:00+02:00"
    for stated in ("soon", "own", ""):
        path.write_text(json.dumps({"as_of": stated, "list": rows}), encoding="utf-8")
        code, out, err = run_as_given(capsys, str(path))
        assert (code, out) == (2, "")
        assert "list.json: as_of: " in err


def test_without_a_moment_it_is_each_charts_own_and_says_how_old_that_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = listed(folder, *GOOD)
    code, out, _ = run_as_given(capsys, made)
    own = run_as_given(capsys, made, "--as-of", "own")
    assert (code, out) == (own[0], own[1])
    assert "Not the night before for " in out


@pytest.mark.parametrize(
    ("as_of", "early"), [("2026-05-04T23:59", True), ("2026-05-05T00:00", False), ("2026-05-06T08:00", False)]
)
def test_a_moment_more_than_a_day_before_the_procedure_is_not_the_night_before(
    as_of: str, early: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The procedure of R-1 is on 6 May; by calendar days in its zone."""
    made = listed(folder, "safety-fever.yaml,R-1,")
    _, out, _ = run_as_given(capsys, made, "--as-of", as_of)
    assert ("Not the night before for" in out) == early


def test_an_empty_moment_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run_as_given(capsys, listed(folder, *GOOD), "--as-of", "")
    assert (code, out) == (2, "")
    assert err.startswith("levamen: --as-of: '' is no date or time")


def test_unknown_is_counted_and_stops_and_stands_before_caution(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(CHARTS / "plan-warfarin-back-and-neck.yaml", folder)
    shutil.copy(CHARTS / "plan-apixaban-each-class.yaml", folder)
    made = listed(folder, "plan-warfarin-back-and-neck.yaml,R-1,", "plan-apixaban-each-class.yaml,R-2,")
    code, out, err = run(capsys, made)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert "2 of 2 examined, 0 skipped; 0 with a stop or deferral, 1 unknown, 1 with a caution." in said
    assert "Unknown stops: on the day nothing is done before it is known." in said.split("nora-74:")[0]
    assert "No stop and no deferral was found" not in said
    assert said.index("nora-74:") < said.index("elena-72:")
    assert said.count("Unknown stops: on the day nothing is done before it is known.") == 2
    data = json.loads(run(capsys, made, "--format", "json")[1])
    assert (data["stopped"], data["unknown"], data["caution"]) == (0, 1, 1)
    assert [row["safety"] for row in data["patients"]] == ["unknown", "caution"]


def test_what_of_a_record_could_not_be_read_is_told_and_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "safety-fever.yaml").read_text(encoding="utf-8")
    bad = "labs:\n  - {id: L-77, test: creatinine, value: -1, unit: mg/dL, at: 2026-05-01}\n"
    (folder / "bad.yaml").write_text(text.replace("labs:\n", bad, 1), encoding="utf-8")
    made = listed(folder, "facet-one-block.yaml,R-1,", "bad.yaml,R-1,")
    first = "1 patient has entries of the record that could not be read and are not in this check."
    heading = "1 entry of the record could not be read and is not in this check"
    entry = "`value`: -1 is negative; creatinine is 0 or more"
    for form in ("text", "html", "paper"):
        code, out, err = run(capsys, made, "--format", form)
        assert (code, err) == (0, "")
        said = " ".join(out.split())
        assert said.index(first) < said.index("hugo-39") < said.index(heading) < said.index(entry)
        assert "labs[0] L-77 (line " in said
        assert said.count(heading) == 1
    data = json.loads(run(capsys, made, "--format", "json")[1])
    jsonschema.validate(data, SCHEMA)
    assert data["unread"] == 1
    (issue,) = data["patients"][0]["import"]["issues"]
    assert (issue["fate"], issue["where"][:13]) == ("rejected", "labs[0] L-77 ")
    assert entry in issue["what"]
    assert data["patients"][1]["import"]["rejected"] == 0


def test_privileges_given_are_asked_of_the_operator(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = folder / "privileges.yaml"
    given.write_text(PRIVILEGES, encoding="utf-8")
    made = listed(folder, "facet-one-block.yaml,R-1,")
    _, without, _ = run(capsys, made, "--format", "json")
    _, held, _ = run(capsys, made, "--format", "json", "--privileges", str(given))
    assert "No operator is named" not in without
    assert json.loads(without)["privileges"] is False
    patient = json.loads(held)["patients"][0]
    assert json.loads(held)["privileges"] is True
    assert patient["safety"] == "unknown"
    assert patient["cards"][0]["what"] == "No operator is named; name who does it."


def test_the_text_opens_the_rest_only_when_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = listed(folder, *GOOD)
    _, short, _ = run(capsys, made)
    _, long, _ = run(capsys, made, "--all")
    assert "more (--all shows them)" in short
    assert "more (--all shows them)" not in long
    assert "The rest (" in long
    assert max(map(len, short.splitlines())) <= 80


@pytest.mark.parametrize("form", ["text", "json", "html", "paper"])
def test_a_file_holds_what_the_screen_shows_and_the_same_each_time(
    form: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, output = listed(folder, *GOOD, "missing.yaml,R-1,"), folder / "out"
    _, first, _ = run(capsys, made, "--format", form)
    _, again, _ = run(capsys, made, "--format", form)
    code, out, _ = run(capsys, made, "--format", form, "--output", str(output))
    assert first == again
    assert (code, out) == (3, "")
    assert output.read_text(encoding="utf-8") == first


def test_two_processes_answer_as_one_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = night_check.Asked(as_of=None, as_of_named="", profiles=("asra-pain-2018",), privileges=None, local=())
    entries = [
        Entry(place=f"line {n}", chart=name, path=folder / name, request=request)
        for n, (name, request) in enumerate((name, request) for name in NAMES for request in ("R-1", "R-2", "R-9"))
    ]
    alone = [night_check._answer(entry, asked) for entry in entries]
    monkeypatch.setattr(night_check, "_WORTH_A_PROCESS", 1)
    assert list(night_check._answers(entries, asked)) == alone
    assert {type(answer) for answer in alone} == {Examined, str}


@pytest.mark.parametrize("error", [OSError("no semaphores"), ImportError("sem_open"), NotImplementedError("threads")])
def test_a_machine_without_a_second_process_does_it_with_one(
    error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = listed(folder, *GOOD)
    _, expected, _ = run(capsys, made, "--format", "json")

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(night_check, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(night_check, "ProcessPoolExecutor", refuse)
    code, out, _ = run(capsys, made, "--format", "json")
    assert (code, out) == (0, expected)


def test_progress_is_told_only_where_somebody_watches(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = listed(folder, *GOOD)
    assert "examined" not in run(capsys, made, "--format", "json")[2]
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    _, out, err = run(capsys, made, "--format", "json")
    assert "\r3 of 3 examined" in err
    assert err.endswith("\r")
    json.loads(out)
