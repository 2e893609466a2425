"""`levamen mme`: the opioids of records in morphine milligram equivalents, with one table of factors."""

from __future__ import annotations

import argparse

from levamen.cli.each_record import each_record
from levamen.cli.inputs import day
from levamen.emit import mme as page
from levamen.emit import mme_json
from levamen.knowledge.registry import packaged
from levamen.pathway.opioids import opioid_review


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    on = day(options.on, "--on") if options.on else None
    return each_record(
        options,
        packaged().policies,
        lambda reading, as_of: opioid_review(reading.record, as_of, on, options.table),
        lambda found, reading, look: page.page(found, reading, look=look),
        mme_json.encode,
        mme_json.together,
    )
