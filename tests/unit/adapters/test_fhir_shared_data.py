"""Records nobody on the project made: every one is read or refused with a reason, and nothing is mistaken.

The samples lie beside the repository and are never copied into it; without them these tests are skipped.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import time
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from fhir_samples import told

from levamen.adapters.balance import Reading, UnusableInput
from levamen.adapters.fhir import read_bundle
from levamen.adapters.fhir_context import Context
from levamen.adapters.fhir_input import open_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.record.codes import by_code, entry, ids
from levamen.record.facts import Allergy, Finding, Lab, Medication, Pain, Problem, Procedure, Score

SHARED = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared sample data are not at {SHARED}")

SYNTHEA = sorted((SHARED / "fhir").glob("*.json.gz"))
PAIN = sorted((SHARED / "pain-cds").rglob("*.json"))
LARGEST = SHARED / "fhir" / "pysynthea-1.5.0-01.json.gz"


@cache
def reading_of(path: Path) -> Reading:
    return read_bundle(path.read_bytes(), path.name)


@cache
def raw(path: Path) -> Any:
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)


def resources(path: Path, kind: str) -> list[Any]:
    return [e["resource"] for e in raw(path)["entry"] if e["resource"]["resourceType"] == kind]


def codes(resource: Any) -> set[str]:
    return {coding.get("code") for coding in resource.get("code", {}).get("coding", [])}


@pytest.mark.parametrize("path", [*SYNTHEA, *PAIN], ids=lambda path: path.name)
def test_every_entry_has_its_fate(path: Path) -> None:
    reading = reading_of(path)
    assert reading.balance.items == len(raw(path)["entry"])
    assert reading.balance.accepted > 0
    ids = [fact.id for fact in reading.record.facts]
    assert len(ids) == len(set(ids))
    assert len(reading.balance.issues) < 60
    assert reading.record.completeness == ()


@pytest.mark.parametrize("path", SYNTHEA, ids=lambda path: path.name)
def test_nobody_has_had_a_pain_procedure(path: Path) -> None:
    """Labor epidurals, cardiac ablations and vaccinations are in these records; no therapy of ours is."""
    assert reading_of(path).record.of(Procedure) == ()
    assert reading_of(path).record.requests == ()


def test_the_samples_do_hold_what_must_not_be_mistaken() -> None:
    found = {code for path in SYNTHEA for resource in resources(path, "Procedure") for code in codes(resource)}
    assert {"18946005", "18286008"} <= found


@pytest.mark.parametrize("path", SYNTHEA, ids=lambda path: path.name)
def test_the_person_is_who_the_index_says(path: Path) -> None:
    rows = {
        row["file"]: row
        for row in csv.DictReader((SHARED / "fhir" / "index.csv").read_text(encoding="utf-8").splitlines())
    }
    row, person = rows[path.name], reading_of(path).record.person
    assert (str(person.birth_date), person.sex) == (row["birthDate"], row["sex"])
    died = str(person.died.first) if person.died is not None else ""
    assert died == row["deceased"][:10]


def test_nine_have_died() -> None:
    assert sum(reading_of(path).record.person.died is not None for path in SYNTHEA) == 9


@pytest.mark.parametrize("path", SYNTHEA, ids=lambda path: path.name)
def test_facts_use_words_of_the_vocabulary(path: Path) -> None:
    record = reading_of(path).record
    assert {fact.concept for fact in record.of(Problem)} <= set(ids("conditions"))
    assert {fact.concept for fact in record.of(Finding)} <= set(ids("findings"))
    assert {fact.drug for fact in record.of(Medication)} - {None} <= set(ids("drugs"))
    assert {fact.substance for fact in record.of(Allergy)} - {None} <= {*ids("allergens"), *ids("drugs")}
    assert {fact.instrument for fact in record.of(Score)} <= set(ids("instruments"))
    for lab in record.of(Lab):
        row = entry("labs", lab.test)
        assert lab.unit in (row["unit"], *row.get("also", ())), lab


@pytest.mark.parametrize("path", SYNTHEA, ids=lambda path: path.name)
def test_every_coded_fact_of_ours_is_found(path: Path) -> None:
    """Counted independently, from the codes of the vocabulary: conditions and pain scores."""
    known = {code for code, rows in by_code("snomed").items() if any(row[0] == "conditions" for row in rows)}
    wanted = {r["id"] for r in resources(path, "Condition") if codes(r) & known}
    assert {fact.id for fact in reading_of(path).record.of(Problem)} == wanted
    scores = {r["id"] for r in resources(path, "Observation") if "72514-3" in codes(r)}
    assert {fact.id for fact in reading_of(path).record.of(Score) if fact.instrument == "nrs"} == scores


@pytest.mark.parametrize("path", SYNTHEA, ids=lambda path: path.name)
def test_a_stopped_order_has_an_end(path: Path) -> None:
    stopped = {r["id"] for r in resources(path, "MedicationRequest") if r["status"] == "stopped"}
    for fact in reading_of(path).record.of(Medication):
        if fact.id in stopped:
            assert fact.end is not None
            assert fact.end.last >= fact.start.first


def test_synthea_products_that_are_not_understood_are_kept_as_written() -> None:
    """Five products of all the records have no row in the table: nobody can tell what they are, none is dropped."""
    found = {fact.written for path in SYNTHEA for fact in reading_of(path).record.of(Medication) if fact.drug is None}
    assert found == {
        "25 ML protamine sulfate (USP) 10 MG/ML Injection (RxNorm 1796676)",
        "4 ML bevacizumab 25 MG/ML Injection (RxNorm 1657066)",
        "Azithromycin 250mg (RxNorm 212446)",
        "cycloSPORINE 50 MG Oral Capsule (RxNorm 835900)",
        "remifentanil 2 MG Injection (RxNorm 1729584)",
    }


# ---- chronic pain records


def test_the_chronic_pain_patient_of_ahrq() -> None:
    record = reading_of(SHARED / "pain-cds" / "ahrq-brenda-jackson-r4.json").record
    concepts = {problem.concept for problem in record.of(Problem)}
    assert {"fibromyalgia", "non-specific-low-back-pain", "post-laminectomy-syndrome"} <= concepts
    assert [pain.site for pain in record.of(Pain)] == ["low-back"]
    drugs = {medication.drug for medication in record.of(Medication)}
    assert {"oxycodone", "ibuprofen", "acetaminophen", "duloxetine"} <= drugs
    assert all("opioid" in m.classes for m in record.of(Medication) if m.drug == "oxycodone")
    scores = {score.instrument for score in record.of(Score)}
    assert {"peg", "start-back", "phq-9", "mme"} <= scores
    assert max(score.value for score in record.of(Score) if score.instrument == "mme") == 220
    assert record.of(Procedure) == ()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("mrdelta", "is no ICD-10-CM code; it is the SNOMED CT code of Non-specific low back pain"),
        ("mrdelta", "is about another: Patient/d68463ce"),
        ("msbravo", "ICD-10-CM M54.5 is displayed as 'Chronic Hip Pain'"),
        ("msbravo", "'increasing the dose of the non-opioid pain medication'"),
        ("mrford", "'Physical Therapy and Acupuncture recommendation'"),
    ],
)
def test_contradictions_are_reported_and_nothing_is_chosen(name: str, says: str) -> None:
    reading = reading_of(SHARED / "pain-cds" / "cds4cpm" / f"{name}.json")
    assert says in told(reading, "rejected")
    assert not reading.record.of(Medication)


def test_a_questionnaire_is_no_response() -> None:
    reading = reading_of(SHARED / "pain-cds" / "cds4cpm" / "mrdelta.json")
    assert "Questionnaire: 1 × not used" in told(reading, "ignored")
    assert not reading.record.facts


# ---- writing, speed, damage


@pytest.mark.parametrize("path", [*SYNTHEA[::6], *PAIN], ids=lambda path: path.name)
def test_what_was_read_can_be_written_and_read_again(path: Path) -> None:
    record = reading_of(path).record
    assert read_bundle(bundle_of(record), "again").record == record


def test_decoding_takes_at_most_three_times_orjson() -> None:
    from levamen.adapters.fhir import KINDS
    from levamen.adapters.fhir_entries import decode

    data = gzip.decompress(LARGEST.read_bytes())
    ours = min(timed(lambda: decode(open_bundle(data).entry, KINDS, Context())) for _ in range(5))
    plain = min(timed(lambda: orjson.loads(data)) for _ in range(5))
    assert ours <= 3 * plain


def timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_the_largest_sample_is_read_within_a_second() -> None:
    data = LARGEST.read_bytes()
    read_bundle(data, "warm")
    assert min(timed(lambda: read_bundle(data, "x")) for _ in range(3)) < 1


def test_damaged_records_never_raise_anything_else() -> None:
    """Values of real records replaced at random: every entry still gets its fate, and no other error escapes."""
    junk = [
        "",
        "x",
        -1,
        1e400,
        10**30,
        None,
        [],
        {},
        [[]],
        [None],
        {"a": {}},
        True,
        "2021-02-30",
        "Patient/zz",
        "#x",
        "\0",
    ]
    chance = random.Random(20261)  # noqa: S311 - a fixed seed, nothing secret
    for path in [*PAIN, SYNTHEA[-5], SYNTHEA[-7]]:
        original = json.dumps(raw(path))
        for _ in range(25):
            damaged = json.loads(original)
            for _ in range(chance.randint(1, 40)):
                _spoil(damaged, chance, junk)
            try:
                reading = read_bundle(json.dumps(damaged).encode(), path.name)
            except UnusableInput:
                continue
            assert reading.balance.items == len(damaged["entry"])


def _spoil(tree: Any, chance: random.Random, junk: list[Any]) -> None:
    """Replace one value somewhere below a random path."""
    while True:
        keys = list(tree) if isinstance(tree, dict) else range(len(tree))
        if not keys:
            return
        key = chance.choice(list(keys))
        if not isinstance(tree[key], dict | list) or chance.random() < 0.15:
            if key not in ("entry", "resourceType"):
                tree[key] = msgspec.json.decode(msgspec.json.encode(chance.choice([j for j in junk if j == j])))
            return
        tree = tree[key]
