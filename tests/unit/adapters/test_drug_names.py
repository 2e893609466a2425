"""No medication is dropped: it resolves, or it is kept as written and told, in charts and in FHIR alike."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from fhir_samples import OURS, RXNORM, Json, coded, patient, procedure, quantity, read_all, request, told
from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.adapters.balance import Reading
from levamen.adapters.chart import read_chart
from levamen.adapters.chart_write import write_chart
from levamen.adapters.fhir import read_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.record.codes import classes_of, ids
from levamen.record.completeness import Completeness
from levamen.record.facts import Medication, Procedure
from levamen.record.timeline import year_of

HEAD = "chart: 1\nid: x\nrecorded: 2026-02-20\n"


def read(*entries: str, head: str = HEAD) -> Reading:
    return read_chart(head + "medications:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), "c.yaml")


def medications(reading: Reading) -> tuple[Any, ...]:
    return reading.record.of(Medication)


def only(entry: str) -> Any:
    (made,) = medications(read(entry))
    return made


def notes(reading: Reading, fate: str = "warning") -> list[str]:
    return [issue.what for issue in reading.balance.issues if issue.fate == fate]


def survives(reading: Reading) -> bool:
    """Whether the record is the same after it was written as a chart and as FHIR."""
    chart = read_chart(write_chart(reading.record), "again.yaml").record
    return chart == reading.record == read_bundle(bundle_of(reading.record), "again").record


# ---- charts: names


def test_an_id_is_itself_and_nothing_is_told() -> None:
    reading = read("id: M-1, drug: apixaban, dose: 5 mg")
    (made,) = medications(reading)
    assert (made.drug, made.written, made.classes) == ("apixaban", None, classes_of("apixaban"))
    assert reading.balance.issues == ()


@pytest.mark.parametrize(("name", "drug"), [("Eliquis", "apixaban"), ("Kardegic", "aspirin"), ("celexa", "citalopram")])
def test_a_brand_is_resolved_and_told(name: str, drug: str) -> None:
    reading = read(f"drug: {name}, dose: 5 mg")
    (made,) = medications(reading)
    assert (made.drug, made.written, made.dose) == (drug, name, "5 mg")
    (note,) = notes(reading)
    assert note.startswith(f"`drug` '{name}' resolved to {drug}")


def test_a_product_tells_its_source_and_what_its_label_says() -> None:
    (note,) = notes(read("drug: Pepto-Bismol"))
    assert note.startswith("`drug` 'Pepto-Bismol' resolved to bismuth-subsalicylate (LABEL-COPIES, Pepto-Bismol,")
    assert note.endswith(
        "; secondary); its label says that it contains salicylate and asks about blood thinners and bleeding"
    )


@pytest.mark.parametrize("name", ["apixiban", "xeralto", "elliquis", "blood thinner", "Eliquis 5 mg", "qwertyumab"])
def test_a_name_that_nobody_knows_is_kept_and_asked(name: str) -> None:
    reading = read(f"id: M-1, drug: {name}, dose: 5 mg, every: 12 h, start: 2025-01-01")
    (made,) = medications(reading)
    assert (made.id, made.drug, made.written, made.classes) == ("M-1", None, name, frozenset())
    assert (made.dose, made.every, str(made.start)) == ("5 mg", "12 h", "2025-01-01")
    balance = reading.balance
    assert (balance.items, balance.accepted, balance.rejected) == (1, 1, 0)
    (note,) = notes(reading)
    assert note.startswith(f"`drug` '{name}' ")
    assert note.endswith("; kept as a medication of unknown drug")


def test_the_nearest_name_is_told_and_not_taken() -> None:
    (note,) = notes(read("drug: apixiban"))
    assert note == "`drug` 'apixiban' is not a known drug; nearest: apixaban; kept as a medication of unknown drug"


def test_an_unknown_drug_opens_the_list_that_was_declared_complete() -> None:
    """It may be the drug that a rule asks about: no rule may conclude that this one is not taken."""
    head = (
        HEAD + "completeness:\n  - {kind: medications, reviewed: 2026-02-20}\n  - {kind: labs, reviewed: 2026-02-20}\n"
    )
    scopes = {entry.kind: entry.scope for entry in read("drug: apixiban", head=head).record.completeness}
    assert scopes == {"medications": "source", "labs": "patient"}
    scopes = {entry.kind: entry.scope for entry in read("drug: Eliquis", head=head).record.completeness}
    assert scopes == {"medications": "patient", "labs": "patient"}


def test_what_is_written_alone_is_asked_about_again() -> None:
    reading = read("written: Warfarin Sodium 3 MG Oral Tablet")
    (made,) = medications(reading)
    assert (made.drug, made.written) == (None, "Warfarin Sodium 3 MG Oral Tablet")
    assert notes(reading) == [
        "`written` 'Warfarin Sodium 3 MG Oral Tablet': the drug is not known; say under `drug` which it is"
    ]


def test_written_is_never_resolved() -> None:
    assert only("written: Eliquis").drug is None
    assert (only("drug: warfarin, written: Eliquis").drug, only("drug: warfarin, written: Eliquis").written) == (
        "warfarin",
        "Eliquis",
    )


# ---- charts: combinations


def test_a_combination_is_one_medication_for_each_ingredient_and_one_item() -> None:
    reading = read("id: M-1, drug: Excedrin, dose: 2 tablets, every: 6 h, as_needed: true, start: 2026-01-01")
    made = medications(reading)
    assert [(m.id, m.drug) for m in made] == [
        ("M-1", "acetaminophen"),
        ("M-1-aspirin", "aspirin"),
        ("M-1-caffeine", "caffeine"),
    ]
    assert {(m.dose, m.every, m.as_needed, str(m.start), m.written) for m in made} == {
        (None, "6 h", True, "2026-01-01", "Excedrin, dose 2 tablets")
    }
    assert "antiplatelet" in made[1].classes
    assert (reading.balance.items, reading.balance.accepted) == (1, 1)
    (note,) = notes(reading)
    assert note.startswith("`drug` 'Excedrin' resolved to acetaminophen, aspirin, caffeine (DAILYMED, ")
    assert survives(reading)


def test_ids_of_ingredients_are_free_ones() -> None:
    entries = ("id: M-1, drug: Aggrenox", "id: M-1-dipyridamole, drug: naproxen", "drug: Vimovo", "drug: Vimovo")
    assert [m.id for m in medications(read(*entries))] == [
        "M-1",
        "M-1-dipyridamole-generated",
        "M-1-dipyridamole",
        "medications-3",
        "medications-3-esomeprazole",
        "medications-4",
        "medications-4-esomeprazole",
    ]


def test_derived_ids_that_meet_stay_apart() -> None:
    made = medications(read("id: M, drug: aspirin and bismuth subsalicylate", "id: M-bismuth, drug: aspirin/caffeine"))
    assert len({m.id for m in made}) == len(made) == 4


# ---- charts: values that cannot be read


@pytest.mark.parametrize(
    ("field", "says", "keeps"),
    [
        ("dose: 500", "`dose`: '500' has no unit; write it as in 500 mg", "apixaban, dose 500"),
        ("dose: -500 mg", "`dose`: '-500 mg' is negative; an amount is 0 or more", "apixaban, dose -500 mg"),
        ("dose: 5 spoons", "`dose`: '5 spoons' is no amount with a known unit; write", "apixaban, dose 5 spoons"),
        ("every: -12 h", "`every`: '-12 h' is no interval; write it as in 12 h", "apixaban, every -12 h"),
        (
            "as_needed: yes",
            "`as_needed`: true or false is wanted, 'yes' is text; write true",
            "apixaban, as_needed yes",
        ),
        ("route: oraly", "`route`: drug_routes: 'oraly' is unknown; nearest: oral", "apixaban, route oraly"),
        ("last_dose: banana", "`last_dose`: 'banana' is no date or time;", "apixaban, last_dose banana"),
        ("times: [25:00]", "`times[0]`: '25:00' is no time of day; write it as in 08:00", None),
    ],
)
def test_a_value_that_cannot_be_read_leaves_the_drug(field: str, says: str, keeps: str | None) -> None:
    """The entry was rejected before: an anticoagulant with a slip in its dose must stay visible."""
    reading = read(f"id: M-1, drug: apixaban, {field}")
    (made,) = medications(reading)
    assert (made.drug, made.written) == ("apixaban", keeps)
    assert getattr(made, field.partition(":")[0]) in (None, ())
    (note,) = notes(reading)
    assert note.startswith(says)
    assert note.endswith("; left out, the medication is kept")
    assert reading.balance.accepted == 1
    assert survives(reading)


@pytest.mark.parametrize("dates", ["start: 2026-01-01, end: 2026-02-30", "start: 2026-13, end: 2026-02-01"])
def test_a_date_that_cannot_be_read_takes_the_other_with_it(dates: str) -> None:
    """A beginning alone would say that the drug is still taken, and for how long."""
    reading = read(f"drug: naproxen, {dates}")
    (made,) = medications(reading)
    assert (made.start, made.end) == (None, None)
    assert made.written == "naproxen, " + dates.replace(":", "")
    assert any("is left out with it; write both dates" in note for note in notes(reading))


@pytest.mark.parametrize("last", ["end", "last_dose"])
def test_dates_in_the_wrong_order_are_both_left_out(last: str) -> None:
    reading = read(f"drug: naproxen, start: 2026-02-01, {last}: 2026-01-31")
    (made,) = medications(reading)
    assert (made.start, getattr(made, last)) == (None, None)
    assert made.written == f"naproxen, start 2026-02-01, {last} 2026-01-31"
    (note,) = notes(reading)
    assert note.endswith("; both are left out, the medication is kept")
    assert only(f"drug: naproxen, start: 2026-02-01, {last}: 2026-02-01").written is None


@pytest.mark.parametrize("entry", ["drug: true", "drug: [aspirin]", "drug: ''", "start: 2025"])
def test_an_entry_without_a_name_is_rejected_and_told(entry: str) -> None:
    reading = read(entry)
    assert (reading.balance.rejected, medications(reading)) == (1, ())
    assert len(notes(reading, "rejected")) == 1


# ---- charts: all of it together

# Text that YAML can hold between quotes; what a chart may not hold at all is tested elsewhere.
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=80)
NAMES = st.sampled_from([*ids("drugs"), "Eliquis", "Excedrin", "apixiban", "blood thinner", "aspirin / caffeine"])


@settings(max_examples=200)
@given(st.lists(st.tuples(NAMES | TEXTS, st.none() | TEXTS | st.just("5 mg")), min_size=1, max_size=8))
def test_no_text_of_a_medication_disappears(entries: list[tuple[str, str | None]]) -> None:
    """Every name and dose of every entry stands in the record, or its entry is rejected with a reason."""
    rows = [{"id": f"M-{n}", "drug": name} | ({"dose": dose} if dose else {}) for n, (name, dose) in enumerate(entries)]
    reading = read_chart(json.dumps({"chart": 1, "id": "x", "medications": rows}), "c.json")
    balance = reading.balance
    assert balance.items == len(entries)
    for n, (name, dose) in enumerate(entries):
        made = [m for m in medications(reading) if m.id == f"M-{n}" or m.id.startswith(f"M-{n}-")]
        if not made:
            assert any(i.fate == "rejected" and i.where.startswith(f"medications[{n}]") for i in balance.issues)
            assert not name.strip()
            continue
        assert all(name in (m.drug, m.written) or name in (m.written or "") for m in made)
        if dose and dose.strip():
            assert all(dose == m.dose or dose in (m.written or "") for m in made)
    assert len({m.id for m in medications(reading)}) == len(medications(reading))
    assert read_chart(write_chart(reading.record), "again").record == reading.record


def test_five_hundred_drugs_are_read_and_each_is_told() -> None:
    known = [f"id: K-{n}, drug: {ids('drugs')[n % 100]}, dose: {n + 1} mg" for n in range(250)]
    unknown = [f"id: U-{n}, drug: apixib{n}n" for n in range(250)]
    started = time.perf_counter()
    reading = read(*known, *unknown)
    assert time.perf_counter() - started < 20
    assert (reading.balance.accepted, len(medications(reading))) == (500, 500)
    told = [issue for issue in reading.balance.issues if "kept as a medication of unknown drug" in issue.what]
    assert len(told) == len({issue.where for issue in told}) == 250


# ---- FHIR

STATEMENT = {
    "resourceType": "MedicationStatement",
    "id": "s1",
    "status": "active",
    "subject": {"reference": "Patient/p"},
}


def fhir(code: Json, **more: Any) -> Any:
    (made,) = medications(read_all(request(code, **more)))
    return made


@pytest.mark.parametrize(
    ("code", "display", "never"),
    [
        ("1747262", "apixaban", "apixaban"),
        ("1747262", None, "apixaban"),
        ("1599538", "rivaroxaban", "rivaroxaban"),
        ("1599538", None, "rivaroxaban"),
        ("27340", "dalteparin", "dalteparin"),
        ("41493", "tamoxifen", "aspirin"),
        ("41493", "aspirin", "aspirin"),
        ("41493", "tramadol", "tramadol"),
    ],
)
def test_wrong_codes_of_public_lists_do_not_resolve_to_the_wrong_drug(
    code: str, display: str | None, never: str
) -> None:
    """Safety dossier, 7.5, warnings."""
    assert fhir(coded(RXNORM, code, display)).drug != never


def test_the_true_meaning_of_those_codes() -> None:
    assert fhir(coded(RXNORM, "1599538")).drug == "edoxaban"
    assert fhir(coded(RXNORM, "41493")).drug == "meloxicam"
    assert fhir(coded(RXNORM, "1747262")).drug is None
    assert fhir(coded(RXNORM, "27340")).drug is None


def test_a_code_and_a_display_of_different_drugs_are_kept_and_neither_is_chosen() -> None:
    reading = read_all(request(coded(RXNORM, "1599538", "rivaroxaban")))
    (made,) = medications(reading)
    assert (made.drug, made.classes, made.written) == (None, frozenset(), "rivaroxaban (RxNorm 1599538)")
    assert "names rivaroxaban; kept as a medication of unknown drug" in told(reading, "warning")


@pytest.mark.parametrize(
    ("code", "written", "says"),
    [
        (
            coded(RXNORM, "999999", "Somethingol 5 MG"),
            "Somethingol 5 MG (RxNorm 999999)",
            "its code is not in the tables",
        ),
        (coded(RXNORM, "999999"), "RxNorm 999999", "RxNorm 999999 is not in the tables"),
        ({"text": "Eliquis 5 mg"}, "Eliquis 5 mg", "'Eliquis 5 mg' has no code; kept as a medication of unknown drug"),
        ({"text": "his heart pill"}, "his heart pill", "'his heart pill' has no code"),
        (coded("http://local", "X1", "apixaban"), "apixaban (local X1)", "(perhaps apixaban)"),
        ({}, None, "names no drug"),
    ],
)
def test_what_no_table_knows_is_kept_as_written(code: Json, written: str | None, says: str) -> None:
    for reading in (read_all(request(code)), read_all(STATEMENT | {"medicationCodeableConcept": code})):
        (made,) = medications(reading)
        assert (made.drug, made.written, made.classes) == (None, written, frozenset())
        assert says in told(reading, "warning")
        assert reading.balance.accepted == 2


@pytest.mark.parametrize("status", ["entered-in-error", "not-taken", "intended"])
def test_the_status_of_an_unknown_drug_is_honored(status: str) -> None:
    reading = read_all(STATEMENT | {"status": status, "medicationCodeableConcept": {"text": "his heart pill"}})
    assert medications(reading) == ()
    assert reading.balance.ignored == 1


def test_an_unknown_drug_opens_what_fhir_declares_complete() -> None:
    declared = (Completeness(kind="medications", start=year_of(2020), end=year_of(2026)),)
    reading = read_all(request(coded(RXNORM, "999999")), complete=declared)
    assert [entry.scope for entry in reading.record.completeness] == ["source"]
    reading = read_all(request(coded(RXNORM, "11289")), complete=declared)
    assert [entry.scope for entry in reading.record.completeness] == ["patient"]


def test_an_ingredient_that_is_not_known_does_not_hide_behind_one_that_is() -> None:
    parts = [{"itemCodeableConcept": coded(RXNORM, "7804")}, {"itemCodeableConcept": {"text": "mystery"}}]
    medicine = {"resourceType": "Medication", "id": "med", "ingredient": parts}
    order = request({}, medicationReference={"reference": "Medication/med"})
    del order["medicationCodeableConcept"]
    made = medications(read_all(order, medicine))
    assert [(m.id, m.drug, m.written) for m in made] == [
        ("m1-oxycodone", "oxycodone", None),
        ("m1-unknown", None, "mystery"),
    ]


def test_an_amount_of_a_product_with_several_ingredients_is_the_dose_of_none() -> None:
    dosage = [{"doseAndRate": [{"doseQuantity": quantity(500, "mg")}]}]
    reading = read_all(request(coded(RXNORM, "856987"), dosageInstruction=dosage))
    assert [(m.drug, m.dose) for m in medications(reading)] == [("acetaminophen", None), ("hydrocodone", None)]
    assert "the dose, 500 mg, is not that of one ingredient; not used" in told(reading, "warning")
    tablets = [{"doseAndRate": [{"doseQuantity": quantity(2, "tablet")}]}]
    made = medications(read_all(request(coded(RXNORM, "856987"), dosageInstruction=tablets)))
    assert [(m.drug, m.dose) for m in made] == [("acetaminophen", "600 mg"), ("hydrocodone", "10 mg")]
    assert fhir(coded(RXNORM, "11289"), dosageInstruction=dosage).dose == "500 mg"


def test_what_was_given_in_a_procedure_and_is_not_known_is_kept() -> None:
    given_ = {
        "resourceType": "MedicationAdministration",
        "id": "a1",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "partOf": [{"reference": "Procedure/pr1"}],
        "effectiveDateTime": "2025-03-04",
        "medicationCodeableConcept": {"text": "steroid mix"},
    }
    reading = read_all(patient(), procedure(coded(f"{OURS}:therapies", "vertebroplasty")), given_)
    (made,) = medications(reading)
    assert (made.drug, made.written, str(made.last_dose)) == (None, "steroid mix", "2025-03-04")
    assert [fact.agents for fact in reading.record.facts if isinstance(fact, Procedure)] == [()]


def test_a_product_that_is_known_to_hold_no_drug_of_ours_is_ignored_and_told() -> None:
    reading = read_all(request(coded(RXNORM, "313521", "tropicamide 5 MG/ML Ophthalmic Solution")))
    assert (medications(reading), reading.balance.ignored) == ((), 1)
    assert "product that holds no drug of the vocabulary" in told(reading, "ignored")


def test_what_is_written_survives_fhir_and_chart() -> None:
    reading = read_all(request(coded(RXNORM, "999999", "Somethingol 5 MG")), request({"text": "a pill"}, id="m2"))
    assert len(medications(reading)) == 2
    assert read_bundle(bundle_of(reading.record), "again").record == reading.record
    assert [m.written for m in medications(read_chart(write_chart(reading.record), "again"))] == [
        "Somethingol 5 MG (RxNorm 999999)",
        "a pill",
    ]
