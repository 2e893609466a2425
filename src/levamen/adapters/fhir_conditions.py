"""Condition and AllergyIntolerance: problems, pains, findings, allergies, and what is known to be absent."""

from __future__ import annotations

from typing import Any

import msgspec

from levamen.adapters.fhir_codes import UNSPLIT, UNSPLIT_UNTIL, Meaning
from levamen.adapters.fhir_context import Context, NotUsed, Refused
from levamen.adapters.fhir_dates import choice
from levamen.adapters.fhir_systems import OURS
from levamen.adapters.fhir_target import target
from levamen.adapters.fhir_types import AllergyIntolerance, Concept, Condition
from levamen.record.codes import title
from levamen.record.completeness import Completeness
from levamen.record.facts import Allergy, Event, Finding, Pain, Problem
from levamen.record.timeline import When

_STATUSES = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "inactive": "remission",  # no symptoms now; FHIR keeps `resolved` for what is not expected to return
    "remission": "remission",
    "resolved": "resolved",
}
_VERIFICATIONS = {
    "confirmed": "confirmed",
    "provisional": "provisional",
    "differential": "provisional",
    "unconfirmed": "provisional",
    "refuted": "refuted",
    "entered-in-error": "entered-in-error",
}
# Problems that are themselves a pain, with its site.
_PAINS = {"non-specific-low-back-pain": "low-back", "neck-pain": "neck", "thoracic-spine-pain": "upper-back"}
# Conditions that may stand beside any other without contradicting it.
_UMBRELLAS = {"chronic-pain-syndrome", "chronic-primary-pain"}

# "No known ..." codes: SNOMED CT numbers of the FHIR R4 value set allergyintolerance-code, and the absent-and-unknown
# codes of the International Patient Summary. (kind, answer): without an answer, the kind was gone through.
_IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_SNOMED = "http://snomed.info/sct"
NONE_KNOWN: dict[tuple[str, str], tuple[str, str | None]] = {
    (_SNOMED, "716186003"): ("allergies", None),
    (_SNOMED, "409137002"): ("drug-allergy", "no"),
    (_IPS, "no-known-allergies"): ("allergies", None),
    (_IPS, "no-known-medication-allergies"): ("drug-allergy", "no"),
    (_IPS, "no-known-medications"): ("medications", None),
    (_IPS, "no-known-problems"): ("problems", None),
    (_IPS, "no-known-devices"): ("devices", None),
    (_IPS, "no-known-procedures"): ("procedures", None),
}


def code_of(concept: Concept | None) -> str | None:
    """The first code of a concept with a required value set."""
    return next((coding.code for coding in concept.coding if coding.code), None) if concept is not None else None


def read_condition(resource: Condition, key: str, where: str, ctx: Context) -> None:
    """A Condition: a problem, and a pain where the problem is one; a finding, a pain site or an event by its code."""
    ctx.check_subject(resource, "Condition")
    verification = _verification(resource, where, ctx)
    if verification == "entered-in-error" and not ctx.own:
        raise NotUsed("entered in error")
    known = ctx.meaning(resource.code, "Condition", where)
    if none_known(resource.code, ctx.when(resource.recorded_date), ctx):
        return
    recorded = ctx.when(resource.recorded_date)
    since = _date(resource, "onset", where, ctx)
    until = _date(resource, "abatement", where, ctx)
    about: dict[str, Any] = {"recorded": recorded, "note": ctx.note(resource.note)}
    place = target(resource.body_site, where, ctx)
    sites = known.ids("pain_sites")
    if sites or ctx.own == "pain":
        pain_place = {name: place[name] for name in ("region", "side") if name in place}
        id = ctx.id_for("Condition", resource, key)
        ctx.add(Pain(id=id, site=_one(sites), since=since, until=until, **pain_place, **about), resource)
        return
    if not known.ids("conditions") and not ctx.own:
        _other_than_problem(known, verification, since, place, about, resource, key, ctx)
        return
    _problems(known, verification, since, until, place, about, resource, key, where, ctx)


