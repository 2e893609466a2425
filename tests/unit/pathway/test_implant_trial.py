"""A trial under each policy: the inequality of its own text, at, just below and just above; nothing averaged."""

from __future__ import annotations

from fractions import Fraction

import pytest
from implant_charts import way

from levamen.pathway.implant.review import WayReview
from levamen.pathway.implant.trial import Outcome, TrialAnswer, outcome
from levamen.record.timeline import Interval

TRIAL = """
procedures:
  - id: P-1
    therapy: spinal-cord-stimulation-trial
    start: 2026-10-05T09:00
    end: {end}
    region: thoracic
    pain: PN-1
    relief: [{{percent: {percent}, at: 2026-10-09}}]
    trial: {{{trial}}}
"""


def found(percent: str, *decides: str, trial: str = "satisfied: true", end: str = "2026-10-10T09:00") -> WayReview:
    return way(TRIAL.format(percent=percent, trial=trial, end=end), *decides)


def word(where: WayReview, policy: str) -> str:
    return next(answer.word for answer in where.asked.answers if answer.policy == policy)


@pytest.mark.parametrize(
    ("policy", "percent", "says"),
    [
        ("fda-scs-2020", "50", "passed"),
        ("fda-scs-2020", "50.0", "passed"),
        ("fda-scs-2020", "49.999", "failed"),
        ("fda-scs-2020", "49.6", "failed"),
        ("fda-scs-2020", "51", "passed"),
        ("evicore-scs", "50", "passed"),
        ("evicore-scs", "49.6", "failed"),
        ("bcbs-nd-scs", "50", "passed"),
        ("bcbs-nd-scs", "49.6", "failed"),
        ("cms-ncd-160.7", "0.1", "passed"),
        ("cms-ncd-160.7", "0", "failed"),
        ("cms-ncd-160.7", "-5", "failed"),
    ],
)
def test_the_inequality_is_the_policys_own(policy: str, percent: str, says: str) -> None:
    assert word(found(percent, policy), policy) == says


@pytest.mark.parametrize(
    ("end", "says"), [("2026-10-07T09:00", "failed"), ("2026-10-07T08:59", "failed"), ("2026-10-07T09:01", "passed")]
)
def test_more_than_48_hours_is_more(end: str, says: str) -> None:
    """eviCore: a trial of more than 48 hours; to the minute it is not more."""
    text = TRIAL.format(percent="60", trial="satisfied: true", end=end).replace("2026-10-09", "2026-10-07")
    assert word(way(text, "evicore-scs"), "evicore-scs") == says


@pytest.mark.parametrize(
    ("trial", "says"),
    [
        ("activity_test: true, satisfied: true, mme_before: 20, mme_after: 20", "passed"),
        ("activity_test: true, satisfied: true, mme_before: 20, mme_after: 21", "failed"),
        ("activity_test: true, satisfied: false, mme_before: 20, mme_after: 20", "failed"),
        ("activity_test: false, satisfied: true, mme_before: 20, mme_after: 20", "failed"),
        ("activity_test: true, satisfied: true", "cannot tell"),
        ("activity_test: true, mme_before: 20, mme_after: 20", "cannot tell"),
        ("satisfied: true, mme_before: 20, mme_after: 20", "cannot tell"),
    ],
)
def test_the_practice_parameters_want_four_things(trial: str, says: str) -> None:
    """Half the pain despite activity, with stable or less analgesics, and a satisfied patient."""
    assert word(found("50", "nf-pp-scs07", trial=trial), "nf-pp-scs07") == says


def test_what_is_not_recorded_is_not_told() -> None:
    where = way(
        TRIAL.replace("    relief: [{{percent: {percent}, at: 2026-10-09}}]\n", "").format(trial="", end="2026-10-10")
    )
    assert where.trial is not None
    assert (where.trial.pain, where.trial.analgesics, where.trial.function) == (None, None, None)
    assert {answer.word for answer in where.asked.answers} == {"cannot tell"}


