"""What a clinician reads on the screens: names instead of ids, days in words, sentences that can be read aloud."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from levamen.cli import main
from levamen.criteria.english import sentence
from levamen.criteria.nodes import (
    All,
    Among,
    Any,
    Choice,
    Cite,
    Compare,
    Exists,
    Facts,
    Field,
    IfThen,
    Limit,
    Not,
    Number,
    Stated,
)
from levamen.emit.mme import PACE_NAMES, PROMPT_NAMES
from levamen.emit.plan.words import restart_words
from levamen.knowledge.opioids import packaged_opioids
from levamen.pathway.opioids import prompt_ids
from levamen.record import codes
from levamen.record.facts import Device, Evaluation, Finding, Pain, Problem, called
from levamen.record.timeline import When

CHARTS = Path(__file__).parents[3] / "examples" / "charts"
CITE = Cite("NORIDIAN-QA", "Q1", "primary")
DAY = When.on(date(2026, 3, 2))
DRUGS = Among(Field("subject", "drugs"), (Choice("a", frozenset({"lidocaine"}), CITE),))


def on_screen(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert main([*command[:1], str(CHARTS / f"{command[1]}.yaml"), *command[2:]]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_plan_and_flags_give_one_hour_for_the_referral(capsys: pytest.CaptureFixture[str]) -> None:
    """Told at 8:50, referred within the hour (S82): 9:50 stands in the flags, the assessment and the plan alike."""
    name = "flag-cauda-equina-after-an-epidural"
    assert "by 29 Mar 2026, 09:50 (UTC+02:00): Refer to the emergency spine service" in on_screen(capsys, "flags", name)
    told = on_screen(capsys, "assess", name)
    assert "Do by 29 Mar 2026, 09:50 (UTC+02:00): Refer to the emergency spine service" in told
    assert "Do at once: Emergency pathway for abscess" in told
    plan = on_screen(capsys, "plan", name)
    assert "Sun 29 Mar 2026, 09:50: Refer to the emergency spine service" in plan
    assert "Sun 29 Mar 2026, 08:50: Refer" not in plan


def test_infection_with_weakness_does_not_wait_for_the_end_of_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    """`E0 if neurological or septic, else the same day` (S87): with a weak leg the day is not the time allowed."""
    name = "flag-spinal-infection-with-weakness"
    flags = on_screen(capsys, "flags", name).partition("Same day to one week")[0]
    assert "Do (pain physician): C-reactive protein or sedimentation rate" in flags
    assert "by the end of 8 Jun 2026" not in flags
    assert "Do at once: C-reactive protein or sedimentation rate" in on_screen(capsys, "assess", name)
    assert "Mon 08 Jun 2026, 00:00: C-reactive protein or sedimentation rate" in on_screen(capsys, "plan", name)


def test_end_of_a_day_is_told_as_that_day(capsys: pytest.CaptureFixture[str]) -> None:
    """A surgical opinion within a week, by the end of 15 June, is not a task of the 16th."""
    name = "flag-spinal-infection-with-weakness"
    assert "By: the end of 15 Jun 2026" in on_screen(capsys, "flags", name)
    assert "Mon 15 Jun 2026, 23:59: Surgical opinion" in on_screen(capsys, "plan", name)


def test_plan_names_roles_sources_and_days(capsys: pytest.CaptureFixture[str]) -> None:
    """A role, a source and a day are never an id or a bare number."""
    said = on_screen(capsys, "plan", "plan-warfarin-back-and-neck", "--request", "R-2")
    assert "(pain physician)" in said
    assert "pain-physician" not in said
    assert "UTD-ASRA-CLASS: Classification of bleeding risk for selected interventional pain procedures" in said
    assert "FDA-DSC-2014, safety announcement 23 Apr 2014" in said
    assert "5 days, restart at once, last dose Wed 29 Apr 2026, 18:00" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [("6 hours", "restart after 6 hours"), ("0 hours", "restart at once"), ("", ""), (None, "")],
)
def test_restart_at_once(given: str | None, said: str) -> None:
    """No hours are said as at once; what a profile does not give is left out."""
    assert restart_words(given) == said


def test_facts_are_called_by_the_words_of_their_own_section() -> None:
    """One id may be a pattern and a condition; a judgement and a device have names; a site reads as English."""
    problem = Problem(id="PR-1", concept="neurogenic-claudication", since=DAY)
    assert called(problem).startswith("Neurogenic claudication of ")
    assert called(Problem(id="PR-2", concept="cancer", since=DAY)).startswith("Cancer, active of ")
    assert called(Finding(id="F-1", concept="disc-herniation", date=DAY)) == "disc herniation of 2026-03-02"
    assert called(Evaluation(id="E-1", kind="judgement", date=DAY)) == "recorded judgement of 2026-03-02"
    assert called(Device(id="D-1", kind="intrathecal-pump")) == "intrathecal pump"
    assert called(Pain(id="PN-1", site="sacroiliac")) == "the pain over the sacroiliac joint"
    assert called(Pain(id="PN-2", site="widespread")) == "the widespread pain"
    assert called(Pain(id="PN-3", site="low-back")) == "the pain in the low back"
    for site in codes.ids("pain_sites"):
        assert " in the over" not in called(Pain(id="PN-4", site=site))


def test_sentences_agree_in_number() -> None:
    """Several drugs include one; joints number so many."""
    assert sentence(DRUGS) == "The drugs of the request include lidocaine."
    assert sentence(Not(DRUGS)) == "The drugs of the request do not include lidocaine."
    at_most = Limit("levels", "<=", Decimal(2), CITE)
    joints = Compare(Number(Field("subject", "joints")), (at_most,))
    assert sentence(joints) == "The joints of the request number at most 2."
    assert sentence(Any((All((DRUGS, joints)), joints))).startswith("(The drugs of the request include lidocaine; and ")


def test_condition_on_what_is_asked_anyway_is_not_said() -> None:
    """`if A: B; and B` says no more than B, and is not written twice; `if A: B; and C` says all of it."""
    asked = Exists(Facts("findings", "trigger point"))
    absent = Exists(Facts("findings", "trigger point looked for and absent"))
    assert sentence(All((IfThen(absent, asked), asked))) == "There is a trigger point."
    other = Stated(Field("subject", "sedation"))
    assert sentence(All((IfThen(absent, asked), other))).count("trigger point") == 2


def test_every_prompt_and_pace_has_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    """What may deserve a look is named in words, and so is each published pace."""
    assert set(PROMPT_NAMES) == prompt_ids()
    assert set(PACE_NAMES) == {rule.id for rule in packaged_opioids().tapers}
    said = on_screen(capsys, "mme", "mme-taper-too-fast")
    assert "Fast taper: HHS guide: 75 % less by 15 Jun 2026" in said
    assert "hhs-common" not in said
    assert "rapid-taper" not in said


def test_flags_name_no_working_paper(capsys: pytest.CaptureFixture[str]) -> None:
    """A place in a source is one that a reader can look up, or says that no source was found."""
    said = on_screen(capsys, "flags", "flag-cauda-equina-after-an-epidural")
    assert "dossier" not in said
    assert "NO-SOURCE: No source found" in said
