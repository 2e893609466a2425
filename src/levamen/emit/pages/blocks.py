"""A page as blocks, written once and shown in the terminal, as Markdown and as HTML, with the same words in each."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import Literal

from msgspec import Struct

from levamen.emit.markdown import text as markdown_text
from levamen.emit.pages.drawings import drawing
from levamen.emit.words import printable

Kind = Literal["title", "part", "group", "item", "note", "text", "table", "steps"]


class Link(Struct, frozen=True):
    """Words that lead to another page: its path under the pages without the ending (`therapies/discography`)."""

    words: str
    page: str


Cell = str | Link
EMPTY = "–"
"""What an empty cell of a table shows; left out where a table is told in sentences."""


class Block(Struct, frozen=True, kw_only=True):
    """One block. `rows` of a table begin with its header; those of steps are drawing and caption.

    `note` belongs to the item or text before it. A link stands before the words, as their name, or after them, as a
    reference.
    """

    kind: Kind
    words: str = ""
    name: Link | None = None
    see: Link | None = None
    rows: tuple[tuple[Cell, ...], ...] = ()


def title(words: str) -> Block:
    return Block(kind="title", words=words)


def part(words: str) -> Block:
    return Block(kind="part", words=words)


def group(words: str) -> Block:
    return Block(kind="group", words=words)


def item(words: str, *, name: Link | None = None, see: Link | None = None) -> Block:
    return Block(kind="item", words=words, name=name, see=see)


def note(words: str) -> Block:
    return Block(kind="note", words=words)


def text(words: str) -> Block:
    return Block(kind="text", words=words)


def table(words: str, header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Block:
    """A table with its caption. Every row has as many cells as the header."""
    return Block(kind="table", words=words, rows=(tuple(header), *(tuple(row) for row in rows)))


def steps(rows: Iterable[tuple[str, str]]) -> Block:
    """A numbered strip of drawings (ids of `drawings`), each with its caption."""
    return Block(kind="steps", rows=tuple(rows))


def _words(cell: Cell) -> str:
    return cell.words if isinstance(cell, Link) else cell


def _named(shown: Callable[[Cell], str], block: Block) -> str:
    """The words of a block with its links, each cell shown as the format wants it."""
    told = shown(block.words)
    if block.name is not None:
        told = f"{shown(block.name)}: {told}" if block.words else shown(block.name)
    return f"{told} ({shown('see')} {shown(block.see)})" if block.see is not None else told


def _flat(words: str) -> str:
    return re.sub(r"\s+", " ", printable(words)).strip()


def as_text(blocks: Iterable[Block], width: int) -> str:
    """For a terminal: links are left out, a table becomes one paragraph a row, a strip its captions."""
    return "\n".join(line for block in blocks for line in _text(block, width)) + "\n"


def _text(block: Block, width: int) -> Iterator[str]:
    indents = {"item": ("  - ", "    "), "note": ("    ", "    ")}
    if block.kind in ("part", "group", "table"):
        yield ""
    clean = _flat(_named(_words, block))
    first, rest = indents.get(block.kind, ("", ""))
    if clean:
        yield from textwrap.wrap(clean, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    if block.kind == "title":
        yield "=" * min(len(clean), width)
    elif block.kind == "part":
        yield "-" * min(len(clean), width)
    elif block.kind == "steps":
        for count, row in enumerate(block.rows, 1):
            caption = f"  {count}. {_flat(_words(row[1]))}"
            yield from textwrap.wrap(caption, width, subsequent_indent="     ", break_on_hyphens=False)
    elif block.kind == "table":
        header, *rows = block.rows
        for row in rows:
            told = f"  - {_flat(_words(row[0]))}: " + "; ".join(
                f"{_flat(_words(name))}: {_flat(_words(cell))}"
                for name, cell in zip(header[1:], row[1:], strict=True)
                if _flat(_words(cell)) not in ("", EMPTY)
            )
            if told.endswith(": "):
                continue
            yield from textwrap.wrap(told, width, subsequent_indent="    ", break_on_hyphens=False)


def as_markdown(blocks: Iterable[Block], here: str = "") -> str:
    """For a repository or a note. `here` is the path of this page, from which links lead on."""
    lines: list[str] = []
    before = ""
    for block in blocks:
        under_item = block.kind == "note" and before == "item"
        if not (under_item or block.kind == before == "item"):
            lines.append("")
        lines += _markdown(block, here, "  - " if under_item else "")
        before = "item" if under_item else block.kind
    return "\n".join(lines).strip("\n") + "\n"


def _markdown(block: Block, here: str, note_prefix: str) -> Iterator[str]:
    prefixes = {"title": "# ", "part": "## ", "group": "### ", "item": "- ", "note": note_prefix}
    prefix = prefixes.get(block.kind, "")
    if block.kind == "table":
        header, *rows = block.rows
        yield f"*{markdown_text(block.words)}*"
        yield ""
        yield _row(header, here)
        yield "|" + " --- |" * len(header)
        yield from (_row(row, here) for row in rows)
        return
    if block.kind == "steps":
        for count, row in enumerate(block.rows, 1):
            yield f"{count}. {markdown_text(_words(row[1]))}"
        return
    yield prefix + _named(lambda cell: _markdown_cell(cell, here), block)


def _row(cells: Sequence[Cell], here: str) -> str:
    return "| " + " | ".join(_markdown_cell(cell, here) for cell in cells) + " |"


def _markdown_cell(cell: Cell, here: str) -> str:
    if isinstance(cell, Link):
        return f"[{markdown_text(cell.words)}]({path_to(cell.page, here)}.md)"
    return markdown_text(cell)


def path_to(page: str, here: str) -> str:
    """The relative path from the page `here` to another page, both without ending."""
    return "../" * here.count("/") + page


def as_html(blocks: Sequence[Block], here: str = "") -> str:
    """One self-contained page: no script, nothing fetched, readable at 320 px, in print and by ear."""
    name = next((block.words for block in blocks if block.kind == "title"), "Levamen")
    body = "\n".join(_html(blocks, here))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(_flat(name))}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n"
        f"{body}\n</main>\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return resources.files("levamen.emit").joinpath("templates", "page.css").read_text(encoding="utf-8")


_TAGS = {"title": "h1", "part": "h2", "group": "h3", "text": "p", "note": "p"}


def _html(blocks: Sequence[Block], here: str) -> Iterator[str]:
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if block.kind == "item":
            end = index
            while end < len(blocks) and blocks[end].kind in ("item", "note"):
                end += 1
            yield from _html_list(blocks[index:end], here)
            index = end
            continue
        yield from _html_block(block, here)
        index += 1


def _html_list(blocks: Sequence[Block], here: str) -> Iterator[str]:
    yield "<ul>"
    opened = False
    for block in blocks:
        if block.kind == "item":
            if opened:
                yield "</li>"
            yield f"<li>{_inline(block, here)}"
            opened = True
        else:
            yield f'<p class="note">{_inline(block, here)}</p>'
    yield "</li>" if opened else ""
    yield "</ul>"


def _html_block(block: Block, here: str) -> Iterator[str]:
    if block.kind == "steps":
        yield '<ol class="steps">'
        for picture, caption in block.rows:
            yield f"<li>{drawing(_words(picture), '')}<p>{escape(_flat(_words(caption)))}</p></li>"
        yield "</ol>"
    elif block.kind == "table":
        header, *rows = block.rows
        yield f'<div class="wide" tabindex="0" role="region" aria-label="{escape(_flat(block.words))}">'
        yield f"<table><caption>{escape(_flat(block.words))}</caption>"
        yield "<thead><tr>" + "".join(f'<th scope="col">{_html_cell(cell, here)}</th>' for cell in header)
        yield "</tr></thead><tbody>"
        for row in rows:
            first, *rest = row
            cells = "".join(f"<td>{_html_cell(cell, here)}</td>" for cell in rest)
            yield f'<tr><th scope="row">{_html_cell(first, here)}</th>{cells}</tr>'
        yield "</tbody></table></div>"
    else:
        tag = _TAGS[block.kind]
        opening = f'{tag} class="note"' if block.kind == "note" else tag
        yield f"<{opening}>{_inline(block, here)}</{tag}>"


def _inline(block: Block, here: str) -> str:
    return _named(lambda cell: _html_cell(cell, here), block)


def _html_cell(cell: Cell, here: str) -> str:
    if isinstance(cell, Link):
        return f'<a href="{escape(path_to(cell.page, here))}.html">{escape(_flat(cell.words))}</a>'
    return escape(_flat(cell))
