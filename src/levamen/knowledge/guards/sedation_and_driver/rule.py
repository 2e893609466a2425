"""Sedation: how deep, fasting for it, who drives home, what adds to it, and drugs that go on.

Values: values.yaml. Dossier: periprocedural safety, sections 4d, 4f and 5.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is
from levamen.criteria.nodes import All, Any, Exists, Facts, Need, Truth
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import (
    EPIDURAL,
    RADIOFREQUENCY,
    STIMULATOR_OR_PUMP,
    answered,
    asks_for,
    guard,
    has,
    takes,
)
from levamen.knowledge.model import Values

AWAKE = (
    EPIDURAL
    | (RADIOFREQUENCY - {"basivertebral-nerve-ablation"})
    | {"facet-joint-injection", "medial-branch-block", "sacral-lateral-branch-block"}
)
"""Epidural, facet and radiofrequency procedures: the patient must be able to report pain and paresthesia. Ablation
inside a vertebra is as an augmentation (dossier 1b): of that the source does not speak."""

DIAGNOSTIC = frozenset({"medial-branch-block", "sacral-lateral-branch-block", "selective-nerve-root-block",
                        "sacroiliac-joint-injection", "sympathetic-block"})  # fmt: skip

LEGS = (
    EPIDURAL
    | RADIOFREQUENCY
    | {
        "sympathetic-block",
        "lumbar-puncture",
        "intrathecal-trial",
        "neurolysis",
        "epidural-blood-patch",
        "epidural-catheter-infusion",
        "epidural-decompression",
        "spinal-cord-stimulation-trial",
        "dorsal-root-ganglion-stimulation-trial",
    }
)
"""Neuraxial, radiofrequency and blocks after which a leg may be weak."""


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    sedated = asked_is("sedation", v.choices("sedated"))
    return (*_depth(v, sedated), *_day(v, sedated), *_drugs(v, sedated))


def _depth(v: Values, sedated: Truth) -> tuple[Guard, ...]:
    diagnostic = Any((
        asked_is("purpose", v.words("diagnostic", "diagnostic")),
        asks_for(v, "diagnostic", frozenset({"medial-branch-block", "sacral-lateral-branch-block"})),
    ))  # fmt: skip
    deep, moderate = asked_is("sedation", v.choices("deep")), asked_is("sedation", v.choices("moderate"))
    # Sedation that the request rules out is no question of the day; sedation that it does not name is.
    return (
        guard(
            v,
            "sedation-deep",
            deep,
            by="deep",
            title="Deep sedation or general anesthesia for a procedure that needs an awake patient",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            due="day",
            remedy="none",
            applies=All((asks_for(v, "deep", AWAKE), deep)),
            do="No sedation, or light.",
            who="pain-physician",
        ),
        guard(
            v,
            "sedation-moderate",
            moderate,
            by="moderate",
            title="Moderate sedation for a procedure that needs an awake patient",
            effect="caution",
            decision="proceed_no_hold",
            due="day",
            remedy="none",
            applies=All((asks_for(v, "moderate", AWAKE), moderate)),
            do="No sedation, or light: the patient stays able to report.",
            who="pain-physician",
        ),
        guard(
            v,
            "sedation-diagnostic",
            sedated,
            by=("diagnostic", "sedated"),
            title="Sedation for a diagnostic block",
            effect="caution",
            decision="proceed_no_hold",
            due="day",
            remedy="none",
            applies=All((asks_for(v, "diagnostic", DIAGNOSTIC), diagnostic, sedated)),
            do=f"{v.says('diagnostic')}.",
            who="pain-physician",
        ),
    )


def _day(v: Values, sedated: Truth) -> tuple[Guard, ...]:
    fasting = " ".join(
        f"{v.says(id)}."
        for id in ("fasting-clear-liquids", "fasting-light-meal", "fasting-fatty-meal", "fasting-light-meal-shorter")
    )
    leg = All((
        asks_for(v, "driver", frozenset({"peripheral-nerve-block", "genicular-radiofrequency-ablation"})),
        asked_is("region", v.words("driver", "lower-limb", "lumbar", "sacral", "pelvis")),
    ))  # fmt: skip
    return (
        guard(
            v,
            "not-fasting",
            answered(v, "fasting", "no", "asked-on-the-day"),
            by=(
                "fasting-clear-liquids",
                "fasting-light-meal",
                "fasting-light-meal-shorter",
                "fasting-fatty-meal",
                "asked-on-the-day",
            ),
            title="Not fasting before sedation",
            effect="defer",
            decision="defer",
            due="day",
            applies=sedated,
            do=f"Wait, or go without sedation. {fasting}",
            who="nurse",
            until="the patient has fasted",
        ),
        guard(
            v,
            "no-driver",
            answered(v, "driver", "no", "asked-on-the-day"),
            by=("driver", "asked-on-the-day"),
            title="Nobody to take the patient home",
            effect="defer",
            decision="defer",
            due="day",
            applies=Any((sedated, asks_for(v, "driver", LEGS), leg)),
            do=f"{v.says('driver')}.",
            who="nurse",
            until="an adult takes the patient home",
        ),
    )


def _drugs(v: Values, sedated: Truth) -> tuple[Guard, ...]:
    additive = Any((
        takes(v, "additive", "opioid or benzodiazepine"),
        has(v, "additive-apnea", "diagnosis of obstructive sleep apnea", "obstructive-sleep-apnea"),
    ))  # fmt: skip
    opioid = takes(v, "continued-opioids", "prescription of buprenorphine or methadone")
    return (
        guard(
            v,
            "sedation-glp-1",
            takes(v, "glp-1", "GLP-1 receptor agonist"),
            by="glp-1",
            title="GLP-1 receptor agonist before sedation",
            effect="caution",
            decision="proceed_no_hold",
            applies=sedated,
            do="Follow the local rule on aspiration.",
            who="nurse",
        ),
        guard(
            v,
            "sedation-additive",
            additive,
            by=("additive", "additive-apnea"),
            title="Opioid, benzodiazepine or sleep apnea with sedation",
            effect="caution",
            decision="proceed_no_hold",
            applies=sedated,
            do=f"{v.says('additive-apnea')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "opioid-continues",
            opioid,
            by="continued-opioids",
            title="Buprenorphine or methadone",
            effect="caution",
            decision="do_not_hold_without_prescriber",
            forbids_holding=v.choices("continued-opioids")[0].words,
            do="Continue it; do not stop it for the procedure.",
            who="pain-physician",
        ),
        guard(
            v,
            "opioid-before-a-diagnostic-block",
            takes(v, "opioid", "opioid"),
            by=("before-a-block", "opioid"),
            title="Opioid before a diagnostic block",
            effect="caution",
            decision="proceed_no_hold",
            applies=All(
                (asks_for(v, "diagnostic", DIAGNOSTIC), asked_is("purpose", v.words("diagnostic", "diagnostic")))
            ),
            do=f"{v.says('before-a-block')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "baclofen-pump-explant",
            _in_the_pump(v, "pump-baclofen", "baclofen"),
            by="pump-baclofen",
            title="Intrathecal baclofen before the pump is removed",
            effect="caution",
            decision="shared_decision_required",
            applies=asks_for(v, "pump-baclofen", frozenset({"pump-explant"})),
            do=f"{v.says('pump-baclofen')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "clonidine-pump-explant",
            _in_the_pump(v, "pump-clonidine", "clonidine"),
            by="pump-clonidine",
            title="Intrathecal clonidine before the pump is removed",
            effect="caution",
            decision="proceed_no_hold",
            applies=asks_for(v, "pump-clonidine", frozenset({"pump-explant"})),
            do=f"{v.says('pump-clonidine')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "naltrexone-implant",
            takes(v, "naltrexone", "prescription of naltrexone"),
            by="naltrexone",
            title="Naltrexone before an implant",
            effect="caution",
            decision="shared_decision_required",
            applies=asks_for(v, "naltrexone", STIMULATOR_OR_PUMP),
            do="Plan with the prescriber: opioids after the operation are blocked.",
            who="prescriber",
            needs=(Need(kind="agreement", what="prescriber"),),
        ),
    )


def _in_the_pump(v: Values, id: str, drug: str) -> Exists:
    """The drug is given into the spinal fluid; one whose route nobody wrote down may be."""
    where = All((it_is("classes", v.words(id, drug)), it_is("route", v.words(id, "intrathecal"))))
    return Exists(Facts("current-medications", f"intrathecal {drug}", where, closed_by="present"))
