"""Criteria that several policies on low back pain in England share; each exists where the policy has its value."""

from __future__ import annotations

from collections.abc import Callable

from levamen.criteria.build import (
    finding,
    it_is,
    latest,
    no_more,
    pain,
    problem,
    procedures,
    relief_at_best,
    relief_held,
    rolling,
    same_target,
)
from levamen.criteria.nodes import (
    All,
    Any,
    Compare,
    Count,
    Criterion,
    EachTarget,
    Elapsed,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Number,
    Only,
    Readings,
    Remedy,
    Same,
    The,
    Truth,
    Window,
)
from levamen.knowledge.model import Values

EPIDURAL, BLOCK, ABLATION = "epidural-steroid-injection", "medial-branch-block", "medial-branch-radiofrequency-ablation"
NEED_BLOCK = (Need(kind="therapy", what=BLOCK, therapy=BLOCK),)


def when(
    v: Values,
    id: str,
    make: Callable[[], Truth],
    *,
    by: tuple[str, ...] = (),
    remedy: Remedy = "none",
    needs: tuple[Need, ...] = (),
) -> tuple[Criterion, ...]:
    """The criterion, where the policy has such a value."""
    return (v.criterion(id, make(), by=by, remedy=remedy, needs=needs),) if v.has(id) else ()


def rest(v: Values, id: str) -> tuple[Criterion, ...]:
    """What the policy asks beyond the part that was read: nobody can be told yes by an extract."""
    return when(v, id, lambda: v.judged(id), remedy="action")


def claudication(v: Values) -> Truth:
    """Neurogenic claudication in somebody with central canal stenosis.

    The pattern of the index pain says it, or the problems do. Problems that nobody reviewed do not hide it where the
    pattern is another one and every problem recorded is; claudication among other problems leaves it open.
    """
    pattern = pain(it_is("pattern", v.choices("claudication")))
    problems = Facts("problems", "problems recorded", closed_by="present")
    stated = The(Only(problems), it_is("concept", v.words("claudication", "neurogenic-claudication")))
    narrow = finding("central canal stenosis", v.choices("central-stenosis"))
    named = problem("spinal stenosis", v.words("central-stenosis", "spinal-stenosis"))
    return All((Any((pattern, stated)), Any((narrow, named))))


def repeat_epidural(v: Values) -> tuple[Criterion, ...]:
    """Once more after a first injection that helped long enough, then never again."""
    if not v.has("repeat-length"):
        return ()
    injection = it_is("therapy", v.words("repeat-length", EPIDURAL))
    earlier = procedures("earlier epidural injection", injection, it_is("region", v.choices("regions")), lifetime=True)
    again = Exists(earlier)
    held = latest(earlier, relief_held(v.limits("repeat-relief"), v.limits("repeat-length")))
    gained = latest(earlier, Compare(Number(Field("it", "best_function")), v.limits("repeat-function")))
    return (
        v.criterion("repeat-length", IfThen(again, held), by=("repeat-length", "repeat-relief"), remedy="none"),
        v.criterion("repeat-function", IfThen(again, gained), remedy="none"),
        v.criterion("repeat-benefit", IfThen(again, v.judged("repeat-benefit")), remedy="none"),
        v.criterion("lifetime-cap", Compare(Count(earlier, "day"), v.limits("lifetime-cap")), remedy="none"),
    )


def failed(v: Values) -> Truth:
    """The course at hand did not help, or was not tolerated."""
    return it_is("response", v.choices("care-failed"))


def care_failed(v: Values) -> tuple[Criterion, ...]:
    """Non-surgical care has not worked."""
    return when(
        v,
        "care-failed",
        lambda: Exists(Facts("conservative-care", "course of non-surgical care that did not help", failed(v))),
        remedy="action",
        needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
    )


def care_evidence(v: Values) -> tuple[Criterion, ...]:
    """Evidence of failed care, not too old."""
    if not v.has("care-evidence"):
        return ()
    limits = v.limits("care-evidence")
    recent = Compare(Elapsed(Field("it", "end")), limits)
    noun = f"course of care that did not help and ended at most {limits[0].amount} before the service date"
    course = Facts("conservative-care", noun, All((failed(v), recent)))
    by = ("care-evidence", "care-failed")
    return (v.criterion("care-evidence", Exists(course), by=by, remedy="action"),)


def programme(v: Values) -> Truth:
    """A comprehensive pain programme was done."""
    return Exists(Facts("conservative-care", "pain programme", it_is("therapy", v.choices("pain-programme"))))


def impact(v: Values) -> tuple[Criterion, ...]:
    """The impact of the pain, on a scale from 0 to 10; a score that is not there can still be had."""
    if not v.has("impact-score"):
        return ()
    scores = Facts("index-scores", "score of the impact of the pain", it_is("instrument", v.choices("impact-scales")))
    said = latest(scores, Compare(Number(Field("it", "value")), v.limits("impact-score"), remedy="none"))
    need = (Need(kind="score", what="bpi-interference"),)
    return (v.criterion("impact-score", said, by=("impact-score", "impact-scales"), remedy="action", needs=need),)


