"""Steroid by route and region, boosters, and what the patient is told (dossier 3a, 3b, 3f, 4f)."""

from __future__ import annotations

from datetime import date

import pytest
from guard_chart import clear_from, guard, medication, problem, seen, status


def injection(
    approach: str = "transforaminal", region: str = "lumbar", drug: str | None = "triamcinolone", **more: str
) -> str:
    said = {"approach": approach, "region": region, **more}
    if drug is not None:
        said["agents"] = f"[{{drug: {drug}}}]"
    return "therapy: epidural-steroid-injection" + "".join(f", {key}: {word}" for key, word in said.items())


EARLIER = (
    "procedures:\n  - {id: P-1, therapy: epidural-steroid-injection, date: 2025-11-03, approach: transforaminal, "
    "region: lumbar, status: done}\n"
)
PARTICULATE = ("triamcinolone", "methylprednisolone", "betamethasone", "triamcinolone-extended-release")


@pytest.mark.parametrize("region", ["cervical", "thoracic"])
@pytest.mark.parametrize("drug", PARTICULATE)
def test_no_particles_through_a_cervical_or_thoracic_foramen(region: str, drug: str) -> None:
    id = f"particulate-{region}-transforaminal"
    assert status(id, seen(request=injection(region=region, drug=drug))) == "met"
    assert guard(id).effect == "contraindicated"
    assert guard(id).decision == "hard_stop_change_plan"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (injection(region="cervical", drug="dexamethasone"), "not_met"),
        (injection(region="cervical", drug=None), "unknown"),
        (injection("interlaminar", "cervical"), "not asked"),
        (injection(region="lumbar"), "not asked"),
        ("therapy: epidural-steroid-injection, region: cervical, agents: [{drug: triamcinolone}]", "met"),
        ("therapy: selective-nerve-root-block, region: cervical, agents: [{drug: triamcinolone}]", "met"),
        ("therapy: selective-nerve-root-block, region: cervical, agents: [{drug: lidocaine}]", "not_met"),
        ("therapy: medial-branch-block, region: cervical, agents: [{drug: triamcinolone}]", "not asked"),
    ],
)
def test_where_particles_are_asked_about(request_: str, expected: str) -> None:
    assert status("particulate-cervical-transforaminal", seen(request=request_)) == expected


def test_the_thoracic_rule_is_marked_as_ours() -> None:
    assert {cite.mark for cite in guard("particulate-thoracic-transforaminal").cites} == {"unverified", "secondary"}
    assert {cite.mark for cite in guard("particulate-cervical-transforaminal").cites} == {"secondary"}


def test_the_first_lumbar_transforaminal_injection() -> None:
    id = "particulate-lumbar-transforaminal-first"
    assert status(id, seen(request=injection())) == "met"
    assert status(id, seen(EARLIER, request=injection())) == "not_met"
    assert status(id, seen(request=injection(drug="dexamethasone"))) == "not_met"
    assert status(id, seen(request=injection("interlaminar"))) == "not asked"
    assert guard(id).effect == "caution"


@pytest.mark.parametrize("drug", ["hydrocortisone", "prednisolone", "betamethasone-sodium-phosphate"])
def test_a_steroid_whose_salt_decides(drug: str) -> None:
    id, lumbar = "particulate-by-salt", "particulate-by-salt-lumbar-first"
    assert status(id, seen(request=injection(region="cervical", drug=drug))) == "met"
    assert status(id, seen(request=injection(region="thoracic", drug=drug))) == "met"
    assert status(id, seen(request=injection("interlaminar", drug=drug))) == "not asked"
    assert status(lumbar, seen(request=injection(region="cervical", drug=drug))) == "not asked"
    assert status(lumbar, seen(request=injection("interlaminar", drug=drug))) == "not asked"


def test_a_steroid_that_may_be_particulate_weighs_no_more_than_one_that_is() -> None:
    """3b: in the back a particulate steroid is a caution the first time, and stops only without contrast."""
    by_salt = injection(drug="hydrocortisone", contrast="iodinated")
    assert status("particulate-by-salt", seen(request=by_salt)) == "not asked"
    assert status("particulate-by-salt-lumbar-first", seen(request=by_salt)) == "met"
    assert guard("particulate-by-salt-lumbar-first").effect == "caution"
    assert status("particulate-by-salt-lumbar-first", seen(EARLIER, request=by_salt)) == "not_met"
    assert status("particulate-by-salt", seen(request=injection(drug="hydrocortisone", contrast="none"))) == "met"
    assert status("particulate-by-salt-lumbar-first", seen(request=injection(drug="dexamethasone"))) == "not_met"


@pytest.mark.parametrize(
    ("contrast", "drug", "expected"),
    [("none", "triamcinolone", "met"), ("none", "dexamethasone", "not_met"), ("iodinated", "triamcinolone", "not_met")],
)
def test_without_contrast(contrast: str, drug: str, expected: str) -> None:
    chart = seen(request=injection(drug=drug, contrast=contrast))
    assert status("particulate-without-contrast", chart) == expected


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (injection(drug="dexamethasone", contrast="none"), "met"),
        (injection(drug="triamcinolone", contrast="none"), "not_met"),
        (injection(drug="dexamethasone", contrast="iodinated"), "not asked"),
        (injection(drug="lidocaine", contrast="none"), "not asked"),
        (injection(drug=None, contrast="none"), "unknown"),
        (injection("interlaminar", drug="dexamethasone", contrast="none"), "not asked"),
    ],
)
def test_without_contrast_the_steroid_is_free_of_preservative(request_: str, expected: str) -> None:
    id = "preservative-without-contrast"
    assert status(id, seen(request=request_)) == expected
    assert guard(id).effect == "caution"
    assert "preservative" in guard(id).do


