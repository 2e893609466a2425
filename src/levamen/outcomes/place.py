"""Where a procedure was done, what it tests, and whether two of them were done at one place."""

from __future__ import annotations

from levamen.record import codes
from levamen.record.facts import Procedure, Target

STRUCTURES: dict[str, frozenset[str]] = {
    "facet": frozenset({"medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"}),
    "sacroiliac": frozenset(
        {"sacroiliac-joint-injection", "sacral-lateral-branch-block", "sacral-lateral-branch-radiofrequency-ablation"}
    ),
    "root": frozenset({"selective-nerve-root-block"}),
}
"""What is tested or treated, by therapy: anatomy, no clinical threshold."""

STRUCTURE_WORDS = {"facet": "facet joints", "sacroiliac": "sacroiliac joint", "root": "nerve root"}
STRUCTURE_PROBLEMS: dict[str, frozenset[str]] = {
    "facet": frozenset({"facet-arthropathy"}),
    "sacroiliac": frozenset({"sacroiliac-joint-pain"}),
    "root": frozenset({"radiculopathy"}),
}
"""The problems that say the structure is the source of the pain."""

_LEVELS = ("joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "muscles")
_ALIKE = ("region", "joint", "site")


def structure_of(therapy: str | None) -> str | None:
    """What a therapy tests or treats, where it is one of these."""
    return next((name for name, therapies in STRUCTURES.items() if therapy in therapies), None)


def purpose_of(procedure: Procedure) -> str | None:
    """The purpose stated, else the only one that the therapy has; None where either may be meant."""
    if procedure.purpose is not None:
        return procedure.purpose
    purposes = list(codes.entry("therapies", procedure.therapy).get("purposes", ())) if procedure.therapy else []
    return str(purposes[0]) if len(purposes) == 1 else None


def kind_of(procedure: Procedure) -> str:
    """The kind of its therapy (block, injection, ablation, ...); empty where there is none."""
    return str(codes.entry("therapies", procedure.therapy).get("kind", "")) if procedure.therapy else ""


def same_place(one: Target, other: Target) -> bool | None:
    """Whether two targets share a place: True surely, False surely not, None where something is not recorded."""
    sure = True
    for name in _ALIKE:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None:
            if mine != theirs:
                return False
        elif mine is not None or theirs is not None:
            sure = False
    if not _sides_meet(one.side, other.side):
        return False
    if (one.side is None) != (other.side is None):
        sure = False
    for name in _LEVELS:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs:
            if not mine & theirs:
                return False
        elif mine or theirs:
            sure = False
    return True if sure else None


def _sides_meet(one: str | None, other: str | None) -> bool:
    return None in (one, other) or "both" in (one, other) or one == other


def place_words(target: Target) -> str:
    """`L3-4, L4-5 right`: the levels, joint or region, and the side."""
    levels = next((sorted(getattr(target, name)) for name in _LEVELS if getattr(target, name)), [])
    named = ", ".join(levels) or (codes.label("joints", target.joint) if target.joint is not None else "")
    region = codes.label("regions", target.region) if target.region is not None else ""
    side = "both sides" if target.side == "both" else target.side or ""
    return " ".join(part for part in (named or region, side) if part)
