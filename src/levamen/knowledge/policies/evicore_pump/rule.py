"""eviCore CMM-210: the intrathecal trial and pump in pain, in pain from a cancer, in spasticity.

When the pathology is documented, half a year of directed care failed, the mind was attested and the opioids will be
halved: a trial. When it took more than half of the pain for eight hours (older: half, with function): the pump. From a
cancer the trial may be waived. When six weeks of drugs and physical therapy did not control spasticity and baclofen
took two points for four hours: the pump. A new pump only where the old one ended.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 6.1, 19, 20 and 24.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, no_more, problem
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Compare,
    Criterion,
    Exists,
    Facts,
    Field,
    Held,
    IfThen,
    Need,
    Not,
    Readings,
    Stated,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import NEED_CARE, suitable
from levamen.knowledge.policies.cms_ncd_280_14.parts import (
    NEED_TRIAL,
    PUMP,
    REVISION,
    TRIAL,
    asks_for,
    baclofen_trials,
    cancer_pain,
    eased,
    judged,
    of_last,
    oral_failed,
    pain_trials,
    relieved,
    spasticity,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, the pump, its replacement."""
    v = values
    excluded = (v.criterion("experimental-drugs", asks_for(v, "experimental-drugs"), remedy="none"),)
    common = (*other_pain(v), *against_spasms(v))
    asked = v.criterion(
        "component", asked_is("component", v.words("replacement", "pump")), by="replacement", remedy="none"
    )
    broken = Facts("events", "end of battery or pump", it_is("kind", v.choices("replacement")), closed_by="present")
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), exclusions=excluded, requirements=common),
        Rule(id="pump", therapies=frozenset({PUMP}), exclusions=excluded, requirements=(*common, *trial_passed(v))),
        Rule(
            id="replacement",
            therapies=frozenset({REVISION}),
            scope=(asked,),
            requirements=(v.criterion("replacement", Exists(broken), remedy="none"), judged(v, "no-tampering")),
        ),
    )


def spastic(v: Values) -> Truth:
    """Baclofen is asked for."""
    return asks_for(v, "antispasmodics")


def not_from_cancer(v: Values, then: Truth) -> Truth:
    """Asked of a pump for pain that does not come from a cancer."""
    return IfThen(All((Not(spastic(v)), Not(cancer_pain(v, "pathology")))), then)


def other_pain(v: Values) -> tuple[Criterion, ...]:
    """Pain that is not from a cancer: pathology, half a year of care, an attestation, fewer opioids."""
    care = Compare(Accumulated(Facts("conservative-care", "conservative care")), v.limits("care-length"))
    halved = IfThen(asks_for(v, "opioids"), v.judged("opioid-reduction"))
    return (
        v.criterion("pathology", not_from_cancer(v, v.judged("pathology")), remedy="action"),
        v.criterion("care-length", not_from_cancer(v, care), remedy="action", needs=NEED_CARE),
        v.criterion("provider-directed", not_from_cancer(v, v.judged("provider-directed")), remedy="action"),
        v.criterion(
            "behavioral-attestation",
            not_from_cancer(v, attested(v)),
            by=("behavioral-attestation", "behavioral-evaluation", "evaluation-suitable"),
            remedy="action",
            needs=(Need(kind="finding", what="psychosocial-screen-clear"),),
        ),
        v.criterion(
            "opioid-reduction", not_from_cancer(v, halved), by=("opioid-reduction", "opioids"), remedy="action"
        ),
    )


def attested(v: Values) -> Truth:
    """No uncontrolled condition of mind or behavior; or, nothing being attested, a psychologist's word."""
    found = Facts(
        "findings",
        "attestation on mental and behavioral conditions",
        it_is("concept", v.choices("behavioral-attestation")),
        closed_by="present",
    )
    clear = latest(found, Stated(Field("it", "present"), "action"))
    evaluated = suitable(v, "psychological evaluation", v.choices("behavioral-evaluation"))
    return All((IfThen(Exists(found), clear), IfThen(no_more(found), evaluated)))


def against_spasms(v: Values) -> tuple[Criterion, ...]:
    """Spasticity that six weeks of drugs by mouth, with physical therapy, did not control."""
    weeks = Compare(Accumulated(oral_failed(v, "oral-drugs", "failed", "stopped")), v.limits("oral-length"))
    therapy = Exists(oral_failed(v, "therapy-beside", "failed", "stopped"))
    need = (Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),)
    return (
        v.criterion("spasticity", IfThen(spastic(v), spasticity(v, "spasticity")), remedy="none"),
        v.criterion(
            "oral-length",
            IfThen(spastic(v), weeks),
            by=("oral-length", "oral-drugs", "failed", "stopped"),
            remedy="action",
        ),
        v.criterion(
            "therapy-beside",
            IfThen(spastic(v), therapy),
            by=("therapy-beside", "failed", "stopped"),
            remedy="action",
            needs=need,
        ),
    )


def trial_passed(v: Values) -> tuple[Criterion, ...]:
    """What the trial must have shown: in pain under either version, in spasticity two points."""
    tried = pain_trials(v, "half")
    long_enough = Compare(Held("relief", v.limits("more-than-half")[0]), v.limits("relief-length"), "none")
    with_function = All((relieved(v, "half"), Stated(Field("it", "function_improved"))))
    shown = Readings((of_last(tried, long_enough), of_last(tried, with_function)))
    cancer = cancer_pain(v, "trial-waived")
    soon = it_is("attributes.months", v.choices("waiving-months"))
    waived = problem("limited life expectancy", v.choices("trial-waived"), soon)
    passed = All((IfThen(Not(cancer), shown), IfThen(cancer, Any((shown, waived)))))
    fell = of_last(baclofen_trials(v, "fall"), eased(v, "fall", "fall-length"))
    return (
        v.criterion(
            "trial-relief",
            IfThen(Not(spastic(v)), passed),
            by=("more-than-half", "relief-length", "half", "trial-waived", "waiving-months"),
            remedy="action",
            needs=NEED_TRIAL,
        ),
        v.criterion("fall", IfThen(spastic(v), fell), by=("fall", "fall-length"), remedy="action", needs=NEED_TRIAL),
    )
