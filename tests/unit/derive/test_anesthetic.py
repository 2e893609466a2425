"""Local anesthetic of one session: maxima by weight and dose, mixtures summed, nothing assumed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_samples import agent, day, record, request
from msgspec.structs import replace

from levamen.derive.anesthetic import Session, rescue, session
from levamen.derive.periods import Done, done, moment_of
from levamen.knowledge.anesthetics import packaged_anesthetics
from levamen.pathway.ledger import ledger_got, planned_session
from levamen.record.facts import Agent, Problem, Procedure, Record, Request
from levamen.record.timeline import Interval, month_of

TABLE = packaged_anesthetics()
ON = date(2026, 6, 1)


def planned(
    *agents: Agent,
    weight: str | None = "80",
    country: str | None = "US",
    born: str | None = "1980-01-01",
    **more: object,
) -> Session:
    wanted = request(*agents, start=day("2026-06-01"))
    facts = more.get("facts", ())
    assert isinstance(facts, tuple)
    held = record(*facts, weight=weight, country=country, born=born, requests=(wanted,))
    return planned_session(held, ON, wanted, ON)


def percent(drug: str, strength: str, volume: str) -> Agent:
    return agent(drug, concentration=f"{strength} %", volume=f"{volume} mL")


EPINEPHRINE = agent("epinephrine", "50 mcg")


@pytest.mark.parametrize(
    ("agents", "weight", "country", "value", "status"),
    [
        # 4.5 mg/kg x 60 kg = 270 mg, under the 300 mg of the label
        ((percent("lidocaine", "1", "27"),), "60", "US", (1, 1), "met"),
        ((percent("lidocaine", "1", "27.1"),), "60", "US", (Fraction(271, 270), Fraction(271, 270)), "exceeded"),
        ((percent("lidocaine", "1", "26.9"),), "60", "US", (Fraction(269, 270), Fraction(269, 270)), "met"),
        # 4.5 x 80 = 360, so 300 mg counts
        ((percent("lidocaine", "2", "15"),), "80", "US", (1, 1), "met"),
        ((percent("lidocaine", "2", "15.1"),), "80", "US", (Fraction(302, 300), Fraction(302, 300)), "exceeded"),
        # 3 mg/kg in the United Kingdom and Australia
        ((percent("lidocaine", "1", "18"),), "60", "GB", (1, 1), "met"),
        ((percent("lidocaine", "1", "18.1"),), "60", "AU", (Fraction(181, 180), Fraction(181, 180)), "exceeded"),
        # no country, or one without a table: both readings, the stricter decides
        ((percent("lidocaine", "1", "18"),), "60", None, (Fraction(2, 3), 1), "met"),
        ((percent("lidocaine", "1", "20"),), "60", None, (Fraction(200, 270), Fraction(200, 180)), "ambiguous"),
        ((percent("lidocaine", "1", "20"),), "60", "IT", (Fraction(200, 270), Fraction(200, 180)), "ambiguous"),
        ((percent("lidocaine", "1", "28"),), "60", None, (Fraction(280, 270), Fraction(280, 180)), "exceeded"),
        # with epinephrine 7 mg/kg, at most 500 mg
        ((percent("lidocaine", "1", "42"), EPINEPHRINE), "60", "US", (1, 1), "met"),
        ((percent("lidocaine", "1", "50"), EPINEPHRINE), "80", "US", (1, 1), "met"),
        # bupivacaine 2 mg/kg with or without epinephrine; 175 and 225 mg
        ((percent("bupivacaine", "0.5", "24"),), "60", "US", (1, 1), "met"),
        ((percent("bupivacaine", "0.5", "24"), EPINEPHRINE), "60", "US", (1, 1), "met"),
        ((percent("bupivacaine", "0.5", "35"),), "100", "US", (1, 1), "met"),
        ((percent("bupivacaine", "0.5", "45"), EPINEPHRINE), "120", "US", (1, 1), "met"),
        # ropivacaine 3 mg/kg; caps from 150 to 300 mg
        ((percent("ropivacaine", "0.2", "75"),), "50", "US", (1, 1), "met"),
        ((percent("ropivacaine", "0.2", "90"),), "80", "US", (Fraction(180, 240), Fraction(180, 150)), "ambiguous"),
        ((percent("ropivacaine", "0.5", "61"),), "120", "US", (Fraction(305, 300), Fraction(305, 150)), "exceeded"),
        # mepivacaine 5 plain, 6.6 with epinephrine
        ((percent("mepivacaine", "1", "30"),), "60", "US", (1, 1), "met"),
        ((percent("mepivacaine", "1", "33"), EPINEPHRINE), "50", "US", (1, 1), "met"),
        # a mixture: 135/270 + 60/120
        ((percent("lidocaine", "1", "13.5"), percent("bupivacaine", "0.5", "12")), "60", "US", (1, 1), "met"),
        (
            (percent("lidocaine", "1", "13.6"), percent("bupivacaine", "0.5", "12")),
            "60",
            "US",
            (Fraction(271, 270), Fraction(271, 270)),
            "exceeded",
        ),
    ],
)  # fmt: skip
def test_fractions_of_the_maximum(
    agents: tuple[Agent, ...], weight: str, country: str | None, value: tuple[Fraction, Fraction], status: str
) -> None:
    found = planned(*agents, weight=weight, country=country)
    assert found.value == Interval(Fraction(value[0]), Fraction(value[1]))
    assert found.status == status


def test_a_weight_that_is_not_recorded_is_not_assumed() -> None:
    found = planned(percent("lidocaine", "1", "5"), weight=None)
    assert (found.value, found.status) == (Interval(Fraction(1, 6), None), "unknown")
    assert found.reasons == ("weight not recorded",)
    assert planned(percent("mepivacaine", "1", "5"), weight=None).value == Interval(Fraction(0), None)
    assert planned(percent("lidocaine", "1", "31"), weight=None).status == "exceeded"


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (agent("lidocaine"), "dose of lidocaine in R-1 not recorded"),
        (agent("lidocaine", concentration="1 %"), "dose of lidocaine in R-1 not recorded"),
        (percent("prilocaine", "1", "1"), "no maximum of prilocaine found in a source"),
        (percent("levobupivacaine", "0.5", "1"), "no maximum of levobupivacaine found in a source"),
        (percent("liposomal-bupivacaine", "1.3", "20"), "no maximum of liposomal-bupivacaine found in a source"),
    ],
)
def test_what_is_missing_is_named(one: Agent, reason: str) -> None:
    found = planned(one)
    assert (found.value, found.status, found.reasons) == (Interval(Fraction(0), None), "unknown", (reason,))


def test_no_agents_is_not_no_anesthetic() -> None:
    assert planned().status == "unknown"
    assert planned().reasons == ("agents of R-1 not all recorded",)
    assert planned(agent("triamcinolone", "40 mg")).value == Interval.exactly(0)


@pytest.mark.parametrize(
    ("born", "value"),
    [
        ("1956-06-01", (Fraction(1, 3), Fraction(1, 3))),
        ("1956-05-31", (Fraction(1, 3), Fraction(10, 21))),
        ("2025-12-02", (Fraction(10, 21), Fraction(10, 21))),
        ("2025-12-01", (Fraction(1, 3), Fraction(1, 3))),
        (None, (Fraction(1, 3), Fraction(1, 3))),
    ],
)
def test_reductions_by_age(born: str | None, value: tuple[Fraction, Fraction]) -> None:
    """The infant's 30 % is a table's; the adult's is a local default: a second, stricter reading."""
    assert planned(percent("lidocaine", "1", "10"), born=born).value == Interval(*value)


