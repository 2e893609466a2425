"""The facts of one question as criteria see them: limited to what was known, grouped into views, with doubt kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from levamen.criteria.situation import Seen, Situation
from levamen.derive import authorizations, conservative_care, index_pain
from levamen.derive.relief import Treatment, foramina_of, known_technique, treatment
from levamen.derive.safety_views import SAFETY_CLOSING, SAFETY_VIEWS, safety_views
from levamen.derive.trials import TrialResult, trial_result
from levamen.record.completeness import Completeness
from levamen.record.facts import (
    Allergy,
    Device,
    Document,
    Evaluation,
    Event,
    Fact,
    Finding,
    Goal,
    Lab,
    Medication,
    Pain,
    Payer,
    Problem,
    Procedure,
    Record,
    Request,
    Score,
)
from levamen.record.timeline import When, add_months, known_by

VIEWS: Mapping[str, type] = {
    "pain": Pain,
    "index-pain": Pain,
    "problems": Problem,
    "findings": Finding,
    "conservative-care": conservative_care.CareCourse,
    "medications": Medication,
    "allergies": Allergy,
    "labs": Lab,
    "scores": Score,
    "index-scores": Score,
    "procedures": Treatment,
    "session": Treatment,
    "trials": TrialResult,
    "evaluations": Evaluation,
    "documents": Document,
    "planned-guidance": Request,
    "devices": Device,
    "events": Event,
    "goals": Goal,
    **SAFETY_VIEWS,
}
"""Every kind of fact a criterion can select, and the class of its facts."""

CLOSING: Mapping[str, str] = {
    "index-pain": "pain",
    "conservative-care": "care",
    "index-scores": "scores",
    "trials": "procedures",
    **SAFETY_CLOSING,
}
"""The section whose completeness closes a view that is not itself a section. Nothing closes `session`: that the plan
asks for nothing else on the day does not say that nothing else is done; a rule that selects from it says `recorded`."""

TRIAL_THERAPIES = frozenset(
    {
        "spinal-cord-stimulation-trial",
        "dorsal-root-ganglion-stimulation-trial",
        "peripheral-nerve-stimulation-trial",
        "intrathecal-trial",
    }
)

_PAIN_SCALES = frozenset({"nrs", "nrs-worst", "nrs-average", "nrs-least", "vas-mm", "verbal-rating"})


def zone_of(record: Record) -> ZoneInfo:
    """The chart's zone; UTC where it has none (dates then work, instants without an offset were refused)."""
    return ZoneInfo(record.zone) if record.zone is not None else ZoneInfo("UTC")


