"""Reads the flags (one YAML file each) and what holds of every flag. A value without a source is refused.

A flag is a criterion over *things* (a sign, a problem, an age, a score): which of them together fire it stands in its
file, and so does what alone never fires it. Urgency, and whether it blocks, are the vocabulary's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from levamen.criteria.check import problems
from levamen.criteria.nodes import All, Any, Criterion, Limit, Not, Truth, cites_in
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.flags.build import THING, at_least, thing
from levamen.knowledge.flags.rows import Act, Flag, FlagTable, General, Said, Severe, Thing
from levamen.knowledge.guards import topic_values
from levamen.knowledge.loader import Reader, known_word, read_top
from levamen.knowledge.model import Source, Values
from levamen.knowledge.registry import packaged
from levamen.record import codes

_TOP = {
    "flag", "class", "checked", "recheck_by", "values", "things", "combinations", "severe", "weak", "acts", "asks",
    "card", "asked_by",
}  # fmt: skip
_VIEWS = {"red-flags": "warning-signs", "self-harm": "self-harm-signs", "yellow-flags": "yellow-signs"}
"""The question that asks for a sign, and the view that its "no" closes."""
_PARTS = ("of", "and", "unless")


def load_flag(path: Path, sources: Mapping[str, Source]) -> FlagTable:
    """The flag of one file. Raises KnowledgeError naming file, line and remedy."""
    top = read_top(path)
    top.only(_TOP)
    id = top.need("flag", "name the flag's id")
    known_word(top, "flags", id, "flag")
    if path.stem != id.replace("-", "_"):
        raise top.fail(f"this file is named {path.stem}; name it {id.replace('-', '_')}", "flag")
    values = topic_values(id, "flag", top, path, sources)
    build: Callable[[Values], Flag] = partial(_flag, top)
    table = FlagTable(id=id, values=values, build=build)
    table.flag(values.checked)
    return table


def _flag(top: Reader, v: Values) -> Flag:
    entry = codes.entry("flags", v.policy.id)
    urgency = str(entry["urgency"])
    asked_by = top.text("asked_by") or "red-flags"
    if asked_by not in _VIEWS:
        raise top.fail(f"'{asked_by}' asks for no signs; one of {', '.join(_VIEWS)}", "asked_by")
    things: dict[str, Thing] = {}
    for name, row in top.named("things"):
        things[name] = _thing(name, row, v, _VIEWS[asked_by], things)
    severe = top.child("severe")
    card = top.text("card")
    rows = [row for name, row in top.named("things") if name not in _only_severe(top)]
    return Flag(
        id=v.policy.id,
        title=str(entry["label"]),
        dossier=_dossier(top, urgency),
        urgency=urgency,
        blocks=bool(entry["blocks_elective"]),
        criterion=_criterion(v.policy.id, top, v, things),
        severe=_severe(severe, v, things) if severe is not None else None,
        things=things,
        findings=_words_of(rows, "findings", v),
        problems=_words_of(rows, "problems", v),
        instruments=frozenset(word for row in rows if (word := row.text("instrument")) is not None),
        weak=_weak(top),
        acts=tuple(_act(row, v) for row in top.children("acts")),
        asks=tuple(_said(name, v) for name in top.words("asks")),
        card=_said(card, v) if card is not None else None,
        asked_by=asked_by,
    )


def _dossier(row: Reader, urgency: str) -> str:
    """The class as the source table writes it; it must be one that the vocabulary reads as the urgency."""
    word = row.need("class", "write the urgency class of the source table, such as E0")
    known = codes.entry("urgencies", urgency)["dossier"]
    if word not in known:
        raise row.fail(f"the class '{word}' is not {urgency}, which is {' or '.join(known)}", "class")
    return word


def _words_of(rows: Iterable[Reader], key: str, v: Values) -> frozenset[str]:
    names = [name for row in rows if (name := row.text(key)) is not None]
    return frozenset(word for name in names for choice in v.choices(name) for word in choice.words)


def _only_severe(top: Reader) -> frozenset[str]:
    """Things that make a flag more urgent and are no part of what fires it."""
    severe = top.child("severe")
    fires = {name for _, row in top.named("combinations") for key in _PARTS for name in row.words(key)}
    rows = severe.named("combinations") if severe is not None else ()
    return frozenset(name for _, row in rows for key in _PARTS for name in row.words(key)) - fires


def _thing(name: str, row: Reader, v: Values, view: str, others: Mapping[str, Thing]) -> Thing:
    """One thing; `all` is several of those before it together."""
    row.only({*THING, "all"})
    truth = All(_truths(row, "all", others)) if row.node("all") is not None else thing(row, v, view)
    return Thing(id=name, says=row.need("says", "name it for a person"), truth=truth, cites=cites_in(truth))


def _criterion(id: str, row: Reader, v: Values, things: Mapping[str, Thing]) -> Criterion:
    """Any of the combinations of a mapping."""
    found: list[Truth] = []
    by: list[str] = []
    for _, entry in row.named("combinations"):
        entry.only({"at_least", "by", *_PARTS})
        of = _truths(entry, "of", things)
        size = entry.text("at_least")
        some = at_least(v.limits(size), of) if size is not None else of[0] if len(of) == 1 else Any(of)
        together = (
            *(_truths(entry, "and", things) if entry.words("and") else ()),
            *(Not(truth) for truth in (_truths(entry, "unless", things) if entry.words("unless") else ())),
            some,
        )
        found.append(together[0] if len(together) == 1 else All(together))
        by += [*entry.words("by"), *((size,) if size is not None else ())]
    if not found or not by:
        raise row.fail("no combinations, or one that names no value by which it is said", "combinations")
    says = found[0] if len(found) == 1 else Any(tuple(found))
    return v.criterion(id, says, by=tuple(dict.fromkeys(by)), remedy="action")


def _truths(row: Reader, key: str, things: Mapping[str, Thing]) -> tuple[Truth, ...]:
    names = row.words(key)
    unknown = [name for name in names if name not in things]
    if unknown or not names:
        what = f"'{unknown[0]}' is none of its things" if unknown else f"'{key}' is empty"
        raise row.fail(f"{what}; one of {', '.join(things)}", key)
    return tuple(things[name].truth for name in names)


def _severe(row: Reader, v: Values, things: Mapping[str, Thing]) -> Severe:
    row.only({"class", "urgency", "combinations"})
    urgency = row.need("urgency", "write the urgency it then has")
    known_word(row, "urgencies", urgency, "urgency")
    return Severe(
        criterion=_criterion(f"{v.policy.id}-severe", row, v, things), urgency=urgency, dossier=_dossier(row, urgency)
    )


def _weak(top: Reader) -> frozenset[str]:
    words = top.words("weak")
    for word in words:
        if word not in codes.ids("findings") and word not in codes.ids("conditions"):
            raise top.fail(f"'{word}' is neither a finding nor a condition", "weak")
    return frozenset(words)


def _act(row: Reader, v: Values) -> Act:
    row.only({"do", "who", "route", "within", "from"})
    do = row.need("do", "name the statement that says what to do")
    who = row.need("who", "name the role that does it")
    known_word(row, "roles", who, "who")
    within = row.text("within")
    counted = row.text("from") or "recorded"
    if counted not in ("recorded", "request"):
        raise row.fail(f"'{counted}' starts no clock; write recorded or request", "from")
    limit: Limit | None = None
    if within is not None:
        (limit,) = v.limits(within)
        _ = limit.length
    return Act(
        id=do,
        says=v.says(do),
        who=who,
        route=row.text("route"),
        within=limit,
        counted_from="request" if counted == "request" else "recorded",
        cites=tuple(dict.fromkeys((*v.cites(do), *v.also(do), *(v.cites(within) if within is not None else ())))),
    )


def _said(name: str, v: Values) -> Said:
    return Said(id=name, says=v.says(name), cites=(*v.cites(name), *v.also(name)))


GENERAL = "general.yaml"


def load_general(path: Path, sources: Mapping[str, Source]) -> General:
    """What holds of every flag. Raises KnowledgeError naming file, line and remedy."""
    top = read_top(path)
    top.only({"checked", "recheck_by", "values", "clocks", "clearance", "answer", "clears", "also_clears", "clearing"})
    values = topic_values("flags", "flag", top, path, sources)
    v = Values(values, None, values.checked)
    clocks: dict[str, Limit] = {}
    rows = top.child("clocks")
    for urgency in rows.fields.entries if rows is not None else ():
        assert rows is not None  # noqa: S101 - its keys are being walked
        known_word(rows, "urgencies", urgency, urgency)
        (clocks[urgency],) = v.limits(rows.need(urgency, "name its value"))
    (clearance,) = v.limits(top.need("clearance", "name the value that says how long a clearance lasts"))
    (answer,) = v.limits(top.need("answer", "name the value that says how long an answer lasts"))
    also = top.child("also_clears")
    also_names = {flag: also.need(flag, "name its value") for flag in also.fields.entries} if also is not None else {}
    for flag in also_names:
        known_word(top, "flags", flag, "also_clears")
    return General(
        clocks=clocks,
        clearance=clearance,
        answer=answer,
        clears=v.choices(top.need("clears", "name the value that says who may clear"))[0].words,
        also_clears={flag: v.choices(name)[0].words for flag, name in also_names.items()},
        clearing=_said(top.need("clearing", "name the statement on clearing"), v),
        cites=(clearance.cite, answer.cite),
    )


@per_edition
def packaged_general() -> General:
    """What holds of every packaged flag."""
    return load_general(_folder() / GENERAL, packaged().sources)


@per_edition
def packaged_tables() -> tuple[FlagTable, ...]:
    """The flags this version ships, by id."""
    paths = [path for path in sorted(_folder().glob("*.yaml")) if path.name != GENERAL]
    return tuple(load_flag(path, packaged().sources) for path in paths)


@per_edition
def packaged_flags(on: date | None = None) -> tuple[Flag, ...]:
    """Every flag as it stands on a day (absent: when its file was last checked), by urgency and id."""
    found = (table.flag(on or table.values.checked) for table in packaged_tables())
    return tuple(sorted(found, key=lambda flag: (urgency_order(flag.urgency), flag.id)))


def urgency_order(urgency: str) -> int:
    """The place of an urgency, the gravest first."""
    return int(codes.entry("urgencies", urgency)["order"])


def _folder() -> Path:
    return root() / "flags"


def flag_faults(kinds: Mapping[str, type]) -> tuple[str, ...]:
    """What is wrong with the packaged flags. `kinds` are the views of facts that a flag can select."""
    found: list[str] = []
    for table in packaged_tables():
        v = Values(table.values, None, table.values.checked)
        flag = table.build(v)
        for criterion in (flag.criterion, *((flag.severe.criterion,) if flag.severe is not None else ())):
            found += [f"{flag.id}: {fault}" for fault in problems(criterion, kinds)]
        found += [f"{flag.id}: nothing reads '{id}'" for id in table.values.values if id not in v.used]
        strange = sorted(flag.weak - flag.findings - flag.problems)
        found += [f"{flag.id}: '{word}' is weak and nothing looks for it" for word in strange]
        if flag.blocks and not flag.acts:
            found.append(f"{flag.id}: it blocks and says nothing of what to do")
    packaged_general()
    return tuple(found)
