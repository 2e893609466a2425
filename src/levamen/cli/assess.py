"""`levamen assess`: records in, answers out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from levamen.adapters.balance import Reading
from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, day, declared, inputs, knowledge_at, moment, read, with_progress
from levamen.cli.output import complain, write_data, write_text
from levamen.cli.questions import policy_named, question_asked
from levamen.knowledge.registry import Knowledge, load, packaged
from levamen.pathway.answers import Assessment
from levamen.pathway.assess import assess
from levamen.record.completeness import Completeness
from levamen.record.facts import Request
from levamen.text.tree import UnusableInput

Row = tuple[Assessment, Reading]


class Asked(Struct, frozen=True, kw_only=True):
    """What the options ask of every input."""

    knowledge: Knowledge
    local: tuple[Path, ...]
    as_of: str | None
    on: date | None
    requests: tuple[Request, ...] | None
    only: tuple[str, ...]
    complete: tuple[Completeness, ...]


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    knowledge = load(*options.local) if options.local else packaged()
    asked = Asked(
        knowledge=knowledge,
        local=tuple(options.local),
        as_of=options.as_of,
        on=day(options.on, "--on") if options.on else None,
        requests=question_asked(options),
        only=tuple(policy_named(word, knowledge) for word in options.policy),
        complete=declared(options.complete),
    )
    found, passed = inputs(options.charts)
    failed: list[str] = []
    _write(_answers(found, asked, failed), options, knowledge, many=len(found) > 1)
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if not failed:
        return ANSWERED
    return UNUSABLE if len(failed) == len(found) else SOME_UNUSABLE


def _answers(found: Sequence[tuple[str, Path | None]], asked: Asked, failed: list[str]) -> Iterator[Row]:
    """The answers, one record after another; what cannot be used is told on standard error and counted."""
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, asked.complete, asked.knowledge.policies)
            row = (_one(reading, asked), reading)
        except (UnusableInput, BadRequest) as error:
            failed.append(origin)
            complain(str(error))
            continue
        yield row


def _one(reading: Reading, asked: Asked) -> Assessment:
    when = moment(asked.as_of, reading)
    named = [str(entry.fields["policy"]) for entry in reading.expectations if "policy" in entry.fields]
    also = [name for name in named if name in asked.knowledge.policies]
    with knowledge_at(asked.local, when) as knowledge:
        return assess(reading.record, knowledge, when, on=asked.on, requests=asked.requests, only=asked.only, also=also)


def _write(rows: Iterator[Row], options: argparse.Namespace, knowledge: Knowledge, *, many: bool) -> None:
    """Each format as soon as it can be written; a page and a JSON document need all of the rows."""
    match options.format:
        case "ndjson":
            from levamen.emit.json import encode

            for row in rows:
                write_data(encode(*row).decode() + "\n")
        case "json":
            from levamen.emit.json import encode, together

            parts = [encode(*row) for row in rows]
            if parts:
                write_data((together(parts) if many else parts[0]).decode() + "\n")
        case "html":
            from levamen.emit import html

            if held := list(rows):
                write_data(html.page(held, knowledge.sources))
        case "markdown":
            from levamen.emit import markdown

            for row in rows:
                write_data(markdown.page([row], knowledge.sources))
        case _:
            from levamen.emit import terminal

            look = terminal.look_of(sys.stdout)
            for row in rows:
                write_text(terminal.report([row], knowledge.sources, everything=options.all, look=look) + "\n")
