"""Our extensions: the fields of a fact that no element of FHIR carries, written and read by the type of the field.

An extension `urn:levamen:fhir:1:<field>` holds one field. A list holds extensions with url `item`, a structure holds
one extension per field, a moment that FHIR cannot write holds `first`, `last` and `at`.
`urn:levamen:fhir:1:absent` names a field that is not said although a FHIR element could be read as if it were.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import Struct

from levamen.adapters.fhir_dates import BadDateError, text_of, when
from levamen.record.timeline import Interval, When

URL = "urn:levamen:fhir:1:"
_MARK = b"urn:levamen:fhir:1"


class Extension(Struct, rename="camel", omit_defaults=True, frozen=True):
    """An extension with the values that ours use; values of others are skipped."""

    url: str
    extension: tuple[Extension, ...] = ()
    value_string: str | None = None
    value_code: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_decimal: Decimal | None = None
    value_date_time: str | None = None


class BadExtensionError(ValueError):
    """An extension of ours that does not hold what its field needs."""


_DECODER = msgspec.json.Decoder(tuple[Extension, ...])


def is_ours(raw: msgspec.Raw) -> bool:
    """Whether a raw part (meta, extension, resource) mentions our profiles or extensions."""
    return len(raw) > 0 and _MARK in bytes(raw)


def read(raw: msgspec.Raw, kind: type[Struct]) -> dict[str, Any]:
    """The fields of `kind` among the extensions in `raw`; absent ones are given as their default."""
    if not is_ours(raw):
        return {}
    fields = _fields(kind)
    found: dict[str, Any] = {}
    try:
        extensions = _DECODER.decode(raw)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadExtensionError(f"an extension of ours cannot be read: {error}") from None
    for part in extensions:
        name = part.url.removeprefix(URL)
        if name == part.url:
            continue
        if name == "absent":
            if part.value_code is not None and part.value_code in fields:
                found[part.value_code] = _default(kind, part.value_code)
        elif name in fields:
            found[name] = _value(part, fields[name], name)
    return found


def write(name: str, value: Any) -> Extension:
    """The extension that holds one field."""
    if value is None or (isinstance(value, tuple | frozenset | Mapping) and not value):
        return Extension(URL + "absent", value_code=name)
    return _written(URL + name, value)


def _written(url: str, value: Any) -> Extension:
    match value:
        case bool():
            return Extension(url, value_boolean=value)
        case int():
            return Extension(url, value_integer=value)
        case Decimal():
            return Extension(url, value_decimal=value)
        case Fraction():
            return _fraction(url, value)
        case str():
            return Extension(url, value_string=value)
        case When():
            text = text_of(value)
            return Extension(url, value_date_time=text) if text else Extension(url, _moment(value))
        case frozenset():
            return Extension(url, tuple(_written("item", item) for item in sorted(value)))
        case tuple() | list():
            return Extension(url, tuple(_item(item) for item in value))
        case Mapping():
            return Extension(url, tuple(_written(str(key), item) for key, item in value.items() if item is not None))
        case Struct():
            parts = {name: item for name, item in _items(value) if item is not None}
            return Extension(url, tuple(_written(name, item) for name, item in parts.items()))
        case datetime():
            return Extension(url, value_date_time=value.isoformat())
        case date():
            return Extension(url, value_date_time=value.isoformat())
    raise TypeError(f"{url}: {type(value).__name__} has no place in an extension")


def _item(value: Any) -> Extension:
    return Extension("none", value_boolean=True) if value is None else _written("item", value)


def _items(value: Struct) -> list[tuple[str, Any]]:
    pairs = [(name, getattr(value, name)) for name in value.__struct_fields__]
    return [(name, item) for name, item in pairs if not (isinstance(item, tuple | frozenset) and not item)]


def _fraction(url: str, value: Fraction) -> Extension:
    """A ratio as the decimal it is, else as `numerator/denominator`."""
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(decimal) == value:
        return Extension(url, value_decimal=decimal)
    return Extension(url, value_string=f"{value.numerator}/{value.denominator}")


def _moment(value: When) -> tuple[Extension, ...]:
    parts = [
        Extension("first", value_date_time=value.first.isoformat()),
        Extension("last", value_date_time=value.last.isoformat()),
    ]
    if value.at is not None:
        parts.append(Extension("at", value_string=value.at.isoformat()))
    return tuple(parts)


def _value(part: Extension, kind: Any, name: str) -> Any:
    """The value of an extension as its field needs it."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        choices = [choice for choice in arguments if choice is not type(None)]
        if Decimal in choices and part.value_decimal is not None:
            return _decimal(part.value_decimal, name)
        return _value(part, next(choice for choice in choices if choice is not Decimal or len(choices) == 1), name)
    if origin is Literal:
        if part.value_string not in arguments:
            raise BadExtensionError(f"extension {name} is none of {', '.join(arguments)}")
        return part.value_string
    if origin is frozenset:
        return frozenset(_value(item, arguments[0], name) for item in part.extension)
    if origin is tuple:
        return tuple(None if item.url == "none" else _value(item, arguments[0], name) for item in part.extension)
    if origin is dict:
        read_one = _plain if arguments[1] is Any else lambda item: _value(item, arguments[1], name)
        return {item.url: read_one(item) for item in part.extension}
    if kind is When:
        return _when(part, name)
    if kind is Fraction:
        return Fraction(part.value_string) if part.value_string else Fraction(_decimal(part.value_decimal, name))
    if kind is Interval or (isinstance(kind, type) and issubclass(kind, Struct)):
        return _structure(part, kind, name)
    if kind is Decimal:
        return _decimal(part.value_integer if part.value_decimal is None else part.value_decimal, name)
    value = {str: part.value_string, bool: part.value_boolean, int: part.value_integer}.get(kind)
    if value is None:
        raise BadExtensionError(f"extension {name} does not hold {getattr(kind, '__name__', kind)}")
    return value


