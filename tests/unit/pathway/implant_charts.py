"""Charts for the tests of a stimulator's way: a person with one pain, and what a test adds."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

from levamen.adapters.chart import read_chart
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import default_as_of
from levamen.pathway.implant.review import DeviceReview, WayReview, device_review
from levamen.record.facts import Record

HEAD = """
chart: 1
id: sam
recorded: 2026-11-19
as_of: 2026-11-19
zone: America/Chicago
person: {birth_date: 1970-01-01, sex: male}
"""
PAIN = "pain: [{id: PN-1, site: leg, side: left, mechanism: neuropathic, since: 2024-01-10}]"


def record(text: str, head: str = HEAD, pain: str = PAIN) -> Record:
    reading = read_chart("\n".join((head, pain, dedent(text))), "sam")
    assert [issue.what for issue in reading.balance.issues if issue.fate == "rejected"] == []
    return reading.record


def review(text: str, *decides: str, as_of: date | None = None, pain: str = PAIN, head: str = HEAD) -> DeviceReview:
    found = record(text, head, pain)
    moment = as_of or default_as_of(found)
    assert moment is not None
    return device_review(found, packaged(), moment, decides)


def way(text: str, *decides: str, as_of: date | None = None, pain: str = PAIN, head: str = HEAD) -> WayReview:
    """The only way of a chart."""
    (found,) = review(text, *decides, as_of=as_of, pain=pain, head=head).ways
    return found


def trail(found: WayReview) -> list[tuple[str, str]]:
    """Events and the states they led to."""
    return [(row.event.kind, row.after if row.refused is None else "refused") for row in found.steps]
