"""Bad input to `levamen plan`: one clear sentence and exit code 2, or a plan that says what it could not read."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from icalendar import Calendar

from levamen.cli import main

CHART = """\
chart: 1
id: synthetic-baker
recorded: 2026-03-02
as_of: 2026-03-02
zone: America/New_York
person: {birth_date: 1960-01-20, sex: male, weight_kg: 84}
completeness:
  - {kind: medications, reviewed: 2026-03-02}
  - {kind: problems, reviewed: 2026-03-02}
problems:
  - {id: PR-1, concept: atrial-fibrillation, since: 2022-03-01, status: active}
medications:
  - {id: M-1, drug: apixaban, dose: 5 mg, times: ["08:00", "20:00"], start: 2022-03-10, indication: atrial-fibrillation}
labs:
  - {id: L-1, test: creatinine, value: 1.1, unit: mg/dL, at: 2026-02-26}
request:
  - id: R-1
    therapy: epidural-steroid-injection
    approach: transforaminal
    region: lumbar
    side: left
    foramina: [L4-5]
    agents: [{drug: dexamethasone, dose: 10 mg}]
    start: 2026-03-17T09:30
    end: 2026-03-17T10:00
"""
DRUG = "drug: apixaban, dose: 5 mg"
SCHEDULE = 'times: ["08:00", "20:00"]'
APPOINTMENT = "    start: 2026-03-17T09:30\n    end: 2026-03-17T10:00\n"
FORMATS = ("text", "json", "sheet", "letter", "calendar", "clinic-pdf", "sheet-pdf", "letter-pdf")
HOSTILE = (
    "Dr \\u202Eresrever\\u200b <script>alert(1)</script> #eval(1) $x$ *b* @r `c` ; , \\\\n\\r\\nBEGIN:VEVENT\\r\\n"
)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def written(folder: Path, old: str = "", new: str = "") -> str:
    assert old in CHART
    path = folder / "chart.yaml"
    path.write_text(CHART.replace(old, new, 1) if old else CHART, encoding="utf-8")
    return str(path)


def one_line(text: str) -> str:
    return " ".join(text.split())


def at(start: str, end: str = "") -> str:
    return f"    start: {start}\n" + (f"    end: {end}\n" if end else "")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            APPOINTMENT,
            at("2026-03-08T02:30"),
            "`start` (line 24): '2026-03-08T02:30' does not exist in America/New_York because the clocks change; "
            "write 2026-03-08T03:30-04:00 or 2026-03-08T01:30-05:00",
        ),
        (
            APPOINTMENT,
            at("2026-11-01T01:30"),
            "`start` (line 24): '2026-11-01T01:30' occurs twice in America/New_York because the clocks change; "
            "write 2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00",
        ),
        (
            APPOINTMENT,
            at("2026-02-20T09:30"),
            "the appointment of R-1 (2026-02-20T09:30:00-05:00) is before 2026-03-02; "
            "give the request a new `start`, or the plan an earlier --as-of",
        ),
        (
            APPOINTMENT,
            at("2026-03-17T09:30", "2026-03-17T09:00"),
            "`end`: 2026-03-17T09:00:00-04:00 is before `start` 2026-03-17T09:30:00-04:00; correct one of them",
        ),
        (
            APPOINTMENT,
            at("2026-02-30T09:30"),
            "`start` (line 24): '2026-02-30' is no day of the calendar; 2026-02 has 28 days",
        ),
        (APPOINTMENT, at("2026-13-10T09:30"), "`start` (line 24): '2026-13-10' has no month 13; months are 01 to 12"),
        (
            APPOINTMENT,
            at("2026-03-17T25:30"),
            "`start` (line 24): '2026-03-17T25:30' is no time of day; hours are 00 to 23",
        ),
        (
            APPOINTMENT,
            at("10/03/2026"),
            "`start` (line 24): '10/03/2026' is no date or time; write YYYY, YYYY-MM, YYYY-MM-DD or",
        ),
        (APPOINTMENT, at("tomorrow"), "`start` (line 24): 'tomorrow' is no date or time"),
        (
            APPOINTMENT,
            at("2026-03-17T09:30", "2026-03-18T09:31"),
            "starts 2026-03-17T09:30:00-04:00 and ends 2026-03-18T09:31:00-04:00, more than a day later; correct `end`",
        ),
        (
            "1960-01-20",
            "2030-01-20",
            "`birth_date` 2030-01-20 is after the procedure (2026-03-17); correct one of them",
        ),
        (
            "1960-01-20",
            "2008-03-18",
            "born 2008-03-18, the patient is under 18 on 2026-03-17; the packaged tables speak of adults only, so plan "
            "with a specialist, or correct `birth_date`",
        ),
        ("zone: America/New_York\n", "", "is a time without offset, and a time needs `zone`; give the chart a zone or"),
        ("America/New_York", "America/NewYork", "`zone`: 'America/NewYork' is no IANA time zone such as"),
        ("    therapy: epidural-steroid-injection\n", "", "request[0] R-1: `therapy` is missing"),
        (
            "epidural-steroid-injection",
            "epidural-sterod-injection",
            "'epidural-sterod-injection' is unknown; nearest: epidural-steroid-injection",
        ),
        (
            "dose: 10 mg}]",
            "dose: 10 litres}]",
            "`agents[0].dose` (line 23): '10 litres' is no amount with a known unit; write it as in 10 mg",
        ),
        ("weight_kg: 84", "weight_lb: 184", "unknown key 'weight_lb' in person; nearest: `weight_kg`"),
        ("weight_kg: 84", "weight_kg: 0", "`weight_kg`: 0 is less than 1, the least it can be"),
        ("weight_kg: 84", "weight_kg: 8400", "`weight_kg`: 8400 is more than 650, the most it can be"),
        (
            "labs:\n",
            "  - {id: M-1, drug: aspirin}\nlabs:\n",
            "the id 'M-1' stands twice, in medications (line 13) and medications (line 14); ids are unique in a chart",
        ),
        ("drug: apixaban", 'drug: "apix\\e[2Jaban"', "the control character U+001B is not allowed; remove it"),
    ],
)
def test_what_cannot_be_planned_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, old: str, new: str, says: str
) -> None:
    code, out, err = run(capsys, "plan", written(tmp_path, old, new))
    assert (code, out) == (2, "")
    assert err.startswith("levamen: ")
    assert err.count("\n") == 1
    assert says in err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("1960-01-20", "2008-03-17", id="eighteen on the day"),
        pytest.param("1960-01-20", "2008", id="may be eighteen"),
        pytest.param(APPOINTMENT, at("2026-03-17T09:30", "2026-03-18T09:30"), id="a day long"),
        pytest.param(APPOINTMENT, at("2026-03-17T09:30", "2026-03-18"), id="ends on the next day"),
    ],
)
def test_what_can_just_be_is_planned(capsys: pytest.CaptureFixture[str], tmp_path: Path, old: str, new: str) -> None:
    code, out, err = run(capsys, "plan", written(tmp_path, old, new))
    assert (code, err) == (0, "")
    assert out.startswith("Epidural")


def test_a_catheter_may_stay_in_for_days(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    needle = "    therapy: peripheral-nerve-block\n    technique: catheter\n"
    chart = CHART[: CHART.index("    therapy:")] + needle + at("2026-03-17T09:30", "2026-03-20T09:30")
    (tmp_path / "chart.yaml").write_text(chart, encoding="utf-8")
    assert run(capsys, "plan", str(tmp_path / "chart.yaml"))[0] == 0


@pytest.mark.parametrize(
    ("dose", "asked"),
    [
        ("5 mL", "'5 mL' is no dose of apixaban in mg; ask which is meant."),
        ("5 mcg", "'5 mcg' is no dose of apixaban in mg; ask which is meant."),
        ("0 mg", "'0 mg' is no dose of apixaban in mg; ask which is meant."),
        ("0.249 mg", "'0.249 mg' is no dose of apixaban in mg; ask which is meant."),
        ("1 tablet", "'1 tablet' is no dose of apixaban in mg; ask which is meant."),
        ("0.25 mg", None),
        ("2500 mcg", None),
    ],
)
def test_a_dose_that_is_none_of_its_drug_is_asked_about(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, dose: str, asked: str | None
) -> None:
    code, out, _ = run(capsys, "plan", written(tmp_path, DRUG, f"drug: apixaban, dose: {dose}"))
    assert code == 0
    said = "is no dose of apixaban" in one_line(out)
    assert said == (asked is not None)
    assert asked is None or asked in one_line(out)


def test_a_time_that_stands_twice_gives_no_schedule(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One of the two doses has another time: nobody knows which, so no last and no first dose is printed."""
    code, out, _ = run(capsys, "plan", written(tmp_path, SCHEDULE, 'times: ["08:00", "08:00"]'))
    assert code == 0
    assert "Missing: dosing times of apixaban" in out
    assert "Last dose:" not in out
    assert "First dose again:" not in out
    assert "1 remark on what was read; levamen chart validate shows it." in out
    code, out, _ = run(capsys, "chart", "validate", str(tmp_path / "chart.yaml"))
    assert "a time of day stands twice in `times` (08:00, 08:00); left out, the medication is kept" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--profile", "asra"), "levamen: 'asra' is no hold profile; known: asipp-2024, asra-pain-2015,"),
        (("--request", ""), "levamen: --request: synthetic-baker has no request ''; it has R-1\n"),
        (("--as-of", ""), "levamen: --as-of: '' is no date or time; write YYYY,"),
        (("--as-of", "2026-03-08T02:30"), "does not exist in America/New_York because the clocks change"),
        (("--privileges", "no-such.yaml"), "levamen: --privileges: no-such.yaml cannot be read: no such file or"),
        (("--output", "/"), "levamen: --output: / cannot be written: is a directory\n"),
    ],
)
def test_an_option_that_cannot_be_used_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = run(capsys, "plan", written(tmp_path), *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("chart.yaml", b"", "is empty; a chart starts with `chart: 1`"),
        ("chart.yaml", CHART.encode("utf-16"), "is not UTF-8 text (byte 1); save it as UTF-8"),
        ("chart.yaml", CHART.replace("baker", "b\xe4ker").encode("latin-1"), "is not UTF-8 text (byte 25); save it as"),
        ("chart.yaml", b"\x00\x01\x02", "line 1: a NUL character is not allowed in a text file; remove it"),
        ("chart.yaml", b"dorothea, warfarin", "line 1: the file is plain text; it must be a mapping of `key: value`"),
        ("chart.json", b"[1, 2]", "line 1: the file is a list; it must be a mapping of `key: value`"),
        ("chart.json", b"{", "not readable JSON"),
        ("chart.yaml", b"a" * 2_100_000, "is larger than 2 MB (2,100,000 bytes); a chart of one patient is smaller"),
    ],
)
def test_a_file_that_is_no_chart_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    code, out, err = run(capsys, "plan", str(path))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err


