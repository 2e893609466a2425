"""A trend in every format: the same numbers, a picture that holds together, and words for what a picture cannot say."""

from __future__ import annotations

import json
import re
import sys
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from trend_samples import (
    AS_OF,
    EVERYTHING,
    SVG,
    everything,
    of_html,
    of_json,
    of_markdown,
    of_svg,
    of_text,
    reading,
    values,
)

from levamen.emit.terminal import Look
from levamen.emit.trend import words
from levamen.emit.trend.json import encode
from levamen.emit.trend.layout import layout, scale_ticks
from levamen.emit.trend.markdown import markdown
from levamen.emit.trend.page import fragment, page
from levamen.emit.trend.png import png
from levamen.emit.trend.svg import WIDTH, svg
from levamen.emit.trend.text import text
from levamen.pathway.trends import Trend, trend
from levamen.text.tree import UnusableInput

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "schemas" / "trend-1.schema.json").read_text(encoding="utf-8"))


def drawn(body: str, **asked: object) -> Trend:
    return trend(reading(body).record, AS_OF, **asked)


def root(found: Trend) -> ElementTree.Element:
    return ElementTree.fromstring(svg(found))  # noqa: S314 - our own


def test_every_format_says_the_same_of_every_point() -> None:
    found = everything()
    wanted = values(found)
    assert len(wanted) == 60 + 17 + 4
    assert len({key for key, _ in wanted}) == len(wanted)
    assert of_svg(found) == wanted
    assert of_json(found) == wanted
    assert of_html(found) == wanted
    assert of_markdown(found) == sorted(told for _, told in wanted)
    assert of_text(found) == sorted(told for _, told in wanted)


def test_the_same_bytes_whatever_the_order_of_the_record() -> None:
    record = reading(EVERYTHING).record
    turned = type(record)(**{**_fields(record), "facts": tuple(reversed(record.facts))})
    for write in (svg, text, markdown, fragment):
        assert write(trend(turned, AS_OF)) == write(trend(record, AS_OF))


def _fields(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_everything_drawn_lies_inside_the_picture() -> None:
    made = root(everything(opioids=True))
    left, top, wide, tall = map(float, made.attrib["viewBox"].split())
    assert (left, top, wide) == (0, 0, WIDTH)
    seen = 0
    for element in made.iter():
        for name in ("x", "x1", "x2", "cx"):
            if name in element.attrib:
                seen += 1
                assert 0 <= float(element.attrib[name]) <= wide, element.attrib
        for name in ("y", "y1", "y2", "cy"):
            if name in element.attrib:
                assert 0 <= float(element.attrib[name]) <= tall, element.attrib
    assert seen > 300


def test_the_picture_can_be_read_without_seeing_it_and_runs_nothing() -> None:
    made = svg(everything(opioids=True))
    tree = ElementTree.fromstring(made)  # noqa: S314 - our own
    named = {element.get("id"): element for element in tree if element.get("id")}
    assert [named[id].tag for id in tree.attrib["aria-labelledby"].split()] == [f"{SVG}title", f"{SVG}desc"]
    told = "".join(named["trend-desc"].itertext())
    assert (
        "Lower is better. Scale 0 to 10. First 0 (1 May 2025), latest 6 (18 Jun 2026). 6 points higher: worse." in told
    )
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
        *("svg", "title", "desc", "rect", "line", "circle", "path", "text", "g"),
    }
    assert not re.search(r"\b(href|style|on[a-z]+|class)=|url\(|@import|<!", made)
    assert made.count("http") == 1  # the name of SVG itself


def test_no_letter_is_smaller_than_ten_units_of_a_picture_as_wide_as_a_phone() -> None:
    assert WIDTH == 320
    sizes = {float(element.attrib["font-size"]) for element in root(everything()).iter(f"{SVG}text")}
    assert min(sizes) == 10


def test_a_name_with_markup_stays_text() -> None:
    body = "pain:\n  - {id: '<script>&', site: leg}\nscores:\n"
    body += "  - {id: '\"><b>', instrument: nrs, pain: '<script>&', value: 3, date: 2026-01-01}\n"
    found = drawn(body)
    assert root(found).find(f".//{SVG}script") is None
    assert "<script>" not in page(found)
    assert "<b>" not in page(found)
    assert values(found) == of_svg(found) == [('"><b>', "3")]


