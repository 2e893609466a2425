"""Bad input: one clear sentence, or the rejection of one resource; never a traceback, never a silent loss."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest
from fhir_samples import ICD10, SUBJECT, bundle, coded, condition, patient, read_all, told

from levamen.adapters.balance import UnusableInput
from levamen.adapters.fhir import read_bundle
from levamen.record.facts import Problem

LOW_BACK = coded(ICD10, "M54.50")
GOOD = json.dumps(bundle(patient(), condition(LOW_BACK))).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(UnusableInput) as caught:
        read_bundle(data, "test")
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        gzip.compress(GOOD, mtime=0),
        b"\xef\xbb\xbf" + GOOD,
        gzip.compress(b"\xef\xbb\xbf" + GOOD, mtime=0),
        b"\n" * 999 + GOOD,
    ],
    ids=["plain", "gzip", "byte order mark", "both", "white space"],
)
def test_the_ways_a_bundle_may_come(data: bytes) -> None:
    assert len(read_bundle(data, "test").record.of(Problem)) == 1


def test_two_gzip_members_are_one_file() -> None:
    data = gzip.compress(GOOD[:50], mtime=0) + gzip.compress(GOOD[50:], mtime=0)
    assert len(read_bundle(data, "test").record.of(Problem)) == 1


@pytest.mark.parametrize("kind", ["transaction", "searchset", "collection", "batch", "document"])
def test_types_of_bundles(kind: str) -> None:
    reading = read_all(condition(LOW_BACK), type=kind)
    assert reading.balance.accepted == 2
    assert "is no type" not in told(reading, "warning")


def test_an_unknown_type_of_bundle_is_told() -> None:
    assert "'bag' is no type of Bundle" in told(read_all(condition(LOW_BACK), type="bag"), "warning")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"hello", "not JSON"),
        (b"<!doctype html><html><body>Sign in</body></html>", "web page"),
        (b'<Bundle xmlns="http://hl7.org/fhir"></Bundle>', "FHIR XML"),
        (b"[1, 2]", "no resourceType"),
        (b'"text"', "no resourceType"),
        (b"{}", "no resourceType"),
        (b'{"resourceType": "Patient", "id": "x"}', "single Patient, not a Bundle; wrap it"),
        (b'{"resourceType": "Bundle", "type": "collection"}', "no entries"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": []}', "no entries"),
        (b'{"resourceType": "Bundle", "entry": {"a": 1}}', "shape of FHIR R4"),
        (b'{"resourceType": "Bundle", "entry": 7}', "shape of FHIR R4"),
        (GOOD[:-20], "ends before it is complete"),
        (GOOD + b"\n" + GOOD, "more than one JSON document"),
        (GOOD.decode().encode("utf-16"), "UTF-16"),
        (gzip.compress(GOOD, mtime=0)[:-12], "cut off"),
        (gzip.compress(GOOD, mtime=0)[:20], "cut off"),
        (gzip.compress(GOOD, mtime=0)[:-8] + b"\1" * 8, "damaged"),
        (gzip.compress(GOOD, mtime=0) + b"tail", "not gzip"),
        (b"\x1f\x8b", "cut off"),
    ],
)
def test_unusable_input_is_one_sentence(data: bytes, says: str) -> None:
    assert says in refusal(data)


def test_text_that_is_not_utf8_rejects_its_resource() -> None:
    reading = read_bundle(GOOD.replace(b"M54.50", b"M54\xff\xfe"), "test")
    assert "not UTF-8" in told(reading, "rejected")


def test_a_gzip_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("levamen.adapters.fhir_input.LIMIT", 2_000_000)
    assert "unpacks to more than" in refusal(gzip.compress(b" " * 50_000_000, mtime=0))
    assert "larger than" in refusal(b" " * 2_000_001)


EMPTY_ENTRIES = b'{"resourceType":"Bundle","entry":[' + b"{}," * 16_000_000 + b"{}]}"


@pytest.mark.parametrize(
    "data",
    [b"[" * 2_000_000, b'{"a":' * 1_000_000, b"nonsense " * 5_500_000, EMPTY_ENTRIES],
    ids=["brackets", "objects", "words", "entries"],
)
def test_deep_and_large_nonsense_is_refused_quickly(data: bytes) -> None:
    start = time.perf_counter()
    refusal(data)
    assert time.perf_counter() - start < 5


def test_a_bundle_about_nobody_and_about_two() -> None:
    assert "no Patient" in refusal(json.dumps(bundle(condition(LOW_BACK))).encode())
    assert "2 patients" in refusal(json.dumps(bundle(patient(), patient(id="q"))).encode())


@pytest.mark.parametrize(
    ("resource", "says"),
    [
        (7, "cannot be read"),
        ([], "cannot be read"),
        ({"id": "x"}, "no resourceType"),
        ({"resourceType": 5}, "cannot be read"),
        ({"resourceType": "Condition", "id": "c", "subject": SUBJECT, "code": "words"}, "got `str`"),
        (condition({"coding": "M54.50"}), "got `str`"),
        (condition(LOW_BACK, clinicalStatus="active"), "STU3 or older"),
        (condition(LOW_BACK, onsetDateTime="2021-02-30"), "'2021-02-30' is not a date"),
        (condition(LOW_BACK, onsetDateTime="yesterday"), "'yesterday' is not a date"),
        (condition(LOW_BACK, onsetDateTime="9999-12-31"), "is not a date"),
        (condition(LOW_BACK, modifierExtension=[{"url": "urn:x", "valueBoolean": True}]), "modifier extension"),
        (condition(LOW_BACK, implicitRules="urn:rules"), "implicit rules"),
        ({"resourceType": "MedicationOrder", "id": "o"}, "R4 has MedicationRequest"),
        ({"resourceType": "ProcedureRequest", "id": "o"}, "R4 has ServiceRequest"),
        (bundle(patient()), "Bundle inside a Bundle"),
    ],
)
def test_a_bad_resource_is_rejected_alone(resource: Any, says: str) -> None:
    reading = read_all(condition(LOW_BACK, id="good"), *([resource] if isinstance(resource, dict) else []))
    if not isinstance(resource, dict):
        made = bundle(patient(), condition(LOW_BACK, id="good"))
        made["entry"].append({"resource": resource})
        reading = read_bundle(json.dumps(made).encode(), "test")
    assert says in told(reading, "rejected")
    assert (reading.balance.items, reading.balance.accepted, reading.balance.rejected) == (3, 2, 1)
    assert len(reading.record.of(Problem)) == 1


def test_entries_without_resource_and_deletions_are_ignored() -> None:
    made = bundle(patient())
    made["entry"] += [{}, {"resource": None}, {"request": {"method": "DELETE", "url": "Condition/c1"}}]
    balance = read_bundle(json.dumps(made).encode(), "test").balance
    assert (balance.items, balance.accepted, balance.ignored) == (4, 1, 3)


def test_an_entry_that_is_no_object_is_rejected() -> None:
    made = bundle(patient())
    made["entry"] += ["text", None]
    assert read_bundle(json.dumps(made).encode(), "test").balance.rejected == 2


def test_deeply_nested_resources_never_overflow() -> None:
    deep: dict[str, Any] = {}
    for _ in range(300):
        deep = {"item": [deep], "linkId": "x"}
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "subject": SUBJECT, "item": [deep]}
    assert read_all(response).balance.items == 2
    text = json.dumps(bundle(patient())).replace("]}", ', {"resource": {"resourceType": "Basic", "x": ', 1)
    text = text.replace('"x": ', '"x": ' + "[" * 400 + "]" * 400 + "}}]}")
    assert read_bundle(text.encode(), "test").balance.ignored == 1


def test_the_same_resource_again_is_ignored() -> None:
    balance = read_all(condition(LOW_BACK), condition(LOW_BACK)).balance
    assert (balance.accepted, balance.ignored) == (2, 1)


def test_of_several_versions_the_newest_is_read() -> None:
    old = condition(LOW_BACK, meta={"lastUpdated": "2025-01-01T00:00:00Z"})
    new = condition(coded(ICD10, "M54.2"), meta={"lastUpdated": "2025-01-01T05:00:00+01:00"})
    reading = read_all(new, old)
    assert [problem.concept for problem in reading.record.of(Problem)] == ["neck-pain"]
    assert "older version" in told(reading, "ignored")


def test_versions_that_nothing_orders_are_all_rejected() -> None:
    reading = read_all(condition(LOW_BACK), condition(coded(ICD10, "M54.2")))
    assert reading.balance.rejected == 2
    assert not reading.record.of(Problem)
    assert "nothing says which is current" in told(reading, "rejected")


def test_a_full_url_twice_rejects_the_second() -> None:
    made = bundle(patient(), condition(LOW_BACK), condition(LOW_BACK, id="c2"))
    for entry in made["entry"][1:]:
        entry["fullUrl"] = "urn:uuid:1"
    reading = read_bundle(json.dumps(made).encode(), "test")
    assert "stands twice" in told(reading, "rejected")


def test_extensions_are_passed_over_safely() -> None:
    extension = [{"url": "urn:x", "extension": [{"url": "y", "valueInteger": 1}]}, {"url": "z", "valueFoo": {"a": []}}]
    reading = read_all(condition(LOW_BACK, extension=extension, _onsetDateTime={"extension": extension}))
    assert reading.balance.rejected == 0


def test_an_extension_of_ours_that_is_wrong_rejects_its_resource() -> None:
    wrong = [{"url": "urn:levamen:fhir:1:since", "valueString": "soon"}]
    assert "extension since" in told(read_all(condition(LOW_BACK, extension=wrong)), "rejected")


def test_same_bytes_same_reading() -> None:
    assert read_bundle(GOOD, "test") == read_bundle(GOOD, "test")
