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
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from msgspec import Struct

from audit.chain import append
from clinic.clock import now
from people.models import Staff
from people.roles import CARE, Role
from records.facts import looking_at
from records.models import BrokenGlass, CareTeam, Patient

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
            found, broken = _patient(request.user, patient)
            if not access.glass and not may_open(request.user, found, broken):
                if request.user.role not in CARE:
                    raise PermissionDenied("This record opens to its care team.")
                if request.method == "GET" and not request.headers.get("HX-Request"):
                    return redirect("break_glass", patient=found.handle)
                return render(request, "people/closed.html", {"patient": found}, status=403)
            request.patient = found
            if request.method not in ("GET", "HEAD"):
                return view(request, found, *args, **kwargs)
            with transaction.atomic():
                append(request.user, verb=access.verb, patient=found)
            with looking_at(found):
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
        others = [role.label.lower() for role in Role if role in access.roles]
        raise PermissionDenied(
            f"You are signed in as {user.role_words.lower()}. This page opens to: {', '.join(others)}."
        )
    return None


def _patient(staff: Staff, handle: str) -> tuple[Patient, bool]:
    """The patient of an address with their care team, and whether this reader broke the glass: in one question where
    there is a team. Raises Http404 where there is no such patient."""
    glass = _broken(staff)
    rows = CareTeam.objects.filter(patient__handle=handle).annotate(
        broken=Exists(glass.filter(patient=OuterRef("patient")))
    )
    team = list(rows.select_related("patient", "staff").order_by("staff__name"))
    if team:
        found, broken = team[0].patient, bool(team[0].broken)
    else:
        alone = (
            Patient.objects.annotate(broken=Exists(glass.filter(patient=OuterRef("pk")))).filter(handle=handle).first()
        )
        if alone is None:
            raise Http404("No patient has this address.")
        found, broken = alone, bool(alone.broken)
    held: Any = found.team.all()
    held._result_cache = team
    vars(found)["_prefetched_objects_cache"] = {"team": held}  # as a prefetch does it, without a question of its own
    return found, broken


def may_open(staff: Staff, patient: Patient, broken: bool | None = None) -> bool:
    """Whether this patient's record opens to somebody: their own patient, one without a team, or glass broken.
    `broken`: whether they broke the glass, where that was asked already."""
    if staff.role not in CARE:
        return False
    rows = [row.staff_id for row in patient.team.all()]
    if staff.pk in rows:
        return True
    if not rows and staff.role in (Role.COORDINATOR, Role.LEAD):
        return True
    return _broken(staff).filter(patient=patient).exists() if broken is None else broken


def _broken(staff: Staff) -> QuerySet[BrokenGlass]:
    """The records that somebody opened from outside their teams, with a reason, while the time for it is not over."""
    return BrokenGlass.objects.filter(staff=staff, until__gt=now())
