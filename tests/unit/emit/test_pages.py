"""Terminal, HTML and Markdown: titles instead of ids, words beside signs, everything escaped."""

from __future__ import annotations

from pathlib import Path

import pytest

from levamen.adapters.chart import read_chart
from levamen.emit import html, markdown, terminal
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess, default_as_of

CHART = Path(__file__).parents[3] / "examples" / "charts" / "facet-one-block.yaml"


def rows(text: str):
    reading = read_chart(text, "chart")
    as_of = default_as_of(reading.record)
    assert as_of is not None
    return [(assess(reading.record, packaged(), as_of), reading)]


@pytest.fixture(scope="module")
def text() -> str:
    return CHART.read_text(encoding="utf-8")


def test_titles_not_ids(text: str) -> None:
    report = terminal.report(rows(text), everything=True)
    for id in ("medial-branch-block", "mcr-facet", "bmj25:", "not_yet"):
        assert id not in report


def test_ascii_where_the_terminal_has_nothing_else(text: str) -> None:
    report = terminal.report(rows(text), everything=True, look=terminal.Look(unicode=False))
    assert report.isascii()


def test_colour_never_stands_alone(text: str) -> None:
    plain = terminal.report(rows(text))
    coloured = terminal.report(rows(text), look=terminal.Look(colour=True))
    assert "\x1b[" in coloured
    assert "\x1b[" not in plain
    assert "not yet" in plain


def test_lines_fit_the_width(text: str) -> None:
    report = terminal.report(rows(text), everything=True, look=terminal.Look(width=60))
    assert max(len(line) for line in report.splitlines() if "http" not in line) <= 70


def test_html_escapes_what_a_record_says(text: str) -> None:
    nasty = text.replace("id: walter-54", "id: '<script>alert(1)</script>'")
    page = html.page(rows(nasty))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript' not in page
    assert page.startswith("<!doctype html>")
    assert '<html lang="en">' in page


def test_html_needs_nothing_from_elsewhere(text: str) -> None:
    page = html.page(rows(text))
    for fetched in ("<link", "src=", "@import", "url("):
        assert fetched not in page


def test_markdown_cannot_be_broken_by_a_record(text: str) -> None:
    nasty = text.replace("id: walter-54", "id: 'a|b <i>*c*'")
    page = markdown.page(rows(nasty))
    assert r"a\|b \<i\>\*c\*" in page
