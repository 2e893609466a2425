"""The steroid ledger: every injection anywhere, in mg MPE, against limits that somebody states."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_samples import MENOPAUSE, agent, complete, epidural, injection, medicine, record, request, triamcinolone
from msgspec.structs import replace

from levamen.derive.periods import PERIODS, Done, Period, done, moment_of, shown
from levamen.derive.steroid import course_equivalents, courses, doses, equivalents, steroid_total, systemic_total
from levamen.derive.steroid_limits import LimitAnswer, limits
from levamen.knowledge.steroids import packaged_steroids
from levamen.record.completeness import Completeness
from levamen.record.facts import Fact, Problem, Procedure, Record
from levamen.record.timeline import Interval, month_of

TABLE = packaged_steroids()
YEAR, THREE_YEARS, LIFE = PERIODS
ON = date(2026, 6, 1)


def total(held: Record, period: Period = YEAR, on: date = ON, as_of: date | None = None) -> str:
    moment = moment_of(held, as_of or on, on)
    return shown(steroid_total(held, doses(done(held, moment), TABLE), period, moment).equivalents.value)


def limit(held: Record, id: str, on: date = ON, of: str = "") -> LimitAnswer:
    moment = moment_of(held, on, on)
    found = [row for row in limits(held, done(held, moment), moment, TABLE) if row.limit.id == id and row.of == of]
    assert len(found) == 1, f"{id}: {len(found)} answers"
    return found[0]


@pytest.mark.parametrize(
    ("drug", "amount", "low", "high"),
    [
        ("methylprednisolone", 80, Fraction(80), Fraction(80)),
        ("triamcinolone", 40, Fraction(40), Fraction(40)),
        ("betamethasone", 6, Fraction(32), Fraction(40)),
        ("betamethasone-sodium-phosphate", 6, Fraction(32), Fraction(40)),
        ("dexamethasone", 10, Fraction(160, 3), Fraction(200, 3)),
        ("prednisone", 150, Fraction(120), Fraction(120)),
        ("prednisolone", 5, Fraction(4), Fraction(4)),
        ("hydrocortisone", 20, Fraction(4), Fraction(4)),
    ],
)
def test_equivalents(drug: str, amount: int, low: Fraction, high: Fraction) -> None:
    assert equivalents(drug, Interval.exactly(amount), TABLE) == Interval(low, high)


def test_no_equivalence_is_said_and_leaves_the_total_open() -> None:
    held = record(injection("P-1", "2026-01-05", agent("triamcinolone-extended-release", "32 mg")))
    assert "triamcinolone-extended-release" in TABLE.no_source_found
    assert total(held) == "0 or more"
    (dose,) = doses(done(held, moment_of(held, ON, ON)), TABLE)
    assert dose.missing == "no equivalence found in a source"


@pytest.mark.parametrize(
    ("on", "given_on", "expected"),
    [
        ("2026-06-01", "2025-05-31", "0"),
        ("2026-06-01", "2025-06-01", "40"),
        ("2026-06-01", "2026-06-01", "40"),
        ("2026-02-28", "2025-02-27", "0"),
        ("2026-02-28", "2025-02-28", "40"),
        ("2028-02-29", "2027-02-27", "0"),
        ("2028-02-29", "2027-02-28", "40"),
        ("2025-02-28", "2024-02-27", "0"),
        ("2025-02-28", "2024-02-28", "40"),
        ("2025-02-28", "2024-02-29", "40"),
    ],
)
def test_twelve_calendar_months_and_their_first_day_counts(on: str, given_on: str, expected: str) -> None:
    assert total(record(triamcinolone("P-1", given_on)), YEAR, date.fromisoformat(on)) == expected


@pytest.mark.parametrize(("given_on", "expected"), [("2023-05-31", "0"), ("2023-06-01", "40")])
def test_thirty_six_months(given_on: str, expected: str) -> None:
    assert total(record(triamcinolone("P-1", given_on)), THREE_YEARS) == expected


def test_what_comes_after_the_service_date_or_was_not_known_is_not_counted() -> None:
    assert total(record(triamcinolone("P-1", "2026-06-02"))) == "0"
    assert total(record(triamcinolone("P-1", "2026-05-20")), as_of=date(2026, 5, 19)) == "0"


def test_several_drugs_of_several_clinics_add_up() -> None:
    held = record(
        triamcinolone("P-1", "2025-08-01", "40 mg"),
        epidural("P-2", "2025-09-01", agent("methylprednisolone", "80 mg"), agent("lidocaine", "20 mg")),
        epidural("P-3", "2026-01-05", agent("dexamethasone", "10 mg")),
        triamcinolone("P-4", "2023-08-01", "40 mg"),
    )
    assert total(held) == "173.33 to 186.67"
    assert total(held, THREE_YEARS) == "213.33 to 226.67"
    assert total(held, LIFE) == "213.33 to 226.67"
    found = steroid_total(held, doses(done(held, moment_of(held, ON, ON)), TABLE), YEAR, moment_of(held, ON, ON))
    assert [(drug, shown(row.value)) for drug, row in found.drugs] == [
        ("dexamethasone", "10"),
        ("methylprednisolone", "80"),
        ("triamcinolone", "40"),
    ]


def test_a_dose_that_is_not_recorded_is_named_and_leaves_the_total_open() -> None:
    held = record(triamcinolone("P-1", "2025-08-01"), triamcinolone("P-2", "2025-09-01", None))
    found = steroid_total(held, doses(done(held, moment_of(held, ON, ON)), TABLE), YEAR, moment_of(held, ON, ON))
    assert shown(found.equivalents.value) == "40 or more"
    assert (found.equivalents.counted, found.equivalents.lacking) == (("P-1",), ("P-2",))


@pytest.mark.parametrize(
    ("procedure", "expected"),
    [
        (injection("P-1", "2026-01-05"), "0 or more"),
        (injection("P-1", "2026-01-05", therapy="medial-branch-block"), "0 or more"),
        (injection("P-1", "2026-01-05", therapy="medial-branch-radiofrequency-ablation"), "0 or more"),
        (injection("P-1", "2026-01-05", therapy="botulinum-toxin"), "0"),
        (injection("P-1", "2026-01-05", therapy="spinal-fusion"), "0"),
        (injection("P-1", "2026-01-05", agent("lidocaine", "20 mg")), "0"),
        (injection("P-1", "2026-01-05", agent("")), "0 or more"),
        (epidural("P-1", "2026-01-05", agent("lidocaine", "20 mg")), "0 or more"),
        (triamcinolone("P-1", "2026-01-05", status="aborted"), "0 to 40"),
        (triamcinolone("P-1", "2026-01-05", status=None), "40"),
        (triamcinolone("P-1", "2026-01-05", status="planned"), "0"),
        (triamcinolone("P-1", "2026-01-05", status="cancelled"), "0"),
        (triamcinolone("P-1", "2026-01-05", status="entered-in-error"), "0"),
        (triamcinolone("P-1", month_of(2025, 6)), "40"),
        (triamcinolone("P-1", month_of(2025, 5)), "0"),
        (triamcinolone("P-1", None), "0 to 40"),
        (triamcinolone("P-1", "2026-01-05", "40-80 mg"), "40 to 80"),
    ],
)
def test_what_is_not_said_is_never_nothing(procedure: Procedure, expected: str) -> None:
    assert total(record(procedure)) == expected


def test_a_month_may_lie_in_the_window_or_not() -> None:
    assert total(record(triamcinolone("P-1", month_of(2025, 6))), on=date(2026, 6, 15)) == "0 to 40"
    assert total(record(triamcinolone("P-1", None)), LIFE) == "40"


def test_written_down_before_its_day_it_may_have_been_planned() -> None:
    held = record(triamcinolone("P-1", "2026-05-20", status=None), recorded="2026-05-10")
    assert total(held) == "0 to 40"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((complete("2025-06-01", "2026-06-01"),), "40"),
        ((complete("2025-06-02", "2026-06-01"),), "40 or more"),
        ((complete("2025-06-01", "2026-05-31"),), "40 or more"),
        ((complete("2025-06-01", "2026-06-01", scope="source"),), "40 or more"),
        ((complete("2025-06-01", "2026-06-01", therapy="joint-injection"),), "40 or more"),
        ((complete("2025-06-01", "2026-06-01", region="lumbar"),), "40 or more"),
        ((), "40 or more"),
    ],
)
def test_only_completeness_closes_a_total(said: tuple[Completeness, ...], expected: str) -> None:
    assert total(record(triamcinolone("P-1", "2026-01-05"), completeness=said)) == expected


def test_a_lifetime_is_closed_from_birth() -> None:
    one = triamcinolone("P-1", "2026-01-05")
    assert total(record(one, completeness=(complete("1950-01-01"),)), LIFE) == "40"
    assert total(record(one, completeness=(complete("1950-01-02"),)), LIFE) == "40 or more"
    assert total(record(one, born=None), LIFE) == "40 or more"


def test_limits_are_those_of_the_sources() -> None:
    stated = {row.id: (row.amount, row.window.amount if row.window else None, row.cites[0]) for row in TABLE.limits}
    assert {id: (int(amount), window) for id, (amount, window, _) in stated.items()} == {
        "mpe-12-months": (200, 12),
        "mpe-36-months": (400, 36),
        "mpe-one-injection": (40, None),
        "epidurals-6-months": (3, 6),
        "epidurals-12-months": (6, 12),
        "medicare-sessions-12-months": (4, 12),
        "evicore-6-months": (3, 6),
        "evicore-12-months": (4, 12),
        "joint-12-months": (3, 12),
    }
    assert stated["mpe-12-months"][2].source == "BROWN-2022"
    assert stated["joint-12-months"][2].mark == "unverified"
    assert all(row.who for row in TABLE.limits)


@pytest.mark.parametrize(
    ("last", "status"), [("39.9 mg", "met"), ("40 mg", "met"), ("40.1 mg", "exceeded"), (None, "unknown")]
)
def test_two_hundred_in_twelve_months(last: str | None, status: str) -> None:
    held = record(
        MENOPAUSE,
        epidural("P-1", "2025-07-01", agent("methylprednisolone", "80 mg")),
        epidural("P-2", "2025-10-01", agent("methylprednisolone", "80 mg")),
        triamcinolone("P-3", "2026-01-05", last),
    )
    assert limit(held, "mpe-12-months").status == status


@pytest.mark.parametrize(("last", "status"), [("80 mg", "met"), ("80.1 mg", "exceeded")])
def test_four_hundred_in_thirty_six_months(last: str, status: str) -> None:
    held = record(
        MENOPAUSE,
        *(triamcinolone(f"P-{n}", f"2024-0{n}-01", "80 mg") for n in range(1, 5)),
        triamcinolone("P-5", "2026-01-05", last),
    )
    assert limit(held, "mpe-36-months").status == status


def test_where_tables_disagree_across_the_limit_it_is_unknown() -> None:
    held = record(
        MENOPAUSE,
        triamcinolone("P-1", "2025-07-01", "140 mg"),
        epidural("P-2", "2026-01-05", agent("dexamethasone", "10 mg")),
    )
    found = limit(held, "mpe-12-months")
    assert (found.status, shown(found.total.value)) == ("unknown", "193.33 to 206.67")


def test_an_equivalence_that_awaits_confirmation_never_permits() -> None:
    held = record(MENOPAUSE, injection("P-1", "2026-01-05", agent("betamethasone-sodium-phosphate", "6 mg")))
    found = limit(held, "mpe-12-months")
    assert (found.numbers, found.status) == ("met", "unknown")
    over = record(MENOPAUSE, injection("P-1", "2026-01-05", agent("betamethasone-sodium-phosphate", "60 mg")))
    assert limit(over, "mpe-12-months").status == "exceeded"


@pytest.mark.parametrize(
    ("facts", "sex", "status"),
    [
        ((MENOPAUSE,), "female", "exceeded"),
        ((replace(MENOPAUSE, verification="provisional"),), "female", "unknown"),
        ((replace(MENOPAUSE, verification="refuted"),), "female", "silent"),
        ((), "female", "unknown"),
        ((), None, "unknown"),
        ((), "male", "silent"),
    ],
)
def test_post_menopausal_is_recorded_or_asked(facts: tuple[Problem, ...], sex: str | None, status: str) -> None:
    held = record(*facts, triamcinolone("P-1", "2026-01-05", "240 mg"), sex=sex, born="1940-01-01")
    found = limit(held, "mpe-12-months")
    assert (found.status, found.numbers) == (status, "exceeded")


def several(days: list[str], **fields: str) -> list[Fact]:
    return [
        epidural(f"P-{n}", on, agent("methylprednisolone", "40 mg"), **fields) for n, on in enumerate(days, start=1)
    ]


@pytest.mark.parametrize(
    ("days", "status"),
    [
        (["2025-12-01", "2026-02-01", "2026-04-01"], "met"),
        (["2025-11-30", "2025-12-01", "2026-02-01", "2026-04-01"], "met"),
        (["2025-12-01", "2026-01-15", "2026-02-20", "2026-04-01"], "exceeded"),
        (["2025-12-01", "2026-01-15", "2026-02-20", "2026-02-20"], "unknown"),
    ],
)
def test_three_epidurals_in_six_months(days: list[str], status: str) -> None:
    assert limit(record(*several(days)), "epidurals-6-months").status == status


def test_one_day_is_one_session() -> None:
    days = ["2025-12-01", "2025-12-01", "2026-01-15", "2026-02-20", "2026-04-01"]
    found = limit(record(*several(days)), "medicare-sessions-12-months", of="lumbar")
    assert (shown(found.total.value), found.status) == ("4", "met")


def test_a_payer_may_count_the_sacral_region_with_the_lumbar() -> None:
    days = ["2025-12-01", "2026-01-15", "2026-02-20", "2026-04-01"]
    caudal = epidural("P-9", "2026-05-01", agent("triamcinolone", "40 mg"), region="sacral", approach="caudal")
    neck = epidural("P-8", "2026-05-08", agent("triamcinolone", "40 mg"), region="cervical")
    found = limit(record(*several(days), caudal, neck), "medicare-sessions-12-months", of="lumbar")
    assert (shown(found.total.value), found.status) == ("4 to 5", "unknown")


def test_a_root_injection_with_steroid_may_count_as_an_epidural() -> None:
    root = injection("P-1", "2026-04-01", agent("dexamethasone", "4 mg"), therapy="selective-nerve-root-block")
    dry = injection("P-2", "2026-04-08", agent("lidocaine", "10 mg"), therapy="selective-nerve-root-block")
    assert shown(limit(record(root, dry), "epidurals-6-months").total.value) == "0 to 1"


@pytest.mark.parametrize(("count", "status"), [(3, "unknown"), (4, "exceeded")])
def test_the_same_joint_three_times_a_year_awaits_confirmation(count: int, status: str) -> None:
    done_here = [triamcinolone(f"P-{n}", f"2026-0{n}-10", "10 mg") for n in range(1, count + 1)]
    other = [triamcinolone("P-8", "2026-02-02", side="right"), triamcinolone("P-9", "2026-02-02", joint="hip")]
    assert limit(record(*done_here, *other), "joint-12-months", of="left knee").status == status


@pytest.mark.parametrize(("dose", "status"), [("40 mg", "met"), ("40.1 mg", "exceeded"), (None, "unknown")])
def test_one_injection(dose: str | None, status: str) -> None:
    asked = request(agent("triamcinolone", dose))
    held = record(MENOPAUSE)
    moment = moment_of(held, ON, ON)
    found = limits(held, (Done(asked),), moment, TABLE, asked)
    assert [row.status for row in found if row.limit.id == "mpe-one-injection"] == [status]


def test_steroid_as_a_medicine_stands_beside() -> None:
    held = record(medicine("M-1", "prednisone", dose="20 mg", every="24 h", start="2026-01-05", end="2026-01-09"))
    (course,) = courses(held, moment_of(held, ON, ON))
    assert total(held) == "0"
    assert course_equivalents(course, YEAR, ON, TABLE) == Interval.exactly(80)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"dose": "20 mg", "every": "twice daily", "end": "2026-01-09"}, "160"),
        ({"dose": "20 mg", "times": ("08:00", "20:00"), "end": "2026-01-09"}, "160"),
        ({"dose": "20 mg", "every": "24 h", "end": "2026-01-09", "as_needed": True}, "0 to 80"),
        ({"dose": "20 mg", "every": "24 h", "end": "2026-01-09", "route": "inhaled"}, "0"),
        ({"every": "24 h", "end": "2026-01-09"}, "0 or more"),
        ({"dose": "20 mg", "end": "2026-01-09"}, "0 or more"),
        ({"dose": "5 mg", "every": "24 h"}, "592"),
    ],
)
def test_courses_add_up_only_where_dose_and_days_are_known(fields: dict[str, str], expected: str) -> None:
    held = record(medicine("M-1", "prednisone", start="2026-01-05", **fields))
    found = courses(held, moment_of(held, ON, ON))
    assert shown(systemic_total(found, YEAR, ON, TABLE)) == expected


AMOUNTS = st.sampled_from(["10 mg", "40 mg", "80 mg", "20-40 mg", None])
DRUGS = st.sampled_from(["triamcinolone", "dexamethasone", "betamethasone", "hydrocortisone"])
DAYS = st.sampled_from(["2025-05-31", "2025-06-01", "2025-12-24", "2026-02-28", "2026-06-01", None])
INJECTIONS = st.lists(st.tuples(DRUGS, AMOUNTS, DAYS), max_size=5)


def written(rows: list[tuple[str, str | None, str | None]]) -> list[Procedure]:
    return [injection(f"P-{n}", on, agent(drug, dose)) for n, (drug, dose, on) in enumerate(rows)]


def value(held: Record) -> Interval:
    moment = moment_of(held, ON, ON)
    return steroid_total(held, doses(done(held, moment), TABLE), YEAR, moment).equivalents.value


def high(interval: Interval) -> Fraction:
    return Fraction(10**9) if interval.high is None else interval.high


@given(INJECTIONS, INJECTIONS)
def test_an_injection_more_never_lowers_the_total(rows: list, more: list) -> None:
    less, all_of_them = value(record(*written(rows))), value(record(*written(rows + more)))
    assert all_of_them.low >= less.low
    assert high(all_of_them) >= high(less)


@given(INJECTIONS, st.data())
def test_forgetting_a_dose_never_lowers_the_upper_bound(rows: list, data: st.DataObject) -> None:
    if not rows:
        return
    index = data.draw(st.integers(0, len(rows) - 1))
    forgotten = [*rows[:index], (rows[index][0], None, rows[index][2]), *rows[index + 1 :]]
    before, after = value(record(*written(rows))), value(record(*written(forgotten)))
    assert high(after) >= high(before)
    assert after.low <= before.low


@given(INJECTIONS, st.randoms(use_true_random=False))
def test_order_does_not_matter(rows: list, random) -> None:
    facts = written(rows)
    shuffled = list(facts)
    random.shuffle(shuffled)
    one, other = record(*facts), record(*shuffled)
    moment = moment_of(one, ON, ON)
    assert doses(done(one, moment), TABLE) == doses(done(other, moment), TABLE)
    assert limits(one, done(one, moment), moment, TABLE) == limits(other, done(other, moment), moment, TABLE)


@given(INJECTIONS)
def test_an_incomplete_record_is_open_above(rows: list) -> None:
    facts = written(rows)
    assert value(record(*facts, completeness=())).high is None
    assert value(record(*facts, completeness=())).low == value(record(*facts)).low
