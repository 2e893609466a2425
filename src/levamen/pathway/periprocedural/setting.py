"""The appointment and the record as the plan reads them: instants, kidneys, and the drugs that count (ADR 0007, 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from msgspec.structs import replace

from levamen.criteria.outcome import Missing
from levamen.criteria.situation import Situation
from levamen.derive.dose_band import Body
from levamen.derive.dosing import first_moment, last_moment
from levamen.derive.labs import in_unit
from levamen.derive.renal import Clearance, clearance, completed_years
from levamen.knowledge.dose_bands import packaged_dose_bands
from levamen.knowledge.holds import Profile
from levamen.knowledge.renal import RenalRules, packaged_renal_rules
from levamen.pathway.periprocedural.selection import IN_THE_TABLES, TRIALS_WITH_A_LEAD, Setting, named_drug
from levamen.record import codes
from levamen.record.facts import Lab, Medication, Record, Request
from levamen.record.timeline import Interval, When, start_of_day


def setting_of(record: Record, request: Request, seen: Situation, as_of: date | datetime, done: bool) -> Setting:
    zone = seen.zone
    timed = record.zone is not None and request.start is not None and request.start.at is not None
    start = first_moment(request.start, zone) if timed and request.start is not None else None
    now = as_of if isinstance(as_of, datetime) else last_moment(When.on(as_of), zone)
    labs = tuple(row.fact for row in seen.views["labs"])
    problems = tuple(row.fact for row in seen.views["problems"])
    rules = packaged_renal_rules()
    renal = _fresh(clearance(seen.person, labs, labs, problems, seen.on), rules, seen.as_of)
    given_end = request.end is not None and record.zone is not None
    return Setting(
        request=request,
        zone=zone,
        on=seen.on,
        now=min(now, start) if start is not None and not done else now,
        as_of=seen.as_of,
        start=start,
        end=last_moment(request.end, zone) if given_end and request.end is not None else start,
        from_start=not given_end,
        stated=record.recorded or record.as_of,
        done=done,
        events=frozenset(_events(seen, request)),
        antithrombotics=0,
        drugs=frozenset(),
        problems=problems,
        documents=tuple(row.fact for row in seen.views["documents"]),
        labs=labs,
        clearance=renal,
        body=_body(seen, labs, rules),
        bands=packaged_dose_bands(),
        renal=rules,
    )


def _fresh(found: Clearance, rules: RenalRules, as_of: date) -> Clearance:
    """A clearance from a sample that is too old, or of no known day, is not known."""
    if found.least is None or found.most is None or found.dialysis:
        return found
    limit = rules.longest_age(found.least)
    if found.day is not None and (as_of - found.day.first).days <= limit:
        return found
    asked = Missing(kind="labs", what=f"a creatinine not older than {limit} days", reason="stale")
    return replace(found, least=None, most=None, missing=(asked,))


def _events(seen: Situation, request: Request) -> Iterable[str]:
    """What delays a restart: blood at the needle, and a lead or catheter that stayed in for days."""
    yield "planned"
    told = [row.fact.kind for row in seen.views["events"] if row.fact.procedure == request.id]
    if "bloody-tap" in (*request.complications, *told):
        yield "bloody-tap"
    if request.therapy in TRIALS_WITH_A_LEAD:
        yield "lead-out"


def _body(seen: Situation, labs: Sequence[Lab], rules: RenalRules) -> Body:
    """What the redefinition of a low dose looks at; a creatinine too old for a clearance is not known here either."""
    birth = seen.person.birth_date
    samples = [
        lab
        for lab in labs
        if lab.test == "creatinine" and lab.at is not None and (seen.as_of - lab.at.first).days <= rules.days
    ]
    latest = max(samples, key=lambda lab: (lab.at.last if lab.at else seen.on, lab.id), default=None)
    value = in_unit(latest, "mg/dL") if latest is not None else None
    return Body(
        age=completed_years(birth.first, seen.on) if birth is not None else None,
        weight_kg=seen.person.weight_kg,
        creatinine_mg_dl=value.low if isinstance(value, Interval) and value.exact else _number(value),
    )


def _number(value: object) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def medications_of(
    seen: Situation, setting: Setting, known: Mapping[str, Profile]
) -> tuple[tuple[Medication, ...], tuple[str, ...]]:
    """The drugs of the tables that count for the appointment, and the entries whose drug nobody could read."""
    found, unresolved = [], []
    known_now = {row.fact.id for row in seen.views["medications"]}
    to_come = [row for row in seen.views["medication-history"] if row.fact.id not in known_now]
    for row in (*seen.views["medications"], *to_come):
        medication: Medication = row.fact
        if medication.start is not None and medication.start.first > setting.on:
            continue
        if medication.drug is None:
            if not _over(medication, setting, timedelta(0)):
                unresolved.append(medication.written or medication.note or medication.id)
        elif codes.classes_of(named_drug(medication)) & IN_THE_TABLES and not _over(
            medication, setting, _longest(named_drug(medication), known)
        ):
            found.append(medication)
    return tuple(sorted(found, key=lambda row: row.id)), tuple(unresolved)


def _over(medication: Medication, setting: Setting, longest: timedelta) -> bool:
    """Whether the last dose is surely so long ago that no profile would still ask for time."""
    if medication.end is None or medication.stopped_because == "procedure-hold":
        return False  # held for a procedure: it is still to be taken again
    reference = setting.start or start_of_day(setting.on, setting.zone)
    return last_moment(medication.end, setting.zone) <= reference - longest


def _longest(drug: str, known: Mapping[str, Profile]) -> timedelta:
    hours = [
        row.length.hours(row.length.most)
        for profile in known.values()
        for row in profile.holds
        if drug in row.drugs and row.length is not None and row.length.unit != "half-lives"
    ]
    return timedelta(hours=float(max(hours, default=0)))