@pytest.mark.parametrize(("status", "high"), [("active", Fraction(10, 21)), ("resolved", Fraction(1, 3))])
def test_a_reduction_by_a_recorded_condition(status: str, high: Fraction) -> None:
    heart = Problem(id="PR-1", concept="heart-failure", status=status)
    assert planned(percent("lidocaine", "1", "10"), facts=(heart,)).value == Interval(Fraction(1, 3), high)


def test_several_procedures_of_one_session_are_summed() -> None:
    one = request(percent("lidocaine", "1", "15"), plan="both", start=day("2026-06-01"))
    same = request(percent("lidocaine", "1", "15"), id="R-2", plan="both", start=day("2026-06-01"))
    other = request(percent("lidocaine", "1", "15"), id="R-3", plan="both", start=day("2026-05-31"))
    undated = request(percent("lidocaine", "1", "15"), id="R-4", plan="both")
    alone = request(percent("lidocaine", "1", "15"), id="R-5", start=day("2026-06-01"))
    held = record(weight="80", country="US", born="1980-01-01", requests=(one, same, other, undated, alone))
    assert planned_session(held, ON, one, ON).value == Interval(Fraction(1), Fraction(3, 2))
    assert planned_session(held, ON, alone, ON).value == Interval.exactly(Fraction(1, 2))


def given_before(on: str) -> Procedure:
    return Procedure(
        id="P-1",
        therapy="peripheral-nerve-block",
        status="done",
        start=day(on),
        agents=(percent("bupivacaine", "0.5", "20"),),
    )


@pytest.mark.parametrize(
    ("on", "session_high", "day_limit"),
    [
        ("2026-06-01", Fraction(4, 3), (200, 200)),
        ("2026-05-31", Fraction(2, 3), (100, 200)),
        ("2026-05-30", Fraction(2, 3), (100, 100)),
    ],
)
def test_what_was_given_that_day_and_the_day_before(
    on: str, session_high: Fraction, day_limit: tuple[int, int]
) -> None:
    found = planned(percent("bupivacaine", "0.5", "20"), weight="75", facts=(given_before(on),))
    assert found.value == Interval.exactly(session_high)
    (limit,) = found.days
    assert limit.milligrams == Interval(Fraction(day_limit[0]), Fraction(day_limit[1]))
    assert (limit.maximum.amount, limit.status) == (400, "met")


