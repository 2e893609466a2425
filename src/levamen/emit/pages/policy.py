"""The page of a policy: its documents in their order, each rule in sentences with sources and readings, its effects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from levamen.criteria.english import sentence
from levamen.criteria.nodes import Criterion
from levamen.emit.pages.blocks import Block, group, item, note, part, text, title
from levamen.emit.pages.places import place_words, places_words
from levamen.emit.view import Sources, source_title
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.model import Policy, Rule
from levamen.pathway.headline import day_words
from levamen.pathway.judge import cites_by_strength
from levamen.record import codes

STANCES = {
    "for": "Where all of it is met, the policy is for it",
    "consider": "Where all of it is met, it may be considered",
    "special_arrangements": "Where all of it is met, only with special arrangements",
    "research_only": "Where all of it is met, only in research",
}


def policy_page(
    policy: Policy, sources: Sources, contractor: str | None = None, on: date | None = None
) -> Iterator[Block]:
    """A policy as worded for a contractor (absent: the first listed) on a day (absent: when it was last checked)."""
    shown = on or policy.checked
    since = f", in force from {dates_in_words(str(policy.start))}" if policy.start is not None else ""
    until = f" until {dates_in_words(str(policy.until))}" if policy.until is not None else ""
    yield title(policy.title)
    yield text(f"Issued by {codes.label('authorities', policy.issuer)}{since}{until}.")
    checked, again = day_words(policy.checked), day_words(policy.recheck_by)
    yield text(f"Last compared with its sources on {checked}; due again by {again}.")
    if not policy.in_force(shown):
        yield text(f"Not in force on {day_words(shown)}.")
        return
    chosen = contractor or next(iter(policy.documents), None)
    if policy.documents:
        yield part("Documents, the first of each contractor outranks the next")
        for name, documents in policy.documents.items():
            listed = "; ".join(
                f"{row.id}{f' version {row.version}' if row.version else ''} ({row.kind})" for row in documents
            )
            yield item(f"{codes.label('contractors', name)}: {listed}.")
        yield text(f"Shown as worded for {codes.label('contractors', chosen or '')}, on {day_words(shown)}.")
    rules = policy.rules(chosen, shown)
    for rule in rules:
        yield from _rule(rule, policy, sources)
    if policy.effects:
        yield part("Effects it reports")
    for effect in policy.effects:
        yield item(effect.says)
        yield note(place_words(effect.cite, sources))
    cited = {cite.source for rule in rules for criterion in rule.criteria for cite in cites_by_strength(criterion)}
    yield part("Sources")
    for id in sorted(cited | {effect.cite.source for effect in policy.effects}):
        yield item(f"{id}: {source_title(id, sources)}")


def _rule(rule: Rule, policy: Policy, sources: Sources) -> Iterator[Block]:
    names = ", ".join(codes.label("therapies", therapy) for therapy in sorted(rule.therapies))
    yield part(names + (f" ({' or '.join(sorted(rule.purposes))})" if rule.purposes else ""))
    yield text(_stance(rule, policy))
    for heading, criteria in (
        ("Speaks of", rule.scope),
        ("Excludes or advises against", rule.exclusions),
        ("Requires", rule.requirements),
    ):
        if criteria:
            yield group(heading)
        for criterion in criteria:
            yield from _criterion(criterion, sources)


def _stance(rule: Rule, policy: Policy) -> str:
    if rule.informs:
        return "It reports effects and recommends nothing."
    if rule.exclusions and not rule.requirements:
        refusal = f" ({rule.refusal_strength})" if rule.refusal_strength else ""
        verb = "does not cover" if policy.is_coverage else "advises against"
        return f"Where what it lists applies, it {verb} it{refusal}."
    return f"{STANCES[rule.stance]}{f' ({rule.strength})' if rule.strength else ''}."


def _criterion(criterion: Criterion, sources: Sources) -> Iterator[Block]:
    yield item(f"{capital(criterion.id.replace('-', ' '))}: {sentence(criterion.says)}")
    if criterion.interpretation:
        yield note(f"Our reading: {criterion.interpretation}")
    yield note(places_words(cites_by_strength(criterion), sources))
