"""Every route of the clinic, found in the router itself, so that a route added tomorrow is tested tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from msgspec import Struct

from people.access import Access

_PART = re.compile(r"(?:\(\?P)?<(?:(\w+):)?(\w+)>(?:[^)/]*\))?")
_EXAMPLES = {
    "group": "safety",
    "instrument": "phq-9",
    "section": "procedures",
    "key": "P-1",
    "request_key": "R-1",
    "therapy": "medial-branch-block",
    "question": "R-1",
}
"""What stands for a part of an address that is no patient: something that exists in the example chart."""


class Route(Struct, frozen=True):
    """One route: its name, its pattern (`patient/<str:patient>/record`), and the rule of its view, if it has one."""

    name: str
    pattern: str
    access: Access | None

    def address(self, patient: str = "") -> str:
        """An address of the route, about a patient where it is about one."""

        def part(found: re.Match[str]) -> str:
            kind, name = found[1], found[2]
            if name == "patient":
                return patient
            if kind == "int":
                return "999999"
            if kind == "uuid":
                return "00000000-0000-4000-8000-000000000000"
            return _EXAMPLES.get(name, "nothing")

        return "/" + _PART.sub(part, self.pattern)


def routes() -> list[Route]:
    """Every route, in the order of the router."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        text = prefix + re.sub(r"\\Z|\^|\$|\\", "", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _walk(entry, text)
        elif isinstance(entry, URLPattern):
            view: Any = entry.callback
            yield Route(entry.name or "", text, getattr(view, "access", None))
