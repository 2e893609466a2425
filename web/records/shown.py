"""What an entry says, field by field in words: nothing stands there as a program would print it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from levamen.adapters.chart_sections import FieldForm
from levamen.emit.words import capital, dates_in_words
from levamen.record import codes
from records.words import title

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
_WRITTEN = frozenset(
    {"text", "note", "author", "source", "reaction", "worries", "bad_experience", "success", "operator"}
)
"""Fields that hold somebody's own words: they are shown as they were written."""


class Said(Struct, frozen=True, kw_only=True):
    """One field: in words, or as a table where it holds several things with parts."""

    title: str
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def said(section: str, body: Mapping[str, Any]) -> list[Said]:
    """Every field of an entry in the order of its form; what no form has follows."""
    from records.entry_form import section_form

    try:
        forms = {field.key: field for field in section_form(section).fields}
    except KeyError:
        forms = {}
    keys = [key for key in forms if key in body] + [key for key in body if key not in forms]
    return [_said(key, body[key], forms.get(key)) for key in keys]


def _said(key: str, value: Any, form: FieldForm | None) -> Said:
    name = form.title if form is not None else capital(codes.in_words(key))
    if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        return _table(name, value, form.item.fields if form is not None and form.item is not None else ())
    return Said(title=name, text=_by_form(key, value, form))


def _by_form(key: str, value: Any, form: FieldForm | None) -> str:
    """A value by the titles of its own field: the same word may mean something else in another vocabulary."""
    item = form.item if form is not None and form.kind == "list" else form
    titles = {str(choice.value): choice.title for choice in item.choices} if item is not None else {}
    if isinstance(value, list):
        return ", ".join(titles.get(str(one)) or words(key, one) for one in value)
    if isinstance(value, str) and value in titles:
        return titles[value]
    return words(key, value)


def _table(name: str, rows: list[Mapping[str, Any]], forms: tuple[FieldForm, ...]) -> Said:
    titles = {field.key: field.title for field in forms}
    by = {field.key: field for field in forms}
    keys = list(dict.fromkeys([*(key for key in titles if any(key in row for row in rows)), *_others(rows, titles)]))
    return Said(
        title=name,
        head=tuple(titles.get(key, capital(codes.in_words(key))) for key in keys),
        rows=tuple(tuple(_by_form(key, row[key], by.get(key)) if key in row else "—" for key in keys) for row in rows),
    )


def _others(rows: list[Mapping[str, Any]], known: Mapping[str, str]) -> Iterator[str]:
    for row in rows:
        yield from (key for key in row if key not in known)


def words(key: str, value: Any) -> str:
    """A value in words: yes and no, dates written out, words of the vocabulary by their titles."""
    if value is None:
        return "no answer"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return "; ".join(f"{title(str(name))}: {words(str(name), inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(words(key, inner) for inner in value)
    text = str(value)
    if key in _WRITTEN or " " in text:
        return text
    moment = _MOMENT.match(text)
    if moment:
        return f"{dates_in_words(moment[1])}, {moment[2]}"
    if re.match(r"\d{4}-\d\d", text):
        return dates_in_words(text)
    return title(text) if re.fullmatch(r"[a-z][a-z0-9\-_]*", text) else text
