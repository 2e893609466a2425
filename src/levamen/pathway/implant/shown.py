"""What a record shows of each guard: from the policies asked, the safety of the appointment, and the chart itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Cite
from levamen.criteria.truth import Status, conjunction
from levamen.criteria.verdict import FAMILIES
from levamen.derive.authorizations import standing, words
from levamen.derive.views import local_day, seen, zone_of
from levamen.knowledge.implants import Lifecycle, packaged_lifecycle
from levamen.knowledge.registry import Knowledge
from levamen.pathway.answers import PolicyAnswer, Question
from levamen.pathway.assess import assess
from levamen.pathway.implant.machine import NOT_LOOKED_AT, Showing, Shown
from levamen.pathway.implant.trial import TrialAnswer, judged, outcome
from levamen.record import codes
from levamen.record.completeness import Completeness
from levamen.record.facts import Device, Document, Evaluation, Fact, Pain, Procedure, Record, Request, Score
from levamen.record.timeline import When, after, known_by

IMPLANT_OF = {
    "spinal-cord-stimulation-trial": "spinal-cord-stimulation-implant",
    "dorsal-root-ganglion-stimulation-trial": "dorsal-root-ganglion-stimulation-implant",
    "peripheral-nerve-stimulation-trial": "peripheral-nerve-stimulation-implant",
}
TRIAL_OF = {implant: trial for trial, implant in IMPLANT_OF.items()}


class Asked(Struct, frozen=True, kw_only=True):
    """The questions of one way: its trial and its implant (or its lead), each as assessed."""

    trial: Question | None
    implant: Question | None
    deciding: frozenset[str]
    answers: tuple[TrialAnswer, ...] = ()


class Moment(Struct, frozen=True):
    """What is known when."""

    record: Record
    as_of: date | datetime

    @property
    def day(self) -> date:
        return local_day(self.as_of, zone_of(self.record))

    @property
    def facts(self) -> list[Fact]:
        """What was known, each fact as it stood: what ended, or came out, later had not ended yet."""
        return [as_known(fact, self.as_of) for fact in self.record.facts if seen(fact, self.as_of)]


def as_known(fact: Fact, as_of: date | datetime) -> Fact:
    """The fact without an end, or a removal, that was still to come."""
    if isinstance(fact, Procedure) and fact.end is not None and not known_by(fact.end, as_of):
        return replace(fact, end=None)
    if isinstance(fact, Device) and fact.removed is not None and not known_by(fact.removed, as_of):
        return replace(fact, removed=None)
    return fact


def ask(
    record: Record, knowledge: Knowledge, as_of: date | datetime, implant: Request, deciding: Sequence[str]
) -> Asked:
    """The policies asked of the trial and of the implant. `deciding`: those named, else those of the payer.

    Naming a policy asks it and lets it decide; the others are asked and shown beside it.
    """
    trial_therapy = TRIAL_OF.get(implant.therapy or "")
    requests = [implant]
    if trial_therapy is not None:
        requests.append(_trial_request(record, implant, trial_therapy))
    found = assess(record, knowledge, as_of, requests=requests, also=list(deciding))
    questions = {question.request.therapy: question for question in found.questions}
    main = questions.get(implant.therapy)
    answers = main.policies if main is not None else ()
    named = frozenset(deciding) or frozenset(answer.policy for answer in answers if answer.governing)
    return Asked(
        trial=questions.get(trial_therapy) if trial_therapy is not None else None,
        implant=main,
        deciding=named,
        answers=judged(answers, named) if trial_therapy is not None else (),
    )


def _trial_request(record: Record, implant: Request, therapy: str) -> Request:
    """The chart's own request for that trial, else one at the same place."""
    stated = next((row for row in record.requests if row.therapy == therapy and row.pain == implant.pain), None)
    if stated is not None:
        return stated
    fields = {name: getattr(implant, name) for name in Request.__struct_fields__}
    return Request(
        **{**fields, "id": f"{implant.id}-trial", "therapy": therapy, "purpose": "diagnostic", "start": None}
    )


