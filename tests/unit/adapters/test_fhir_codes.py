"""Codes are matched, never words; where code, system and display contradict one another nothing is chosen."""

from __future__ import annotations

import pytest
from fhir_samples import (
    CPT,
    ICD10,
    LOINC,
    OURS,
    RXNORM,
    SNOMED,
    coded,
    condition,
    observation,
    only,
    procedure,
    quantity,
    read_all,
    request,
    told,
)

from levamen.adapters.fhir_codes import products
from levamen.adapters.fhir_systems import LABELS, can_be, system_of
from levamen.record.codes import by_code, ids
from levamen.record.facts import Course, Lab, Medication, Pain, Problem, Procedure, Score


@pytest.mark.parametrize("system", LABELS)
def test_every_code_of_the_vocabulary_can_be_one(system: str) -> None:
    assert [code for code in by_code(system) if not can_be(system, code)] == []


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("loinc", "99999-1"),
        ("loinc", "99999-2"),
        ("loinc", "72514-4"),
        ("loinc", "X9999-0"),
        ("snomed", "278860008"),
        ("snomed", "278860"),
        ("snomed", "M54.50"),
        ("icd10cm", "278860009"),
        ("icd10cm", "54.5"),
        ("rxcui", "0123"),
        ("cpt", "6449"),
    ],
)
def test_made_up_codes_cannot_be(system: str, code: str) -> None:
    assert not can_be(system, code)


def test_addresses_of_systems() -> None:
    assert system_of("http://snomed.info/sct/731000124108/version/20250301") == "snomed"
    assert system_of("http://loinc.org|2.77") == "loinc"
    assert system_of("http://hl7.org/fhir/sid/icd-10") is None  # the WHO's, not ICD-10-CM
    assert system_of(None) is None


def test_the_products_table_names_drugs_of_the_vocabulary() -> None:
    rows, other = products()
    assert {drug for row in rows.values() for drug, _ in row.drugs} <= set(ids("drugs"))
    assert {row.route for row in rows.values()} - {None} <= set(ids("drug_routes"))
    assert not set(rows) & other
    assert all(can_be("rxcui", code) for code in (*rows, *other))
    assert not other & set(by_code("rxcui"))


# ---- contradictions


def test_a_snomed_number_under_icd10_is_reported_and_not_chosen() -> None:
    reading = read_all(condition(coded(ICD10, "278860009", "Chronic Lower Back Pain")))
    assert "is no ICD-10-CM code; it is the SNOMED CT code of Non-specific low back pain" in told(reading, "rejected")
    assert reading.record.facts == ()


def test_a_display_of_another_place_is_reported() -> None:
    reading = read_all(condition(coded(ICD10, "M54.5", "Chronic Hip Pain")))
    assert "names the hip" in told(reading, "rejected")
    assert reading.record.facts == ()


@pytest.mark.parametrize(
    "display",
    ["Physical Therapy and Acupuncture recommendation", "increasing the dose of the non-opioid pain medication"],
)
def test_a_drug_code_that_is_displayed_as_an_act(display: str) -> None:
    reading = read_all(request(coded(RXNORM, "1010600", display)))
    assert "no drug" in told(reading, "rejected")


def test_a_drug_code_that_is_displayed_as_another_drug() -> None:
    """Nothing is chosen, and nothing is dropped: the patient takes one of the two."""
    reading = read_all(request(coded(RXNORM, "855332", "apixaban 5 MG Oral Tablet")))
    assert "names apixaban; kept as a medication of unknown drug" in told(reading, "warning")
    kept = only(reading.record.of(Medication))
    assert (kept.drug, kept.classes, kept.written) == (None, frozenset(), "apixaban 5 MG Oral Tablet (RxNorm 855332)")


def test_a_display_that_is_another_entry() -> None:
    assert "names Neck pain" in told(read_all(condition(coded(SNOMED, "49436004", "Neck pain"))), "rejected")
    swapped = observation(coded(LOINC, "72514-3", "body temperature"), valueQuantity=quantity(3))
    assert "names body temperature" in told(read_all(swapped), "rejected")


def test_codings_that_stand_for_different_conditions() -> None:
    code = {"coding": [*coded(SNOMED, "49436004")["coding"], *coded(ICD10, "M54.50")["coding"]]}
    assert "stand for different conditions" in told(read_all(condition(code)), "rejected")


