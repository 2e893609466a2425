"""US label of intrathecal baclofen: a screening dose that helped, a year after a brain injury.

When baclofen is asked for in severe spasticity, a brain injury is a year old, and a screening dose helped: the pump.
Sources and words: values.yaml. Dossier: neuromodulation, section 6.2.
"""

from __future__ import annotations

from levamen.criteria.build import it_is
from levamen.criteria.nodes import All, Compare, Elapsed, Exists, Facts, Field, IfThen, Latest, The
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_280_14.parts import (
    NEED_TRIAL,
    PUMP,
    TRIAL,
    baclofen_trials,
    named,
    shown,
    spasticity,
)
from levamen.knowledge.policies.ziconotide_label_us.rule import hypersensitive


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the pump."""
    v = values
    scope = (named(v, "drug"),)
    excluded = (v.criterion("hypersensitivity", hypersensitive(v, "hypersensitivity"), remedy="none"),)
    severe = v.criterion("spasticity", spasticity(v, "spasticity"), remedy="none")
    injuries = Facts(
        "problem-history", "traumatic brain injury", it_is("concept", v.choices("brain-injury")), closed_by="present"
    )
    long_ago = The(Latest(injuries), Compare(Elapsed(Field("it", "since")), v.limits("after-brain-injury")))
    waited = v.criterion(
        "after-brain-injury",
        IfThen(Exists(injuries), long_ago),
        by=("after-brain-injury", "brain-injury"),
        remedy="none",
    )
    responded = v.criterion(
        "screening-response",
        All((Exists(baclofen_trials(v, "screening-response")), shown(v, "screening-response"))),
        remedy="action",
        needs=NEED_TRIAL,
    )
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), scope=scope, exclusions=excluded, requirements=(severe,)),
        Rule(
            id="pump",
            therapies=frozenset({PUMP}),
            scope=scope,
            exclusions=excluded,
            requirements=(severe, waited, responded),
        ),
    )