def showing(
    asked: Asked,
    moment: Moment,
    pain: Pain | None,
    trial: Procedure | None,
    *,
    tried: bool,
    placed: When | None,
    since: When | None,
) -> Showing:
    """Every guard that a record can show, for one way.

    `tried`: after the trial, so that safety and authorization are those of the implant. `placed`: the day of the
    implant or the lead. `since`: the day of the last step.
    """
    first = asked.implant if tried or asked.trial is None else asked.trial
    words = {"passed": "all-passed", "failed": "none-passed", "split": "disagree"}
    result = outcome(asked.answers)
    found = {
        "indication": _stated(pain, pain is not None, "no pain that it is for is recorded", "the pain it is for"),
        "mechanism": _mechanism(pain),
        "no-red-flag": _answered(moment, "red-flags", no_is_met=True),
        "psychological": _evaluated(moment),
        "device-control": _answered(moment, "device-control"),
        "mri-need": _answered(moment, "mri-need"),
        "consent": _document(moment, "consent"),
        "authority-trial": permitted(asked.trial, asked.deciding),
        "authority-lead": permitted(asked.implant, asked.deciding),
        "authority-implant": permitted(asked.implant, asked.deciding),
        "label": _label(first),
        "safety": _safety(first),
        "authorization": _authorization(first, moment),
        **of_trial(trial),
        "baseline": _baseline_score(moment, pain, trial),
        "repeat": _repeat(asked),
        "trial-passed": _outcome_is(asked, result, "passed"),
        "early-period": early_period(placed, moment.day),
        "sixty-days": _passed(moment.day, placed, packaged_lifecycle(), "removal"),
        "effect-measured": _measured(moment, pain, since),
    }
    return found | {guard: _outcome_is(asked, result, word) for word, guard in words.items()}


def of_trial(trial: Procedure | None) -> Showing:
    """What the entry of a trial shows by itself."""
    return {
        "baseline": _baseline(trial),
        "trial-out": _trial_out(trial),
        "technical-failure": _technical(trial),
    }


def permitted(question: Question | None, deciding: frozenset[str]) -> Shown:
    """Whether every deciding policy says yes; one that is open leaves it open, one that says no is a no."""
    if question is None:
        return NOT_LOOKED_AT
    answers = [answer for answer in question.policies if answer.policy in deciding]
    speaking = [answer for answer in answers if answer.verdict not in ("silent", "informs")]
    if not speaking:
        return Shown(status="unknown", why="no policy decides: name those that do", missing=("a policy that decides",))
    families = [FAMILIES[answer.verdict] for answer in speaking]
    status = conjunction("met" if f == "yes" else "not_met" if f == "no" else "unknown" for f in families)
    return Shown(
        status=status,
        why="; ".join(f"{a.title}: {a.verdict.replace('_', ' ')}" for a in speaking if FAMILIES[a.verdict] != "yes"),
        missing=_missing(speaking),
        cites=tuple(dict.fromkeys(cite for answer in speaking for cite in _deciding_cites(answer))),
    )


def _missing(answers: Sequence[PolicyAnswer]) -> tuple[str, ...]:
    rows = (row.what for answer in answers for row in (*answer.needed_together, *answer.would_refuse))
    return tuple(dict.fromkeys(rows))


def _deciding_cites(answer: PolicyAnswer) -> tuple[Cite, ...]:
    items = [item for item in answer.criteria if item.failing or item.open]
    return tuple(cite for item in items for cite in item.criterion.cites)


def _stated(fact: Fact | None, met: bool, why: str, missing: str) -> Shown:
    if met:
        return Shown(status="met", read=(fact.id,) if fact is not None else ())
    return Shown(status="unknown", why=why, missing=(missing,))


def _mechanism(pain: Pain | None) -> Shown:
    known = pain is not None and pain.mechanism not in (None, "unknown")
    return _stated(pain, known, "its mechanism is not recorded", "the mechanism of the pain")


