"""The packet in every format: text for a portal, data with its schema, page, PDF and FHIR; bad words stay words."""

from __future__ import annotations

import base64
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fhir.resources.R4B.bundle import Bundle
from msgspec.structs import replace
from pypdf import PdfReader

from levamen.adapters.any_input import read_any
from levamen.emit.packet.fhir import bundle
from levamen.emit.packet.json import encode, together
from levamen.emit.packet.page import page
from levamen.emit.packet.pdf import pdf
from levamen.emit.packet.text import WIDTH, for_the_payer, text
from levamen.emit.packet.view import DRAFT, Identity
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import default_as_of
from levamen.pathway.authorization.packet import Packet, packet
from levamen.record.facts import Course

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))
PACKETS = [path for path in CHARTS if path.stem.startswith("packet-")]
DENISE = ROOT / "examples" / "charts" / "packet-ablation-complete.yaml"
HARRIET = ROOT / "examples" / "charts" / "packet-stimulator-no-psychologist.yaml"
SCHEMA = json.loads((ROOT / "schemas" / "packet-1.schema.json").read_text(encoding="utf-8"))
IDENTITY = Identity(patient_name="Denise Ann Crowe", member_number="1EG4-TE5-MK73", clinician="Dr. Amara Osei")


def packets(path: Path, numbers: tuple[str, ...] = ()) -> list[Packet]:
    record = read_any(path.read_bytes(), path.name).record
    as_of = default_as_of(record)
    assert as_of is not None
    return [packet(record, request, packaged(), as_of, numbers=numbers) for request in record.requests]


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


def words(said: str) -> str:
    return " ".join(said.split())


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_data_of_every_example_fits_the_schema_and_holds_no_null(path: Path) -> None:
    strict = closed(SCHEMA)
    for made in packets(path):
        data = encode(made)
        jsonschema.validate(json.loads(data), strict)
        assert b"null" not in data
        assert data == encode(made)
        for row in text(made).splitlines():
            assert len(row) <= WIDTH


def test_several_are_one_document() -> None:
    several = json.loads(together([encode(made) for made in packets(DENISE)]))
    jsonschema.validate(several, closed(SCHEMA))
    assert [row["request"] for row in several["packets"]] == ["R-1", "R-2", "R-3"]


def test_text_is_plain_and_the_clinic_s_part_stands_after_the_cut() -> None:
    said = text(packets(DENISE)[0])
    sent, _, kept = said.partition("FOR THE CLINIC, NOT TO BE SENT")
    assert "\x1b" not in said
    assert words(sent).startswith("REQUEST FOR AUTHORIZATION: MEDIAL BRANCH RADIOFREQUENCY ABLATION")
    assert words(DRAFT) in words(sent)
    assert "ASK TODAY" in kept
    assert "ASK TODAY" not in sent
    assert sent.startswith(for_the_payer(packets(DENISE)[0], packaged().sources)[:500])
    assert "NOT TO BE SENT" not in for_the_payer(packets(DENISE)[0], packaged().sources)


def test_criterion_shows_clause_evidence_author_and_quote() -> None:
    said = words(text(packets(DENISE)[0]))
    assert "[MET] Conservative care failed" in said
    assert "recorded by J. Whitfield, PT, in discharge summary" in said
    assert '"Discharged with persistent axial pain on extension; standing tolerance 10 minutes."' in said
    assert "document L38773, version 32" in said
    assert "[DOES NOT APPLY] Untreated radiculopathy" in said
    assert "Pain numeric rating scale 5 before, 1 after (1 Sep 2026 11:00)" in said


def test_crossed_and_open_criteria_say_so_in_words() -> None:
    pulsed = words(text(packets(DENISE)[2]))
    assert "[APPLIES] Technique denied" in pulsed
    assert "[NOT MET] Technique" in pulsed
    assert "Not met: a criterion stands in the way" in pulsed
    harriet = words(text(packets(HARRIET)[0]))
    assert "[NOT KNOWN] Psychological before trial" in harriet
    assert "Obtain, unless it was done: Psychological evaluation. From: a psychologist." in harriet


def test_blanks_are_left_where_nobody_said_it_and_filled_where_the_clinic_did() -> None:
    (made, *_) = packets(DENISE)
    assert "Patient: ____" in text(made)
    assert "Member number: ____" in text(made)
    filled = text(made, identity=IDENTITY)
    assert "Patient: Denise Ann Crowe" in filled
    assert "Member number: 1EG4-TE5-MK73" in filled


