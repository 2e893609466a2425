"""Blood that does not clot well: platelets, liver disease, bleeding disorders.

Values: values.yaml. Dossier: periprocedural safety, sections 1a, 2c and 2d.
"""

from __future__ import annotations

from levamen.criteria.build import it_is
from levamen.criteria.nodes import All, Any, Compare, Facts, Field, Latest, Need, Not, Number, Stated, The, Truth
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import (
    EPIDURAL,
    asks_for,
    guard,
    has,
    measured,
    said,
    takes,
)
from levamen.knowledge.model import Values

HIGH = frozenset(
    {
        "spinal-cord-stimulation-trial",
        "spinal-cord-stimulation-implant",
        "dorsal-root-ganglion-stimulation-trial",
        "dorsal-root-ganglion-stimulation-implant",
        "intrathecal-trial",
        "intrathecal-pump",
        "vertebroplasty",
        "kyphoplasty",
        "percutaneous-lumbar-decompression",
        "epiduroscopy",
        "epidural-decompression",
        "basivertebral-nerve-ablation",
        "interspinous-spacer",
        "sacroiliac-fusion",
    }
)
"""Procedures of the highest class of bleeding risk (dossier 1a; the last three by analogy, 1b)."""

NEURAXIAL = HIGH | EPIDURAL | {"epidural-blood-patch", "epidural-catheter-infusion", "lumbar-puncture"}


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    return (*_platelets(v), *_others(v))


def _fewer(v: Values, id: str) -> Truth:
    """The latest platelet count on record is below the limit; none need be on record."""
    counts = Facts("readings", "platelet count", it_is("test", v.words(id, "platelets")), closed_by="recorded")
    return The(Latest(counts), Compare(Number(Field("it", "value")), v.limits(id)))


def _platelets(v: Values) -> tuple[Guard, ...]:
    need = (Need(kind="lab", what="platelets"),)
    low = has(
        v, "platelets-needed", "diagnosis of thrombocytopenia", "thrombocytopenia", "heparin-induced-thrombocytopenia"
    )
    return (
        guard(
            v,
            "platelets-high-risk",
            _fewer(v, "platelets-high-risk"),
            by="platelets-high-risk",
            title="Platelets below 50 before a procedure of high bleeding risk",
            effect="defer",
            decision="defer",
            applies=asks_for(v, "platelets-high-risk", HIGH),
            do="Defer and ask hematology.",
            who="pain-physician",
            until="platelets are higher",
            needs=need,
        ),
        guard(
            v,
            "platelets-neuraxial",
            _fewer(v, "platelets-neuraxial"),
            by="platelets-neuraxial",
            title="Platelets below 100 before a neuraxial needle",
            effect="defer",
            decision="defer",
            applies=asks_for(v, "platelets-neuraxial", NEURAXIAL),
            do="Defer and ask hematology; many pain units ask for 100.",
            who="pain-physician",
            until="platelets are higher",
            needs=need,
        ),
        guard(
            v,
            "platelets-needed",
            All((low, Not(measured(v, "platelets-needed", "platelet count", "platelets")))),
            by="platelets-needed",
            title="Thrombocytopenia without a platelet count",
            effect="defer",
            decision="lab_required_no_datetime",
            applies=asks_for(v, "platelets-needed", NEURAXIAL),
            do="Count platelets.",
            who="pain-physician",
            until="a platelet count is on record",
            needs=need,
        ),
    )


def _others(v: Values) -> tuple[Guard, ...]:
    liver = Any((
        has(v, "liver", "diagnosis of cirrhosis, Child-Pugh class B or C", "cirrhosis",
            where=(it_is("attributes.child_pugh", v.choices("liver")),)),
        has(v, "liver", "diagnosis of liver failure", "liver-failure"),
    ))  # fmt: skip
    disorder = ("bleeding-disorder", "bleeding-history", "thrombocytopenia", "heparin-induced-thrombocytopenia")
    sign = it_is("concept", v.words("bleeding", "bruising-or-bleeding-signs"))
    signs = Facts("findings", "finding of bruising or bleeding", sign, closed_by="recorded")
    bleeding = Any((
        has(v, "bleeding", "bleeding disorder or history", *disorder),
        The(Latest(signs), Stated(Field("it", "present"))),
        said(v, "bleeding", "bleeding-disorder"),
    ))  # fmt: skip
    return (
        guard(
            v,
            "liver-disease",
            liver,
            by="liver",
            title="Advanced liver disease with a drug against clotting",
            effect="caution",
            decision="shared_decision_required",
            applies=takes(v, "anticoagulant", "drug against clotting"),
            do="Involve hepatology; INR and platelets alone are unreliable guides.",
            who="pain-physician",
            needs=(Need(kind="referral", what="hepatology"),),
        ),
        guard(
            v,
            "bleeding-disorder",
            bleeding,
            by="bleeding",
            title="Bleeding disorder or history of bleeding",
            effect="caution",
            decision="shared_decision_required",
            do=f"{v.says('bleeding')}.",
            who="pain-physician",
            needs=(Need(kind="referral", what="hematology"),),
        ),
    )
