"""Staff, and what each may do."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from clinic.clock import now
from people import actions
from people.access import StaffRequest, opens
from people.models import Privilege, Staff
from people.roles import LEADS, Role
from people.staff_forms import PrivilegeForm, StaffForm
from ui.templatetags.ui import day
from ui.typed import number


@opens(to=LEADS, verb="staff.listed")
def staff_list(request: StaffRequest) -> HttpResponseBase:
    """Everybody who works here, with what ran out and was not granted again, and what runs out within 60 days."""
    members = list(Staff.objects.prefetch_related("privileges").order_by("-is_active", "name"))
    today = now().date()
    rows = [
        (
            member,
            [one for one in member.privileges.all() if one.withdrawn is None and one.expires >= today],
            [one for one in member.privileges.all() if _runs_out(one, member, today)],
        )
        for member in members
    ]
    return render(request, "people/staff.html", {"rows": rows, "here": "settings"})


def _runs_out(one: Privilege, member: Staff, today: date) -> bool:
    """Whether it ran out, or will within 60 days, and no later one of the same kind stands."""
    if one.withdrawn is not None or (one.expires - today).days > 60:
        return False
    return not any(
        row.withdrawn is None and (row.therapy, row.region) == (one.therapy, one.region) and row.expires > one.expires
        for row in member.privileges.all()
    )


@opens(to={Role.ADMINISTRATOR}, verb="staff.form")
def add_staff(request: StaffRequest) -> HttpResponseBase:
    """Somebody new."""
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = actions.add_staff(
            request.user, said["username"], said["name"], said["role"], said["credentials"], said["password"]
        )
        messages.success(request, f"{made.name} can sign in.")
        return redirect("staff_member", username=made.username)
    shown = {"form": form, "here": "settings", "heading": "Who is new?"}
    return render(request, "people/staff_form.html", shown, status=400 if form.errors else 200)


@opens(to=LEADS, verb="staff.looked")
def staff_member(request: StaffRequest, username: str) -> HttpResponseBase:
    """One person: role, account, privileges."""
    member = get_object_or_404(Staff, username=username)
    privileges = list(member.privileges.all())
    form = PrivilegeForm(request.POST if request.POST.get("do") == "grant" else None, prefix="grant")
    if request.method == "POST":
        did = _did(request, member, form)
        if did is not None:
            return did
    shown = {
        "member": member, "privileges": privileges, "form": form, "here": "settings", "today": now().date(),
        "administers": request.user.role == Role.ADMINISTRATOR,
    }  # fmt: skip
    return render(request, "people/member.html", shown, status=400 if form.errors else 200)


def _did(request: StaffRequest, member: Staff, form: PrivilegeForm) -> HttpResponseBase | None:
    """What a button of the page asked for; None where the form was wrong or nothing was asked."""
    administers = request.user.role == Role.ADMINISTRATOR
    match request.POST.get("do"):
        case "grant":
            if not form.is_valid():
                return None
            said = form.cleaned_data
            actions.grant(
                request.user, member, said["therapy"], said["region"], said["granted"], said["expires"],
                said["minimum_per_year"], said["source"],
            )  # fmt: skip
            messages.success(request, f"Granted to {member.name}, until the end of {day(said['expires'])}.")
        case "withdraw":
            held = get_object_or_404(Privilege, staff=member, pk=number(request.POST.get("privilege")))
            actions.withdraw(request.user, held)
        case "switch" if administers and member != request.user:
            actions.switch(request.user, member, not member.is_active)
        case "second-factor" if administers:
            actions.reset_second_factor(request.user, member)
            messages.success(request, f"{member.name} sets up a new second factor at the next sign-in.")
        case _:
            messages.error(request, "Nothing was changed: this is not done by your role, or not to yourself.")
    return redirect("staff_member", username=member.username)


@opens(to={Role.ADMINISTRATOR}, verb="staff.form")
def change_staff(request: StaffRequest, username: str) -> HttpResponseBase:
    """Another name, role or password. Nobody takes the administrator's role away from themselves."""
    member = get_object_or_404(Staff, username=username)
    first = {name: getattr(member, name) for name in ("username", "name", "credentials", "role")}
    form = StaffForm(request.POST or None, initial=first, member=member)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if member == request.user and said["role"] != member.role:
            form.add_error("role", "You would close the settings to yourself; another administrator does this.")
        else:
            actions.change_staff(
                request.user, member, said["name"], said["role"], said["credentials"], said["password"]
            )
            return redirect("staff_member", username=member.username)
    shown = {"form": form, "here": "settings", "heading": f"What has changed for {member.name}?"}
    return render(request, "people/staff_form.html", shown, status=400 if form.errors else 200)
