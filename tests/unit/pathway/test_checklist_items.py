"""Which rows of the checklists apply to a request: what surely does not apply is left out, what may apply is kept."""

from __future__ import annotations

from typing import Any

import pytest

from levamen.knowledge.checklists import packaged_checklists
from levamen.pathway.checklists import (
    Item,
    Known,
    call_script,
    discharge_for,
    events_for,
    guidance_for,
    longest_observation,
    monitoring_for,
    questions_for,
    read_aloud,
    red_flags_for,
    time_out_for,
)
from levamen.record.facts import Agent, Request

CLEAR = Known(classes=frozenset(), bleeding="low", devices=frozenset(), events=frozenset())
LIDOCAINE = (Agent(drug="lidocaine"),)
DEXAMETHASONE = (Agent(drug="dexamethasone"), Agent(drug="lidocaine"))


def request(therapy: str | None = "epidural-steroid-injection", **fields: Any) -> Request:
    return Request(id="R-1", therapy=therapy, **fields)


ESI = request(region="lumbar", approach="interlaminar", sedation="none", agents=DEXAMETHASONE, side="left")
TRIGGER = request("trigger-point-injection", region="lower-limb", sedation="none", agents=LIDOCAINE)
REFILL = request("pump-refill", sedation="none")


def sure(items: tuple[Item[Any], ...]) -> set[str]:
    return {item.row.id for item in items if not item.unsure}


def maybe(items: tuple[Item[Any], ...]) -> set[str]:
    return {item.row.id for item in items if item.unsure}


def test_steroid_questions_go_with_steroid() -> None:
    steroid = {"recent-steroids", "hiv-treatment", "glucose-today", "recent-vaccine", "planned-surgery", "diabetes"}
    assert steroid <= sure(questions_for(ESI, CLEAR))
    without = questions_for(TRIGGER, CLEAR)
    assert not steroid & (sure(without) | maybe(without))


def test_drugs_not_named_keep_the_steroid_questions_with_the_reason() -> None:
    found = {item.row.id: item.unsure for item in questions_for(request("medial-branch-block"), CLEAR)}
    assert found["recent-steroids"] == ("the drugs to be given are not all recorded",)
    assert found["fever"] == ()


def test_a_drug_of_no_known_class_is_not_taken_for_none() -> None:
    strange = request("medial-branch-block", agents=(Agent(drug="unheard-of"), Agent(drug="lidocaine")))
    assert "recent-steroids" in maybe(questions_for(strange, CLEAR))


def test_questions_by_the_day_they_are_due() -> None:
    day, plan = questions_for(ESI, CLEAR, due="day"), questions_for(ESI, CLEAR, due="plan")
    assert {"fever", "consent"} <= sure(day)
    assert "contrast-allergy" in sure(plan)
    assert "contrast-allergy" not in sure(day)
    assert sure(day) | sure(plan) == sure(questions_for(ESI, CLEAR))


def test_the_last_dose_is_asked_where_a_drug_may_be_held() -> None:
    apixaban = Known(classes=frozenset({"direct-xa-inhibitor"}), bleeding="intermediate")
    assert "last-dose" in sure(questions_for(ESI, apixaban))
    assert "last-dose" in maybe(questions_for(ESI))
    assert "last-dose" not in sure(questions_for(ESI, CLEAR)) | maybe(questions_for(ESI, CLEAR))


@pytest.mark.parametrize(
    ("sedation", "asked"), [("none", False), ("minimal", True), ("moderate", True), ("deep", True)]
)
def test_fasting_is_asked_before_sedation(sedation: str, asked: bool) -> None:
    assert ("fasting" in sure(questions_for(request(sedation=sedation), CLEAR))) is asked


@pytest.mark.parametrize("sedation", [None, "unknown"])
def test_unrecorded_sedation_is_never_none(sedation: str | None) -> None:
    found = {item.row.id: item.unsure for item in questions_for(request(sedation=sedation), CLEAR)}
    assert found["fasting"] == ("the sedation is not recorded",)


