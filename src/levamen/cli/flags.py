"""`levamen flags`: the red and yellow flags of records."""

from __future__ import annotations

import argparse

from levamen.cli.each_record import each_record
from levamen.emit import flags as page
from levamen.emit import flags_json
from levamen.knowledge.registry import packaged
from levamen.pathway.flags import review_flags


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    return each_record(
        options,
        packaged().policies,
        lambda reading, as_of: review_flags(reading.record, as_of),
        lambda found, reading, look: page.page(found, reading, look=look),
        flags_json.encode,
        flags_json.together,
    )
