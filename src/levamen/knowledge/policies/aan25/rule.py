"""AAN 2025, a systematic review of epidural steroids: effects, no recommendation.

When the pain is cervical or lumbar and radicular, or comes from stenosis: it informs. Otherwise it is silent.
Sources and amounts: values.yaml. Dossier: spine injections, section 1.5.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, pain, problem, same_region
from levamen.criteria.nodes import Any
from levamen.knowledge.model import Rule, Values


def rules(v: Values) -> tuple[Rule, ...]:
    """What the review speaks to: its title names the regions and the two conditions."""
    diagnosis = problem(
        "radiculopathy or stenosis in the region", v.choices("conditions"), same_region(v.grouping("one-region"))
    )
    return (
        Rule(
            id="effects",
            therapies=frozenset({"epidural-steroid-injection"}),
            scope=(
                v.criterion("regions", asked_is("region", v.choices("regions")), remedy="none"),
                v.criterion(
                    "population",
                    Any((pain(it_is("pattern", v.choices("patterns"))), diagnosis)),
                    by=("patterns", "conditions", "one-region"),
                    remedy="none",
                ),
            ),
            informs=True,
        ),
    )
