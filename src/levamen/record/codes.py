"""The vocabulary: one list of ids, their labels, synonyms and confirmed codes (`vocabulary.yaml` beside this file).

Codes are matched, never words: SNOMED CT by the concept itself, ICD-10-CM by prefix, CPT by number (a shared
number narrows, it does not decide).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from levamen.text.strict_yaml import read_yaml
from levamen.text.tree import Fields, Items, Node


class UnknownWord(ValueError):
    """A word that is neither an id nor a synonym; the message names the section, the word and the nearest id."""

    def __init__(self, section: str, word: str, nearest: str | None) -> None:
        self.section, self.word, self.nearest = section, word, nearest
        hint = f"; nearest: {nearest}" if nearest else ""
        super().__init__(f"{section}: '{word}' is unknown{hint}")


@cache
def vocabulary() -> Mapping[str, Any]:
    """The whole vocabulary as read, section by section."""
    text = resources.files("levamen.record").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = _plain(read_yaml(text, "vocabulary.yaml"))
    return loaded


def _plain(node: Node) -> Any:
    """A node as dict, list, str, int, float, bool or None."""
    if isinstance(node, Fields):
        return {key: _plain(value) for key, value in node.entries.items()}
    if isinstance(node, Items):
        return [_plain(item) for item in node.items]
    match node.kind:
        case "number":
            return float(node.text) if "." in node.text else int(node.text)
        case "boolean":
            return node.text == "true"
        case "null":
            return None
    return node.text


@cache
def ids(section: str) -> tuple[str, ...]:
    """The ids of a section, in its order. `qualifiers` are asked for as `qualifiers.technique`."""
    return tuple(str(key) for key in _entries(section))


def entry(section: str, id: str) -> Mapping[str, Any]:
    """The entry of an id; empty for sections that are plain lists of words."""
    entries = _entries(section)
    found = entries[id] if isinstance(entries, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def label(section: str, id: str) -> str:
    """What a person reads for an id."""
    if id not in _entries(section):
        return id
    row = entry(section, id)
    return str(row.get("label", row.get("title", id)))


def title(id: str) -> str:
    """The label of an id wherever it stands (therapies, conditions, findings, drugs, ...); else the id in words."""
    return _titles().get(id, in_words(id) if id.islower() and not id[-1:].isdigit() else id)


_SPELLED = (
    "ASA", "BMI", "Child-Pugh", "COVID-19", "CT", "ECG", "eGFR", "EMG", "factor V Leiden", "ICD-10-CM", "ICD-11", "MME",
    "MRI", "mRNA", "protein C", "protein S", "SNOMED CT",
)  # fmt: skip
"""How abbreviations and names are written that no label of the vocabulary is."""


def in_words(id: str) -> str:
    """An id in words, for what has no label: `cha2ds2_vasc` is `CHA2DS2-VASc`, `with_cancer` is `with cancer`.

    Abbreviations are spelled as the labels of the vocabulary spell them.
    """
    spelled = _spellings()
    return _spelling().sub(lambda found: spelled[found[0]], _folded(id))


@cache
def _spelling() -> re.Pattern[str]:
    longest_first = sorted(_spellings(), key=lambda said: (-len(said), said))
    return re.compile(rf"(?<![^ ])(?:{'|'.join(map(re.escape, longest_first))})(?![^ ])")


@cache
def _spellings() -> Mapping[str, str]:
    """Folded -> as it is written: labels that are their id but for capitals and hyphens, and the list above."""
    labels = (one for one in _titles().items() if _folded(one[0]) == _folded(one[1]))
    known = {_folded(id): label for id, label in labels if label[1:] != label[1:].lower()}
    return known | {_folded(one): one for one in _SPELLED}


def resolve(section: str, word: str) -> str:
    """The id for a word of a section: the id itself, or a synonym of exactly one id. Raises UnknownWord."""
    found = find(section, word)
    if found is None:
        raise UnknownWord(section, word, nearest(section, word))
    return found


def find(section: str, word: str) -> str | None:
    """The same, None where the section does not know the word: it is not compared with every word it knows."""
    words = _words(section)
    return words.get(word) or words.get(_folded(word))


def nearest(section: str, word: str) -> str | None:
    """The id whose spelling, or whose synonym's spelling, is nearest to `word`."""
    words = _words(section)
    close = difflib.get_close_matches(_folded(word), list(words), n=1, cutoff=0.5)
    return words[close[0]] if close else None


