"""The checklists as data: every row sourced, every word known, no two rows at odds, and plain words for patients.

Expected values are those of the safety sources (observation, red flags, adverse events, time-out), not of the code.
"""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest
import textstat

from levamen.knowledge.checklist_rows import STAGES, Checklists, EventRow, Moment, Rate, Row
from levamen.knowledge.checklists import load_checklists, packaged_checklists, patient_texts, sheet_texts
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.record import codes
from levamen.record.timeline import Duration

PACKAGED = Path(str(resources.files("levamen.knowledge"))) / "checklists"
LISTS: Checklists = packaged_checklists()
TABLES = ("questions", "time_out", "monitoring", "discharge", "red_flags", "events", "guidance")


def rows() -> list[Row]:
    found: list[Row] = [row for table in TABLES for row in getattr(LISTS, table).values()]
    return found + [asked for script in LISTS.calls.scripts.values() for asked in script.questions]


def after(anchor: str, amount: int, unit: str) -> Moment:
    return Moment(anchor=anchor, offset=Duration(Decimal(amount), unit))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGED, tmp_path / "checklists"))


def refusal(folder: Path, file: str, old: str, new: str) -> str:
    path = folder / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        load_checklists(folder, packaged().sources)
    message = str(refused.value)
    assert f"{file}.yaml" in message
    return message


def test_every_row_has_source_locator_mark_and_day() -> None:
    for row in rows():
        assert row.cites, row.id
        assert all(cite.source in packaged().sources and cite.locator and cite.mark for cite in row.cites), row.id
        assert row.checked.isoformat() == "2026-11-21", row.id


def test_a_row_without_a_source_is_unverified() -> None:
    for row in rows():
        for cite in row.cites:
            assert cite.source != "NO-SOURCE" or cite.mark == "unverified", row.id


def test_every_question_and_event_of_the_vocabulary_has_a_row() -> None:
    assert set(LISTS.questions) == set(codes.ids("questions"))
    assert {row.event for row in LISTS.events.values()} == set(codes.ids("events"))


def test_questions_are_due_when_the_vocabulary_says() -> None:
    due = {row.id for row in LISTS.questions.values() if row.due == "day"}
    assert {"infection", "fever", "antibiotics", "pregnancy", "last-dose", "glucose-today", "consent"} <= due
    assert "contrast-allergy" not in due


def test_an_unanswered_safety_question_stops() -> None:
    for row in LISTS.questions.values():
        unknown = [answer.effect for answer in row.answers if answer.given == "unknown"]
        assert len(unknown) == 1, row.id
        assert unknown == ["stop-and-ask"] or not row.safety, row.id
    care = {row.id for row in LISTS.questions.values() if not row.safety}
    assert care == {"breastfeeding", "mri-need", "conservative-care", "goals"}


def test_the_numbers_of_the_questions_keep_their_marks() -> None:
    marks = {
        value.says: (value.cite.source, value.cite.mark) for row in LISTS.questions.values() for value in row.values
    }
    assert marks["fever is 38.0 °C or more"] == ("NO-SOURCE", "unverified")
    assert marks["a light meal 4 hours"] == ("ASIPP-SED-2019", "primary")
    assert marks["solids 6 hours"] == ("APTC-PRE", "secondary")
    assert marks["above 250 mg/dL: defer the steroid, or local anesthetic alone"] == ("NO-SOURCE", "unverified")
    assert ("AAGBI-2016", "primary") in marks.values()


def test_the_time_out_has_its_stages_and_the_pain_additions() -> None:
    assert {row.stage for row in LISTS.time_out.values()} == set(STAGES)
    assert LISTS.time_out["identity"].cites[0].source == "TJC-UP"
    additions = {"antithrombotics", "allergies", "pregnancy", "glucose", "infection", "devices", "steroid"}
    additions |= {"local-anesthetic", "lots", "sedation", "driver"}
    for id in additions:
        assert LISTS.time_out[id].cites[0].mark == "unverified", id


