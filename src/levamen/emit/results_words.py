"""How a clinic's own results are said: counts first, then of 100, limits with `to`; never more than is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from math import ceil, floor

from msgspec import Struct

from levamen.emit.words import capital
from levamen.knowledge.results_tables import ResultsTables
from levamen.outcomes.cohort import (
    Complications,
    Followed,
    Group,
    GroupResult,
    Procedure,
    ReliefTime,
    Responders,
    Share,
)
from levamen.pathway.headline import day_words
from levamen.record import codes


class Asked(Struct, frozen=True, kw_only=True):
    """Where the rows came from. `left_out`: procedures that are no row, by why. `letters`: operators have letters."""

    charts: int
    not_read: int
    left_out: Mapping[str, int]
    letters: bool = False


def procedure_words(procedure: Procedure) -> str:
    """`Epidural steroid injection, lumbar`."""
    therapy, region = procedure
    where = codes.label("regions", region) if region is not None else "region not recorded"
    return f"{capital(codes.label('therapies', therapy))}, {where}"


def indication_words(indication: str | None) -> str:
    """The pattern of the pain that was treated."""
    return capital(codes.title(indication)) if indication is not None else "Pattern of the pain not recorded"


def members_words(members: tuple[Group, ...], *, within: bool) -> str:
    """The name of a group, or of several joined; `within` one procedure only the indications are told."""
    names = [
        indication_words(indication) if within else f"{procedure_words(procedure)}: {indication_words(indication)}"
        for procedure, indication in members
    ]
    return names[0] if len(names) == 1 else f"Joined, too few of each: {'; '.join(names)}"


def visit_words(visit: str) -> str:
    """`6 months`."""
    return visit.replace("-", " ")


def level_words(level: str, tables: ResultsTables) -> str:
    """`at least 50 % less pain`."""
    percent = next(row.percent for row in tables.levels if row.says.id == level)
    return f"at least {percent} % less pain"


def of_100(share: Share) -> str:
    """`49 of 100, 40 to 58`."""
    return f"{whole(share.share)} of 100, {whole(share.low)} to {whole(share.high)}"


def whole(share: float) -> int:
    """A share of 100, half up."""
    return floor(share * 100 + 0.5)


def headline(group: GroupResult, tables: ResultsTables) -> str:
    """What is told first of a group, in a sentence."""
    first = group.first
    at = f"at {visit_words(first.visit)}"
    what = f"had {level_words(first.level, tables)} {at}"
    match group.state:
        case "not due":
            return f"Nothing is due yet {at}: of {group.done} no window has closed."
        case "counts only" if len({procedure for procedure, _ in group.members}) > 1:
            return f"Different procedures, too few of each: {first.due} were due {at}, {first.answered} have an answer."
        case "counts only":
            told = f"{first.yes} of {first.answered} with an answer {what}" if first.answered else "none has an answer"
            return f"Too few for a rate: {told}; {first.due} were due."
        case "not known yet":
            return (
                f"We do not know yet: {at} {first.answered} of {first.due} that were due have an answer,"
                f" and at least {tables.follow_up} of 100 are needed."
            )
        case _:
            return f"{first.yes} of {first.answered} with an answer {what}{both_ways(first)}."


def both_ways(row: Responders) -> str:
    """The rate with what is missing left out, and with it counted as failed."""
    if row.of_answers is None or row.if_failed is None:
        return ""
    return (
        f" ({of_100(row.of_answers)}); if all without one had failed {row.yes} of {row.due} ({of_100(row.if_failed)})"
    )


def half_words(relief: ReliefTime) -> str:
    """When half had lost the relief that they had at first."""
    curve = relief.curve
    if curve is None:
        return (
            f"Too few for a curve: {relief.at_first} had relief at first, {relief.lost} of them were seen to lose it."
        )
    if curve.half is None:
        return f"Half have not been seen to lose it by day {curve.ends}, the last with enough people followed."
    low, high = curve.half_limits
    limits = f"day {low}" if low is not None else "not seen"
    limits = f"{limits} to {f'day {high}' if high is not None else 'later than was followed'}"
    return f"Half have lost it between day {curve.half[0]} and day {curve.half[1]} (95 % limits {limits})."


def month_words(row: Followed) -> str:
    """`6 months: 62 still followed; 63 of 100 still relieved (48 to 77)`."""
    name = "at first" if row.month == 0 else f"{row.month} month{'s' if row.month != 1 else ''}"
    text = f"{name}: {row.followed} still followed"
    if row.month == 0 or row.step is None:
        return text if row.month == 0 else f"{text}; too few for a share"
    text += f"; {whole(row.step.share)} of 100 still relieved ({whole(row.step.low)} to {whole(row.step.high)})"
    if row.with_ends is not None:
        text += f", {whole(row.with_ends)} if each repeat, rescue or surgery was a loss"
    return text


def harm_words(found: Complications) -> list[str]:
    """Asked, not asked and not yet, apart; with none seen, how many it could be."""
    told = []
    if found.asked:
        text = f"Asked for after {found.asked}: serious {found.serious} of {found.asked}"
        if found.serious_share is None:
            text += " (too few for a rate)"
        elif found.serious == 0:
            text += f"; could be up to {up_to(found.serious_share.high)}"
        else:
            text += f" ({up_to(found.serious_share.low, down=True)} to {up_to(found.serious_share.high)})"
        text += f"; any {found.any} of {found.asked}"
        told.append(text + (f"; how severe is not recorded: {found.open}" if found.open else "") + ".")
    if found.not_asked:
        text = (
            f"Not known to have been asked for after {found.not_asked}: {found.any_not_asked} with an event on record"
        )
        told.append(f"{text}, {found.serious_not_asked} serious; no rate can be told of them.")
    if found.not_yet:
        told.append(f"Not due to be asked yet, or nobody can tell: {found.not_yet}.")
    kinds: Counter[tuple[str, str]] = Counter()
    for row in found.events:
        how = codes.label("ascertainments", row.found) if row.found is not None else "not recorded how it was found"
        kinds[codes.title(row.kind), how if row.asked is not False else f"{how}, not all were asked"] += row.count
    told += [f"{kind}: {count} ({how})." for (kind, how), count in sorted(kinds.items())]
    return told


def up_to(share: float, *, down: bool = False) -> str:
    """A rare share in the smallest of 100, 1,000 and 10,000 of which it is at least 1: up, or down."""
    for size in (100, 1000, 10_000):
        if share * size >= 1 or size == 10_000:
            count = floor(share * size) if down else ceil(share * size - 1e-9)
            return f"{count} of {size:,}"
    raise AssertionError("the sizes end in one that is taken")


def days_words(first: date | None, last: date | None) -> str:
    """`1 Jan 2024 to 30 Jun 2025`."""
    if first is None or last is None:
        return "no day"
    return day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"
