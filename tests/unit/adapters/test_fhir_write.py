"""Writing a record as FHIR and reading it back gives the same record, whatever the record holds."""

from __future__ import annotations

import json
import re
import types
import typing
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from levamen.adapters.fhir import read_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.record import facts
from levamen.record.codes import classes_of, ids
from levamen.record.completeness import Completeness
from levamen.record.timeline import Interval, When, month_of, year_of

# Records are large: a failing one is shown as it is, because making it smaller takes minutes.
SETTINGS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
WORDS = st.text("abcdefghij ÄÖ-'\"\\/.,%\n0123456789", min_size=1, max_size=20)
NUMBERS = st.decimals(min_value=-1000, max_value=100000, places=3, allow_nan=False, allow_infinity=False)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@st.composite
def moments(draw: st.DrawFn) -> When:
    day = draw(DAYS)
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return When.on(day)
    if kind == 1:
        return month_of(day.year, day.month)
    if kind == 2:
        return year_of(day.year)
    if kind == 3:
        return When(day, day + timedelta(days=draw(st.integers(0, 500))))
    offset = timezone(timedelta(minutes=draw(st.sampled_from([0, -480, 330, 60]))))
    at = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), 30, tzinfo=offset)
    return When(day, day, at)


INTERVALS = st.builds(
    lambda low, width, third: Interval(
        Fraction(low, 3 if third else 1), None if width is None else Fraction(low, 3 if third else 1) + width
    ),
    st.integers(0, 100),
    st.none() | st.integers(0, 50),
    st.booleans(),
)
# Fields whose words are ids of a section; others are free text.
SECTIONS = {
    "concept": "conditions", "test": "labs", "instrument": "instruments", "scale": "instruments",
    "therapy": "therapies", "purpose": "purposes", "region": "regions", "side": "sides", "site": "pain_sites",
    "joint": "joints", "guidance": "guidance", "sedation": "sedation", "contrast": "contrast", "drug": "drugs",
    "route": "drug_routes", "method": "methods", "conclusion": "evaluation_conclusions", "status": "procedure_statuses",
    "joints": "spinal_joints", "interspaces": "spinal_joints", "vertebrae": "vertebrae", "roots": "roots",
    "foramina": "foramina", "nerves": "nerves", "muscles": "muscles", "complications": "events",
    "indication": "conditions", "stopped_because": "stop_reasons", "setting": "settings",
    "approach": "qualifiers.approach", "technique": "qualifiers.technique", "verification": "verifications",
}  # fmt: skip
PUMP = st.none() | st.fixed_dictionaries(
    {
        "reservoir_ml": NUMBERS,
        "drugs": st.lists(st.fixed_dictionaries({"drug": WORDS, "dilution": NUMBERS}), max_size=2).map(tuple),
    },
    optional={"filled_at": moments(), "eri": st.booleans(), "note": WORDS, "days": st.integers(0, 5)},
).map(lambda pump: {key: value for key, value in pump.items() if value != ()})


