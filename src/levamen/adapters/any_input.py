"""One door for every input: a chart file or a FHIR bundle, told apart by content, never by name."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec.structs import replace

from levamen.adapters.balance import Reading
from levamen.adapters.chart import read_chart
from levamen.adapters.fhir import read_bundle
from levamen.record.completeness import Completeness
from levamen.record.facts import Record
from levamen.text.tree import UnusableInput

_GZIP = b"\x1f\x8b"
_RESOURCE = re.compile(rb'"resourceType"\s*:')


def read_any(
    data: bytes, origin: str, complete: tuple[Completeness, ...] = (), policies: Collection[str] = ()
) -> Reading:
    """The record of an input. `complete` is what the user declares it to be complete about.

    Raises UnusableInput, one sentence: what, where, and what would be right.
    """
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if data[:2] == _GZIP or (start in (b"{", b"[") and _RESOURCE.search(data[:4096] + data[-4096:])):
        return _bundle(data, origin, complete)
    reading = read_chart(data, origin, policies=policies)
    return replace(reading, record=_declared(reading.record, complete)) if complete else reading


def _bundle(data: bytes, origin: str, complete: tuple[Completeness, ...]) -> Reading:
    try:
        return read_bundle(data, origin, complete)
    except UnusableInput as error:
        raise UnusableInput(str(error) if origin in str(error) else f"{origin}: {error}") from None


def _declared(record: Record, complete: tuple[Completeness, ...]) -> Record:
    """The user's declarations beside the chart's own; without an end they reach to the chart's own date."""
    end = record.recorded or record.as_of
    added = tuple(entry if entry.end is not None else replace(entry, end=end) for entry in complete)
    return replace(record, completeness=(*record.completeness, *added))
