"""The scores of a record in the words of an expectation: from the answers, or of a value as stated, with the band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from levamen.derive.scores import Scored, decimal_of, disagrees, entered, score, shown
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.record.facts import Record, Score
from levamen.text.tree import UnusableInput


def scored(record: Record, fact: Score) -> Scored:
    """The score of a fact: of its answers where it has them, else of its value.

    Raises UnusableInput where it cannot be scored: neither is given, the two disagree, or no table is known.
    """
    if fact.instrument is None or fact.instrument not in instrument_ids():
        raise UnusableInput(f"{fact.instrument or 'a score without an instrument'} has no scoring in this version")
    of = instrument(fact.instrument)
    if not fact.answers:
        if fact.value is None:
            raise UnusableInput(f"{fact.id} has neither a value nor answers")
        return entered(of, fact.value)
    found = score(of, fact.answers, record.person.sex)
    if fact.value is None or of.scoring.kind == "profile":
        return found
    if found.value is not None and disagrees(found, fact.value):
        raise UnusableInput(f"{fact.id} states {fact.value:f}, and its answers give {shown(found.value)}")
    # What was stated stands where the answers kept do not suffice for a score.
    return found if found.value is not None else entered(of, fact.value)


def score_got(record: Record, score_id: str) -> dict[str, Any]:
    """What came out for a score, in the words of design 3.3: `value` (a number, a list of codes, or unknown), `band`.

    `missing` says why it is unknown. Absent keys are absent.
    """
    return _outcome(record, score_id)[0]


def score_checked(record: Record, expect: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out for the score that an expectation names, and how it differs: `missing` is a subset, the rest exact.

    A value that no decimal writes exactly is expected as rounded to as many places as the expectation writes.
    """
    got, result = _outcome(record, str(expect["score"]))
    return got, tuple(_differences(expect, got, result))


def _outcome(record: Record, score_id: str) -> tuple[dict[str, Any], Scored | None]:
    found: dict[str, Any] = {"score": score_id}
    facts = [fact for fact in record.facts if isinstance(fact, Score) and fact.id == score_id]
    if len(facts) != 1:
        return {**found, "missing": [f"the record has no score {score_id}"]}, None
    try:
        result = scored(record, facts[0])
    except UnusableInput as error:
        return {**found, "value": "unknown", "missing": [str(error)]}, None
    if result.codes and None not in result.codes:
        return {**found, "value": [code for code in result.codes if code is not None]}, result
    if result.value is None:
        return {**found, "value": "unknown", "missing": [result.reason, *result.missing]}, result
    found["value"] = decimal_of(result.value)
    if result.bands:
        found["band"] = result.bands[0].label
    return found, result


def _differences(expect: Mapping[str, Any], got: Mapping[str, Any], result: Scored | None) -> Iterable[str]:
    if "value" in expect and not _same(expect["value"], got.get("value"), result):
        yield f"value: expected {_words(expect['value'])}, got {_words(got.get('value', 'nothing'))}"
    if "band" in expect and str(expect["band"]) != got.get("band"):
        yield f"band: expected {expect['band']}, got {got.get('band', 'nothing')}"
    have = [str(item) for item in got.get("missing", ())]
    wanted = expect.get("missing", [])
    for name in wanted if isinstance(wanted, list) else [wanted]:
        if not any(str(name).lower() in item.lower() for item in have):
            yield f"missing: expected {name}, got {', '.join(have) or 'nothing'}"


def _same(wanted: object, found: object, result: Scored | None) -> bool:
    if isinstance(found, list):
        return isinstance(wanted, list) and [_number(code) for code in wanted] == found
    if isinstance(found, Decimal) and result is not None:
        number = _number(wanted)
        return number is not None and not disagrees(result, number)
    return wanted == found


def _number(wanted: object) -> Decimal | None:
    try:
        number = Decimal(str(wanted))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _words(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def number_of(record: Record, fact: Score) -> Fraction | None:
    """The number of a score, from its answers or as stated; None where there is none, or the two disagree."""
    if fact.instrument in instrument_ids():
        try:
            return scored(record, fact).value
        except UnusableInput:
            return None
    return Fraction(fact.value) if fact.value is not None else None