def value_of(kind: Any, name: str) -> st.SearchStrategy[Any]:
    """Any value of a field, by its type; vocabulary words where the field takes them, and sometimes free text."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(value_of(argument, name) for argument in arguments))
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is frozenset:
        return st.frozensets(value_of(arguments[0], name), max_size=3)
    if origin is tuple:
        return st.lists(value_of(arguments[0], name), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(WORDS, WORDS, max_size=2)
    if kind is str:
        section = SECTIONS.get(name)
        return WORDS if section is None else st.sampled_from(ids(section)) | WORDS
    simple = {
        type(None): st.none(), bool: st.booleans(), int: st.integers(0, 100), Decimal: NUMBERS, When: moments(),
        Interval: INTERVALS,
    }  # fmt: skip
    return simple[kind] if kind in simple else structures(kind)


def structures(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    fields = {name: value_of(hints[name], name) for name in kind.__struct_fields__ if name not in ("id", "pump")}
    if "pump" in kind.__struct_fields__:
        fields["pump"] = PUMP
    built = st.builds(kind, **fields, **({"id": st.just("x")} if "id" in kind.__struct_fields__ else {}))
    return built.map(with_classes).map(without_empty_parts)


def with_classes(made: Any) -> Any:
    """Classes are those of the drug, as adapters fill them in."""
    if isinstance(made, facts.Medication | facts.Agent):
        known = made.drug in ids("drugs")
        return msgspec.structs.replace(made, classes=classes_of(made.drug) if known else frozenset())
    return made


def without_empty_parts(made: Any) -> Any:
    """A structure in which nothing is said is not told from an absent one."""
    for name in ("exposure", "trial"):
        part = getattr(made, name, None)
        if part is not None and part == type(part)():
            made = msgspec.structs.replace(made, **{name: None})
    return made


def numbered(made: list[Any]) -> tuple[Any, ...]:
    """Facts with ids of their own, one of them such as FHIR does not allow."""
    return tuple(
        msgspec.structs.replace(fact, id=f"{type(fact).__name__[:2]}_{number} ä" if number % 3 else f"F-{number}")
        for number, fact in enumerate(made)
    )


FACTS = st.lists(st.one_of(*(structures(kind) for kind in facts.SECTIONS)), max_size=4).map(numbered)


@pytest.mark.parametrize("kind", facts.SECTIONS, ids=lambda kind: kind.section)
def test_every_field_of_every_section_comes_back(kind: type[facts.Fact]) -> None:
    @SETTINGS
    @given(st.lists(structures(kind), min_size=1, max_size=3).map(numbered))
    def check(made: tuple[facts.Fact, ...]) -> None:
        record = facts.Record(id="p", facts=made)
        assert by_id(read_bundle(bundle_of(record), "x").record.facts) == by_id(made)

    check()


def by_id(found: typing.Iterable[facts.Fact]) -> dict[tuple[type[facts.Fact], str], facts.Fact]:
    return {(type(fact), fact.id): fact for fact in found}


@SETTINGS
@given(
    FACTS,
    st.lists(structures(facts.Request), max_size=2).map(numbered),
    structures(facts.Person),
    st.lists(structures(facts.Payer), max_size=2).map(tuple),
    st.lists(structures(Completeness), max_size=3).map(tuple),
    st.none() | moments(),
    st.none() | moments(),
)
def test_a_whole_record_comes_back(
    made: tuple[facts.Fact, ...],
    requests: tuple[facts.Request, ...],
    person: facts.Person,
    payers: tuple[facts.Payer, ...],
    completeness: tuple[Completeness, ...],
    recorded: When | None,
    as_of: When | None,
) -> None:
    record = facts.Record(
        id="patient 1", zone="America/Los_Angeles", recorded=recorded, as_of=as_of, person=person, payers=payers,
        completeness=completeness, facts=made, requests=requests,
    )  # fmt: skip
    reading = read_bundle(bundle_of(record), "x")
    back = reading.record
    assert by_id(back.facts) == by_id(made)
    assert by_id(back.requests) == by_id(requests)
    assert (back.person, back.payers, back.completeness) == (person, payers, completeness)
    assert (back.id, back.zone, back.recorded, back.as_of) == (record.id, record.zone, recorded, as_of)
    assert reading.balance.rejected == 0
    assert reading.balance.ignored == 0
    assert bundle_of(record) == bundle_of(record)


def test_the_same_record_written_twice_is_the_same() -> None:
    record = facts.Record(id="p", facts=(facts.Pain(id="PN-1", site="low-back"),))
    once = bundle_of(record)
    assert bundle_of(read_bundle(once, "x").record) == once


EXAMPLE = facts.Record(
    id="example-1",
    zone="America/Los_Angeles",
    recorded=When.on(date(2026, 2, 20)),
    facts=(
        facts.Pain(id="PN-1", site="low-back", side="right", since=When.on(date(2025, 7, 1))),
        facts.Procedure(
            id="P-1",
            therapy="medial-branch-block",
            status="done",
            start=When.on(date(2026, 2, 12)),
            region="lumbar",
            side="right",
            joints=frozenset({"L3-4", "L4-5"}),
            purpose="diagnostic",
            guidance="fluoroscopy",
            pain="PN-1",
            agents=(
                facts.Agent(
                    drug="bupivacaine", classes=classes_of("bupivacaine"), concentration="0.5 %", volume="0.5 mL"
                ),
            ),
            relief=(
                facts.Relief(
                    at=When(date(2026, 2, 12), date(2026, 2, 12), datetime.fromisoformat("2026-02-12T11:00:00-08:00")),
                    scale="nrs",
                    before=Decimal(8),
                    after=Decimal(1),
                ),
                facts.Relief(percent=Interval(Fraction(70), Fraction(80))),
            ),
            relief_ended=When.on(date(2026, 2, 13)),
        ),
        facts.Score(id="S-1", instrument="nrs", pain="PN-1", value=Decimal(8), date=When.on(date(2026, 2, 12))),
    ),
    requests=(
        facts.Request(id="R-1", therapy="medial-branch-radiofrequency-ablation", technique="thermal", plan="spring"),
    ),
)


def resources(record: facts.Record) -> dict[str, dict[str, Any]]:
    bundle = json.loads(bundle_of(record))
    return {f"{e['resource']['resourceType']}/{e['resource']['id']}": e["resource"] for e in bundle["entry"]}


def test_a_procedure_uses_the_elements_of_fhir() -> None:
    written = resources(EXAMPLE)
    procedure = written["Procedure/P-1"]
    assert procedure["status"] == "completed"
    assert procedure["code"]["coding"][0] == {
        "system": "urn:levamen:vocabulary:1:therapies",
        "code": "medial-branch-block",
        "display": "Medial branch block",
    }
    assert procedure["performedDateTime"] == "2026-02-12"
    assert procedure["category"]["coding"][0]["code"] == "diagnostic"
    sides = [coding for site in procedure["bodySite"] for coding in site["coding"]]
    assert {"system": "http://snomed.info/sct", "code": "24028007"} in sides
    assert procedure["reasonReference"][0]["reference"].startswith("urn:uuid:")
    assert "extension" not in procedure


def test_what_followed_a_procedure_is_part_of_it() -> None:
    written = resources(EXAMPLE)
    relief = written["Observation/P-1-relief-1"]
    assert relief["partOf"] == written["MedicationAdministration/P-1-agent-1"]["partOf"]
    assert {"system": "http://loinc.org", "code": "72514-3"} in relief["code"]["coding"]
    assert relief["valueQuantity"] == {"value": 1}
    assert relief["component"][0]["code"]["coding"][0]["code"] == "before"
    assert written["Observation/P-1-relief-2"]["valueRange"]["low"]["value"] == 70
    assert written["Observation/P-1-relief-ended"]["valueDateTime"] == "2026-02-13"


def test_a_request_is_a_proposal_and_shares_its_plan() -> None:
    request = resources(EXAMPLE)["ServiceRequest/R-1"]
    assert (request["status"], request["intent"]) == ("active", "plan")
    assert request["requisition"]["value"] == "spring"
    assert read_bundle(bundle_of(EXAMPLE), "x").record.requests == EXAMPLE.requests


def test_a_medication_uses_the_elements_of_fhir() -> None:
    taken = facts.Medication(
        id="M-1", drug="aspirin", classes=classes_of("aspirin"), written="Aggrenox", every="12 h",
        times=("08:00", "20:00"), as_needed=False, start=When.on(date(2022, 10, 12)), end=When.on(date(2026, 5, 1)),
        indication="stroke", prescriber="Dr Tremblay", stopped_because="procedure-hold",
    )  # fmt: skip
    written = resources(facts.Record(id="p", facts=(taken,)))
    statement = written["MedicationStatement/M-1"]
    assert "extension" not in statement
    assert statement["effectivePeriod"] == {"start": "2022-10-12", "end": "2026-05-01"}
    assert statement["medicationCodeableConcept"]["text"] == "Aggrenox"
    assert statement["reasonCode"][0]["coding"][0]["code"] == "stroke"
    assert statement["statusReason"][0]["coding"][0]["code"] == "procedure-hold"
    assert statement["dosage"] == [
        {
            "timing": {
                "repeat": {"frequency": 1, "period": 12, "periodUnit": "h", "timeOfDay": ["08:00:00", "20:00:00"]}
            },
            "asNeededBoolean": False,
        }
    ]
    order = statement["contained"][0]
    assert statement["basedOn"] == [{"reference": f"#{order['id']}"}]
    assert (order["resourceType"], order["status"], order["intent"]) == ("MedicationRequest", "unknown", "order")
    assert (order["requester"], order["subject"]) == ({"display": "Dr Tremblay"}, statement["subject"])
    assert order["medicationCodeableConcept"]["coding"] == statement["medicationCodeableConcept"]["coding"]


@pytest.mark.parametrize(
    ("end", "reason", "status"),
    [
        (None, None, "active"),
        ("2026-05-01", None, "completed"),
        ("2026-05-01", "completed", "completed"),
        ("2026-05-01", "taper-finished", "completed"),
        ("2026-05-01", "unknown", "completed"),
        ("2026-05-01", "procedure-hold", "on-hold"),
        ("2026-05-01", "adverse-effect", "stopped"),
    ],
)
def test_the_status_of_a_medication_says_how_it_ended(end: str | None, reason: str | None, status: str) -> None:
    ended = When.on(date.fromisoformat(end)) if end else None
    taken = facts.Medication(
        id="M-1", drug="warfarin", classes=classes_of("warfarin"), end=ended, stopped_because=reason
    )
    record = facts.Record(id="p", facts=(taken,))
    assert resources(record)["MedicationStatement/M-1"]["status"] == status
    assert read_bundle(bundle_of(record), "x").record.facts == (taken,)


def test_the_last_dose_has_no_element_and_keeps_its_instant() -> None:
    at = When(date(2026, 5, 15), date(2026, 5, 15), datetime.fromisoformat("2026-05-15T08:00:00-04:00"))
    taken = facts.Medication(id="M-1", drug="apixaban", classes=classes_of("apixaban"), last_dose=at)
    record = facts.Record(id="p", facts=(taken,))
    assert resources(record)["MedicationStatement/M-1"]["extension"] == [
        {"url": "urn:levamen:fhir:1:last_dose", "valueDateTime": "2026-05-15T08:00:00-04:00"}
    ]
    assert read_bundle(bundle_of(record), "x").record.facts == (taken,)


def test_a_request_names_who_where_and_what_is_to_be_injected() -> None:
    agent = facts.Agent(drug="dexamethasone", classes=classes_of("dexamethasone"), dose="10 mg")
    asked = facts.Request(
        id="R-1", therapy="epidural-steroid-injection", operator="Dr Rossi", setting="office", sedation="none",
        contrast="iodinated", agents=(agent,), start=When.on(date(2026, 6, 9)), end=When.on(date(2026, 6, 10)),
    )  # fmt: skip
    record = facts.Record(id="p", requests=(asked,))
    bundle = json.loads(bundle_of(record))
    full_urls = {entry["resource"]["id"]: entry["fullUrl"] for entry in bundle["entry"]}
    request = resources(record)["ServiceRequest/R-1"]
    assert "extension" not in request
    assert request["performer"] == [{"display": "Dr Rossi"}]
    assert request["locationCode"][0]["coding"][0]["code"] == "office"
    assert request["occurrencePeriod"] == {"start": "2026-06-09", "end": "2026-06-10"}
    assert [detail["coding"][0]["code"] for detail in request["orderDetail"]] == ["iodinated", "none"]
    planned = resources(record)["MedicationRequest/R-1-agent-1"]
    assert (planned["status"], planned["intent"]) == ("active", "plan")
    assert planned["basedOn"] == [{"reference": full_urls["R-1"]}]
    assert planned["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"] == {"value": 10, "unit": "mg"}


def test_who_did_a_procedure_is_its_performer() -> None:
    made = facts.Procedure(id="P-1", therapy="joint-injection", operator="Orthopedic clinic")
    written = resources(facts.Record(id="p", facts=(made,)))["Procedure/P-1"]
    assert written["performer"] == [{"actor": {"display": "Orthopedic clinic"}}]
    assert "extension" not in written


def test_an_agreement_is_related_to_its_request_and_never_to_nothing() -> None:
    agreed = facts.Document(id="D-1", kind="prescriber-agreement", drug="apixaban", agrees="hold", request="R-1")
    asked = facts.Request(id="R-1", therapy="epidural-steroid-injection")
    record = facts.Record(id="p", facts=(agreed,), requests=(asked,))
    written = resources(record)["DocumentReference/D-1"]
    assert written["context"]["related"][0]["reference"].startswith("urn:uuid:")
    assert [part["url"].rpartition(":")[2] for part in written["extension"]] == ["drug", "agrees"]
    gone = facts.Record(id="p", facts=(agreed,))
    written = resources(gone)["DocumentReference/D-1"]
    assert "context" not in written
    assert [part["url"].rpartition(":")[2] for part in written["extension"]] == ["drug", "agrees", "request"]
    for one in (record, gone):
        assert read_bundle(bundle_of(one), "x").record.facts == (agreed,)


def test_no_reference_leads_nowhere() -> None:
    lost = facts.Record(
        id="p",
        facts=(
            facts.Score(id="S-1", instrument="nrs", pain="PN-9"),
            facts.Event(id="E-1", kind="fall", procedure="P-9"),
            facts.Procedure(id="P-1", therapy="medial-branch-block", pain="PN-9"),
        ),
    )
    bundle = bundle_of(lost).decode()
    known = {entry["fullUrl"] for entry in json.loads(bundle)["entry"]}
    assert set(re.findall(r'"reference":"([^"]+)"', bundle)) <= known
    assert by_id(read_bundle(bundle_of(lost), "x").record.facts) == by_id(lost.facts)


def test_numbers_are_written_as_numbers_and_keep_their_digits() -> None:
    record = facts.Record(id="p", facts=(facts.Lab(id="L-1", test="inr", value=Decimal("1.10"), unit="1"),))
    written = bundle_of(record)
    assert b'"value":1.10' in written
    assert read_bundle(written, "x").record.facts == record.facts
