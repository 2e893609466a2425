"""The JSON of an assessment fits its published schema, holds no null, and is the same bytes each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema.validators import validator_for

from levamen.adapters.any_input import read_any
from levamen.emit.json import encode, encode_many
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess, default_as_of

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "schemas" / "assessment-1.schema.json").read_text(encoding="utf-8"))
FITS = validator_for(SCHEMA)(SCHEMA)
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))


def assessed(path: Path):
    reading = read_any(path.read_bytes(), path.name)
    as_of = default_as_of(reading.record)
    assert as_of is not None
    named = [entry.fields["policy"] for entry in reading.expectations if "policy" in entry.fields]
    return assess(reading.record, packaged(), as_of, also=named), reading


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_output_fits_the_schema(path: Path) -> None:
    data = encode(*assessed(path))
    FITS.validate(json.loads(data))
    assert b"null" not in data


def test_the_schema_describes_every_key() -> None:
    """Readers may meet further keys; the schema must not forget one that is written."""
    strict = validator_for(SCHEMA)(closed(SCHEMA))
    for path in CHARTS:
        strict.validate(json.loads(encode(*assessed(path))))


def closed(schema: Any) -> Any:
    """The schema with unknown keys forbidden wherever it names some."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        found["additionalProperties"] = False
    return found


def test_dates_and_order() -> None:
    document = json.loads(encode(*assessed(CHARTS[-1])))
    assert document["as_of"].count("-") == 2
    for question in document["questions"]:
        ids = [policy["policy"] for policy in question["policies"]]
        assert ids == sorted(ids)
        for policy in question["policies"]:
            criteria = [criterion["id"] for criterion in policy["criteria"]]
            assert len(criteria) == len(set(criteria))


def test_several_records_in_one_document() -> None:
    document = json.loads(encode_many([assessed(path) for path in CHARTS[:2]]))
    jsonschema.validate(document, SCHEMA)
    assert document["format"] == "levamen.assessments/1"


def test_the_schema_refuses_what_is_not_an_assessment() -> None:
    document: dict[str, Any] = json.loads(encode(*assessed(CHARTS[0])))
    document["questions"][0]["policies"][0]["verdict"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"},
        {"PYTHONHASHSEED": "77", "TZ": "America/Lima", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    ],
)
def test_the_same_bytes_whatever_the_machine(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "levamen", "assess", str(CHARTS[0]), "--format", "json"]
    run = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **environment})
    assert run.stdout.removesuffix(b"\n") == encode(*assessed(CHARTS[0]))
