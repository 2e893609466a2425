"""Everyday drugs are known words; the harmless ones ask nothing of a plan, those that act on bleeding do.

Classes: the group of the WHO ATC classification that each drug stands in (vocabulary: code_sources, atc).
"""

from __future__ import annotations

import pytest

from levamen.adapters.chart import read_chart
from levamen.knowledge.hold_checks import covered_drugs
from levamen.knowledge.holds import packaged_profiles
from levamen.knowledge.products import named
from levamen.pathway.periprocedural.selection import IN_THE_TABLES
from levamen.record.codes import by_code, classes_of, entry, ids, vocabulary
from levamen.record.facts import Medication

# Name as people write it -> id and class.
HARMLESS = {
    "Metoprolol Succinate": ("metoprolol", "beta-blocker"), "Toprol-XL": ("metoprolol", "beta-blocker"),
    "atenololo": ("atenolol", "beta-blocker"), "bisoprolol": ("bisoprolol", "beta-blocker"),
    "Coreg": ("carvedilol", "beta-blocker"), "Lisinopril": ("lisinopril", "ace-inhibitor"),
    "Zestril": ("lisinopril", "ace-inhibitor"), "ramipril": ("ramipril", "ace-inhibitor"),
    "Cozaar": ("losartan", "angiotensin-receptor-blocker"), "valsartan": ("valsartan", "angiotensin-receptor-blocker"),
    "Norvasc": ("amlodipine", "calcium-channel-blocker"), "amlodipina": ("amlodipine", "calcium-channel-blocker"),
    "diltiazem": ("diltiazem", "calcium-channel-blocker"), "HCTZ": ("hydrochlorothiazide", "diuretic"),
    "Lasix": ("furosemide", "diuretic"), "furosémide": ("furosemide", "diuretic"),
    "spironolactone": ("spironolactone", "antihypertensive"), "Flomax": ("tamsulosin", "alpha-blocker"),
    "nitroglycerin": ("nitroglycerin", "nitrate"), "digoxin": ("digoxin", "cardiac-glycoside"),
    "amiodarone": ("amiodarone", "antiarrhythmic"), "Atorvastatin": ("atorvastatin", "statin"),
    "Lipitor": ("atorvastatin", "statin"), "Crestor": ("rosuvastatin", "statin"),
    "simvastatina": ("simvastatin", "lipid-lowering"), "Zetia": ("ezetimibe", "lipid-lowering"),
    "Levothyroxine": ("levothyroxine", "thyroid-hormone"), "Synthroid": ("levothyroxine", "thyroid-hormone"),
    "Ozempic": ("semaglutide", "glp-1-agonist"), "Wegovy": ("semaglutide", "antidiabetic"),
    "Trulicity": ("dulaglutide", "glp-1-agonist"), "Mounjaro": ("tirzepatide", "glp-1-agonist"),
    "insulin glargine": ("insulin-glargine", "insulin"), "Lantus": ("insulin-glargine", "antidiabetic"),
    "Humalog": ("insulin-lispro", "insulin"), "Tresiba": ("insulin-degludec", "insulin"),
    "NPH insulin": ("insulin-human", "insulin"), "empagliflozin": ("empagliflozin", "antidiabetic"),
    "Farxiga": ("dapagliflozin", "antidiabetic"), "Januvia": ("sitagliptin", "antidiabetic"),
    "glipizide": ("glipizide", "antidiabetic"), "glibenclamide": ("glyburide", "antidiabetic"),
    "Glucophage": ("metformin", "antidiabetic"), "omeprazole": ("omeprazole", "proton-pump-inhibitor"),
    "Protonix": ("pantoprazole", "proton-pump-inhibitor"), "Pepcid": ("famotidine", "h2-blocker"),
    "Zofran": ("ondansetron", "antiemetic"), "MiraLAX": ("polyethylene-glycol", "laxative"),
    "albuterol": ("albuterol", "bronchodilator"), "salbutamol": ("albuterol", "bronchodilator"),
    "Flonase": ("fluticasone", "inhaled-corticosteroid"), "Singulair": ("montelukast", "leukotriene-antagonist"),
    "Zyrtec": ("cetirizine", "antihistamine"), "Seroquel": ("quetiapine", "antipsychotic"),
    "buspirone": ("buspirone", "anxiolytic"), "Adderall": ("amphetamine", "stimulant"),
    "Aricept": ("donepezil", "dementia-drug"), "Keppra": ("levetiracetam", "antiseizure"),
    "Imitrex": ("sumatriptan", "triptan"), "allopurinol": ("allopurinol", "gout-drug"),
    "Plaquenil": ("hydroxychloroquine", "antimalarial"), "Humira": ("adalimumab", "immunosuppressant"),
    "Fosamax": ("bisphosphonate", "bone-protection"), "tamoxifen": ("tamoxifen", "endocrine-therapy"),
    "Myrbetriq": ("mirabegron", "bladder-drug"), "amoxicillin": ("amoxicillin", "antibiotic"),
    "Valtrex": ("valacyclovir", "antiviral"), "vitamin D": ("cholecalciferol", "vitamin-or-mineral"),
    "Klor-Con": ("potassium-chloride", "vitamin-or-mineral"), "Xanax": ("alprazolam", "benzodiazepine"),
}  # fmt: skip