@pytest.mark.parametrize(
    ("id", "least", "most", "mark"),
    [
        ("local-only", 10, 15, "unverified"),
        ("spinal", 30, None, "unverified"),
        ("spinal-reported", 20, 45, "primary"),
        ("antithrombotic", 60, None, "unverified"),
        ("bloody-tap", 60, None, "unverified"),
        ("toxicity-seizure", 120, None, "secondary"),
        ("toxicity-instability", 360, None, "secondary"),
        ("toxicity-arrest", 1440, 2880, "secondary"),
        ("pump-refill", 30, 60, "unverified"),
        ("pump-dose-start", 1440, None, "unverified"),
    ],
)
def test_observation_times(id: str, least: int, most: int | None, mark: str) -> None:
    row = LISTS.monitoring[id]
    assert (row.least_minutes, row.most_minutes, row.cites[0].mark) == (least, most, mark)


def test_a_reported_time_is_no_rule() -> None:
    reported = {row.id for row in LISTS.monitoring.values() if row.kind == "reported"}
    assert reported == {"spinal-reported", "arm-power-reported", "toxicity-instability-other-reading"}


def test_leg_checks_cannot_be_overridden() -> None:
    never = {row.id for row in LISTS.discharge.values() if row.override == "never"}
    assert never == {"neurological-baseline", "leg-power", "arm-power"}


@pytest.mark.parametrize(
    ("id", "start", "end", "urgency"),
    [
        ("hematoma", after("procedure", 0, "hours"), after("procedure", 72, "hours"), "emergency"),
        ("hematoma-on-antithrombotics", after("procedure", 72, "hours"), after("procedure", 7, "days"), "emergency"),
        ("infection", after("procedure", 1, "days"), after("procedure", 90, "days"), "same-day"),
        ("post-dural-headache", after("procedure", 0, "hours"), after("procedure", 14, "days"), "next-day"),
        ("headache-that-changes", after("procedure", 0, "hours"), after("procedure", 14, "days"), "emergency"),
        ("stroke-or-cord-event", after("procedure", 0, "hours"), after("procedure", 2, "hours"), "emergency"),
        ("pneumothorax", after("procedure", 0, "hours"), after("procedure", 72, "hours"), "emergency"),
        ("hyperglycemia", after("procedure", 0, "days"), after("procedure", 14, "days"), "same-day"),
        ("adrenal-insufficiency", after("procedure", 0, "days"), after("procedure", 90, "days"), "same-day"),
        ("clot-while-held", after("hold-start", 0, "days"), after("restart", 30, "days"), "emergency"),
        ("device", Moment(anchor="any-time"), None, "same-day"),
        ("baclofen-withdrawal", Moment(anchor="any-time"), None, "emergency"),
        ("pump-refill", after("refill", 0, "hours"), after("refill", 72, "hours"), "emergency"),
    ],
)
def test_red_flag_windows(id: str, start: Moment, end: Moment | None, urgency: str) -> None:
    row = LISTS.red_flags[id]
    assert (row.window.start, row.window.end, row.urgency) == (start, end, urgency)


def test_no_red_flag_is_forgotten_here() -> None:
    assert len(LISTS.red_flags) == 13


def test_the_calls_ask_red_flags_first_and_end_with_a_physician() -> None:
    assert [script.after for script in LISTS.calls.scripts.values()] == [
        Duration(Decimal(24), "hours"),
        Duration(Decimal(7), "days"),
    ]
    day, week = ([asked.flag for asked in script.questions if asked.flag] for script in LISTS.calls.scripts.values())
    assert day[0] == "hematoma"
    assert week[0] == "hematoma-on-antithrombotics"
    assert "pneumothorax" in day
    assert "pneumothorax" not in week
    assert [(step.attempts, step.who) for step in LISTS.calls.no_answer] == [(1, "nurse"), (3, "pain-physician")]
    assert all(step.cites[0].source == "NO-SOURCE" for step in LISTS.calls.no_answer)


