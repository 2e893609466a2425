"""A chart kept entry by entry: forms from the tables, one sentence for what is wrong, and the same chart again."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chart_values import ZONE, any_body
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levamen.adapters.chart import read_chart
from levamen.adapters.chart_entries import (
    BodyDecoder,
    BodyEncoder,
    Entry,
    chart_tree,
    decode_body,
    encode_body,
    entries,
    facts_from_entries,
    read_entry,
)
from levamen.adapters.chart_sections import TABLES, attributes, sections, takes
from levamen.adapters.chart_write import chart_text, record_tree
from levamen.record.facts import Medication
from levamen.record.timeline import When
from levamen.text.tree import UnusableInput

EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "charts").glob("*.yaml"))
LISTS = [section for section in TABLES if section != "person"]
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


# what a section can hold


def test_every_section_and_field_of_a_chart_has_a_form_in_words() -> None:
    forms = {form.section: form for form in sections()}
    assert list(forms) == list(TABLES)
    for name, table in TABLES.items():
        shown = [field.key for field in forms[name].fields]
        assert shown == [field.name for field in table.fields if field.name != "id"]
        assert {field.key for field in forms[name].fields if field.required} == set(table.required) - {"id"}
        for field in forms[name].fields:
            assert field.title[:1].isupper()
            assert "_" not in field.title, field.title


def test_a_choice_shows_titles_and_stores_ids() -> None:
    procedure = next(form for form in sections() if form.section == "procedures")
    side = procedure.field("side")
    assert (side.kind, [(choice.value, choice.title) for choice in side.choices]) == (
        "choice",
        [("left", "Left"), ("right", "Right"), ("both", "Both sides"), ("midline", "Midline")],
    )
    therapy = procedure.field("therapy")
    assert (therapy.kind, therapy.required, therapy.vocabulary) == ("code", True, ("therapies",))
    assert ("medial-branch-block", "Medial branch block") in [(c.value, c.title) for c in therapy.choices]


def test_kinds_of_fields() -> None:
    def kind(section: str, key: str) -> Any:
        return next(form for form in sections() if form.section == section).field(key)

    assert kind("procedures", "start").kind == "datetime"
    assert kind("pain", "since").kind == "partial-date"
    assert kind("scores", "pain").refers == "pain"
    assert [choice.value for choice in kind("completeness", "scope").choices] == ["patient", "source"]
    assert kind("medications", "drug").open
    assert (kind("pain", "areas").kind, kind("pain", "areas").item.kind) == ("list", "code")
    relief = kind("procedures", "relief")
    assert (relief.kind, relief.item.kind) == ("list", "record")
    assert [f.key for f in relief.item.fields if not f.provenance] == [
        "scale", "before", "after", "percent", "at", "activity",
    ]  # fmt: skip
    assert [option.kind for option in kind("devices", "pump").fields[7].options] == ["number", "amount"]
    assert kind("intake", "interferes").item.choices[0].value == "not-at-all"
    assert [f.key for f in next(s for s in sections() if s.section == "procedures").fields if f.alias] == [
        "date", "levels", "nerve", "muscle",
    ]  # fmt: skip


def test_a_form_of_a_procedure_asks_only_what_its_therapy_takes() -> None:
    block = takes("medial-branch-block")
    assert "joints" in block.target
    assert "interspaces" not in block.target
    assert block.purposes == ("diagnostic", "therapeutic")
    assert [c.value for c in attributes("coronary-stent")["stent"]] == ["bare-metal", "drug-eluting", "unknown"]


# one entry


def test_a_form_gives_text_and_blanks_and_the_body_has_neither() -> None:
    said = {
        "therapy": "medial-branch-block", "start": "2026-02-12T10:30", "region": "lumbar", "side": "right",
        "joints": ["L3-4", "", "L4-5"], "purpose": "diagnostic", "operator": "  ", "note": None, "leads": "",
        "relief": [{"scale": "nrs", "before": "8", "after": "1.0", "at": "2026-02-12T11:00", "activity": "true"},
                   {"scale": "", "before": "", "at": ""}],
        "exposure": {"fluoroscopy_s": "", "contrast_ml": ""}, "complications": [], "agents": "",
    }  # fmt: skip
    reading = read_entry("procedures", said, ZONE, key="P-7")
    assert reading.problems == ()
    assert reading.body == {
        "therapy": "medial-branch-block", "start": "2026-02-12T10:30", "region": "lumbar", "side": "right",
        "joints": ["L3-4", "L4-5"], "purpose": "diagnostic",
        "relief": [{"scale": "nrs", "before": 8, "after": Decimal("1.0"), "at": "2026-02-12T11:00", "activity": True}],
    }  # fmt: skip
    (procedure,) = reading.facts
    assert procedure.id == "P-7"
    assert procedure.operator is None
    assert procedure.relief[0].after == 1


def test_what_is_not_said_stays_unknown() -> None:
    blank = {"drug": "naproxen", "as_needed": "", "end": None, "response": "", "times": ["", ""]}
    (medication,) = read_entry("medications", blank, ZONE).facts
    assert (medication.as_needed, medication.end, medication.response, medication.times) == (None, None, None, ())
    answers = read_entry("scores", {"instrument": "bpi-severity", "answers": ["8", "", "0", None]}, ZONE)
    assert answers.body["answers"] == [8, None, 0, None]
    assert answers.facts[0].answers == (8, None, 0, None)
    assert "answers" not in read_entry("scores", {"instrument": "nrs", "answers": ["", None]}, ZONE).body
    assert read_entry("findings", {"concept": "facet-arthropathy", "present": False}, ZONE).facts[0].present is False


@pytest.mark.parametrize(
    ("section", "body", "field", "says"),
    [
        ("procedures", {"therapy": "medial-branch-block", "relief": [{"percent": "120"}]}, "relief[0].percent",
         "Relief 1, per cent of relief: 120 % is not possible; relief lies between -100 % (worse) and 100 %."),
        ("procedures", {"start": "2026-02-12"}, "therapy", "‘Therapy’ is missing."),
        ("procedures", {"therapy": "medial-branch-block", "relief": [{"at": "2026-02-12"}]}, "relief[0].before",
         "Relief 1: one of ‘Before’, ‘After’, ‘Per cent of relief’ is missing."),
        ("procedures", {"therapy": "medial-branch-block", "start": "2026-03-02", "end": "2026-03-01"}, "end",
         "End: 2026-03-01 is before ‘Start’ 2026-03-02; correct one of them."),
        ("pain", {"since": "2026-02-30"}, "since",
         "Since: '2026-02-30' is no day of the calendar; 2026-02 has 28 days."),
        ("pain", {"since": "2025-06-30 to 2025-03-02"}, "since",
         "Since: '2025-06-30 to 2025-03-02' runs backwards; write the earlier day first."),
        ("pain", {"sinse": "2026"}, "sinse", "Sinse: no such field; nearest: ‘Since’."),
        ("devices", {"kind": "intrathecal-pump", "pump": {"drugs": [{"drug": "morphine", "dose": "1"}]}},
         "pump.drugs[0].dose",
         "Pump, drugs 1, dose: no such field; known: ‘Drug’, ‘Concentration’, ‘Dilution’, ‘First fill’."),
        ("person", {"weight_kg": "8O"}, "weight_kg", "Weight (kg): a number is wanted, '8O' is text."),
        ("person", {"weight_kg": 0}, "weight_kg", "Weight (kg): 0 is less than 1, the least it can be."),
        ("completeness", {"kind": "infection", "answer": "no"}, "asked",
         "‘Asked’ is missing; a question asked has its date in ‘Asked’ and its ‘Answer’."),
        ("pain", {"id": "PN-9"}, "id", "The key of an entry is its id; leave the id out of the body."),
        ("medications", {"drug": "naproxen", "dose": "500"}, "dose",
         "Dose: '500' is no amount with a known unit; write it as in 500 mg."),
        ("medications", {"drug": "naproxen", "start": "2026-02-02", "end": "2026-02-01"}, "end",
         "End: 2026-02-01 is before ‘Start’ 2026-02-02; correct one of them."),
        ("medications", {"drug": "naproxen", "times": ["08:00", "08:00"]}, "times",
         "Times: a time of day stands twice; keep it once."),
        ("procedures", {"therapy": "medial-branch-block", "start": "2026-11-01T01:30"}, "start",
         "Start: '2026-11-01T01:30' occurs twice in America/Los_Angeles because the clocks change; "
         "write 2026-11-01T01:30-07:00 or 2026-11-01T01:30-08:00."),
        ("procedures", {"therapy": "medial-branch-block", "interspaces": ["L4-5"]}, "interspaces",
         "Interspaces: Medial branch block has no such target; it takes ‘Joints’, ‘Nerves’."),
        ("problems", {"concept": "spinal-stenosys"}, "concept",
         "Concept: conditions: 'spinal-stenosys' is unknown; nearest: Spinal stenosis."),
        ("pain", {"note": "a\x00b"}, "", "The entry: the control character U+0000 is not allowed; remove it."),
        ("pain", {"note": {"a": 1}}, "note", "Note: text is wanted here, not a mapping."),
    ],
)  # fmt: skip
def test_one_sentence_says_what_is_wrong_where_and_what_would_be_right(
    section: str, body: dict[str, Any], field: str, says: str
) -> None:
    reading = read_entry(section, body, ZONE)
    assert [(problem.field, problem.says) for problem in reading.problems] == [(field, says)]
    assert reading.facts == ()


def test_several_problems_are_told_together() -> None:
    reading = read_entry("person", {"weight_kg": "x", "sex": "maal", "asa": 9}, None)
    assert [problem.field for problem in reading.problems] == ["sex", "weight_kg", "asa"]


def test_a_time_without_a_zone_is_asked_about() -> None:
    (problem,) = read_entry("procedures", {"therapy": "mbb", "start": "2026-02-12T10:30"}, None).problems
    assert problem.field == "start"
    assert "needs ‘zone’" in problem.says


def test_a_product_of_two_drugs_is_one_entry_and_two_facts() -> None:
    reading = read_entry("medications", {"drug": "Percocet"}, ZONE, key="M-1")
    assert [(fact.id, fact.drug) for fact in reading.facts] == [
        ("M-1", "oxycodone"), ("M-1-acetaminophen", "acetaminophen"),
    ]  # fmt: skip
    assert reading.body == {"drug": "Percocet"}
    assert reading.notes


def test_an_unknown_section_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        read_entry("procedure", {}, ZONE)


# all entries


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_the_same_record_entry_by_entry(path: Path) -> None:
    record = read_chart(path.read_bytes(), path.name).record
    tree = record_tree(record)
    kept = entries(tree)
    assert chart_tree(kept) == tree
    assert entries(chart_tree(kept)) == kept
    reading = facts_from_entries(kept)
    assert reading.record == record
    assert reading.balance.rejected == 0
    for entry in kept:
        if entry.section != "chart":
            alone = read_entry(entry.section, entry.body, record.zone, key=entry.key)
            assert (alone.problems, alone.body) == ((), entry.body)


@st.composite
def charts(draw: st.DrawFn) -> list[Entry]:
    kept = [Entry("chart", "chart", {"chart": 1, "id": "made", "zone": ZONE})]
    if draw(st.booleans()):
        kept.append(Entry("person", "person", draw(any_body("person"))))
    for section in LISTS:
        said = [body for _ in range(draw(st.integers(0, 2))) if (body := draw(any_body(section)))]
        kept += [Entry(section, f"{section}-{number + 1}", body) for number, body in enumerate(said)]
    return [entry for entry in kept if entry.body]


@SLOW
@given(charts())
def test_entries_and_charts_are_inverses_and_give_the_same_bytes(kept: list[Entry]) -> None:
    tree = chart_tree(kept)
    assert entries(tree) == kept
    assert chart_tree(entries(tree)) == tree
    assert [decode_body(encode_body(entry.body)) for entry in kept] == [entry.body for entry in kept]
    assert [encode_body(decode_body(encode_body(e.body))) for e in kept] == [encode_body(e.body) for e in kept]
    record = facts_from_entries(kept).record
    # As a file, in YAML and in JSON, it is the same chart.
    assert read_chart(chart_text(tree), "made").record == record
    assert read_chart(encode_body(tree), "made").record == record


@SLOW
@given(charts())
def test_a_record_kept_as_entries_is_the_same_record(kept: list[Entry]) -> None:
    record = facts_from_entries(kept).record
    again = facts_from_entries(entries(record_tree(record)))
    assert again.record == record
    assert again.balance.rejected == 0


def test_every_entry_that_is_read_alone_is_read_the_same_among_others() -> None:
    body = {"drug": "naproxen", "dose": "500 mg", "every": "12 h"}
    (alone,) = read_entry("medications", body, ZONE, key="M-1").facts
    assert facts_from_entries([Entry("medications", "M-1", body)]).record.of(Medication) == (alone,)


def test_as_of_is_the_callers_and_extends_no_completeness() -> None:
    kept = [
        Entry("chart", "chart", {"chart": 1, "zone": ZONE}),
        Entry("completeness", "completeness-1", {"kind": "procedures", "from": "2023-01-01"}),
    ]
    record = facts_from_entries(kept, datetime(2026, 3, 1, 5, tzinfo=UTC)).record
    assert record.as_of is not None
    assert record.as_of.first == date(2026, 2, 28)
    assert record.completeness[0].end is None
    assert facts_from_entries(kept, date(2026, 3, 1)).record.as_of == When.on(date(2026, 3, 1))
    with pytest.raises(ValueError, match="no zone"):
        facts_from_entries(kept, datetime(2026, 3, 1, 5))  # noqa: DTZ001 - what is refused


def test_entries_of_no_section_and_a_second_person_are_refused() -> None:
    with pytest.raises(UnusableInput, match="nearest: `procedures`"):
        chart_tree([Entry("procedure", "P-1", {})])
    with pytest.raises(UnusableInput, match="the person 2 times"):
        chart_tree([Entry("person", "a", {"asa": 2}), Entry("person", "b", {"asa": 3})])
    with pytest.raises(UnusableInput, match="stands twice"):
        facts_from_entries([Entry("pain", "X", {}), Entry("goals", "X", {"text": "walk"})])


def test_a_json_field_of_a_database_keeps_numbers_as_written() -> None:
    body = {"value": Decimal("1.50"), "answers": [8, None, 0], "note": "ä"}
    text = json.dumps(body, cls=BodyEncoder)
    assert text == '{"answers":[8,null,0],"note":"ä","value":1.50}'
    again = json.loads(text, cls=BodyDecoder)
    assert again == body
    assert str(again["value"]) == "1.50"
    # A field that reads numbers as floats still gives the same facts.
    assert read_entry("labs", {"test": "inr", "value": 1.5}, None).facts == read_entry(
        "labs", {"test": "inr", "value": Decimal("1.50")}, None
    ).facts  # fmt: skip


def test_two_hundred_entries_are_read_quickly() -> None:
    """Measured 6 ms; the bound leaves room for a busy machine, and catches what grows with the square."""
    kept = [Entry("chart", "chart", {"chart": 1, "zone": ZONE}), Entry("pain", "PN-1", {"site": "low-back"})]
    for number in range(50):
        day = f"2026-02-{number % 28 + 1:02}"
        kept += [
            Entry("medications", f"M-{number}", {"drug": "naproxen", "dose": "500 mg", "start": day}),
            Entry("scores", f"S-{number}", {"instrument": "nrs", "pain": "PN-1", "value": 7, "date": day}),
            Entry("findings", f"F-{number}", {"concept": "facet-arthropathy", "joints": ["L4-5"], "present": True}),
            Entry("procedures", f"P-{number}", {
                "therapy": "medial-branch-block", "start": f"{day}T10:00", "joints": ["L4-5"], "side": "right",
                "relief": [{"scale": "nrs", "before": 8, "after": 1, "at": f"{day}T11:00"}],
            }),
        ]  # fmt: skip
    facts_from_entries(kept)
    spans = []
    for _ in range(5):
        begun = time.perf_counter()
        reading = facts_from_entries(kept, date(2026, 3, 1))
        spans.append(time.perf_counter() - begun)
    assert reading.balance.accepted == 201
    assert min(spans) < 0.1
