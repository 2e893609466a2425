"""What a form said, without its blanks: the body of an entry as it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from levamen.adapters.chart_kinds import Flag, Kind, Many, Nullable, Number, NumberOrText, OneOf, Table, Words
from levamen.adapters.chart_measures import Percent
from levamen.text.strict_yaml import NUMBER

Body = dict[str, Any]
"""What an entry says: text, int, Decimal (or float), bool, list and dict, as JSON has them."""

_ABSENT = object()


def cleaned(body: Mapping[str, Any], table: Table) -> Body:
    """A body without what is blank: no empty text, no null, no empty list or record. Numbers, and true and false, that
    a form gives as text become what they are."""
    kinds = {field.name: field.kind for field in table.fields}
    found = {name: _clean(value, kinds.get(name)) for name, value in body.items()}
    order = {name: place for place, name in enumerate(kinds)}
    named = sorted(found, key=lambda name: (order.get(name, len(order)), name))
    return {name: found[name] for name in named if found[name] is not _ABSENT}


def _clean(value: Any, kind: Kind | None) -> Any:
    match value:
        case None:
            return _ABSENT
        case str():
            text = value.replace("\r\n", "\n").strip()
            return _clean([text], kind) if text and isinstance(kind, Many | Words) else _typed(text, kind)
        case Mapping():
            said = cleaned(value, kind) if isinstance(kind, Table) else _pairs(value)
            return said or _ABSENT
        case list() | tuple():
            return _clean_list(value, kind)
        case bool() | int() | float() | Decimal() if isinstance(kind, Many | Words):
            return [value]
    return value


def _pairs(value: Mapping[str, Any]) -> Body:
    found = {name: _clean(word, None) for name, word in value.items()}
    return {name: found[name] for name in sorted(found) if found[name] is not _ABSENT}


def _clean_list(value: Iterable[Any], kind: Kind | None) -> Any:
    item = kind.kind if isinstance(kind, Many) else kind.word if isinstance(kind, Words) else None
    found = [_clean(one, item) for one in value]
    if isinstance(item, Nullable):
        # An unanswered item keeps its place.
        answers = [None if one is _ABSENT else one for one in found]
        return _ABSENT if all(one is None for one in answers) else answers
    return [one for one in found if one is not _ABSENT] or _ABSENT


def _typed(text: str, kind: Kind | None) -> Any:
    if not text:
        return _ABSENT
    kinds = _alternatives(kind)
    if text in ("true", "false") and any(isinstance(one, Flag) for one in kinds):
        return text == "true"
    if any(isinstance(one, Number | NumberOrText | Percent) for one in kinds) and NUMBER.fullmatch(text):
        return int(text) if text.isdigit() else Decimal(text)
    return text


def _alternatives(kind: Kind | None) -> tuple[Kind | None, ...]:
    if isinstance(kind, OneOf):
        return kind.kinds
    return (kind.kind,) if isinstance(kind, Nullable) else (kind,)
