"""What intake pages are built from."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def typed(said: Mapping[str, list[str]], name: str) -> list[str]:
    """What was sent for an input."""
    return said.get(name, [])


@register.filter
def typed_one(said: Mapping[str, list[str]], name: str) -> str:
    """The one value that was sent for an input, or nothing."""
    return next(iter(said.get(name, [])), "")


@register.filter
def id_of(name: str) -> str:
    """The id of an input by its name."""
    return name.replace(".", "-")
