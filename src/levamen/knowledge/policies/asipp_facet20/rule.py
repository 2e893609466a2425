"""ASIPP facet guideline 2020 with the society's checklist: blocks, ablation, and what may stand in for it.

When axial pain above 5 is three months old, the joints are tender and move less, rest helps, nothing is radicular, care
failed, and the needle is guided by fluoroscopy or CT: a block with lidocaine; after 80 %: one with bupivacaine. After
both: ablation, again after six months of adequate relief, never after intolerance or lack of response; or, where
ablation cannot be, blocks as treatment. Sources and amounts: values.yaml. Dossier: spine injections, 0.1, 2.2 and 3.2.
"""

from __future__ import annotations

from msgspec.structs import replace

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    it_is,
    latest,
    no_more,
    pain,
    pain_lasted,
    problem,
    procedures,
    relief_at_best,
    relief_held,
    same_target,
    sessions,
    since_then,
)
from levamen.criteria.nodes import (
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
    Same,
    Stated,
    Streak,
    Truth,
)
from levamen.knowledge.model import Rule, Values

BLOCK, INJECTION, ABLATION = "medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"
NEED_BLOCK = (Need(kind="therapy", what=BLOCK, therapy=BLOCK),)


def rules(values: Values) -> tuple[Rule, ...]:
    """Blocks as tests and as treatment, injections into the joint, ablation."""
    v = values
    common = (*selection(v), v.criterion("guidance", asked_is("guidance", v.choices("guidance")), remedy="none"))
    treatment = frozenset({"therapeutic"})
    return (
        Rule(
            id="diagnostic",
            therapies=frozenset({BLOCK}),
            purposes=frozenset({"diagnostic"}),
            requirements=(*common, *diagnostic_requirements(v)),
        ),
        Rule(
            id="therapeutic",
            therapies=frozenset({BLOCK}),
            purposes=treatment,
            requirements=(*common, *instead_of_ablation(v)),
        ),
        Rule(
            id="intra-articular",
            therapies=frozenset({INJECTION}),
            purposes=treatment,
            requirements=(
                *common,
                v.criterion(
                    "intra-articular-regions", asked_is("region", v.choices("intra-articular-regions")), remedy="none"
                ),
            ),
            stance="consider",
        ),
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            scope=(v.criterion("technique", asked_is("technique", v.choices("technique")), remedy="none"),),
            exclusions=earlier_went_badly(v),
            requirements=(*common, *ablation_requirements(v)),
        ),
    )


