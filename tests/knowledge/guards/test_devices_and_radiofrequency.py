"""Devices before radiofrequency, stimulation and MRI (dossier 4d)."""

from __future__ import annotations

import pytest
from guard_chart import guard, problem, seen, status

ABLATION = "therapy: medial-branch-radiofrequency-ablation, technique: thermal, region: lumbar"


def device(kind: str) -> str:
    return f"devices:\n  - {{id: D-1, kind: {kind}, implanted: 2020-01-01}}\n"


def cleared(date: str, conclusion: str = "suitable") -> str:
    return f"evaluations:\n  - {{id: E-1, kind: medical-clearance, date: {date}, conclusion: {conclusion}}}\n"


ROWS = [
    ("radiofrequency-pacemaker", "pacemaker", "2025-03-16", "2025-03-15"),
    ("radiofrequency-defibrillator", "implantable-cardioverter-defibrillator", "2025-09-16", "2025-09-15"),
    ("radiofrequency-resynchronization", "cardiac-resynchronization-device", "2025-12-16", "2025-12-15"),
]


@pytest.mark.parametrize(("id", "kind", "fresh", "old"), ROWS)
def test_a_cardiac_device_needs_a_plan(id: str, kind: str, fresh: str, old: str) -> None:
    assert status(id, seen(device(kind), request=ABLATION)) == "met"
    assert status(id, seen(device(kind) + cleared(fresh), request=ABLATION)) == "not_met"
    assert status(id, seen(device(kind) + cleared(old), request=ABLATION)) == "met"
    assert status(id, seen(device(kind) + cleared(fresh, "unsuitable"), request=ABLATION)) == "met"
    assert status("radiofrequency-cardiac-device", seen(device(kind) + cleared(fresh), request=ABLATION)) == "met"


@pytest.mark.parametrize("id", [row[0] for row in ROWS] + ["radiofrequency-neurostimulator"])
def test_asked_only_for_radiofrequency(id: str) -> None:
    assert status(id, seen(request=ABLATION)) == "not_met"
    assert status(id, seen(request=ABLATION, reviewed=("problems",))) == "unknown"
    assert status(id, seen(request=ABLATION, reviewed=(), answers={"implants": "no"})) == "not_met"
    assert status(id, seen(reviewed=())) == "not asked"
    laser = "therapy: medial-branch-radiofrequency-ablation, technique: laser"
    assert status(id, seen(request=laser, reviewed=())) == "not asked"
    unnamed = "therapy: medial-branch-radiofrequency-ablation"
    assert status(id, seen(request=unnamed, reviewed=())) == "unknown"


def test_what_is_on_record_outweighs_an_answer_that_there_is_none() -> None:
    chart = seen(problem("pacemaker"), request=ABLATION, reviewed=(), answers={"implants": "no"})
    assert status("radiofrequency-pacemaker", chart) == "met"


@pytest.mark.parametrize("kind", ["spinal-cord-stimulator", "deep-brain-stimulator", "trial-lead", "intrathecal-pump"])
def test_a_stimulator_or_pump(kind: str) -> None:
    assert status("radiofrequency-neurostimulator", seen(device(kind), request=ABLATION)) == "met"
    assert guard("radiofrequency-neurostimulator").decision == "shared_decision_required"


def test_a_defibrillator_and_the_neck() -> None:
    neck = ABLATION.replace("lumbar", "cervical")
    chart = device("implantable-cardioverter-defibrillator")
    assert status("radiofrequency-cervical-defibrillator", seen(chart, request=neck)) == "met"
    assert status("radiofrequency-cervical-defibrillator", seen(chart, request=ABLATION)) == "not asked"
    assert status("radiofrequency-cervical-defibrillator", seen(device("pacemaker"), request=neck)) == "not_met"


def test_stimulation_with_a_cardiac_device() -> None:
    trial = "therapy: spinal-cord-stimulation-trial"
    assert status("stimulation-cardiac-device", seen(device("pacemaker"), request=trial)) == "met"
    assert (
        status("stimulation-cardiac-device", seen(device("pacemaker") + cleared("2026-01-05"), request=trial))
        == "not_met"
    )
    assert status("stimulation-cardiac-device", seen(device("pacemaker"))) == "not asked"


def test_mri() -> None:
    guided = "therapy: sympathetic-block, guidance: mri"
    assert status("mri-device", seen(device("pacemaker"), request=guided)) == "met"
    assert status("mri-device", seen(request=guided)) == "not_met"
    assert (
        status("mri-device", seen(device("pacemaker"), request="therapy: sympathetic-block, guidance: ct"))
        == "not asked"
    )
    # No guidance is named, or none is used: no MRI is planned.
    assert status("mri-device", seen(device("pacemaker"), request="therapy: sympathetic-block")) == "not asked"
    assert status("mri-device", seen(device("pacemaker"), request="therapy: sympathetic-block, guidance: none")) == (
        "not asked"
    )
    implant = "therapy: spinal-cord-stimulation-implant"
    assert status("mri-after-implant", seen(request=implant, answers={"mri-need": "yes"})) == "met"
    assert status("mri-after-implant", seen(request=implant, answers={"mri-need": "no"})) == "not_met"
