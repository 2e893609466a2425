"""PACC 2016/17 on trialing: single injections, several or a catheter; in some cases none.

When a trial was done, or a clinician gives a reason to omit it: the pump. Of the trial it only says which kinds are
accepted. The content was not confirmed: it may refuse, and what is met by it stays open.
Sources and words: values.yaml. Dossier: neuromodulation, section 6.1.
"""

from __future__ import annotations

from levamen.criteria.nodes import Any, Exists
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_280_14.parts import NEED_TRIAL, PUMP, TRIAL, pain_trials


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the pump."""
    v = values
    tried = Any((Exists(pain_trials(v, "trial-omitted")), v.judged("trial-omitted")))
    omitted = v.criterion(
        "trial-omitted", tried, by=("trial-omitted", "consensus-points"), remedy="action", needs=NEED_TRIAL
    )
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), informs=True),
        Rule(id="pump", therapies=frozenset({PUMP}), requirements=(omitted,), stance="consider"),
    )
