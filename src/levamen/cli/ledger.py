"""`levamen ledger`: steroid, local anesthetic, exposure and punctures of records."""

from __future__ import annotations

import argparse

from levamen.cli.each_record import each_record
from levamen.cli.inputs import day
from levamen.emit import ledger as page
from levamen.emit import ledger_json
from levamen.knowledge.registry import packaged
from levamen.pathway.ledger import ledger


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    on = day(options.on, "--on") if options.on else None
    return each_record(
        options,
        packaged().policies,
        lambda reading, as_of: ledger(reading.record, as_of, on),
        lambda found, reading, look: page.page(found, reading, look=look),
        ledger_json.encode,
        ledger_json.together,
    )
