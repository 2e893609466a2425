"""What a clinician reads for the words of a plan, and its moments in the patient's zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import replace

from levamen.criteria.nodes import Cite
from levamen.emit.safety import SAFETY_WORDS as SAFETY_WORDS
from levamen.emit.view import Sources, place
from levamen.emit.words import REASON_WORDS, capital, dates_in_words
from levamen.pathway.headline import target_words
from levamen.pathway.periprocedural.answers import Decision, DrugAnswer, Plan, ProfileAnswer, not_before
from levamen.record import codes
from levamen.record.facts import Request

DECISION_WORDS: dict[Decision, str] = {
    "proceed_no_hold": "Go ahead, nothing to hold",
    "hold_with_plan": "Hold with this plan",
    "shared_decision_required": "Decide with the prescriber",
    "lab_required_no_datetime": "Laboratory test first, no stop time yet",
    "do_not_hold_without_prescriber": "Do not hold without the prescriber",
    "defer": "Defer",
    "hard_stop_change_plan": "Stop, change the plan",
}
DRUG_WORDS: dict[Decision, str] = {
    "proceed_no_hold": "not held",
    "hold_with_plan": "hold",
    "shared_decision_required": "decide with the prescriber",
    "lab_required_no_datetime": "laboratory test first",
    "do_not_hold_without_prescriber": "do not hold without the prescriber",
    "defer": "defer",
    "hard_stop_change_plan": "stop, change the plan",
}
NOT_FINAL = "Not final: nobody stops a drug on it"
TIMES = (
    ("last_dose", "last dose"),
    ("stop_at", "no dose after"),
    ("stop_latest", "shortest hold of the range: no dose after"),
    ("restart_earliest", "earliest restart of the range"),
    ("restart_from", "restart from"),
    ("first_dose", "first dose again"),
    ("earliest_procedure", "procedure not before"),
)
"""The datetimes of a drug in the order of their happening, each with its name."""
_NO_SOURCE = "NO-SOURCE"
"""What stands in a list of sources for a value that has none."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Clock:
    """Writes the moments of one plan: in its zone, with the offset from UTC where the clocks change in between."""

    def __init__(self, plan: Plan) -> None:
        self.zone = plan.zone
        self.changes = len({at.astimezone(plan.zone).utcoffset() for at in moments_of(plan)}) > 1

    def at(self, moment: datetime) -> str:
        """`Tue 24 Mar 2026, 10:00`."""
        local = moment.astimezone(self.zone)
        offset = f" (UTC{local.isoformat()[-6:]})" if self.changes else ""
        return f"{day_words(local.date())}, {local:%H:%M}{offset}"

    @property
    def note(self) -> str:
        """What zone the times are of."""
        if self.changes:
            return (
                f"Times are local ({self.zone.key}). The clocks change in between: hours of a hold are elapsed hours."
            )
        return f"Times are local ({self.zone.key})."


def day_words(day: date) -> str:
    """`Tue 24 Mar 2026`."""
    return f"{_DAYS[day.weekday()]} {day.day:02d} {_MONTHS[day.month - 1]} {day.year}"


def moments_of(plan: Plan) -> tuple[datetime, ...]:
    """Every moment that the plan under the active profile states, in no order."""
    found = [plan.start, plan.end, *(lab.by for drug in plan.active.drugs for lab in drug.labs)]
    found += [getattr(drug, name) for drug in plan.active.drugs for name, _ in TIMES]
    found += [task.at for task in plan.tasks]
    return tuple(moment for moment in found if moment is not None)


def drug_name(id: str) -> str:
    """What a person calls a drug of the vocabulary; else its id."""
    return codes.label("drugs", id)


def procedure_words(plan: Plan) -> str:
    """The procedure with its target, as a title."""
    approach = f", {plan.request.approach}" if plan.request.approach else ""
    return capital(target_words(plan.request)) + approach


def level_words(request: Request) -> str:
    """The levels of a request alone."""
    return target_words(replace(request, therapy=None, region=None, side=None))


def who_words(role: str) -> str:
    """What a person calls a role."""
    return codes.label("roles", role)


