"""The parts of the spine that a procedure can aim at, as the chart names them, and a choice of them in words.

The same parts stand in the picture (`spine`) and in the list of boxes that is the form's real control. A part has the
value `joint:L4-5:left`. Its side is always the patient's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal, get_args

from msgspec import Struct

from levamen.emit.pictures.canvas import joined
from levamen.record import codes
from levamen.record.facts import Target
from levamen.text.tree import UnusableInput

Region = Literal["cervical", "thoracic", "lumbar"]
Kind = Literal["joint", "interspace", "foramen", "root", "nerve", "vertebra"]
Side = Literal["left", "midline", "right"]
REGIONS: tuple[Region, ...] = get_args(Region)
KINDS: tuple[Kind, ...] = get_args(Kind)
FIELDS: dict[Kind, str] = {
    "joint": "joints",
    "interspace": "interspaces",
    "foramen": "foramina",
    "root": "roots",
    "nerve": "nerves",
    "vertebra": "vertebrae",
}
"""The field of the chart in which a part is written."""
SIDES: dict[Kind, tuple[Side, ...]] = {
    "joint": ("left", "right"),
    "interspace": ("left", "midline", "right"),
    "foramen": ("left", "right"),
    "root": ("left", "right"),
    "nerve": ("left", "right"),
    "vertebra": ("left", "midline", "right"),
}
"""The sides that a part can have. An interspace or a vertebral body may be entered beside the midline."""
VERTEBRAE: dict[Region, tuple[str, ...]] = {
    "cervical": ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "T1"),
    "thoracic": (*(f"T{number}" for number in range(1, 13)), "L1"),
    "lumbar": ("L1", "L2", "L3", "L4", "L5", "S1"),
}
"""The vertebrae of each picture, from above."""
SACRAL = ("S1", "S2", "S3")
"""The openings of the sacrum that stand in the lumbar picture."""


class Part(Struct, frozen=True):
    """One part on one side."""

    kind: Kind
    level: str
    side: Side

    @property
    def field(self) -> str:
        return FIELDS[self.kind]

    @property
    def value(self) -> str:
        """What a form sends: `joint:L4-5:left`."""
        return f"{self.kind}:{self.level}:{self.side}"

    @property
    def words(self) -> str:
        """`L4-5 joint, left`."""
        return f"{called(self.kind, self.level)}, {self.side}"

    def id(self, name: str) -> str:
        """Its id in the picture of a name: `spine-joint-L4-5-left`."""
        return f"{name}-{self.kind}-{self.level}-{self.side}"


class Piece(Struct, frozen=True):
    """A piece of a sentence. `side`: it tells a side, and is written in an inverted block."""

    text: str
    side: bool = False


def called(kind: Kind, level: str) -> str:
    """What a person calls a part: `L4-5 joint`, `L3 medial branch`."""
    return codes.label("nerves", level) if kind == "nerve" else f"{level} {kind}"


@cache
def parts(region: Region) -> tuple[Part, ...]:
    """Every part of a region for the list of boxes: by kind, from above, left before right."""
    return tuple(Part(kind, level, side) for kind in KINDS for level in levels(region, kind) for side in SIDES[kind])


@cache
def levels(region: Region, kind: Kind) -> tuple[str, ...]:
    """The levels of a kind in a region, from above, as the chart writes them."""
    spaces = _spaces(region)
    if kind == "vertebra":
        return VERTEBRAE[region]
    if kind == "joint":
        return tuple(space for space in spaces if codes.entry("spinal_joints", space)["facet"])
    if kind == "interspace":
        return tuple(space for space in spaces if codes.entry("spinal_joints", space)["disc"])
    sacral = SACRAL if region == "lumbar" else ()
    foramina = (*spaces, *sacral)
    if kind == "foramen":
        return foramina
    if kind == "root":
        return tuple(str(codes.entry("foramina", foramen)["root"]) for foramen in foramina)
    supply = codes.vocabulary()["joint_innervation"]
    nerves = dict.fromkeys(nerve for space in spaces if space in supply for nerve in supply[space]["nerves"])
    return (*nerves, *(f"{level}-lateral-branch" for level in sacral))


def _spaces(region: Region) -> tuple[str, ...]:
    """The interspaces between the vertebrae of a region."""
    found = []
    for upper, lower in zip(VERTEBRAE[region], VERTEBRAE[region][1:], strict=False):
        found.append(f"{upper}-{lower[1:] if lower[0] == upper[0] else lower}")
    return tuple(found)


def part(value: str) -> Part:
    """The part of a value that a form sent. Raises UnusableInput."""
    for region in REGIONS:
        for found in parts(region):
            if found.value == value:
                return found
    raise UnusableInput(f"'{value}' is no part of the spine; write kind, level and side as in joint:L4-5:left")


def region_of(chosen: Part) -> Region:
    """The picture in which a part stands; of a part on the border of two, the upper one."""
    return next(region for region in REGIONS if chosen in parts(region))


def parts_of(target: Target) -> tuple[Part, ...]:
    """The parts that a procedure or a request names; without a side none: a side that was not said is never both.

    A level that stands in none of the three pictures (C0-1, S4) has no part.
    """
    sides: tuple[str, ...] = ("left", "right") if target.side == "both" else (target.side,) if target.side else ()
    wanted = {
        Part(kind, level, side)  # type: ignore[arg-type] # the words are those of the type
        for kind, field in FIELDS.items()
        for level in getattr(target, field)
        for side in sides
    }
    return in_order(wanted)


def in_order(chosen: Iterable[Part]) -> tuple[Part, ...]:
    """Parts once each, as the lists of the regions have them; what stands in none is left out."""
    wanted = set(chosen)
    return tuple(dict.fromkeys(found for region in REGIONS for found in parts(region) if found in wanted))


def pieces(chosen: Iterable[Part]) -> tuple[Piece, ...]:
    """A choice as a sentence in pieces, its sides apart: `L4-5 and L5-S1, ` `right`. Joints alone need no name."""
    found = in_order(chosen)
    groups: dict[tuple[Kind, str], list[str]] = {}
    for kind in KINDS:
        of_kind = [row for row in found if row.kind == kind]
        for level in dict.fromkeys(row.level for row in of_kind):
            groups.setdefault((kind, _sides([row.side for row in of_kind if row.level == level])), []).append(level)
    bare = all(row.kind == "joint" for row in found)
    told: list[Piece] = []
    for (kind, side), places in groups.items():
        told.append(Piece(f"{'; ' if told else ''}{_named(kind, places, bare=bare)}, "))
        told.append(Piece(side, side=True))
    return tuple(told) or (Piece("Nothing is chosen"),)


def words(chosen: Iterable[Part]) -> str:
    """`L4-5 and L5-S1, right`."""
    return "".join(piece.text for piece in pieces(chosen))


def _sides(sides: Sequence[str]) -> str:
    rest = [side for side in sides if side == "midline"]
    paired = "both sides" if {"left", "right"} <= set(sides) else next((row for row in sides if row != "midline"), "")
    return joined([*([paired] if paired else []), *rest])


_PLURALS: dict[Kind, str] = {
    "joint": "joints",
    "interspace": "interspaces",
    "foramen": "foramina",
    "root": "roots",
    "vertebra": "vertebrae",
    "nerve": "nerves",
}


def _named(kind: Kind, places: list[str], *, bare: bool) -> str:
    if bare:
        return joined(places)
    if kind == "nerve":
        return joined([codes.label("nerves", place) for place in places])
    return f"{joined(places)} {kind if len(places) == 1 else _PLURALS[kind]}"
