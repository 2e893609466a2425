"""The checklist of a day: what is asked, what the plan fills in, what was answered, and what keeps the needle out.

Everything is worked out from the record, the plan and the answers; nothing is kept that could fall out of step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from administration.models import clinic
from clinic.clock import now
from levamen.adapters.chart_entries import read_entry
from levamen.emit.pictures.spine_parts import Piece
from levamen.emit.plan.words import day_words
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.checklist_rows import Question
from levamen.pathway.checklists import NOTHING_KNOWN, Item, Known, questions_for, time_out_for
from levamen.pathway.periprocedural.answers import Plan
from levamen.record import codes
from levamen.record.facts import Lab, Record, Request
from levamen.record.timeline import When
from people.models import Staff
from people.roles import CLINICAL, PHYSICIANS, Role
from procedures.consents import against
from procedures.day_fill import fill
from procedures.models import Booking, DayAnswer, SecondPerson
from procedures.plans import Planned, plan_of, requests_of
from records.models import Entry

STAGES = {"verification": "awake", "mark": "awake", "pause": "pause", "sign-out": "sign-out"}
"""The stage of the day to which a stage of the library's time-out belongs."""
ANSWER_WORDS = {
    "yes": "Yes",
    "no": "No",
    "not-applicable": "Does not apply",
    "unknown": "Not known",
    "value": "Value",
    "normal": "Normal",
}
MEASURED = {
    "blood-pressure-today": "mmHg, as 134/78",
    "glucose-today": "mg/dL or mmol/L",
    "fasting": "last food, last drink",
}
"""What is typed where an answer is a value."""
COMPARED = {"fasting": (("yes", "Long enough ago"), ("no", "Too soon"), ("unknown", "Not known"))}
"""Values that whoever asks compares with the hours the plan shows: safety reads the comparison, and both are kept."""
OVERRIDE = "safety-override"
BASELINE = "neuro-baseline"
"""Strength and feeling before the needle: what recovery compares with."""
STOPS = ("contraindicated", "defer", "unknown")


class Ask(Struct, kw_only=True):
    """One question of the day. `effect` is what the answer given does; `open`: nobody has answered it today."""

    id: str
    title: str
    why: str
    options: tuple[tuple[str, str], ...]
    takes: str = ""
    safety: bool = True
    unsure: tuple[str, ...] = ()
    given: str = ""
    said: str = ""
    by: str = ""
    at: datetime | None = None
    effect: str = ""
    effect_says: str = ""
    unverified: bool = False

    @property
    def open(self) -> bool:
        return not self.given

    @property
    def stops(self) -> bool:
        return self.safety and (self.open or self.effect in ("defer", "stop-and-ask"))

    @property
    def words(self) -> str:
        if self.given == "list":
            return f"See the {self.said}"
        said = self.said if self.given == "value" else ANSWER_WORDS.get(self.given, self.given)
        return f"{said}: {self.said}" if self.said and self.given != "value" else said


class Check(Struct, kw_only=True):
    """One sentence of the time-out with what the plan says to it. `state`: open, agree, differs."""

    id: str
    stage: str
    text: str
    filled: tuple[Piece, ...]
    confirms: str
    decides: str
    unsure: tuple[str, ...] = ()
    unverified: bool = False
    state: str = "open"
    said: str = ""
    by: Staff | None = None
    at: datetime | None = None
    consent: bool = False


