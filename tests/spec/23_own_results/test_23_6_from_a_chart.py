"""From a chart to a row without a person"""

from __future__ import annotations

from aftermath import ablation, record_of, row, rows
from msgspec import to_builtins

from levamen.knowledge.registry import packaged
from levamen.knowledge.results_tables import packaged_results
from levamen.outcomes.cohort_rows import TreatmentRow
from levamen.pathway.assess import default_as_of
from levamen.pathway.results import RecordRows, rows_of


def found(chart: str) -> RecordRows:
    """The rows of a snippet."""
    record = record_of(chart)
    as_of = default_as_of(record)
    assert as_of is not None
    return rows_of(record, packaged(), as_of, packaged_results())


def one(chart: str) -> TreatmentRow:
    (only,) = found(chart).rows
    return only


def half(made: TreatmentRow) -> tuple[str, int, int | None]:
    """First answer at half, days held, day on which it was gone."""
    relief = next(relief for relief in made.relief if relief.level == "relief-50")
    return relief.at_first, relief.held, relief.lost


HELD = rows((2, "2025-05-12"), (3, "2025-08-11"))


def test_the_days_between_which_it_was_lost() -> None:
    """Ablation on 10 February 2025; relief on 11 August, day 182; gone on 9 February 2026, day 364."""
    assert half(one(ablation(f"{HELD}, {row(7, '2026-02-09')}"))) == ("yes", 182, 364)


def test_still_relieved_at_the_last_answer() -> None:
    """Held on day 182 at least; nothing is said of any day after."""
    assert half(one(ablation(HELD))) == ("yes", 182, None)


def test_never_relieved() -> None:
    """The first answer had no half relief: it is no loss, and stands with those who never had it."""
    assert half(one(ablation(row(7, "2025-05-12"))))[0] == "no"


def test_no_answer() -> None:
    """Nothing measured is neither."""
    assert half(one(ablation("")))[0] == "unknown"


def test_a_stated_end_counts_to_the_end_of_its_day() -> None:
    """Relief ended on 1 September 2025, day 203: held that day, gone on the next."""
    assert half(one(ablation(HELD, more="").replace("relief:", "relief_ended: 2025-09-01\n    relief:"))) == (
        "yes", 203, 204,
    )  # fmt: skip


def test_the_visits_are_those_of_the_response() -> None:
    """At three months (12 May) yes, at six (11 August) yes, at the others unknown."""
    words = {visit.visit: dict(visit.reached)["relief-50"] for visit in one(ablation(HELD)).visits}
    assert words == {
        "2-weeks": "unknown",
        "1-month": "unknown",
        "3-months": "yes",
        "6-months": "yes",
        "12-months": "unknown",
    }


def test_a_test_is_no_treatment_and_is_counted_as_left_out() -> None:
    """A diagnostic block has no result of a treatment."""
    chart = ablation(HELD).replace("technique: thermal", "purpose: diagnostic")
    assert [(row.procedure, row.why) for row in found(chart).left_out] == [("P-1", "a test, no treatment")]


def test_asked_only_where_the_record_says_that_every_event_is_in_it() -> None:
    """A record that is declared to hold every event to the visit at two weeks: asked. Else nobody knows."""
    declared = "completeness: [{kind: events, from: 2025-01-01, to: 2025-03-01}]\n"
    assert one(declared + ablation(HELD)).asked is True
    assert one(ablation(HELD)).asked is False
    assert one(declared.replace("2025-03-01", "2025-02-20") + ablation(HELD)).asked is False


def test_how_an_event_was_found() -> None:
    """Said in so many words; or by the day on which it was asked for; else not recorded."""
    events = """
events:
  - {id: E-1, kind: neuritis, procedure: P-1, date: 2025-02-12, severity: mild, ascertainment: spontaneous}
  - {id: E-2, kind: numbness, procedure: P-1, date: 2025-02-13, asked: 2025-02-24}
  - {id: E-3, kind: pain-flare, procedure: P-1, date: 2025-06-01}
"""
    told = [(event.kind, event.found, event.early) for event in one(ablation(HELD, more=events)).complications]
    assert told == [("neuritis", "spontaneous", True), ("numbness", "asked", True), ("pain-flare", None, False)]


def test_nothing_says_who_it_was() -> None:
    """No id, no name, no birth date, no note stands in a row."""
    told = to_builtins(one(ablation(HELD)), enc_hook=str)
    assert "specimen" not in str(told)
    assert "P-1" not in str(told)
    assert "1961" not in str(told)
