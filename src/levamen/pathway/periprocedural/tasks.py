"""Who does what by when: the plan as tasks in the order of time, and the obligations that it raises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from levamen.criteria.nodes import Cite
from levamen.derive.dosing import last_moment
from levamen.pathway.flag_stops import FlagStop
from levamen.pathway.obligations import Obligation
from levamen.pathway.periprocedural.afterwards import tasks_afterwards
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan, Task, not_before
from levamen.record import codes
from levamen.record.timeline import When

_AGREEMENT = (Cite("ASRA-PAIN-2018", "key point", "secondary"),)
_TO_AGREE = ("hold_with_plan", "shared_decision_required", "lab_required_no_datetime")
"""Decisions on which a prescriber's agreement is asked; what must not be held is not agreed on."""
_ORDER = ("agree", "tell", "ask", "lab", "stop", "watch", "restart", "recall", "book")
"""At one moment: whoever must agree before anybody stops."""
_MINUTE = timedelta(minutes=1)
_FAR = datetime.max.replace(tzinfo=UTC)


def tasks_of(found: Plan) -> tuple[Task, ...]:
    """Every task, the dated ones first and in order."""
    tasks = [
        *_for_flags(found), *_for_drugs(found), *_for_class(found), *_for_guards(found), *_to_move(found),
        *tasks_afterwards(found),
    ]  # fmt: skip
    return tuple(sorted(tasks, key=lambda task: (task.at or _FAR, _ORDER.index(task.kind), task.id)))


def _for_drugs(found: Plan) -> Iterable[Task]:
    for drug in found.active.drugs:
        name, key = codes.title(drug.drug), drug.medication
        if found.done:
            yield from _restart(drug, name, key)
            continue
        if drug.needs_agreement and drug.agreed is None and drug.decision in _TO_AGREE:
            what = f"ask the prescriber of {name} to agree on stop and restart"
            if drug.decision == "shared_decision_required":
                what = f"decide with the prescriber whether {name} is held"
            yield Task(
                id=f"agree-{key}", kind="agree", what=what, who="prescriber",
                at=drug.last_dose or drug.stop_at, why=drug.why, drug=drug.drug, cites=_AGREEMENT,
            )  # fmt: skip
        if drug.notify_prescriber:
            what = f"tell the prescriber of {name} that it goes on"
            yield Task(
                id=f"tell-{key}", kind="tell", what=what, who="nurse", why=drug.why, drug=drug.drug, cites=drug.cites
            )
        if drug.stop_at is not None:
            at = drug.last_dose or drug.stop_at
            what = f"last dose of {name}" if drug.last_dose is not None else f"no dose of {name} from now on"
            yield Task(
                id=f"stop-{key}",
                kind="stop",
                what=what,
                who="patient",
                at=at,
                why=drug.why,
                drug=drug.drug,
                cites=drug.cites,
            )
            what = f"ask when the last dose of {name} was taken"
            yield Task(
                id=f"ask-{key}",
                kind="ask",
                what=what,
                who="nurse",
                at=found.start,
                why=drug.dose_taken or "",
                drug=drug.drug,
                cites=drug.cites,
            )
        for index, lab in enumerate(drug.labs):
            if lab.status != "met":
                names = " or ".join(codes.label("labs", test) for test in lab.tests)
                what = f"{names} {lab.limit}" if lab.limit is not None else names
                yield Task(
                    id=f"lab-{key}-{index + 1}",
                    kind="lab",
                    what=what,
                    who="nurse",
                    at=lab.by,
                    why=lab.why,
                    drug=drug.drug,
                    cites=lab.cites,
                )
        yield from _restart(drug, name, key)


def _restart(drug: DrugAnswer, name: str, key: str) -> Iterable[Task]:
    """When the drug is taken again, where a time is known."""
    if drug.restart_from is not None:
        at = drug.first_dose or drug.restart_from
        what = f"first dose of {name} again" if drug.first_dose is not None else f"{name} again from now on"
        yield Task(
            id=f"restart-{key}",
            kind="restart",
            what=what,
            who="patient",
            at=at,
            why=_restart_why(drug),
            drug=drug.drug,
            cites=drug.cites,
        )