class Sheet(Struct, kw_only=True):
    """The whole day of one booking. Without `plan` nothing is filled in, and `refusal` says why."""

    booking: Booking
    request: Request
    record: Record
    plan: Plan | None
    refusal: str
    asks: tuple[Ask, ...]
    checks: tuple[Check, ...]
    override: DayAnswer | None
    seconds: tuple[SecondPerson, ...]

    def of(self, stage: str) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.stage == stage)

    def open_in(self, stage: str) -> tuple[Check, ...]:
        return tuple(check for check in self.of(stage) if check.state != "agree")

    @property
    def differing(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.state == "differs")

    @property
    def safety(self) -> str:
        """The library's verdict of now; `unknown` where it could not be worked out."""
        return self.plan.safety if self.plan is not None else "unknown"

    @property
    def consent(self) -> str:
        """The sentence that stops where the consent was signed for something else; nobody decides otherwise."""
        return against(self.record, self.request)

    @property
    def reasons(self) -> tuple[str, ...]:
        found = list(self.plan.reasons) if self.plan is not None else [self.refusal]
        found += [f"{row.title} {ANSWER_WORDS.get(row.given, row.given)}: {row.effect_says}"
                  for row in self.asks if row.stops and not row.open]  # fmt: skip
        return tuple(found)

    @property
    def unasked(self) -> tuple[Ask, ...]:
        """The questions whose silence alone stops."""
        return tuple(row for row in self.asks if row.open and row.safety)

    @property
    def stopped(self) -> bool:
        """Whether safety says stop, and nobody who may has decided otherwise for exactly these reasons."""
        stops = self.safety in STOPS or any(row.stops for row in self.asks)
        return stops and (self.override is None or self.override.answer != fingerprint(self.reasons))

    def second_for(self, stage: str) -> bool:
        """Whether every item of a stage is held by two different people: who answered, and who signed beside them."""
        signed = {row.by_id for row in self.seconds if row.stage == stage}
        return bool(signed) and all(signed - {answerer} for answerer in self._answerers(stage))

    def may_sign(self, staff: Staff, stage: str) -> bool:
        """Whether somebody's signature adds anything: something here was answered by another, and they have not
        signed yet."""
        signed = {row.by_id for row in self.seconds if row.stage == stage}
        return staff.pk not in signed and bool(self._answerers(stage) - {staff.pk})

    def _answerers(self, stage: str) -> set[int]:
        found = {check.by.pk for check in self.of(stage) if check.by is not None}
        return found | ({self.override.by_id} if self.override is not None and stage == "pause" else set())

    def blocks(self) -> list[str]:
        """Why the procedure cannot start, in sentences; empty when it can."""
        found = [self.consent] if self.consent else []
        if self.unasked:
            found.append(f"Not asked: {', '.join(row.title.rstrip('?') for row in self.unasked)}.")
        for stage, words in (("awake", "awake check"), ("pause", "pause")):
            count = len(self.open_in(stage))
            if count:
                found.append(f"{count} of {len(self.of(stage))} open in the {words}.")
        if self.stopped:
            found.append("Safety says stop. A physician decides otherwise only with a reason.")
        if not self.second_for("pause"):
            found.append("A second person has not signed the pause.")
        return found


def sheet_of(booking: Booking, answers: Sequence[DayAnswer] | None = None) -> Sheet | None:
    """The day of a booking as it stands; None where the record requests no such thing any more."""
    record, balance = requests_of(booking.patient)
    found = request_in(record, booking)
    if found is None:
        return None
    request = of_now(found, booking, record)
    made = plan_of(record, balance, request, booking.operator)
    rows = list(booking.answers.select_related("by")) if answers is None else list(answers)
    return _sheet(booking, record, request, made, rows)


def request_of(booking: Booking) -> Request | None:
    """What was booked, as the chart says it."""
    return request_in(requests_of(booking.patient)[0], booking)


def request_in(record: Record, booking: Booking) -> Request | None:
    """What was booked. Once it is done its entry is struck through, and says still what it was."""
    found = next((row for row in record.requests if row.id == booking.request_key), None)
    if found is not None or booking.status != Booking.Status.DONE:
        return found
    entry = Entry.objects.filter(patient=booking.patient, section="request", key=booking.request_key).first()
    if entry is None:
        return None
    facts = read_entry("request", entry.fields, booking.patient.zone, key=entry.key).facts
    return next((row for row in facts if isinstance(row, Request)), None)


def of_now(request: Request, booking: Booking, record: Record) -> Request:
    """The request as it happens: an appointment whose hour has passed without a start happens now."""
    zone, moment = ZoneInfo(booking.patient.zone), now()
    start = max(booking.start, moment).astimezone(zone)
    return replace(request, start=when(start), end=when(start + timedelta(minutes=booking.minutes)))


def when(moment: datetime) -> When:
    """An instant as the record writes it."""
    return When(moment.date(), moment.date(), moment)


def _sheet(booking: Booking, record: Record, request: Request, made: Planned, rows: list[DayAnswer]) -> Sheet:
    plan = made.plan
    known = plan.after.known if plan is not None and plan.after is not None else NOTHING_KNOWN
    seconds = tuple(booking.seconds.select_related("by"))
    override = next((row for row in reversed(rows) if row.item == OVERRIDE), None)
    last = {stage: max((row.pk for row in rows if row.stage == stage), default=0) for stage in ("pause", "sign-out")}
    return Sheet(
        booking=booking, request=request, record=record, plan=plan, refusal=made.refusal,
        asks=tuple(_asks(request, record, known, plan, rows, booking)),
        checks=tuple(_checks(request, record, known, plan, rows, booking)),
        override=override,
        seconds=tuple(row for row in seconds if row.seen >= last.get(row.stage, 0)),
    )  # fmt: skip