def classes_of(drug: str) -> frozenset[str]:
    """A drug's classes and every class those belong to."""
    found: set[str] = set()
    pending = list(entry("drugs", drug).get("classes", ()))
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            parent = entry("drug_classes", name).get("is")
            if parent:
                pending.append(parent)
    return frozenset(found)


def joints_of(nerves: frozenset[str]) -> frozenset[str]:
    """The facet joints whose whole nerve supply is among `nerves` (vocabulary: joint_innervation)."""
    supply = vocabulary()["joint_innervation"]
    return frozenset(joint for joint, row in supply.items() if row["nerves"] and set(row["nerves"]) <= nerves)


@cache
def by_code(system: str) -> Mapping[str, tuple[tuple[str, str, bool], ...]]:
    """For a code system of the vocabulary (snomed, icd10cm, cpt, loinc, rxcui, ...): code -> (section, id, shared)."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for section, entries in vocabulary().items():
        if not isinstance(entries, Mapping):
            continue
        for id, row in entries.items():
            codes = row.get("codes", {}) if isinstance(row, Mapping) else {}
            for code in codes.get(system, ()):
                found.setdefault(str(code), []).append((section, str(id), bool(codes.get("shared", False))))
    return {code: tuple(rows) for code, rows in found.items()}


def by_icd10(code: str) -> tuple[tuple[str, str], ...]:
    """Conditions whose ICD-10-CM prefix matches `code` (dots optional), longest prefix first."""
    bare = code.replace(".", "").upper()
    table = by_code("icd10cm")
    rows = [
        (len(prefix), section, id)
        for prefix, hits in table.items()
        if bare.startswith(prefix.replace(".", ""))
        for section, id, _ in hits
        if section == "conditions"
    ]
    found = tuple((section, id) for _, section, id in sorted(rows, key=lambda row: (-row[0], row[2])))
    return found or ((("conditions", "cancer"),) if _MALIGNANT.match(bare) else ())


_MALIGNANT = re.compile(r"C[0-8][0-9A-Z]|C9[0-6A-Z]")
"""C00 to C96, the malignant neoplasms (vocabulary: cancer)."""


def not_of_these(icd10: str, concepts: frozenset[str]) -> bool:
    """Whether an ICD-10-CM code surely states none of some conditions: all of them are coded, in other chapters.

    Within a chapter the confirmed codes of the vocabulary may be incomplete, so nothing is concluded there.
    """
    chapters: set[str] = set()
    for concept in concepts:
        confirmed = entry("conditions", concept).get("codes", {}).get("icd10cm", ()) if concept in _conditions() else ()
        if not confirmed:
            return False
        chapters |= {code[0] for code in confirmed}
    return bool(concepts) and icd10[:1].upper() not in chapters


@cache
def _conditions() -> frozenset[str]:
    return frozenset(ids("conditions"))


def _entries(section: str) -> Any:
    head, _, tail = section.partition(".")
    entries = vocabulary()[head]
    return entries[tail] if tail else entries


def _folded(word: str) -> str:
    return " ".join(word.lower().replace("_", " ").replace("-", " ").split())


@cache
def _words(section: str) -> Mapping[str, str]:
    """Every accepted spelling -> id; ids win over synonyms, and a synonym of two ids is no synonym."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    entries = _entries(section)
    if isinstance(entries, Mapping):
        for id, row in entries.items():
            for synonym in row.get("synonyms", ()) if isinstance(row, Mapping) else ():
                spelled = _folded(str(synonym))
                if found.get(spelled, id) != id:
                    twice.add(spelled)
                found[spelled] = str(id)
    for spelled in twice:
        del found[spelled]
    for id in entries:
        found[_folded(str(id))] = str(id)
        found[str(id)] = str(id)
    return found


@cache
def _titles() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for section in vocabulary().values():
        if isinstance(section, Mapping):
            for id, row in section.items():
                if isinstance(row, Mapping) and ("label" in row or "title" in row):
                    found.setdefault(str(id), str(row.get("label", row.get("title"))))
    # `none` is in several sections, of which each says what there is none of; by itself it says no more than that.
    found["none"] = "none"
    return found
