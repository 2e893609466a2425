"""What the pages of options are built from."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from options.icons100 import patterns

register = template.Library()


@register.simple_tag
def people_patterns() -> SafeString:
    """The people of whom the pictures of a hundred are made."""
    return patterns()
