"""The things of a flag as truths of the criteria language. They only build nodes; every value comes in from the file.

A sign has three answers: present, looked for and absent, not recorded. Not recorded is unknown until the question that
asks for it was answered with no. Any sign recorded as present counts, whatever else was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from levamen.criteria.build import it_is
from levamen.criteria.nodes import (
    All,
    Among,
    Answered,
    Any,
    Choice,
    Compare,
    Elapsed,
    Exists,
    Facts,
    Field,
    Limit,
    Not,
    Number,
    Quantity,
    Stated,
    Truth,
)
from levamen.knowledge.loader import Reader
from levamen.knowledge.model import Values
from levamen.record import codes

_HERE = Field("it", "present")
THING = {
    "findings", "recent", "number", "falling", "after_puncture", "ways",
    "problems", "ever", "sides",
    "regions", "patterns", "unless_elsewhere",
    "onset_age", "lasted",
    "age", "instrument", "topic", "score", "question", "says",
}  # fmt: skip
"""The keys of a thing in a flag's file."""


def thing(row: Reader, v: Values, view: str) -> Truth:
    """The truth of one thing. Whatever it names counts alone: a finding, a problem, an age, a score, an answer."""
    ways: list[Truth] = []
    denials: list[Truth] = []
    rests: list[Truth] = []
    for yes, no, rest in (*_signs(row, v, view), *_measured(row, v), *_asked(row, v)):
        ways.append(yes)
        denials.append(no)
        rests.append(rest)
    if row.flag("ways") and ways:
        # Several ways of asking one thing: a no to one of them is a no, unless another says yes.
        ways = [Any((*ways, All((Not(Any(tuple(denials))), rests[0]))))]
    else:
        ways = [Any((yes, All((Not(no), rest)))) for yes, no, rest in zip(ways, denials, rests, strict=True)]
    ways += [*_problems(row, v), *_pains(row, v), *_age(row, v)]
    if not ways:
        raise row.fail("names nothing to look for; give findings, problems, sites, an age, a score or a question")
    return ways[0] if len(ways) == 1 else Any(tuple(ways))


def _signs(row: Reader, v: Values, view: str) -> Iterable[tuple[Truth, Truth, Truth]]:
    """Each finding: that it is present as asked, that it was absent, and what is known where it is neither."""
    name = row.text("findings")
    if name is None:
        return
    more: list[Truth] = []
    if (recent := row.text("recent")) is not None:
        more.append(under_any(Elapsed(Field("it", "counted")), v.limits(recent)))
    if (number := row.text("number")) is not None:
        more.append(under_any(Number(Field("it", "value")), v.limits(number)))
    if row.flag("falling"):
        more.append(Stated(Field("it", "falling")))
    if (after := row.text("after_puncture")) is not None:
        more += [
            Stated(Field("it", "after_procedure")),
            under_any(Elapsed(Field("it", "procedure"), Field("it", "date")), v.limits(after)),
        ]
    for concept, choices in _one_by_one(v, name):
        noun, this = codes.label("findings", concept), it_is("concept", choices)
        here = All((this, Stated(_HERE), *more))
        yield (
            Exists(Facts(view, noun, here, closed_by="recorded")),
            Exists(Facts(view, noun, All((this, Not(Stated(_HERE)))), closed_by="recorded")),
            Exists(Facts(view, noun, here, closed_by="present")),
        )


def _one_by_one(v: Values, name: str) -> Iterable[tuple[str, tuple[Choice, ...]]]:
    """The words of a set, each by itself under every reading that has it."""
    readings = v.choices(name)
    for word in sorted(frozenset().union(*(choice.words for choice in readings))):
        yield (
            word,
            tuple(Choice(c.value, frozenset({word}), c.cite) for c in readings if word in c.words),
        )


