"""`levamen intake`: the intake sheet of records: what is known, what was tried, and what is still to ask."""

from __future__ import annotations

import argparse

from levamen.cli.each_record import each_record
from levamen.emit import intake as page
from levamen.emit import intake_json
from levamen.knowledge.registry import packaged
from levamen.pathway.intake import intake


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    return each_record(
        options,
        packaged().policies,
        lambda reading, as_of: intake(reading.record, as_of),
        lambda found, reading, look: page.page(found, reading, look=look),
        intake_json.encode,
        intake_json.together,
    )
