"""The results in words, pictures and rows for the page and for the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct

from levamen.emit.pictures import curve, funnel
from levamen.emit.pictures.canvas import Table
from levamen.emit.results_words import (
    half_words,
    headline,
    level_words,
    members_words,
    of_100,
    up_to,
    visit_words,
)
from levamen.emit.view import place, source_title
from levamen.knowledge.registry import packaged
from levamen.knowledge.results_tables import ResultsTables
from levamen.outcomes.cohort import GroupResult, ProcedureResults, Responders
from levamen.outcomes.funnel import Funnel
from levamen.outcomes.loss_curve import LossCurve

_SAID = ("natural-recovery", "regression", "time-to-loss", "shares", "rare", "funnel", "joined")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
HEAD = (
    "Group", "Visit", "Pain", "Due", "Yes", "No", "Missing", "Ended before", "Of 100 answers",
    "Of 100 if missing failed",
)  # fmt: skip


class Card(Struct, frozen=True):
    """A number with what it is of, and its limits in words."""

    title: str
    number: str
    more: str


class Line(Struct, frozen=True, kw_only=True):
    """One visit and level of a group."""

    visit: str
    level: str
    due: int
    yes: int
    no: int
    missing: int
    ended: int
    rate: str
    failed: str
    first: bool


class GroupLine(Struct, frozen=True, kw_only=True):
    """One group of an indication, or several joined."""

    name: str
    done: int
    answered: int
    says: str
    half: str


class Picture(Struct, frozen=True):
    """A picture and its numbers as a table."""

    svg: str
    table: Table


def cards(group: GroupResult, tables: ResultsTables, callable_now: int) -> list[Card]:
    """What is told first: of answers, of all, what is missing, how long, what went wrong. Nothing of none due."""
    first, relief, harm = group.first, group.relief, group.complications
    if not first.due:
        soon = f"{group.done} done; no window of {visit_words(first.visit)} has closed"
        return [Card("Due so far", "None", soon)]
    at = f"{level_words(first.level, tables).capitalize()} at {visit_words(first.visit)}"
    found = [
        Card(
            at, f"{first.yes} of {first.answered}",
            f"{of_100(first.of_answers)}, of those with an answer" if first.of_answers else "too few for a rate",
        ),
        Card(
            "If everyone missing had failed", f"{first.yes} of {first.due}",
            of_100(first.if_failed) if first.if_failed else "too few for a rate",
        ),
        Card(
            f"No answer at {visit_words(first.visit)}", f"{first.missing} of {first.due}",
            f"{callable_now} more can be called now; {first.ended} ended before",
        ),
    ]  # fmt: skip
    half = relief.curve.half if relief.curve is not None else None
    if relief.curve is None:
        found.append(Card("Half have lost the relief by", "Not told", "too few for a curve"))
    elif half is None:
        found.append(Card("Half have lost the relief by", "Not seen", f"by day {relief.curve.ends}"))
    else:
        found.append(Card("Half have lost the relief by", f"day {half[1]}", half_words(relief).partition("(")[2][:-2]))
    share = harm.serious_share
    more = "nobody was asked" if not harm.asked else "too few for a rate"
    if share is not None:
        more = f"could be up to {up_to(share.high)}"
    return [*found, Card("Serious events, of those asked", f"{harm.serious} of {harm.asked}", more)]  # fmt: skip


def lines(group: GroupResult, tables: ResultsTables) -> list[Line]:
    """Every visit and level, with everything that is missing beside it."""
    return [_line(row, tables) for row in group.responders]


def _line(row: Responders, tables: ResultsTables) -> Line:
    unsure = "" if row.enough else "; we do not know yet"
    return Line(
        visit=visit_words(row.visit),
        level=level_words(row.level, tables).removesuffix(" pain"),
        due=row.due,
        yes=row.yes,
        no=row.no,
        missing=row.missing,
        ended=row.ended,
        rate=f"{of_100(row.of_answers)}{unsure}" if row.of_answers else "no rate",
        failed=of_100(row.if_failed) if row.if_failed else "no rate",
        first=(row.visit, row.level) == (tables.first_visit, tables.first_level),
    )


def groups(found: ProcedureResults, tables: ResultsTables) -> list[GroupLine]:
    """By indication; small groups are joined."""
    return [
        GroupLine(
            name=members_words(group.members, within=len(found.members) == 1), done=group.done,
            answered=group.answered, says=headline(group, tables), half=half_words(group.relief),
        )
        for group in found.groups
    ]  # fmt: skip


def relief_picture(group: GroupResult) -> Picture | None:
    """How long relief lasts, with the numbers still followed; none of too few."""
    found = group.relief.curve
    if found is None:
        return None
    drawn = _step_curve(found, group.relief.at_first)
    return Picture(curve.step_svg(drawn, name="relief"), curve.step_table(drawn))


def _step_curve(found: LossCurve, at_first: int) -> curve.StepCurve:
    half = None
    if found.half is not None:
        half = (found.half[1], *found.half_limits)
    notes = ["A loss is known only between two visits. Shaded: 95 % limits. A repeat, surgery and death are no loss."]
    if not found.settled:
        notes.append("The curve is close to the most likely one, and not worked out to the end.")
    return curve.StepCurve(
        title=f"Still relieved, of {at_first} who had relief at first",
        steps=tuple(
            curve.Step(row.day, _exact(row.share), _exact(row.low), _exact(row.high), row.at_risk)
            for row in found.steps
        ),
        half=half,
        notes=tuple(notes),
    )


def _exact(share: float) -> Fraction:
    return min(max(Fraction(share).limit_denominator(10_000), Fraction(0)), Fraction(1))


def funnel_picture(found: Funnel, tables: ResultsTables, letters: Mapping[str | None, str]) -> Picture:
    """The operators against the limits of chance; it is no league table."""
    inner, outer = tables.funnel_levels[0], tables.funnel_levels[-1]
    points = tuple(
        funnel.Point(point.total, Fraction(point.count, point.total), _label(point.key, point.joined, letters))
        for point in found.points
    )
    # Limits are drawn at the points' own numbers of answers, for which they were worked out already.
    known = {(row.total, row.level): row for point in found.points for row in point.limits}
    spans = {
        level: tuple(
            funnel.Limit(total, Fraction(row.fewest, total), Fraction(row.most, total))
            for (total, of), row in sorted(known.items())
            if of == level
        )
        for level in (inner, outer)
    }
    notes = ["Outside a limit means: look together. It says nothing of anybody by itself."]
    if found.spread is not None and found.spread > 1:
        notes.append(f"They differ {found.spread:.1f} times as much as chance would make them: the limits may be too")
        notes.append("narrow, because the patients differ.")
    drawn = funnel.Funnel(
        title=f"Operators, {level_words(tables.first_level, tables)} at {visit_words(tables.first_visit)}",
        counted="treatments with an answer",
        points=points,
        centre=Fraction(found.count, found.total),
        limits_95=spans[inner],
        limits_998=spans[outer],
        notes=tuple(notes),
    )
    return Picture(funnel.svg(drawn, name="operators"), funnel.table(drawn))


def _label(key: str | None, joined: int, letters: Mapping[str | None, str]) -> str:
    return letters.get(key, "?") if joined == 1 else f"{joined} joined"


def letters_of(found: Funnel) -> dict[str | None, str]:
    """A letter for each operator, in the order of the user names."""
    keys = sorted(point.key for point in found.points if point.key is not None and point.joined == 1)
    return {key: chr(ord("A") + place) if place < 26 else f"A{place}" for place, key in enumerate(keys)}


def statements(tables: ResultsTables) -> list[str]:
    """What these numbers cannot say, and by which rules they were made, each with its source and mark."""
    sources = packaged().sources
    rows = [tables.statements[id] for id in _SAID] + list(tables.rules)
    said = []
    for row in rows:
        places = [place(cite, sources) for cite in row.cites]
        told = "; ".join(
            f"{source_title(cite.source, sources)}, {at.locator}{f', {at.mark}' if at.mark else ''}"
            for cite, at in zip(row.cites, places, strict=True)
        )
        said.append(f"{row.says} {told}.")
    return said


def csv_text(found: ProcedureResults, tables: ResultsTables, about: Sequence[tuple[str, str]]) -> str:
    """The table as a file for a spreadsheet; no cell of it can be taken for a formula."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    for row in (*about, ("", ""), HEAD, *_csv_rows(found, tables)):
        writer.writerow([safe(cell) for cell in row])
    return held.getvalue()


def _csv_rows(found: ProcedureResults, tables: ResultsTables) -> Iterator[tuple[Any, ...]]:
    named = [("All", found.whole)]
    if len(found.groups) > 1:
        named += [(members_words(group.members, within=True), group) for group in found.groups]
    for name, group in named:
        for row in lines(group, tables):
            yield (
                name, row.visit, row.level, row.due, row.yes, row.no, row.missing, row.ended, row.rate, row.failed,
            )  # fmt: skip


def safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; a number stays a number."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