def _answered(moment: Moment, question: str, *, no_is_met: bool = False) -> Shown:
    """The latest answer to a question. `no_is_met`: only a no will do; else any answer."""
    rows = [row for row in moment.record.completeness if row.kind == question and row.asked is not None]
    known = [row for row in rows if row.asked is not None and known_by(row.asked, moment.as_of) and row.answer]
    what = question.replace("-", " ")
    if not known:
        return Shown(status="unknown", why=f"{what}: not asked", missing=(f"the answer on {what}",))
    latest = max(known, key=_asked_on)
    if no_is_met and latest.answer == "yes":
        return Shown(status="not_met", why=f"{what}: answered yes")
    if latest.answer == "unknown":
        return Shown(status="unknown", why=f"{what}: the answer is not known", missing=(f"the answer on {what}",))
    return Shown(status="met", why=f"{what}: answered {latest.answer}")


def _asked_on(row: Completeness) -> date:
    return row.asked.last if row.asked is not None else date.min


def _evaluated(moment: Moment) -> Shown:
    rows = [
        fact
        for fact in moment.facts
        if isinstance(fact, Evaluation) and fact.kind in ("psychological", "multidisciplinary")
    ]
    told = [row for row in rows if row.conclusion not in (None, "unknown", "deferred")]
    if not told:
        return Shown(status="unknown", why="no evaluation with a conclusion", missing=("a psychological evaluation",))
    latest = max(told, key=lambda row: row.date.last if row.date is not None else date.min)
    if latest.conclusion == "unsuitable":
        return Shown(status="not_met", why="the latest concluded that the patient is unsuitable", read=(latest.id,))
    return Shown(status="met", read=(latest.id,))


def _document(moment: Moment, kind: str) -> Shown:
    rows = [fact for fact in moment.facts if isinstance(fact, Document) and fact.kind == kind]
    if rows:
        return Shown(status="met", read=tuple(row.id for row in rows))
    return Shown(status="unknown", why=f"no {kind} on file", missing=(f"the {kind}",))


def _label(question: Question | None) -> Shown:
    """A contraindication of a label beats what a payer says; one that cannot be told stops too."""
    if question is None:
        return NOT_LOOKED_AT
    labels = [answer for answer in question.policies if codes.entry("policies", answer.policy).get("kind") == "label"]
    rows = [(answer, item) for answer in labels for item in answer.criteria if item.part == "exclusion"]
    against = [(answer, item) for answer, item in rows if item.failing]
    if against:
        return Shown(
            status="not_met",
            why="; ".join(dict.fromkeys(f"forbidden under {answer.title}" for answer, _ in against)),
            cites=tuple(cite for _, item in against for cite in item.criterion.cites),
        )
    unsure = [(answer, item) for answer, item in rows if item.open]
    if unsure:
        return Shown(
            status="unknown",
            why="; ".join(dict.fromkeys(f"cannot be told under {answer.title}" for answer, _ in unsure)),
            missing=tuple(dict.fromkeys(row.what for _, item in unsure for row in item.missing)),
            cites=tuple(cite for _, item in unsure for cite in item.criterion.cites),
        )
    return Shown(status="met")


def _safety(question: Question | None) -> Shown:
    """The safety of the appointment. Caution is no stop; unknown, deferred and contraindicated are."""
    if question is None:
        return NOT_LOOKED_AT
    word = question.plan.safety
    reasons = "; ".join(question.plan.reasons[:3])
    if word in ("clear", "caution"):
        return Shown(status="met", why=f"safety: {word}")
    status: Status = "unknown" if word == "unknown" else "not_met"
    missing = tuple(dict.fromkeys(row.what for row in question.plan.missing))[:5]
    return Shown(status=status, why=f"safety: {word}{f' ({reasons})' if reasons else ''}", missing=missing)


def _authorization(question: Question | None, moment: Moment) -> Shown:
    """Prior authorization, where a duty asks for it."""
    if question is None:
        return NOT_LOOKED_AT
    duties = [row for row in question.obligations if "authorization" in row.what and row.policy is not None]
    if not duties:
        return Shown(status="met", why="none is asked for")
    status, rows = standing((fact for fact in moment.facts if isinstance(fact, Document)), question.request.id)
    why = duties[0].why if status == "met" else f"the last that was said: {words(rows)}"
    if not rows:
        why = "no authorization on file"
    missing = ("the authorization",) if status == "unknown" else ()
    return Shown(status=status, why=why, read=tuple(row.id for row in rows), missing=missing, cites=duties[0].cites)


