"""Changes to staff and privileges; each with its audit event."""

from __future__ import annotations

from datetime import date

from allauth.mfa.models import Authenticator
from django.db import transaction

from audit.chain import append
from clinic.clock import now
from people.models import Privilege, Staff


@transaction.atomic
def add_staff(by: Staff | None, username: str, name: str, role: str, credentials: str, password: str) -> Staff:
    """Somebody new. The first administrator is added by nobody."""
    made = Staff.objects.create_user(username, password=password, role=role, name=name, credentials=credentials)
    append(by, verb="staff.added", about=username, role=role)
    return made


@transaction.atomic
def change_staff(by: Staff, member: Staff, name: str, role: str, credentials: str, password: str = "") -> None:
    """Another name, role or password; what they may open changes at once."""
    was = member.role
    member.name, member.role, member.credentials = name, role, credentials
    if password:
        member.set_password(password)
    member.save()
    append(by, verb="staff.changed", about=member.username, was=was, role=role, password=bool(password))


@transaction.atomic
def switch(by: Staff, member: Staff, active: bool) -> None:
    """Switches an account off or on again. It is never deleted, because the audit names it."""
    Staff.objects.filter(pk=member.pk).update(is_active=active)
    append(by, verb="staff.switched-on" if active else "staff.switched-off", about=member.username)


@transaction.atomic
def reset_second_factor(by: Staff, member: Staff) -> int:
    """Takes every second factor away, so that a new one is set up at the next sign-in. Says how many there were."""
    gone, _ = Authenticator.objects.filter(user=member).delete()
    append(by, verb="staff.second-factor-reset", about=member.username)
    return int(gone)


@transaction.atomic
def grant(
    by: Staff, member: Staff, therapy: str, region: str, granted: date, expires: date, minimum: int | None, source: str
) -> Privilege:
    """A privilege."""
    made = Privilege.objects.create(
        staff=member, therapy=therapy, region=region, granted=granted, expires=expires, minimum_per_year=minimum,
        source=source,
    )  # fmt: skip
    append(by, verb="privilege.granted", about=member.username, therapy=therapy, until=expires.isoformat())
    return made


@transaction.atomic
def withdraw(by: Staff, privilege: Privilege) -> None:
    """Ends a privilege now. It stays in sight."""
    Privilege.objects.filter(pk=privilege.pk, withdrawn=None).update(withdrawn=now())
    append(by, verb="privilege.withdrawn", about=privilege.staff.username, therapy=privilege.therapy)
