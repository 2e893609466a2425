"""One option opened: who says so, on which criteria, with what benefit and harm; each number with its source."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.utils.safestring import SafeString
from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.emit.pages.therapy import amount_words
from levamen.emit.view import CriterionView, Place, Sources, criterion_views, document_words, need_words, place
from levamen.emit.words import MARK_WORDS, capital, dates_in_words, mark_words, verdict_details, verdict_word
from levamen.knowledge.sourced import NO_SOURCE, Statement
from levamen.knowledge.therapies import packaged_therapies
from levamen.knowledge.therapies.rows import Amount, Benefit, Risk, Therapy
from levamen.pathway.answers import PolicyAnswer, Question
from levamen.pathway.headline import DISSENT, short, target_words
from levamen.record import codes
from levamen.record.facts import Record
from options.board import governing, lead_of, missing_words
from options.icons100 import hundred

_LEAST_DRAWN = 1
"""Risks under one in a hundred are told in words: a picture of one person in a hundred misleads."""


class Authority(Struct, frozen=True, kw_only=True):
    """One authority in the list: what it says, in its own line."""

    id: str
    title: str
    about: str
    word: str
    says: str
    details: str
    needs: tuple[str, ...]
    awaits: str
    group: str


class Read(Struct, frozen=True, kw_only=True):
    """A fact that a criterion read: in words, and where it stands in the record."""

    words: str
    section: str = ""
    key: str = ""


class Criterion(Struct, frozen=True, kw_only=True):
    """One criterion in words with the facts that it read."""

    view: CriterionView
    reads: tuple[Read, ...]
    word: str


class Figure(Struct, frozen=True, kw_only=True):
    """One measured benefit or harm. `picture` only where it is a share of people, and not too small to draw.

    `drawn`: how many of a hundred the picture shows, where that is rounded.
    """

    says: str
    number: str
    compared: str
    who: str
    how: str
    places: tuple[Place, ...]
    picture: SafeString | None = None
    drawn: int | None = None
    serious: bool = False


class Described(Struct, frozen=True, kw_only=True):
    """A therapy as the catalogue knows it: first what is a share of people. `unrated` are harms without a number."""

    plain: str
    benefits: tuple[Figure, ...]
    risks: tuple[Figure, ...]
    unrated: tuple[Figure, ...]
    bars: tuple[tuple[str, tuple[Place, ...]], ...]
    statements: Mapping[str, tuple[tuple[str, tuple[Place, ...]], ...]]


def asks(question: Question) -> str:
    """The question in full: `May we do a medial branch block L4-5, left?`"""
    return f"May we do this, here, on {_day(question)}: {target_words(question.request)}?"


def _day(question: Question) -> str:
    return dates_in_words(question.on.isoformat())


def answered(question: Question, leading: Collection[str]) -> str:
    """The verdict in a sentence, before everything else."""
    lead = lead_of(question, leading)
    if lead is None:
        return "No governing policy says anything of it."
    return f"{verdict_word(lead)} under {short(lead.title)}."


def differ(question: Question) -> tuple[int, int]:
    """How many different answers there are, from how many authorities that say something."""
    speaking = [row for row in question.policies if row.verdict not in ("silent", "informs")]
    return len({row.verdict for row in speaking}), len(speaking)


def authorities(question: Question, leading: Collection[str]) -> tuple[Authority, ...]:
    """Those that govern first, then by stance, against before met; those that say nothing last."""
    payer, guideline = governing(question, leading)
    first = [*payer, *guideline]
    rest = [row for row in question.policies if row not in first]
    told = [row for row in rest if row.verdict != "silent"]
    silent = [row for row in rest if row.verdict == "silent"]
    return (
        *(_authority(row, "governing") for row in first),
        *(_authority(row, "asked") for row in sorted(told, key=lambda row: (DISSENT.index(row.verdict), row.title))),
        *(_authority(row, "silent") for row in silent),
    )


def _authority(row: PolicyAnswer, group: str) -> Authority:
    before, _, after = row.title.partition(": ")
    about = [part for part in (after, document_words(row) or "") if part]
    return Authority(
        id=row.policy, title=before, about=" · ".join(about), word=row.verdict, says=verdict_word(row),
        details=verdict_details(row), needs=need_words(row), awaits=mark_words(row) or "", group=group,
    )  # fmt: skip


def chosen(question: Question, id: str, leading: Collection[str]) -> PolicyAnswer | None:
    """The authority whose criteria are shown: the one asked for, else what leads, else the first that speaks."""
    named = question.under(id) if id else None
    if named is not None:
        return named
    lead = lead_of(question, leading)
    if lead is not None:
        return lead
    speaking = [row for row in question.policies if row.verdict != "silent"]
    return next(iter(speaking or question.policies), None)


def criteria(answer: PolicyAnswer, record: Record, sources: Sources) -> tuple[Criterion, ...]:
    """The criteria of an authority with the facts they read."""
    where = {fact.id: fact.section for fact in record.facts}
    read = {row.id: row.outcome.all_read() for row in answer.criteria}
    return tuple(
        Criterion(
            view=view,
            reads=tuple(
                Read(words=words, section=where.get(id, ""), key=id)
                for words, id in zip(view.read, read[view.id], strict=True)
            ),
            word=_CHIPS[view.sign],
        )
        for view in criterion_views(answer, record, sources)
    )


_CHIPS = {
    "met": "met", "not_met": "not_met", "not_yet": "not_yet", "unknown": "unknown", "ambiguous": "ambiguous",
    "not_covered": "not_covered", "against": "against", "silent": "silent",
}  # fmt: skip


def counted(rows: tuple[Criterion, ...]) -> str:
    """`2 not met, 1 with two readings, 4 met`."""
    words = [(row.view.word, row.view.telling) for row in rows]
    found: dict[str, int] = {}
    for word, _ in sorted(words, key=lambda row: not row[1]):
        found[word] = found.get(word, 0) + 1
    told = {"Applies": "apply", "Does not apply": "do not apply"}
    return ", ".join(
        f"{number} {told.get(word, word.lower()) if number > 1 else word.lower()}" for word, number in found.items()
    )


def settles(answer: PolicyAnswer) -> tuple[str, ...]:
    """What is missing, and would settle it."""
    rows = answer.needed_together or answer.would_refuse
    return tuple(dict.fromkeys(missing_words(row.what) for row in rows))


def described(therapy: str | None, sources: Sources) -> Described | None:
    """What the catalogue says of a therapy."""
    held = packaged_therapies().get(therapy or "")
    return _described(held, sources) if held is not None else None


def _described(held: Therapy, sources: Sources) -> Described:
    serious = sorted(held.risks, key=lambda row: not row.serious)
    return Described(
        plain=held.plain,
        benefits=tuple(
            _benefit(row, sources) for row in sorted(held.benefits, key=lambda row: share(row.treated) is None)
        ),
        risks=tuple(_risk(row, sources) for row in serious if row.rate is not None),
        unrated=tuple(_risk(row, sources) for row in serious if row.rate is None),
        bars=tuple((row.says, _places(row.cites, sources)) for row in held.contraindications),
        statements={
            name: tuple(
                (row.says, _places(row.cites, sources)) for row in _for_clinicians(held.statements.get(name, ()))
            )
            for name in ("onset", "duration", "course", "alternatives", "preparation", "aftercare")
        },
    )


def _for_clinicians(rows: tuple[Statement, ...]) -> tuple[Statement, ...]:
    found = tuple(row for row in rows if row.audience == "clinician")
    return found or rows


def _benefit(row: Benefit, sources: Sources) -> Figure:
    compared = row.compared_with or "no comparison group"
    if row.comparison is not None:
        compared = f"{amount_words(row.comparison)} with {row.compared_with}"
    elif row.compared_with is not None:
        compared = f"compared with {row.compared_with}"
    return Figure(
        says=row.outcome, number=amount_words(row.treated), compared=compared,
        who=f"{row.who}; {row.at or 'time not stated'}",
        how=f"{row.design}; certainty: {row.certainty or 'not stated'}",
        places=_places(row.cites, sources), picture=_picture(row.treated, harm=False),
        drawn=_rounded(row.treated),
    )  # fmt: skip


def _risk(row: Risk, sources: Sources) -> Figure:
    return Figure(
        says=row.says,
        number=amount_words(row.rate) if row.rate is not None else "No rate with a denominator in our sources",
        compared="", who=f"looked for: {row.window}" if row.window else "", how="", serious=row.serious,
        places=_places(row.cites, sources), picture=_picture(row.rate, harm=True) if row.rate is not None else None,
        drawn=_rounded(row.rate) if row.rate is not None else None,
    )  # fmt: skip


def share(amount: Amount) -> Decimal | None:
    """The share of a hundred people, where the amount is one."""
    if amount.percent is not None:
        return amount.percent
    if amount.count is not None and amount.of:
        return Decimal(amount.count) * 100 / Decimal(amount.of)
    return None


def _picture(amount: Amount, *, harm: bool) -> SafeString | None:
    found = share(amount)
    if found is None or not _LEAST_DRAWN <= found <= 100:
        return None
    return hundred(int(found.to_integral_value()), harm=harm)


def _rounded(amount: Amount) -> int | None:
    found = share(amount)
    return None if found is None or found == found.to_integral_value() else int(found.to_integral_value())


def _places(cites: tuple[Cite, ...], sources: Sources) -> tuple[Place, ...]:
    return tuple(
        place(cite, sources)
        if cite.source != NO_SOURCE
        else Place(source=NO_SOURCE, title="No source found", locator="", mark=MARK_WORDS["unverified"])
        for cite in cites
    )


def therapy_title(id: str) -> str:
    """The name of a therapy; doing none of it is an option too."""
    if id == "none":
        return "None of these: wait and see"
    return capital(codes.title(id))
