"""What a reader must be able to rely on in every report: words, titles, order, and nothing that acts."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from levamen.adapters.any_input import read_any
from levamen.adapters.balance import Reading
from levamen.criteria.nodes import Cite
from levamen.emit import html, markdown, terminal
from levamen.emit.view import place, source_title
from levamen.emit.words import ASCII_SAFETY_SIGNS, ASCII_SIGNS, SAFETY_SIGNS, SIGNS, dates_in_words, printable
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import Assessment
from levamen.pathway.assess import assess, default_as_of
from levamen.pathway.headline import DISSENT, WORDS
from levamen.pathway.periprocedural.answers import SAFETY_VERDICTS
from levamen.record import codes

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))
HOSTILE = ROOT / "tests" / "data" / "hostile.yaml"
VOID = frozenset({"meta", "br", "link", "img", "input", "hr", "path", "circle", "rect"})


@cache
def row(path: Path) -> tuple[Assessment, Reading]:
    reading = read_any(path.read_bytes(), path.name)
    as_of = default_as_of(reading.record)
    assert as_of is not None
    return assess(reading.record, packaged(), as_of), reading


class Page(HTMLParser):
    """The tags of a page, what is open at the end, and the levels of its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unmatched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unmatched.append(tag)

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch(r"h[1-6]", tag)]


