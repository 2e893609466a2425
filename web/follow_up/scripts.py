"""The script of a call for one procedure: the library's questions, and how each is answered here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct

from administration.models import clinic
from clinic.clock import now
from follow_up.models import Said
from levamen.derive.periods import moment_of
from levamen.derive.views import local_day, zone_of
from levamen.emit.language.pack import LANGUAGES, Language, language
from levamen.emit.plan.calls import known_of, window_words
from levamen.knowledge.checklist_rows import CallQuestion, RedFlag
from levamen.knowledge.checklists import packaged_checklists
from levamen.knowledge.registry import packaged
from levamen.outcomes.measured import PAIN_SCALES, index_pains
from levamen.pathway.checklists import NOTHING_KNOWN, Known, call_script
from levamen.pathway.periprocedural.plan import plan
from levamen.pathway.relief_rules import as_request
from levamen.record import codes
from levamen.record.facts import Medication, Procedure, Record, Score
from levamen.text.tree import UnusableInput
from records.models import Patient

WORDS = ("yes", "no", "not-asked")
_HELD = ("anticoagulant", "antiplatelet", "thrombolytic", "nsaid", "supplement")
"""Classes of drugs after whose restart a call asks, as the question's own selector names them."""


_COMPARED = ("nrs", "nrs-average", "nrs-worst", "vas-mm")
"""Scales on which pain is asked again by telephone."""


class Asked(Struct, frozen=True, kw_only=True):
    """One question of the call. `kind` says how it is answered: flag, events, scale, restart, function, next.

    `unsure`: what is not known and would decide whether it applies. `theirs`: the sign in the patient's language.
    """

    row: CallQuestion
    kind: str
    unsure: tuple[str, ...] = ()
    flag: RedFlag | None = None
    theirs: str = ""
    answer: Said | None = None

    @property
    def id(self) -> str:
        return self.row.id


class Scale(Struct, frozen=True):
    """The scale on which pain was rated before, and the score then; None where there is none."""

    id: str
    before: Decimal | None
    most: int


class Script(Struct, frozen=True, kw_only=True):
    """A call for one case."""

    opening: str
    closing: str
    questions: tuple[Asked, ...]
    scale: Scale
    drugs: tuple[tuple[str, str], ...]
    language: Language | None
    tries: int

    @property
    def flags(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.questions if one.kind == "flag")


def script_of(record: Record, procedure: Procedure, script: str, answers: Iterable[Said] = ()) -> Script:
    """The call with what was answered so far. Raises KeyError for a script that is not there."""
    given = {row.question: row for row in answers}
    said = language_of(record)
    found = call_script(script, as_request(procedure), _known(record, procedure))
    return Script(
        opening=found.opening,
        closing=found.closing,
        questions=tuple(
            Asked(
                row=item.row,
                kind=kind_of(item.row),
                unsure=item.unsure,
                flag=flag_of(item.row),
                theirs=_theirs(item.row, said),
                answer=given.get(item.row.id),
            )
            for item in found.questions
        ),
        scale=scale_of(record, procedure),
        drugs=_drugs(record),
        language=said,
        tries=max(row.attempts for row in found.no_answer),
    )


def questions(script: str) -> Mapping[str, CallQuestion]:
    """Every question that a script can hold, by id. Raises KeyError."""
    return {row.id: row for row in packaged_checklists().calls.scripts[script].questions}


def flag_of(row: CallQuestion) -> RedFlag | None:
    """The warning sign that a yes raises."""
    return packaged_checklists().red_flags[row.flag] if row.flag is not None else None


def kind_of(row: CallQuestion) -> str:
    """How a question is answered."""
    if row.flag is not None:
        return "flag"
    kinds = {"other-events": "events", "relief": "scale", "restart": "restart", "function": "function"}
    return kinds.get(row.id, "next")


def _known(record: Record, procedure: Procedure) -> Known:
    try:
        made = plan(record, procedure, packaged(), now().astimezone(zone_of(record)), profiles=(clinic().hold_profile,))
    except UnusableInput:
        return NOTHING_KNOWN  # then every question stays, with the reason why
    return known_of(made)


def scale_of(record: Record, procedure: Procedure) -> Scale:
    """The scale used before: of the procedure's own rows, else of the last score of its pain before it."""
    for row in procedure.relief:
        if row.scale in PAIN_SCALES and row.before is not None:
            return Scale(row.scale, row.before, _most(row.scale))
    moment = moment_of(record, now(), local_day(now(), zone_of(record)))
    pains = {pain.id for pain in index_pains(record, procedure, moment)}
    scores = [
        one
        for one in record.of(Score)
        if isinstance(one, Score) and one.instrument in _COMPARED and one.value is not None and one.date is not None
        if one.pain in pains or (one.pain is None and len(pains) <= 1)
        if procedure.start is None or one.date.last <= procedure.start.first
    ]
    best = max(
        scores,
        key=lambda one: (one.date.last if one.date else now().date(), one.instrument == "nrs", one.id),
        default=None,
    )
    if best is None or best.instrument is None:
        return Scale("nrs", None, 10)
    return Scale(best.instrument, best.value, _most(best.instrument))


def _most(scale: str) -> int:
    return int(codes.entry("instruments", scale)["range"][1])


def _drugs(record: Record) -> tuple[tuple[str, str], ...]:
    """The medicines on the list of which a restart is asked: id of the entry, name."""
    found = []
    for fact in record.of(Medication):
        if not isinstance(fact, Medication) or fact.drug is None or fact.end is not None:
            continue
        if (fact.classes | codes.classes_of(fact.drug)) & set(_HELD):
            found.append((fact.id, codes.title(fact.drug)))
    return tuple(found)


def language_of(record: Record) -> Language | None:
    """The patient's language where it is not English and a translation is at hand; None otherwise."""
    spoken = (record.person.language or "").casefold()
    return language(spoken) if spoken in LANGUAGES and spoken != "en" else None


def _theirs(row: CallQuestion, said: Language | None) -> str:
    return said.checklists.get(f"red_flags.{row.flag}.patient", "") if said is not None and row.flag else ""


def until_words(flag: RedFlag) -> str:
    """Until when a sign counts."""
    return window_words(flag.window, language("en"))


def local(patient: Patient, moment: datetime) -> datetime:
    """A moment where the patient is."""
    return moment.astimezone(ZoneInfo(patient.zone))
