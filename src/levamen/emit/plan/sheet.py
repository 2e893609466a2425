"""The patient's page: what to take and when, what to tell us, when to call. It never tells a patient to stop alone.

A date to stop stands on it only where the plan is final, safe, and agreed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from levamen.emit.language.moments import date_words, moment_words
from levamen.emit.language.pack import Language, language
from levamen.emit.plan.calls import Call, calls, known_of, red_flags_of
from levamen.emit.plan.text import wrapped
from levamen.emit.plan.words import drug_name, level_words, waits
from levamen.emit.terminal import PLAIN, Look
from levamen.emit.words import capital
from levamen.pathway.checklists import questions_for
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan
from levamen.record import codes

_WRITE_HERE = "______________________"


class Block(Struct, frozen=True):
    """Sentences under a heading."""

    heading: str
    sentences: tuple[str, ...]


class Sheet(Struct, frozen=True, kw_only=True):
    """The page in one language. `unreviewed` is the banner of a translation, in that language and in English.

    `day` are the questions of the day: none once the procedure is done. `calls`: the most urgent first.
    """

    language: str
    title: str
    unreviewed: tuple[str, ...]
    first: tuple[str, ...]
    banner: tuple[str, ...]
    visit: Block
    medicines: Block
    drugs: tuple[Block, ...]
    day: Block | None
    bring: str
    calls: tuple[Call, ...]
    watch: str
    phone: str
    foot: tuple[str, ...]


def sheet(plan: Plan, words: Language | None = None) -> Sheet:
    """The page of a plan. `words`: absent, English."""
    said = language("en") if words is None else words
    flags = red_flags_of(plan, frozenset(drug.drug for drug in plan.active.drugs if _goes_on(drug, plan)))
    return Sheet(
        language=said.id,
        title=said.say("title"),
        unreviewed=()
        if said.reviewed
        else (capital(said.say("unreviewed")), capital(language("en").say("unreviewed"))),
        first=(said.say("do_not_stop"), said.say("only_this_sheet")),
        banner=tuple(_banner(plan, said)),
        visit=Block(said.say("visit"), tuple(_visit(plan, said))),
        medicines=Block(said.say("medicines"), tuple(_of_all(plan, said))),
        drugs=tuple(_drug(drug, plan, said) for drug in plan.active.drugs),
        day=None if plan.done else Block(said.say("day"), tuple(_asked(plan, said))),
        bring=said.say("day_bring"),
        calls=calls(flags, said),
        watch=said.say("watch"),
        phone=f"{said.say('phone')}: {_WRITE_HERE}",
        foot=(
            said.say("sheet", number=str(plan.number), date=date_words(plan.as_of, said)),
            *((said.say("replaces", number=str(plan.supersedes)),) if plan.supersedes is not None else ()),
            said.say("text_version", version=said.version),
            said.say("sources", sources=", ".join(dict.fromkeys(flag.cites[0].source for flag in flags))),
        ),
    )


def stops_may_be_told(plan: Plan) -> bool:
    """Whether a patient may be told to stop anything: the plan is final, and the procedure goes ahead on its day."""
    goes_ahead = plan.decision not in ("defer", "hard_stop_change_plan")
    return plan.final and goes_ahead and plan.safety in ("clear", "caution") and plan.start is not None


def text(made: Sheet, *, look: Look = PLAIN) -> str:
    """The page as text."""
    return "\n".join(_lines(made, look)) + "\n"


def _lines(made: Sheet, look: Look) -> Iterator[str]:
    for line in made.unreviewed:
        yield from wrapped(f"** {line} **", look)
    yield from wrapped(made.title, look)
    yield ""
    for line in (*made.first, *made.banner):
        yield from wrapped(line, look)
    for block in (made.visit, made.medicines, made.day):
        if block is None:
            continue
        yield ""
        yield from wrapped(block.heading, look)
        for drug in made.drugs if block is made.medicines else ():
            yield from wrapped(drug.heading, look, "  ")
            for line in drug.sentences:
                yield from wrapped(line, look, "  - ", "    ")
        for line in block.sentences:
            yield from wrapped(line, look, "- ", "  ")
    if made.day is not None:
        yield from wrapped(made.bring, look)
    for call in made.calls:
        yield ""
        yield from wrapped(call.act, look)
        for watch in call.watches:
            yield from wrapped(f"{watch.window}:", look, "  ")
            for line in watch.signs:
                yield from wrapped(line, look, "  - ", "    ")
    yield ""
    for line in (made.watch, made.phone, *made.foot):
        yield from wrapped(line, look)


def _postponed(plan: Plan) -> bool:
    """Whether the visit will not be as planned."""
    return plan.decision in ("defer", "hard_stop_change_plan") or plan.safety in ("defer", "contraindicated")


def _banner(plan: Plan, said: Language) -> Iterator[str]:
    if _postponed(plan):
        yield said.say("postponed")
        held = any(drug.already_held for drug in plan.active.drugs)
        yield said.say("not_final_held" if held else "postponed_more")
    elif not stops_may_be_told(plan):
        yield said.say("not_final")
        held = any(drug.already_held for drug in plan.active.drugs)
        yield said.say("not_final_held" if held else "not_final_more")


def _visit(plan: Plan, said: Language) -> Iterator[str]:
    if plan.start is None:
        yield said.say("visit_unknown")
    else:
        yield said.say("visit_when", moment=moment_words(plan.start, plan.zone, said, year=True))
    yield said.say(
        "visit_what", procedure=codes.label("therapies", plan.request.therapy or "") or said.say("not_known")
    )
    where = plan.request
    parts = (said.regions.get(where.region or ""), level_words(where), said.sides.get(where.side or ""))
    place = ", ".join(part for part in parts if part)
    if place:
        yield said.say("visit_where", place=place)
    yield said.say("visit_patient", patient=plan.patient)


def _of_all(plan: Plan, said: Language) -> Iterator[str]:
    """What is said once for all of the medicines. That nothing changes is told only where nothing is open."""
    stops = [drug for drug in plan.active.drugs if _stops(drug, plan)]
    if not plan.active.drugs:
        yield said.say("medicines_none") if stops_may_be_told(plan) else said.say("medicines_wait")
    if any(drug.restart_from is not None for drug in stops):
        yield said.say("start_check")
    if stops:
        yield said.say("dose_taken")


def _asked(plan: Plan, said: Language) -> Iterator[str]:
    """The questions of the day that apply or may, in the order of the checklist."""
    for item in questions_for(plan.request, known_of(plan), due="day"):
        yield said.checklists[f"questions.{item.row.id}.ask"]


def _drug(drug: DrugAnswer, plan: Plan, said: Language) -> Block:
    return Block(capital(drug_name(drug.drug)), tuple(_told(drug, plan, said)))


def _stops(drug: DrugAnswer, plan: Plan) -> bool:
    """Whether the patient is told to stop this drug."""
    settled = stops_may_be_told(plan) and drug.final and not waits(plan, drug)
    return settled and drug.decision == "hold_with_plan" and drug.stop_at is not None


def _goes_on(drug: DrugAnswer, plan: Plan) -> bool:
    """Whether the patient is told to go on with this drug."""
    return stops_may_be_told(plan) and drug.final and drug.decision == "proceed_no_hold"


def _told(drug: DrugAnswer, plan: Plan, said: Language) -> Iterator[str]:
    if _stops(drug, plan):
        if drug.last_dose is not None:
            yield said.say("last_dose", moment=_moment(drug.last_dose, plan, said))
            yield said.say("no_more")
        elif drug.stop_at is not None:
            yield said.say("not_after", moment=_moment(drug.stop_at, plan, said))
        yield from _restart(drug, plan, said)
    elif _goes_on(drug, plan):
        yield said.say("keep")
    elif drug.already_held:
        yield said.say("held_now")
    elif drug.decision == "hold_with_plan" and drug.agreed is not None and not _postponed(plan):
        yield said.say("hold_soon")
    else:
        yield said.say("call")


def _restart(drug: DrugAnswer, plan: Plan, said: Language) -> Iterator[str]:
    if drug.first_dose is not None:
        yield said.say("start", moment=_moment(drug.first_dose, plan, said))
    elif drug.restart_from is not None:
        yield said.say("start_from", moment=_moment(drug.restart_from, plan, said))
    else:
        yield said.say("start_later")


def _moment(at: datetime, plan: Plan, said: Language) -> str:
    return moment_words(at, plan.zone, said)
