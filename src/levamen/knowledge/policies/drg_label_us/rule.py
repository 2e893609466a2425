"""US label of dorsal root ganglion stimulation (PMA P150004).

When pain of a lower limb comes from complex regional pain syndrome, is moderate to severe, chronic and intractable, and
the leads lie at T10 to S2: within the label. The levels were read nowhere, so it may refuse and never permits.
Sources and words: values.yaml. Dossier: neuromodulation, section 3.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, problem
from levamen.criteria.nodes import Among, Criterion, Field
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import GANGLION_IMPLANT, GANGLION_TRIAL


def rules(values: Values) -> tuple[Rule, ...]:
    """One indication for trial and implant."""
    return (
        Rule(
            id="indication",
            therapies=frozenset({GANGLION_TRIAL, GANGLION_IMPLANT}),
            requirements=(syndrome(values), severe(values), roots(values)),
        ),
    )


def syndrome(v: Values) -> Criterion:
    """Complex regional pain syndrome, type I or II, of a lower limb."""
    here = problem(
        "complex regional pain syndrome of a lower limb",
        v.choices("syndrome"),
        it_is("region", v.choices("limb"), "none"),
    )
    return v.criterion("syndrome", here, by=("syndrome", "limb", "approval"), remedy="none")


def severe(v: Values) -> Criterion:
    """Moderate to severe, chronic, intractable: words without a number."""
    return v.criterion("severe-intractable", v.judged("severe-intractable"), remedy="none")


def roots(v: Values) -> Criterion:
    """Every lead at a ganglion that the label names."""
    within = Among(Field("subject", "roots"), v.choices("roots"), how="all", remedy="none")
    return v.criterion("roots", within, remedy="none")
