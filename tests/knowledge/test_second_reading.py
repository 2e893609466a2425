"""Second reading: values of the steroid, anesthetic, dose, kidney and checklist tables against the safety sources, and
edges of how a dose, an interval and a clearance are read.

Every expected number, source and mark was written down from the text of the sources' rows (safety dossier 2c, 2d, 3a to
3e, 4a to 4f, 6, 7.3, 7.4), not from the tables. V1 is primary, V2 secondary, everything else unverified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from levamen.criteria.nodes import Cite
from levamen.derive.dose_band import Body, dose_band, dose_of
from levamen.derive.dosing import interval_hours, schedule, times_a_day
from levamen.derive.renal import Clearance, clearance
from levamen.knowledge.agents import Statement
from levamen.knowledge.anesthetics import packaged_anesthetics
from levamen.knowledge.checklists import packaged_checklists
from levamen.knowledge.dose_bands import packaged_dose_bands
from levamen.knowledge.renal import packaged_renal_rules
from levamen.knowledge.steroids import packaged_steroids
from levamen.record.facts import Lab, Medication, Person
from levamen.record.timeline import When

STEROIDS, ANESTHETICS, LISTS = packaged_steroids(), packaged_anesthetics(), packaged_checklists()
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def cited(cites: Iterable[Cite]) -> str:
    return ", ".join(f"{cite.source} {cite.mark}" for cite in cites)


def shown(rows: Iterable[Statement]) -> dict[str, str]:
    return {row.id: f"{' '.join(NUMBER.findall(row.says))} | {cited(row.cites)}" for row in rows}


# ----------------------------------------------------------------------------------------------------------- steroids

TABLES = "ASIPP-2009-T15 secondary, GLOBALRPH-CS secondary, FORMPROD-CS secondary"
EQUALS = {
    "methylprednisolone": {"4": TABLES},
    "triamcinolone": {"4": TABLES},
    "betamethasone": {"0.6": TABLES, "0.75": "GLOBALRPH-CS unverified"},
    "betamethasone-sodium-phosphate": {"0.6": "ASIPP-2009-T15 unverified", "0.75": "GLOBALRPH-CS unverified"},
    "dexamethasone": {"0.75": "ASIPP-2009-T15 secondary, GLOBALRPH-CS secondary", "0.6": "FORMPROD-CS secondary"},
    "prednisone": {"5": TABLES},
    "prednisolone": {"5": TABLES},
    "hydrocortisone": {"20": TABLES},
}
LIMITS = {
    "mpe-12-months": "equivalents 200 in 12 months, post-menopausal | 200 12 | BROWN-2022 primary",
    "mpe-36-months": "equivalents 400 in 36 months, post-menopausal | 400 36 | BROWN-2022 primary",
    "mpe-one-injection": "one-injection 40 in None, post-menopausal | 40 | BROWN-2022 primary",
    "epidurals-6-months": "epidurals 3 in 6 months, None | 3 6 | LEE-2024 primary",
    "epidurals-12-months": "epidurals 6 in 12 months, None | 6 12 | LEE-2024 primary",
    "medicare-sessions-12-months": "epidural-sessions-of-region 4 in 12 months, None, coverage | 4 12 |"
    " CMS-LCD-ESI secondary, LCD-ESI-SUM secondary",
    "evicore-6-months": "epidurals-of-region 3 in 6 months, None, coverage | 3 6 | LCD-ESI-SUM secondary",
    "evicore-12-months": "epidurals-of-region 4 in 12 months, None, coverage | 4 12 | LCD-ESI-SUM secondary",
    "joint-12-months": "injections-of-joint 3 in 12 months, None | 3 | PAGMED-JOINT unverified",
}
SPACING = {
    "epidural-three-weeks": "particulate-epidural None | 3 | LEE-2024 primary",
    "epidural-one-month": "epidural-triamcinolone 40 | 40 | PARK-SAL primary",
    "evicore-fourteen-days": "epidural-of-region None, coverage | 14 | LCD-ESI-SUM secondary",
    "joint-three-months": "same-joint None | 3 | PAGMED-JOINT unverified",
    "other-steroid-thirty-days": "any-steroid None | 30 | BROWN-2022 unverified",
}
VACCINES = {
    "covid-19-mrna-vaccine": "14 7 | SIS-COVID-2021 primary, AAOS-2021 primary",
    "covid-19-adenovirus-vaccine": "14 14 | IPSIS-COVID-AV primary",
    "influenza-vaccine-inactivated": " | IMMUNIZE-2022 secondary",
    "other-inactivated-vaccine": " | IMMUNIZE-2022 secondary",
    "live-vaccine": "1 20 2 14 | IMMUNIZE-2022 secondary, CMAJ-VACC secondary",
}
SURGERY = {
    "same-joint-replacement": "joint-replacement same-joint None None | 3 | EULAR-2021 primary",
    "fusion-after-epidural": "spinal-fusion epidural None None | 1 3 | ISASS-2023 primary",
    "adrenal-suppression": " any-steroid 12 weeks 80 | 4 12 80 | IRANMANESH-2017 unverified, SIM-2020 unverified",
}
STEROID_STATEMENTS = {
    "dose-epidural-depot": "40 80 | ASIPP-2009-T15 secondary, URBAN-2023 secondary",
    "dose-epidural-betamethasone": "6 12 | ASIPP-2009-T15 secondary",
    "dose-epidural-dexamethasone-trials": "10 15 | SP102-2021 primary, NCT03165825 primary",
    "dose-epidural-dexamethasone": "4 15 10 | SP102-2021 unverified",
    "dose-40-or-80": "40 80 3 6 | URBAN-2023 secondary",
    "dose-joint": " | BENZON-CS-2025 primary",
    "hpa-20": "20 8.0 2.4 | SIM-2020 primary",
    "hpa-40": "40 19.7 3.1 | SIM-2020 primary",
    "hpa-40-pilot": "40 19.9 6.8 | PARK-SAL primary",
    "hpa-80": "80 8 1 4 12 | IRANMANESH-2017 primary",
    "hpa-old-table": "2 6 2 3 1 6 1 3 1 2 | ASIPP-2009-T15 secondary",
    "hpa-direction": " | MOON-2021 primary",
    "hpa-long-term": "6 | PARK-2020 primary",
    "glucose-rise": "160 286 126 101 | EVEN-2012 primary",
    "glucose-two-days": "2 1.06 0.80 1.58 | EVEN-2012 primary",
    "glucose-longer": "7 14 1 14 | ISIS-FF-GLUC primary",
    "glucose-by-dose": "30 1 2 40 7 80 | STOLLER-AAPM secondary",
    "glucose-hba1c-none": "1 30 | EVEN-2012 primary",
    "glucose-hba1c-seven": "1 7 40 | STOLLER-AAPM secondary",
    "glucose-watch": "1 3 | EULAR-2021 primary",
    "bone": "40 200 | BROWN-2022 unverified",
    "series": "3 4 | SEED-001 unverified, SEED-003 unverified",
    "audit": "4.7 15.3 3 4.1 13.9 | BROWN-2022 primary",
    "influenza-both-elective": "14 7 | IMMUNIZE-2022 unverified",
}
"""The 1 of HbA1c is among the numbers."""


def test_equivalents_of_4_mg_methylprednisolone() -> None:
    assert STEROIDS.reference_mg == 4
    found = {
        drug: {str(equal.amount): cited(equal.cites) for equal in row.equals} for drug, row in STEROIDS.drugs.items()
    }
    assert found == EQUALS
    assert cited(STEROIDS.unit.cites) == "FORMPROD-CS secondary"
    assert STEROIDS.no_source_found == {"triamcinolone-extended-release"}


def test_particulate_is_as_two_sources_say() -> None:
    said = {drug: (row.particulate, cited(row.particulate_cites)) for drug, row in STEROIDS.drugs.items()}
    both = "APSF-2016 secondary, SIS-DEX-2019 secondary"
    assert {drug: found for drug, found in said.items() if found[0] is not None} == {
        "methylprednisolone": (True, both),
        "triamcinolone": (True, both),
        "betamethasone": (True, both),
        "dexamethasone": (False, both),
    }


def test_limits() -> None:
    found = {
        row.id: f"{row.counts} {row.amount} in {row.window}, {row.population}{', coverage' if row.coverage else ''}"
        f" | {' '.join(NUMBER.findall(row.says))} | {cited(row.cites)}"
        for row in STEROIDS.limits
    }
    assert found == LIMITS


def test_spacing() -> None:
    found = {
        row.id: f"{row.after} {row.from_mg}{', coverage' if row.coverage else ''}"
        f" | {' '.join(NUMBER.findall(row.says))} | {cited(row.cites)}"
        for row in STEROIDS.spacing
    }
    assert found == SPACING


def test_vaccines() -> None:
    said = {
        drug: f"{' '.join(NUMBER.findall(row.says.replace('COVID-19', '')))} | {cited(row.cites)}"
        for drug, row in STEROIDS.vaccines.items()
    }
    assert said == VACCINES
    assert {drug for drug, row in STEROIDS.vaccines.items() if row.never_delay} == {
        "influenza-vaccine-inactivated",
        "other-inactivated-vaccine",
    }
    assert STEROIDS.vaccines["live-vaccine"].not_a_contraindication == {"joint-injection", "soft-tissue-injection"}


def test_surgery_and_premedication() -> None:
    found = {
        row.id: f"{' '.join(sorted(row.therapies))} {row.applies_to} {row.longer} {row.longer_from_mg}"
        f" | {' '.join(NUMBER.findall(row.says))} | {cited(row.cites)}"
        for row in STEROIDS.surgery
    }
    assert found == SURGERY
    before = STEROIDS.premedication
    assert (before.drug, str(before.milligrams), cited(before.cites)) == ("prednisone", "150", "BRIGHTON-ACR secondary")
    assert NUMBER.findall(before.says) == ["50", "13", "7", "1", "50", "1"]


def test_what_is_shown_of_steroids() -> None:
    assert shown(STEROIDS.statements) == STEROID_STATEMENTS


# -------------------------------------------------------------------------------------------------- local anesthetics

MAXIMA = """
    lidocaine-plain-us | lidocaine without kg 4.5 US | LABEL-LIDO primary
    lidocaine-plain-gb-au | lidocaine without kg 3 AU GB | ETG-LA secondary, OME-LA secondary
    lidocaine-plain-dose | lidocaine without dose 300 | LABEL-LIDO primary
    lidocaine-epinephrine-kg | lidocaine with kg 7 | LABEL-LIDO primary
    lidocaine-epinephrine-dose | lidocaine with dose 500 | LABEL-LIDO primary
    bupivacaine-kg | bupivacaine either kg 2 | ETG-LA secondary, OME-LA secondary
    bupivacaine-epinephrine-by-choice | bupivacaine with kg 3 choice | OME-LA secondary
    bupivacaine-plain-clinic-table | bupivacaine without kg 2.5 choice | LABEL-BUPI-Q unverified
    bupivacaine-plain-dose | bupivacaine without dose 175 | LABEL-BUPI-Q secondary
    bupivacaine-epinephrine-dose | bupivacaine with dose 225 | LABEL-BUPI-Q secondary
    bupivacaine-day | bupivacaine either day 400 | LABEL-BUPI-Q secondary, MIMS-MARCAIN secondary
    ropivacaine-kg | ropivacaine either kg 3 | ETG-LA secondary
    ropivacaine-dose | ropivacaine either dose 300 | NARKOS-2025 secondary
    ropivacaine-dose-lower | ropivacaine either dose 150 | ETG-LA unverified
    mepivacaine-plain-kg | mepivacaine without kg 5 | ETG-LA secondary
    mepivacaine-epinephrine-kg | mepivacaine with kg 6.6 | ETG-LA secondary
    mepivacaine-epinephrine-higher | mepivacaine with kg 7 choice | ORACLE-LA secondary