def local_day(moment: date | datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment in the chart's zone."""
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(zone).date()
    return moment


def seen(fact: Fact, as_of: date | datetime) -> bool:
    """Whether a fact was known as of a moment: by when it was recorded, else by its own date."""
    known = fact.recorded or fact.day
    return known is None or known_by(known, as_of)


def payer_on(record: Record, on: date, as_of: date | datetime) -> Payer:
    """The payer in force on the service date, of those known as of a moment; an empty one where none, or more, is."""
    known = (payer for payer in record.payers if payer.recorded is None or known_by(payer.recorded, as_of))
    found = [payer for payer in known if _in_force(payer, on)]
    return found[0] if len(found) == 1 else Payer()


def _in_force(payer: Payer, on: date) -> bool:
    return (payer.start is None or payer.start.first <= on) and (payer.end is None or on <= payer.end.last)


def situation(record: Record, request: Request, moment: date | datetime, on: date) -> Situation:
    """What may be looked at to judge `request` for the service date `on`, as known as of `moment`.

    What happened after the service date is not looked at, even where it is known by now.
    """
    zone = zone_of(record)
    as_of = local_day(moment, zone)
    known_at = moment.astimezone(zone) if isinstance(moment, datetime) else moment
    facts = [fact for fact in record.facts if seen(fact, known_at) and not _later(fact, on)]
    pains = [fact for fact in facts if isinstance(fact, Pain)]
    chosen = index_pain.candidates(pains, request)
    onsets = [pain.since for pain in chosen if pain.since is not None]
    known = bool(onsets) and len(onsets) == len(chosen)
    views: dict[str, tuple[Seen, ...]] = {}
    views["pain"] = _certain(pains)
    views["index-pain"] = tuple(Seen(pain, len(chosen) == 1) for pain in chosen)
    views["problems"] = tuple(_problems(facts))
    views["findings"] = tuple(current_findings([fact for fact in facts if isinstance(fact, Finding)]))
    episode = min(since.first for since in onsets) if known else None
    episode_last = max(since.last for since in onsets) if known else None
    care = conservative_care.courses(facts)
    views["conservative-care"] = tuple(_care_for_this_pain(care, episode, episode_last, as_of))
    views["devices"] = _certain(f for f in facts if isinstance(f, Device) and not _over(f.removed, as_of))
    done = tuple(_procedures(record, facts, known_at, on))
    procedures = (*done, *_before_it(record, request, known_at, on))
    views["procedures"] = procedures
    views["session"] = tuple(_session(record, done, request, known_at, on))
    views["trials"] = tuple(
        Seen(trial_result(row.fact, min(as_of, on)), row.certain)
        for row in procedures
        if row.fact.therapy in TRIAL_THERAPIES
    )
    scores = [fact for fact in facts if isinstance(fact, Score)]
    views["scores"] = _certain(scores)
    views["index-scores"] = tuple(_index_scores(scores, pains, chosen))
    for kind, section in (
        ("medications", Medication),
        ("allergies", Allergy),
        ("documents", Document),
        ("events", Event),
        ("goals", Goal),
    ):
        views[kind] = _certain(fact for fact in facts if isinstance(fact, section))
    held = (row.fact for row in views["documents"])
    views["documents"] = _certain(authorizations.of_request(held, request.id))
    # What the request does not plan is not planned: a guidance that it does not name is none of the planned ones.
    views["planned-guidance"] = (Seen(request),) if request.guidance is not None else ()
    # What was said of a warning sign is no evaluation before a therapy and settles no judgement of a policy.
    views["evaluations"] = _certain(f for f in facts if isinstance(f, Evaluation) and f.about_flag is None)
    views["medications"] = _certain(_classed(row.fact) for row in views["medications"])
    stated = tuple(entry for entry in record.completeness if _stated(entry, known_at))
    to_come = [fact for fact in record.facts if isinstance(fact, Medication) and _to_come(fact, record, known_at, on)]
    views |= safety_views([*facts, *to_come], stated, request, on)
    recorded = record.recorded or record.as_of
    return Situation(
        as_of=as_of,
        on=on,
        zone=zone,
        subject=_as_asked(request),
        person=record.person,
        payer=payer_on(record, on, known_at),
        completeness=stated,
        views=views,
        closing=CLOSING,
        episode=episode,
        episode_last=episode_last,
        recorded=recorded.last if recorded is not None else None,
    )


def _to_come(medication: Medication, record: Record, as_of: date | datetime, on: date) -> bool:
    """Whether it is to begin between `as_of` and the service date, and the record knew so when it was written.

    A chart that names a later start than its own day states a plan; for safety a planned drug counts as taken.
    """
    start, written = medication.start, record.recorded or record.as_of
    if start is None or medication.recorded is not None or written is None or not known_by(written, as_of):
        return False
    return not known_by(start, as_of) and start.first <= on


def _classed(medication: Medication) -> Medication:
    """A known drug of no class is in none of the classes that are asked about; its own id stands for that."""
    if medication.drug is None or medication.classes:
        return medication
    return replace(medication, classes=frozenset({medication.drug}))


def _stated(entry: Completeness, as_of: date | datetime) -> bool:
    """Whether a statement of completeness was known as of a moment: an answer is a fact of when it was given."""
    known = entry.recorded or entry.asked or entry.reviewed
    return known is None or known_by(known, as_of)


def _as_asked(request: Request) -> Request:
    """The request with what its own words imply: foramina of a transforaminal level, the midline of an unpaired one."""
    return replace(
        request,
        technique=known_technique(request.technique),
        side=side_of(request),
        foramina=foramina_of(request),
    )


_UNPAIRED_APPROACHES = frozenset({"interlaminar", "caudal"})


def side_of(request: Request) -> str | None:
    """The side asked for. An interlaminar or caudal injection has none to name: it is midline unless stated."""
    if request.side is None and request.approach in _UNPAIRED_APPROACHES:
        return "midline"
    return request.side


def _later(fact: Fact, on: date) -> bool:
    return fact.day is not None and fact.day.first > on


def _certain(facts: Iterable[Fact]) -> tuple[Seen, ...]:
    return tuple(Seen(fact) for fact in facts)


_SAME_TEST = ("concept", "method", "region", "side", "joints", "interspaces")


def current_findings(findings: list[Finding]) -> Iterable[Seen]:
    """Each finding as last looked for: an earlier result of the same test at the same place is history.

    One that may be superseded, because a day or the place or method of either is not recorded, is doubtful.
    """
    for finding in findings:
        others = [other for other in findings if other is not finding]
        if not any(_same_test(finding, other) and _surely_before(finding, other) for other in others):
            yield Seen(finding, not any(_maybe_same_test(finding, o) and _maybe_before(finding, o) for o in others))


def _same_test(one: Finding, other: Finding) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _SAME_TEST)


