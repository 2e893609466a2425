"""An entry's form, made from the tables that read charts: its fields in words, what was typed, what is wrong with it.

The names of inputs are paths (`relief.0.percent`); what comes back is the entry's body as the library reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from msgspec import Struct

from levamen.adapters.chart_entries import EntryReading, read_entry
from levamen.adapters.chart_sections import FieldForm, SectionForm, sections, takes
from levamen.record import codes
from records.models import Entry, Patient

_BLANKS = 2
"""How many empty places a list offers beside those that are filled."""
_TARGET = {
    "region", "side", "levels", "joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "nerve", "joint",
    "muscles", "muscle", "site",
}  # fmt: skip
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

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


class EntryForm(Struct, kw_only=True):
    """The form of one entry. `first` fields are asked, `more` can be opened, `provenance` says who wrote it down."""

    section: SectionForm
    first: tuple[Shown, ...]
    more: tuple[Shown, ...]
    provenance: tuple[Shown, ...]
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
    first, more, provenance = [], [], []
    for field in form.fields:
        if field.alias and field.key not in body:
            continue
        shown = _shown(field, f"f.{field.key}", body.get(field.key), problems, references)
        if field.provenance:
            provenance.append(shown)
        elif field.key in wanted or field.required or field.key in body or shown.error:
            first.append(shown)
        else:
            more.append(shown)
    errors = tuple((f"f-{path.replace('.', '-')}" if path else "", says) for path, says in problems.items())
    return EntryForm(section=form, first=tuple(first), more=tuple(more), provenance=tuple(provenance), errors=errors)


def _wanted(form: SectionForm, body: Mapping[str, Any]) -> set[str]:
    """The fields that are asked outright: those that the entry's therapy takes, or all of a short section."""
    therapy = str(body.get("therapy") or "")
    if form.section in ("procedures", "request"):
        held = takes(therapy) if therapy in codes.ids("therapies") else None
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
    item = field.item
    match field.kind:
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
    return read_entry(section, body_of(data), patient.zone, key=key or "new")
