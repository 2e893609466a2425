"""The parts of FHIR R4 resources that are read, as typed structs: what is not named here is skipped while decoding.

Field names follow FHIR in snake case. `Raw` parts (meta, extensions, contained) are decoded only where they are needed,
which keeps decoding fast. A resource that does not fit its struct is rejected alone, with msgspec's reason.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
from msgspec import Raw, Struct

NOTHING = Raw(b"")  # msgspec knows no optional Raw: absent is empty


class Element(Struct, rename="camel", gc=False, frozen=True):
    """A part of a resource."""


class Coding(Element, frozen=True):
    system: str | None = None
    code: str | None = None
    display: str | None = None
    user_selected: bool | None = None


class Concept(Element, frozen=True):
    """A CodeableConcept."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Identifier(Element, frozen=True):
    system: str | None = None
    value: str | None = None
    type: Concept | None = None
    use: str | None = None


class Reference(Element, frozen=True):
    reference: str | None = None
    type: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Period(Element, frozen=True):
    start: str | None = None
    end: str | None = None


class Quantity(Element, frozen=True):
    value: Decimal | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Range(Element, frozen=True):
    low: Quantity | None = None
    high: Quantity | None = None


class Note(Element, frozen=True):
    text: str | None = None


class Resource(Struct, rename="camel", gc=False, frozen=True, kw_only=True):
    """What every resource that is read may carry. A modifier extension that is not understood forbids its use."""

    id: str | None = None
    meta: Raw = NOTHING
    implicit_rules: str | None = None
    contained: tuple[Raw, ...] = ()
    extension: Raw = NOTHING
    modifier_extension: Raw = NOTHING


class Communication(Element, frozen=True):
    language: Concept | None = None
    preferred: bool | None = None


