"""What the pages of the follow-up are built from."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def said(posted: Mapping[str, str], name: str) -> str:
    """What was typed into the field of a name; empty where nothing was."""
    return posted.get(name, "")
