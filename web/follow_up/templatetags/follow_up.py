"""What the pages of the follow-up are built from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import template

from ui.templatetags.ui import day

register = template.Library()


@register.filter
def said(posted: Mapping[str, str], name: str) -> str:
    """What was typed into the field of a name; empty where nothing was."""
    return posted.get(name, "")


@register.filter
def before(closes: datetime) -> str:
    """The last day of a window that closes at a midnight."""
    return day(closes - timedelta(minutes=1))
