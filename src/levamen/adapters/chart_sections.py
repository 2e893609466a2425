"""The sections of a chart as forms show them: fields in order, in words, with what each can hold.

Everything is derived from the tables that read charts; there is no second list.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.adapters.chart_areas import AreaId
from levamen.adapters.chart_checks import COMMON
from levamen.adapters.chart_fields import PERSON
from levamen.adapters.chart_kinds import (
    Field,
    Flag,
    Kind,
    Many,
    Moment,
    Nullable,
    Number,
    NumberOrText,
    OneOf,
    Pairs,
    Table,
    Text,
    Word,
    Words,
)
from levamen.adapters.chart_measures import Clock, Every, Measure, Percent
from levamen.adapters.chart_medications import DrugName
from levamen.adapters.chart_write import ENTRY_TABLES
from levamen.knowledge.body_map import body_map
from levamen.knowledge.edition import per_edition
from levamen.record import codes
from levamen.text.capital import capital

FormKind = Literal[
    "text", "number", "number-or-text", "percent", "amount", "interval", "clock", "partial-date", "datetime", "yes-no",
    "choice", "code", "reference", "list", "record", "pairs", "either",
]  # fmt: skip
"""What a field holds. Both kinds of date read a year, a month, a day, a span and a time; `datetime` fields are usually
stated with the time. A `choice` has few words, a `code` those of a whole vocabulary. A `list` and a `pairs` say with
`item` what each of them is; `either` gives its `options`."""

TABLES: dict[str, Table] = {"person": PERSON, **ENTRY_TABLES}
"""Every section that a person fills in, in the order of a chart."""

_FEW = 25
"""Up to so many words are a choice; more are searched as codes."""


class Choice(Struct, frozen=True):
    """One word that a field can hold. `value` is what is stored."""

    value: str | bool
    title: str


class FieldForm(Struct, frozen=True, kw_only=True):
    """One field as a form shows it.

    `vocabulary` names the sections that its `choices` come from; where it is `open`, other words are kept as text.
    `refers` is the section whose ids it holds. An `alias` is another way to write another field: a form leaves it out.
    `provenance` fields say who wrote the entry down, when and from what.
    Numbers lie between `low` and `high` where these are said.
    """

    key: str
    title: str
    kind: FormKind
    required: bool = False
    help: str = ""
    provenance: bool = False
    alias: bool = False
    choices: tuple[Choice, ...] = ()
    vocabulary: tuple[str, ...] = ()
    open: bool = False
    refers: str = ""
    example: str = ""
    low: str = ""
    high: str = ""
    whole: bool = False
    fields: tuple[FieldForm, ...] = ()
    item: FieldForm | None = None
    options: tuple[FieldForm, ...] = ()


class SectionForm(Struct, frozen=True, kw_only=True):
    """One section of a chart. Of the fields in `any_of` an entry has at least one."""

    section: str
    title: str
    help: str = ""
    fields: tuple[FieldForm, ...]
    any_of: tuple[str, ...] = ()
    single: bool = False
    """Whether it is one entry (the person) and not a list."""

    def field(self, key: str) -> FieldForm:
        """The field of a key. Raises KeyError."""
        return {field.key: field for field in self.fields}[key]


@per_edition
def sections() -> tuple[SectionForm, ...]:
    """Every section, in the order of a chart."""
    return tuple(_section(name, table) for name, table in TABLES.items())


def _section(name: str, table: Table) -> SectionForm:
    return SectionForm(
        section=name,
        title=table.title or _words(name),
        help=table.says,
        # The id is the key of an entry; nobody types it.
        fields=tuple(_field(field, table) for field in table.fields if field.name != "id"),
        any_of=table.any_of,
        single=name == "person",
    )


def has_id(table: Table) -> bool:
    """Whether the entries of a table have an id, which is then their key."""
    return any(field.name == "id" for field in table.fields)


def title_of(field: Field) -> str:
    """A field's key in words."""
    return field.title or _words(field.name)


def _words(key: str) -> str:
    return capital(codes.in_words(key))


def _field(field: Field, table: Table) -> FieldForm:
    form = _form(field.kind, field.name, title_of(field), field.says, field.name in table.required)
    return replace(form, alias=True) if field.alias else form


