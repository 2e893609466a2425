"""NICE MTG41, Senza (10 kHz stimulation) for residual neuropathic back or leg pain after back surgery.

When the pain is at least 50 mm on the 100 mm line six months or more after back surgery, despite medical management:
a trial may be considered. When it was successful and data go to the registry: the implant. Other waveforms, other
pain and patients without surgery are not addressed.
Sources and amounts: values.yaml. Dossier: neuromodulation, section 2.1.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, pain, problem, procedures, since_then
from levamen.criteria.nodes import Any, Criterion, Exists, Facts
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    IMPLANT,
    TRIAL,
    care_failed,
    judged_trial,
    trial_done,
    vas_at_least,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    scope, common = addressed(values), residual_pain(values)
    registry = values.criterion("registry", values.judged("registry"), remedy="action")
    after_trial = (trial_done(values, "trial-done"), judged_trial(values), registry)
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), scope=scope, requirements=common, stance="consider"),
        Rule(
            id="implant",
            therapies=frozenset({IMPLANT}),
            scope=scope,
            requirements=(*common, *after_trial),
            stance="consider",
        ),
    )


def addressed(v: Values) -> tuple[Criterion, ...]:
    """10 kHz, for neuropathic pain of back or leg, after back surgery."""
    failed = problem("failed back surgery", v.words("back-surgery", "post-laminectomy-syndrome"))
    return (
        v.criterion("waveform", asked_is("waveform", v.choices("waveform")), remedy="none"),
        v.criterion("neuropathic", pain(it_is("mechanism", v.choices("neuropathic"))), remedy="none"),
        v.criterion("site", pain(it_is("site", v.choices("site"))), remedy="none"),
        v.criterion("back-surgery", Any((Exists(surgery(v)), failed)), remedy="none"),
    )


def surgery(v: Values) -> Facts:
    """Operations on the back, whenever; an operation on the neck is none."""
    back = it_is("region", v.words("back-surgery", "thoracic", "lumbar", "sacral"))
    return procedures("back operation", it_is("therapy", v.choices("back-surgery")), back, lifetime=True)


def residual_pain(v: Values) -> tuple[Criterion, ...]:
    """How long after surgery, how much, despite what."""
    late = latest(surgery(v), since_then(v.limits("since-surgery")))
    return (
        v.criterion("since-surgery", late, by=("since-surgery", "back-surgery"), remedy="none"),
        vas_at_least(v),
        care_failed(v),
    )