def _structure(part: Extension, kind: type[Struct], name: str) -> Struct:
    fields = _fields(kind)
    unknown = [item.url for item in part.extension if item.url not in fields]
    if unknown:
        raise BadExtensionError(f"extension {name} has no field '{unknown[0]}'")
    values = {item.url: _value(item, fields[item.url], f"{name}.{item.url}") for item in part.extension}
    if kind is Interval:
        values.setdefault("high", None)
    try:
        return kind(**values)
    except TypeError as error:
        raise BadExtensionError(f"extension {name}: {error}") from None


def _plain(part: Extension) -> Any:
    """A value without a declared type (a pump's readings), by the value it was written with."""
    if part.extension:
        if all(item.url in ("item", "none") for item in part.extension):
            return tuple(None if item.url == "none" else _plain(item) for item in part.extension)
        if {item.url for item in part.extension} <= {"first", "last", "at"} and len(part.extension) > 1:
            return _when(part, part.url)
        return {item.url: _plain(item) for item in part.extension}
    if part.value_date_time is not None:
        return when(part.value_date_time)
    simple = (part.value_string, part.value_boolean, part.value_integer, part.value_decimal)
    return next((value for value in simple if value is not None), None)


def _when(part: Extension, name: str) -> When:
    try:
        if part.value_date_time is not None:
            found = when(part.value_date_time)
            if found is not None:
                return found
        bounds = {item.url: item for item in part.extension}
        first, last = when(bounds["first"].value_date_time), when(bounds["last"].value_date_time)
        at = datetime.fromisoformat(bounds["at"].value_string or "") if "at" in bounds else None
    except (KeyError, ValueError, BadDateError):
        raise BadExtensionError(f"extension {name} does not hold a date") from None
    if first is None or last is None or first.first > last.last:
        raise BadExtensionError(f"extension {name} does not hold a date")
    return When(first.first, last.last, at)


def _decimal(value: Decimal | int | None, name: str) -> Decimal:
    number = Decimal(value) if value is not None else Decimal("NaN")
    if not number.is_finite():
        raise BadExtensionError(f"extension {name} does not hold a number")
    return number


@cache
def _fields(kind: type[Struct]) -> Mapping[str, Any]:
    return {name: hint for name, hint in typing.get_type_hints(kind).items() if name in kind.__struct_fields__}


@cache
def _default(kind: type[Struct], name: str) -> Any:
    """What a field is where nothing is said; a value nobody can change."""
    for field in msgspec.structs.fields(kind):
        if field.name == name:
            return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
    return None
