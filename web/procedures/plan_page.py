"""What the plan page shows: who must agree, what is ready, what changed, what if; made from the plan and its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from clinic.clock import now
from levamen.emit.plan.view import clearance_words
from levamen.emit.plan.words import Clock, day_words, drug_name, sentence, waits
from levamen.emit.words import capital, dates_in_words
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan
from levamen.pathway.privileges import Finding
from levamen.record import codes
from levamen.record.facts import Document, Record
from procedures.changes import changes, counts_no_more, stopped_already, without_words
from procedures.consents import against, consent_of, names_place, signed_for
from procedures.models import Booking, PlanStep
from procedures.plan_actions import ANSWERS, NAMED_TIMES
from procedures.plans import Planned, told

STEP = PlanStep.Kind
_TOLD_ELSEWHERE = frozenset({"advice", "met", "silent"})


class Agreement(Struct, kw_only=True):
    """A drug about which a prescriber is asked or told. `state` is the chip's: awaited, ready, due."""

    drug: str
    name: str
    who: str
    state: str
    says: str
    proposed: tuple[str, ...]
    asked: PlanStep | None
    answered: PlanStep | None
    open: bool
    choices: tuple[tuple[str, str], ...]
    overdue: bool


class Ready(Struct, frozen=True, kw_only=True):
    """A row of readiness. `state` is the chip's word; `says` replaces its words."""

    state: str
    title: str
    detail: str = ""
    says: str = ""


def agreements(made: Planned, steps: Sequence[PlanStep], booking: Booking | None) -> tuple[Agreement, ...]:
    """Every drug that needs the prescriber's word, or whose prescriber is told."""
    plan = made.plan
    if plan is None:
        return ()
    rows = [drug for drug in plan.active.drugs if drug.needs_agreement or drug.notify_prescriber]
    return tuple(_agreement(drug, plan, made.record, steps, booking) for drug in rows)


def _agreement(
    drug: DrugAnswer, plan: Plan, record: Record, steps: Sequence[PlanStep], booking: Booking | None
) -> Agreement:
    own = [step for step in steps if booking is not None and step.booking_id == booking.pk and step.drug == drug.drug]
    asked = next((step for step in reversed(own) if step.kind == STEP.ASKED), None)
    answered = next((step for step in reversed(own) if step.kind == STEP.ANSWERED), None)
    document = next((row for row in documents(record) if row.id == drug.agreed), None)
    if not drug.needs_agreement:
        state, says = "due", "To be told that it goes on"
    elif waits(plan, drug):
        state, says = "awaited", "Answer awaited"
    elif document is not None:
        agreed = "Must not be stopped, said" if document.agrees == "continue" else "Agreed"
        day = f" on {day_words(document.date.first)}" if document.date is not None else ""
        state, says = "ready", f"{agreed}{day}"
    else:
        state, says = "ready", "Answered"
    due = asked.due if asked is not None else None
    clock = Clock(plan)
    times = (("Last dose", drug.last_dose), ("No dose after", drug.stop_at), ("First dose again", drug.first_dose))
    again = (("Again from", drug.restart_from),) if drug.first_dose is None else ()
    return Agreement(
        drug=drug.drug, name=capital(drug_name(drug.drug)), who=drug.prescriber or "", state=state, says=says,
        proposed=tuple(f"{term}: {clock.at(at)}" for term, at in (*times, *again) if at is not None),
        asked=asked, answered=answered, open=waits(plan, drug),
        overdue=waits(plan, drug) and due is not None and due <= now(),
        choices=tuple({**ANSWERS, **({} if drug.stop_at is not None else {"hold": NAMED_TIMES})}.items()),
    )  # fmt: skip


def readiness(made: Planned, steps: Sequence[PlanStep], booking: Booking | None, granters: str) -> tuple[Ready, ...]:
    """What must be ready before the day, and whether it is."""
    return tuple(_readiness(made, steps, booking, granters)) if made.plan is not None else ()