class Patient(Resource, frozen=True, kw_only=True):
    identifier: tuple[Identifier, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    communication: tuple[Communication, ...] = ()


class Subject(Resource, frozen=True, kw_only=True):
    """A resource about a patient. `patient` is the word of some types and of DSTU2."""

    subject: Reference | None = None
    patient: Reference | None = None
    note: tuple[Note, ...] = ()


class Condition(Subject, frozen=True, kw_only=True):
    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    category: tuple[Concept, ...] = ()
    code: Concept | None = None
    body_site: tuple[Concept, ...] = ()
    onset_date_time: str | None = None
    onset_age: Quantity | None = None
    onset_period: Period | None = None
    onset_range: Range | None = None
    onset_string: str | None = None
    abatement_date_time: str | None = None
    abatement_age: Quantity | None = None
    abatement_period: Period | None = None
    abatement_range: Range | None = None
    abatement_string: str | None = None
    abatement_boolean: bool | None = None
    recorded_date: str | None = None


class Component(Element, frozen=True):
    code: Concept | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_range: Range | None = None
    value_date_time: str | None = None
    value_period: Raw = NOTHING
    value_ratio: Raw = NOTHING
    value_sampled_data: Raw = NOTHING
    value_time: str | None = None
    data_absent_reason: Concept | None = None
    interpretation: tuple[Concept, ...] = ()


class Observation(Subject, frozen=True, kw_only=True):
    status: str | None = None
    code: Concept | None = None
    part_of: tuple[Reference, ...] = ()
    focus: tuple[Reference, ...] = ()
    effective_date_time: str | None = None
    effective_period: Period | None = None
    effective_instant: str | None = None
    effective_timing: Raw = NOTHING
    issued: str | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_range: Range | None = None
    value_date_time: str | None = None
    value_period: Raw = NOTHING
    value_ratio: Raw = NOTHING
    value_sampled_data: Raw = NOTHING
    value_time: str | None = None
    data_absent_reason: Concept | None = None
    interpretation: tuple[Concept, ...] = ()
    body_site: Concept | None = None
    method: Concept | None = None
    component: tuple[Component, ...] = ()


class Performer(Element, frozen=True):
    """Who acted; `role` is the word of older versions for `function`."""

    function: Concept | None = None
    role: Concept | None = None
    actor: Reference | None = None


class Procedure(Subject, frozen=True, kw_only=True):
    status: str | None = None
    not_done: bool | None = None
    not_performed: bool | None = None
    category: Concept | None = None
    code: Concept | None = None
    body_site: tuple[Concept, ...] = ()
    performed_date_time: str | None = None
    performed_period: Period | None = None
    performed_string: str | None = None
    performed_age: Quantity | None = None
    performed_range: Range | None = None
    occurrence_date_time: str | None = None
    occurrence_period: Raw = NOTHING
    performer: tuple[Performer, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    used_code: tuple[Concept, ...] = ()
    complication: tuple[Concept, ...] = ()


class ServiceRequest(Subject, frozen=True, kw_only=True):
    status: str | None = None
    intent: str | None = None
    do_not_perform: bool | None = None
    requisition: Identifier | None = None
    category: tuple[Concept, ...] = ()
    code: Concept | None = None
    order_detail: tuple[Concept, ...] = ()
    body_site: tuple[Concept, ...] = ()
    occurrence_date_time: str | None = None
    occurrence_period: Period | None = None
    occurrence_timing: Raw = NOTHING
    authored_on: str | None = None
    performer: tuple[Reference, ...] = ()
    location_code: tuple[Concept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()


class Repeat(Element, frozen=True):
    bounds_period: Period | None = None
    frequency: int | None = None
    frequency_max: int | None = None
    period: Decimal | None = None
    period_max: Decimal | None = None
    period_unit: str | None = None
    time_of_day: tuple[str, ...] = ()
    day_of_week: tuple[str, ...] = ()


class Timing(Element, frozen=True):
    repeat: Repeat | None = None
    code: Concept | None = None


class DoseAndRate(Element, frozen=True):
    dose_quantity: Quantity | None = None
    dose_range: Range | None = None


class Dosage(Element, frozen=True):
    text: str | None = None
    timing: Timing | None = None
    as_needed_boolean: bool | None = None
    as_needed_codeable_concept: Concept | None = None
    route: Concept | None = None
    dose_and_rate: tuple[DoseAndRate, ...] = ()


class DispenseRequest(Element, frozen=True):
    validity_period: Period | None = None


class MedicationRequest(Subject, frozen=True, kw_only=True):
    status: str | None = None
    status_reason: Concept | None = None
    intent: str | None = None
    do_not_perform: bool | None = None
    medication_codeable_concept: Concept | None = None
    medication_reference: Reference | None = None
    medication: Raw = NOTHING
    based_on: tuple[Reference, ...] = ()
    authored_on: str | None = None
    requester: Reference | None = None
    reason_code: tuple[Concept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    dosage_instruction: tuple[Dosage, ...] = ()
    dispense_request: DispenseRequest | None = None


class MedicationStatement(Subject, frozen=True, kw_only=True):
    status: str | None = None
    status_reason: tuple[Concept, ...] = ()
    taken: str | None = None
    was_not_taken: bool | None = None
    medication_codeable_concept: Concept | None = None
    medication_reference: Reference | None = None
    medication: Raw = NOTHING
    effective_date_time: str | None = None
    effective_period: Period | None = None
    based_on: tuple[Reference, ...] = ()
    date_asserted: str | None = None
    reason_code: tuple[Concept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    dosage: tuple[Dosage, ...] = ()


class AdministrationDosage(Element, frozen=True):
    text: str | None = None
    route: Concept | None = None
    dose: Quantity | None = None


class MedicationAdministration(Subject, frozen=True, kw_only=True):
    status: str | None = None
    part_of: tuple[Reference, ...] = ()
    medication_codeable_concept: Concept | None = None
    medication_reference: Reference | None = None
    medication: Raw = NOTHING
    effective_date_time: str | None = None
    effective_period: Period | None = None
    dosage: AdministrationDosage | None = None


class IngredientOf(Element, frozen=True):
    item_codeable_concept: Concept | None = None


class MedicationResource(Resource, frozen=True, kw_only=True):
    code: Concept | None = None
    ingredient: tuple[IngredientOf, ...] = ()


class Reaction(Element, frozen=True):
    manifestation: tuple[Concept, ...] = ()
    severity: str | None = None


class AllergyIntolerance(Subject, frozen=True, kw_only=True):
    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    type: str | None = None
    code: Concept | None = None
    recorded_date: str | None = None
    reaction: tuple[Reaction, ...] = ()


class CoverageClass(Element, frozen=True):
    type: Concept | None = None
    value: str | None = None
    name: str | None = None


class Coverage(Resource, frozen=True, kw_only=True):
    status: str | None = None
    type: Concept | None = None
    beneficiary: Reference | None = None
    period: Period | None = None
    class_: tuple[CoverageClass, ...] = msgspec.field(default=(), name="class")


class ListResource(Subject, frozen=True, kw_only=True):
    status: str | None = None
    mode: str | None = None
    code: Concept | None = None
    date: str | None = None
    empty_reason: Concept | None = None


class Answer(Element, frozen=True):
    value_decimal: Decimal | None = None
    value_integer: int | None = None
    value_quantity: Quantity | None = None
    value_coding: Coding | None = None
    value_date_time: str | None = None
    value_date: str | None = None


class Item(Element, frozen=True):
    link_id: str | None = None
    answer: tuple[Answer, ...] = ()
    item: tuple[Item, ...] = ()


class QuestionnaireResponse(Subject, frozen=True, kw_only=True):
    questionnaire: str | None = None
    status: str | None = None
    part_of: tuple[Reference, ...] = ()
    authored: str | None = None
    item: tuple[Item, ...] = ()


class Device(Subject, frozen=True, kw_only=True):
    status: str | None = None
    type: Concept | None = None
    model_number: str | None = None


class DocumentContext(Element, frozen=True):
    period: Period | None = None
    related: tuple[Reference, ...] = ()


class DocumentReference(Subject, frozen=True, kw_only=True):
    status: str | None = None
    type: Concept | None = None
    context: DocumentContext | None = None
    description: str | None = None


class SuspectEntity(Element, frozen=True):
    instance: Reference | None = None


class AdverseEvent(Subject, frozen=True, kw_only=True):
    actuality: str | None = None
    event: Concept | None = None
    date: str | None = None
    recorded_date: str | None = None
    severity: Concept | None = None
    suspect_entity: tuple[SuspectEntity, ...] = ()


class GoalTarget(Element, frozen=True):
    measure: Concept | None = None
    detail_quantity: Quantity | None = None
    detail_string: str | None = None
    due_date: str | None = None


class Goal(Subject, frozen=True, kw_only=True):
    lifecycle_status: str | None = None
    description: Concept | None = None
    target: tuple[GoalTarget, ...] = ()


class Basic(Subject, frozen=True, kw_only=True):
    created: str | None = None


class EntryRequest(Element, frozen=True):
    method: str | None = None
    url: str | None = None


class Bundle(Struct, rename="camel", gc=False, frozen=True, kw_only=True):
    resource_type: str | None = None
    type: str | None = None
    timestamp: str | None = None
    meta: Raw = NOTHING
    entry: tuple[Raw, ...] = ()


class Head(Struct, rename="camel", gc=False, frozen=True, kw_only=True):
    """Enough of a resource to say what it is."""

    resource_type: str | None = None
    id: str | None = None


class Meta(Struct, rename="camel", gc=False, frozen=True, kw_only=True):
    profile: tuple[str, ...] = ()
    last_updated: str | None = None
