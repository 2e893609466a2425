"""The areas of the body map that a pain was drawn on: their ids, and that their side is the pain's."""

from __future__ import annotations

from typing import Any

from levamen.adapters.chart_kinds import Schema, Text, Word, Words, scalar
from levamen.adapters.chart_reading import Context, bad, short
from levamen.knowledge.body_map import SIDES, body_map
from levamen.text.tree import Node


class AreaId(Word, frozen=True):
    """The id of one area; spaces, underscores and capitals are forgiven, a missing side is not."""

    def read(self, node: Node, context: Context) -> str:
        written = Text().read(scalar(node, "an area of the body map"), context)
        found = "-".join(written.lower().replace("_", " ").replace("-", " ").split())
        if found in body_map().areas:
            if found != written:
                context.note(f"`{context.field}` {short(written)} resolved to {found}")
            return found
        near = body_map().nearest(found)
        hint = f"nearest: {' or '.join(near)}" if near else "`levamen body-map --format json` lists them"
        raise bad(f"body map: {short(written)} is no area; {hint}")

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": list(body_map().areas)}, {"type": "string"}]}


AREAS = Words(AreaId(()))


def check_areas(values: dict[str, Any], context: Context) -> None:
    """Refuses an area on the other side than the pain. What may be incomplete is told."""
    if not values.get("areas"):
        return  # the map is read where a chart uses it
    areas = [body_map().areas[id] for id in sorted(values["areas"])]
    side = values.get("side")
    wrong = [area.id for area in areas if side in SIDES and area.side != side]
    if wrong:
        raise bad(
            f"{', '.join(wrong)} {'is' if len(wrong) == 1 else 'are'} not on the {side}, the pain's `side`;"
            " correct one of them, or write `side: both`",
            "areas",
        )
    marked = {area.side for area in areas}
    if len(marked) == 1 and side in ("both", "midline"):
        context.note(f"`side` is {side}, and every area marked is on the {marked.pop()}")
