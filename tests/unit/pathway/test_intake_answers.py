"""Each field answered, unknown, stale, not asked or not needed: by which fact, when and by whom."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from levamen.adapters.chart import read_chart
from levamen.pathway.intake import IntakeSheet, intake
from levamen.pathway.intake_answers import FieldAnswer
from levamen.record.completeness import Completeness
from levamen.record.facts import Medication, Record
from levamen.record.timeline import When, month_of

ON = date(2026, 3, 20)


def sheet(text: str = "", on: date = ON) -> IntakeSheet:
    reading = read_chart(f"chart: 1\nid: x\nas_of: 2026-03-20\n{text}", "x")
    assert not reading.balance.rejected, reading.balance.issues
    return intake(reading.record, on)


def field(id: str, text: str = "", about: str | None = None, on: date = ON) -> FieldAnswer:
    rows = [row for row in sheet(text, on).answers if row.field.id == id and about in (None, row.about)]
    (found,) = rows
    return found


def test_nothing_is_answered_by_an_empty_record() -> None:
    found = sheet()
    assert {row.status for row in found.answers} == {"not-asked"}
    asked = [row for needed in ("referral", "first-visit", "each-visit") for row in found.to_ask(needed)]
    assert len(asked) == len(found.answers)
    assert found.to_ask("each-visit") == ()
    # Questions about each therapy and each goal wait until there is one.
    assert {field.id for field in found.form.fields} - {row.field.id for row in found.answers} == {
        field.id for field in found.form.fields if field.per in ("therapy", "goal")
    }


def test_an_answer_has_its_fact_its_day_and_its_author() -> None:
    found = field("work-status", "intake: [{id: I-1, date: 2026-03, work_status: off-sick, author: Nurse}]")
    assert (found.status, found.value, found.text) == ("answered", ("off-sick",), "employed, off sick")
    assert (found.ids, found.date, found.author) == (("I-1",), month_of(2026, 3), "Nurse")
    assert found.sentence is None


def test_the_latest_statement_counts_and_one_that_is_silent_takes_nothing_back() -> None:
    text = (
        "intake: [{id: A, date: 2026-01-05, work_status: off-sick, work_hours: 0}, "
        "{id: B, date: 2026-03-01, work_status: part-time}]"
    )
    assert field("work-status", text).value == ("part-time",)
    assert field("work-hours", text).ids == ("A",)
    assert field("work-status", text, on=date(2026, 2, 28)).value == ("off-sick",)


def test_two_statements_that_may_be_the_latest_and_differ_are_unknown() -> None:
    text = "intake: [{date: 2026-03, work_status: off-sick}, {date: 2026-03-01, work_status: part-time}]"
    found = field("work-status", text)
    assert (found.status, found.value) == ("unknown", ())
    assert found.reason == "the answers differ: employed, off sick or working part time"
    assert field("work-status", text.replace("off-sick", "part-time")).value == ("part-time",)


def test_asked_and_not_known_is_neither_answered_nor_unasked() -> None:
    found = field("litigation-open", "intake: [{date: 2026-03-01, litigation_open: unknown}]")
    assert (found.status, found.sentence) == ("unknown", "Asked and not known: litigation that is open.")


def test_no_is_an_answer() -> None:
    assert field("interpreter", "intake: [{date: 2026-03-01, interpreter: no}]").value == ("no",)
    assert field("opioid-days", "intake: [{date: 2026-03-01, opioid_days_a_week: 0}]").value == ("0",)
    assert field("stops-fun", "intake: [{date: 2026-03-01, interferes: {fun: not-at-all}}]").value == ("not-at-all",)
    assert field("stops-chores", "intake: [{date: 2026-03-01, interferes: {fun: not-at-all}}]").status == "not-asked"
    assert field("pain-most-days", "pain: [{site: knee, most_days: false}]").value == ("no",)
    assert field("night-pain", "findings: [{concept: night-pain, present: false, date: 2026-03-01}]").value == ("no",)


# ---- each pain, therapy and goal


def test_a_question_of_pain_is_asked_of_each_pain_that_has_not_ended() -> None:
    text = (
        "pain: [{id: A, site: knee, qualities: [aching]}, {id: B, site: neck}, {id: C, site: hip, until: 2026-03-19}]"
    )
    assert field("pain-qualities", text, "A").status == "answered"
    assert field("pain-qualities", text, "B").status == "not-asked"
    assert [row.about for row in sheet(text).answers if row.field.id == "pain-qualities"] == ["A", "B"]
    assert field("pain-qualities", "pain: [{id: C, site: hip, until: 2026-03}]", "C").status == "not-asked"
    assert field("pain-side", text, "B").sentence == "Not asked yet (the pain in the neck): the side."


def test_the_day_a_pain_began_is_not_the_day_it_was_told() -> None:
    found = field("pain-since", "pain: [{id: A, site: knee, since: 2019, recorded: 2026-03-01}]")
    assert (found.value, found.date) == (("2019",), When.on(date(2026, 3, 1)))
    assert field("pain-since", "pain: [{id: A, site: knee, since: 2019}]").date is None


SCORE = "scores: [{id: S-1, instrument: nrs, value: 5, date: 2026-03-20%s}]"


def test_a_score_that_names_no_pain_is_of_the_only_one() -> None:
    one = "pain: [{id: A, site: knee}]\n"
    two = "pain: [{id: A, site: knee}, {id: B, site: neck}]\n"
    assert field("pain-now", one + SCORE % "").status == "answered"
    assert field("pain-now", two + SCORE % "", "A").reason == "the score does not say which pain it is of"
    assert field("pain-now", two + SCORE % ", pain: B", "B").status == "answered"
    assert field("pain-now", two + SCORE % ", pain: B", "A").status == "not-asked"


def test_each_therapy_and_each_goal_has_questions_of_its_own() -> None:
    text = (
        "care: [{id: C-1, therapy: massage, helped: never}]\n"
        "medications: [{id: M-1, drug: ibuprofen, response: adequate}]\n"
        "goals: [{id: G-1, text: Walk, measure: odi}]"
    )
    assert field("therapy-helped", text, "C-1").value == ("never",)
    assert field("therapy-helped", text, "M-1").status == "not-asked"
    assert field("therapy-response", text, "M-1").value == ("adequate",)
    assert field("goal-text", text).value == ("Walk",)
    assert field("goal-measure", text, "G-1").value == ("odi",)
    assert field("goal-target", text, "G-1").status == "not-asked"


# ---- too old


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-03-20", "answered"),
        ("2026-03-13", "answered"),
        ("2026-03-12", "stale"),
        ("2026-03", "stale"),
        ("2025", "stale"),
    ],
)
def test_a_rating_speaks_of_seven_days(day: str, status: str) -> None:
    text = f"pain: [{{id: A, site: knee}}]\nscores: [{{instrument: nrs-worst, value: 8, date: {day}}}]"
    assert field("pain-worst", text).status == status


def test_a_rating_without_a_day_is_asked_again() -> None:
    text = "pain: [{id: A, site: knee}]\nscores: [{instrument: nrs-worst, value: 8}]"
    found = field("pain-worst", text)
    assert (found.status, found.reason) == ("stale", "its day is not recorded, and it speaks of 7 days at most")
    assert found in sheet(text).to_ask("each-visit")


@pytest.mark.parametrize(("day", "status"), [("2025-12-20", "answered"), ("2025-12-19", "stale"), ("2025-12", "stale")])
def test_health_use_speaks_of_three_months(day: str, status: str) -> None:
    assert field("health-visits", f"intake: [{{date: {day}, health_visits: 2}}]").status == status


@pytest.mark.parametrize(("on", "status"), [(date(2026, 5, 28), "answered"), (date(2026, 5, 29), "stale")])
def test_three_months_from_the_end_of_a_month(on: date, status: str) -> None:
    found = field("health-visits", "intake: [{date: 2026-02-28, health_visits: 2}]", on=on)
    assert found.status == status


def test_an_infection_counts_on_its_day_alone() -> None:
    def asked(day: str) -> FieldAnswer:
        return field("infection-now", f"completeness: [{{kind: infection, asked: {day}, answer: 'no'}}]")

    assert asked("2026-03-20").status == "answered"
    assert asked("2026-03-19").status == "stale"
    assert field("diabetes", "completeness: [{kind: diabetes, asked: 2025-03-19, answer: 'no'}]").status == "answered"


# ---- lists


def test_a_list_that_was_gone_through_answers_with_none_and_one_that_was_not_does_not() -> None:
    assert field("takes-benzodiazepine").status == "not-asked"
    found = field("takes-benzodiazepine", "completeness: [{kind: medications, reviewed: 2026-03-01}]")
    assert (found.status, found.value) == ("answered", ("none",))
    other = "completeness: [{kind: medications, scope: source, reviewed: 2026-03-01}]"
    assert field("takes-benzodiazepine", other).status == "not-asked"


REVIEWED = "completeness: [{kind: medications, reviewed: 2026-03-01}]\n"


@pytest.mark.parametrize(
    ("medicine", "status", "value"),
    [
        ("drug: diazepam", "answered", ("yes",)),
        ("drug: diazepam, end: 2026-03-19", "answered", ("none",)),
        ("drug: diazepam, start: 2026-03-21, recorded: 2026-03-01", "answered", ("none",)),
        ("drug: diazepam, end: 2026-03", "unknown", ()),
        ("drug: diazepam, stopped_because: cost", "unknown", ()),
        ("drug: ibuprofen", "answered", ("none",)),
    ],
)
def test_a_medicine_counts_while_it_is_taken(medicine: str, status: str, value: tuple[str, ...]) -> None:
    found = field("takes-benzodiazepine", f"{REVIEWED}medications: [{{id: M-1, {medicine}}}]")
    assert (found.status, found.value) == (status, value)


def test_a_medicine_that_nobody_could_name_leaves_every_class_open() -> None:
    text = f"{REVIEWED}medications: [{{written: a small white pill}}]"
    assert field("takes-benzodiazepine", text).status == "not-asked"


def test_that_holds_also_of_a_record_that_calls_its_list_complete() -> None:
    """A chart file reopens such a list itself; a record from elsewhere may not."""
    pill = Medication(id="M-1", written="a small white pill")
    listed = Completeness(kind="medications", reviewed=When.on(ON))
    found = intake(Record(id="x", facts=(pill,), completeness=(listed,)), ON)
    assert {row.status for row in found.answers if row.field.id == "takes-benzodiazepine"} == {"not-asked"}
    ended = intake(Record(id="x", facts=(replace(pill, end=When.on(date(2026, 3, 1))),), completeness=(listed,)), ON)
    assert {row.status for row in ended.answers if row.field.id == "takes-benzodiazepine"} == {"answered"}


def test_an_answer_that_speaks_of_one_clinic_alone_does_not_count() -> None:
    asked = "completeness: [{kind: diabetes, scope: %s, asked: 2026-03-01, answer: 'no'}]"
    assert field("diabetes", asked % "patient").status == "answered"
    assert field("diabetes", asked % "source").status == "not-asked"


def test_an_opioid_without_a_dose_is_not_answered() -> None:
    assert field("opioid-dose", "medications: [{drug: oxycodone, dose: 5 mg}]").text == "oxycodone 5 mg"
    found = field("opioid-dose", "medications: [{drug: oxycodone}]")
    assert (found.status, found.reason) == ("unknown", "oxycodone: dose is not recorded")


def test_a_no_that_the_list_contradicts_is_unknown_and_a_yes_stands() -> None:
    def both(answer: str, drug: str) -> FieldAnswer:
        return field(
            "takes-antithrombotic",
            f"completeness: [{{kind: antithrombotics, asked: 2026-03-01, answer: '{answer}'}},"
            f" {{kind: medications, reviewed: 2026-03-01}}]\nmedications: [{{drug: {drug}}}]",
        )

    assert both("no", "apixaban").status == "unknown"
    assert both("yes", "apixaban").value == ("yes",)
    assert both("yes", "ibuprofen").value == ("yes",)
    assert both("no", "ibuprofen").value == ("no",)


def test_an_allergy_or_a_device_on_record_answers_its_question() -> None:
    assert field("latex-allergy", "allergies: [{substance: latex}]").value == ("yes",)
    assert field("metal-allergy", "completeness: [{kind: allergies, reviewed: 2026-03-01}]").value == ("none",)
    assert field("implants", "devices: [{kind: pacemaker}]").value == ("yes",)


# ---- screens, forms and what is not needed


def test_the_full_form_answers_for_its_screen() -> None:
    full = "{instrument: phq-9, value: 8, date: 2026-03-01}"
    assert field("depression-screen", f"scores: [{full}]").value == ("8",)
    half = "{instrument: phq-2, answers: [1, ~], date: 2026-03-02}"
    assert field("depression-screen", f"scores: [{half}]").reason == "1 of 2 items are answered"
    assert field("depression-screen", f"scores: [{half}, {full}]").status == "answered"


def test_a_form_with_gaps_is_answered_only_where_its_own_rule_scores_it() -> None:
    gap = "scores: [{instrument: icd-11-severity, answers: [5, ~, 5], date: 2026-03-01}]"
    assert field("severity-ratings", gap).status == "unknown"
    nine = "scores: [{instrument: phq-9, answers: [1, 1, 1, 1, 1, 1, 1, 1, ~], date: 2026-03-01}]"
    assert field("depression-screen", nine).status == "answered"
    assert field("sleep", "scores: [{instrument: isi, date: 2026-03-01}]").status == "unknown"


def test_what_another_answer_settles_is_not_asked() -> None:
    retired = "intake: [{date: 2026-03-01, work_status: retired, has_barriers: no}]"
    assert field("work-hours", retired).reason == "work status: retired"
    assert field("work-hours", retired).sentence is None
    assert field("biggest-barrier", retired).status == "not-needed"
    assert field("work-hours", "intake: [{date: 2026-03-01, work_status: part-time}]").status == "not-asked"
    assert field("pregnancy", "person: {sex: male}").status == "not-needed"
    assert field("pregnancy", "person: {sex: unknown}").status == "not-asked"
    assert field("pregnancy", "person: {sex: female}").status == "not-asked"


# ---- how long it lasts


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2025-12-19", "yes"),
        ("2025-12-20", "no"),
        ("2025-12-21", "no"),
        ("2025-12", "unknown"),
        ("2025-11", "yes"),
        ("2026-01", "no"),
        ("2025", "unknown"),
        ("2024", "yes"),
    ],
)
def test_chronic_is_more_than_three_months(since: str, expected: str) -> None:
    (view,) = sheet(f"pain: [{{site: knee, since: {since}}}]").pains
    assert [(row.rule.id, row.state) for row in view.lasting] == [("chronic", expected)]


@pytest.mark.parametrize(
    ("pain", "expected"),
    [
        ("since: 2025-12-20, most_days: true", "unknown"),
        ("since: 2025-12-21, most_days: true", "no"),
        ("since: 2025-12-20, most_days: false", "no"),
        ("since: 2025-12-20", "unknown"),
        ("most_days: true", "unknown"),
    ],
)
def test_the_rule_for_low_back_pain_awaits_confirmation_and_never_says_yes(pain: str, expected: str) -> None:
    (view,) = sheet(f"pain: [{{site: low-back, {pain}}}]").pains
    assert [row.state for row in view.lasting if row.rule.id == "chronic-low-back"] == [expected]


def test_codes_of_a_pain_have_their_titles() -> None:
    (view,) = sheet("pain: [{site: low-back, icd11: [MG30.02, MG30.51]}]").pains
    assert [(code.title, code.cites[0].mark) for code in view.codes] == [
        ("Chronic primary musculoskeletal pain", "secondary"),
        ("Chronic neuropathic pain: peripheral", "secondary"),
    ]
