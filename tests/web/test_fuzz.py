"""Whatever is sent to whatever route: no failure of the server, nothing executed, nothing given back unescaped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from routes import Route, routes

from people.roles import Role

pytestmark = pytest.mark.django_db
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE audit_event; --",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "\x00\x01\ud7ff",
    "é" * 300,
    "9" * 400,
    "-1",
    "1e400",
    "2026-02-30T25:61",
    "x" * 20_000,
)


class Fields(HTMLParser):
    """The names of a page's inputs, and whatever script the page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.scripts: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("input", "select", "textarea", "button") and said.get("name"):
            self.names.add(str(said["name"]))
        if tag == "script":
            self.scripts.append(said.get("src") or "inline")
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]


def read(content: bytes) -> Fields:
    fields = Fields()
    fields.feed(content.decode(errors="replace"))
    return fields


def sent(names: set[str], text: str) -> dict[str, Any]:
    data: dict[str, Any] = {name: text for name in names if name != "csrfmiddlewaretoken"}
    return data or {"anything": text}


def opened() -> Iterator[tuple[Route, str]]:
    for route in routes():
        if route.access is not None and route.access.roles:
            roles = [role.value for role in Role if role in route.access.roles]
            yield route, "physician" if "physician" in roles else roles[0]


@pytest.mark.parametrize(("route", "role"), list(opened()), ids=lambda value: getattr(value, "name", value))
def test_a_hostile_value_does_no_harm(
    route: Route, role: str, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient()
    client = signed_in(role)
    client.raise_request_exception = False
    address = route.address(held.handle)
    names = read(client.get(address).content).names
    for text in HOSTILE:
        for response in (
            client.post(address, sent(names, text)),
            client.post(address, sent(names, text), headers={"HX-Request": "true"}),
            client.get(address, {"as_of": text, "page": text, "therapy": text, "q": text}),
        ):
            assert response.status_code < 500, (address, text[:40], response.status_code)
            if response.get("Content-Type", "").startswith("text/html"):
                page = read(response.content)
                assert not page.handlers, (address, text[:40], page.handlers)
                assert all(script.startswith("/static/") for script in page.scripts), (address, page.scripts)


@pytest.mark.parametrize(("route", "role"), list(opened()), ids=lambda value: getattr(value, "name", value))
def test_a_hostile_file_does_no_harm(
    route: Route, role: str, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient()
    client = signed_in(role)
    client.raise_request_exception = False
    address = route.address(held.handle)
    page = client.get(address)
    if b'type="file"' not in page.content:
        return
    names = read(page.content).names
    for data in (
        b"",
        b"\x1f\x8b" + b"\x00" * 50,
        b"{" * 5000,
        b"chart: 1\nid: !!python/object/apply:os.system [ls]",
        b"\xff\xfe",
    ):
        file = SimpleUploadedFile("../../x.yaml", data)
        response = client.post(address, sent(names, "x") | {"file": file})
        assert response.status_code < 500, (address, data[:20])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60),
    name=st.sampled_from(["f.date", "f.therapy", "f.relief.0.percent", "f.joints", "seen", "f"]),
)
def test_any_text_in_an_entry_is_refused_or_kept(
    text: str, name: str, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    from records.models import Patient

    held = Patient.objects.first() or patient()
    client = signed_in("physician")
    response = client.post(
        f"/patient/{held.handle}/record/procedures/P-1/edit", {name: text, "f.therapy": "medial-branch-block"}
    )
    assert response.status_code in (200, 302, 400, 409)
