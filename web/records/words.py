"""An entry in a line of words, for lists: what it is, where, when. No ids are shown."""

from __future__ import annotations

from typing import Any

from levamen.emit.words import capital, dates_in_words
from levamen.record import codes
from records.models import Entry

SECTIONS = (
    ("pain", "Pain", "Where it hurts"),
    ("problems", "Conditions", "Conditions"),
    ("findings", "Findings", "Symptoms, examination, imaging"),
    ("care", "Care", "Conservative care and team courses"),
    ("medications", "Medicines", "Medicines"),
    ("allergies", "Allergies", "Allergies"),
    ("labs", "Labs", "Laboratory"),
    ("scores", "Measures", "Measures"),
    ("procedures", "Procedures", "Procedures"),
    ("evaluations", "Evaluations", "Evaluations and agreements"),
    ("documents", "Documents", "Documents"),
    ("devices", "Devices", "Devices"),
    ("events", "Events", "Events and complications"),
    ("goals", "Goals", "Goals"),
    ("intake", "Intake", "What the patient said"),
    ("request", "Considered", "What is considered"),
    ("completeness", "Known complete", "What is reviewed, asked or complete"),
    ("payer", "Payer", "Payer"),
)
"""The sections of a record in the order in which they are shown: id, short title, title."""
TITLES = {id: title for id, _, title in SECTIONS} | {"person": "Person", "identity": "Name and address"}


def entry_words(entry: Entry) -> str:
    """One line: what the entry says first."""
    return body_words(entry.section, entry.fields)


def body_words(section: str, body: dict[str, Any]) -> str:
    """The same from a body."""
    what = _what(section, body)
    if section == "documents" and body.get("kind") and body.get("therapy"):
        what = f"{title(str(body['kind']))}: {what[:1].lower()}{what[1:]}"
    parts = [what, _where(body), _value(section, body), _when(body)]
    return ", ".join(part for part in parts if part) or "Nothing said yet"


def _what(section: str, body: dict[str, Any]) -> str:
    for name in ("therapy", "concept", "drug", "substance", "test", "instrument", "kind", "icd10", "text", "snomed"):
        found = body.get(name)
        if found:
            said = title(str(found))
            return f"No {said[0].lower()}{said[1:]}" if body.get("present") is False else said
    if section == "pain":
        return title(str(body.get("site") or "pain"))
    return ""


def _where(body: dict[str, Any]) -> str:
    levels: list[str] = []
    for name in ("joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "muscles"):
        found = body.get(name)
        if found:
            levels += [title(one) if name in ("nerves", "muscles") else str(one) for one in found]
    levels += [title(str(body[name])) for name in ("joint", "nerve", "muscle") if body.get(name)]
    side = {"both": "both sides"}.get(str(body.get("side")), str(body.get("side") or ""))
    region = title(str(body["region"])).lower() if body.get("region") and not levels else ""
    return " ".join(part for part in (region, ", ".join(levels), side) if part)


def _value(section: str, body: dict[str, Any]) -> str:
    if section == "medications":
        every = f"every {body['every']}" if body.get("every") else ""
        return " ".join(str(part) for part in (body.get("dose"), every) if part)
    if section == "completeness" and body.get("asked"):
        return f"asked: {body.get('answer', 'no answer')}"
    parts = [str(body["value"])] if body.get("value") is not None else []
    parts += [str(body["unit"])] if body.get("unit") else []
    if body.get("sessions"):
        parts.append(f"{body['sessions']} visits")
    if body.get("response"):
        parts.append(f"response {body['response']}")
    return " ".join(parts)


def _when(body: dict[str, Any]) -> str:
    for name in ("date", "at", "start", "since", "implanted", "reviewed", "asked", "from"):
        if body.get(name):
            said = dates_in_words(str(body[name]).partition("T")[0])
            until = dates_in_words(str(body.get("end") or body.get("until") or body.get("to") or "").partition("T")[0])
            word = {"since": "since ", "reviewed": "reviewed ", "from": "from "}.get(name, "")
            return f"{word}{said}" + (f" to {until}" if until not in ("", said) else "")
    return ""


def title(word: str) -> str:
    """The title of a word of the vocabulary; any other text as it stands."""
    return capital(codes.title(word))


__all__ = ["SECTIONS", "TITLES", "body_words", "entry_words", "title"]
