"""The rows of the checklists: what is asked, confirmed, watched, required and reported around a procedure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.selectors import Selectors
from levamen.record.timeline import Duration

Effect = Literal["nothing", "physician-decides", "defer", "stop-and-ask"]
EFFECTS: tuple[Effect, ...] = ("nothing", "physician-decides", "defer", "stop-and-ask")
Stage = Literal["verification", "mark", "pause", "sign-out"]
STAGES: tuple[Stage, ...] = ("verification", "mark", "pause", "sign-out")
ANSWERS = ("yes", "no", "value", "not-applicable", "unknown")
CONFIRMERS = ("operator", "nurse", "patient", "everyone")
"""Who confirms an item of the time-out. The operator is whoever does the procedure, whatever the profession."""
FILLED_FROM = (
    "person", "procedure", "side", "levels", "position", "consent", "imaging", "equipment", "history",
    "antithrombotics", "allergies", "pregnancy", "glucose", "infection", "devices", "steroid", "local-anesthetic",
    "lots", "syringes", "antibiotics", "sedation", "driver", "site-mark", "events", "restart", "observation", "none",
)  # fmt: skip
"""What of the plan fills an item of the time-out; `none` is asked from nothing."""
Anchor = Literal["procedure", "refill", "hold-start", "restart", "any-time"]
ANCHORS: tuple[Anchor, ...] = ("procedure", "refill", "hold-start", "restart", "any-time")
Aspect = Literal["guidance", "contrast", "level", "sedation", "imaging-review", "technique"]
ASPECTS: Mapping[Aspect, str] = {
    "guidance": "guidance",
    "contrast": "contrast",
    "level": "spinal_joints",
    "sedation": "sedation",
    "imaging-review": "answers",
    "technique": "",
}
"""What a guidance row is about, and the section of the vocabulary its words are of; `technique` is words alone."""
NO_SOURCE = "no source found"
"""Written where the sources are silent, so that silence is a statement and not an omission."""


class Row(Struct, frozen=True, kw_only=True):
    """What every row has: an id unique in its table, whom it concerns, where it comes from (main source first)."""

    id: str
    applies: Selectors
    cites: tuple[Cite, ...]
    checked: date


class Value(Struct, frozen=True, kw_only=True):
    """A number or rule in words with a source and mark of its own."""

    says: str
    cite: Cite


class Answer(Struct, frozen=True, kw_only=True):
    given: str
    effect: Effect
    says: str


class Question(Row, frozen=True, kw_only=True):
    """A question before a procedure. `ask` and `because` are for the patient, `nurse` and `reason` for the clinic.

    `due` is when its answer counts: `plan` at booking, `day` on the day. `safety`: unanswered, it stops.
    """

    due: str
    safety: bool
    ask: str
    because: str
    nurse: str
    reason: str
    answers: tuple[Answer, ...]
    values: tuple[Value, ...] = ()


class TimeOutItem(Row, frozen=True, kw_only=True):
    """One sentence read aloud. `decides` is who settles it when somebody says that it differs."""

    stage: Stage
    text: str
    filled_from: tuple[str, ...]
    confirms: tuple[str, ...]
    decides: str


class Monitoring(Row, frozen=True, kw_only=True):
    """What to watch and how long; `most_minutes` where a range is given. A `reported` row is not a rule.

    `every` is how often; absent, no source says. `when` is a condition that nothing in the record states.
    """

    kind: Literal["rule", "reported"]
    says: str
    least_minutes: int | None = None
    most_minutes: int | None = None
    checks: tuple[str, ...] = ()
    every: str | None = None
    when: str | None = None


class DischargeItem(Row, frozen=True, kw_only=True):
    """One thing that must hold before the person leaves; `override: never` cannot be overridden unexamined."""

    text: str
    override: Literal["never", "with-reason"]


class Moment(Struct, frozen=True, kw_only=True):
    """A moment counted from another; `open` has no end."""

    anchor: Anchor
    offset: Duration | None = None


class Window(Struct, frozen=True, kw_only=True):
    """From `start` to `end`, both included; no end is a window that stays open."""

    start: Moment
    end: Moment | None = None


class RedFlag(Row, frozen=True, kw_only=True):
    """Signs to look for in a window, how urgent they are, and what to do. `patient` is in plain words."""

    flag: str
    urgency: str
    window: Window
    symptoms: str
    patient: str
    action: str


class CallQuestion(Row, frozen=True, kw_only=True):
    """One question of a call in the words that are read out. A yes raises the red flag `flag` and closes the rest."""

    ask: str
    flag: str | None = None
    records: str | None = None


class CallScript(Struct, frozen=True, kw_only=True):
    """A call so long after a procedure: red flags first, then what else is recorded, in order."""

    id: str
    after: Duration
    opening: str
    closing: str
    questions: tuple[CallQuestion, ...]
    cites: tuple[Cite, ...]


class NoAnswer(Struct, frozen=True, kw_only=True):
    """What follows when nobody answers: after so many attempts, who does what."""

    attempts: int
    who: str
    does: str
    cites: tuple[Cite, ...]


class Calls(Struct, frozen=True, kw_only=True):
    scripts: Mapping[str, CallScript]
    no_answer: tuple[NoAnswer, ...]


class Rate(Struct, frozen=True, kw_only=True):
    """How often, as one source reports it. Rates of several sources stand side by side and are never averaged."""

    value: str
    unit: str
    population: str
    denominator: int | None = None
    ascertainment: str | None = None
    cite: Cite

    @property
    def shown(self) -> bool:
        """Whether it may be displayed: a rate without a denominator may not."""
        return self.denominator is not None


class EventRow(Row, frozen=True, kw_only=True):
    """One kind of adverse event: how long it is asked for, in which phases, what to do (absent: no source found)."""

    window: Window
    phases: tuple[str, ...]
    never_event: bool
    action: str | None = None
    expected: bool = False
    rates: tuple[Rate, ...] = ()

    @property
    def event(self) -> str:
        """The event of the vocabulary; a row of a part of its cases is named `event--part`."""
        return self.id.split("--")[0]


class GuidanceRow(Row, frozen=True, kw_only=True):
    """What a source requires of a procedure. A word in none of the three sets is one on which the source is silent."""

    aspect: Aspect
    says: str
    accepts: frozenset[str] = frozenset()
    cautions: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()


class Checklists(Struct, frozen=True, kw_only=True):
    """Every table. `acts` says in plain words what a patient does at each urgency; `groups` are therapies by group."""

    groups: Mapping[str, frozenset[str]]
    questions: Mapping[str, Question]
    time_out: Mapping[str, TimeOutItem]
    monitoring: Mapping[str, Monitoring]
    discharge: Mapping[str, DischargeItem]
    red_flags: Mapping[str, RedFlag]
    acts: Mapping[str, str]
    calls: Calls
    events: Mapping[str, EventRow]
    guidance: Mapping[str, GuidanceRow]
