"""`levamen chart validate`: whether an input can be read, and what was made of every item."""

from __future__ import annotations

import argparse
import sys

from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import inputs, read, with_progress
from levamen.knowledge.registry import load, packaged
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 all can be read, 2 none, 3 some."""
    knowledge = load(*options.local) if options.local else packaged()
    found, _ = inputs(options.charts)
    failed = 0
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, (), knowledge.policies)
        except UnusableInput as error:
            failed += 1
            print(f"levamen: {error}", file=sys.stderr)
            continue
        balance = reading.balance
        print(
            f"{origin}: {balance.items} items = {balance.accepted} accepted + {balance.ignored} ignored"
            f" + {balance.rejected} rejected"
        )
        for issue in balance.issues:
            print(f"  {issue.fate}: {issue.where}: {issue.what}")
    sys.stdout.flush()
    if failed == 0:
        return ANSWERED
    return UNUSABLE if failed == len(found) else SOME_UNUSABLE
