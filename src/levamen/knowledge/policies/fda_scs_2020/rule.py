"""FDA letter of 2020: no permanent spinal cord stimulator without a trial that was passed.

When the patient was informed: a trial. When the trial was passed (usually half the pain): the implant. How long a trial
lasts is described, not required.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 2.1 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import latest
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import IMPLANT, NEED_TRIAL, TRIAL, pain_reduced, trials_here


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    informed = values.criterion("information-given", values.judged("information-given"), remedy="action")
    passed = values.criterion(
        "trial-success",
        latest(trials_here(values, "trial-success"), pain_reduced(values, "trial-success")),
        by=("trial-success", "trial-length"),
        remedy="action",
        needs=NEED_TRIAL,
    )
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), requirements=(informed,)),
        Rule(id="implant", therapies=frozenset({IMPLANT}), requirements=(informed, passed)),
    )