def _readiness(made: Planned, steps: Sequence[PlanStep], booking: Booking | None, granters: str) -> Iterator[Ready]:
    plan = made.plan
    assert plan is not None  # noqa: S101 - asked before
    met = [finding for finding in plan.findings if finding.status == "met"]
    yield from (_finding(finding, granters) for finding in plan.findings if finding.status not in _TOLD_ELSEWHERE)
    if met:
        about = dict.fromkeys(str(finding.reason) for finding in met)
        yield Ready(
            state="ready", title=capital(", ".join(about)), detail="As the request says, and safety sources ask"
        )
    yield from _labs(plan)
    if plan.clearance is not None:
        yield Ready(state="ready" if plan.clearance.least is not None else "unknown", title="Kidneys",
                    detail=f"{clearance_words(plan.clearance)}{_age(plan)}")  # fmt: skip
    consent, other = consent_of(made.record, made.request), against(made.record, made.request)
    if other:
        yield Ready(state="missing", title="Consent", detail=other, says="Sign again")
    elif consent is not None:
        day = f"Signed {day_words(consent.date.first)}" if consent.date is not None else "On file"
        place = f"{day} for {signed_for(consent)}" if names_place(consent) else f"{day}; it names no side and level"
        yield Ready(state="ready", title="Consent", detail=place)
    else:
        yield Ready(state="missing", title="Consent", detail="No consent for this request is on file")
    yield from _unknown(plan)
    if booking is not None:
        yield from _contacts(plan, steps, booking)


def _finding(finding: Finding, granters: str) -> Ready:
    title = "Operator" if not finding.cites and finding.reason != "guidance" else capital(str(finding.reason))
    says = dates_in_words(finding.says)
    if finding.status in ("may", "met"):
        return Ready(state="ready", title=title, detail=says)
    if title == "Operator":
        return Ready(state="missing", title=title, detail=f"{says} {granters} may grant it.")
    state = {"unknown": "unknown", "caution": "due"}.get(finding.status, "missing")
    return Ready(state=state, title=title, detail=says, says={"caution": "Look at it"}.get(finding.status, ""))


def _labs(plan: Plan) -> Iterator[Ready]:
    clock = Clock(plan)
    for drug in plan.active.drugs:
        for lab in drug.labs:
            names = capital(" or ".join(codes.label("labs", test) for test in lab.tests))
            limit = f" {dates_in_words(lab.limit)}" if lab.limit else ""
            if lab.status == "met":
                yield Ready(state="ready", title=names, detail=f"{drug_name(drug.drug)}: limit met, {lab.result}")
            elif lab.status == "not_met":
                yield Ready(state="missing", title=names, detail=f"Limit not met: {lab.result}; asked{limit}")
            else:
                by = f"by {clock.at(lab.by)}" if lab.by is not None else "no time set"
                recent = f"; {dates_in_words(lab.recency)}" if lab.recency else ""
                yield Ready(state="due", title=names, detail=f"{drug_name(drug.drug)}{limit}: {by}{recent}")


def _age(plan: Plan) -> str:
    """How old the creatinine is on the day of the procedure, which is what counts."""
    if plan.clearance is None or plan.clearance.day is None:
        return ""
    days = (plan.on - plan.clearance.day.first).days
    return f"; {days} days old on the day"


def _unknown(plan: Plan) -> Iterator[Ready]:
    for guard in plan.guards:
        if guard.verdict == "unknown" and not guard.fires and not guard.ask_on_the_day:
            asked = "; ".join(dates_in_words(row.what) for row in guard.missing[:3])
            yield Ready(state="unknown", title=guard.guard.title, detail=f"Find out: {asked}" if asked else "")
    lists = [row.what for row in plan.missing if row.reason == "outside_completeness" and " list" in row.what]
    for what in dict.fromkeys(lists):
        yield Ready(state="unknown", title=capital(what.removeprefix("a reviewed ")), detail="Nobody went through it",
                    says="Not reviewed")  # fmt: skip


