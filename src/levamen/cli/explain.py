"""`levamen explain`: what a policy says, in sentences with their sources; or who speaks of a therapy."""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date

from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest, day
from levamen.cli.output import write_data, write_text
from levamen.criteria.english import sentence
from levamen.criteria.nodes import Criterion
from levamen.emit.markdown import text as escaped
from levamen.emit.terminal import look_of
from levamen.emit.view import Place, Sources, place, places, source_title
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.model import Policy, Rule
from levamen.knowledge.registry import Knowledge, load, packaged
from levamen.pathway.headline import day_words
from levamen.pathway.judge import cites_by_strength
from levamen.record import codes

STANCES = {
    "for": "Where all of it is met, the policy is for it",
    "consider": "Where all of it is met, it may be considered",
    "special_arrangements": "Where all of it is met, only with special arrangements",
    "research_only": "Where all of it is met, only in research",
}
Line = tuple[str, str]
"""The kind of a line (title, part, group, item, note, text) and its words."""


def run(options: argparse.Namespace) -> int:
    """Prints the explanation; an unknown subject is refused with the nearest known one."""
    knowledge = load(*options.local) if options.local else packaged()
    contractor = codes.resolve("contractors", options.contractor) if options.contractor else None
    lines = _subject(options.subject, knowledge, contractor, day(options.on, "--on") if options.on else None)
    if options.format == "markdown":
        write_data("\n".join(_markdown(lines)) + "\n")
    else:
        write_text("\n".join(_text(lines, look_of(sys.stdout).width)) + "\n")
    return ANSWERED


def _subject(word: str, knowledge: Knowledge, contractor: str | None, on: date | None) -> Iterator[Line]:
    if word in knowledge.policies:
        return policy_lines(knowledge.policies[word], knowledge.sources, contractor, on)
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
        return policy_lines(knowledge.policies[policy], knowledge.sources, contractor, on)
    return therapy_lines(therapy, knowledge, on)


def policy_lines(policy: Policy, sources: Sources, contractor: str | None, on: date | None) -> Iterator[Line]:
    """A policy: its documents in their order, each rule's criteria with sources, marks and readings, its effects."""
    shown = on or policy.checked
    since = f", in force from {dates_in_words(str(policy.start))}" if policy.start is not None else ""
    yield "title", policy.title
    yield "text", f"Issued by {codes.label('authorities', policy.issuer)}{since}."
    checked, again = day_words(policy.checked), day_words(policy.recheck_by)
    yield "text", f"Last compared with its sources on {checked}; due again by {again}."
    if not policy.in_force(shown):
        yield "text", f"Not in force on {day_words(shown)}."
        return
    chosen = contractor or next(iter(policy.documents), None)
    if policy.documents:
        yield "part", "Documents, the first of each contractor outranks the next"
        for name, documents in policy.documents.items():
            listed = "; ".join(
                f"{row.id}{f' version {row.version}' if row.version else ''} ({row.kind})" for row in documents
            )
            yield "item", f"{codes.label('contractors', name)}: {listed}."
        yield "text", f"Shown as worded for {codes.label('contractors', chosen or '')}, on {day_words(shown)}."
    rules = policy.rules(chosen, shown)
    for rule in rules:
        yield from _rule_lines(rule, sources)
    if policy.effects:
        yield "part", "Effects it reports"
    for effect in policy.effects:
        yield "item", effect.says
        yield "note", _places([place(effect.cite, sources)])
    cited = {cite.source for rule in rules for criterion in rule.criteria for cite in cites_by_strength(criterion)}
    yield "part", "Sources"
    for id in sorted(cited | {effect.cite.source for effect in policy.effects}):
        yield "item", f"{id}: {source_title(id, sources)}"


