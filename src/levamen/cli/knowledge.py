"""`levamen knowledge check|list`: is what is known in order, and what is it."""

from __future__ import annotations

import argparse
from collections import Counter

from levamen.cli import ANSWERED, EXPECTATION_FAILED
from levamen.cli.inputs import day
from levamen.cli.output import write_text
from levamen.derive.views import VIEWS
from levamen.knowledge.duties import packaged_duties
from levamen.knowledge.examples import coverage_faults
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import Knowledge, faults, load, packaged


def run(options: argparse.Namespace) -> int:
    """`check` exits 1 where something must be mended; `list` prints a table."""
    knowledge = load(*options.local) if options.local else packaged()
    if options.action == "list":
        return _list(knowledge)
    found: list[str] = []
    for policy in knowledge.policies.values():
        found += faults(policy, policy.checked, VIEWS)
        found += coverage_faults(policy)
        if options.on and policy.recheck_by < day(options.on, "--on"):
            found.append(
                f"{policy.title}: to be compared with its sources again by {policy.recheck_by}, which has passed"
            )
    for fault in found:
        write_text(f"{fault}\n")
    values = sum(len(policy.values) for policy in knowledge.policies.values())
    write_text(
        f"{len(knowledge.policies)} policies, {values} values, {len(knowledge.sources)} sources,"
        f" {len(packaged_duties())} duties: {len(found) or 'no'} faults\n"
    )
    return EXPECTATION_FAILED if found else ANSWERED


def _list(knowledge: Knowledge) -> int:
    rows = [("policy", "kind", "checked", "recheck by", "values", "primary/secondary/adopted/unverified", "title")]
    for policy in sorted(knowledge.policies.values(), key=lambda policy: policy.id):
        marks = _marks(policy)
        counts = "/".join(str(marks[mark]) for mark in ("primary", "secondary", "adopted", "unverified"))
        rows.append(
            (
                policy.id,
                policy.kind,
                policy.checked.isoformat(),
                policy.recheck_by.isoformat(),
                str(len(policy.values)),
                counts,
                policy.title,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        write_text("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")
    return ANSWERED


def _marks(policy: Policy) -> Counter[str]:
    return Counter(
        reading.cite.mark
        for value in policy.values.values()
        for version in value.versions
        for reading in version.readings
    )