def test_an_empty_standard_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    code, out, err = run(capsys, "plan", "-")
    assert (code, out) == (2, "")
    assert err == "levamen: standard input is empty; a chart starts with `chart: 1`\n"


def test_a_byte_order_mark_and_line_ends_of_another_system_change_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = written(tmp_path)
    plain = run(capsys, "plan", path)
    Path(path).write_bytes(b"\xef\xbb\xbf" + CHART.replace("\n", "\r\n").encode())
    assert run(capsys, "plan", path) == plain
    assert plain[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("drug: apixaban", "drug: blorbotinib", "'blorbotinib' is not a known drug and no known name is near it"),
        ("drug: apixaban", "drug: apixiban", "'apixiban' is not a known drug; nearest: apixaban"),
        (DRUG, "drug: apixaban, dose: 5", "`dose`: '5' has no unit; write it as in 500 mg; left out, the medication"),
        (DRUG, "drug: apixaban, dose: 5 litres", "`dose`: '5 litres' is no amount with a known unit; write it as in"),
        (DRUG, "drug: apixaban, dose: -5 mg", "`dose`: '-5 mg' is negative; an amount is 0 or more; left out, the"),
        (SCHEDULE, 'times: ["25:00"]', "`times[0]`: '25:00' is no time of day; write it as in 08:00; left out, the"),
        (SCHEDULE, "every: 0 h", "`every`: '0 h' is no interval; write it as in 12 h; left out, the medication is"),
        ("unit: mg/dL", "unit: mmol/L", "`unit`: 'mmol/L' is no unit of creatinine; write mg/dL or umol/L"),
        (", unit: mg/dL", "", "`unit`: creatinine is measured in mg/dL or umol/L; say which"),
        ("value: 1.1", "value: -1.1", "`value`: -1.1 is negative; creatinine is 0 or more"),
        (
            "start: 2022-03-10",
            "start: 2026-05-10, end: 2026-01-01",
            "`end`: 2026-01-01 is before `start` 2026-05-10; correct one of them; both are left out, the medication",
        ),
    ],
)
def test_validate_names_line_fault_and_remedy_and_loses_no_drug(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = written(tmp_path, old, new)
    code, out, err = run(capsys, "chart", "validate", path)
    assert (code, err) == (0, "")
    (told,) = [line for line in out.splitlines() if says in one_line(line)]
    assert "(line " in told
    code, out, err = run(capsys, "plan", path)
    assert (code, err) == (0, "")
    assert ("blorbotinib" if "blorbotinib" in new else "apixiban" if "apixiban" in new else "apixaban") in out


@pytest.mark.parametrize("drug", ["blorbotinib", "apixiban"])
def test_a_drug_that_does_not_exist_stops_the_plan_and_is_asked_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, drug: str
) -> None:
    code, out, err = run(capsys, "plan", written(tmp_path, "drug: apixaban", f"drug: {drug}"))
    assert (code, err) == (0, "")
    assert "Not yet: nothing is held so far, and something must be known first. Safety: Unknown" in one_line(out)
    assert f"'{drug}' on the drug list could not be read." in out
    assert f"Which drug is '{drug}' (a value is missing)" in out
    assert f"\n  {drug.capitalize()}\n" not in out


