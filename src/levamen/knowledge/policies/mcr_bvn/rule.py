"""Ablation of the basivertebral nerve: what US Medicare asks, and the shape of the payers that cover it.

When low back pain has lasted and conservative care has failed long enough, and imaging shows Modic changes of type 1 or
2 between L3 and S1: an ablation in these bodies, each once ever. A criterion exists where values.yaml has its value.
Sources and amounts: values.yaml of each folder. Dossier: spine injections, section 9.
"""

from __future__ import annotations

from levamen.criteria.build import SINCE_THIS_PAIN, any_present, asked_is, it_is, pain, pain_lasted, procedures
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Among,
    Any,
    Compare,
    Count,
    Criterion,
    EachTarget,
    Exists,
    Facts,
    Field,
    Need,
    Not,
    Number,
    Readings,
    Same,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.nice_ng59.parts import rest, when

ABLATION, THERAPY = "basivertebral-nerve-ablation", "cognitive-behavioral-therapy"
BODIES = ("L3", "L4", "L5", "S1")
"""The bodies of the texts, from above: anatomy, by which neighbours are told."""


def rules(v: Values) -> tuple[Rule, ...]:
    """One question."""
    return (
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            exclusions=exclusions(v),
            requirements=(
                *when(v, "skeletally-mature", lambda: v.judged("skeletally-mature")),
                *pain_and_care(v),
                *bodies(v),
                *modic(v),
                *(once(v) if v.has("once") else ()),
                *rest(v, "rest-of-determination"),
            ),
        ),
    )


def exclusions(v: Values) -> tuple[Criterion, ...]:
    """What is denied whatever else is true."""
    return (
        *when(v, "skeletally-immature", lambda: Not(v.judged("skeletally-immature"))),
        *when(v, "contraindicating-diagnosis", lambda: Not(v.judged("contraindicating-diagnosis"))),
        *when(v, "biologics", lambda: asked_is("drugs", v.choices("biologics"))),
        *when(v, "nothing-injected", lambda: Not(v.judged("nothing-injected"))),
    )


def pain_and_care(v: Values) -> tuple[Criterion, ...]:
    """How long the pain lasted, and the care that failed."""
    failed = Facts(
        "conservative-care",
        "conservative care that did not help",
        it_is("response", v.choices("conservative-care-failed")),
        SINCE_THIS_PAIN,
    )
    long_enough = Compare(Accumulated(failed), v.limits("conservative-care"))
    physical = (Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),)
    return (
        *when(v, "pain-place", lambda: pain(it_is("site", v.choices("pain-place")))),
        v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
        v.criterion(
            "conservative-care",
            long_enough,
            by=("conservative-care", "conservative-care-failed"),
            remedy="action",
            needs=physical,
        ),
        *when(v, "care-supervised", lambda: v.judged("care-supervised"), remedy="action"),
        *_talks(v),
    )


def _talks(v: Values) -> tuple[Criterion, ...]:
    """Sessions of cognitive behavioral therapy: of one course, or each recorded by itself."""
    return when(
        v,
        "behavioral-sessions",
        lambda: _enough_talks(v),
        remedy="action",
        needs=(Need(kind="therapy", what=THERAPY, therapy=THERAPY),),
    )


def _enough_talks(v: Values) -> Truth:
    limits = v.limits("behavioral-sessions")
    this = it_is("therapy", v.words("behavioral-sessions", THERAPY))
    noun = "course of cognitive behavioral therapy"
    enough = Compare(Number(Field("it", "sessions")), limits)
    course = Facts("conservative-care", f"{noun} with enough sessions", All((this, enough)))
    return Any((Exists(course), Compare(Count(Facts("conservative-care", noun, this)), limits)))


def bodies(v: Values) -> tuple[Criterion, ...]:
    """Which vertebral bodies, how many in a session, and whether they are neighbours."""
    here = Among(Field("subject", "vertebrae"), v.choices("vertebrae"), how="all", remedy="none")
    many = Number(Field("subject", "vertebrae"))
    return (
        v.criterion("vertebrae", here, remedy="none"),
        *when(v, "bodies-per-session", lambda: Compare(many, v.limits("bodies-per-session"))),
        *when(v, "adjacent", lambda: _adjacent(v)),
    )


def _adjacent(v: Values) -> Truth:
    """No body is left out between two that are asked for."""

    def asked(*names: str) -> Truth:
        return asked_is("vertebrae", v.words("adjacent", *names))

    gaps = [
        All((asked(*BODIES[:index]), Not(asked(BODIES[index])), asked(*BODIES[index + 1 :])))
        for index in range(1, len(BODIES) - 1)
    ]
    return Not(Any(tuple(gaps)))


def modic(v: Values) -> tuple[Criterion, ...]:
    """A change of type 1 or 2 on imaging, at one of the bodies; one looked for and absent cannot be had."""
    return when(
        v,
        "modic",
        lambda: _seen(v),
        by=("modic", "modic-interspaces", "vertebrae"),
        remedy="action",
        needs=(Need(kind="finding", what="modic-1"), Need(kind="finding", what="modic-2")),
    )


def _seen(v: Values) -> Truth:
    there = Any((it_is("vertebrae", v.choices("vertebrae")), it_is("interspaces", v.choices("modic-interspaces"))))
    return any_present("Modic change of type 1 or 2 between L3 and S1", v.choices("modic"), there)


def once(v: Values) -> tuple[Criterion, ...]:
    """No body twice, ever. A text that says only "one treatment" is read of the body and of the person."""
    done = it_is("therapy", v.words("once", ABLATION))
    same = procedures("ablation of this vertebral body", done, Same("vertebrae", "covers"), lifetime=True)
    ever = procedures("basivertebral nerve ablation", done, lifetime=True)
    each: Truth = EachTarget(Compare(Count(same), v.limits("once")))
    truth = Readings((each, Compare(Count(ever), v.limits("once")))) if v.has("one-treatment") else each
    also = tuple(id for id in ("lifetime-bodies", "one-treatment") if v.has(id))
    return (v.criterion("once", truth, by=("once", *also), remedy="none"),)
