"""`levamen flags`: the red and yellow flags of records."""

from __future__ import annotations

import argparse
import sys

from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, declared, inputs, moment, read, with_progress
from levamen.cli.output import complain, write_data, write_text
from levamen.emit import flags as page
from levamen.emit import flags_json
from levamen.emit.terminal import look_of
from levamen.knowledge.registry import packaged
from levamen.pathway.flags import review_flags
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
            answer = review_flags(reading.record, moment(options.as_of, reading))
        except (UnusableInput, BadRequest) as error:
            failed += 1
            complain(str(error))
            continue
        if options.format == "json":
            encoded.append(flags_json.encode(answer, reading))
        else:
            write_text(page.page(answer, reading, look=look))
    if encoded:
        write_data((encoded[0] if len(found) == 1 else flags_json.together(encoded)).decode() + "\n")
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if not failed:
        return ANSWERED
    return UNUSABLE if failed == len(found) else SOME_UNUSABLE
