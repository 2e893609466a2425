"""The facts of a record: one immutable class per section of the chart file.

Words are ids of the vocabulary; adapters resolve synonyms before a fact is made. A field that is absent was
not said: it is never read as "no". Numbers are Decimal as written, dates are `When` (perhaps partial), and
every fact knows its own date (`day`) and the day it was recorded, so that an assessment as of an earlier
moment does not see it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from msgspec import Struct

from levamen.record import codes
from levamen.record.completeness import Completeness
from levamen.record.timeline import Interval, When


class Fact(Struct, frozen=True, kw_only=True):
    """What every fact carries. `id` is unique in its record."""

    section: ClassVar[str] = ""

    id: str
    recorded: When | None = None
    author: str | None = None
    source: str | None = None
    note: str | None = None

    @property
    def day(self) -> When | None:
        """The fact's own date, where it has one."""
        return None


class Target(Fact, frozen=True, kw_only=True):
    """A fact about a place of the body. An absent `side` is unknown, never both."""

    region: str | None = None
    side: str | None = None
    joints: frozenset[str] = frozenset()
    interspaces: frozenset[str] = frozenset()
    vertebrae: frozenset[str] = frozenset()
    roots: frozenset[str] = frozenset()
    foramina: frozenset[str] = frozenset()
    nerves: frozenset[str] = frozenset()
    joint: str | None = None
    muscles: frozenset[str] = frozenset()
    site: str | None = None


class Pain(Fact, frozen=True, kw_only=True):
    """A pain. `areas` are those marked on the body map; an area that is not marked was not said to be free of pain."""

    section: ClassVar[str] = "pain"

    site: str | None = None
    region: str | None = None
    side: str | None = None
    areas: frozenset[str] = frozenset()
    pattern: str | None = None
    mechanism: str | None = None
    course: str | None = None
    since: When | None = None
    until: When | None = None
    onset: str | None = None
    qualities: frozenset[str] = frozenset()
    worse_with: frozenset[str] = frozenset()
    better_with: frozenset[str] = frozenset()
    most_days: bool | None = None
    icd11: tuple[str, ...] = ()

    @property
    def day(self) -> When | None:
        return self.since


class Problem(Target, frozen=True, kw_only=True):
    section: ClassVar[str] = "problems"

    concept: str | None = None
    icd10: str | None = None
    snomed: str | None = None
    attributes: dict[str, str] = {}
    since: When | None = None
    until: When | None = None
    status: str | None = None
    verification: str | None = None

    @property
    def day(self) -> When | None:
        return self.since


class Finding(Target, frozen=True, kw_only=True):
    """A symptom, examination or imaging finding; `present: false` is a real answer."""

    section: ClassVar[str] = "findings"

    concept: str | None = None
    method: str | None = None
    date: When | None = None
    present: bool | None = None
    value: Decimal | str | None = None
    unit: str | None = None

    @property
    def day(self) -> When | None:
        return self.date


class Course(Fact, frozen=True, kw_only=True):
    """A course of conservative care. No `end` means it was still going when recorded."""

    section: ClassVar[str] = "care"

    therapy: str | None = None
    region: str | None = None
    start: When | None = None
    end: When | None = None
    sessions: int | None = None
    response: str | None = None
    stopped_because: str | None = None
    helped: str | None = None

    @property
    def day(self) -> When | None:
        return self.start


class Medication(Fact, frozen=True, kw_only=True):
    """One ingredient. `drug` is absent where nobody could tell which it is: then `written` says what the record had.

    `written` also keeps the name of a brand or product, and an amount that could not be read.
    """

    section: ClassVar[str] = "medications"

    drug: str | None = None
    written: str | None = None
    classes: frozenset[str] = frozenset()
    dose: str | None = None
    every: str | None = None
    times: tuple[str, ...] = ()
    as_needed: bool | None = None
    route: str | None = None
    start: When | None = None
    end: When | None = None
    last_dose: When | None = None
    indication: str | None = None
    prescriber: str | None = None
    response: str | None = None
    stopped_because: str | None = None
    helped: str | None = None

    @property
    def day(self) -> When | None:
        return self.start


