"""Every number of the hold tables, transcribed from the safety dossier (1a to 1c, 2a to 2e): a changed value dies here.

Each table says what is expected and, by leaving it out, what is not: a case without a line has no source, no lab, no
restart. A case that a line does not narrow (indication, dose, route, clearance) must come out the same throughout.
Marks are written as in the dossier: V1 is read in the issuer's own text, V2 in a named reproduction, V2b and ? are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

import pytest

from levamen.knowledge.hold_checks import covered_drugs
from levamen.knowledge.holds import HoldRow, Length, Profile, RestartRow, packaged_profiles
from levamen.record import codes

PROFILES = packaged_profiles()
MARK = {"V1": "primary", "V2": "secondary", "V2b": "unverified", "?": "unverified"}

INDICATIONS = ("primary", "secondary")
DOSES = ("low", "medium", "high")
ROUTES = ("intravenous", "subcutaneous")
CLEARANCES = tuple(map(Decimal, ("0", "14.9", "29.99", "30", "49.6", "49.99", "50.0", "79.99", "80", "140")))

Case = tuple[str, str, str, str, str, Decimal]

NARROW = {
    "primary": (0, ("primary",)),
    "secondary": (0, ("secondary",)),
    "dose low": (1, ("low",)),
    "dose medium": (1, ("medium",)),
    "dose high": (1, ("medium", "high")),
    "dose highest": (1, ("high",)),
    "iv": (2, ("intravenous",)),
    "sc": (2, ("subcutaneous",)),
    "<30": (3, CLEARANCES[:3]),
    "30-50": (3, CLEARANCES[3:6]),
    "<50": (3, CLEARANCES[:6]),
    ">=30": (3, CLEARANCES[3:]),
    ">=50": (3, CLEARANCES[6:]),
    "50-80": (3, CLEARANCES[6:8]),
    ">=80": (3, CLEARANCES[8:]),
}

NSAIDS = (
    "ibuprofen, naproxen, diclofenac, ketorolac, etodolac, indomethacin, meloxicam, nabumetone, oxaprozin, piroxicam"
)
NSAIDS_OF_NO_ROW = (
    "flurbiprofen, ketoprofen, sulindac, aceclofenac, dexketoprofen, dexibuprofen, fenoprofen, tiaprofenic-acid,"
    " mefenamic-acid, tolfenamic-acid, meclofenamate, niflumic-acid, tolmetin, acemetacin, tenoxicam, lornoxicam,"
    " nimesulide, phenylbutazone, diflunisal, salsalate, choline-salicylate, sodium-salicylate,"
    " choline-magnesium-trisalicylate, magnesium-salicylate"
)
SSRI_SNRI = (
    "citalopram, escitalopram, fluvoxamine, paroxetine, sertraline, duloxetine, venlafaxine, desvenlafaxine,"
    " milnacipran"
)
LMWH = "enoxaparin, dalteparin, tinzaparin, nadroparin"
XA = "rivaroxaban, apixaban, edoxaban"
ANTITHROMBOTIC = (
    "warfarin, acenocoumarol, phenprocoumon, fluindione, heparin, enoxaparin, dalteparin, tinzaparin, nadroparin,"
    " fondaparinux, dabigatran-etexilate, rivaroxaban, apixaban, edoxaban, argatroban, bivalirudin, desirudin, aspirin,"
    " clopidogrel, prasugrel, ticagrelor, ticlopidine, cangrelor, cilostazol, dipyridamole, abciximab, eptifibatide,"
    " tirofiban"
)
HERBS = (
    "garlic, ginkgo, ginseng, danshen, dong-quai, turmeric, hawthorn, bilberry, chamomile, fenugreek, milk-thistle,"
    " peppermint, st-johns-wort"
)

HOLDS = {
    "asra-pain-2018": f"""
        aspirin; primary | high | 6 d | V2
        aspirin; primary | intermediate | shared | V2
        aspirin; primary | low | none | V2
        aspirin; secondary | high, intermediate | shared | V2
        aspirin; secondary | low | none | V2
        diclofenac, ketorolac, ibuprofen | high | 1 d | V2
        etodolac, indomethacin | high | 2 d | V2
        naproxen, meloxicam | high | 4 d | V2
        nabumetone | high | 6 d | V2
        oxaprozin, piroxicam | high | 10 d | V2
        {NSAIDS} | intermediate, low | none | V2
        {NSAIDS_OF_NO_ROW} | high | 5 half-lives | V2
        {NSAIDS_OF_NO_ROW} | intermediate, low | none | ?
        celecoxib | any | none | V2
        etoricoxib, diclofenac-topical | any | none | ?
        cilostazol, dipyridamole | high | 2 d | V2
        cilostazol, dipyridamole | intermediate, low | none | V2
        warfarin | high, intermediate | 5 d | V2
        warfarin | low | none, notify | V2
        acenocoumarol | high, intermediate | 3 d | V2
        acenocoumarol | low | none, notify | V2
        phenprocoumon | high, intermediate | 7 d | V2
        heparin; iv | any | 6 h | V2
        heparin; sc | high | 24 h | V2
        heparin; sc | intermediate, low | 6 h | V2
        enoxaparin; dose low; >=30 | any | 12 h | V2
        enoxaparin; dose low; <30 | any | 24 h | ?
        enoxaparin; dose high; >=30 | any | 24 h | V2
        enoxaparin; dose high; <30 | any | 48 h | V2
        dalteparin; >=30 | any | 24 h | V2
        dalteparin; <30 | any | 48 h | ?
        fondaparinux | high | 4 d | V2
        fondaparinux | intermediate | 4 d | V2b
        fondaparinux | low | shared | V2b
        clopidogrel | high | 7 d | V2
        clopidogrel | intermediate | 7 d | V2b
        clopidogrel | low | none, notify | V2b
        prasugrel | high | 7 to 10 d | V2
        prasugrel | intermediate | 7 to 10 d | V2b
        prasugrel | low | none, notify | V2b
        ticagrelor | high | 5 d | V2
        ticagrelor | intermediate | 5 d | V2b
        ticagrelor | low | none, notify | V2b
        cangrelor | high, intermediate | 3 h | V2b
        cangrelor | low | shared | V2b
        dabigatran-etexilate; >=50 | high, intermediate | 4 d | ?
        dabigatran-etexilate; 30-50 | high, intermediate | 5 to 6 d | ?
        dabigatran-etexilate; <30 | high, intermediate | no time rule | ?
        dabigatran-etexilate | low | shared | V2b
        rivaroxaban | high | 3 d | V2
        apixaban, edoxaban | high | 3 d | V2b
        {XA} | intermediate | 3 d | V2b
        {XA} | low | shared | V2b
        alteplase, tenecteplase | any | 48 h | V2b
        abciximab | high | 2 to 5 d | V2
        abciximab | intermediate, low | 2 to 5 d | ?
        eptifibatide, tirofiban | high | 24 h | V2
        eptifibatide, tirofiban | intermediate, low | 24 h | ?
        {SSRI_SNRI}, fluoxetine | low, intermediate | none | ?
        {SSRI_SNRI}, fluoxetine | high | shared | ?
        garlic, danshen, dong-quai, ginseng | high | 7 d | V2
        ginkgo | high | 36 h | V2
        vitamin-e | high | 6 to 7 d | ?
        fish-oil | any | none, notify | ?
        """,
    "asra-pain-2015": """
        heparin; iv | high | 4 h | V2
        heparin; sc | high | 8 to 10 h | V2
        apixaban | high | 3 to 5 d | V2
        dabigatran-etexilate; >=50 | high | 4 to 5 d | V2
        dabigatran-etexilate; 30-50 | high | 6 d | ?
        """,
    "asipp-2024": f"""
        {XA} | high | 2 d | V2
        {XA} | intermediate | 1 d | V2
        dabigatran-etexilate; >=50 | high | 2 d | V2
        dabigatran-etexilate; >=50 | intermediate | 1 d | V2
        dabigatran-etexilate; <50 | high, intermediate | shared | ?
        dabigatran-etexilate, {XA} | low | none | V2
        aspirin | high | 6 d | V2
        aspirin | intermediate, low | shared | V2
        clopidogrel, prasugrel | high | 6 d | V2
        """,
    "esaic-esra-2022": f"""
        {ANTITHROMBOTIC} | low | none | V1
        warfarin, fluindione | high | 5 d | V2
        acenocoumarol | high | 3 d | V2
        phenprocoumon | high | 7 d | V2
        heparin; dose low; sc | high | 4 h | V2
        {LMWH}; dose low; >=30 | high | 12 h | V2
        {LMWH}; dose low; <30 | high | 24 h | V2
        {LMWH}; dose high; >=30 | high | 24 h | V2
        {LMWH}; dose high; <30 | high | 48 h | V2
        rivaroxaban, edoxaban; dose low; >=30 | high | 24 h | V2
        rivaroxaban, edoxaban; dose low; <30 | high | 30 h | V2
        apixaban; dose low | high | 36 h | V2
        {XA}; dose high | high | 72 h | V2
        dabigatran-etexilate; dose high | high | 72 h | V2
        dabigatran-etexilate; dose low; >=50 | high | 48 h | V2
        dabigatran-etexilate; dose low; 30-50 | high | 72 h | V2b
        dabigatran-etexilate; dose low; <30 | high | 72 h | ?
        aspirin | high | none | ?
        """,
    "sir-2019": f"""
        heparin, {LMWH}, fondaparinux, warfarin, dabigatran-etexilate, {XA} | low | none | V2
        clopidogrel, prasugrel, ticagrelor | low | none | V2
        heparin | high | 4 to 6 h | V2
        {LMWH}; dose low | high | 12 h | V2
        {LMWH}; dose high | high | 24 h | V2
        fondaparinux; >=50 | high | 2 to 3 d | V2
        fondaparinux; <50 | high | 3 to 5 d | V2
        """,
    "asra-ra-2025": f"""
        {XA}; dose high | high | 72 h | V2
        apixaban; dose low | high | 36 h | V2
        rivaroxaban; dose low; >=30 | high | 24 h | V2
        rivaroxaban; dose low; <30 | high | 30 h | V2
        dabigatran-etexilate; dose high; >=50 | high | 72 h | V2
        dabigatran-etexilate; dose high; 30-50 | high | 120 h | V2
        dabigatran-etexilate; <30 | high | no time rule | V2
        dabigatran-etexilate; dose low; >=50 | high | 48 h | V2
        dabigatran-etexilate; dose low; 30-50 | high | 72 h | V2b
        heparin; iv | high | 4 to 6 h | V2
        heparin; sc; dose low | high | 4 to 6 h | V2
        heparin; sc; dose medium | high | 12 h | V2
        heparin; sc; dose highest | high | 24 h | V2
        {LMWH}; dose high | high | 24 h | V2
        {LMWH}; dose low | high | 12 h | V2
        fondaparinux; dose low; >=50 | high | 36 to 42 h | V2
        fondaparinux; dose low; 30-50 | high | 58 h | V2
        fondaparinux; dose low; <30 | high | no time rule | V2
        fondaparinux; dose high | high | no time rule | V2b
        clopidogrel | high | 5 to 7 d | V2
        prasugrel | high | 7 to 10 d | V2
        ticagrelor | high | 5 d | V2
        cangrelor | high | 3 h | V2
        cilostazol | high | 2 d | V2
        abciximab | high | 24 to 48 h | V2
        eptifibatide, tirofiban | high | 4 to 8 h | V2
        aspirin, {NSAIDS}, flurbiprofen, ketoprofen, sulindac | high | none | V2
        celecoxib, etoricoxib, diclofenac-topical | high | none | ?
        {HERBS} | high | none | V2
        warfarin | high | 5 d | V2
        """,
    "ipsis": f"""
        {ANTITHROMBOTIC} | low | none | ?
        {ANTITHROMBOTIC} | low-intermediate, intermediate-high | shared | ?
        """,
    "dabigatran-label-eu": """
        dabigatran-etexilate; >=80 | high | 2 d | V2
        dabigatran-etexilate; 50-80 | high | 2 to 3 d | V2
        dabigatran-etexilate; 30-50 | high | 4 d | V2
        dabigatran-etexilate; >=80 | standard | 1 d | V2
        dabigatran-etexilate; 50-80 | standard | 1 to 2 d | V2
        dabigatran-etexilate; 30-50 | standard | 2 to 3 d | V2
        """,
    "dabigatran-label-us": """
        dabigatran-etexilate; >=50 | any | 1 to 2 d | V2
        dabigatran-etexilate; <50 | any | 3 to 5 d | V2
        """,
}

RESTARTS = {
    "asra-pain-2018": f"""
        aspirin, cilostazol, acenocoumarol | any | 24 h | V2
        {NSAIDS}, {NSAIDS_OF_NO_ROW} | any | 24 h | V2
        dipyridamole | any | 24 h | ?
        warfarin | any | 6 h | V2
        phenprocoumon | high, intermediate | never | ?
        heparin; iv | any | 2 h | V2
        heparin; sc | low | 2 h | V2
        heparin; sc | intermediate, high | 8 h | V2b
        enoxaparin, dalteparin | low | 4 h | V2
        enoxaparin, dalteparin | intermediate, high | 12 to 24 h | V2
        fondaparinux | low | 6 h | V2b
        fondaparinux | intermediate, high | 24 h | V2
        clopidogrel | any | 12 to 24 h | V2
        prasugrel, ticagrelor, cangrelor | any | 24 h | V2b
        dabigatran-etexilate, {XA} | any | 24 h | V2
        alteplase, tenecteplase | any | never | ?
        abciximab, eptifibatide, tirofiban | any | 8 to 12 h | V2
        {SSRI_SNRI}, fluoxetine | high | never | ?
        garlic, ginkgo, danshen, dong-quai, ginseng, vitamin-e | high | never | ?
        """,
    "asra-pain-2015": f"""
        apixaban, clopidogrel, prasugrel, ticagrelor | high | 12 to 24 h | V2
        {NSAIDS}, flurbiprofen, ketoprofen, sulindac | high | 2 h | V2
        warfarin | high | 24 h | V2
        heparin, dabigatran-etexilate | high | never | ?
        """,
    "asipp-2024": f"""
        dabigatran-etexilate, {XA} | high, intermediate | never | ?
        aspirin | any | never | ?
        clopidogrel, prasugrel | high | never | ?
        """,
    "esaic-esra-2022": f"""
        warfarin, fluindione, acenocoumarol, phenprocoumon, {LMWH} | high | never | ?
        heparin; dose low; sc | high | 1 h | V2
        {XA}; dose low | high | 6 h | V2
        dabigatran-etexilate; dose low; >=30 | high | 6 h | V2
        dabigatran-etexilate; dose low; <30 | high | 24 h | ?
        {XA}, dabigatran-etexilate; dose high | high | 24 h | V2
        """,
    "sir-2019": f"""
        heparin, {LMWH}, fondaparinux | high | never | ?
        """,
    "asra-ra-2025": f"""
        {XA}; dose high | high | 24 h | V2
        apixaban, rivaroxaban; dose low | high | 6 h | V2
        heparin; iv | high | 1 h | V2
        heparin; sc; dose low | high | 0 h | V2
        heparin; sc; dose high | high | 1 h | V2
        {LMWH}; dose high | high | 24 h | V2
        {LMWH}; dose low | high | 12 h | V2
        clopidogrel, prasugrel | high | 0 to 6 h | V2
        ticagrelor | high | 24 h | V2b
        cangrelor | high | 8 h | V2
        warfarin | high | 0 h | V2
        fondaparinux, dabigatran-etexilate, cilostazol, abciximab, eptifibatide, tirofiban | high | never | ?
        """,
    "ipsis": f"""
        {ANTITHROMBOTIC} | low-intermediate, intermediate-high | never | ?
        """,
    "dabigatran-label-eu": "dabigatran-etexilate | any | never | ?",
    "dabigatran-label-us": "dabigatran-etexilate | any | never | ?",
}

BLOODY_TAP = {
    "asra-pain-2018": """
        apixaban | intermediate, high | 48 h | V2
        rivaroxaban | intermediate, high | 24 h | V2
        heparin, enoxaparin, dalteparin | intermediate, high | 24 h | ?
        warfarin, acenocoumarol, fondaparinux, dabigatran-etexilate, edoxaban | intermediate, high | 24 h | ?
        abciximab, eptifibatide, tirofiban, clopidogrel | intermediate, high | 24 h | ?
        """,
    "esaic-esra-2022": f"""
        {XA}, dabigatran-etexilate | high | never | V2
        heparin | high | 24 h | ?
        """,
}

LEAD_OUT = """
    aspirin, clopidogrel, prasugrel, ticagrelor, cangrelor, cilostazol, dipyridamole, abciximab, eptifibatide, tirofiban
    warfarin, acenocoumarol, heparin, enoxaparin, dalteparin, fondaparinux, dabigatran-etexilate
    rivaroxaban, apixaban, edoxaban
    """
"""2f, scs_trial.period: off the agents held for class high until the leads are out, again 24 h after ([unverified])."""

LABS = {
    "asra-pain-2018": """
        warfarin, acenocoumarol, phenprocoumon | high, intermediate | inr <= 1.2 within 24 h (?)
        warfarin | low | inr <= 3.0 (V2)
        acenocoumarol | low | inr <= 3.0 (?)
        heparin | any | aptt (V2) + platelets (V2b)
        enoxaparin, dalteparin; <30 | any | anti-xa <= 0.1 (V2)
        dabigatran-etexilate; <30 | high, intermediate | dabigatran-level or thrombin-time (V2)
        apixaban; <30 | high, intermediate | apixaban-level < 30 (V2)
        rivaroxaban; <30 | high, intermediate | rivaroxaban-level < 30 (V2)
        edoxaban; <30 | high, intermediate | edoxaban-level < 30 (V2)
        alteplase, tenecteplase | high, intermediate | fibrinogen (V2) + aptt (V2) + inr (V2)
        """,
    "esaic-esra-2022": f"""
        warfarin, fluindione, acenocoumarol, phenprocoumon | high | inr (V2)
        {LMWH}; dose high; <30 | high | anti-xa <= 0.1 (V2)
        apixaban; dose high; <30 | high | apixaban-level < 30 (V2)
        rivaroxaban; dose high; <30 | high | rivaroxaban-level < 30 (V2)
        edoxaban; dose high; <30 | high | edoxaban-level < 30 (V2)
        dabigatran-etexilate; dose high; <50 | high | dabigatran-level or thrombin-time (V2)
        dabigatran-etexilate; dose low; <30 | high | dabigatran-level or thrombin-time (V2)
        """,
    "asra-ra-2025": """
        warfarin | high | inr (V2)
        heparin | high | aptt (V2) + platelets (V2b)
        apixaban; dose high; <30 | high | apixaban-level < 30 (V2)
        rivaroxaban; dose high; <30 | high | rivaroxaban-level < 30 (V2)
        edoxaban; dose high; <30 | high | edoxaban-level < 30 (V2)
        dabigatran-etexilate; <30 | high | dabigatran-level or thrombin-time (V2)
        fondaparinux; dose high | high | anti-xa (V2b)
        """,
}

CLASSES = {
    "asra-pain-2018": """
        high V2: scs_trial_percutaneous, scs_implant, drg_stim_trial_implant, intrathecal_catheter_pump_implant
        high V2: vertebroplasty, kyphoplasty_vertebral_augmentation, percutaneous_lumbar_decompression_MILD
        high V2b: epiduroscopy_epidural_decompression
        intermediate V2: esi_interlaminar_cervical, esi_interlaminar_thoracic, esi_interlaminar_lumbar, esi_caudal
        intermediate V2: esi_transforaminal_cervical, esi_transforaminal_thoracic, esi_transforaminal_lumbar
        intermediate V2: esi_transforaminal_sacral, mbb_cervical, rfa_cervical_medial_branch
        intermediate ?: facet_ia_injection_cervical
        intermediate V2: sympathetic_stellate_ganglion, sympathetic_thoracic, splanchnic_block, sympathetic_lumbar
        intermediate V2: celiac_plexus_block_or_neurolysis, superior_hypogastric_plexus, ganglion_impar
        intermediate V2: sphenopalatine_ganglion_block, trigeminal_ganglion_block
        intermediate V2b: discography_cervical_thoracic_lumbar, intradiscal_procedure_IDET_other
        low V2: trigger_point_injection, piriformis_injection, peripheral_joint_injection
        low V2: peripheral_nerve_block_superficial, mbb_lumbar, mbb_thoracic, rfa_lumbar_medial_branch
        low V2: rfa_thoracic_medial_branch, pns_trial, pns_implant, ipg_or_pump_pocket_revision_replacement
        low V2b: si_joint_injection, sacral_lateral_branch_block_rfa
        intermediate V2: peripheral_nerve_block_deep_noncompressible
        intermediate ?: paravertebral_block
        high mapped: basivertebral_nerve_ablation, interspinous_spacer, minimally_invasive_SI_fusion
        intermediate mapped: epidural_blood_patch, epidural_adhesiolysis_caudal
        low mapped: genicular_rfa, occipital_nerve_block, suprascapular_block, lateral_femoral_cutaneous_block
        low mapped: intercostal_block, erector_spinae_plane, quadratus_TAP, serratus
        intermediate mapped: pudendal_block, obturator_block, peng_block
        low mapped: pump_refill_percutaneous, botulinum_toxin_injection, prp_tendon
        high mapped: scs_lead_removal_after_trial
        """,
    "asra-pain-2015": """
        intermediate V2: mbb_thoracic, mbb_lumbar, rfa_thoracic, rfa_lumbar, pns_trial, pns_implant
        intermediate V2: pocket_revision_ipg_pump_replacement, paravertebral_block
        high V2: epiduroscopy_epidural_decompression
        intermediate V2: discography_cervical_thoracic_lumbar, intradiscal_procedure_IDET_other
        """,
    "asipp-2024": """
        low V2: esi_transforaminal_lumbar_L3_S1
        intermediate V2: esi_transforaminal_cervical_thoracic, esi_transforaminal_L1_L2
        intermediate V2: esi_caudal, adhesiolysis_caudal, esi_interlaminar_L5_S1
        high V2: esi_interlaminar_cervical, esi_interlaminar_thoracic, esi_interlaminar_lumbar_above_L5
        low V2: mbb_cervical, mbb_thoracic, mbb_lumbar, facet_ia
        low V2: rfa_cervical_medial_branch, rfa_thoracic_medial_branch, rfa_lumbar_medial_branch
        low V2: ganglion_impar, peripheral_trigeminal_branches
        high V2: trigeminal_ganglion, trigeminal_ophthalmic_division, sphenopalatine_ganglion_block, discography
        high V2: intradiscal_procedure_IDET_other, scs_trial, scs_implant, drg_stimulation
        high V2: intrathecal_catheter_pump_implant
        low V2: pns_trial, pns_implant, pocket_revision
        low V2: si_joint_injection, sacral_lateral_branch_block_rfa
        """,
    "esaic-esra-2022": """
        low V1: peripheral_nerve_block_superficial
        high V1: peripheral_nerve_block_deep_noncompressible
        high mapped: paravertebral_block, scs_lead_removal_after_trial
        high mapped: NEURAXIAL
        """,
    "sir-2019": """
        low V2: mbb_thoracic, mbb_lumbar, facet_ia_injection_thoracic, facet_ia_injection_lumbar
        low V2: peripheral_nerve_block_superficial, peripheral_joint_injection, si_joint_injection
        low V2: sacral_lateral_branch_block_rfa, trigger_point_injection, piriformis_injection
        high ?: esi_interlaminar_cervical, esi_interlaminar_thoracic, esi_interlaminar_lumbar, esi_caudal
        high ?: esi_transforaminal_cervical, esi_transforaminal_thoracic, esi_transforaminal_lumbar
        high ?: esi_transforaminal_sacral, kyphoplasty_vertebral_augmentation, vertebroplasty
        high ?: facet_ia_injection_cervical, mbb_cervical
        high V2: lumbar_puncture
        """,
    "asra-ra-2025": "high mapped: NEURAXIAL",
    "ipsis": """
        intermediate-high V2: esi_interlaminar_cervical, esi_interlaminar_thoracic, esi_interlaminar_lumbar, esi_caudal
        intermediate-high V2: scs_trial_percutaneous, scs_implant, vertebroplasty, kyphoplasty_vertebral_augmentation
        intermediate-high V2: basivertebral_nerve_ablation
        low-intermediate V2: esi_transforaminal_cervical, esi_transforaminal_thoracic, esi_transforaminal_lumbar
        low-intermediate V2: esi_transforaminal_sacral, rfa_cervical_medial_branch
        low-intermediate V2: discography_cervical_thoracic_lumbar, intradiscal_procedure_IDET_other
        low V2: mbb_lumbar, mbb_cervical, facet_ia_injection_lumbar, facet_ia_injection_cervical
        low V2: rfa_lumbar_medial_branch, si_joint_injection, sacral_lateral_branch_block_rfa
        """,
    "dabigatran-label-eu": "high mapped: NEURAXIAL",
    "dabigatran-label-us": "any mapped: NEURAXIAL",
}
NEURAXIAL = (
    "scs_trial_percutaneous, scs_implant, drg_stim_trial_implant, intrathecal_trial, intrathecal_catheter_pump_implant,"
    " epiduroscopy_epidural_decompression, epidural_blood_patch, epidural_adhesiolysis_caudal, lumbar_puncture,"
    " esi_interlaminar_cervical, esi_interlaminar_thoracic, esi_interlaminar_lumbar, esi_caudal,"
    " esi_transforaminal_cervical, esi_transforaminal_thoracic, esi_transforaminal_lumbar, esi_transforaminal_sacral"
)

BESIDE = """
    asra-pain-2018 hold apixaban-high | MSK-KEY 3 to 5 d (V2) | UTD-ASRA-RA 72 h (V2)
    asra-pain-2018 hold apixaban-high-below-30 | MSK-KEY 3 to 5 d (V2) | UTD-ASRA-RA 72 h (V2)
    asra-pain-2018 hold rivaroxaban-high | UTD-ASRA-RA 72 h (V2)
    asra-pain-2018 hold edoxaban-high | WIKIANES-2025 72 h (V2)
    asra-pain-2018 hold cangrelor-intermediate-high | WIKIANES-2025 3 h (V2)
    asra-pain-2018 hold dabigatran-etexilate-intermediate-high-50 | MSK-KEY 4 to 5 d (V2) | PUBCALC-ASRA 4 d (V2b)
    asra-pain-2018 hold dabigatran-etexilate-intermediate-high-30-50 | MSK-KEY 6 d (V2) | PUBCALC-ASRA 5 to 6 d (V2b)
    asra-pain-2018 hold thrombolytic-intermediate-high | ASRA-RA-2018 48 h (V2)
    asra-pain-2018 hold thrombolytic-low | ASRA-RA-2018 48 h (V2)
    asra-pain-2018 hold enoxaparin-prophylactic-below-30 | UTD-ASRA-DRUG 12 h (V2)
    asra-pain-2018 hold enoxaparin-therapeutic-below-30 | UTD-ASRA-DRUG 24 h (V2)
    asra-pain-2018 hold dalteparin-below-30 | UTD-ASRA-DRUG 24 h (V2)
    asra-pain-2018 hold ginseng-high | NO-SOURCE 24 h (?)
    asra-pain-2018 hold fish-oil | ASRA-PAIN-2018 6 d (?)
    asra-pain-2018 restart heparin-subcutaneous-intermediate | UTD-ASRA-DRUG 2 h (V2)
    asra-pain-2018 restart heparin-subcutaneous-high | UTD-ASRA-DRUG 6 h (V2)
    asra-pain-2018 restart clopidogrel | PUBCALC-ASRA 24 h (V2b)
    asra-pain-2018 restart prasugrel | MSK-KEY 12 to 24 h (V2)
    asra-pain-2018 restart ticagrelor | MSK-KEY 12 to 24 h (V2)
    asra-pain-2018 restart apixaban | MSK-KEY 12 to 24 h (V2)
    asra-pain-2018 restart cangrelor | WIKIANES-2025 8 h (V2)
    asra-pain-2018 restart thrombolytic | WIKIANES-2025 10 d (V2)
    esaic-esra-2022 hold dabigatran-etexilate-high-low-30-50 | UTD-ESAIC 48 h (V2)
    asra-ra-2025 hold dabigatran-etexilate-high-low-30-50 | WIKIANES-2025 48 h (V2)
    asra-ra-2025 hold fondaparinux-high-high | WIKIANES-2025 70 to 105 h (V2)
    asra-ra-2025 restart ticagrelor-high | WIKIANES-2025 6 h (V2)
    """
"""What sources say otherwise, or also, of a row: shown beside it, never averaged into it."""


def lines(text: str) -> Iterator[list[str]]:
    for line in text.strip().splitlines():
        yield [part.strip() for part in line.split("|")]


def cases(who: str, classes: str, profile: Profile) -> Iterator[Case]:
    """Every case that a line speaks of."""
    drugs, *tokens = [part.strip() for part in who.split(";")]
    dimensions: list[tuple[object, ...]] = [INDICATIONS, DOSES, ROUTES, CLEARANCES]
    for token in tokens:
        index, kept = NARROW[token]
        dimensions[index] = kept
    words = profile.classes if classes == "any" else tuple(word.strip() for word in classes.split(","))
    assert set(words) <= set(profile.classes)
    yield from product([drug.strip() for drug in drugs.split(",")], words, *dimensions)


def table(text: str, profile: Profile) -> dict[Case, tuple[str, ...]]:
    found: dict[Case, tuple[str, ...]] = {}
    for who, classes, *answer in lines(text):
        for case in cases(who, classes, profile):
            assert case not in found, f"two expectations for {case}"
            found[case] = tuple(answer)
    return found


def every_case(profile: Profile) -> Iterator[Case]:
    yield from product(covered_drugs(), profile.classes, INDICATIONS, DOSES, ROUTES, CLEARANCES)


def fits(row: HoldRow | RestartRow, case: Case) -> bool:
    drug, word, _, dose, route, clearance = case
    return (
        drug in row.drugs
        and word in row.classes
        and (not row.doses or dose in row.doses)
        and (not row.routes or route in row.routes)
        and (row.clearance is None or row.clearance.holds(clearance))
    )


def hold_of(profile: Profile, case: Case) -> HoldRow:
    (row,) = [row for row in profile.holds if fits(row, case) and row.indication in (None, case[2])]
    return row


def written(length: Length | None) -> str:
    assert length is not None
    amount = f"{length.least}" if length.least == length.most else f"{length.least} to {length.most}"
    return f"{amount} {length.unit}"


def hold_answer(row: HoldRow) -> str:
    assert (row.length is not None) == (row.mode == "hold")
    answer = written(row.length) if row.mode == "hold" else row.mode.replace("_", " ")
    return answer + (", notify" if row.notify else "")


def test_every_profile_is_expected() -> None:
    assert set(PROFILES) == set(HOLDS) == set(RESTARTS) == set(CLASSES)


@pytest.mark.parametrize("id", sorted(HOLDS))
def test_holds(id: str) -> None:
    profile = PROFILES[id]
    expected = table(HOLDS[id], profile)
    for case in every_case(profile):
        row = hold_of(profile, case)
        if case in expected:
            answer, mark = expected[case]
            assert (hold_answer(row), row.cites[0].mark) == (answer, MARK[mark]), f"{row.id}: {case}"
        else:
            assert (hold_answer(row), row.cites[0].mark) == ("no source", "unverified"), f"{row.id}: {case}"


@pytest.mark.parametrize("id", sorted(HOLDS))
def test_labs(id: str) -> None:
    profile = PROFILES[id]
    expected = table(LABS.get(id, ""), profile) if id in LABS else {}
    for case in every_case(profile):
        found = []
        for lab in hold_of(profile, case).labs:
            limit = f" {lab.operator} {lab.amount}" if lab.operator else ""
            within = f" within {written(lab.within)}" if lab.within else ""
            found.append((f"{' or '.join(lab.tests)}{limit}{within}", lab.cites[0].mark))
        wanted = []
        for part in expected[case][0].split(" + ") if case in expected else ():
            what, mark = part.removesuffix(")").split(" (")
            wanted.append((what, MARK[mark]))
        assert found == wanted, case


@pytest.mark.parametrize(("event", "tables"), [("planned", RESTARTS), ("bloody-tap", BLOODY_TAP)])
@pytest.mark.parametrize("id", sorted(HOLDS))
def test_restarts(id: str, event: str, tables: dict[str, str]) -> None:
    profile = PROFILES[id]
    expected = table(tables[id], profile) if id in tables else {}
    for case in every_case(profile):
        rows = [row for row in profile.restarts if row.event == event and fits(row, case)]
        found = [("never" if row.none else written(row.after), row.cites[0].mark) for row in rows]
        wanted = [(expected[case][0], MARK[expected[case][1]])] if case in expected else []
        assert found == wanted, case


@pytest.mark.parametrize("id", sorted(CLASSES))
def test_classes(id: str) -> None:
    expected = {}
    for (line,) in lines(CLASSES[id]):
        head, procedures = line.split(": ")
        word, mark = head.split(" ")
        for procedure in procedures.replace("NEURAXIAL", NEURAXIAL).split(","):
            expected[procedure.strip()] = (word, mark == "mapped", MARK["?" if mark == "mapped" else mark])
    profile = PROFILES[id]
    found = {name: (row.word, row.mapped, row.cites[0].mark) for name, row in profile.procedures.items()}
    assert found == expected
    assert profile.unclassed == set(codes.ids("dossier_procedures")) - set(expected)


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("asra-pain-2018", "low intermediate high"),
        ("asra-pain-2015", "low intermediate high"),
        ("asipp-2024", "low intermediate high"),
        ("esaic-esra-2022", "low high"),
        ("sir-2019", "low high"),
        ("asra-ra-2025", "high"),
        ("ipsis", "low low-intermediate intermediate-high"),
        ("dabigatran-label-eu", "standard high"),
        ("dabigatran-label-us", "any"),
    ],
)
def test_class_words(id: str, words: str) -> None:
    assert PROFILES[id].classes == tuple(words.split())


@pytest.mark.parametrize("row", list(lines(BESIDE)), ids=lambda row: row[0])
def test_what_is_said_otherwise_stands_beside(row: list[str]) -> None:
    place, *others = row
    id, kind, name = place.split(" ")
    rows = PROFILES[id].holds if kind == "hold" else PROFILES[id].restarts
    (found,) = [row for row in rows if row.id == name]
    for other in others:
        source, rest = other.split(" ", 1)
        number, mark = rest.removesuffix(")").split(" (")
        (cite,) = [cite for cite in found.also if cite.source == source]
        assert f" {number}" in f" {cite.locator}"
        assert cite.mark == MARK[mark]


def test_lengths_if_stopping_is_agreed() -> None:
    found = {
        (profile.id, drug, word): (written(row.agreed.length), row.agreed.cites[0].mark)
        for profile in PROFILES.values()
        for row in profile.holds
        if row.agreed is not None
        for drug in row.drugs
        for word in row.classes
    }
    expected = {("asra-pain-2018", drug, "high"): ("7 to 14 d", "unverified") for drug in SSRI_SNRI.split(", ")}
    expected["asra-pain-2018", "fluoxetine", "high"] = ("35 d", "unverified")
    expected["asra-pain-2018", "aspirin", "high"] = ("6 d", "unverified")
    expected["asipp-2024", "aspirin", "intermediate"] = ("3 d", "secondary")
    expected["asipp-2024", "aspirin", "low"] = ("3 d", "secondary")
    assert found == expected


@pytest.mark.parametrize("id", ["asra-pain-2018", "asipp-2024"])
def test_escalation(id: str) -> None:
    rule = PROFILES[id].escalation
    assert rule is not None
    assert rule.concepts == {"bleeding-disorder", "bleeding-history", "cirrhosis", "liver-failure", "dialysis"}
    assert {"spinal-fusion", "decompression-surgery", "palliative-radiotherapy"} <= rule.surgeries
    assert "vertebroplasty" not in rule.surgeries
    assert rule.drugs_together == 2
    assert rule.clearance is not None
    assert rule.clearance.holds(Decimal("14.99"))
    assert not rule.clearance.holds(Decimal(15))
    assert "older age" in rule.judged
    assert rule.cites[0].mark == "unverified"
    assert ("ASIPP-2019", "primary") in {(cite.source, cite.mark) for cite in rule.also}


def test_only_the_two_profiles_escalate() -> None:
    assert {id for id, profile in PROFILES.items() if profile.escalation} == {"asra-pain-2018", "asipp-2024"}


def test_labs_of_a_class() -> None:
    found = {
        (id, word, lab.tests, lab.operator, str(lab.amount), lab.cites[0].source, lab.cites[0].mark)
        for id, profile in PROFILES.items()
        for word, labs in profile.class_labs.items()
        for lab in labs
    }
    assert found == {
        ("asra-pain-2018", "high", ("platelets",), ">=", "50", "MEDSCAPE-SIR", "secondary"),
        ("sir-2019", "low", ("inr",), "<=", "2.0", "MEDSCAPE-SIR", "secondary"),
        ("sir-2019", "low", ("platelets",), ">=", "20", "MEDSCAPE-SIR", "secondary"),
        ("sir-2019", "high", ("inr",), "<=", "1.5", "MEDSCAPE-SIR", "secondary"),
        ("sir-2019", "high", ("platelets",), ">=", "50", "MEDSCAPE-SIR", "secondary"),
    }
    (local,) = PROFILES["asra-pain-2018"].class_labs["high"][0].also
    assert "at least 100" in local.locator
    assert local.mark == "unverified"


@pytest.mark.parametrize(
    ("id", "source", "mark", "numbers"),
    [
        ("asra-pain-2018", "UTD-ESAIC", "secondary", "below 30 ng/mL|at most 0.1 IU/mL|clearance is below 30"),
        ("asra-pain-2018", "ASRA-RA-2018", "secondary", "last 10 days"),
        ("asra-pain-2018", "HERB-2022", "primary", "2 weeks before"),
        ("asra-pain-2018", "UTD-ASRA-RA", "secondary", "apixaban|at least 24 hours after the last|at least 5 hours"),
        ("asra-pain-2018", "APIX-SMPC-UK", "primary", "20 to 30 hours|at least one dose omitted|at least 5 hours"),
        ("asra-pain-2018", "UTD-ASRA-RA", "secondary", "18 hours (age 20 to 45)|26 hours (age 60 to 75)|at least 6"),
        ("asra-pain-2018", "FDA-LMWH-2013", "secondary", "at least 12 hours|24 hours after a ther|at least 4 hours"),
        ("asra-pain-2018", "NO-SOURCE", "unverified", "below a clearance of 30|24 hours (30 mg|48 hours (1 mg/kg"),
        ("asra-pain-2018", "PUBCALC-ASRA", "unverified", "cervical interlaminar|stellate|adverse local anatomy"),
        ("asra-pain-2018", "ASRA-NEWS-2019", "secondary", "Child-Pugh B or C"),
        ("asra-pain-2018", "ASRA-NEWS-2019", "unverified", "Child-Pugh B or C|one step"),
        ("asra-pain-2018", "NO-SOURCE", "unverified", "one renal bracket worse"),
        ("asra-pain-2015", "UTD-ASRA-DRUG", "secondary", "heparin 6 hours|24 or 6 hours|3 days|dabigatran 4 days"),
        ("asipp-2024", "LINKSMED-ASIPP", "secondary", "more morbidity and mortality"),
        ("esaic-esra-2022", "ESAIC-2022", "primary", "not shortened by ultrasound"),
        ("asra-ra-2025", "WIKIANES-2025", "unverified", "INR below 1.5"),
        ("ipsis", "ENDRES-2017", "primary", "4,766 procedures|0 haem"),
        ("ipsis", "ENDRES-2017", "primary", "2,296 procedures|9 serious events|2 of them deaths"),
        ("ipsis", "ENDRES-2020", "primary", "12,723|0 haem|0 to 0.3 %"),
        ("ipsis", "EHSANIAN-2020", "primary", "275 encounters|0 serious|0 to 1.4 %"),
        ("ipsis", "MOESCHLER-2016", "primary", "101 of 642|7 days|31 days"),
        ("ipsis", "LAM-2017", "primary", "T12-L1|81 mg|14 days"),
        ("dabigatran-label-eu", "PRADAXA-SMPC", "secondary", "13 hours|80|15 hours|50|18 hours|30"),
    ],
)
def test_principles(id: str, source: str, mark: str, numbers: str) -> None:
    said = [says for says, cite in PROFILES[id].principles if (cite.source, cite.mark) == (source, mark)]
    assert any(all(number in says for number in numbers.split("|")) for says in said), said


@pytest.mark.parametrize(
    ("id", "row", "word"),
    [
        ("asra-pain-2018", "dabigatran-etexilate-intermediate-high-below-30", "defer"),
        ("asra-pain-2018", "phenprocoumon-intermediate-high", "ESAIC"),
        ("asra-pain-2018", "vitamin-e-high", "400 IU"),
        ("asipp-2024", "dabigatran-etexilate-intermediate-high-below-50", "no length"),
        ("asra-ra-2025", "fondaparinux-high-low-below-30", "not to proceed"),
        ("ipsis", "low-intermediate", "length is not given"),
        ("ipsis", "intermediate-high", "length is not given"),
        ("dabigatran-label-us", "dabigatran-etexilate-below-50", "spinal puncture"),
    ],
)
def test_what_a_number_cannot_say_is_noted(id: str, row: str, word: str) -> None:
    (found,) = [one for one in PROFILES[id].holds if one.id == row]
    assert word in (found.note or "")


def test_neurological_checks_after_an_immediate_restart() -> None:
    (row,) = [row for row in PROFILES["asra-ra-2025"].restarts if row.id == "warfarin-high"]
    assert "48 hours" in (row.note or "")


@pytest.mark.parametrize("id", sorted(HOLDS))
def test_what_rests_on_an_unnamed_reproduction_is_unverified(id: str) -> None:
    profile = PROFILES[id]
    rows = (*profile.holds, *profile.restarts, *profile.procedures.values())
    cites = [cite for row in rows for cite in (*row.cites, *row.also)]
    assert cites
    for cite in cites:
        if cite.source in ("PUBCALC-ASRA", "NO-SOURCE", "ORACLE-ENOX"):
            assert cite.mark == "unverified"
    assert all(row.cites[0].mark == "unverified" for row in profile.procedures.values() if row.mapped)


def test_restart_after_the_leads_are_out() -> None:
    drugs = {drug.strip() for line in LEAD_OUT.strip().splitlines() for drug in line.split(",")}
    (row,) = (row for row in packaged_profiles()["asra-pain-2018"].restarts if row.event == "lead-out")
    assert (row.drugs, row.classes) == (drugs, {"high"})
    assert row.after is not None
    assert (row.after.least, row.after.most, row.after.unit) == (24, 24, "h")
    assert {cite.mark for cite in row.cites} == {"unverified"}
    others = [one for id, profile in packaged_profiles().items() if id != "asra-pain-2018" for one in profile.restarts]
    assert not [one.id for one in others if one.event == "lead-out"]
