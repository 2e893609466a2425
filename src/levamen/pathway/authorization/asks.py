"""What to ask or to obtain before a packet is sent, and from whom. Roles, not names: the clinic knows its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from levamen.criteria.outcome import Missing
from levamen.criteria.truth import Reason

PATIENT = "the patient"
ASKER = "the clinician who asks for the service"
OTHER_CLINICS = "the clinics that did it, through their notes"
_FROM: Mapping[str, str] = {
    "question": PATIENT,
    "pain": PATIENT,
    "index-pain": PATIENT,
    "goals": PATIENT,
    "intake": PATIENT,
    "person": PATIENT,
    "allergies": PATIENT,
    "scores": "the patient, with the form",
    "index-scores": "the patient, with the form",
    "care": "the patient, and the clinics that gave the care",
    "conservative-care": "the patient, and the clinics that gave the care",
    "medications": "the patient, and the pharmacy",
    "procedures": OTHER_CLINICS,
    "session": ASKER,
    "trials": OTHER_CLINICS,
    "events": OTHER_CLINICS,
    "findings": "the clinic that examined or imaged, through its report",
    "finding": "the clinic that examined or imaged, through its report",
    "labs": "the laboratory",
    "devices": "the patient, with the device card",
    "documents": "the coordinator",
    "document": "the coordinator",
    "problems": ASKER,
    "request": ASKER,
    "score": "the patient, with the form",
    "payer": "the patient, with the insurance card",
    "knowledge": "the payer",
}
_EVALUATORS: Mapping[str, str] = {"psychological": "a psychologist", "multidisciplinary": "the team"}


class Ask(Struct, frozen=True, kw_only=True):
    """One thing to ask or obtain. `what` in words, `who` is asked, `serves` names the criteria that wait for it.

    `kind` is `fact` (it is not known), `need` (it is known to be lacking and can still be had) or `renew` (it runs
    out). `could_refuse`: this fact alone could close the question. `settles`: it belongs to a smallest set of facts
    that would. `possible_from` is the day from which a needed therapy is possible, `by` the day until which it holds.
    """

    kind: str
    what: str
    who: str
    serves: tuple[str, ...] = ()
    reason: Reason | None = None
    fact: str | None = None
    could_refuse: bool = False
    settles: bool = False
    unless_done: bool = False
    possible_from: date | None = None
    by: date | None = None


def who_knows(kind: str, what: str = "") -> str:
    """Whom to ask about a kind of fact; the clinician who asks for the service where no one else is known to know."""
    if kind in ("evaluations", "evaluation", "therapy"):
        return next((who for word, who in _EVALUATORS.items() if word in what.casefold()), ASKER)
    return _FROM.get(kind, ASKER)


def question(missing: Missing, serves: Iterable[str], *, could_refuse: bool, settles: bool) -> Ask:
    """A fact that is not known."""
    return Ask(
        kind="fact",
        what=missing.what,
        who=who_knows(missing.kind, missing.what),
        serves=tuple(serves),
        reason=missing.reason,
        fact=missing.fact,
        could_refuse=could_refuse,
        settles=settles,
    )
