"""HealthPartners, radiofrequency denervation of facet joints: pain and physical therapy first.

When the pain is severe and three months old, and there were four visits of physical therapy within six weeks in the
last six months: covered, as far as the policy was captured.
Sources and amounts: values.yaml. Dossier: spine injections, section 3.2.
"""

from __future__ import annotations

from levamen.criteria.build import SINCE_THIS_PAIN, asked_is, it_is, pain_lasted, since_then
from levamen.criteria.nodes import All, Any, Compare, Criterion, Elapsed, Exists, Facts, Field, Need, Number
from levamen.knowledge.model import Rule, Values

ABLATION = "medial-branch-radiofrequency-ablation"


def rules(values: Values) -> tuple[Rule, ...]:
    """The one question that was captured: may the joints be denervated."""
    v = values
    return (
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            scope=(v.criterion("technique", asked_is("technique", v.choices("technique")), remedy="none"),),
            requirements=(
                v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
                v.criterion("pain-severe", v.judged("pain-severe"), remedy="none"),
                physical_therapy(v),
            ),
        ),
    )


def physical_therapy(v: Values) -> Criterion:
    """Four visits over at most six weeks, in the current episode."""
    visits, weeks = v.limits("visits")[0], v.limits("visits-span")[0]
    began, ended = Field("it", "start"), Field("it", "end")
    close_together = Any((
        Compare(Elapsed(began, ended), v.limits("visits-span")),
        since_then(v.limits("visits-span")),
        v.judged("visits-close-together"),
    ))  # fmt: skip
    recent = Any((
        since_then(v.limits("episode")),
        All((Compare(Elapsed(ended), v.limits("episode")), v.judged("visits-in-episode"))),
    ))  # fmt: skip
    course = Facts(
        "conservative-care",
        f"course of physical therapy with at least {visits.amount} visits, within {weeks.amount} of the last "
        f"{v.limits('episode')[0].amount} and",
        All((
            it_is("therapy", v.words("visits", "physical-therapy")),
            Compare(Number(Field("it", "sessions")), v.limits("visits")),
            close_together,
            recent,
        )),
        SINCE_THIS_PAIN,
    )  # fmt: skip
    return v.criterion(
        "physical-therapy",
        Exists(course),
        by=("visits", "visits-span", "visits-close-together", "episode", "visits-in-episode"),
        remedy="action",
        needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
    )