def _asks(
    request: Request, record: Record, known: Known, plan: Plan | None, rows: list[DayAnswer], booking: Booking
) -> Iterator[Ask]:
    zone = ZoneInfo(booking.patient.zone)
    today = now().astimezone(zone).date()
    yield from _baseline(plan, rows)
    given = {row.item: row for row in rows if row.stage == "ask"}
    for item in questions_for(request, known):
        question = item.row
        if question.id == "last-dose":
            yield from _last_doses(item, plan, given)
            continue
        held = _in_record(question, record, today if question.due == "day" else None)
        if held is None and question.due == "plan":
            held = _in_list(question.id, record)
        if question.due == "plan" and (not question.safety or (held is not None and question.id not in given)):
            continue
        yield _ask(item, given.get(question.id), held)


def _ask(item: Item[Question], given: DayAnswer | None, held: tuple[str, str, str] | None) -> Ask:
    question = item.row
    words = COMPARED.get(question.id) or tuple((row.given, ANSWER_WORDS[row.given]) for row in question.answers)
    made = Ask(
        id=question.id, title=capital(codes.title(question.id) if question.id not in _TITLES else _TITLES[question.id]),
        why=question.nurse, options=words, takes=MEASURED.get(question.id, ""), safety=question.safety,
        unsure=item.unsure, unverified=question.cites[0].mark == "unverified",
    )  # fmt: skip
    if given is not None:
        made.given, made.said, made.by, made.at = given.answer, given.said, str(given.by), given.moment
    elif held is not None:
        made.given, made.said, made.by = held
    effect = next((row for row in question.answers if row.given == made.given), None)
    if effect is not None:
        made.effect, made.effect_says = effect.effect, effect.says
    return made


_TITLES = {
    "infection": "Cold, flu or any infection?",
    "fever": "Fever or chills?",
    "antibiotics": "Antibiotics now or last week?",
    "pregnancy": "Pregnancy possible?",
    "driver": "Adult who takes the person home?",
    "consent": "Consent still stands?",
    "blood-pressure-today": "Blood pressure today",
    "glucose-today": "Glucose today",
    "fasting": "Last food and drink",
    "contrast-allergy": "Reaction to contrast?",
    "latex-allergy": "Allergy to latex?",
    "drug-allergy": "Allergy to a drug, skin wash or tape?",
    "implants": "Implanted device or metal?",
    "bleeding-disorder": "Bleeds or bruises easily?",
    "antithrombotics": "Any drug that thins the blood?",
    "over-the-counter": "Aspirin, ibuprofen or the like?",
    "supplements": "Herbs or supplements?",
    "diabetes": "Diabetes?",
    "recent-steroids": "Steroid injection in three years?",
    "recent-vaccine": "Vaccine lately?",
    "planned-surgery": "Surgery planned or just done?",
    "hiv-treatment": "Ritonavir or cobicistat?",
    "psychosis-history": "History of psychosis?",
    "substance-use": "Alcohol or drugs?",
    "self-harm": "Thoughts of self-harm?",
    "red-flags": "Any warning sign?",
    "device-control": "Can the person use the device?",
}
"""What a question is called on the tablet; `why` beside it says in full what the nurse asks."""


def _baseline(plan: Plan | None, rows: Sequence[DayAnswer]) -> Iterator[Ask]:
    """Asked wherever strength must be back before the person goes home."""
    items = plan.after.discharge if plan is not None and plan.after is not None else ()
    need = next((item for item in items if item.row.override == "never"), None)
    if need is None:
        return
    held = next((row for row in reversed(rows) if row.item == BASELINE), None)
    made = Ask(
        id=BASELINE, title="Strength and feeling now", why="Examine before the needle: recovery compares with it.",
        options=(("normal", "Normal"), ("value", "As written"), ("unknown", "Not examined")),
        takes="what is not normal", safety=False, unverified=need.row.cites[0].mark == "unverified",
    )  # fmt: skip
    if held is not None:
        made.given, made.said, made.by, made.at = held.answer, held.said, str(held.by), held.moment
    yield made


