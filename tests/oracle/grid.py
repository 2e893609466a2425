"""The grid: charts as plain data, in the product's chart format, of every drug, class, renal bracket and dose time.

The patients are synthetic. Facts are the fewest that make a plan possible: reviewed lists, an indication on record, a
quiet history. Europe/Rome and America/Los_Angeles alternate, and so do the hours of the doses.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import tables as t

Chart = dict[str, Any]
AS_OF, START, END, ON = "2026-05-28", "2026-06-16T10:00", "2026-06-16T10:45", "2026-06-16"
ZONES = ("Europe/Rome", "America/Los_Angeles")

# Renal bracket -> weight in kg, creatinine in mg/dL, day of the creatinine. A man of 60: clearance = 80 w / (72 c).
CREATININE: dict[str, tuple[str, str | None, str]] = {
    ">=80": ("72", "0.8", "2026-05-25"),  # 100
    "80.0": ("72", "1", "2026-05-25"),  # 80
    "50-80": ("72", "1.25", "2026-05-25"),  # 64
    "50.0": ("72", "1.6", "2026-05-25"),  # 50
    "49.6": ("71.424", "1.6", "2026-05-25"),  # 49.6
    "30-50": ("72", "2", "2026-05-25"),  # 40
    "30.0": ("67.5", "2.5", "2026-05-25"),  # 30
    "15-30": ("72", "4", "2026-05-25"),  # 20
    "15.0": ("67.5", "5", "2026-05-25"),  # 15
    "<15": ("72", "8", "2026-05-25"),  # 10
    "dialysis": ("72", "6", "2026-05-25"),
    "missing": ("72", None, ""),
    "stale": ("72", "0.8", "2026-04-27"),  # 31 days before AS_OF
    "stale-7": ("72", "2", "2026-05-20"),  # 8 days, clearance 40
}

TIMES: dict[str, dict[str, Any]] = {
    "morning": {"times": ["08:00"]},
    "evening": {"times": ["21:30"]},
    "twice": {"times": ["07:30", "19:30"]},
    "none": {},
}
AF: Chart = {"concept": "atrial-fibrillation", "attributes": {"cha2ds2_vasc": 3, "chads2": 2, "rheumatic_valve": "no"}}
CAD: Chart = {"concept": "coronary-artery-disease"}

# drug form -> fields of the medication beside drug and times; `fix` sets the times where the band needs them
FORMS: dict[str, dict[str, Any]] = {
    "aspirin primary": {"drug": "aspirin", "dose": "100 mg", "indication": "cardiovascular-primary-prevention"},
    "aspirin secondary": {"drug": "aspirin", "dose": "100 mg", "indication": "coronary-artery-disease"},
    "aspirin": {"drug": "aspirin", "dose": "100 mg"},
    "heparin iv": {"drug": "heparin", "route": "intravenous"},
    "heparin sc": {"drug": "heparin", "route": "subcutaneous", "dose": "5000 IU", "fix": "twice"},
    "heparin sc 7500": {"drug": "heparin", "route": "subcutaneous", "dose": "7500 IU", "fix": "twice"},
    "heparin sc 12500": {"drug": "heparin", "route": "subcutaneous", "dose": "12500 IU", "fix": "twice"},
    "heparin": {"drug": "heparin"},
    "enoxaparin 40": {"drug": "enoxaparin", "dose": "40 mg", "fix": "evening"},
    "enoxaparin 30 bid": {"drug": "enoxaparin", "dose": "30 mg", "fix": "twice"},
    "enoxaparin": {"drug": "enoxaparin"},
    "dalteparin 5000": {"drug": "dalteparin", "dose": "5000 IU", "fix": "evening"},
    "dalteparin": {"drug": "dalteparin"},
    "fondaparinux 2.5": {"drug": "fondaparinux", "dose": "2.5 mg", "fix": "morning"},
    "fondaparinux 7.5": {"drug": "fondaparinux", "dose": "7.5 mg", "fix": "morning"},
    "apixaban 5": {"drug": "apixaban", "dose": "5 mg", "fix": "twice"},
    "apixaban 2.5": {"drug": "apixaban", "dose": "2.5 mg", "fix": "twice"},
    "apixaban": {"drug": "apixaban"},
    "rivaroxaban 20": {"drug": "rivaroxaban", "dose": "20 mg", "fix": "evening"},
    "rivaroxaban 15": {"drug": "rivaroxaban", "dose": "15 mg", "fix": "evening"},
    "rivaroxaban 10": {"drug": "rivaroxaban", "dose": "10 mg", "fix": "morning"},
    "rivaroxaban": {"drug": "rivaroxaban"},
    "edoxaban": {"drug": "edoxaban", "dose": "60 mg"},
    "dabigatran 150": {"drug": "dabigatran-etexilate", "dose": "150 mg", "fix": "twice"},
    "dabigatran 110": {"drug": "dabigatran-etexilate", "dose": "110 mg", "fix": "twice"},
    "dabigatran 75": {"drug": "dabigatran-etexilate", "dose": "75 mg", "fix": "twice"},
    "dabigatran 220": {"drug": "dabigatran-etexilate", "dose": "220 mg", "fix": "morning"},
    "dabigatran": {"drug": "dabigatran-etexilate"},
    "vitamin-e 800": {"drug": "vitamin-e", "dose": "800 IU", "fix": "morning"},
    "vitamin-e 200": {"drug": "vitamin-e", "dose": "200 IU", "fix": "morning"},
    **{
        drug: {"drug": drug}
        for drug in (
            *("clopidogrel", "prasugrel", "ticagrelor", "ticlopidine", "cangrelor", "cilostazol", "dipyridamole"),
            *("warfarin", "acenocoumarol", "phenprocoumon", "fluindione", "tinzaparin", "nadroparin", "argatroban"),
            *("bivalirudin", "desirudin", *t.GP, *t.THROMBOLYTIC, *t.NSAID, *t.COX2, "diclofenac-topical"),
            *("citalopram", "fluoxetine", "sertraline", "duloxetine", "venlafaxine", *t.SUPPLEMENT[:6]),
        )
    },
}
RENAL_FORMS = tuple(name for name, fields in FORMS.items() if fields["drug"] in t.RENAL)

# Procedures that stand for the classes of all the profiles at once; the others are in PROCEDURES.
STAND_IN = ("mbb_lumbar", "occipital_nerve_block", "esi_caudal", "esi_interlaminar_cervical", "scs_implant")


def _esi(approach: str, region: str, **more: Any) -> Chart:
    return {"therapy": "epidural-steroid-injection", "approach": approach, "region": region, **more}


def _block(region: str, nerve: str, therapy: str = "peripheral-nerve-block") -> Chart:
    return {"therapy": therapy, "region": region, "nerves": [nerve]}


# dossier procedure -> a request that is this procedure
PROCEDURES: dict[str, Chart] = {
    "scs_trial_percutaneous": {
        "therapy": "spinal-cord-stimulation-trial",
        "lead": "percutaneous",
        "region": "thoracic",
        "purpose": "diagnostic",
    },
    "scs_implant": {"therapy": "spinal-cord-stimulation-implant", "lead": "percutaneous", "region": "thoracic"},
    "drg_stim_trial_implant": {"therapy": "dorsal-root-ganglion-stimulation-implant", "region": "lumbar"},
    "intrathecal_catheter_pump_implant": {"therapy": "intrathecal-pump", "region": "lumbar"},
    "vertebroplasty": {"therapy": "vertebroplasty", "vertebrae": ["L1"]},
    "kyphoplasty_vertebral_augmentation": {"therapy": "kyphoplasty", "vertebrae": ["L1"]},
    "percutaneous_lumbar_decompression_MILD": {"therapy": "percutaneous-lumbar-decompression", "region": "lumbar"},
    "epiduroscopy_epidural_decompression": {"therapy": "epiduroscopy", "region": "lumbar"},
    "esi_interlaminar_cervical": _esi("interlaminar", "cervical", interspaces=["C7-T1"]),
    "esi_interlaminar_thoracic": _esi("interlaminar", "thoracic", interspaces=["T8-9"]),
    "esi_interlaminar_lumbar": _esi("interlaminar", "lumbar", interspaces=["L3-4"]),
    "esi_interlaminar_L5_S1": _esi("interlaminar", "lumbar", interspaces=["L5-S1"]),
    "esi_caudal": _esi("caudal", "sacral"),
    "esi_transforaminal_cervical": _esi("transforaminal", "cervical", foramina=["C6-7"]),
    "esi_transforaminal_thoracic": _esi("transforaminal", "thoracic", foramina=["T8-9"]),
    "esi_transforaminal_lumbar": _esi("transforaminal", "lumbar", foramina=["L4-5"]),
    "esi_transforaminal_sacral": _esi("transforaminal", "sacral"),
    "mbb_cervical": {"therapy": "medial-branch-block", "region": "cervical", "joints": ["C5-6"]},
    "mbb_thoracic": {"therapy": "medial-branch-block", "region": "thoracic", "joints": ["T8-9"]},
    "mbb_lumbar": {"therapy": "medial-branch-block", "region": "lumbar", "joints": ["L4-5"]},
    "rfa_cervical_medial_branch": {"therapy": "medial-branch-radiofrequency-ablation", "region": "cervical"},
    "rfa_thoracic_medial_branch": {"therapy": "medial-branch-radiofrequency-ablation", "region": "thoracic"},
    "rfa_lumbar_medial_branch": {"therapy": "medial-branch-radiofrequency-ablation", "region": "lumbar"},
    "facet_ia_injection_cervical": {
        "therapy": "facet-joint-injection",
        "region": "cervical",
        "route": "intra-articular",
        "joints": ["C5-6"],
    },
    "facet_ia_injection_lumbar": {
        "therapy": "facet-joint-injection",
        "region": "lumbar",
        "route": "intra-articular",
        "joints": ["L4-5"],
    },
    "sympathetic_stellate_ganglion": _block("cervical", "stellate-ganglion", "sympathetic-block"),
    "sympathetic_thoracic": _block("thoracic", "thoracic-sympathetic-chain", "sympathetic-block"),
    "splanchnic_block": _block("abdomen", "splanchnic-nerves", "sympathetic-block"),
    "celiac_plexus_block_or_neurolysis": _block("abdomen", "celiac-plexus", "neurolysis"),
    "sympathetic_lumbar": _block("lumbar", "lumbar-sympathetic-chain", "sympathetic-block"),
    "superior_hypogastric_plexus": _block("pelvis", "superior-hypogastric-plexus", "sympathetic-block"),
    "ganglion_impar": _block("sacral", "ganglion-impar", "sympathetic-block"),
    "sphenopalatine_ganglion_block": {"therapy": "sphenopalatine-ganglion-block", "region": "head"},
    "trigeminal_ganglion_block": {"therapy": "trigeminal-ganglion-procedure", "region": "head", "technique": "block"},
    "peripheral_trigeminal_branches": _block("head", "maxillary-nerve"),
    "trigeminal_ophthalmic_division": _block("head", "ophthalmic-nerve"),
    "discography_cervical_thoracic_lumbar": {"therapy": "discography", "region": "lumbar", "interspaces": ["L4-5"]},
    "intradiscal_procedure_IDET_other": {"therapy": "intradiscal-electrothermal-therapy", "region": "lumbar"},
    "trigger_point_injection": {"therapy": "trigger-point-injection", "region": "cervical"},
    "piriformis_injection": {"therapy": "trigger-point-injection", "region": "pelvis", "muscles": ["piriformis"]},
    "peripheral_joint_injection": {"therapy": "joint-injection", "joint": "knee"},
    "peripheral_nerve_block_superficial": _block("lower-limb", "tibial-nerve"),
    "pns_trial": {"therapy": "peripheral-nerve-stimulation-trial", "region": "upper-limb", "purpose": "diagnostic"},
    "pns_implant": {"therapy": "peripheral-nerve-stimulation-implant", "region": "upper-limb"},
    "ipg_or_pump_pocket_revision_replacement": {"therapy": "generator-replacement", "component": "generator"},
    "si_joint_injection": {"therapy": "sacroiliac-joint-injection", "region": "sacral"},
    "sacral_lateral_branch_block_rfa": {"therapy": "sacral-lateral-branch-block", "region": "sacral"},
    "peripheral_nerve_block_deep_noncompressible": _block("lower-limb", "sciatic-nerve"),
    "paravertebral_block": _block("thoracic", "thoracic-paravertebral"),
    "basivertebral_nerve_ablation": {"therapy": "basivertebral-nerve-ablation", "vertebrae": ["L4", "L5"]},
    "interspinous_spacer": {"therapy": "interspinous-spacer", "region": "lumbar"},
    "minimally_invasive_SI_fusion": {"therapy": "sacroiliac-fusion", "region": "sacral"},
    "epidural_blood_patch": {"therapy": "epidural-blood-patch", "region": "lumbar"},
    "epidural_adhesiolysis_caudal": {"therapy": "epidural-adhesiolysis", "approach": "caudal", "region": "sacral"},
    "lumbar_puncture": {"therapy": "lumbar-puncture", "region": "lumbar"},
    "genicular_rfa": {"therapy": "genicular-radiofrequency-ablation", "region": "lower-limb"},
    "occipital_nerve_block": {
        "therapy": "occipital-nerve-block",
        "region": "head",
        "nerves": ["greater-occipital-nerve"],
    },
    "suprascapular_block": _block("upper-limb", "suprascapular-nerve"),
    "lateral_femoral_cutaneous_block": _block("lower-limb", "lateral-femoral-cutaneous-nerve"),
    "intercostal_block": _block("chest", "intercostal-nerve"),
    "erector_spinae_plane": _block("thoracic", "erector-spinae-plane"),
    "quadratus_TAP": _block("abdomen", "transversus-abdominis-plane"),
    "serratus": _block("chest", "serratus-anterior-plane"),
    "pudendal_block": _block("pelvis", "pudendal-nerve"),
    "obturator_block": _block("lower-limb", "obturator-nerve"),
    "peng_block": _block("lower-limb", "hip-articular-branches"),
    "pump_refill_percutaneous": {"therapy": "pump-refill"},
    "botulinum_toxin_injection": {"therapy": "botulinum-toxin", "region": "head"},
    "prp_tendon": {
        "therapy": "soft-tissue-injection",
        "region": "upper-limb",
        "agents": [{"drug": "platelet-rich-plasma"}],
    },
    "scs_lead_removal_after_trial": {"therapy": "lead-removal", "region": "thoracic", "lead": "percutaneous"},
}
_DIAGNOSTIC = ("discography", "lumbar-puncture", "spinal-cord-stimulation-trial")


def request_of(procedure: str, **more: Any) -> Chart:
    fields = PROCEDURES[procedure]
    purpose = "diagnostic" if fields["therapy"] in _DIAGNOSTIC else "therapeutic"
    request = {"id": "R-1", "purpose": purpose, **fields, "start": START, "end": END, **more}
    return {key: value for key, value in request.items() if value is not None}


def chart(
    procedure: str,
    medications: list[Chart],
    *,
    bracket: str = ">=80",
    zone: str = ZONES[0],
    as_of: str = AS_OF,
    person: Chart | None = None,
    problems: list[Chart] | None = None,
    **request: Any,
) -> Chart:
    """A synthetic patient with a reviewed record, one request and some medications."""
    weight, creatinine, day = CREATININE[bracket]
    ailments = [AF, CAD] if problems is None else problems
    if bracket == "dialysis":
        ailments = [*ailments, {"concept": "dialysis"}]
    lab = {"id": "L-1", "test": "creatinine", "value": Number(creatinine or "0"), "unit": "mg/dL", "at": day}
    today = as_of[:10]
    reviewed = ("problems", "medications", "allergies", "labs", "devices", "findings")
    asked = ("infection", "fever", "antibiotics", "pregnancy", "bleeding-disorder", "implants", "contrast-allergy")
    whole: Chart = {
        "chart": 1,
        "id": "synthetic",
        "recorded": as_of,
        "zone": zone,
        "as_of": as_of,
        "person": {"birth_date": "1966-01-15", "sex": "male", "weight_kg": Number(weight), **(person or {})},
        "completeness": [
            *({"kind": kind, "reviewed": today} for kind in reviewed),
            *({"kind": kind, "asked": today, "answer": "no"} for kind in asked),
            {"kind": "procedures", "from": "1966-01-15"},
        ],
        "problems": [
            {"id": f"PR-{i}", "status": "active", "verification": "confirmed", **ailment}
            for i, ailment in enumerate(ailments, 1)
        ],
        "medications": [{"id": f"M-{i}", "start": "2025-01-10", **m} for i, m in enumerate(medications, 1)],
        # prior imaging reviewed (4f, item 6), so that no other rule of safety stands in the way of the arithmetic
        "findings": [
            {
                "id": "F-1",
                "concept": "adequate-epidural-space",
                "method": "mri",
                "date": "2025-12-01",
                "region": "cervical",
                "present": Number("true"),
            }
        ],
        "labs": [lab] if creatinine is not None else [],
        "request": [request_of(procedure, **request)],
    }
    return {key: value for key, value in whole.items() if value != []}


class Number(str):
    """A number or truth value, written as it is, without quotes: 71.424."""

    __slots__ = ()


def medication(form: str, times: str = "morning", **more: Any) -> Chart:
    fields = dict(FORMS[form])
    return {**{k: v for k, v in fields.items() if k != "fix"}, **TIMES[fields.get("fix", times)], **more}


def written(value: Any) -> str:
    """Flow style, which YAML reads: strings quoted, numbers as they are."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    if isinstance(value, Number | int | Fraction):
        return str(value)
    return f'"{value}"'


