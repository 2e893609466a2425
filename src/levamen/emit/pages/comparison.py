"""What each policy says of one therapy, side by side: a row a topic, a column a policy; silence is a dash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from levamen.criteria.nodes import (
    Compare,
    Count,
    Criterion,
    Facts,
    Field,
    Held,
    Judged,
    Limit,
    Mark,
    Streak,
    cites_of,
    walk,
    weakest,
)
from levamen.emit.pages.blocks import EMPTY, Block, Cell, Link, table
from levamen.emit.words import capital
from levamen.knowledge.model import Policy, Rule

MOST_COLUMNS = 4
"""Policies in one table: more do not fit a printed page."""

_SYMBOLS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "==": "="}
LEGEND = "[s] read in a secondary source, [a] adopted by the clinic, [u] awaiting confirmation"
_LETTERS: Mapping[Mark, str] = {"primary": "", "secondary": " [s]", "adopted": " [a]", "unverified": " [u]"}
_UNITS = {"percent": " %", "points": " points", "millimetres": " mm", "milligrams": " mg"}
_TOPICS: Mapping[str, str] = {
    "pain": "Pain",
    "index-pain": "Pain",
    "scores": "Pain",
    "index-scores": "Pain",
    "conservative-care": "Care before it",
    "medications": "Care before it",
    "trials": "Trials, blocks and their relief",
    "problems": "Diagnoses and findings",
    "findings": "Diagnoses and findings",
    "labs": "Diagnoses and findings",
    "allergies": "Diagnoses and findings",
    "evaluations": "Evaluations and documents",
    "documents": "Evaluations and documents",
    "devices": "Devices and events",
    "events": "Devices and events",
    "goals": "Goals",
}
_RELIEF, _OFTEN = "Trials, blocks and their relief", "How often"
_ITSELF, _JUDGED = "The procedure itself", "Judgement of a clinician"
TOPICS = (
    "Stance", "Speaks of", "Excludes", "Pain", "Diagnoses and findings", "Care before it", _RELIEF, _ITSELF, _OFTEN,
    "Evaluations and documents", "Devices and events", "Goals", _JUDGED,
)  # fmt: skip
_STANCES = {
    "for": "for",
    "consider": "consider",
    "special_arrangements": "special arrangements only",
    "research_only": "research only",
}


def topic_of(criterion: Criterion) -> str:
    """What a criterion is about, read off its tree: the facts it asks for decide."""
    nodes = walk(criterion.says)
    kinds = [node.kind for node in nodes if isinstance(node, Facts)]
    if "procedures" in kinds or "trials" in kinds:
        relief = any(isinstance(node, Held) for node in nodes) or any(
            isinstance(node, Field) and node.name in ("best_relief", "last_relief", "best_function", "trial")
            for node in nodes
        )
        counted = any(isinstance(node, Count) for node in nodes) and not any(isinstance(n, Streak) for n in nodes)
        return _OFTEN if counted and not relief else _RELIEF
    if kinds:
        return _TOPICS.get(kinds[0], _ITSELF)
    return _JUDGED if any(isinstance(node, Judged) for node in nodes) else _ITSELF


def in_short(criterion: Criterion, policy: Policy) -> str:
    """A criterion's name with its numbers and the letter of its mark: `Block relief (≥ 80 %) [s]`."""
    limits: list[str] = []
    for node in walk(criterion.says):
        for limit in node.limits if isinstance(node, Compare) else ():
            limits.append(_limit(limit, policy))
        if isinstance(node, Held):
            limits.append(_limit(node.level, policy))
    told = ", ".join(dict.fromkeys(limits))
    name = capital(criterion.id.replace("-", " ")) + (f" ({told})" if told else "")
    return name + _LETTERS[weakest(tuple(cite.mark for cite in cites_of(criterion)))]


def _limit(limit: Limit, policy: Policy) -> str:
    value = policy.values.get(limit.value)
    unit = _UNITS.get(value.kind, "") if value is not None else ""
    return f"{_SYMBOLS[limit.operator]} {limit.amount}{unit}"


def spoken(policies: Iterable[Policy], therapy: str, on: date | None = None) -> list[tuple[Policy, list[Rule]]]:
    """The policies that have a rule on a therapy, with these rules, by title."""
    found = []
    for policy in policies:
        rules = [rule for rule in policy.rules(None, on or policy.checked) if therapy in rule.therapies]
        if rules:
            found.append((policy, rules))
    return sorted(found, key=lambda row: row[0].title)


def comparison(policies: Iterable[Policy], therapy: str, on: date | None = None) -> Iterator[Block]:
    """Tables of at most four policies each, in the order of their titles, all with the same rows."""
    found = spoken(policies, therapy, on)
    cells = [column_of(policy, rules) for policy, rules in found]
    topics = [topic for topic in TOPICS if any(topic in column for column in cells)]
    for start in range(0, len(found), MOST_COLUMNS):
        chunk, columns = found[start : start + MOST_COLUMNS], cells[start : start + MOST_COLUMNS]
        header: list[Cell] = ["Topic", *(Link(policy.title, f"policies/{policy.id}") for policy, _ in chunk)]
        rows = [[topic, *(column.get(topic, EMPTY) for column in columns)] for topic in topics]
        last = start + len(chunk)
        yield table(f"What they say, {start + 1} to {last} of {len(found)}. {LEGEND}", header, rows)


def column_of(policy: Policy, rules: Sequence[Rule]) -> dict[str, str]:
    """What a policy says of a therapy, by topic, in short."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        purposes = f" ({' or '.join(sorted(rule.purposes))})" if rule.purposes else ""
        strength = f", {rule.strength}" if rule.strength and rule.strength != rule.stance else ""
        stance = "reports effects" if rule.informs else _STANCES[rule.stance]
        if rule.exclusions and not rule.requirements and not rule.informs:
            refusal = f", {rule.refusal_strength}" if rule.refusal_strength else ""
            stance = f"{'not covered' if policy.is_coverage else 'against'} where it excludes{refusal}"
        else:
            stance += strength
        found.setdefault("Stance", []).append(stance + purposes)
        for topic, criteria in (("Speaks of", rule.scope), ("Excludes", rule.exclusions)):
            for criterion in criteria:
                found.setdefault(topic, []).append(in_short(criterion, policy))
        for criterion in rule.requirements:
            found.setdefault(topic_of(criterion), []).append(in_short(criterion, policy))
    return {topic: "; ".join(dict.fromkeys(told)) for topic, told in found.items()}
