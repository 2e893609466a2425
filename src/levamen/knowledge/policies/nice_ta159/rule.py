"""NICE TA159, spinal cord stimulation for adults with chronic pain of neuropathic or ischaemic origin.

When neuropathic pain is at least 50 mm on the 100 mm line and has been so for six months despite conventional
management, and a multidisciplinary team assessed the patient: a trial. When the trial was successful, and the least
costly of the suitable systems is chosen: the implant. For ischaemic pain: not recommended outside research.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 2.1, 19 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, pain, pain_lasted, since_then
from levamen.criteria.nodes import All, Any, Criterion, First, Need, The
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    IMPLANT,
    MULTIDISCIPLINARY,
    NEED_CARE,
    TRIAL,
    failed_care,
    judged_trial,
    suitable,
    trial_done,
    vas_at_least,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    scope, exclusions, common = origin(values), ischaemic(values), severity(values)
    least = values.criterion("least-costly", values.judged("least-costly"), remedy="action")
    after_trial = (trial_done(values, "trial-done"), judged_trial(values), least)
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), scope=scope, exclusions=exclusions, requirements=common),
        Rule(
            id="implant",
            therapies=frozenset({IMPLANT}),
            scope=scope,
            exclusions=exclusions,
            requirements=(*common, *after_trial),
        ),
    )


def origin(v: Values) -> tuple[Criterion, ...]:
    """The appraisal speaks of pain of neuropathic or ischaemic origin."""
    either = Any((it_is("mechanism", v.choices("neuropathic")), it_is("mechanism", v.choices("ischaemic"))))
    return (v.criterion("origin", pain(either), by=("neuropathic", "ischaemic"), remedy="none"),)


def ischaemic(v: Values) -> tuple[Criterion, ...]:
    """Not recommended for ischaemic pain except in research."""
    return (v.criterion("ischaemic", pain(it_is("mechanism", v.choices("ischaemic"))), remedy="none"),)


def severity(v: Values) -> tuple[Criterion, ...]:
    """How much, for how long, despite what, and assessed by whom."""
    months = v.limits("despite-management")
    by = ("despite-management", "care-failed", "care-stopped")
    managed = The(First(failed_care(v)), since_then(months))
    return (
        vas_at_least(v),
        v.criterion("pain-duration", pain_lasted(months), by="despite-management", remedy="none"),
        v.criterion("despite-management", managed, by=by, remedy="action", needs=NEED_CARE),
        assessed(v),
    )


def assessed(v: Values) -> Criterion:
    """A team's assessment; or those of a surgeon and a psychologist, the later of surgeon and team being favourable."""
    id = "multidisciplinary-assessment"
    body = suitable(v, "surgical opinion or multidisciplinary evaluation", v.choices("separate-assessments"))
    mind = suitable(v, "psychological evaluation", v.words("separate-assessments", "psychological"))
    return v.criterion(
        id,
        Any((suitable(v, "multidisciplinary evaluation", v.choices(id)), All((body, mind)))),
        by=(id, "separate-assessments", "evaluation-suitable"),
        remedy="action",
        needs=(Need(kind="therapy", what=MULTIDISCIPLINARY, therapy=MULTIDISCIPLINARY),),
    )
