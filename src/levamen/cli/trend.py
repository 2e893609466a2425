"""`levamen trend`: scores, relief and procedures of one chart over time, as picture, page, text or data."""

from __future__ import annotations

import argparse
import sys

from levamen.adapters.balance import Reading
from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest, day, inputs, moment, read
from levamen.cli.output import deliver
from levamen.emit.terminal import PLAIN, look_of
from levamen.knowledge.registry import packaged
from levamen.pathway.trends import Trend, trend


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered; what cannot be drawn is one sentence and exit 2."""
    if options.format == "png" and options.output is None and sys.stdout.isatty():
        raise BadRequest("--format png writes a picture; say where with --output FILE")
    start = day(options.start, "--from") if options.start else None
    end = day(options.end, "--to") if options.end else None
    found, _ = inputs([options.chart])
    if len(found) != 1:
        raise BadRequest(f"{options.chart} holds {len(found)} records; a trend is of one chart")
    reading = read(*found[0], (), packaged().policies)
    made = trend(
        reading.record,
        moment(options.as_of, reading),
        instruments=options.instrument,
        pain=options.pain,
        start=start,
        end=end,
    )
    deliver(_rendered(made, reading, options), options.output)
    return ANSWERED


def _rendered(made: Trend, reading: Reading, options: argparse.Namespace) -> str | bytes:
    """The trend in the format asked for: text for a reader, bytes for a file or a program."""
    match options.format:
        case "svg":
            from levamen.emit.trend.svg import svg

            return svg(made, reading).encode()
        case "png":
            from levamen.emit.trend.png import png

            return png(made, reading)
        case "html":
            from levamen.emit.trend.page import page

            return page(made, reading).encode()
        case "json":
            from levamen.emit.trend.json import encode

            return encode(made, reading) + b"\n"
        case "markdown":
            from levamen.emit.trend.markdown import markdown

            return markdown(made, reading).encode()
        case _:
            from levamen.emit.trend.text import text

            return text(made, reading, look=PLAIN if options.output is not None else look_of(sys.stdout))
