"""What is to be asked or done after a procedure: measures at each visit, rehabilitation, a look at a device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from levamen.outcomes.device_effect import DeviceEffect, is_implant
from levamen.outcomes.expected import ExpectedAnswer, expected_end
from levamen.outcomes.function_change import seen_instruments
from levamen.outcomes.rehabilitation import Rehabilitation
from levamen.outcomes.responder import Course, VisitResult
from levamen.pathway.headline import day_words
from levamen.pathway.obligations import Obligation
from levamen.record import codes
from levamen.record.facts import Procedure
from levamen.record.timeline import add_months


def follow_up(course: Course, visits: Sequence[VisitResult]) -> tuple[Obligation, ...]:
    """What is due at the visits that are open or to come: what was not measured there yet, by the end of the window."""
    instruments = [
        codes.label("instruments", name) for name in seen_instruments(course.record, course.procedure, course.moment)
    ]
    found = []
    for result in visits:
        visit = result.visit
        if visit.state not in ("open", "not due"):
            continue
        wanted = missing_measures(result, instruments)
        if not wanted:
            continue
        found.append(
            Obligation(
                id=f"follow-up-{visit.visit.id}",
                what=f"ask: {', '.join(wanted)} (due {day_words(visit.due)}, from {day_words(visit.first)})",
                who="nurse",
                due=visit.last,
                why=f"visit after {_named(course.procedure)}: {visit.visit.says.says}",
                cites=visit.visit.says.cites,
            )
        )
    found += _yearly(course, visits)
    return tuple(found)


def missing_measures(result: VisitResult, instruments: Sequence[str]) -> list[str]:
    """What the visit still lacks, in the order in which it is asked: measures, then what is asked beside."""
    answers = {answer.id: answer for answer in result.criteria}
    wanted = missing_scores(result, instruments)
    if answers["opioid-dose"].word == "unknown":
        wanted.append("medicines taken now")
    if answers["no-serious-event"].word == "unknown":
        wanted.append("adverse events")
    if answers["work-or-goal"].word == "unknown":
        wanted.append("work and goals")
    return wanted


def missing_scores(result: VisitResult, instruments: Sequence[str]) -> list[str]:
    """The measures that the visit still lacks: pain, each of the instruments, the global impression of change."""
    wanted = ["pain now, on the scale used before"] if result.pain is None else []
    measured = {codes.label("instruments", row.instrument) for row in result.function if row.points is not None}
    wanted += [name for name in instruments if name not in measured]
    if next(answer for answer in result.criteria if answer.id == "global-impression").value is None:
        wanted.append("global impression of change")
    return wanted


def _yearly(course: Course, visits: Sequence[VisitResult]) -> Iterable[Obligation]:
    """An implant is seen every year beyond the last visit of the schedule: the next one."""
    start, as_of = course.procedure.start, course.moment.as_of
    if not is_implant(course.procedure) or start is None or not start.exact or any(end.sure for end in course.watch):
        return
    if any(result.visit.state != "past" for result in visits):
        return
    years = 2
    while add_months(start.first, years * 12) < as_of:
        years += 1
    says = course.tables.yearly
    yield Obligation(
        id="follow-up-yearly",
        what="ask: pain now, function, global impression of change, medicines, adverse events",
        who="nurse",
        due=add_months(start.first, years * 12),
        why=f"visit after {_named(course.procedure)}: {says.says}",
        cites=says.cites,
    )


def _named(procedure: Procedure) -> str:
    return f"{codes.title(procedure.therapy or '')} ({procedure.id})"


def rehabilitation_step(found: Rehabilitation | None, procedure: Procedure) -> Iterable[str]:
    """Rehabilitation that did not begin: to be booked while relief holds; afterwards it is only told."""
    if found is None or found.answer.word == "yes":
        return
    if found.still:
        asked = "ask whether it has begun, else " if found.answer.word == "unknown" else ""
        yield f"coordinator: {asked}book physical therapy or exercise while relief holds ({procedure.id})"


def rehabilitation_due(
    found: Rehabilitation | None, procedure: Procedure, told: Iterable[ExpectedAnswer]
) -> Iterable[Obligation]:
    """The same with a day: the end of the shortest relief that a source leads to expect; without one, no day."""
    if found is None or found.answer.word == "yes" or not found.still:
        return
    row = next((one.row for one in told if found.by is not None and found.by == expected_end(procedure, (one,))), None)
    expects = f"relief is expected to hold {row.says.says}" if row is not None else "it still held at the last score"
    yield Obligation(
        id="rehabilitation",
        what="begin physical therapy or exercise while relief holds",
        who="coordinator",
        due=found.by,
        why=f"after {_named(procedure)}; {expects}",
        cites=(*found.answer.cites, *(row.says.cites if row is not None else ())),
    )


def device_step(found: DeviceEffect | None) -> Iterable[str]:
    """What to check first where a device has lost its effect."""
    if found is not None and found.answer.word == "yes":
        since = f" since {day_words(found.since)}" if found.since is not None else ""
        yield from (f"loss of effect{since}: {row.says}" for row in found.check)
