"""When holding an antithrombotic is itself the danger: stent, clot, stroke, valve, fibrillation, thrombophilia.

Asked where such a drug is taken or such an event is on record; a stent of the last month stops whatever is elective.
Values: values.yaml. Dossier: periprocedural safety, section 2f.
"""

from __future__ import annotations

from levamen.criteria.build import it_is
from levamen.criteria.nodes import All, Any, Compare, Field, Need, Number, Stated, Truth
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import attribute, guard, had, has, since, takes
from levamen.knowledge.model import Values

HELD = frozenset({"anticoagulant", "antiplatelet"})
STENT = "coronary-stent"
STROKES = ("stroke", "transient-ischemic-attack")
CLOTS = ("venous-thromboembolism", "venous-thromboembolism-history")


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    return (*_stents(v), *_coronary(v), *_clots(v), *_hearts(v), *_blood(v))


def _asked(v: Values, id: str, noun: str, *concepts: str) -> Truth:
    """An antithrombotic is taken, or the event itself is on record."""
    return Any((takes(v, "antithrombotics", "drug against clotting"), had(v, id, noun, *concepts, on_record=True)))


def _stents(v: Values) -> tuple[Guard, ...]:
    later = f"Wait, and ask cardiology. {v.says('stent-time-sensitive')}. {v.says('dual-antiplatelet')}."
    need = (Need(kind="referral", what="cardiology"),)
    eluting = attribute(v, "stent-drug-eluting", "stent", "drug-eluting", "not-recorded")
    return (
        guard(
            v,
            "stent-any",
            had(v, "stent-any", "coronary stent of the last month", STENT, where=(since(v.limits("stent-any")),)),
            by="stent-any",
            title="A coronary stent was placed less than 30 days before",
            effect="defer",
            decision="defer",
            remedy="time",
            forbids_holding=HELD,
            always=True,
            do="Wait, and ask cardiology.",
            who="pain-physician",
            needs=need,
        ),
        guard(
            v,
            "stent-bare-metal",
            had(
                v,
                "stent-bare-metal",
                "bare-metal stent of the last month",
                STENT,
                where=(attribute(v, "stent-bare-metal", "stent", "bare-metal"), since(v.limits("stent-bare-metal"))),
            ),
            by=("stent-bare-metal", "stent-never-stop"),
            title="A bare-metal coronary stent is less than 30 days old",
            effect="defer",
            decision="defer",
            remedy="time",
            applies=_asked(v, "stent-bare-metal", "coronary stent", STENT),
            forbids_holding=HELD,
            do=f"Wait, and ask cardiology. {v.says('stent-never-stop')}.",
            who="pain-physician",
            needs=need,
        ),
        guard(
            v,
            "stent-drug-eluting",
            had(
                v,
                "stent-drug-eluting",
                "drug-eluting stent of the last 6 months",
                STENT,
                where=(eluting, since(v.limits("stent-drug-eluting"))),
            ),
            by=("stent-drug-eluting", "stent-time-sensitive", "dual-antiplatelet"),
            title="A drug-eluting coronary stent is less than 6 months old",
            effect="defer",
            decision="defer",
            remedy="time",
            applies=_asked(v, "stent-drug-eluting", "coronary stent", STENT),
            forbids_holding=HELD,
            do=later,
            who="pain-physician",
            needs=need,
        ),
        guard(
            v,
            "stent-drug-eluting-acute",
            had(
                v,
                "stent-drug-eluting-acute",
                "drug-eluting stent of the last 12 months for an acute coronary syndrome",
                STENT,
                where=(eluting, _placed_for(v), since(v.limits("stent-drug-eluting-acute"))),
            ),
            by=("stent-drug-eluting-acute", "stent-time-sensitive", "dual-antiplatelet"),
            title="A drug-eluting stent for an acute coronary syndrome is less than 12 months old",
            effect="defer",
            decision="defer",
            remedy="time",
            applies=_asked(v, "stent-drug-eluting-acute", "coronary stent", STENT),
            forbids_holding=HELD,
            do=later,
            who="pain-physician",
            needs=need,
        ),
    )


