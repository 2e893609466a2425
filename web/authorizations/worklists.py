"""What the table of tomorrow says of authorizations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, FilteredRelation, Q

from authorizations.models import Authorization
from authorizations.standing import standing_of
from procedures.models import Booking
from worklists.day import Stand

_READ = ("status", "state", "begins", "expires", "ends")
"""What of an authorization says how it stands."""


def authorized(bookings: Sequence[Booking]) -> Mapping[int, Stand]:
    """How each stands for its day; of a request about which no step was written the chart alone speaks."""
    found: dict[int, Stand] = {}
    for booking in bookings:
        said = {name: getattr(booking, f"authorization_{name}") for name in _READ}
        if said["status"] is not None:
            found[booking.pk] = Stand(*standing_of(Authorization(**said), booking.start))
    return found


def booked() -> Mapping[str, Any]:
    """What is read for it with the bookings, in the same question; there is at most one authorization of a request."""
    own = Q(patient__authorizations__request_key=F("request_key"))
    asked = {"asked": FilteredRelation("patient__authorizations", condition=own)}
    return asked | {f"authorization_{name}": F(f"asked__{name}") for name in _READ}


STANDS = {"authorization": authorized}
