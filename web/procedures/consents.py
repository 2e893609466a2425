"""What a consent was signed for, held against what is planned: the wrong side is found before the needle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from levamen.adapters.chart_targets import normal_level
from levamen.emit.pictures.spine_parts import FIELDS
from levamen.record.facts import Document, Procedure, Record, Request
from procedures.sides import target_text, therapy_words

_SETS = (*FIELDS.values(), "muscles")
_ONE = ("side", "region", "joint", "site")
_ALIASES = {"nerve": "nerves", "muscle": "muscles"}
PLACE = (*_ONE, *dict.fromkeys(_SETS))
"""The fields that say where: a consent is compared in those that it names."""


def consent_of(record: Record, request: Request) -> Document | None:
    """The consent that stands: the one of the latest day that names this request; of one day, the last."""
    held = [row for row in record.facts if isinstance(row, Document) and row.kind == "consent"]
    mine = [row for row in held if row.request == request.id]
    dated = sorted(enumerate(mine), key=lambda row: (row[1].date.first.isoformat() if row[1].date else "", row[0]))
    return dated[-1][1] if dated else None


def names_place(consent: Document) -> bool:
    """Whether the consent says where. One that does not is read on paper: nothing can be compared."""
    return any(getattr(consent, name) for name in PLACE)


def signed_for(consent: Document) -> str:
    """`Medial branch block, L4-5 and L5-S1, left`, as far as the consent names it."""
    target = _target(consent)
    what = f"{therapy_words(target)}, " if target.therapy else ""
    return f"{what}{target_text(target)}" if names_place(consent) else what.removesuffix(", ")


def against(record: Record, request: Request) -> str:
    """The sentence that stops, where the consent names another therapy, side or level than the plan; else nothing."""
    consent = consent_of(record, request)
    if consent is None:
        return ""
    if consent.therapy and request.therapy and consent.therapy != request.therapy:
        return _sentence(therapy_words(_target(consent)), therapy_words(request))
    if names_place(consent) and _differs(_of(consent), _of(request)):
        return _sentence(target_text(_target(consent)), target_text(request))
    return ""


def _sentence(signed: str, planned: str) -> str:
    return f"The consent was signed for {signed}; the plan says {planned}. Stop and settle before the needle."


def bodies_differ(consent: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    """The same of two entries as the chart writes them, where nothing else of the record is at hand."""
    other = consent.get("therapy") and request.get("therapy") and consent["therapy"] != request["therapy"]
    return bool(other) or _differs(_plain(consent), _plain(request))


def _differs(consent: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    """A field that the consent does not name is not compared; levels are, as soon as it names any."""
    levels = any(consent.get(name) for name in _SETS)
    wanted = [name for name in _ONE if consent.get(name)] + (list(_SETS) if levels else [])
    return any(consent.get(name) != request.get(name) for name in wanted if name != "region" or request.get("region"))


def _of(fact: Document | Request) -> dict[str, Any]:
    return {name: value for name in PLACE if (value := getattr(fact, name))}


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in body.items():
        named = _ALIASES.get(name, name)
        if named in _SETS:
            found[named] = frozenset(map(normal_level, [value] if isinstance(value, str) else value))
        elif named in _ONE:
            found[named] = value
    return found


def _target(consent: Document) -> Procedure:
    place: dict[str, Any] = {name: getattr(consent, name) for name in PLACE}
    return Procedure(id=consent.id, therapy=consent.therapy, **place)
