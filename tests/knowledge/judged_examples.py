"""The examples of a policy read once, each expectation with what may be looked at to judge it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from levamen.adapters.chart import read_chart
from levamen.criteria.situation import Situation
from levamen.derive.views import local_day, situation, zone_of
from levamen.knowledge.examples import examples
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import PolicyAnswer
from levamen.pathway.assess import default_as_of, service_date
from levamen.pathway.expectations import _differences
from levamen.pathway.judge import judge


class Expected(Struct, frozen=True):
    """One expectation of an example."""

    example: str
    covers: tuple[str, ...]
    fields: Mapping[str, Any]
    situation: Situation

    def differences(self, policy: Policy) -> tuple[str, ...]:
        """What another policy, or a changed one, says differently."""
        return tuple(_differences(self.fields, self.answer(policy)))

    def answer(self, policy: Policy) -> PolicyAnswer:
        return judge(policy, self.situation)


@cache
def expected(id: str) -> tuple[Expected, ...]:
    """Every expectation of a packaged policy on itself that holds. (Those that do not fail in test_examples.)"""
    policy = packaged().policies[id]
    found = []
    for example in examples(policy):
        reading = read_chart(example.chart, example.name)
        record = reading.record
        as_of = default_as_of(record)
        assert as_of is not None
        requests = {request.id: request for request in record.requests}
        for entry in reading.expectations:
            request = requests.get(str(entry.fields.get("request", next(iter(requests), ""))))
            if entry.fields.get("policy") != id or request is None:
                continue
            on = service_date(request, local_day(as_of, zone_of(record)), None)
            seen = situation(record, request, as_of, on)
            row = Expected(example.name, example.covers, entry.fields, seen)
            if not row.differences(policy):
                found.append(row)
    return tuple(found)