@pytest.mark.parametrize("paths", [CHARTS[:1], CHARTS, [HOSTILE]], ids=["one", "many", "hostile"])
def test_the_page_is_well_formed_and_acts_on_nothing(paths: list[Path]) -> None:
    page = Page(html.page([row(path) for path in paths]))
    assert (page.open, page.unmatched) == ([], [])
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "form", "link", "object", "b", "i"}
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert "style" not in attributes
        if "href" in attributes:
            assert (attributes["href"] or "").startswith(("https://", "http://"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("paths", [CHARTS[:1], CHARTS], ids=["one", "many"])
def test_headings_go_down_one_step_at_a_time(paths: list[Path]) -> None:
    levels = Page(html.page([row(path) for path in paths])).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_table_says_what_its_cells_are() -> None:
    page = Page(html.page([row(ROOT / "examples" / "charts" / "facet-one-block.yaml")]))
    roles = {attributes.get("role") for _, attributes in page.tags}
    assert {"table", "row", "columnheader", "rowheader", "cell"} <= roles
    scopes = {attributes.get("scope") for tag, attributes in page.tags if tag == "th"}
    assert scopes == {"row", "col"}


def test_markdown_holds_no_html_and_no_other_link() -> None:
    text = markdown.page([row(HOSTILE)])
    assert not re.search(r"(?<!\\)<(?!https?://)", text)
    assert all(address.startswith(("https://", "http://")) for address in re.findall(r"\]\(<([^>]*)>\)", text))
    rows = [line for line in text.splitlines() if line.startswith("| ") and "Block interval" in line]
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 5


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_no_id_where_a_title_exists(path: Path) -> None:
    text = terminal.report([row(path)]).partition("\nRead: ")[0]  # what the import resolved stands below, by id
    words = set(re.findall(r"[a-z0-9]+(?:[-.][a-z0-9]+)+", text))
    ids = {
        id for section in ("therapies", "conditions", "findings", "instruments", "drugs") for id in codes.ids(section)
    }
    titled = {id for id in ids if codes.title(id) != id and "-" in id and id not in codes.title(id).lower()}
    assert not words & titled
    assert not words & set(packaged().policies)
    for word in ("not_yet", "not_met", "not_covered", "requirement", "subject"):
        assert word not in text.split()


def test_no_date_is_numeric_only() -> None:
    for path in CHARTS:
        for text in (terminal.report([row(path)]), html.page([row(path)])):
            assert not re.search(r">?\b2026-\d\d-\d\d\b(?!T)", re.sub(r'href="[^"]*"', "", text)), path


def _key(verdict: str) -> str:
    return "safety-unknown" if verdict == "unknown" else verdict


def test_every_verdict_has_a_word_a_sign_and_a_shape() -> None:
    signs = (ROOT / "src" / "levamen" / "emit" / "templates" / "signs.html").read_text(encoding="utf-8")
    css = (ROOT / "src" / "levamen" / "emit" / "templates" / "report.css").read_text(encoding="utf-8")
    assert set(WORDS) == set(SIGNS) == set(ASCII_SIGNS) == {*DISSENT, "silent"}
    assert len(set(SIGNS.values())) == len(set(ASCII_SIGNS.values())) == len(set(WORDS.values())) == len(WORDS)
    assert all(sign.isascii() for sign in ASCII_SIGNS.values())
    safety = {_key(verdict) for verdict in SAFETY_VERDICTS}
    assert safety == set(SAFETY_SIGNS) == set(ASCII_SAFETY_SIGNS)
    assert len(set(SAFETY_SIGNS.values())) == len(set(ASCII_SAFETY_SIGNS.values())) == len(safety)
    for verdict in (*WORDS, *safety):
        assert f'"{verdict}"' in signs
        assert f".{verdict} {{" in css


@pytest.mark.parametrize(("width", "of"), [(40, 1), (60, 5), (100, 5), (120, 1)])
def test_every_line_fits(width: int, of: int) -> None:
    """Every chart at the narrowest and at the widest, every fifth between."""
    for path in (*CHARTS[::of], HOSTILE):
        report = terminal.report([row(path)], everything=True, look=terminal.Look(width=width))
        assert max(map(len, report.splitlines())) <= width


def test_a_terminal_without_unicode_gets_ascii() -> None:
    for path in (*CHARTS, HOSTILE):
        report = terminal.report([row(path)], everything=True, look=terminal.Look(unicode=False, colour=True))
        assert report.isascii()


def test_nothing_from_a_record_steers_the_terminal() -> None:
    assert printable("a\x1b[31mb\u202ec\nd\x9b") == "a [31mb c d "
    assert "\x1b" not in terminal.report([row(HOSTILE)], everything=True)


def test_the_rejected_entry_is_told() -> None:
    report = terminal.report([row(HOSTILE)])
    assert "Read: 4 items = 3 accepted + 0 ignored + 1 rejected." in report
    assert "rejected: procedures[1] P-2" in report


def test_at_most_five_lines_on_what_is_missing() -> None:
    report = terminal.report([row(ROOT / "examples" / "charts" / "what-is-not-known.yaml")])
    for block in report.split("What would settle what is unknown\n")[1:]:
        lines = block.split("\n\n")[0].splitlines()
        assert 1 <= sum(line.startswith("    - ") for line in lines) <= 5


def test_headlines_are_one_short_sentence_and_their_dissent() -> None:
    for path in CHARTS:
        for question in row(path)[0].questions:
            assert "\n" not in question.headline
            assert question.headline.endswith(".")
            assert len(question.headline) < 420, question.headline


def test_sources_are_those_of_the_knowledge_in_use() -> None:
    """A local policy cites its own sources; they are given, not looked up among the packaged ones."""
    local = Source(id="NORIDIAN-PA", title="Our own paper", issuer="A clinic", year="2026", url="file:///etc/passwd")
    path = ROOT / "examples" / "charts" / "facet-one-block.yaml"
    for page in (terminal.report([row(path)], {local.id: local}), html.page([row(path)], {local.id: local})):
        assert "Our own paper" in page
        assert "file:" not in page


def test_words() -> None:
    assert dates_in_words("12 days after 2026-02-12, 2026-13-99") == "12 days after 12 Feb 2026, 2026-13-99"
    assert source_title("no-such-source", {}) == "no-such-source"


def test_a_short_title_does_not_end_inside_a_row_of_numbers() -> None:
    """The trial compared 0, 1 and 2 blocks; `comparison of 0` would be another trial."""
    cite = Cite(source="COHEN10", locator="results", mark="primary")
    assert place(cite, packaged().sources).title == "Cohen et al.: Multicentre randomised comparison of 0, 1, 2 blocks"
