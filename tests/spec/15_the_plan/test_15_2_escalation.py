"""Escalation: one step, never two"""

from __future__ import annotations

import pytest
from appointment import HIGH, INTERMEDIATE, LOW, plan_of

from levamen.knowledge.holds import packaged_profiles

PROBLEM = """
    problems: [{{id: PR-1, concept: {concept}, since: 2019-05-01}}]
    """
TWO_DRUGS = """
    medications:
      - {{id: M-1, drug: {one}, times: ["08:00"], indication: coronary-artery-disease}}
      - {{id: M-2, drug: {other}, times: ["08:00"]}}
    """


@pytest.mark.parametrize("concept", ["bleeding-disorder", "bleeding-history", "cirrhosis", "liver-failure", "dialysis"])
@pytest.mark.parametrize(("needle", "word"), [(LOW, "intermediate"), (INTERMEDIATE, "high"), (HIGH, "high")])
def test_patient_raises_the_class(concept: str, needle: str, word: str) -> None:
    """A patient who bleeds easily makes a low needle intermediate and an intermediate one high. Above high there is
    nothing (ADR 0007, 3)."""
    assert plan_of(PROBLEM.format(concept=concept), needle).active.bleeding_class.word == word


def test_both_classes_are_shown() -> None:
    """The table's class and the class that counts are both shown, with the reason (ADR 0007, 3)."""
    found = plan_of(PROBLEM.format(concept="cirrhosis"), LOW)
    bleeding = found.active.bleeding_class
    assert (bleeding.base, bleeding.word) == ("low", "intermediate")
    assert any("counts as intermediate" in note for note in found.notes)


def test_two_reasons_are_one_step() -> None:
    """Cirrhosis and an earlier fusion are two reasons and one step (ADR 0007, 3)."""
    chart = """
        problems: [{id: PR-1, concept: cirrhosis, since: 2019-05-01}]
        procedures: [{id: P-1, therapy: spinal-fusion, region: lumbar, date: 2018-02-01, status: done}]
        """
    bleeding = plan_of(chart, LOW).active.bleeding_class
    assert (len(bleeding.reasons), bleeding.word) == (2, "intermediate")


@pytest.mark.parametrize(("region", "word"), [("lumbar", "intermediate"), ("cervical", "low")])
def test_earlier_surgery_there(region: str, word: str) -> None:
    """An earlier fusion raises the class of a needle at its region, not elsewhere (ADR 0007, 3, 25)."""
    chart = f"""
        procedures: [{{id: P-1, therapy: spinal-fusion, region: {region}, date: 2018-02-01, status: done}}]
        """
    assert plan_of(chart, LOW).active.bleeding_class.word == word


def test_surgery_nobody_recorded_is_not_unknown_for_that_alone() -> None:
    """A record that may not hold an earlier operation does not make the class unknown, or nearly every plan would be.
    A problem list that nobody reviewed is another matter (ADR 0007, 25)."""
    drug = TWO_DRUGS.format(one="aspirin", other="celecoxib")
    assert plan_of(drug, LOW, guards=()).safety == "clear"
    unreviewed = """
    completeness: [{kind: medications, reviewed: 2026-04-01}]"""
    assert plan_of(unreviewed + drug, LOW, guards=()).safety == "unknown"


@pytest.mark.parametrize(("weight", "word"), [("67.6", "intermediate"), ("67.5", "intermediate"), ("67.4", "high")])
def test_clearance_below_15(weight: str, word: str) -> None:
    """A clearance below 15 mL/min counts as advanced kidney disease. With 67.5 kg and 5 mg/dL this man of 60 has 80 x
    67.5 / (72 x 5) = 15 exactly, which is not below (ADR 0007, 3)."""
    chart = f"""
        person: {{birth_date: 1966-04-15, sex: male, weight_kg: {weight}}}
        labs: [{{id: L-1, test: creatinine, value: 5, unit: mg/dL, at: 2026-03-30}}]
        """
    assert plan_of(chart).active.bleeding_class.word == word


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ("clopidogrel", "ibuprofen", "intermediate"),
        ("aspirin", "sertraline", "intermediate"),
        ("aspirin", "garlic", "intermediate"),
        ("aspirin", "celecoxib", "low"),
        ("aspirin", "paracetamol", "low"),
        ("ibuprofen", "sertraline", "low"),
    ],
)
def test_two_drugs_that_act_on_bleeding(one: str, other: str, word: str) -> None:
    """Two drugs that act on bleeding raise the class if one of them is against clotting. A selective COX-2 inhibitor
    does not act on bleeding, paracetamol neither (ADR 0007, 3)."""
    assert plan_of(TWO_DRUGS.format(one=one, other=other), LOW).active.bleeding_class.word == word


def test_same_drug_twice_is_one_drug() -> None:
    """Aspirin written down twice is one drug, not two (ADR 0007, 3)."""
    assert plan_of(TWO_DRUGS.format(one="aspirin", other="aspirin"), LOW).active.bleeding_class.word == "low"


def test_older_age_is_named_and_does_not_escalate() -> None:
    """The source says older age and gives no number. The plan invents none: at 95 the class is what it was, and the
    profile names age as a matter of judgement (ADR 0007, 3)."""
    chart = """
        person: {birth_date: 1931-01-01, sex: male, weight_kg: 72}
        """
    escalation = packaged_profiles()["asra-pain-2018"].escalation
    assert escalation is not None
    assert "older age" in escalation.judged
    assert plan_of(chart, LOW).active.bleeding_class.word == "low"


def test_profile_with_other_classes_is_not_escalated() -> None:
    """SIR knows low and high and no step between them, so it is not escalated (ADR 0007, 3)."""
    found = plan_of(PROBLEM.format(concept="cirrhosis"), LOW, profiles=["sir-2019"])
    assert found.active.bleeding_class.word == "low"