def pain_score(v: Values) -> tuple[Criterion, ...]:
    """Intensity of the index pain, on a numeric scale or a visual analog scale in mm."""
    if not v.has("pain-score"):
        return ()
    scales = v.choices("pain-scales")
    in_mm = it_is("instrument", v.words("pain-score-mm", "vas-mm"))
    points = Compare(Number(Field("it", "value")), v.limits("pain-score"), remedy="none")
    millimetres = Compare(Number(Field("it", "value")), v.limits("pain-score-mm"), remedy="none")
    of_ten = it_is("instrument", v.words("pain-score", "nrs", "nrs-average"))
    scores = Facts("index-scores", "pain score", it_is("instrument", scales))
    said = latest(scores, Any((All((of_ten, points)), All((in_mm, millimetres)))))
    by = ("pain-score", "pain-score-mm", "pain-scales")
    return (v.criterion("pain-score", said, by=by, remedy="action", needs=(Need(kind="score", what="nrs"),)),)


def diagnostic_blocks(v: Values) -> tuple[Criterion, ...]:
    """A positive diagnostic medial branch block at each joint and side; what is positive is judged.

    No judgement makes a block positive that relieved less than any text with a number asks for.
    """
    if not v.has("diagnostic-blocks"):
        return ()
    block = it_is("therapy", v.words("diagnostic-blocks", BLOCK))
    test = it_is("purpose", v.words("diagnostic-blocks", "diagnostic"))
    tests = procedures("diagnostic medial branch block at this joint and side", block, test, same_target())
    done = EachTarget(Compare(Count(tests, "day"), v.limits("diagnostic-blocks")))
    positive = EachTarget(IfThen(Exists(tests), v.judged("block-positive")))
    return (
        v.criterion("diagnostic-blocks", done, remedy="action", needs=NEED_BLOCK),
        v.criterion("block-positive", positive, remedy="none"),
        *_relieved(v, tests, block, test),
    )


def _relieved(v: Values, tests: Facts, *where: Truth) -> tuple[Criterion, ...]:
    """One of the diagnostic blocks at each joint and side relieved enough to be called positive at all."""
    if not v.has("block-relief"):
        return ()
    limits = v.limits("block-relief")
    amount = f"{'more than' if limits[0].operator == '>' else 'at least'} {limits[0].amount} per cent"
    noun = f"diagnostic medial branch block at this joint and side that relieved {amount} of the pain"
    enough = Exists(procedures(noun, *where, same_target(), relief_at_best(limits)))
    return (v.criterion("block-relief", EachTarget(IfThen(Exists(tests), enough)), remedy="none"),)


def recent_block(v: Values) -> tuple[Criterion, ...]:
    """A recent medial branch block, and the latest one helped enough."""
    if not v.has("block-window"):
        return ()
    block = it_is("therapy", v.words("block-relief", BLOCK))
    noun = "medial branch block at this joint and side"
    here = procedures(noun, block, same_target())
    recent = procedures(noun, block, same_target(), window=rolling(v.limits("block-window")))
    helped = IfThen(Exists(here), latest(here, relief_at_best(v.limits("block-relief"))))
    return (
        v.criterion("block-window", EachTarget(Exists(recent)), remedy="action", needs=NEED_BLOCK),
        v.criterion("block-relief", EachTarget(helped), remedy="none"),
    )


def repeat_interval(v: Values) -> tuple[Criterion, ...]:
    """No denervation at the same joint and side too soon after the last; the anniversary itself is late enough."""
    if not v.has("repeat-interval"):
        return ()
    window = Window("rolling", v.limits("repeat-interval")[0], "outside")
    ablation = it_is("therapy", v.words("repeat-interval", ABLATION))
    before = procedures("denervation at this joint and side", ablation, same_target(), window=window)
    return (v.criterion("repeat-interval", EachTarget(no_more(before)), remedy="none"),)


def once(v: Values) -> tuple[Criterion, ...]:
    """One diagnostic block "per level or side": each level and side, each level, or each side; all three are read."""
    if not v.has("once"):
        return ()
    block = it_is("therapy", v.words("once", BLOCK))
    test = it_is("purpose", v.words("once", "diagnostic"))
    level, side = Same("joints", "covers"), Same("side", "covers")
    readings = tuple(
        Compare(Count(procedures(noun, block, test, *where, lifetime=True), "day"), v.limits("once"))
        for noun, where in (
            ("diagnostic block at this joint and side", (level, side)),
            ("diagnostic block at this joint", (level,)),
            ("diagnostic block on this side", (side, Same("region", "equal"))),
        )
    )
    return (v.criterion("once", EachTarget(Readings(readings)), remedy="none"),)
