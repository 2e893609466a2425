"""Safety of one question as a person reads it: its own word, never mixed with what is covered."""

from __future__ import annotations

from msgspec import Struct

from levamen.emit.words import capital
from levamen.pathway.answers import Question
from levamen.pathway.flag_stops import ASK_THE_LIST
from levamen.pathway.headline import day_words
from levamen.pathway.periprocedural.answers import Plan

SAFETY_WORDS = {
    "clear": "Clear",
    "caution": "Caution",
    "unknown": "Unknown: stop and ask",
    "defer": "Defer",
    "contraindicated": "Contraindicated",
}
_SIGN_KEYS = {"unknown": "safety-unknown"}


class SafetyView(Struct, frozen=True, kw_only=True):
    """`sign` is the key of its sign and colour; `asks` are the questions left for the day."""

    sign: str
    word: str
    reasons: tuple[str, ...]
    asks: tuple[str, ...]


def safety_view(question: Question) -> SafetyView:
    """Safety of a question: the word with its date, why, and what is asked on the day."""
    return plan_safety(question.plan)


def plan_safety(plan: Plan) -> SafetyView:
    """Safety of a plan."""
    until = f" until {day_words(plan.until)}" if plan.safety == "defer" and plan.until is not None else ""
    return SafetyView(
        sign=_SIGN_KEYS.get(plan.safety, plan.safety),
        word=f"{SAFETY_WORDS[plan.safety]}{until}",
        reasons=tuple(capital(reason) for reason in plan.reasons),
        asks=(
            *("The red-flag list" for duty in plan.obligations if duty.id == ASK_THE_LIST),
            *(guard.guard.title for guard in plan.guards if guard.ask_on_the_day),
        ),
    )
