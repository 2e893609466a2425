"""Reactions to contrast, to local anesthetics, to steroid products and to what touches the skin; gadolinium.

An answer "yes" to a question about allergy counts even where no allergy is written down.
Values: values.yaml. Dossier: periprocedural safety, section 4b.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is
from levamen.criteria.nodes import All, Among, Any, Exists, Facts, Field, Not, Same, Truth
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import EPIDURAL, asks_for, guard, has, planned, reading, said
from levamen.knowledge.model import Values

NEURAXIAL = EPIDURAL | {
    "epidural-catheter-infusion",
    "epidural-decompression",
    "epidural-blood-patch",
    "lumbar-puncture",
    "intrathecal-trial",
    "intrathecal-pump",
    "pump-refill",
    "pump-revision",
    "dorsal-root-ganglion-radiofrequency",
    "spinal-cord-stimulation-trial",
    "spinal-cord-stimulation-implant",
    "dorsal-root-ganglion-stimulation-trial",
    "dorsal-root-ganglion-stimulation-implant",
    "percutaneous-lumbar-decompression",
    "discography",
    "intradiscal-injection",
    "percutaneous-disc-decompression",
    "intradiscal-electrothermal-therapy",
    "trigeminal-ganglion-procedure",
    "facet-cyst-aspiration",
    "facet-joint-injection",
    "medial-branch-block",
}
"""Procedures whose needle can enter the thecal sac."""


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    return (*_contrast(v), *_gadolinium(v), *_drugs(v), _contact(v))


def _allergy(
    v: Values, id: str, noun: str, *substances: str, where: tuple[Truth, ...] = (), on_record: bool = False
) -> Exists:
    such = All((it_is("substance", v.words(id, *substances)), *where))
    return Exists(Facts("allergies", noun, such, closed_by="recorded" if on_record else "present"))


def _contrast(v: Values) -> tuple[Guard, ...]:
    substances = ("iodinated-contrast", "contrast")
    asked = asked_is("contrast", v.words("contrast-mild", "iodinated"))
    told = said(v, "contrast-unspecified", "contrast-allergy")
    written = _allergy(v, "contrast-unspecified", "reaction to iodinated contrast", *substances, on_record=True)
    severe = it_is("severity", v.words("contrast-severe", "severe"))
    milder = Not(it_is("severity", v.words("contrast-mild", "severe")))
    return (
        guard(
            v,
            "contrast-reaction",
            _allergy(v, "contrast-mild", "reaction to iodinated contrast", *substances, where=(milder,)),
            by=("contrast-mild", "premedication", "shellfish"),
            title="Earlier reaction to iodinated contrast that was not severe",
            effect="caution",
            decision="proceed_no_hold",
            applies=asked,
            do=f"{v.says('contrast-mild')}. {v.says('premedication')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "contrast-reaction-severe",
            _allergy(v, "contrast-severe", "severe reaction to iodinated contrast", *substances, where=(severe,)),
            by="contrast-severe",
            title="Earlier severe reaction to iodinated contrast",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            applies=asked,
            do=f"{v.says('contrast-severe')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "contrast-reaction-unspecified",
            All((told, Not(written))),
            by="contrast-unspecified",
            title="The patient reports a contrast allergy that is not written down",
            effect="defer",
            decision="defer",
            applies=asked,
            do="Record what happened and how severe it was, or plan without iodinated contrast.",
            who="nurse",
            until="the reaction and its severity are recorded",
        ),
    )


def _gadolinium(v: Values) -> tuple[Guard, ...]:
    given = planned(v, "gadolinium", "plan to give gadolinium")
    renal = Any((
        has(v, "gadolinium-renal", "need for dialysis", "dialysis"),
        reading(v, "gadolinium-renal", "estimated glomerular filtration rate", "egfr", limits="gadolinium-renal"),
    ))  # fmt: skip
    return (
        guard(
            v,
            "gadolinium-neuraxial",
            All((given, asks_for(v, "gadolinium", NEURAXIAL))),
            by=("gadolinium", "gadolinium-older-series"),
            title="Gadolinium near the thecal sac",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            remedy="none",
            do="Plan without gadolinium: entry into the thecal sac has caused encephalopathy and death.",
            who="pain-physician",
        ),
        guard(
            v,
            "gadolinium-renal",
            renal,
            by="gadolinium-renal",
            title="Gadolinium in advanced kidney disease",
            effect="caution",
            decision="proceed_no_hold",
            applies=given,
            do="No agent of group I.",
            who="pain-physician",
        ),
    )


def _drugs(v: Values) -> tuple[Guard, ...]:
    amides = sorted(v.choices("amides")[0].words)
    amide = Among(Field("subject", "injected"), v.choices("amides"))
    steroid = Among(Field("subject", "injected"), v.choices("steroids"))
    macrogol = Among(Field("subject", "injected"), v.choices("macrogol-products"))
    excipients = Exists(
        Facts("allergies", "allergy to an excipient of steroid products", it_is("substance", v.choices("excipients")),
              closed_by="present")
    )  # fmt: skip
    epidural = asks_for(v, "steroids", frozenset({"epidural-steroid-injection"}))
    given = Any((
        Same("drugs", "overlaps", theirs="substance"),
        All((it_is("substance", v.choices("steroids")), epidural)),
        All((
            it_is("substance", v.words("what-is-given", "local-anesthetic-ester")),
            Among(Field("subject", "drugs"), v.words("what-is-given", "chloroprocaine", "tetracaine")),
        )),
    ))  # fmt: skip
    told = said(v, "what-is-given", "drug-allergy")
    no_drug = Any((
        it_is("substance", v.choices("contact")), it_is("substance", v.words("what-is-given", "shellfish", "metal"))
    ))  # fmt: skip
    written = Exists(Facts("allergies", "allergy to a drug", Not(no_drug), closed_by="recorded"))
    return (
        guard(
            v,
            "amide-allergy",
            _allergy(v, "amide-allergy", "allergy to an amide local anesthetic", "local-anesthetic-amide",
                     "local-anesthetic", *amides),
            by="amide-allergy",
            title="Allergy to an amide local anesthetic",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            applies=amide,
            do=f"{v.says('amide-allergy')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "steroid-macrogol",
            _allergy(v, "macrogol-products", "allergy to polyethylene glycol", "polyethylene-glycol"),
            by="macrogol-products",
            title="Allergy to polyethylene glycol, and methylprednisolone is planned",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            applies=macrogol,
            do="Choose another product.",
            who="pain-physician",
        ),
        guard(
            v,
            "steroid-excipient",
            excipients,
            by="excipients",
            title="Allergy to an excipient of steroid products",
            effect="caution",
            decision="proceed_no_hold",
            applies=steroid,
            do="Read the label of the product; choose another one if it holds the excipient.",
            who="pain-physician",
        ),
        guard(
            v,
            "allergy-to-what-is-given",
            Exists(Facts("allergies", "allergy to what is given", given, closed_by="present")),
            by="what-is-given",
            title="Allergy to a drug that is planned",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            do="Choose another drug, or clarify the allergy.",
            who="pain-physician",
        ),
        guard(
            v,
            "drug-allergy-unspecified",
            All((told, Not(written))),
            by="what-is-given",
            title="The patient reports a drug allergy that is not written down",
            effect="defer",
            decision="defer",
            do="Record the drug and the reaction.",
            who="nurse",
            until="the drug and the reaction are recorded",
        ),
    )  # fmt: skip


def _contact(v: Values) -> Guard:
    noun = "allergy to latex, skin antiseptic or adhesive"
    listed = Facts("allergies", noun, it_is("substance", v.choices("contact")), closed_by="present")
    return guard(
        v,
        "contact-allergy",
        Any((Exists(listed), said(v, "contact", "latex-allergy"))),
        by="contact",
        title="Allergy to latex, a skin antiseptic or adhesive",
        effect="caution",
        decision="proceed_no_hold",
        do="Say it at the time-out and prepare without it. Let chlorhexidine dry; keep it off the neuraxis.",
        who="nurse",
    )
