"""What reading one chart needs at hand: its zone, the notes to report, and how a bad value is told."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.record.timeline import When


class Fault(Struct, frozen=True):
    """One wrong value: where inside the entry (`relief[0].percent`), what is wrong, what would be right."""

    path: str
    says: str
    line: int | None = None

    def under(self, path: str, line: int | None) -> Fault:
        joiner = "." if self.path and not self.path.startswith("[") else ""
        return Fault(path + joiner + self.path, self.says, self.line or line)

    def sentence(self, entry_line: int | None) -> str:
        line = f" (line {self.line})" if self.line and self.line != entry_line else ""
        return f"`{self.path}`{line}: {self.says}" if self.path else self.says


class BadValueError(ValueError):
    """An entry that cannot be used as written; the rest of the chart can."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.sentence(None) for fault in faults))

    def under(self, path: str, line: int | None) -> tuple[Fault, ...]:
        return tuple(fault.under(path, line) for fault in self.faults)

    def sentence(self, entry_line: int | None) -> str:
        return "; ".join(fault.sentence(entry_line) for fault in self.faults)


def bad(says: str, field: str = "") -> BadValueError:
    """A wrong value of a field, or of the entry as a whole."""
    return BadValueError(Fault(field, says))


class Context:
    """The chart under way: its origin, zone and default end of completeness, and notes on the entry being read."""

    def __init__(self, origin: str, policies: frozenset[str] = frozenset()) -> None:
        self.origin = origin
        self.policies = policies
        self.zone: ZoneInfo | None = None
        self.default_end: When | None = None
        self.notes: list[str] = []
        self._path: list[str] = []

    def enter(self, part: str) -> None:
        self._path.append(part)

    def leave(self) -> None:
        self._path.pop()

    @property
    def path(self) -> str:
        """Where reading has come to, from the top of the chart."""
        return joined(self._path)

    @property
    def field(self) -> str:
        """Where reading has come to inside the entry."""
        return joined(self._path[1:])

    def note(self, says: str) -> None:
        """Something worth telling about the entry, which is used all the same."""
        self.notes.append(says)

    def take_notes(self) -> list[str]:
        """The notes since last asked."""
        taken, self.notes = self.notes, []
        return taken


def joined(path: Iterable[str]) -> str:
    """A path as a person writes it: `relief[0].percent`."""
    return "".join(part if part.startswith("[") else f".{part}" for part in path).lstrip(".")


def nearest_word(word: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown key: the nearest known one, or all of them."""
    words = list(known)
    close = difflib.get_close_matches(word[:60], words, n=1, cutoff=0.5)
    return f"nearest: `{close[0]}`" if close else f"known: {', '.join(f'`{name}`' for name in words)}"


def short(text: str) -> str:
    """A value as quoted in a message."""
    flat = " ".join(text.split())
    return f"'{flat[:57]}…'" if len(flat) > 60 else f"'{flat}'"