"""
ANESTHETIC_STATEMENTS = {
    "mixture-sum": "1 | LABEL-BUPI-PF unverified",
    "mixture-label": " | LABEL-BUPI-PF primary",
    "obesity": " | ORACLE-LA unverified",
    "bupivacaine-075": "0.75 | LABEL-BUPI primary",
    "ropivacaine-caps": "200 250 | NARKOS-2025 unverified",
    "ropivacaine-day": "770 24 | NARKOS-2025 unverified",
    "last-incidence": "0.27 1,000 | ELB-2018 primary",
    "last-signs": "1 5 | ELB-2018 primary, WIKIANES-LAST secondary",
    "last-kit": "20 | CLINCMD-LAST secondary",
    "last-epinephrine": "0.2 1 | WIKIANES-LAST secondary",
    "last-observe": "2 6 24 48 | WIKIANES-LAST secondary",
    "last-observe-other": "4 6 | WIKIANES-LAST unverified",
}


def test_maxima_with_drug_condition_unit_and_source() -> None:
    found = [
        " ".join(
            f"{row.id} | {row.drug} {row.epinephrine} {row.per} {row.amount} {' '.join(sorted(row.countries))}"
            f" {'choice' if row.choice else ''} | {cited(row.cites)}".split()
        )
        for row in ANESTHETICS.maxima
    ]
    assert found == [line.strip() for line in MAXIMA.strip().splitlines()]
    assert ANESTHETICS.no_source_found == {
        "levobupivacaine", "prilocaine", "chloroprocaine", "tetracaine", "liposomal-bupivacaine"
    }  # fmt: skip


def test_reductions() -> None:
    infant, adult = ANESTHETICS.reductions
    assert (int(infant.percent), infant.younger_than_months, infant.older_than_years) == (30, 6, None)
    assert (infant.conditions, cited(infant.cites)) == (frozenset(), "AAP-LA secondary")
    assert NUMBER.findall(infant.says) == ["6", "30"]
    assert (int(adult.percent), adult.younger_than_months, adult.older_than_years) == (30, None, 70)
    assert adult.conditions == {
        "heart-failure", "cirrhosis", "liver-failure", "chronic-kidney-disease", "dialysis", "pregnancy"
    }  # fmt: skip
    assert (NUMBER.findall(adult.says), cited(adult.cites)) == (["70", "30"], "ORACLE-LA unverified")


def test_lipid_rescue() -> None:
    assert ANESTHETICS.lipid_from_kg == 70
    found = {
        row.id: (row.fixed_ml, NUMBER.findall(row.fixed_says), row.ml_per_kg, cited(row.cites))
        for row in ANESTHETICS.lipid
    }
    assert found == {
        "bolus": (100, ["2", "3"], Decimal("1.5"), "WIKIANES-LAST secondary"),
        "infusion": (250, ["15", "20"], Decimal("0.25"), "WIKIANES-LAST secondary"),
        "most": (None, [], 12, "WIKIANES-LAST secondary"),
    }


def test_what_is_shown_of_anesthetics() -> None:
    assert shown(ANESTHETICS.statements) == ANESTHETIC_STATEMENTS


# -------------------------------------------------------------------------------------------------- doses and kidneys


BAND_ROWS = """
    enoxaparin low mg 40 40 None
    enoxaparin low mg 30 60 None
    dalteparin low IU 5000 5000 None
    fondaparinux low mg 2.5 2.5 None
    rivaroxaban low mg 10 10 None
    apixaban low mg 2.5 5 None
    dabigatran-etexilate low mg 220 220 1
    heparin low IU 5000 15000 None
    heparin medium IU 10000 20000 None
