"""Sentences with their source: what every page of the catalogue is made of, and how its files are read.

A field holds sourced rows, or says `no source found`; the reader refuses anything else, naming file, line and remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeVar

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.loader import Reader, known_word, read_cite
from levamen.knowledge.model import Source
from levamen.record import codes
from levamen.text.tree import Scalar

NONE_FOUND = "no source found"
"""What a field says instead of a value that nobody found in a source: a gap that is shown, not one that is hidden."""

NO_SOURCE = "NO-SOURCE"
"""The source id of background knowledge that nobody has found in a document: shown as awaiting confirmation."""

Audience = Literal["patient", "clinician"]
AUDIENCES: tuple[Audience, ...] = ("patient", "clinician")

STUDY, ARTICLE, ISSUER = "study", "article", "issuer"
VOICES = {
    STUDY: "a study or review",
    ARTICLE: "an article for patients",
    ISSUER: "the issuer of the source",
}
"""Who speaks where no authority of the vocabulary does."""

CITE = {"source", "locator", "mark", "also"}
Sources = Mapping[str, Source]
_T = TypeVar("_T")


class Statement(Struct, frozen=True, kw_only=True):
    """One sentence and where it stands. `audience`: whom it is written for; absent, for clinicians.

    `therapies` are the ids it speaks of beside its own (an alternative, a step before).
    """

    says: str
    cites: tuple[Cite, ...]
    audience: Audience = "clinician"
    therapies: tuple[str, ...] = ()


class Voice(Struct, frozen=True, kw_only=True):
    """What somebody says of therapies. `by`: an authority of the vocabulary, or a key of `VOICES`.

    `regions` and `approaches` narrow it; empty, it speaks of all.
    """

    says: str
    by: str
    cites: tuple[Cite, ...]
    therapies: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()

    @property
    def speaker(self) -> str:
        """Who says it, as a person reads it."""
        return VOICES.get(self.by) or codes.label("authorities", self.by)


def none_found(top: Reader, key: str) -> bool:
    """Whether a field says that no source was found. Refuses one that is left out, or a value without a source."""
    if top.node(key) is None:
        raise top.fail(f"no {key}; give it with its source, or write `{key}: {NONE_FOUND}`")
    if not isinstance(top.node(key), Scalar):
        return False
    if top.text(key) != NONE_FOUND:
        raise top.fail(f"'{top.text(key)}' has no source; give it with its source, or write `{key}: {NONE_FOUND}`", key)
    return True


def cites_of(row: Reader, sources: Sources) -> tuple[Cite, ...]:
    """The place that supports a row, and those that say the same."""
    return read_cite(row, sources), *(read_cite(other, sources) for other in row.children("also"))


def halves(top: Reader, field: str, sources: Sources) -> tuple[Statement, ...]:
    """A field written twice: for the patient and for the clinician."""
    if none_found(top, field):
        return ()
    row = child_of(top, field)
    row.only(set(AUDIENCES))
    found = []
    for audience in AUDIENCES:
        if none_found(row, audience):
            continue
        half = child_of(row, audience)
        half.only({"says", *CITE})
        says = half.need("says", "say it in a sentence")
        found.append(Statement(says=says, cites=cites_of(half, sources), audience=audience))
    return tuple(found)


def child_of(row: Reader, key: str) -> Reader:
    """The mapping under a key. Refuses a row without it."""
    found = row.child(key)
    if found is None:
        raise row.fail(f"no {key}; give it with its source")
    return found


def rows_of(top: Reader, field: str, sources: Sources, read: Callable[[Reader, Sources], _T]) -> Iterator[_T]:
    """The rows of a list, or none where no source was found. Refuses an empty list."""
    if none_found(top, field):
        return
    rows = list(top.children(field))
    if not rows:
        raise top.fail(f"an empty list says nothing; write `{field}: {NONE_FOUND}`", field)
    for row in rows:
        yield read(row, sources)


def named_of(top: Reader, field: str, sources: Sources, read: Callable[[str, Reader, Sources], _T]) -> tuple[_T, ...]:
    """The rows of a mapping by their ids, or none where no source was found. Refuses an empty mapping."""
    if none_found(top, field):
        return ()
    found = tuple(read(id, row, sources) for id, row in top.named(field))
    if not found:
        raise top.fail(f"an empty mapping says nothing; write `{field}: {NONE_FOUND}`", field)
    return found


def words_of(row: Reader, key: str, section: str) -> tuple[str, ...]:
    """The words of a list, each an id of a section of the vocabulary."""
    words = row.words(key)
    for word in words:
        known_word(row, section, word, key)
    return words


def statement(row: Reader, sources: Sources) -> Statement:
    """One sentence of a list."""
    row.only({"says", "for", "therapies", *CITE})
    audience: Any = row.text("for") or "clinician"
    if audience not in AUDIENCES:
        raise row.fail(f"'{audience}' is nobody's; write patient or clinician", "for")
    return Statement(
        says=row.need("says", "say it in a sentence"),
        cites=cites_of(row, sources),
        audience=audience,
        therapies=words_of(row, "therapies", "therapies"),
    )


def voice(row: Reader, sources: Sources) -> Voice:
    """What somebody says of therapies."""
    row.only({"says", "by", "therapies", "regions", "approaches", *CITE})
    return Voice(
        says=row.need("says", "say it in a sentence"),
        by=speaker_of(row),
        cites=cites_of(row, sources),
        therapies=words_of(row, "therapies", "therapies"),
        regions=words_of(row, "regions", "regions"),
        approaches=words_of(row, "approaches", "qualifiers.approach"),
    )


def speaker_of(row: Reader) -> str:
    """Who says it: an authority of the vocabulary, or a key of `VOICES`."""
    by = row.need("by", f"name the authority that says it, or one of {', '.join(VOICES)}")
    if by not in VOICES and by not in codes.ids("authorities"):
        nearest = codes.nearest("authorities", by)
        hint = f"; nearest: {nearest}" if nearest else ""
        raise row.fail(f"'{by}' is no authority and none of {', '.join(VOICES)}{hint}", "by")
    return by


def optional(row: Reader, key: str, remedy: str) -> str | None:
    """A text, or nothing where the file says that no source was found."""
    text = row.need(key, f"{remedy}, or write `{NONE_FOUND}`")
    return None if text == NONE_FOUND else text
