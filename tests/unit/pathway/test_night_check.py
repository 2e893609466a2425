"""The night check of one patient: every stop, at most three others in the order of harm, each with owner and time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from levamen.adapters.chart import read_chart
from levamen.criteria.nodes import Any, Cite, Criterion
from levamen.criteria.outcome import Missing
from levamen.knowledge.guards import Guard
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.night_order import RANKS, load_night_order, packaged_night_order
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import PolicyAnswer, Question
from levamen.pathway.assess import assess, default_as_of
from levamen.pathway.night_check import PatientNight, in_order, night
from levamen.pathway.obligations import Obligation
from levamen.pathway.periprocedural.answers import BleedingClass, DrugAnswer, GuardAnswer, Plan, ProfileAnswer, Task
from levamen.pathway.periprocedural.plan import plan as planned
from levamen.pathway.privileges import Finding
from levamen.record.facts import Request
from levamen.text.tree import UnusableInput

NEW_YORK = ZoneInfo("America/New_York")
CITE = Cite("ACC-2016-DAPT", "table", "secondary")
CHARTS = sorted((Path(__file__).parents[3] / "examples" / "charts").glob("*.yaml"))
ORDER = Path(str(resources.files("levamen.knowledge"))) / "checklists" / "night_order.yaml"


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK).astimezone(UTC)


START = local(2026, 3, 24, 10, 0)
EVENING = local(2026, 3, 23, 20, 0)


def guard(id: str, verdict: str, **changes: object) -> GuardAnswer:
    """A guard answered: it fires unless it is unknown or asked on the day."""
    made = Guard(
        id=id,
        topic="t",
        title=f"title of {id}",
        hazard=Criterion(id=id, says=Any(()), cites=(CITE,), remedy="none"),
        effect=verdict if verdict in ("contraindicated", "defer", "caution") else "defer",
        decision="defer",
        due="plan",
        do=f"do {id}",
        who="pain-physician",
    )
    fires = verdict in ("contraindicated", "defer", "caution")
    answer = GuardAnswer(guard=made, status="met", verdict=verdict, decision="defer", fires=fires)
    return replace(answer, **changes)


def drug(id: str, **changes: object) -> DrugAnswer:
    made = DrugAnswer(
        profile="asra-pain-2018",
        medication=id,
        drug="apixaban",
        decision="hold_with_plan",
        why="class intermediate: apixaban is held 3 days",
        stop_at=START - timedelta(days=3),
        prescribed=True,
        needs_agreement=True,
        agreed="D-1",
        cites=(CITE,),
    )
    return replace(made, **changes)


def plan(drugs: tuple[DrugAnswer, ...] = (), **fields: object) -> Plan:
    made = Plan(
        patient="synthetic",
        request=Request(id="R-1", therapy="epidural-steroid-injection", region="lumbar"),
        start=START,
        end=START,
        zone=NEW_YORK,
        on=date(2026, 3, 24),
        as_of=date(2026, 3, 23),
        moment="2026-03-23T20:00:00-04:00",
        active=ProfileAnswer(
            profile="asra-pain-2018",
            title="ASRA",
            bleeding_class=BleedingClass(profile="asra-pain-2018", word="intermediate"),
            drugs=drugs,
            decision="proceed_no_hold",
        ),
        others=(),
        guards=(),
        findings=(),
        clearance=None,
        decision="proceed_no_hold",
        safety="clear",
        reasons=(),
        until=None,
        tasks=(),
        obligations=(),
        notes=(),
        missing=(),
        unresolved=(),
        fingerprint="",
    )
    return replace(made, **fields)


def task(kind: str, key: str = "M-1", **changes: object) -> Task:
    made = Task(id=f"{kind}-{key}", kind=kind, what=f"{kind} it", who="nurse", drug="apixaban", cites=(CITE,))
    return replace(made, **changes)


def look(made: Plan, question: Question | None = None, at: date | datetime = EVENING) -> PatientNight:
    return night(made, question, at)


def coverage(made: Plan, verdict: str, *, governing: bool = True, duty: bool = False) -> Question:
    answer = PolicyAnswer(
        policy="mcr-esi",
        title="Medicare ESI: the rest",
        verdict=verdict,
        mark="primary",
        governing=governing,
        earliest=date(2026, 4, 2),
        needed_together=(Missing(kind="scores", what="a pain score", reason="not_recorded"),),
    )
    duties = (
        Obligation(
            id="pa", what="prior authorization", who="coordinator", due=None, why="w", cites=(CITE,), policy="p"
        ),
        Obligation(id="ask", what="not a duty of a payer", who="nurse", due=None, why="w", cites=()),
    )
    return Question(
        id="R-1", request=made.request, on=made.on, asked=True, policies=(answer,), headline="", plan=made,
        obligations=duties if duty else (),
    )  # fmt: skip


def test_all_stops_are_told_even_ten_and_contraindications_first() -> None:
    guards = tuple(guard(f"g-{number}", "contraindicated" if number == 7 else "defer") for number in range(10))
    found = look(plan(guards=guards, safety="contraindicated", decision="hard_stop_change_plan"))
    assert len(found.stops) == 10
    assert [stop.verdict for stop in found.stops] == ["contraindicated"] + ["defer"] * 9
    assert found.stops[0].what == "title of g-7"
    assert (found.cards, found.rest) == ((), ())


def test_a_stop_has_what_to_do_who_and_until_when() -> None:
    answer = guard("g", "defer", until=date(2026, 5, 1), found="3 weeks")
    (stop,) = night(plan(guards=(answer,), safety="defer"), None, EVENING, owner="Kim").stops
    assert (stop.what, stop.do, stop.role, stop.who) == ("title of g (found 3 weeks)", "do g", "pain-physician", "Kim")
    assert (stop.until, stop.due, stop.left) == (date(2026, 5, 1), START, timedelta(hours=14))
    assert stop.cites == (CITE,)


@pytest.mark.parametrize(
    ("decision", "verdict", "role"),
    [
        ("defer", "defer", "pain-physician"),
        ("do_not_hold_without_prescriber", "defer", "prescriber"),
        ("hard_stop_change_plan", "contraindicated", "pain-physician"),
    ],
)
def test_a_drug_that_stops(decision: str, verdict: str, role: str) -> None:
    made = plan((drug("M-1", decision=decision, stop_at=None, earliest_procedure=START + timedelta(days=1)),))
    (stop,) = look(replace(made, safety=verdict)).stops
    assert (stop.verdict, stop.role, stop.earliest) == (verdict, role, START + timedelta(days=1))
    assert stop.what == "apixaban: class intermediate: apixaban is held 3 days"


def test_refused_guidance_is_contraindicated_and_a_refused_operator_defers() -> None:
    findings = (
        Finding(status="refused", reason="not-granted", says="Dr X has no privilege.", source="committee"),
        Finding(status="refused", reason="contrast", says="no gadolinium", cites=(CITE,)),
        Finding(status="met", reason="guidance", says="fine", cites=(CITE,)),
        Finding(status="advice", reason="technique", says="advice", cites=(CITE,)),
    )
    found = look(plan(findings=findings, safety="contraindicated"))
    assert [(stop.verdict, stop.what) for stop in found.stops] == [
        ("contraindicated", "no gadolinium"),
        ("defer", "Dr X has no privilege."),
    ]
    assert found.cards == ()


def test_a_plan_that_stops_for_a_reason_nobody_listed_still_stops() -> None:
    found = look(plan(safety="defer", decision="defer", reasons=("something new",)))
    assert [(stop.verdict, stop.what) for stop in found.stops] == [("defer", "something new")]


def test_a_plan_that_is_unknown_for_a_reason_nobody_listed_still_says_so() -> None:
    found = look(plan(safety="unknown", reasons=("something new",)))
    assert [(card.rank, card.what) for card in found.cards] == [("unknown", "something new")]


def everything() -> Plan:
    """One of each rank, in an order that is not theirs."""
    return plan(
        (drug("M-1", agreed=None),),
        guards=(guard("cautious", "caution"), guard("asked", "clear", ask_on_the_day=True), guard("open", "unknown")),
        tasks=(
            task("watch", drug=None, id="watch-nerves", at=START),
            task("lab", id="lab-M-1-1", at=START),
            task("agree", at=START - timedelta(days=3)),
        ),
        obligations=(Obligation(id="recall-old-sheet", what="recall", who="nurse", due=None, why="", cites=()),),
        safety="unknown",
    )


def test_at_most_three_in_the_order_of_harm_and_the_rest_in_the_same_order() -> None:
    made = everything()
    found = look(made, coverage(made, "not_met"))
    assert [card.rank for card in found.cards] == ["thrombosis", "bleeding", "sheet"]
    assert [item.rank for item in found.rest] == ["unknown", "caution", "day", "plan", "coverage"]
    assert [rank.id for rank in packaged_night_order().ranks] == [
        "thrombosis", "bleeding", "sheet", "unknown", "caution", "day", "plan", "coverage",
    ]  # fmt: skip


def test_an_order_given_is_the_order_followed() -> None:
    made, order = everything(), packaged_night_order()
    turned = replace(order, ranks=(*order.ranks[1:-1], order.ranks[0], order.ranks[-1]))
    found = night(made, coverage(made, "not_met"), EVENING, order=turned)
    assert [card.rank for card in found.cards] == ["bleeding", "sheet", "unknown"]
    assert [item.rank for item in found.rest][-2:] == ["thrombosis", "coverage"]


def test_in_one_rank_what_is_due_first_then_what_would_stop() -> None:
    made = plan(
        (drug("M-1", drug="warfarin"),),
        guards=(
            guard("mild", "unknown", guard=replace(guard("mild", "defer").guard, effect="caution")),
            guard("grave", "unknown", guard=replace(guard("grave", "defer").guard, effect="contraindicated")),
            guard("middle", "unknown"),
        ),
        tasks=(
            task("lab", id="lab-M-1-1", drug="warfarin", at=START, what="late"),
            task("lab", id="lab-M-1-2", drug="warfarin", at=START - timedelta(hours=1), what="early"),
        ),
        safety="unknown",
    )
    found = look(made)
    assert [item.what for item in (*found.cards, *found.rest)] == [
        "early", "late", "title of grave", "title of middle", "title of mild",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("agreed", "decision", "ranks"),
    [
        (None, "hold_with_plan", ["thrombosis"]),
        (None, "shared_decision_required", ["bleeding"]),
        (None, "lab_required_no_datetime", ["bleeding"]),
    ],
)
def test_who_must_agree_on_what(agreed: str | None, decision: str, ranks: list[str]) -> None:
    made = plan((drug("M-1", agreed=agreed, decision=decision),), tasks=(task("agree", who="prescriber"),))
    found = look(made)
    assert [card.rank for card in found.cards] == ranks
    assert found.cards[0].role == "prescriber"
    assert found.cards[0].due == START


@pytest.mark.parametrize("decision", ["defer", "do_not_hold_without_prescriber", "hard_stop_change_plan"])
def test_nobody_is_asked_to_agree_to_a_stop_that_is_not_to_happen(decision: str) -> None:
    tasks = (task("agree", who="prescriber"), task("lab", id="lab-M-1-1", at=START))
    found = look(plan((drug("M-1", agreed=None, decision=decision),), tasks=tasks, safety="defer"))
    assert len(found.stops) == 1
    assert [(card.rank, card.what) for card in found.cards] == [("plan", "lab it")]


def test_overdue_is_negative() -> None:
    made = plan((drug("M-1", agreed=None),), tasks=(task("agree", at=EVENING - timedelta(hours=5)),))
    assert look(made).cards[0].left == -timedelta(hours=5)


@pytest.mark.parametrize(("hours", "told"), [(1, True), (0, True), (-1, False)])
def test_a_stop_time_is_told_until_it_is_past(hours: int, told: bool) -> None:
    """Past it the plan stands only where the dose is known to be early enough; when it was is still asked."""
    stop_at = EVENING + timedelta(hours=hours)
    made = plan(
        (drug("M-1", stop_at=stop_at),),
        tasks=(task("stop", at=stop_at - timedelta(hours=6)), task("ask", at=START)),
    )
    found = look(made)
    assert ("no dose of apixaban from then on" in [card.what for card in found.cards]) is told
    assert "ask it" in [card.what for card in found.cards]
    if told:
        assert (found.cards[0].due, found.cards[0].left) == (stop_at, timedelta(hours=hours))


def test_what_is_missing_is_told_once_and_a_drug_before_a_guard() -> None:
    asked = Missing(kind="problems", what="whether X", reason="not_recorded")
    dose = Missing(kind="medications", what="last dose of apixaban", reason="value_missing", fact="M-1")
    made = plan(
        (drug("M-1", missing=(dose,)),),
        guards=(guard("open", "unknown", missing=(asked,)),),
        missing=(asked, dose, Missing(kind="medications", what="which drug is 'x'", reason="value_missing")),
        safety="unknown",
    )
    found = look(made)
    assert [(card.what, card.why) for card in found.cards] == [
        ("find out: last dose of apixaban", ""),
        ("find out: which drug is 'x'", ""),
        ("title of open", "find out: whether X"),
    ]
    assert found.cards[0].cites == (CITE,)
    assert found.rest == ()


def test_the_questions_of_the_day_are_one_finding_with_its_parts() -> None:
    waits = Finding(status="unknown", reason="contrast", says="name the contrast", cites=(CITE,))
    made = plan(
        guards=(guard("a", "clear", ask_on_the_day=True), guard("b", "clear", ask_on_the_day=True)),
        findings=(waits,),
        obligations=(
            Obligation(id="a", what="ask on the day: title of a", who="nurse", due=None, why="", cites=()),
            Obligation(id="b", what="ask on the day: title of b", who="nurse", due=None, why="", cites=()),
            Obligation(
                id="confirm-contrast", what="confirm on the day: name the contrast", who="pain-physician", due=None,
                why="", cites=(CITE,),
            ),
        ),
    )  # fmt: skip
    (card,) = look(made).cards
    assert (card.rank, card.what, card.due) == ("day", "3 questions wait for the day", START)
    assert card.parts == ("title of a: do a", "title of b: do b", "confirm on the day: name the contrast")


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ("met", False), ("silent", False), ("informs", False), ("not_met", True), ("not_yet", True),
        ("unknown", True), ("ambiguous", True), ("not_covered", True), ("against", True),
    ],
)  # fmt: skip
def test_coverage_is_told_where_the_governing_policy_is_not_met(verdict: str, told: bool) -> None:
    made = plan()
    found = look(made, coverage(made, verdict))
    assert bool(found.cards) is told
    if told:
        assert found.cards[0].rank == "coverage"
        assert found.cards[0].what.startswith("Medicare ESI: ")
        assert found.cards[0].why == "to find out: a pain score; not before 2 Apr 2026"
        assert found.stops == ()


def test_what_is_in_the_way_is_told_with_what_was_found() -> None:
    """Twelve days between two blocks where Medicare asks two weeks: the words of the rule's own id help nobody."""
    path = next(path for path in CHARTS if path.stem == "facet-one-block")
    record = read_chart(path.read_bytes(), "chart").record
    as_of = default_as_of(record)
    assert as_of is not None
    question = assess(record, packaged(), as_of).questions[0]
    told = [card.why for card in look(plan(), question).cards if card.rank == "coverage" and "in the way" in card.why]
    assert told == ["in the way: block interval: 12 days, at least 2 weeks asked; not before 26 Feb 2026"]


