"""Charts that are wrong: what is refused whole, what is rejected entry by entry, and the sentence that says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.adapters.balance import Reading, UnusableInput
from levamen.adapters.chart import TOP, read_chart
from levamen.adapters.chart_fields import REQUEST, SECTIONS

HEAD = "chart: 1\nzone: America/Los_Angeles\nrecorded: 2026-02-20\n"


def read(body: str, head: str = HEAD) -> Reading:
    return read_chart(head + body, "c.yaml")


def refusal(text: str | bytes) -> str:
    with pytest.raises(UnusableInput) as refused:
        read_chart(text, "c.yaml")
    told = str(refused.value)
    assert "\n" not in told
    return told


def rejection(body: str) -> str:
    """Why the only entry of a chart is rejected; everything else of the chart is used."""
    balance = read(body).balance
    assert (balance.items, balance.accepted, balance.rejected) == (1, 0, 1)
    (issue,) = balance.issues
    assert issue.fate == "rejected"
    return f"{issue.where}: {issue.what}"


# the whole chart


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "c.yaml is empty; a chart starts with `chart: 1`"),
        ("<html><body>404</body></html>", "c.yaml is a web page or XML, not a chart; save the chart file itself"),
        ("- a list", "c.yaml, line 1: the file is a list; it must be a mapping of `key: value`"),
        (b"\x1f\x8b\x08\x00", "c.yaml is not UTF-8 text (byte 2); save it as UTF-8"),
        ("id: x", "c.yaml has no `chart: 1`; a chart file says so in its first line"),
        ("{}", "c.yaml has no `chart: 1`; a chart file says so in its first line"),
        ('{"resourceType": "Bundle"}', "c.yaml is a FHIR resource, not a chart file; a chart has `chart: 1`"),
        ("chart: 2\nnew_section: []", "c.yaml, line 1: `chart`: chart version 2 is of a later Levamen; this one reads"),
        ("chart: '1'", "c.yaml, line 1: `chart`: '1' is no chart version; write `chart: 1`"),
        ("chart: 0", "c.yaml, line 1: `chart`: '0' is no chart version; write `chart: 1`"),
        ("chart: [1]", "c.yaml, line 1: `chart`: a list or mapping is no chart version; write `chart: 1`"),
        ("chart: 1\nproceduress: []", "c.yaml, line 2: unknown key 'proceduress'; nearest: `procedures`"),
        ("chart: 1\nrequests: []", "c.yaml, line 2: unknown key 'requests'; nearest: `request`"),
        ("chart: 1\nzone: Mars/Olympus", "c.yaml, line 2: `zone`: 'Mars/Olympus' is no IANA time zone such as"),
        ("chart: 1\nzone: ../../etc/passwd", "c.yaml, line 2: `zone`: '../../etc/passwd' is no IANA time zone such as"),
        ("chart: 1\nzone: America", "c.yaml, line 2: `zone`: 'America' is no IANA time zone such as"),
        ("chart: 1\nas_of: 2026-02", "c.yaml, line 2: `as_of`: 2026-02 is no single day; write YYYY-MM-DD or a time"),
        ("chart: 1\nas_of: 2026-02-30", "c.yaml, line 2: `as_of`: '2026-02-30' is no day of the calendar; 2026-02 has"),
        (
            "chart: 1\nas_of: 2026-02-20T10:00",
            "c.yaml, line 2: `as_of`: '2026-02-20T10:00' is a time without offset, and",
        ),
        ("chart: 1\nperson: [1]", "c.yaml, line 2: person: a mapping of fields is wanted here, not a list"),
        (
            "chart: 1\nperson: {sex: m}",
            "c.yaml, line 2: person: `sex`: sexes: 'm' is unknown; known: female, male, other",
        ),
        (
            "chart: 1\nperson: {birth_day: 1971}",
            "c.yaml, line 2: unknown key 'birth_day' in person; nearest: `birth_date`",
        ),
        (
            "chart: 1\nperson: {weight_kg: -80}",
            "c.yaml, line 2: person: `weight_kg`: -80 is less than 1, the least it can",
        ),
        (
            "chart: 1\nperson: {birth_date: 1971, died: 1960}",
            "c.yaml, line 2: person: `died`: 1960 is before `birth_date`",
        ),
        ("chart: 1\npayer: {state: XX}", "c.yaml, line 2: payer[0]: `state`: states.list: 'XX' is unknown; nearest:"),
        (
            "chart: 1\npayer: {kind: medicare, from: 2026, to: 2025}",
            "c.yaml, line 2: payer[0]: `to`: 2025 is before `from`",
        ),
        (
            "chart: 1\nprocedures: {therapy: mbb}",
            "c.yaml, line 2: `procedures`: a list of entries is wanted here; begin",
        ),
        ("chart: 1\nexpect: {policy: mcr-facet}", "c.yaml, line 2: `expect`: a list of entries is wanted here; begin"),
    ],
)
def test_the_whole_chart_is_refused(text: str | bytes, sentence: str) -> None:
    assert refusal(text).startswith(sentence)


def test_fifty_megabytes_of_nonsense_are_not_parsed() -> None:
    assert refusal(b"chart: 1\n" + b"x" * 50_000_000).startswith("c.yaml is larger than 2 MB (50,000,009 bytes)")


@pytest.mark.parametrize("name", list(SECTIONS))
def test_a_misspelt_key_in_any_section_is_named(name: str) -> None:
    told = refusal(f"chart: 1\n{name}:\n  - {{id: X-1, recordedd: 2026-01-01}}")
    assert told == f"c.yaml, line 3: unknown key 'recordedd' in {name}[0]; nearest: `recorded`"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "procedures:\n  - id: P-1\n    therapy: mbb\n    relief:\n      - percnt: 80",
            "c.yaml, line 8: unknown key 'percnt' in procedures[0].relief[0]; nearest: `percent`",
        ),
        (
            "procedures: [{therapy: no-such, date: 2026-02-30, agents: [{drg: lidocaine}]}]",
            "c.yaml, line 4: unknown key 'drg' in procedures[0].agents[0]; nearest: `drug`",
        ),
        (
            "completeness: [{kind: pain, form: 2020}]",
            "c.yaml, line 4: unknown key 'form' in completeness[0]; nearest: `from`",
        ),
        ("request: {therapy: mbb, plann: A}", "c.yaml, line 4: unknown key 'plann' in request[0]; nearest: `plan`"),
    ],
)
def test_a_misspelt_key_inside_an_entry_is_named(body: str, sentence: str) -> None:
    assert refusal(HEAD + body) == sentence


def test_equal_ids_are_refused_with_both_lines() -> None:
    told = refusal("chart: 1\nscores:\n  - {id: A, instrument: nrs}\nrequest:\n  - {id: A, therapy: mbb}")
    assert (
        told
        == "c.yaml, line 5: the id 'A' stands twice, in scores (line 3) and request (line 5); ids are unique in a chart"
    )


@pytest.mark.parametrize(
    ("request_fields", "sentence"),
    [
        (
            "therapy: epidural-injection-x",
            "request[0] R: `therapy`: therapies: 'epidural-injection-x' is unknown; nearest:",
        ),
        ("side: left", "request[0] R: `therapy` is missing"),
        (
            "therapy: mbb, joints: [C3-4], region: lumbar",
            "request[0] R: C3-4 is cervical, the region says lumbar; correct",
        ),
        (
            "therapy: mbb, start: 2026-02-30",
            "request[0] R: `start`: '2026-02-30' is no day of the calendar; 2026-02 has 28",
        ),
        (
            "therapy: mbb, start: 2026-03-08T02:30",
            "request[0] R: `start`: '2026-03-08T02:30' does not exist in America/Los_Angeles because the clocks "
            "change; write 2026-03-08T03:30-07:00 or 2026-03-08T01:30-08:00",
        ),
        (
            "therapy: mbb, start: 2026-11-01T01:30",
            "request[0] R: `start`: '2026-11-01T01:30' occurs twice in America/Los_Angeles because the clocks change; "
            "write 2026-11-01T01:30-07:00 or 2026-11-01T01:30-08:00",
        ),
    ],
)
def test_a_bad_request_refuses_the_chart(request_fields: str, sentence: str) -> None:
    assert refusal(f"{HEAD}request: [{{id: R, {request_fields}}}]").startswith(f"c.yaml, line 4: {sentence}")


def test_a_request_with_a_time_needs_a_zone() -> None:
    assert refusal("chart: 1\nrequest: {therapy: mbb, start: 2026-02-24T10:00}") == (
        "c.yaml, line 2: request[0] request-1: `start`: '2026-02-24T10:00' is a time without offset, "
        "and a time needs `zone`; give the chart a zone or write 2026-02-24T10:00Z"
    )


# expectations


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("just text", "expect[0]: an expectation is a mapping with one subject such as `policy`"),
        ("{polcy: mcr-facet}", "unknown key 'polcy' in expect[0]; nearest: `policy`"),
        ("{verdict: met}", "expect[0]: no subject; give one of `responder`, `policy`, `safety`"),
        ("{policy: mcr-facet, safety: clear}", "expect[0]: one subject only; it has `policy`, `safety`"),
        ("{policy: mcr-facet, verdit: met}", "unknown key 'verdit' beside `policy` in expect[0]; nearest: `verdict`"),
        ("{policy: mcr-facett, verdict: met}", "expect[0]: policies: 'mcr-facett' is unknown; nearest: mcr-facet"),
        ("{policy: mcr-facet, verdict: maybe}", "expect[0]: `verdict`: 'maybe' is unknown; nearest:"),
        ("{policy: mcr-facet, request: R-9}", "expect[0]: `request`: the chart has no request 'R-9'; it has none"),
        ("{safety: fine}", "expect[0]: `safety`: 'fine' is unknown; "),
        ("{flag: cauda}", "expect[0]: flags: 'cauda' is unknown"),
        ("{plan: X, decision: hold}", "expect[0]: `decision`: 'hold' is unknown; known:"),
        ("{ledger: sugar}", "expect[0]: ledger: 'sugar' is unknown; write steroid or anesthetic"),
        ("{score: S-9, value: 3}", "expect[0]: `score`: the chart has no score 'S-9'; it has none"),
        ("{policy: mcr-facet, criteria: [met]}", "expect[0]: `criteria` is a mapping of criterion id to status"),
    ],
)
def test_a_bad_expectation_refuses_the_chart(entry: str, sentence: str) -> None:
    assert refusal(f"{HEAD}expect:\n  - {entry}").startswith(f"c.yaml, line 5: {sentence}")


def test_several_requests_need_naming() -> None:
    body = "request: [{therapy: mbb}, {therapy: kyphoplasty}]\nexpect:\n  - {policy: mcr-facet, verdict: met}"
    assert refusal(HEAD + body) == "c.yaml, line 6: expect[0]: `policy` needs `request`, because the chart has 2"


# one entry


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            "therapy: epidural-injektion",
            "`therapy`: therapies: 'epidural-injektion' is unknown; nearest: epidural-steroid",
        ),
        ("date: 2026-01-01", "`therapy` is missing"),
        ("therapy: mbb, date: 2026-02-30", "`date`: '2026-02-30' is no day of the calendar; 2026-02 has 28 days"),
        ("therapy: mbb, date: 2025-02-29", "`date`: '2025-02-29' is no day of the calendar; 2025-02 has 28 days"),
        ("therapy: mbb, date: 2026-13", "`date`: '2026-13' has no month 13; months are 01 to 12"),
        ("therapy: mbb, date: 2026-2-3", "`date`: '2026-2-3' is no date or time; write YYYY, YYYY-MM, YYYY-MM-DD or"),
        ("therapy: mbb, date: '0026'", "`date`: '0026' is outside the years 1850 to 2199"),
        ("therapy: mbb, date: yesterday", "`date`: 'yesterday' is no date or time; write YYYY, YYYY-MM, YYYY-MM-DD or"),
        ("therapy: mbb, date: 2026-01-01T24:00", "`date`: '2026-01-01T24:00' is no time of day; hours are 00 to 23"),
        ("therapy: mbb, date: 2026-01-01T10:00+19:00", "`date`: '2026-01-01T10:00+19:00' has no real offset"),
        ("therapy: mbb, date: 2026-03-08T02:30", "`date`: '2026-03-08T02:30' does not exist in America/Los_Angeles"),
        ("therapy: mbb, date: 2026-11-01T01:30", "`date`: '2026-11-01T01:30' occurs twice in America/Los_Angeles"),
        ("therapy: mbb, start: 2026-02-01, end: 2026-01-01", "`end`: 2026-01-01 is before `start` 2026-02-01; correct"),
        (
            "therapy: mbb, date: 2026-02-01, start: 2026-02-02",
            "`date`: `date` 2026-02-01 and `start` 2026-02-02 differ",
        ),
        ("therapy: mbb, joints: [L4-6]", "`joints[0]`: spinal_joints: 'L4-6' is unknown; nearest:"),
        ("therapy: mbb, joints: [S1-2]", "`joints`: S1-2 has no facet joint"),
        (
            "therapy: mbb, joints: [C3-4], region: lumbar",
            "C3-4 is cervical, the region says lumbar; correct one of them",
        ),
        ("therapy: mbb, joints: [L4-5], levels: [L3-4]", "`levels` and `joints` differ; keep `joints`"),
        ("therapy: kyphoplasty, joints: [L4-5]", "`joints`: kyphoplasty has no such target; it takes `vertebrae`"),
        (
            "therapy: ketamine-infusion, muscles: [trapezius]",
            "`muscles`: ketamine-infusion has no such target; it takes",
        ),
        (
            "therapy: esi, approach: lateral",
            "`approach`: lateral is not among interlaminar, transforaminal, caudal, what",
        ),
        ("therapy: kyphoplasty, technique: thermal", "`technique`: kyphoplasty has no `technique`; leave it out"),
        ("therapy: esi, roots: [S5]", "`roots`: S5 has no foramen that a needle reaches; write `foramina`"),
        (
            "therapy: mbb, relief: [{percent: 130}]",
            "`relief[0].percent`: 130 % is not possible; relief lies between -100",
        ),
        (
            "therapy: mbb, relief: [{percent: 120-130 %}]",
            "`relief[0].percent`: 120 % is not possible; relief lies between",
        ),
        ("therapy: mbb, relief: [{percent: [80, 70]}]", "`relief[0].percent`: the range runs from 80 to 70; write the"),
        (
            "therapy: mbb, relief: [{percent: most}]",
            "`relief[0].percent`: 'most' is no percentage; write 80, '70-80 %' or",
        ),
        (
            "therapy: mbb, relief: [{scale: nrs, before: 8, after: 11}]",
            "`relief[0].after`: 11 is outside the range of nrs,",
        ),
        ("therapy: mbb, relief: [{at: 2026}]", "`relief[0]`: one of `before`, `after`, `percent` is missing"),
        (
            "therapy: mbb, agents: [{drug: lidocain, volume: 1 mL}]",
            "`agents[0].drug`: drugs: 'lidocain' is unknown; nearest",
        ),
        (
            "therapy: mbb, agents: [{drug: lidocaine, volume: -1 mL}]",
            "`agents[0].volume`: '-1 mL' is negative; an amount",
        ),
        (
            "therapy: mbb, agents: [{drug: lidocaine, volume: 1}]",
            "`agents[0].volume`: '1' has no unit; write it as in 2 mL",
        ),
        (
            "therapy: mbb, agents: [{drug: lidocaine, volume: 1 cup}]",
            "`agents[0].volume`: '1 cup' is no amount with a known",
        ),
        ("therapy: mbb, agents: lidocaine", "`agents`: a mapping of fields is wanted here, not one value"),
        (
            "therapy: mbb, exposure: {fluoroscopy_s: -3}",
            "`exposure.fluoroscopy_s`: -3 is less than 0, the least it can be",
        ),
        (
            "therapy: mbb, trial: {satisfied: yes}",
            "`trial.satisfied`: true or false is wanted, 'yes' is text; write true",
        ),
        ("therapy: mbb, leads: 1.5", "`leads`: 1.5 is not a whole number"),
        ("therapy: [mbb]", "`therapy`: a word is wanted here, not a list"),
    ],
)
def test_a_wrong_value_rejects_its_procedure(fields: str, sentence: str) -> None:
    assert rejection(f"procedures:\n  - {{id: P-1, {fields}}}").startswith(f"procedures[0] P-1 (line 5): {sentence}")


@pytest.mark.parametrize(
    ("section", "fields", "sentence"),
    [
        ("pain", "site: lower-bakc", "`site`: pain_sites: 'lower-bakc' is unknown; nearest: low-back"),
        ("pain", "since: 2026, until: 2025", "`until`: 2025 is before `since` 2026; correct one of them"),
        ("problems", "status: active", "one of `concept`, `icd10`, `snomed` is missing"),
        ("problems", "icd10: banana", "`icd10`: 'banana' is not of the form M47.816"),
        (
            "problems",
            "concept: diabetes, attributes: {sort: 1}",
            "`attributes`: 'sort' is no attribute of diabetes; known:",
        ),
        (
            "problems",
            "concept: diabetes, attributes: {type: 9}",
            "`attributes.type`: '9' is not among 1, 2, other, unknown",
        ),
        ("problems", "concept: diabetes, levels: L4-5", "`levels` has no meaning here; write `joints`, `interspaces`,"),
        (
            "findings",
            "concept: faber, present: no",
            "`present`: true or false is wanted, 'no' is text; write true or false",
        ),
        (
            "findings",
            "concept: faber, present: 1",
            "`present`: true or false is wanted, '1' is number; write true or false",
        ),
        ("care", "therapy: physical-therapy, sessions: -1", "`sessions`: -1 is less than 0, the least it can be"),
        (
            "care",
            "therapy: physical-therapy, start: 2026-02, end: 2026-01",
            "`end`: 2026-01 is before `start` 2026-02;",
        ),
        # A wrong value in a medication leaves the value out, never the drug: test_drug_names.py.
        ("medications", "dose: 500 mg", "one of `drug`, `written` is missing"),
        ("medications", "drug: [naproxen]", "`drug`: text is wanted here, not a list"),
        ("allergies", "reaction: hives", "one of `substance`, `note` is missing"),
        ("labs", "test: creatinine, value: 1.1", "`unit`: creatinine is measured in mg/dL or umol/L; say which"),
        ("labs", "test: inr, value: 1.1, unit: kg", "`unit`: 'kg' is no unit of inr; write 1"),
        ("labs", "test: platelets, value: -1", "`value`: -1 is negative; platelets is 0 or more"),
        ("labs", "test: platelets, value: low", "`value`: platelets is a number, 'low' is text"),
        ("labs", "test: hcg, value: 1", "`value`: hcg has a result in words (positive, negative); 1 is a number"),
        ("scores", "instrument: odi, value: 144", "`value`: 144 is outside the range of odi, 0 to 100"),
        ("scores", "instrument: nrs, value: -1", "`value`: -1 is outside the range of nrs, 0 to 10"),
        ("scores", "instrument: nrs, value: 012", "`value`: 12 is outside the range of nrs, 0 to 10"),
        ("scores", "instrument: nrs, value: 1e3", "`value`: 1000 is outside the range of nrs, 0 to 10"),
        ("scores", "instrument: nrs, value: 1_0", "`value`: a number is wanted, '1_0' is text"),
        ("scores", "instrument: nrs, value: '8'", "`value`: a number is wanted, '8' is text; write it without quotes"),
        ("scores", "instrument: nrs, value: .nan", "`value`: a number is wanted, '.nan' is text"),
        (
            "scores",
            "instrument: nrs, value: 1e999999999",
            "`value`: '1e999999999' is beyond the size of a clinical number",
        ),
        (
            "scores",
            "instrument: nrs, value: 1e99999999999999999999",
            "`value`: '1e99999999999999999999' is beyond the size",
        ),
        ("scores", "instrument: odi, when: worst", "`when`: `when` belongs to nrs alone; leave it out"),
        (
            "evaluations",
            "kind: judgement, about: {policy: mcr-facett}",
            "`about.policy`: policies: 'mcr-facett' is unknown",
        ),
        (
            "devices",
            "kind: intrathecal-pump, pump: {reservoir_ml: -40}",
            "`pump.reservoir_ml`: -40 is less than 0, the",
        ),
        (
            "devices",
            "kind: pacemaker, implanted: 2025, removed: 2024",
            "`removed`: 2024 is before `implanted` 2025; correct",
        ),
        ("events", "kind: fainting-spell-x, severity: bad", "`kind`: events: 'fainting-spell-x' is unknown;"),
        ("goals", "by: 2026", "one of `text`, `measure` is missing"),
        (
            "documents",
            "kind: consent, text: true",
            '`text`: true is a boolean, text is wanted; write "true" in quotes if',
        ),
    ],
)
def test_a_wrong_value_rejects_its_entry(section: str, fields: str, sentence: str) -> None:
    assert rejection(f"{section}:\n  - {{id: X, {fields}}}").startswith(f"{section}[0] X (line 5): {sentence}")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ("kind: procedures, to: 2025-01-01", "`from` is missing; a span begins with `from`"),
        ("kind: procedures, from: 2027-01-01", "`to`: 2026-02-20 is before `from` 2027-01-01; correct one of them"),
        ("kind: infection, asked: 2026-02-20", "`answer` is missing; a question asked has its date in `asked` and its"),
        (
            "kind: infection, answer: no",
            "`asked` is missing; a question asked has its date in `asked` and its `answer`",
        ),
        (
            "kind: infection, asked: 2026-02-20, answer: true",
            "`answer`: true is a boolean, a word is wanted; known: yes, no",
        ),
        (
            "kind: infection, asked: 2026-02-20, answer: maybe",
            "`answer`: answers: 'maybe' is unknown; nearest: yes (known: yes, no,",
        ),
        (
            "kind: pain, from: 2020, reviewed: 2026",
            "an entry has one form only; write `from` and `to`, or `reviewed`, or",
        ),
        ("kind: pain", "one of `from`, `to`, `reviewed`, `asked`, `answer` is missing"),
        (
            "kind: proceedures, from: 2020",
            "`kind`: completeness_sections: 'proceedures' is unknown; nearest: procedures",
        ),
        ("kind: procedures, from: 2020, scope: clinic", "`scope`: 'clinic' is not of the form patient or source"),
    ],
)
def test_a_bad_statement_of_completeness_closes_nothing(fields: str, sentence: str) -> None:
    body = f"completeness:\n  - {{{fields}}}"
    assert rejection(body).startswith(f"completeness[0] (line 5): {sentence}")
    assert read(body).record.completeness == ()


def test_several_faults_of_one_entry_are_told_together_with_their_lines() -> None:
    body = "scores:\n  - id: S-1\n    instrument: nrs\n    value: eight\n    date: 2026-02-30\n"
    assert rejection(body) == (
        "scores[0] S-1 (line 5): `value` (line 7): a number is wanted, 'eight' is text; "
        "`date` (line 8): '2026-02-30' is no day of the calendar; 2026-02 has 28 days"
    )


def test_a_rejected_entry_does_not_stop_the_rest() -> None:
    reading = read(
        "scores:\n  - {id: A, instrument: nrs, value: 11}\n  - just text\n  -\n  - {id: B, instrument: nrs, value: 3}"
    )
    assert (reading.balance.items, reading.balance.accepted, reading.balance.rejected) == (4, 1, 3)
    assert [fact.id for fact in reading.record.facts] == ["B"]
    assert reading.balance.issues[1].what == "a mapping of fields is wanted here, not one value"


def test_a_time_without_zone_rejects_its_entry_and_dates_work() -> None:
    rows = [f"  - {{id: {id}, test: inr, value: 1, at: {at}}}" for id, at in (("A", "2026-02-12T11:00"), ("B", "2026"))]
    body = "\n".join(["labs:", *rows])
    reading = read(body, "chart: 1\n")
    assert [fact.id for fact in reading.record.facts] == ["B"]
    assert reading.balance.issues[0].what.startswith(
        "`at`: '2026-02-12T11:00' is a time without offset, and a time needs `zone`"
    )


def test_json_charts_are_told_without_lines() -> None:
    text = '{"chart": 1, "scores": [{"id": "A", "instrument": "nrs", "value": 11}], "pain": [{"id": "B"}]}'
    (issue,) = read_chart(text, "c.json").balance.issues
    assert issue.where == "scores[0] A"


# anything at all


def only_unusable(data: str | bytes) -> None:
    try:
        reading = read_chart(data, "any")
    except UnusableInput as refused:
        assert str(refused)  # noqa: PT017 - that nothing else is raised is the point
        return
    balance = reading.balance
    assert balance.items == balance.accepted + balance.ignored + balance.rejected


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    only_unusable(data)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    only_unusable(text)
    only_unusable("chart: 1\n" + text)


WORDS = st.sampled_from(
    """\
