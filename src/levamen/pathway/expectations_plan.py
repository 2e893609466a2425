"""What a chart expects of plans and of safety against what came out (design 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from levamen.knowledge.registry import Knowledge
from levamen.pathway.periprocedural.answers import DECISIONS, DrugAnswer, Plan, ProfileAnswer
from levamen.pathway.periprocedural.plan import plan
from levamen.record.facts import Procedure, Record, Request
from levamen.text.tree import UnusableInput

TIMES = (
    "stop_at", "stop_latest", "last_dose", "restart_from", "restart_earliest", "first_dose", "earliest_procedure",
)  # fmt: skip
_SETS = ("labs", "needs", "missing")


def planned(record: Record, subject: str, knowledge: Knowledge, as_of: date | datetime) -> Plan | str:
    """The plan of a request or of a procedure done; a sentence where there is none."""
    for request in record.requests:
        if request.id == subject:
            return _tried(record, request, knowledge, as_of)
    for procedure in record.of(Procedure):
        if procedure.id == subject and isinstance(procedure, Procedure):
            return _tried(record, procedure, knowledge, as_of)
    return f"the chart has no request or procedure {subject}"


def _tried(record: Record, subject: Request | Procedure, knowledge: Knowledge, as_of: date | datetime) -> Plan | str:
    try:
        return plan(record, subject, knowledge, as_of)
    except UnusableInput as error:
        return str(error)


def plan_differences(expect: Mapping[str, Any], found: Plan) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out in the words of the expectation, and every difference."""
    profile = _profile(found, expect.get("profile"))
    if profile is None:
        return {}, (f"profile: {expect['profile']} was not computed",)
    drug = _drug(profile, expect.get("drug"))
    if "drug" in expect and drug is None:
        have = ", ".join(row.drug for row in profile.drugs) or "no drug"
        return {}, (f"drug: {expect['drug']} is not in the plan, which has {have}",)
    got = _got(found, profile, drug, named="drug" in expect)
    return got, tuple(_differences(expect, got, found, profile, drug))


def _profile(found: Plan, id: object) -> ProfileAnswer | None:
    if id is None or found.active.profile == id:
        return found.active
    return next((other for other in found.others if other.profile == id), None)


def _drug(profile: ProfileAnswer, id: object) -> DrugAnswer | None:
    """The drug named; else the worst of them, the earliest stop first."""
    rows = [row for row in profile.drugs if id is None or row.drug == id]
    return max(rows, key=_rank, default=None)


def _rank(row: DrugAnswer) -> tuple[int, float]:
    return DECISIONS.index(row.decision), -row.stop_at.timestamp() if row.stop_at is not None else float("-inf")


def _got(found: Plan, profile: ProfileAnswer, drug: DrugAnswer | None, *, named: bool) -> dict[str, Any]:
    rows = [drug] if named and drug is not None else list(profile.drugs)
    whole = found.decision if profile is found.active else profile.decision
    got: dict[str, Any] = {
        "plan": found.request.id,
        "profile": profile.profile,
        "class": profile.bleeding_class.word,
        "drug": drug.drug if drug is not None else None,
        "decision": drug.decision if named and drug is not None else whole,
        "labs": [test for row in rows for lab in row.labs for test in lab.tests],
        "needs": list(dict.fromkeys(_needs(found, rows))),
        "missing": [f"{missing.what} ({missing.kind})" for missing in found.missing],
    }
    if drug is not None:
        got.update({name: _local(getattr(drug, name), found.zone) for name in TIMES})
    return {key: value for key, value in got.items() if value not in (None, [])}


def _needs(found: Plan, rows: Iterable[DrugAnswer]) -> Iterable[str]:
    """What somebody still has to get: agreements, results, answers."""
    for row in rows:
        if row.needs_agreement and row.agreed is None:
            yield "prescriber-agreement"
        yield from (test for lab in row.labs if lab.status != "met" for test in lab.tests)
    for guard in found.guards:
        if guard.fires or guard.verdict == "unknown":
            yield guard.guard.id
            yield from (need.what for need in guard.guard.needs)


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat() if moment is not None else None


