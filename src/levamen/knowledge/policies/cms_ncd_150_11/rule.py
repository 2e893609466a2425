"""Medicare NCD 150.11, heat inside a disc, and the shape of policies that only name what they do not cover.

When a procedure on the list is asked: not covered, whatever else is true. Where the text names techniques, purposes or
regions, it holds for these alone; of the others it is silent. A criterion exists where values.yaml has its value.
Sources and amounts: values.yaml of each folder. Dossier: spine injections, sections 6, 7, 9, 10; neuromodulation, 12.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is
from levamen.criteria.nodes import Criterion
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.nice_ng59.parts import when


def rules(v: Values) -> tuple[Rule, ...]:
    """What is excluded whatever its technique, what by its technique, and what by its purpose."""
    place = when(v, "regions", lambda: asked_is("region", v.choices("regions")))
    technique = when(v, "techniques", lambda: asked_is("technique", v.choices("techniques")))
    purpose = when(v, "purposes", lambda: asked_is("purpose", v.choices("purposes")))
    made = (
        _excluded(v, "excluded", place),
        _excluded(v, "excluded-by-technique", (*place, *technique)),
        _excluded(v, "excluded-by-purpose", (*place, *purpose)),
    )
    return tuple(rule for rule in made if rule is not None)


def _excluded(v: Values, id: str, scope: tuple[Criterion, ...]) -> Rule | None:
    """The therapies of one list are not covered; `position` is the sentence that says so where it stands apart."""
    if not v.has(id):
        return None
    by = (id, "position") if v.has("position") else (id,)
    named = v.criterion(id, asked_is("therapy", v.choices(id)), by=by, remedy="none")
    therapies = frozenset[str]().union(*(choice.words for choice in v.choices(id)))
    return Rule(id=id, therapies=therapies, scope=scope, exclusions=(named,))
