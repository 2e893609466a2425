"""When an epidural injection may be repeated: three good months, or one second attempt that differs from the first."""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    function_held,
    it_is,
    latest,
    procedures,
    relief_held,
    same_region,
    since_then,
)
from levamen.criteria.nodes import (
    All,
    Any,
    Compare,
    Count,
    Exists,
    Facts,
    Field,
    IfThen,
    Not,
    Number,
    Readings,
    Same,
    Stated,
    Truth,
)
from levamen.knowledge.model import Values

INJECTION, ROOT_BLOCK = "epidural-steroid-injection", "selective-nerve-root-block"
NEVER = Any(())
"""What a text that does not name it makes of it."""


def earlier(v: Values) -> Facts:
    """Treatments in the region since this pain began: epidural injections, and root blocks meant as treatment."""
    as_treatment = it_is("purpose", v.words("repeat-relief", "therapeutic"))
    root_block = All((it_is("therapy", v.words("repeat-relief", ROOT_BLOCK)), as_treatment))
    return procedures(
        "epidural injection in the region",
        Any((it_is("therapy", v.words("repeat-relief", INJECTION)), root_block)),
        same_region(v.grouping("regions")),
        window=SINCE_THIS_PAIN,
    )


def injection_repeat(v: Values) -> Truth:
    """After an earlier injection: three good months, or a second attempt that is not the first one again."""
    approach = Not(Same("approach", "equal"))
    level = Any((
        All((asked_is("approach", v.words("exception-steroids", "transforaminal")), level_changed("foramina"))),
        All((asked_is("approach", v.words("exception-steroids", "interlaminar")), level_changed("interspaces"))),
    ))  # fmt: skip
    return IfThen(
        Exists(earlier(v)), Any((sustained(v), second_attempt(v, Any((approach, steroid_changed(v))), level)))
    )


def root_repeat(v: Values) -> Truth:
    """As for an injection; whether it binds a diagnostic block is open."""
    attempt = second_attempt(v, steroid_changed(v), level_changed("roots"))
    return Any((IfThen(Exists(earlier(v)), Any((sustained(v), attempt))), stands_apart(v)))


def sustained(v: Values) -> Truth:
    """Half the pain, the function or both, for three months after the previous injection."""
    level, length = v.limits("repeat-relief"), v.limits("repeat-length")
    function = All((Stated(Field("it", "function_recorded")), function_held(level, length)))
    return latest(earlier(v), Any((relief_held(level, length), function)))


def second_attempt(v: Values, changed: Truth, level: Truth) -> Truth:
    """The exception after the very first injection, at least 14 days later, with something changed and a reason."""
    is_change = Any((changed, level if v.has("level-is-a-change") else Readings((level, NEVER))))
    half = v.limits("repeat-relief")
    relief = [Not(Compare(Number(Field("it", name)), half)) for name in ("best_relief", "last_relief")]
    function = All((Stated(Field("it", "function_recorded")), Compare(Number(Field("it", "last_function")), half)))
    failed = All((Readings(tuple(relief)), Not(function)))
    return All((
        Compare(Count(earlier(v), "day"), v.limits("exception-first")),
        latest(earlier(v), All((failed, since_then(v.limits("exception-interval")), is_change))),
        v.judged("exception-reason"),
    ))  # fmt: skip


def level_changed(name: str) -> Truth:
    """Another level. One more, or one fewer, beside the same is read both ways."""
    return Readings((Not(Same(name, "equal")), Not(Same(name, "overlaps"))))


def steroid_changed(v: Values) -> Truth:
    """A steroid that the previous injection did not contain. A request that names no drugs leaves it open."""
    another = [
        All((asked_is("drugs", one), Not(it_is("drugs", one))))
        for choice in v.choices("exception-steroids")
        for word in sorted(choice.words)
        for one in [v.words("exception-steroids", word)]
    ]
    return Any((*another, Stated(Field("subject", "agents"))))


def stands_apart(v: Values) -> Truth:
    """A diagnostic block that may not be held to the limits of epidural injections (the texts are silent)."""
    diagnostic = asked_is("purpose", v.words("sessions-counted", "diagnostic"))
    return All((diagnostic, Not(asked_is("therapy", v.choices("sessions-counted")))))
