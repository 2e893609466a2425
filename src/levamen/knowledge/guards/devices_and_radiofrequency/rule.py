"""Cardiac devices and stimulators before radiofrequency and stimulation, and devices before MRI.

Asked of the devices section, which a review closes; a problem or an answer on record counts as well.
Values: values.yaml. Dossier: periprocedural safety, section 4d.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is
from levamen.criteria.nodes import All, Any, Compare, Elapsed, Exists, Facts, Field, Need, Not, Truth
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import STIMULATOR_OR_PUMP, asks_for, denied, guard, radiofrequency, said
from levamen.knowledge.model import Values

STIMULATORS = (
    "spinal-cord-stimulator",
    "dorsal-root-ganglion-stimulator",
    "peripheral-nerve-stimulator",
    "temporary-peripheral-nerve-stimulator",
    "multifidus-stimulator",
    "deep-brain-stimulator",
    "sacral-neurostimulator",
    "vagus-nerve-stimulator",
    "other-neurostimulator",
    "trial-lead",
    "intrathecal-pump",
)
CARDIAC = ("pacemaker", "implantable-cardioverter-defibrillator", "cardiac-resynchronization-device")
STIMULATION = frozenset(id for id in STIMULATOR_OR_PUMP if "stimulation" in id)


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    return (*_cardiac(v), *_others(v))


def _device(v: Values, id: str, noun: str, kinds: tuple[str, ...], concepts: tuple[str, ...]) -> Truth:
    """Such a device is in place: on record, or not excluded by a reviewed list or an answer that there is none."""
    such = it_is("kind", v.words(id, *kinds))
    written: tuple[Truth, ...] = (Exists(Facts("devices", f"{noun} on record", such, closed_by="recorded")),)
    if concepts:
        problem = it_is("concept", v.words(id, *concepts))
        written += (Exists(Facts("problems", f"{noun} among the problems", problem, closed_by="recorded")),)
    listed = Exists(Facts("devices", f"{noun} among the devices", such, closed_by="present"))
    return Any((*written, All((listed, Not(denied(v, id, "implants"))))))


def _cleared(v: Values, id: str, *where: Truth) -> Truth:
    """A medical clearance is on record."""
    such = All((it_is("kind", v.words(id, "medical-clearance")), _suitable(v, id), *where))
    return Exists(Facts("evaluations", "medical clearance", such, closed_by="recorded"))


def _suitable(v: Values, id: str) -> Truth:
    return it_is("conclusion", v.words(id, "suitable", "suitable-with-treatment"))


def _cardiac(v: Values) -> tuple[Guard, ...]:
    rows = (
        ("pacemaker", "interrogated-pacemaker", "Pacemaker", ("pacemaker",), ("pacemaker",)),
        ("defibrillator", "interrogated-defibrillator", "Implantable defibrillator",
         ("implantable-cardioverter-defibrillator",), ("implantable-cardioverter-defibrillator",)),
        ("resynchronization", "interrogated-resynchronization", "Cardiac resynchronization device",
         ("cardiac-resynchronization-device",), ()),
    )  # fmt: skip
    before = tuple(
        guard(
            v,
            f"radiofrequency-{id}",
            All((
                _device(v, "cardiac-device", noun[0].lower() + noun[1:], kinds, concepts),
                Not(_cleared(v, limit, Compare(Elapsed(Field("it", "date")), v.limits(limit)))),
            )),
            by=("cardiac-device", limit),
            title=f"{noun} before radiofrequency, without a plan of the device clinic",
            effect="defer",
            decision="shared_decision_required",
            applies=radiofrequency(v, "cardiac-device"),
            do=f"{v.says('cardiac-device')}.",
            who="pain-physician",
            until="the device clinic has interrogated the device and agreed to a plan",
            needs=(Need(kind="referral", what="device clinic"),),
        )
        for id, limit, noun, kinds, concepts in rows
    )  # fmt: skip
    any_cardiac = _device(v, "cardiac-device", "cardiac device", CARDIAC, CARDIAC[:2])
    defibrillator = _device(v, "cervical-defibrillator", "implantable defibrillator", CARDIAC[1:2], CARDIAC[1:2])
    return (
        *before,
        guard(
            v,
            "radiofrequency-cardiac-device",
            any_cardiac,
            by=("cardiac-device", "magnet", "distance", "interrogate-after"),
            title="Cardiac device during radiofrequency",
            effect="caution",
            decision="proceed_no_hold",
            applies=radiofrequency(v, "cardiac-device"),
            do=f"{v.says('magnet')}. {v.says('distance')}. {v.says('interrogate-after')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "radiofrequency-cervical-defibrillator",
            defibrillator,
            by=("cervical-defibrillator", "practice-varies"),
            title="Defibrillator and radiofrequency in the neck",
            effect="caution",
            decision="shared_decision_required",
            applies=All((
                radiofrequency(v, "cervical-defibrillator"),
                asked_is("region", v.words("cervical-defibrillator", "cervical")),
            )),
            do=f"{v.says('cervical-defibrillator')}. {v.says('practice-varies')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "stimulation-cardiac-device",
            All((
                _device(v, "stimulation-and-cardiac-device", "cardiac device", CARDIAC, CARDIAC[:2]),
                Not(_cleared(v, "stimulation-and-cardiac-device")),
            )),
            by="stimulation-and-cardiac-device",
            title="Stimulation with a cardiac device, without a medical clearance",
            effect="defer",
            decision="shared_decision_required",
            applies=asks_for(v, "stimulation-and-cardiac-device", STIMULATION),
            do=f"{v.says('stimulation-and-cardiac-device')}.",
            who="pain-physician",
            until="cardiology has agreed to a plan",
            needs=(Need(kind="referral", what="cardiology"),),
        ),
    )  # fmt: skip


def _others(v: Values) -> tuple[Guard, ...]:
    stimulator = _device(v, "neurostimulator", "stimulator or pump", STIMULATORS,
                         ("neurostimulator", "deep-brain-stimulator", "implanted-drug-pump"))  # fmt: skip
    electronic = (*CARDIAC, "loop-recorder", "cochlear-implant", *STIMULATORS, "retained-lead-fragment", "insulin-pump")
    return (
        guard(
            v,
            "radiofrequency-neurostimulator",
            stimulator,
            by="neurostimulator",
            title="Stimulator or pump during radiofrequency",
            effect="caution",
            decision="shared_decision_required",
            applies=radiofrequency(v, "neurostimulator"),
            do=f"{v.says('neurostimulator')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "mri-device",
            _device(v, "mri", "electronic device or lead", electronic,
                    ("pacemaker", "implantable-cardioverter-defibrillator", "neurostimulator", "deep-brain-stimulator",
                     "implanted-drug-pump", "cochlear-implant")),
            by="mri",
            title="Implanted device and MRI guidance",
            effect="defer",
            decision="shared_decision_required",
            applies=Exists(
                Facts("planned-guidance", "guidance planned", it_is("guidance", v.words("mri", "mri")),
                      closed_by="recorded")
            ),
            do=f"{v.says('mri')}: read the device card.",
            who="pain-physician",
            until="the MRI conditions of the device are known",
        ),
        guard(
            v,
            "mri-after-implant",
            said(v, "mri", "mri-need"),
            by="mri",
            title="MRI is expected after the implant",
            effect="caution",
            decision="proceed_no_hold",
            applies=asks_for(v, "mri", STIMULATOR_OR_PUMP),
            do=f"{v.says('mri')}: choose the device accordingly.",
            who="pain-physician",
        ),
    )  # fmt: skip
