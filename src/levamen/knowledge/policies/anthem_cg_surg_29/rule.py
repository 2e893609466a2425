"""Anthem CG-SURG-29, lumbar discography, and the shape of the payers that say the same.

When low back pain has not let go for three months, conservative therapy failed, non-invasive tests do not explain it
and nothing stands against it, and a disc is suspected with surgery in view, or a segment that was fused still hurts:
provocative discography of the lumbar spine. A criterion exists where values.yaml has its value.
Sources and amounts: values.yaml of each folder. Dossier: spine injections, section 6.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, pain_lasted, problem
from levamen.criteria.nodes import All, Any, Criterion, Exists, Facts, Need, Truth
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.nice_ng59.parts import when


def rules(v: Values) -> tuple[Rule, ...]:
    """One test."""
    return (
        Rule(
            id="discography",
            therapies=frozenset({"discography"}),
            scope=(
                v.criterion("regions", asked_is("region", v.choices("regions")), remedy="none"),
                v.criterion("techniques", asked_is("technique", v.choices("techniques")), remedy="none"),
            ),
            requirements=(*pain_and_care(v), indication(v)),
        ),
    )


def pain_and_care(v: Values) -> tuple[Criterion, ...]:
    """All of the first list."""
    failed = Facts(
        "conservative-care", "conservative care that did not help", it_is("response", v.choices("care-failed"))
    )
    physical = (Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),)
    combination = "conservative-combination"
    return (
        *when(v, "low-back", lambda: low_back(v)),
        v.criterion("unrelenting", v.judged("unrelenting"), remedy="none"),
        v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
        v.criterion("care-failed", Exists(failed), remedy="action", needs=physical),
        *when(v, combination, lambda: v.judged(combination), remedy="action"),
        v.criterion("noninvasive-insufficient", v.judged("noninvasive-insufficient"), remedy="action"),
        v.criterion("no-contraindication", v.judged("no-contraindication"), remedy="none"),
    )


def low_back(v: Values) -> Truth:
    """Low back pain is among the pains recorded."""
    return Exists(Facts("pain", "low back pain", it_is("site", v.choices("low-back")), closed_by="present"))


def indication(v: Values) -> Criterion:
    """One of the second list."""
    surgery = problem("pain after spinal surgery", v.choices("failed-back-surgery"))
    fused: Truth = All((surgery, v.judged("fused-segment")))
    by = ("disc-suspected", "failed-back-surgery", "fused-segment")
    return v.criterion("indication", Any((v.judged("disc-suspected"), fused)), by=by, remedy="none")
