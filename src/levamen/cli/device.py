"""`levamen device`: where the stimulators of records stand and what is next; when their pumps are refilled."""

from __future__ import annotations

import argparse
import sys

from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, declared, inputs, moment, read, with_progress
from levamen.cli.output import complain, write_data, write_text
from levamen.emit import device as page
from levamen.emit import device_json, pump, stimulators
from levamen.emit.terminal import look_of
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.implant.review import device_review
from levamen.pathway.refill import refills
from levamen.record import codes
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    knowledge = packaged()
    deciding = [_policy(word, knowledge) for word in options.policy]
    complete = declared(options.complete)
    found, passed = inputs(options.charts)
    look = look_of(sys.stdout)
    failed, encoded = 0, []
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, complete, knowledge.policies)
            as_of = moment(options.as_of, reading)
            review = device_review(reading.record, knowledge, as_of, deciding)
            due = refills(reading.record, as_of)
        except (UnusableInput, BadRequest) as error:
            failed += 1
            complain(str(error))
            continue
        if options.format == "json":
            kinds = {**device_json.stimulators(review), "pumps": [pump.document(one) for one in due]}
            encoded.append(device_json.encode(review.record.id, review.moment, kinds, reading, checked=review.checked))
        else:
            sections = (stimulators.stimulators(review, everything=options.all), pump.pumps(due))
            text = page.page(review.record.id, review.as_of, sections, reading, checked=review.checked, look=look)
            write_text(text)
    if encoded:
        write_data((encoded[0] if len(found) == 1 else device_json.together(encoded)).decode() + "\n")
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if not failed:
        return ANSWERED
    return UNUSABLE if failed == len(found) else SOME_UNUSABLE


def _policy(word: str, knowledge: Knowledge) -> str:
    """A policy of this version. Raises BadRequest, and UnknownWord with the nearest."""
    id = codes.resolve("policies", word)
    if id not in knowledge.policies:
        raise BadRequest(f"--policy: {id} is not encoded in this version; see levamen knowledge list")
    return id
