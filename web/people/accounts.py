"""Accounts are made by an administrator; nobody signs up. What a locked account is told."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc] # the package has no types
    """No sign-up by oneself; a refusal in the clinic's words, which do not say who exists."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "This user name and password do not fit.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SignIn(LoginForm):  # type: ignore[misc] # the package has no types
    """User name and password, without a way to reset it by oneself: an administrator gives a new one."""

    refused = "Not signed in"  # nothing was to be saved here

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """After six wrong passwords: when it opens again and whom to ask, and nothing about who exists."""
    return render(request, "people/locked.html", status=429)
