"""The first letter of a title or a sentence."""

from __future__ import annotations

import re

_OWN = re.compile(r"[a-z]+[A-Z]")


def capital(text: str) -> str:
    """The text with its first letter upper case, unless its first word has capitals of its own (`aPTT`, `eGFR`)."""
    return text if _OWN.match(text) else text[:1].upper() + text[1:]
