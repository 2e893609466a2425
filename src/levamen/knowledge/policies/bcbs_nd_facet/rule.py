"""BCBS North Dakota, radiofrequency denervation of facet joints.

When two medial branch blocks with nothing but local anesthetic, on different days, each took half the pain for as long
as the drug lasts; the level is not fused; no injection as treatment in the four weeks before; half a year since the
last ablation of that side and level: covered. To be confirmed: disabling pain, and three months of care that failed.
Sources and amounts: values.yaml. Dossier: spine injections, sections 0.1 and 3.2.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    it_is,
    latest,
    no_more,
    problem,
    procedures,
    relief_at_best,
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
    IfThen,
    Need,
    Not,
    Readings,
    Same,
)
from levamen.knowledge.model import Rule, Values

BLOCK, INJECTION, ABLATION = "medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"


def rules(values: Values) -> tuple[Rule, ...]:
    """The one question that was captured: may the joints be denervated."""
    v = values
    return (
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            scope=(v.criterion("technique", asked_is("technique", v.choices("technique")), remedy="none"),),
            requirements=(
                v.criterion("pain-disabling", v.judged("pain-disabling"), remedy="none"),
                conservative_care(v),
                last_block_positive(v),
                positive_blocks(v),
                v.criterion("block-duration", v.judged("block-duration"), remedy="none"),
                no_recent_injection(v),
                level_not_fused(v),
                interval(v),
            ),
        ),
    )


def conservative_care(v: Values) -> Criterion:
    """Three months of care that did not help."""
    failed = Facts(
        "conservative-care",
        "conservative care that did not help",
        it_is("response", v.choices("conservative-care-failed")),
        SINCE_THIS_PAIN,
    )
    return v.criterion(
        "conservative-care",
        Compare(Accumulated(failed), v.limits("conservative-care")),
        by=("conservative-care", "conservative-care-failed"),
        remedy="action",
        needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
    )


def last_block_positive(v: Values) -> Criterion:
    """After a block that did not take half the pain there is no ablation: a test done and negative."""
    tests = procedures(
        "diagnostic block of the medial branches at this joint and side",
        it_is("therapy", v.words("block-relief", BLOCK)),
        it_is("purpose", v.words("block-relief", "diagnostic")),
        same_target(),
        window=SINCE_THIS_PAIN,
    )
    positive = latest(tests, relief_at_best(v.limits("block-relief")))
    return v.criterion(
        "last-block-positive", EachTarget(IfThen(Exists(tests), positive)), by="block-relief", remedy="none"
    )


def positive_blocks(v: Values) -> Criterion:
    """Two blocks of half or more relief, on different days, with nothing but local anesthetic."""
    positive = procedures(
        f"block of the medial branches at this joint and side, with local anesthetic only and at least "
        f"{v.limits('block-relief')[0].amount} per cent relief",
        it_is("therapy", v.words("blocks", BLOCK)),
        it_is("purpose", v.words("blocks", "diagnostic")),
        same_target(),
        it_is("drugs", v.choices("block-agent")),
        Not(it_is("drugs", v.choices("block-without"))),
        relief_at_best(v.limits("block-relief")),
        window=SINCE_THIS_PAIN,
    )
    return v.criterion(
        "blocks",
        EachTarget(sessions(positive, v.limits("blocks"))),
        by=("blocks", "block-relief", "block-agent", "block-without"),
        remedy="action",
        needs=(Need(kind="therapy", what=BLOCK, therapy=BLOCK),),
    )


def no_recent_injection(v: Values) -> Criterion:
    """No injection as treatment in the four weeks before: before the ablation, or before the blocks."""
    treatment = (
        it_is("therapy", v.words("injection-gap", BLOCK, INJECTION)),
        it_is("purpose", v.words("injection-gap", "therapeutic")),
        Same("region", "equal"),
    )
    noun = "facet injection as treatment in the region"
    recent = procedures(noun, *treatment, window=rolling(v.limits("injection-gap")))
    before_blocks = Any((no_more(procedures(noun, *treatment)), v.judged("gap-before-blocks")))
    return v.criterion(
        "injection-gap",
        Readings((no_more(recent), before_blocks)),
        by=("injection-gap", "gap-before-blocks"),
        remedy="none",
    )


def level_not_fused(v: Values) -> Criterion:
    """No fusion at a level that is asked for, on the problem list or as an operation."""
    id = "level-not-fused"
    region = same_region(v.grouping("fusion-regions"))
    by_interspaces = Same("joints", "overlaps", theirs="interspaces")
    by_level = Any((Same("joints", "overlaps"), by_interspaces))
    status = problem("fusion at a level requested", v.words(id, "spinal-fusion-status"), region, by_level)
    operation = procedures(
        "fusion operation at a level requested", it_is("therapy", v.words(id, "spinal-fusion")), region, by_interspaces
    )
    return v.criterion(id, All((Not(status), no_more(operation))), by=(id, "fusion-regions"), remedy="none")


def interval(v: Values) -> Criterion:
    """Half a year since the last ablation of the same side and level."""
    earlier = procedures(
        "ablation at this joint and side", it_is("therapy", v.words("interval", ABLATION)), same_target()
    )
    apart = latest(earlier, since_then(v.limits("interval")))
    return v.criterion("interval", EachTarget(IfThen(Exists(earlier), apart)), remedy="none")
