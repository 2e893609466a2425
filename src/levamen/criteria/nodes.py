"""Everything a criterion can say: a closed set of node kinds, frozen, hashable, comparable.

Three families. *Truths* are met, not_met, unknown or ambiguous. *Quantities* are intervals of numbers or of time.
*Selections* pick facts. A truth inside a selection speaks of the fact at hand (`it`); everywhere `subject` is the
request that is judged. Adding a node kind is a decision (docs/adr), with its meaning in `reference`, its sentence
in `english`, its form in `serial` and its place in the generated tests.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from levamen.record.timeline import Duration

Mark = Literal["primary", "secondary", "adopted", "unverified"]
MARKS: tuple[Mark, ...] = ("primary", "secondary", "adopted", "unverified")
"""From strongest to weakest as a reader should take them; only `unverified` never permits."""

Operator = Literal[">=", ">", "<=", "<", "=="]
Remedy = Literal["time", "action", "none"]
Owner = Literal["it", "subject", "person", "payer"]


class Cite(Struct, frozen=True):
    """Where a value or rule stands in a source, and how well that is known."""

    source: str
    locator: str
    mark: Mark


class Limit(Struct, frozen=True):
    """One reading of a threshold: the comparison and its amount. `value` is the id of the knowledge value."""

    value: str
    operator: Operator
    amount: Decimal | Duration
    cite: Cite

    @property
    def length(self) -> Duration:
        """The amount as a length of time. Raises TypeError where it is a number; the checker refuses such a tree."""
        if isinstance(self.amount, Duration):
            return self.amount
        raise TypeError(f"'{self.value}' is the number {self.amount}, not a length of time")

    @property
    def number(self) -> Decimal:
        """The amount as a number. Raises TypeError where it is a length of time."""
        if isinstance(self.amount, Decimal):
            return self.amount
        raise TypeError(f"'{self.value}' is the length of time {self.amount}, not a number")


class Choice(Struct, frozen=True):
    """One reading of a set of words."""

    value: str
    words: frozenset[str]
    cite: Cite


class Grouping(Struct, frozen=True):
    """Words that a policy counts as the same (cervical and thoracic, for example)."""

    value: str
    groups: tuple[frozenset[str], ...]
    cite: Cite


class Field(Struct, frozen=True):
    """A field of the fact at hand, the request, the person or the payer. A dot reads inside (`attributes.treated`)."""

    of: Owner
    name: str


# ---------------------------------------------------------------- selections


class Window(Struct, frozen=True, tag=True):
    """The time in which facts count, ending on the service date.

    episode: since the index pain began. rolling: within the length before the service date; where no text defines the
    day of the anniversary, `edge` is "both" and that day is read both ways. calendar-year: since 1 January. anchored:
    in the current year counted from the first such fact. lifetime: ever.
    """

    kind: Literal["rolling", "anchored", "calendar-year", "episode", "lifetime"]
    length: Limit | None = None
    edge: Literal["both", "inside", "outside"] = "both"


class Facts(Struct, frozen=True, tag=True, dict=True):
    """The facts of one kind for which `where` is met, in a window.

    `closed_by` says what must be complete before "there is no other" may be concluded: the window if there is one;
    else "episode" (since the index pain began), "lifetime", "present" (the state now, as reviewed), or "recorded":
    only what is written down is looked at, where a statement on record must not be overruled and none need exist.
    Facts older at `as_of` than `max_age` are stale. `noun` is what the sentence calls them.
    """

    kind: str
    noun: str
    where: Truth | None = None
    window: Window | None = None
    closed_by: Literal["episode", "lifetime", "present", "recorded"] = "episode"
    max_age: Limit | None = None

    @cached_property
    def words_wanted(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The fields of the fact at hand that must hold one of some words for `where` to be met."""
        return tuple(
            (item.field.name, frozenset().union(*(choice.words for choice in item.choices)))
            for item in (self.where.items if isinstance(self.where, All) else (self.where,))
            if isinstance(item, Among) and item.field.of == "it" and "." not in item.field.name
        )


