"""One entry of a chart, as a form gives it: read into its facts, or told what is wrong, each in one sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.adapters.chart_checks import in_order
from levamen.adapters.chart_cleaning import Body, cleaned
from levamen.adapters.chart_kinds import Kind, Many, Table
from levamen.adapters.chart_medications import make_medications
from levamen.adapters.chart_reading import BadValueError, Context, Fault, bad, nearest_word
from levamen.adapters.chart_sections import TABLES, has_id, title_of
from levamen.record.codes import title
from levamen.text.plain import node_of
from levamen.text.tree import UnusableInput

ORIGIN = "the entry"


class Problem(Struct, frozen=True):
    """One thing that is wrong with a body. `field` is its path (`relief[0].percent`), empty for the entry as a whole;
    `says` is a sentence: what, where, and what would be right."""

    field: str
    says: str


class EntryReading(Struct, frozen=True, kw_only=True):
    """What a body is read as. `body` is the one to store, without blanks. With problems there are no facts.

    `facts` has one fact, or for a medication with several ingredients one for each; for a payer, a statement of
    completeness, a request or the person it has that. `notes` are worth telling about an entry that is used all the
    same.
    """

    body: Body
    facts: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_entry(
    section: str, body: Mapping[str, Any], zone: str | None, *, key: str = "new", policies: Collection[str] = ()
) -> EntryReading:
    """What one body of a section says, or what is wrong with it.

    Values may be those of a form: text for numbers and for true and false, one value for a list, blanks for what was
    not said. A form is answered by a person who can be asked, so nothing is left out of it: a medication's field that
    cannot be read, which the chart of another system loses, is a problem here. Raises KeyError for an unknown section
    or zone.
    """
    table = _STRICT.get(section) or TABLES[section]
    said = cleaned(body, table)
    context = Context(ORIGIN, frozenset(policies))
    context.zone = ZoneInfo(zone) if zone else None
    context.enter(section)
    if has_id(table) and "id" in said:
        return _refused(said, Problem("id", "The key of an entry is its id; leave the id out of the body."))
    try:
        node = node_of({"id": key, **said} if has_id(table) else said, ORIGIN)
        _known_fields(said, table, "")
        made = table.read(node, context)
    except BadValueError as error:
        return _refused(said, *(_problem(fault, table) for fault in error.faults))
    except UnusableInput as error:
        return _refused(said, Problem("", f"{str(error)[:1].upper()}{str(error)[1:]}."))
    notes = tuple(_in_words(note, table) for note in context.take_notes())
    return EntryReading(body=said, facts=made if isinstance(made, tuple) else (made,), notes=notes)


def _refused(body: Body, *problems: Problem) -> EntryReading:
    return EntryReading(body=body, problems=problems)


def _known_fields(body: Any, table: Table, path: str) -> None:
    """Raises BadValueError for a key that the table does not have, at its place."""
    if not isinstance(body, Mapping):
        return
    known = {field.name: field.kind for field in table.fields}
    for name, value in body.items():
        if name not in known:
            raise BadValueError(Fault(f"{path}{name}", f"no such field; {nearest_word(name, known)}"))
        kind = known[name]
        inner = kind.kind if isinstance(kind, Many) else kind
        if isinstance(inner, Table):
            for number, item in enumerate(value if isinstance(value, list) else [value]):
                index = f"[{number}]" if isinstance(value, list) else ""
                _known_fields(item, inner, f"{path}{name}{index}.")


def _make_strictly(values: dict[str, Any], context: Context) -> Any:
    """A medication whose contradictions are refused, because the person who wrote them can correct them."""
    for last in ("end", "last_dose"):
        in_order("start", last)(values, context)
    times = values.get("times", ())
    if len(set(times)) < len(times):
        raise bad("a time of day stands twice; keep it once", "times")
    return make_medications(values, context)


_MEDICATIONS = TABLES["medications"]
_STRICT = {
    "medications": Table(
        _MEDICATIONS.name,
        _MEDICATIONS.fields,
        _MEDICATIONS.required,
        _MEDICATIONS.any_of,
        make=_make_strictly,
        title=_MEDICATIONS.title,
    )
}


# ---- what is wrong, in words


_MISSING = re.compile(r"`(\w+)` is missing")
_ONE_MISSING = re.compile(r"one of `(\w+)`.* is missing")
_INDEX = re.compile(r"\[(\d+)\]")
_KEY = re.compile(r"`(\w+)`")
_QUOTED = re.compile(r"('[^']*'|`\w+`)")
_ID = re.compile(r"\b[a-z]+(?:-[a-z0-9]+)+\b")


def _problem(fault: Fault, table: Table) -> Problem:
    says, path = fault.says, fault.path
    missing = _MISSING.match(says) or _ONE_MISSING.fullmatch(says)
    if missing:
        path = f"{path}.{missing[1]}" if path else missing[1]
    place = "" if missing and not fault.path else _place(fault.path, table)
    said = _in_words(says, _table_at(fault.path, table))
    sentence = f"{place}: {said}" if place else said
    return Problem(path, f"{sentence[:1].upper()}{sentence[1:].removesuffix('.')}.")


def _place(path: str, table: Table) -> str:
    """A path as a person reads it: `Relief 1, relief (per cent)`."""
    words: list[str] = []
    at: Kind | None = table
    for part in path.split(".") if path else ():
        name = part.partition("[")[0]
        field = next((f for f in at.fields if f.name == name), None) if isinstance(at, Table) else None
        title = title_of(field) if field else name
        number = "".join(f" {int(index) + 1}" for index in _INDEX.findall(part))
        words.append(
            (title if not words else title[:1].lower() + title[1:] if title[1:2].islower() else title) + number
        )
        at = _inside(field.kind) if field else None
    return ", ".join(words)


def _table_at(path: str, table: Table) -> Table:
    """The table of the innermost record on a path."""
    at: Table = table
    for part in path.split(".") if path else ():
        field = next((f for f in at.fields if f.name == part.partition("[")[0]), None)
        inner = _inside(field.kind) if field else None
        at = inner if isinstance(inner, Table) else at
    return at


def _inside(kind: Kind) -> Kind:
    return kind.kind if isinstance(kind, Many) else kind


def _in_words(says: str, table: Table) -> str:
    """A sentence with the titles of fields in place of their keys, and of words of the vocabulary in place of ids.

    What stands in quotes was written by a person and stays.
    """
    titles = {field.name: title_of(field) for field in table.fields}
    parts = _QUOTED.split(says)
    parts[::2] = [_ID.sub(lambda found: title(found[0]), part) for part in parts[::2]]
    return _KEY.sub(lambda found: f"‘{titles.get(found[1], found[1])}’", "".join(parts))
