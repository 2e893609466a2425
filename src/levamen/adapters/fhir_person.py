"""Patient, Coverage and List: the person, who pays, and what is declared complete."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from levamen.adapters import fhir_extensions
from levamen.adapters.fhir_codes import meaning
from levamen.adapters.fhir_conditions import code_of
from levamen.adapters.fhir_context import Context, NotUsed, Refused
from levamen.adapters.fhir_dates import BadDateError, when
from levamen.adapters.fhir_types import Coding, Coverage, ListResource, Patient
from levamen.record.completeness import Completeness
from levamen.record.facts import Lab, Payer, Person
from levamen.record.timeline import When

_SEXES = ("female", "male", "other", "unknown")

# Confirmed payer codes. Source of Payment Typology as US Core lists it (https://nahdo.org/sopt); v3-ActCode and
# coverage-selfpay as FHIR R4's value set coverage-type lists them. HIP and PUBLICPOL say nothing of the payer's kind.
_SOPT = ("https://nahdo.org/sopt", "urn:oid:2.16.840.1.113883.3.221.5")
_PAYERS = {
    **{(system, code): "medicare-advantage" for system in _SOPT for code in ("11", "111", "112", "113", "119")},
    **{(system, code): "medicare" for system in _SOPT for code in ("12", "121")},
    **{(system, code): "medicaid" for system in _SOPT for code in ("2", "21", "211", "212", "213", "219", "22")},
    ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "WCBPOL"): "workers-compensation",
    ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "VET"): "veterans",
    ("http://terminology.hl7.org/CodeSystem/coverage-selfpay", "pay"): "self",
}
# List codes (LOINC) of FHIR R4's example value set list-example-codes that name a section of a chart.
_LISTS = {
    ("http://loinc.org", "48765-2"): "allergies",
    ("http://loinc.org", "10160-0"): "medications",
    ("http://loinc.org", "11450-4"): "problems",
    ("http://loinc.org", "47519-4"): "procedures",
    ("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "allergies"): "allergies",
    ("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "medications"): "medications",
    ("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "problems"): "problems",
}


def record_id(patient: Patient, full_url: str | None) -> str:
    """The record's id: a medical record number, else an identifier, else the resource's id."""
    numbers = [i for i in patient.identifier if i.value and code_of(i.type) == "MR"]
    usual = [i for i in patient.identifier if i.value and i.use in ("usual", "official")]
    for identifier in (*numbers, *usual, *(i for i in patient.identifier if i.value)):
        return identifier.value or ""
    return patient.id or (full_url or "patient").rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def read_patient(patient: Patient, where: str, ctx: Context) -> Person:
    """Birth, sex, death and language. What cannot be read stays unknown and is told."""
    sex = patient.gender if patient.gender in _SEXES else None
    if patient.gender and sex is None:
        ctx.warn(where, f"gender '{patient.gender[:20]}' is no code of FHIR ({', '.join(_SEXES)}); left unknown")
    born, died = _date(patient.birth_date, "birth date", where, ctx), None
    if patient.birth_date is None and not ctx.own:
        ctx.warn(where, "no birth date; age is unknown")
    if patient.deceased_date_time is not None:
        died = _date(patient.deceased_date_time, "date of death", where, ctx)
    preferred = sorted(patient.communication, key=lambda c: not c.preferred)
    person = Person(
        birth_date=born,
        sex=sex,
        died=died,
        language=code_of(preferred[0].language) if preferred else None,
    )
    ctx.birth = born
    said = fhir_extensions.read(patient.extension, Person)
    return msgspec.structs.replace(person, **said) if said else person


def _date(text: str | None, name: str, where: str, ctx: Context) -> When | None:
    try:
        return when(text)
    except BadDateError as error:
        ctx.warn(where, f"{name}: {error}; left unknown")
        return None


def is_dead(patient: Patient, person: Person) -> bool:
    """Whether the patient is said to have died without a usable date."""
    return person.died is None and (patient.deceased_boolean is True or patient.deceased_date_time is not None)


def measured(person: Person, labs: list[Lab]) -> Person:
    """The person with the latest weight and height of the record; both stay in the labs with their dates."""
    units = {"weight": {"kg": Decimal(1), "[lb_av]": Decimal("0.45359237")}}
    units["height"] = {"cm": Decimal(1), "[in_i]": Decimal("2.54")}
    latest: dict[str, Decimal] = {}
    for test, factors in units.items():
        found = [(lab.at, lab) for lab in labs if lab.test == test and isinstance(lab.value, Decimal) and lab.at]
        _, newest = max(found, key=lambda dated: (dated[0].last, str(dated[0])), default=(None, None))
        if newest is not None and isinstance(newest.value, Decimal) and newest.unit in factors:
            latest[test] = newest.value * factors[newest.unit]
    return msgspec.structs.replace(
        person,
        weight_kg=person.weight_kg if person.weight_kg is not None else latest.get("weight"),
        height_cm=person.height_cm if person.height_cm is not None else latest.get("height"),
    )


def read_coverage(resource: Coverage, where: str, ctx: Context) -> None:
    """Who pays. Only a confirmed code says which kind; the name of an insurer does not."""
    ctx.check_person(resource.beneficiary, "Coverage")
    if resource.status in ("cancelled", "draft", "entered-in-error") and not ctx.own:
        raise NotUsed((resource.status or "").replace("-", " "))
    kinds = {_PAYERS.get((coding.system or "", coding.code or "")) for coding in _codings(resource)} - {None}
    kinds |= set(meaning(resource.type).ids("payer_kinds"))
    if len(kinds) > 1:
        raise Refused(f"its codes stand for different payers: {', '.join(sorted(str(kind) for kind in kinds))}")
    kind = next(iter(kinds), None)
    if kind is None and not ctx.own:
        codes = ", ".join(coding.code or "" for coding in _codings(resource))
        ctx.group("warning", "Coverage", "type does not say which kind of payer; left unknown", codes)
    plan = next((c.name or c.value for c in resource.class_ if code_of(c.type) == "plan"), None)
    period = resource.period
    payer = Payer(
        kind=kind,
        plan=plan,
        start=when(period.start) if period is not None else None,
        end=when(period.end) if period is not None else None,
    )
    said = fhir_extensions.read(resource.extension, Payer)
    ctx.payers.append(msgspec.structs.replace(payer, **said) if said else payer)


def _codings(resource: Coverage) -> tuple[Coding, ...]:
    return resource.type.coding if resource.type is not None else ()


def read_list(resource: ListResource, where: str, ctx: Context) -> None:
    """A List says that something is complete only by `emptyReason` nilknown, or by our own extensions."""
    ctx.check_subject(resource, "List")
    if resource.status == "entered-in-error":
        raise NotUsed("entered in error")
    said = fhir_extensions.read(resource.extension, Completeness)
    if "kind" in said:
        said.setdefault("recorded", ctx.when(resource.date))
        ctx.completeness.append(Completeness(**said))
        return
    codings = resource.code.coding if resource.code is not None else ()
    kind = next((_LISTS[key] for key in ((c.system or "", c.code or "") for c in codings) if key in _LISTS), None)
    if kind is None:
        raise NotUsed("a list that declares nothing we read")
    if code_of(resource.empty_reason) != "nilknown":
        raise NotUsed("a list that does not say it is complete")
    on = ctx.when(resource.date)
    if on is None or resource.status == "retired":
        raise NotUsed("says that nothing is known, without a date or no longer")
    ctx.completeness.append(Completeness(kind=kind, reviewed=on, recorded=on, source="List.emptyReason nilknown"))
