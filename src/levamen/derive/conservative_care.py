"""Conservative care as courses: physical and psychological care, and trials of medicines for pain."""

from __future__ import annotations

from collections.abc import Iterable

from levamen.record import codes
from levamen.record.facts import Course, Fact, Medication
from levamen.record.timeline import When

ANALGESIC_CLASSES = frozenset(
    {
        "nsaid",
        "cox-2-inhibitor",
        "topical-nsaid",
        "opioid",
        "gabapentinoid",
        "anticonvulsant",
        "snri",
        "tricyclic",
        "muscle-relaxant",
        "non-opioid-analgesic",
        "topical-analgesic",
    }
)
"""Drug classes of the vocabulary that are given for pain. A drug of another class, or one given for another stated
reason, is no trial of pain medicine."""


class CareCourse(Fact, frozen=True, kw_only=True):
    """A course of care or a trial of a medicine, told alike. `kind` is "care" or "medicine"."""

    section = "care"

    kind: str
    therapy: str
    classes: frozenset[str] = frozenset()
    region: str | None = None
    start: When | None = None
    end: When | None = None
    sessions: int | None = None
    response: str | None = None
    stopped_because: str | None = None

    @property
    def day(self) -> When | None:
        return self.start


def courses(facts: Iterable[Fact]) -> tuple[CareCourse, ...]:
    """The courses among some facts, in their order: every care entry, and every medicine that is given for pain."""
    found = []
    for fact in facts:
        if isinstance(fact, Course) and fact.therapy is not None:
            found.append(_of_care(fact))
        elif isinstance(fact, Medication) and fact.drug is not None and _for_pain(fact):
            found.append(_of_medicine(fact, fact.drug))
    return tuple(found)


_PAINFUL_GROUPS = frozenset({"spine", "joint", "neuropathic", "head", "cancer", "visceral", "ischemic"})


def _for_pain(medicine: Medication) -> bool:
    """A drug of an analgesic class, unless its stated indication is a condition of another kind (epilepsy)."""
    if not medicine.classes & ANALGESIC_CLASSES:
        return False
    if medicine.indication is None or medicine.indication not in codes.ids("conditions"):
        return True
    group = codes.entry("conditions", medicine.indication).get("group")
    return group in _PAINFUL_GROUPS or medicine.indication == "fibromyalgia"


def _of_care(course: Course) -> CareCourse:
    therapy = course.therapy or ""
    is_class = therapy in codes.ids("drug_classes")
    return CareCourse(
        id=course.id,
        recorded=course.recorded,
        author=course.author,
        source=course.source,
        note=course.note,
        kind="medicine" if is_class or therapy == "medication" else "care",
        therapy=therapy,
        classes=frozenset({therapy}) if is_class else frozenset(),
        region=course.region,
        start=course.start,
        end=course.end,
        sessions=course.sessions,
        response=course.response,
        stopped_because=course.stopped_because,
    )


def _of_medicine(medicine: Medication, drug: str) -> CareCourse:
    return CareCourse(
        id=medicine.id,
        recorded=medicine.recorded,
        author=medicine.author,
        source=medicine.source,
        note=medicine.note,
        kind="medicine",
        therapy=drug,
        classes=medicine.classes,
        start=medicine.start,
        end=medicine.end,
        response=medicine.response,
        stopped_because=medicine.stopped_because,
    )