medial-branch-block|kyphoplasty|L4-5|L4-L5|S1|lumbar|2026-02-12|2026-02-30|2026|2026-02-12T11:00|80|8|1e999|no|true|~
-1 mg|5 mg|nrs|[]|{}|[1, 2]|{a: b}|x|''|70-80 %|diabetes|M47.816|procedures|infection|lidocaine|inr|patient|block|mbb
R-1|met|mcr-facet""".replace("|", "\n").splitlines()
)
FIELD_NAMES = sorted({field.name for table in (*SECTIONS.values(), REQUEST) for field in table.fields})


@given(
    st.sampled_from([name for name in TOP if name != "chart"]),
    st.lists(st.dictionaries(st.sampled_from(FIELD_NAMES), WORDS, max_size=6), max_size=3),
)
def test_any_entries_are_read_or_refused(section: str, entries: list[dict[str, str]]) -> None:
    rows = "".join(f"  - {{{', '.join(f'{key}: {value}' for key, value in row.items())}}}\n" for row in entries)
    only_unusable(f"chart: 1\n{section}:\n{rows}")


@pytest.mark.parametrize("section", [*SECTIONS, "request", "completeness"])
@given(data=st.data())
def test_any_known_fields_are_read_or_refused(section: str, data: st.DataObject) -> None:
    table = SECTIONS.get(section, REQUEST)
    names = st.sampled_from([field.name for field in table.fields])
    row = data.draw(st.dictionaries(names, WORDS, max_size=8))
    only_unusable(
        f"chart: 1\nzone: UTC\n{section}:\n  - {{{', '.join(f'{key}: {value}' for key, value in row.items())}}}\n"
    )


def test_a_rejected_entry_opens_its_section_again() -> None:
    """What was rejected might have been the one that counts: the declaration of completeness closes nothing."""
    reading = read_chart(
        "chart: 1\nid: x\nrecorded: 2026-02-20\n"
        "completeness:\n  - {kind: procedures, from: 2023-01-01}\n  - {kind: care, from: 2025-01-01}\n"
        "procedures:\n  - {id: P-1, therapy: medial-branch-block, date: 2026-02-30}\n",
        "chart",
    )
    assert reading.balance.rejected == 1
    assert {entry.kind: entry.scope for entry in reading.record.completeness} == {
        "procedures": "source",
        "care": "patient",
    }
    assert any("the declaration closes nothing" in issue.what for issue in reading.balance.issues)
