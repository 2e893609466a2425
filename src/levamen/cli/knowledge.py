"""`levamen knowledge check|list`: is what is known in order, and what is it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

from levamen.cli import ANSWERED, EXPECTATION_FAILED
from levamen.cli.inputs import day
from levamen.cli.output import write_text
from levamen.criteria.nodes import MARKS, Cite
from levamen.derive.views import VIEWS
from levamen.derive.warning_signs import SIGN_VIEWS
from levamen.knowledge.body_map import body_map
from levamen.knowledge.body_map.choir import choir
from levamen.knowledge.body_map.geometry import faults as drawing_faults
from levamen.knowledge.duties import packaged_duties
from levamen.knowledge.examples import coverage_faults
from levamen.knowledge.flags import flag_faults, packaged_flags
from levamen.knowledge.guards import guard_faults, packaged_guards
from levamen.knowledge.hold_checks import table_faults
from levamen.knowledge.holds import ClassRow, HoldRow, Profile, RestartRow, packaged_profiles
from levamen.knowledge.intake import packaged_codes, packaged_form, packaged_rules
from levamen.knowledge.inventory import packaged_rows
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import Knowledge, edition_of, faults, lapsed, load, packaged
from levamen.knowledge.tables import packaged_tables
from levamen.record import codes


def run(options: argparse.Namespace) -> int:
    """`check` exits 1 where something must be mended; `list` prints a table."""
    knowledge = load(*options.local) if options.local else packaged()
    if options.action == "list":
        return _list(knowledge)
    found: list[str] = []
    for policy in knowledge.policies.values():
        found += faults(policy, policy.checked, VIEWS)
        found += coverage_faults(policy)
    for profile in packaged_profiles().values():
        found += table_faults(profile)
    found += guard_faults(VIEWS)
    found += drawing_faults(body_map())
    packaged_form(), packaged_codes(), packaged_rules()  # each refuses what is wrong in its own file
    found += flag_faults(SIGN_VIEWS)
    tables = packaged_tables()
    listed = [(policy.title, policy.recheck_by) for policy in knowledge.policies.values()]
    listed += [(profile.title, profile.recheck_by) for profile in packaged_profiles().values()]
    listed += [(table.name, table.recheck_by) for table in tables]
    for title, recheck_by in listed:
        if options.on and recheck_by < day(options.on, "--on"):
            found.append(f"{title}: to be compared with its sources again by {recheck_by}, which has passed")
    rows = {row.id: row.fingerprint for row in packaged_rows()}
    found += lapsed(edition_of(options.local), rows)
    for fault in found:
        write_text(f"{fault}\n")
    values = sum(len(policy.values) for policy in knowledge.policies.values())
    write_text(
        f"{len(knowledge.policies)} policies, {values} values, {len(knowledge.sources)} sources,"
        f" {len(packaged_duties())} duties, {len(packaged_profiles())} hold profiles,"
        f" {len(packaged_guards())} guards, {len(packaged_flags())} flags, {len(tables)} tables,"
        f" {len(body_map().areas)} areas of the body map, {len(choir().segments)} CHOIR segments:"
        f" {len(found) or 'no'} faults\n"
    )
    return EXPECTATION_FAILED if found else ANSWERED


def _list(knowledge: Knowledge) -> int:
    rows = [
        _row(policy, policy.kind, len(policy.values), _policy_cites(policy)) for policy in knowledge.policies.values()
    ]
    for profile in packaged_profiles().values():
        cites = _profile_cites(profile)
        rows.append(_row(profile, str(codes.entry("policies", profile.id)["kind"]), len(cites), cites))
    rows.sort()
    rows.insert(0, ("policy", "kind", "checked", "recheck by", "values", "/".join(MARKS), "title"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        write_text("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")
    return ANSWERED


def _row(listed: Policy | Profile, kind: str, values: int, cites: Sequence[Cite]) -> tuple[str, ...]:
    marks = Counter(cite.mark for cite in cites)
    return (
        listed.id,
        kind,
        listed.checked.isoformat(),
        listed.recheck_by.isoformat(),
        str(values),
        "/".join(str(marks[mark]) for mark in MARKS),
        listed.title,
    )


def _policy_cites(policy: Policy) -> tuple[Cite, ...]:
    """One per reading of a value."""
    return tuple(
        reading.cite for value in policy.values.values() for version in value.versions for reading in version.readings
    )


def _profile_cites(profile: Profile) -> tuple[Cite, ...]:
    """One per row: the place that decides it."""
    rows: tuple[HoldRow | RestartRow | ClassRow, ...] = (
        *profile.holds,
        *profile.restarts,
        *profile.procedures.values(),
    )
    return tuple(row.cites[0] for row in rows)
