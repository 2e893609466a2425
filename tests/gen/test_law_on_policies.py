"""The law on the packaged policies: take a value away from an example, and what is then still decided is what the
whole example says; yes never stands against no.

Exceptions, each by a decision of the rule or of a default: `function_recorded` (a policy that tests function only where
it was measured), and fields whose absence has a meaning (`status` done, `verification` confirmed, the
agents of a request, a course without end that goes on).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from msgspec.structs import replace

from levamen.adapters.chart import read_chart
from levamen.criteria.nodes import Field, walk
from levamen.criteria.verdict import FAMILIES
from levamen.derive.views import situation
from levamen.knowledge.examples import examples
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import PolicyAnswer
from levamen.pathway.assess import default_as_of, service_date
from levamen.pathway.judge import judge
from levamen.record.facts import Fact, Record, Request
from levamen.record.timeline import When, month_of

TAKEN_FROM_EACH = 2
"""How many values are taken away from each example, one at a time; which ones is fixed by the example's name."""

KEPT = {
    "id", "section", "recorded", "author", "source", "note", "status", "verification", "agents", "kind",
    "function", "classes", "therapy", "end", "until", "drug", "instrument", "session", "plan", "pain", "relief_ended",
    "about_policy", "about_criterion", "trial", "as_needed", "icd10", "snomed", "attributes", "start_request",
}  # fmt: skip
WHOSE = {("pain", "side"), ("pain", "region"), ("pain", "site"), ("request", "region"), ("request", "side")}
"""What tells which pain is meant is inferred from what is there: see the report of index_pain."""


def without(record: Record) -> Iterator[tuple[str, Record]]:
    """The record with one value less, or one date less exact."""
    for index, request in enumerate(record.requests):
        for name, value in _taken(request):
            changed = replace(request, **{name: value})
            requests = (*record.requests[:index], changed, *record.requests[index + 1 :])
            yield f"{request.id}.{name}", replace(record, requests=requests)
    for index, fact in enumerate(record.facts):
        for name, value in _taken(fact):
            facts = (*record.facts[:index], replace(fact, **{name: value}), *record.facts[index + 1 :])
            yield f"{fact.id}.{name}", replace(record, facts=facts)


def _taken(fact: Fact) -> Iterator[tuple[str, Any]]:
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if name in KEPT or (fact.section, name) in WHOSE or value in (None, (), frozenset()):
            continue
        if isinstance(value, When):
            if fact.section != "request" and value.exact and value.at is None:
                yield name, month_of(value.first.year, value.first.month)
            continue
        yield name, () if isinstance(value, tuple) else frozenset() if isinstance(value, frozenset) else None


def asked(record: Record, policy: Policy) -> dict[str, PolicyAnswer]:
    as_of = default_as_of(record)
    assert as_of is not None
    found = {}
    for request in record.requests:
        found[request.id] = judge(policy, situation(record, request, as_of, _on(request, as_of)))
    return found


def _on(request: Request, as_of: Any) -> Any:
    return service_date(request, as_of, None)


def excepted(answer: PolicyAnswer) -> set[str]:
    """Criteria whose rule asks whether function was recorded."""
    return {
        row.id
        for row in answer.criteria
        if Field("it", "function_recorded") in {getattr(node, "field", None) for node in walk(row.criterion.says)}
    }


@pytest.mark.parametrize("policy", packaged().policies.values(), ids=lambda policy: policy.id)
def test_a_value_more_never_turns_what_is_decided(policy: Policy) -> None:
    faults = []
    for example in examples(policy):
        record = read_chart(example.chart, example.name).record
        choices = list(without(record))
        if not choices:
            continue
        whole = asked(record, policy)
        for turn in range(TAKEN_FROM_EACH):
            what, less = choices[crc32(f"{example.name}/{turn}".encode()) % len(choices)]
            for id, answer in asked(less, policy).items():
                faults += [f"{example.name}, {what}, {id}: {fault}" for fault in _turned(answer, whole[id])]
    assert faults == []


def _turned(less: PolicyAnswer, more: PolicyAnswer) -> Iterator[str]:
    families = {FAMILIES[less.verdict], FAMILIES[more.verdict]}
    if families == {"yes", "no"}:
        yield f"{less.verdict} becomes {more.verdict}"
    after = {row.id: row.status for row in more.criteria}
    for row in less.criteria:
        compared = row.status != "unknown" and row.id in after and row.id not in excepted(less)
        if compared and after[row.id] != row.status:
            yield f"{row.id}: {row.status} becomes {after[row.id]}"
