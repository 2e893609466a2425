"""Who a patient is: name, number, address. It stands beside a record and never in it.

No rule can read it, because the rooms of rules and answers come before this one and import nothing from it, and no
answer shows it. A birth date, a sex and a language are facts of the person: they are in the record.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class _Said(Struct, frozen=True, kw_only=True):
    """Text that is said is not blank; what is not said is absent. Raises ValueError."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            _refuse_blank(name, getattr(self, name))
        if all(getattr(self, name) in (None, ()) for name in self.__struct_fields__):
            raise ValueError(f"{type(self).__name__.lower()}: nothing is said; leave it out")


def _refuse_blank(name: str, value: Any) -> None:
    for text in value if isinstance(value, tuple) else (value,):
        if isinstance(text, str) and not text.strip():
            raise ValueError(f"{name}: the text is empty; leave it out where it is not known")


class Address(_Said, frozen=True, kw_only=True):
    """Where somebody lives. `text` is the whole address where it is not known in parts."""

    lines: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.text is not None and (self.lines or self.city or self.state or self.postal_code or self.country):
            raise ValueError("address: it is given in parts and as a whole; leave `text` out")


class ContactPerson(_Said, frozen=True, kw_only=True):
    """Whom to call for the patient."""

    name: str | None = None
    relationship: str | None = None
    phone: str | None = None


class Identity(_Said, frozen=True, kw_only=True):
    """A patient's name, medical record number and ways to be reached; something of it is said.

    `given` names stand in their order. `full_name` is the name where it is not known in parts. `mrn_system` says whose
    number `mrn` is (a URI).
    """

    family: str | None = None
    given: tuple[str, ...] = ()
    full_name: str | None = None
    mrn: str | None = None
    mrn_system: str | None = None
    phone: str | None = None
    email: str | None = None
    address: Address | None = None
    contact: ContactPerson | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.full_name is not None and (self.family is not None or self.given):
            raise ValueError("name: it is given in parts and as a whole; leave `full_name` out")
        if self.mrn_system is not None and self.mrn is None:
            raise ValueError("mrn_system: there is no `mrn` that it is of; leave it out")