def test_orders_that_contradict_are_named_and_stop_the_plan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    second = '  - {id: M-2, drug: apixaban, dose: 2.5 mg, times: ["09:00"], indication: atrial-fibrillation}\nlabs:\n'
    code, out, err = run(capsys, "plan", written(tmp_path, "labs:\n", second))
    assert (code, err) == (0, "")
    assert "Safety: Unknown: stop and ask." in one_line(out)
    assert "The list has orders of apixaban that contradict." in one_line(out)
    assert "Not final: nobody stops a drug on it" in out


def test_five_hundred_drugs_that_do_not_exist_have_a_sentence_each(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = "".join(f"  - {{id: X-{number}, drug: notadrug{number}, dose: 1 mg}}\n" for number in range(500))
    path = written(tmp_path, "labs:\n", rows + "labs:\n")
    code, out, err = run(capsys, "plan", path)
    assert (code, err) == (0, "")
    assert "Safety: Unknown: stop and ask." in one_line(out)
    for number in range(500):
        assert out.count(f"'notadrug{number}' on the drug list could not be read.") == 1


def test_five_hundred_active_drugs_are_all_on_the_sheet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    drugs = ("aspirin", "clopidogrel", "warfarin", "naproxen", "sertraline")
    rows = "".join(
        f'  - {{id: X-{number}, drug: {drugs[number % 5]}, dose: 1 mg, times: ["08:00"]}}\n' for number in range(500)
    )
    code, out, err = run(capsys, "plan", written(tmp_path, "labs:\n", rows + "labs:\n"), "--format", "sheet")
    assert (code, err) == (0, "")
    for drug in ("Apixaban", *map(str.capitalize, drugs)):
        assert f"\n  {drug}\n" in out
    assert "Last dose:" not in out


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_text_steers_no_document(capsys: pytest.CaptureFixture[str], tmp_path: Path, format: str) -> None:
    path = written(tmp_path, DRUG, f'prescriber: "{HOSTILE}", {DRUG}')
    chart = Path(path)
    chart.write_text(chart.read_text(encoding="utf-8").replace("synthetic-baker", f'"{HOSTILE}"'), encoding="utf-8")
    file = tmp_path / "out"
    assert run(capsys, "plan", path, "--format", format, "--output", str(file)) == (0, "", "")
    made = file.read_bytes()
    if format.endswith("-pdf"):
        assert made.startswith(b"%PDF-")
        return
    said = made.decode("utf-8")
    if format != "json":
        assert "\u202e" not in said
        assert "\u200b" not in said
    if format == "calendar":
        plain = tmp_path / "plain.ics"
        run(capsys, "plan", written(tmp_path), "--format", "calendar", "--output", str(plain))
        hostile_events = list(Calendar.from_ical(made).walk("VEVENT"))
        assert len(hostile_events) == len(Calendar.from_ical(plain.read_bytes()).walk("VEVENT")) > 0
