"""`python docs/knowledge_pages.py` writes `docs/knowledge`: therapies, policies, conditions, and what is across all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from levamen.emit.pages.awaiting import awaiting_page, sources_page
from levamen.emit.pages.blocks import Block, Link, as_html, as_markdown, item, part, text, title
from levamen.emit.pages.condition import condition_page, often_said_page, order_page
from levamen.emit.pages.coverage import coverage_page, therapy_link
from levamen.emit.pages.disagreements import disagreements_page
from levamen.emit.pages.policy import policy_page
from levamen.emit.pages.therapy import therapy_page
from levamen.knowledge.conditions import packaged_conditions
from levamen.knowledge.inventory import packaged_rows
from levamen.knowledge.often_said import packaged_often_said
from levamen.knowledge.order_of_care import packaged_order
from levamen.knowledge.registry import packaged
from levamen.knowledge.therapies import packaged_therapies
from levamen.record import codes

FOLDER = Path(__file__).parent / "knowledge"


def pages() -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Every page with its path below the folder, without ending."""
    knowledge, described, rows = packaged(), packaged_therapies(), packaged_rows()
    conditions = packaged_conditions()
    therapies = codes.ids("therapies")
    for id in therapies:
        yield f"therapies/{id}", tuple(therapy_page(id, described.get(id), knowledge))
    for id, policy in sorted(knowledge.policies.items()):
        yield f"policies/{id}", tuple(policy_page(policy, knowledge.sources))
    for id, condition in sorted(conditions.items()):
        yield f"conditions/{id}", tuple(condition_page(condition, knowledge.sources))
    yield "often-said", tuple(often_said_page(packaged_often_said().values(), knowledge.sources))
    yield "order-of-care", tuple(order_page(packaged_order(), knowledge.sources))
    yield "disagreements", tuple(disagreements_page(knowledge))
    yield "awaiting-confirmation", tuple(awaiting_page(rows, knowledge.sources))
    yield "sources", tuple(sources_page(rows, knowledge.sources))
    yield "coverage", tuple(coverage_page(knowledge, described, rows))
    yield "README", tuple(_index(therapies))


def _index(therapies: Iterable[str]) -> Iterator[Block]:
    knowledge = packaged()
    yield title("What Levamen knows")
    yield text("Generated from the knowledge files: do not edit. Each page is here as Markdown and as HTML.")
    yield part("Across all")
    for name, page in (
        ("Where they disagree", "disagreements"),
        ("Often said, and what the sources say", "often-said"),
        ("The usual order of care, and what leaves it", "order-of-care"),
        ("What awaits confirmation", "awaiting-confirmation"),
        ("What is covered, and how well it is known", "coverage"),
        ("Sources", "sources"),
    ):
        yield item("", name=Link(name, page))
    yield part("Conditions")
    for id in sorted(packaged_conditions(), key=lambda word: codes.label("conditions", word)):
        yield item("", name=Link(codes.label("conditions", id), f"conditions/{id}"))
    yield part("Therapies")
    for id in sorted(therapies, key=lambda word: codes.label("therapies", word)):
        yield item("", name=therapy_link(id))
    yield part("Policies")
    for policy in sorted(knowledge.policies.values(), key=lambda policy: policy.title):
        yield item("", name=Link(policy.title, f"policies/{policy.id}"))


def files() -> Mapping[str, str]:
    """Every file of the folder with its text."""
    found = {}
    for path, blocks in pages():
        found[f"{path}.md"] = as_markdown(blocks, path)
        found["index.html" if path == "README" else f"{path}.html"] = as_html(blocks, path)
    return found


def main() -> int:
    """Writes what differs and deletes what is no page any more; `--check` only says so, exit 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    wanted = files()
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    stale = sorted(
        name for name, text in wanted.items() if name not in there or (FOLDER / name).read_text("utf-8") != text
    )
    left = sorted(there - wanted.keys())
    if options.check:
        for name in (*stale, *left):
            print(f"docs/knowledge/{name} is not current; run make docs", file=sys.stderr)
        return 1 if stale or left else 0
    for name in stale:
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(wanted[name], "utf-8")
    for name in left:
        (FOLDER / name).unlink()
    print(f"{len(wanted)} files, {len(stale)} written, {len(left)} deleted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
