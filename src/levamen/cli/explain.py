"""`levamen explain`: what a policy says, in sentences with their sources; or who speaks of a therapy."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date

from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest, day
from levamen.criteria.english import sentence
from levamen.knowledge.model import Policy, Rule
from levamen.knowledge.registry import Knowledge, load, packaged
from levamen.pathway.judge import cites_by_strength
from levamen.record import codes


def run(options: argparse.Namespace) -> int:
    """Prints the explanation; an unknown subject is refused with the nearest known one."""
    knowledge = load(*options.local) if options.local else packaged()
    contractor = codes.resolve("contractors", options.contractor) if options.contractor else None
    on = day(options.on, "--on") if options.on else None
    lines = list(_subject(options.subject, knowledge, contractor, on))
    if options.format == "text":
        lines = [line.replace("**", "").removeprefix("# ").removeprefix("## ") for line in lines]
    sys.stdout.write("\n".join(lines) + "\n")
    return ANSWERED


def _subject(word: str, knowledge: Knowledge, contractor: str | None, on: date | None) -> Iterator[str]:
    if word in knowledge.policies:
        return policy_lines(knowledge.policies[word], contractor, on)
    try:
        therapy = codes.resolve("therapies", word)
    except codes.UnknownWord:
        try:
            policy = codes.resolve("policies", word)
        except codes.UnknownWord as error:
            near = [n for n in (codes.nearest("therapies", word), error.nearest) if n]
            hint = f"; nearest: {' or '.join(near)}" if near else ""
            raise BadRequest(f"explain: '{word}' is neither a policy nor a therapy{hint}") from None
        if policy not in knowledge.policies:
            raise BadRequest(f"explain: {policy} is not encoded in this version") from None
        return policy_lines(knowledge.policies[policy], contractor, on)
    return therapy_lines(therapy, knowledge, on)


def policy_lines(policy: Policy, contractor: str | None, on: date | None) -> Iterator[str]:
    """A policy as Markdown lines: documents, then each rule's criteria with sources, marks and interpretations."""
    shown = on or policy.checked
    yield f"# {policy.title}"
    yield ""
    issuer = codes.label("authorities", policy.issuer)
    since = f", in force from {policy.start}" if policy.start is not None else ""
    yield f"Issued by {issuer}{since}."
    yield f"Last compared with its sources on {policy.checked}; due again by {policy.recheck_by}."
    for name, documents in policy.documents.items():
        listed = "; ".join(
            f"{row.id}{f' version {row.version}' if row.version else ''} ({row.kind})" for row in documents
        )
        yield f"{codes.label('contractors', name)}, in order of precedence: {listed}."
    chosen = contractor or next(iter(policy.documents), None)
    if policy.documents:
        yield f"Shown as worded for {codes.label('contractors', chosen or '')}."
    for rule in policy.rules(chosen, shown):
        yield from _rule_lines(rule)
    for effect in policy.effects:
        yield f"- Effect: {effect.says} [{effect.cite.source}, {effect.cite.locator}{_mark(effect.cite.mark)}]"


def _rule_lines(rule: Rule) -> Iterator[str]:
    yield ""
    names = ", ".join(codes.label("therapies", therapy) for therapy in sorted(rule.therapies))
    purpose = f" ({' or '.join(sorted(rule.purposes))})" if rule.purposes else ""
    yield f"## {names}{purpose}"
    strength = f", {rule.strength}" if rule.strength else ""
    yield (
        "Reports effects, recommends nothing."
        if rule.informs
        else f"Where all is met: {rule.stance.replace('_', ' ')}{strength}."
    )
    for title, criteria in (
        ("Speaks of", rule.scope),
        ("Excludes or advises against", rule.exclusions),
        ("Requires", rule.requirements),
    ):
        if criteria:
            yield f"**{title}**"
        for criterion in criteria:
            cites = cites_by_strength(criterion)
            places = "; ".join(f"{cite.source}, {cite.locator}{_mark(cite.mark)}" for cite in cites)
            yield f"- {sentence(criterion.says)} [{places}]"
            if criterion.interpretation:
                yield f"  Our reading: {criterion.interpretation}"


def _mark(mark: str) -> str:
    return "" if mark == "primary" else f", {mark}"


def therapy_lines(therapy: str, knowledge: Knowledge, on: date | None) -> Iterator[str]:
    """A therapy as Markdown lines: its names, its targets, and the policies that speak of it."""
    row = codes.entry("therapies", therapy)
    yield f"# {row.get('label', therapy)}"
    yield ""
    if row.get("synonyms"):
        yield f"Also called: {', '.join(row['synonyms'])}."
    if row.get("note"):
        yield str(row["note"])
    if row.get("takes"):
        yield f"A request names: {', '.join(row['takes'])}{''.join(f', {name}' for name in row.get('qualifiers', {}))}."
    if row.get("codes", {}).get("cpt"):
        shared = " (shared with others)" if row["codes"].get("shared") else ""
        yield f"CPT numbers: {', '.join(row['codes']['cpt'])}{shared}."
    yield ""
    yield "**Policies that speak of it**"
    for policy in sorted(knowledge.policies.values(), key=lambda policy: policy.id):
        rules = [rule for rule in policy.rules(None, on or policy.checked) if therapy in rule.therapies]
        if rules:
            number = sum(len(rule.criteria) for rule in rules)
            yield f"- {policy.title} (`levamen explain {policy.id}`): {number} criteria"
