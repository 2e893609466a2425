"""The questions of the intake form as a page asks them: what is open, how it is asked, what stands already.

What is answered is shown and not asked again; an answer that grew too old is asked with what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from intake.models import Unsure
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.intake.rows import Choice, FormField, Group
from levamen.pathway.intake import IntakeSheet
from levamen.pathway.intake_answers import FieldAnswer

Asked = Literal["one", "several", "number", "date", "text", "instrument", "list", "areas"]
"""How a question is asked. list: it is answered by entries of a list of the record, or by its having been gone through.
areas: the body map."""
STATES = {"not-asked": "Not asked", "stale": "Too old", "unknown": "Not sure"}
LISTED = frozenset({"medications", "allergies", "procedures"})
"""Sections whose entries are the answer: they are written as entries, or the list is marked as gone through."""
_ANSWERS = (Choice("yes", "Yes"), Choice("no", "No"))
_FEW = 12


class Question(Struct, frozen=True, kw_only=True):
    """One question to ask. `name` begins the names of its inputs; `before` is what was answered once."""

    field: FormField
    about: str
    name: str
    asked: Asked
    title: str
    patient: str
    choices: tuple[Choice, ...]
    state: str
    before: str
    unsure: str
    section: str

    @property
    def long(self) -> bool:
        """Whether its choices are better in a list that opens."""
        return len(self.choices) > _FEW


class Standing(Struct, frozen=True, kw_only=True):
    """One answer that stands, with the entries that say so."""

    title: str
    text: str
    by: str
    keys: tuple[tuple[str, str], ...]


class Subject(Struct, frozen=True, kw_only=True):
    """The questions about one pain, therapy or goal, or about the patient."""

    about: str
    title: str
    open: tuple[Question, ...]
    standing: tuple[Standing, ...]


class Step(Struct, frozen=True, kw_only=True):
    """One page of the form in the list of pages."""

    id: str
    title: str
    answered: int
    stale: int
    open: int

    @property
    def of(self) -> int:
        return self.answered + self.stale + self.open


def steps(sheet: IntakeSheet) -> tuple[Step, ...]:
    """Every page with how much of it is answered. Groups that nothing can be asked of yet are left out."""
    found = []
    for group in sheet.form.groups:
        rows = sheet.of_group(group.id)
        if rows:
            open_ = sum(row.status in ("not-asked", "unknown") for row in rows)
            stale = sum(row.status == "stale" for row in rows)
            answered = len(rows) - open_ - stale
            found.append(Step(id=group.id, title=group.title, answered=answered, stale=stale, open=open_))
    return tuple(found)


def group_of(sheet: IntakeSheet, id: str) -> Group | None:
    """The group of an id; None where the form has none."""
    return next((group for group in sheet.form.groups if group.id == id), None)


def subjects(
    sheet: IntakeSheet, group: str, unsure: Iterable[Unsure], sections: Mapping[str, str]
) -> tuple[Subject, ...]:
    """The questions of one page, by what they are about. `sections`: the section of each key of the record."""
    doubts = {(row.field, row.about): row for row in unsure}
    rows = sheet.of_group(group)
    abouts = list(dict.fromkeys(row.about or "" for row in rows))
    return tuple(
        _subject(about, [row for row in rows if (row.about or "") == about], doubts, sections) for about in abouts
    )


def _subject(
    about: str, rows: Sequence[FieldAnswer], doubts: Mapping[tuple[str, str], Unsure], sections: Mapping[str, str]
) -> Subject:
    title = next((row.about_title for row in rows if row.about_title), "") or ""
    return Subject(
        about=about,
        title=capital(title) if title else "",
        open=tuple(_question(row, doubts, sections) for row in rows if row.sentence is not None),
        standing=tuple(_standing(row, sections) for row in rows if row.sentence is None),
    )


def _standing(row: FieldAnswer, sections: Mapping[str, str]) -> Standing:
    by = ", ".join(
        part for part in (dates_in_words(str(row.date).partition("T")[0]) if row.date else "", row.author) if part
    )
    said = row.text if row.status == "answered" else f"Nothing to ask: {row.reason}"
    keys = tuple((sections[id], id) for id in row.ids if id in sections)
    return Standing(title=capital(row.field.ask), text=capital(said), by=by, keys=keys)


def _question(row: FieldAnswer, doubts: Mapping[tuple[str, str], Unsure], sections: Mapping[str, str]) -> Question:
    field, about = row.field, row.about or ""
    doubt = doubts.get((field.id, about))
    before = f"{row.text}, {dates_in_words(str(row.date).partition('T')[0])}" if row.status == "stale" else ""
    if row.status == "unknown" and row.reason:
        before = capital(dates_in_words(row.reason))
    asked = asked_of(field)
    choices = _ANSWERS if field.kind == "yes-no" else tuple(c for c in field.choices if c.id != "unknown")
    return Question(
        field=field,
        about=about,
        name=f"a.{field.id}.{about}" if about else f"a.{field.id}",
        asked=asked,
        title=capital(field.ask),
        patient=field.patient,
        choices=choices if asked in ("one", "several") else (),
        state="Asked, not sure" if doubt is not None else STATES[row.status],
        before=before,
        unsure="" if doubt is None else f"asked by {doubt.by}",
        section=sections.get(about, field.lands.section),
    )


def asked_of(field: FormField) -> Asked:
    """How a question is asked."""
    if field.id == "pain-areas":
        return "areas"
    if field.lands.section in LISTED and field.per == "record":
        return "list"
    match field.kind:
        case "choice" | "yes-no":
            return "one"
        case "choices":
            return "several"
        case "number" | "date" | "text" | "instrument":
            return field.kind


def holds_unknown(field: FormField) -> bool:
    """Whether the chart has a word for: asked, and not known."""
    if field.lands.section == "completeness":
        return True
    if field.kind == "yes-no":
        return field.lands.section == "intake"
    return field.kind == "choice" and "unknown" in {choice.id for choice in field.choices}
