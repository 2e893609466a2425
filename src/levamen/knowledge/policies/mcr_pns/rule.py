"""US Medicare contractors, peripheral nerve stimulation (L34328).

When pain responds to this treatment by its nature, its cause was treated, medicines, physical and psychological therapy
and lesser interventions were attempted, it has lasted three months, nothing forbids surgery, the patient was
taught and screened and misuses no substance: a trial. When the trial took half the pain: the implant, in a surgery
center or hospital. Most of it was read in a weak place: it may refuse and never permits.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 4.1, 19 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, no_more, pain_lasted
from levamen.criteria.nodes import All, Criterion, Facts
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    NERVE_IMPLANT,
    NERVE_TRIAL,
    PSYCHOLOGICAL,
    care_failed,
    evaluated,
    last_trial,
    pain_reduced,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    common = (*background(values), *selection(values))
    passed = last_trial(values, "trial-success", pain_reduced(values, "trial-success"), NERVE_TRIAL)
    setting = values.criterion("setting", asked_is("setting", values.choices("setting")), remedy="none")
    return (
        Rule(id="trial", therapies=frozenset({NERVE_TRIAL}), requirements=common),
        Rule(id="implant", therapies=frozenset({NERVE_IMPLANT}), requirements=(*common, passed, setting)),
    )


def background(v: Values) -> tuple[Criterion, ...]:
    """What the determination's own text says."""
    return (
        v.criterion("responsive-pain", v.judged("responsive-pain"), remedy="none"),
        v.criterion("cause-treated", v.judged("cause-treated"), remedy="action"),
        v.criterion("attempts", v.judged("attempts"), remedy="action"),
    )


def selection(v: Values) -> tuple[Criterion, ...]:
    """What a specialist's page says of the rules."""
    active = it_is("attributes.activity", v.words("substance-misuse", "active"))
    where = All((it_is("concept", v.choices("substance-misuse")), active))
    misuse = Facts("problems", "active misuse of a substance", where, closed_by="present")
    return (
        v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
        care_failed(v),
        v.criterion("no-surgical-contraindication", v.judged("no-surgical-contraindication"), remedy="none"),
        v.criterion("education", v.judged("education"), remedy="action"),
        v.criterion("substance-misuse", no_more(misuse), remedy="action"),
        evaluated(v, "psychological-screening", PSYCHOLOGICAL),
    )
