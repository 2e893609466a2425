"""What red and yellow flags look at: warning signs as last looked for, problems, pains, and what was measured."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.situation import Seen
from levamen.derive.index_pain import region_of
from levamen.derive.scores import score
from levamen.derive.views import current_findings
from levamen.knowledge.checklists import packaged_checklists
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.knowledge.instruments.rows import Instrument, Item
from levamen.record.completeness import Completeness
from levamen.record.facts import Fact, Finding, Pain, Person, Problem, Procedure, Record, Score
from levamen.record.timeline import Interval, When, known_by
from levamen.text.tree import UnusableInput

BODY_MASS_INDEX = "body-mass-index"


class Sign(Struct, frozen=True, kw_only=True):
    """One finding as a warning sign.

    `counted` is its date again, the day from which its age is taken. `value` is its number (a muscle grade, minutes).
    `falling`: an earlier grade of the same muscles was higher. `procedure` is the start of the latest neuraxial
    procedure not after it; `after_procedure` says whether there is one on record.
    """

    id: str
    concept: str | None = None
    present: bool | None = None
    date: When | None = None
    counted: When | None = None
    recorded: When | None = None
    value: Decimal | None = None
    falling: bool = False
    procedure: When | None = None
    after_procedure: bool = False

    section: ClassVar[str] = "findings"

    @property
    def day(self) -> When | None:
        return self.date


class Measured(Struct, frozen=True, kw_only=True):
    """One number of an instrument, the latest there is: its score, or with a `topic` one of its items.

    `fact` is the id of the score it is of; `id` tells the numbers of one score apart. A `value` that is no exact number
    is an item that was not recorded beside the total it went into, or was left `blank`: it is in that
    range. `item` is its name on the form.
    """

    id: str
    fact: str
    instrument: str
    topic: str
    item: str | None = None
    value: Interval
    blank: bool = False
    date: When | None = None
    recorded: When | None = None

    section: ClassVar[str] = "scores"

    @property
    def day(self) -> When | None:
        return self.date


TOTAL = "total"

SIGN_VIEWS: Mapping[str, type] = {
    "warning-signs": Sign,
    "self-harm-signs": Sign,
    "yellow-signs": Sign,
    "problems": Problem,
    "problem-history": Problem,
    "pain": Pain,
    "unplaced-pain": Pain,
    "measured": Measured,
    "answers": Finding,
}
"""Every kind of fact that a flag can select, and the class of its facts."""


def signs(facts: Sequence[Fact], as_of: date) -> tuple[Seen, ...]:
    """The findings as last looked for, each with what else a flag asks of it."""
    findings = [fact for fact in facts if isinstance(fact, Finding)]
    punctures = [fact for fact in facts if isinstance(fact, Procedure) and _puncture(fact, as_of)]
    return tuple(Seen(_sign(row.fact, findings, punctures, as_of), row.certain) for row in current_findings(findings))


@cache
def neuraxial() -> frozenset[str]:
    """Therapies with a needle, catheter or lead in or at the epidural or intrathecal space (checklists: groups)."""
    return packaged_checklists().groups["neuraxial"]


def _puncture(fact: Procedure, as_of: date) -> bool:
    """A neuraxial procedure that was done or begun; one broken off had its needle in."""
    begun = fact.status in (None, "done", "aborted") and (fact.start is None or known_by(fact.start, as_of))
    return fact.therapy in neuraxial() and begun


def _sign(finding: Finding, findings: Iterable[Finding], punctures: Sequence[Procedure], as_of: date) -> Sign:
    until = finding.date.last if finding.date is not None else as_of
    starts = [fact.start for fact in punctures if fact.start is not None and fact.start.first <= until]
    value = grade(finding.value)
    return Sign(
        id=finding.id,
        concept=finding.concept,
        present=finding.present,
        date=finding.date,
        counted=finding.date,
        recorded=finding.recorded,
        value=value,
        falling=value is not None and any(_higher_before(other, finding, value) for other in findings),
        procedure=max(starts, key=lambda start: start.last, default=None),
        after_procedure=bool(starts) or any(fact.start is None for fact in punctures),
    )


_OF_FIVE = re.compile(r"([0-5])\s*/\s*5", re.ASCII)


def grade(value: Decimal | str | None) -> Decimal | None:
    """A number; `3/5` is 3. What says less (4-/5, "weak") is no number, and is asked about."""
    if isinstance(value, Decimal) or value is None:
        return value
    found = _OF_FIVE.fullmatch(value.strip())
    return Decimal(found[1]) if found else None


_SAME_MUSCLES = ("concept", "region", "side", "roots", "muscles", "joints", "interspaces")


def _higher_before(other: Finding, finding: Finding, value: Decimal) -> bool:
    """Whether an earlier grade of the same place was higher."""
    before = grade(other.value)
    if before is None or other.date is None or finding.date is None or not other.date.last < finding.date.first:
        return False
    return before > value and all(getattr(other, name) == getattr(finding, name) for name in _SAME_MUSCLES)


def problems(facts: Iterable[Fact], *, ever: bool = False) -> tuple[Seen, ...]:
    """Problems of now, or those there ever were; refuted and mistaken ones are out, provisional ones doubtful."""
    return tuple(
        Seen(fact, fact.verification != "provisional" and (ever or fact.status != "unknown"))
        for fact in facts
        if isinstance(fact, Problem)
        if fact.verification not in ("refuted", "entered-in-error")
        if ever or fact.status not in ("resolved", "remission")
    )


def pains(facts: Iterable[Fact]) -> tuple[Seen, ...]:
    """The pains that are not over, each with the region that its site is in."""
    return tuple(
        Seen(replace(fact, region=region_of(fact))) for fact in facts if isinstance(fact, Pain) and fact.until is None
    )


def measured(
    facts: Iterable[Fact], person: Person, as_of: date, denied: Mapping[str, date] | None = None
) -> tuple[Seen, ...]:
    """The latest number of each instrument and of each of its items, and the body-mass index.

    Of an item the latest form in which it was answered counts. What a total alone, or a blank on a form that was
    answered, leaves open stands beside it until a later answer, or the day in `denied` on which its topic was asked and
    denied.
    """
    rows: dict[tuple[str, str], list[Measured]] = {}
    for fact in facts:
        if isinstance(fact, Score) and fact.instrument in instrument_ids():
            for row in _numbers(fact, person):
                rows.setdefault((row.instrument, row.topic), []).append(row)
    found = [row for held in rows.values() for row in _latest(held) if not _settled(row, denied or {})]
    index = body_mass_index(person)
    if index is not None:
        found.append(
            Measured(
                id="person",
                fact="person",
                instrument=BODY_MASS_INDEX,
                topic=TOTAL,
                value=Interval(index, index),
                date=When.on(as_of),
            )
        )
    return tuple(Seen(row) for row in found)


def body_mass_index(person: Person) -> Fraction | None:
    """Kilograms by the square of metres, exact."""
    if person.weight_kg is None or not person.height_cm:
        return None
    return Fraction(person.weight_kg) / (Fraction(person.height_cm) / 100) ** 2


def _latest(rows: Sequence[Measured]) -> Iterable[Measured]:
    """Those that no later one replaces; one without a day stays, and one that is not known exactly replaces none."""
    exact = [row for row in rows if row.value.exact]
    for row in rows:
        if row.date is None or not any(o.date is not None and o.date.first > row.date.last for o in exact):
            yield row


def _settled(row: Measured, denied: Mapping[str, date]) -> bool:
    """Whether what a form leaves open was asked on the day of the form or later, and denied."""
    day = denied.get(row.topic)
    return not row.value.exact and row.date is not None and day is not None and day >= row.date.last


def _numbers(fact: Score, person: Person) -> Iterable[Measured]:
    """The score as stated, or of its answers where nothing is stated; then its subscales and items."""

    def row(
        topic: str, value: Fraction, high: Fraction | None = None, item: str | None = None, blank: bool = False
    ) -> Measured:
        return Measured(
            id=fact.id if topic == TOTAL else f"{fact.id} {topic}",
            fact=fact.id,
            instrument=fact.instrument or "",
            topic=topic,
            item=item,
            value=Interval(value, value if high is None else high),
            blank=blank,
            date=fact.date,
            recorded=fact.recorded,
        )

    of = instrument(fact.instrument or "")
    if fact.value is not None:
        yield row(TOTAL, Fraction(fact.value))
    for item, high, blank in _left_open(of, fact):
        yield row(item.topic or "", Fraction(item.low), high, item.name, blank)
    if not fact.answers:
        return
    for item, answer in zip(of.items, _heard(of, fact), strict=True):
        if item.topic is not None and answer is not None:
            yield row(item.topic, Fraction(answer), item=item.name)
    try:
        found = score(of, fact.answers, person.sex)
    except UnusableInput:  # the adapter has told of such answers; no sum is made of them
        return
    if fact.value is None and found.value is not None:
        yield row(TOTAL, found.value)
    for name, value in found.subscales.items():
        if value is not None:
            yield row(name, value)


def _heard(of: Instrument, fact: Score) -> tuple[Decimal | None, ...]:
    """The answers that the form has, by its items: none of a form with another number of answers, or without an order.

    One answer that the form does not have takes no other away: item 9 of 2 is heard whatever stands beside it.
    """
    if len(fact.answers) != len(of.items) or not of.ordered:
        return (None,) * len(of.items)
    pairs = zip(of.items, fact.answers, strict=True)
    return tuple(answer if answer is not None and item.takes(answer) else None for item, answer in pairs)


def _left_open(of: Instrument, fact: Score) -> Iterable[tuple[Item, Fraction, bool]]:
    """Items of their own topic that a sum, or the answers, do not tell: the most each can be, and whether it is blank.

    A sum of nought alone tells that every item is nought. A sum from gaps is scaled up, so a high one proves no answer,
    and one that the answers make up tells nothing of a blank: who passes over a question has not said no to it. A form
    on record with neither sum nor answer was done, and nothing of it is known: every such item is blank.
    """
    if of.scoring.kind != "sum" or any(item.own_points or item.low for item in of.items):
        return
    heard = _heard(of, fact)
    told = [answer for answer in heard if answer is not None]
    blank = bool(told) or fact.value is None
    rest = Fraction(fact.value) - sum(map(Fraction, told)) if fact.value is not None else None
    for item, answer in zip(of.items, heard, strict=True):
        if item.topic is None or answer is not None:
            continue
        most = Fraction(item.high)
        yield item, min(most, rest) if rest is not None and (rest > 0 or not told) else most, blank


def fresh_answer(
    record: Record, question: str, stated: Iterable[Completeness], as_of: date, last_day: date | None
) -> tuple[str, When] | None:
    """The latest answer to a question with its day; `last_day` is the earliest day that still counts."""
    given = [
        (entry.asked, entry.answer or "unknown")
        for entry in stated
        if entry.kind == question and entry.asked is not None and entry.asked.first <= as_of
    ]
    if not given:
        return None
    day = max(asked.first for asked, _ in given)
    latest = [(asked, answer) for asked, answer in given if asked.last >= day]
    answers = {answer for _, answer in latest}
    word = "yes" if "yes" in answers else answers.pop() if len(answers) == 1 else "unknown"
    asked = max((asked for asked, _ in latest), key=lambda asked: asked.first)
    if word != "yes" and last_day is not None and asked.first < last_day:
        return None
    return word, asked
