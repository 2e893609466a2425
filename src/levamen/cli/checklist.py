"""`levamen checklist`: the questions, time-out, watch, discharge, red flags and calls of one procedure."""

from __future__ import annotations

import argparse
import sys

from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest, inputs, knowledge_at, moment, read
from levamen.cli.output import write_data, write_text
from levamen.cli.plan import request_named
from levamen.emit.terminal import look_of
from levamen.knowledge.registry import packaged


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered; what cannot be planned is one sentence and exit 2."""
    from levamen.emit.checklist import PARTS, encode, parts_of, text
    from levamen.pathway.periprocedural.plan import plan

    found, _ = inputs([options.chart])
    if len(found) != 1:
        raise BadRequest(f"{options.chart} holds {len(found)} records; a checklist is of one chart")
    reading = read(*found[0], (), packaged().policies)
    request = request_named(reading.record, options.request)
    as_of = moment(options.as_of, reading)
    with knowledge_at(options.local, as_of) as knowledge:
        made = plan(reading.record, request, knowledge, as_of)
        parts = parts_of(made, options.part or PARTS)
        if options.format == "json":
            write_data(encode(made, parts).decode() + "\n")
        else:
            write_text(text(made, parts, knowledge.sources, look=look_of(sys.stdout)))
    return ANSWERED
