"""What a negative test says to a question about the same place: look elsewhere. No verdict of a policy is changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.situation import Situation
from levamen.derive.relief import Treatment
from levamen.knowledge.model import Policy
from levamen.knowledge.response_tables import BlockTables, ToldOf, packaged_blocks
from levamen.outcomes.answer import percent
from levamen.outcomes.place import (
    STRUCTURE_PROBLEMS,
    STRUCTURE_WORDS,
    place_words,
    purpose_of,
    same_place,
    structure_of,
)
from levamen.pathway.headline import day_words, short
from levamen.pathway.relief_rules import ReliefRule, as_request, relief_rules
from levamen.record import codes
from levamen.record.facts import Problem, Procedure, Record, called


class BlockNotes(Struct, frozen=True):
    """What is said beside the policies, and the steps that follow."""

    notes: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()


class Negative(Struct, frozen=True, kw_only=True):
    """A test that is negative under some policy: `everywhere`: under every one that states a threshold."""

    block: Treatment
    rules: tuple[ReliefRule, ...]
    everywhere: bool


def negative_blocks(record: Record, seen: Situation, policies: Sequence[Policy]) -> BlockNotes:
    """Notes on the tests of the place that is asked about, done since this pain began."""
    structure = structure_of(seen.subject.therapy)
    if structure is None:
        return BlockNotes()
    tested = [row.fact for row in seen.views["procedures"] if row.certain and _tests(row.fact, structure, seen)]
    if not tested:
        return BlockNotes()
    judged = [(block, relief_rules(policies, block, replace(seen, subject=as_request(block)))) for block in tested]
    negative = [
        Negative(block=block, rules=rules, everywhere=all(rule.status == "not_met" for rule in rules))
        for block, rules in judged
        if any(rule.status == "not_met" for rule in rules)
    ]
    positive = [block for block, rules in judged if any(rule.status == "met" for rule in rules)]
    notes: list[str] = []
    steps: list[str] = []
    for found in negative:
        notes.append(_told(found))
        if found.everywhere and not positive:
            elsewhere = unlikely(found.block, structure, packaged_blocks())
            notes += [elsewhere, *_contradicted(seen, found.block, structure)]
            steps.append(elsewhere)
        elif positive:
            notes.append(f"another test there was positive ({', '.join(block.id for block in positive)})")
    return BlockNotes(tuple(dict.fromkeys(notes)), tuple(dict.fromkeys(steps)))


def _tests(fact: Treatment, structure: str, seen: Situation) -> bool:
    if structure_of(fact.therapy) != structure or purpose_of(fact) != "diagnostic":
        return False
    if seen.episode is not None and fact.start is not None and fact.start.last < seen.episode:
        return False
    return same_place(fact, seen.subject) is not False


def _told(found: Negative) -> str:
    block = found.block
    against = [_under(rule) for rule in found.rules if rule.status == "not_met"]
    helped = [_under(rule) for rule in found.rules if rule.status == "met"]
    other = f"; positive under {', '.join(helped)}" if helped else ""
    return (
        f"{_block_words(block)} was negative: {percent(block.best_relief)} at best, under {', '.join(against)}{other}"
    )


def _under(rule: ReliefRule) -> str:
    confirmed = ", awaiting confirmation" if rule.mark == "unverified" else ""
    return f"{short(rule.title)} ({'; '.join(rule.asked)} asked{confirmed})"


def _block_words(block: Treatment) -> str:
    day = f" of {day_words(block.start.first)}" if block.start is not None and block.start.exact else ""
    place = place_words(block)
    where = f" {place}" if place else ""
    return f"{codes.label('therapies', block.therapy or '')}{where}{day} ({block.id})"


def unlikely(block: Procedure, structure: str, tables: BlockTables) -> str:
    """The sentence that moves the diagnosis, with what sources say to do or where to look."""
    place = place_words(block)
    sayings = "; ".join(
        f"{row.says.says} ({', '.join(cite.source for cite in row.says.cites)})"
        for row in sayings_of(structure, block, tables)
    )
    what = f"look elsewhere: {STRUCTURE_WORDS[structure]} {place} unlikely the source of this pain ({block.id})"
    return f"{what}; {sayings}" if sayings else what


def sayings_of(structure: str, block: Procedure, tables: BlockTables) -> Iterable[ToldOf]:
    """What sources say after a negative test of a structure in a region."""
    for row in tables.statements.values():
        fits = row.says.topic in ("negative", "elsewhere") and structure in row.structures
        if fits and (not row.regions or block.region in row.regions):
            yield row


def _contradicted(seen: Situation, block: Treatment, structure: str) -> Iterable[str]:
    """Problems that name the structure as the source: they stay, and are named."""
    for row in seen.views["problems"]:
        problem = row.fact
        if not isinstance(problem, Problem) or problem.concept not in STRUCTURE_PROBLEMS[structure]:
            continue
        if same_place(problem, block) is not False:
            named = f"{called(problem)} ({problem.id})"
            yield f"this contradicts {named} as the source of the pain; the problem stays on the list"