class Latest(Struct, frozen=True, tag=True):
    """The most recent of some facts; facts of the same day are equally the latest."""

    facts: Facts


class First(Struct, frozen=True, tag=True):
    """The earliest of some facts."""

    facts: Facts


class Only(Struct, frozen=True, tag=True):
    """The one fact there is of its kind (the index pain); where several could be it, each is considered."""

    facts: Facts


# ---------------------------------------------------------------- quantities


class Count(Struct, frozen=True, tag=True):
    """How many facts; by `day`, how many different days (sessions)."""

    facts: Facts
    per: Literal["fact", "day"] = "fact"


class Streak(Struct, frozen=True, tag=True):
    """How many of the most recent facts, counted back by day, all satisfy `that`."""

    facts: Facts
    that: Truth


class Accumulated(Struct, frozen=True, tag=True):
    """The days covered by some courses together, counted from the first; a day in two courses counts once."""

    facts: Facts


class Elapsed(Struct, frozen=True, tag=True):
    """Time from one date field to another, or to the service date where `until` is absent."""

    since: Field
    until: Field | None = None


class Number(Struct, frozen=True, tag=True):
    """A numeric field, or how many words a set-valued field holds."""

    field: Field


class Held(Struct, frozen=True, tag=True):
    """How long the gain of the procedure at hand stayed at or above a level, from the procedure on.

    `series` is "relief" (pain) or "function"; of an intrathecal trial also "ashworth" or "spasms", whose gain is a fall
    in points. See design 3.1, duration of relief. Against a limit in hours it is the time from the first to the last of
    the measurements in a row that show the gain.
    """

    series: Literal["relief", "function", "ashworth", "spasms"]
    level: Limit


# ---------------------------------------------------------------- truths


class All(Struct, frozen=True, tag=True):
    """And. Of nothing: met."""

    items: tuple[Truth, ...]


class Any(Struct, frozen=True, tag=True):
    """Or. Of nothing: not met."""

    items: tuple[Truth, ...]


class Not(Struct, frozen=True, tag=True):
    """Swaps met and not met; unknown and ambiguous stay."""

    item: Truth


class IfThen(Struct, frozen=True, tag=True):
    """If `condition`, then `then`; otherwise met. Only `then` can be remedied."""

    condition: Truth
    then: Truth


class Readings(Struct, frozen=True, tag=True):
    """Wordings of one thing that its texts do not reconcile: agreed, else undecided in any, else ambiguous."""

    items: tuple[Truth, ...]


class Compare(Struct, frozen=True, tag=True):
    """A quantity against a limit, under every reading of the limit that the source allows."""

    quantity: Quantity
    limits: tuple[Limit, ...]
    remedy: Remedy | None = None


class Among(Struct, frozen=True, tag=True):
    """Whether a word (or any, or all, of a set of words) belongs to a set, under every reading of the set."""

    field: Field
    choices: tuple[Choice, ...]
    how: Literal["any", "all"] = "any"
    remedy: Remedy | None = None


class Same(Struct, frozen=True, tag=True):
    """How a field of the fact at hand stands to the same field of the request.

    equal; covers (the fact's target contains the request's); overlaps; with `grouping`, equal up to the policy's
    groups.
    A side `both` covers left and right. `theirs` names the field of the fact where it is another one (the interspaces
    of a fusion against the joints of a request).
    """

    name: str
    how: Literal["equal", "covers", "overlaps"]
    grouping: Grouping | None = None
    remedy: Remedy | None = None
    theirs: str | None = None


class Stated(Struct, frozen=True, tag=True):
    """A yes-or-no field of the fact at hand or the request says yes."""

    field: Field
    remedy: Remedy | None = None


class Exists(Struct, frozen=True, tag=True):
    """There is at least one such fact."""

    facts: Facts
    remedy: Remedy | None = None


class The(Struct, frozen=True, tag=True):
    """What is said of one picked fact. With no such fact, not met if the record is complete, else unknown."""

    pick: Latest | First | Only
    that: Truth
    remedy: Remedy | None = None


class EachTarget(Struct, frozen=True, tag=True):
    """Said of each side and joint (or other named level) of the request by itself."""

    that: Truth


