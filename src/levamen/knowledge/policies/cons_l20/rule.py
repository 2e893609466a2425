"""Multispecialty consensus on facet joint pain, lumbar (2020) and cervical (2021-22): one shape.

When conservative treatment was tried for as long as the text says, and the needle is guided as it says: a diagnostic
block. When, to be confirmed, one block took half the pain: ablation under fluoroscopy; again after three months of
relief, twice a year. Lumbar injections as treatment only, to be confirmed, where ablation cannot be.
A value that one region's text does not have leaves its criterion out. Sources and amounts: values.yaml.
Dossier: spine injections, sections 0.1, 2.3 and 3.2.
"""

from __future__ import annotations

from msgspec.structs import replace

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    it_is,
    latest,
    no_more,
    procedures,
    relief_at_best,
    relief_held,
    rolling,
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
    Same,
    Streak,
    Truth,
)
from levamen.knowledge.model import Rule, Values

BLOCK, INJECTION, ABLATION = "medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"


def rules(values: Values) -> tuple[Rule, ...]:
    """A block as a test, an injection as treatment where the text speaks of it, and ablation."""
    v = values
    region = v.criterion("region", asked_is("region", v.choices("region")), remedy="none")
    blocks = frozenset({BLOCK, INJECTION})
    diagnostic = Rule(
        id="diagnostic",
        therapies=blocks,
        scope=(region,),
        requirements=(conservative_trial(v), *guidance(v), *diagnostic_requirements(v)),
    )
    ablation = Rule(
        id="ablation",
        therapies=frozenset({ABLATION}),
        scope=(region, v.criterion("technique", asked_is("technique", v.choices("technique")), remedy="none")),
        requirements=(conservative_trial(v), *ablation_requirements(v)),
    )
    if not v.has("therapeutic-reason"):  # the text is silent on treatment: a block of unstated purpose is open
        test = asked_is("purpose", v.words("prognostic-block", "diagnostic"))
        as_a_test = v.criterion("as-a-test", test, by="prognostic-block", remedy="none")
        return replace(diagnostic, scope=(region, as_a_test)), ablation
    reason = v.criterion("therapeutic-reason", v.judged("therapeutic-reason"), remedy="none")
    therapeutic = Rule(
        id="therapeutic",
        therapies=blocks,
        purposes=frozenset({"therapeutic"}),
        scope=(region,),
        requirements=(conservative_trial(v), *guidance(v), reason),
        stance="consider",
    )
    return replace(diagnostic, purposes=frozenset({"diagnostic"})), therapeutic, ablation


def conservative_trial(v: Values) -> Criterion:
    """Conservative treatment first, for as long as the text says."""
    care = Facts("conservative-care", "conservative care", window=SINCE_THIS_PAIN)
    return v.criterion(
        "conservative-trial",
        Compare(Accumulated(care), v.limits("conservative-trial")),
        remedy="action",
        needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
    )


def guidance(v: Values) -> tuple[Criterion, ...]:
    """How the needle is guided, to the nerves and into the joint."""
    return tuple(
        v.criterion(
            id,
            IfThen(asked_is("therapy", v.words("prognostic-block", therapy)), guided(v, id)),
            by=(id, f"{id}-other", f"{id}-context") if v.has(f"{id}-other") else (id,),
            remedy="none",
        )
        for id, therapy in (("guidance-block", BLOCK), ("guidance-joint", INJECTION))
    )


def diagnostic_requirements(v: Values) -> tuple[Criterion, ...]:
    """Which block it is, and what the uppermost joints need."""
    joint = asked_is("therapy", v.words("prognostic-block", INJECTION))
    choice = v.criterion("block-of-choice", IfThen(joint, v.judged("block-of-choice")), remedy="none")
    return (choice, imaging_first(v)) if v.has("advanced-imaging") else (choice,)


def guided(v: Values, id: str) -> Truth:
    """By the guidance the text recommends, or by another where it says that this can be right."""
    recommended = asked_is("guidance", v.choices(id))
    if not v.has(f"{id}-other"):
        return recommended
    other = asked_is("guidance", v.choices(f"{id}-other"))
    return Any((recommended, All((other, v.judged(f"{id}-context")))))


def imaging_first(v: Values) -> Criterion:
    """The joints between head, first and second vertebra: advanced imaging before the needle."""
    images = Facts(
        "findings",
        "finding of advanced imaging in the region",
        All((it_is("method", v.choices("advanced-imaging")), Same("region", "equal"))),
        closed_by="present",
    )
    uppermost = asked_is("joints", v.choices("uppermost-joints"))
    return v.criterion(
        "advanced-imaging",
        IfThen(uppermost, Exists(images)),
        by=("advanced-imaging", "uppermost-joints"),
        remedy="action",
    )


def ablation_requirements(v: Values) -> tuple[Criterion, ...]:
    """First after enough positive blocks; again after months of relief, so many times a year."""
    here = same_target()
    ablated = it_is("therapy", v.words("ablation-cap", ABLATION))
    earlier = procedures("ablation at this joint and side", ablated, here)
    this_year = procedures("ablation at this joint and side", ablated, here, window=rolling(v.limits("cap-window")))
    tests = procedures(
        "diagnostic block at this joint and side",
        it_is("therapy", v.choices("prognostic-block")),
        it_is("purpose", v.words("prognostic-block", "diagnostic")),
        here,
        window=SINCE_THIS_PAIN,
    )
    positive = relief_at_best(v.limits("block-relief"))
    enough = Compare(Streak(tests, positive), v.limits("blocks"))
    again = Exists(earlier)
    lasted = relief_held(v.limits("any-relief"), v.limits("repeat-length"))
    implant = Facts(
        "devices", "implanted electrical device", it_is("kind", v.choices("electrical-implants")), closed_by="present"
    )
    return (
        v.criterion("guidance-ablation", asked_is("guidance", v.choices("guidance-ablation")), remedy="none"),
        v.criterion(
            "last-block-positive",
            EachTarget(IfThen(All((no_more(earlier), Exists(tests))), latest(tests, positive))),
            by=("block-relief", "prognostic-block"),
            remedy="none",
        ),
        v.criterion(
            "blocks",
            EachTarget(IfThen(no_more(earlier), enough)),
            by=("blocks", "block-relief", "prognostic-block"),
            remedy="action",
            needs=(Need(kind="therapy", what=BLOCK, therapy=BLOCK),),
        ),
        v.criterion(
            "repeat-length",
            EachTarget(IfThen(again, latest(earlier, since_then(v.limits("repeat-length"))))),
            remedy="none",
        ),
        v.criterion(
            "repeat-relief",
            EachTarget(IfThen(again, All((latest(earlier, lasted), v.judged("repeat-relief"))))),
            by=("repeat-relief", "any-relief", "repeat-length"),
            remedy="none",
        ),
        v.criterion(
            "ablation-cap",
            EachTarget(sessions(this_year, v.limits("ablation-cap"))),
            by=("ablation-cap", "cap-window"),
            remedy="none",
        ),
        v.criterion(
            "device-team",
            Any((Not(Exists(implant)), v.judged("device-team"))),
            by=("device-team", "electrical-implants"),
            remedy="action",
        ),
    )