"""
"""Drug, band, unit, at most in one dose, at most in a day, at most times a day; every other dose is high."""


def test_sources_of_the_dose_bands() -> None:
    table = packaged_dose_bands()
    found = [
        f"{drug} {row.band} {row.unit} {row.at_most} {row.a_day_at_most} {row.times_a_day}"
        for drug, rows in table.rows.items()
        for row in rows
    ]
    assert found == [line.strip() for line in BAND_ROWS.strip().splitlines()]
    reduced = table.reduced["apixaban"]
    limits = (reduced.age_at_least, reduced.weight_kg_at_most, reduced.creatinine_mg_dl_at_least)
    assert (reduced.of, limits) == (2, (Decimal(80), Decimal(60), Decimal("1.5")))
    cites = [row.cite for rows in table.rows.values() for row in rows] + [rule.cite for rule in table.reduced.values()]
    assert {(cite.source, cite.mark) for cite in cites} == {("WIKIANES-2025", "secondary")}
    assert set(table.rows) == {
        "enoxaparin", "dalteparin", "fondaparinux", "rivaroxaban", "apixaban", "dabigatran-etexilate", "heparin"
    }  # fmt: skip
    assert set(table.reduced) == {"apixaban"}


def test_brackets_and_the_age_of_the_sample() -> None:
    rules = packaged_renal_rules()
    assert rules.cuts == tuple(map(Decimal, (80, 50, 30, 15)))
    assert (rules.days, rules.days_low, rules.low) == (30, 7, Decimal(50))
    assert cited(rules.cites) == "PRADAXA-SMPC secondary, NO-SOURCE unverified, NO-SOURCE unverified"


@pytest.mark.parametrize(
    ("every", "times", "a_day"),
    [
        ("every 12 hours", (), 2),
        ("12 h", (), 2),
        ("bid", (), 2),
        ("BID", (), 2),
        ("twice  a day", (), 2),
        ("every 8 hours", (), 3),
        ("daily", (), 1),
        ("weekly", (), Decimal(1) / 7),
        ("every 48 h", ("08:00",), Decimal("0.5")),
        ("every 48 h", ("08:00", "20:00"), 1),
        (None, ("08:00", "20:00"), 2),
        # one clock time noted of a medicine taken twice a day: the most counts
        ("every 12 hours", ("08:00",), 2),
        ("daily", ("08:00", "20:00"), 2),
        # not understood, a range, nothing
        ("q12h", (), 2),
        ("now and then", (), None),
        ("every 8-12 hours", (), None),
        ("every 0 hours", (), None),
        (None, (), None),
    ],
)
def test_doses_a_day(every: str | None, times: tuple[str, ...], a_day: Decimal | int | None) -> None:
    found = times_a_day(Medication(id="M-1", drug="enoxaparin", every=every, times=times))
    assert found == a_day


def test_an_interval_of_nothing_is_no_schedule() -> None:
    assert interval_hours("every 0 hours") is None
    held = Medication(id="M-1", every="0 h", last_dose=When.on(date(2026, 6, 1)))
    assert not schedule(held, ZoneInfo("America/New_York")).known


@pytest.mark.parametrize(
    ("drug", "dose", "every", "times", "bands"),
    [
        ("enoxaparin", "40 mg", "every 12 hours", ("08:00",), {"high"}),
        ("enoxaparin", "30 mg", "bid", (), {"low"}),
        ("enoxaparin", "30 mg", "every 12 hours", (), {"low"}),
        ("enoxaparin", "1 mg/kg", "bid", (), {"low", "medium", "high"}),
        ("enoxaparin", "40-60 mg", "daily", (), {"low", "medium", "high"}),
        ("enoxaparin", "40 mg", "as told", (), {"low", "medium", "high"}),
        ("dabigatran-etexilate", "110 mg", "bid", (), {"high"}),
        ("dabigatran-etexilate", "110 mg", "every 12 hours", ("08:00",), {"high"}),
        ("dabigatran-etexilate", "220 mg", "daily", (), {"low"}),
        ("heparin", "5,000 units", "every 8 hours", (), {"low"}),
        ("heparin", "10,000 units", "every 12 hours", (), {"medium"}),
        # a point may part thousands, a comma may be a decimal: nobody can tell
        ("heparin", "10.000 IU", "every 12 hours", (), {"low", "medium", "high"}),
        ("fondaparinux", "7,5 mg", "daily", (), {"low", "medium", "high"}),
        ("fondaparinux", "2,500 mg", "daily", (), {"high"}),
        ("rivaroxaban", "0 mg", "daily", (), {"low", "medium", "high"}),
        ("fondaparinux", "0.5 mL", "daily", (), {"low", "medium", "high"}),
    ],
)
def test_bands_of_doses_as_people_write_them(
    drug: str, dose: str, every: str, times: tuple[str, ...], bands: set[str]
) -> None:
    taken = Medication(id="M-1", drug=drug, dose=dose, every=every, times=times)
    found = dose_band(taken, packaged_dose_bands(), Body(age=60, weight_kg=Decimal(80), creatinine_mg_dl=Fraction(1)))
    assert found.bands == bands
    assert bool(found.missing) is (len(bands) > 1)


@pytest.mark.parametrize(
    ("dose", "amount"),
    [("5000 IU", 5000), ("12,500 IU", 12500), ("2500.5 IU", Fraction("2500.5")), ("5.000 IU", None), ("0 IU", None)],
)
def test_thousands(dose: str, amount: Fraction | int | None) -> None:
    assert dose_of(Medication(id="M-1", drug="heparin", dose=dose), "IU") == amount


MAN = Person(birth_date=When.on(date(1966, 6, 1)), sex="male", weight_kg=Decimal(72))


def sample(value: str | Decimal, *, id: str = "L-1", at: When | None = None) -> Lab:
    return Lab(id=id, test="creatinine", value=value, unit="mg/dL", at=at or When.on(date(2026, 5, 30)))


def cleared(*labs: Lab) -> Clearance:
    return clearance(MAN, labs, (), (), date(2026, 6, 1))


def between(found: Clearance) -> str:
    return f"{found.least} to {found.most}"


def test_a_creatinine_above_what_was_measured_leaves_no_least_clearance() -> None:
    """80 x 72 / (72 x 1.6) = 50 is the most; with "more than 1.6" it may be anything below."""
    assert between(cleared(sample(Decimal("1.6")))) == "50 to 50"
    assert between(cleared(sample(">1.6"))) == "0 to 50"


def test_a_creatinine_below_what_was_measured_is_no_number() -> None:
    found = cleared(sample("<0.5"))
    assert (found.least, [missing.what for missing in found.missing]) == (None, ["creatinine"])


def test_of_one_day_a_sample_without_its_hour_may_be_the_later_one() -> None:
    day = date(2026, 5, 30)
    timed = When(first=day, last=day, at=datetime(2026, 5, 30, 8, tzinfo=ZoneInfo("America/New_York")))
    found = cleared(sample(Decimal("1.6"), at=timed), sample(Decimal("2.0"), id="L-2"))
    assert (between(found), found.read) == ("40 to 50", ("L-1", "L-2"))
    later = cleared(sample(Decimal("1.6"), at=timed), sample(Decimal("2.0"), id="L-2", at=When.on(date(2026, 5, 29))))
    assert (between(later), later.read) == ("50 to 50", ("L-1",))


# --------------------------------------------------------------------------------------------------------- checklists

TABLES_OF_ROWS = ("questions", "time_out", "monitoring", "discharge", "red_flags", "events", "guidance")
RATES = {
    "ELY-2016": "primary", "PLASTARAS-2015": "primary", "SPI-2022": "primary", "PDPH-2023": "primary",
    "ORACLE-CILESI": "secondary", "ENDRES-2017": "primary", "ENDRES-2020": "primary", "EHSANIAN-2020": "primary",
    "ORACLE-ASRA": "secondary", "SCS-SCI-2015": "primary", "ANESKEY-SCSC": "secondary", "ESI-DEFICIT-2012": "primary",
    "ELB-2018": "primary", "YOON-2024": "primary", "SCS-META-2021": "primary", "FACTS-2018": "primary",
    "CERV-FACET-2021": "primary", "SPINEH": "unverified", "ASRA-SCSC-2019": "primary",
}  # fmt: skip
"""Who gives a rate, and how it was read (dossier 6, 1c)."""
VALUES = {
    "HCPLIVE-STEROID": "primary", "UTD-NACC": "secondary", "SEED-003": "unverified", "APTC-PRE": "secondary",
    "PUBCALC-ASRA": "unverified", "ASRA-NEWS-2019": "secondary", "ENDRES-2017": "primary", "UTD-CIED": "secondary",
    "BRIGHTON-ACR": "secondary", "CONTRAST-2021": "primary", "EULAR-2021": "primary", "ISIS-FF-GLUC": "primary",
    "AAGBI-2016": "primary", "ASIPP-SED-2019": "primary", "ASA-FAST-2023": "primary", "ORACLE-FAST": "unverified",
    "BROWN-2022": "primary", "SIS-COVID-2021": "primary", "IPSIS-COVID-AV": "primary", "IMMUNIZE-2022": "secondary",
    "ISASS-2023": "primary", "MEDSCAPE-ARV": "secondary", "MHRA-2016": "secondary", "PRIALT-US": "primary",
    "FDA-DSC-2014": "primary", "NO-SOURCE": "unverified",
}  # fmt: skip
"""Who gives a value of a question, and how it was read (dossier 1a, 2c, 3c to 3f, 4b to 4d)."""
ALSO = {
    "questions": {
        "infection": "ANESKEY-SCS primary", "fever": "ANESKEY-SCS primary", "hiv-treatment": "JOHN-2013 primary",
        "substance-use": "ASRA-KET-2018 secondary",
    },
    "time_out": {
        "antibiotics": "UTD-NACC secondary", "lots": "NECC-2015 primary", "sedation": "ASIPP-SED-2019 primary",
    },
    "monitoring": {
        "toxicity-signs": "WIKIANES-LAST secondary", "sedation-with-opioid": "ASIPP-SED-2019 primary",
        "sedation-with-sleep-apnea": "ASIPP-SED-2019 primary",
    },
    "discharge": {"arm-power": "NCT03127137 primary"},
    "red_flags": {
        "hematoma": "MSD-SEH primary", "hematoma-on-antithrombotics": "MSD-SEH primary",
        "infection": "ORACLE-FEVER unverified", "stroke-or-cord-event": "ESI-DEFICIT-2012 primary",
        "hyperglycemia": "NO-SOURCE unverified", "adrenal-insufficiency": "NO-SOURCE unverified",
        "device": "ANESKEY-ITW secondary", "baclofen-withdrawal": "ITB-TABLE primary",
        "pump-refill": "NO-SOURCE unverified",
    },
    "events": {
        "postdural-puncture-headache": "ANEXP-PDPH secondary", "hyperglycemia": "ISIS-FF-GLUC primary",
        "adrenal-insufficiency": "IRANMANESH-2017 primary, NO-SOURCE unverified",
        "cushing-syndrome": "NO-SOURCE unverified", "spinal-hematoma": "HAEM-12H secondary",
        "local-anesthetic-systemic-toxicity": "ELB-2018 primary, NO-SOURCE unverified",
        "contrast-encephalopathy": "NO-SOURCE unverified", "deep-infection": "YOON-2024 primary",
        "epidural-abscess": "YOON-2024 primary", "discitis": "YOON-2024 primary", "meningitis": "YOON-2024 primary",
        "withdrawal": "ITB-TABLE primary", "other": "FACTS-2018 primary",
    },
    "guidance": {
        "cervical-interlaminar-guidance": "IPSIS-FF-CESI primary, ANEXP-RATHMELL secondary",
        "lumbar-interlaminar-guidance": "ANEXP-RATHMELL secondary", "interlaminar-contrast": "ANEXP-RATHMELL secondary",
        "cervical-interlaminar-level": "RATHMELL-2015 secondary, ANEXP-RATHMELL secondary",
        "cervical-interlaminar-imaging": "ANEXP-RATHMELL secondary",
        "sedation": "IPSIS-FF-CESI primary, RATHMELL-2015 unverified", "mask-and-gloves": "ANEXP-RATHMELL secondary",
        "route-and-technique": "ANEXP-RATHMELL secondary",
    },
}  # fmt: skip
"""What stands beside the source of a row."""


def test_who_gives_a_rate_and_how_it_was_read() -> None:
    found = {(rate.cite.source, rate.cite.mark) for row in LISTS.events.values() for rate in row.rates}
    assert found == set(RATES.items())


def test_who_gives_a_value_of_a_question_and_how_it_was_read() -> None:
    found = {(value.cite.source, value.cite.mark) for row in LISTS.questions.values() for value in row.values}
    assert found == set(VALUES.items())


@pytest.mark.parametrize("table", TABLES_OF_ROWS)
def test_sources_beside_the_first(table: str) -> None:
    rows = getattr(LISTS, table).values()
    assert {row.id: cited(row.cites[1:]) for row in rows if len(row.cites) > 1} == ALSO[table]


def test_who_states_a_limit_of_steroid() -> None:
    said = [row.who for row in STEROIDS.limits] + [row.who for row in STEROIDS.spacing]
    said += [row.who for row in STEROIDS.vaccines.values()] + [row.who for row in STEROIDS.surgery]
    years = {
        "Brown": "2022", "Lee": "2024", "US Medicare": "", "eviCore": "200", "one specialist": "2021",
        "Catholic": "8", "Spine": "2021", "IPSIS": "2021", "Immunize": "2022", "ACIP": "2022", "EULAR": "2021",
        "ISASS": "2023", "ours, derived from Brown": "2022", "ours, derived from Iranmanesh": "2017 2020",
    }  # fmt: skip
    for who in said:
        (year,) = (year for name, year in years.items() if who.startswith(name))
        assert " ".join(NUMBER.findall(who)) == year, who


def test_numbers_in_what_the_nurse_reads() -> None:
    found = {row.id: " ".join(NUMBER.findall(f"{row.nurse} {row.reason}")) for row in LISTS.questions.values()}
    assert {id: said for id, said in found.items() if said} == {
        "diabetes": "1 160 286",
        "fasting": "1",
        "recent-steroids": "30",
    }


WINDOWS = """
    vasovagal 0 to 1 hours
    pain-flare 0 to 14 days
    injection-site-soreness 0 to 7 days
    headache-non-postural 0 to 7 days
    dural-puncture 0 to 1 hours
    postdural-puncture-headache 0 to 14 days
    flushing 0 to 7 days
    insomnia 0 to 7 days
    central-steroid-response 0 to 7 days
    systemic-steroid-effect 0 to 60 days
    hyperglycemia 0 to 14 days
    adrenal-insufficiency 0 to 90 days
    intravascular-injection 0 to 1 hours
    spinal-hematoma 0 to 7 days
    cord-or-brain-infarct 0 to 2 hours
    nerve-injury 0 to 30 days
    subdural-or-intrathecal-injection 0 to 6 hours
    transient-weakness 0 to 24 hours
    fall 0 to 24 hours
    local-anesthetic-systemic-toxicity 0 to 1 hours
    allergic-reaction 0 to 24 hours
    anaphylaxis 0 to 24 hours
    superficial-infection 1 to 90 days
    deep-infection 1 to 90 days
    deep-infection--implant 0 to 365 days
    epidural-abscess 1 to 90 days
    discitis 1 to 90 days
    meningitis 1 to 90 days
    pneumothorax 0 to 3 days
    neuritis 1 to 90 days
    numbness 0 to 90 days
    ataxia 0 to 90 days
    dropped-head 0 to 90 days
    skin-burn 0 to 14 days
    csf-leak 0 to 30 days
    seroma 0 to 30 days
    lead-migration 0 to 365 days
    pocket-fill 0 to 72 hours
    drug-error--pump 0 to 72 hours
    opioid-overdose 0 to 72 hours
    withdrawal 0 to 72 hours
