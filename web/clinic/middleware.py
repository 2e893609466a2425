"""Pages of a record are nobody else's: no cache keeps them, and an unexpected failure tells nothing but its number."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control

from administration.knowledge import NotAnswering, edition_of_the_clinic
from administration.models import clinic, of_request
from levamen.knowledge.edition import PACKAGED, using
from people.middleware import ACCOUNT_ROUTES
from ui.failures import bad_request, database_failed, not_answering, not_set_up


class PlainText:
    """Refuses characters that no text of ours can hold: null characters and halves of surrogate pairs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        for said in (request.GET, request.POST):
            for name, values in said.lists():
                if any(_strange(text) for text in (name, *values) if isinstance(text, str)):
                    return bad_request(request)
        return None


def _strange(text: str) -> bool:
    return any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in text)


class DatabaseThatFails:
    """Says in words that nothing was written, where the database cannot write or does not answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except OperationalError as error:
            return database_failed(request, error)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return database_failed(request, exception) if isinstance(exception, OperationalError) else None


WITHOUT_ANSWERS = ACCOUNT_ROUTES | {
    "home", "alive", "keys", "settings", "propose_knowledge", "proposal", "staff", "audit",
}  # fmt: skip
"""The routes that open while the version that the clinic took cannot be answered from: they answer of no patient."""


class OneClinic:
    """Looks the clinic up once a request, and lets the library answer with the knowledge that is in force there.

    Where that cannot be answered from, a page that answers of patients is refused: it would speak in the name of a
    version that it does not hold.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        held = clinic()
        if held._state.adding:
            return not_set_up()
        token = of_request.set(held)
        try:
            return self._answered(request)
        finally:
            of_request.reset(token)

    def _answered(self, request: HttpRequest) -> HttpResponse:
        try:
            chosen = edition_of_the_clinic()
        except NotAnswering as why:
            if _route(request) not in WITHOUT_ANSWERS:
                return not_answering(why)
            chosen = PACKAGED
        with using(chosen):
            return self.get_response(request)


def _route(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


class PrivatePages:
    """Marks every page that sets no rule of its own as not to be stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response