def test_a_policy_that_does_not_govern_is_no_gap_and_a_duty_of_the_payer_is() -> None:
    made = plan()
    assert look(made, coverage(made, "not_met", governing=False)).cards == ()
    assert [card.what for card in look(made, coverage(made, "met", duty=True)).cards] == ["prior authorization"]


@pytest.mark.parametrize(
    ("evening", "morning", "hours"),
    [
        ((2026, 3, 7, 20, 0), (2026, 3, 8, 10, 0), 13),  # the clocks go forward in the night
        ((2026, 10, 31, 20, 0), (2026, 11, 1, 10, 0), 15),  # and back
        ((2026, 3, 22, 20, 0), (2026, 3, 23, 10, 0), 14),
    ],
)
def test_time_left_is_elapsed_time(evening: tuple[int, ...], morning: tuple[int, ...], hours: int) -> None:
    made = plan(guards=(guard("g", "defer"),), start=local(*morning), on=date(*morning[:3]), safety="defer")
    assert look(made, at=local(*evening)).stops[0].left == timedelta(hours=hours)


def test_a_day_counts_from_its_end_and_what_is_due_on_it_has_no_time_left() -> None:
    made = plan(guards=(guard("g", "defer"),), safety="defer")
    assert look(made, at=date(2026, 3, 23)).stops[0].left == timedelta(hours=10)
    assert look(made, at=date(2026, 3, 24)).stops[0].left is None
    assert look(replace(made, start=None)).stops[0].left is None


