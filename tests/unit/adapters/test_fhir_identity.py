"""Who the patient is travels with a bundle and stays beside the record."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from fhir_samples import patient, read_all, told
from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.adapters.chart_write import write_chart
from levamen.adapters.fhir import read_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.adapters.identity import Address, ContactPerson, Identity
from levamen.record.facts import Pain, Person, Record

RECORD = Record(id="r-1", person=Person(sex="female", language="es"), facts=(Pain(id="PN-1", site="low-back"),))
MARIA = Identity(
    family="López Díaz",
    given=("María", "Elena"),
    mrn="00412",
    mrn_system="urn:oid:1.2.3",
    phone="+1 503 555 0142",
    email="maria@example.org",
    address=Address(lines=("12 Oak St", "Apt 4"), city="Portland", state="OR", postal_code="97201", country="US"),
    contact=ContactPerson(name="Luis Díaz", relationship="brother", phone="+1 503 555 0143"),
)
TEXT = st.text("abcÄé '-0", min_size=1, max_size=9).filter(lambda text: bool(text.strip()))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def valid(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What a kind accepts of these fields; combinations that it refuses are left out."""

    def made(values: dict[str, Any]) -> Any:
        try:
            return kind(**values)
        except ValueError:
            return None

    return st.fixed_dictionaries(fields).map(made).filter(lambda found: found is not None)


ADDRESSES = valid(
    Address, lines=st.lists(TEXT, max_size=2).map(tuple), city=maybe(TEXT), state=maybe(TEXT),
    postal_code=maybe(TEXT), country=maybe(TEXT), text=maybe(TEXT),
)  # fmt: skip
CONTACTS = valid(ContactPerson, name=maybe(TEXT), relationship=maybe(TEXT), phone=maybe(TEXT))
IDENTITIES = valid(
    Identity, family=maybe(TEXT), given=st.lists(TEXT, max_size=2).map(tuple), full_name=maybe(TEXT), mrn=maybe(TEXT),
    mrn_system=maybe(TEXT), phone=maybe(TEXT), email=maybe(TEXT), address=maybe(ADDRESSES), contact=maybe(CONTACTS),
)  # fmt: skip


def test_every_field_of_an_identity_is_tried() -> None:
    for kind, made in ((Identity, MARIA), (Address, MARIA.address), (ContactPerson, MARIA.contact)):
        said = {name for name in kind.__struct_fields__ if getattr(made, name)}
        assert set(kind.__struct_fields__) - said <= {"full_name", "text"}


@settings(max_examples=100, deadline=None)
@given(IDENTITIES)
def test_an_identity_comes_back_beside_the_same_record(identity: Identity) -> None:
    reading = read_bundle(bundle_of(RECORD, identity), "b")
    assert reading.identity == identity
    assert reading.record == RECORD
    assert (reading.balance.ignored, reading.balance.rejected, reading.balance.issues) == (0, 0, ())
    assert bundle_of(RECORD, identity) == bundle_of(RECORD, identity)


def test_it_uses_the_elements_of_a_patient() -> None:
    written = json.loads(bundle_of(RECORD, MARIA))["entry"][0]["resource"]
    assert written["name"] == [{"use": "official", "family": "López Díaz", "given": ["María", "Elena"]}]
    assert written["identifier"][1]["type"]["coding"][0]["code"] == "MR"
    assert written["identifier"][1]["value"] == "00412"
    assert [point["system"] for point in written["telecom"]] == ["phone", "email"]
    assert written["address"][0]["postalCode"] == "97201"
    assert written["contact"][0]["relationship"] == [{"text": "brother"}]
    assert "language" not in written
    assert written["communication"][0]["language"]["coding"][0]["code"] == "es"


def test_without_an_identity_nothing_of_one_is_written_or_read() -> None:
    reading = read_bundle(bundle_of(RECORD), "b")
    assert reading.identity is None
    written = json.loads(bundle_of(RECORD))["entry"][0]["resource"]
    assert not {"name", "telecom", "address", "contact"} & set(written)


def test_the_record_holds_nothing_of_it() -> None:
    """Not the record, not the chart it is written as, and so no answer."""
    record = read_bundle(bundle_of(RECORD, MARIA), "b").record
    whole = repr(record) + write_chart(record) + msgspec.json.encode(bundle_of(record).decode()).decode()
    assert record.id == "r-1"
    for said in ("López", "María", "00412", "555", "example.org", "Oak", "Portland", "97201", "Luis", "brother"):
        assert said not in whole


def read(**of_patient: Any) -> Any:
    return read_all(patient(**of_patient))


MR = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"name": [{"use": "maiden", "family": "Old"}, {"use": "usual", "family": "Ruiz", "given": ["Ana", ""]}]},
         Identity(family="Ruiz", given=("Ana",))),
        ({"name": [{"text": "Ana Ruiz"}]}, Identity(full_name="Ana Ruiz")),
        ({"telecom": [{"system": "phone", "use": "old", "value": "1"}, {"system": "phone", "value": "2"}]},
         Identity(phone="2")),
        ({"identifier": [{"value": "A", "type": MR, "use": "old"}, {"value": "B", "type": MR}]}, Identity(mrn="B")),
        ({"identifier": [{"value": "A", "type": MR}, {"value": "B", "type": MR, "use": "usual"}]}, Identity(mrn="B")),
        ({"address": [{"text": "12 Oak St, Portland"}]}, Identity(address=Address(text="12 Oak St, Portland"))),
        ({"contact": [{"name": {"family": "Ruiz", "given": ["Eva"]}, "relationship": [{"coding": [
            {"code": "N", "display": "Next-of-Kin"}]}]}]},
         Identity(contact=ContactPerson(name="Eva Ruiz", relationship="Next-of-Kin"))),
        ({"name": [{}], "telecom": [{"system": "fax", "value": "3"}], "address": [{"city": " "}]}, None),
    ],
)  # fmt: skip
def test_a_foreign_patient(said: dict[str, Any], expected: Identity | None) -> None:
    reading = read(**said)
    assert reading.identity == expected


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"telecom": [{"system": "phone", "value": "2", "rank": 2}, {"system": "phone", "value": "1", "rank": 1}]},
         "has 2 telephone numbers; one is read"),
        ({"identifier": [{"value": "A", "type": MR}, {"value": "B", "type": MR}]},
         "has 2 medical record numbers; none of them is chosen"),
        ({"name": [{"family": "A"}, {"family": "B"}]}, "has 2 names; one is read"),
        ({"contact": [{"name": {"text": "A"}}, {"name": {"text": "B"}}]}, "has 2 persons to call; the first is read"),
        ({"name": [{"family": ["as", "in", "DSTU2"]}]},
         "name, number or address is not written as in FHIR R4; they are not read"),
    ],
)  # fmt: skip
def test_what_is_left_out_of_a_foreign_patient_is_told_and_the_patient_is_read(said: dict[str, Any], says: str) -> None:
    reading = read(**said)
    assert says in told(reading, "warning")
    assert reading.record.person.sex == "female"
    assert reading.balance.rejected == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "nothing is said"),
        ({"family": " "}, "family: the text is empty"),
        ({"given": ("Ana", "")}, "given: the text is empty"),
        ({"full_name": "Ana Ruiz", "family": "Ruiz"}, "leave `full_name` out"),
        ({"mrn_system": "urn:x"}, "no `mrn`"),
    ],
)
def test_an_identity_that_says_nothing_or_twice_is_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Identity(**fields)
