"""Contrast, gadolinium and allergies (dossier 4b)."""

from __future__ import annotations

import pytest
from guard_chart import guard, problem, reading, seen, status

AMIDES = (
    "lidocaine",
    "bupivacaine",
    "ropivacaine",
    "mepivacaine",
    "prilocaine",
    "levobupivacaine",
    "liposomal-bupivacaine",
)
IODINE = "therapy: epidural-steroid-injection, contrast: iodinated"


def allergy(substance: str, severity: str | None = None) -> str:
    said = f", severity: {severity}" if severity else ""
    return f"allergies:\n  - {{id: A-1, substance: {substance}{said}}}\n"


@pytest.mark.parametrize(
    ("severity", "milder", "severe"),
    [
        ("severe", "not_met", "met"),
        ("moderate", "met", "not_met"),
        ("mild", "met", "not_met"),
        ("unknown", "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_a_reaction_to_iodinated_contrast(severity: str | None, milder: str, severe: str) -> None:
    """4b: that the same class may be used is said of a mild reaction; it is never read beside an anaphylaxis."""
    chart = seen(allergy("iodinated-contrast", severity), request=IODINE)
    assert status("contrast-reaction", chart) == milder
    assert status("contrast-reaction-severe", chart) == severe
    assert guard("contrast-reaction").effect == "caution"
    assert guard("contrast-reaction-severe").decision == "hard_stop_change_plan"


def test_an_answer_yes_counts_without_an_entry() -> None:
    chart = seen(request=IODINE, answers={"contrast-allergy": "yes"})
    assert status("contrast-reaction", chart) == "not_met"
    assert status("contrast-reaction-unspecified", chart) == "met"
    assert "After a mild reaction" in guard("contrast-reaction").do
    assert "by mouth" in guard("contrast-reaction").do
    written = seen(allergy("iodinated-contrast", "mild"), request=IODINE, answers={"contrast-allergy": "yes"})
    assert status("contrast-reaction-unspecified", written) == "not_met"


def test_contrast_that_is_not_planned_is_not_asked() -> None:
    for contrast in ("none", "gadolinium"):
        chart = seen(reviewed=(), request=f"therapy: epidural-steroid-injection, contrast: {contrast}")
        assert status("contrast-reaction-severe", chart) == "not asked"
    assert (
        status("contrast-reaction-severe", seen(request="therapy: epidural-steroid-injection", reviewed=()))
        == "unknown"
    )
    assert status("contrast-reaction-severe", seen(request=IODINE, reviewed=())) == "unknown"
    assert status("contrast-reaction-severe", seen(request=IODINE)) == "not_met"


def test_shellfish_is_no_risk_by_itself() -> None:
    assert status("contrast-reaction", seen(allergy("shellfish", "severe"), request=IODINE)) == "not_met"
    assert status("contrast-reaction-severe", seen(allergy("shellfish", "severe"), request=IODINE)) == "not_met"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("therapy: epidural-steroid-injection, contrast: gadolinium", "met"),
        ("therapy: selective-nerve-root-block, agents: [{drug: gadolinium-contrast}]", "met"),
        ("therapy: epidural-steroid-injection, contrast: iodinated", "not_met"),
        ("therapy: epidural-steroid-injection", "not_met"),
        ("therapy: joint-injection, contrast: gadolinium", "not_met"),
        ("therapy: trigeminal-ganglion-procedure, contrast: gadolinium", "met"),
        ("therapy: intradiscal-injection, contrast: gadolinium", "met"),
    ],
)
def test_gadolinium_near_the_thecal_sac(request_: str, expected: str) -> None:
    assert status("gadolinium-neuraxial", seen(request=request_)) == expected
    assert guard("gadolinium-neuraxial").effect == "contraindicated"


@pytest.mark.parametrize(("egfr", "expected"), [("29", "met"), ("29.9", "met"), ("30", "not_met"), (None, "unknown")])
def test_gadolinium_and_the_kidney(egfr: str | None, expected: str) -> None:
    gadolinium = "therapy: joint-injection, contrast: gadolinium"
    labs = "labs:\n" + reading("egfr", egfr) if egfr else ""
    assert status("gadolinium-renal", seen(labs, request=gadolinium)) == expected
    assert status("gadolinium-renal", seen(labs)) == "not asked"
    assert status("gadolinium-renal", seen(problem("dialysis"), request=gadolinium)) == "met"


@pytest.mark.parametrize(
    ("substance", "agents", "expected"),
    [
        ("local-anesthetic-amide", "[{drug: lidocaine}]", "met"),
        *((drug, f"[{{drug: {drug}}}]", "met") for drug in AMIDES),
        ("local-anesthetic-amide", None, "met"),
        ("local-anesthetic-amide", "[{drug: chloroprocaine}]", "not asked"),
        ("latex", "[{drug: lidocaine}]", "not_met"),
    ],
)
def test_amides(substance: str, agents: str | None, expected: str) -> None:
    said = f", agents: {agents}" if agents else ""
    chart = seen(allergy(substance), request=f"therapy: medial-branch-block{said}")
    assert status("amide-allergy", chart) == expected


@pytest.mark.parametrize(
    ("substance", "drug", "macrogol", "excipient"),
    [
        ("polyethylene-glycol", "methylprednisolone", "met", "met"),
        ("polyethylene-glycol", "dexamethasone", "not asked", "met"),
        ("benzyl-alcohol", "triamcinolone", "not asked", "met"),
        ("carboxymethylcellulose", "triamcinolone", "not asked", "met"),
        ("sulfite", "dexamethasone", "not asked", "met"),
        ("latex", "methylprednisolone", "not_met", "not_met"),
        ("sulfite", "lidocaine", "not asked", "not asked"),
    ],
)
def test_excipients(substance: str, drug: str, macrogol: str, excipient: str) -> None:
    chart = seen(allergy(substance), request=f"therapy: epidural-steroid-injection, agents: [{{drug: {drug}}}]")
    assert status("steroid-macrogol", chart) == macrogol
    assert status("steroid-excipient", chart) == excipient


@pytest.mark.parametrize(
    ("substance", "request_", "expected"),
    [
        ("corticosteroid", "therapy: epidural-steroid-injection", "met"),
        ("corticosteroid", "therapy: joint-injection, agents: [{drug: triamcinolone}]", "met"),
        ("triamcinolone", "therapy: joint-injection, agents: [{drug: triamcinolone}]", "met"),
        ("triamcinolone", "therapy: joint-injection, agents: [{drug: hyaluronic-acid}]", "not_met"),
        ("antibiotic", "therapy: medial-branch-radiofrequency-ablation", "not_met"),
        ("local-anesthetic-ester", "therapy: medial-branch-block, agents: [{drug: chloroprocaine}]", "met"),
        ("local-anesthetic-ester", "therapy: medial-branch-block, agents: [{drug: tetracaine}]", "met"),
        ("local-anesthetic-ester", "therapy: medial-branch-block, agents: [{drug: lidocaine}]", "not_met"),
    ],
)
def test_an_allergy_to_what_is_given(substance: str, request_: str, expected: str) -> None:
    assert status("allergy-to-what-is-given", seen(allergy(substance), request=request_)) == expected


def test_a_drug_allergy_that_nobody_wrote_down() -> None:
    assert status("drug-allergy-unspecified", seen(answers={"drug-allergy": "yes"})) == "met"
    assert status("drug-allergy-unspecified", seen(answers={"drug-allergy": "no"})) == "not_met"
    assert status("drug-allergy-unspecified", seen()) == "not_met"
    for drug in ("antibiotic", "nsaid", "lidocaine", "other"):
        assert status("drug-allergy-unspecified", seen(allergy(drug), answers={"drug-allergy": "yes"})) == "not_met"
    for other in ("shellfish", "metal", "latex", "adhesive", "chlorhexidine", "povidone-iodine"):
        assert status("drug-allergy-unspecified", seen(allergy(other), answers={"drug-allergy": "yes"})) == "met"


@pytest.mark.parametrize("substance", ["latex", "chlorhexidine", "adhesive", "povidone-iodine"])
def test_what_touches_the_skin(substance: str) -> None:
    assert status("contact-allergy", seen(allergy(substance))) == "met"
    assert status("contact-allergy", seen()) == "not_met"
    assert status("contact-allergy", seen(reviewed=())) == "unknown"
    assert status("contact-allergy", seen(answers={"latex-allergy": "yes"})) == "met"