def _rule_lines(rule: Rule, sources: Sources) -> Iterator[Line]:
    names = ", ".join(codes.label("therapies", therapy) for therapy in sorted(rule.therapies))
    yield "part", names + (f" ({' or '.join(sorted(rule.purposes))})" if rule.purposes else "")
    strength = f" ({rule.strength})" if rule.strength else ""
    yield "text", "It reports effects and recommends nothing." if rule.informs else f"{STANCES[rule.stance]}{strength}."
    for title, criteria in (
        ("Speaks of", rule.scope),
        ("Excludes or advises against", rule.exclusions),
        ("Requires", rule.requirements),
    ):
        if criteria:
            yield "group", title
        for criterion in criteria:
            yield from _criterion_lines(criterion, sources)


def _criterion_lines(criterion: Criterion, sources: Sources) -> Iterator[Line]:
    yield "item", f"{capital(criterion.id.replace('-', ' '))}: {sentence(criterion.says)}"
    if criterion.interpretation:
        yield "note", f"Our reading: {criterion.interpretation}"
    yield "note", _places(places(cites_by_strength(criterion), sources))


def _places(found: Iterable[Place]) -> str:
    return "; ".join(f"{row.title}, {row.locator}{f' ({row.mark})' if row.mark else ''}" for row in found)


def therapy_lines(therapy: str, knowledge: Knowledge, on: date | None) -> Iterator[Line]:
    """A therapy: its names, what a request names, its numbers, and one line for each policy that speaks of it."""
    row = codes.entry("therapies", therapy)
    yield "title", str(row.get("label", therapy))
    yield "text", f"In a chart: {therapy}."
    if row.get("synonyms"):
        yield "text", f"Also called {', '.join(row['synonyms'])}."
    if row.get("note"):
        yield "text", str(row["note"])
    if row.get("takes"):
        yield "text", f"A request names {', '.join(row['takes'])}."
    for name, words in row.get("qualifiers", {}).items():
        listed = ", ".join(words) if isinstance(words, list) else ""
        yield "text", f"{capital(str(name).replace('_', ' '))}{f': {listed}' if listed else ''}."
    if row.get("codes", {}).get("cpt"):
        shared = ", shared with other therapies" if row["codes"].get("shared") else ""
        yield "text", f"CPT numbers {', '.join(str(code) for code in row['codes']['cpt'])}{shared}."
    yield "part", "Policies that speak of it"
    for policy in sorted(knowledge.policies.values(), key=lambda policy: policy.id):
        rules = [rule for rule in policy.rules(None, on or policy.checked) if therapy in rule.therapies]
        if rules:
            yield "item", f"{policy.title}: {_in_short(rules)} (levamen explain {policy.id})"


def _in_short(rules: list[Rule]) -> str:
    """What a policy has on a therapy, counted."""
    if all(rule.informs for rule in rules):
        return "reports effects"
    counts = {
        "requirement": len({criterion.id for rule in rules for criterion in rule.requirements}),
        "exclusion": len({criterion.id for rule in rules for criterion in rule.exclusions}),
    }
    told = [f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items() if count]
    return " and ".join(told) or "no condition"


def _markdown(lines: Iterable[Line]) -> Iterator[str]:
    before = ""
    for kind, words in lines:
        if kind not in ("note",) and not (kind == before == "item"):
            yield ""
        prefix = {"title": "# ", "part": "## ", "group": "### ", "item": "- ", "note": "  - "}.get(kind, "")
        yield prefix + escaped(words)
        before = "item" if kind == "note" else kind


def _text(lines: Iterable[Line], width: int) -> Iterator[str]:
    indents = {"item": ("  - ", "    "), "note": ("    ", "    ")}
    for kind, words in lines:
        if kind in ("part", "group"):
            yield ""
        first, rest = indents.get(kind, ("", ""))
        clean = re.sub(r"\s+", " ", words)
        yield from textwrap.wrap(clean, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
        if kind == "title":
            yield "=" * min(len(clean), width)
        elif kind == "part":
            yield "-" * min(len(clean), width)