def _problems(
    known: Meaning,
    verification: str | None,
    since: When | None,
    until: When | None,
    place: dict[str, Any],
    about: dict[str, Any],
    resource: Condition,
    key: str,
    where: str,
    ctx: Context,
) -> None:
    concepts = _concepts(known)
    icd10 = next((hit.code for hit in known.hits if hit.system == "icd10cm"), None)
    snomed = next((hit.code for hit in known.hits if hit.system == "snomed"), None)
    if ctx.own:
        concepts = known.ids("conditions", OURS) or (None,)
        icd10, snomed = _written_codes(resource.code)
    recorded = about["recorded"]
    unsplit = icd10 is not None and icd10.replace(".", "") in UNSPLIT and not ctx.own
    if unsplit and recorded is not None and recorded.first.isoformat() > UNSPLIT_UNTIL:
        ctx.warn(where, f"ICD-10-CM {icd10} was no longer valid after {UNSPLIT_UNTIL}; read as before")
    for number, concept in enumerate(concepts):
        id = ctx.id_for("Condition", resource, key, f"-{concept}" if number else "")
        problem = Problem(
            id=id,
            concept=concept,
            icd10=icd10,
            snomed=snomed,
            since=since,
            until=until,
            status=_STATUSES.get(code_of(resource.clinical_status) or ""),
            verification=verification,
            **place,
            **about,
        )
        ctx.add(problem, resource)
        if concept in _PAINS and verification != "refuted" and not ctx.own:
            site = _PAINS[concept]
            pain = Pain(id=f"{id}-pain", site=site, since=since, until=until, side=place.get("side"), **about)
            ctx.keep(pain)
        if number == 0 and verification != "refuted":
            ctx.conditions[id] = frozenset(name for name in concepts if name is not None)


def _concepts(known: Meaning) -> tuple[str | None, ...]:
    """The conditions a coded concept says. Codings of one concept mean the same, at several depths perhaps: where two
    systems have no condition in common they contradict one another, and none is chosen."""
    by_system: dict[str, tuple[str, ...]] = {}
    for hit in known.hits:
        if hit.section == "conditions":
            by_system[hit.system] = (*by_system.get(hit.system, ()), hit.id)
    if OURS in by_system:
        return tuple(dict.fromkeys(by_system[OURS]))
    named = [set(rows) - _UMBRELLAS for rows in by_system.values() if set(rows) - _UMBRELLAS]
    if named and not set.intersection(*named):
        names = " and ".join(sorted({f"'{title(id)}'" for rows in named for id in rows}))
        raise Refused(f"the codes {known.codes} stand for different conditions: {names}")
    return tuple(dict.fromkeys(id for rows in by_system.values() for id in rows)) or (None,)


def _written_codes(concept: Concept | None) -> tuple[str | None, str | None]:
    """The ICD-10-CM and SNOMED CT codes that somebody chose, exactly as written."""
    codings = [coding for coding in concept.coding if coding.user_selected] if concept is not None else []
    icd10 = next((coding.code for coding in codings if (coding.system or "").endswith("icd-10-cm")), None)
    snomed = next((coding.code for coding in codings if coding.system == _SNOMED), None)
    return icd10, snomed


def _other_than_problem(
    known: Meaning,
    verification: str | None,
    since: When | None,
    place: dict[str, Any],
    about: dict[str, Any],
    resource: Condition,
    key: str,
    ctx: Context,
) -> None:
    findings, events, allergens = known.ids("findings"), known.ids("events"), known.ids("allergens")
    if findings:
        present = verification != "refuted"
        for number, concept in enumerate(findings):
            id = ctx.id_for("Condition", resource, key, f"-{concept}" if number else "")
            finding = Finding(id=id, concept=concept, method="symptom", date=since, **place, **about)
            ctx.add(msgspec.structs.replace(finding, present=present), resource)
    elif verification == "refuted" and (events or allergens):
        raise NotUsed("refuted")
    elif events:
        ctx.add(Event(id=ctx.id_for("Condition", resource, key), kind=events[0], date=since, **about), resource)
    elif allergens:
        ctx.add(Allergy(id=ctx.id_for("Condition", resource, key), substance=allergens[0], **about), resource)
    elif known.codes:
        raise NotUsed("code that stands for no condition of the vocabulary", detail=known.codes)
    else:
        raise NotUsed("no code, only words")


