"""`levamen score` as a user meets it: the page, the JSON and its schema, FHIR in and out, charts, and bad input."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from levamen.adapters.any_input import read_any
from levamen.cli import main
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.pathway.scores import score_got
from levamen.record.facts import Score

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "schemas" / "score-1.schema.json").read_text(encoding="utf-8"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(("score", *arguments))
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    out = capsys.readouterr()
    return code, out.out, out.err


def words(page: str) -> str:
    return " ".join(page.split())


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


def test_the_page_says_the_number_how_sure_it_is_and_where_it_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "phq-9", "1,1,1,1,1,1,1,1,")
    page = words(out)
    assert (code, err) == (0, "")
    assert page.startswith("PHQ-9: 9 ")
    assert "Scale: 0 to 27, higher is worse" in page
    assert "Answered: 8 of 9. Scored from the answered items, as its rule allows [2]" in page
    assert "The complete form gives 8 to 11." in page
    assert "Band (phq-9): 5-9; the unanswered items could put it in another band" in page
    assert "for the patient: Step 2 of 5." in page
    assert "no approval rests on it here" in page
    assert "5 points, the classic figure [1] classic figure, awaiting confirmation" in page
    assert "Table 2026-11, last checked against its sources 21 Nov 2026." in page
    assert "[2] S29: CMS, IRF-PAI data specifications" in page


def test_a_form_without_a_score_says_why_and_exits_zero(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "peg", "q1=7,q2=,q3=8")
    assert code == 0
    assert words(out).startswith("PEG: unknown")
    assert "Why: not answered: q2; all 3 are needed." in words(out)
    for answers in (("start-back", "total=6"), ("rmdq", "q1=1")):
        assert "Band: not known; it hangs on items that were not answered." in words(run(capsys, *answers)[1])
    assert "Band: no source found." in words(run(capsys, "peg", "7,5,8")[1])
    code, out, _ = run(capsys, "eq-5d-5l", "2,1,3,5,4")
    assert "EQ-5D-5L index: codes 2-1-3-5-4" in words(out)


@pytest.mark.parametrize("id", instrument_ids())
def test_json_of_every_instrument_follows_its_schema(capsys: pytest.CaptureFixture[str], id: str) -> None:
    of = instrument(id)
    full = ",".join(f"{item.name}={item.high}" for item in of.items) or f"total={of.high}"
    for answers in (full, "q1=" if of.items else f"total={of.low}", f"total={of.low}"):
        code, out, err = run(capsys, id, answers, "--format", "json")
        assert (code, err) == (0, "")
        document = json.loads(out)
        jsonschema.validate(document, closed(SCHEMA))
        assert document["instrument"] == id
        assert ("score" in document) != ("reason" in document)
        assert run(capsys, id, answers, "--format", "json")[1] == out


def test_json_is_exact(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(run(capsys, "odi", "1,1,1,1,1,1,1,1,0,", "--format", "json")[1])
    assert document["score"] == {"value": 17.7778, "exact": "160/9", "text": "17.8"}
    assert (document["answered"], document["items"], document["missing"]) == (9, 10, ["q10"])
    assert document["prorated"] is True
    assert [document["complete_form"][end]["exact"] for end in ("low", "high")] == ["16", "26"]
    assert document["bands"][0]["certain"] is False
    assert document["answers"]["q9"] == 0
    document = json.loads(run(capsys, "promis-pain-interference-4a", "5,5,5,5", "--format", "json")[1])
    assert document["other_copy"]["exact"] == "379/5"
    assert document["mark"] == "secondary"


# FHIR, checked by a validator that is not ours


@pytest.mark.parametrize("id", instrument_ids())
def test_every_form_is_a_questionnaire_of_r4(capsys: pytest.CaptureFixture[str], id: str) -> None:
    of = instrument(id)
    code, out, err = run(capsys, id, "--format", "questionnaire")
    assert (code, err) == (0, "")
    form = Questionnaire.model_validate_json(out)
    items = form.item or []
    links = [item.linkId for item in items]
    assert links == [item.name for item in of.items] + (["total"] if of.scoring.kind != "profile" else [])
    texts = [item.text for item in items if item.linkId != "total" and item.text]
    assert bool(texts) == (of.licence.ship == "generic")
    assert of.licence.notice in (form.copyright or "")


@pytest.mark.parametrize("id", instrument_ids())
def test_every_response_is_one_of_r4_and_reads_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, id: str
) -> None:
    of = instrument(id)
    gap = of.items[0].name if len(of.items) > 1 else ""
    for answers in (
        ",".join(f"{item.name}={item.low}" for item in of.items) or f"total={of.high}",
        ",".join(f"{item.name}={item.high}" for item in of.items if item.name != gap) or f"total={of.low}",
    ):
        code, out, _ = run(capsys, id, answers, "--format", "response")
        assert code == 0
        assert QuestionnaireResponse.model_validate_json(out).status == "completed"
        file = tmp_path / "response.json"
        file.write_text(out, encoding="utf-8")
        assert run(capsys, id, str(file))[:2] == run(capsys, id, answers)[:2]


def test_a_form_filler_scores_a_complete_form_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    form = json.loads(run(capsys, "odi", "--format", "questionnaire")[1])
    total = form["item"][-1]
    answered = "%resource.item.where(linkId.startsWith('q')).answer.value"
    assert total["readOnly"] is True
    assert total["extension"][0]["url"].endswith("sdc-questionnaire-calculatedExpression")
    assert total["extension"][0]["valueExpression"]["expression"] == (
        f"iif({answered}.count() = 10, {answered}.aggregate($this + $total, 0) * 100 / 50, {{}})"
    )
    for id in ("nih-impact-stratification", "s-lanss", "promis-global-mental", "ort"):
        assert "extension" not in json.loads(run(capsys, id, "--format", "questionnaire")[1])["item"][-1]


def test_a_clinic_loads_its_own_licensed_wording(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own = tmp_path / "peg.json"
    items = [{"linkId": f"q{number}", "text": f"Own text {number}", "type": "integer"} for number in (1, 2, 3)]
    own.write_text(json.dumps({"resourceType": "Questionnaire", "status": "active", "item": items}))
    form = json.loads(run(capsys, "peg", "--form", str(own), "--format", "questionnaire")[1])
    assert [item.get("text") for item in form["item"]][:3] == ["Own text 1", "Own text 2", "Own text 3"]
    assert "not answered: q2, Own text 2" in words(run(capsys, "peg", "7,,8", "--form", str(own))[1])
    own.write_text(json.dumps({"resourceType": "Questionnaire", "item": items[:2]}))
    assert run(capsys, "peg", "7,,8", "--form", str(own))[2].endswith("lacks q3 of peg; use those as linkId\n")


def bundle(*responses: dict[str, Any]) -> bytes:
    patient = {"resourceType": "Patient", "id": "p1"}
    entries = [{"fullUrl": f"urn:x:{n}", "resource": row} for n, row in enumerate((patient, *responses))]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def answered(form: str, answers: dict[str, int], **more: Any) -> dict[str, Any]:
    items = [{"linkId": link, "answer": [{"valueInteger": value}]} for link, value in answers.items()]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "r1",
        "questionnaire": form,
        "status": "completed",
        "subject": {"reference": "urn:x:0"},
        "authored": "2026-02-12",
        "item": items,
        **more,
    }


@pytest.mark.parametrize(
    ("form", "answers", "instrument", "kept", "value"),
    [
        ("urn:levamen:questionnaire:peg|2026-11", {"q1": 7, "q3": 8}, "peg", (7, None, 8), None),
        ("urn:levamen:questionnaire:nrs", {"q1": 0}, "nrs", (0,), 0),
        ("urn:levamen:questionnaire:paindetect", {"total": 19}, "paindetect", (), 19),
        ("http://loinc.org/q/44249-1", {"/44260-8": 1, "/44250-9": 0}, "phq-9", (0, *[None] * 7, 1), None),
    ],
)
def test_a_response_in_a_bundle_keeps_its_answers(
    form: str, answers: dict[str, int], instrument: str, kept: tuple[int | None, ...], value: int | None
) -> None:
    scores = list(read_any(bundle(answered(form, answers)), "b.json").record.facts)
    assert [type(fact) for fact in scores] == [Score]
    score = scores[0]
    assert isinstance(score, Score)
    assert (score.id, score.instrument, score.answers, score.value) == ("r1", instrument, kept, value)


def test_a_response_whose_total_is_not_its_answers_is_rejected() -> None:
    form = "urn:levamen:questionnaire:peg"
    reading = read_any(bundle(answered(form, {"q1": 7, "q2": 7, "q3": 7, "total": 8})), "b.json")
    assert reading.record.facts == ()
    assert reading.balance.rejected == 1
    assert "says a total of 8, its answers give 7" in str(reading.balance.issues)


# charts

CHART = """
chart: 1
id: scores
as_of: 2026-03-01
person: {{sex: female}}
scores:
  - {{id: S-1, instrument: odi, answers: [1, 1, 1, 1, 1, 1, 1, 1, 0, ~], date: 2026-02-12}}
  - {{id: S-2, instrument: ort, answers: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0], date: 2026-02-12}}
  - {{id: S-3, instrument: eq-5d-5l, answers: [2, 1, 3, 5, 4], date: 2026-02-12}}
  - {{id: S-4, instrument: peg, answers: [7, ~, 8], date: 2026-02-12}}
  - {{id: S-5, instrument: ndi, value: 15, date: 2026-02-12}}
  - {{id: S-6, instrument: peg, value: 4, answers: [7, 7, 7], date: 2026-02-12}}
  - {{id: S-7, instrument: peg, value: 7.5, answers: [7, ~, 8], date: 2026-02-12}}
  - {{id: S-8, instrument: tsk, value: 40, date: 2026-02-12}}
  - {{id: S-9, instrument: peg, answers: [7, 8], date: 2026-02-12}}