def restart_words(restart: str | None) -> str:
    """`restart after 6 hours`; `restart at once` where a guideline says so, which is written as no hours."""
    if not restart:
        return ""
    return "restart at once" if restart.startswith("0 ") else f"restart after {restart}"


def profile_name(answer: ProfileAnswer) -> str:
    """The title of a profile without its subject; of several that govern together, each."""
    return " and ".join(_short(title) for title in answer.title.split("; "))


def _short(title: str) -> str:
    """What stands before the colon, if that tells one edition from another."""
    name = title.split(":")[0]
    return name if any(char.isdigit() for char in name) else title


def headline(plan: Plan) -> str:
    """The answer in one sentence: what, when, decision, safety."""
    when = f", {Clock(plan).at(plan.start)}" if plan.start is not None else ", no time set"
    until = f" until {day_words(plan.until)}" if plan.until is not None else ""
    decided = DECISION_WORDS[plan.decision] + (until or _not_before(plan) if plan.decision == "defer" else "")
    if plan.decision == "proceed_no_hold" and plan.safety not in ("clear", "caution"):
        decided = "Not yet: nothing is held so far, and something must be known first"
    if plan.decision == "hold_with_plan" and not plan.final:
        decided = "Proposed: hold with this plan, once it is final"
    safety = SAFETY_WORDS[plan.safety] + (until if plan.safety == "defer" else "")
    return f"{procedure_words(plan)}{when}: {decided}. Safety: {safety}."


def _not_before(plan: Plan) -> str:
    """The earliest moment that the drugs allow, if it is known and later than the appointment."""
    found = not_before(plan)
    return f"; not before {Clock(plan).at(found)}" if found is not None else ""


def reason_lines(plan: Plan) -> tuple[str, ...]:
    """Why, as the plan gives its reasons; what stands under a guard or a finding is not said twice."""
    elsewhere = {answer.guard.title for answer in plan.guards} | {finding.says for finding in plan.findings}
    told = [reason for reason in plan.reasons if reason.removeprefix("not known: ") not in elsewhere]
    return tuple(dict.fromkeys(sentence(reason) for reason in told))


def missing_lines(plan: Plan) -> tuple[str, ...]:
    """Everything that is missing, once each: the plan's own list, then what could not be read.

    What stands under operator and guidance is not said twice.
    """
    found = {_bare(finding.says) for finding in plan.findings}
    open_rows = [row for row in plan.missing if _bare(row.what) not in found]
    rows = [f"{dates_in_words(row.what)} ({REASON_WORDS.get(row.reason, row.reason)})" for row in open_rows]
    asked = {row.what for row in open_rows}
    unread = [dates_in_words(drug) for drug in plan.unresolved if f"which drug is '{drug}'" not in asked]
    return tuple(dict.fromkeys(capital(text) for text in (*rows, *unread)))


def _bare(said: str) -> str:
    return said.rstrip(".").lower()


def places_of(cites: Iterable[Cite], known: Sources) -> tuple[str, ...]:
    """The places of a value, each once: source, year, locator, how well it is known."""
    found = []
    for cite in cites:
        there = place(cite, known)
        year = known[cite.source].year if cite.source in known else ""
        mark = f", {there.mark}" if there.mark else ""
        if cite.source == _NO_SOURCE:
            found.append(f"no source found, background knowledge or our default{mark}")
            continue
        dated = f", {year}" if year not in ("", "n.d.") and year not in cite.source else ""
        found.append(f"{cite.source}{dated}, {dates_in_words(cite.locator)}{mark}")
    return tuple(dict.fromkeys(found)) or ("no source found",)


def sources_of(cites: Iterable[Cite], known: Sources) -> str:
    """The places of a value in one line."""
    return "; ".join(places_of(cites, known))


def sentence(text: str) -> str:
    """The text as a sentence, its days in words."""
    said = capital(dates_in_words(text)).strip()
    return said if not said or said[-1] in ".!?" else f"{said}."


def waits(plan: Plan, drug: DrugAnswer) -> bool:
    """Whether the prescriber of a drug must still agree."""
    return drug.needs_agreement and drug.agreed is None
