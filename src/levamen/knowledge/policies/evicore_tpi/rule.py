"""eviCore CMM-202, trigger point injections: an anesthetic into a trigger point that was found, and again with a plan.

When a trigger point is found on examination: a local anesthetic, with or without steroid. When the last injection took
half the pain and bettered function for six weeks, and self-management is taught: again, two months apart, four sessions
a year in a region. Never: other substances, dry needling, an injection over spinal hardware under imaging.
Sources and amounts: values.yaml. Dossier: spine injections, sections 5 and 8.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    any_present,
    asked_is,
    function_held,
    it_is,
    latest,
    procedures,
    relief_held,
    rolling,
    sessions,
    since_then,
)
from levamen.criteria.nodes import (
    All,
    Any,
    Compare,
    Criterion,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Number,
    Readings,
    Same,
    Stated,
    Truth,
    Window,
)
from levamen.knowledge.model import Rule, Values

INJECTION, NEEDLING, HARDWARE = "trigger-point-injection", "dry-needling", "hardware-block"
HERE = Same("region", "equal")


def rules(v: Values) -> tuple[Rule, ...]:
    """The injection; needling without an injectate; an injection over hardware."""
    named = v.criterion("excluded", asked_is("therapy", v.choices("excluded")), remedy="none")
    imaged = v.criterion("imaged", asked_is("guidance", v.choices("imaged")), remedy="none")
    return (
        Rule(
            id="injection",
            therapies=frozenset({INJECTION}),
            exclusions=exclusions(v),
            requirements=(*found(v), *again(v)),
        ),
        Rule(id="dry-needling", therapies=frozenset({NEEDLING}), exclusions=(named,)),
        Rule(id="hardware", therapies=frozenset({HARDWARE}), scope=(imaged,), exclusions=(named,)),
    )


def exclusions(v: Values) -> tuple[Criterion, ...]:
    """Other substances, and another treatment of the region on the day."""
    other = Not(it_is("therapy", v.words("alone-that-day", INJECTION)))
    beside = Facts(
        "session",
        "treatment other than trigger points in the region on the day",
        All((HERE, other)),
        closed_by="recorded",
    )
    return (
        v.criterion("other-substances", asked_is("drugs", v.choices("other-substances")), remedy="none"),
        v.criterion("alone-that-day", Any((Exists(beside), Not(v.judged("alone-that-day")))), remedy="none"),
    )


def found(v: Values) -> tuple[Criterion, ...]:
    """A trigger point in the region, and what is injected."""
    seen = any_present("trigger point in the region", v.choices("trigger-point"), HERE)
    need = (Need(kind="finding", what="trigger-point"),)
    return (
        v.criterion("trigger-point", seen, remedy="action", needs=need),
        v.criterion("injectate", asked_is("injected", v.choices("injectate")), remedy="none"),
    )


def again(v: Values) -> tuple[Criterion, ...]:
    """After six good weeks, two months apart, four sessions a year; how a year is counted is not said."""
    last = earlier(v)
    past = earlier(v, SINCE_THIS_PAIN)
    held = latest(past, relief_held(v.limits("repeat-relief"), v.limits("repeat-length")))
    better = latest(past, function_better(v))
    apart = latest(last, since_then(v.limits("interval")))
    windows = (rolling(v.limits("cap-window")), Window("calendar-year"))
    in_year = Readings(tuple(sessions(earlier(v, window), v.limits("cap")) for window in windows))
    return (
        v.criterion("repeat-relief", IfThen(Exists(past), held), by=("repeat-relief", "repeat-length"), remedy="none"),
        v.criterion(
            "repeat-function",
            IfThen(Exists(past), better),
            by=("repeat-function", "function-gain", "repeat-length"),
            remedy="none",
        ),
        v.criterion("self-management", IfThen(Exists(past), v.judged("self-management")), remedy="action"),
        v.criterion("interval", IfThen(Exists(last), apart), remedy="none"),
        v.criterion("cap", in_year, by=("cap", "cap-window"), remedy="none"),
    )


def function_better(v: Values) -> Truth:
    """A measured gain that lasted, or a clinician's statement; but not against the last measurement."""
    gain, recorded = v.limits("function-gain"), Stated(Field("it", "function_recorded"))
    lasted = All((recorded, function_held(gain, v.limits("repeat-length"))))
    not_lost = IfThen(recorded, Compare(Number(Field("it", "last_function")), gain))
    return All((Any((lasted, v.judged("repeat-function"))), not_lost))


def earlier(v: Values, window: Window | None = None) -> Facts:
    """Injections in the region of the request."""
    injection = it_is("therapy", v.words("cap", INJECTION))
    return procedures("trigger point injection in the region", injection, HERE, window=window)