def rates(id: str) -> dict[str, Rate]:
    return {f"{rate.cite.source} {rate.value}": rate for rate in LISTS.events[id].rates}


def test_a_rate_without_a_denominator_is_not_shown() -> None:
    every = [(row, rate) for row in LISTS.events.values() for rate in row.rates]
    assert all(rate.shown == (rate.denominator is not None) for _, rate in every)
    assert {rate.shown for _, rate in every} == {True, False}
    assert not rates("local-anesthetic-systemic-toxicity")["ELB-2018 0.27"].shown
    assert rates("dural-puncture")["ELY-2016 0.06"].denominator == 16638
    assert rates("nerve-injury")["SCS-SCI-2015 2.13"].denominator == 8326
    assert rates("neuritis")["FACTS-2018 2 (3 of 136)"].denominator == 136
    assert rates("numbness")["CERV-FACET-2021 42 (5 of 12)"].denominator == 12
    assert not rates("numbness")["CERV-FACET-2021 97"].shown


def test_sources_stand_side_by_side_and_nothing_is_averaged() -> None:
    vasovagal = rates("vasovagal")
    assert set(vasovagal) == {"ELY-2016 1.2", "ELY-2016 1.3", "ELY-2016 0.5", "PLASTARAS-2015 4.2"}
    assert vasovagal["PLASTARAS-2015 4.2"].ascertainment == "asked"
    assert vasovagal["ELY-2016 1.2"].ascertainment is None
    assert len(rates("spinal-hematoma")) == 7


def days_of(row: EventRow) -> Decimal | None:
    end = row.window.end
    if end is None or end.offset is None or end.anchor not in ("procedure", "refill"):
        return None
    return end.offset.amount / 24 if end.offset.unit == "hours" else end.offset.amount


def test_an_event_is_asked_for_no_longer_than_the_vocabulary_says() -> None:
    longer = set()
    for row in LISTS.events.values():
        days = days_of(row)
        if days is not None and days > int(codes.entry("events", row.event)["window_days"]):
            longer.add(row.id)
    assert longer == {"deep-infection--implant"}


def test_thrombosis_while_held_is_an_event_of_the_plan() -> None:
    row = LISTS.events["thrombosis-while-held"]
    assert (row.window.start, row.window.end) == (after("hold-start", 0, "days"), after("restart", 30, "days"))
    assert "hold" in row.phases
    assert [(rate.value, rate.denominator) for rate in row.rates] == [("9 of 2,296, 2 of them deaths", 2296)]


@pytest.mark.parametrize(
    ("id", "end"),
    [
        ("vasovagal", after("procedure", 1, "hours")),
        ("cord-or-brain-infarct", after("procedure", 2, "hours")),
        ("subdural-or-intrathecal-injection", after("procedure", 6, "hours")),
        ("spinal-hematoma", after("procedure", 7, "days")),
        ("postdural-puncture-headache", after("procedure", 14, "days")),
        ("epidural-abscess", after("procedure", 90, "days")),
        ("systemic-steroid-effect", after("procedure", 60, "days")),
        ("seroma", after("procedure", 30, "days")),
        ("deep-infection--implant", after("procedure", 365, "days")),
        ("pocket-fill", after("refill", 72, "hours")),
        ("cement-leak", after("procedure", 30, "days")),
    ],
)
def test_event_windows(id: str, end: Moment) -> None:
    assert LISTS.events[id].window.end == end


NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def numbers(text: str) -> list[str]:
    return NUMBER.findall(text)