def _last_doses(item: Item[Question], plan: Plan | None, given: dict[str, DayAnswer]) -> Iterator[Ask]:
    """The last dose of each drug that acts on bleeding. Not known counts as taken now."""
    for drug in plan.active.drugs if plan is not None else ():
        name = f"last-dose {drug.medication}"
        made = _ask(item, given.get(name), None)
        planned = f"The plan: no dose after {_clock(drug.stop_at)}. " if drug.stop_at is not None else ""
        made.id, made.takes = name, "day and time"
        made.title = f"Last dose of {codes.label('drugs', drug.drug)}"
        made.why = f"{planned}{item.row.nurse}"
        yield made


def _clock(moment: datetime) -> str:
    local = moment.astimezone(clinic().zone)
    return f"{day_words(local.date())}, {local:%H:%M}"


def _in_record(question: Question, record: Record, today: date | None) -> tuple[str, str, str] | None:
    """The answer that the record has: of today for what is asked on the day, else the last one that answers."""
    rows = [row for row in record.completeness if row.kind == question.id and row.asked is not None]
    if today is not None:
        rows = [row for row in rows if row.asked is not None and row.asked.first == today]
    if rows:
        last = rows[-1]
        if last.answer and (today is not None or last.answer != "unknown"):
            at = f", {dates_in_words(str(last.asked).partition('T')[0])}" if today is None else ""
            return last.answer, "", f"{last.author or 'in the record'}{at}"
    wanted = _TESTS.get(question.id)
    if wanted and today is not None:
        labs = {row.test: row for row in record.facts if isinstance(row, Lab) and _on(row.at, today)}
        if all(test in labs for test in wanted):
            return "value", "/".join(str(labs[test].value) for test in wanted), "in the record"
    return None


_LISTS = {
    "antithrombotics": "medications",
    "over-the-counter": "medications",
    "supplements": "medications",
    "hiv-treatment": "medications",
    "implants": "devices",
    "contrast-allergy": "allergies",
    "drug-allergy": "allergies",
    "latex-allergy": "allergies",
    "diabetes": "problems",
    "bleeding-disorder": "problems",
    "psychosis-history": "problems",
}
"""The list of the record that answers a question of the planning, once somebody went through it."""


def _in_list(question: str, record: Record) -> tuple[str, str, str] | None:
    section = _LISTS.get(question)
    days = [row.reviewed.last for row in record.completeness if row.kind == section and row.reviewed is not None]
    return ("list", f"{section} list gone through {day_words(max(days))}", "in the record") if days else None


_TESTS = {
    "blood-pressure-today": ("blood-pressure-systolic", "blood-pressure-diastolic"),
    "glucose-today": ("glucose",),
}


def _on(when: When | None, day: date) -> bool:
    return when is not None and when.first == when.last == day


def _checks(
    request: Request, record: Record, known: Known, plan: Plan | None, rows: list[DayAnswer], booking: Booking
) -> Iterator[Check]:
    for item in time_out_for(request, known):
        row, stage = item.row, STAGES[item.row.stage]
        made = Check(
            id=row.id, stage=stage, text=row.text, confirms=", ".join(row.confirms), decides=row.decides,
            filled=fill(row.filled_from, booking, request, record, plan, rows) if plan is not None else (),
            unsure=item.unsure, unverified=row.cites[0].mark == "unverified", consent="consent" in row.filled_from,
        )  # fmt: skip
        _fold(made, (one for one in rows if one.stage == stage and one.item == row.id), booking)
        yield made


def _fold(made: Check, rows: Iterable[DayAnswer], booking: Booking) -> None:
    """A difference holds until somebody who decides it says how it was settled: an agreement alone does not."""
    for row in rows:
        if made.state == "differs" and row.answer == "agree" and not (row.said and may_settle(row.by, made, booking)):
            continue
        made.state, made.said, made.by, made.at = row.answer, row.said, row.by, row.moment


def may_settle(staff: Staff, check: Check, booking: Booking) -> bool:
    """Whether somebody decides an item on which people differ."""
    if check.decides == "operator":
        return staff.pk == booking.operator_id or Role(staff.role) in PHYSICIANS
    return Role(staff.role) in CLINICAL


def fingerprint(reasons: Iterable[str]) -> str:
    """What an override stands for: exactly these reasons, and no others that come later."""
    return hashlib.sha256("\n".join(reasons).encode()).hexdigest()[:20]