expect:
{expect}
"""
GOOD = """
  - {score: S-1, value: 17.8, band: minimal}
  - {score: S-1, value: 17.78}
  - {score: S-2, value: 1, band: low}
  - {score: S-3, value: [2, 1, 3, 5, 4]}
  - {score: S-4, value: unknown, missing: q2}
  - {score: S-5, value: 15, band: moderate}
  - {score: S-6, value: unknown, missing: 'states 4, and its answers give 7'}
  - {score: S-7, value: 7.5}
  - {score: S-8, value: unknown, missing: no scoring}
  - {score: S-9, value: unknown, missing: 3 items}
"""


def expecting(capsys: pytest.CaptureFixture[str], tmp_path: Path, expect: str) -> tuple[int, str]:
    path = tmp_path / "scores.yaml"
    path.write_text(CHART.format(expect=expect), encoding="utf-8")
    code = main(("test", str(path)))
    return code, capsys.readouterr().out


def test_a_chart_expects_scores_of_its_answers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out = expecting(capsys, tmp_path, GOOD)
    assert code == 0, out


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("{score: S-1, value: 17.7}", "value: expected 17.7, got 17.7778"),
        ("{score: S-1, value: unknown}", "value: expected unknown, got 17.7778"),
        ("{score: S-1, band: moderate}", "band: expected moderate, got minimal"),
        ("{score: S-2, value: 3}", "value: expected 3, got 1"),
        ("{score: S-3, value: [2, 1, 3, 5, 5]}", "value: expected [2, 1, 3, 5, 5], got [2, 1, 3, 5, 4]"),
        ("{score: S-3, value: 21354}", "value: expected 21354, got [2, 1, 3, 5, 4]"),
        ("{score: S-4, value: 7.5}", "value: expected 7.5, got unknown"),
        ("{score: S-4, missing: q3}", "missing: expected q3, got"),
        ("{score: S-4, band: mild}", "band: expected mild, got nothing"),
    ],
)
def test_a_wrong_expectation_of_a_score_fails(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, wrong: str, says: str
) -> None:
    code, out = expecting(capsys, tmp_path, f"  - {wrong}")
    assert code == 1
    assert says in words(out)


def test_answers_that_do_not_fit_are_kept_and_told(tmp_path: Path) -> None:
    reading = read_any(CHART.format(expect="  []").encode(), "c.yaml")
    told = str(reading.balance.issues)
    assert "peg has 3 items, and 2 answers are given" in told
    assert "`value` is 4, and the answers give 7; correct one" in told
    scores = {fact.id: fact for fact in reading.record.facts if isinstance(fact, Score)}
    assert list(scores["S-9"].answers) == [7, 8]
    assert score_got(reading.record, "S-10") == {"score": "S-10", "missing": ["the record has no score S-10"]}


# what is typed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("phq-99", "1"), "instruments: 'phq-99' is unknown; nearest: phq-9"),
        (("dast-10", "1"), "dast-10 is not scored by this version: its code is known"),
        (("tsk", "1"), "tsk is recorded by its value; this version has no scoring"),
        (("peg",), "no answers; write them in order such as 1,2,, or by name"),
        (
            ("peg", "1,2,3", "--format", "questionnaire"),
            "--format questionnaire writes the form; leave the answers out",
        ),
        (("peg", "1,2"), "peg has 3 items, and 2 answers are given"),
        (("peg", "1,2,x"), "answer 3: 'x' is no number"),
        (("peg", "1,2,1e1"), "answer 3: '1e1' is no number"),
        (("peg", "1,2,11"), "peg q3: 11 is outside 0 to 10"),
        (("peg", "1,2,1.5"), "peg q3: 1.5 is no whole number from 0 to 10"),
        (("peg", "q1=1,q1=2"), "q1 is answered twice; keep one"),
        (("peg", "q1=1,2"), "answer 2, '2', has no name, and others do; write q2=2"),
        (("peg", "q4=1"), "peg has no item q4; its items are q1 to q3"),
        (("peg", "q1=1,total=3"), "a total and answers are given"),
        (("peg", "total=11"), "total=11 is outside the range of peg, 0 to 10"),
        (("ort", "q1=1,sex=yes"), "sex=yes is not known here; write female or male"),
        (("paindetect", "19"), "only the total may be entered"),
        (("promis-global-physical", "3,3,3,3"), "name each answer, such as q1=3"),
        (("peg", "1,2,3", "--form", "nowhere.json"), "nowhere.json cannot be read: no such file or directory"),
        (("peg", ",".join("1" * 201)), "201 answers are given; no form has more than 200"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("levamen: ")
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "is no text; give answers such as q1=3, or a QuestionnaireResponse"),
        (b"{", "is no QuestionnaireResponse"),
        (
            json.dumps(answered("urn:levamen:questionnaire:odi", {"q1": 1})).encode(),
            "answers urn:levamen:questionnaire:odi",
        ),
        (json.dumps(answered("urn:levamen:questionnaire:peg", {"q9": 1})).encode(), "peg has no item q9"),
        (json.dumps(answered("urn:levamen:questionnaire:peg", {}, status="in-progress")).encode(), "in-progress"),
        (b'{"status":"completed","item":[{"linkId":"q1","answer":[{"valueString":"7"}]}]}', "not one number"),
        (b'{"status":"completed","item":[{"linkId":"q1"},{"linkId":"q1"}]}', "peg q1 stands twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "answers"
    file.write_bytes(content)
    code, out, err = run(capsys, "peg", str(file))
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_answers_come_from_a_file_or_from_standard_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run(capsys, "peg", "7,5,8")[1]
    file = tmp_path / "answers.txt"
    file.write_text("q3=8\nq1=7\nq2=5\n", encoding="utf-8")
    assert run(capsys, "peg", str(file))[1] == expected
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"7,5,8")))
    assert run(capsys, "peg", "-")[1] == expected
