"""HealthPartners, radiofrequency denervation of facet joints: pain and physical therapy first.

When the pain is severe and three months old, and there were four visits of physical therapy within six weeks in the
last six months: covered, as far as the policy was captured.
Sources and amounts: values.yaml. Dossier: spine injections, section 3.2.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, pain_lasted, rolling
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
    length = Compare(Elapsed(Field("it", "start"), Field("it", "end")), v.limits("visits-span"))
    course = Facts(
        "conservative-care",
        f"course of physical therapy with at least {visits.amount} visits within {weeks.amount}",
        All((
            it_is("therapy", v.words("visits", "physical-therapy")),
            Compare(Number(Field("it", "sessions")), v.limits("visits")),
            Any((length, v.judged("visits-close-together"))),
        )),
        rolling(v.limits("episode")),
    )  # fmt: skip
    return v.criterion(
        "physical-therapy",
        Exists(course),
        by=("visits", "visits-span", "visits-close-together", "episode"),
        remedy="action",
        needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
    )
