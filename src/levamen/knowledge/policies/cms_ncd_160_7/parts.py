"""What policies on spinal cord stimulation say again and again: care that failed, the last trial, evaluations, a VAS.

Every amount and word comes from the values of the policy that asks; a part takes the ids of those values.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, pain
from levamen.criteria.nodes import (
    All,
    Any,
    Choice,
    Compare,
    Criterion,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Number,
    Remedy,
    Same,
    Stated,
    The,
    Truth,
)
from levamen.knowledge.model import Values

TEAM = "evaluation by a multidisciplinary team or, beside the psychologist, by a surgeon"
PSYCHOLOGICAL, MULTIDISCIPLINARY = "psychological-evaluation", "multidisciplinary-evaluation"
TRIAL, IMPLANT = "spinal-cord-stimulation-trial", "spinal-cord-stimulation-implant"
GANGLION_TRIAL = "dorsal-root-ganglion-stimulation-trial"
GANGLION_IMPLANT = "dorsal-root-ganglion-stimulation-implant"
NERVE_TRIAL, NERVE_IMPLANT = "peripheral-nerve-stimulation-trial", "peripheral-nerve-stimulation-implant"
SIXTY_DAYS, RESTORATIVE = "peripheral-nerve-stimulation-60-day", "restorative-neurostimulation"
NEED_TRIAL = (Need(kind="therapy", what=TRIAL, therapy=TRIAL),)
NEED_LINE = (Need(kind="score", what="vas-mm"),)
NEED_CARE = (Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),)


_ABOVE = ("head", "face", "jaw", "occiput", "neck", "shoulder", "arm", "elbow", "forearm", "wrist", "hand")
"""Where pain is felt that a lead in the neck is for."""


NOUNS = {
    TRIAL: "trial of spinal cord stimulation for this pain",
    GANGLION_TRIAL: "trial of dorsal root ganglion stimulation for this pain",
    NERVE_TRIAL: "trial of peripheral nerve stimulation for this pain",
}


def trials_here(v: Values, id: str, trial: str = TRIAL) -> Facts:
    """Trials of this kind for the pain of the request; `id` is the value that speaks of them.

    Only a trial of the stimulation asked for counts: a lead over the spinal cord says nothing of one at a nerve.
    """
    here = for_this_nerve() if trial == NERVE_TRIAL else for_this_pain(v, id)
    return Facts("trials", NOUNS[trial], All((it_is("therapy", v.words(id, trial)), here)))


def for_this_nerve() -> Any:
    """The trial at hand names the same pain, or a nerve of the request. No source speaks of it (our reading)."""
    return Any((Same("pain", "equal"), Same("nerves", "overlaps")))


def for_this_pain(v: Values, id: str) -> Any:
    """The trial at hand names the same pain; or its lead lay, like the one requested or the pain itself, at the neck.

    No source speaks of regions: a region is where the lead tip lies, and a lumbar and a thoracic lead serve one pain.
    """
    neck = v.words(id, "cervical")
    tried, asked = it_is("region", neck), asked_is("region", neck, None)
    above = it_is("site", v.words(id, *_ABOVE))
    return Any(
        (
            Same("pain", "equal"),
            All((tried, asked)),
            All((Not(tried), Not(asked))),
            All((tried, pain(above))),
            All((Not(tried), pain(Not(above)))),
        )
    )


def pain_reduced(v: Values, id: str, remedy: Remedy | None = "none") -> Compare:
    """The reduction of pain that the trial at hand measured."""
    return Compare(Number(Field("it", "pain_change")), v.limits(id), remedy)


def last_trial(v: Values, id: str, that: Truth, trial: str = TRIAL) -> Criterion:
    """The latest trial was a success in the policy's words. Without a trial, one can be done; a failed one is a no."""
    return v.criterion(id, latest(trials_here(v, id, trial), that), remedy="action", needs=need_trial(trial))


def need_trial(trial: str) -> tuple[Need, ...]:
    """What is missing where no trial was done."""
    return (Need(kind="therapy", what=trial, therapy=trial),)


def trial_done(v: Values, id: str) -> Criterion:
    """A trial was done, whatever it showed."""
    return v.criterion(id, Exists(trials_here(v, id)), remedy="action", needs=NEED_TRIAL)


def technical_failure() -> Truth:
    """It is recorded that the trial at hand did not cover the painful area or that its lead moved: no fair test."""
    return Stated(Field("it", "technical_failure"))


def failed_care(v: Values) -> Facts:
    """Courses of care or medicines for this pain that did not help, or could not be given."""
    return Facts(
        "conservative-care",
        "course of care that did not help or could not be given",
        Any((it_is("response", v.choices("care-failed")), it_is("stopped_because", v.choices("care-stopped")))),
    )


def care_failed(v: Values) -> Criterion:
    """Other treatment was tried and did not help, or could not be given for a documented reason."""
    by = ("care-failed", "care-stopped")
    return v.criterion("care-failed", Exists(failed_care(v)), by=by, remedy="action", needs=NEED_CARE)


def evaluated(v: Values, id: str, evaluation: str, noun: str = "") -> Criterion:
    """The latest evaluation of that kind found the patient suitable. A deferral can be mended, a refusal is a no."""
    noun = noun or evaluation.replace("-", " ")
    by, need = (id, "evaluation-suitable"), (Need(kind="therapy", what=evaluation, therapy=evaluation),)
    return v.criterion(id, suitable(v, noun, v.choices(id)), by=by, remedy="action", needs=need)


def suitable(v: Values, noun: str, kinds: tuple[Choice, ...]) -> The:
    """The latest evaluation of one of those kinds concluded that the patient is suitable."""
    found = All(
        (
            Not(it_is("conclusion", v.words("evaluation-suitable", "unsuitable"), "none")),
            it_is("conclusion", v.choices("evaluation-suitable"), "action"),
        )
    )
    return latest(Facts("evaluations", noun, it_is("kind", kinds), closed_by="present"), found)


def vas_at_least(v: Values) -> Criterion:
    """Pain on the 100 mm line. Another scale is never converted: a record without the line leaves it open."""
    noun = "score of the index pain on the 100 mm line"
    line = Facts("index-scores", noun, it_is("instrument", v.choices("vas")), closed_by="lifetime")
    at_least = latest(line, Compare(Number(Field("it", "value")), v.limits("pain-vas"), "none"))
    return v.criterion("pain-vas", at_least, by=("pain-vas", "vas"), remedy="action", needs=NEED_LINE)


def said_of_last_trial(v: Values, id: str, that: Truth, remedy: Remedy | None = None) -> The:
    """Said of the latest trial for this pain."""
    return latest(trials_here(v, id), that, remedy)


def judged_trial(v: Values) -> Criterion:
    """The trial was successful: no number is stated, the team judges. A trial judged a failure is a no."""
    done = Exists(trials_here(v, "trial-successful"))
    return v.criterion("trial-successful", IfThen(done, v.judged("trial-successful")), remedy="none")