def _contacts(plan: Plan, steps: Sequence[PlanStep], booking: Booking) -> Iterator[Ready]:
    own = [step for step in steps if step.booking_id == booking.pk]
    sheet = next((step for step in reversed(own) if step.kind == STEP.SHEET), None)
    if sheet is not None and sheet.fingerprint == plan.fingerprint:
        yield Ready(state="done", title="Patient sheet", detail=f"Sheet {sheet.number} given {_day(sheet.at, plan)}")
    elif sheet is not None:
        yield Ready(state="missing", title="Patient sheet", says="Call back",
                    detail=f"The patient holds sheet {sheet.number}; this is plan {plan.number}")  # fmt: skip
    else:
        yield Ready(state="due", title="Patient sheet", detail="Not given yet")
    call = next((step for step in reversed(own) if step.kind == STEP.CALL), None)
    if call is None:
        yield Ready(state="due", title="Preparation call", detail="Not made yet")
    else:
        said = "; ".join(f"{capital(codes.in_words(name))}: {value}" for name, value in call.said.items())
        yield Ready(state="done", title="Preparation call", detail=f"{_day(call.at, plan)}. {said}")


def _day(at: datetime, plan: Plan) -> str:
    return day_words(at.astimezone(plan.zone).date())


def changed(made: Planned, steps: Sequence[PlanStep], booking: Booking | None) -> tuple[str, tuple[str, ...], bool]:
    """What is no longer as it was told: a heading, the sentences, and whether a new plan is to be issued for it."""
    issued = [step for step in steps if step.kind == STEP.ISSUED]
    if made.plan is None or booking is None or not issued:
        return "", (), False
    last = issued[-1]
    if last.fingerprint != made.plan.fingerprint:
        rows = changes(last.said, told(made, booking)) or ("What is held, or when, is no longer what it was.",)
        return f"The record changed since plan {last.number} was issued", rows, True
    if len(issued) > 1:
        before = issued[-2]
        rows = (*_without(before, last), *changes(before.said, last.said), *_earlier_answers(made, steps, booking))
        heading = f"What changed from plan {before.number} to plan {last.number}"
        return heading, tuple(dict.fromkeys(rows)), False
    return "", (), False


def _earlier_answers(made: Planned, steps: Iterable[PlanStep], booking: Booking) -> Iterator[str]:
    answered = {
        step.drug for step in steps
        if step.kind == STEP.ANSWERED and step.answer in ("hold", "continue") and step.booking_id != booking.pk
    }  # fmt: skip
    for drug in made.awaited:
        if drug.drug in answered:
            yield counts_no_more(capital(drug_name(drug.drug)))


def _without(before: PlanStep, last: PlanStep) -> Iterator[str]:
    for drug, stop in stopped_already(before.said, last.said, last.at):
        yield f"{without_words(drug, stop)}, so they may be without it. Ask the prescriber what is taken until then."


def what_if(plan: Plan, rows: Iterable[Agreement]) -> Iterator[tuple[str, str]]:
    """Worked out in advance, so that nobody has to do it on the phone."""
    for drug in plan.active.drugs:
        if drug.dose_taken:
            yield f"A dose of {drug_name(drug.drug)} is taken by mistake", sentence(drug.dose_taken)
    for row in rows:
        if row.open:
            yield (
                f"The prescriber of {row.name.lower()} says no",
                ("The patient keeps taking it. Record the answer: the plan is worked out again."),
            )
            due = row.asked.due if row.asked is not None else None
            by = f" by {Clock(plan).at(due)}" if due is not None else ""
            yield f"No answer on {row.name.lower()}{by}", "Release the slot. The patient is told to keep taking it."


def documents(record: Record) -> list[Document]:
    """The documents of a record."""
    return [row for row in record.facts if isinstance(row, Document)]


__all__ = ["ANSWERS", "Agreement", "Ready", "agreements", "changed", "readiness", "what_if"]
