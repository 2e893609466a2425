"""One language file read and held against the keys; a translation that nobody reviewed says so wherever it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from msgspec import Struct

from levamen.emit.language.keys import TEXTS
from levamen.knowledge.checklists import packaged_checklists, sheet_texts
from levamen.knowledge.loader import Reader, read_top
from levamen.record import codes

LANGUAGES = ("en", "es")
_NAME = re.compile(r"\{([a-z_]*)\}")
_KEYS = {
    "language",
    "name",
    "original",
    "version",
    "adopted",
    "weekdays",
    "months",
    "parts",
    "sides",
    "regions",
    "texts",
    "checklists",
}


class Adopted(Struct, frozen=True):
    """The clinician who read a translation and took it over, and when."""

    by: str
    on: date


class Language(Struct, frozen=True, kw_only=True):
    """What is said to patients in one language. `parts` are the parts of the day with the hour each begins.

    `checklists` are the red flags and questions that a sheet can show, keyed as `knowledge.checklists.sheet_texts`
    keys them; the original's are those of the checklists themselves.
    """

    id: str
    name: str
    version: str
    original: bool
    adopted: Adopted | None
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    parts: tuple[tuple[int, str], ...]
    sides: Mapping[str, str]
    regions: Mapping[str, str]
    texts: Mapping[str, str]
    checklists: Mapping[str, str]

    @property
    def reviewed(self) -> bool:
        """Whether it may be used without the banner."""
        return self.original or self.adopted is not None

    def say(self, key: str, **names: str) -> str:
        """The sentence of a key, its names filled in; what is filled in is never read for names again."""
        return _NAME.sub(lambda found: names[found[1]], self.texts[key])


def load_language(path: Path) -> Language:
    """A language file. Raises KnowledgeError for a missing or unknown key, and for a name that is not of its key."""
    top = read_top(path)
    original = top.flag("original")
    top.only(_KEYS - {"checklists"} if original else _KEYS)
    listed = sheet_texts(packaged_checklists())
    return Language(
        id=top.need("language", "write its code, as in en"),
        name=top.need("name", "write the language's own name"),
        version=top.need("version", "number the text, from 1"),
        original=original,
        adopted=_adopted(top),
        weekdays=_table(top, "weekdays", 7),
        months=_table(top, "months", 12),
        parts=_parts(top),
        sides=_exactly(top, "sides", frozenset(codes.ids("sides"))),
        regions=_exactly(top, "regions", frozenset(codes.ids("regions"))),
        texts=_texts(top),
        checklists=listed if original else _exactly(top, "checklists", listed.keys()),
    )


@cache
def language(id: str) -> Language:
    """A language of this package: `en` or `es`."""
    if id not in LANGUAGES:
        raise KeyError(id)
    return load_language(Path(str(resources.files("levamen.emit.language"))) / f"{id}.yaml")


def _adopted(top: Reader) -> Adopted | None:
    row = top.child("adopted")
    if row is None:
        return None
    row.only({"by", "on"})
    on = row.exact_day("on")
    if on is None:
        raise row.fail("no on; write the day on which the translation was reviewed")
    return Adopted(row.need("by", "name the clinician who reviewed the translation"), on)


def _table(top: Reader, key: str, length: int) -> tuple[str, ...]:
    words = top.words(key)
    if len(words) != length or not all(words):
        raise top.fail(f"'{key}' has {len(words)} words; write all {length}, in their order", key)
    return words


def _parts(top: Reader) -> tuple[tuple[int, str], ...]:
    row = top.child("parts")
    hours = tuple(row.fields.entries) if row is not None else ()
    if row is None or hours[:1] != ("0",) or not all(hour.isdigit() and int(hour) < 24 for hour in hours):
        raise top.fail(
            "'parts' names the parts of the day by the hour each begins, from 0 to 23, the first at 0", "parts"
        )
    found = tuple((int(hour), row.need(hour, "say the part of the day")) for hour in hours)
    if [hour for hour, _ in found] != sorted({hour for hour, _ in found}):
        raise top.fail("'parts' are not in the order of the day", "parts")
    return found


def _texts(top: Reader) -> Mapping[str, str]:
    texts = _exactly(top, "texts", TEXTS.keys())
    for key, text in texts.items():
        names = frozenset(_NAME.findall(text))
        if names != TEXTS[key] or "{" in _NAME.sub("", text) or "}" in _NAME.sub("", text):
            wanted = ", ".join(f"{{{name}}}" for name in sorted(TEXTS[key])) or "no name in braces"
            raise top.fail(f"texts: {key}: '{text}' must hold exactly: {wanted}", "texts")
    return texts


def _exactly(top: Reader, section: str, keys: Set[str]) -> dict[str, str]:
    """The texts of a section, which has these keys and no others."""
    row = top.child(section)
    if row is None:
        raise top.fail(f"no {section}; write {', '.join(sorted(keys))}")
    row.only(set(keys))
    return {key: row.need(key, "a patient reads it; write it") for key in sorted(keys)}