VALUES_OF_QUESTIONS = {
    "infection": [[], [], [], ["10", "24"], []],
    "fever": [["38.0"]],
    "antibiotics": [["48"], ["7"], []],
    "pregnancy": [["12", "55"], []],
    "bleeding-disorder": [[], []],
    "antithrombotics": [["9", "2", "2,296"], ["0", "4,766"]],
    "implants": [["6", "12", "3", "6"], []],
    "contrast-allergy": [[], [], []],
    "diabetes": [["1", "3"], ["14", "3"], ["1", "7"]],
    "glucose-today": [["250"], ["200"], ["1", "8", "200"]],
    "blood-pressure-today": [["180", "110"], ["160", "100", "12"], ["90"]],
    "fasting": [["2"], ["4"], ["2"], ["6"], ["8"], ["4", "6", "6"], [], ["1"]],
    "driver": [[], ["24"]],
    "recent-steroids": [["200"], ["400", "3"]],
    "recent-vaccine": [["14", "7"], ["14"], []],
    "planned-surgery": [["3"], ["1", "3"]],
    "hiv-treatment": [[], [], ["5"]],
    "psychosis-history": [["12", "33"]],
    "consent": [[]],
}
"""The numbers of the safety sources, question by question (the 1 of HbA1c and GLP-1 among them)."""


def test_every_number_of_the_questions() -> None:
    found = {row.id: [numbers(value.says) for value in row.values] for row in LISTS.questions.values() if row.values}
    assert found == VALUES_OF_QUESTIONS
    assert numbers(LISTS.questions["diabetes"].reason) == ["160", "286"]


def test_every_number_of_the_other_tables() -> None:
    says = {row.id: numbers(row.says) for row in LISTS.monitoring.values() if numbers(row.says)}
    assert says == {
        "spinal-reported": ["127", "20", "45"],
        "arm-power-reported": ["30"],
        "toxicity-instability-other-reading": ["4", "6"],
        "toxicity-signs": ["1", "5"],
        "toxicity-kit": ["20"],
        "pump-dose-start": ["24"],
        "cardiac-device": ["30"],
        "glucose-rule": ["1", "3"],
        "glucose-warning": ["14", "3"],
    }
    assert numbers(LISTS.monitoring["glucose-rule"].every or "") == ["1", "3"]
    assert numbers(LISTS.discharge["escort-after-sedation"].text) == ["24"]
    flags = {row.id: numbers(f"{row.symptoms} {row.action}") for row in LISTS.red_flags.values()}
    assert {id: found for id, found in flags.items() if found} == {
        "hematoma": ["8"],
        "hematoma-on-antithrombotics": ["7", "8"],
        "infection": ["38"],
        "post-dural-headache": ["5", "14", "24"],
        "stroke-or-cord-event": ["2"],
        "clot-while-held": ["30"],
    }
    assert numbers(LISTS.red_flags["infection"].patient) == ["38", "100.4"]
    assert {id: numbers(row.says) for id, row in LISTS.guidance.items() if numbers(row.says)} == {
        "interlaminar-contrast": ["15"],
        "transforaminal-contrast": ["16"],
        "cervical-interlaminar-level": ["7", "1", "6", "7"],
    }