@pytest.mark.parametrize("booster", ["ritonavir", "cobicistat"])
@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        ("triamcinolone", "met"),
        ("methylprednisolone", "met"),
        ("prednisolone", "met"),
        ("triamcinolone-extended-release", "met"),
        ("dexamethasone", "not_met"),
        (None, "unknown"),
    ],
)
def test_boosters(booster: str, drug: str | None, expected: str) -> None:
    chart = seen(medication(booster, start="2020-01-01"), request=injection("interlaminar", drug=drug))
    assert status("steroid-and-booster", chart) == expected
    assert guard("steroid-and-booster").decision == "hard_stop_change_plan"


def test_a_booster_without_steroid_or_a_steroid_without_booster() -> None:
    ablation = "therapy: medial-branch-radiofrequency-ablation"
    assert status("steroid-and-booster", seen(medication("ritonavir"), request=ablation)) == "not asked"
    assert status("steroid-and-booster", seen(request=injection("interlaminar"))) == "not_met"
    assert status("steroid-and-booster", seen(request=injection("interlaminar", drug=None))) == "not_met"
    assert status("steroid-and-booster", seen(request=injection("interlaminar"), reviewed=())) == "unknown"
    told = seen(request=injection("interlaminar"), answers={"hiv-treatment": "yes"})
    assert status("steroid-and-booster", told) == "met"
    shot = "therapy: joint-injection, agents: [{drug: triamcinolone}]"
    assert status("steroid-and-booster", seen(medication("cobicistat"), request=shot)) == "met"


@pytest.mark.parametrize(("end", "expected"), [("2026-03-12", "met"), ("2026-03-11", "not_met")])
def test_five_days_after_ritonavir(end: str, expected: str) -> None:
    chart = seen(medication("ritonavir", start="2026-03-05", end=end), request=injection("interlaminar"))
    assert status("steroid-after-booster", chart) == expected
    if expected == "met":
        assert clear_from("steroid-after-booster", chart) == date(2026, 3, 17)


@pytest.mark.parametrize("drug", ["itraconazole", "ketoconazole", "posaconazole", "voriconazole", "clarithromycin"])
def test_other_strong_inhibitors_warn(drug: str) -> None:
    assert status("steroid-and-strong-inhibitor", seen(medication(drug), request=injection("interlaminar"))) == "met"
    assert guard("steroid-and-strong-inhibitor").effect == "caution"
    assert status("steroid-and-booster", seen(medication(drug), request=injection("interlaminar"))) == "not_met"


def test_warfarin() -> None:
    assert status("steroid-and-warfarin", seen(medication("warfarin"), request=injection())) == "met"
    assert status("steroid-and-warfarin", seen(medication("apixaban"), request=injection())) == "not_met"


@pytest.mark.parametrize(
    ("drug", "expected"),
    [*((drug, "met") for drug in PARTICULATE), ("dexamethasone", "not_met"), ("lidocaine", "not asked"),
     (None, "unknown")],
)  # fmt: skip
def test_a_latent_infection_is_treated_before_a_depot_steroid(drug: str | None, expected: str) -> None:
    id = "latent-infection"
    assert status(id, seen(problem("chronic-latent-infection"), request=injection(drug=drug))) == expected
    assert guard(id).effect == "defer"
    assert status(id, seen(request=injection())) == "not_met"
    assert status(id, seen(request=injection(), reviewed=())) == "unknown"
    treated = problem("chronic-latent-infection", status="resolved")
    assert status(id, seen(treated, request=injection())) == "not_met"


@pytest.mark.parametrize(
    ("drug", "expected"), [("dexamethasone", "met"), ("triamcinolone", "not_met"), (None, "unknown")]
)
def test_dexamethasone_with_a_booster_only_if_the_team_agrees(drug: str | None, expected: str) -> None:
    """3f: it is no free alternative; it may lower the level of the protease inhibitor."""
    id = "dexamethasone-and-booster"
    request = injection("interlaminar", drug=drug)
    assert status(id, seen(medication("cobicistat", start="2020-01-01"), request=request)) == expected
    assert status(id, seen(request=request)) == "not_met"
    assert guard(id).decision == "shared_decision_required"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (injection("caudal"), "met"),
        ("therapy: epidural-steroid-injection", "met"),
        ("therapy: epidural-adhesiolysis, agents: [{drug: triamcinolone}]", "met"),
        ("therapy: selective-nerve-root-block, agents: [{drug: dexamethasone}]", "met"),
        ("therapy: selective-nerve-root-block, agents: [{drug: lidocaine}]", "not_met"),
        ("therapy: epidural-adhesiolysis, agents: [{drug: hypertonic-saline}]", "not_met"),
        ("therapy: joint-injection, agents: [{drug: triamcinolone}]", "not_met"),
    ],
)
def test_the_warning_is_told(request_: str, expected: str) -> None:
    assert status("epidural-steroid-warning", seen(request=request_)) == expected
    assert guard("epidural-steroid-warning").effect == "caution"
