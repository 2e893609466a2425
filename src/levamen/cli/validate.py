"""`levamen chart validate`: whether an input can be read, and what was made of every item."""

from __future__ import annotations

import argparse

from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import inputs, read, with_progress
from levamen.cli.output import complain, write_text
from levamen.emit.terminal import balance_line
from levamen.emit.words import printable
from levamen.knowledge.registry import load, packaged
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 all can be read, 2 none, 3 some."""
    knowledge = load(*options.local) if options.local else packaged()
    found, passed = inputs(options.charts)
    failed = 0
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, (), knowledge.policies)
        except UnusableInput as error:
            failed += 1
            complain(str(error))
            continue
        lines = [f"{origin}: {balance_line(reading.balance)}"]
        lines += [f"  {issue.fate}: {issue.where}: {issue.what}" for issue in reading.balance.issues]
        write_text("\n".join(printable(line) for line in lines) + "\n")
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if failed == 0:
        return ANSWERED
    return UNUSABLE if failed == len(found) else SOME_UNUSABLE
