"""Asked and not asked"""

from __future__ import annotations

import pytest
from intake_sheet import answer_of, sheet_of


def test_absent_is_not_asked() -> None:
    """A record that says nothing of a question has not answered it with no. Every field of the form is then still to
    ask, at the point of care where it is first needed."""
    found = sheet_of()
    assert {row.status for row in found.answers} == {"not-asked"}
    assert "Not asked yet: whether an interpreter is needed." in [row.sentence for row in found.to_ask("referral")]
    assert "Not asked yet: who decides." in [row.sentence for row in found.to_ask("first-visit")]


@pytest.mark.parametrize(
    ("said", "status"), [("yes", "answered"), ("no", "answered"), ("unknown", "unknown"), ("~", "not-asked")]
)
def test_no_unknown_and_silent_are_three_things(said: str, status: str) -> None:
    """No is an answer. *Unknown* is asked and nobody knew. Left out is not asked."""
    chart = f"intake: [{{date: 2026-03-01, interpreter: {said}}}]"
    assert answer_of("interpreter", chart).status == status


def test_answer_names_its_fact_its_day_and_its_author() -> None:
    """Whoever reads an answer can see where it stands, when it was given and by whom it was written."""
    chart = """
    intake:
      - {id: I-1, date: 2026-02-27, work_status: off-sick, author: Nurse}
    """
    found = answer_of("work-status", chart)
    assert (found.text, found.ids, str(found.date), found.author) == (
        "employed, off sick",
        ("I-1",),
        "2026-02-27",
        "Nurse",
    )


def test_latest_statement_counts_and_silence_takes_nothing_back() -> None:
    """The second statement says nothing of the hours: those of the first still stand."""
    chart = """
    intake:
      - {date: 2026-01-10, work_status: full-time, work_hours: 40}
      - {date: 2026-02-27, work_status: off-sick}
    """
    assert answer_of("work-status", chart).value == ("off-sick",)
    assert answer_of("work-hours", chart).value == ("40",)


def test_where_it_is_open_which_is_the_latest_and_they_differ_the_field_is_unknown() -> None:
    """One says February, one says 20 February: nobody can tell which came last."""
    chart = """
    intake:
      - {date: 2026-02, work_status: off-sick}
      - {date: 2026-02-20, work_status: part-time}
    """
    found = answer_of("work-status", chart)
    assert (found.status, found.reason) == ("unknown", "the answers differ: employed, off sick or working part time")


def test_question_of_pain_is_asked_of_each_pain() -> None:
    """Two pains are two questions. A pain that has ended is no longer asked about."""
    chart = """
    pain:
      - {id: BACK, site: low-back, qualities: [aching]}
      - {id: KNEE, site: knee}
      - {id: OLD, site: neck, until: 2025}
    """
    found = [row for row in sheet_of(chart).answers if row.field.id == "pain-qualities"]
    assert [(row.about, row.status) for row in found] == [("BACK", "answered"), ("KNEE", "not-asked")]


@pytest.mark.parametrize(
    ("day", "status"), [("2026-02-23", "answered"), ("2026-02-22", "stale"), ("2026-02", "stale"), ("~", "stale")]
)
def test_rating_speaks_of_seven_days(day: str, status: str) -> None:
    """Worst, average, least and present pain are asked at every visit, over 7 days. On 2 March a rating of 23 February
    is 7 days old and still counts; one that may be older is asked again."""
    chart = f"""
    pain: [{{id: BACK, site: low-back}}]
    scores: [{{instrument: nrs-worst, value: 8, date: {day}}}]
    """
    assert answer_of("pain-worst", chart).status == status


def test_list_answers_only_where_somebody_went_through_it() -> None:
    """No benzodiazepine on the list is an answer where the list was gone through, and says nothing where it was not."""
    assert answer_of("takes-benzodiazepine").status == "not-asked"
    reviewed = "completeness: [{kind: medications, reviewed: 2026-02-27}]"
    assert answer_of("takes-benzodiazepine", reviewed).text == "none listed; the list was gone through"


def test_no_that_the_list_contradicts_is_unknown() -> None:
    """She says that she takes no blood thinner, and apixaban is on her list: that is asked again and is not no."""
    chart = """
    completeness: [{kind: antithrombotics, asked: 2026-02-27, answer: 'no'}]
    medications: [{id: M-1, drug: apixaban}]
    """
    assert answer_of("takes-antithrombotic", chart).status == "unknown"


def test_what_another_answer_settles_is_not_asked() -> None:
    """Who is retired is not asked for hours of work, and whom nothing hinders not for the biggest barrier."""
    chart = "intake: [{date: 2026-03-01, work_status: retired, has_barriers: no}]"
    assert answer_of("work-hours", chart).status == "not-needed"
    assert answer_of("biggest-barrier", chart).status == "not-needed"


@pytest.mark.parametrize(
    ("since", "state"), [("2025-12-01", "yes"), ("2025-12-02", "no"), ("2025-12", "unknown"), ("2025-11", "yes")]
)
def test_chronic_is_more_than_three_months(since: str, state: str) -> None:
    """Pain is chronic when it lasts more than 3 months: on 2 March, since 1 December at the latest. Of a month the
    earliest and the latest day are tried, and where they differ the answer is unknown."""
    (view,) = sheet_of(f"pain: [{{site: knee, since: {since}}}]").pains
    assert view.lasting[0].state == state


def test_rule_that_awaits_confirmation_never_says_yes() -> None:
    """For low back pain the numbers of the NIH rule (3 months, half of the days) were not confirmed. It may say no;
    where it is met as recorded, that is said, and the answer is unknown."""
    (view,) = sheet_of("pain: [{site: low-back, since: 2024, most_days: true}]").pains
    assert (view.lasting[1].state, view.lasting[1].reason) == (
        "unknown",
        "as recorded it is met; the rule awaits confirmation",
    )
