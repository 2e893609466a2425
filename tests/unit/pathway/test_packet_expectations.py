"""`expect: {packet: …}`: words and dates exact, lists as parts, an empty list says none, programs by their id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from levamen.adapters.chart import read_chart
from levamen.knowledge.registry import packaged
from levamen.pathway.expectations import check
from levamen.text.tree import UnusableInput

CHART = (Path(__file__).parents[3] / "examples" / "charts" / "packet-ablation-complete.yaml").read_text(
    encoding="utf-8"
)


def tried(expect: str) -> tuple[str, ...]:
    head, _, _ = CHART.partition("expect:")
    reading = read_chart(f"{head}expect:\n  - {{{expect}}}\n", "chart")
    (result,) = check(reading, packaged())
    return result.differences


@pytest.mark.parametrize(
    "expect",
    [
        'packet: R-1, needed: "no", state: complete, expires: none, valid_until: none',
        "packet: R-1, missing: [], crossed: []",
        "packet: R-1, attachments: [imaging report D-1]",
        'packet: R-2, needed: "yes", programs: {prior-authorization-facet: "yes"}',
        'packet: R-2, needed: unknown, numbers: ["62323"]',
        "packet: R-3, state: not_met, crossed: technique",
    ],
)
def test_what_came_out_is_accepted(expect: str) -> None:
    assert tried(expect) == ()


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ('packet: R-1, needed: "yes"', "needed: expected yes, got no"),
        ("packet: R-1, state: missing", "state: expected missing, got complete"),
        ("packet: R-1, missing: [care]", "missing: expected care, got none"),
        ("packet: R-3, crossed: []", "crossed: expected none, got technique denied, technique"),
        ("packet: R-1, expires: 2026-10-01", "expires: expected 2026-10-01, got none"),
        ('packet: R-1, programs: {wiser-epidural: "no"}', "program wiser-epidural: expected no, got does not speak"),
    ],
)
def test_anything_else_is_a_difference(expect: str, says: str) -> None:
    assert tried(expect) == (says,)


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ("packet: R-9", "the chart has no request 'R-9'"),
        ("packet: R-1, neded: yes", "unknown key 'neded' beside `packet`"),
    ],
)
def test_expectation_that_cannot_be_read_is_refused(expect: str, says: str) -> None:
    with pytest.raises(UnusableInput, match=says):
        tried(expect)


def test_got_is_told_in_the_words_of_the_expectation() -> None:
    reading = read_chart(CHART, "chart")
    told: Mapping[str, Any] = next(r.got for r in check(reading, packaged()) if r.expect.get("packet") == "R-1")
    assert told["programs"] == {"prior-authorization-facet": "no"}
