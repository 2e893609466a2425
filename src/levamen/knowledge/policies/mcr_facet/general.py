"""What every facet procedure needs and what is denied whatever else is true (sections A and Limitations)."""

from __future__ import annotations

from levamen.criteria.build import (
    asked_is,
    finding,
    it_is,
    pain,
    pain_lasted,
    problem,
    procedures,
    same_region,
)
from levamen.criteria.nodes import (
    All,
    Any,
    Compare,
    Count,
    Criterion,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Number,
    Readings,
    Stated,
    Truth,
)
from levamen.knowledge.model import Values


def general_requirements(v: Values) -> tuple[Criterion, ...]:
    """What every facet procedure needs (section A)."""
    failed = Facts(
        "conservative-care",
        "course of conservative care that did not help",
        Any(
            (
                it_is("response", v.choices("conservative-care-failed")),
                it_is("stopped_because", v.choices("conservative-care-stopped")),
            )
        ),
    )
    pain_scale = Facts("index-scores", "score of the index pain", it_is("instrument", v.choices("baseline-pain-scale")))
    disability = Facts("scores", "disability score", it_is("instrument", v.choices("disability-scales")))
    return (
        v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
        v.criterion("pain-pattern", pain(it_is("pattern", v.choices("pain-pattern"))), remedy="none"),
        v.criterion("pain-severity", v.judged("pain-severity"), remedy="none"),
        v.criterion(
            "conservative-care-failed",
            Exists(failed),
            by=("conservative-care-failed", "conservative-care-stopped"),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
        v.criterion(
            "other-cause-excluded",
            _other_cause_excluded(v),
            remedy="action",
            needs=(Need(kind="finding", what="other-cause-excluded"),),
        ),
        v.criterion("guidance", asked_is("guidance", v.choices("guidance")), remedy="none"),
        v.criterion(
            "levels-per-session",
            Compare(Number(Field("subject", "joints")), v.limits("levels-per-session")),
            remedy="none",
        ),
        v.criterion(
            "baseline-pain-scale",
            Exists(pain_scale),
            remedy="action",
            needs=(Need(kind="score", what="nrs"),),
        ),
        v.criterion(
            "baseline-disability-scale",
            Compare(Count(disability), v.limits("baseline-disability-scale")),
            by=("baseline-disability-scale", "disability-scales"),
            remedy="action",
            needs=(Need(kind="score", what="odi"),),
        ),
    )


def general_exclusions(v: Values) -> tuple[Criterion, ...]:
    """What is denied whatever else is true (section A, Limitations)."""
    return (
        _untreated_radiculopathy(v),
        _generalized_pain(v),
        v.criterion("centralized-pain", pain(it_is("mechanism", v.choices("centralized-pain"))), remedy="none"),
        _after_anterior_fusion(v),
        v.criterion(
            "not-designated-substances", asked_is("drugs", v.choices("not-designated-substances")), remedy="none"
        ),
        v.criterion("guidance-denied", asked_is("guidance", v.choices("guidance-denied")), remedy="none"),
    )


def _other_cause_excluded(v: Values) -> Truth:
    """By a finding or a clinician's statement; what was recorded is not overruled by a general statement."""
    words = v.words("other-cause-excluded", "other-cause-excluded")
    recorded = Facts("findings", "statement on other causes", it_is("concept", words), closed_by="recorded")
    cleared = finding("statement that other causes are excluded", words)
    return All((IfThen(Exists(recorded), cleared), Any((cleared, v.judged("other-cause-excluded")))))


def _generalized_pain(v: Values) -> Criterion:
    """A widespread index pain. A diagnosis of fibromyalgia beside an axial pain is read both ways."""
    id = "generalized-pain"
    widespread = pain(it_is("pattern", v.choices(id)))
    diagnosis = problem("diagnosis of fibromyalgia", v.choices("generalized-pain-conditions"))
    return v.criterion(
        id,
        Any((widespread, Readings((diagnosis, Any(()))))),
        by=(id, "generalized-pain-conditions"),
        remedy="none",
    )


def _untreated_radiculopathy(v: Values) -> Criterion:
    """Untreated root pain or claudication in the region, unless a facet synovial cyst there is its cause."""
    id = "untreated-radiculopathy"
    here = same_region(v.grouping("regions"))
    root_pain = problem(
        "untreated radiculopathy or neurogenic claudication in the region",
        v.words(id, "radiculopathy", "neurogenic-claudication"),
        here,
        Not(Stated(Field("it", "attributes.treated"))),
    )
    words = v.words("caused-by-cyst", "facet-synovial-cyst", "synovial-cyst")
    no_cyst = All((
        Not(problem("facet synovial cyst in the region", words, here)),
        Not(finding("facet synovial cyst in the region", words, here)),
    ))  # fmt: skip
    not_excused = Any((no_cyst, Not(v.judged("caused-by-cyst"))))
    return v.criterion(id, All((root_pain, not_excused)), by=(id, "caused-by-cyst", "regions"), remedy="action")


def _after_anterior_fusion(v: Values) -> Criterion:
    """Any lumbar facet procedure after an anterior lumbar interbody fusion, on the problem list or as an operation."""
    id = "after-anterior-fusion"
    lumbar, anterior = v.words(id, "lumbar"), v.words(id, "anterior")
    status = problem(
        "anterior lumbar interbody fusion",
        v.words(id, "spinal-fusion-status"),
        it_is("region", lumbar),
        it_is("attributes.approach", anterior),
    )
    operation = procedures(
        "anterior lumbar fusion",
        it_is("therapy", v.words(id, "spinal-fusion")),
        it_is("region", lumbar),
        it_is("approach", anterior),
    )
    asked = asked_is("region", v.words(id, "lumbar", "sacral"))
    return v.criterion(id, All((asked, Any((status, Exists(operation))))), remedy="none")
