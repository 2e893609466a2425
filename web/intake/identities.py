"""Who a patient is, between the clinic's own words and those that files use."""

from __future__ import annotations

from typing import Any

from levamen.adapters.identity import Address, ContactPerson
from levamen.adapters.identity import Identity as Filed
from levamen.record.facts import Record
from records.actions import Identity
from records.models import IDENTITY, Entry, Patient


def identity_of(patient: Patient) -> Identity:
    """Who the patient is, from the entry that says so."""
    said = Entry.objects.get(patient=patient, section=IDENTITY).fields
    return Identity(**{name: said.get(name, "") for name in Identity.__struct_fields__})


def filed(identity: Identity) -> Filed:
    """As a FHIR Patient has it."""
    return Filed(
        family=identity.family or None,
        given=(identity.given,) if identity.given else (),
        mrn=identity.mrn or None,
        mrn_system=(identity.mrn_system or None) if identity.mrn else None,
        phone=identity.phone or None,
        email=identity.email or None,
        address=Address(text=identity.address) if identity.address else None,
        contact=ContactPerson(name=identity.contact) if identity.contact else None,
    )


def unfiled(found: Filed | None, record: Record) -> dict[str, str]:
    """What a file says of who the patient is, field by field as the clinic asks for it; nothing is made up."""
    said: dict[str, Any] = {"birth_date": _text(record.person.birth_date), "sex": record.person.sex or ""}
    said["language"] = record.person.language or ""
    if found is not None:
        said |= {
            "family": found.family or found.full_name or "",
            "given": " ".join(found.given),
            "mrn": found.mrn or "",
            "mrn_system": found.mrn_system or "",
            "phone": found.phone or "",
            "email": found.email or "",
            "address": _address(found.address),
            "contact": _contact(found.contact),
        }
    return said


def _address(address: Address | None) -> str:
    if address is None:
        return ""
    place = " ".join(part for part in (address.state, address.postal_code) if part)
    parts = (*address.lines, address.city, place, address.country)
    return address.text or ", ".join(part for part in parts if part)


def _contact(person: ContactPerson | None) -> str:
    if person is None:
        return ""
    name = f"{person.name or ''} ({person.relationship})" if person.relationship else person.name or ""
    return ", ".join(part for part in (name.strip(), person.phone) if part)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