class Allergy(Fact, frozen=True, kw_only=True):
    section: ClassVar[str] = "allergies"

    substance: str | None = None
    reaction: str | None = None
    severity: str | None = None


class Lab(Fact, frozen=True, kw_only=True):
    section: ClassVar[str] = "labs"

    test: str | None = None
    value: Decimal | str | None = None
    unit: str | None = None
    at: When | None = None

    @property
    def day(self) -> When | None:
        return self.at


class Score(Fact, frozen=True, kw_only=True):
    """An instrument's result. `answers` keep the published item order; None is an unanswered item, 0 an answer.

    `version` is what is printed on the form: scores of two versions are not subtracted from one another.
    """

    section: ClassVar[str] = "scores"

    instrument: str | None = None
    pain: str | None = None
    value: Decimal | None = None
    answers: tuple[Decimal | None, ...] = ()
    date: When | None = None
    version: str | None = None

    @property
    def day(self) -> When | None:
        return self.date


class Agent(Struct, frozen=True, kw_only=True):
    """What was injected, as written (`0.5 %`, `0.5 mL`, `10 mg`); `lot` as it stands on the vial."""

    drug: str
    classes: frozenset[str] = frozenset()
    concentration: str | None = None
    volume: str | None = None
    dose: str | None = None
    lot: str | None = None


class Relief(Struct, frozen=True, kw_only=True):
    """Pain after a procedure: two scores of one scale, or a stated percentage (perhaps a range).

    `activity`: the movement that usually hurts was done for this row. `author` and `source`: who told it, in which way.
    """

    at: When | None = None
    recorded: When | None = None
    author: str | None = None
    source: str | None = None
    scale: str | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    percent: Interval | None = None
    activity: bool | None = None


class FunctionChange(Struct, frozen=True, kw_only=True):
    """A function measure before and after a procedure."""

    at: When | None = None
    recorded: When | None = None
    instrument: str | None = None
    before: Decimal | None = None
    after: Decimal | None = None


class DiaryRow(Struct, frozen=True, kw_only=True):
    at: When
    value: Decimal


class Trial(Struct, frozen=True, kw_only=True):
    """What a trial of stimulation or of a pump showed."""

    coverage_adequate: bool | None = None
    repositioned: bool | None = None
    satisfied: bool | None = None
    activity_test: bool | None = None
    mme_before: Decimal | None = None
    mme_after: Decimal | None = None
    analgesic_change_percent: Decimal | None = None
    diary: tuple[DiaryRow, ...] = ()


class Exposure(Struct, frozen=True, kw_only=True):
    """What a procedure exposed the person to: fluoroscopy in s, air kerma in mGy, dose-area product in Gy·cm²,
    images kept, contrast in mL."""

    fluoroscopy_s: Decimal | None = None
    air_kerma_mgy: Decimal | None = None
    dose_area_product_gy_cm2: Decimal | None = None
    images: Decimal | None = None
    contrast_ml: Decimal | None = None


