"""Who may open what. A route that does not say so opens to nobody.

`opens` stands on every view: the roles it opens to, whether it is about a patient, and the verb under which a look or
an act is written into the audit. A patient's route opens to the care team; to others who work with patients only after
they broke the glass with a reason; while a patient has no team yet, to coordinators and the clinic lead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from msgspec import Struct

from audit.chain import append
from people.models import Staff
from people.roles import CARE, Role
from records.models import CareTeam, Patient

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


class Access(Struct, frozen=True, kw_only=True):
    """The rule of one route. `patient`: it is about one, named in the address by a handle that says nothing."""

    roles: frozenset[Role]
    patient: bool
    verb: str
    glass: bool = False


class StaffRequest(HttpRequest):
    """A request by somebody who signed in; what the views of the clinic are given."""

    user: Staff


def opens(
    *, to: Collection[Role], verb: str
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], View]:
    """A route that is about no single patient. `verb` is the audit's word for it; looks are not audited here."""
    access = Access(roles=frozenset(to), patient=False, verb=verb)

    def decorate(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> View:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refusal = _refused(request, access)
            return refusal or view(request, *args, **kwargs)

        guarded.access = access  # type: ignore[attr-defined] # a function takes attributes
        return guarded

    return decorate


def opens_patient(
    *, to: Collection[Role], verb: str, beyond_team: bool = False
) -> Callable[[Callable[Concatenate[StaffRequest, Patient, P], HttpResponseBase]], View]:
    """A route about one patient: the view is given the patient, and a look (GET) is written into the audit first.

    `beyond_team`: it opens outside the care team too (the page on which the glass is broken, and who looked).
    """
    access = Access(roles=frozenset(to), patient=True, verb=verb, glass=beyond_team)

    def decorate(view: Callable[Concatenate[StaffRequest, Patient, P], HttpResponseBase]) -> View:
        @wraps(view)
        def guarded(request: Any, patient: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refusal = _refused(request, access)
            if refusal is not None:
                return refusal
            team = Prefetch("team", CareTeam.objects.select_related("staff").order_by("staff__name"))
            found = Patient.objects.filter(handle=patient).prefetch_related(team).first()
            if found is None:
                raise Http404("No patient has this address.")
            if not access.glass and not may_open(request.user, found):
                if request.user.role not in CARE:
                    raise PermissionDenied("This record opens to its care team.")
                if request.method == "GET" and not request.headers.get("HX-Request"):
                    return redirect("break_glass", patient=found.handle)
                return render(request, "people/closed.html", {"patient": found}, status=403)
            if request.method in ("GET", "HEAD"):
                with transaction.atomic():
                    append(request.user, verb=access.verb, patient=found)
            request.patient = found
            return view(request, found, *args, **kwargs)

        guarded.access = access  # type: ignore[attr-defined] # a function takes attributes
        return guarded

    return decorate


def opens_to_anybody(view: View) -> View:
    """A route that needs no sign-in and shows nothing of the clinic: whether it lives, what it is."""
    view.access = Access(roles=frozenset(), patient=False, verb="")  # type: ignore[attr-defined] # a function takes attributes
    return view


def _refused(request: HttpRequest, access: Access) -> HttpResponse | None:
    user = request.user
    if not isinstance(user, Staff):
        return redirect_to_login(request.get_full_path())
    if user.role not in access.roles:
        raise PermissionDenied(f"This page does not open to the role {user.role_words.lower()}.")
    return None


def may_open(staff: Staff, patient: Patient) -> bool:
    """Whether this patient's record opens to somebody: their own patient, one without a team, or glass broken."""
    if staff.role not in CARE:
        return False
    rows = [row.staff_id for row in patient.team.all()]
    if staff.pk in rows:
        return True
    if not rows and staff.role in (Role.COORDINATOR, Role.LEAD):
        return True
    return glass_is_broken(staff, patient)


def glass_is_broken(staff: Staff, patient: Patient) -> bool:
    """Whether somebody opened this record from outside its team, with a reason, and the time for it is not over."""
    from clinic.clock import now

    return patient.broken_glass.filter(staff=staff, until__gt=now()).exists()
