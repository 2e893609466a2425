"""The page of disagreements: every therapy of which several policies speak, and on what they differ."""

from __future__ import annotations

from collections.abc import Iterator

from levamen.emit.pages.blocks import Block, Link, part, table, text, title
from levamen.emit.pages.comparison import LEGEND, column_of, spoken
from levamen.knowledge.registry import Knowledge
from levamen.record import codes

_NUMBERED = ("≥", "≤", ">", "<", "=")


def disagreements_page(knowledge: Knowledge) -> Iterator[Block]:
    """Therapy by therapy: the stances, then each topic on which numbers stand that are not the same."""
    yield title("Where they disagree")
    yield text(
        "Nothing is averaged and nobody is outvoted: each policy keeps its own answer. Listed is every therapy of which"
        f" at least two policies speak, with their stances and the topics whose numbers differ. {LEGEND}."
    )
    for id in sorted(codes.ids("therapies"), key=lambda word: codes.label("therapies", word)):
        found = spoken(knowledge.policies.values(), id)
        if len(found) < 2:
            continue
        columns = [(policy, column_of(policy, rules)) for policy, rules in found]
        yield part(codes.label("therapies", id))
        differing = [
            topic
            for topic in dict.fromkeys(topic for _, column in columns for topic in column)
            if topic == "Stance" or _differs([column[topic] for _, column in columns if topic in column])
        ]
        for topic in differing:
            yield table(
                topic,
                ("Policy", topic),
                ((Link(p.title, f"policies/{p.id}"), column[topic]) for p, column in columns if topic in column),
            )


def _differs(told: list[str]) -> bool:
    """Whether two policies state different numbers on one topic."""
    numbered = [words for words in told if any(sign in words for sign in _NUMBERED)]
    return len(set(numbered)) > 1
