"""What holds of every plan, on grown records: less known is never more permitted, and time moves as one (ADR 0007)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from growing import EXAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import DECISIONS, Plan
from levamen.pathway.periprocedural.plan import plan
from levamen.record.codes import classes_of
from levamen.record.completeness import Completeness
from levamen.record.facts import Agent, Document, Lab, Medication, Person, Problem, Record, Request
from levamen.record.timeline import When

DRUGS = (
    "apixaban", "rivaroxaban", "edoxaban", "dabigatran-etexilate", "warfarin", "aspirin", "clopidogrel", "ticagrelor",
    "enoxaparin", "heparin", "fondaparinux", "naproxen", "ibuprofen", "sertraline", "fish-oil", "ginkgo", "cilostazol",
)  # fmt: skip
DOSES = {"apixaban": ["2.5 mg", "5 mg"], "rivaroxaban": ["10 mg", "20 mg"], "enoxaparin": ["40 mg", "80 mg"]}
ANTITHROMBOTIC = ("rivaroxaban", "clopidogrel", "warfarin", "cilostazol")
TARGETS = (
    {"therapy": "epidural-steroid-injection", "approach": "interlaminar", "region": "cervical"},
    {"therapy": "epidural-steroid-injection", "approach": "transforaminal", "region": "lumbar"},
    {"therapy": "epidural-steroid-injection", "approach": "caudal", "region": "sacral"},
    {"therapy": "medial-branch-block", "region": "lumbar"},
    {"therapy": "medial-branch-radiofrequency-ablation", "region": "cervical", "technique": "thermal"},
    {"therapy": "spinal-cord-stimulation-trial", "lead": "percutaneous"},
    {"therapy": "trigger-point-injection", "region": "lumbar"},
    {"therapy": "cryoneurolysis"},
)  # fmt: skip
CONCEPTS = (
    "atrial-fibrillation",
    "coronary-stent",
    "stroke",
    "venous-thromboembolism",
    "cirrhosis",
    "dialysis",
    "diabetes",
)
START = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
AS_OF = date(2026, 4, 1)
DATED = (
    "stop_at", "stop_latest", "last_dose", "restart_from", "restart_earliest", "first_dose", "earliest_procedure",
)  # fmt: skip


def at(moment: datetime) -> When:
    return When(moment.date(), moment.date(), moment.astimezone(UTC))


@st.composite
def medications(draw: st.DrawFn, number: int) -> Medication:
    drug = draw(st.sampled_from(DRUGS))
    times = draw(st.sampled_from([(), ("08:00",), ("21:30",), ("08:00", "20:00")]))
    given_on = draw(st.sampled_from([None, -10, -2, 10]))
    return Medication(
        id=f"M-{number}",
        drug=drug,
        classes=classes_of(drug),
        dose=draw(st.sampled_from([None, *DOSES.get(drug, ["75 mg"])])),
        every=draw(st.sampled_from([None, "24 h", "12 h"])) if not times else None,
        times=times,
        indication=draw(st.sampled_from([None, "atrial-fibrillation", "cardiovascular-primary-prevention"])),
        last_dose=at(START + timedelta(days=given_on - 14)) if given_on is not None else None,
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    drugs = tuple(draw(medications(number)) for number in range(1, draw(st.integers(1, 3)) + 1))
    concepts = draw(st.lists(st.sampled_from(CONCEPTS), max_size=2, unique=True))
    problems = tuple(
        Problem(
            id=f"PR-{index}",
            concept=concept,
            since=When.on(AS_OF - timedelta(days=draw(st.sampled_from([20, 80, 170, 400])))),
            status="active",
            verification="confirmed",
        )
        for index, concept in enumerate(concepts, start=1)
    )
    labs = ()
    if draw(st.booleans()):
        value = draw(st.sampled_from([Decimal("0.8"), Decimal("1.4"), Decimal("2.6")]))
        taken = START - timedelta(days=draw(st.sampled_from([16, 20, 60])))
        labs = (Lab(id="L-1", test="creatinine", value=value, unit="mg/dL", at=at(taken)),)
    target = draw(st.sampled_from(TARGETS))
    steroid = (Agent(drug="dexamethasone", classes=classes_of("dexamethasone"), dose="10 mg"),)
    request = Request(id="R-1", **target, start=at(START), end=at(START + timedelta(minutes=30)), agents=steroid)
    kinds = ("problems", "medications", "allergies", "devices")
    return Record(
        id="grown",
        zone=draw(st.sampled_from(["UTC", "Europe/Rome", "America/Los_Angeles"])),
        recorded=When.on(AS_OF),
        person=Person(
            birth_date=When.on(date(draw(st.sampled_from([1938, 1960, 1985])), 5, 2)),
            sex=draw(st.sampled_from(["female", "male"])),
            weight_kg=Decimal(draw(st.sampled_from([55, 72, 110]))),
        ),
        completeness=tuple(Completeness(kind=kind, reviewed=When.on(AS_OF)) for kind in kinds),
        facts=(*drugs, *problems, *labs),
        requests=(request,),
    )


def planned(record: Record, as_of: date | datetime = AS_OF) -> Plan:
    return plan(record, record.requests[0], packaged(), as_of)


PERMITS = {"clear": 2, "caution": 1, "unknown": 0, "defer": 0, "contraindicated": 0}
"""Unknown, defer and contraindicated all stop."""


def no_more_permissive(less: Plan, more: Plan) -> None:
    """`less` knows less, or holds more danger: it may not permit what `more` does not."""
    assert PERMITS[less.safety] <= PERMITS[more.safety], (less.reasons, more.reasons)
    assert more.final or not less.final
    if any("reviewed" in missing.what for missing in less.missing):
        return  # the class may be higher than what is printed, and the plan says so
    before = {drug.medication: drug for drug in more.active.drugs}
    for drug in less.active.drugs:
        other = before.get(drug.medication)
        if other is None:
            continue
        if drug.stop_at is not None and other.stop_at is not None:
            assert drug.stop_at <= other.stop_at
        if drug.decision == "proceed_no_hold":
            assert other.decision == "proceed_no_hold"


quiet = settings(
    max_examples=120 * EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

PERSON = ("birth_date", "sex", "weight_kg")
OF_MEDICATION = ("dose", "every", "times", "indication", "last_dose")
OF_REQUEST = ("region", "approach", "start")


@quiet
@given(records(), st.data())
def test_removing_a_value_never_makes_a_plan_more_permissive(record: Record, data: st.DataObject) -> None:
    where = data.draw(st.sampled_from(["person", "lab", "medication", "request", "review", "problem", "drug"]))
    less = record
    match where:
        case "person":
            less = replace(record, person=replace(record.person, **{data.draw(st.sampled_from(PERSON)): None}))
        case "lab":
            less = replace(record, facts=tuple(fact for fact in record.facts if not isinstance(fact, Lab)))
        case "medication":
            name = data.draw(st.sampled_from(OF_MEDICATION))
            less = replace(record, facts=tuple(_without(fact, name) for fact in record.facts))
        case "request":
            name = data.draw(st.sampled_from(OF_REQUEST))
            less = replace(record, requests=(replace(record.requests[0], **{name: None}),))
        case "review":
            less = replace(record, completeness=record.completeness[data.draw(st.integers(1, 4)) :])
        case "problem":
            less = _forgotten(record, Problem, "problems")
        case "drug":
            less = _forgotten(record, Medication, "medications")
    no_more_permissive(planned(less), planned(record))


def _without(fact: Any, name: str) -> Any:
    empty: Any = () if name == "times" else None
    return replace(fact, **{name: empty}) if isinstance(fact, Medication) else fact


def _forgotten(record: Record, kind: type, section: str) -> Record:
    """Without the first fact of a kind, and so without what declared its section complete."""
    first = next((fact for fact in record.facts if isinstance(fact, kind)), None)
    return replace(
        record,
        facts=tuple(fact for fact in record.facts if fact is not first),
        completeness=tuple(entry for entry in record.completeness if entry.kind != section),
    )


@quiet
@given(records(), st.sampled_from(ANTITHROMBOTIC))
def test_a_further_antithrombotic_never_makes_a_plan_more_permissive(record: Record, drug: str) -> None:
    further = Medication(
        id="M-9", drug=drug, classes=classes_of(drug), every="24 h", times=("08:00",), indication="atrial-fibrillation"
    )
    no_more_permissive(planned(replace(record, facts=(*record.facts, further))), planned(record))


@quiet
@given(records(), st.integers(1, 400))
def test_moving_everything_moves_every_datetime_with_it(record: Record, days: int) -> None:
    step = timedelta(days=days)
    still = replace(record, zone="UTC", person=replace(record.person, birth_date=When.on(date(1960, 5, 2))))
    moved = replace(
        still,
        recorded=When.on(AS_OF + step),
        completeness=tuple(replace(entry, reviewed=When.on(AS_OF + step)) for entry in still.completeness),
        facts=tuple(_moved(fact, step) for fact in still.facts),
        requests=tuple(_moved(request, step) for request in still.requests),
    )
    problems_free = replace(still, facts=tuple(f for f in still.facts if not isinstance(f, Problem)))
    moved = replace(moved, facts=tuple(f for f in moved.facts if not isinstance(f, Problem)))
    here, there = planned(problems_free), planned(moved, AS_OF + step)
    if here.clearance is not None and here.clearance != there.clearance:
        return  # a birthday lies between the two days
    for one, other in zip(here.active.drugs, there.active.drugs, strict=True):
        assert one.decision == other.decision
        for name in DATED:
            before, after = getattr(one, name), getattr(other, name)
            assert (before is None) == (after is None)
            assert before is None or after - before == step


def _moved(fact: Any, step: timedelta) -> Any:
    changes = {}
    for name in ("start", "end", "since", "at", "last_dose"):
        when = getattr(fact, name, None)
        if when is not None:
            changes[name] = at(when.at + step) if when.at is not None else When.on(when.first + step)
    return replace(fact, **changes)


@quiet
@given(records())
def test_where_a_guard_stops_the_procedure_nothing_is_stopped_for_it(record: Record) -> None:
    found = planned(record)
    if any(guard.fires and guard.verdict in ("defer", "contraindicated") for guard in found.guards):
        assert all(drug.stop_at is None for drug in found.active.drugs)


@quiet
@given(records())
def test_times_stand_in_their_order(record: Record) -> None:
    found = planned(record)
    assert found.start is not None
    assert found.end is not None
    for drug in found.active.drugs:
        assert (drug.stop_at is None) or drug.decision == "hold_with_plan"
        if drug.stop_at is not None:
            assert drug.stop_at < found.start
            assert drug.stop_latest is None or drug.stop_at < drug.stop_latest < found.start
            assert drug.last_dose is None or drug.last_dose <= drug.stop_at
        if drug.restart_from is not None:
            assert drug.restart_from >= found.end
            assert drug.first_dose is None or drug.first_dose >= drug.restart_from
            assert drug.restart_earliest is None or found.end <= drug.restart_earliest < drug.restart_from
        if drug.earliest_procedure is not None:
            assert drug.decision == "defer"
            assert drug.earliest_procedure > found.start


@quiet
@given(records())
def test_nothing_is_final_while_an_input_is_unknown_or_unverified(record: Record) -> None:
    found = planned(record)
    for drug in found.active.drugs:
        assert not (drug.final and (drug.missing or drug.unverified))
        assert not (drug.final and drug.needs_agreement and drug.agreed is None)
    if found.final:
        assert not found.missing
        assert found.safety in ("clear", "caution")
        assert all(drug.final for drug in found.active.drugs)


@quiet
@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(record: Record, random: Any) -> None:
    facts = list(record.facts)
    random.shuffle(facts)
    assert planned(replace(record, facts=tuple(facts))) == planned(record)


@quiet
@given(records())
def test_an_agreement_never_hardens_and_never_frees_more_than_its_drug(record: Record) -> None:
    first = next(fact for fact in record.facts if isinstance(fact, Medication))
    agreed = Document(id="D-1", kind="prescriber-agreement", date=When.on(AS_OF), drug=first.drug, agrees="hold")
    before, after = planned(record), planned(replace(record, facts=(*record.facts, agreed)))
    assert PERMITS[after.safety] >= PERMITS[before.safety]
    for one, other in zip(before.active.drugs, after.active.drugs, strict=True):
        if one.drug != first.drug:
            assert one == other
        elif one.decision != "shared_decision_required":  # agreed to be held, it needs the time of a hold
            assert DECISIONS.index(other.decision) <= DECISIONS.index(one.decision)
