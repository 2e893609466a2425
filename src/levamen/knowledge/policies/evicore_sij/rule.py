"""eviCore, sacroiliac joint: injections as under Medicare within active rehabilitation; the nerves are investigational.

When pain over the joint is three months old, at least three different provocative tests are positive, four weeks of
care failed, nothing else explains it and the patient is in active rehabilitation: an injection under fluoroscopy. As
treatment after a diagnostic one of 75 %; again after 75 % for two weeks with better function or less medication, two
months apart, four times a year in a joint.
Sources and amounts: values.yaml. Dossier: spine injections, sections 0.3 and 4.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, no_more, procedures, relief_held, rolling, since_then
from levamen.criteria.build import sessions as count_sessions
from levamen.criteria.nodes import All, Any, Criterion, EachTarget, Exists, IfThen, Readings, Same
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.mcr_sij.common import (
    ABLATION,
    BLOCK,
    INJECTION,
    THE_INJECTION,
    done,
    done_here,
    positive,
    tested_here,
    who,
)


def rules(v: Values) -> tuple[Rule, ...]:
    """Injections for either purpose; blocks and ablation of the nerves are denied."""
    common = (*who(v), *alongside(v))
    return (
        Rule(
            id="diagnostic",
            therapies=frozenset({INJECTION}),
            purposes=frozenset({"diagnostic"}),
            exclusions=exclusions(v),
            requirements=(*common, *diagnostic_requirements(v)),
        ),
        Rule(
            id="therapeutic",
            therapies=frozenset({INJECTION}),
            purposes=frozenset({"therapeutic"}),
            exclusions=exclusions(v),
            requirements=(*common, *therapeutic_requirements(v)),
        ),
        Rule(id="nerves", therapies=frozenset({BLOCK, ABLATION}), exclusions=(investigational(v),)),
    )


def alongside(v: Values) -> tuple[Criterion, ...]:
    """Active rehabilitation and the image."""
    return (
        v.criterion("active-rehabilitation", v.judged("active-rehabilitation"), remedy="action"),
        v.criterion("guidance", asked_is("guidance", v.choices("guidance")), remedy="none"),
    )


def investigational(v: Values) -> Criterion:
    """Blocks and ablation of the lateral branches."""
    id = "investigational-therapies"
    return v.criterion(id, asked_is("therapy", v.choices(id)), remedy="none")


def exclusions(v: Values) -> tuple[Criterion, ...]:
    """What is investigational, and in the older form another spine injection on the same day."""
    same_day = procedures(
        "other spine injection on the same day",
        it_is("therapy", v.choices("same-day-injections")),
        since_then(v.limits("same-day")),
    )
    older_or_newer = Readings((Exists(same_day), Any(())))
    ultrasound = asked_is("guidance", v.choices("investigational-guidance"))
    return (
        investigational(v),
        v.criterion("investigational-guidance", ultrasound, remedy="none"),
        v.criterion("same-day-injections", older_or_newer, by=("same-day-injections", "same-day"), remedy="none"),
    )


def diagnostic_requirements(v: Values) -> tuple[Criterion, ...]:
    """A second only after a positive first; two sessions in twelve months, whichever the side."""
    here = tested_here(v)
    window = rolling(v.limits("diagnostic-window"))
    every = procedures("diagnostic sacroiliac injection", *done(v, "diagnostic-cap", "diagnostic"), window=window)
    return (
        v.criterion("diagnostic-relief", EachTarget(IfThen(Exists(here), latest(here, positive(v)))), remedy="none"),
        v.criterion(
            "diagnostic-cap",
            count_sessions(every, v.limits("diagnostic-cap")),
            by=("diagnostic-cap", "diagnostic-window"),
            remedy="none",
        ),
    )


def therapeutic_requirements(v: Values) -> tuple[Criterion, ...]:
    """First after a positive diagnostic injection of the joint; again after two good weeks, two months apart."""
    tested = tested_here(v)
    treated = done_here(v, "therapeutic-cap", "therapeutic")
    in_window = procedures(
        "therapeutic injection of this joint",
        *done(v, "therapeutic-cap", "therapeutic"),
        Same("side", "covers"),
        window=rolling(v.limits("therapeutic-window")),
    )
    held = relief_held(v.limits("therapeutic-repeat-relief"), v.limits("therapeutic-repeat-length"))
    first, again = no_more(treated), Exists(treated)
    return (
        v.criterion(
            "diagnostic-first",
            EachTarget(IfThen(first, Exists(tested))),
            by="diagnostic-relief",
            remedy="action",
            needs=THE_INJECTION,
        ),
        v.criterion(
            "diagnostic-relief",
            EachTarget(IfThen(All((first, Exists(tested))), latest(tested, positive(v)))),
            remedy="none",
        ),
        v.criterion(
            "therapeutic-repeat",
            EachTarget(IfThen(again, latest(treated, held))),
            by=("therapeutic-repeat-relief", "therapeutic-repeat-length"),
            remedy="none",
        ),
        v.criterion(
            "therapeutic-repeat-benefit",
            EachTarget(IfThen(again, v.judged("therapeutic-repeat-benefit"))),
            remedy="none",
        ),
        v.criterion(
            "therapeutic-interval",
            EachTarget(IfThen(again, latest(treated, since_then(v.limits("therapeutic-interval"))))),
            remedy="none",
        ),
        v.criterion(
            "therapeutic-cap",
            EachTarget(count_sessions(in_window, v.limits("therapeutic-cap"))),
            by=("therapeutic-cap", "therapeutic-window"),
            remedy="none",
        ),
    )