def test_direction_is_said_in_words_of_every_scale() -> None:
    told = {series.instrument: words.scale(series) for series in everything().series}
    assert told["nrs"] == "Lower is better. Scale 0 to 10."
    assert told["pseq"] == "Higher is better. Scale 0 to 60."
    assert told["promis-pain-interference-4a"] == "Lower is better. Scale 41.6 to 75.6."
    assert told["paindetect"] == "Higher points to nerve pain. Scale -1 to 38."
    assert told["lefs"] == "Higher is better. The ends of the scale are not confirmed."
    assert told["percent-relief"] == "Higher is better: 100 % is no pain left, 0 % no change, below 0 % more pain."


@pytest.mark.parametrize(
    ("instrument", "values_", "said"),
    [
        ("nrs", (7, 5), "2 points lower: better"),
        ("nrs", (5, 6), "1 point higher: worse"),
        ("nrs", (5, 5), "same as first"),
        ("pseq", (20, 31), "11 points higher: better"),
        ("pseq", (31, 20), "11 points lower: worse"),
        ("ort-oud", (3, 2), "1 point lower"),
        ("paindetect", (12, 19), "7 points higher"),
    ],
)
def test_a_change_is_better_or_worse_by_the_direction_of_its_scale(
    instrument: str, values_: tuple[int, int], said: str
) -> None:
    body = "scores:\n" + "".join(
        f"  - {{id: S{at}, instrument: {instrument}, value: {value}, date: 2026-0{at + 1}-01}}\n"
        for at, value in enumerate(values_)
    )
    series = drawn(body).series[0]
    assert words.rows(series)[1].change == said
    assert words.summary(series)[1] == f"{said[0].upper()}{said[1:]}."


def test_a_gap_is_no_line() -> None:
    body = (
        "scores:\n  - {id: A, instrument: nrs, value: 7, date: 2026-01-01}\n"
        "  - {id: B, instrument: nrs, date: 2026-02-01}\n  - {id: C, instrument: nrs, value: 5, date: 2026-03-01}\n"
        "  - {id: D, instrument: nrs, value: 4, date: 2026-04-01}\n"
    )
    panel = layout(drawn(body)).panels[0]
    assert [(line.before.point.key, line.after.point.key, line.dashed) for line in panel.lines] == [("C", "D", False)]
    thick = [line for line in root(drawn(body)).iter(f"{SVG}line") if line.get("stroke") == "#0B5A63"]
    assert len(thick) == 1


def test_a_missing_visit_is_dashed() -> None:
    body = (
        "scores:\n  - {id: A, instrument: odi, value: 40, date: 2026-01-01}\n"
        "  - {id: N, instrument: nrs, value: 4, date: 2026-02-01}\n"
        "  - {id: B, instrument: odi, value: 20, date: 2026-03-01}\n"
    )
    lines = [line for line in root(drawn(body)).iter(f"{SVG}line") if line.get("stroke") == "#0B5A63"]
    assert [line.get("stroke-dasharray") for line in lines] == ["4 3"]


def test_a_zero_is_drawn_on_the_floor_of_its_scale() -> None:
    panel = next(row for row in layout(everything()).panels if row.series.instrument == "phq-9")
    assert [(row.point.key, row.y) for row in panel.points] == [("A1", 0)]


@pytest.mark.parametrize(
    ("value", "label"), [("54.9", "normal"), ("55", "normal"), ("55.1", "mild"), ("60", "mild"), ("60.1", "moderate")]
)
def test_a_value_at_the_edge_of_a_band_is_in_the_band_that_the_source_gives(value: str, label: str) -> None:
    # S35b: above 55 mild, above 60 moderate.
    body = f"scores:\n  - {{id: A, instrument: promis-pain-interference-4a, value: {value}, date: 2026-01-01}}\n"
    assert words.rows(drawn(body).series[0])[0].band == label


def test_a_partial_date_is_as_long_as_it_may_be() -> None:
    panel = next(row for row in layout(everything()).panels if row.series.instrument == "promis-pain-interference-4a")
    spans = {row.point.key: row.x for row in panel.points}
    days = (AS_OF - everything().start).days + 1
    assert spans["B2"].high - spans["B2"].low == pytest.approx(30 / days)
    assert spans["B3"].high == 1  # a year is cut where the picture ends
    assert spans["B1"].low == spans["B1"].high


def test_points_in_one_place_are_counted_and_both_drawn() -> None:
    panel = next(row for row in layout(everything()).panels if row.series.instrument == "vas-mm")
    assert [(row.point.key, row.again) for row in panel.points] == [("C1", 0), ("C2", 0), ("C3", 1), ("C4", 0)]


