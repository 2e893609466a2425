"""The letter to a prescriber: what is planned, what is asked of each drug, what else is said. It orders nothing."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.emit.plan.text import wrapped
from levamen.emit.plan.view import class_words
from levamen.emit.plan.words import (
    DRUG_WORDS,
    Clock,
    day_words,
    drug_name,
    procedure_words,
    profile_name,
    restart_words,
    sentence,
    sources_of,
    waits,
)
from levamen.emit.terminal import PLAIN, Look
from levamen.emit.view import Sources
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan
from levamen.record import codes
from levamen.record.facts import Medication, Problem, Record
from levamen.record.timeline import When
from levamen.text.tree import UnusableInput

_INDICATION = "antithrombotic-indication"
_RISK = Cite("ENDRES-2017", "abstract", "primary")
_RISK_TOLD = (
    "Holding can harm. In one observational study 9 serious events, 2 of them deaths, followed 2,296 procedures for "
    "which an anticoagulant was stopped; no hemorrhagic complication followed 4,766 for which it was continued."
)
"""Counts of the source, not its percentage, which does not agree with them (safety dossier 1c)."""


_OPEN = "We plan this procedure. We stop nothing, and tell the patient to stop nothing, before your answer."
_ANSWERED = "We plan this procedure. This is what we have on record; please call us if anything is not as you wish."


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked about one drug. `proposed` are the times; `facts` terms with what is on record; `boxes` to tick."""

    drug: str
    question: str
    proposed: tuple[tuple[str, str], ...]
    why: str
    facts: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    boxes: tuple[str, ...]


class Letter(Struct, frozen=True, kw_only=True):
    """One letter, to one prescriber."""

    to: str
    title: str
    facts: tuple[tuple[str, str], ...]
    opening: str
    drugs: tuple[Asked, ...]
    risk: str
    closing: tuple[str, ...]
    signature: tuple[str, ...]
    foot: tuple[str, ...]


def letters(plan: Plan, record: Record, sources: Sources | None = None) -> tuple[Letter, ...]:
    """A letter for each prescriber with a question; the record tells dose and indication.

    Raises UnusableInput where the plan asks nothing of any prescriber.
    """
    known = packaged().sources if sources is None else sources
    groups: dict[str, list[DrugAnswer]] = {}
    for drug in plan.active.drugs:
        if drug.needs_agreement or drug.notify_prescriber:
            groups.setdefault(drug.prescriber or "", []).append(drug)
    if not groups:
        raise UnusableInput(f"{plan.patient}: the plan asks nothing of a prescriber, so there is no letter to write")
    return tuple(_letter(who, tuple(drugs), plan, record, known) for who, drugs in sorted(groups.items()))


def _letter(who: str, drugs: tuple[DrugAnswer, ...], plan: Plan, record: Record, known: Sources) -> Letter:
    clock = Clock(plan)
    names = " and ".join(dict.fromkeys(drug_name(drug.drug) for drug in drugs))
    when = clock.at(plan.start) if plan.start is not None else "not set yet"
    found = plan.active.bleeding_class
    mapped = sources_of(found.cites, known)
    reasons = "".join(f" {sentence(reason)}" for reason in found.reasons)
    replaces = f", replaces plan {plan.supersedes}" if plan.supersedes is not None else ""
    return Letter(
        to=who or "The prescriber (not on record)",
        title=f"{capital(names)}: {'please answer' if any(map(_open, drugs)) else 'for your information'}",
        facts=(
            ("Patient", plan.patient),
            ("Procedure", procedure_words(plan)),
            ("When", f"{when} ({plan.zone.key})"),
            ("Bleeding class", f"{class_words(plan.active)}.{reasons} {profile_name(plan.active)}: {mapped}"),
            ("Plan", f"{plan.number}{replaces}, as of {day_words(plan.as_of)}"),
        ),
        opening=_OPEN if any(map(_open, drugs)) else _ANSWERED,
        drugs=tuple(_asked(drug, plan, record, clock, known) for drug in drugs),
        risk=f"{_RISK_TOLD} {sources_of((_RISK,), known)}." if any(map(_would_hold, drugs)) else "",
        closing=(
            f"This letter {'asks' if any(map(_open, drugs)) else 'informs'}. "
            "It orders nothing, and the decision is yours and the patient's.",
            *(("This plan is not final: other points are still open.",) if not plan.final else ()),
        ),
        signature=("Name", "Signature", "Date and time", "Telephone") if any(map(_open, drugs)) else (),
        foot=(
            clock.note,
            f"Plan {plan.fingerprint}; knowledge {plan.knowledge}"
            + (f", last checked {day_words(plan.knowledge_date)}." if plan.knowledge_date is not None else "."),
        ),
    )