ACTIONS = {
    "adrenal-insufficiency": [],
    "anaphylaxis": ["1", "4"],
    "bloody-tap": ["60"],
    "local-anesthetic-systemic-toxicity": [
        "20",
        "100",
        "2",
        "3",
        "70",
        "1.5",
        "250",
        "15",
        "20",
        "0.25",
        "12",
        "0.2",
        "1",
    ],
    "spinal-hematoma": ["8", "12"],
    "bladder-dysfunction": ["8", "12"],
}
RATES = {
    "vasovagal": "1.2 1.3 0.5 4.2",
    "pain-flare": "1.8 2.1 5.0 32 74",
    "injection-site-soreness": "3.9",
    "headache-non-postural": "3.9",
    "dural-puncture": "0.06 0.2 0.04",
    "postdural-puncture-headache": "2 40",
    "flushing": "1.8 9.3",
    "insomnia": "1.6",
    "central-steroid-response": "2.6",
    "intravascular-injection": "1.7",
    "bleeding": "0 4,766 0 95 0 0.3 0 275 95 0 1.4",
    "spinal-hematoma": "0 16,638 0.85 0.71 0.75 0.63 4 83",
    "cord-or-brain-infarct": "9",
    "nerve-injury": "0 16,638 2.13 2.35 1.71",
    "local-anesthetic-systemic-toxicity": "0.27",
    "superficial-infection": "1 2",
    "deep-infection": "0 16,638",
    "deep-infection--implant": "3.8 2.5 14",
    "neuritis": "2 3 136 19 55 3 5",
    "numbness": "97 42 5 12",
    "ataxia": "95",
    "csf-leak": "0.3 8",
    "seroma": "9",
    "lead-migration": "5.6 1.5 13.2",
    "lead-fracture": "5.9 9.1",
    "device-malfunction": "21.1 14.9 27.2 12.1 1.1 6.3",
    "thrombosis-while-held": "9 2,296 2",
    "other": "9.2 20.0 3 4 136 3",
}
DENOMINATORS = {
    "dural-puncture": [16638],
    "bleeding": [4766, 275],
    "spinal-hematoma": [16638],
    "nerve-injury": [16638, 8326],
    "deep-infection": [16638],
    "neuritis": [136],
    "numbness": [12],
    "thrombosis-while-held": [2296],
    "other": [2025, 2025, 136],
}


def ids_by_mark(table: str, mark: str) -> set[str]:
    return {row.id for row in getattr(LISTS, table).values() if row.cites[0].mark == mark}


def test_the_marks_are_those_of_the_sources() -> None:
    assert ids_by_mark("questions", "primary") == {
        "infection", "fever", "pregnancy", "breastfeeding", "antithrombotics", "contrast-allergy", "diabetes",
        "glucose-today", "blood-pressure-today", "fasting", "recent-steroids", "recent-vaccine", "planned-surgery",
        "self-harm", "device-control",
    }  # fmt: skip
    assert ids_by_mark("questions", "secondary") == {
        "antibiotics", "bleeding-disorder", "last-dose", "over-the-counter", "supplements", "implants",
        "hiv-treatment", "psychosis-history", "substance-use", "consent",
    }  # fmt: skip
    assert ids_by_mark("red_flags", "secondary") == {"pneumothorax", "device"}
    assert len(ids_by_mark("red_flags", "primary")) == 11
    assert ids_by_mark("discharge", "secondary") == {"cardiac-device"}
    assert ids_by_mark("discharge", "primary") == set()
    assert ids_by_mark("time_out", "primary") == {"syringes"}
    assert ids_by_mark("guidance", "primary") == {
        "cervical-interlaminar-level", "sedation", "paramedian-needle", "tell-epidural-steroid",
    }  # fmt: skip
    assert ids_by_mark("guidance", "unverified") == {
        "transforaminal-guidance", "transforaminal-contrast", "sedation-diagnostic", "extension-tubing",
        "live-contrast", "tell-cervical", "tell-transforaminal-particulate",
    }  # fmt: skip
    assert ids_by_mark("monitoring", "primary") == {
        "spinal-reported", "arm-power-reported", "toxicity-signs", "pump-new-symptoms", "glucose-rule",
        "glucose-warning",
    }  # fmt: skip


def test_every_rate_as_reported() -> None:
    found = {row.id: " ".join(n for rate in row.rates for n in numbers(rate.value)) for row in LISTS.events.values()}
    assert {id: text for id, text in found.items() if text} == RATES
    of = {row.id: [rate.denominator for rate in row.rates if rate.shown] for row in LISTS.events.values()}
    assert {id: denominators for id, denominators in of.items() if denominators} == DENOMINATORS


