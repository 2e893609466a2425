"""Consensus guidelines 2023, spinal cord stimulation: screen everybody, try before implanting.

When a validated instrument that includes depression was used: a trial. When a trial was done, or the pain is angina:
the implant. The details were not read: they may refuse, and what is met by them stays open.
Sources and words: values.yaml. Dossier: neuromodulation, sections 2.1 and 19.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, problem
from levamen.criteria.nodes import Any, Criterion, Exists, Facts, Need
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import IMPLANT, NEED_TRIAL, TRIAL, trials_here


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    screened = depression_instrument(values)
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), requirements=(screened,)),
        Rule(id="implant", therapies=frozenset({IMPLANT}), requirements=(screened, trial_before_implant(values))),
    )


def depression_instrument(v: Values) -> Criterion:
    """A score of such an instrument, or an evaluation that used one."""
    words = v.choices("depression-instrument")
    score = Facts("scores", "score of an instrument on depression", it_is("instrument", words), closed_by="present")
    noun = "evaluation with an instrument on depression"
    used = Facts("evaluations", noun, it_is("instruments", words), closed_by="present")
    return v.criterion(
        "depression-instrument",
        Any((Exists(score), Exists(used))),
        by=("depression-instrument", "scope"),
        remedy="action",
        needs=(Need(kind="score", what="phq-9"),),
    )


def trial_before_implant(v: Values) -> Criterion:
    """A trial was done, whatever it showed; for angina none is asked."""
    angina = problem("refractory angina", v.choices("angina-exception"))
    return v.criterion(
        "trial-before-implant",
        Any((Exists(trials_here(v, "trial-before-implant")), angina)),
        by=("trial-before-implant", "angina-exception"),
        remedy="action",
        needs=NEED_TRIAL,
    )