def test_stops_come_first_then_what_is_not_known_then_by_start_and_without_a_time_last() -> None:
    def one(name: str, start: datetime | None, on: date, *stops: GuardAnswer) -> PatientNight:
        safety = "defer" if stops else "unknown" if "unknown" in name else "clear"
        return look(plan(patient=name, start=start, on=on, guards=stops, safety=safety))

    day, stop = date(2026, 3, 24), guard("g", "defer")
    nights = [
        one("untimed", None, day),
        one("later", START + timedelta(hours=2), day),
        one("stopped late", START + timedelta(hours=5), day, stop),
        one("early", START, day),
        one("unknown late", START + timedelta(hours=6), day),
        one("unknown", START, day),
        one("next day", START + timedelta(days=1), date(2026, 3, 25)),
        one("stopped early", START, day, stop),
    ]
    expected = ["stopped early", "stopped late", "unknown", "unknown late", "early", "later", "untimed", "next day"]
    assert [found.patient for found in in_order(nights)] == expected
    assert [found.patient for found in in_order(reversed(nights))] == expected


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_what_the_plan_of_an_example_stops_is_a_stop_here(path: Path) -> None:
    record = read_chart(path.read_text(encoding="utf-8"), path.name).record
    as_of, knowledge = default_as_of(record), packaged()
    assert as_of is not None
    for request in record.requests:
        try:
            made = planned(record, request, knowledge, as_of)
        except UnusableInput:
            continue
        questions = assess(record, knowledge, as_of, requests=(request,)).questions
        found = night(made, questions[0], as_of)
        assert bool(found.stops) is (made.safety in ("defer", "contraindicated"))
        fired = [row for row in made.guards if row.fires and row.verdict in ("defer", "contraindicated")]
        assert len(found.stops) >= len(fired)
        assert len(found.cards) <= 3
        assert len(found.cards) == 3 or not found.rest
        told = {item.what for item in (*found.cards, *found.rest)}
        assert {row.guard.title for row in made.guards if row.verdict == "unknown"} <= told
        if made.safety == "unknown":
            assert {card.rank for card in found.cards} & {"thrombosis", "bleeding", "unknown"}