def test_a_therapy_without_a_needle_is_asked_only_what_everybody_is() -> None:
    found = questions_for(request("physical-therapy"), CLEAR)
    assert sure(found) == {"self-harm", "red-flags", "conservative-care", "goals"}
    assert time_out_for(request("physical-therapy"), CLEAR) == ()


def test_an_unrecorded_therapy_keeps_every_row() -> None:
    lists = packaged_checklists()
    nothing = request(None)
    assert len(questions_for(nothing)) == len(lists.questions)
    assert len(time_out_for(nothing)) == len(lists.time_out)
    assert len(monitoring_for(nothing)) == len(lists.monitoring)
    assert len(discharge_for(nothing)) == len(lists.discharge)
    assert len(red_flags_for(nothing)) == len(lists.red_flags)
    assert len(events_for(nothing)) == len(lists.events)
    assert len(guidance_for(nothing)) == len(lists.guidance)


def test_the_time_out_runs_stage_after_stage() -> None:
    stages = [item.row.stage for item in time_out_for(ESI, CLEAR)]
    assert stages == sorted(stages, key=("verification", "mark", "pause", "sign-out").index)
    assert set(stages) == {"verification", "mark", "pause", "sign-out"}
    assert "spine-level" not in sure(time_out_for(TRIGGER, CLEAR))


@pytest.mark.parametrize("bleeding", ["intermediate", "high"])
def test_observation_is_longer_with_a_blood_thinner(bleeding: str) -> None:
    held = Known(
        classes=frozenset({"vitamin-k-antagonist"}), bleeding=bleeding, devices=frozenset(), events=frozenset()
    )
    longest = longest_observation(monitoring_for(ESI, held))
    assert longest is not None
    assert (longest.row.id, longest.row.least_minutes) == ("antithrombotic", 60)


def test_observation_is_thirty_minutes_otherwise() -> None:
    held = Known(classes=frozenset({"vitamin-k-antagonist"}), bleeding="low", devices=frozenset(), events=frozenset())
    for known in (CLEAR, held):
        longest = longest_observation(monitoring_for(ESI, known))
        assert longest is not None
        assert (longest.row.id, longest.row.least_minutes) == ("spinal", 30)


def test_blood_at_the_needle_makes_it_an_hour() -> None:
    known = Known(classes=frozenset(), bleeding="high", devices=frozenset(), events=frozenset({"bloody-tap"}))
    longest = longest_observation(monitoring_for(ESI, known))
    assert longest is not None
    assert longest.row.id == "bloody-tap"
    unasked = Known(classes=frozenset(), bleeding="high", devices=frozenset())
    assert "bloody-tap" in maybe(monitoring_for(ESI, unasked))


def test_a_small_injection_is_watched_ten_to_fifteen_minutes() -> None:
    longest = longest_observation(monitoring_for(TRIGGER, CLEAR))
    assert longest is not None
    assert (longest.row.least_minutes, longest.row.most_minutes) == (10, 15)


def test_no_source_gives_a_time_for_every_procedure() -> None:
    assert longest_observation(monitoring_for(request("ketamine-infusion"), CLEAR)) is None


def test_toxicity_times_hang_on_what_happened() -> None:
    known = Known(events=frozenset({"local-anesthetic-systemic-toxicity"}))
    found = {item.row.id: item.unsure for item in monitoring_for(ESI, known)}
    assert found["toxicity-seizure"] == ("only if there was a seizure",)
    assert found["toxicity-arrest"] == ("only if there was an arrest",)
    assert "toxicity-seizure" not in {item.row.id for item in monitoring_for(ESI, CLEAR)}


def test_a_refill_is_watched_thirty_to_sixty_minutes() -> None:
    longest = longest_observation(monitoring_for(REFILL, CLEAR))
    assert longest is not None
    assert (longest.row.least_minutes, longest.row.most_minutes) == (30, 60)


def test_discharge_after_a_neuraxial_local_anesthetic() -> None:
    items = discharge_for(ESI, CLEAR)
    assert {"voided", "leg-power", "neurological-baseline", "escort"} <= sure(items)
    assert "arm-power" not in sure(items) | maybe(items)
    assert "voided" in maybe(discharge_for(request(region="lumbar"), CLEAR))
    assert "voided" not in sure(discharge_for(TRIGGER, CLEAR)) | maybe(discharge_for(TRIGGER, CLEAR))


