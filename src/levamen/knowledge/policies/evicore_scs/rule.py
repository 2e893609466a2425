"""eviCore CMM-211, spinal cord stimulation; dorsal root ganglion and peripheral nerve stimulation.

When the patient has failed back surgery with leg pain, CRPS of a limb, critical limb ischaemia or refractory angina,
six months of supervised care and a behavioral attestation: a trial. When it lasted more than 48 hours and halved the
pain: the implant. Burst, closed loop and mixed modes are not covered, 10 kHz only after failed back surgery. At the
dorsal root ganglion nothing is but a replacement, at a peripheral nerve nothing.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 2.1, 3, 19 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, no_more, problem
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Compare,
    Criterion,
    Elapsed,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Stated,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    GANGLION_IMPLANT,
    GANGLION_TRIAL,
    IMPLANT,
    NEED_CARE,
    NEED_TRIAL,
    NERVE_IMPLANT,
    NERVE_TRIAL,
    SIXTY_DAYS,
    TRIAL,
    last_trial,
    pain_reduced,
    suitable,
    trials_here,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    common, excluded = selection(values), investigational(values)
    passed = (last_trial(values, "trial-success", pain_reduced(values, "trial-success")), trial_length(values))
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), exclusions=excluded, requirements=common),
        Rule(id="implant", therapies=frozenset({IMPLANT}), exclusions=excluded, requirements=(*common, *passed)),
        *elsewhere(values),
    )


def elsewhere(v: Values) -> tuple[Rule, ...]:
    """The ganglion and the peripheral nerve: investigational, but for a replacement at the ganglion."""
    system = "dorsal root ganglion stimulator in place"
    in_place = Exists(Facts("devices", system, it_is("kind", v.choices("replacement")), closed_by="present"))
    ganglion = asked_is("therapy", v.choices("ganglion-investigational"))
    by = ("ganglion-investigational", "replacement")
    new = v.criterion("ganglion-investigational", All((ganglion, Not(in_place))), by=by, remedy="none")
    nerve = asked_is("therapy", v.choices("nerve-investigational"))
    conditions = v.criterion("replacement-conditions", v.judged("replacement-conditions"), remedy="action")
    tried = v.criterion("ganglion-investigational", ganglion, remedy="none")
    return (
        Rule(id="ganglion-trial", therapies=frozenset({GANGLION_TRIAL}), exclusions=(tried,)),
        Rule(
            id="ganglion-implant",
            therapies=frozenset({GANGLION_IMPLANT}),
            exclusions=(new,),
            requirements=(conditions,),
        ),
        Rule(
            id="nerve",
            therapies=frozenset({NERVE_TRIAL, NERVE_IMPLANT, SIXTY_DAYS}),
            exclusions=(v.criterion("nerve-investigational", nerve, remedy="none"),),
        ),
    )


def failed_back(v: Values) -> Truth:
    """Failed back surgery syndrome."""
    return problem("failed back surgery syndrome", v.choices("failed-back-surgery"))


def investigational(v: Values) -> tuple[Criterion, ...]:
    """Modes that are listed as investigational."""
    fast = All((asked_is("waveform", v.choices("high-frequency")), Not(failed_back(v))))
    return (
        v.criterion(
            "waveform-investigational", asked_is("waveform", v.choices("waveform-investigational")), remedy="none"
        ),
        v.criterion("high-frequency", fast, by=("high-frequency", "failed-back-surgery"), remedy="none"),
    )


def selection(v: Values) -> tuple[Criterion, ...]:
    """Who may be tried: an indication, half a year of supervised care, an attestation."""
    in_leg = Facts("pain", "pain of a leg", it_is("site", v.choices("leg-pain")), closed_by="present")
    of_limb = it_is("region", v.choices("limb"))
    indication = Any(
        (
            All((failed_back(v), Exists(in_leg))),
            problem("complex regional pain syndrome of a limb", v.choices("crps"), of_limb),
            problem("critical limb ischaemia or refractory angina", v.choices("ischaemic-indications")),
        )
    )
    courses = Facts("conservative-care", "conservative care")
    care = Compare(Accumulated(courses), v.limits("care-length"))
    attested = Facts(
        "findings",
        "attestation on mental and behavioral conditions",
        it_is("concept", v.choices("behavioral-attestation")),
        closed_by="present",
    )
    clear = latest(attested, Stated(Field("it", "present"), "action"))
    found_suitable = suitable(v, "psychological evaluation", v.choices("behavioral-evaluation"))
    return (
        v.criterion(
            "indication",
            indication,
            by=("failed-back-surgery", "leg-pain", "crps", "limb", "ischaemic-indications"),
            remedy="none",
        ),
        v.criterion("care-length", care, remedy="action", needs=NEED_CARE),
        v.criterion("care-supervised", v.judged("care-supervised"), remedy="action"),
        v.criterion(
            "behavioral-attestation",
            All((IfThen(Exists(attested), clear), IfThen(no_more(attested), found_suitable))),
            by=("behavioral-attestation", "behavioral-evaluation", "evaluation-suitable"),
            remedy="action",
            needs=(Need(kind="finding", what="psychosocial-screen-clear"),),
        ),
    )


def trial_length(v: Values) -> Criterion:
    """From lead in to lead out. Too short a trial can be done again; that is no failed one."""
    lasted = Compare(Elapsed(Field("it", "start"), Field("it", "end")), v.limits("trial-length"))
    done = latest(trials_here(v, "trial-length"), lasted)
    return v.criterion("trial-length", done, remedy="action", needs=NEED_TRIAL)
