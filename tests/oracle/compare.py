"""The product's plan beside the oracle's answer: every difference, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import oracle
import tables as t
from grid import as_text
from msgspec import Struct

from levamen.adapters.chart import read_chart
from levamen.knowledge.registry import Knowledge
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan, ProfileAnswer
from levamen.pathway.periprocedural.plan import plan

TIMES = ("stop_at", "stop_latest", "last_dose", "restart_from", "restart_earliest", "first_dose", "earliest_procedure")
PROFILES = tuple(t.DRUGS)
REASONS = {  # the oracle's keyword -> words one of which the product's sentence must have
    "none": ("is not held",),
    "hold": ("is held",),
    "shared": ("decided with the prescriber", "half-lives"),
    "clearance": ("creatinine",),
    "level": ("level decides",),
    "no row": ("no source", "no bleeding-risk class"),
    "no row of this bracket": ("no source",),
    "unsafe to hold": ("must not be held",),
    "no indication": ("is not on record",),
    "taken too late": ("too late", "taken"),
    "do not proceed": ("not",),
}
A_MINUTE = timedelta(minutes=1)  # the end of a day may be written as its last moment or as midnight


class Difference(Struct, frozen=True):
    """One answer on which they differ. `drug` is empty for the class of the procedure."""

    name: str
    profile: str
    key: str
    oracle: str
    product: str
    drug: str = ""
    cls: str = ""
    bracket: str = ""
    procedures: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} [{self.profile}] {self.drug} {self.key}: oracle {self.oracle}, product {self.product}"


def moment(text: str) -> date | datetime:
    """The chart's `as_of`: a day, or an instant of its zone."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def product_plan(whole: oracle.Chart, knowledge: Knowledge) -> Plan:
    reading = read_chart(as_text(whole), "synthetic.yaml")
    faults = [issue for issue in reading.balance.issues if "inferred" not in issue.what]
    assert not faults, faults
    record, as_of = reading.record, moment(whole["as_of"])
    if isinstance(as_of, datetime):
        as_of = as_of.replace(tzinfo=oracle.zone(whole))
    return plan(record, record.requests[0], knowledge, as_of, profiles=(t.ASRA,))


def differences(name: str, whole: oracle.Chart, knowledge: Knowledge) -> Iterator[Difference]:
    """Of every profile that either of them lets speak of the procedure."""
    got = product_plan(whole, knowledge)
    answers = {answer.profile: answer for answer in (got.active, *got.others)}
    for profile in PROFILES:
        expected = oracle.answer(whole, profile)
        if expected["class"] is None and (profile not in answers or not answers[profile].speaks):
            continue
        yield from _of_profile(name, whole, profile, expected, answers.get(profile))
        if profile == t.ASRA:
            yield from _of_the_whole(name, whole, expected, got)


def _of_the_whole(name: str, whole: oracle.Chart, expected: dict[str, Any], got: Plan) -> Iterator[Difference]:
    """ADR 18, 19: the whole is never milder than its drugs, and never final while something stands open."""
    common: dict[str, Any] = {"cls": str(expected["class"]), "bracket": oracle.bracket_of(whole) or "none"}
    drugs = [answer.decision for answer in got.active.drugs]
    if oracle.WORST.index(got.decision) > oracle.WORST.index(oracle.worst(list(drugs))):
        yield Difference(name, t.ASRA, "whole decision", oracle.worst(list(drugs)), got.decision, **common)
    for answer in got.active.drugs:
        least = oracle.least_safety(
            answer.decision, answer.mark == "unverified", answer.agreed is not None, to_agree=answer.needs_agreement
        )
        if oracle.SAFETY.index(got.safety) < oracle.SAFETY.index(least):
            yield Difference(name, t.ASRA, "safety", f"{least} or worse", got.safety, drug=answer.drug, **common)
        open_ = answer.decision not in ("proceed_no_hold", "hold_with_plan") or answer.mark == "unverified"
        owed = answer.decision == "hold_with_plan" and answer.drug in (*t.ANTICOAGULANT, *t.ANTIPLATELET)
        if expected["drugs"].get(answer.medication, {}).get("why") == "no row" and (got.final or got.safety == "clear"):
            yield Difference(
                name, t.ASRA, "no row", "caution, never final", f"{got.safety}, final {got.final}", **common
            )
        if got.final and (open_ or owed) and not answer.agreed:
            yield Difference(name, t.ASRA, "final", "no", "yes", drug=answer.drug, **common)


def _of_profile(
    name: str, whole: oracle.Chart, profile: str, expected: dict[str, Any], got: ProfileAnswer | None
) -> Iterator[Difference]:
    common: dict[str, Any] = {
        "cls": str(expected["class"]),
        "bracket": oracle.bracket_of(whole) or "none",
        "procedures": tuple(oracle.procedures_of(whole["request"][0])),
    }
    if got is None or not got.speaks:
        yield Difference(name, profile, "speaks", expected["class"], "no answer", **common)
        return
    if profile != t.RA:  # one class for every neuraxial needle: the dossier has no word for it
        for key, mine, theirs in (
            ("class", expected["class"], got.bleeding_class.word),
            ("base", expected["base"], got.bleeding_class.base),
        ):
            if mine != theirs:
                yield Difference(name, profile, key, str(mine), str(theirs), **common)
    if profile == t.ASRA and expected["mapped"] != got.bleeding_class.mapped:
        yield Difference(name, profile, "mapped", str(expected["mapped"]), str(got.bleeding_class.mapped), **common)
    if expected["class"] is None:
        return
    theirs_by_id = {answer.medication: answer for answer in got.drugs}
    for id, mine in expected["drugs"].items():
        if profile != t.ASRA and mine["why"] == "no row" and id not in theirs_by_id:
            continue  # a profile that is shown beside the active one and knows no row for a drug need not list it
        fact = next(m for m in whole["medications"] if m["id"] == id)
        for key, left, right in _of_drug(mine, theirs_by_id.pop(id, None)):
            yield Difference(name, profile, key, left, right, drug=fact["drug"], **common)
    for extra in theirs_by_id.values():
        yield Difference(name, profile, "counted", "no", "yes", drug=extra.drug, **common)


def _of_drug(mine: dict[str, Any], theirs: DrugAnswer | None) -> Iterator[tuple[str, str, str]]:
    if theirs is None:
        yield "counted", "yes", "no"
        return
    if mine["decision"] != theirs.decision:
        yield "decision", f"{mine['decision']} ({mine['why']})", theirs.decision
        return  # the rest follows from it
    for key in TIMES:
        left, right = mine.get(key), getattr(theirs, key)
        if key == "earliest_procedure" and mine["why"] == "unsafe to hold":
            continue  # the guard's date, not the drug's
        close = left is not None and right is not None and key == "earliest_procedure" and abs(left - right) <= A_MINUTE
        if left != right and not close:
            yield key, str(left), str(right)
    if not any(words in theirs.why for words in REASONS[mine["why"]]):
        yield "reason", mine["why"], theirs.why
    tests = [frozenset(lab.tests) for lab in theirs.labs]
    for wanted in mine["labs"]:
        if not any(wanted & named for named in tests):
            yield "labs", " or ".join(sorted(wanted)), str([sorted(named) for named in tests])
    if "agreed" in mine and mine["agreed"] != (theirs.agreed is not None):
        yield "agreed", str(mine["agreed"]), str(theirs.agreed)
    if mine["mark"] == "unverified" and theirs.mark != "unverified":
        yield "mark", "unverified", theirs.mark