def _open(drug: DrugAnswer) -> bool:
    return drug.needs_agreement and drug.agreed is None


def _would_hold(drug: DrugAnswer) -> bool:
    return drug.decision != "proceed_no_hold"


def _asked(drug: DrugAnswer, plan: Plan, record: Record, clock: Clock, known: Sources) -> Asked:
    question, boxes = _question(drug, clock) if waits(plan, drug) else (_statement(drug), ())
    agreed = (("Your answer on record", drug.agreed),) if drug.agreed is not None else ()
    rule = [f"hold {drug.hold}" if drug.hold else "", restart_words(drug.restart)]
    rules = ", ".join(part for part in rule if part) or DRUG_WORDS[drug.decision]
    return Asked(
        drug=capital(drug_name(drug.drug)),
        question=question,
        proposed=_proposed(drug, clock),
        why=sentence(drug.why),
        facts=(
            ("On record", _order(drug, record, clock)),
            ("Indication", _indication(drug, record)),
            *agreed,
            ("Source of the rule", f"{capital(rules)}. {sources_of(drug.cites, known)}"),
        ),
        others=tuple(_others(drug, plan, clock, known)),
        boxes=boxes,
    )


def _statement(drug: DrugAnswer) -> str:
    """What is said of a drug about which nothing is asked."""
    if drug.decision == "proceed_no_hold":
        return "it is not held for this procedure."
    if drug.decision == "hold_with_plan" and drug.stop_at is not None:
        return "held, as you agreed."
    return "your answer is on record; no time is proposed."


def _question(drug: DrugAnswer, clock: Clock) -> tuple[str, tuple[str, ...]]:
    """What is asked, and the answers to tick."""
    call = "Please call me"
    if drug.decision == "hold_with_plan" and drug.stop_at is not None:
        return (
            "do you agree to hold it and to restart it as proposed?",
            (
                "I agree to hold and to restart as proposed",
                "I agree to these times instead: last dose ____________  restart ____________",
                "It must not be stopped",
                call,
            ),
        )
    if drug.decision == "shared_decision_required":
        return (
            "is it held or continued? There is no automatic hold here: we decide it with you. No time is proposed.",
            ("Continue it", "Hold it: last dose ____________  restart ____________", call),
        )
    if drug.decision == "lab_required_no_datetime":
        return (
            "may it be held at all? No time is proposed before the laboratory result is known.",
            ("It may be held once the result is known", "It must not be stopped", call),
        )
    if drug.earliest_procedure is not None:
        after = clock.at(drug.earliest_procedure)
        return (
            f"the last dose is too late for this appointment. Do you agree to hold it for one not before {after}?",
            ("I agree", "It must not be stopped", call),
        )
    if drug.decision in ("hold_with_plan", "do_not_hold_without_prescriber"):
        rule = f" The rule we read is {drug.hold}." if drug.hold is not None else ""
        return (
            f"may it be held for this procedure?{rule} No time is proposed, and nothing is held without your answer.",
            ("Hold it: last dose ____________  restart ____________", "It must not be stopped", call),
        )
    return (
        "it is not held for this appointment. May it be held later, and from what day? No time is proposed.",
        ("It may be held from ____________", "It must not be stopped", call),
    )


