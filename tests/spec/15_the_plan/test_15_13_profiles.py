"""Several guidelines side by side"""

from __future__ import annotations

from appointment import APIXABAN, LOW, clock, plan_of, refusal

from levamen.knowledge.holds import packaged_profiles

CAUDAL = "therapy: epidural-steroid-injection, approach: caudal, region: sacral, guidance: fluoroscopy"


def test_active_profile() -> None:
    """Unless another is named, the profile of ASRA 2018 governs: apixaban 3 days before a caudal epidural (ADR 0007,
    1)."""
    found = plan_of(APIXABAN, CAUDAL)
    assert found.active.profile == "asra-pain-2018"
    assert clock(found.active.drugs[0].stop_at) == "2026-04-12 09:30"


def test_every_profile_that_speaks_is_shown_beside() -> None:
    """ASIPP holds apixaban for 1 day before the same needle. Both are shown, neither is averaged, and the active one
    governs (ADR 0007, 1)."""
    found = plan_of(APIXABAN, CAUDAL)
    asipp = next(other for other in found.others if other.profile == "asipp-2024")
    assert (asipp.drugs[0].hold, clock(asipp.drugs[0].stop_at)) == ("1 day", "2026-04-14 09:30")


def test_profile_that_does_not_speak_of_the_procedure_is_not_shown() -> None:
    """The regional anaesthesia guideline says nothing of a medial branch block, so it is not beside it (ADR 0007,
    1)."""
    assert "asra-ra-2025" in {other.profile for other in plan_of(APIXABAN, CAUDAL).others}
    assert "asra-ra-2025" not in {other.profile for other in plan_of(APIXABAN, LOW).others}


def test_strictest_of_those_that_are_named() -> None:
    """Where a clinic names two, each drug follows the stricter: 3 days, not 1, whichever is named first (ADR 0007,
    1)."""
    for profiles in (["asra-pain-2018", "asipp-2024"], ["asipp-2024", "asra-pain-2018"]):
        (apixaban,) = plan_of(APIXABAN, CAUDAL, profiles=profiles).active.drugs
        assert clock(apixaban.stop_at) == "2026-04-12 09:30"


def test_strictest_is_of_each_drug() -> None:
    """Aspirin is a shared decision before a caudal epidural under both; clopidogrel is held 7 days under ASRA and has
    no rule there under ASIPP, which is worse: ask its prescriber (ADR 0007, 1)."""
    chart = """
        medications: [{id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease}]
        """
    alone = plan_of(chart, CAUDAL).active.drugs[0]
    both = plan_of(chart, CAUDAL, profiles=["asra-pain-2018", "asipp-2024"]).active.drugs[0]
    assert (alone.decision, both.decision) == ("hold_with_plan", "do_not_hold_without_prescriber")


def test_profile_that_nobody_knows() -> None:
    """A profile that does not exist is refused in one sentence that names those that do (ADR 0007, 1)."""
    assert refusal("", profiles=["asra"]) == (
        f"'asra' is no hold profile; known: {', '.join(sorted(packaged_profiles()))}"
    )