def _placed_for(v: Values) -> Truth:
    return it_is("attributes.placed_for", v.choices("stent-placed-for"))


def _coronary(v: Values) -> tuple[Guard, ...]:
    rows = (
        (
            "balloon-angioplasty",
            "coronary balloon angioplasty",
            "Coronary balloon angioplasty less than 14 days before",
        ),
        ("myocardial-infarction", "myocardial infarction", "Myocardial infarction less than 60 days before"),
    )
    return tuple(
        guard(
            v,
            id,
            had(v, id, f"recent {noun}", id, where=(since(v.limits(id)),)),
            by=id,
            title=title,
            effect="defer",
            decision="defer",
            remedy="time",
            applies=_asked(v, id, noun, id),
            forbids_holding=HELD,
            do="Wait, and ask cardiology.",
            who="pain-physician",
            needs=(Need(kind="referral", what="cardiology"),),
        )
        for id, noun, title in rows
    )


def _clots(v: Values) -> tuple[Guard, ...]:
    noun = "venous thromboembolism"
    again = Any(
        (
            had(
                v,
                "clot-moderate-from",
                f"{noun} of the last 12 months",
                *CLOTS,
                where=(since(v.limits("clot-moderate-from")), since(v.limits("clot-moderate-to"))),
            ),
            had(
                v, "clot-recurrent", f"recurrent {noun}", CLOTS[0], where=(Stated(Field("it", "attributes.recurrent")),)
            ),
        )
    )
    cancer = Any(
        (
            had(v, "clot-with-cancer", f"{noun} with cancer", CLOTS[0], where=(_with_cancer(v),)),
            All((
                had(v, "clot-with-cancer", noun, *CLOTS),
                has(v, "clot-with-cancer", "active cancer", "cancer", "multiple-myeloma", "pancreatic-cancer",
                    "pelvic-cancer", "bone-metastasis"),
            )),
        )
    )  # fmt: skip
    return (
        guard(
            v,
            "clot-recent",
            had(v, "clot-recent", f"{noun} of the last 3 months", *CLOTS, where=(since(v.limits("clot-recent")),)),
            by="clot-recent",
            title="Venous thromboembolism less than 3 months before",
            effect="defer",
            decision="defer",
            remedy="time",
            applies=_asked(v, "clot-recent", noun, *CLOTS),
            forbids_holding=HELD,
            do="Wait; the first month is the worst. If it cannot wait: hematology and a bridging plan.",
            who="pain-physician",
            needs=(Need(kind="referral", what="hematology"),),
        ),
        guard(
            v,
            "clot-moderate",
            again,
            by=("clot-moderate-from", "clot-moderate-to", "clot-recurrent"),
            title="Venous thromboembolism 3 to 12 months before, or recurrent",
            effect="defer",
            decision="do_not_hold_without_prescriber",
            applies=_asked(v, "clot-recurrent", noun, *CLOTS),
            forbids_holding=HELD,
            do="Ask the prescriber; no drug against clotting is held without an agreement.",
            who="prescriber",
            until="the prescriber decides",
            needs=(Need(kind="agreement", what="prescriber-agreement"),),
        ),
        guard(
            v,
            "clot-with-cancer",
            cancer,
            by="clot-with-cancer",
            title="Active cancer with venous thromboembolism",
            effect="defer",
            decision="do_not_hold_without_prescriber",
            applies=_asked(v, "clot-with-cancer", noun, *CLOTS),
            forbids_holding=HELD,
            do="Ask the prescriber; no drug against clotting is held without an agreement.",
            who="prescriber",
            until="the prescriber decides",
            needs=(Need(kind="agreement", what="prescriber-agreement"),),
        ),
        guard(
            v,
            "stroke",
            had(v, "stroke", "stroke or transient attack of the last 3 months", *STROKES,
                where=(since(v.limits("stroke")),)),
            by=("stroke", "stroke-later-risk"),
            title="Stroke or transient ischemic attack less than 3 months before",
            effect="defer",
            decision="defer",
            remedy="time",
            applies=_asked(v, "stroke", "stroke or transient attack", *STROKES),
            forbids_holding=HELD,
            do=f"Wait, and ask the prescriber. {v.says('stroke-later-risk')}.",
            who="pain-physician",
        ),
    )  # fmt: skip