class Answered(Struct, frozen=True, tag=True):
    """The patient was asked the question and the latest answer, not older than `max_age`, is `answer`."""

    question: str
    answer: Literal["yes", "no"]
    max_age: Limit | None = None
    remedy: Remedy | None = None


class Judged(Struct, frozen=True, tag=True):
    """A clinician recorded a judgement on this criterion: the source asks for one and gives no number."""

    policy: str
    criterion: str
    says: str
    cite: Cite
    remedy: Remedy | None = None


Truth: TypeAlias = (
    All
    | Any
    | Not
    | IfThen
    | Readings
    | Compare
    | Among
    | Same
    | Stated
    | Exists
    | The
    | EachTarget
    | Answered
    | Judged
)
Quantity: TypeAlias = Count | Streak | Accumulated | Elapsed | Number | Held
Selection: TypeAlias = Facts | Latest | First | Only | Window
Node: TypeAlias = Truth | Quantity | Selection

TRUTHS: tuple[type, ...] = (
    All,
    Any,
    Not,
    IfThen,
    Readings,
    Compare,
    Among,
    Same,
    Stated,
    Exists,
    The,
    EachTarget,
    Answered,
    Judged,
)
QUANTITIES: tuple[type, ...] = (Count, Streak, Accumulated, Elapsed, Number, Held)
SELECTIONS: tuple[type, ...] = (Facts, Latest, First, Only, Window)
NODE_KINDS: tuple[type, ...] = TRUTHS + QUANTITIES + SELECTIONS


class Need(Struct, frozen=True, kw_only=True):
    """Something that would help (a therapy, a score, a document). `what` is an id of the vocabulary or plain words."""

    kind: str
    what: str
    therapy: str | None = None


class Criterion(Struct, frozen=True, kw_only=True):
    """One numbered statement of a policy. `id` is unique in its policy and never reused.

    `also` are further places that say the same; they never weaken the mark. `remedy` is what can be done about it
    when it is not met and time alone does not help; leaves may say otherwise. `interpretation` tells how we read a
    text that is silent or unclear. `rests_on_unverified` says that some value or sentence in it is unverified: the
    builder sets it, the checker holds it against the tree.
    """

    id: str
    says: Truth
    cites: tuple[Cite, ...]
    remedy: Remedy
    also: tuple[Cite, ...] = ()
    needs: tuple[Need, ...] = ()
    interpretation: str | None = None
    rests_on_unverified: bool = False


def parts(node: object) -> tuple[object, ...]:
    """The nodes, limits, choices and groupings directly inside a node, in their order."""
    found: list[object] = []
    for name in getattr(node, "__struct_fields__", ()):
        value = getattr(node, name)
        if isinstance(value, tuple):
            found.extend(item for item in value if isinstance(item, Struct))
        elif isinstance(value, Struct):
            found.append(value)
    return tuple(found)


def walk(node: object) -> tuple[object, ...]:
    """A node and everything inside it, outermost first."""
    found = [node]
    for part in parts(node):
        found.extend(walk(part))
    return tuple(found)


_CITES: dict[int, tuple[object, tuple[Cite, ...]]] = {}
_CITES_AT_MOST = 50_000


def cites_in(truth: object) -> tuple[Cite, ...]:
    """Every citation inside a tree, without repetition. Found once: trees are built once and kept."""
    known = _CITES.get(id(truth))
    if known is not None and known[0] is truth:
        return known[1]
    if len(_CITES) >= _CITES_AT_MOST:
        _CITES.clear()
    found = tuple(dict.fromkeys(part for part in walk(truth) if isinstance(part, Cite)))
    _CITES[id(truth)] = (truth, found)
    return found


def cites_of(criterion: Criterion) -> tuple[Cite, ...]:
    """Every citation that decides a criterion: its own and those of its values, without repetition."""
    return tuple(dict.fromkeys((*criterion.cites, *cites_in(criterion.says))))


def weakest(marks: tuple[Mark, ...]) -> Mark:
    """The weakest of some marks; primary if there is none."""
    return max(marks, key=MARKS.index, default="primary")
