"""`levamen intake`: the intake sheet of records: what is known, what was tried, and what is still to ask."""

from __future__ import annotations

import argparse
import sys

from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, declared, inputs, moment, read, with_progress
from levamen.cli.output import complain, write_data, write_text
from levamen.emit import intake as page
from levamen.emit import intake_json
from levamen.emit.terminal import look_of
from levamen.knowledge.registry import packaged
from levamen.pathway.intake import intake
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    complete = declared(options.complete)
    found, passed = inputs(options.charts)
    look = look_of(sys.stdout)
    failed, encoded = 0, []
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, complete, packaged().policies)
            sheet = intake(reading.record, moment(options.as_of, reading))
        except (UnusableInput, BadRequest) as error:
            failed += 1
            complain(str(error))
            continue
        if options.format == "json":
            encoded.append(intake_json.encode(sheet, reading))
        else:
            write_text(page.page(sheet, reading, look=look))
    if encoded:
        write_data((encoded[0] if len(found) == 1 else intake_json.together(encoded)).decode() + "\n")
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if not failed:
        return ANSWERED
    return UNUSABLE if failed == len(found) else SOME_UNUSABLE
