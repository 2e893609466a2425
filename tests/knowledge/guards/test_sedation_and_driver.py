"""Sedation, fasting, driver, and what adds to sedation (dossier 4d, 4f, 5)."""

from __future__ import annotations

import pytest
from guard_chart import days_before, guard, medication, problem, seen, status

ESI = "therapy: epidural-steroid-injection"


@pytest.mark.parametrize(
    ("sedation", "deep", "moderate"),
    [
        ("none", "not asked", "not asked"),
        ("minimal", "not asked", "not asked"),
        ("moderate", "not asked", "met"),
        ("deep", "met", "not asked"),
        ("general-anesthesia", "met", "not asked"),
        (None, "unknown", "unknown"),
    ],
)
@pytest.mark.parametrize("therapy", [ESI, "therapy: medial-branch-radiofrequency-ablation"])
def test_depth(sedation: str | None, deep: str, moderate: str, therapy: str) -> None:
    """4d: none or light for epidural, facet and radiofrequency. What the request rules out is not asked."""
    chart = seen(request=therapy + (f", sedation: {sedation}" if sedation else ""))
    assert status("sedation-deep", chart) == deep
    assert status("sedation-moderate", chart) == moderate


def test_depth_is_not_asked_of_an_implant() -> None:
    assert (
        status("sedation-deep", seen(request="therapy: spinal-cord-stimulation-implant, sedation: deep")) == "not asked"
    )
    bone = "therapy: basivertebral-nerve-ablation, sedation: general-anesthesia"
    assert status("sedation-deep", seen(request=bone)) == "not asked"
    assert guard("sedation-deep").due == "day"
    assert guard("sedation-deep").effect == "contraindicated"


def test_a_diagnostic_block() -> None:
    block = "therapy: medial-branch-block, sedation: {}"
    assert status("sedation-diagnostic", seen(request=block.format("minimal"))) == "met"
    assert status("sedation-diagnostic", seen(request=block.format("none"))) == "not asked"
    assert status("sedation-diagnostic", seen(request="therapy: medial-branch-block")) == "unknown"
    joint = "therapy: sacroiliac-joint-injection, purpose: therapeutic, sedation: minimal"
    assert status("sedation-diagnostic", seen(request=joint)) == "not asked"


@pytest.mark.parametrize(("answer", "expected"), [("no", "met"), ("yes", "not_met"), (None, "unknown")])
def test_fasting(answer: str | None, expected: str) -> None:
    answers = {"fasting": answer} if answer else None
    for sedation in ("minimal", "moderate", "deep", "general-anesthesia"):
        assert status("not-fasting", seen(request=f"{ESI}, sedation: {sedation}", answers=answers)) == expected
    assert status("not-fasting", seen(request=ESI + ", sedation: none", answers=answers)) == "not asked"
    assert guard("not-fasting").due == "day"


@pytest.mark.parametrize(("id", "question"), [("not-fasting", "fasting"), ("no-driver", "driver")])
def test_an_answer_of_yesterday_is_asked_again(id: str, question: str) -> None:
    sedated = ESI + ", sedation: moderate"
    assert status(id, seen(request=sedated, answers={question: "yes"}, asked=days_before(0))) == "not_met"
    assert status(id, seen(request=sedated, answers={question: "yes"}, asked=days_before(1))) == "unknown"


@pytest.mark.parametrize(("answer", "expected"), [("no", "met"), ("yes", "not_met"), (None, "unknown")])
def test_driver(answer: str | None, expected: str) -> None:
    answers = {"driver": answer} if answer else None
    assert status("no-driver", seen(request=ESI, answers=answers)) == expected
    local = "therapy: trigger-point-injection, sedation: none"
    assert status("no-driver", seen(request=local, answers=answers)) == "not asked"
    assert status("no-driver", seen(request=local.replace("none", "minimal"), answers=answers)) == expected
    leg = "therapy: peripheral-nerve-block, region: lower-limb, sedation: none"
    assert status("no-driver", seen(request=leg, answers=answers)) == expected
    arm = "therapy: peripheral-nerve-block, region: upper-limb, sedation: none"
    assert status("no-driver", seen(request=arm, answers=answers)) == "not asked"
    patch = "therapy: epidural-blood-patch, sedation: none"
    assert status("no-driver", seen(request=patch, answers=answers)) == expected


@pytest.mark.parametrize(
    ("id", "chart"),
    [
        ("sedation-glp-1", medication("semaglutide")),
        ("sedation-additive", medication("oxycodone")),
        ("sedation-additive", medication("diazepam")),
        ("sedation-additive", problem("obstructive-sleep-apnea")),
    ],
)
def test_what_adds_to_sedation(id: str, chart: str) -> None:
    assert status(id, seen(chart, request=ESI + ", sedation: minimal")) == "met"
    assert status(id, seen(chart, request=ESI + ", sedation: none")) == "not asked"
    assert status(id, seen(request=ESI + ", sedation: minimal")) == "not_met"
    assert guard(id).effect == "caution"
    assert guard(id).due == "plan"


@pytest.mark.parametrize("drug", ["buprenorphine", "methadone"])
def test_opioids_that_go_on(drug: str) -> None:
    assert status("opioid-continues", seen(medication(drug))) == "met"
    assert status("opioid-continues", seen(medication("oxycodone"))) == "not_met"
    assert drug in guard("opioid-continues").forbids_holding


def test_naltrexone_before_an_implant() -> None:
    assert status("naltrexone-implant", seen(medication("naltrexone"), request="therapy: intrathecal-pump")) == "met"
    assert status("naltrexone-implant", seen(medication("naltrexone"))) == "not asked"


@pytest.mark.parametrize(
    ("drug", "purpose", "expected"),
    [
        ("oxycodone", "diagnostic", "met"),
        ("naproxen", "diagnostic", "not_met"),
        ("oxycodone", "therapeutic", "not asked"),
    ],
)
def test_opioids_before_a_diagnostic_block(drug: str, purpose: str, expected: str) -> None:
    id = "opioid-before-a-diagnostic-block"
    request = f"therapy: sacroiliac-joint-injection, purpose: {purpose}"
    assert status(id, seen(medication(drug), request=request)) == expected
    assert "24 to 48 hours" in guard(id).do


@pytest.mark.parametrize("drug", ["baclofen", "clonidine"])
@pytest.mark.parametrize(("route", "expected"), [("intrathecal", "met"), ("oral", "not_met"), (None, "unknown")])
def test_what_a_pump_holds_when_it_is_removed(drug: str, route: str | None, expected: str) -> None:
    """5, pump.baclofen_stop and pump.clonidine_stop; morphine has another row, ziconotide none."""
    id = f"{drug}-pump-explant"
    given = medication(drug, **({"route": route} if route else {}))
    assert status(id, seen(given, request="therapy: pump-explant")) == expected
    assert status(id, seen(given, request="therapy: pump-refill")) == "not asked"
    assert status(id, seen(medication("ziconotide", route="intrathecal"), request="therapy: pump-explant")) == "not_met"
    assert guard(id).effect == "caution"
