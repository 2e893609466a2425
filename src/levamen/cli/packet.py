"""`levamen packet`: is authorization needed, and the draft that a person checks and sends."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime

from levamen.adapters.balance import Reading
from levamen.cli import ANSWERED
from levamen.cli.each_record import each_record
from levamen.cli.inputs import BadRequest, day, declared, inputs, knowledge_at, moment, read
from levamen.cli.output import complain, deliver
from levamen.emit.packet import json as packet_json
from levamen.emit.packet.text import text
from levamen.emit.reading import unread, unread_words
from levamen.emit.terminal import PLAIN, Look
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.authorization.packet import Packet, packet
from levamen.record import codes
from levamen.record.facts import Record, Request

_NUMBER = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]", re.ASCII)
_OF_ONE = ("html", "pdf", "fhir")
"""Formats that hold one packet."""


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    numbers = _numbers(options.number)
    on = day(options.on, "--on") if options.on is not None else None

    def made(reading: Reading, as_of: date | datetime) -> tuple[Packet, ...]:
        with knowledge_at(options.local, as_of) as knowledge:
            policies = [_policy(word, knowledge) for word in options.policy]
            return tuple(
                packet(reading.record, request, knowledge, as_of, on=on, policies=policies, numbers=numbers)
                for request in _requests(reading.record, options.request)
            )

    if options.format in _OF_ONE or options.output is not None:
        return _one(options, made)
    several = len(inputs(options.charts)[0]) > 1

    def encoded(found: tuple[Packet, ...], reading: Reading) -> bytes:
        rows = [packet_json.encode(row, reading.balance) for row in found]
        return b",".join(rows) if several or len(rows) == 1 else packet_json.together(rows)

    return each_record(
        options,
        packaged().policies,
        made,
        lambda found, reading, look: "\n".join(_text(row, reading, look) for row in found),
        encoded,
        packet_json.together,
    )


def _one(options: argparse.Namespace, made: Callable[[Reading, date | datetime], tuple[Packet, ...]]) -> int:
    """One packet to a file or, except a PDF on a terminal, to standard output."""
    if options.format == "pdf" and options.output is None and sys.stdout.isatty():
        raise BadRequest("--format pdf writes a PDF; say where with --output FILE")
    found, _ = inputs(options.charts)
    if len(found) != 1:
        raise BadRequest(f"--format {options.format} and --output are of one chart; {len(found)} were given")
    reading = read(*found[0], declared(options.complete), packaged().policies)
    packets = made(reading, moment(options.as_of, reading))
    if len(packets) != 1:
        listed = ", ".join(row.request.id for row in packets)
        raise BadRequest(f"{reading.record.id} requests {len(packets)} procedures; name one with --request: {listed}")
    deliver(_rendered(packets[0], reading, options.format), options.output)
    if reading.balance.rejected and options.format not in ("text", "json"):
        complain(f"{unread_words(reading.balance, 'this packet')}; --format text says what and where")
    return ANSWERED


def _rendered(made: Packet, reading: Reading, form: str) -> str | bytes:
    match form:
        case "json":
            return packet_json.encode(made, reading.balance) + b"\n"
        case "html":
            from levamen.emit.packet.page import page

            return page(made).encode()
        case "pdf":
            from levamen.emit.packet.pdf import pdf

            return pdf(made)
        case "fhir":
            from levamen.emit.packet.fhir import bundle

            return bundle(made) + b"\n"
        case _:
            return _text(made, reading, PLAIN)


def _text(made: Packet, reading: Reading, look: Look) -> str:
    """The packet, and what of the record could not be read."""
    unread_said = [f"{issue.where}: {issue.what}" for issue in unread(reading.balance)]
    told = unread_words(reading.balance, "this packet")
    return text(made, look=look) + (f"\n{told}:\n" + "\n".join(unread_said) + "\n" if told else "")


def _requests(record: Record, wanted: str | None) -> Sequence[Request]:
    if not record.requests:
        raise BadRequest(f"{record.id} requests no procedure, so there is nothing to authorize; add a request to it")
    chosen = [request for request in record.requests if wanted in (None, request.id)]
    if not chosen:
        known = ", ".join(request.id for request in record.requests)
        raise BadRequest(f"--request: {record.id} has no request '{wanted}'; it has {known}")
    return chosen


def _policy(word: str, knowledge: Knowledge) -> str:
    """A policy of this version or of a local folder. Raises BadRequest, and UnknownWord with the nearest."""
    id = word if word in knowledge.policies else codes.resolve("policies", word)
    if id not in knowledge.policies:
        raise BadRequest(f"--policy: {id} is not encoded in this version; see levamen knowledge list")
    return id


def _numbers(given: Sequence[str]) -> tuple[str, ...]:
    for number in given:
        if not _NUMBER.fullmatch(number):
            raise BadRequest(f"--number: '{number}' is no CPT or HCPCS number; write five characters, such as 64635")
    return tuple(dict.fromkeys(given))
