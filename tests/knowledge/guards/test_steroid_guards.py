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
    earlier = (
        "procedures:\n  - {id: P-1, therapy: epidural-steroid-injection, date: 2025-11-03, approach: transforaminal, "
        "region: lumbar, status: done}\n"
    )
    assert status(id, seen(request=injection())) == "met"
    assert status(id, seen(earlier, request=injection())) == "not_met"
    assert status(id, seen(request=injection(drug="dexamethasone"))) == "not_met"
    assert status(id, seen(request=injection("interlaminar"))) == "not asked"
    assert guard(id).effect == "caution"


@pytest.mark.parametrize("drug", ["hydrocortisone", "prednisolone", "betamethasone-sodium-phosphate"])
def test_a_steroid_whose_salt_decides(drug: str) -> None:
    assert status("particulate-by-salt", seen(request=injection(region="cervical", drug=drug))) == "met"
    assert status("particulate-by-salt", seen(request=injection("interlaminar", drug=drug))) == "not asked"


@pytest.mark.parametrize(
    ("contrast", "drug", "expected"),
    [("none", "triamcinolone", "met"), ("none", "dexamethasone", "not_met"), ("iodinated", "triamcinolone", "not_met")],
)
def test_without_contrast(contrast: str, drug: str, expected: str) -> None:
    chart = seen(request=injection(drug=drug, contrast=contrast))
    assert status("particulate-without-contrast", chart) == expected


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


def test_warfarin_and_latent_infection() -> None:
    assert status("steroid-and-warfarin", seen(medication("warfarin"), request=injection())) == "met"
    assert status("steroid-and-warfarin", seen(medication("apixaban"), request=injection())) == "not_met"
    assert status("latent-infection", seen(problem("chronic-latent-infection"), request=injection())) == "met"
    assert status("latent-infection", seen(request=injection())) == "not_met"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (injection("caudal"), "met"),
        ("therapy: epidural-steroid-injection", "met"),
        ("therapy: epidural-adhesiolysis, agents: [{drug: triamcinolone}]", "met"),
        ("therapy: epidural-adhesiolysis, agents: [{drug: hypertonic-saline}]", "not_met"),
        ("therapy: joint-injection, agents: [{drug: triamcinolone}]", "not_met"),
    ],
)
def test_the_warning_is_told(request_: str, expected: str) -> None:
    assert status("epidural-steroid-warning", seen(request=request_)) == expected
    assert guard("epidural-steroid-warning").effect == "caution"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("C2-3", "met"),
        ("C3-4", "met"),
        ("C4-5", "met"),
        ("C5-6", "met"),
        ("C6-7", "not_met"),
        ("C7-T1", "not_met"),
        (None, "unknown"),
    ],
)
def test_the_level_of_a_cervical_interlaminar_injection(level: str | None, expected: str) -> None:
    more = {"interspaces": f"[{level}]"} if level else {}
    chart = seen(request=injection("interlaminar", "cervical", **more))
    assert status("cervical-interlaminar-level", chart) == expected
    assert status("cervical-interlaminar-level", seen(request=injection("interlaminar", "lumbar"))) == "not asked"


@pytest.mark.parametrize(("present", "expected"), [("true", "not_met"), ("false", "met"), (None, "unknown")])
def test_imaging_before_a_cervical_interlaminar_injection(present: str | None, expected: str) -> None:
    image = (
        "findings:\n  - {id: F-1, concept: adequate-epidural-space, method: mri, date: 2026-01-10, "
        f"region: cervical, present: {present}}}\n"
        if present
        else ""
    )
    chart = seen(image, request=injection("interlaminar", "cervical"))
    assert status("cervical-imaging-reviewed", chart) == expected


@pytest.mark.parametrize(
    ("guidance", "expected"), [("landmark", "met"), ("fluoroscopy", "not_met"), ("ct", "not_met"), (None, "unknown")]
)
def test_image_guidance(guidance: str | None, expected: str) -> None:
    more = {"guidance": guidance} if guidance else {}
    assert status("epidural-without-imaging", seen(request=injection("interlaminar", **more))) == expected
