"""A plan as sections of short lines: what the terminal and the clinic's page both show, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from levamen.adapters.balance import Balance
from levamen.derive.renal import Clearance
from levamen.emit.plan.words import (
    DRUG_WORDS,
    NOT_FINAL,
    SAFETY_WORDS,
    TIMES,
    Clock,
    day_words,
    drug_name,
    headline,
    missing_lines,
    places_of,
    profile_name,
    reason_lines,
    restart_words,
    sentence,
    sources_of,
    waits,
    who_words,
)
from levamen.emit.reading import left_out_words, remarks_words, unread, unread_words
from levamen.emit.view import Sources, source_title
from levamen.emit.words import capital, dates_in_words
from levamen.pathway.flag_stops import FlagStop
from levamen.pathway.periprocedural.answers import SAFETY_VERDICTS, DrugAnswer, GuardAnswer, Plan, ProfileAnswer
from levamen.record import codes

_STATUS_WORDS = {
    "refused": "Refused",
    "unknown": "Unknown: stop and ask",
    "caution": "Caution",
}
_STOPS = tuple(_STATUS_WORDS)


class Line(Struct, frozen=True):
    """One statement: `term` is what it is about, `text` what is said, `pairs` its times, `more` what belongs to it.

    `places` are where it stands in its sources, each with how well that is known.
    """

    text: str
    term: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    more: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class Section(Struct, frozen=True):
    """Statements under a heading. `key` names the section, whatever its heading says."""

    key: str
    heading: str
    lines: tuple[Line, ...]


class Other(Struct, frozen=True, kw_only=True):
    """What a profile says of a drug. What it does not say is empty. `used`: it is the one in use."""

    profile: str
    used: bool
    word: str
    drug: str
    decision: str
    hold: str
    restart: str
    last_dose: str
    first_dose: str
    places: tuple[str, ...]


class PlanView(Struct, frozen=True, kw_only=True):
    """The whole plan in words. `status` says whether it is final; `origin` what it was computed from."""

    title: str
    headline: str
    status: str
    final: bool
    sections: tuple[Section, ...]
    others: tuple[Other, ...]
    origin: tuple[str, ...]


def plan_view(plan: Plan, sources: Sources, balance: Balance | None = None) -> PlanView:
    """The plan in words; a section that has nothing to say is left out.

    `balance` is that of the record it was made from: what could not be read comes first.
    """
    clock = Clock(plan)
    others = other_rows(plan, clock, sources)
    sections = (
        *_unread(balance),
        Section("why", "Why", tuple(map(Line, reason_lines(plan)))),
        Section("flags", "Warning signs", tuple(_flags(plan, sources))),
        Section("guards", "Stops and guards", tuple(_guards(plan, sources))),
        Section("drugs", "Drugs", tuple(_drug(drug, clock, sources) for drug in plan.active.drugs)),
        Section("unknown", "Not known: stop and ask", tuple(_unknown(plan, sources))),
        Section("findings", "Operator and guidance", tuple(_findings(plan, sources, _STOPS))),
        Section("labs", "Laboratory", tuple(_labs(plan, clock, sources))),
        Section("agree", "Who must agree", tuple(_agreements(plan))),
        Section("taken", "If a dose was taken after its stop", tuple(_doses(plan))),
        Section("tasks", "Do by when", tuple(_tasks(plan, clock, sources))),
        Section("day", "Ask on the day", tuple(_on_the_day(plan))),
        Section("missing", "Missing", tuple(map(Line, missing_lines(plan)))),
        Section("others", "Other profiles", tuple(_others(others))),
        Section("changes", "What changed", tuple(Line(sentence(text)) for text in plan.changes)),
        Section("advice", "Advice", tuple(_findings(plan, sources, ("advice",)))),
        Section("grounds", "Class and kidneys", tuple(_grounds(plan, sources))),
        Section("notes", "Notes", tuple(Line(sentence(note)) for note in plan.notes)),
    )
    number = f"Plan {plan.number}" + (f", replaces plan {plan.supersedes}" if plan.supersedes is not None else "")
    checked = f", last checked {day_words(plan.knowledge_date)}" if plan.knowledge_date is not None else ""
    return PlanView(
        title=f"{plan.patient}: {number}",
        headline=headline(plan),
        status="Final." if plan.final else f"{NOT_FINAL}.",
        final=plan.final,
        sections=tuple(section for section in sections if section.lines),
        others=others,
        origin=(
            clock.note
            + (f" Restarts count from the planned end, {clock.at(plan.end)}." if plan.end is not None else ""),
            f"As of {dates_in_words(plan.moment.partition('T')[0])}{_time_of(plan)}; profile in use:"
            f" {profile_name(plan.active)}; knowledge {plan.knowledge}{checked}; plan {plan.fingerprint}.",
            *_left_out(balance),
            *_to_record(plan),
            "Levamen advises clinicians, who can doubt and override it. It orders nothing.",
        ),
    )


def cited_in(view: PlanView, sources: Sources) -> tuple[str, ...]:
    """Every source that the sections name, once, in their order: its id and its title."""
    places = (place for section in view.sections for line in section.lines for place in line.places)
    ids = dict.fromkeys(place.partition(", ")[0] for place in places)
    return tuple(f"{id}: {source_title(id, sources)}" for id in ids if id in sources)


def _unread(balance: Balance | None) -> Iterator[Section]:
    if balance is not None and balance.rejected:
        lines = tuple(Line(issue.what, issue.where) for issue in unread(balance))
        yield Section("unread", unread_words(balance, "this plan"), lines)


def _left_out(balance: Balance | None) -> Iterator[str]:
    if balance is not None:
        yield from filter(None, (left_out_words(balance), remarks_words(balance)))


def _to_record(plan: Plan) -> Iterator[str]:
    """The line by which the record knows this plan when the next one is made."""
    if plan.request.start is not None and not plan.done:
        yield (
            "Once it is given out, keep this among the record's `documents`, with its day as `date`: "
            f"{{kind: periprocedural-plan, request: {plan.request.id}, number: {plan.number}, "
            f"start: '{plan.request.start}', fingerprint: '{plan.fingerprint}'}}."
        )
        if any(waits(plan, drug) for drug in plan.active.drugs):
            yield "Keep a prescriber's answer with the same `start`: an answer to another appointment does not count."


def _time_of(plan: Plan) -> str:
    _, is_moment, time = plan.moment.partition("T")
    return f", {time[:5]} (UTC{time[-6:]})" if is_moment else ""


def _flags(plan: Plan, sources: Sources) -> Iterator[Line]:
    """Flags that stop the procedure: what to do, who, and what ends it."""
    for stop in plan.flags:
        do = f"{dates_in_words(sentence(stop.do))} ({who_words(stop.who)})"
        yield Line(
            f"{SAFETY_WORDS[stop.verdict]}, until {stop.until}. {do}",
            dates_in_words(capital(stop.what)),
            more=(*((sentence(dates_in_words(stop.more)),) if stop.more else ()), *_missing_of(stop)),
            places=places_of(stop.cites, sources),
        )


def _missing_of(stop: FlagStop) -> tuple[str, ...]:
    return tuple(f"Missing: {dates_in_words(what)}" for what in stop.missing)


def _guards(plan: Plan, sources: Sources) -> Iterator[Line]:
    """What fires, the worst first; how many others were looked at."""
    for answer in sorted(plan.guards, key=lambda answer: -SAFETY_VERDICTS.index(answer.verdict)):
        if answer.fires:
            guard = answer.guard
            until = f" until {day_words(answer.until)}" if answer.until is not None else ""
            waits_for = f" until {guard.until}" if guard.until and not until else ""
            found = f" Found {dates_in_words(answer.found)}." if answer.found else ""
            do = f"{sentence(guard.do)} ({who_words(guard.who)})"
            yield Line(
                f"{SAFETY_WORDS[answer.verdict]}{until or waits_for}. {do}{found}",
                guard.title,
                more=_asked(answer),
                places=places_of(guard.cites, sources),
            )
    quiet = sum(not (answer.fires or answer.ask_on_the_day or _open(answer)) for answer in plan.guards)
    if quiet:
        yield Line(f"{quiet} more looked at: nothing found.")


def _unknown(plan: Plan, sources: Sources) -> Iterator[Line]:
    """What nobody knows: what it would mean, and what to find out."""
    for answer in plan.guards:
        if _open(answer):
            guard = answer.guard
            yield Line(
                f"If so: {sentence(guard.do)} ({who_words(guard.who)})",
                guard.title,
                more=_asked(answer),
                places=places_of(guard.cites, sources),
            )


def _open(answer: GuardAnswer) -> bool:
    return answer.verdict != "clear" and not answer.fires


def _asked(answer: GuardAnswer) -> tuple[str, ...]:
    return tuple(f"Missing: {dates_in_words(row.what)}" for row in answer.missing)


def _findings(plan: Plan, sources: Sources, statuses: tuple[str, ...]) -> Iterator[Line]:
    """What was found of operator and guidance, what stops first."""
    waiting = {duty.id for duty in plan.obligations}
    told = [
        finding
        for finding in plan.findings
        if finding.status in statuses and not (finding.status == "unknown" and f"confirm-{finding.reason}" in waiting)
    ]
    for finding in sorted(told, key=lambda finding: statuses.index(finding.status)):
        unsure = tuple(f"Not recorded, and would decide: {what}" for what in finding.unsure)
        cited = places_of(finding.cites, sources) if finding.cites else (finding.source or "the clinic's own data",)
        yield Line(sentence(finding.says), _STATUS_WORDS.get(finding.status, ""), more=unsure, places=cited)


def _drug(drug: DrugAnswer, clock: Clock, sources: Sources) -> Line:
    times = tuple(
        (capital(called), clock.at(moment)) for name, called in TIMES if (moment := getattr(drug, name)) is not None
    )
    rule = [f"hold {drug.hold}" if drug.hold else "", restart_words(drug.restart)]
    rules = ", ".join(part for part in rule if part)
    told = (
        *((f"{'Rule' if drug.stop_at is not None else 'The rule, not applied'}: {rules}",) if rules else ()),
        *(("Restart counted from the start: the end is not known",) if drug.counted_from_start else ()),
        *(("Tell the prescriber that it is not held",) if drug.notify_prescriber else ()),
        *(sentence(note) for note in drug.notes),
        *((f"Beside it: {sources_of(drug.also, sources)}",) if drug.also else ()),
        *(f"Missing: {dates_in_words(row.what)}" for row in drug.missing),
    )
    return Line(
        f"{capital(DRUG_WORDS[drug.decision])}. {sentence(drug.why)}",
        drug_name(drug.drug),
        times,
        told,
        places_of(dict.fromkeys((*drug.cites, *drug.restart_cites)), sources),
    )


def _labs(plan: Plan, clock: Clock, sources: Sources) -> Iterator[Line]:
    labs = [(lab, drug) for drug in plan.active.drugs for lab in drug.labs]
    for lab, drug in sorted(labs, key=lambda row: (row[0].by is None, row[0].by or plan.start, row[0].tests)):
        by = f"by {clock.at(lab.by)}" if lab.by is not None else "no time set"
        if lab.status != "due":
            by = f"{'limit met' if lab.status == 'met' else 'limit not met'}, result {lab.result}; {by}"
        elif lab.result is not None:
            by = f"limit met on the day, result {lab.result}: a clinician judges; {by}"
        tests = ", ".join(codes.label("labs", test) for test in lab.tests)
        limit = f": {dates_in_words(lab.limit)}" if lab.limit else ""
        yield Line(
            f"{by}{limit}. {sentence(lab.why)}",
            f"{tests} ({drug_name(drug.drug)})",
            places=places_of(lab.cites, sources),
        )


def _agreements(plan: Plan) -> Iterator[Line]:
    for drug in plan.active.drugs:
        if drug.needs_agreement:
            who = drug.prescriber or "prescriber not on record"
            said = "answer awaited" if waits(plan, drug) else f"agreed ({drug.agreed})"
            yield Line(f"{who}: {said}", drug_name(drug.drug))


def _doses(plan: Plan) -> Iterator[Line]:
    for drug in plan.active.drugs:
        if drug.dose_taken:
            yield Line(sentence(drug.dose_taken), drug_name(drug.drug))


def _tasks(plan: Plan, clock: Clock, sources: Sources) -> Iterator[Line]:
    """Tasks in the order of their time, then those without one, then obligations; nothing that stands elsewhere."""
    elsewhere = {answer.guard.id for answer in plan.guards}
    open_tasks = [task for task in plan.tasks if task.at is not None or task.id not in elsewhere]
    for task in sorted(open_tasks, key=lambda task: (task.at is None, task.at or plan.start, task.id)):
        when = clock.at(task.at) if task.at is not None else "no time set"
        cited = places_of(task.cites, sources) if task.cites and task.drug is None else ()
        proposed = "Proposed, not final: " if task.kind in ("stop", "restart") and not plan.final else ""
        yield Line(f"{proposed}{sentence(task.what)} ({who_words(task.who)})", when, places=cited)
    found = [finding.says.rstrip(".").lower() for finding in plan.findings]
    for duty in plan.obligations:
        if duty.id not in elsewhere and not any(said in duty.what.lower() for said in found):
            when = f"by {day_words(duty.due)}" if duty.due is not None else "before the procedure"
            yield Line(f"{sentence(duty.what)} ({who_words(duty.who)}) {sentence(duty.why)}".strip(), when)


def _on_the_day(plan: Plan) -> Iterator[Line]:
    for answer in plan.guards:
        if answer.ask_on_the_day:
            yield Line(f"{sentence(answer.guard.do)} ({who_words(answer.guard.who)})", answer.guard.title)


def _others(rows: tuple[Other, ...]) -> Iterator[Line]:
    """Every other profile, and what it says of each drug."""
    for row in rows:
        if not row.used:
            times = [f"last dose {row.last_dose}" if row.last_dose else "", f"first dose {row.first_dose}"]
            rule = [row.hold, restart_words(row.restart), *times[: 1 + bool(row.first_dose)]]
            told = ", ".join(part for part in (row.decision, *rule) if part)
            yield Line(f"class {row.word}: {row.drug}: {told}", row.profile, places=row.places)


def other_rows(plan: Plan, clock: Clock, sources: Sources) -> tuple[Other, ...]:
    """The profile in use, then every other one that speaks: a row for each drug; none where there is no other."""
    speaking = [other for other in plan.others if other.speaks]
    return tuple(
        Other(
            profile=profile_name(profile),
            used=profile is plan.active,
            word=class_words(profile),
            drug=drug_name(drug.drug),
            decision=_answer(drug),
            hold=drug.hold or "",
            restart=drug.restart or "",
            last_dose=clock.at(drug.last_dose) if drug.last_dose is not None else "",
            first_dose=clock.at(drug.first_dose) if drug.first_dose is not None else "",
            places=places_of(dict.fromkeys((*drug.cites, *profile.bleeding_class.cites)), sources),
        )
        for profile in ([plan.active, *speaking] if speaking else [])
        for drug in profile.drugs
    )


def _answer(drug: DrugAnswer) -> str:
    """The decision; where a profile has no rule for the drug, that it has none."""
    if drug.decision == "do_not_hold_without_prescriber" and drug.hold is None:
        return dates_in_words(drug.why)
    return DRUG_WORDS[drug.decision]


def class_words(answer: ProfileAnswer) -> str:
    """`intermediate`, `high (low before escalation)`, or that there is none."""
    found = answer.bleeding_class
    if found.word is None:
        return "not given"
    details = [
        f"{found.base} before escalation" if found.base not in (None, found.word) else "",
        "by analogy" if found.mapped else "",
        "" if found.certain else "a missing field could change it",
    ]
    told = "; ".join(part for part in details if part)
    return f"{found.word} ({told})" if told else found.word


def _grounds(plan: Plan, sources: Sources) -> Iterator[Line]:
    found = plan.active.bleeding_class
    more = (*(sentence(reason) for reason in found.reasons), *(f"Missing: {row.what}" for row in found.missing))
    yield Line(class_words(plan.active), "Bleeding class", more=more, places=places_of(found.cites, sources))
    if plan.clearance is not None:
        yield Line(clearance_words(plan.clearance), "Creatinine clearance")


def clearance_words(found: Clearance) -> str:
    """`71.4 mL/min (Cockcroft-Gault; creatinine of 5 Mar 2026)`: one decimal, cut and not rounded up to a limit."""
    if found.least is None or found.most is None:
        known = "not known"
    elif found.least == found.most:
        known = f"{_tenths(found.least)} mL/min"
    else:
        known = f"{_tenths(found.least)} to {_tenths(found.most)} mL/min (sex not known)"
    if found.least is not None:
        day = f" of {dates_in_words(str(found.day.first))}" if found.day is not None else ""
        known += f", measured{day}" if found.measured else f", Cockcroft-Gault from the creatinine{day}"
    return f"{known}; on dialysis" if found.dialysis else known


def _tenths(number: Fraction) -> str:
    tenths = number * 10 // 1
    return f"{tenths // 10}.{tenths % 10}"
