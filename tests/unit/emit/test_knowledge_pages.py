"""Pages of what is known: the same words in every format, nothing that acts as markup, no dead link, all current."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docs.knowledge_pages import files, pages

from levamen.emit.pages.blocks import (
    Block,
    Link,
    as_html,
    as_markdown,
    as_text,
    group,
    item,
    note,
    part,
    steps,
    table,
    text,
    title,
)
from levamen.emit.pages.comparison import comparison, spoken, topic_of
from levamen.emit.pages.drawings import drawing, drawings
from levamen.emit.pages.therapy import amount_words
from levamen.knowledge.registry import packaged
from levamen.knowledge.therapies.reading import PICTURES
from levamen.knowledge.therapies.rows import Amount

ROOT = Path(__file__).parents[3]
HOSTILE = '<script>alert(1)</script> & "quoted" | *bold* [x](y)'
PAGE: tuple[Block, ...] = (
    title("A page"),
    text("First words."),
    note("Where they stand."),
    part("A part"),
    group("A group"),
    item("An item", see=Link("Another page", "therapies/discography")),
    note("Its note"),
    item("", name=Link("A name", "policies/bmj25")),
    table("A caption", ("Topic", "One", "Two"), (("Pain", "≥ 3 months", "–"), ("Care", "–", "–"))),
    steps([("needle", "Under a drawing")]),
)


def test_every_word_stands_in_every_format() -> None:
    shown = (as_text(PAGE, 80), as_markdown(PAGE, "therapies/x"), as_html(PAGE, "therapies/x"))
    for form in shown:
        flat = html.unescape(re.sub(r"\s+", " ", form))
        for words in ("A page", "First words.", "Where they stand.", "A part", "A group", "An item", "Another page",
                      "Its note", "A name", "A caption", "Pain", "≥ 3 months", "Under a drawing"):  # fmt: skip
            assert words in flat


def test_a_row_without_an_entry_is_left_out_of_sentences_only() -> None:
    assert "Care" not in as_text(PAGE, 80)
    assert "Care" in as_markdown(PAGE)
    assert "Care" in as_html(PAGE)


def test_links_lead_from_the_page_that_they_stand_on() -> None:
    assert "(../policies/bmj25.md)" in as_markdown(PAGE, "therapies/x")
    assert 'href="../policies/bmj25.html"' in as_html(PAGE, "therapies/x")
    assert "(policies/bmj25.md)" in as_markdown(PAGE, "README")


@pytest.mark.parametrize("make", [title, text, item, part, group])
def test_nothing_written_acts_as_markup(make: object) -> None:
    blocks = (make(HOSTILE), table(HOSTILE, ("a", "b"), ((HOSTILE, HOSTILE),)))
    page = as_html(blocks)
    assert "<script>" not in page
    assert HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in page
    markdown = as_markdown(blocks)
    assert "<script>" not in markdown
    assert "[x](y)" not in markdown


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount(percent="48"), "48 in 100"),
        (Amount(percent="2.6", of=16638), "2.6 in 100, measured in 16,638"),
        (Amount(count=25, of=52), "25 of 52 people"),
        (Amount(change="-17.0", unit="ODI points", low="-23.1", high="-10.9"), "-17.0 ODI points (-23.1 to -10.9)"),
        (Amount(low="40", high="58"), "40 to 58 in 100"),
        (Amount(low="2", high="4", unit="weeks"), "2 to 4 weeks"),
    ],
)  # fmt: skip
def test_an_amount_in_words(amount: Amount, words: str) -> None:
    assert amount_words(amount) == words


def test_side_by_side_every_policy_that_speaks_is_a_column_and_silence_is_a_dash() -> None:
    knowledge = packaged()
    therapy = "medial-branch-radiofrequency-ablation"
    speaking = [policy.title for policy, _ in spoken(knowledge.policies.values(), therapy)]
    tables = list(comparison(knowledge.policies.values(), therapy))
    heads = [cell.words for found in tables for cell in found.rows[0][1:] if isinstance(cell, Link)]
    assert heads == speaking
    assert len({tuple(row[0] for row in found.rows) for found in tables}) == 1
    assert all(cell for found in tables for row in found.rows for cell in row)


def test_a_number_wears_the_mark_of_its_value() -> None:
    """The consensus thresholds are unverified in the sources: the table says so beside them."""
    knowledge = packaged()
    told = [
        str(row[column])
        for found in comparison(knowledge.policies.values(), "medial-branch-radiofrequency-ablation")
        for column, head in enumerate(found.rows[0])
        if isinstance(head, Link) and head.page == "policies/cons-l20"
        for row in found.rows[1:]
    ]
    assert any("≥ 50 %) [u]" in words for words in told)


def test_every_criterion_has_a_topic() -> None:
    from levamen.emit.pages.comparison import TOPICS

    for policy in packaged().policies.values():
        for rule in policy.rules(None, policy.checked):
            for criterion in rule.criteria:
                assert topic_of(criterion) in TOPICS


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.found.append(value)
            assert not name.startswith("on"), "no script in a page"
        assert tag != "script"


def test_no_link_is_dead_and_nothing_is_fetched() -> None:
    every = files()
    for name, content in every.items():
        if not name.endswith(".html"):
            continue
        links = Links()
        links.feed(content)
        for link in links.found:
            assert not link.startswith("http"), "a page fetches nothing"
            target = (Path("/") / Path(name).parent / link).resolve().relative_to("/").as_posix()
            assert target.replace("README.html", "index.html") in every, f"{name}: {link}"


def test_the_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "docs/knowledge_pages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_each_page_has_one_title_and_it_stands_first() -> None:
    for path, blocks in pages():
        assert [block.kind for block in blocks].count("title") == 1, path
        assert blocks[0].kind == "title", path


def test_there_is_a_drawing_for_every_picture_that_can_be_named_and_no_other() -> None:
    assert set(drawings()) == set(PICTURES)


@pytest.mark.parametrize("name", sorted(drawings()))
def test_a_drawing_is_of_lines_inside_its_square(name: str) -> None:
    svg = ElementTree.fromstring(drawing(name, "A & B"))  # noqa: S314 - our own text
    assert svg.get("aria-label") == "A & B"
    assert {child.tag.rpartition("}")[2] for child in svg} <= {"path", "circle", "rect"}
    for child in svg:
        assert not {"href", "style", "onload"} & set(child.keys())