class Procedure(Target, frozen=True, kw_only=True):
    """A procedure done, planned or cancelled. `start` is its date or instant; `end` where it lasted (a trial)."""

    section: ClassVar[str] = "procedures"

    therapy: str | None = None
    status: str | None = None
    start: When | None = None
    end: When | None = None
    pain: str | None = None
    purpose: str | None = None
    approach: str | None = None
    route: str | None = None
    technique: str | None = None
    electrode: str | None = None
    waveform: str | None = None
    lead: str | None = None
    component: str | None = None
    leads: int | None = None
    contacts: int | None = None
    guidance: str | None = None
    contrast: str | None = None
    agents: tuple[Agent, ...] = ()
    operator: str | None = None
    setting: str | None = None
    sedation: str | None = None
    session: str | None = None
    relief: tuple[Relief, ...] = ()
    function: tuple[FunctionChange, ...] = ()
    relief_ended: When | None = None
    complications: tuple[str, ...] = ()
    exposure: Exposure | None = None
    trial: Trial | None = None

    @property
    def day(self) -> When | None:
        return self.start

    @property
    def drugs(self) -> frozenset[str]:
        """Ids of the drugs injected, and of their classes."""
        return frozenset(agent.drug for agent in self.agents).union(*(agent.classes for agent in self.agents))

    @property
    def injected(self) -> frozenset[str]:
        """The same, to be asked of what is injected in fact: of a procedure without agents nothing is said."""
        return self.drugs


class Request(Procedure, frozen=True, kw_only=True):
    """A procedure that is considered. Requests that share `plan` are one plan."""

    section: ClassVar[str] = "request"

    plan: str | None = None


class Evaluation(Fact, frozen=True, kw_only=True):
    """A clinician's evaluation or recorded judgement. `about_policy` and `about_criterion` name what it settles.

    One about a warning sign names its `about_flag`; `until` is the last day on which it holds.
    """

    section: ClassVar[str] = "evaluations"

    kind: str | None = None
    date: When | None = None
    by: str | None = None
    conclusion: str | None = None
    instruments: frozenset[str] = frozenset()
    about_policy: str | None = None
    about_criterion: str | None = None
    about_flag: str | None = None
    until: When | None = None

    @property
    def day(self) -> When | None:
        return self.date


class Document(Target, frozen=True, kw_only=True):
    """A document on file. A prescriber's agreement names its `drug` and whether it `agrees` to hold or to continue.

    A consent names the `therapy`, the side and the levels that were signed for; what it does not name is unknown.

    An agreement and an issued periprocedural plan are for a `request` and its appointment (`start`), an authorization
    may be. An issued plan has its `number`, and its `fingerprint`, by which a plan that differs is recognised.
    `status`: what an authority said of an authorization; absent, it is on file.
    """

    section: ClassVar[str] = "documents"

    kind: str | None = None
    status: str | None = None
    date: When | None = None
    text: str | None = None
    therapy: str | None = None
    drug: str | None = None
    agrees: str | None = None
    request: str | None = None
    number: int | None = None
    start: When | None = None
    fingerprint: str | None = None

    @property
    def day(self) -> When | None:
        return self.date


class Device(Fact, frozen=True, kw_only=True):
    """An implanted device. `pump` holds the pump's readings as the chart states them."""

    section: ClassVar[str] = "devices"

    kind: str | None = None
    model: str | None = None
    implanted: When | None = None
    removed: When | None = None
    mri: str | None = None
    pump: dict[str, Any] | None = None

    @property
    def day(self) -> When | None:
        return self.implanted


class Event(Fact, frozen=True, kw_only=True):
    section: ClassVar[str] = "events"

    kind: str | None = None
    procedure: str | None = None
    date: When | None = None
    severity: str | None = None
    asked: When | None = None
    ascertainment: str | None = None

    @property
    def day(self) -> When | None:
        return self.date


class Goal(Fact, frozen=True, kw_only=True):
    section: ClassVar[str] = "goals"

    text: str | None = None
    measure: str | None = None
    target: Decimal | str | None = None
    by: When | None = None


