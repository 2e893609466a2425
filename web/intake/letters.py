"""What leaves the clinic about a patient: the letter back as plain text, and the record as a FHIR bundle."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from intake.identities import filed, identity_of
from intake.models import Referral
from levamen.adapters.fhir_write import bundle_of
from levamen.emit.letters.reply import ReplyLetter, text
from records.facts import reading_of
from records.models import Patient


def letter_text(referral: Referral) -> str:
    """The letter back as it was made. Raises ValueError where nobody decided yet."""
    if referral.letter is None:
        raise ValueError("nobody has decided on this referral yet")
    return text(msgspec.convert(referral.letter, ReplyLetter))


def bundle(patient: Patient) -> bytes:
    """The record with who the patient is. The language they speak is a fact of the person there."""
    identity, record = identity_of(patient), reading_of(patient).record
    if identity.language and not record.person.language:
        record = replace(record, person=replace(record.person, language=identity.language))
    return bundle_of(record, filed(identity))
