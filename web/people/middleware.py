"""Unknown routes are closed: a view without a rule opens to nobody, whatever it would show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from people.models import Staff

ACCOUNT_ROUTES = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_login_webauthn",
    }
)
"""The routes of the account package that a clinic uses: signing in and out, one's password, one's second factor."""
_KEEP_ALIVE = timedelta(minutes=1)


class KnownRoutesOnly:
    """Refuses a view that says nobody may open it, demands a second factor, and keeps a session in use alive."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._keep_alive(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else None
        if name in ACCOUNT_ROUTES:
            return None
        if getattr(view, "access", None) is None:
            raise PermissionDenied("Nobody was given leave to open this page.")
        if settings.SECOND_FACTOR_DEMANDED and isinstance(request.user, Staff) and not is_mfa_enabled(request.user):
            messages.warning(request, "Set up a second factor first: the clinic asks for one at every sign-in.")
            return redirect("mfa_index")
        return None

    def _keep_alive(self, request: HttpRequest) -> None:
        """The session ends after half an hour without a page; written at most once a minute."""
        if not request.session.session_key or "_auth_user_id" not in request.session:
            return
        seen = request.session.get("seen", 0)
        if timezone.now().timestamp() - seen > _KEEP_ALIVE.total_seconds():
            request.session["seen"] = int(timezone.now().timestamp())
