"""Body sites: the place a resource speaks of, from codes only. A side that stands only in words is reported."""

from __future__ import annotations

import re
from typing import Any

from levamen.adapters.fhir_codes import meaning
from levamen.adapters.fhir_context import Context
from levamen.adapters.fhir_systems import OURS, system_of
from levamen.adapters.fhir_types import Concept
from levamen.record.codes import ids

# SNOMED CT laterality as FHIR's value sets bodysite-laterality (R4) and bodystructure-laterality (R5) list it.
_SIDES = {
    "7771000": "left",
    "419161000": "left",
    "24028007": "right",
    "419465000": "right",
    "51440002": "both",
}
SNOMED_SIDES = {"left": "7771000", "right": "24028007", "both": "51440002"}
SETS = ("joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "muscles")
SINGLES = ("region", "side", "joint", "site")
_VALUES = {
    "region": "regions",
    "side": "sides",
    "joints": "spinal_joints",
    "interspaces": "spinal_joints",
    "vertebrae": "vertebrae",
    "roots": "roots",
    "foramina": "foramina",
    "nerves": "nerves",
    "muscles": "muscles",
    "joint": "joints",
    "site": "pain_sites",
}
_SIDE_WORDS = re.compile(r"\b(left|right|bilateral|both)\b", re.IGNORECASE)


def target(sites: tuple[Concept, ...], where: str, ctx: Context) -> dict[str, Any]:
    """The target fields said by body sites. Values that contradict one another are reported and none is chosen."""
    said: dict[str, list[str]] = {}
    words: list[str] = []
    for site in sites:
        for coding in site.coding:
            if system_of(coding.system) == "snomed" and coding.code in _SIDES:
                said.setdefault("side", []).append(_SIDES[coding.code])
        for hit in meaning(site).hits:
            if hit.system == OURS and hit.section.startswith("target."):
                _add(said, hit.section.removeprefix("target."), hit.id, where, ctx)
        words += [text for text in (site.text, *(coding.display for coding in site.coding)) if text]
    fields: dict[str, Any] = {name: frozenset(said[name]) for name in SETS if name in said}
    for name in SINGLES:
        values = sorted(set(said.get(name, ())))
        if len(values) == 1:
            fields[name] = values[0]
        elif values:
            ctx.warn(where, f"several values for {name} ({', '.join(values)}); none is used")
    if "side" not in said:
        named = next((text for text in words if _SIDE_WORDS.search(text)), None)
        if named:
            ctx.warn(where, f"the side stands only in words ('{named[:60]}'); it is not used")
    return fields


def _add(said: dict[str, list[str]], field: str, value: str, where: str, ctx: Context) -> None:
    if field not in _VALUES or value not in ids(_VALUES[field]):
        ctx.warn(where, f"'{value}' is no {field} of our vocabulary; not used")
        return
    said.setdefault(field, []).append(value)