def _proposed(drug: DrugAnswer, clock: Clock) -> tuple[tuple[str, str], ...]:
    """The times of a hold; of a drug that gets none, nothing."""
    if drug.decision != "hold_with_plan" or drug.stop_at is None:
        return ()
    counted = ", counted from the start of the procedure" if drug.counted_from_start else ""
    last = (("Last dose", clock.at(drug.last_dose)),) if drug.last_dose is not None else ()
    if drug.first_dose is not None:
        again = ("First dose again", clock.at(drug.first_dose) + counted)
    elif drug.restart_from is not None:
        again = ("Again from", clock.at(drug.restart_from) + counted)
    else:
        again = ("Restart", "no time proposed: please say when")
    return (*last, ("No dose after", clock.at(drug.stop_at)), again)


def _order(drug: DrugAnswer, record: Record, clock: Clock) -> str:
    """Dose and schedule as the chart has them."""
    medication = _medication(drug, record)
    if medication is None:
        return "dose and times not on record"
    parts = [
        medication.dose or "dose not on record",
        f"at {' and '.join(medication.times)}" if medication.times else "",
        f"every {medication.every}" if medication.every and not medication.times else "",
        "as needed" if medication.as_needed else "",
        f"last dose recorded {_recorded(medication.last_dose, clock)}" if medication.last_dose is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _recorded(when: When, clock: Clock) -> str:
    return clock.at(when.at) if when.at is not None else dates_in_words(str(when))


def _indication(drug: DrugAnswer, record: Record) -> str:
    """Of the medication; else the problems of the chart that can be one."""
    medication = _medication(drug, record)
    if medication is not None and medication.indication is not None:
        return codes.title(medication.indication)
    problems = [
        codes.title(fact.concept)
        for fact in record.facts
        if isinstance(fact, Problem)
        and fact.concept is not None
        and codes.label("conditions", fact.concept) != fact.concept
        and codes.entry("conditions", fact.concept).get("group") == _INDICATION
    ]
    if problems:
        return f"none on the medication; on the problem list: {', '.join(dict.fromkeys(problems))}"
    return "none on record: please tell us"


def _medication(drug: DrugAnswer, record: Record) -> Medication | None:
    return next(
        (fact for fact in record.facts if isinstance(fact, Medication) and fact.id == drug.medication),
        None,
    )


def _others(drug: DrugAnswer, plan: Plan, clock: Clock, known: Sources) -> Iterator[str]:
    """What every other profile says of the drug, with its sources."""
    for profile in plan.others:
        for other in profile.drugs:
            if other.medication == drug.medication:
                parts = [
                    DRUG_WORDS[other.decision],
                    other.hold or "",
                    f"last dose {clock.at(other.last_dose)}" if other.last_dose is not None else "",
                    restart_words(other.restart) or "restart not given",
                ]
                told = ", ".join(part for part in parts if part)
                said = f"{profile_name(profile)} (class {class_words(profile)}): {told}."
                yield f"{said} {sources_of((*profile.bleeding_class.cites, *other.cites), known)}"


def text(made: tuple[Letter, ...], *, look: Look = PLAIN) -> str:
    """The letters as text, one after the other."""
    return f"\n{'=' * min(look.width, 72)}\n\n".join("\n".join(_lines(letter, look)) + "\n" for letter in made)


def _lines(letter: Letter, look: Look) -> Iterator[str]:
    yield from wrapped(f"To: {letter.to}", look)
    yield from wrapped(letter.title, look)
    yield ""
    for term, said in letter.facts:
        yield from wrapped(f"{term}: {said}", look, "", "  ")
    yield ""
    yield from wrapped(letter.opening, look)
    for asked in letter.drugs:
        yield ""
        yield from wrapped(f"{asked.drug}: {asked.question}", look)
        for term, said in asked.proposed:
            yield from wrapped(f"{term}: {said}", look, "  ", "    ")
        yield from wrapped(asked.why, look, "  ")
        for term, said in asked.facts:
            yield from wrapped(f"{term}: {said}", look, "  ", "    ")
        for other in asked.others:
            yield from wrapped(f"Another guideline: {other}", look, "  ", "    ")
        for box in asked.boxes:
            yield from wrapped(f"[ ] {box}", look, "  ", "      ")
    yield ""
    for said in (letter.risk, *letter.closing):
        yield from wrapped(said, look)
    yield ""
    yield from (f"{term}: ________________________" for term in letter.signature)
    yield ""
    for said in letter.foot:
        yield from wrapped(said, look)
