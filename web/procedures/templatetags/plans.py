"""What the pages of a plan are built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(held: Mapping[str, Any], key: str) -> Any:
    """What stands under a key; nothing where there is none."""
    return held.get(key)


@register.filter
def section_keys(said: str) -> list[str]:
    """The words of a list, for a loop."""
    return said.split()


@register.filter
def weak(places: Sequence[str]) -> bool:
    """Whether the weakest of some places still awaits confirmation."""
    return any(place.endswith("awaiting confirmation") for place in places)