"""
"""How long an event is asked for (dossier 6). The hour of an intravascular injection is ours; the source: during it."""
OF_WHOM = {
    "injection-site-soreness": "24 72", "headache-non-postural": "24 72", "insomnia": "24 72",
    "spinal-hematoma": "30 100,000", "nerve-injury": "30 30", "local-anesthetic-systemic-toxicity": "1,000",
    "deep-infection--implant": "32", "lead-migration": "32", "device-malfunction": "32", "numbness": "2003 1996",
    "ataxia": "2003", "thrombosis-while-held": "0.2 0.39",
    # The study counted 12,723 procedures of people who stopped or continued; those who continued are not counted apart.
    "bleeding": "12,723",
}  # fmt: skip
"""The numbers in what a rate is a rate of, and of whom."""


def test_how_long_each_event_is_asked_for() -> None:
    found = []
    for line in WINDOWS.strip().splitlines():
        row = LISTS.events[line.split()[0]]
        start, end = row.window.start, row.window.end
        assert start.offset is not None
        assert end is not None
        assert end.offset is not None
        assert start.anchor == end.anchor == ("refill" if "72" in line else "procedure")
        found.append(f"{row.id} {start.offset.amount} to {end.offset.amount} {end.offset.unit}")
        assert start.offset.amount == 0 or start.offset.unit == end.offset.unit
    assert found == [line.strip() for line in WINDOWS.strip().splitlines()]


def test_what_each_rate_is_of() -> None:
    found = {
        row.id: " ".join(number for rate in row.rates for number in NUMBER.findall(f"{rate.unit} {rate.population}"))
        for row in LISTS.events.values()
    }
    assert {id: said for id, said in found.items() if said} == OF_WHOM


READ = {
    "primary": """vasovagal pain-flare injection-site-soreness headache-non-postural dural-puncture
        postdural-puncture-headache flushing insomnia central-steroid-response systemic-steroid-effect hyperglycemia
        adrenal-insufficiency cushing-syndrome intravascular-injection bleeding spinal-hematoma cord-or-brain-infarct
        nerve-injury vision-loss subdural-or-intrathecal-injection transient-weakness fall contrast-encephalopathy
        superficial-infection deep-infection deep-infection--implant epidural-abscess discitis meningitis neuritis
        numbness ataxia bladder-dysfunction lead-migration lead-fracture device-malfunction drug-error--pump
        opioid-overdose withdrawal thrombosis-while-held other""",
    "secondary": """local-anesthetic-systemic-toxicity pneumothorax dropped-head csf-leak seroma loss-of-effect
        unwanted-stimulation""",
}
"""How the source of each event was read; every other event is unverified."""
ASKED = {
    "vasovagal 4.2", "pain-flare 5.0", "injection-site-soreness 3.9", "headache-non-postural 3.9", "flushing 1.8",
    "insomnia 1.6", "other 9.2", "other 20.0",
}  # fmt: skip
CODED = {
    "spinal-hematoma 0.71", "spinal-hematoma 0.75", "spinal-hematoma 0.63", "nerve-injury 2.13", "nerve-injury 2.35",
    "nerve-injury 1.71",
}  # fmt: skip
"""Rates of a survey that asked for every event, and of coded claims."""


def test_how_the_source_of_each_event_was_read() -> None:
    for row in LISTS.events.values():
        expected = next((mark for mark, ids in READ.items() if row.id in ids.split()), "unverified")
        assert row.cites[0].mark == expected, row.id


def test_how_a_rate_was_found_out() -> None:
    found = {f"{row.id} {rate.value}": rate.ascertainment for row in LISTS.events.values() for rate in row.rates}
    assert {name for name, how in found.items() if how == "asked"} == ASKED
    assert {name for name, how in found.items() if how == "chart"} == CODED
    assert set(found.values()) == {"asked", "chart", None}


def test_which_answers_stop_and_which_defer() -> None:
    given = {(row.id, answer.given, answer.effect) for row in LISTS.questions.values() for answer in row.answers}
    assert {(id, word) for id, word, effect in given if effect == "defer"} == {
        ("fever", "yes"), ("antibiotics", "yes"), ("pregnancy", "yes")
    }  # fmt: skip
    assert {(id, word) for id, word, effect in given if effect == "stop-and-ask" and word != "unknown"} == {
        ("driver", "no"), ("hiv-treatment", "yes"), ("self-harm", "yes"), ("red-flags", "yes"),
        ("device-control", "no"), ("consent", "no"),
    }  # fmt: skip


def test_numbers_in_what_is_read_aloud_and_ticked_off() -> None:
    """UP.01.01.01 and the like are in the locators; the sentences have the hours and months alone."""
    said = {row.id: " ".join(NUMBER.findall(row.text)) for row in LISTS.time_out.values()}
    assert {id: numbers for id, numbers in said.items() if numbers} == {"steroid": "12"}
    said = {row.id: " ".join(NUMBER.findall(row.text)) for row in LISTS.discharge.values()}
    assert {id: numbers for id, numbers in said.items() if numbers} == {
        "escort-after-sedation": "24",
        "written-red-flags": "24",
    }


def test_dangerous_signs_reach_the_patient() -> None:
    """Cauda equina, infection with a deficit, meningitis, a clot while a drug is held, a pump that fails (dossier 5, 6,
    6a): the words that must stand in the patient's sentence."""
    words = {
        "hematoma": ("weak", "numb", "back", "seat", "pass or hold urine or stool"),
        "hematoma-on-antithrombotics": ("weak", "numb", "back", "seat", "pass or hold urine or stool"),
        "infection": ("fever", "chills", "back", "wound", "neck is stiff", "confused", "weak or numb", "emergency"),
        "headache-that-changes": ("lie down", "weakness", "speaking", "fit"),
        "stroke-or-cord-event": ("speak", "see", "one side", "cannot move"),
        "pneumothorax": ("chest", "short of breath"),
        "adrenal-insufficiency": ("worn out or dizzy", "throwing up"),
        "clot-while-held": ("face", "arm", "speak", "chest", "leg swells", "short of breath"),
        "device": ("wound", "fever", "shocks", "alarm", "stops helping", "withdrawal"),
        "baclofen-withdrawal": ("baclofen", "empty", "withdrawal"),
        "pump-refill": ("filled", "ill"),
    }
    for id, expected in words.items():
        assert [word for word in expected if word not in LISTS.red_flags[id].patient] == [], id
    for script in LISTS.calls.scripts.values():
        (asked,) = (row for row in script.questions if row.id == "hematoma")
        assert "bladder or bowels" in asked.ask
        (asked,) = (row for row in script.questions if row.id == "infection")
        assert all(word in asked.ask for word in ("fever", "stiff neck", "confused", "wound"))