def _differences(
    expect: Mapping[str, Any], got: Mapping[str, Any], found: Plan, profile: ProfileAnswer, drug: DrugAnswer | None
) -> Iterable[str]:
    for key in TIMES:
        if key in expect:
            actual = getattr(drug, key) if drug is not None else None
            if actual is None or not _same_moment(str(expect[key]), actual, found.zone):
                yield f"{key}: expected {expect[key]}, got {got.get(key, 'nothing')}"
    for key in ("class", "decision"):
        if key in expect:
            allowed = expect[key] if isinstance(expect[key], list) else [expect[key]]
            if got.get(key) not in allowed:
                yield f"{key}: expected {' or '.join(map(str, allowed))}, got {got.get(key, 'nothing')}"
    for key in _SETS:
        yield from lacking(key, expect[key], got.get(key, ())) if key in expect else ()
    for key in _many(expect.get("none", ())):
        if key in got:
            yield f"{key}: must not be printed, got {got[key]}"
    if "source" in expect and expect["source"] not in _sources(found, profile):
        yield f"source: {expect['source']} is not cited"


def _sources(found: Plan, profile: ProfileAnswer) -> frozenset[str]:
    """Every source that the plan cites."""
    cites = [*profile.bleeding_class.cites, *profile.bleeding_class.escalated_by]
    for row in profile.drugs:
        cites += [*row.cites, *row.also, *row.restart_cites, *(cite for lab in row.labs for cite in lab.cites)]
    cites += [cite for guard in found.guards for cite in guard.guard.cites]
    cites += [cite for finding in found.findings for cite in finding.cites]
    return frozenset(cite.source for cite in cites)


def _same_moment(wanted: str, actual: datetime, zone: ZoneInfo) -> bool:
    """Exactly the same instant; a day alone is the local day."""
    text = wanted.replace(" ", "T")
    try:
        if len(text) <= 10:
            return actual.astimezone(zone).date() == date.fromisoformat(text)
        stated = datetime.fromisoformat(text)
    except ValueError:
        return False
    return (stated if stated.tzinfo is not None else stated.replace(tzinfo=zone)).timestamp() == actual.timestamp()


def safety_differences(expect: Mapping[str, Any], found: Plan) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Safety in the words of the expectation, and every difference. `criteria` are the guards by id."""
    statuses = {guard.guard.id: guard.status for guard in found.guards}
    got: dict[str, Any] = {
        "safety": found.safety,
        "reasons": list(found.reasons),
        "until": found.until.isoformat() if found.until is not None else None,
        "needs": list(dict.fromkeys(_needs(found, found.active.drugs))),
        "missing": [f"{missing.what} ({missing.kind})" for missing in found.missing],
        "criteria": {id: status for id, status in statuses.items() if id in expect.get("criteria", {})},
    }
    got = {key: value for key, value in got.items() if value not in (None, [], {})}
    return got, tuple(_safety_differences(expect, got, found))


def _safety_differences(expect: Mapping[str, Any], got: Mapping[str, Any], found: Plan) -> Iterable[str]:
    allowed = _many(expect["safety"])
    if found.safety not in allowed:
        yield f"safety: expected {' or '.join(allowed)}, got {found.safety} ({'; '.join(found.reasons)})"
    for key in ("reason", "reasons"):
        yield from lacking(key, expect[key], found.reasons) if key in expect else ()
    for key in ("needs", "missing"):
        yield from lacking(key, expect[key], got.get(key, ())) if key in expect else ()
    if "until" in expect and got.get("until") != str(expect["until"]):
        yield f"until: expected {expect['until']}, got {got.get('until', 'nothing')}"
    for id, status in expect.get("criteria", {}).items():
        have = got.get("criteria", {}).get(id, "no such guard")
        if have not in _many(status):
            yield f"criterion {id}: expected {' or '.join(_many(status))}, got {have}"


def _many(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def lacking(key: str, wanted: object, have: Iterable[str]) -> Iterable[str]:
    """What is expected and not there, as a part of the text or as an id."""
    held: Sequence[str] = list(have)
    for name in _many(wanted):
        if not any(name == item or name.lower() in item.lower() for item in held):
            yield f"{key}: expected {name}, got {', '.join(held) or 'nothing'}"
