"""Steroid: the particle, the route and the region; boosters; what the patient must be told.

A request for a steroid injection that names no drug leaves open which steroid: that is asked, never assumed. Image
guidance, level and sedation of an epidural injection stand with the checklists (guidance).
Values: values.yaml. Dossier: periprocedural safety, sections 3a, 3b, 3f and 4f.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, procedures
from levamen.criteria.nodes import All, Among, Any, Compare, Elapsed, Exists, Facts, Field, Need, Not, Truth
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import EPIDURAL, asks_for, guard, has, said, steroid_asked, takes
from levamen.knowledge.model import Values


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    return (*_told(v), *_particles(v), *_interactions(v))


def _injected(v: Values, id: str) -> Among:
    return Among(Field("subject", "injected"), v.choices(id))


def _told(v: Values) -> tuple[Guard, ...]:
    steroid = Any((
        asks_for(v, "warning", frozenset({"epidural-steroid-injection"})),
        Among(Field("subject", "drugs"), v.choices("corticosteroid")),
    ))  # fmt: skip
    return (
        guard(
            v,
            "epidural-steroid-warning",
            All((asks_for(v, "warning", EPIDURAL), steroid)),
            by=("warning", "warning-events"),
            title="Epidural steroid: the warning of the FDA",
            effect="caution",
            decision="proceed_no_hold",
            remedy="none",
            do=f"Tell the patient. {v.says('warning')}. {v.says('warning-events')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "latent-infection",
            All((
                has(v, "latent-infection", "diagnosis of tuberculosis, strongyloides or hepatitis B",
                    "chronic-latent-infection"),
                _injected(v, "particulate"),
            )),
            by=("latent-infection", "particulate"),
            title="Tuberculosis, strongyloides or hepatitis B before a depot steroid",
            effect="defer",
            decision="defer",
            applies=steroid_asked(v, "corticosteroid"),
            do=f"{v.says('latent-infection')}.",
            who="pain-physician",
            until="the infection is treated",
        ),
    )  # fmt: skip


def _transforaminal(v: Values, id: str, *regions: str) -> Truth:
    """A transforaminal injection, or a block of one root, which is the same needle."""
    through = Any((
        All((
            asks_for(v, id, frozenset({"epidural-steroid-injection", "epidural-adhesiolysis"})),
            asked_is("approach", v.words(id, "transforaminal")),
        )),
        asks_for(v, id, frozenset({"selective-nerve-root-block"})),
    ))  # fmt: skip
    return All((through, asked_is("region", v.words(id, *regions)))) if regions else through


def _particles(v: Values) -> tuple[Guard, ...]:
    first = "lumbar-transforaminal-first"
    earlier = procedures(
        "lumbar transforaminal injection",
        it_is("therapy", v.words(first, "epidural-steroid-injection")),
        it_is("approach", v.words(first, "transforaminal")),
        it_is("region", v.words(first, "lumbar")),
    )
    not_first = Exists(Facts(earlier.kind, earlier.noun, earlier.where, closed_by="recorded"))
    without = "transforaminal-without-contrast"
    unseen = asked_is("contrast", v.words(without, "none"))
    neck_or_chest = _transforaminal(v, "salt-decides", "cervical", "thoracic")
    return (
        guard(
            v,
            "particulate-cervical-transforaminal",
            _injected(v, "particulate"),
            by=("particulate", "cervical-transforaminal"),
            title="Particulate steroid through a cervical foramen",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            remedy="none",
            applies=_transforaminal(v, "cervical-transforaminal", "cervical"),
            do="Change the steroid: dexamethasone is the non-particulate one.",
            who="pain-physician",
        ),
        guard(
            v,
            "particulate-thoracic-transforaminal",
            _injected(v, "particulate"),
            by=("particulate", "thoracic-transforaminal"),
            title="Particulate steroid through a thoracic foramen",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            remedy="none",
            applies=_transforaminal(v, "thoracic-transforaminal", "thoracic"),
            do="Change the steroid: dexamethasone is the non-particulate one.",
            who="pain-physician",
        ),
        guard(
            v,
            "particulate-lumbar-transforaminal-first",
            All((_injected(v, "particulate"), Not(not_first))),
            by=("particulate", first),
            title="Particulate steroid in the first lumbar transforaminal injection",
            effect="caution",
            decision="proceed_no_hold",
            remedy="none",
            applies=_transforaminal(v, first, "lumbar"),
            do=f"{v.says(first)}.",
            who="pain-physician",
        ),
        guard(
            v,
            "particulate-by-salt",
            _injected(v, "salt-decides"),
            by="salt-decides",
            title="Steroid that may be particulate, through a foramen",
            effect="defer",
            decision="defer",
            applies=Any((neck_or_chest, All((_transforaminal(v, "salt-decides"), unseen)))),
            do="Read the label: a suspension is particulate. Dexamethasone is the non-particulate one.",
            who="pain-physician",
            until="the label says whether it is a suspension",
        ),
        guard(
            v,
            "particulate-by-salt-lumbar-first",
            All((_injected(v, "salt-decides"), Not(not_first))),
            by=("salt-decides", first),
            title="Steroid that may be particulate in the first lumbar transforaminal injection",
            effect="caution",
            decision="proceed_no_hold",
            applies=_transforaminal(v, "salt-decides", "lumbar"),
            do=f"Read the label: a suspension is particulate. {v.says(first)}.",
            who="pain-physician",
        ),
        guard(
            v,
            "preservative-without-contrast",
            Not(_injected(v, "particulate")),
            by=without,
            title="Steroid through a foramen without contrast",
            effect="caution",
            decision="proceed_no_hold",
            due="day",
            remedy="none",
            applies=All((_transforaminal(v, without), unseen, _injected(v, "corticosteroid"))),
            do=f"{v.says(without)}.",
            who="pain-physician",
        ),
        guard(
            v,
            "particulate-without-contrast",
            All((_injected(v, "particulate"), unseen)),
            by=("particulate", without),
            title="Particulate steroid through a foramen without contrast",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            remedy="none",
            applies=_transforaminal(v, without),
            do=f"{v.says(without)}.",
            who="pain-physician",
        ),
    )


def _interactions(v: Values) -> tuple[Guard, ...]:
    drug = "booster drug"
    boosted = Any((takes(v, "boosters", drug), said(v, "boosters", "hiv-treatment")))
    ended = Exists(
        Facts(
            "medication-history",
            "course of ritonavir that has just ended",
            All((
                it_is("drug", v.choices("short-course")),
                Compare(Elapsed(Field("it", "end")), v.limits("booster-washout")),
            )),
            closed_by="recorded",
        )
    )  # fmt: skip
    return (
        guard(
            v,
            "steroid-and-booster",
            All((boosted, _injected(v, "boosted"))),
            by=("boosters", "boosted", "booster-alternative"),
            title="Steroid with ritonavir or cobicistat",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            applies=steroid_asked(v, "corticosteroid"),
            do=f"Change the plan. {v.says('booster-alternative')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "dexamethasone-and-booster",
            All((boosted, _injected(v, "not-boosted"))),
            by=("boosters", "not-boosted", "booster-alternative"),
            title="Dexamethasone with ritonavir or cobicistat",
            effect="caution",
            decision="shared_decision_required",
            applies=steroid_asked(v, "corticosteroid"),
            do=f"{v.says('booster-alternative')}.",
            who="prescriber",
            needs=(Need(kind="agreement", what="prescriber-agreement"),),
        ),
        guard(
            v,
            "steroid-after-booster",
            All((ended, _injected(v, "boosted"))),
            by=("short-course", "booster-washout", "boosted"),
            title="Steroid less than 5 days after ritonavir",
            effect="defer",
            decision="defer",
            remedy="time",
            applies=steroid_asked(v, "corticosteroid"),
            do="Wait until 5 days after the last dose of ritonavir.",
            who="pain-physician",
        ),
        guard(
            v,
            "steroid-and-strong-inhibitor",
            All((takes(v, "strong-inhibitors", "strong CYP3A4 inhibitor"), _injected(v, "particulate"))),
            by=("strong-inhibitors", "particulate"),
            title="Depot steroid with a strong CYP3A4 inhibitor",
            effect="caution",
            decision="proceed_no_hold",
            applies=steroid_asked(v, "corticosteroid"),
            do="The steroid may last longer and act on the whole body: weigh another one, and watch.",
            who="pain-physician",
        ),
        guard(
            v,
            "steroid-and-warfarin",
            takes(v, "vitamin-k-antagonists", "vitamin K antagonist"),
            by=("vitamin-k-antagonists", "inr-after-steroid"),
            title="Steroid with a vitamin K antagonist",
            effect="caution",
            decision="proceed_no_hold",
            applies=steroid_asked(v, "corticosteroid"),
            do=f"{v.says('inr-after-steroid')}.",
            who="prescriber",
        ),
    )
