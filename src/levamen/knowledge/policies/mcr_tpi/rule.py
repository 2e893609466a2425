"""US Medicare, trigger point injections: Noridian's form; of two other contractors only that a determination exists.

When a muscle hurts in one place, a trigger point and a firm band are found there with at least two signs, and care has
failed, movement is limited, or it is a single test: an injection of local anesthetic without imaging. When the last one
took half the pain for six weeks and gave half the function, in a program: again, three sessions a year.
Sources and amounts: values.yaml. Dossier: spine injections, section 5 and Corrections.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    any_present,
    asked_is,
    it_is,
    latest,
    no_more,
    pain,
    problem,
    procedures,
    relief_held,
    rolling,
    sessions,
)
from levamen.criteria.nodes import (
    All,
    Any,
    Choice,
    Compare,
    Count,
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
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.nice_ng59.parts import rest, when
from levamen.record.codes import title

INJECTION, NEEDLING = "trigger-point-injection", "dry-needling"
HERE = Same("region", "equal")
"""In the region of the request; the regions of muscles are finer than those of the spine and are not merged."""


def rules(v: Values) -> tuple[Rule, ...]:
    """The injection, and needling without an injectate."""
    unread = (
        *when(
            v,
            "repeat-justified",
            lambda: after_another(v, "repeat-justified", lambda past: v.judged("repeat-justified")),
            remedy="action",
        ),
        *rest(v, "rest-of-determination"),
    )
    return (
        Rule(
            id="injection",
            therapies=frozenset({INJECTION}),
            exclusions=exclusions(v),
            requirements=(*examination(v), *before(v), *how(v), *again(v), *unread),
        ),
        Rule(
            id="dry-needling",
            therapies=frozenset({NEEDLING}),
            exclusions=when(v, "dry-needling", lambda: asked_is("therapy", v.choices("dry-needling"))),
            requirements=rest(v, "rest-of-determination"),
        ),
    )


def exclusions(v: Values) -> tuple[Criterion, ...]:
    """What is denied whatever else is true."""
    return (
        *when(v, "biologics", lambda: asked_is("drugs", v.choices("biologics"))),
        *when(v, "guidance-denied", lambda: asked_is("guidance", v.choices("guidance-denied"))),
        *when(v, "not-periodic", lambda: Not(v.judged("not-periodic"))),
        *when(v, "one-region-alone", lambda: not_alone(v), by=("one-region-alone", "other-blocks")),
        *when(
            v,
            "without-trigger-point",
            lambda: All((_head_neck_or_back(v), looked_for_and_absent(v))),
            by=("without-trigger-point", "without-trigger-point-sites", "trigger-point"),
        ),
    )


def not_alone(v: Values) -> Truth:
    """Another region or another block on the day, in the plan or done; or a clinician says so."""
    injection = it_is("therapy", v.words("one-region-alone", INJECTION))
    elsewhere = Facts(
        "session",
        "trigger point injection in another region on the day",
        All((injection, Not(HERE))),
        closed_by="recorded",
    )
    block = it_is("therapy", v.choices("other-blocks"))
    beside = Facts("session", "block beside it on the day", block, closed_by="recorded")
    return Any((Exists(elsewhere), Exists(beside), Not(v.judged("one-region-alone"))))


def _head_neck_or_back(v: Values) -> Truth:
    """Headache, neck or back pain: by its pattern, or by its site."""
    pattern = it_is("pattern", v.choices("without-trigger-point"))
    return pain(Any((pattern, it_is("site", v.choices("without-trigger-point-sites")))))


def looked_for_and_absent(v: Values) -> Truth:
    """Somebody looked for a trigger point in the region and found none. Where nobody looked, nothing is said."""
    concept, present = it_is("concept", v.choices("trigger-point")), Stated(Field("it", "present"))
    absent = Facts(
        "findings", "trigger point looked for and absent", All((concept, Not(present), HERE)), None, "recorded"
    )
    found = Facts("findings", "trigger point in the region", All((concept, present, HERE)), None, "recorded")
    return All((Exists(absent), no_more(found)))


def examination(v: Values) -> tuple[Criterion, ...]:
    """Pain of a muscle in one place, a trigger point, a firm band, and two signs."""
    return (
        *when(v, "focal-muscle-pain", lambda: _focal(v)),
        *_on_examination(v, "trigger-point", "trigger point in the region", "trigger-point"),
        *_on_examination(v, "nodule", "firm band or nodule in the region", "taut-band"),
        *when(v, "signs", lambda: _signs(v), by=("signs", "sign-list", "spot-or-band", "referred-pain")),
    )


def _on_examination(v: Values, id: str, noun: str, what: str) -> tuple[Criterion, ...]:
    """Found on examination in the region."""
    need = (Need(kind="finding", what=what),)
    return when(v, id, lambda: any_present(noun, v.choices(id), HERE), remedy="action", needs=need)


def _focal(v: Values) -> Truth:
    """Recorded as focal or as myofascial, or so judged."""
    id = "focal-muscle-pain"
    recorded = pain(it_is("pattern", v.words(id, "focal")))
    return Any((recorded, problem("myofascial pain", v.words(id, "myofascial-pain")), v.judged(id)))


def _signs(v: Values) -> Truth:
    """Two lists. In one each sign counts; in the other spot and band are one sign, and referred pain is the other."""
    each = tuple(_different(v, found) for found in v.choices("sign-list"))
    pair = All((
        Exists(_positive(v.choices("spot-or-band"), "irritable spot or firm band")),
        Exists(_positive(v.choices("referred-pain"), "referred pain on palpation")),
    ))  # fmt: skip
    return Readings((*each, pair))


def _different(v: Values, found: Choice) -> Truth:
    """At least so many different signs: whichever are left out, one fewer, another one is present."""
    limits = v.limits("signs")
    others: list[Truth] = [Compare(Count(_positive((found,), "sign of a trigger point")), limits)]
    for left_out in combinations(sorted(found.words), int(limits[0].number) - 1):
        rest_of_list = Choice(found.value, found.words.difference(left_out), found.cite)
        others.append(
            Exists(_positive((rest_of_list,), f"sign other than {' and '.join(title(word) for word in left_out)}"))
        )
    return All(tuple(others))


def _positive(concepts: tuple[Choice, ...], noun: str) -> Facts:
    where = All((it_is("concept", concepts), Stated(Field("it", "present")), HERE))
    return Facts("findings", f"{noun} in the region", where, closed_by="present")


def before(v: Values) -> tuple[Criterion, ...]:
    """Care that failed, movement that is limited, or a single test."""
    return (
        *when(
            v,
            "care-failed",
            lambda: _reason(v),
            by=("care-failed", "limited-movement", "diagnostic-intent"),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
        *when(
            v,
            "diagnostic-once",
            lambda: IfThen(_as_a_test(v), Compare(Count(_tests(v)), v.limits("diagnostic-once"))),
            by=("diagnostic-once", "diagnostic-intent"),
        ),
    )


def _reason(v: Values) -> Truth:
    failed = it_is("response", v.choices("care-failed"))
    course = Facts("conservative-care", "course of conservative care that did not help", failed, SINCE_THIS_PAIN)
    limited = _positive(v.choices("limited-movement"), "limited movement")
    return Any((Exists(course), Exists(limited), _as_a_test(v)))


def _as_a_test(v: Values) -> Truth:
    return asked_is("purpose", v.choices("diagnostic-intent"))


def _tests(v: Values) -> Facts:
    injection = it_is("therapy", v.words("diagnostic-once", INJECTION))
    test = it_is("purpose", v.choices("diagnostic-intent"))
    return procedures("diagnostic injection in the region", injection, test, HERE, window=SINCE_THIS_PAIN)


def how(v: Values) -> tuple[Criterion, ...]:
    """What is injected."""
    return when(v, "injectate", lambda: asked_is("injected", v.choices("injectate")))


def after_another(v: Values, id: str, that: Callable[[Facts], Truth]) -> Truth:
    """Said where this pain was injected in the region before. Whether a test is one of them is read both ways."""
    injection, treatment = it_is("therapy", v.words(id, INJECTION)), it_is("purpose", v.words(id, "therapeutic"))
    noun = "earlier trigger point injection in the region"
    every = procedures(noun, injection, HERE, window=SINCE_THIS_PAIN)
    treatments = procedures(f"{noun}, as treatment", injection, HERE, treatment, window=SINCE_THIS_PAIN)
    return Readings(tuple(IfThen(Exists(past), that(past)) for past in (every, treatments)))


def again(v: Values) -> tuple[Criterion, ...]:
    """After half the pain for six weeks and half the function, in a program; three sessions a year."""
    if not v.has("repeat-relief"):
        return ()
    held = relief_held(v.limits("repeat-relief"), v.limits("repeat-length"))
    gained = Compare(Number(Field("it", "best_function")), v.limits("repeat-function"))
    injection = it_is("therapy", v.words("cap", INJECTION))
    in_year = procedures("trigger point injection", injection, window=rolling(v.limits("cap-window")))
    return (
        v.criterion(
            "repeat-relief",
            after_another(v, "repeat-relief", lambda past: latest(past, held)),
            by=("repeat-relief", "repeat-length"),
            remedy="none",
        ),
        v.criterion(
            "repeat-function", after_another(v, "repeat-function", lambda past: latest(past, gained)), remedy="none"
        ),
        v.criterion(
            "repeat-programme",
            after_another(v, "repeat-programme", lambda past: v.judged("repeat-programme")),
            remedy="action",
        ),
        v.criterion("cap", sessions(in_year, v.limits("cap")), by=("cap", "cap-window"), remedy="none"),
    )
