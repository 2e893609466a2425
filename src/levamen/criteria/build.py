"""Short names for what rules say again and again. They only build nodes; every amount comes in as an argument."""

from __future__ import annotations

from levamen.criteria.nodes import (
    All,
    Among,
    Choice,
    Compare,
    Count,
    Elapsed,
    Exists,
    Facts,
    Field,
    Grouping,
    Held,
    IfThen,
    Latest,
    Limit,
    Not,
    Number,
    Only,
    Remedy,
    Same,
    Stated,
    The,
    Truth,
    Window,
)


def it_is(name: str, choices: tuple[Choice, ...], remedy: Remedy | None = None) -> Among:
    """The field of the fact at hand is one of the words (or holds any of them)."""
    return Among(Field("it", name), choices, remedy=remedy)


def asked_is(name: str, choices: tuple[Choice, ...], remedy: Remedy | None = "none") -> Among:
    """The field of the request is one of the words. What a request itself fails has, as a rule, no remedy."""
    return Among(Field("subject", name), choices, remedy=remedy)


def pain(that: Truth) -> The:
    """Said of the index pain."""
    return The(Only(Facts("index-pain", "index pain")), that)


def pain_lasted(limits: tuple[Limit, ...]) -> The:
    """The index pain began at least so long before the service date."""
    return pain(Compare(Elapsed(Field("it", "since")), limits))


def procedures(noun: str, *where: Truth, window: Window | None = None, lifetime: bool = False) -> Facts:
    """Procedures done, each condition met."""
    return Facts("procedures", noun, All(where), window, "lifetime" if lifetime else "episode")


def rolling(length: tuple[Limit, ...]) -> Window:
    """A rolling window of the policy's length; the day of the anniversary is read both ways."""
    return Window("rolling", length[0])


SINCE_THIS_PAIN = Window("episode")
"""Only what happened since the index pain began."""


def same_region(grouping: Grouping) -> Same:
    """In the region of the request, as the policy groups regions."""
    return Same("region", "equal", grouping)


def same_target(level: str = "joints") -> All:
    """On the side and at the level of the request."""
    return All((Same("side", "covers"), Same(level, "covers")))


def sessions(facts: Facts, limits: tuple[Limit, ...], remedy: Remedy | None = None) -> Compare:
    """A number of sessions: facts of one day are one session."""
    return Compare(Count(facts, "day"), limits, remedy)


def latest(facts: Facts, that: Truth, remedy: Remedy | None = None) -> The:
    """Said of the most recent."""
    return The(Latest(facts), that, remedy)


def since_then(limits: tuple[Limit, ...]) -> Compare:
    """So long before the service date began the fact at hand."""
    return Compare(Elapsed(Field("it", "start")), limits)


def relief_at_best(limits: tuple[Limit, ...], remedy: Remedy | None = None) -> Compare:
    """The best relief measured after a block, in per cent."""
    return Compare(Number(Field("it", "best_relief")), limits, remedy)


def relief_held(level: tuple[Limit, ...], length: tuple[Limit, ...], remedy: Remedy | None = None) -> Compare:
    """Relief at or above the level for the length of time."""
    return Compare(Held("relief", level[0]), length, remedy)


def function_held(level: tuple[Limit, ...], length: tuple[Limit, ...], remedy: Remedy | None = None) -> Compare:
    """Function gained at or above the level for the length of time."""
    return Compare(Held("function", level[0]), length, remedy)


def no_more(facts: Facts) -> Not:
    """There is no such fact."""
    return Not(Exists(facts))


def finding(noun: str, concepts: tuple[Choice, ...], *where: Truth, remedy: Remedy | None = None) -> The:
    """The most recent such finding was present; `remedy` where it was looked for and absent."""
    return The(
        Latest(Facts("findings", noun, All((it_is("concept", concepts), *where)), closed_by="present")),
        Stated(Field("it", "present"), remedy=remedy),
    )


def problem(noun: str, concepts: tuple[Choice, ...], *where: Truth) -> Exists:
    """There is such a problem now."""
    return Exists(Facts("problems", noun, All((it_is("concept", concepts), *where)), closed_by="present"))


def any_present(noun: str, concepts: tuple[Choice, ...], *where: Truth) -> All:
    """At least one such finding is present, whatever was absent elsewhere; no remedy where one was sought in vain."""
    named, present = it_is("concept", concepts), Stated(Field("it", "present"))
    there = Facts("findings", noun, All((named, present, *where)), closed_by="present")
    absent = Facts(
        "findings", f"{noun} looked for and absent", All((named, Not(present), *where)), closed_by="recorded"
    )
    return All((IfThen(Exists(absent), Exists(there, remedy="none")), Exists(there)))
