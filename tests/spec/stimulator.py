"""What the paragraphs on implants are written with: a snippet of a chart on one pain of a leg, and steps by name.

A snippet is completed by a man of 56, one neuropathic pain (PN-1) since January 2024, and what is known as of
19 November 2026. All patients are made up.
"""

from __future__ import annotations

from textwrap import dedent

from levamen.adapters.chart import read_chart
from levamen.knowledge.implants import packaged_machine
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import default_as_of
from levamen.pathway.implant.machine import Happening, Override, Refused, Shown, Standing, step
from levamen.pathway.implant.review import DeviceReview, WayReview, device_review

MACHINE = packaged_machine()
HEAD = """
chart: 1
id: specimen
zone: America/Chicago
person: {birth_date: 1970-01-01, sex: male}
pain: [{id: PN-1, site: leg, side: left, mechanism: neuropathic, since: 2024-01-10}]
"""
EVERYTHING = tuple(MACHINE.guards)
"""Every guard there is."""


def review_of(chart: str, *decides: str, as_of: str = "2026-11-19") -> DeviceReview:
    """Every way of a snippet, judged by the policies that are named to decide."""
    reading = read_chart(f"{HEAD}as_of: {as_of}\n{dedent(chart)}", "specimen")
    assert [issue.what for issue in reading.balance.issues if issue.fate == "rejected"] == []
    moment = default_as_of(reading.record)
    assert moment is not None
    return device_review(reading.record, packaged(), moment, decides)


def way_of(chart: str, *decides: str, as_of: str = "2026-11-19") -> WayReview:
    """The one way of a snippet."""
    (found,) = review_of(chart, *decides, as_of=as_of).ways
    return found


def verdict_of(found: WayReview, policy: str) -> str:
    """What one policy says of the trial: passed, failed, cannot tell, two readings."""
    return next(answer.word for answer in found.asked.answers if answer.policy == policy)


def asks_of(found: WayReview, event: str) -> dict[str, str]:
    """What a step ahead asks for, and how each stands."""
    row = next(row for row in found.ahead if row.event == event)
    return {guard.id: shown.status for guard, shown in row.guards}


def after(
    state: str, event: str, *shown: str, track: str = "trial-first", overrides: tuple[Override, ...] = (), **told: str
) -> str:
    """The state after an event with these guards shown; or "refused: " and why."""
    here = Standing(track=track, state=state, planned=state == "implant-planned")
    happened = Happening(id="E-1", kind=event, overrides=overrides, by=told.get("by"), reason=told.get("reason"))
    found = step(MACHINE, here, happened, {guard: Shown(status="met") for guard in shown})
    return f"refused: {found.why}" if isinstance(found, Refused) else found.state
