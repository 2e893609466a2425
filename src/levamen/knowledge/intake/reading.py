"""Reads the tables of the intake. A field that lands nowhere, and a choice that is no word, are refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from levamen.knowledge.agents import one_of, read_cites
from levamen.knowledge.body_map import body_map
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.knowledge.intake.rows import (
    KINDS,
    NEEDED,
    PERS,
    Choice,
    Code,
    Form,
    FormField,
    Fresh,
    Group,
    Place,
    Rule,
    Rules,
    Screen,
)
from levamen.knowledge.loader import Reader, known_word, read_checked, read_top
from levamen.knowledge.model import Source
from levamen.record import codes, facts
from levamen.record.completeness import Completeness
from levamen.record.timeline import Duration, DurationUnit

Sources = Mapping[str, Source]

SECTIONS: Mapping[str, type[Struct]] = {
    **{section.section: section for section in facts.SECTIONS},
    "person": facts.Person,
    "completeness": Completeness,
}
"""Every section of a chart in which an answer can stand, and what its entries are."""

_WORDS: Mapping[str, tuple[str, ...]] = {
    "instrument": ("instruments",),
    "kind": ("questions", "devices"),
    "concept": ("findings", "conditions"),
    "classes": ("drug_classes",),
    "substance": ("allergens", "drugs", "drug_classes"),
}
"""What the words of `where` are, by the field that they pick."""

_CITE = {"source", "locator", "mark", "also"}
_GROUP = {"title", "patient", "needed", "per", *_CITE}
_FIELD = {
    "group", "kind", "needed", "per", "ask", "patient", "lands", "read", "of", "only", "kinds", "choices", "low",
    "high", "unit", "partial", "fresh", "unless", *_CITE,
}  # fmt: skip


def read_form(path: Path, sources: Sources) -> Form:
    """The form of one file. Raises KnowledgeError naming file, line and remedy."""
    top = read_top(path)
    top.only({"form", "checked", "recheck_by", "groups", "fields"})
    checked, _ = read_checked(top)
    groups = {id: _group(id, row, sources) for id, row in top.named("groups")}
    fields = tuple(_field(id, row, groups, sources) for id, row in top.named("fields"))
    _check_unless(top, fields)
    empty = set(groups) - {field.group for field in fields}
    if empty:
        raise top.fail(f"the group {min(empty)} has no field; give it one or leave it out", "groups")
    return Form(id=top.need("form", "name the form"), checked=checked, groups=tuple(groups.values()), fields=fields)


def _group(id: str, row: Reader, sources: Sources) -> Group:
    row.only(_GROUP)
    return Group(
        id=id,
        title=row.need("title", "give the group a title"),
        patient=row.need("patient", "give the group a title for the patient"),
        needed=_needed(row),
        per=one_of(row, "per", PERS),
        cites=read_cites(row, sources),
    )


def _needed(row: Reader) -> Any:
    found = row.words("needed")
    for word in found:
        if word not in NEEDED:
            raise row.fail(f"'{word}' is no time of need; one of {', '.join(NEEDED)}", "needed")
    if not found:
        raise row.fail(f"no needed; say when: {', '.join(NEEDED)}")
    return found


def _field(id: str, row: Reader, groups: Mapping[str, Group], sources: Sources) -> FormField:
    row.only(_FIELD)
    group = groups.get(row.need("group", "name the group it belongs to"))
    if group is None:
        raise row.fail(f"there is no group {row.text('group')}", "group")
    kind: Any = one_of(row, "kind", KINDS)
    cites = read_cites(row, sources) if row.node("source") is not None else group.cites
    lands = row.child("lands")
    if lands is None:
        raise row.fail("no lands; say where in the chart its answer is written")
    low, high = row.number("low"), row.number("high")
    if (low is None) != (high is None) or (low is not None and high is not None and low >= high):
        raise row.fail("low and high are both given, low first", "low")
    return FormField(
        id=id,
        group=group.id,
        kind=kind,
        needed=_needed(row) if row.node("needed") is not None else group.needed,
        per=one_of(row, "per", PERS) if row.node("per") is not None else group.per,
        ask=row.need("ask", "name it for the clinician"),
        patient=row.need("patient", "put it to the patient in plain words"),
        lands=_place(lands),
        read=tuple(_place(other) for other in row.children("read")),
        of=row.text("of"),
        choices=_choices(row, kind),
        low=int(low) if low is not None else None,
        high=int(high) if high is not None else None,
        unit=row.text("unit"),
        partial=row.flag("partial"),
        fresh=_fresh(row.child("fresh"), cites, sources),
        unless=_unless(row),
        cites=cites,
    )


def _place(row: Reader) -> Place:
    """A place that the chart has."""
    row.only({"section", "field", "where", "key"})
    section = row.need("section", "name the section of the chart")
    if section not in SECTIONS:
        raise row.fail(f"a chart has no section {section}; one of {', '.join(SECTIONS)}", "section")
    known = SECTIONS[section].__struct_fields__
    field = row.need("field", f"name the field of {section}")
    picked = row.child("where")
    where = {name: picked.words(name) for name in picked.fields.entries} if picked is not None else {}
    for name in (field, *where):
        if name not in known:
            raise row.fail(f"{section} has no field {name}; one of {', '.join(known)}", "field")
    for name, words in where.items():
        for word in words:
            if not any(word in codes.ids(of) for of in _WORDS.get(name, ())):
                raise row.fail(f"'{word}' is no word of {', '.join(_WORDS.get(name, ('the vocabulary',)))}", "where")
    return Place(section=section, field=field, where=where, key=row.text("key"))


BODY_MAP = "body_map"
"""What `of` names where the answers are areas of the body map."""


def _choices(row: Reader, kind: str) -> tuple[Choice, ...]:
    """The list to choose from: a section of the vocabulary or a part of it, or a list of the form's own."""
    of, own = row.text("of"), row.child("choices")
    if kind == "instrument":
        if of not in instrument_ids():
            raise row.fail(f"there is no instrument {of} whose items are known", "of")
        return ()
    if kind not in ("choice", "choices"):
        if of is not None or own is not None:
            raise row.fail(f"a {kind} has nothing to choose from; leave the list out", "of")
        return ()
    if own is not None and of is None:
        return tuple(Choice(id, own.need(id, "give the choice a label")) for id in own.fields.entries)
    if of is None or own is not None:
        raise row.fail("nothing to choose from; name the vocabulary's section in `of`, or list `choices` with labels")
    if of == BODY_MAP:
        return tuple(Choice(area.id, area.label) for area in body_map().areas.values())
    if of not in codes.vocabulary():
        raise row.fail(f"'{of}' is no section of the vocabulary", "of")
    only, kinds = row.words("only"), row.words("kinds")
    for word in only:
        known_word(row, of, word, "only")
    for word in kinds:
        known_word(row, "kinds", word, "kinds")
    ids = only or codes.ids(of)
    return tuple(Choice(id, codes.label(of, id)) for id in ids if not kinds or codes.entry(of, id)["kind"] in kinds)


