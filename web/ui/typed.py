"""What a form sends where a number is meant: anything else is no number, and asks for nothing."""

from __future__ import annotations

_DIGITS = 9


def number(text: str | None, otherwise: int = -1) -> int:
    """A whole number of at most nine digits; `otherwise` for any other text."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS else otherwise
