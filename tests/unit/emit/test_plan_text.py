"""The plan in a terminal and as JSON: the answer first, datetimes in the zone of the patient, nothing made up."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import plans
import pytest
from msgspec.structs import replace

from levamen.emit.plan.json import encode
from levamen.emit.plan.text import text
from levamen.emit.plan.words import TIMES, Clock, moments_of
from levamen.emit.terminal import Look
from levamen.pathway.periprocedural.answers import Plan

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "schemas" / "plan-1.schema.json").read_text(encoding="utf-8"))
NARROW = Look(80)
EVERY = pytest.mark.parametrize("name", plans.PLANS)

APIXABAN = """\
Epidural steroid injection L5-S1 right, transforaminal, Tue 24 Mar 2026, 10:00:
Hold with this plan. Safety: Clear.
Final.
synthetic-weaver: Plan 1
"""
DRUG = """\
Drugs
  apixaban: Hold. Held for 3 days before an intermediate-risk procedure.
    Last dose: Sat 21 Mar 2026, 08:00
    No dose after: Sat 21 Mar 2026, 10:00
    Restart from: Wed 25 Mar 2026, 10:30
    First dose again: Wed 25 Mar 2026, 20:00
    Rule: hold 3 days, restart after 24 hours
    PUBCALC-ASRA, 2025-26, drug table, adopted by the clinic
"""


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


def test_the_answer_comes_first_and_each_time_has_its_weekday() -> None:
    said = text(plans.apixaban(), look=NARROW)
    assert said.startswith(APIXABAN)
    assert DRUG in said


def test_a_deferral_says_until_when_and_prints_no_stop() -> None:
    said = text(plans.stent(), look=NARROW)
    assert said.startswith(
        "Epidural steroid injection L5-S1 right, transforaminal, Tue 24 Mar 2026, 10:00:\nDefer until"
    )
    assert "Not final: nobody stops a drug on it." in said
    assert "Recent coronary stent: Defer until Wed 02 Sep 2026." in said
    assert "The rule, not applied: hold 7 days" in said
    assert not re.search(r"Last dose|No dose after|First dose", said)


@EVERY
def test_readable_at_80_columns(name: str) -> None:
    lines = text(plans.PLANS[name](), look=NARROW).splitlines()
    assert max(map(len, lines)) <= 80


def test_who_must_agree_the_other_profile_and_a_dose_taken_stand_on_it() -> None:
    said = " ".join(text(plans.warfarin(), look=NARROW).split())
    assert "warfarin: Dr Stone, primary care: answer awaited" in said
    assert "the procedure can be no earlier than 5 days after that dose" in said
    assert "INR (warfarin): by Mon 13 Apr 2026, 08:30: INR at most 1.2." in said
    other = " ".join(text(plans.apixaban(), look=NARROW).split())
    assert "ASIPP 2024: class low: apixaban: hold, 1 day, last dose Mon 23 Mar 2026, 08:00" in other
    assert "read in a secondary source" in other


def test_a_result_on_file_is_said_and_its_limit() -> None:
    plan = plans.warfarin()
    drug = plan.active.drugs[0]
    lab = replace(drug.labs[0], status="not_met", result="1.6", fact="lab-1")
    changed = replace(plan, active=replace(plan.active, drugs=(replace(drug, labs=(lab,)),)))
    assert "limit not met, result 1.6" in text(changed)
    assert "limit not met" not in text(plan)


@EVERY
def test_every_datetime_of_the_active_profile_is_printed_in_the_zone(name: str) -> None:
    plan = plans.PLANS[name]()
    said = " ".join(text(plan, look=NARROW).split())
    clock = Clock(plan)
    for moment in moments_of(plan):
        assert clock.at(moment) in said, moment
    assert moments_of(plan)


@EVERY
def test_no_other_datetime_is_printed(name: str) -> None:
    """A time on the page is one of the plan, of its other profiles, or of its own as-of."""
    plan = plans.PLANS[name]()
    said = " ".join(text(plan, look=NARROW).split())
    known = {moment.astimezone(plan.zone) for moment in moments_of(plan)}
    for other in plan.others:
        for drug in other.drugs:
            known |= {at.astimezone(plan.zone) for key, _ in TIMES if (at := getattr(drug, key)) is not None}
    found = re.findall(r"\w{3} (\d\d) (\w{3}) (\d{4}), (\d\d:\d\d)", said)
    assert found
    for day, month, year, clock in found:
        printed = datetime.strptime(f"{day} {month} {year} {clock}", "%d %b %Y %H:%M")  # noqa: DTZ007 - local on purpose
        assert printed in {moment.replace(tzinfo=None) for moment in known}, printed


def test_across_the_night_the_clocks_go_back_each_time_has_its_offset() -> None:
    """72 hours before Tue 10:00 EST is Sat 11:00 EDT: elapsed hours, not the clock's."""
    said = " ".join(text(plans.superseding(), look=NARROW).split())
    assert "Sat 31 Oct 2026, 11:00 (UTC-04:00)" in said
    assert "Tue 03 Nov 2026, 10:00 (UTC-05:00)" in said
    assert "The clocks change in between" in said
    assert "UTC-0" not in text(plans.apixaban())


