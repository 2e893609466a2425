"""Dose, route and indication choose the row"""

from __future__ import annotations

import pytest
from appointment import INTERMEDIATE, clock, drug_of

KIDNEYS = """
    labs: [{id: L-1, test: creatinine, value: 0.9, unit: mg/dL, at: 2026-03-25}]
    """
ENOXAPARIN = """
    labs: [{{id: L-1, test: creatinine, value: 0.9, unit: mg/dL, at: 2026-03-25}}]
    medications: [{{id: M-1, drug: enoxaparin, {dose}times: ["20:00"], indication: atrial-fibrillation}}]
    """
HEPARIN = """
    medications: [{{id: M-1, drug: heparin, dose: 5000 IU, {route}times: ["20:00"], indication: atrial-fibrillation}}]
    """
CAUDAL = "therapy: epidural-steroid-injection, approach: caudal, region: sacral, guidance: fluoroscopy"


@pytest.mark.parametrize(
    ("dose", "stop_at"),
    [
        ("dose: 40 mg, ", "2026-04-14 21:30"),
        ("dose: 41 mg, ", "2026-04-14 09:30"),
        ("dose: 80 mg, ", "2026-04-14 09:30"),
    ],
)
def test_dose_band(dose: str, stop_at: str) -> None:
    """Enoxaparin up to 40 mg a day is a low dose and held 12 hours; above that it is held 24 (ADR 0007, 10)."""
    assert clock(drug_of(ENOXAPARIN.format(dose=dose)).stop_at) == stop_at


def test_unknown_dose_is_the_longest_hold() -> None:
    """A dose that nobody wrote down may be the high one: the longest hold and the latest restart of all bands apply,
    the dose is asked, and the plan is not final (ADR 0007, 10)."""
    found = drug_of(ENOXAPARIN.format(dose=""))
    assert (clock(found.stop_at), found.final) == ("2026-04-14 09:30", False)
    assert any("dose of enoxaparin" in missing.what for missing in found.missing)


@pytest.mark.parametrize(
    ("route", "restart"),
    [
        ("route: intravenous, ", "2026-04-15 12:00"),
        ("route: subcutaneous, ", "2026-04-15 18:00"),
        ("", "2026-04-15 18:00"),
    ],
)
def test_route(route: str, restart: str) -> None:
    """Heparin is held 6 hours by either route before class intermediate, and taken again 2 hours after an infusion, 8
    hours after an injection under the skin. Without a route the later restart applies (ADR 0007, 10)."""
    found = drug_of(HEPARIN.format(route=route))
    assert (clock(found.stop_at), clock(found.restart_from)) == ("2026-04-15 03:30", restart)


def test_route_that_is_not_known_is_asked() -> None:
    """Before class high the routes differ: 6 hours for an infusion, 24 under the skin. The longer applies, and the
    route is asked (ADR 0007, 10)."""
    found = drug_of(HEPARIN.format(route=""), "therapy: spinal-cord-stimulation-implant")
    assert clock(found.stop_at) == "2026-04-14 09:30"
    assert any("route of heparin" in missing.what for missing in found.missing)


@pytest.mark.parametrize(
    ("person", "stop_at"),
    [
        ("{birth_date: 1966-04-15, sex: male, weight_kg: 72}", "2026-04-13 21:30"),
        ("{birth_date: 1946-04-16, sex: male, weight_kg: 60}", "2026-04-13 21:30"),
        ("{birth_date: 1946-04-15, sex: male, weight_kg: 60.1}", "2026-04-13 21:30"),
        ("{birth_date: 1946-04-15, sex: male, weight_kg: 60}", "2026-04-12 09:30"),
    ],
)
def test_small_dose_for_a_body_that_keeps_more(person: str, stop_at: str) -> None:
    """Apixaban 2.5 mg twice a day is a low dose, which regional anaesthesia holds 36 hours. Given to somebody of 80
    years or more with 60 kg or less it is a high dose, held 72 (ADR 0007, 10)."""
    chart = f"""
        person: {person}
        labs: [{{id: L-1, test: creatinine, value: 0.9, unit: mg/dL, at: 2026-03-25}}]
        medications:
          - {{id: M-1, drug: apixaban, dose: 2.5 mg, times: ["08:00", "20:00"], indication: atrial-fibrillation}}
        """
    assert clock(drug_of(chart, CAUDAL, profiles=["asra-ra-2025"]).stop_at) == stop_at


@pytest.mark.parametrize(
    ("indication", "decision"),
    [("cardiovascular-primary-prevention", "shared_decision_required"), ("stroke", "shared_decision_required")],
)
def test_indication(indication: str, decision: str) -> None:
    """Before class intermediate aspirin is a shared decision whatever it is for; before class high only primary
    prevention is simply held (ADR 0007, 10)."""
    chart = f"""
        medications: [{{id: M-1, drug: aspirin, dose: 100 mg, times: ["08:00"], indication: {indication}}}]
        """
    assert drug_of(chart, INTERMEDIATE).decision == decision
