"""What somebody typed into one line: without line breaks and without characters that no eye sees."""

from __future__ import annotations

from datetime import date


def line(said: str | None, most: int) -> str:
    """The text as one line of at most `most` letters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in said or "").split())[:most]


def day(said: str | None, otherwise: date) -> date:
    """The day that is named, in the years of a clinic; any other text is `otherwise`."""
    try:
        found = date.fromisoformat(said or "")
    except ValueError:
        return otherwise
    return found if in_use(found) else otherwise


def in_use(day: date) -> bool:
    """Whether a day lies in the years for which a clinic has anything to write."""
    return 2000 <= day.year <= 2200
