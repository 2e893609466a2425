"""Where in the body an entry points: aliases folded, levels spelled one way, region derived or contradicted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from levamen.adapters.chart_reading import Context, bad
from levamen.record import codes

LEVEL_FIELDS = {
    "joints": "spinal_joints",
    "interspaces": "spinal_joints",
    "vertebrae": "vertebrae",
    "roots": "roots",
    "foramina": "foramina",
}
TARGET_FIELDS = ("joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "joint", "muscles", "site")
FACET_THERAPIES = frozenset({"medial-branch-block", "medial-branch-radiofrequency-ablation", "facet-joint-injection"})
_LEVELS_MEAN = ("joints", "interspaces", "vertebrae", "roots")
_LEVEL = re.compile(r"\s*([CTLSctls])\s*(\d{1,2})\s*[-/–]\s*([CTLSctls]?)\s*(\d{1,2})\s*")


def normal_level(text: str) -> str:
    """A joint or interspace in its shortest form: L4-L5, L4/5 and l4-5 become L4-5."""
    found = _LEVEL.fullmatch(text)
    if not found:
        return text
    upper, lower = found[1].upper(), found[3].upper()
    return f"{upper}{int(found[2])}-{'' if lower in ('', upper) else lower}{int(found[4])}"


def fold_aliases(values: dict[str, Any], takes: tuple[str, ...]) -> None:
    """`nerve`, `muscle` and `levels` become the fields they stand for. Raises BadValueError where both are given."""
    for one, many in (("nerve", "nerves"), ("muscle", "muscles")):
        if one in values:
            _merge(values, one, many, frozenset({values.pop(one)}))
    if "levels" not in values:
        return
    levels = values.pop("levels")
    meant = next((field for field in _LEVELS_MEAN if field in takes), None)
    if meant is None:
        raise bad("`levels` has no meaning here; write `joints`, `interspaces`, `vertebrae` or `roots`")
    section = LEVEL_FIELDS[meant]
    _merge(values, "levels", meant, frozenset(_resolved(section, level) for level in levels))


def _resolved(section: str, level: str) -> str:
    try:
        return codes.resolve(section, normal_level(level))
    except codes.UnknownWord as error:
        raise bad(str(error), "levels") from None


def _merge(values: dict[str, Any], alias: str, field: str, found: frozenset[str]) -> None:
    if values.setdefault(field, found) != found:
        raise bad(f"`{alias}` and `{field}` differ; keep `{field}`")


def check_facet_joints(values: dict[str, Any]) -> None:
    """Raises BadValueError for a level that has no facet joint."""
    for joint in sorted(values.get("joints", ())):
        if not codes.entry("spinal_joints", joint)["facet"]:
            raise bad(f"{joint} has no facet joint", "joints")


def settle_region(values: dict[str, Any], context: Context) -> None:
    """Fills an absent region where every level lies in one; raises BadValueError where none lies in the stated one."""
    levels = list(_levels(values))
    if not levels:
        return
    stated = values.get("region")
    if stated is None:
        regions = {regions[0] for _, regions in levels}
        if len(regions) == 1:
            values["region"] = regions.pop()
        return
    outside = [level for level, regions in levels if stated not in regions]
    if len(outside) == len(levels):
        raise bad(f"{outside[0]} is {dict(levels)[outside[0]][0]}, the region says {stated}; correct one of them")
    if outside:
        context.note(f"{', '.join(outside)} lies outside the stated region {stated}")


def _levels(values: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each level with the regions it may be counted to, its own first."""
    for field, section in LEVEL_FIELDS.items():
        for level in sorted(values.get(field, ())):
            yield level, _regions(section, level)


def _regions(section: str, level: str) -> tuple[str, ...]:
    # S1 is reached from the lumbar side and a boundary joint belongs to both of its vertebrae,
    # so a chart may state either region for them.
    if level == "S1":
        return ("sacral", "lumbar")
    if section == "foramina":
        own = str(codes.entry("roots", codes.entry("foramina", level)["root"])["region"])
    else:
        own = str(codes.entry(section, level)["region"])
    lower = level.partition("-")[2]
    if lower[:1].isalpha():
        return (own, str(codes.entry("vertebrae", lower)["region"]))
    return (own,)


def fold_roots_and_foramina(values: dict[str, Any], takes: tuple[str, ...], context: Context) -> None:
    """A root and its foramen name one target: whichever the therapy takes is filled from the other."""
    if "roots" in values and "roots" not in takes and "foramina" in takes and "foramina" not in values:
        values["foramina"] = frozenset(_foramen(root) for root in values["roots"])
        context.note(f"roots read as the foramina {', '.join(sorted(values['foramina']))}")
    if "foramina" in values and "foramina" not in takes and "roots" in takes and "roots" not in values:
        values["roots"] = frozenset(codes.entry("foramina", foramen)["root"] for foramen in values["foramina"])
        context.note(f"foramina read as the roots {', '.join(sorted(values['roots']))}")


def _foramen(root: str) -> str:
    foramen = codes.entry("roots", root).get("foramen")
    if foramen not in codes.ids("foramina"):
        raise bad(f"{root} has no foramen that a needle reaches; write `foramina`", "roots")
    return str(foramen)


def joints_from_nerves(values: dict[str, Any], context: Context) -> None:
    """Facet therapies are counted in joints: nerves alone become the joints they wholly supply."""
    nerves = values.get("nerves")
    if not nerves:
        return
    joints = codes.joints_of(nerves)
    named = ", ".join(sorted(nerves))
    if not joints:
        context.note(f"no facet joint has its whole nerve supply among {named}; joints stay unknown")
    elif "joints" not in values:
        values["joints"] = joints
        context.note(f"nerves {named} read as the joints {', '.join(sorted(joints))}")
    elif joints != values["joints"]:
        context.note(f"nerves {named} supply {', '.join(sorted(joints))}, the joints say otherwise; joints are used")
