"""A record that cannot be read has a page that says so: what failed, what still holds, what to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponseBase
from django.shortcuts import render

from levamen.text.tree import UnusableInput
from people.access import StaffRequest
from records.models import Patient

P = ParamSpec("P")
_View = Callable[Concatenate[StaffRequest, Patient, P], HttpResponseBase]


def readable(view: _View[P]) -> _View[P]:
    """Where an entry makes the record unreadable nothing is judged, and the page names the entry."""

    @wraps(view)
    def told(request: StaffRequest, patient: Patient, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, patient, *args, **kwargs)
        except UnusableInput as error:
            shown = {"patient": patient, "tab": "overview", "says": str(error)}
            return render(request, "options/unreadable.html", shown, status=409)

    return told  # type: ignore[return-value]  # the names of its two arguments are the same
