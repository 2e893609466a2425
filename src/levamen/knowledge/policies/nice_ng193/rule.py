"""NICE NG193, chronic primary pain: what is not to be started, and a single course of needles.

When the pain is chronic and primary: no ketamine, no local anesthetic into a vein outside trials on complex regional
pain, no steroid or anesthetic into trigger points. One course of acupuncture or dry needling may be considered.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 15 and 18.
"""

from __future__ import annotations

from levamen.criteria.build import SINCE_THIS_PAIN, asked_is, it_is, pain, problem
from levamen.criteria.nodes import Compare, Count, Criterion, Facts, IfThen
from levamen.knowledge.model import Rule, Values


def rules(v: Values) -> tuple[Rule, ...]:
    """What is not to be started, and what may be considered."""
    regional = problem("complex regional pain syndrome", v.choices("regional-pain"))
    no_trial = IfThen(regional, v.judged("regional-pain-trial"))
    outside = v.criterion("regional-pain-trial", no_trial, by=("regional-pain-trial", "regional-pain"), remedy="none")
    injectate = v.criterion("injectate", asked_is("injected", v.choices("injectate")), remedy="none")
    return (
        not_started(v, "ketamine"),
        not_started(v, "anesthetic-infusion", outside),
        not_started(v, "trigger-points", injectate),
        needles(v),
    )


def population(v: Values) -> tuple[Criterion, ...]:
    """Chronic primary pain, and it is the pain asked about."""
    return (
        v.criterion("primary-pain", problem("chronic primary pain", v.choices("primary-pain")), remedy="none"),
        v.criterion("mechanism", pain(it_is("mechanism", v.choices("mechanism"))), remedy="none"),
    )


def not_started(v: Values, id: str, *scope: Criterion) -> Rule:
    """One line of the list of what is not to be started."""
    return Rule(
        id=id,
        therapies=_therapies(v, id),
        scope=(*population(v), *scope),
        exclusions=(v.criterion(id, asked_is("therapy", v.choices(id)), remedy="none"),),
        refusal_strength="do not start",
    )


def needles(v: Values) -> Rule:
    """Acupuncture or dry needling: one course, and how long it may take."""
    course = Facts(
        "conservative-care",
        "course of acupuncture or dry needling",
        it_is("therapy", v.choices("needling")),
        SINCE_THIS_PAIN,
    )
    by = ("single-course", "needling")
    return Rule(
        id="needling",
        therapies=_therapies(v, "needling"),
        scope=population(v),
        requirements=(
            v.criterion("single-course", Compare(Count(course), v.limits("single-course")), by=by, remedy="none"),
            v.criterion("five-hours", v.judged("five-hours"), remedy="action"),
        ),
        stance="consider",
        strength="consider",
    )


def _therapies(v: Values, id: str) -> frozenset[str]:
    return frozenset[str]().union(*(choice.words for choice in v.choices(id)))
