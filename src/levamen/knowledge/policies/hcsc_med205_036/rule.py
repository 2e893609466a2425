"""HCSC MED205.036, peripheral nerve stimulation in adults with peripheral neuropathic pain.

When pain of the back or a limb is neuropathic or mixed, severe and intractable, and conservative treatment failed: a
trial. When a percutaneous trial of up to 30 days took half the pain: the implant.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 4.1 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, pain
from levamen.criteria.nodes import Compare, Criterion, Elapsed, Field
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    NERVE_IMPLANT,
    NERVE_TRIAL,
    care_failed,
    last_trial,
    need_trial,
    pain_reduced,
    trials_here,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    common = selection(values)
    passed = last_trial(values, "trial-success", pain_reduced(values, "trial-success"), NERVE_TRIAL)
    return (
        Rule(id="trial", therapies=frozenset({NERVE_TRIAL}), requirements=common),
        Rule(
            id="implant",
            therapies=frozenset({NERVE_IMPLANT}),
            requirements=(*common, passed, trial_length(values)),
        ),
    )


def selection(v: Values) -> tuple[Criterion, ...]:
    """Where, which pain, how bad, despite what."""
    return (
        v.criterion("region", asked_is("region", v.choices("region")), remedy="none"),
        v.criterion("mechanism", pain(it_is("mechanism", v.choices("mechanism"))), remedy="none"),
        v.criterion("severe-intractable", v.judged("severe-intractable"), remedy="none"),
        care_failed(v),
    )


def trial_length(v: Values) -> Criterion:
    """From lead in to lead out: up to 30 days, for some devices up to 60."""
    lasted = Compare(Elapsed(Field("it", "start"), Field("it", "end")), v.limits("trial-length"))
    done = latest(trials_here(v, "trial-length", NERVE_TRIAL), lasted)
    return v.criterion("trial-length", done, remedy="action", needs=need_trial(NERVE_TRIAL))
