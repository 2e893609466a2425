"""What of the intake form is answered, field by field: by which fact, when and by whom.

Absent is not asked, and `unknown` is an answer that nobody knew. Of several answers the latest counts; where it is open
which that is and they differ, the field is unknown. A list that was gone through answers with "none listed".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from msgspec import Struct

from levamen.derive.latest import latest
from levamen.derive.opioid_orders import in_force, reviewed
from levamen.derive.periods import Moment
from levamen.derive.tried import TriedTable, tried_within
from levamen.derive.views import seen
from levamen.knowledge.intake.reading import SECTIONS
from levamen.knowledge.intake.rows import Form, FormField, Place, Rules
from levamen.pathway.intake_words import name_of, not_named, picked, score_words, text_of, title_of, words_of
from levamen.pathway.scores import number_of
from levamen.record import codes
from levamen.record.completeness import Completeness
from levamen.record.facts import Fact, Goal, Intake, Medication, Pain, Problem, Record, Score
from levamen.record.timeline import When, after, known_by

Status = Literal["answered", "unknown", "stale", "not-asked", "not-needed"]
STATUSES: tuple[Status, ...] = ("answered", "unknown", "stale", "not-asked", "not-needed")
"""unknown: asked, and nobody knew, or the answers differ. stale: too old to speak of now. not-needed: another answer
leaves nothing to ask."""


class FieldAnswer(Struct, frozen=True, kw_only=True):
    """The state of one field. `about`: id of the pain, therapy or goal that it is asked of, with its name.

    `value`: ids or words as the chart has them; `text`: for a person. `reason`: why it is unknown or to be asked again.
    """

    field: FormField
    status: Status
    about: str | None = None
    about_title: str | None = None
    value: tuple[str, ...] = ()
    text: str = ""
    ids: tuple[str, ...] = ()
    date: When | None = None
    author: str | None = None
    reason: str | None = None

    @property
    def sentence(self) -> str | None:
        """What is still to ask, as a plain sentence; None where the answer stands."""
        of = f" ({self.about_title})" if self.about_title else ""
        match self.status:
            case "not-asked":
                return f"Not asked yet{of}: {self.field.ask}."
            case "stale":
                return f"Ask again{of}: {self.field.ask}; {self.reason}."
            case "unknown":
                return f"Asked and not known{of}: {self.field.ask}" + (f"; {self.reason}." if self.reason else ".")
            case _:
                return None


class Said(Struct, frozen=True):
    """One answer that stands in the record. `value` is empty where nobody knew."""

    value: tuple[str, ...]
    text: str
    day: When | None
    ids: tuple[str, ...] = ()
    author: str | None = None
    reason: str | None = None


def answers(record: Record, form: Form, rules: Rules, table: TriedTable, moment: Moment) -> tuple[FieldAnswer, ...]:
    """Every field of the form, those of a pain, a therapy or a goal once for each."""
    reader = _Reader(record, form, rules, table, moment)
    return tuple(found for field in form.fields for found in reader.field(field))


class _Reader:
    """One record being read against the form."""

    def __init__(self, record: Record, form: Form, rules: Rules, table: TriedTable, moment: Moment) -> None:
        self.record, self.form, self.rules, self.table, self.moment = record, form, rules, table, moment
        self.facts = [fact for fact in record.facts if seen(fact, moment.known)]
        self.pains = active_pains(self.facts, moment)

    def field(self, field: FormField) -> Iterable[FieldAnswer]:
        subjects: Sequence[Fact] = ()
        match field.per:
            case "pain":
                subjects = self.pains
            case "goal":
                subjects = [fact for fact in self.facts if isinstance(fact, Goal)]
            case "therapy":
                tried = {row.id for row in self.table.rows if row.kind != "procedure"}
                subjects = [fact for fact in self.facts if fact.id in tried]
        if field.per in ("goal", "therapy") and not subjects:
            return
        for subject in subjects or (None,):
            yield self.one(field, subject)

    def one(self, field: FormField, subject: Fact | None) -> FieldAnswer:
        """The state of a field, asked of one subject or of the patient."""
        about, title = (subject.id, title_of(subject)) if subject is not None else (None, None)
        said = self.said(field, subject)
        if not said:
            settled = self.settled_by_another(field)
            status: Status = "not-needed" if settled else "not-asked"
            return FieldAnswer(field=field, status=status, about=about, about_title=title, reason=settled)
        found = _settled(said)
        stale = self.stale(field, found) if found.value else None
        status = "unknown" if not found.value else "stale" if stale else "answered"
        return FieldAnswer(
            field=field,
            status=status,
            about=about,
            about_title=title,
            value=found.value,
            text=found.text,
            ids=found.ids,
            date=found.day,
            author=found.author,
            reason=stale or found.reason,
        )

    def said(self, field: FormField, subject: Fact | None) -> list[Said]:
        """Every answer to a yes-no question; of others those of the first place that has one somebody knew."""
        places = [self.at(place, field, subject) for place in (field.lands, *field.read)]
        if field.kind == "yes-no":
            return [said for place in places for said in place]
        return next((place for place in places if any(said.value for said in place)), next(filter(None, places), []))

    def settled_by_another(self, field: FormField) -> str | None:
        """What leaves nothing to ask; None where the question is open."""
        for other, words in field.unless.items():
            if other == "sex":
                if self.record.person.sex in words:
                    return f"recorded sex: {self.record.person.sex}"
                continue
            found = self.one(self.form.field(other), None)
            if found.status == "answered" and set(found.value) & set(words):
                return f"{found.field.ask}: {found.text}"
        return None

    def at(self, place: Place, field: FormField, subject: Fact | None) -> list[Said]:
        """What stands at a place of the chart."""
        if place.section == "person":
            value = getattr(self.record.person, place.field)
            return [] if value is None else [Said((str(value),), str(value), None)]
        if place.section == "completeness":
            return self.question(place)
        if place.section == "scores":
            return self.scores(place, field, subject)
        if field.per != "record" or place.section in ("goals", "intake"):
            return self.stated(place, field, subject)
        if place.section == "findings":
            return self.findings(place)
        if place.section in ("care", "procedures"):
            return self.tried(field)
        return self.listed(place, field)

    def stated(self, place: Place, field: FormField, subject: Fact | None) -> list[Said]:
        """The field of each fact of a section, or of the subject alone."""
        kind = SECTIONS[place.section]
        facts = [fact for fact in self.facts if type(fact) is kind and (subject is None or fact.id == subject.id)]
        found = []
        for fact in facts:
            value = getattr(fact, place.field)
            if place.key is not None:
                value = value.get(place.key)
            if value is None or value in (frozenset(), (), ""):
                continue
            words = words_of(value)
            known = words if words != ("unknown",) else ()
            day = fact.day if isinstance(fact, Intake) else fact.recorded
            found.append(Said(known, text_of(field, words), day, (fact.id,), fact.author))
        if subject is None and place.section == "goals" and found:
            ids = tuple(id for said in found for id in said.ids)
            texts = "; ".join(said.text for said in found)
            return [Said(tuple(word for said in found for word in said.value), texts, None, ids)]
        return found

    def question(self, place: Place) -> list[Said]:
        """The answers to a question of the record."""
        kinds = place.where.get("kind", ())
        found = []
        for entry in self.record.completeness:
            if entry.kind in kinds and entry.scope == "patient" and entry.asked is not None and self.told(entry):
                known = () if entry.answer in (None, "unknown") else (str(entry.answer),)
                found.append(Said(known, str(entry.answer or "unknown"), entry.asked, (), entry.author))
        return found

    def told(self, entry: Completeness) -> bool:
        known = entry.recorded or entry.asked or entry.reviewed
        return known is None or known_by(known, self.moment.known)

    def scores(self, place: Place, field: FormField, subject: Fact | None) -> list[Said]:
        """Scores of an instrument; of one pain those that name it, or that name none where there is no other pain."""
        wanted = place.where.get("instrument", ())
        found = []
        for fact in self.facts:
            if not isinstance(fact, Score) or fact.instrument not in wanted:
                continue
            if subject is not None and fact.pain not in (None, subject.id):
                continue
            words, reason = score_words(fact, complete=number_of(self.record, fact) is not None)
            if subject is not None and fact.pain is None and len(self.pains) > 1:
                words, reason = (), "the score does not say which pain it is of"
            found.append(Said(words, ", ".join(words), fact.date, (fact.id,), fact.author, reason))
        named = [said for said in found if said.reason is None]
        return named or found

    def findings(self, place: Place) -> list[Said]:
        """A symptom as last looked for."""
        found = []
        for fact in self.facts:
            if getattr(fact, "concept", None) not in place.where.get("concept", ()) or fact.section != "findings":
                continue
            value: Any = getattr(fact, place.field)
            if value is None and getattr(fact, "present", None) is False:
                value = False
            words = words_of(value) if value is not None else ()
            reason = None if words else "the entry has no value"
            found.append(Said(words, ", ".join(words), fact.day, (fact.id,), fact.author, reason))
        return found

    def tried(self, field: FormField) -> list[Said]:
        """What of a list was tried in the window of the form."""
        window = self.rules.rules["tried-window"].lasts
        found = tried_within(self.table, frozenset(choice.id for choice in field.choices), window)
        ids = tuple(row.id for row in found.rows)
        labels = ", ".join(dict.fromkeys(row.label for row in found.rows))
        if found.state == "unknown":
            return []
        if found.state == "not-tried":
            return [Said(("none",), "none; the record is declared to hold all of them", None)]
        words = tuple(dict.fromkeys(row.therapy for row in found.rows if row.therapy is not None))
        if found.state == "perhaps":
            return [Said((), labels, None, ids, None, f"{labels}: whether in the past {window} is not recorded")]
        return [Said(words, labels, None, ids)]

    def listed(self, place: Place, field: FormField) -> list[Said]:
        """Entries of a list of the record, or that the list was gone through and has none."""
        kind, now = SECTIONS[place.section], self.moment.as_of
        found: list[Fact] = []
        perhaps: list[Fact] = []
        for fact in self.facts:
            if type(fact) is not kind or not picked(fact, place):
                continue
            sure = True
            if isinstance(fact, Medication):
                state = in_force(fact, now)
                if state is None:
                    continue
                sure = state
            if isinstance(fact, Problem) and fact.status in ("resolved", "remission"):
                continue
            (found if sure else perhaps).append(fact)
        rows = found or perhaps
        if not rows:
            unnamed = [fact for fact in self.facts if type(fact) is kind and not_named(fact, now)]
            nothing = reviewed(self.record, place.section, self.moment) and not unnamed
            return [Said(("none",), "none listed; the list was gone through", None)] if nothing else []
        values = [getattr(fact, place.field) for fact in rows]
        ids, names = tuple(fact.id for fact in rows), ", ".join(dict.fromkeys(name_of(fact) for fact in rows))
        if not found:
            return [Said((), names, None, ids, None, f"{names}: whether it is still taken is not recorded")]
        missing = [name_of(fact) for fact, value in zip(rows, values, strict=True) if value is None]
        if missing:
            return [Said((), names, None, ids, None, f"{', '.join(missing)}: {place.field} is not recorded")]
        words = ("yes",) if field.kind == "yes-no" else tuple(dict.fromkeys(str(value) for value in values))
        doses = ", ".join(f"{name_of(fact)} {value}" for fact, value in zip(rows, values, strict=True))
        text = doses if place.field == "dose" else names
        return [Said(words, text, None, ids)]

    def stale(self, field: FormField, said: Said) -> str | None:
        """Why an answer must be asked again; None where it still speaks of now."""
        now = self.moment.as_of
        kinds = field.lands.where.get("kind", ()) if field.lands.section == "completeness" else ()
        if any(codes.entry("questions", kind).get("due") == "day" for kind in kinds) and said.day is not None:
            return f"answered {said.day}, and it counts on its day alone" if said.day.first < now else None
        if field.fresh is None:
            return None
        lasts = field.fresh.lasts
        if said.day is None:
            return f"its day is not recorded, and it speaks of {lasts} at most"
        return f"answered {said.day}, more than {lasts} ago" if after(said.day.first, lasts) < now else None


def active_pains(facts: Iterable[Fact], moment: Moment) -> tuple[Pain, ...]:
    """The pains that have not surely ended."""
    return tuple(
        fact for fact in facts if isinstance(fact, Pain) and (fact.until is None or fact.until.last >= moment.as_of)
    )


def _settled(said: Sequence[Said]) -> Said:
    """The latest answer; unknown where it is open which that is and they differ."""
    last = latest([_Dated(id=str(index), said=one) for index, one in enumerate(said)])
    known = [row.said for row in last]
    # An entry of a list says more than that another list has none.
    known = [one for one in known if one.value != ("none",)] or known
    first = known[0]
    if all(one.value == first.value for one in known):
        return first
    ids = tuple(dict.fromkeys(id for one in known for id in one.ids))
    texts = " or ".join(dict.fromkeys(one.text for one in known))
    return Said((), texts, None, ids, None, f"the answers differ: {texts}")


class _Dated(Fact, frozen=True, kw_only=True):
    """An answer among others by its day."""

    said: Said

    @property
    def day(self) -> When | None:
        return self.said.day
