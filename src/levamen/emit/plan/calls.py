"""When a patient calls: the red flags that apply to a plan or may, by how urgent they are, with their windows in words.

Flags, urgency, windows and sentences are those of the checklists (`knowledge/checklists/red_flags.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from levamen.emit.language.pack import Language
from levamen.knowledge.checklist_reading import hours
from levamen.knowledge.checklist_rows import RedFlag, Window
from levamen.pathway.checklists import NOTHING_KNOWN, Known, red_flags_for
from levamen.pathway.periprocedural.answers import Plan
from levamen.record import codes


class Watch(Struct, frozen=True):
    """The signs of one window, which is in words."""

    window: str
    signs: tuple[str, ...]


class Call(Struct, frozen=True):
    """What a patient does at one urgency (`act`), and the signs for which."""

    urgency: str
    act: str
    watches: tuple[Watch, ...]


def known_of(plan: Plan) -> Known:
    """What the checklists may look at."""
    return plan.after.known if plan.after is not None else NOTHING_KNOWN


def red_flags_of(plan: Plan, going_on: Set[str] = frozenset()) -> tuple[RedFlag, ...]:
    """The flags that apply or may, the most urgent first.

    `going_on` are the drugs that surely go on: for them alone no flag of a hold is shown.
    """
    known = known_of(plan)
    held = replace(known, classes=None if known.classes is None else _may_be_held(plan, known.classes, going_on))
    of_holds = {item.row.id for item in red_flags_for(plan.request, held)}
    flags = (item.row for item in red_flags_for(plan.request, known))
    return tuple(flag for flag in flags if flag.window.start.anchor != "hold-start" or flag.id in of_holds)


def calls(flags: Iterable[RedFlag], said: Language) -> tuple[Call, ...]:
    """The flags by urgency and window; those with the same words are said once, for the longest of their windows."""
    longest: dict[tuple[str, str, str], Window] = {}
    for flag in flags:
        key = (flag.urgency, _anchor(flag.window), said.checklists[f"red_flags.{flag.id}.patient"])
        longest[key] = max(longest.get(key, flag.window), flag.window, key=_ends)
    found: dict[str, dict[str, list[str]]] = {}
    for (urgency, _, sentence), window in longest.items():
        found.setdefault(urgency, {}).setdefault(window_words(window, said), []).append(sentence)
    return tuple(
        Call(
            urgency,
            said.checklists[f"red_flags.acts.{urgency}"],
            tuple(Watch(window, tuple(signs)) for window, signs in watches.items()),
        )
        for urgency, watches in found.items()
    )


def window_words(window: Window, said: Language) -> str:
    """Until when a sign counts. Its beginning is not said: nobody is told to wait with a sign that comes early."""
    end = window.end
    if end is None or end.offset is None:
        return said.say("window_any_time")
    length = said.say(end.offset.unit, number=f"{end.offset.amount:f}")
    return said.say(f"window_{end.anchor.replace('-', '_')}", length=length)


def _anchor(window: Window) -> str:
    return window.end.anchor if window.end is not None else "any-time"


def _ends(window: Window) -> Decimal:
    end = window.end
    return hours(end.offset) if end is not None and end.offset is not None else Decimal("Infinity")


def _may_be_held(plan: Plan, listed: frozenset[str], going_on: Set[str]) -> frozenset[str]:
    """The classes on the list without those of which every drug goes on."""
    on = _classes(going_on)
    rest = _classes(drug.drug for drug in plan.active.drugs if drug.drug not in going_on)
    return (listed - on) | rest


def _classes(drugs: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(codes.classes_of(drug) for drug in drugs))
