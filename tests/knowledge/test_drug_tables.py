"""Tables of steroids and local anesthetics: the values of their sources, and refusals that can be acted on."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from levamen.knowledge.agents import folder
from levamen.knowledge.anesthetics import load_anesthetics, packaged_anesthetics
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.knowledge.steroids import load_steroids, packaged_steroids
from levamen.record import codes

STEROIDS, ANESTHETICS = packaged_steroids(), packaged_anesthetics()


def test_every_drug_has_a_value_or_no_source_found() -> None:
    drugs = {drug for drug in codes.ids("drugs") if "corticosteroid" in codes.classes_of(drug)}
    assert drugs == STEROIDS.drugs.keys() | STEROIDS.no_source_found
    drugs = {drug for drug in codes.ids("drugs") if "local-anesthetic" in codes.classes_of(drug)}
    assert drugs == {row.drug for row in ANESTHETICS.maxima} | ANESTHETICS.no_source_found


def test_particulate_agrees_with_the_vocabulary() -> None:
    for drug, row in STEROIDS.drugs.items():
        if row.particulate is not None:
            assert codes.entry("drugs", drug)["particulate"] is row.particulate
    assert {drug for drug, row in STEROIDS.drugs.items() if row.particulate is False} == {"dexamethasone"}


def test_maxima() -> None:
    assert {(row.id, row.amount, row.cite.mark) for row in ANESTHETICS.maxima} == {
        ("lidocaine-plain-us", Decimal("4.5"), "primary"),
        ("lidocaine-plain-gb-au", Decimal(3), "secondary"),
        ("lidocaine-plain-dose", Decimal(300), "primary"),
        ("lidocaine-epinephrine-kg", Decimal(7), "primary"),
        ("lidocaine-epinephrine-dose", Decimal(500), "primary"),
        ("bupivacaine-kg", Decimal(2), "secondary"),
        ("bupivacaine-epinephrine-by-choice", Decimal(3), "secondary"),
        ("bupivacaine-plain-clinic-table", Decimal("2.5"), "unverified"),
        ("bupivacaine-plain-dose", Decimal(175), "secondary"),
        ("bupivacaine-epinephrine-dose", Decimal(225), "secondary"),
        ("bupivacaine-day", Decimal(400), "secondary"),
        ("ropivacaine-kg", Decimal(3), "secondary"),
        ("ropivacaine-dose", Decimal(300), "secondary"),
        ("ropivacaine-dose-lower", Decimal(150), "unverified"),
        ("mepivacaine-plain-kg", Decimal(5), "secondary"),
        ("mepivacaine-epinephrine-kg", Decimal("6.6"), "secondary"),
        ("mepivacaine-epinephrine-higher", Decimal(7), "secondary"),
    }


def test_intervals_and_vaccines() -> None:
    assert {row.id: [str(wait) for wait in row.wait] for row in STEROIDS.spacing} == {
        "epidural-three-weeks": ["3 weeks"],
        "epidural-one-month": ["1 month"],
        "evicore-fourteen-days": ["14 days"],
        "joint-three-months": ["3 months"],
        "other-steroid-thirty-days": ["30 days"],
    }
    assert {row.id: [str(wait) for wait in row.wait] for row in STEROIDS.surgery} == {
        "same-joint-replacement": ["3 months"],
        "fusion-after-epidural": ["1 month", "3 months"],
        "adrenal-suppression": ["4 weeks"],
    }
    days = {drug: (row.before_days, row.after_days) for drug, row in STEROIDS.vaccines.items() if not row.never_delay}
    assert days == {
        "covid-19-mrna-vaccine": (14, 7),
        "covid-19-adenovirus-vaccine": (14, 14),
        "live-vaccine": (None, None),
    }


@pytest.mark.parametrize(
    ("id", "numbers"),
    [
        ("hpa-20", "8.0 ± 2.4"),
        ("hpa-40", "19.7 ± 3.1"),
        ("hpa-40-pilot", "19.9 ± 6.8"),
        ("hpa-80", "1-4 weeks"),
        ("glucose-rise", "160 to 286 mg/dL (+126 ± 101)"),
        ("glucose-two-days", "1.06 days, 0.80-1.58"),
        ("glucose-longer", "7-14 days"),
        ("glucose-by-dose", "2 days after 40 mg, 7 days after 80 mg"),
        ("dose-epidural-depot", "40-80 mg"),
        ("dose-epidural-betamethasone", "6-12 mg"),
        ("dose-epidural-dexamethasone", "4-15 mg, 10 usual"),
        ("audit", "4.7 % to 15.3 %"),
        ("last-incidence", "0.27 per 1,000"),
        ("last-epinephrine", "0.2-1 microgram/kg"),
        ("last-observe", "2 hours after a seizure, 6 hours after instability, 24-48 hours after arrest"),
    ],
)
def test_what_is_shown_has_the_numbers_of_its_source(id: str, numbers: str) -> None:
    (found,) = (row for row in (*STEROIDS.statements, *ANESTHETICS.statements) if row.id == id)
    assert numbers in found.says


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("steroids", "source: FORMPROD-CS\n", "source: NOWHERE\n", "NOWHERE"),
        ("steroids", "mark: secondary\nreference_mg", "mark: sure\nreference_mg", "'sure' is no mark"),
        ("steroids", "reference_mg: 4", "reference_mg: 0", "no reference_mg above 0"),
        ("steroids", "counts: one-injection", "counts: one", "'one' is no counts"),
        ("steroids", "    who: 'Lee 2024, a review'\n    says: 'no more than 3", "    says: 'no more than 3", "no who"),
        ("steroids", "  methylprednisolone:\n", "  methylprednisolon:\n", "nearest: methylprednisolone"),
        ("steroids", "population: post-menopausal", "population: menopausal", "is not in conditions"),
        ("steroids", "no_source_found: [", "no_source_found: [prednisone, ", "keep one"),
        ("steroids", "{amount: 3, unit: weeks}", "{amount: 2.5, unit: weeks}", "whole number"),
        ("steroids", "{amount: 3, unit: weeks}", "{amount: 3, unit: fortnights}", "'fortnights' is no unit"),
        ("steroids", "recheck_by: 2027-11-21", "recheck_by: 2026-11-21", "no recheck_by after it"),
        ("steroids", "premedication:\n  drug: prednisone", "premedication:\n  drug: naproxen", "no equivalence above"),
        ("anesthetics", "per: kg, amount: 4.5", "per: kilo, amount: 4.5", "'kilo' is no per"),
        ("anesthetics", "per: kg, amount: 4.5", "per: kg, amount: -4.5", "no amount above 0"),
        ("anesthetics", "countries: [US]", "countries: [UK]", "is not in countries"),
        ("anesthetics", "drug: ropivacaine", "drug: ropivacain", "nearest: ropivacaine"),
        ("anesthetics", "no_source_found: [", "no_source_found: [lidocaine, ", "keep one"),
        ("anesthetics", "choice: true", "choose: true", "'choose' is not known here"),
        ("anesthetics", "conditions: [heart-failure", "conditions: [weak-heart", "is not in conditions"),
    ],
)
def test_refusals(tmp_path: Path, name: str, old: str, new: str, says: str) -> None:
    text = (folder() / f"{name}.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / f"{name}.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=f"{name}.yaml") as refused:
        (load_steroids if name == "steroids" else load_anesthetics)(path, packaged().sources)
    assert says in str(refused.value)