def test_every_number_of_an_action() -> None:
    found = {row.id: numbers(row.action) for row in LISTS.events.values() if row.action and numbers(row.action)}
    assert found == {id: given for id, given in ACTIONS.items() if given}
    assert LISTS.events["cement-leak"].action is None


def test_never_events() -> None:
    assert {row.id for row in LISTS.events.values() if row.never_event} == {"wrong-site"}


@pytest.mark.parametrize("key", patient_texts(LISTS))
def test_patient_texts_read_at_grade_eight_or_lower(key: str) -> None:
    text = patient_texts(LISTS)[key]
    assert textstat.flesch_kincaid_grade(text) <= 8, text


def test_patient_texts_promise_nothing() -> None:
    for key, text in patient_texts(LISTS).items():
        words = {word.strip(".,?!:'\"").lower() for word in text.split()}
        assert not words & {"qualify", "best", "rare", "guarantee"}, key
    assert len(patient_texts(LISTS)) == 2 * 32 + 13 + 3 + 4 + 27


def test_a_sheet_can_show_acts_red_flags_and_the_questions_of_the_day() -> None:
    shown = sheet_texts(LISTS)
    assert shown.items() <= patient_texts(LISTS).items()
    day = {"infection", "fever", "antibiotics", "pregnancy", "last-dose", "glucose-today", "blood-pressure-today"}
    assert {key.split(".")[1] for key in shown if key.startswith("questions.")} == day | {
        "fasting",
        "driver",
        "consent",
    }
    assert len(shown) == 3 + 13 + 10
    assert not [key for key in shown if key.endswith(".because") or key.startswith("calls.")]


def test_a_row_without_source_locator_or_mark_is_refused(folder: Path) -> None:
    assert "no source" in refusal(folder, "discharge", "    source: NO-SOURCE\n", "")


def test_a_row_without_locator_is_refused(folder: Path) -> None:
    assert "no locator" in refusal(folder, "time_out", "    locator: UP.01.01.01\n", "")


def test_a_mark_that_is_none_is_refused(folder: Path) -> None:
    assert "is no mark" in refusal(folder, "monitoring", "mark: unverified", "mark: certain")


def test_a_rate_without_source_is_refused(folder: Path) -> None:
    assert "no source" in refusal(
        folder, "events", "source: ELY-2016, locator: 'abstract', mark: primary}", "mark: primary}"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("questions", "  fever:\n", "  fevre:\n", "not in questions"),
        ("questions", "effect: defer", "effect: postpone", "is no effect"),
        ("questions", "groups: [invasive]", "groups: [invasiv]", "no group of therapies"),
        ("questions", "classes: [anticoagulant,", "classes: [anticoagulants,", "not in drug_classes"),
        ("questions", "sedation: [minimal,", "sedation: [light,", "not in sedation"),
        ("questions", "  fever:\n    patient:\n", "  fever:\n    expression: x\n    patient:\n", "is not known here"),
        ("time_out", "filled_from: [person]", "filled_from: [passport]", "is no filled_from"),
        ("time_out", "stage: mark", "stage: marking", "is no stage"),
        ("time_out", "decides: nurse", "decides: nobody", "is no decides"),
        ("monitoring", "kind: rule", "kind: law", "is no kind"),
        ("monitoring", "minutes: 15", "minutes: 10", "most is longer than least"),
        ("monitoring", "minutes: 15", "minutes: 15.5", "whole number"),
        ("monitoring", "    every: no source found\n", "", "no every"),
        ("discharge", "override: with-reason", "override: always", "is no override"),
        ("red_flags", "urgency: emergency", "urgency: now", "not in urgencies"),
        ("red_flags", "after: procedure", "after: dinner", "is no after"),
        ("red_flags", "  same-day: {says", "  soon: {says", "no act for the urgency"),
        ("calls", "flag: hematoma,", "flag: haematoma,", "is no red flag"),
        ("calls", "who: nurse", "who: robot", "not in roles"),
        ("calls", "attempts: 3", "attempts: 1", "in order of attempts"),
        ("events", "phases: [during, recovery]", "phases: [while]", "not in procedure_phases"),
        ("events", "ascertainment: asked", "ascertainment: guessed", "not in ascertainments"),
        ("events", "denominator: 136", "denominator: 0", "at least 1"),
        ("guidance", "accepts: [fluoroscopy, ct", "accepts: [fluroscopy, ct", "not in guidance"),
        ("guidance", "aspect: level", "aspect: levels", "is no aspect"),
        ("groups", "kinds: [disc, augmentation]", "kinds: [discs]", "not in kinds"),
    ],
)
def test_unknown_words_are_refused(folder: Path, file: str, old: str, new: str, says: str) -> None:
    assert says in refusal(folder, file, old, new)


