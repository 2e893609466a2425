"""What policies on pumps say again and again: which drug is asked for, the trial and what it showed, what forbids it.

Every amount and word comes from the values of the policy that asks; a part takes the ids of those values.
"""

from __future__ import annotations

from msgspec.structs import replace

from levamen.criteria.build import asked_is, it_is, latest, pain, problem
from levamen.criteria.nodes import (
    All,
    Any,
    Compare,
    Criterion,
    Exists,
    Facts,
    Field,
    Held,
    IfThen,
    Judged,
    Limit,
    Need,
    Not,
    Number,
    Remedy,
    Same,
    The,
    Truth,
)
from levamen.knowledge.model import Values

TRIAL, PUMP, REFILL, REVISION = "intrathecal-trial", "intrathecal-pump", "pump-refill", "pump-revision"
NEED_TRIAL = (Need(kind="therapy", what=TRIAL, therapy=TRIAL),)
BACLOFEN = "baclofen"


def asks_for(v: Values, id: str) -> Truth:
    """The request names one of the drugs, or a drug of one of the classes; without any drug it is not known."""
    return asked_is("injected", v.choices(id), None)


def named(v: Values, id: str) -> Criterion:
    """The request names the drug of which the document speaks; one that names none is not for it."""
    return v.criterion(id, asked_is("drugs", v.choices(id)), by=id, remedy="none")


def cancer_pain(v: Values, id: str) -> Truth:
    """The pain comes from a cancer: by its mechanism, or as a problem."""
    by_mechanism = pain(it_is("mechanism", v.words(id, "cancer")))
    return Any((by_mechanism, problem("pain from a cancer", v.words(id, "cancer-pain"))))


def pain_trials(v: Values, id: str, *where: Truth) -> Facts:
    """Trials of a drug for pain. Of a trial whose drug nobody wrote down it is not known what was tried."""
    tried = All((it_is("therapy", v.words(id, TRIAL)), Not(it_is("drugs", v.words(id, BACLOFEN))), *where))
    return Facts("trials", "intrathecal trial for pain", tried)


def baclofen_trials(v: Values, id: str) -> Facts:
    """Trials of baclofen."""
    tried = All((it_is("therapy", v.words(id, TRIAL)), it_is("drugs", v.words(id, BACLOFEN))))
    return Facts("trials", "intrathecal trial of baclofen", tried, closed_by="lifetime")


def relieved(v: Values, id: str, remedy: Remedy | None = "none") -> Truth:
    """What the trial at hand relieved: after injections the best measurement, with a catheter the last days.

    Where nobody recorded which it was, both must be enough.
    """
    shots = it_is("technique", v.words(id, "single-shot", "multiple-shot"))
    best = Compare(Number(Field("it", "best_relief")), v.limits(id), remedy)
    last = Compare(Number(Field("it", "pain_change")), v.limits(id), remedy)
    return All((IfThen(shots, best), IfThen(Not(shots), last)))


def eased(v: Values, level: str, length: str, remedy: Remedy | None = "none") -> Truth:
    """The spasticity fell by so many points for so long, on one scale or the other."""
    points: Limit = v.limits(level)[0]
    return Any(
        (
            Compare(Held("ashworth", points), v.limits(length), remedy),
            Compare(Held("spasms", points), v.limits(length), remedy),
        )
    )


def of_last(facts: Facts, that: Truth) -> The:
    """Said of the latest of some trials."""
    return latest(facts, that)


def spasticity(v: Values, id: str) -> Truth:
    """Severe spasticity is on the problem list."""
    return problem("record of severe spasticity", v.choices(id))


def oral_failed(v: Values, *ids: str) -> Facts:
    """Courses of a muscle relaxant by mouth, or of other care for spasticity, that did not help or were not borne.

    `ids`: the values of the therapies, of the responses and of the reasons to stop.
    """
    therapies, responses, reasons = ids
    medicine = All((it_is("kind", v.words(therapies, "medicine")), it_is("classes", v.choices(therapies))))
    therapy = Any((it_is("therapy", v.choices(therapies)), medicine))
    failed = Any((it_is("response", v.choices(responses)), it_is("stopped_because", v.choices(reasons))))
    noun = "care for spasticity that did not help or was not tolerated"
    return Facts("conservative-care", noun, All((therapy, failed)), closed_by="lifetime")


def allergy(v: Values, id: str) -> Criterion:
    """Allergic to a drug that is asked for, or to its class."""
    allergic = Facts(
        "allergies",
        "allergy to a drug that is asked for",
        Same("injected", "overlaps", theirs="substance"),
        closed_by="present",
    )
    return v.criterion(id, Exists(allergic), by=id, remedy="none")


def has_problem(v: Values, id: str, noun: str) -> Criterion:
    """There is such a problem now."""
    return v.criterion(id, problem(noun, v.choices(id)), by=id, remedy="none")


def shown(v: Values, id: str) -> Judged:
    """What a trial showed, as a clinician judged it: a trial judged a failure is a no, and nothing grants a repeat."""
    return replace(v.judged(id), remedy="none")


def judged(v: Values, id: str) -> Criterion:
    """A requirement in words: a clinician's recorded judgement decides."""
    return v.criterion(id, v.judged(id), by=id, remedy="action")
