"""Safety of a plan: the worst of its guards, its drugs, and what is found of operator and guidance (ADR 0007, 19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from levamen.criteria.outcome import Missing
from levamen.criteria.situation import Situation
from levamen.pathway.flag_stops import FlagStop
from levamen.pathway.periprocedural.answers import (
    DrugAnswer,
    GuardAnswer,
    ProfileAnswer,
    SafetyVerdict,
    worst_verdict,
)
from levamen.pathway.periprocedural.bleeding_class import LADDER
from levamen.pathway.periprocedural.findings import effect_of, missing_in
from levamen.pathway.privileges import Finding
from levamen.record import codes


def missing_of(
    active: ProfileAnswer,
    guards: Sequence[GuardAnswer],
    findings: Sequence[Finding],
    unresolved: Sequence[str],
    contradictory: Sequence[str],
    flags: Sequence[FlagStop],
    seen: Situation,
) -> tuple[Missing, ...]:
    """Everything that would have to be known, in the order of the plan."""
    found: list[Missing] = [
        Missing(kind="findings", what=what, reason="value_missing") for stop in flags for what in stop.missing
    ]
    found += active.bleeding_class.missing
    for guard in guards:
        if guard.verdict == "unknown":
            found += guard.missing
    for drug in active.drugs:
        found += drug.missing
    found += missing_in(findings, seen)
    found += [
        Missing(kind="medications", what=f"which drug is '{word}'", reason="value_missing") for word in unresolved
    ]
    found += [
        Missing(kind="medications", what=f"which of the orders of {codes.title(drug)} holds", reason="conflicting")
        for drug in contradictory
    ]
    found += [
        Missing(kind=kind, what=f"a reviewed {what} list", reason="outside_completeness")
        for kind, what in _unreviewed(active, unresolved, seen)
    ]
    return tuple(dict.fromkeys(found))


def _unreviewed(active: ProfileAnswer, unresolved: Sequence[str], seen: Situation) -> Iterable[tuple[str, str]]:
    """The lists that nobody went through and that could change the plan: problems only where a drug depends on them.

    An entry that could not be read opens its list by itself, and is named instead.
    """
    if not unresolved and not reviewed("medications", seen):
        yield "medications", "medication"
    if active.drugs and active.bleeding_class.word in LADDER[:-1] and not reviewed("problems", seen):
        yield "problems", "problem"


def reviewed(kind: str, seen: Situation) -> bool:
    """Whether somebody went through all entries of a section, or declared them complete to the day."""
    return any(
        entry.speaks_of(kind, None, None) and entry.closes_present(seen.as_of, None) for entry in seen.completeness
    )


_OF_DECISION: Mapping[str, SafetyVerdict] = {
    "hard_stop_change_plan": "contraindicated",
    "defer": "defer",
    "do_not_hold_without_prescriber": "defer",
    "lab_required_no_datetime": "unknown",
}


def verdict_of(drug: DrugAnswer, *, on_the_day: bool) -> SafetyVerdict:
    """What one drug adds to safety (docs/adr/0007, 19). A test that is still due is caution, and unknown on the day.

    One that was measured on the day and keeps its limit, where no source says how recent it must be, stays caution.
    """
    due: SafetyVerdict = "clear"
    open_ = [lab for lab in drug.labs if lab.status == "due"]
    if open_:
        due = "unknown" if on_the_day and any(lab.result is None for lab in open_) else "caution"
    return worst_verdict((own_verdict(drug), due))


def own_verdict(drug: DrugAnswer) -> SafetyVerdict:
    if drug.decision in _OF_DECISION:
        return _OF_DECISION[drug.decision]
    if drug.decision == "shared_decision_required":
        return "caution" if drug.agreed is not None else "unknown"
    if drug.decision == "hold_with_plan":
        if drug.missing:
            return "unknown"
        agreed = drug.agreed is not None or not drug.needs_agreement
        if drug.unverified:
            return "caution" if drug.agreed is not None or not drug.prescribed else "unknown"
        return "clear" if drug.agreed is not None or (agreed and drug.mark == "primary") else "caution"
    return "caution" if drug.unverified or drug.silent else "clear"


def safety_of(
    active: ProfileAnswer,
    guards: Sequence[GuardAnswer],
    findings: Sequence[Finding],
    unresolved: Sequence[str],
    contradictory: Sequence[str],
    flags: Sequence[FlagStop],
    seen: Situation,
) -> tuple[SafetyVerdict, tuple[str, ...]]:
    """The worst of flags, guards and drugs, with a reason for each part that is not clear, the worst first."""
    rows: list[tuple[SafetyVerdict, str]] = [(stop.verdict, stop.says) for stop in flags]
    rows += [
        (guard.verdict, guard.guard.title if guard.fires else f"not known: {guard.guard.title}")
        for guard in guards
        if guard.verdict != "clear"
    ]
    on_the_day = seen.subject.start is not None and seen.as_of >= seen.on
    rows += [
        (verdict, _why(drug))
        for drug in active.drugs
        if (verdict := verdict_of(drug, on_the_day=on_the_day)) != "clear"
    ]
    rows += [(verdict, found.says) for found in findings if (verdict := effect_of(found, seen)[0]) != "clear"]
    if not active.speaks and active.drugs:
        rows.append(("unknown", "this profile has no bleeding-risk class for this procedure"))
    if not active.bleeding_class.certain and active.drugs:
        rows.append(("unknown", "the request does not say enough to know its bleeding-risk class"))
    rows += [("unknown", f"the list has orders of {codes.title(drug)} that contradict") for drug in contradictory]
    rows += [("unknown", f"'{word}' on the drug list could not be read") for word in unresolved]
    rows += [("unknown", f"the {what} list was not reviewed") for _, what in _unreviewed(active, unresolved, seen)]
    order = ("contraindicated", "defer", "unknown", "caution")
    ranked = sorted(rows, key=lambda row: order.index(row[0]))
    return worst_verdict(tuple(verdict for verdict, _ in rows)), tuple(dict.fromkeys(reason for _, reason in ranked))


def _why(drug: DrugAnswer) -> str:
    """Why a drug is not clear: its rule, and what about it is still open."""
    lacking = [f"not known: {missing.what}" for missing in drug.missing[:2]]
    if drug.needs_agreement and drug.agreed is None:
        lacking.append("the prescriber has not agreed yet")
    if drug.unverified:
        lacking.append("the rule is awaiting confirmation")
    for lab in drug.labs:
        if lab.status == "due" and drug.decision != "lab_required_no_datetime":
            tests = " or ".join(codes.label("labs", test) for test in lab.tests)
            lacking.append(f"{tests}: {lab.recency}" if lab.recency else f"still due: {tests}")
    return f"{drug.why} ({'; '.join(lacking)})" if lacking else drug.why
