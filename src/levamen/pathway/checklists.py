"""Which rows of the checklists apply to a request. Where something is not known a row is kept, with the reason why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from msgspec import Struct

from levamen.knowledge.checklist_rows import (
    STAGES,
    CallQuestion,
    Checklists,
    DischargeItem,
    EventRow,
    GuidanceRow,
    Monitoring,
    NoAnswer,
    Question,
    RedFlag,
    Row,
    TimeOutItem,
)
from levamen.knowledge.checklists import packaged_checklists
from levamen.knowledge.selectors import SECTIONS, Selectors
from levamen.record import codes
from levamen.record.facts import Request

R = TypeVar("R", bound=Row)

_SAYS = {
    "therapies": "the therapy is not recorded",
    "regions": "the region is not recorded",
    "approaches": "the approach is not recorded",
    "purposes": "the purpose is not recorded",
    "sedation": "the sedation is not recorded",
    "agents": "the drugs to be given are not all recorded",
    "classes": "the list of medicines is not known",
    "bleeding": "the bleeding class is not known",
    "devices": "implanted devices were not asked",
    "events": "events at the procedure are not recorded",
}


class Known(Struct, frozen=True, kw_only=True):
    """What is known beside the request. None is not known; an empty set is known to hold none.

    `classes`: classes of drugs on the list (the classes these belong to are added); `bleeding`: the bleeding class
    under the active hold profile; `devices`: implanted devices; `events`: what happened at the procedure.
    """

    classes: frozenset[str] | None = None
    bleeding: str | None = None
    devices: frozenset[str] | None = None
    events: frozenset[str] | None = None


NOTHING_KNOWN = Known()


class Item(Struct, Generic[R], frozen=True, kw_only=True):
    """A row that applies, or that may: `unsure` says what is not known and would decide it."""

    row: R
    unsure: tuple[str, ...] = ()


class CallScriptItems(Struct, frozen=True, kw_only=True):
    """A call for one case: what to say first and last, what to ask in order, and what follows when nobody answers."""

    opening: str
    closing: str
    questions: tuple[Item[CallQuestion], ...]
    no_answer: tuple[NoAnswer, ...]


def questions_for(
    request: Request, known: Known = NOTHING_KNOWN, *, due: str | None = None, lists: Checklists | None = None
) -> tuple[Item[Question], ...]:
    """The questions before a procedure in their order; `due` (`plan` or `day`) keeps those of that day alone."""
    rows = (lists or packaged_checklists()).questions.values()
    return applying((row for row in rows if due is None or row.due == due), request, known)


def time_out_for(
    request: Request, known: Known = NOTHING_KNOWN, *, lists: Checklists | None = None
) -> tuple[Item[TimeOutItem], ...]:
    """The items of the time-out, stage after stage."""
    rows = (lists or packaged_checklists()).time_out.values()
    return applying(sorted(rows, key=lambda row: STAGES.index(row.stage)), request, known)


def monitoring_for(
    request: Request, known: Known = NOTHING_KNOWN, *, lists: Checklists | None = None
) -> tuple[Item[Monitoring], ...]:
    """What to watch after the procedure. A row with a condition that no record states is always unsure."""
    found = applying((lists or packaged_checklists()).monitoring.values(), request, known)
    return tuple(
        Item(row=item.row, unsure=(*item.unsure, f"only if {item.row.when}")) if item.row.when is not None else item
        for item in found
    )


def longest_observation(items: Iterable[Item[Monitoring]]) -> Item[Monitoring] | None:
    """The rule that keeps the person longest, of those that surely apply; none where no source gives a time.

    A range counts with its longer end. The unsure ones stay in the list: they may be longer.
    """
    sure = [
        item for item in items if not item.unsure and item.row.kind == "rule" and item.row.least_minutes is not None
    ]
    return max(sure, key=lambda item: item.row.most_minutes or item.row.least_minutes or 0, default=None)


def discharge_for(
    request: Request, known: Known = NOTHING_KNOWN, *, lists: Checklists | None = None
) -> tuple[Item[DischargeItem], ...]:
    """What must hold before the person leaves."""
    return applying((lists or packaged_checklists()).discharge.values(), request, known)


def red_flags_for(
    request: Request, known: Known = NOTHING_KNOWN, *, lists: Checklists | None = None
) -> tuple[Item[RedFlag], ...]:
    """The warning signs, the most urgent first."""
    rows = (lists or packaged_checklists()).red_flags.values()
    return applying(sorted(rows, key=lambda row: int(codes.entry("urgencies", row.urgency)["order"])), request, known)


def events_for(
    request: Request, known: Known = NOTHING_KNOWN, *, lists: Checklists | None = None
) -> tuple[Item[EventRow], ...]:
    """The adverse events to ask for after the procedure."""
    return applying((lists or packaged_checklists()).events.values(), request, known)


def guidance_for(
    request: Request, known: Known = NOTHING_KNOWN, *, lists: Checklists | None = None
) -> tuple[Item[GuidanceRow], ...]:
    """What safety sources require of guidance, contrast, level, imaging, sedation and technique."""
    return applying((lists or packaged_checklists()).guidance.values(), request, known)


def call_script(
    script: str, request: Request, known: Known = NOTHING_KNOWN, *, lists: Checklists | None = None
) -> CallScriptItems:
    """The call `day-1` or `week-1` for one case. Raises KeyError for a script that is not there."""
    calls = (lists or packaged_checklists()).calls
    if script not in calls.scripts:
        raise KeyError(f"there is no call '{script}'; one of {', '.join(calls.scripts)}")
    found = calls.scripts[script]
    return CallScriptItems(
        opening=found.opening,
        closing=found.closing,
        questions=applying(found.questions, request, known),
        no_answer=calls.no_answer,
    )


def applying(rows: Iterable[R], request: Request, known: Known = NOTHING_KNOWN) -> tuple[Item[R], ...]:
    """The rows that apply or may apply, in their order. A row is left out only where it surely does not apply."""
    held = _held(request, known)
    found = ((row, _unsure(row.applies, held)) for row in rows)
    return tuple(Item(row=row, unsure=unsure) for row, unsure in found if unsure is not None)


def _unsure(selectors: Selectors, held: dict[str, frozenset[str] | None]) -> tuple[str, ...] | None:
    """Nothing where a row surely applies, None where it surely does not, else what is not known."""
    open_points: dict[str, None] = {}
    for selector in selectors:
        wanted = {key: getattr(selector, key) for key in SECTIONS if getattr(selector, key)}
        if any((has := held[key]) is not None and not has & words for key, words in wanted.items()):
            continue
        missing = [_SAYS[key] for key in wanted if held[key] is None]
        if not missing:
            return ()
        open_points |= dict.fromkeys(missing)
    return tuple(open_points) or None


def _held(request: Request, known: Known) -> dict[str, frozenset[str] | None]:
    return {
        "therapies": _one(request.therapy),
        "regions": _one(request.region),
        "approaches": _one(request.approach),
        "purposes": _one(request.purpose),
        "sedation": _one(request.sedation),
        "agents": _agents(request),
        "classes": None if known.classes is None else _with_parents(known.classes),
        "bleeding": _one(known.bleeding),
        "devices": known.devices,
        "events": known.events,
    }


def _one(word: str | None) -> frozenset[str] | None:
    return None if word is None or word == "unknown" else frozenset({word})


def _agents(request: Request) -> frozenset[str] | None:
    """The classes of the drugs to be given; not known where none is named or one is of no known class."""
    drugs = codes.ids("drugs")
    classes = [
        agent.classes | (codes.classes_of(agent.drug) if agent.drug in drugs else frozenset())
        for agent in request.agents
    ]
    return frozenset().union(*classes) if classes and all(classes) else None


def _with_parents(classes: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    pending = list(classes)
    while pending:
        word = pending.pop()
        parent = codes.entry("drug_classes", word).get("is")
        found.add(word)
        if parent is not None and parent not in found:
            pending.append(parent)
    return frozenset(found)


_PLACES = ("joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "muscles")


def read_aloud(request: Request) -> str:
    """The sentence of the pause: procedure, side, region and level. What is not recorded is said, never left out."""
    words = [codes.label("therapies", request.therapy) if request.therapy is not None else "Procedure not recorded"]
    words.append(codes.label("sides", request.side) if request.side is not None else "side not recorded")
    words.append(codes.label("regions", request.region) if request.region is not None else "region not recorded")
    places = [*sorted(word for key in _PLACES for word in getattr(request, key))]
    places += [request.joint] if request.joint is not None else []
    words.append(" and ".join(codes.title(place) for place in places) or "level not recorded")
    return ", ".join(words) + "."
