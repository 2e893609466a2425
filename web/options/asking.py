"""What asking today would settle: each missing fact with the verdicts that wait for it, and how it is answered.

A question of the vocabulary is answered yes, no or not sure; a list of the record (allergies, medicines …) by going
through it with the patient. Everything else has a form of the record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from levamen.criteria.outcome import Missing
from levamen.emit.words import capital
from levamen.pathway.answers import Question
from levamen.pathway.headline import short, target_words
from levamen.record import codes
from options.board import missing_words
from records.words import TITLES

REVIEWS = {
    "allergies": "Allergies, with contrast, latex, skin antiseptic and local anesthetic",
    "medications": "Medicines, with blood thinners and over-the-counter drugs",
    "devices": "Implanted devices",
    "problems": "Conditions and history",
}
"""Lists that are gone through in one go: what is said is that everything there is stands in the list."""
ANSWERS = ("yes", "no", "unknown")
_UNSEEN = ("not_recorded", "outside_completeness", "stale")
_ONE_ENTRY = ("person", "payer")
"""Sections of which a record mostly has one entry: what is missing there is missing in it."""
_SECTIONS = {"conservative-care": "care", "readings": "labs", "current-medications": "medications"}


class Ask(Struct, frozen=True, kw_only=True):
    """One thing to ask. `way` is how: a question, a review, or the form of a section (`section`).

    `key` is the entry that lacks it: what is missing of an entry is written into that entry, not into another one.
    """

    id: str
    way: str
    title: str
    covers: tuple[str, ...]
    waits: tuple[str, ...]
    section: str = ""
    key: str = ""

    @property
    def count(self) -> int:
        """How many verdicts wait for it."""
        return len(self.waits)


def to_ask(
    questions: Iterable[Question], raised: Collection[str] = (), held: Mapping[str, Collection[str]] | None = None
) -> tuple[Ask, ...]:
    """What is missing, the most awaited first; of the same number in the order of the alphabet.

    Of `raised` questions nobody has said yet what exactly is thought of: that is not asked of a patient. `held`: the
    keys of the entries that stand in each section.
    """
    waits: dict[tuple[str, str], dict[str, None]] = {}
    covers: dict[tuple[str, str], dict[str, None]] = {}
    lacking: dict[tuple[str, str], str] = {}
    for question in questions:
        target = capital(target_words(question.request))
        named = [("Safety", question.plan.missing)]
        named += [
            (short(row.title), (*row.needed_together, *row.would_refuse))
            for row in question.policies
            if row.verdict == "unknown"
        ]
        for who, rows in named:
            for missing in rows:
                if missing.kind == "request" and question.id in raised:
                    continue
                key = _key(missing)
                waits.setdefault(key, {})[f"{who}: {target}"] = None
                lacking.setdefault(key, _lacks_it(missing, held or {}))
                covers.setdefault(key, {})[missing_words(missing.what)] = None
    found = [_ask(way, id, tuple(covers[way, id]), tuple(who), lacking[way, id]) for (way, id), who in waits.items()]
    # What no section of the record holds (a document of the payer, a value of the tables) is not asked of anybody.
    kept = [row for row in found if row.way != "form" or row.section]
    return tuple(sorted(kept, key=lambda row: (-row.count, row.way == "form", row.title)))


def _key(missing: Missing) -> tuple[str, str]:
    section = _SECTIONS.get(missing.kind, missing.kind)
    if missing.kind == "question" and missing.what in codes.ids("questions"):
        return "question", missing.what
    listed = missing.what.startswith("whether the record holds every ") or missing.what == "a reviewed medication list"
    if section in REVIEWS and missing.reason in _UNSEEN and listed:
        return "review", section
    return "form", f"{section} {missing_words(missing.what)}"


def _lacks_it(missing: Missing, held: Mapping[str, Collection[str]]) -> str:
    """The entry that stands and says nothing of it; a list that has only one entry has no other."""
    keys = held.get(_SECTIONS.get(missing.kind, missing.kind), ())
    if missing.reason == "value_missing" and missing.fact in keys:
        return missing.fact or ""
    return next(iter(keys)) if missing.kind in _ONE_ENTRY and missing.fact is None and len(keys) == 1 else ""


def _ask(way: str, id: str, covers: tuple[str, ...], waits: tuple[str, ...], key: str) -> Ask:
    if way == "question":
        return Ask(id=id, way=way, title=capital(codes.label("questions", id)), covers=(), waits=waits)
    if way == "review":
        return Ask(id=id, way=way, title=REVIEWS[id], covers=covers, waits=waits)
    section, _, what = id.partition(" ")
    return Ask(
        id=id, way=way, title=capital(what), covers=(), waits=waits, section=section if section in TITLES else "",
        key=key,
    )  # fmt: skip
