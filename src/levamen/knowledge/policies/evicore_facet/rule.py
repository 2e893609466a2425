"""eviCore CMM-208, radiofrequency ablation of facet joints.

When pain is three months old, four weeks of care failed, imaging excludes other causes, and two sequential diagnostic
blocks each took 80 % of the pain: a first ablation. When an ablation took half the pain for twelve weeks: again.
Of up to three contiguous levels a side that are not fused; twice in twelve months at most, half a year apart.
Never: pulsed, cooled, chemical, endoscopic or laser ablation; the third occipital nerve for headache; the nerves of the
sacroiliac joint; the basivertebral nerve. Sources and amounts: values.yaml. Dossier: spine injections, section 3.2.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    finding,
    it_is,
    latest,
    no_more,
    pain,
    pain_lasted,
    problem,
    procedures,
    relief_at_best,
    relief_held,
    rolling,
    same_region,
    same_target,
    sessions,
    since_then,
)
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Compare,
    Criterion,
    EachTarget,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Number,
    Readings,
    Same,
    Streak,
    Truth,
)
from levamen.knowledge.model import Rule, Values

BLOCK, INJECTION, ABLATION = "medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"
OTHERS = ("sacral-lateral-branch-radiofrequency-ablation", "basivertebral-nerve-ablation")


def rules(values: Values) -> tuple[Rule, ...]:
    """Ablation of facet nerves, and the ablations that are excluded whatever else is true."""
    v = values
    excluded = v.criterion("therapy-excluded", asked_is("therapy", v.choices("therapy-excluded")), remedy="none")
    return (
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            exclusions=(
                v.criterion(
                    "technique-excluded", asked_is("technique", v.choices("technique-excluded")), remedy="none"
                ),
                headache(v),
                excluded,
            ),
            requirements=(*where(v), *indication(v), *blocks(v), *quantity(v), repeat(v)),
        ),
        Rule(id="excluded", therapies=frozenset(OTHERS), exclusions=(excluded,)),
    )


def headache(v: Values) -> Criterion:
    """The third occipital nerve, which serves C2-3, for headache."""
    id = "third-occipital-for-headache"
    joint = asked_is("joints", v.words(id, "C2-3"))
    return v.criterion(id, All((joint, pain(it_is("pattern", v.words(id, "headache"))))), remedy="none")


def where(v: Values) -> tuple[Criterion, ...]:
    """The joints for which the text is written, and no fusion at one of them."""
    id = "level-not-fused"
    region = same_region(v.grouping("fusion-regions"))
    by_interspaces = Same("joints", "overlaps", theirs="interspaces")
    by_level = Any((Same("joints", "overlaps"), by_interspaces))
    status = problem("fusion at a level requested", v.words(id, "spinal-fusion-status"), region, by_level)
    operation = procedures(
        "fusion operation at a level requested", it_is("therapy", v.words(id, "spinal-fusion")), region, by_interspaces
    )
    return (
        v.criterion("joints-outside", Not(asked_is("joints", v.choices("joints-outside"))), remedy="none"),
        v.criterion(id, All((Not(status), no_more(operation))), by=(id, "fusion-regions"), remedy="none"),
    )


def indication(v: Values) -> tuple[Criterion, ...]:
    """Before a first ablation: how long the pain lasted, which care failed, and that other causes are excluded."""
    failed = Facts(
        "conservative-care",
        "conservative care that did not help",
        it_is("response", v.choices("conservative-care-failed")),
        SINCE_THIS_PAIN,
    )
    return (
        v.criterion("pain-duration", at_first(v, pain_lasted(v.limits("pain-duration"))), remedy="none"),
        v.criterion(
            "conservative-care",
            at_first(v, Compare(Accumulated(failed), v.limits("conservative-care"))),
            by=("conservative-care", "conservative-care-failed"),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
        v.criterion(
            "other-causes",
            at_first(v, other_causes_excluded(v)),
            by=("other-causes", "imaging"),
            remedy="action",
            needs=(Need(kind="finding", what="other-cause-excluded"),),
        ),
    )


def at_first(v: Values, that: Truth) -> Truth:
    """Asked where the joint and side was not ablated before: the text has a list of its own for a repeat."""
    return EachTarget(IfThen(no_more(ablations_here(v)), that))


def other_causes_excluded(v: Values) -> Truth:
    """By imaging, or as a clinician says; but what was recorded is not overruled by a general statement."""
    noun, words = "statement that other causes are excluded", v.words("other-causes", "other-cause-excluded")
    recorded = Facts("findings", "statement on other causes", it_is("concept", words), closed_by="recorded")
    by_imaging = finding(f"{noun} by imaging", words, it_is("method", v.choices("imaging")))
    not_denied = IfThen(Exists(recorded), finding(noun, words, remedy="none"))
    return All((Any((by_imaging, v.judged("other-causes"))), not_denied))


def blocks(v: Values) -> tuple[Criterion, ...]:
    """Before a first ablation: the last two blocks in a row, each of 80 % for as long as expected."""
    noun = "diagnostic facet block at this joint and side"
    here = (
        it_is("therapy", v.words("blocks", BLOCK, INJECTION)),
        it_is("purpose", v.words("blocks", "diagnostic")),
        same_target(),
    )
    first_time = no_more(ablations_here(v))
    positive = relief_at_best(v.limits("block-relief"))
    tests = procedures(noun, *here, window=SINCE_THIS_PAIN)
    good = procedures(f"positive {noun}", *here, positive, window=SINCE_THIS_PAIN)
    enough = All((Compare(Streak(tests, positive), v.limits("blocks")), sessions(good, v.limits("blocks"))))
    return (
        v.criterion(
            "last-block-positive",
            EachTarget(IfThen(All((first_time, Exists(tests))), latest(tests, positive))),
            by="block-relief",
            remedy="none",
        ),
        v.criterion(
            "blocks",
            EachTarget(IfThen(first_time, enough)),
            by=("blocks", "block-relief"),
            remedy="action",
            needs=(Need(kind="therapy", what=BLOCK, therapy=BLOCK),),
        ),
        v.criterion(
            "block-duration",
            Any((EachTarget(Exists(ablations_here(v))), v.judged("block-duration"))),
            remedy="none",
        ),
    )


def quantity(v: Values) -> tuple[Criterion, ...]:
    """Three contiguous levels a side, two ablations in twelve months, six months apart."""
    levels = Number(Field("subject", "joints"))
    ablated = it_is("therapy", v.words("yearly-cap", ABLATION))
    year = rolling(v.limits("cap-window"))
    here = procedures("ablation at this joint and side", ablated, same_target(), window=year)
    anywhere = procedures("facet ablation", ablated, window=year)
    all_ever = procedures("facet ablation", ablated)
    apart = since_then(v.limits("interval"))
    return (
        v.criterion("levels-per-side", Compare(levels, v.limits("levels-per-side")), remedy="none"),
        v.criterion(
            "contiguous",
            Any((Compare(levels, v.limits("one-level")), v.judged("contiguous"))),
            by=("contiguous", "one-level"),
            remedy="none",
        ),
        v.criterion(
            "interval",
            Readings((
                EachTarget(IfThen(Exists(ablations_here(v)), latest(ablations_here(v), apart))),
                IfThen(Exists(all_ever), latest(all_ever, apart)),
            )),
            remedy="none",
        ),
        v.criterion(
            "yearly-cap",
            Readings((EachTarget(sessions(here, v.limits("yearly-cap"))), sessions(anywhere, v.limits("yearly-cap")))),
            by=("yearly-cap", "cap-window"),
            remedy="none",
        ),
    )  # fmt: skip


def repeat(v: Values) -> Criterion:
    """Again where the last ablation gave half the pain for twelve weeks."""
    held = relief_held(v.limits("repeat-relief"), v.limits("repeat-length"))
    return v.criterion(
        "repeat-relief",
        EachTarget(IfThen(Exists(ablations_here(v)), latest(ablations_here(v), held))),
        by=("repeat-relief", "repeat-length"),
        remedy="none",
    )


def ablations_here(v: Values) -> Facts:
    """Ablations done at this joint and side."""
    return procedures(
        "ablation at this joint and side", it_is("therapy", v.words("repeat-relief", ABLATION)), same_target()
    )
