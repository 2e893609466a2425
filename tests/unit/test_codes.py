"""Codes are matched, never words: prefixes, ranges, and what may be concluded from a code that matches nothing."""

from __future__ import annotations

import pytest

from levamen.record import codes


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("M47.816", "facet-arthropathy"),
        ("M47816", "facet-arthropathy"),
        ("C50.911", "cancer"),
        ("C00.0", "cancer"),
        ("C96.9", "cancer"),
        ("C25.0", "pancreatic-cancer"),
    ],
)
def test_icd10_prefixes_and_the_malignant_range(code: str, expected: str) -> None:
    assert codes.by_icd10(code)[0] == ("conditions", expected)


@pytest.mark.parametrize("code", ["K21.9", "C97", "Z00.00"])
def test_codes_that_match_nothing(code: str) -> None:
    assert codes.by_icd10(code) == ()


@pytest.mark.parametrize(
    ("code", "concepts", "surely_none"),
    [
        ("K21.9", {"radiculopathy", "spinal-stenosis"}, True),
        ("M54.40", {"radiculopathy"}, False),
        ("K21.9", {"radiculopathy", "facet-synovial-cyst"}, False),
        ("K21.9", set(), False),
    ],
)
def test_what_a_code_surely_is_not(code: str, concepts: set[str], surely_none: bool) -> None:
    """Only where every condition asked about is coded, and in other chapters."""
    assert codes.not_of_these(code, frozenset(concepts)) is surely_none


def test_drug_classes_include_the_classes_they_belong_to() -> None:
    assert "anticoagulant" in codes.classes_of("apixaban")


def test_joints_of_a_row_of_nerves() -> None:
    nerves = frozenset({"L3-medial-branch", "L4-medial-branch", "L5-dorsal-ramus"})
    assert codes.joints_of(nerves) == {"L4-5", "L5-S1"}


def test_an_unknown_word_names_the_nearest() -> None:
    with pytest.raises(codes.UnknownWord, match="nearest: epidural-steroid-injection"):
        codes.resolve("therapies", "epidural-steriod-injection")


def test_none_by_itself_is_none() -> None:
    """Several sections have a `none`; without its section it says no more than that, and never "not applicable"."""
    assert codes.title("none") == "none"
    assert codes.label("sedation", "none") == "none"
