"""The bleeding-risk class of the needle"""

from __future__ import annotations

import pytest
from appointment import APIXABAN, class_of, plan_of


@pytest.mark.parametrize(
    ("needle", "word"),
    [
        ("therapy: medial-branch-block, region: lumbar", "low"),
        ("therapy: medial-branch-block, region: cervical", "intermediate"),
        ("therapy: medial-branch-radiofrequency-ablation, region: thoracic", "low"),
        ("therapy: epidural-steroid-injection, approach: interlaminar, region: cervical", "intermediate"),
        ("therapy: epidural-steroid-injection, approach: caudal, region: sacral", "intermediate"),
        ("therapy: trigger-point-injection, region: lumbar", "low"),
        ("therapy: vertebroplasty, vertebrae: [L1]", "high"),
        ("therapy: spinal-cord-stimulation-implant, region: thoracic", "high"),
        ("therapy: generator-replacement", "low"),
    ],
)
def test_class_is_of_the_needle(needle: str, word: str) -> None:
    """Each procedure has the class of the guideline's table. The needle and its place decide: a medial branch block is
    low in the back and intermediate in the neck (ADR 0007, 2)."""
    assert class_of(needle) == word


def test_highest_of_all_that_it_may_be() -> None:
    """A medial branch block whose region nobody wrote down may be in the neck. It counts as intermediate, the class is
    not certain, and the region is asked (ADR 0007, 2)."""
    found = plan_of(APIXABAN, "therapy: medial-branch-block")
    assert (found.active.bleeding_class.word, found.active.bleeding_class.certain) == ("intermediate", False)
    assert "region of the request" in {missing.what for missing in found.missing}
    assert (found.safety, found.final) == ("unknown", False)


def test_missing_field_that_changes_nothing_is_not_asked() -> None:
    """An absent field contradicts nothing. A trigger point injection is low wherever it is, so its region is not asked
    (ADR 0007, 2)."""
    found = plan_of(APIXABAN, "therapy: trigger-point-injection").active.bleeding_class
    assert (found.word, found.certain, found.missing) == ("low", True, ())


def test_class_is_never_guessed() -> None:
    """Cryoneurolysis is in no row of the table, and nothing near it is taken instead. There is no class, no drug has a
    datetime, and safety stops (ADR 0007, 2)."""
    found = plan_of(APIXABAN, "therapy: cryoneurolysis")
    (apixaban,) = found.active.drugs
    assert (found.active.bleeding_class.word, found.active.speaks) == (None, False)
    assert (apixaban.decision, apixaban.stop_at) == ("do_not_hold_without_prescriber", None)
    assert "this profile has no bleeding-risk class for this procedure" in found.reasons


def test_no_class_matters_only_where_a_drug_may_be_taken() -> None:
    """Without a class nobody knows whether a drug is held. Where the list was reviewed and holds no drug of the tables,
    there is nothing to hold; where nobody reviewed it, safety is unknown (ADR 0007, 2)."""
    assert plan_of("", "therapy: cryoneurolysis", guards=()).safety == "clear"
    unreviewed = "completeness: [{kind: problems, reviewed: 2026-04-01}]"
    assert plan_of(unreviewed, "therapy: cryoneurolysis", guards=()).safety == "unknown"


@pytest.mark.parametrize(
    ("needle", "word", "mapped"),
    [
        ("therapy: basivertebral-nerve-ablation", "high", True),
        ("therapy: vertebroplasty", "high", False),
        ("therapy: epidural-blood-patch", "intermediate", True),
    ],
)
def test_row_by_analogy_says_so(needle: str, word: str, mapped: bool) -> None:
    """The guideline does not list basivertebral ablation; by analogy with vertebral augmentation it is high, and the
    plan says that it is an analogy (ADR 0007, 2)."""
    found = plan_of("", needle)
    assert (found.active.bleeding_class.word, found.active.bleeding_class.mapped) == (word, mapped)
    assert any("by analogy" in note for note in found.notes) is mapped
