"""`levamen assess`: records in, answers out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date

from levamen.adapters.balance import Reading
from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, day, declared, inputs, moment, read, with_progress
from levamen.emit import html, json, markdown, terminal
from levamen.knowledge.registry import Knowledge, load, packaged
from levamen.pathway.answers import Assessment
from levamen.pathway.assess import assess
from levamen.record import codes
from levamen.record.facts import Request
from levamen.text.tree import UnusableInput

_SETS = {
    "joints": "spinal_joints",
    "interspaces": "spinal_joints",
    "foramina": "foramina",
    "roots": "roots",
    "vertebrae": "vertebrae",
}
_WORDS = {
    "region": "regions",
    "side": "sides",
    "approach": "qualifiers.approach",
    "technique": "qualifiers.technique",
    "purpose": "purposes",
    "guidance": "guidance",
    "contrast": "contrast",
}


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    knowledge = load(*options.local) if options.local else packaged()
    only = [_policy(word, knowledge) for word in options.policy]
    requests = _requests(options)
    on = day(options.on, "--on") if options.on else None
    complete = declared(options.complete)
    found, passed = inputs(options.charts)
    rows: list[tuple[Assessment, Reading]] = []
    failed = 0
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, complete, knowledge.policies)
            rows.append((_one(reading, knowledge, options.as_of, on, requests, only), reading))
        except UnusableInput as error:
            failed += 1
            print(f"levamen: {error}", file=sys.stderr)
        except BadRequest as error:
            if len(found) == 1:
                raise
            failed += 1
            print(f"levamen: {error}", file=sys.stderr)
        if options.format == "ndjson" and rows:
            sys.stdout.write(json.encode(*rows.pop()).decode() + "\n")
    for name in passed:
        print(f"levamen: {name} was passed over: not .yaml, .json or .gz", file=sys.stderr)
    if options.format != "ndjson":
        sys.stdout.write(_text(rows, options, many=len(found) > 1))
    if failed == 0:
        return ANSWERED
    return UNUSABLE if failed == len(found) else SOME_UNUSABLE


def _one(
    reading: Reading,
    knowledge: Knowledge,
    as_of: str | None,
    on: date | None,
    requests: Sequence[Request] | None,
    only: Sequence[str],
) -> Assessment:
    when = moment(as_of, reading.record)
    named = [str(entry.fields["policy"]) for entry in reading.expectations if "policy" in entry.fields]
    also = [name for name in named if name in knowledge.policies]
    return assess(reading.record, knowledge, when, on=on, requests=requests, only=only, also=also)


def _text(rows: Sequence[tuple[Assessment, Reading]], options: argparse.Namespace, *, many: bool) -> str:
    match options.format:
        case "json":
            return (json.encode_many(rows) if many else json.encode(*rows[0])).decode() + "\n" if rows else ""
        case "html":
            return html.page(rows)
        case "markdown":
            return markdown.page(rows)
        case _:
            return terminal.report(rows, everything=options.all, look=terminal.look_of(sys.stdout))


def _policy(word: str, knowledge: Knowledge) -> str:
    if word in knowledge.policies:
        return word
    found = codes.resolve("policies", word)
    if found not in knowledge.policies:
        raise BadRequest(
            f"--policy: {found} is not encoded in this version; `levamen knowledge list` names those that are"
        )
    return found


def _requests(options: argparse.Namespace) -> tuple[Request, ...] | None:
    """The question of the options; None where no therapy is named."""
    given = [name for name in (*_WORDS, *_SETS) if getattr(options, name)]
    if options.therapy is None:
        if given:
            raise BadRequest(f"--{given[0]} says where, but not what; add --therapy")
        return None
    therapy = codes.resolve("therapies", options.therapy)
    words = {name: codes.resolve(_WORDS[name], getattr(options, name)) for name in given if name in _WORDS}
    sets = {
        name: frozenset(codes.resolve(_SETS[name], level.strip()) for level in getattr(options, name).split(","))
        for name in given
        if name in _SETS
    }
    row = codes.entry("therapies", therapy)
    if len(row.get("purposes", ())) == 1:
        words.setdefault("purpose", row["purposes"][0])
    if len(row.get("regions", ())) == 1:
        words.setdefault("region", row["regions"][0])
    for name, section in (("joints", "spinal_joints"), ("interspaces", "spinal_joints")):
        regions = {codes.entry(section, level).get("region") for level in sets.get(name, ())}
        if len(regions) == 1:
            words.setdefault("region", str(regions.pop()))
    return (Request(id="Q-1", therapy=therapy, **words, **sets),)  # type: ignore[arg-type]