def test_a_stated_range_is_a_bar_and_no_number_in_it() -> None:
    panel = next(row for row in layout(everything()).panels if row.series.kind == "relief")
    row = next(row for row in panel.points if row.point.key == "P-1/2")
    assert row.y is None
    assert row.span is not None
    assert panel.low == -200  # a relief of -125 % lies inside the scale


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        ("0", "10", ["0", "5", "10"]),
        ("0", "27", ["0", "10", "20", "27"]),
        ("0", "100", ["0", "25", "50", "75", "100"]),
        ("41.6", "75.6", ["41.6", "50", "60", "70", "75.6"]),
        ("-1", "38", ["-1", "10", "20", "30", "38"]),
        ("-1", "1", ["-1", "-0.5", "0", "0.5", "1"]),
        ("0", "10000", ["0", "2500", "5000", "7500", "10000"]),
    ],
)
def test_the_numbers_of_a_scale_are_round_and_keep_its_ends(low: str, high: str, labels: list[str]) -> None:
    ticks = scale_ticks(Fraction(low), Fraction(high))
    assert [tick.label for tick in ticks] == labels
    assert [tick.at for tick in (ticks[0], ticks[-1])] == [0, 1]


def test_changes_stand_outside_the_picture_with_their_source_and_gate_nothing() -> None:
    found = drawn("scores:\n  - {id: A, instrument: phq-9, value: 11, date: 2026-01-01}\n")
    made = svg(found)
    assert "decide nothing" in made
    # S30, classic figure: unverified. Its bar is broken and named so.
    assert re.search(r"5 c, unconfirmed", made)
    flat = " ".join(" ".join(root(found).itertext()).split())
    assert "(c) 5 points, the classic figure [S30, classic figure, awaiting confirmation]" in flat
    assert "S31, MCID, read in a secondary source" in flat
    plot = {float(e.attrib["y1"]) for e in root(found).iter(f"{SVG}line") if e.get("stroke-dasharray") == "2 2"}
    floor = max(float(e.attrib["y"]) for e in root(found).iter(f"{SVG}text") if e.text == "Jan 2026")
    assert plot
    assert min(plot) > floor


def test_every_source_is_named_in_every_page() -> None:
    found = everything(opioids=True)
    for told in (svg(found), text(found), markdown(found), fragment(found)):
        for id in ("S02", "S22", "S25", "S30", "S35b", "S91"):
            assert re.search(rf"\b{id}\b", told)
        assert "last checked against their sources" in " ".join(told.split())


def test_opioids_are_named_as_not_for_converting() -> None:
    found = everything(opioids=True)
    assert found.opioids is not None
    for told in (svg(found), text(found), markdown(found), fragment(found)):
        flat = " ".join(re.sub(r"<[^>]*>", " ", told).split())
        assert "Not for converting between opioids" in flat
        assert "not known" in flat


def test_the_terminal_without_unicode_gets_ascii_and_no_line_is_too_long() -> None:
    for width in (40, 80, 120):
        told = text(everything(opioids=True), look=Look(width=width, unicode=False))
        assert told.isascii()
        assert max(map(len, told.splitlines())) <= max(width, 41 + 7 + 14)
    assert "●" in text(everything())


def test_what_could_not_be_read_is_said_in_the_picture() -> None:
    read = reading(
        "scores:\n  - {id: A, instrument: nrs, value: 3, date: 2026-01-01}\n"
        "  - {id: B, instrument: nrs, value: 30, date: 2026-02-01}\n"
    )
    found = trend(read.record, AS_OF)
    told = "1 entry of the record could not be read and is not in this picture."
    for page_ in (svg(found, read), text(found, read), markdown(found, read), fragment(found, read)):
        assert told in " ".join(re.sub(r"</?text[^>]*>", " ", page_).split())
    assert "scores[1] B" in text(found, read)


def test_the_json_fits_its_schema() -> None:
    def closed(schema: object) -> object:
        if isinstance(schema, list):
            return [closed(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        made = {key: closed(value) for key, value in schema.items()}
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
            made["additionalProperties"] = False
        return made

    document = json.loads(encode(everything(opioids=True), reading(EVERYTHING)))
    jsonschema.validate(document, closed(SCHEMA))
    assert "null" not in json.dumps(document)
    assert document["series"][0]["points"][0]["value"] == 0


def test_a_png_is_a_png_and_the_same_twice() -> None:
    found = drawn("scores:\n  - {id: A, instrument: nrs, value: 3, date: 2026-01-01}\n")
    made = png(found)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made[16:20], "big") == WIDTH * 3
    assert png(found) == made


def test_without_the_package_a_png_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UnusableInput, match=r"install levamen with its extra, levamen\[pdf\]"):
        png(drawn("scores:\n  - {id: A, instrument: nrs, value: 3, date: 2026-01-01}\n"))
