"""BCBS Alabama, facetogenic pain (MP-141): facet joint injections and medial branch blocks.

When the region is thoracic or the needle is guided by ultrasound: not covered, the policy calls both investigational.
When there were fewer than four facet sessions in the region in twelve months: a diagnostic block may be done.
When, besides, a diagnostic block at the joint gave half or more relief: an injection as treatment may be done.
Sources and amounts: values.yaml. Dossier: spine injections, section 2.4.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    it_is,
    latest,
    procedures,
    relief_at_best,
    rolling,
    same_region,
    same_target,
    sessions,
)
from levamen.criteria.nodes import Criterion, EachTarget, Need
from levamen.knowledge.model import Rule, Values

BLOCK, INJECTION = "medial-branch-block", "facet-joint-injection"


def rules(values: Values) -> tuple[Rule, ...]:
    """A facet block as a test, and as a treatment."""
    exclusions = investigational(values)
    return (
        Rule(
            id="diagnostic",
            therapies=frozenset({BLOCK, INJECTION}),
            purposes=frozenset({"diagnostic"}),
            exclusions=exclusions,
            requirements=(session_cap(values),),
        ),
        Rule(
            id="therapeutic",
            therapies=frozenset({BLOCK, INJECTION}),
            purposes=frozenset({"therapeutic"}),
            exclusions=exclusions,
            requirements=(positive_block(values), session_cap(values)),
        ),
    )


def investigational(v: Values) -> tuple[Criterion, ...]:
    """Thoracic facet procedures and guidance by ultrasound are called investigational."""
    return (
        v.criterion("investigational-region", asked_is("region", v.choices("investigational-region")), remedy="none"),
        v.criterion(
            "investigational-guidance", asked_is("guidance", v.choices("investigational-guidance")), remedy="none"
        ),
    )


def positive_block(v: Values) -> Criterion:
    """A diagnostic block at the joint and side gave half or more relief."""
    tests = procedures(
        "diagnostic facet block at this joint and side",
        it_is("therapy", v.words("block-relief", BLOCK, INJECTION)),
        it_is("purpose", v.words("block-relief", "diagnostic")),
        same_target(),
        window=SINCE_THIS_PAIN,
    )
    return v.criterion(
        "block-relief",
        EachTarget(latest(tests, relief_at_best(v.limits("block-relief"), remedy="none"))),
        remedy="action",
        needs=(Need(kind="therapy", what=BLOCK, therapy=BLOCK),),
    )


def session_cap(v: Values) -> Criterion:
    """At most four facet sessions in a region in twelve months; lumbar and sacral are one region."""
    earlier = procedures(
        "facet injection or block in the region",
        it_is("therapy", v.words("session-cap", BLOCK, INJECTION)),
        same_region(v.grouping("regions")),
        window=rolling(v.limits("cap-window")),
    )
    return v.criterion(
        "session-cap",
        sessions(earlier, v.limits("session-cap")),
        by=("session-cap", "cap-window", "regions"),
        remedy="none",
    )