def test_codings_that_agree_are_read_together() -> None:
    code = {"coding": [*coded(SNOMED, "44054006")["coding"], *coded(ICD10, "E11.42")["coding"]]}
    found = read_all(condition(code)).record.of(Problem)
    assert {problem.concept for problem in found} == {"diabetes", "painful-diabetic-neuropathy"}
    assert {(problem.icd10, problem.snomed) for problem in found} == {("E11.42", "44054006")}


def test_a_malformed_code_beside_a_good_one_is_told_and_the_good_one_read() -> None:
    code = {"coding": [*coded(SNOMED, "49436004")["coding"], *coded(ICD10, "AF")["coding"]]}
    reading = read_all(condition(code))
    assert only(reading.record.facts).concept == "atrial-fibrillation"
    assert "'AF' is no ICD-10-CM code" in told(reading, "warning")


def test_made_up_loinc_is_not_taken_for_loinc() -> None:
    reading = read_all(observation(coded(LOINC, "99999-1", "Opioid use item"), valueQuantity=quantity(3)))
    assert "'99999-1' is no LOINC code" in told(reading, "rejected")


def test_displays_that_differ_in_words_only_are_no_contradiction() -> None:
    for display in ("Osteoarthritis of knee", "Osteoarthritis of knee (disorder)", "gonarthrosis"):
        reading = read_all(condition(coded(SNOMED, "239873007", display)))
        assert only(reading.record.facts).concept == "knee-osteoarthritis"


# ---- words are never matched


@pytest.mark.parametrize(
    ("code", "display"),
    [
        ("18946005", "Epidural anesthesia (procedure)"),
        ("18286008", "Catheter ablation of tissue of heart"),
        ("76601001", "Intramuscular injection"),
        ("444831000124102", "Referral for physical therapy (procedure)"),
    ],
)
def test_procedures_that_only_sound_like_ours(code: str, display: str) -> None:
    reading = read_all(procedure(coded(SNOMED, code, display)))
    assert reading.record.facts == ()
    assert reading.balance.ignored == 1


def test_words_without_a_code_give_nothing() -> None:
    reading = read_all(
        condition({"text": "Low back pain"}),
        procedure({"text": "Epidural steroid injection"}),
        observation({"text": "Pain score"}, valueQuantity=quantity(7)),
    )
    assert reading.record.facts == ()
    assert told(reading, "ignored").count("no code, only words") == 3


# ---- conditions


@pytest.mark.parametrize(
    ("code", "concepts"),
    [
        ("M47.816", {"facet-arthropathy"}),
        ("M47816", {"facet-arthropathy"}),
        ("m54.16", {"radiculopathy"}),
        ("M48.062", {"spinal-stenosis", "neurogenic-claudication"}),
        ("Z96.82", {"neurostimulator"}),
        ("C50.911", {"cancer"}),
        ("C79.51", {"cancer", "bone-metastasis"}),
        ("M80.08XA", {"vertebral-compression-fracture", "osteoporosis"}),
        ("M80.08XS", {"osteoporosis"}),
        ("M54.51", {"vertebrogenic-pain"}),
    ],
)
def test_icd10_by_prefix(code: str, concepts: set[str]) -> None:
    found = read_all(condition(coded(ICD10, code))).record.of(Problem)
    assert {problem.concept for problem in found} == concepts


@pytest.mark.parametrize(("recorded", "warned"), [("2013-02-27", False), ("2021-09-30", False), ("2021-10-01", True)])
def test_the_unsplit_low_back_pain_code(recorded: str, warned: bool) -> None:
    reading = read_all(condition(coded(ICD10, "M54.5"), recordedDate=recorded))
    assert only(reading.record.of(Problem)).concept == "non-specific-low-back-pain"
    assert ("no longer valid after 2021-09-30" in told(reading, "warning")) is warned


def test_a_pain_problem_is_also_a_pain() -> None:
    for code, site in (("M54.50", "low-back"), ("M54.2", "neck"), ("M54.6", "upper-back")):
        reading = read_all(condition(coded(ICD10, code), onsetDateTime="2024-05"))
        pain = only(reading.record.of(Pain))
        assert (pain.id, pain.site, pain.side, pain.pattern) == ("c1-pain", site, None, None)
        assert str(pain.since) == "2024-05"
    assert not read_all(condition(coded(ICD10, "M17.11"))).record.of(Pain)


# ---- procedures


def test_a_shared_number_does_not_decide() -> None:
    reading = read_all(procedure(coded(CPT, "64493")))
    assert not reading.record.facts
    assert "CPT 64493 serves several therapies: facet-joint-injection, medial-branch-block" in told(reading, "rejected")


