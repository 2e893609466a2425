"""Short names for what guards say again and again. They only build nodes; every value comes in as an argument."""

from __future__ import annotations

from typing import Literal

from levamen.criteria.build import asked_is, it_is
from levamen.criteria.nodes import (
    All,
    Among,
    Answered,
    Any,
    Compare,
    Elapsed,
    Exists,
    Facts,
    Field,
    Latest,
    Limit,
    Need,
    Not,
    Number,
    Stated,
    The,
    Truth,
    Window,
)
from levamen.knowledge.guards import Due, Effect, Guard
from levamen.knowledge.model import Values

STIMULATOR_OR_PUMP = frozenset(
    {
        "spinal-cord-stimulation-trial",
        "spinal-cord-stimulation-implant",
        "dorsal-root-ganglion-stimulation-trial",
        "dorsal-root-ganglion-stimulation-implant",
        "peripheral-nerve-stimulation-trial",
        "peripheral-nerve-stimulation-implant",
        "peripheral-nerve-stimulation-60-day",
        "restorative-neurostimulation",
        "deep-brain-stimulation",
        "generator-replacement",
        "lead-revision",
        "intrathecal-trial",
        "intrathecal-pump",
        "pump-revision",
    }
)
"""Therapies that leave a stimulator, a lead, a pump or a catheter in the body."""

RADIOFREQUENCY = frozenset(
    {
        "medial-branch-radiofrequency-ablation",
        "sacral-lateral-branch-radiofrequency-ablation",
        "genicular-radiofrequency-ablation",
        "peripheral-nerve-radiofrequency-ablation",
        "dorsal-root-ganglion-radiofrequency",
        "basivertebral-nerve-ablation",
    }
)
"""Therapies whose current is radiofrequency whatever their technique, unless it is named as another one."""

MAYBE_RADIOFREQUENCY = frozenset({"trigeminal-ganglion-procedure", "neurolysis", "intradiscal-electrothermal-therapy"})
"""Therapies that are radiofrequency under some of their techniques."""

NOT_RADIOFREQUENCY = ("laser", "chemical", "block", "balloon-compression", "electrothermal")
"""Techniques of those therapies without a radiofrequency current."""

EPIDURAL = frozenset(
    {"epidural-steroid-injection", "epidural-adhesiolysis", "epiduroscopy", "selective-nerve-root-block"}
)
"""Injections into the epidural space or along a root, where a steroid is usual."""

OFTEN_STEROID = frozenset(
    {
        "epidural-steroid-injection",
        "selective-nerve-root-block",
        "epidural-adhesiolysis",
        "epiduroscopy",
        "facet-joint-injection",
        "sacroiliac-joint-injection",
        "joint-injection",
        "soft-tissue-injection",
        "trigger-point-injection",
        "occipital-nerve-block",
        "peripheral-nerve-block",
    }
)
"""Injections that are often given with a steroid: of such a request without agents the steroid is asked."""


def guard(
    v: Values,
    id: str,
    hazard: Truth,
    *,
    by: str | tuple[str, ...],
    title: str,
    effect: Effect,
    decision: str,
    do: str,
    who: str,
    due: Due = "plan",
    remedy: Literal["time", "action", "none"] = "action",
    applies: Truth | None = None,
    forbids_holding: frozenset[str] = frozenset(),
    always: bool = False,
    until: str | None = None,
    needs: tuple[Need, ...] = (),
) -> Guard:
    """A guard of the topic of these values, its hazard citing the values `by`."""
    return Guard(
        id=id,
        topic=v.policy.id,
        title=title,
        hazard=v.criterion(id, hazard, by=by, remedy=remedy, needs=needs),
        effect=effect,
        decision=decision,
        due=due,
        do=do,
        who=who,
        applies=applies,
        forbids_holding=forbids_holding,
        always=always,
        until=until,
        needs=needs,
    )


def asks_for(v: Values, id: str, therapies: frozenset[str]) -> Truth:
    """The request is for one of the therapies."""
    return asked_is("therapy", v.words(id, *sorted(therapies)))


