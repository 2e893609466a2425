"""US labels of preservative-free morphine: who must not have it, and how long the first dose is watched.

When morphine is asked for, the pain is intractable and less invasive means fail, and the first and each test dose is
watched for 24 hours: within the label. Not with respiratory depression, infection, anticoagulants or bleeding.
Sources and words: values.yaml. Dossier: neuromodulation, section 6.2.
"""

from __future__ import annotations

from levamen.criteria.build import it_is
from levamen.criteria.nodes import Exists, Facts, Not
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_280_14.parts import PUMP, REFILL, TRIAL, has_problem, judged, named


def rules(values: Values) -> tuple[Rule, ...]:
    """Trial and implant; the refill, through a port."""
    v = values
    scope = (named(v, "drug"),)
    taken = Facts(
        "current-medications", "anticoagulant", it_is("classes", v.choices("anticoagulants")), closed_by="present"
    )
    common = (
        v.criterion("respiratory-depression", Not(v.judged("respiratory-depression")), remedy="none"),
        has_problem(v, "site-infection", "infection at the injection site"),
    )
    needle = (
        v.criterion("anticoagulants", Exists(taken), remedy="none"),
        has_problem(v, "uncontrolled-bleeding", "bleeding disorder"),
    )
    pain, watched = judged(v, "intractable-pain"), judged(v, "observation")
    return (
        Rule(
            id="neuraxial",
            therapies=frozenset({TRIAL, PUMP}),
            scope=scope,
            exclusions=(*common, *needle),
            requirements=(pain, watched),
        ),
        Rule(id="refill", therapies=frozenset({REFILL}), scope=scope, exclusions=common, requirements=(pain,)),
    )
