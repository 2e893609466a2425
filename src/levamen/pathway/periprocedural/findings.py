"""Operator and guidance as guards on data given to the plan: who may do it, and with which image (ADR 0007, 23)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from levamen.criteria.outcome import Missing
from levamen.criteria.situation import Situation
from levamen.pathway.obligations import Obligation
from levamen.pathway.periprocedural.answers import Decision, SafetyVerdict
from levamen.pathway.privileges import Finding, Privilege, guidance_findings, privilege_findings
from levamen.record.facts import Evaluation, Request

DUE_ON_THE_DAY = frozenset({"contrast", "sedation"})
"""What a request need not say yet: it is confirmed at the time-out."""

IMAGING_REVIEW = "imaging-review"
"""The criterion that a clinician's recorded judgement settles: earlier images were looked at and leave room."""


def findings_of(privileges: Sequence[Privilege] | None, request: Request, seen: Situation) -> tuple[Finding, ...]:
    """What is found of the operator, where the clinic gave its privileges, and of guidance."""
    operator = privilege_findings(privileges, request.operator, request, seen.on) if privileges is not None else ()
    return (*operator, *guidance_findings(request, imaging_reviewed=_reviewed(seen)))


def _reviewed(seen: Situation) -> bool | None:
    """The latest judgement on the images, else the finding of the space itself; nobody said: not known."""
    said: list[Evaluation] = [
        row.fact
        for row in seen.views["evaluations"]
        if row.fact.kind == "judgement" and row.fact.about_criterion == IMAGING_REVIEW
    ]
    if not said:
        found = [row.fact.present for row in seen.views["findings"] if row.fact.concept == "adequate-epidural-space"]
        return found[-1] if found else None
    last = max(said, key=lambda fact: (fact.date.last if fact.date is not None else date.min, fact.id))
    return {"suitable": True, "unsuitable": False}.get(last.conclusion or "")


def waits_for_the_day(found: Finding, seen: Situation) -> bool:
    """Whether what is not recorded yet is asked on the day."""
    before = seen.subject.start is None or seen.as_of < seen.on
    return found.status == "unknown" and found.reason in DUE_ON_THE_DAY and before


def effect_of(found: Finding, seen: Situation) -> tuple[SafetyVerdict, Decision]:
    """What a finding adds: refused guidance changes the plan, a refused operator defers it; not known is unknown."""
    if found.status == "refused":
        operator = not found.cites
        return ("defer", "defer") if operator else ("contraindicated", "hard_stop_change_plan")
    if found.status == "unknown" and not waits_for_the_day(found, seen):
        return "unknown", "proceed_no_hold"
    return ("caution" if found.status == "caution" else "clear"), "proceed_no_hold"


def missing_in(findings: Iterable[Finding], seen: Situation) -> Iterable[Missing]:
    """What would settle the findings that are not known."""
    for found in findings:
        if effect_of(found, seen)[0] == "unknown":
            yield Missing(kind="request", what=found.says, reason="value_missing", fact=seen.subject.id)


def asked_on_the_day(findings: Iterable[Finding], seen: Situation) -> Iterable[Obligation]:
    """Questions of guidance that are left for the time-out."""
    for found in findings:
        if waits_for_the_day(found, seen):
            yield Obligation(
                id=f"confirm-{found.reason}",
                what=f"confirm on the day: {found.says}",
                who="pain-physician",
                due=seen.on,
                why="due on the day of the procedure",
                cites=found.cites,
            )