def _verification(resource: Condition | AllergyIntolerance, where: str, ctx: Context) -> str | None:
    code = code_of(resource.verification_status)
    if code is not None and code not in _VERIFICATIONS:
        ctx.warn(where, f"verification status '{code}' is unknown; left open")
    return _VERIFICATIONS.get(code or "")


def _date(resource: Condition, name: str, where: str, ctx: Context) -> When | None:
    text = getattr(resource, f"{name}_date_time")
    if text is not None:
        return ctx.when(text)
    age, ages = getattr(resource, f"{name}_age"), getattr(resource, f"{name}_range")
    found = choice(None, age, getattr(resource, f"{name}_period"), ages, ctx.birth)
    words = getattr(resource, f"{name}_string")
    if words and found is None:
        ctx.warn(where, f"{name} is given in words only ('{words[:60]}'); not used")
    elif found is None and (age is not None or ages is not None):
        ctx.warn(where, f"{name} is an age that cannot be placed without the birth date; not used")
    return found


def none_known(concept: Concept | None, on: When | None, ctx: Context) -> bool:
    """Take a "no known ..." code as a statement of completeness; False if the concept is none."""
    for coding in concept.coding if concept is not None else ():
        found = NONE_KNOWN.get((coding.system or "", coding.code or ""))
        if found is None:
            continue
        if on is None:
            raise NotUsed("says that nothing is known, without a date")
        kind, answer = found
        source = f"{coding.display or coding.code} in the bundle"
        if answer is not None:
            ctx.completeness.append(Completeness(kind=kind, asked=on, answer="no", recorded=on, source=source))
        elif kind == "procedures":
            # Present state is not what is asked of procedures: none known ever, from birth to that day.
            ctx.completeness.append(Completeness(kind=kind, start=ctx.birth, end=on, recorded=on, source=source))
        else:
            ctx.completeness.append(Completeness(kind=kind, reviewed=on, recorded=on, source=source))
        return True
    return False


def read_allergy(resource: AllergyIntolerance, key: str, where: str, ctx: Context) -> None:
    """An AllergyIntolerance. One whose substance has no known code is kept without it, so that it stays in doubt."""
    ctx.check_subject(resource, "AllergyIntolerance")
    verification = _verification(resource, where, ctx)
    if verification in ("refuted", "entered-in-error"):
        raise NotUsed("refuted" if verification == "refuted" else "entered in error")
    recorded = ctx.when(resource.recorded_date)
    if none_known(resource.code, recorded, ctx):
        return
    if code_of(resource.clinical_status) in ("resolved", "inactive"):
        raise NotUsed("resolved or inactive")
    known = ctx.meaning(resource.code, "AllergyIntolerance", where)
    substances = known.ids("allergens") or known.ids("drugs")
    first = resource.code.coding[0] if resource.code and resource.code.coding else None
    text = (resource.code.text if resource.code else None) or (first and (first.display or first.code))
    if not substances and not ctx.own:
        what = "substance not understood; kept as an allergy to something"
        ctx.group("warning", "AllergyIntolerance", what, text or "")
    reaction = next((r for r in resource.reaction), None)
    manifestation = next((c for c in reaction.manifestation), None) if reaction is not None else None
    severity = "intolerance" if resource.type == "intolerance" else reaction.severity if reaction is not None else None
    ctx.add(
        Allergy(
            id=ctx.id_for("AllergyIntolerance", resource, key),
            substance=_one(substances) if len(substances) == 1 else None,
            reaction=manifestation.text if manifestation is not None else None,
            severity=severity if severity in ("mild", "moderate", "severe", "intolerance") else None,
            recorded=recorded,
            note=ctx.note(resource.note) or (None if substances or ctx.own else text or "it is not said to what"),
        ),
        resource,
    )


def _one(found: tuple[str, ...]) -> str | None:
    return found[0] if found else None
