"""One option opened, and two side by side in the same outcomes and the same detail."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from msgspec import Struct

from administration.models import clinic
from clinic.clock import today
from levamen.emit.safety import safety_view
from levamen.emit.view import place
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.registry import Knowledge
from levamen.pathway.answers import Question
from levamen.pathway.headline import target_words
from options.assessed import Assessed, assessed, knowledge
from options.board import Row, asks_of, row_of
from options.option import Described, answered, asks, authorities, chosen, counted, criteria, described, differ, settles
from options.readable import readable
from options.views_overview import replayed
from people.access import StaffRequest, opens_patient
from people.roles import CARE, PHYSICIANS
from records.models import Patient
from records.views import may_write
from results.here import here
from results.views import READERS

_ON_DAY = ("ask on the day: ", "confirm on the day: ")
"""How the words of a duty begin that nobody can see to before the day of the procedure."""


@opens_patient(to=CARE, verb="option.looked")
@readable
def option(request: StaffRequest, patient: Patient, question: str) -> HttpResponse:
    """May we do this, here, now, and who says so?"""
    past, wrong = replayed(request)
    found = assessed(patient, past)
    asked = found.question(question)
    if asked is None and past is not None:
        shown = {"patient": patient, "tab": "options", "past": past, "wrong": "", "question": question}
        return render(request, "options/option_not_then.html", shown)
    if asked is None:
        raise Http404("This is not considered any more.")
    held, leading = knowledge(), clinic().guidelines
    picked = chosen(asked, request.GET.get("policy", "")[:80], leading)
    rows = criteria(picked, found.reading.record, held.sources) if picked is not None else ()
    several, speaking = differ(asked)
    shown = {
        "patient": patient, "tab": "options", "past": past, "wrong": wrong, "question": asked, "found": found,
        "asks": asks(asked), "answered": answered(asked, leading), "row": row_of(asked, leading),
        "authorities": authorities(asked, leading), "picked": picked,
        "telling": [row for row in rows if row.view.telling],
        "settled": [row for row in rows if not row.view.telling], "counted": counted(rows),
        "settles": settles(picked) if picked is not None else (), "several": several, "speaking": speaking,
        "safety": safety_view(asked), "safety_missing": _missing(asked), "safety_guards": _guards(asked, held),
        "described": described(asked.request.therapy, held.sources), "therapy": capital(target_words(asked.request)),
        "own": here(asked.request.therapy, asked.request.region, today(clinic().zone)) if past is None else None,
        "may_see_results": request.user.role in READERS,
        "raised": asked.id in found.raised, "may_decide": request.user.role in PHYSICIANS and past is None,
        "may_add": may_write(request.user, "request") and past is None,
        "before": [duty for duty in asked.obligations if not duty.what.startswith(_ON_DAY)],
        "on_day": [
            (duty.what.partition(": ")[2], duty.who) for duty in asked.obligations if duty.what.startswith(_ON_DAY)
        ],
        "policy_now": picked.policy if picked is not None else "",
        "others": [(row.id, capital(target_words(row.request))) for row in found.questions if row.id != asked.id],
    }  # fmt: skip
    return render(request, "options/option.html", shown, status=400 if wrong else 200)


class Guarded(Struct, frozen=True, kw_only=True):
    """One safety rule that speaks: what it says, what it found, where it stands."""

    title: str
    word: str
    says: str
    found: str
    place: str
    awaits: bool


def _guards(asked: Question, held: Knowledge) -> tuple[Guarded, ...]:
    rows = [row for row in asked.plan.guards if row.fires or (row.verdict != "clear" and not row.ask_on_the_day)]
    made = []
    for guard in rows:
        where = place(guard.guard.cites[0], held.sources)
        until = f"until {dates_in_words(guard.until.isoformat())}" if guard.until is not None else ""
        made.append(
            Guarded(
                title=guard.guard.title, word=guard.verdict, says=until, found=dates_in_words(guard.found),
                place=f"{where.title}, {where.locator}", awaits=guard.mark == "unverified",
            )
        )  # fmt: skip
    return tuple(made)


def _missing(asked: Question) -> tuple[str, ...]:
    return tuple(asks_of(asked))


class Side(Struct, frozen=True, kw_only=True):
    """One of two options, with the same rows as the other."""

    row: Row
    described: Described | None
    safety: tuple[str, ...]
    needs: tuple[str, ...]


@opens_patient(to=CARE, verb="options.compared")
@readable
def compare(request: StaffRequest, patient: Patient) -> HttpResponse:
    """What differs between these two?"""
    found = assessed(patient)
    chosen_two = [found.question(request.GET.get(name, "")[:40]) for name in ("one", "other")]
    two = [question for question in chosen_two if question is not None]
    same = len(two) == 2 and two[0].id == two[1].id
    sides = [_side(question, found) for question in two] if len(two) == 2 and not same else []
    targets = [(row.id, capital(target_words(row.request))) for row in found.questions]
    shown = {"patient": patient, "tab": "options", "sides": sides, "targets": targets, "same": same,
             "one": request.GET.get("one", ""), "other": request.GET.get("other", "")}  # fmt: skip
    return render(request, "options/compare.html", shown)


def _side(question: Question, found: Assessed) -> Side:
    told = safety_view(question)
    return Side(
        row=row_of(question, clinic().guidelines, question.id in found.raised),
        described=described(question.request.therapy, knowledge().sources),
        safety=tuple(dates_in_words(reason) for reason in told.reasons),
        needs=tuple(dates_in_words(step) for step in question.next_steps),
    )
