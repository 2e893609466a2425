"""Pages for what did not work: what failed, what is still true, what to do; a number instead of a traceback."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

log = logging.getLogger("clinic.failures")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        400,
        "This could not be read",
        "What was sent is not of a form this page can read. Nothing was changed.",
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    says = str(exception) if exception and str(exception) else "This page does not open to you."
    return _page(request, 403, "Not open to you", f"{says} Nothing was shown and nothing was changed.")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        404,
        "Nothing is here",
        "This address leads to nothing, or to nothing any more. Go back, or find the patient by name.",
    )


def failed(request: HttpRequest) -> HttpResponse:
    """The unexpected. The log names the route and the number; the page shows the number alone."""
    number = secrets.token_hex(4)
    match = getattr(request, "resolver_match", None)
    log.error("failure %s at route %s", number, match.view_name if match else "unknown")
    text = loader.render_to_string("ui/failed.html", {"number": number})
    return HttpResponse(text, status=500)


def database_failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database cannot write (a full disk) or does not answer. Needs no database itself."""
    number = secrets.token_hex(4)
    log.error("failure %s: the database: %s", number, str(error).splitlines()[0][:80])
    full = any(word in str(error).lower() for word in ("full", "no space", "too large", "disk i/o"))
    text = loader.render_to_string("ui/not_written.html", {"number": number, "full": full})
    return HttpResponse(text, status=507 if full else 503)


def not_answering(why: Exception) -> HttpResponse:
    """The version of the knowledge that the clinic took is not there. Nothing is answered in its name."""
    log.error("the knowledge: %s", why)
    text = loader.render_to_string("ui/not_answering.html", {"why": str(why)})
    return HttpResponse(text, status=503)


def not_set_up() -> HttpResponse:
    """A database without a clinic: nobody has said its name, zone and state."""
    log.error("the clinic is not set up: manage.py set_up was not run")
    return HttpResponse(loader.render_to_string("ui/not_set_up.html"), status=503)


def _page(request: HttpRequest, status: int, heading: str, says: str) -> HttpResponse:
    return render(request, "ui/refused.html", {"heading": heading, "says": says}, status=status)
