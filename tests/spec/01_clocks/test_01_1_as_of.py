"""What is known: as_of"""

from __future__ import annotations

from specimen import at_least, blocks, count, latest, look, outcome, value

from levamen.criteria.nodes import Answered, Exists, Facts, Field, Stated

ONE = count(blocks(), *at_least(1))


def test_later_recorded_is_not_seen() -> None:
    """A fact recorded after `as_of` is not seen, however old it is."""
    chart = """
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-01-12, recorded: 2026-02-20}]
        """
    assert outcome(ONE, chart, as_of="2026-02-19").read == ()
    assert outcome(ONE, chart, as_of="2026-02-20").read == ("P-1",)


def test_recorded_defaults_to_its_own_date() -> None:
    """A fact that does not say when it was recorded was recorded on its own date."""
    chart = """
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-20}]
        """
    assert value(ONE, chart, as_of="2026-02-19") == "unknown"
    assert value(ONE, chart, as_of="2026-02-20") == "met"


def test_fact_without_any_date_is_seen() -> None:
    """A fact with no date at all is seen: nothing says that it came later."""
    chart = """
        procedures: [{id: P-1, therapy: medial-branch-block}]
        """
    assert value(ONE, chart) == "met"


def test_instants_are_compared_as_instants() -> None:
    """Where `as_of` is an instant, what was recorded later that day is not seen."""
    chart = """
        zone: Europe/London
        as_of: 2026-03-02
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-03-02T14:00}
        """
    assert value(ONE, chart, as_of="2026-03-02T13:59+00:00") == "unknown"
    assert value(ONE, chart, as_of="2026-03-02T14:00+00:00") == "met"


def test_date_stands_for_its_whole_day() -> None:
    """Where `as_of` is a date, the whole of that day is known."""
    chart = """
        zone: Europe/London
        as_of: 2026-03-02
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-03-02T23:30}]
        """
    assert value(ONE, chart, as_of="2026-03-02") == "met"


def test_relief_recorded_later_is_not_seen() -> None:
    """A procedure may be known before its result is: the relief has a recording date of its own."""
    chart = """
        procedures:
          - id: P-1
            therapy: medial-branch-block
            date: 2026-02-12
            relief: [{percent: 90, at: 2026-02-12, recorded: 2026-02-26}]
        """
    assert look(chart, as_of="2026-02-25").views["procedures"][0].fact.best_relief is None
    assert str(look(chart, as_of="2026-02-26").views["procedures"][0].fact.best_relief) == "90"


def test_answer_given_later_is_not_seen() -> None:
    """An answer to a question is a fact too, recorded when it was asked."""
    chart = """
        zone: Europe/London
        as_of: 2026-03-02
        completeness: [{kind: infection, asked: 2026-03-02T15:00, answer: "no"}]
        """
    assert value(Answered("infection", "no"), chart, as_of="2026-03-02T14:00+00:00") == "unknown"
    assert value(Answered("infection", "no"), chart, as_of="2026-03-02T15:00+00:00") == "met"


def test_planned_and_mistaken_procedures_are_not_done() -> None:
    """A procedure that is planned, cancelled or entered in error is no procedure done."""
    for status in ("planned", "cancelled", "entered-in-error"):
        chart = f"""
            completeness: [{{kind: procedures, from: 1961-04-09}}]
            procedures: [{{id: P-1, therapy: medial-branch-block, date: 2026-02-12, status: {status}}}]
            """
        assert value(Exists(blocks()), chart) == "not_met", status


def test_aborted_procedure_may_count() -> None:
    """An aborted procedure may or may not count: it is neither dropped nor counted for sure."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-12, status: aborted}]
        """
    assert value(Exists(blocks()), chart) == "unknown"


def test_whether_a_finding_was_found_is_said() -> None:
    """A finding without `present` was looked for and says no more; `present: false` is a real answer."""
    chart = """
        findings: [{id: F-1, concept: facet-loading, date: 2026-02-12, present: %s}]
        """
    says = latest(Facts("findings", "finding"), Stated(Field("it", "present")))
    assert value(says, chart.replace(", present: %s", "")) == "unknown"
    assert value(says, chart % "true") == "met"
    assert value(says, chart % "false") == "not_met"


def test_a_procedure_written_down_before_its_day_may_only_have_been_planned() -> None:
    """A procedure without a status was done, unless it was written down before its day."""
    chart = """
        recorded: %s
        as_of: 2026-03-01
        completeness: [{kind: procedures, from: 1961-04-09, to: 2026-03-01}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-12%s}]
        """
    assert value(Exists(blocks()), chart % ("2026-02-13", "")) == "met"
    assert value(Exists(blocks()), chart % ("2026-02-12", "")) == "met"
    assert value(Exists(blocks()), chart % ("2026-02-11", "")) == "unknown"
    assert value(Exists(blocks()), chart % ("2026-02-11", ", status: done")) == "met"
    assert value(Exists(blocks()), chart % ("2026-02-11", ", recorded: 2026-02-12")) == "met"
