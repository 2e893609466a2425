"""AANS/CNS 2014, lumbar facet procedures as treatment, known through a digest.

When it is an intra-articular injection: not suggested. When it is a medial branch block: suggested, for short-term
relief. When it is an ablation of the medial branch: suggested, for three to six months of relief. All Grade B.
Sources and amounts: values.yaml. Dossier: spine injections, sections 2.4 and 3.2.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is
from levamen.criteria.nodes import Criterion
from levamen.knowledge.model import Rule, Values

BLOCK, INJECTION, ABLATION = "medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"
STRENGTH = "Grade B"


def rules(values: Values) -> tuple[Rule, ...]:
    """An injection into the joint, a block of its nerves, and their ablation."""
    v = values
    return (
        Rule(
            id="injection",
            therapies=frozenset({INJECTION}),
            scope=(
                _asked(v, "lumbar", "region"),
                _asked(v, "treatment", "purpose"),
                _asked(v, "intra-articular", "route"),
            ),
            exclusions=(_asked(v, "injection-not-suggested", "therapy"),),
            strength=STRENGTH,
        ),
        Rule(
            id="block",
            therapies=frozenset({BLOCK}),
            scope=(_asked(v, "lumbar", "region"), _asked(v, "treatment", "purpose")),
            requirements=(_asked(v, "block-suggested", "therapy"),),
            stance="consider",
            strength=STRENGTH,
        ),
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            scope=(_asked(v, "lumbar", "region"), _asked(v, "technique", "technique")),
            requirements=(_asked(v, "ablation-suggested", "therapy"),),
            stance="consider",
            strength=STRENGTH,
        ),
    )


def _asked(v: Values, id: str, field: str) -> Criterion:
    """The request is one of those that the guideline speaks of."""
    return v.criterion(id, asked_is(field, v.choices(id)), remedy="none")