def selection(v: Values) -> tuple[Criterion, ...]:
    """Who is selected: the digest of the guideline, and the pain score of the checklist."""
    radicular = problem(
        "radiculopathy in the region", v.words("no-radicular-pattern", "radiculopathy"), Same("region", "equal")
    )
    failed = Facts(
        "conservative-care",
        "course of conservative care that did not help",
        it_is("response", v.choices("conservative-care-failed")),
        SINCE_THIS_PAIN,
    )
    score = Facts("index-scores", "score of the index pain from 0 to 10", it_is("instrument", v.choices("pain-scale")))
    high = Compare(Number(Field("it", "value")), v.limits("pain-score"), remedy="none")
    return (
        v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
        v.criterion("pain-pattern", pain(it_is("pattern", v.choices("pain-pattern"))), remedy="none"),
        v.criterion("no-radicular-pattern", Not(radicular), remedy="action"),
        v.criterion(
            "facet-tenderness",
            examined(v, "facet-tenderness", "facet tenderness", "facet-tenderness"),
            remedy="action",
        ),
        v.criterion(
            "less-motion",
            examined(v, "less-motion", "limited range of motion", "limited-range-of-motion"),
            remedy="action",
        ),
        v.criterion("relief-with-rest", v.judged("relief-with-rest"), remedy="none"),
        v.criterion(
            "conservative-care-failed",
            Exists(failed),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
        v.criterion(
            "pain-score",
            latest(score, high),
            by=("pain-score", "pain-scale"),
            remedy="action",
            needs=(Need(kind="score", what="nrs"),),
        ),
    )


def examined(v: Values, id: str, noun: str, concept: str) -> Truth:
    """The latest such examination of the region found it; where none is recorded, a clinician says so."""
    where = All((it_is("concept", v.words(id, concept)), Same("region", "equal")))
    recorded = Facts("findings", f"{noun} in the region", where, closed_by="present")
    found = latest(recorded, Stated(Field("it", "present"), remedy="none"))
    looked_for = replace(recorded, noun=f"record of {recorded.noun}")
    return All((Any((found, v.judged(id))), IfThen(Exists(looked_for), found)))


def blocks_here(v: Values, *where: Truth, noun: str = "diagnostic block at this joint and side") -> Facts:
    """Diagnostic blocks at the joint and side."""
    return procedures(
        noun,
        it_is("therapy", v.words("blocks", BLOCK)),
        it_is("purpose", v.words("blocks", "diagnostic")),
        same_target(),
        *where,
        window=SINCE_THIS_PAIN,
    )


def positive(v: Values) -> Compare:
    """The relief that makes a block positive."""
    return relief_at_best(v.limits("block-relief"))


def diagnostic_requirements(v: Values) -> tuple[Criterion, ...]:
    """The first block with lidocaine, the second with bupivacaine; after a negative one, stop."""
    done = Exists(blocks_here(v))
    return (
        v.criterion("block-relief", EachTarget(IfThen(done, latest(blocks_here(v), positive(v)))), remedy="none"),
        v.criterion(
            "first-anesthetic",
            EachTarget(IfThen(no_more(blocks_here(v)), with_anesthetic(v, "first-anesthetic"))),
            remedy="none",
        ),
        v.criterion(
            "second-anesthetic", EachTarget(IfThen(done, with_anesthetic(v, "second-anesthetic"))), remedy="none"
        ),
    )


def with_anesthetic(v: Values, id: str) -> Truth:
    """If the request names a local anesthetic, it is this one."""
    return IfThen(asked_is("drugs", v.words(id, "local-anesthetic")), asked_is("drugs", v.choices(id)))


def enough(v: Values) -> Truth:
    """Two positive blocks in a row, on two days: two entries of one day are one test."""
    good = blocks_here(v, positive(v), noun="positive diagnostic block at this joint and side")
    return All((Compare(Streak(blocks_here(v), positive(v)), v.limits("blocks")), sessions(good, v.limits("blocks"))))


def instead_of_ablation(v: Values) -> tuple[Criterion, ...]:
    """Blocks as treatment stand in for ablation."""
    return (
        v.criterion(
            "blocks-before-treatment",
            EachTarget(enough(v)),
            by=("blocks", "block-relief"),
            remedy="action",
            needs=NEED_BLOCK,
        ),
        v.criterion("instead-of-ablation", v.judged("instead-of-ablation"), remedy="action"),
    )


def ablations_here(v: Values) -> Facts:
    """Ablations done at the joint and side."""
    return procedures(
        "ablation at this joint and side", it_is("therapy", v.words("repeat-length", ABLATION)), same_target()
    )


def earlier_went_badly(v: Values) -> tuple[Criterion, ...]:
    """Not after intolerance; contraindicated after a lack of response, at any joint and side that is asked for."""
    earlier = procedures(
        "ablation at a joint and side requested",
        it_is("therapy", v.words("earlier-response", ABLATION)),
        Same("side", "overlaps"),
        Same("joints", "overlaps"),
    )
    return tuple(
        v.criterion(id, All((Exists(earlier), Not(v.judged(id)))), remedy="none")
        for id in ("earlier-tolerated", "earlier-response")
    )


def positive_with(v: Values, id: str) -> Exists:
    """A positive block with this anesthetic."""
    drugs = " or ".join(sorted(word for choice in v.choices(id) for word in choice.words))
    noun = f"positive diagnostic block with {drugs} at this joint and side"
    return Exists(blocks_here(v, it_is("drugs", v.choices(id)), positive(v), noun=noun))


def ablation_requirements(v: Values) -> tuple[Criterion, ...]:
    """First after both blocks, one with each anesthetic; again after half a year of adequate relief."""
    first_time, again = no_more(ablations_here(v)), Exists(ablations_here(v))
    with_first, with_second = (positive_with(v, id) for id in ("first-anesthetic", "second-anesthetic"))
    lasted = relief_held(v.limits("any-relief"), v.limits("repeat-length"))
    return (
        v.criterion(
            "last-block-positive",
            EachTarget(IfThen(All((first_time, Exists(blocks_here(v)))), latest(blocks_here(v), positive(v)))),
            by="block-relief",
            remedy="none",
        ),
        v.criterion(
            "blocks",
            EachTarget(IfThen(first_time, enough(v))),
            by=("blocks", "block-relief"),
            remedy="action",
            needs=NEED_BLOCK,
        ),
        v.criterion(
            "both-anesthetics",
            EachTarget(IfThen(first_time, All((with_first, with_second)))),
            by=("first-anesthetic", "second-anesthetic", "block-relief"),
            remedy="action",
            needs=NEED_BLOCK,
        ),
        v.criterion(
            "repeat-length",
            EachTarget(IfThen(again, latest(ablations_here(v), since_then(v.limits("repeat-length"))))),
            remedy="none",
        ),
        v.criterion(
            "repeat-relief",
            EachTarget(IfThen(again, All((latest(ablations_here(v), lasted), v.judged("repeat-relief"))))),
            by=("repeat-relief", "any-relief", "repeat-length"),
            remedy="none",
        ),
    )
