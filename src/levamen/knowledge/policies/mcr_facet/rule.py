"""US Medicare, facet joints: diagnostic blocks, then thermal ablation; injections where ablation cannot be; cysts.

When pain is axial, three months old, moderate to severe, and conservative care has failed; and no other cause, no
untreated radiculopathy: a diagnostic block. When two in a row at the same joint each gave 80 % relief: ablation.
When an ablation gave 50 % for six months: again, twice a year at most in a region. A cyst that presses on a root may be
emptied, once again if that helped by half for three months.
Sources and amounts: values.yaml. Dossier: spine injections, sections 2.1, 3.1 and 11.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    finding,
    function_held,
    it_is,
    latest,
    no_more,
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
    All,
    Any,
    Compare,
    Count,
    Criterion,
    EachTarget,
    Exists,
    Facts,
    Field,
    IfThen,
    Limit,
    Need,
    Number,
    Readings,
    Stated,
    Streak,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.mcr_facet.general import general_exclusions, general_requirements

BLOCK, INJECTION, ABLATION = "medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"
CYST = "facet-cyst-aspiration"


def rules(values: Values) -> tuple[Rule, ...]:
    """The four questions this family answers."""
    common = general_requirements(values)
    exclusions = general_exclusions(values)
    return (
        Rule(
            id="diagnostic",
            therapies=frozenset({BLOCK, INJECTION}),
            purposes=frozenset({"diagnostic"}),
            exclusions=(*exclusions, already_ablated(values)),
            requirements=(*common, *diagnostic_requirements(values)),
        ),
        Rule(
            id="therapeutic",
            therapies=frozenset({BLOCK, INJECTION}),
            purposes=frozenset({"therapeutic"}),
            exclusions=exclusions,
            requirements=(*common, *therapeutic_requirements(values)),
        ),
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            exclusions=(*exclusions, technique_denied(values)),
            requirements=(*common, *ablation_requirements(values)),
        ),
        Rule(
            id="cyst",
            therapies=frozenset({CYST}),
            exclusions=tuple(c for c in exclusions if c.id != "untreated-radiculopathy"),
            requirements=(*(c for c in common if c.id != "pain-pattern"), *cyst_requirements(values)),
        ),
    )


def diagnostic_requirements(v: Values) -> tuple[Criterion, ...]:
    """First and second diagnostic block."""
    diagnostic = it_is("purpose", v.words("diagnostic-cap", "diagnostic"))
    blocks = it_is("therapy", v.words("diagnostic-cap", BLOCK, INJECTION))
    here = procedures(
        "diagnostic block at this joint and side", blocks, diagnostic, same_target(), window=SINCE_THIS_PAIN
    )
    in_region = procedures(
        "diagnostic facet block in the region",
        blocks,
        diagnostic,
        same_region(v.grouping("regions")),
        window=rolling(v.limits("cap-window")),
    )
    inside_joint = asked_is("therapy", v.words("intra-articular-reason", INJECTION))
    return (
        v.criterion("intent", v.judged("intent"), remedy="none"),
        v.criterion("intra-articular-reason", IfThen(inside_joint, v.judged("intra-articular-reason")), remedy="none"),
        v.criterion(
            "block-relief",
            EachTarget(IfThen(Exists(here), latest(here, relief_at_best(v.limits("block-relief"))))),
            remedy="none",
        ),
        v.criterion(
            "block-interval",
            EachTarget(IfThen(Exists(here), latest(here, since_then(v.limits("block-interval"))))),
            remedy="none",
        ),
        v.criterion(
            "diagnostic-cap",
            sessions(in_region, v.limits("diagnostic-cap")),
            by=("diagnostic-cap", "cap-window", "regions"),
            remedy="none",
        ),
    )


def already_ablated(v: Values) -> Criterion:
    """No diagnostic block where an ablation worked; after two years the texts pull both ways."""
    worked = relief_held(v.limits("successful-ablation-relief"), v.limits("successful-ablation-length"))
    recent = since_then(v.limits("new-blocks-after"))
    return v.criterion(
        "already-ablated",
        EachTarget(
            All((Exists(ablations_here(v)), latest(ablations_here(v), All((worked, Readings((All(()), recent)))))))
        ),
        by=("already-ablated", "successful-ablation-relief", "successful-ablation-length", "new-blocks-after"),
        remedy="none",
    )


def therapeutic_requirements(v: Values) -> tuple[Criterion, ...]:
    """Injections as treatment: two positive tests and no ablation possible; again after three good months."""
    blocks = it_is("therapy", v.words("therapeutic-cap", BLOCK, INJECTION))
    diagnostic = it_is("purpose", v.words("blocks-before-therapy", "diagnostic"))
    therapeutic = it_is("purpose", v.words("therapeutic-cap", "therapeutic"))
    here = (blocks, diagnostic, same_target())
    earlier = procedures("therapeutic facet injection at this joint and side", blocks, therapeutic, same_target())
    in_region = procedures(
        "therapeutic facet injection in the region",
        blocks,
        therapeutic,
        same_region(v.grouping("regions")),
        window=rolling(v.limits("cap-window")),
    )
    level, length = v.limits("therapeutic-repeat-relief"), v.limits("therapeutic-repeat-length")
    gained = Any((
        relief_held(level, length),
        All((Stated(Field("it", "function_recorded")), Compare(Number(Field("it", "last_function")), level))),
    ))  # fmt: skip
    positive = relief_at_best(v.limits("block-relief"))
    enough = in_a_row("diagnostic block at this joint and side", here, positive, v.limits("blocks-before-therapy"))
    return (
        v.criterion(
            "blocks-before-therapy",
            EachTarget(IfThen(no_more(earlier), enough)),
            by=("blocks-before-therapy", "block-relief"),
            remedy="action",
            needs=(Need(kind="therapy", what=BLOCK, therapy=BLOCK),),
        ),
        v.criterion(
            "duration-fits-agent",
            Any((EachTarget(Exists(earlier)), v.judged("duration-fits-agent"))),
            remedy="none",
        ),
        v.criterion("ablation-not-possible", v.judged("ablation-not-possible"), remedy="none"),
        v.criterion(
            "therapeutic-repeat",
            EachTarget(IfThen(Exists(earlier), latest(earlier, gained))),
            by=("therapeutic-repeat-relief", "therapeutic-repeat-length"),
            remedy="none",
        ),
        v.criterion(
            "therapeutic-cap",
            sessions(in_region, v.limits("therapeutic-cap")),
            by=("therapeutic-cap", "cap-window", "regions"),
            remedy="none",
        ),
    )


def in_a_row(noun: str, here: tuple[Truth, ...], positive: Truth, enough: tuple[Limit, ...]) -> Truth:
    """So many tests of this pain in a row were positive, on so many days: two entries of one day are one test."""
    tests = procedures(noun, *here, window=SINCE_THIS_PAIN)
    good = procedures(f"positive {noun}", *here, positive, window=SINCE_THIS_PAIN)
    return All((Compare(Streak(tests, positive), enough), sessions(good, enough)))


def cyst_requirements(v: Values) -> tuple[Criterion, ...]:
    """A cyst seen to press on the root that hurts; once again if the first time gave half the pain for three months.

    Its pain is root pain, so the general requirement of axial pain and the exclusion of root pain are left out.
    """
    seen = finding(
        "facet synovial cyst on MRI, CT or myelogram in the region",
        v.words("cyst-imaging", "synovial-cyst"),
        it_is("method", v.choices("cyst-imaging")),
        same_region(v.grouping("regions")),
    )
    earlier = procedures("cyst procedure here", it_is("therapy", v.words("cyst-cap", CYST)), same_target())
    held = relief_held(v.limits("cyst-repeat-relief"), v.limits("cyst-repeat-length"))
    return (
        v.criterion("cyst-imaging", seen, remedy="action", needs=(Need(kind="finding", what="synovial-cyst"),)),
        v.criterion("cyst-presses-root", v.judged("cyst-presses-root"), remedy="none"),
        v.criterion(
            "cyst-repeat",
            EachTarget(IfThen(Exists(earlier), latest(earlier, held))),
            by=("cyst-repeat-relief", "cyst-repeat-length"),
            remedy="none",
        ),
        v.criterion("cyst-cap", EachTarget(Compare(Count(earlier), v.limits("cyst-cap"))), remedy="none"),
    )


def ablations_here(v: Values) -> Facts:
    """Ablations done at this joint and side."""
    return procedures(
        "ablation at this joint and side", it_is("therapy", v.words("ablation-cap", ABLATION)), same_target()
    )


def thermal_ablations_here(v: Values) -> Facts:
    """Ablations of a covered technique: one that Medicare denies (pulsed) is not the first ablation of a repeat."""
    ablation = it_is("therapy", v.words("ablation-cap", ABLATION))
    covered = it_is("technique", v.choices("technique"))
    return procedures("thermal ablation at this joint and side", ablation, covered, same_target())


def ablation_requirements(v: Values) -> tuple[Criterion, ...]:
    """First ablation after two positive blocks; again after half a year of half the pain."""
    diagnostic = it_is("purpose", v.words("blocks-before-ablation", "diagnostic"))
    block = it_is("therapy", v.words("blocks-before-ablation", BLOCK))
    noun, here = "diagnostic medial branch block at this joint and side", (block, diagnostic, same_target())
    tests = procedures(noun, *here, window=SINCE_THIS_PAIN)
    first_time = no_more(thermal_ablations_here(v))
    again = Exists(thermal_ablations_here(v))
    positive = relief_at_best(v.limits("ablation-block-relief"))
    enough = in_a_row(noun, here, positive, v.limits("blocks-before-ablation"))
    in_region = procedures(
        "facet ablation in the region",
        it_is("therapy", v.words("ablation-cap", ABLATION)),
        same_region(v.grouping("regions")),
        window=rolling(v.limits("cap-window")),
    )
    need_block = (Need(kind="therapy", what=BLOCK, therapy=BLOCK),)
    return (
        v.criterion("technique", asked_is("technique", v.choices("technique")), remedy="none"),
        v.criterion(
            "last-block-positive",
            EachTarget(IfThen(All((first_time, Exists(tests))), latest(tests, positive))),
            by="ablation-block-relief",
            remedy="none",
        ),
        v.criterion(
            "blocks-before-ablation",
            EachTarget(IfThen(first_time, enough)),
            by=("blocks-before-ablation", "ablation-block-relief"),
            remedy="action",
            needs=need_block,
        ),
        v.criterion("duration-fits-agent", Any((EachTarget(again), v.judged("duration-fits-agent"))), remedy="none"),
        v.criterion(
            "repeat-relief",
            EachTarget(IfThen(again, latest(thermal_ablations_here(v), Any((_relief_lasted(v), _function_gained(v)))))),
            by=("repeat-relief", "repeat-length", "repeat-function-any", "repeat-function-half"),
            remedy="none",
        ),
        v.criterion(
            "new-blocks",
            EachTarget(IfThen(again, Any((_source_is_clear(v), _blocks_since(v))))),
            by=("new-blocks-after", "source-not-in-question"),
            remedy="action",
            needs=need_block,
        ),
        v.criterion(
            "ablation-cap",
            sessions(in_region, v.limits("ablation-cap")),
            by=("ablation-cap", "cap-window", "regions"),
            remedy="none",
        ),
    )


def technique_denied(v: Values) -> Criterion:
    """Chemical, laser and low-grade thermal denervation."""
    return v.criterion("technique-denied", asked_is("technique", v.choices("technique-denied")), remedy="none")


def _relief_lasted(v: Values) -> Truth:
    return relief_held(v.limits("repeat-relief"), v.limits("repeat-length"))


def _function_gained(v: Values) -> Truth:
    """The determination: any consistent gain. The answers and Noridian: half, for as long.

    Without a record of function the pain limb alone decides.
    """
    any_gain = Compare(Number(Field("it", "last_function")), v.limits("repeat-function-any"))
    half = function_held(v.limits("repeat-function-half"), v.limits("repeat-length"))
    return All((Stated(Field("it", "function_recorded")), Readings((any_gain, half))))


def _source_is_clear(v: Values) -> Truth:
    recent = latest(thermal_ablations_here(v), since_then(v.limits("new-blocks-after")))
    clear = v.judged("source-not-in-question")
    either = Any((recent, clear))
    return Readings((either, All((recent, clear)))) if v.has("either-reason-is-enough") else either


def _blocks_since(v: Values) -> Truth:
    """Two positive blocks after the last ablation: an ablation between them ends the row."""
    words = v.words("blocks-before-ablation", BLOCK)
    both = it_is("therapy", v.words("blocks-before-ablation", BLOCK, ABLATION))
    row = procedures("block or ablation at this joint and side", both, same_target())
    positive = All((it_is("therapy", words), relief_at_best(v.limits("ablation-block-relief"))))
    return Compare(Streak(row, positive), v.limits("blocks-before-ablation"))
