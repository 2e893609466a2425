"""The intake fields of a chart: read, written, through FHIR and back, and refused with one clear sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from levamen.adapters.chart import read_chart
from levamen.adapters.chart_write import write_chart
from levamen.adapters.fhir import read_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.record.facts import Course, Intake, Medication, Pain, Record
from levamen.text.tree import UnusableInput

WHOLE = """chart: 1
id: whole
as_of: 2026-03-02
pain:
  - {id: PN-1, site: low-back, onset: none known, qualities: [aching, burning], worse_with: sitting,
     better_with: [rest], most_days: true, icd11: [MG30.02, MG30.5], since: 2025-03}
care:
  - {id: C-1, therapy: massage, helped: sometimes}
medications:
  - {id: M-1, drug: ibuprofen, helped: never}
intake:
  - {date: 2026-02, interferes: {day-to-day: quite-a-bit, family: unknown}, health_visits: 3, emergency_visits: 0,
     hospital_admissions: 0, tests: 1, opioid_days_a_week: 3.5, work_status: off-sick, work_hours: 0,
     compensation_open: yes, litigation_open: unknown, interpreter: yes, sight_help: no, hearing_help: no,
     reading_help: yes, has_barriers: yes, barriers: [cost, language], biggest_barrier: my boss, decides: patient,
     worries: losing the job, bad_experience: none, success: a night of sleep, author: Nurse, source: telephone,
     recorded: 2026-02-20, note: daughter was there}
"""


def record() -> Record:
    reading = read_chart(WHOLE, "whole.yaml")
    assert not reading.balance.rejected
    return reading.record


def test_every_field_is_read() -> None:
    (intake,) = record().of(Intake)
    assert isinstance(intake, Intake)
    assert intake.id == "intake-1"
    silent = [name for name in Intake.__struct_fields__ if getattr(intake, name) in (None, frozenset(), {})]
    assert silent == []
    assert intake.interferes == {"day-to-day": "quite-a-bit", "family": "unknown"}
    assert (intake.opioid_days_a_week, intake.tests, intake.compensation_open) == (Decimal("3.5"), 1, "yes")
    (pain,) = record().of(Pain)
    assert isinstance(pain, Pain)
    assert (pain.onset, pain.qualities, pain.worse_with) == (
        "no-known-cause",
        frozenset({"aching", "burning"}),
        frozenset({"sitting"}),
    )
    assert (pain.better_with, pain.most_days, pain.icd11) == (frozenset({"rest"}), True, ("MG30.02", "MG30.5"))
    assert [fact.helped for kind in (Course, Medication) for fact in record().of(kind)] == ["sometimes", "never"]


def test_a_chart_is_written_as_it_was_read() -> None:
    assert read_chart(write_chart(record()), "again").record == record()


def test_nothing_is_lost_through_fhir() -> None:
    back = read_bundle(bundle_of(record()), "bundle")
    assert back.record == record()
    assert (back.balance.ignored, back.balance.rejected) == (0, 0)


REJECTED = {
    "intake: [{interpreter: yes}]": "`date` is missing",
    "intake: [{date: soon}]": "'soon' is no date or time",
    "intake: [{date: 2026-01, work_hours: 169}]": "169 is more than 168, the most it can be",
    "intake: [{date: 2026-01, work_hours: -1}]": "-1 is less than 0, the least it can be",
    "intake: [{date: 2026-01, opioid_days_a_week: 7.5}]": "7.5 is more than 7, the most it can be",
    "intake: [{date: 2026-01, health_visits: 1.5}]": "1.5 is not a whole number",
    "intake: [{date: 2026-01, interpreter: true}]": "true is a boolean, a word is wanted; known: yes, no",
    "intake: [{date: 2026-01, interpreter: perhaps}]": "answers: 'perhaps' is unknown",
    "intake: [{date: 2026-01, work_status: off-sik}]": "'off-sik' is unknown; nearest: off-sick",
    "intake: [{date: 2026-01, barriers: [costs]}]": "'costs' is unknown; nearest: cost",
    "intake: [{date: 2026-01, has_barriers: no, barriers: [cost]}]": "no, and `barriers` names cost; keep one",
    "intake: [{date: 2026-01, interferes: {days: very-much}}]": "'days' is unknown; known: day-to-day",
    "intake: [{date: 2026-01, interferes: {fun: a lot}}]": "'a lot' is unknown; known: not-at-all",
    "intake: [{date: 2026-01, interferes: fun}]": "a mapping of `name: word` is wanted here",
    "intake: [{date: 2026-01, worries: ''}]": "the text is empty",
    "pain: [{site: knee, qualities: [achy]}]": "'achy' is unknown; nearest: aching",
    "pain: [{site: knee, onset: [injury]}]": "a word is wanted here, not a list",
    "pain: [{site: knee, most_days: often}]": "true or false is wanted, 'often' is text",
    "pain: [{site: knee, icd11: M54.5}]": "'M54.5' is not of the form MG30.02",
    "pain: [{site: knee, icd11: MG30.98}]": "'MG30.98' is no code of chronic pain known here",
    "care: [{therapy: massage, helped: often}]": "'often' is unknown; known: never, sometimes, always",
}


@pytest.mark.parametrize("text", REJECTED)
def test_a_wrong_value_is_rejected_with_what_would_be_right(text: str) -> None:
    balance = read_chart(f"chart: 1\nas_of: 2026-03-02\n{text}", "x.yaml").balance
    (issue,) = [issue for issue in balance.issues if issue.fate == "rejected"]
    assert REJECTED[text] in issue.what
    assert (balance.items, balance.accepted, balance.rejected) == (1, 0, 1)


@pytest.mark.parametrize(
    "text", ["intake: [{date: 2026-01, interpretr: yes}]", "pain: [{site: knee, quality: aching}]"]
)
def test_a_misspelt_field_makes_the_chart_unusable(text: str) -> None:
    with pytest.raises(UnusableInput, match=r"unknown key .* nearest: `(interpreter|qualities)`"):
        read_chart(f"chart: 1\nas_of: 2026-03-02\n{text}", "x.yaml")


def test_a_biggest_barrier_that_is_not_among_them_is_told() -> None:
    text = "chart: 1\nas_of: 2026-03-02\nintake: [{date: 2026-01, barriers: [cost], biggest_barrier: fear}]"
    balance = read_chart(text, "x.yaml").balance
    assert balance.accepted == 1
    assert [issue.what for issue in balance.issues] == ["`biggest_barrier` fear is not among `barriers`"]