def _baseline(trial: Procedure | None) -> Shown:
    known = trial is not None and any(row.before is not None or row.percent is not None for row in trial.relief)
    return _stated(trial, known, "pain before the trial is not recorded", "the pain before the trial")


def _baseline_score(moment: Moment, pain: Pain | None, last: Procedure | None) -> Shown:
    """A score of the pain before the next trial: after the end of the last one, where there was one."""
    ended = last.end or last.start if last is not None else None
    if last is None or ended is not None:
        found = _scores(moment, pain, ended)
        if found:
            return Shown(status="met", read=found)
    return _stated(None, False, "pain before the trial is not recorded", "a score of the pain before the trial")


def _trial_out(trial: Procedure | None) -> Shown:
    known = trial is not None and trial.end is not None
    return _stated(trial, known, "when the lead came out is not recorded", "the end of the trial")


def _technical(trial: Procedure | None) -> Shown:
    """Only what is recorded excuses: silence on coverage and on the lead is no technical failure."""
    said = trial.trial if trial is not None else None
    if trial is None or said is None or (said.coverage_adequate is None and said.repositioned is None):
        missing = "whether the trial covered the pain, or its lead moved"
        return Shown(status="unknown", why=f"not recorded: {missing}", missing=(missing,))
    if said.coverage_adequate is False or said.repositioned is True:
        return Shown(status="met", read=(trial.id,))
    return Shown(status="not_met", why="no technical failure is recorded", read=(trial.id,))


def _repeat(asked: Asked) -> Shown:
    """No deciding policy calls a failed trial final, and none refuses another."""
    deciding = [answer for answer in asked.answers if answer.decides]
    if not deciding:
        return Shown(status="unknown", why="no policy decides: name those that do", missing=("a policy that decides",))
    final = [answer.title for answer in deciding if answer.status == "not_met" and not answer.repeat]
    if final:
        return Shown(status="not_met", why=f"no repeat under {'; '.join(final)}")
    return permitted(asked.trial, asked.deciding)


def _outcome_is(asked: Asked, found: str, word: str) -> Shown:
    if found == word:
        return Shown(status="met")
    if found == "unknown":
        open_rows = [answer for answer in asked.answers if answer.decides and answer.status in ("unknown", "ambiguous")]
        missing = tuple(dict.fromkeys(m.what for row in open_rows for item in row.clauses for m in item.missing))
        why = "; ".join(f"{row.title}: {row.word}" for row in open_rows) or "no policy decides: name those that do"
        return Shown(status="unknown", why=why, missing=missing or (() if open_rows else ("a policy that decides",)))
    return Shown(status="not_met", why=f"the deciding policies say: {found}")


def early_period(placed: When | None, day: date) -> Shown:
    """Whether the early period after an implant is over on a day."""
    return _passed(day, placed, packaged_lifecycle(), "early-period")


def _passed(day: date, since: When | None, lifecycle: Lifecycle, visit: str) -> Shown:
    """Whether a length of time has passed since one day on another; of a day not known exactly, under both readings."""
    length = next(row.start for row in lifecycle.visits if row.id == visit)
    if since is None:
        return Shown(status="unknown", why="the day is not recorded", missing=("the day it was placed",))
    if after(since.last, length) <= day:
        return Shown(status="met")
    if after(since.first, length) > day:
        return Shown(status="not_met", why=f"not before {after(since.first, length).isoformat()}")
    return Shown(status="unknown", why=f"placed {since}: the day is not known", missing=("the day it was placed",))


def _measured(moment: Moment, pain: Pain | None, since: When | None) -> Shown:
    """A score of the pain on a day after the change."""
    found = _scores(moment, pain, since) if since is not None else ()
    if found:
        return Shown(status="met", read=found)
    return Shown(status="unknown", why="no score of the pain since then", missing=("a score of the pain since then",))


def _scores(moment: Moment, pain: Pain | None, later_than: When | None) -> tuple[str, ...]:
    """Scores of the pain, surely later than a day where one is given."""
    return tuple(
        fact.id
        for fact in moment.facts
        if isinstance(fact, Score)
        and fact.date is not None
        and pain is not None
        and fact.pain == pain.id
        and (later_than is None or fact.date.first > later_than.last)
    )