class Intake(Fact, frozen=True, kw_only=True):
    """What the patient said at intake on a day. Absent is not asked; `unknown` is asked and not known.

    The four counts speak of the 3 months up to `date`. `interferes`: area of life -> how much. `biggest_barrier` is an
    id of the barriers, or the patient's own words.
    """

    section: ClassVar[str] = "intake"

    date: When | None = None
    interferes: dict[str, str] = {}
    health_visits: int | None = None
    emergency_visits: int | None = None
    hospital_admissions: int | None = None
    tests: int | None = None
    opioid_days_a_week: Decimal | None = None
    work_status: str | None = None
    work_hours: Decimal | None = None
    compensation_open: str | None = None
    litigation_open: str | None = None
    interpreter: str | None = None
    sight_help: str | None = None
    hearing_help: str | None = None
    reading_help: str | None = None
    has_barriers: str | None = None
    barriers: frozenset[str] = frozenset()
    biggest_barrier: str | None = None
    decides: str | None = None
    worries: str | None = None
    bad_experience: str | None = None
    success: str | None = None

    @property
    def day(self) -> When | None:
        return self.date


class Person(Struct, frozen=True, kw_only=True):
    birth_date: When | None = None
    sex: str | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    asa: int | None = None
    language: str | None = None
    died: When | None = None


class Payer(Struct, frozen=True, kw_only=True):
    kind: str | None = None
    plan: str | None = None
    contractor: str | None = None
    state: str | None = None
    country: str | None = None
    start: When | None = None
    end: When | None = None
    recorded: When | None = None
    author: str | None = None
    source: str | None = None
    note: str | None = None


def called(fact: Any) -> str:
    """What a person calls a fact: its therapy, concept, drug, site, instrument or kind, with its day; else its id."""
    site = getattr(fact, "site", None)
    if isinstance(fact, Pain) and site is not None:
        return _PAIN_AT.get(site) or f"the pain in the {codes.label('pain_sites', site)}"
    name = _name(fact)
    if name is None:
        return str(fact.id)
    day: When | None = fact.day
    return name if day is None else f"{name} of {day.first.isoformat() if day.exact else day}"


def _name(fact: Any) -> str | None:
    """The label of its first naming word, in the section of the vocabulary that this kind of fact is written with."""
    for name in _NAMED_BY:
        word = getattr(fact, name, None)
        if word is not None:
            section = _WRITTEN_WITH.get((type(fact), name))
            return codes.label(section, word) if section and word in codes.ids(section) else codes.title(word)
    return None


_PAIN_AT = {"sacroiliac": "the pain over the sacroiliac joint", "widespread": "the widespread pain"}
"""Sites whose label does not stand after `in the`."""
_NAMED_BY = ("therapy", "concept", "drug", "written", "instrument", "test", "substance", "kind")
_WRITTEN_WITH: dict[tuple[type[Fact], str], str] = {
    (Problem, "concept"): "conditions",
    (Finding, "concept"): "findings",
    (Allergy, "substance"): "allergens",
    (Evaluation, "kind"): "evaluations",
    (Document, "kind"): "documents",
    (Device, "kind"): "devices",
    (Event, "kind"): "events",
}
"""One id may mean different things in different sections: neurogenic claudication is a pattern and a condition."""


SECTIONS: tuple[type[Fact], ...] = (
    Pain,
    Problem,
    Finding,
    Course,
    Medication,
    Allergy,
    Lab,
    Score,
    Procedure,
    Evaluation,
    Document,
    Device,
    Event,
    Goal,
    Intake,
)


class Record(Struct, frozen=True, kw_only=True):
    """One patient's record as an adapter read it: every fact, seen or not yet seen at any given moment.

    `as_of` is the chart's own statement of the moment; the caller may ask for another.
    `zone` is an IANA name; without one, dates work and instants without an offset do not.
    """

    id: str
    zone: str | None = None
    recorded: When | None = None
    as_of: When | None = None
    person: Person = Person()
    payers: tuple[Payer, ...] = ()
    completeness: tuple[Completeness, ...] = ()
    facts: tuple[Fact, ...] = ()
    requests: tuple[Request, ...] = ()

    def of(self, section: type[Fact]) -> tuple[Fact, ...]:
        """The facts of one section, in the order they were read."""
        return tuple(fact for fact in self.facts if type(fact) is section)