def test_a_missing_question_or_event_is_refused(folder: Path) -> None:
    path = folder / "events.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  pain-flare:\n"), text.index("  injection-site-soreness:\n")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(KnowledgeError, match="no row for pain-flare"):
        load_checklists(folder, packaged().sources)


def test_unknown_must_stop_where_safety_asks(folder: Path) -> None:
    old = "unknown: {effect: stop-and-ask, says: ask before the needle}"
    assert "unknown stops" in refusal(folder, "questions", old, old.replace("stop-and-ask", "nothing"))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("red_flags", "start: {after: procedure, hours: 72}", "start: {after: procedure, hours: 71}"),
        (
            "guidance",
            "approaches: [interlaminar], regions: [lumbar]}",
            "approaches: [interlaminar], regions: [lumbar, cervical]}",
        ),
    ],
)
def test_rows_that_overlap_are_refused(folder: Path, file: str, old: str, new: str) -> None:
    assert "overlap" in refusal(folder, file, old, new)


def test_a_row_that_repeats_another_is_refused(folder: Path) -> None:
    assert "says the same as" in refusal(folder, "discharge", "The person is alert.", "Vital signs are stable.")


def test_a_rate_that_stands_twice_is_refused(folder: Path) -> None:
    old = next(line for line in (PACKAGED / "events.yaml").read_text(encoding="utf-8").splitlines() if "'4.2'" in line)
    assert "stands twice" in refusal(folder, "events", old, f"{old}\n{old}")


def test_a_word_in_two_sets_is_refused(folder: Path) -> None:
    assert "stands in two" in refusal(folder, "guidance", "cautions: [moderate]", "cautions: [moderate, minimal]")


def test_a_call_cannot_ask_for_what_is_over(folder: Path) -> None:
    assert "is over when this call" in refusal(folder, "calls", "flag: hematoma-on-antithrombotics", "flag: hematoma")


def test_red_flags_come_first_in_a_call(folder: Path) -> None:
    line = "      - {id: function, ask: What can you do now that you could not do before?"
    text = (PACKAGED / "calls.yaml").read_text(encoding="utf-8")
    whole = next(row for row in text.splitlines() if row.startswith(line))
    first = "      - {id: hematoma, flag: hematoma-on-antithrombotics"
    (folder / "calls.yaml").write_text(text.replace(f"{whole}\n", ""), encoding="utf-8")
    assert "asked first" in refusal(folder, "calls", first, f"{whole}\n{first}")


def test_an_empty_selector_is_refused(folder: Path) -> None:
    assert "applies is empty" in refusal(folder, "discharge", "applies: [{groups: [invasive]}]", "applies: []")


def test_a_selector_that_names_nothing_is_refused(folder: Path) -> None:
    assert "names nothing" in refusal(folder, "discharge", "applies: [{groups: [invasive]}]", "applies: [{}]")


def test_recheck_must_follow_checked(folder: Path) -> None:
    assert "recheck_by" in refusal(folder, "guidance", "recheck_by: 2027-05-21", "recheck_by: 2026-11-21")