def as_text(whole: Chart) -> str:
    return "\n".join(f"{key}: {written(value)}" for key, value in whole.items()) + "\n"


# ------------------------------------------------------------------------------------------------------------ the grid


def cells() -> Iterator[tuple[str, Chart]]:
    """Every drug form x stand-in for the classes x renal bracket; hours and zones take turns."""
    turn = list(product(TIMES, ZONES))
    for number, (form, procedure, bracket) in enumerate(product(FORMS, STAND_IN, CREATININE)):
        plain = (">=80", "<15", "missing", "dialysis") if procedure == "esi_caudal" else (">=80", "<15")
        if form not in RENAL_FORMS and bracket not in plain:
            continue  # no row of these drugs has a bracket; <15 and dialysis escalate the class
        times, zone = turn[number % len(turn)]
        name = f"{form} | {procedure} | {bracket} | {times} | {zone}"
        yield name, chart(procedure, [medication(form, times)], bracket=bracket, zone=zone)


def every_procedure() -> Iterator[tuple[str, Chart]]:
    """Every procedure of the dossier with four drugs that tell the classes apart, one at a time."""
    for number, (procedure, form) in enumerate(
        product(PROCEDURES, ("clopidogrel", "naproxen", "apixaban 5", "warfarin"))
    ):
        zone = ZONES[number % 2]
        yield f"{procedure} | {form} | {zone}", chart(procedure, [medication(form)], zone=zone)