def test_a_number_of_one_therapy_decides() -> None:
    assert (
        only(read_all(procedure(coded(CPT, "64635"))).record.facts).therapy == "medial-branch-radiofrequency-ablation"
    )
    assert only(read_all(procedure(coded(CPT, "62323"))).record.facts).therapy == "epidural-steroid-injection"
    hcpcs = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    assert only(read_all(procedure(coded(hcpcs, "G0260"))).record.facts).therapy == "sacroiliac-joint-injection"


def test_a_code_of_ours_settles_a_shared_number() -> None:
    code = {"coding": [*coded(CPT, "64493")["coding"], *coded(f"{OURS}:therapies", "medial-branch-block")["coding"]]}
    assert only(read_all(procedure(code)).record.facts).therapy == "medial-branch-block"
    wrong = {"coding": [*coded(CPT, "64493")["coding"], *coded(f"{OURS}:therapies", "vertebroplasty")["coding"]]}
    assert "different therapies" in told(read_all(procedure(wrong)), "rejected")


def test_a_purpose_or_a_qualifier_that_one_therapy_takes_settles_it() -> None:
    diagnostic = procedure(coded(CPT, "63650"), category=coded(SNOMED, "103693007"))
    assert only(read_all(diagnostic).record.facts).therapy == "spinal-cord-stimulation-trial"
    inside = procedure(coded(CPT, "64493"), usedCode=[coded(f"{OURS}:qualifiers.route", "intra-articular")])
    assert only(read_all(inside).record.facts).therapy == "facet-joint-injection"


def test_conservative_care_is_a_course() -> None:
    course = only(read_all(procedure(coded(SNOMED, "91251008"))).record.facts)
    assert isinstance(course, Course)
    assert (course.therapy, course.sessions, str(course.end)) == ("physical-therapy", 1, "2025-03-04")


def test_a_word_of_ours_that_is_unknown_names_the_nearest() -> None:
    reading = read_all(procedure(coded(f"{OURS}:therapies", "medial-branch-blok")))
    assert "nearest: medial-branch-block" in told(reading, "warning")
    assert not reading.record.of(Procedure)


def test_our_system_without_a_section() -> None:
    assert only(read_all(procedure(coded(OURS, "therapies/vertebroplasty"))).record.facts).therapy == "vertebroplasty"


# ---- drugs


def test_products_and_ingredients_by_number() -> None:
    assert only(read_all(request(coded(RXNORM, "11289"))).record.facts).drug == "warfarin"
    found = read_all(request(coded(RXNORM, "856987", "Acetaminophen / HYDROcodone"))).record.of(Medication)
    assert {(m.id, m.drug) for m in found} == {("m1-acetaminophen", "acetaminophen"), ("m1-hydrocodone", "hydrocodone")}
    assert all(m.route == "oral" for m in found)


def test_an_unknown_product_that_names_a_drug_stays_in_doubt() -> None:
    reading = read_all(request(coded(RXNORM, "855312", "Warfarin Sodium 3 MG Oral Tablet")))
    medication = only(reading.record.facts)
    assert (medication.drug, medication.classes) == (None, frozenset())
    assert "words do not decide (perhaps warfarin)" in told(reading, "warning")


def test_an_unknown_product_that_names_no_drug_of_ours_stays_in_doubt() -> None:
    """It may be a drug of ours by a name that we do not have: a drug that nobody understands stays visible."""
    reading = read_all(request(coded(RXNORM, "999999", "Somethingol 5 MG")))
    medication = only(reading.record.facts)
    assert (medication.drug, medication.written) == (None, "Somethingol 5 MG (RxNorm 999999)")
    says = "RxNorm 999999 is displayed as 'Somethingol 5 MG' but its code is not in the tables; kept as a medication"
    assert says in told(reading, "warning")


def test_codings_of_different_drugs() -> None:
    code = {"coding": [*coded(RXNORM, "11289")["coding"], *coded(RXNORM, "5640")["coding"]]}
    reading = read_all(request(code))
    assert "stand for different drugs; kept as a medication of unknown drug" in told(reading, "warning")
    assert only(reading.record.facts).drug is None


def test_local_codes_are_not_guessed() -> None:
    reading = read_all(observation(coded("http://local", "72514-3"), valueQuantity=quantity(5)))
    assert not reading.record.of(Score)
    assert not reading.record.of(Lab)