def _with_cancer(v: Values) -> Truth:
    return attribute(v, "clot-with-cancer", "with_cancer", "yes")


def _hearts(v: Values) -> tuple[Guard, ...]:
    fibrillation, valve = "atrial-fibrillation", "mechanical-heart-valve"
    scores = tuple(
        All((
            attribute(v, id, "scored_by", name),
            Compare(Number(Field("it", f"attributes.{name}")), v.limits(id)),
        ))
        for id, name in (("fibrillation-cha2ds2-vasc", "cha2ds2_vasc"), ("fibrillation-chads2", "chads2"))
    )  # fmt: skip
    rheumatic = Stated(Field("it", "attributes.rheumatic_valve"))
    of_risk = Any((
        attribute(v, "valve-mitral", "position", "mitral"),
        attribute(v, "valve-old-kind", "valve", "caged-ball", "tilting-disc"),
        since(v.limits("valve-new")),
    ))  # fmt: skip
    after_stroke = All((
        had(v, "valve-after-stroke", "mechanical heart valve", valve),
        had(v, "valve-after-stroke", "stroke or transient attack of the last 6 months", *STROKES,
            where=(since(v.limits("valve-after-stroke")),)),
    ))  # fmt: skip
    return (
        guard(
            v,
            "fibrillation-high-risk",
            had(v, "fibrillation-rheumatic", "atrial fibrillation of high risk", fibrillation,
                where=(Any((*scores, rheumatic)),)),
            by=("fibrillation-cha2ds2-vasc", "fibrillation-chads2", "fibrillation-rheumatic"),
            title="Atrial fibrillation with a high risk of stroke",
            effect="defer",
            decision="do_not_hold_without_prescriber",
            applies=_asked(v, "fibrillation-rheumatic", "atrial fibrillation", fibrillation),
            forbids_holding=HELD,
            do="Ask the prescriber; no drug against clotting is held without an agreement.",
            who="prescriber",
            until="the prescriber decides",
            needs=(Need(kind="agreement", what="prescriber-agreement"),),
        ),
        guard(
            v,
            "valve-high-risk",
            Any((had(v, "valve-mitral", "mechanical heart valve of high risk", valve, where=(of_risk,)), after_stroke)),
            by=("valve-mitral", "valve-old-kind", "valve-new", "valve-after-stroke"),
            title="Mechanical heart valve of high risk",
            effect="defer",
            decision="do_not_hold_without_prescriber",
            applies=_asked(v, "valve-mitral", "mechanical heart valve", valve),
            forbids_holding=HELD,
            do="Ask cardiology, who decide on bridging; no drug against clotting is held without an agreement.",
            who="prescriber",
            until="cardiology decides",
            needs=(Need(kind="agreement", what="prescriber-agreement"),),
        ),
    )  # fmt: skip


def _blood(v: Values) -> tuple[Guard, ...]:
    severe = Any((_type_of_risk(v), Stated(Field("it", "attributes.severe"))))
    rows = (
        ("antiphospholipid-syndrome", "antiphospholipid", "antiphospholipid", "Antiphospholipid syndrome", ()),
        ("thrombophilia", "thrombophilia-severe", ("thrombophilia-types", "thrombophilia-severe"),
         "Thrombophilia of high risk", (severe,)),
    )  # fmt: skip
    return tuple(
        guard(
            v,
            concept,
            had(v, id, title[0].lower() + title[1:], concept, where=where),
            by=by,
            title=title,
            effect="defer",
            decision="do_not_hold_without_prescriber",
            applies=_asked(v, id, title[0].lower() + title[1:], concept),
            forbids_holding=HELD,
            do="Ask the prescriber or hematology; no drug against clotting is held without an agreement.",
            who="prescriber",
            until="the prescriber decides",
            needs=(Need(kind="agreement", what="prescriber-agreement"),),
        )
        for concept, id, by, title, where in rows
    )


def _type_of_risk(v: Values) -> Truth:
    return it_is("attributes.type", v.choices("thrombophilia-types"))
