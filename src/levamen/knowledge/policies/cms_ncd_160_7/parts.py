"""What policies on spinal cord stimulation say again and again: care that failed, the last trial, evaluations, a VAS.

Every amount and word comes from the values of the policy that asks; a part takes the ids of those values.
"""

from __future__ import annotations

from levamen.criteria.build import SINCE_THIS_PAIN, it_is, latest, no_more
from levamen.criteria.nodes import (
    All,
    Any,
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

PSYCHOLOGICAL, MULTIDISCIPLINARY = "psychological-evaluation", "multidisciplinary-evaluation"
TRIAL, IMPLANT = "spinal-cord-stimulation-trial", "spinal-cord-stimulation-implant"
NEED_TRIAL = (Need(kind="therapy", what=TRIAL, therapy=TRIAL),)
NEED_CARE = (Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),)


def trials_here(v: Values, id: str) -> Facts:
    """Trials of spinal cord stimulation in the region of the request; `id` is the value that speaks of them."""
    where = All((it_is("therapy", v.words(id, TRIAL)), Same("region", "equal")))
    return Facts("trials", "trial of spinal cord stimulation in the region", where)


def pain_reduced(v: Values, id: str, remedy: Remedy | None = "none") -> Compare:
    """The reduction of pain that the trial at hand measured."""
    return Compare(Number(Field("it", "pain_change")), v.limits(id), remedy)


def last_trial(v: Values, id: str, that: Truth) -> Criterion:
    """The latest trial was a success in the policy's words. Without a trial, one can be done; a failed one is a no."""
    return v.criterion(id, latest(trials_here(v, id), that), remedy="action", needs=NEED_TRIAL)


def trial_done(v: Values, id: str) -> Criterion:
    """A trial was done, whatever it showed."""
    return v.criterion(id, Exists(trials_here(v, id)), remedy="action", needs=NEED_TRIAL)


def technical_failure(coverage_only: bool = False) -> Truth:
    """The trial at hand did not cover the painful area (or its lead moved): it was no fair test."""
    uncovered = Not(Stated(Field("it", "coverage_adequate")))
    return uncovered if coverage_only else Any((uncovered, Stated(Field("it", "repositioned"))))


def failed_care(v: Values) -> Facts:
    """Courses since this pain began, of care or medicines, that did not help, or could not be given."""
    return Facts(
        "conservative-care",
        "course of care that did not help or could not be given",
        Any((it_is("response", v.choices("care-failed")), it_is("stopped_because", v.choices("care-stopped")))),
        SINCE_THIS_PAIN,
    )


def care_failed(v: Values) -> Criterion:
    """Other treatment was tried and did not help, or could not be given for a documented reason."""
    by = ("care-failed", "care-stopped")
    return v.criterion("care-failed", Exists(failed_care(v)), by=by, remedy="action", needs=NEED_CARE)


def evaluated(v: Values, id: str, evaluation: str) -> Criterion:
    """The latest evaluation of that kind found the patient suitable. A deferral can be mended, a refusal is a no."""
    kinds = Facts("evaluations", evaluation.replace("-", " "), it_is("kind", v.choices(id)), closed_by="present")
    suitable = All(
        (
            Not(it_is("conclusion", v.words("evaluation-suitable", "unsuitable"), "none")),
            it_is("conclusion", v.choices("evaluation-suitable"), "action"),
        )
    )
    by, need = (id, "evaluation-suitable"), (Need(kind="therapy", what=evaluation, therapy=evaluation),)
    return v.criterion(id, latest(kinds, suitable), by=by, remedy="action", needs=need)


def vas_at_least(v: Values) -> Criterion:
    """Pain on the 100 mm line. Another scale is never converted: without a line score a clinician must judge."""
    noun = "score of the index pain on the 100 mm line"
    line = Facts("index-scores", noun, it_is("instrument", v.choices("vas")), closed_by="present")
    return v.criterion(
        "pain-vas",
        All(
            (
                IfThen(Exists(line), latest(line, Compare(Number(Field("it", "value")), v.limits("pain-vas")))),
                IfThen(no_more(line), v.judged("other-scale")),
            )
        ),
        by=("pain-vas", "vas", "other-scale"),
        remedy="none",
    )


def said_of_last_trial(v: Values, id: str, that: Truth, remedy: Remedy | None = None) -> The:
    """Said of the latest trial in the region."""
    return latest(trials_here(v, id), that, remedy)


def judged_trial(v: Values) -> Criterion:
    """The trial was successful: no number is stated, the team judges. A trial judged a failure is a no."""
    done = Exists(trials_here(v, "trial-successful"))
    return v.criterion("trial-successful", IfThen(done, v.judged("trial-successful")), remedy="none")