def _measured(row: Reader, v: Values) -> Iterable[tuple[Truth, Truth, Truth]]:
    """A number of an instrument against its cut-off."""
    instrument, cut = row.text("instrument"), row.text("score")
    if instrument is None or cut is None:
        return
    topic = row.text("topic") or "total"
    limits = v.limits(cut)
    which = (
        Among(Field("it", "instrument"), (Choice(cut, frozenset({instrument}), limits[0].cite),)),
        Among(Field("it", "topic"), (Choice(cut, frozenset({topic}), limits[0].cite),)),
    )
    reached = under_any(Number(Field("it", "value")), limits)
    noun = f"{instrument} ({topic})"
    yield (
        Exists(Facts("measured", noun, All((*which, reached)), closed_by="recorded")),
        Exists(Facts("measured", noun, All((*which, Not(reached))), closed_by="recorded")),
        Exists(Facts("measured", noun, All((*which, reached)), closed_by="present")),
    )


def _asked(row: Reader, v: Values) -> Iterable[tuple[Truth, Truth, Truth]]:
    """The latest answer to a question of the vocabulary; one that was not asked says nothing."""
    name = row.text("question")
    if name is None:
        return
    this = it_is("concept", v.choices(name))
    (question,) = sorted(v.choices(name)[0].words)
    yield (
        Exists(Facts("answers", f"yes to {question}", All((this, Stated(_HERE))), closed_by="recorded")),
        Exists(Facts("answers", f"no to {question}", All((this, Not(Stated(_HERE)))), closed_by="recorded")),
        Answered(question, "yes"),
    )


def _problems(row: Reader, v: Values) -> Iterable[Truth]:
    """A problem on record; whether there is another is asked by its sign."""
    name = row.text("problems")
    if name is None:
        return
    where: list[Truth] = [it_is("concept", v.choices(name))]
    if (sides := row.text("sides")) is not None:
        where.append(it_is("side", v.choices(sides)))
    kind = "problem-history" if row.flag("ever") else "problems"
    yield Exists(Facts(kind, "such problem", All(tuple(where)), closed_by="recorded"))


def _pains(row: Reader, v: Values) -> Iterable[Truth]:
    """A pain on record. `unless_elsewhere`: met unless every pain on record is surely in another region."""
    where: list[Truth] = []
    if (regions := row.text("regions")) is not None:
        where.append(it_is("region", v.choices(regions)))
    if (patterns := row.text("patterns")) is not None:
        where.append(it_is("pattern", v.choices(patterns)))
    if (onset := row.text("onset_age")) is not None:
        where.append(under_any(Elapsed(Field("person", "birth_date"), Field("it", "since")), v.limits(onset)))
    if (lasted := row.text("lasted")) is not None:
        where.append(under_any(Elapsed(Field("it", "since")), v.limits(lasted)))
    if not where:
        return
    such = Exists(Facts("pain", "such pain", All(tuple(where)), closed_by="recorded"))
    if not row.flag("unless_elsewhere"):
        yield such
        return
    somewhere = Exists(Facts("pain", "pain", closed_by="recorded"))
    unplaced = Exists(Facts("unplaced-pain", "pain without a place", closed_by="recorded"))
    yield Any((such, unplaced, Not(somewhere)))


def _age(row: Reader, v: Values) -> Iterable[Truth]:
    if (age := row.text("age")) is not None:
        yield under_any(Elapsed(Field("person", "birth_date")), v.limits(age))


def under_any(quantity: Quantity, limits: tuple[Limit, ...]) -> Truth:
    """Within a limit under any of its readings: a flag that one text fires, fires."""
    every = tuple(Compare(quantity, (limit,)) for limit in limits)
    return every[0] if len(every) == 1 else Any(every)


def at_least(limits: tuple[Limit, ...], of: Sequence[Truth]) -> Truth:
    """At least so many of them, exact where some are unknown. The limit is a count, `>=`, in one reading."""
    (limit,) = limits
    size = int(limit.number)
    every = tuple(All(chosen) if size > 1 else chosen[0] for chosen in combinations(of, size))
    return every[0] if len(every) == 1 else Any(every)
