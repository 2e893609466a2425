"""Left stays left: from the chart file through plan, picture, checklist, record and note to the patient's sheet."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from levamen.adapters.chart_entries import read_entry
from levamen.emit.pictures import spine
from levamen.emit.pictures.spine_parts import Part, parts_of
from levamen.emit.plan.sheet import sheet, text
from levamen.knowledge.registry import packaged
from levamen.pathway.checklists import read_aloud
from levamen.pathway.periprocedural.plan import plan
from levamen.record.facts import Person, Record, Request
from levamen.record.timeline import When
from procedures import record_form, sides

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 9, 8, 10, tzinfo=ZONE)
START = "2026-03-09T09:00:00-04:00"
OTHER = {"left": "right", "right": "left"}
REGIONS = {"lumbar": ("L2-3", "L3-4", "L4-5", "L5-S1"), "cervical": ("C3-4", "C4-5", "C5-6", "C6-7")}


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, object]:
    """A request as a chart file writes it: blocks of joints and injections through foramina, on every side."""
    region = draw(st.sampled_from(sorted(REGIONS)))
    levels = draw(st.lists(st.sampled_from(REGIONS[region]), min_size=1, max_size=3, unique=True))
    therapy = draw(st.sampled_from(["medial-branch-block", "epidural-steroid-injection"]))
    field = "joints" if therapy == "medial-branch-block" else "foramina"
    body: dict[str, object] = {
        "therapy": therapy, "region": region, "side": draw(st.sampled_from(["left", "right", "both"])), field: levels,
        "guidance": "fluoroscopy", "contrast": "iodinated", "sedation": "none", "start": START,
    }  # fmt: skip
    return body | ({"approach": "transforaminal"} if field == "foramina" else {"purpose": "diagnostic"})


def request_of(body: dict[str, object]) -> Request:
    reading = read_entry("request", body, str(ZONE), key="R-1")
    assert not reading.problems, reading.problems
    found = reading.facts[0]
    assert isinstance(found, Request)
    return found


def words(side: str) -> str:
    return "both sides" if side == "both" else side


@settings(max_examples=60, deadline=None)
@given(bodies())
def test_the_side_survives_every_page_and_paper(body: dict[str, object]) -> None:
    side = str(body["side"])
    request = request_of(body)
    # plan
    born = When.on(date(1960, 1, 1))
    record = Record(
        id="side", zone=str(ZONE), person=Person(birth_date=born), requests=(request,), facts=(), completeness=(),
        payers=(),
    )  # fmt: skip
    made = plan(record, request, packaged(), NOW)
    assert made.request.side == side
    # spine: exactly the parts of that side are marked
    parts = parts_of(request)
    wanted = {"left", "right"} if side == "both" else {side}
    assert {part.side for part in parts} == wanted
    region = str(body["region"])
    drawn = spine.table(region, {part.value: "planned" for part in parts})
    assert {row[1] for row in drawn.rows} == wanted
    assert sides.picture(request)
    # consent and read-aloud sentence, in the inverted block
    for pieces in (sides.target_pieces(request), sides.aloud(request, "Ada Test")):
        assert [piece.text for piece in pieces if piece.side] == [words(side)]
    assert words(side) in read_aloud(request)
    # record, untouched: the same parts, the same side, no difference
    draft = record_form.first_draft(request, NOW)
    done = record_form.done_target(request, draft)
    assert sides.same_target(request, done)
    assert record_form.differences(request, done) == []
    assert {row.side for row in record_form.needles(request, draft)} == wanted
    # and back as an entry of the chart
    again = request_of(body | {"side": done.side})
    assert again.side == side
    # the patient's sheet says the side and never the other
    paper = text(sheet(made)).lower()
    if side in OTHER:
        assert OTHER[side] not in paper.split()


@settings(max_examples=40, deadline=None)
@given(bodies())
def test_a_part_of_the_other_side_is_always_a_difference(body: dict[str, object]) -> None:
    side = str(body["side"])
    if side not in OTHER:
        return
    request = request_of(body)
    draft = record_form.first_draft(request, NOW)
    draft["parts"] = [Part(row.kind, row.level, OTHER[row.side]).value for row in parts_of(request)]
    done = record_form.done_target(request, draft)
    assert done.side == OTHER[side]
    assert [row.field for row in record_form.differences(request, done)] == ["Levels and side"]


def test_a_side_that_nobody_said_is_never_both() -> None:
    request = request_of({"therapy": "medial-branch-block", "region": "lumbar", "joints": ["L4-5"], "start": START})
    assert sides.target_text(request).endswith("side not recorded")
    assert not sides.picture(request)


def test_a_level_that_no_picture_has_is_not_lost() -> None:
    request = request_of(
        {"therapy": "facet-joint-injection", "region": "cervical", "side": "right", "joints": ["C2-3"], "start": START}
    )
    more = replace(request, joints=frozenset({"C0-1", "C2-3"}))
    assert "C0-1" in sides.target_text(more)
    assert sides.target_text(more).endswith("right")
