"""Where the short screens for low mood and worry lead: a positive one to its full form.

A cut that awaits confirmation may say that the full form is worth giving; it never says that nothing is there.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import MARKS, Cite, Mark
from levamen.derive.latest import surely_before
from levamen.derive.periods import Moment
from levamen.derive.scores import Scored, shown
from levamen.knowledge.instruments import instrument
from levamen.knowledge.intake import packaged_rules
from levamen.knowledge.intake.rows import Screen
from levamen.pathway.scores import scored
from levamen.pathway.severity import latest_scores
from levamen.record.facts import Record, Score
from levamen.record.timeline import When
from levamen.text.tree import UnusableInput

Step = Literal["ask", "full-form", "consider-full-form", "done", "below", "undecided"]
"""ask: not asked, or not complete. full-form: positive. consider-full-form: positive by a cut that awaits confirmation.
done: the full form has an answer. below: under the cut. undecided: under a cut that awaits confirmation, or two
screens that differ."""


class Screening(Struct, frozen=True, kw_only=True):
    """What is next after one screen. `also`: another published cut that is reached."""

    screen: Screen
    step: Step
    says: str
    ids: tuple[str, ...] = ()
    date: When | None = None
    also: str | None = None
    mark: Mark | None = None
    cites: tuple[Cite, ...] = ()


def screening(record: Record, moment: Moment) -> tuple[Screening, ...]:
    """One answer for each screen, in the order of the rules."""
    return tuple(_screening(screen, record, moment) for screen in packaged_rules().screens)


def _screening(screen: Screen, record: Record, moment: Moment) -> Screening:
    short, full = instrument(screen.instrument).title, instrument(screen.full).title
    given = [fact for facts in latest_scores(record, moment, screen.instrument) for fact in facts]
    answered = [fact for facts in latest_scores(record, moment, screen.full) for fact in facts]
    after = [fact for fact in answered if not any(surely_before(fact.date, other.date) for other in given)]
    values = {fact.id: _found(record, fact) for fact in after}
    if after and all(found is not None and found.value is not None for found in values.values()):
        told = ", ".join(
            shown(found.value) for found in values.values() if found is not None and found.value is not None
        )
        cites = tuple(dict.fromkeys(cite for found in values.values() if found is not None for cite in found.cites))
        return Screening(
            screen=screen, step="done", says=f"{full} was given: {told}", ids=tuple(values), date=after[0].date,
            mark=_weakest(cites), cites=cites,
        )  # fmt: skip
    if not given:
        started = f"; {full} was begun and has no score" if after else ""
        return Screening(screen=screen, step="ask", says=f"{short} is not asked{started}: ask about {screen.about}")
    results = [_found(record, fact) for fact in given]
    ids = tuple(fact.id for fact in given)
    day = given[0].date if len({fact.date for fact in given}) == 1 else None
    if any(found is None or found.value is None for found in results):
        return Screening(
            screen=screen,
            step="ask",
            says=f"{short} is not complete: ask about {screen.about} again",
            ids=ids,
            date=day,
        )
    known = [found for found in results if found is not None]
    return _by_cut(screen, known, ids, day, short, full)


def _by_cut(
    screen: Screen, results: list[Scored], ids: tuple[str, ...], day: When | None, short: str, full: str
) -> Screening:
    states = {_positive(found, screen.cut) for found in results}
    cites = next(row.cites for row in instrument(screen.instrument).bands if row.id == screen.cut)
    mark = _weakest(cites)
    verified = mark != "unverified"
    told = ", ".join(dict.fromkeys(shown(found.value) for found in results if found.value is not None))
    also = None
    if screen.also is not None and any(_positive(found, screen.also) for found in results):
        also = f"the lower cut is reached: {_last_label(screen, screen.also)}"
        cites = (*cites, *next(row.cites for row in results[0].instrument.bands if row.id == screen.also))
    step: Step
    if len(states) > 1:
        step, says = "undecided", f"{short} of {told}: two screens may be the latest, and they differ; ask again"
    elif states == {True}:
        step = "full-form" if verified else "consider-full-form"
        next_is = "is the next step" if verified else "may be the next step; its cut awaits confirmation"
        says = f"{short} of {told} is {_last_label(screen, screen.cut)}: {full} {next_is}"
    elif verified:
        step, says = "below", f"{short} of {told} is below the cut"
    else:
        step, says = "undecided", f"{short} of {told} is below a cut that awaits confirmation: judge for yourself"
    return Screening(screen=screen, step=step, says=says, ids=ids, date=day, also=also, mark=mark, cites=cites)


def _found(record: Record, fact: Score) -> Scored | None:
    try:
        return scored(record, fact)
    except UnusableInput:
        return None


def _positive(found: Scored, cut: str) -> bool:
    """Whether the score is in the last band of a set."""
    last = next(row for row in found.instrument.bands if row.id == cut).rows[-1].label
    return any(band.id == cut and band.label == last for band in found.bands)


def _last_label(screen: Screen, cut: str) -> str:
    return next(row for row in instrument(screen.instrument).bands if row.id == cut).rows[-1].label


def _weakest(cites: tuple[Cite, ...]) -> Mark:
    return max((cite.mark for cite in cites), key=MARKS.index)
