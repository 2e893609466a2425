"""What the night check finds in a plan and in the answer on coverage, before it is put into its order of harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.criteria.outcome import Missing
from levamen.knowledge.night_order import RankId
from levamen.pathway.answers import PolicyAnswer, Question
from levamen.pathway.headline import WORDS, day_words, reason_words, short
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan, Task
from levamen.pathway.periprocedural.safety import own_verdict
from levamen.record import codes

STOPPING = frozenset({"defer", "contraindicated"})
GRAVITY = {"contraindicated": 0, "defer": 1, "caution": 2}
_ORDINARY = 3
_COVERED = frozenset({"met", "silent", "informs"})


class Raw(Struct, frozen=True, kw_only=True):
    """A finding before its owner and its time left are known. `gravity`: the smaller, the more it would stop."""

    rank: RankId
    what: str
    why: str = ""
    role: str = "nurse"
    due: datetime | None = None
    gravity: int = _ORDINARY
    cites: tuple[Cite, ...] = ()
    parts: tuple[str, ...] = ()


def of_plan(plan: Plan, now: datetime) -> Iterator[Raw]:
    """Everything of a plan that is no stop, in the order of the plan. `now` is the moment that is known of."""
    yield from _of_drugs(plan, now)
    yield from _of_missing(plan)
    yield from _of_guards(plan)
    yield from _of_findings(plan)
    yield from _of_the_rest(plan, now)


def _of_drugs(plan: Plan, now: datetime) -> Iterator[Raw]:
    """Deadlines of drugs: who must agree, until when a dose may be taken, what is measured before the needle."""
    for task in plan.tasks:
        drug = _drug_of(task, plan)
        if drug is None:
            continue
        if task.kind == "stop" and drug.stop_at is not None and drug.stop_at < now:
            continue  # It was stopped in time, or the plan would not stand; when the last dose was is still asked.
        if task.kind == "agree" and own_verdict(drug) in STOPPING:
            continue  # Nobody is asked to agree to a stop that is not to happen; the stop says whom to ask instead.
        yield _drug_task(task, drug, plan)
    for drug in plan.active.drugs:
        if own_verdict(drug) == "caution" and drug.decision == "proceed_no_hold":
            yield Raw(rank="caution", what=drug.why, role="pain-physician", due=plan.start, gravity=2, cites=drug.cites)


def _drug_of(task: Task, plan: Plan) -> DrugAnswer | None:
    """The drug that a task is about: the very order, where one drug is on the list twice."""
    same = [drug for drug in plan.active.drugs if drug.drug == task.drug]
    own = [drug for drug in same if task.id.startswith(f"{task.kind}-{drug.medication}")]
    return max(own or same, key=lambda drug: len(drug.medication), default=None)


def _drug_task(task: Task, drug: DrugAnswer, plan: Plan) -> Raw:
    rank: RankId = "plan"
    what, due = task.what, task.at
    if task.kind == "agree" and drug.decision == "hold_with_plan":
        rank = "thrombosis"
    elif task.kind in ("agree", "lab", "ask", "stop") and own_verdict(drug) not in STOPPING:
        rank = "bleeding"
        if task.kind == "stop":
            due = drug.stop_at
            what = f"no dose of {codes.title(drug.drug)} from then on"
    if task.kind not in ("restart", "watch"):
        due = due or plan.start
    return Raw(rank=rank, what=what, why=task.why, role=task.who, due=due, cites=task.cites)


def _of_guards(plan: Plan) -> Iterator[Raw]:
    """Guards that caution, those nobody knows, and what waits for the day."""
    for answer in plan.guards:
        guard = answer.guard
        gravity = GRAVITY[guard.effect]
        if answer.fires and answer.verdict not in STOPPING:
            yield Raw(
                rank="caution", what=guard.title, why=guard.do, role=guard.who, due=plan.start, gravity=gravity,
                cites=guard.cites,
            )  # fmt: skip
        elif answer.verdict == "unknown":
            asked = "; ".join(missing.what for missing in answer.missing)
            yield Raw(
                rank="unknown", what=guard.title, why=f"find out: {asked}" if asked else guard.do,
                due=plan.start, gravity=gravity, cites=guard.cites,
            )  # fmt: skip


def _of_findings(plan: Plan) -> Iterator[Raw]:
    """What is found of operator and guidance. What waits for the day is among the obligations."""
    waits = {duty.what for duty in plan.obligations}
    for found in plan.findings:
        rank: RankId = "caution" if found.status == "caution" else "unknown"
        if found.status == "caution" or (
            found.status == "unknown" and f"confirm on the day: {found.says}" not in waits
        ):
            yield Raw(rank=rank, what=found.says, role="pain-physician", due=plan.start, cites=found.cites)


def _of_missing(plan: Plan) -> Iterator[Raw]:
    """What else is not known: of the class, of a drug, of the lists."""
    told = {missing for answer in plan.guards if answer.verdict == "unknown" for missing in answer.missing}
    said = {found.says for found in plan.findings}
    for missing in plan.missing:
        if missing not in told and missing.what not in said:
            yield Raw(
                rank="unknown",
                what=f"find out: {missing.what}",
                due=plan.start,
                gravity=0,
                cites=_cites_of(missing, plan),
            )
    if not plan.active.speaks:
        what = "this profile has no bleeding-risk class for this procedure"
        yield Raw(rank="unknown", what=what, role="pain-physician", due=plan.start, gravity=0)


def _cites_of(missing: Missing, plan: Plan) -> tuple[Cite, ...]:
    if missing in plan.active.bleeding_class.missing:
        return plan.active.bleeding_class.cites
    return next((drug.cites for drug in plan.active.drugs if missing in drug.missing), ())


def _of_the_rest(plan: Plan, now: datetime) -> Iterator[Raw]:
    """An old sheet to recall at once, the questions of the day as one, and the tasks of no drug and no guard."""
    guards = {answer.guard.id for answer in plan.guards} | {f"flag-{flag.id}" for flag in plan.flags}
    asked = [answer.guard for answer in plan.guards if answer.ask_on_the_day]
    parts = [(f"{guard.title}: {guard.do}", guard.cites) for guard in asked]
    for duty in plan.obligations:
        if duty.id == "recall-old-sheet":
            yield Raw(rank="sheet", what=duty.what, why=duty.why, role=duty.who, due=now, cites=duty.cites)
        elif duty.id not in guards:
            parts.append((duty.what, duty.cites))
    if parts:
        yield Raw(
            rank="day",
            what=f"{len(parts)} questions wait for the day" if len(parts) > 1 else "one question waits for the day",
            due=plan.start,
            cites=tuple(dict.fromkeys(cite for _, cites in parts for cite in cites)),
            parts=tuple(text for text, _ in parts),
        )
    for task in plan.tasks:
        if task.drug is None and task.id not in guards:
            yield Raw(rank="plan", what=task.what, why=task.why, role=task.who, due=task.at, cites=task.cites)


def of_coverage(question: Question, plan: Plan) -> Iterator[Raw]:
    """What the payer that governs asks and is not met, and what it wants done before."""
    for answer in question.policies:
        if answer.governing and answer.verdict not in _COVERED:
            what = f"{short(answer.title)}: {WORDS[answer.verdict]}"
            yield Raw(
                rank="coverage", what=what, why=_coverage_why(answer), role="coordinator", due=plan.start,
                cites=_coverage_cites(answer),
            )  # fmt: skip
    for duty in question.obligations:
        if duty.policy is not None:
            yield Raw(
                rank="coverage", what=duty.what, why=duty.why, role=duty.who, due=plan.start, cites=duty.cites
            )  # fmt: skip


def _coverage_why(answer: PolicyAnswer) -> str:
    failing = [reason_words(item) for item in answer.criteria if item.failing]
    parts = [f"in the way: {', and '.join(failing)}"] if failing else []
    asked = list(dict.fromkeys(missing.what for missing in answer.needed_together or answer.would_refuse))
    if asked:
        parts.append(f"to find out: {'; '.join(asked)}")
    if answer.earliest is not None:
        parts.append(f"not before {day_words(answer.earliest)}")
    return "; ".join(parts)


def _coverage_cites(answer: PolicyAnswer) -> tuple[Cite, ...]:
    """The places of the criteria that are in the way or open; of the whole verdict where none is."""
    telling: Sequence[Cite] = [
        cite for item in answer.criteria if item.failing or item.open for cite in item.criterion.cites
    ]
    return tuple(dict.fromkeys(telling)) or answer.cites
