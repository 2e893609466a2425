"""The question and the policies that the options of `levamen assess` name."""

from __future__ import annotations

import argparse
import difflib
from typing import Any

from levamen.adapters.chart_targets import normal_level
from levamen.cli.inputs import BadRequest
from levamen.knowledge.registry import Knowledge
from levamen.record import codes
from levamen.record.facts import Request

_SETS = {
    "joints": "spinal_joints",
    "interspaces": "spinal_joints",
    "foramina": "foramina",
    "roots": "roots",
    "vertebrae": "vertebrae",
}
_WORDS = {
    "region": "regions",
    "side": "sides",
    "approach": "qualifiers.approach",
    "technique": "qualifiers.technique",
    "purpose": "purposes",
    "guidance": "guidance",
    "contrast": "contrast",
}
QUESTION_OPTIONS = (*_WORDS, *_SETS)
"""The options that describe the therapy asked about."""


def policy_named(word: str, knowledge: Knowledge) -> str:
    """The id of a policy. Raises UnknownWord or BadRequest, with the nearest one known."""
    if word in knowledge.policies:
        return word
    local = [id for id, policy in knowledge.policies.items() if policy.local]
    if near := difflib.get_close_matches(word, local, n=1, cutoff=0.8):
        raise BadRequest(f"policies: '{word}' is unknown; nearest: {near[0]}")
    found = codes.resolve("policies", word)
    if found not in knowledge.policies:
        raise BadRequest(f"{found} is not encoded in this version; `levamen knowledge list` names those that are")
    return found


def question_asked(options: argparse.Namespace) -> tuple[Request, ...] | None:
    """The question of the options; None where no therapy is named. Raises UnknownWord or BadRequest."""
    given = [name for name in QUESTION_OPTIONS if getattr(options, name)]
    if options.therapy is None:
        if given:
            raise BadRequest(f"--{given[0]} says where, but not what; add --therapy")
        return None
    therapy = codes.resolve("therapies", options.therapy)
    words: dict[str, Any] = {
        name: _word(name, _WORDS[name], getattr(options, name)) for name in given if name in _WORDS
    }
    sets: dict[str, Any] = {name: _levels(name, getattr(options, name)) for name in given if name in _SETS}
    row = codes.entry("therapies", therapy)
    if len(row.get("purposes", ())) == 1:
        words.setdefault("purpose", row["purposes"][0])
    if len(row.get("regions", ())) == 1:
        words.setdefault("region", row["regions"][0])
    for name, section in (("joints", "spinal_joints"), ("interspaces", "spinal_joints")):
        regions = {codes.entry(section, level).get("region") for level in sets.get(name, ())}
        if len(regions) == 1:
            words.setdefault("region", str(regions.pop()))
    return (Request(id="Q-1", therapy=therapy, **words, **sets),)


def _levels(name: str, text: str) -> frozenset[str]:
    """The levels named, with commas; a joint may be written L4-5, L4-L5 or L4/5."""
    levels = [level.strip() for level in text.split(",") if level.strip()]
    if _SETS[name] == "spinal_joints":
        levels = [normal_level(level) for level in levels]
    return frozenset(_word(name, _SETS[name], level) for level in levels)


def _word(name: str, section: str, word: str) -> str:
    try:
        return codes.resolve(section, word)
    except codes.UnknownWord as error:
        hint = f"nearest: {error.nearest}" if error.nearest else f"one of {', '.join(codes.ids(section))}"
        raise BadRequest(f"--{name}: '{word}' is unknown; {hint}") from None
