"""An entry's form, made from the tables that read charts: its fields in words, what was typed, what is wrong with it.

The names of inputs are paths (`relief.0.percent`); what comes back is the entry's body as the library reads it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from msgspec import Struct
from msgspec.structs import replace

from levamen.adapters.chart_entries import EntryReading, read_entry
from levamen.adapters.chart_sections import FieldForm, SectionForm, Takes, attributes, sections, takes
from levamen.record import codes
from levamen.text.capital import capital
from records.models import Entry, Patient

_BLANKS = 2
"""How many empty places a list offers beside those that are filled."""
_TARGET = {
    "region", "side", "levels", "joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "nerve", "joint",
    "muscles", "muscle", "site",
}  # fmt: skip
_LONG = 25
"""Vocabularies with more words are searched by typing; the words stand once on a page."""
CHOSEN_FIRST = {"procedures": "therapy", "request": "therapy", "problems": "concept"}
"""Sections whose fields depend on what the entry is about: that is chosen first."""
_HINTS = {
    "partial-date": "2026-03-09, a month (2025-06) or a year will do.",
    "datetime": "2026-03-09, with the time as 2026-03-09T08:10 where it is known.",
    "percent": "In per cent.",
}
_NAME = re.compile(r"f\.([A-Za-z0-9_.\-]+)")


class Shown(Struct, kw_only=True):
    """One field as a template shows it: `name` of its input, what stands in it, what is wrong with it.

    `kind` says how it is asked: text, choice, code, yes-no, checks (several of few), several (several of many),
    records (a list of small forms), record, pairs.
    """

    form: FieldForm
    name: str
    kind: str
    value: Any = ""
    values: tuple[str, ...] = ()
    parts: tuple[tuple[str, tuple[Shown, ...]], ...] = ()
    names: tuple[str, ...] = ()
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    words: str = ""
    """Of a searched field: the id of the list of its words."""

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width of a form."""
        return self.kind in ("records", "record", "pairs", "checks") or self.form.key in ("note", "text")

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


