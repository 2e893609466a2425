"""`levamen response`: what the tests and treatments of records did, how long relief held, and what comes next."""

from __future__ import annotations

import argparse
import sys

from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, declared, inputs, moment, read, with_progress
from levamen.cli.output import complain, write_data, write_text
from levamen.cli.questions import policy_named
from levamen.emit import response as page
from levamen.emit import response_json
from levamen.emit.terminal import look_of
from levamen.knowledge.registry import load, packaged
from levamen.pathway.response import NotJudged, response
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    knowledge = load(*options.local) if options.local else packaged()
    also = [policy_named(word, knowledge) for word in options.policy]
    complete = declared(options.complete)
    found, passed = inputs(options.charts)
    look = look_of(sys.stdout)
    failed, encoded = 0, []
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, complete, knowledge.policies)
            as_of = moment(options.as_of, reading)
            answer = response(reading.record, knowledge, as_of, only=options.procedure, also=also)
        except (UnusableInput, BadRequest) as error:
            failed += 1
            complain(str(error))
            continue
        except NotJudged as error:
            failed += 1
            complain(f"{origin}: --procedure: {error}")
            continue
        if options.format == "json":
            encoded.append(response_json.encode(answer, reading))
        else:
            write_text(page.page(answer, reading, knowledge.sources, look=look))
    if encoded:
        write_data((encoded[0] if len(found) == 1 else response_json.together(encoded)).decode() + "\n")
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if not failed:
        return ANSWERED
    return UNUSABLE if failed == len(found) else SOME_UNUSABLE
