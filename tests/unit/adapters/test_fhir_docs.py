"""The examples of docs/fhir.md are read, and say what the page says they say; charts survive the way through FHIR."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

from fhir_samples import only, read_all

from levamen.adapters.chart import read_chart
from levamen.adapters.fhir import read_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.record.facts import SECTIONS, Course, Document, Finding, Medication, Pain, Procedure

PAGE = (Path(__file__).parents[3] / "docs" / "fhir.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
READING = read_all(*EXAMPLES)


def test_every_example_is_read_without_a_word() -> None:
    assert READING.balance.accepted == len(EXAMPLES)
    assert READING.balance.issues == ()


def test_the_patient_of_the_page() -> None:
    who = READING.identity
    assert who is not None
    assert (who.family, who.given, who.mrn) == ("López", ("María", "Elena"), "00412")
    assert (who.phone, who.email) == ("+1 503 555 0142", "maria@example.org")
    assert who.address is not None
    assert who.address.postal_code == "97201"
    assert who.contact is not None
    assert who.contact.relationship == "brother"


def test_the_procedure_of_the_page() -> None:
    made = only(READING.record.of(Procedure))
    assert (made.therapy, made.status, made.purpose, made.pain) == ("medial-branch-block", "done", "diagnostic", "PN-1")
    assert (made.region, made.side, made.joints) == ("lumbar", "right", {"L3-4", "L4-5"})
    assert (made.guidance, made.agents[0].concentration, made.agents[0].volume) == ("fluoroscopy", "0.5 %", "0.5 mL")
    assert (made.relief[0].scale, made.relief[0].before, made.relief[0].after) == ("nrs", 8, 1)
    assert str(made.relief_ended) == "2026-02-12T15:00:00-08:00"


def test_the_other_examples_of_the_page() -> None:
    record = READING.record
    pain = only(record.of(Pain))
    assert (pain.site, pain.side, pain.pattern) == ("low-back", "right", "axial")
    assert only(record.of(Finding)).present is False
    course = only(record.of(Course))
    assert (course.sessions, course.response) == (8, "inadequate")
    assert (only(record.completeness).kind, str(only(record.completeness).start)) == ("procedures", "2023-01-01")
    assert (only(record.requests).technique, only(record.requests).pain) == ("thermal", "PN-1")


def test_the_medication_of_the_page() -> None:
    made = only(READING.record.of(Medication))
    said = (made.drug, made.written, made.indication, made.prescriber)
    assert said == ("rivaroxaban", "Xarelto", "atrial-fibrillation", "Dr Tremblay")
    assert (made.dose, made.every, made.times, made.as_needed) == ("20 mg", "24 h", ("18:00",), False)
    assert str(made.last_dose) == "2026-02-19T18:00:00-08:00"


def test_what_the_request_of_the_page_plans_and_what_was_agreed() -> None:
    agent = only(only(READING.record.requests).agents)
    assert (agent.drug, agent.concentration, agent.volume) == ("lidocaine", "2 %", "1 mL")
    agreed = only(READING.record.of(Document))
    assert (agreed.kind, str(agreed.date), agreed.request) == ("prescriber-agreement", "2026-02-18", "R-1")
    assert (agreed.drug, agreed.agrees) == ("rivaroxaban", "hold")


def test_the_chart_of_the_contract_survives_the_way_through_fhir() -> None:
    text = Path(__file__).with_name("contract_example.yaml").read_bytes()
    chart = read_chart(text, "chart").record
    back = read_bundle(bundle_of(chart), "fhir").record
    for section in SECTIONS:
        assert back.of(section) == chart.of(section)
    assert back.person.weight_kg == Decimal(81)
    for field in ("id", "zone", "recorded", "as_of", "person", "payers", "completeness", "requests"):
        assert getattr(back, field) == getattr(chart, field), field
