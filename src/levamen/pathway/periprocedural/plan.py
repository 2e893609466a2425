"""The periprocedural plan of one procedure (docs/adr/0007): class, guards, arithmetic; then who does what by when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from levamen.criteria.situation import Situation
from levamen.derive.views import local_day, situation, zone_of
from levamen.knowledge.edition import per_edition
from levamen.knowledge.guards import Guard, packaged_guards
from levamen.knowledge.holds import Profile, packaged_profiles
from levamen.knowledge.registry import Knowledge
from levamen.pathway.flag_answers import FlagReview
from levamen.pathway.flag_stops import FlagStop, list_duty, stops_of
from levamen.pathway.flags import review_flags
from levamen.pathway.periprocedural.afterwards import afterwards
from levamen.pathway.periprocedural.answers import (
    DECISIONS,
    BleedingClass,
    Decision,
    DrugAnswer,
    GuardAnswer,
    Plan,
    ProfileAnswer,
    worst_decision,
)
from levamen.pathway.periprocedural.bleeding_class import base_class, escalated
from levamen.pathway.periprocedural.drugs import answer
from levamen.pathway.periprocedural.findings import asked_on_the_day, effect_of, findings_of
from levamen.pathway.periprocedural.guarding import decisive, guard_answers
from levamen.pathway.periprocedural.labs import lab_due
from levamen.pathway.periprocedural.numbering import numbered
from levamen.pathway.periprocedural.refusals import refused
from levamen.pathway.periprocedural.safety import missing_of, reviewed, safety_of
from levamen.pathway.periprocedural.selection import (
    ACTS_ON_BLEEDING,
    ANTITHROMBOTIC,
    TRIALS_WITH_A_LEAD,
    Selected,
    Setting,
    named_drug,
    select,
)
from levamen.pathway.periprocedural.setting import medications_of, setting_of
from levamen.pathway.periprocedural.tasks import obligations_of, tasks_of
from levamen.pathway.privileges import Privilege
from levamen.record import codes
from levamen.record.facts import Medication, Procedure, Record, Request
from levamen.text.tree import UnusableInput

DEFAULT_PROFILE = "asra-pain-2018"


def plan(
    record: Record,
    request: Request | Procedure,
    knowledge: Knowledge,
    as_of: date | datetime,
    *,
    profiles: Sequence[str] = (DEFAULT_PROFILE,),
    guards: Sequence[Guard] | None = None,
    privileges: Sequence[Privilege] | None = None,
) -> Plan:
    """The plan as known at `as_of`. `profiles` govern together: each drug follows the strictest of them.
    `privileges` are the clinic's own; without them nothing is said of the operator.

    `request` may be a procedure that has been done: then only restart and watch are left. Raises UnusableInput, in one
    sentence, where the chart has no zone, a profile is not known, or `refusals` says why there is nothing to plan.
    """
    known = packaged_profiles()
    for name in profiles:
        if name not in known:
            raise UnusableInput(f"'{name}' is no hold profile; known: {', '.join(sorted(known))}")
    if record.zone is None:
        raise UnusableInput(f"{record.id}: a plan needs the chart's `zone`, such as Europe/Rome; a date alone has none")
    asked, done = _as_request(request), not isinstance(request, Request)
    as_of = _aware(as_of, zone_of(record))
    if (why := refused(record, asked, as_of, done=done)) is not None:
        raise UnusableInput(f"{record.id}: {why}")
    return build(record, asked, knowledge, as_of, profiles=profiles, guards=guards, privileges=privileges, done=done)


def build(
    record: Record,
    request: Request,
    knowledge: Knowledge,
    as_of: date | datetime,
    *,
    on: date | None = None,
    profiles: Sequence[str] = (DEFAULT_PROFILE,),
    guards: Sequence[Guard] | None = None,
    privileges: Sequence[Privilege] | None = None,
    done: bool = False,
    beside: bool = True,
    seen: Situation | None = None,
    review: FlagReview | None = None,
) -> Plan:
    """The plan without refusals: what an assessment reads its safety from. `on` replaces the day of the appointment.

    Without `beside` the profiles that do not govern are left out. `seen` is the situation and `review` the
    flags of the record, where somebody has them.
    """
    zone = zone_of(record)
    as_of = _aware(as_of, zone)
    if on is None:
        on = request.start.first if request.start is not None else local_day(as_of, zone)
    seen = situation(record, request, as_of, on) if seen is None else seen
    known = {
        id: profile
        for id, profile in packaged_profiles().items()
        if id in profiles or (beside and profile.in_force(on))
    }
    setting = setting_of(record, request, seen, as_of, done)
    active_drugs, unresolved = medications_of(seen, setting, known)
    drugs = frozenset(named_drug(medication) for medication in active_drugs)
    setting = replace(setting, antithrombotics=_antithrombotics(active_drugs), drugs=drugs)
    selections = {id: _select(known[id], active_drugs, seen, setting) for id in sorted(known)}
    classes = {name: _class(known[name], active_drugs, seen, setting) for name in profiles}
    held = _held(selections, classes, profiles)
    answers = guard_answers(packaged_guards() if guards is None else guards, seen, held) if not done else ()
    computed = {
        id: _profile_answer(known[id], rows, active_drugs, seen, setting, answers) for id, rows in selections.items()
    }
    active = _strictest([computed[name] for name in profiles])
    others = tuple(_spoken(found) for id, found in computed.items() if id not in profiles and found.speaks)
    findings = findings_of(privileges, request, seen) if not done else ()
    contradictory = _contradictory(active_drugs)
    review = review_flags(record, as_of) if review is None else review
    stops = stops_of(review, on) if not done else ()
    missing = missing_of(active, answers, findings, unresolved, contradictory, stops, seen)
    verdict, reasons = safety_of(active, answers, findings, unresolved, contradictory, stops, seen)
    found = Plan(
        patient=record.id,
        request=request,
        start=setting.start,
        end=None if setting.from_start else setting.end,
        zone=zone,
        on=on,
        as_of=seen.as_of,
        moment=as_of.isoformat(),
        active=active,
        others=others,
        guards=answers,
        findings=findings,
        flags=stops,
        clearance=setting.clearance if any(row.needs_clearance for row in selections[profiles[0]]) else None,
        decision=worst_decision(
            (
                *(drug.decision for drug in active.drugs),
                *(guard.decision for guard in answers if guard.fires),
                *_decisions(stops),
                *(effect_of(finding, seen)[1] for finding in findings),
            )
        ),
        safety=verdict,
        reasons=reasons,
        until=max((guard.until for guard in decisive(answers) if guard.until is not None), default=None),
        tasks=(),
        obligations=(),
        notes=tuple(_notes(active, seen)),
        missing=missing,
        unresolved=unresolved,
        fingerprint="",
        done=done,
        knowledge=knowledge.hash,
        knowledge_date=knowledge.date,
        final=verdict in ("clear", "caution") and not missing and all(drug.final for drug in active.drugs),
    )
    listed = [row.fact for row in seen.views["current-medications"]]
    after = afterwards(found, seen, listed, list_reviewed=reviewed("medications", seen))
    found = replace(found, after=after, fingerprint=_fingerprint(found))
    found = numbered(found, [row.fact for row in seen.views["documents"]])
    return replace(
        found,
        tasks=tasks_of(found),
        obligations=(
            *(list_duty(review, on) if not done else ()),
            *obligations_of(found),
            *asked_on_the_day(findings, seen),
        ),
    )


def _decisions(stops: Iterable[FlagStop]) -> Iterable[Decision]:
    """A flag that fires defers; one that may is asked about."""
    for stop in stops:
        if stop.verdict == "defer":
            yield "defer"


def _aware(as_of: date | datetime, zone: ZoneInfo) -> date | datetime:
    """A moment without an offset is local, as in a chart."""
    return as_of.replace(tzinfo=zone) if isinstance(as_of, datetime) and as_of.tzinfo is None else as_of


def _as_request(request: Request | Procedure) -> Request:
    if isinstance(request, Request):
        return request
    return Request(**{name: getattr(request, name) for name in Procedure.__struct_fields__})


def _antithrombotics(medications: Iterable[Medication]) -> int:
    drugs = {named_drug(row) for row in medications}
    return sum(1 for drug in drugs if codes.classes_of(drug) & ANTITHROMBOTIC)


@per_edition
def _listed() -> frozenset[str]:
    """Every drug that some profile has a rule for."""
    rows = (row for profile in packaged_profiles().values() for row in profile.holds if row.mode != "no_source")
    return frozenset(drug for row in rows for drug in row.drugs)


def _contradictory(medications: Sequence[Medication]) -> tuple[str, ...]:
    """Drugs with two regular orders of different dose or times: they cannot both be meant."""
    orders: dict[str, set[tuple[object, ...]]] = {}
    for row in medications:
        if row.dose is not None and not row.as_needed and row.end is None:
            orders.setdefault(named_drug(row), set()).add((row.dose, row.every, row.times))
    return tuple(drug for drug, found in sorted(orders.items()) if len(found) > 1)


def _together(medications: Iterable[Medication]) -> int:
    """How many different drugs act on bleeding, if one is an antithrombotic; a supplement only if it is listed."""
    listed = _listed()
    drugs = {named_drug(row) for row in medications}
    acting = {
        drug
        for drug in drugs
        if (classes := codes.classes_of(drug)) & ACTS_ON_BLEEDING and ("supplement" not in classes or drug in listed)
    }
    return len(acting) if any(codes.classes_of(drug) & ANTITHROMBOTIC for drug in acting) else 0


def _class(profile: Profile, medications: Sequence[Medication], seen: Situation, setting: Setting) -> BleedingClass:
    procedures = [row.fact for row in seen.views["procedures"]]
    base = base_class(profile, setting.request)
    return escalated(
        base,
        profile,
        setting.request,
        setting.problems,
        procedures,
        _together(medications),
        setting.clearance,
    )


def _select(
    profile: Profile, medications: Sequence[Medication], seen: Situation, setting: Setting
) -> tuple[Selected, ...]:
    found = _class(profile, medications, seen, setting)
    return tuple(select(medication, profile, found, setting) for medication in medications)


def _held(
    selections: Mapping[str, Sequence[Selected]], classes: Mapping[str, BleedingClass], profiles: Sequence[str]
) -> frozenset[str]:
    """The drugs that the governing profiles would hold, or may (shared, above class low), and their classes."""
    drugs = {
        row.drug
        for name in profiles
        for row in selections[name]
        if row.would_hold or (row.mode == "shared" and classes[name].word not in _GOES_AHEAD)
    }
    return frozenset(drugs).union(*(codes.classes_of(drug) for drug in drugs))


_GOES_AHEAD = frozenset({"low", "low-intermediate"})
"""Classes in which the procedure may go ahead on the drug; in the others a shared decision may well be to stop."""


def _profile_answer(
    profile: Profile,
    rows: Sequence[Selected],
    medications: Sequence[Medication],
    seen: Situation,
    setting: Setting,
    guards: Sequence[GuardAnswer],
) -> ProfileAnswer:
    found = _class(profile, medications, seen, setting)
    drugs = tuple(answer(row, found, setting, guards) for row in rows)
    return ProfileAnswer(
        profile=profile.id,
        title=profile.title,
        bleeding_class=found,
        drugs=drugs,
        decision=worst_decision(tuple(drug.decision for drug in drugs)),
        labs=tuple(
            lab_due(rule, setting.labs, setting.start, setting.zone, setting.now)
            for rule in profile.class_labs.get(found.word or "", ())
        ),
        speaks=found.word is not None,
    )


def _spoken(found: ProfileAnswer) -> ProfileAnswer:
    """A profile beside the active one, with the drugs it has a rule for: silence is no opposition."""
    drugs = tuple(drug for drug in found.drugs if not drug.silent)
    return replace(found, drugs=drugs, decision=worst_decision(tuple(drug.decision for drug in drugs)))


def _strictest(found: Sequence[ProfileAnswer]) -> ProfileAnswer:
    """Of several governing profiles, for each drug the strictest answer; one alone is itself."""
    first = found[0]
    if len(found) == 1:
        return first
    drugs = tuple(max(rows, key=_strictness) for rows in zip(*(profile.drugs for profile in found), strict=True))
    return ProfileAnswer(
        profile=" + ".join(profile.profile for profile in found),
        title="; ".join(profile.title for profile in found),
        bleeding_class=first.bleeding_class,
        drugs=drugs,
        decision=worst_decision(tuple(drug.decision for drug in drugs)),
        speaks=any(profile.speaks for profile in found),
    )


def _strictness(found: DrugAnswer) -> tuple[int, float, float]:
    """The worse decision, then the earlier stop, then the later restart."""
    stop = -found.stop_at.timestamp() if found.stop_at is not None else float("-inf")
    restart = found.restart_from.timestamp() if found.restart_from is not None else float("-inf")
    return DECISIONS.index(found.decision), stop, restart


def _notes(active: ProfileAnswer, seen: Situation) -> Iterable[str]:
    found = active.bleeding_class
    if found.mapped:
        yield "the guideline does not list this procedure: its class is by analogy"
    if found.reasons and found.base != found.word:
        yield f"class {found.base} counts as {found.word}: {'; '.join(found.reasons)}"
    if seen.subject.therapy in TRIALS_WITH_A_LEAD:
        yield "a lead or catheter stays in: what is held stays held until it is out"


_ACTED_ON = (
    "stop_at", "stop_latest", "last_dose", "restart_from", "restart_earliest", "first_dose", "earliest_procedure",
)  # fmt: skip


def _fingerprint(found: Plan) -> str:
    """A short hash of what a patient or prescriber would act on."""
    parts = [found.request.id, str(found.start), str(found.end), found.decision]
    for drug in found.active.drugs:
        parts += [drug.drug, drug.decision, *(str(getattr(drug, name)) for name in _ACTED_ON)]
        parts += [f"{lab.tests} {lab.limit} {lab.by}" for lab in drug.labs]
    parts += [guard.guard.id for guard in found.guards if guard.fires]
    parts += [f"flag {stop.id}" for stop in found.flags]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]