def _form(kind: Kind, key: str, title: str, help: str = "", required: bool = False) -> FieldForm:
    def form(as_kind: FormKind, **more: object) -> FieldForm:
        common = {"key": key, "title": title, "help": help, "required": required, "provenance": key in COMMON}
        return FieldForm(kind=as_kind, **common, **more)  # type: ignore[arg-type] # the keys are fields of the form

    match kind:
        case Table():
            return form("record", fields=tuple(_field(field, kind) for field in kind.fields))
        case Words():
            return form("list", item=_form(kind.word, key, title))
        case Many():
            return form("list", item=_form(kind.kind, key, title))
        case Nullable():
            return _form(kind.kind, key, title, help, required)
        case OneOf():
            return form("either", options=tuple(_form(one, key, title) for one in kind.kinds))
        case Pairs():
            item = _form(Word((kind.words,)) if kind.words else Text(), key, title)
            names = choices_of(kind.names) if kind.names else ()
            return form("pairs", item=item, choices=names, vocabulary=(kind.names,) if kind.names else ())
        case AreaId():
            areas = tuple(Choice(area.id, area.label) for area in body_map().areas.values())
            return form("code", choices=areas, vocabulary=("body_map",))
        case Word():
            words = {choice.value: choice for section in kind.sections for choice in choices_of(section)}
            return form(
                "choice" if len(words) <= _FEW else "code",
                choices=tuple(words.values()),
                vocabulary=kind.sections,
                open=kind.loose or isinstance(kind, DrugName),
            )
        case Number():
            low, high = (str(bound) if bound is not None else "" for bound in (kind.low, kind.high))
            return form("number", low=low, high=high, whole=kind.whole)
        case Moment():
            return form("datetime" if kind.timed else "partial-date")
        case Flag():
            return form("yes-no", choices=(Choice(True, "Yes"), Choice(False, "No")))
        case Text() if re.fullmatch(r"[a-z]+(\|[a-z]+)+", kind.pattern):
            return form("choice", choices=tuple(Choice(word, _words(word)) for word in kind.pattern.split("|")))
        case Text() if kind.refers:
            return form("reference", refers=kind.refers)
        case Text() | Measure():
            return form("text" if isinstance(kind, Text) else "amount", example=kind.example)
        case NumberOrText():
            return form("number-or-text")
        case Percent():
            return form("percent", low="-100", high="100")
        case Every():
            return form("interval", example="12 h")
        case Clock():
            return form("clock", example="08:00")
    raise TypeError(f"{key}: no form shows a {type(kind).__name__}")


@cache
def choices_of(section: str) -> tuple[Choice, ...]:
    """The words of a vocabulary section (`qualifiers.technique` for those of a qualifier), each with its title."""
    return tuple(Choice(id, _choice_title(section, id)) for id in codes.ids(section))


def _choice_title(section: str, id: str) -> str:
    said = codes.label(section, id)
    said = _words(id) if said == id and id.islower() else said
    return capital(said) if said.partition(" ")[0].islower() else said


class Takes(Struct, frozen=True, kw_only=True):
    """What a therapy can be stated with: the keys of its target, its regions and purposes, and its qualifiers."""

    target: tuple[str, ...]
    regions: tuple[str, ...]
    purposes: tuple[str, ...]
    qualifiers: dict[str, tuple[str, ...]]


def takes(therapy: str) -> Takes:
    """What a procedure of this therapy can be stated with, for the form to ask for nothing else. Raises KeyError."""
    row = codes.entry("therapies", therapy)
    return Takes(
        target=tuple(row["takes"]),
        regions=tuple(row.get("regions", ())),
        purposes=tuple(row.get("purposes", ())),
        qualifiers={name: tuple(map(str, words)) for name, words in row.get("qualifiers", {}).items()},
    )


def attributes(condition: str) -> dict[str, tuple[Choice, ...]]:
    """The attributes a condition is stated with, each with its choices; one without choices is a whole number.

    Raises KeyError.
    """
    known = codes.entry("conditions", condition).get("attributes", {})
    return {name: _attribute(words) for name, words in known.items()}


def _attribute(words: object) -> tuple[Choice, ...]:
    if words == "integer":
        return ()
    if isinstance(words, str):
        return choices_of(words)
    return tuple(Choice(str(word), _words(str(word))) for word in words)  # type: ignore[attr-defined] # a list, by the vocabulary
