"""A clinic's own results as a page: each procedure with its answer first, everything missing beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from levamen.criteria.nodes import Cite
from levamen.emit.results_words import (
    Asked,
    days_words,
    half_words,
    harm_words,
    headline,
    indication_words,
    level_words,
    members_words,
    month_words,
    procedure_words,
    visit_words,
    whole,
)
from levamen.emit.terminal import PLAIN, Look, plain_text
from levamen.emit.view import Sources, place, source_title
from levamen.emit.words import printable
from levamen.knowledge.registry import packaged
from levamen.outcomes.cohort import GroupResult, ProcedureResults, Responders, Results
from levamen.outcomes.funnel import Funnel, FunnelPoint
from levamen.pathway.headline import day_words
from levamen.record import codes

_SHOWN = ("natural-recovery", "regression", "time-to-loss", "shares", "rare", "funnel", "joined")


def page(found: Results, asked: Asked, sources: Sources | None = None, *, look: Look = PLAIN) -> str:
    """The page. `sources`: absent, the packaged ones."""
    return "\n".join(_Page(found, asked, packaged().sources if sources is None else sources, look).lines()) + "\n"


class _Page:
    """One page being written. Sources are numbered in the order in which they are cited."""

    def __init__(self, found: Results, asked: Asked, sources: Sources, look: Look) -> None:
        self.found, self.asked, self.sources, self.look = found, asked, sources, look
        self.numbers: dict[str, int] = {}

    def lines(self) -> Iterator[str]:
        found, asked = self.found, self.asked
        title = f"Our results, as known {day_words(found.as_of)}"
        yield title
        yield ("─" if self.look.unicode else "-") * min(len(title), self.look.width)
        days = days_words(found.first_day, found.last_day)
        yield from self.wrapped(
            f"{found.done} treatments in {asked.charts} charts, {days}; {found.answered} with an answer at some visit."
            if found.done
            else f"No treatment in {asked.charts} charts."
        )
        if asked.not_read:
            told = "chart could not be read and is" if asked.not_read == 1 else "charts could not be read and are"
            yield from self.wrapped(f"{asked.not_read} {told} not counted.")
        for why, count in sorted(asked.left_out.items()):
            yield from self.wrapped(f"Left out: {count} ({why}).", "  ")
        for one in found.procedures:
            yield from self.procedure(one)
        if found.done:
            yield from self.heading("What these numbers cannot say, and how they were made")
            for id in _SHOWN:
                says = found.tables.statements[id]
                yield from self.wrapped(f"{says.says} {self.cites(says.cites)}.", "  - ", "    ")
            for rule in found.tables.rules:
                yield from self.wrapped(f"Our rule: {rule.says} {self.cites(rule.cites)}.", "  - ", "    ")
        if self.numbers:
            yield from self.heading("Sources")
        for id, count in self.numbers.items():
            yield from self.wrapped(f"{id}: {source_title(id, self.sources)}", f"  [{count}] ".ljust(7), " " * 7)

    def procedure(self, one: ProcedureResults) -> Iterator[str]:
        names = [procedure_words(procedure) for procedure in one.members]
        name = names[0] if len(names) == 1 else f"Joined, too few of each: {'; '.join(names)}"
        yield from self.heading(name)
        tables = self.found.tables
        yield from self.wrapped(headline(one.whole, tables), "  ")
        yield from self.group(one.whole)
        if len(one.groups) > 1:
            yield from self.wrapped("By indication", "  ")
            for group in one.groups:
                label = members_words(group.members, within=len(one.members) == 1)
                yield from self.wrapped(
                    f"{label}: {group.done} done, {group.answered} with an answer. {headline(group, tables)}",
                    "    - ",
                    "      ",
                )
                yield from self.wrapped(half_words(group.relief), "      ")
        elif len(one.whole.members) > 1:
            yield from self.wrapped(members_words(one.whole.members, within=len(one.members) == 1), "  ", "    ")
        else:
            yield from self.wrapped(f"Indication: {indication_words(one.whole.members[0][1])}.", "  ")
        if one.operators is not None:
            yield from self.operators(one.operators, one.whole.first)

    def group(self, group: GroupResult) -> Iterator[str]:
        tables = self.found.tables
        yield from self.wrapped(f"{group.done} done; {group.answered} with an answer at some visit.", "  ")
        if group.low_baseline:
            text = f"{group.low_baseline} of {group.with_baseline} with a score before began below"
            floor_ = tables.response.floor
            yield from self.wrapped(f"{text} {floor_.amount} of 10: {self.cites(floor_.says.cites)}.", "  ", "    ")
        yield from self.table(group.responders)
        relief = group.relief
        yield from self.wrapped(
            f"How long relief lasts: {relief.at_first} had {level_words(relief.level, tables)} at their first answer,"
            f" {relief.never} had not, of {relief.unknown} it is not known. {half_words(relief)}",
            "  ",
            "    ",
        )
        for row in relief.months:
            yield from self.wrapped(f"{month_words(row)}.", "    ", "      ")
        if relief.ends:
            told = ", ".join(f"{codes.title(kind).lower()} {count}" for kind, count in relief.ends)
            yield from self.wrapped(f"The watch ended before a loss was seen: {told}.", "    ", "      ")
        if relief.curve is not None and not relief.curve.settled:
            yield from self.wrapped("The curve is close to the most likely one, and not worked out to the end.", "    ")
        yield from self.wrapped("Complications", "  ")
        for text in harm_words(group.complications) or ["Nothing is known."]:
            yield from self.wrapped(text, "    ", "      ")

    def table(self, rows: Sequence[Responders]) -> Iterator[str]:
        """A line for each visit and level: counts, then of 100 with what is missing left out, and counted as failed."""
        counts = f"{'due':>6}{'yes':>6}{'no':>6}{'missing':>9}{'ended':>7}"
        yield f"  {'':10}{'relief':>8}{counts}  of 100 answers, if missing failed"
        before = None
        for row in rows:
            percent = next(level.percent for level in self.found.tables.levels if level.says.id == row.level)
            rates = "no rate"
            if row.of_answers is not None and row.if_failed is not None:
                rates = ", ".join(
                    f"{whole(share.share)} ({whole(share.low)} to {whole(share.high)})"
                    for share in (row.of_answers, row.if_failed)
                )
                rates += "" if row.enough else "; we do not know yet"
            name = visit_words(row.visit) if row.visit != before else ""
            before = row.visit
            counts = f"{row.due:>6}{row.yes:>6}{row.no:>6}{row.missing:>9}{row.ended:>7}"
            yield f"  {name:<10}{f'{percent} %':>8}{counts}  {rates}"

    def operators(self, funnel: Funnel, first: Responders) -> Iterator[str]:
        tables = self.found.tables
        what = f"{level_words(first.level, tables)} at {visit_words(first.visit)}"
        yield from self.wrapped(
            f"Operators, {what}: all together {funnel.count} of {funnel.total}. No order of merit.", "  ", "    "
        )
        if self.asked.letters:
            yield from self.wrapped("Letters follow the alphabet of the names in the charts.", "    ")
        for point in funnel.points:
            yield from self.wrapped(self.point(point), "    ", "      ")
        if funnel.spread is not None and funnel.spread > 1:
            yield from self.wrapped(
                f"They differ {funnel.spread:.1f} times as much as chance alone would make them:"
                " the limits may be too narrow.",
                "    ",
                "      ",
            )

    def point(self, point: FunnelPoint) -> str:
        name = point.key or (f"{point.joined} joined" if point.joined > 1 else "Operator not recorded")
        limits = "; ".join(f"{float(row.level):g} % of chance {row.fewest} to {row.most}" for row in point.limits)
        look = f" Outside {float(max(point.outside)):g} %: look together." if point.outside else ""
        return f"{name}: {point.count} of {point.total} ({limits}).{look}"

    def heading(self, text: str) -> Iterator[str]:
        yield ""
        for line in self.wrapped(text):
            yield f"\x1b[1m{line}\x1b[0m" if self.look.colour else line

    def cites(self, found: Sequence[Cite]) -> str:
        told = []
        for cite in found:
            number = self.numbers.setdefault(cite.source, len(self.numbers) + 1)
            at = place(cite, self.sources)
            told.append(f"[{number}] {at.locator}{f', {at.mark}' if at.mark else ''}")
        return "; ".join(told)

    def wrapped(self, text: str, indent: str = "", following: str | None = None) -> Iterator[str]:
        yield from textwrap.wrap(
            plain_text(printable(text), self.look),
            self.look.width,
            initial_indent=indent,
            subsequent_indent=indent if following is None else following,
            break_on_hyphens=False,
        )