# Drugs that act on bleeding, and the class by which the hold tables speak of them.
BLEEDING = {
    "vorapaxar": "antiplatelet", "Zontivity": "antiplatelet", "ticlopidine": "p2y12-inhibitor",
    "anagrelide": "antiplatelet", "pentoxifylline": "antiplatelet", "indobufen": "antiplatelet",
    "treprostinil": "antiplatelet", "ibrutinib": "antiplatelet", "bismuth subsalicylate": "antiplatelet",
    "betrixaban": "direct-xa-inhibitor", "tinzaparin": "low-molecular-weight-heparin",
    "parnaparin": "low-molecular-weight-heparin", "argatroban": "direct-thrombin-inhibitor",
    "sulodexide": "anticoagulant", "pentosan polysulfate": "anticoagulant", "reteplase": "thrombolytic",
    "ketoprofen": "nsaid", "nabumetone": "nsaid", "diflunisal": "nsaid", "salsalate": "nsaid",
    "choline magnesium trisalicylate": "nsaid", "mefenamic acid": "nsaid", "tolmetin": "nsaid", "fenoprofen": "nsaid",
    "aceclofenac": "nsaid", "dexketoprofen": "nsaid", "nimesulide": "nsaid", "etoricoxib": "cox-2-inhibitor",
    "levomilnacipran": "snri", "vilazodone": "serotonergic-antidepressant", "Lovaza": "supplement",
    "Vascepa": "supplement",
}  # fmt: skip

QUIET_CLASSES = frozenset(cls for _, cls in HARMLESS.values())
ATC_OF_THE_TABLES = ("B01A", "M01A", "N02BA", "N06AB")
"""Groups of ATC: antithrombotics, NSAIDs, salicylates, SSRIs."""


@pytest.mark.parametrize(("name", "expected"), HARMLESS.items())
def test_an_everyday_name_is_its_drug_and_asks_nothing(name: str, expected: tuple[str, str]) -> None:
    drug, cls = expected
    assert named(name).drugs == (drug,)
    assert cls in classes_of(drug)
    assert classes_of(drug).isdisjoint(IN_THE_TABLES)


@pytest.mark.parametrize(("name", "cls"), BLEEDING.items())
def test_a_drug_that_acts_on_bleeding_is_in_every_table(name: str, cls: str) -> None:
    (drug,) = named(name).drugs
    assert cls in classes_of(drug)
    assert not classes_of(drug).isdisjoint(IN_THE_TABLES)
    assert drug in covered_drugs()
    for profile in packaged_profiles().values():
        assert any(drug in row.drugs for row in profile.holds), profile.id


@pytest.mark.parametrize("drug", ["vorapaxar", "anagrelide", "ibrutinib", "bismuth-subsalicylate", "betrixaban"])
def test_no_table_permits_what_no_source_speaks_of(drug: str) -> None:
    modes = {row.mode for profile in packaged_profiles().values() for row in profile.holds if drug in row.drugs}
    assert modes == {"no_source"}


def test_quiet_classes_belong_to_none_that_a_plan_reacts_to() -> None:
    """By the whole chain: `pde5-inhibitor` and `vitamin-or-mineral` are not under an antiplatelet or a supplement."""
    for cls in vocabulary()["drug_classes"]:
        if cls in QUIET_CLASSES:
            chain = {cls}
            while (parent := entry("drug_classes", cls).get("is")) is not None:
                chain.add(parent)
                cls = parent
            assert chain.isdisjoint(IN_THE_TABLES)


def test_a_drug_of_an_atc_group_that_acts_on_bleeding_is_in_the_tables() -> None:
    """The code and the class say the same: none of these groups slips in under a harmless class."""
    coded = [(code, id) for code, rows in by_code("atc").items() for section, id, _ in rows if section == "drugs"]
    assert len(coded) > 300
    found = [(code, id) for code, id in coded if code.startswith(ATC_OF_THE_TABLES)]
    assert len(found) > 35
    assert [row for row in found if classes_of(row[1]).isdisjoint(IN_THE_TABLES)] == []


def test_every_code_has_the_form_of_its_system_and_a_source() -> None:
    known = vocabulary()["code_sources"]
    for drug in ids("drugs"):
        codes = entry("drugs", drug).get("codes", {})
        for code in codes.get("atc", ()):
            assert len(code) == 7, (drug, code)
            assert (code[0] + code[3:5]).isalpha(), (drug, code)
            assert (code[1:3] + code[5:]).isdigit(), (drug, code)
        assert set(codes.get("source", ())) <= set(known)
    twice = {code for code, rows in by_code("atc").items() if len(rows) > 1}
    assert twice == set()


def test_a_pain_medicine_is_not_made_of_an_antiseizure_drug() -> None:
    """`anticonvulsant` counts as a trial of a pain medicine; levetiracetam and phenytoin are given for seizures."""
    for name in ("levetiracetam", "phenytoin", "lacosamide"):
        assert "anticonvulsant" not in classes_of(name)
    assert "nsaid" not in classes_of("bismuth-subsalicylate")


def test_a_list_of_everyday_drugs_stays_complete() -> None:
    names = ["metoprolol", "lisinopril", "amlodipine", "atorvastatin", "levothyroxine", "Ozempic", "insulin glargine"]
    head = "chart: 1\nid: x\nrecorded: 2026-02-20\ncompleteness:\n  - {kind: medications, reviewed: 2026-02-20}\n"

    def scope(listed: list[str]) -> str:
        text = head + "medications:\n" + "".join(f"  - {{drug: {name}}}\n" for name in listed)
        record = read_chart(text, "c.yaml").record
        assert len(record.of(Medication)) == len(listed)
        (entry,) = record.completeness
        return str(entry.scope)

    assert scope(names) == "patient"
    assert scope([*names, "Herzpille"]) == "source"