def test_how_the_sources_of_time_out_and_watch_were_read() -> None:
    read = {row.id for row in LISTS.time_out.values() if row.cites[0].mark == "secondary"}
    assert read == {
        "identity", "procedure-side-level", "consent", "history", "imaging", "equipment", "site-mark", "spine-level",
        "everybody-stops", "position", "consent-and-images", "antibiotics", "safety-precautions",
    }  # fmt: skip
    assert {row.id for row in LISTS.time_out.values() if row.cites[0].mark == "primary"} == {"syringes"}
    read = {row.id for row in LISTS.monitoring.values() if row.cites[0].mark == "secondary"}
    assert read == {
        "toxicity-seizure", "toxicity-instability", "toxicity-arrest", "toxicity-kit", "cardiac-device"
    }  # fmt: skip


def test_the_calls_are_ours() -> None:
    """No source gives their hour, order or escalation; that asking changes the rate is of the abstract (dossier 6)."""
    for script in LISTS.calls.scripts.values():
        assert cited(script.cites) == "NO-SOURCE unverified"
        own = {row.id: cited(row.cites) for row in script.questions if row.flag is None}
        assert own.pop("other-events") == "NO-SOURCE unverified, PLASTARAS-2015 primary"
        assert set(own.values()) == {"NO-SOURCE unverified"}
        assert [row.records for row in script.questions if row.id == "other-events"] == ["event, asked"]
        assert [NUMBER.findall(row.ask) for row in script.questions if row.id == "relief"] == [["0", "10"]]
    assert {cited(step.cites) for step in LISTS.calls.no_answer} == {"NO-SOURCE unverified"}
