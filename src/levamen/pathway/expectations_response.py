"""What a chart expects of a procedure's response (design 3.3): per cent, responder or not, and when relief was lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from levamen.criteria.measure import test
from levamen.criteria.nodes import Cite, Limit
from levamen.criteria.truth import Status
from levamen.derive.views import zone_of
from levamen.knowledge.registry import Knowledge
from levamen.knowledge.response_tables import packaged_blocks
from levamen.outcomes.answer import percent
from levamen.outcomes.diagnostic_block import concordance
from levamen.outcomes.relief_time import HeldRelief, held
from levamen.pathway.response import HALF, NotJudged, ProcedureResponse, response
from levamen.record.facts import Record


def response_differences(
    record: Record, expect: Mapping[str, Any], knowledge: Knowledge, as_of: date | datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out in the words of the expectation, and how it differs. `lost: []` says that it is not lost."""
    id, policy = str(expect["responder"]), expect.get("policy")
    threshold = _number(expect.get("threshold", HALF))
    if threshold is None:
        return {}, (f"threshold: '{expect['threshold']}' is no number of per cent",)
    if policy is not None and policy not in knowledge.policies:
        return {}, (f"the policy {policy} is not encoded in this version",)
    try:
        also = (str(policy),) if policy is not None else ()
        found = response(record, knowledge, as_of, only=id, also=also).procedures[0]
    except NotJudged as error:
        return {}, (str(error),)
    limit = Limit("threshold", ">=", threshold, Cite("", "", "primary"))
    got: dict[str, Any] = {"responder": id, "percent": percent(found.deciding)}
    rules = [rule for rule in found.rules if rule.policy == policy]
    if policy is None:
        got["verdict"] = _status(record, found, limit)
    elif rules:
        got["verdict"] = rules[0].status
        limit = limit if "threshold" in expect else rules[0].limits[0]
    relief = held(found.procedure, found.rows, limit, found.watch)
    if relief is not None and relief.lost_from is not None and relief.lost_to is not None:
        got["lost"] = [relief.lost_from.isoformat(), relief.lost_to.isoformat()]
    return got, tuple(_differences(expect, got, found, relief))


def _status(record: Record, found: ProcedureResponse, limit: Limit) -> Status:
    """At a threshold that the expectation names; a test whose relief came after the drug had gone stays open."""
    value = found.deciding
    status: Status = "unknown" if value is None else test(value, limit.operator, limit.number)
    if status == "met" and found.block is not None:
        fits = concordance(found.procedure, found.block.diary, limit, packaged_blocks(), zone_of(record))
        return "unknown" if fits.fits == "not concordant" else "met"
    return status


def _differences(
    expect: Mapping[str, Any], got: Mapping[str, Any], found: ProcedureResponse, relief: HeldRelief | None
) -> Iterable[str]:
    if "percent" in expect and not _same_percent(str(expect["percent"]), found):
        yield f"percent: expected {expect['percent']}, got {got['percent']}"
    if "verdict" in expect:
        allowed = expect["verdict"] if isinstance(expect["verdict"], list) else [expect["verdict"]]
        if got.get("verdict") not in allowed:
            none = f"{expect.get('policy')} states no threshold of relief for it"
            yield f"verdict: expected {' or '.join(allowed)}, got {got.get('verdict', none)}"
    if "lost" in expect:
        wanted = [str(day) for day in expect["lost"]] if isinstance(expect["lost"], list) else [str(expect["lost"])]
        if wanted != got.get("lost", []):
            state = relief.state if relief is not None else "the day of the procedure is not recorded"
            yield f"lost: expected {' to '.join(wanted) or 'not lost'}, got {' to '.join(got.get('lost', [])) or state}"
    if "source" in expect and not any(cite.source == expect["source"] for cite in _cites(found)):
        yield f"source: {expect['source']} is not cited"


def _cites(found: ProcedureResponse) -> Iterable[Cite]:
    for answer in found.levels:
        yield from answer.cites
    for rule in found.rules:
        yield from (limit.cite for limit in rule.limits)
    for row in found.expected:
        yield from row.row.says.cites
    if found.device is not None:
        yield from (cite for says in found.device.check for cite in says.cites)
        yield from found.device.answer.cites
    if found.rehabilitation is not None:
        yield from found.rehabilitation.answer.cites


def _same_percent(wanted: str, found: ProcedureResponse) -> bool:
    """`unknown`, a number, or a span `70 to 80`. A number is exact where a decimal can be, else as far as written."""
    value = found.deciding
    if wanted in ("unknown", "not measured"):
        return value is None
    number = _number(wanted)
    if value is None:
        return False
    if number is None or not value.exact:
        return percent(value).removesuffix(" %") == wanted.replace(" %", "")
    if _terminates(value.low):
        return Fraction(number) == value.low
    places: int = 10 ** max(0, -int(number.as_tuple().exponent))
    return Fraction(number) * places == (value.low * places + Fraction(1, 2)) // 1


def _terminates(value: Fraction) -> bool:
    """Whether a decimal of no more than four places writes it: more places nobody types."""
    return (value * 10_000).denominator == 1


def _number(text: object) -> Decimal | None:
    try:
        found = Decimal(str(text).removesuffix("%").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
