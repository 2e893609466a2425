"""`levamen plan`: one chart in, its periprocedural plan out, for a clinician, a program, a prescriber or a patient."""

from __future__ import annotations

import argparse
import sys

from levamen.adapters.balance import Reading
from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest, inputs, knowledge_at, moment, privileges_in, read
from levamen.cli.output import complain, deliver
from levamen.emit.reading import unread_words
from levamen.emit.terminal import PLAIN, Look, look_of
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import Plan
from levamen.record.facts import Medication, Procedure, Record, Request

_FILES = {"calendar": "a calendar file", "clinic-pdf": "a PDF", "letter-pdf": "a PDF", "sheet-pdf": "a PDF"}
"""Formats that no terminal shows."""
_TELLS_WHAT_WAS_READ = frozenset({"text", "json", "clinic-pdf"})
"""Formats that say themselves what of the record could not be read; for the others standard error does."""


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered; what cannot be planned is one sentence and exit 2."""
    from levamen.pathway.periprocedural.plan import DEFAULT_PROFILE, plan

    if options.format in _FILES and options.output is None and sys.stdout.isatty():
        raise BadRequest(f"--format {options.format} writes {_FILES[options.format]}; say where with --output FILE")
    if options.language != "en" and not options.format.startswith("sheet"):
        raise BadRequest(f"--language {options.language} is of the patient sheet; add --format sheet or sheet-pdf")
    found, _ = inputs([options.chart])
    if len(found) != 1:
        raise BadRequest(f"{options.chart} holds {len(found)} records; a plan is of one chart")
    reading = read(*found[0], (), packaged().policies)
    request = request_named(reading.record, options.request)
    profiles = tuple(options.profile) or (DEFAULT_PROFILE,)
    as_of, privileges = moment(options.as_of, reading), privileges_in(options.privileges)
    with knowledge_at(options.local, as_of) as knowledge:
        made = plan(reading.record, request, knowledge, as_of, profiles=profiles, privileges=privileges)
        deliver(_rendered(made, reading, options), options.output)
    if reading.balance.rejected and options.format not in _TELLS_WHAT_WAS_READ:
        complain(f"{unread_words(reading.balance, 'this plan')}; --format text says what and where")
    return ANSWERED


def request_named(record: Record, wanted: str | None) -> Request | Procedure:
    """The request to plan: the one named, or the only one. A procedure that was done is planned only by name."""
    if wanted is not None:
        known = (*record.requests, *record.of(Procedure))
        for request in known:
            if isinstance(request, Procedure) and request.id == wanted:
                return request
        raise BadRequest(f"--request: {record.id} has no request '{wanted}'; {_listed(record)}")
    if not record.requests:
        raise BadRequest(f"{record.id} requests no procedure, so there is nothing to plan; add a request to the chart")
    if len(record.requests) > 1:
        raise BadRequest(
            f"{record.id} requests {len(record.requests)} procedures; name one with --request: {_ids(record)}"
        )
    return record.requests[0]


def _listed(record: Record) -> str:
    return f"it has {_ids(record)}" if record.requests else "it has none"


def _ids(record: Record) -> str:
    return ", ".join(request.id for request in record.requests)


def _rendered(made: Plan, reading: Reading, options: argparse.Namespace) -> str | bytes:
    """The plan in the format asked for: text for a reader, bytes for a file or a program."""
    match options.format:
        case "json":
            from levamen.emit.plan.json import encode

            return encode(made, reading.balance) + b"\n"
        case "calendar":
            from levamen.emit.plan.calendar import calendar

            return calendar(made, listed=reading.record.of(Medication))
        case "clinic-pdf":
            from levamen.emit.plan.pdf import clinic_pdf

            return clinic_pdf(made, balance=reading.balance)
        case "letter" | "letter-pdf":
            from levamen.emit.plan import letter, pdf

            letters = letter.letters(made, reading.record)
            return (
                letter.text(letters, look=_look(options))
                if options.format == "letter"
                else pdf.letter_pdf(letters, made)
            )
        case "sheet" | "sheet-pdf":
            from levamen.emit.language.pack import language
            from levamen.emit.plan import pdf, sheet

            page = sheet.sheet(made, language(options.language))
            return sheet.text(page, look=_look(options)) if options.format == "sheet" else pdf.sheet_pdf(page, made)
        case _:
            from levamen.emit.plan.text import text

            return text(made, balance=reading.balance, look=_look(options))


def _look(options: argparse.Namespace) -> Look:
    """What the reader can show; a file can show everything and has no colours."""
    return PLAIN if options.output is not None else look_of(sys.stdout)