def test_a_new_plan_names_the_old_one_and_the_recall() -> None:
    said = " ".join(text(plans.superseding(), look=NARROW).split())
    assert "Plan 2, replaces plan 1" in said
    assert "by Sat 31 Oct 2026: Recall sheet 1 and give out sheet 2. (nurse)" in said
    assert "The appointment moved from 27 Oct 2026 to 3 Nov 2026." in said


def hostile(plan: Plan) -> Plan:
    """A plan whose words come from a chart that means harm."""
    note = 'bad #eval("1") *b* $x$ \\ [c] `d` @e\n<f> 😀 \u202eevil\u202c "g"; DTSTART:x, \x1b[31mred\r\nEND:VEVENT'
    drug = replace(plan.active.drugs[0], why=note, notes=(note,), prescriber=note, drug=note)
    return replace(plan, patient=note, active=replace(plan.active, drugs=(drug,)), reasons=(note,), notes=(note,))


def test_a_hostile_note_does_not_steer_the_terminal() -> None:
    said = text(hostile(plans.apixaban()), look=NARROW)
    assert "#eval" in said
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "\r" not in said


@EVERY
def test_json_fits_the_closed_schema_without_null_and_is_the_same_bytes(name: str) -> None:
    plan = plans.PLANS[name]()
    data = encode(plan)
    assert data == encode(plans.PLANS[name]())
    assert b"null" not in data
    jsonschema.validate(json.loads(data), closed(SCHEMA))


def test_the_schema_refuses_what_is_not_a_plan() -> None:
    document = json.loads(encode(plans.apixaban()))
    for key, value in (("decision", "maybe"), ("start", "2026-03-24T10:00:00Z"), ("format", "levamen.plan/2")):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, key: value}, SCHEMA)


def test_json_datetimes_carry_the_offset_of_the_patients_zone() -> None:
    summer = json.loads(encode(plans.superseding()))
    drug = summer["active"]["drugs"][0]
    assert drug["stop_at"] == "2026-10-31T11:00:00-04:00"
    assert summer["start"] == "2026-11-03T10:00:00-05:00"
    assert json.loads(encode(plans.creatinine()))["start"] == "2026-05-12T09:00:00+02:00"


def test_json_says_nothing_of_what_is_absent() -> None:
    drug = json.loads(encode(plans.stent()))["active"]["drugs"][0]
    assert not {"stop_at", "last_dose", "first_dose", "restart_from"} & set(drug)
    assert "end" not in json.loads(encode(plans.creatinine()))


def test_a_clearance_just_below_a_limit_is_not_written_as_the_limit() -> None:
    from fractions import Fraction

    from levamen.emit.plan.view import clearance_words

    plan = plans.apixaban()
    assert plan.clearance is not None
    below = replace(plan.clearance, least=Fraction(499999, 10000), most=Fraction(499999, 10000))
    assert json.loads(encode(replace(plan, clearance=below)))["clearance"]["least"] == 49.999
    assert clearance_words(below).startswith("49.9 mL/min")
    assert clearance_words(plan.clearance).startswith("71.4 mL/min")
