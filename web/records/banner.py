"""The strip under a patient's name: what everybody who treats them must know, and what nobody asked, in words.

Fixed order on every page: allergies, contrast, latex, antithrombotics, devices, opioids, steroid, kidney. Each is a
fact with its day, or the words that say that nobody asked; a blank never stands for "none".
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from administration.models import clinic
from clinic.clock import now
from clinic.kept import Kept
from levamen.derive.mme import mme_on, ordered
from levamen.derive.periods import done, moment_of, number, shown
from levamen.derive.renal import clearance
from levamen.derive.safety_views import latest_answers
from levamen.derive.steroid_limits import limits
from levamen.derive.views import local_day, seen, zone_of
from levamen.knowledge.edition import edition
from levamen.knowledge.opioids import TABLES, packaged_opioids
from levamen.knowledge.steroids import packaged_steroids
from levamen.pathway.opioid_facts import facts_of
from levamen.record import codes
from levamen.record.completeness import Completeness
from levamen.record.facts import Allergy, Device, Fact, Lab, Medication, Problem, Record
from levamen.record.timeline import When
from records.facts import current
from records.models import Patient
from ui.templatetags.ui import day, moment, title

log = logging.getLogger("clinic.records")
NOT_ASKED = "Not asked"
_CONTRAST = frozenset({"iodinated-contrast", "gadolinium"})
_ANTITHROMBOTIC = frozenset({"anticoagulant", "antiplatelet"})


class Said(Struct, frozen=True, kw_only=True):
    """One part of the strip. `known` is false where nobody asked or wrote it down; `alarm` where somebody must know."""

    name: str
    says: str
    more: str = ""
    known: bool = True
    alarm: bool = False


class Strip(Struct, frozen=True, kw_only=True):
    """The whole strip; `failed` where it could not be worked out, and then nothing on it counts as asked."""

    parts: tuple[Said, ...] = ()
    failed: bool = False


_STRIPS: Kept[Strip] = Kept(2000)


def strip(patient: Patient) -> Strip:
    """The strip as of now; worked out again when the record grows, or an hour has passed."""
    at = now()
    key = (patient.handle, patient.head, patient.zone, at.strftime("%Y-%m-%dT%H"), clinic().zone_name, edition().key)
    try:
        return _STRIPS.get(key, lambda: worked_out(current(patient).record, at))
    except Exception as error:  # a strip that fails says so in words; the page stays, and no log repeats the record
        log.error("the strip of a patient could not be worked out: %s", type(error).__name__)
        return Strip(failed=True)


def worked_out(record: Record, at: datetime) -> Strip:
    """The strip of a record as known at a moment."""
    zone = zone_of(record)
    today = local_day(at, zone)
    facts = [fact for fact in record.facts if seen(fact, at.astimezone(zone))]
    stated = [entry for entry in record.completeness if _stated(entry, at.astimezone(zone))]
    asked = {row.fact.concept: row.fact for row in latest_answers(stated, today)}
    reviewed = {
        kind: max((entry.reviewed.last for entry in stated if entry.reviewed and _review(entry, kind)), default=None)
        for kind in ("allergies", "medications", "devices")
    }
    allergies = [fact for fact in facts if isinstance(fact, Allergy)]
    return Strip(
        parts=(
            _allergies(allergies, reviewed["allergies"], asked.get("drug-allergy")),
            _allergen("Contrast", allergies, _CONTRAST, reviewed["allergies"], asked.get("contrast-allergy")),
            _allergen("Latex", allergies, frozenset({"latex"}), reviewed["allergies"], asked.get("latex-allergy")),
            _antithrombotics(facts, today, reviewed["medications"]),
            _devices(facts, today, reviewed["devices"]),
            _opioids(record, at),
            _steroid(record, at),
            _kidney(record, facts, today),
        )
    )


def _stated(entry: Completeness, at: datetime) -> bool:
    """Whether a statement was known: by when it was recorded, else by its own day."""
    known = entry.recorded or entry.reviewed or entry.asked
    return known is None or known.first <= at.date()


def _review(entry: Completeness, kind: str) -> bool:
    return entry.kind == kind and entry.scope == "patient" and entry.reviewed is not None


def _allergies(held: list[Allergy], reviewed: date | None, asked: object) -> Said:
    others = [fact for fact in held if fact.substance not in _CONTRAST | {"latex"}]
    if others:
        listed = ", ".join(
            title(fact.substance or "a substance that is not named") + (f": {fact.reaction}" if fact.reaction else "")
            for fact in others
        )
        return Said(name="Allergies", says=listed, more=_gone_through(reviewed), alarm=True)
    return _none("Allergies", reviewed, asked)


def _allergen(name: str, held: list[Allergy], which: frozenset[str], reviewed: date | None, asked: object) -> Said:
    found = [fact for fact in held if fact.substance in which]
    if found:
        listed = ", ".join(
            title(fact.substance or "")
            + (f": {fact.reaction or fact.severity}" if fact.reaction or fact.severity else "")
            for fact in found
        )
        return Said(name=name, says=listed, alarm=True)
    if asked is not None and getattr(asked, "present", None) is True:
        return Said(name=name, says="Yes, to which is not written down", more=_on(asked), alarm=True)
    return _none(name, reviewed, asked)


def _none(name: str, reviewed: date | None, asked: object) -> Said:
    if reviewed is not None:
        return Said(name=name, says="None", more=f"gone through {day(reviewed)}")
    if asked is not None and getattr(asked, "present", None) is False:
        return Said(name=name, says="None", more=f"asked {_on(asked)}")
    return Said(name=name, says=NOT_ASKED, known=False)


def _on(asked: object) -> str:
    when: When | None = getattr(asked, "date", None)
    return day(when.last) if when is not None else ""


def _gone_through(reviewed: date | None) -> str:
    return f"gone through {day(reviewed)}" if reviewed is not None else "list not gone through"


def _antithrombotics(facts: Iterable[Fact], today: date, reviewed: date | None) -> Said:
    taken = [
        fact
        for fact in facts
        if isinstance(fact, Medication)
        and (fact.end is None or fact.end.last >= today)
        and (fact.classes | codes.classes_of(fact.drug) if fact.drug else fact.classes) & _ANTITHROMBOTIC
    ]
    if taken:
        listed = "; ".join(
            " ".join(part for part in (title(fact.drug or fact.written or ""), fact.dose or "", _every(fact)) if part)
            for fact in taken
        )
        doses = "; ".join(
            f"last dose {_when(fact.last_dose)}" if fact.last_dose is not None else "last dose not recorded"
            for fact in taken
        )
        return Said(name="Antithrombotics", says=listed, more=doses, alarm=True)
    if reviewed is not None:
        return Said(name="Antithrombotics", says="None", more=f"medicines gone through {day(reviewed)}")
    return Said(name="Antithrombotics", says=NOT_ASKED, known=False)


def _every(fact: Medication) -> str:
    return f"every {fact.every}" if fact.every else ""


def _when(when: When) -> str:
    return moment(when.at) if when.at is not None else day(when.last)


def _devices(facts: Iterable[Fact], today: date, reviewed: date | None) -> Said:
    held = [fact for fact in facts if isinstance(fact, Device) and (fact.removed is None or fact.removed.last >= today)]
    if held:
        return Said(name="Devices", says=", ".join(title(fact.kind or "device") for fact in held), alarm=True)
    if reviewed is not None:
        return Said(name="Devices", says="None", more=f"asked {day(reviewed)}")
    return Said(name="Devices", says=NOT_ASKED, known=False)


def _opioids(record: Record, at: datetime) -> Said:
    opioids = packaged_opioids()
    table = opioids.tables[TABLES[0]]
    when = moment_of(record, at, local_day(at, zone_of(record)))
    found = facts_of(record, when)
    total = mme_on(ordered(record, when, table, opioids), when.on, reviewed=found.medicines_reviewed)
    if total.value is None or (not total.lines and not total.complete):
        says = "Not known" if total.lines else NOT_ASKED
        return Said(name="Opioids", says=says, more=table.title if total.lines else "", known=False)
    if not total.lines:
        return Said(name="Opioids", says="None", more="medicines gone through")
    return Said(
        name="Opioids", says=f"{shown(total.value)} MME/day", more=f"factors of {table.title}", alarm=bool(total.lines)
    )


def _steroid(record: Record, at: datetime) -> Said:
    when = moment_of(record, at, local_day(at, zone_of(record)))
    found = [row for row in limits(record, done(record, when), when, packaged_steroids()) if row.limit.window]
    year = next((row for row in found if row.limit.counts == "equivalents" and row.limit.window.amount == 12), None)  # type: ignore[union-attr]  # windows alone were kept
    if year is None:
        return Said(name="Steroid, 12 months", says="Not known", known=False)
    known = year.total.value.high is not None
    more = f"limit of {year.limit.who}{f', {year.limit.population} patients' if year.limit.population else ''}"
    return Said(
        name="Steroid, 12 months", says=f"{shown(year.total.value)} of {year.limit.amount} mg MPE", more=more,
        known=known, alarm=year.numbers == "exceeded",
    )  # fmt: skip


def _kidney(record: Record, facts: Iterable[Fact], today: date) -> Said:
    facts = list(facts)
    labs = [fact for fact in facts if isinstance(fact, Lab)]
    found = clearance(record.person, labs, labs, [fact for fact in facts if isinstance(fact, Problem)], today)
    if found.dialysis:
        return Said(name="Kidney", says="On dialysis", alarm=True)
    if found.least is None or found.most is None:
        lacking = ", ".join(row.what for row in found.missing)
        return Said(name="Kidney", says="CrCl not known", more=f"missing: {lacking}" if lacking else "", known=False)
    value = number(found.least) if found.least == found.most else f"{number(found.least)} to {number(found.most)}"
    dated = day(found.day.last) if found.day is not None else "no date"
    return Said(name="Kidney", says=f"CrCl {value} mL/min", more=dated)


__all__ = ["Said", "Strip", "current", "strip", "worked_out"]