def _maybe_same_test(one: Finding, other: Finding) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in _SAME_TEST]
    return all(mine == theirs or not mine or not theirs for mine, theirs in pairs)


def _surely_before(one: Finding, other: Finding) -> bool:
    return one.date is not None and other.date is not None and one.date.last < other.date.first


def _maybe_before(one: Finding, other: Finding) -> bool:
    return one.date is None or other.date is None or one.date.first < other.date.last


def _over(end: When | None, as_of: date) -> bool:
    return end is not None and end.last <= as_of


CARE_LOOKBACK_MONTHS = 12
"""Care that ended longer than this before the recorded onset was for an earlier pain. A reading of records of ours, not
of any source: onsets are often those of the latest flare, so care shortly before still counts."""


def _care_for_this_pain(
    courses: Iterable[conservative_care.CareCourse], onset: date | None, latest: date | None, as_of: date
) -> Iterable[Seen]:
    """Care that may have been for this pain; doubtful where that hangs on a day that is not known.

    `onset` and `latest` are the earliest and latest reading of the onset; an unknown one was by `as_of` at the latest.
    """
    for course in courses:
        if course.end is None:
            begun = course.start if course.stopped_because is not None else None
            yield Seen(course, begun is None or add_months(begun.first, CARE_LOOKBACK_MONTHS) >= (latest or as_of))
        elif onset is None or add_months(course.end.last, CARE_LOOKBACK_MONTHS) >= onset:
            yield Seen(course, add_months(course.end.first, CARE_LOOKBACK_MONTHS) >= (latest or as_of))


def _problems(facts: Iterable[Fact]) -> Iterable[Seen]:
    """Problems of now. Resolved, refuted and mistaken ones are left out; provisional or unclear ones are doubtful."""
    for fact in facts:
        if not isinstance(fact, Problem):
            continue
        if fact.verification in ("refuted", "entered-in-error") or fact.status in ("resolved", "remission"):
            continue
        yield Seen(fact, fact.verification != "provisional" and fact.status != "unknown")


def _procedures(record: Record, facts: Iterable[Fact], as_of: date | datetime, on: date) -> Iterable[Seen]:
    """What was done: an aborted procedure may or may not count.

    Without a status a procedure was done, unless it was written down before its day: then it may have been planned.
    """
    for fact in facts:
        if isinstance(fact, Procedure) and fact.status in (None, "done", "aborted"):
            if fact.start is not None and not known_by(fact.start, as_of):
                continue
            told = fact.recorded or record.recorded
            foreseen = told is not None and fact.start is not None and told.last < fact.start.first
            done = fact.status == "done" or (fact.status is None and not foreseen)
            yield Seen(treatment(fact, as_of, on), done)


def _before_it(record: Record, request: Request, as_of: date | datetime, on: date) -> Iterable[Seen]:
    """What the plan will have done before the day of the request; a part whose day is not known may be one of them."""
    for other in record.requests:
        if other is request or other.id == request.id or other.plan is None or other.plan != request.plan:
            continue
        if other.start is not None and other.start.last < on:
            yield Seen(treatment(other, as_of, on))
        elif request.start is not None and (other.start is None or other.start.first < on):
            yield Seen(treatment(other, as_of, on), certain=False)


def _session(
    record: Record, done: Iterable[Seen], request: Request, as_of: date | datetime, on: date
) -> Iterable[Seen]:
    """What else is written down for the service day: what was done on it, and what the same plan asks for on it.

    A part of the plan without a day may be of this one.
    """
    for row in done:
        if row.fact.start is not None and row.fact.start.first <= on <= row.fact.start.last:
            yield Seen(row.fact, row.certain and row.fact.start.exact)
    for other in record.requests:
        if other.id == request.id or other.plan is None or other.plan != request.plan:
            continue
        if other.start is None or other.start.first <= on <= other.start.last:
            yield Seen(treatment(other, as_of, on), other.start is not None and other.start.exact)


def _index_scores(scores: Iterable[Score], pains: Iterable[Pain], chosen: tuple[Pain, ...]) -> Iterable[Seen]:
    """Scores of the index pain. A pain score that names no pain is certain only where the chart has one pain."""
    wanted = {pain.id for pain in chosen}
    known = list(pains)
    for score in scores:
        if score.pain is not None:
            if score.pain in wanted:
                yield Seen(score, len(chosen) == 1)
        elif score.instrument in _PAIN_SCALES:
            yield Seen(score, len(known) == 1 and len(chosen) == 1)
        else:
            yield Seen(score)