def radiofrequency(v: Values, id: str) -> Truth:
    """The request is for a radiofrequency current; a technique that is not named may be one."""
    other = asked_is("technique", v.words(id, *NOT_RADIOFREQUENCY))
    return All((asks_for(v, id, RADIOFREQUENCY | MAYBE_RADIOFREQUENCY), Not(other)))


def takes(v: Values, id: str, noun: str) -> Exists:
    """A drug of the value's words (classes, or drugs by their ids) is taken on the service date."""
    return Exists(Facts("current-medications", noun, it_is("classes", v.choices(id)), closed_by="present"))


def had(
    v: Values, id: str, noun: str, *concepts: str, where: tuple[Truth, ...] = (), on_record: bool = False
) -> Exists:
    """There is, or was, such a problem. `on_record` looks only at what is written down."""
    facts = Facts(
        "problem-history",
        noun,
        All((it_is("concept", v.words(id, *concepts)), *where)),
        closed_by="recorded" if on_record else "present",
    )
    return Exists(facts)


def has(v: Values, id: str, noun: str, *concepts: str, where: tuple[Truth, ...] = ()) -> Exists:
    """There is such a problem now."""
    return Exists(Facts("problems", noun, All((it_is("concept", v.words(id, *concepts)), *where)), closed_by="present"))


def since(limits: tuple[Limit, ...], name: str = "since") -> Compare:
    """The time from the date of the fact at hand to the service date."""
    return Compare(Elapsed(Field("it", name)), limits)


def attribute(v: Values, id: str, name: str, *words: str) -> Truth:
    """The attribute of the problem at hand is one of the words."""
    return it_is(f"attributes.{name}", v.words(id, *words))


def reading(v: Values, id: str, noun: str, *tests: str, limits: str, today: str | None = None) -> The:
    """The most recent result of a test against a limit; with `today`, of the day of the service alone."""
    facts = Facts(
        "readings",
        noun,
        it_is("test", v.words(id, *tests)),
        Window("rolling", v.limits(today)[0], "inside") if today is not None else None,
        closed_by="present",
    )
    return The(Latest(facts), Compare(Number(Field("it", "value")), v.limits(limits)))


def answered(v: Values, question: str, answer: Literal["yes", "no"], fresh: str | None = None) -> Answered:
    """The question was answered so; `fresh` is the value that says how old an answer may be."""
    return Answered(question, answer, v.limits(fresh)[0] if fresh is not None else None)


def either(*truths: Truth) -> Any:
    """Any of them."""
    return Any(truths)


def said(v: Values, id: str, question: str) -> Exists:
    """The latest answer on record to the question is yes; a question that was not asked says nothing here."""
    return _answer(v, id, question, "yes", Stated(Field("it", "present")))


def denied(v: Values, id: str, question: str) -> Truth:
    """The latest answer on record to the question is no."""
    no = _answer(v, id, question, "no", Not(Stated(Field("it", "present"))))
    return All((no, Not(said(v, id, question))))


def _answer(v: Values, id: str, question: str, word: str, that: Truth) -> Exists:
    noun = f"{word} to the question on {question.replace('-', ' ')}"
    return Exists(Facts("answers", noun, All((it_is("concept", v.words(id, question)), that)), closed_by="recorded"))


def planned(v: Values, id: str, noun: str) -> Exists:
    """The request names a drug of the value's words; what it does not name is not requested."""
    return Exists(Facts("planned-drugs", noun, it_is("classes", v.choices(id)), closed_by="recorded"))


def measured(v: Values, id: str, noun: str, *tests: str) -> Exists:
    """A result of the test is on record."""
    return Exists(Facts("readings", noun, it_is("test", v.words(id, *tests)), closed_by="recorded"))


def steroid_asked(v: Values, id: str) -> Truth:
    """A drug of the value's words is planned, or the request is for an injection that often has one and names none."""
    named = Among(Field("subject", "drugs"), v.choices(id))
    return Any((named, All((asks_for(v, id, OFTEN_STEROID), Among(Field("subject", "injected"), v.choices(id))))))