def _for_class(found: Plan) -> Iterable[Task]:
    """What the profile asks of the class; only where somebody takes a drug that acts on bleeding."""
    for index, lab in enumerate(found.active.labs if found.active.drugs else ()):
        if lab.status != "met":
            names = " or ".join(codes.label("labs", test) for test in lab.tests)
            what = f"{names} {lab.limit}" if lab.limit is not None else names
            yield Task(
                id=f"lab-class-{index + 1}", kind="lab", what=what, who="nurse", at=lab.by, why=lab.why, cites=lab.cites
            )


def _restart_why(drug: DrugAnswer) -> str:
    after = f"{drug.restart} after the end, if nothing bleeds and the nerves are as before"
    return f"{after}; counted from the planned start until the end is known" if drug.counted_from_start else after


def _for_flags(found: Plan) -> Iterable[Task]:
    """What a flag asks at once; where only a day is known, to its end."""
    for stop in found.flags:
        yield Task(
            id=f"flag-{stop.id}",
            kind="tell" if stop.verdict == "defer" else "ask",
            what=stop.do if stop.verdict == "defer" else f"find out: {'; '.join(stop.missing) or stop.do}",
            who=stop.who,
            at=_moment(stop, found),
            why=stop.says,
            cites=stop.cites,
        )


def _moment(stop: FlagStop, found: Plan) -> datetime | None:
    if stop.due is None:
        return None
    if stop.due.on is None:
        return stop.due.at
    return (
        last_moment(When.on(stop.due.on), found.zone) - _MINUTE
    )  # on that day: midnight would be told as the next one


def _for_guards(found: Plan) -> Iterable[Task]:
    for guard in found.guards:
        if guard.fires:
            yield Task(
                id=guard.guard.id,
                kind="tell",
                what=guard.guard.do,
                who=guard.guard.who,
                why=guard.guard.title,
                cites=guard.guard.cites,
            )
        elif guard.verdict == "unknown":
            asked = "; ".join(missing.what for missing in guard.missing[:3]) or guard.guard.title
            yield Task(
                id=guard.guard.id,
                kind="ask",
                what=f"find out: {asked}",
                who="nurse",
                why=guard.guard.title,
                cites=guard.guard.cites,
            )


def _to_move(found: Plan) -> Iterable[Task]:
    """A deferred appointment is moved: past what the guards and the drugs allow, where that is a known time."""
    if found.decision != "defer" or found.start is None:
        return
    days = [found.until] if found.until is not None else []
    moment = not_before(found)
    local = moment.astimezone(found.zone) if moment is not None else None
    if local is not None and local.date() >= max(days, default=local.date()):
        what = f"move the appointment: not before {local.date()}, {local:%H:%M}"
    else:
        what = f"move the appointment: not before {days[0]}" if days else "move the appointment, or decide otherwise"
    yield Task(id="move-appointment", kind="book", what=what, who="coordinator", why="; ".join(found.reasons[:1]))


def obligations_of(found: Plan) -> tuple[Obligation, ...]:
    """What is owed: questions of the day, and the old sheet to recall where this plan replaces one."""
    rows = [
        Obligation(
            id=guard.guard.id, what=f"ask on the day: {guard.guard.title}", who="nurse", due=found.on,
            why="due on the day of the procedure", cites=guard.guard.cites,
        )
        for guard in found.guards
        if guard.ask_on_the_day
    ]  # fmt: skip
    if found.supersedes is not None:
        rows.append(
            Obligation(
                id="recall-old-sheet",
                what=f"recall patient sheet {found.supersedes} and give sheet {found.number}",
                who="nurse",
                due=found.as_of,
                why="; ".join(found.changes),
                cites=(),
            )
        )
    return tuple(rows)
