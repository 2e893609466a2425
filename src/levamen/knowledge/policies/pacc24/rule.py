"""PACC 2024: intrathecal drug delivery in chronic pain that is not from cancer.

When a psychologist found the patient suitable (unless terminal), opioids were reduced where possible, other drugs
weighed and health brought to its best: a trial, inpatient with a catheter; the pump, by its labelling; off-label drugs
only compounded under strict sterile conditions.
Sources and words: values.yaml. Dossier: neuromodulation, sections 6.1, 19 and 24.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, problem
from levamen.criteria.nodes import Criterion, IfThen, Need, Not
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import PSYCHOLOGICAL, suitable
from levamen.knowledge.policies.cms_ncd_280_14.parts import PUMP, REFILL, TRIAL, asks_for, cancer_pain, judged

STRENGTH = "consensus; USPSTF B (evaluation: level IB; before a trial: level II), sterile compounding A"
NEED = (Need(kind="therapy", what=PSYCHOLOGICAL, therapy=PSYCHOLOGICAL),)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, the pump, the refill."""
    v = values
    scope = (v.criterion("cancer-pain", Not(cancer_pain(v, "cancer-pain")), remedy="none"),)
    before, drugs = selection(v), drug_rules(v)
    catheter = asked_is("technique", v.choices("catheter-trial"), None)
    inpatient = IfThen(catheter, asked_is("setting", v.choices("inpatient"), "action"))
    setting = v.criterion("inpatient", inpatient, by=("inpatient", "catheter-trial"), remedy="action")
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), scope=scope, requirements=(*before, setting), strength=STRENGTH),
        Rule(id="pump", therapies=frozenset({PUMP}), scope=scope, requirements=(*before, *drugs), strength=STRENGTH),
        Rule(id="refill", therapies=frozenset({REFILL}), scope=scope, requirements=drugs, strength=STRENGTH),
    )


def selection(v: Values) -> tuple[Criterion, ...]:
    """Consensus points 1 to 4."""
    soon = it_is("attributes.months", v.choices("terminal-months"))
    terminal = problem("limited life expectancy", v.choices("terminal"), soon)
    evaluated = suitable(v, "psychological evaluation", v.choices("psychological"))
    return (
        v.criterion(
            "psychological",
            IfThen(Not(terminal), evaluated),
            by=("psychological", "evaluation-suitable", "terminal", "terminal-months"),
            remedy="action",
            needs=NEED,
        ),
        judged(v, "opioid-reduction"),
        judged(v, "other-drugs-weighed"),
        judged(v, "health-optimized"),
    )


def drug_rules(v: Values) -> tuple[Criterion, ...]:
    """Consensus points 5 and 6."""
    sterile = IfThen(asks_for(v, "off-label-drugs"), v.judged("sterile-compounding"))
    by = ("sterile-compounding", "off-label-drugs")
    return (
        judged(v, "labelling-followed"),
        v.criterion("sterile-compounding", sterile, by=by, remedy="action"),
    )
