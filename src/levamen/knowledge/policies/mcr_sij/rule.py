"""US Medicare, sacroiliac joint: a diagnostic injection, then injections as treatment; ablation is not covered.

When pain over the joint is three months old, moderate to severe and not radicular, at least three different provocative
tests are positive, four weeks of care failed and nothing else explains it: a diagnostic injection under fluoroscopy or
CT with contrast, a second only after 75 %; two sessions in twelve months. When the diagnostic one took 75 %: treatment,
again after half the pain or function for three months; four sessions in twelve months.
Sources and amounts: values.yaml. Dossier: spine injections, sections 0.3, 4, 11 and Corrections.
"""

from __future__ import annotations

from levamen.criteria.build import (
    asked_is,
    function_held,
    it_is,
    latest,
    no_more,
    pain,
    problem,
    procedures,
    relief_held,
    rolling,
    sessions,
    since_then,
)
from levamen.criteria.nodes import (
    All,
    Any,
    Criterion,
    EachTarget,
    Exists,
    Facts,
    Field,
    First,
    IfThen,
    Stated,
    The,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.mcr_sij.common import (
    ABLATION,
    BLOCK,
    INJECTION,
    THE_INJECTION,
    done,
    done_here,
    positive,
    tested_here,
    who,
)


def rules(v: Values) -> tuple[Rule, ...]:
    """The three questions this family answers."""
    needles, excluded = frozenset({INJECTION, BLOCK}), exclusions(v)
    common = (*who(v), *imaging(v))
    return (
        Rule(
            id="diagnostic",
            therapies=needles,
            purposes=frozenset({"diagnostic"}),
            exclusions=excluded,
            requirements=(*common, *diagnostic_requirements(v)),
        ),
        Rule(
            id="therapeutic",
            therapies=needles,
            purposes=frozenset({"therapeutic"}),
            exclusions=excluded,
            requirements=(*common, *therapeutic_requirements(v)),
        ),
        Rule(id="ablation", therapies=frozenset({ABLATION}), exclusions=(not_covered(v),)),
    )


def imaging(v: Values) -> tuple[Criterion, ...]:
    """Fluoroscopy or CT with contrast; ultrasound where contrast cannot be."""
    blind = All((asked_is("guidance", v.choices("guidance-without-contrast")), no_contrast_possible(v)))
    reasons = ("guidance-without-contrast", "contrast-allergies", "contrast-conditions")
    return (
        v.criterion(
            "guidance",
            Any((asked_is("guidance", v.choices("guidance")), blind)),
            by=("guidance", *reasons),
            remedy="none",
        ),
        v.criterion(
            "contrast",
            Any((asked_is("contrast", v.choices("contrast")), blind)),
            by=("contrast", *reasons),
            remedy="none",
        ),
    )


def no_contrast_possible(v: Values) -> Truth:
    """A contrast allergy or a pregnancy."""
    allergy = it_is("substance", v.choices("contrast-allergies"))
    return Any(
        (
            Exists(Facts("allergies", "allergy to contrast", allergy, closed_by="present")),
            problem("pregnancy", v.choices("contrast-conditions")),
        )
    )


def not_covered(v: Values) -> Criterion:
    """Ablation of the lateral branches."""
    id = "not-covered-therapies"
    return v.criterion(id, asked_is("therapy", v.choices(id)), remedy="none")


def exclusions(v: Values) -> tuple[Criterion, ...]:
    """What is denied whatever else is true."""
    id = "widespread-neuropathic-pain"
    widespread = pain(
        All((it_is("pattern", v.words(id, "widespread")), it_is("mechanism", v.words(id, "neuropathic"))))
    )
    syndrome = problem(
        "complex regional pain syndrome of the low back, sacrum, pelvis or leg",
        v.words("regional-pain-syndrome", "complex-regional-pain-syndrome"),
        it_is("region", v.words("regional-pain-syndrome", "lumbar", "sacral", "pelvis", "lower-limb")),
    )
    found = [
        not_covered(v),
        v.criterion("biologics", asked_is("drugs", v.choices("biologics")), remedy="none"),
        v.criterion("blind-technique", asked_is("guidance", v.choices("blind-technique")), remedy="none"),
        v.criterion("regional-pain-syndrome", syndrome, remedy="none"),
        v.criterion(id, widespread, remedy="none"),
    ]
    if v.has("other-blocks"):
        found.append(_other_blocks(v))
    return tuple(found)


def _other_blocks(v: Values) -> Criterion:
    """Another spine or trigger point block on the day or the day before: the effect could not be told apart."""
    close = procedures(
        "other block on the day or the day before",
        it_is("therapy", v.choices("other-blocks")),
        since_then(v.limits("other-blocks-before")),
    )
    return v.criterion("other-blocks", Exists(close), by=("other-blocks", "other-blocks-before"), remedy="none")


def diagnostic_requirements(v: Values) -> tuple[Criterion, ...]:
    """A second only after a positive first; two sessions in twelve months, whichever the side."""
    here = tested_here(v)
    return (
        v.criterion("diagnostic-relief", EachTarget(IfThen(Exists(here), latest(here, positive(v)))), remedy="none"),
        cap(v, "diagnostic"),
    )


def therapeutic_requirements(v: Values) -> tuple[Criterion, ...]:
    """First after a positive diagnostic injection of the side; again after three good months."""
    tested = tested_here(v)
    treated = done_here(v, "therapeutic-cap", "therapeutic")
    level, length = v.limits("therapeutic-repeat-gain"), v.limits("therapeutic-repeat-length")
    function = All((Stated(Field("it", "function_recorded")), function_held(level, length)))
    held = Any((relief_held(level, length), function))
    first = no_more(treated)
    found = [
        v.criterion(
            "diagnostic-first",
            EachTarget(IfThen(first, Exists(tested))),
            by="diagnostic-relief",
            remedy="action",
            needs=THE_INJECTION,
        ),
        v.criterion(
            "diagnostic-relief",
            EachTarget(IfThen(All((first, Exists(tested))), latest(tested, positive(v)))),
            remedy="none",
        ),
        v.criterion(
            "therapeutic-repeat",
            EachTarget(IfThen(Exists(treated), latest(treated, held))),
            by=("therapeutic-repeat-gain", "therapeutic-repeat-length"),
            remedy="none",
        ),
        cap(v, "therapeutic"),
    ]
    if v.has("relief-fits-agents"):
        fits = Any((EachTarget(Exists(treated)), v.judged("relief-fits-agents")))
        found.append(v.criterion("relief-fits-agents", fits, remedy="none"))
    if v.has("beyond-a-year"):
        found.append(_beyond_a_year(v, treated))
    return tuple(found)


def cap(v: Values, purpose: str) -> Criterion:
    """So many sessions of the purpose in rolling twelve months; the two sides on two days are two."""
    id = f"{purpose}-cap"
    window = f"{purpose}-window"
    facts = procedures(f"{purpose} sacroiliac injection", *done(v, id, purpose), window=rolling(v.limits(window)))
    return v.criterion(id, sessions(facts, v.limits(id)), by=(id, window), remedy="none")


def _beyond_a_year(v: Values, treated: Facts) -> Criterion:
    """Treatment that has gone on for more than a year is documented more closely."""
    long = All((Exists(treated), The(First(treated), since_then(v.limits("beyond-a-year")))))
    return v.criterion(
        "beyond-a-year-documented",
        EachTarget(IfThen(long, v.judged("beyond-a-year-documented"))),
        by=("beyond-a-year", "beyond-a-year-documented"),
        remedy="action",
    )