def test_the_numbers_are_exact() -> None:
    text = TRIAL.format(percent="60", trial="mme_before: 30, mme_after: 20", end="2026-10-10T09:30")
    where = way(text.replace("{percent: 60, at: 2026-10-09}", "{scale: nrs, before: 7, after: 4, at: 2026-10-09}"))
    assert where.trial is not None
    assert where.trial.pain == Interval.exactly(Fraction(300, 7))
    assert where.trial.analgesics == Interval.exactly(Fraction(100, 3))
    assert where.trial.hours == Interval.exactly(Fraction(241, 2))


def test_the_night_of_25_hours_counts_them() -> None:
    text = TRIAL.format(percent="60", trial="", end="2026-11-01T09:00").replace("2026-10-05T09", "2026-10-31T09")
    where = way(text.replace("2026-10-09", "2026-11-01"))
    assert where.trial is not None
    assert where.trial.hours == Interval.exactly(25)


def test_days_without_a_clock_are_read_both_ways() -> None:
    text = TRIAL.format(percent="60", trial="", end="2026-10-10").replace("2026-10-05T09:00", "2026-10-05")
    where = way(text)
    assert where.trial is not None
    assert where.trial.hours == Interval(Fraction(96), Fraction(144))


def answer(status: str, *, decides: bool = True) -> TrialAnswer:
    return TrialAnswer(
        policy="p",
        title="P",
        word="passed",
        status=status,
        decides=decides,
        clauses=(),
        repeat=True,
    )


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        (["met"], "passed"),
        (["met", "met"], "passed"),
        (["not_met"], "failed"),
        (["met", "not_met"], "split"),
        (["met", "unknown"], "unknown"),
        (["not_met", "unknown"], "unknown"),
        (["met", "ambiguous"], "unknown"),
        ([], "unknown"),
    ],
)
def test_the_deciding_policies_together(statuses: list[str], says: Outcome) -> None:
    rows = [answer(status) for status in statuses]
    assert outcome(rows) == says
    assert outcome([*rows, answer("not_met", decides=False), answer("unknown", decides=False)]) == says
    assert outcome(rows[::-1]) == says


@pytest.mark.parametrize(
    ("percent", "state"), [("50", "trial-success"), ("49.6", "trial-failed"), ("51", "trial-success")]
)
def test_the_way_follows_the_policy_that_decides(percent: str, state: str) -> None:
    assert found(percent, "fda-scs-2020").standing.state == state


def test_two_that_disagree_split_and_a_named_third_is_asked() -> None:
    where = found("30", "fda-scs-2020", "cms-ncd-160.7")
    assert (where.outcome, where.standing.state) == ("split", "trial-split")
    assert [row.event for row in where.ahead] == ["implant-planned"]
    asked = {guard.id: shown.status for guard, shown in where.ahead[0].guards}
    assert (asked["decided"], asked["authority-implant"]) == ("unknown", "not_met")


def test_without_a_policy_that_decides_the_trial_stays_open() -> None:
    where = found("90")
    assert (where.outcome, where.standing.state) == ("unknown", "trial-done")
    assert where.asked.deciding == frozenset()


@pytest.mark.parametrize(
    ("policy", "trial", "state", "granted"),
    [
        ("nf-pp-scs07", "coverage_adequate: false", "trial-technical-failure", True),
        ("nf-pp-scs07", "repositioned: true", "trial-technical-failure", True),
        ("nf-pp-scs07", "coverage_adequate: true, repositioned: false", "trial-failed", False),
        ("fda-scs-2020", "coverage_adequate: false", "trial-technical-failure", False),
        ("bcbs-nd-scs", "repositioned: true", "trial-technical-failure", False),
    ],
)
def test_a_repeat_only_where_it_is_recorded_and_the_policy_grants_it(
    policy: str, trial: str, state: str, granted: bool
) -> None:
    """Practice parameters: repeat only if coverage was inadequate. The letter and the plan name no repeat."""
    full = f"{trial}, activity_test: true, satisfied: true, mme_before: 20, mme_after: 20"
    where = found("20", policy, trial=full)
    assert where.standing.state == state
    repeat = next((row for row in where.ahead if row.event == "repeat-granted"), None)
    if repeat is None:
        assert not granted
        return
    status = next(shown.status for guard, shown in repeat.guards if guard.id == "repeat")
    assert (status != "not_met") is granted