def _unless(row: Reader) -> Mapping[str, tuple[str, ...]]:
    child = row.child("unless")
    return {name: child.words(name) for name in child.fields.entries} if child is not None else {}


def _check_unless(top: Reader, fields: tuple[FormField, ...]) -> None:
    """What leaves nothing to ask is an answer that another field has."""
    can = {field.id: [choice.id for choice in field.choices] or ["yes", "no"] for field in fields if not field.unless}
    can["sex"] = list(codes.ids("sexes"))
    for field in fields:
        for other, words in field.unless.items():
            for word in words:
                if word not in can.get(other, ()):
                    raise top.fail(f"{field.id}: '{word}' is no answer of {other}", "fields")


def _fresh(row: Reader | None, cites: Any, sources: Sources) -> Fresh | None:
    if row is None:
        return None
    row.only({"days", "months", *_CITE})
    return Fresh(lasts=_lasts(row), cites=read_cites(row, sources) if row.node("source") is not None else cites)


def _lasts(row: Reader) -> Duration:
    units: tuple[DurationUnit, ...] = ("days", "months")
    found = [(unit, row.number(unit)) for unit in units if row.node(unit) is not None]
    unit, amount = found[0] if len(found) == 1 else ("days", None)
    if amount is None or amount <= 0 or amount % 1:
        raise row.fail("one length of time, in whole days or months above 0")
    return Duration(amount, unit)


def read_codes(path: Path, sources: Sources) -> dict[str, Code]:
    """The codes of one file, each under its parent. Raises KnowledgeError."""
    top = read_top(path)
    top.only({"table", "checked", "recheck_by", "codes"})
    read_checked(top)
    found: dict[str, Code] = {}
    for code, row in top.named("codes"):
        row.only({"title", *_CITE})
        parent = code[:-1]
        if not parent.endswith(".") and parent not in found:
            raise row.fail(f"{parent} is not listed before it; a code stands under its parent")
        found[code] = Code(code=code, title=row.need("title", "give its title"), cites=read_cites(row, sources))
    return found


def read_rules(path: Path, sources: Sources) -> Rules:
    """The rules of one file. Raises KnowledgeError."""
    top = read_top(path)
    top.only({"table", "checked", "recheck_by", "rules", "screens"})
    read_checked(top)
    rules = {}
    for id, row in top.named("rules"):
        row.only({"says", "days", "months", *_CITE})
        says = row.need("says", "say the rule in the source's words")
        rules[id] = Rule(id=id, says=says, lasts=_lasts(row), cites=read_cites(row, sources))
    return Rules(rules=rules, screens=tuple(_screen(id, row) for id, row in top.named("screens")))


def _screen(id: str, row: Reader) -> Screen:
    row.only({"cut", "also", "full", "about"})
    cut, also = row.need("cut", "name the set of bands that decides"), row.text("also")
    full = row.need("full", "name the full form")
    for name in (id, full):
        if name not in instrument_ids():
            raise row.fail(f"there is no instrument {name} whose items are known", "full")
    known = [band.id for band in instrument(id).bands]
    for band in (cut, also):
        if band is not None and band not in known:
            raise row.fail(f"{id} has no bands {band}; one of {', '.join(known)}", "cut")
    about = row.need("about", "say what it screens for")
    return Screen(instrument=id, cut=cut, also=also, full=full, about=about)
