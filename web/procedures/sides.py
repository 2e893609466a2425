"""What is done, on which side and at which levels, as every page and paper of the day says it. Left stays left.

Plan, picture, checklist, record and note all take side and levels from here, so that one cannot say what another does
not. A side is a piece of its own, written in an inverted block.
"""

from __future__ import annotations

from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from msgspec.structs import replace

from levamen.emit.pictures import spine
from levamen.emit.pictures.spine_parts import FIELDS, REGIONS, Part, Piece, parts_of, pieces, region_of
from levamen.emit.words import capital
from levamen.pathway.headline import target_words
from levamen.record import codes
from levamen.record.facts import Procedure
from levamen.text.tree import UnusableInput

SIDE_WORDS = {"both": "both sides", "left": "left", "right": "right", "midline": "midline"}
State = Literal["chosen", "planned", "done", "differs"]


def therapy_words(target: Procedure) -> str:
    """`Epidural steroid injection, transforaminal`; said outright where it is not recorded."""
    if target.therapy is None:
        return "Procedure not recorded"
    approach = f", {target.approach.replace('-', ' ')}" if target.approach else ""
    return f"{capital(codes.label('therapies', target.therapy))}{approach}"


def target_pieces(target: Procedure) -> tuple[Piece, ...]:
    """Levels and side. What is not recorded is said, never left out."""
    parts = parts_of(target)
    if parts and _whole(target, parts):
        return pieces(parts)
    # A place that no picture has (C0-1, a hip) is written with the side that was said.
    named = target_words(replace(target, therapy=None, side=None)).strip()
    side = SIDE_WORDS.get(target.side or "", "")
    place = Piece(f"{named or 'level not recorded'}, ")
    return place, Piece(side, side=True) if side else Piece("side not recorded")


def _whole(target: Procedure, parts: tuple[Part, ...]) -> bool:
    """Whether the parts hold every level that the target names."""
    named = {(kind, level) for kind, field in FIELDS.items() for level in getattr(target, field)}
    return named == {(part.kind, part.level) for part in parts} and target.joint is None


def target_text(target: Procedure) -> str:
    """The same in one line: `L4-5 and L5-S1, left`."""
    return "".join(piece.text for piece in target_pieces(target))


def aloud(target: Procedure, patient: str) -> tuple[Piece, ...]:
    """The sentence that is read aloud."""
    region = f", {codes.label('regions', target.region)}" if target.region else ", region not recorded"
    return (Piece(f"{therapy_words(target)}{region}, "), *target_pieces(target), Piece(f", for {patient}."))


def same_target(one: Procedure, other: Procedure) -> bool:
    """Whether two aim at the same levels on the same side."""
    return one.side == other.side and all(getattr(one, field) == getattr(other, field) for field in FIELDS.values())


def picture(target: Procedure, state: State = "planned", name: str = "spine") -> SafeString:
    """The spine with what the target aims at; empty where no picture has it."""
    parts = parts_of(target)
    if not parts or not _whole(target, parts):
        return SafeString()
    region = region_of(parts[0])
    if target.region in REGIONS:
        region = target.region
    try:
        drawn = spine.svg(region, {part.value: state for part in parts}, name=name)
    except UnusableInput:
        return SafeString()
    return mark_safe(drawn)  # noqa: S308 - our own drawing, of words that must be known


def picture_words(target: Procedure) -> str:
    """What stands under the picture."""
    return f"Seen from behind. The left of the picture is the patient’s left. {capital(target_text(target))}."