def test_discharge_after_a_cervical_epidural_checks_the_arm() -> None:
    assert "arm-power" in sure(discharge_for(request(region="cervical"), CLEAR))
    assert "arm-power" in maybe(discharge_for(request(), CLEAR))


def test_a_pacemaker_is_interrogated_after_radiofrequency() -> None:
    ablation = request("medial-branch-radiofrequency-ablation", region="lumbar")
    paced = Known(devices=frozenset({"pacemaker"}))
    assert "cardiac-device" in sure(monitoring_for(ablation, paced))
    assert "cardiac-device" in maybe(monitoring_for(ablation))
    assert "cardiac-device" not in sure(monitoring_for(ESI, paced)) | maybe(monitoring_for(ESI, paced))


def test_red_flags_are_ordered_by_urgency() -> None:
    urgencies = [item.row.urgency for item in red_flags_for(ESI, CLEAR)]
    assert urgencies == sorted(urgencies, key=("emergency", "same-day", "next-day").index)
    assert sure(red_flags_for(ESI, CLEAR)) == {
        "hematoma",
        "headache-that-changes",
        "stroke-or-cord-event",
        "infection",
        "hyperglycemia",
        "adrenal-insufficiency",
        "post-dural-headache",
    }


def test_a_clot_is_looked_for_where_a_drug_is_or_may_be_held() -> None:
    assert "clot-while-held" in sure(red_flags_for(TRIGGER, Known(classes=frozenset({"p2y12-inhibitor"}))))
    found = {item.row.id: item.unsure for item in red_flags_for(TRIGGER)}
    assert found["clot-while-held"] == ("the list of medicines is not known",)
    assert "clot-while-held" not in {item.row.id for item in red_flags_for(TRIGGER, CLEAR)}


@pytest.mark.parametrize(
    ("region", "asked"), [("thoracic", True), ("chest", True), ("lower-limb", False), ("lumbar", False)]
)
def test_pneumothorax_after_a_needle_at_the_trunk(region: str, asked: bool) -> None:
    found = red_flags_for(request("peripheral-nerve-block", region=region), CLEAR)
    assert ("pneumothorax" in sure(found)) is asked


def test_the_first_call_for_one_case() -> None:
    call = call_script("day-1", ESI, CLEAR)
    assert [item.row.id for item in call.questions] == [
        "hematoma",
        "headache-change",
        "infection",
        "glucose",
        "adrenal",
        "headache",
        "other-events",
        "relief",
        "next-contact",
    ]
    assert call.no_answer[-1].attempts == 3
    assert call.no_answer[-1].who == "pain-physician"


def test_a_call_asks_what_may_apply() -> None:
    found = {item.row.id: item.unsure for item in call_script("week-1", ESI).questions}
    assert found["clot"] == ("the list of medicines is not known",)
    assert found["restart"] == ("the list of medicines is not known",)


def test_there_is_no_third_call() -> None:
    with pytest.raises(KeyError, match="day-1, week-1"):
        call_script("month-1", ESI)


def test_the_order_of_the_drugs_does_not_matter() -> None:
    other = request(region="lumbar", approach="interlaminar", sedation="none", agents=tuple(reversed(DEXAMETHASONE)))
    assert questions_for(other, CLEAR) == questions_for(ESI, CLEAR)
    assert monitoring_for(other, CLEAR) == monitoring_for(ESI, CLEAR)


def test_knowing_more_never_brings_back_what_was_left_out() -> None:
    fewer = {item.row.id for item in questions_for(ESI, CLEAR)}
    more = {item.row.id for item in questions_for(ESI)}
    assert fewer < more


def test_the_sentence_read_aloud() -> None:
    block = request("medial-branch-block", region="lumbar", side="right", joints=frozenset({"L4-5", "L3-4"}))
    assert read_aloud(block) == "Medial branch block, right, lumbar spine, L3-4 and L4-5."
    assert read_aloud(Request(id="R-1")) == (
        "Procedure not recorded, side not recorded, region not recorded, level not recorded."
    )
