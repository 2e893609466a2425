"""`levamen response`: what the tests and treatments of records did, how long relief held, and what comes next."""

from __future__ import annotations

import argparse
from datetime import date, datetime

from levamen.adapters.balance import Reading
from levamen.cli.each_record import each_record
from levamen.cli.inputs import BadRequest, knowledge_at
from levamen.cli.questions import policy_named
from levamen.emit import response as page
from levamen.emit import response_json
from levamen.knowledge.registry import load, packaged
from levamen.pathway.response import NotJudged, Response, response


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    known = load(*options.local) if options.local else packaged()
    also = [policy_named(word, known) for word in options.policy]

    def answer(reading: Reading, as_of: date | datetime) -> Response:
        with knowledge_at(options.local, as_of) as knowledge:
            try:
                return response(reading.record, knowledge, as_of, only=options.procedure, also=also)
            except NotJudged as error:
                raise BadRequest(f"{reading.origin or reading.record.id}: --procedure: {error}") from None

    return each_record(
        options,
        known.policies,
        answer,
        lambda found, reading, look: page.page(found, reading, known.sources, look=look),
        response_json.encode,
        response_json.together,
    )