def test_what_was_given_some_day_of_the_month_may_have_been_that_day() -> None:
    some_day = replace(given_before("2026-06-01"), start=month_of(2026, 6))
    found = planned(percent("bupivacaine", "0.5", "20"), weight="75", facts=(some_day,))
    assert found.value == Interval(Fraction(2, 3), Fraction(4, 3))


@pytest.mark.parametrize(("volume", "status"), [("80", "met"), ("80.1", "exceeded")])
def test_four_hundred_of_bupivacaine_in_24_hours(volume: str, status: str) -> None:
    (limit,) = planned(percent("bupivacaine", "0.5", volume), weight="200").days
    assert limit.status == status


def test_a_mixture_carries_the_warning_of_the_label() -> None:
    two = planned(percent("lidocaine", "1", "2"), percent("bupivacaine", "0.25", "2"))
    assert {"mixture-sum", "mixture-label"} <= {row.id for row in two.warnings}
    assert "mixture-label" not in {row.id for row in planned(percent("lidocaine", "1", "2")).warnings}
    strong = planned(percent("bupivacaine", "0.75", "2"))
    assert "bupivacaine-075" in {row.id for row in strong.warnings}


def test_what_the_site_may_choose_decides_nothing() -> None:
    (dose,) = planned(percent("bupivacaine", "0.5", "24"), EPINEPHRINE, weight="60").doses
    assert [row.id for row in dose.shown_only] == ["bupivacaine-epinephrine-by-choice"]
    assert dose.most == Interval.exactly(120)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        ("70", {"bolus": "100 over 2-3 minutes", "infusion": "250 over 15-20 minutes", "most": "840 in all"}),
        ("69.9", {"bolus": "104.85", "infusion": "17.475 per minute", "most": "838.8 in all"}),
        (None, {"bolus": "", "infusion": "", "most": ""}),
    ],
)
def test_lipid_rescue(weight: str | None, expected: dict[str, str]) -> None:
    rows = rescue(Decimal(weight) if weight is not None else None, TABLE)
    found = {
        row.lipid.id: f"{float(row.millilitres):g} {row.says}".strip() if row.millilitres is not None else ""
        for row in rows
    }
    assert found == expected


def test_expectations_are_answered() -> None:
    wanted = request(percent("lidocaine", "1", "10"), start=day("2026-06-01"))
    held = record(weight="80", country="US", born="1980-01-01", requests=(wanted,))
    assert ledger_got(held, ON, ON, wanted, "anesthetic", "session") == {
        "value": "0.33",
        "unit": "1",
        "window": "session",
    }
    assert ledger_got(held, ON, ON, None, "anesthetic") == {"value": "0.33", "unit": "1", "window": "session"}
    assert ledger_got(held, ON, ON, wanted, "anesthetic", "24 h") == {"value": "0", "unit": "mg", "window": "24 h"}
    assert ledger_got(held, ON, ON, wanted, "anesthetic", "a week") == {}


DRUGS = st.sampled_from(["lidocaine", "bupivacaine", "ropivacaine", "mepivacaine"])
VOLUMES = st.sampled_from(["1", "5", "12.5", None])
AGENTS = st.lists(st.tuples(DRUGS, VOLUMES), max_size=4)


def value(rows: list[tuple[str, str | None]], weight: str | None, country: str | None) -> Interval:
    agents = tuple(
        agent(drug, concentration="1 %", **({"volume": f"{ml} mL"} if ml is not None else {})) for drug, ml in rows
    )
    wanted = Request(id="R-1", therapy="spinal-fusion", agents=agents)
    held: Record = record(weight=weight, country=country)
    moment = moment_of(held, ON, ON)
    return session(held, (Done(wanted),), done(held, moment), moment, TABLE, country).value


def high(interval: Interval) -> Fraction:
    return Fraction(10**9) if interval.high is None else interval.high


@given(AGENTS, AGENTS, st.sampled_from(["50", "90", None]), st.sampled_from(["US", "GB", None]))
def test_more_never_lowers_and_less_known_never_narrows(
    rows: list,
    more: list,
    weight: str | None,
    country: str | None,
) -> None:
    one, both = value(rows, weight, country), value(rows + more, weight, country)
    assert both.low >= one.low
    assert high(both) >= high(one)
    unweighed, nowhere = value(rows, None, country), value(rows, weight, None)
    assert unweighed.low <= one.low
    assert high(unweighed) >= high(one)
    assert nowhere.low <= one.low
    assert high(nowhere) >= high(one)