def every_hour() -> Iterator[tuple[str, Chart]]:
    """Every drug form with every schedule, class high."""
    for number, (form, times) in enumerate(product(FORMS, TIMES)):
        zone = ZONES[number // 3 % 2]
        if "fix" not in FORMS[form]:
            yield f"{form} | scs_implant | {times} | {zone}", chart("scs_implant", [medication(form, times)], zone=zone)


def situations() -> Iterator[tuple[str, Chart]]:
    """What the cells leave out: windows, pairs of drugs, clocks, last doses, blood at the needle, trials."""
    for name, problem in WINDOWS.items():
        for procedure, form in product(
            ("mbb_lumbar", "esi_caudal", "scs_implant"), ("clopidogrel", "apixaban 5", "warfarin")
        ):
            as_of = max(AS_OF, str(problem.get("since", "")))  # what happened later than it is not known yet
            whole = chart(procedure, [medication(form)], problems=[CAD, problem], as_of=as_of)
            yield f"{name} | {procedure} | {form}", whole
    for procedure, pair in product(("mbb_lumbar", "esi_caudal", "scs_implant"), PAIRS):
        yield f"{pair} | {procedure}", chart(procedure, [medication(form) for form in pair])
    for ailment, procedure in product(
        ("bleeding-disorder", "bleeding-history", "cirrhosis", "liver-failure"), STAND_IN
    ):
        problems = [AF, CAD, {"concept": ailment}]
        yield f"{ailment} | {procedure}", chart(procedure, [medication("clopidogrel")], problems=problems)
    for form, procedure in product(FORMS, ("mbb_lumbar", "esi_caudal", "scs_implant")):
        yield f"no indication | {form} | {procedure}", chart(procedure, [medication(form)], problems=[])
    for sex, bracket, form in product(
        ("female", "male", "other", "unknown"), CREATININE, ("dabigatran 150", "enoxaparin")
    ):
        whole = chart("esi_caudal", [medication(form)], bracket=bracket, person={"sex": sex})
        yield f"{sex} | {bracket} | {form}", whole
    for (zone, day, early), form, times in product(
        NIGHTS, ("apixaban 5", "clopidogrel", "warfarin", "prasugrel"), TIMES
    ):
        whole = chart(
            "esi_caudal",
            [medication(form, times)],
            zone=zone,
            as_of=early,
            start=f"{day}T10:00",
            end=f"{day}T10:40",
        )
        whole["labs"][0]["at"] = early
        yield f"{zone} {day} | {form} | {times}", whole
    for number, documents in enumerate(AGREEMENTS):
        for forms in (("clopidogrel",), ("clopidogrel", "apixaban 5"), ("aspirin secondary",)):
            whole = chart("scs_implant", [medication(form) for form in forms])
            whole["documents"] = [{"id": "D-1", "kind": "prescriber-agreement", **documents}]
            yield f"agreement {number} | {forms}", whole
    for name, fields in PARTIAL.items():
        whole = chart("mbb_lumbar", [medication("clopidogrel")])
        whole["request"] = [{"id": "R-1", **fields, "start": START, "end": END}]
        yield f"{name} | clopidogrel", whole
    for form in FORMS:
        yield f"no end | {form}", chart("scs_implant", [medication(form)], end=None)
        yield f"trial | {form}", chart("scs_trial_percutaneous", [medication(form)], end=None)
        yield f"bloody tap | {form}", chart("esi_caudal", [medication(form)], complications=["bloody-tap"])
        for name, more in LATE.items():
            yield f"{name} | {form}", chart("scs_implant", [medication(form, **more)], as_of="2026-06-15T18:00")


def _stent(since: str, stent: str, reason: str) -> Chart:
    return {"concept": "coronary-stent", "since": since, "attributes": {"stent": stent, "placed_for": reason}}


def _valve(since: str, position: str, kind: str) -> Chart:
    return {"concept": "mechanical-heart-valve", "since": since, "attributes": {"position": position, "valve": kind}}


def _fibrillation(vasc: int, chads: int, rheumatic: str) -> Chart:
    said = {"cha2ds2_vasc": vasc, "chads2": chads, "rheumatic_valve": rheumatic}
    return {"concept": "atrial-fibrillation", "attributes": said}


def _clot(since: str, recurrent: str = "no", cancer: str = "no") -> Chart:
    said = {"site": "deep-vein", "recurrent": recurrent, "with_cancer": cancer}
    return {"concept": "venous-thromboembolism", "since": since, "attributes": said}


ACUTE, CHRONIC = "acute-coronary-syndrome", "chronic-coronary-disease"
WINDOWS: dict[str, Chart] = {
    **{
        f"eluting stent {since} {why}": _stent(since, "drug-eluting", why)
        for since, why in (
            ("2026-05-18", CHRONIC),
            ("2026-02-16", ACUTE),
            ("2025-12-17", CHRONIC),
            ("2025-12-16", CHRONIC),
            ("2025-06-17", ACUTE),
            ("2025-06-16", ACUTE),
            ("2025-12-16", "unknown"),
            ("2020-01-01", "unknown"),
        )
    },
    "bare stent 29 d": _stent("2026-05-18", "bare-metal", CHRONIC),
    "bare stent 30 d": _stent("2026-05-17", "bare-metal", CHRONIC),
    "stent unknown 8 months": _stent("2025-10-16", "unknown", "unknown"),
    "balloon 13 d": {"concept": "balloon-angioplasty", "since": "2026-06-03"},
    "balloon 14 d": {"concept": "balloon-angioplasty", "since": "2026-06-02"},
    "infarct 59 d": {"concept": "myocardial-infarction", "since": "2026-04-18"},
    "infarct 60 d": {"concept": "myocardial-infarction", "since": "2026-04-17"},
    "clot under 3 months": _clot("2026-03-17"),
    "clot 3 months": _clot("2026-03-16"),
    "clot 12 months": _clot("2025-06-16"),
    "clot again": _clot("2020-01-01", recurrent="yes"),
    "stroke under 3 months": {"concept": "stroke", "since": "2026-03-17"},
    "stroke 3 months": {"concept": "stroke", "since": "2026-03-16"},
    "attack under 3 months": {"concept": "transient-ischemic-attack", "since": "2026-03-17"},
    "fibrillation 7": _fibrillation(7, 3, "no"),
    "fibrillation 6": _fibrillation(6, 4, "no"),
    "fibrillation chads 5": _fibrillation(6, 5, "no"),
    "fibrillation rheumatic": _fibrillation(2, 1, "yes"),
    "valve mitral": _valve("2015-01-01", "mitral", "bileaflet"),
    "valve tilting": _valve("2015-01-01", "aortic", "tilting-disc"),
    "valve new": _valve("2026-03-17", "aortic", "bileaflet"),
    "valve old aortic": _valve("2015-01-01", "aortic", "bileaflet"),
    "antiphospholipid": {"concept": "antiphospholipid-syndrome"},
    "antithrombin": {"concept": "thrombophilia", "attributes": {"type": "antithrombin", "severe": "yes"}},
}
PAIRS = (
    ("aspirin secondary", "clopidogrel"),
    ("aspirin secondary", "sertraline"),
    ("aspirin primary", "naproxen"),
    ("clopidogrel", "celecoxib"),
    ("naproxen", "sertraline"),
    ("apixaban 5", "fish-oil"),
    ("warfarin", "duloxetine"),
    ("enoxaparin 40", "ibuprofen"),
    ("rivaroxaban 20", "garlic"),
)
NIGHTS = (
    ("Europe/Rome", "2026-03-30", "2026-03-12"),
    ("Europe/Rome", "2026-10-27", "2026-10-08"),
    ("America/Los_Angeles", "2026-03-09", "2026-02-18"),
    ("America/Los_Angeles", "2026-11-02", "2026-10-14"),
    ("Europe/Rome", "2028-03-02", "2028-02-12"),
)
LATE: dict[str, Chart] = {
    "late, last dose not said": {},
    "late, last dose said since": {"last_dose": "2026-06-15T08:00", "recorded": "2026-06-15T17:00"},
    "late, last dose long ago": {"last_dose": "2026-06-01T08:00", "recorded": "2026-06-15T17:59"},
    "late, said before": {"last_dose": "2026-05-27T08:00", "recorded": "2026-05-27T09:00"},
    "ended yesterday": {"end": "2026-06-14"},
    "ended long ago": {"end": "2026-06-01"},
}
AGREEMENTS: tuple[Chart, ...] = (
    {"date": "2026-05-27", "text": "Agrees to hold clopidogrel and to restart it."},
    {"date": "2026-05-27", "text": "Agrees to hold apixaban and to restart it."},
    {"date": "2026-05-29", "text": "Agrees to hold clopidogrel and to restart it."},  # after AS_OF
    {"date": "2026-05-28", "text": "Agrees to hold and restart."},  # the only such drug, where there is one
)
# Requests that leave something out: every row that they do not contradict counts, and the highest class wins.
PARTIAL: dict[str, Chart] = {
    "epidural, no more said": {"therapy": "epidural-steroid-injection"},
    "epidural, transforaminal": {"therapy": "epidural-steroid-injection", "approach": "transforaminal"},
    "epidural, lumbar": {"therapy": "epidural-steroid-injection", "region": "lumbar"},
    "medial branch, no region": {"therapy": "medial-branch-block"},
    "ablation, no region": {"therapy": "medial-branch-radiofrequency-ablation"},
    "nerve block, no nerve": {"therapy": "peripheral-nerve-block", "region": "lower-limb"},
    "nerve block, two nerves": {
        "therapy": "peripheral-nerve-block",
        "region": "lower-limb",
        "nerves": ["saphenous-nerve", "sciatic-nerve"],
    },
    "trial, lead not said": {"therapy": "spinal-cord-stimulation-trial", "region": "thoracic"},
    "pump revision, part not said": {"therapy": "pump-revision"},
    "pump revision, catheter": {"therapy": "pump-revision", "component": "catheter"},
    "pump revision, pocket": {"therapy": "pump-revision", "component": "pocket"},
    "sympathetic, no nerve": {"therapy": "sympathetic-block", "region": "sacral"},
    "adhesiolysis, approach not said": {"therapy": "epidural-adhesiolysis", "region": "sacral"},
    "no row": {"therapy": "cryoneurolysis", "region": "lumbar"},
}
# A missing field could give another class, or none: a paddle trial and another way to the adhesions have no row.
# The last three are asked for although every row agrees: with the field filled in there may be no row (lumbar caudal).
UNCERTAIN = (
    *("medial branch, no region", "ablation, no region", "nerve block, no nerve", "pump revision, part not said"),
    *("trial, lead not said", "adhesiolysis, approach not said"),
    *("epidural, no more said", "epidural, lumbar", "sympathetic, no nerve"),
)
