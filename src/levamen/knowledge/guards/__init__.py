"""Guards: dated hazards around a procedure, each with its sourced values, what it does to the plan, and when it is due.

A topic is a folder: `values.yaml` holds what sources say, `rule.py` says of which request a guard is asked and when
its hazard is there. Evaluate `applies` and `hazard.says` with `criteria.reference.evaluate`: a guard whose values are
unverified may fire, and where it does not fire it clears nothing.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

from levamen.criteria.check import problems
from levamen.criteria.nodes import Cite, Criterion, Need, Truth, cites_of
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, read_checked, read_top, read_values
from levamen.knowledge.model import Policy, Rule, Source, Values
from levamen.knowledge.registry import packaged
from levamen.record import codes

Due = Literal["plan", "day"]
Effect = Literal["contraindicated", "defer", "caution"]


class Guard(Struct, frozen=True, kw_only=True):
    """One hazard. `hazard` met means that it is there; `applies` (absent: always) says of which requests it is asked.

    `effect` is what it adds to safety where it fires, `decision` what it makes of the plan (a decision word of the
    vocabulary). `forbids_holding` names drug classes, or drugs, that must not be held while it fires; such a guard
    is a caution where nothing of them would be held, unless it says `always`. `do` tells what to do about it, `who`
    (a role) does it, `until` what it waits for where no date does.
    """

    id: str
    topic: str
    title: str
    hazard: Criterion
    effect: Effect
    decision: str
    due: Due
    do: str
    who: str
    applies: Truth | None = None
    forbids_holding: frozenset[str] = frozenset()
    always: bool = False
    until: str | None = None
    needs: tuple[Need, ...] = ()

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Every place that decides it."""
        return cites_of(self.hazard)


class Topic(Struct, frozen=True, kw_only=True):
    """The guards of one folder. `values` is what they are built from, `build` builds them for a day."""

    id: str
    values: Policy
    build: Callable[[Values], tuple[Guard, ...]]

    def guards(self, on: date) -> tuple[Guard, ...]:
        """The guards as they stand on a day."""
        return self.build(Values(self.values, None, on))


_TOP = {"topic", "checked", "recheck_by", "note", "values"}


def load_topic(folder: Path, sources: Mapping[str, Source]) -> Topic:
    """The topic of one packaged folder. Raises KnowledgeError naming what to mend."""
    path = folder / "values.yaml"
    top = read_top(path)
    top.only(_TOP)
    id = top.need("topic", "name the topic as its folder is named")
    if id != folder.name.replace("_", "-"):
        raise top.fail(f"the topic '{id}' stands in the folder {folder.name}; give both one name", "topic")
    values = topic_values(id, "guards", top, path, sources)
    module = importlib.import_module(f"levamen.knowledge.guards.{folder.name}.rule")
    return Topic(id=id, values=values, build=module.guards)


def topic_values(id: str, kind: str, top: Reader, path: Path, sources: Mapping[str, Source]) -> Policy:
    """The values of a file that is no policy, as what `Values` reads: it judges nothing and is of no issuer."""
    checked, recheck = read_checked(top)
    return Policy(
        id=id,
        title=id,
        issuer="",
        kind=kind,
        country="",
        payer_kinds=frozenset(),
        checked=checked,
        recheck_by=recheck,
        start=None,
        until=None,
        values=read_values(top, sources, checked),
        documents={},
        effects=(),
        shape=_judges_nothing,
        folder=str(path),
        values_hash=hashlib.sha256(path.read_bytes()).hexdigest()[:16],
    )


def _judges_nothing(values: Values) -> tuple[Rule, ...]:
    return ()


@per_edition
def packaged_topics() -> tuple[Topic, ...]:
    """The topics this version ships, by id."""
    topics = root() / "guards"
    return tuple(load_topic(path.parent, packaged().sources) for path in sorted(topics.glob("*/values.yaml")))


@per_edition
def packaged_guards(on: date | None = None) -> tuple[Guard, ...]:
    """Every guard as it stands on a day (absent: when its topic was last checked), by topic and id."""
    found = (guard for topic in packaged_topics() for guard in topic.guards(on or topic.values.checked))
    return tuple(sorted(found, key=lambda guard: (guard.topic, guard.id)))


@per_edition
def guards_hash() -> str:
    """Changes with any value of any topic."""
    digest = hashlib.sha256()
    for topic in packaged_topics():
        digest.update(f"{topic.id}:{topic.values.values_hash};".encode())
    return digest.hexdigest()[:16]


def guard_faults(kinds: Mapping[str, type]) -> tuple[str, ...]:
    """What is wrong with the packaged guards. `kinds` are the views of facts that a criterion can select."""
    found: list[str] = []
    every = packaged_guards()
    ids = [guard.id for guard in every]
    for guard in every:
        place = f"{guard.topic}: {guard.id}"
        if ids.count(guard.id) > 1:
            found.append(f"{place}: the id stands twice")
        if guard.decision not in codes.ids("decision_words"):
            found.append(f"{place}: '{guard.decision}' is no decision word")
        if guard.who not in codes.ids("roles"):
            found.append(f"{place}: '{guard.who}' is no role")
        for word in guard.forbids_holding:
            if word not in codes.ids("drug_classes") and word not in codes.ids("drugs"):
                found.append(f"{place}: '{word}' is neither a drug nor a class of drugs")
        found += [f"{place}: {fault}" for fault in problems(guard.hazard, kinds)]
        if guard.applies is not None:
            asked = Criterion(id="applies", says=guard.applies, cites=guard.hazard.cites[:1], remedy="none")
            found += [f"{place}: {fault}" for fault in problems(_marked(asked), kinds)]
    return (*found, *_unused())


def _marked(criterion: Criterion) -> Criterion:
    weak = any(cite.mark == "unverified" for cite in cites_of(criterion))
    return Criterion(
        id=criterion.id, says=criterion.says, cites=criterion.cites, remedy="none", rests_on_unverified=weak
    )


def _unused() -> tuple[str, ...]:
    """Values that no guard of their topic reads: a value nobody reads is a rule nobody follows."""
    found: list[str] = []
    for topic in packaged_topics():
        values = Values(topic.values, None, topic.values.checked)
        topic.build(values)
        found += [f"{topic.id}: no guard reads '{id}'" for id in topic.values.values if id not in values.used]
    return tuple(found)