def test_the_packaged_order_is_sourced_and_says_which_of_it_is_ours() -> None:
    order = packaged_night_order()
    assert tuple(rank.id for rank in order.ranks) == RANKS
    marks = {rank.id: rank.mark for rank in order.ranks}
    assert order.ranks[0].cites == (Cite("LINKSMED-ASIPP", "point 1", "secondary"),)
    assert order.ranks[0].why == "thromboembolic events carry more morbidity and mortality than epidural hematoma"
    assert marks.pop("thrombosis") == "secondary"
    assert set(marks.values()) == {"unverified"}
    assert all(rank.cites[0].source == "NO-SOURCE" for rank in order.ranks[2:])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    source: LINKSMED-ASIPP\n", "", "source"),
        ("LINKSMED-ASIPP", "NOWHERE", "NOWHERE"),
        ("    mark: secondary\n", "    mark: sure\n", "mark"),
        ("  sheet:\n", "  letter:\n", "'letter' is no rank"),
        ("checklist: night_order", "checklist: other", "write `checklist: night_order`"),
        ("within:", "between:", "'between' is not known here"),
        ("recheck_by: 2027-05-21\n", "", "recheck_by"),
        ("    says: the patient holds a sheet with old times\n", "", "no says"),
    ],
)
def test_an_order_that_could_mislead_is_refused(old: str, new: str, says: str, tmp_path: Path) -> None:
    text = ORDER.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "night_order.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load_night_order(path, packaged().sources)
    assert says in str(error.value)
    assert "night_order.yaml" in str(error.value)


def test_a_rank_left_out_or_behind_coverage_is_refused(tmp_path: Path) -> None:
    text = ORDER.read_text(encoding="utf-8")
    start, end = text.index("  sheet:\n"), text.index("  unknown:\n")
    path = tmp_path / "night_order.yaml"
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(KnowledgeError, match="no rank sheet"):
        load_night_order(path, packaged().sources)
    path.write_text(text[:start] + text[end:] + text[start:end], encoding="utf-8")
    with pytest.raises(KnowledgeError, match="coverage is not last"):
        load_night_order(path, packaged().sources)