class EntryForm(Struct, kw_only=True):
    """The form of one entry. `first` fields are asked, `more` can be opened, `provenance` says who wrote it down."""

    section: SectionForm
    first: tuple[Shown, ...]
    more: tuple[Shown, ...]
    provenance: tuple[Shown, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The words of the vocabularies that are searched, each once: the id of the list, and the titles."""
    errors: tuple[tuple[str, str], ...] = ()
    """What is wrong: the id of the input it is at, and the sentence."""


def section_form(name: str) -> SectionForm:
    """The form of a section. Raises KeyError for a section that no chart has."""
    for form in sections():
        if form.section == name:
            return form
    raise KeyError(name)


def form_of(patient: Patient, section: str, body: Mapping[str, Any], reading: EntryReading | None = None) -> EntryForm:
    """The form with what stands in the entry, and the problems of a reading where it was refused."""
    form = section_form(section)
    problems = {_path(row.field): row.says for row in reading.problems} if reading is not None else {}
    wanted = _wanted(form, body)
    references = _references(patient, form)
    left_out = _left_out(form, body)
    first, more, provenance = [], [], []
    for field in form.fields:
        if field.alias and field.key not in body:
            continue
        shown = _shown(_narrowed(field, form, body), f"f.{field.key}", body.get(field.key), problems, references)
        if field.key in left_out and field.key not in body and not shown.error:
            continue
        if field.kind == "pairs":
            shown.kind, shown.parts = "pairs", ((field.title, _pairs(field, body, problems)),)
            if not shown.parts[0][1]:
                continue
        if field.provenance:
            provenance.append(shown)
        elif field.key in wanted or field.required or field.key in body or shown.error:
            first.append(shown)
        else:
            more.append(shown)
    errors = tuple((f"f-{path.replace('.', '-')}" if path else "", says) for path, says in problems.items())
    every = (*first, *more, *provenance)
    return EntryForm(
        section=form,
        first=tuple(first),
        more=tuple(more),
        provenance=tuple(provenance),
        lists=tuple(sorted({(one.words, _titles(one.form)) for one in _searched(every)})),
        errors=errors,
    )


def _searched(shown: Iterable[Shown]) -> Iterable[Shown]:
    for one in shown:
        if one.words:
            yield one
        for _, parts in one.parts:
            yield from _searched(parts)


def _titles(field: FieldForm) -> tuple[str, ...]:
    item = field.item if field.kind == "list" and field.item is not None else field
    return tuple(_by_word(item).values())


def _by_word(field: FieldForm) -> dict[str, str]:
    """The title of each word of a vocabulary; two words that share a title are told apart by their ids."""
    shared = Counter(choice.title.casefold() for choice in field.choices)
    return {
        _text(choice.value): f"{choice.title} ({choice.value})" if shared[choice.title.casefold()] > 1 else choice.title
        for choice in field.choices
    }


def word_of(section: str, key: str, said: str) -> str:
    """The word that a title stands for; empty where there is none."""
    field = section_form(section).field(key)
    return _word(field, said) if _word(field, said) in {_text(choice.value) for choice in field.choices} else ""


def _word(field: FieldForm, said: Any) -> Any:
    if not isinstance(said, str):
        return said
    wanted = said.strip().casefold()
    return next((word for word, title in _by_word(field).items() if title.casefold() == wanted), said)


def _held(body: Mapping[str, Any]) -> Takes | None:
    therapy = str(body.get("therapy") or "")
    return takes(therapy) if therapy in codes.ids("therapies") else None


def _left_out(form: SectionForm, body: Mapping[str, Any]) -> set[str]:
    """Fields that the entry's therapy cannot be stated with: they are not asked."""
    held = _held(body) if form.section in ("procedures", "request") else None
    if held is None:
        return set()
    qualifiers = {name for word in codes.ids("therapies") for name in takes(word).qualifiers}
    return (_TARGET - {"region", "side"} - set(held.target)) | (qualifiers - set(held.qualifiers))


def _narrowed(field: FieldForm, form: SectionForm, body: Mapping[str, Any]) -> FieldForm:
    """A field with the words that the therapy takes alone, and with the one that stands there."""
    held = _held(body) if form.section in ("procedures", "request") else None
    if held is None:
        return field
    words = {"region": held.regions, "purpose": held.purposes, **held.qualifiers}.get(field.key, ())
    said = {_text(word) for word in words} | {_text(body.get(field.key))}
    kept = tuple(choice for choice in field.choices if _text(choice.value) in said)
    return replace(field, choices=kept) if words and kept else field


def _pairs(field: FieldForm, body: Mapping[str, Any], problems: Mapping[str, str]) -> tuple[Shown, ...]:
    """What a field of names and words can hold: of a condition its own attributes, else the names of its vocabulary."""
    value = body.get(field.key)
    said = value if isinstance(value, Mapping) else {}
    if field.choices:
        choices = _choices(field.item) if field.item is not None else ()
        rows = {_text(choice.value): (choice.title, choices) for choice in field.choices}
    else:
        concept = str(body.get("concept") or "")
        known = attributes(concept) if concept in codes.ids("conditions") else {}
        rows = {
            name: (
                capital(codes.in_words(name)),
                tuple((_text(choice.value), choice.title) for choice in words),
            )
            for name, words in known.items()
        }
    rows |= {name: (capital(codes.in_words(name)), ()) for name in said if name not in rows}
    return tuple(
        Shown(
            form=replace(field, key=name, title=title, help="", required=False),
            name=f"f.{field.key}.{name}",
            kind="choice" if words else "text",
            value=_text(said.get(name)),
            choices=words,
            error=problems.get(f"{field.key}.{name}", ""),
        )
        for name, (title, words) in rows.items()
    )


def _wanted(form: SectionForm, body: Mapping[str, Any]) -> set[str]:
    """The fields that are asked outright: those that the entry's therapy takes, or all of a short section."""
    if form.section in ("procedures", "request"):
        held = _held(body)
        common = {
            "therapy",
            "date",
            "start",
            "status",
            "purpose",
            "region",
            "side",
            "pain",
            "plan",
            "guidance",
            "agents",
        }
        if held is None:
            return common
        return (
            common
            | set(held.target)
            | set(held.qualifiers)
            | ({"relief", "function", "complications"} if form.section == "procedures" else set())
        )
    fields = [field.key for field in form.fields if not field.alias and not field.provenance]
    if len(fields) <= 12:
        return set(fields)
    return (
        {key for key in fields if key not in _TARGET or key in ("region", "side")}
        if form.section == "findings"
        else set(fields[:10])
    )


def _references(patient: Patient, form: SectionForm) -> dict[str, tuple[tuple[str, str], ...]]:
    """For fields that name another entry: the entries of that section, in words."""
    wanted = {field.refers for field in _all(form.fields) if field.refers}
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    if wanted:
        from records.words import entry_words

        rows = Entry.objects.filter(patient=patient, section__in=wanted, struck=False)
        for section in wanted:
            found[section] = tuple(
                (row.key, f"{row.key}: {entry_words(row)}") for row in rows if row.section == section
            )
    return found


def _all(fields: Iterable[FieldForm]) -> Iterable[FieldForm]:
    for field in fields:
        yield field
        yield from _all(field.fields)
        yield from _all((field.item,) if field.item else ())


def _shown(
    field: FieldForm, name: str, value: Any, problems: Mapping[str, str], references: Mapping[str, Any]
) -> Shown:
    said = Shown(form=field, name=name, kind="text", error=problems.get(name.removeprefix("f."), ""))
    said.hint = "" if field.example else _HINTS.get(field.kind, "")
    item = field.item
    match field.kind:
        case "choice" | "code" if len(field.choices) > _LONG:
            said.kind, said.words = "search", _list_id(field)
            said.value = _by_word(field).get(_text(value), _text(value))
        case "choice" | "code" if not field.open:
            said.kind, said.value, said.choices = "choice", _text(value), _choices(field)
        case "code" | "choice":
            said.kind, said.value, said.choices = "open", _text(value), _choices(field)
        case "yes-no":
            said.kind, said.value = "choice", _text(value)
            said.choices = (("true", "Yes"), ("false", "No"))
        case "reference":
            said.kind, said.value, said.choices = "choice", _text(value), tuple(references.get(field.refers, ()))
        case "list" if item is not None and item.kind == "record":
            said.kind = "records"
            rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
            blanks: list[Mapping[str, Any]] = [{} for _ in range(_BLANKS)]
            said.parts = tuple(
                (
                    f"{field.title} {number + 1}",
                    tuple(
                        _shown(part, f"{name}.{number}.{part.key}", row.get(part.key), problems, references)
                        for part in item.fields
                        if not part.provenance and not (part.alias and part.key not in row)
                    ),
                )
                for number, row in enumerate([*rows, *blanks])
            )
        case "list" if item is not None:
            said.values = tuple(_text(one) for one in value) if isinstance(value, list) else ()
            said.choices = _choices(item)
            if item.kind == "choice":
                said.kind = "checks"
            else:
                said.kind = "several"
                said.names = tuple(f"{name}.{number}" for number in range(len(said.values) + _BLANKS))
                if len(item.choices) > _LONG:
                    titles = _by_word(item)
                    said.words, said.choices = _list_id(item), ()
                    said.values = tuple(titles.get(word, word) for word in said.values)
                said.values = (*said.values, *("" for _ in range(_BLANKS)))
        case "record":
            said.kind = "record"
            row = value if isinstance(value, Mapping) else {}
            said.parts = (
                (
                    field.title,
                    tuple(
                        _shown(part, f"{name}.{part.key}", row.get(part.key), problems, references)
                        for part in field.fields
                        if not part.provenance
                    ),
                ),
            )
        case _:
            said.value = _text(value)
    return said


def _list_id(field: FieldForm) -> str:
    return "words-" + "-".join(field.vocabulary).replace(".", "-").replace("_", "-")


def _choices(field: FieldForm) -> tuple[tuple[str, str], ...]:
    return tuple((_text(choice.value), choice.title) for choice in field.choices)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _path(field: str) -> str:
    """The library's path (`relief[0].percent`) as the form's (`relief.0.percent`)."""
    return field.replace("[", ".").replace("]", "")


def body_of(data: QueryDict) -> dict[str, Any]:
    """What a form said, nested as the entry is. Blanks are left for the library to leave out."""
    tree: dict[str, Any] = {}
    for name in data:
        found = _NAME.fullmatch(name)
        if not found:
            continue
        values = data.getlist(name)
        _put(tree, found[1].split("."), values if len(values) > 1 else values[0])
    body = _lists(tree)
    return body if isinstance(body, dict) else {}


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        inner = tree.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree[path[-1]] = value


def _lists(value: Any) -> Any:
    """Mappings whose keys are all numbers are lists; a row with nothing in it is no row."""
    if not isinstance(value, dict):
        return value
    made = {key: _lists(inner) for key, inner in value.items()}
    if made and all(key.isdigit() for key in made):
        rows = [made[key] for key in sorted(made, key=int)]
        return [row for row in rows if _says(row)]
    return made


def _says(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_says(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_says(inner) for inner in value)
    return bool(str(value).strip())


def read(patient: Patient, section: str, key: str, data: QueryDict) -> EntryReading:
    """The body that a form said, checked by the library: stored only if it has no problem."""
    body = body_of(data)
    fields = {field.key: field for field in section_form(section).fields}
    told = {name: _unworded(fields[name], value) if name in fields else value for name, value in body.items()}
    return read_entry(section, told, patient.zone, key=key or "new")


def _unworded(field: FieldForm, value: Any) -> Any:
    """What was typed with the titles of searched words turned back into words, and unanswered pairs left out."""
    if field.kind == "pairs" and isinstance(value, dict):
        return {name: inner for name, inner in value.items() if _says(inner)} or None
    if isinstance(value, dict):
        fields = {part.key: part for part in field.fields}
        return {name: _unworded(fields[name], inner) if name in fields else inner for name, inner in value.items()}
    if isinstance(value, list) and field.item is not None:
        return [_unworded(field.item, inner) for inner in value]
    if field.kind == "list" and field.item is not None:
        return _unworded(field.item, value)
    return _word(field, value) if len(field.choices) > _LONG else value