def test_page_escapes_what_a_chart_says_and_fetches_nothing() -> None:
    (made, *_) = packets(DENISE)
    made = packet(_with_note(made, "<script>alert(1)</script>"), made.request, packaged(), date(2026, 9, 30))
    html = page(made)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "default-src 'none'" in html
    assert "http-equiv" in html
    assert words(DRAFT) in words(html)


def _with_note(made: Packet, note: str) -> Any:
    facts = tuple(replace(f, note=note) if isinstance(f, Course) else f for f in made.record.facts)
    return replace(made.record, facts=facts)


def test_pdf_is_tagged_the_same_each_time_and_reads_no_markup() -> None:
    (made, *_) = packets(DENISE)
    odd = packet(_with_note(made, "#panic() *bold* $x$"), made.request, packaged(), date(2026, 9, 30))
    data = pdf(odd, identity=IDENTITY)
    assert data == pdf(odd, identity=IDENTITY)
    reader = PdfReader(io.BytesIO(data))
    said = words(" ".join(sheet.extract_text() for sheet in reader.pages))
    assert b"pdfuaid" in data
    assert "#panic() *bold* $x$" in said
    assert "Denise Ann Crowe" in said
    last = words(reader.pages[-1].extract_text())
    assert last.startswith("For the clinic, not to be sent")


@pytest.mark.parametrize("path", PACKETS, ids=lambda path: path.stem)
def test_fhir_is_a_valid_draft_preauthorization(path: Path) -> None:
    for made in packets(path, ("64635", "J0585")):
        data = bundle(made)
        assert data == bundle(made)
        Bundle.model_validate_json(data)
        claim = resource(data, "Claim")
        assert (claim["status"], claim["use"]) == ("draft", "preauthorization")
        assert [row["productOrService"]["coding"][0]["code"] for row in claim["item"]] == ["64635", "J0585"]
        assert all("display" not in row["productOrService"]["coding"][0] for row in claim["item"])
        numbers = [row["sequence"] for row in claim["supportingInfo"]]
        assert numbers == list(range(1, len(numbers) + 1))


def resource(data: bytes, kind: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [row["resource"] for row in json.loads(data)["entry"]]
    return next(row for row in found if row["resourceType"] == kind)


def test_fhir_references_stay_in_the_bundle_and_carry_the_documents() -> None:
    data = bundle(packets(DENISE)[0], identity=IDENTITY)
    found = json.loads(data)
    addresses = {row["fullUrl"] for row in found["entry"]}
    claim = resource(data, "Claim")
    papers = [row["valueReference"]["reference"] for row in claim["supportingInfo"] if "valueReference" in row]
    assert {claim["patient"]["reference"], claim["insurance"][0]["coverage"]["reference"], *papers} <= addresses
    texts = [
        base64.b64decode(row["resource"]["content"][0]["attachment"]["data"]).decode()
        for row in found["entry"]
        if row["resource"]["resourceType"] == "DocumentReference"
    ]
    assert texts[0].startswith("Lumbar radiographs: facet arthropathy")
    assert texts[1].startswith("REQUEST FOR AUTHORIZATION")
    assert "NOT TO BE SENT" not in texts[1]
    assert claim["provider"] == {"display": "Dr. Amara Osei"}
    assert resource(data, "Coverage")["subscriberId"] == "1EG4-TE5-MK73"


def test_number_of_another_therapy_is_told() -> None:
    made = packets(DENISE, ("64635", "62323"))[0]
    assert "62323 is not known to us as a number of this therapy: check it." in words(text(made))
    assert json.loads(encode(made))["strange_numbers"] == ["62323"]
    assert "is not known to us as a number" not in words(text(packets(DENISE, ("64635",))[0]))


def test_fhir_says_what_is_absent_and_invents_no_number() -> None:
    claim = resource(bundle(packets(DENISE)[0]), "Claim")
    assert claim["provider"]["extension"][0]["valueCode"] == "unknown"
    (item,) = claim["item"]
    assert item["productOrService"]["coding"][0]["code"] == "medial-branch-radiofrequency-ablation"
    assert item["servicedDate"] == "2026-10-12"
    assert [row["diagnosisCodeableConcept"]["coding"][0]["code"] for row in claim["diagnosis"]] == ["M47.816"]
