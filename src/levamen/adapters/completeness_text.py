"""What a user declares complete on the command line: `KIND:FROM[:TO]`."""

from __future__ import annotations

import difflib

from levamen.adapters.fhir_dates import BadDateError, when
from levamen.record.codes import ids, vocabulary
from levamen.record.completeness import Completeness

DECLARED = "declared by the user"


def parse_complete(text: str) -> Completeness:
    """`procedures:2023-01-01` or `care:2025:2026-02-20` as a statement about the patient. Raises ValueError.

    FROM and TO are a year, a month or a day. Without TO the adapter fills in the record's own date, never the
    date of the command.
    """
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise ValueError(f"'{text}' is not KIND:FROM[:TO], for example procedures:2023-01-01")
    kind = parts[0].strip()
    kinds = (*vocabulary()["completeness_sections"], *ids("questions"))
    if kind not in kinds:
        close = difflib.get_close_matches(kind, kinds, n=1, cutoff=0.5)
        raise ValueError(f"completeness: '{kind}' is unknown" + (f"; nearest: {close[0]}" if close else ""))
    try:
        start = when(parts[1].strip())
        end = when(parts[2].strip()) if len(parts) == 3 else None
    except BadDateError as error:
        raise ValueError(f"completeness of {kind}: {error}") from None
    if start is not None and end is not None and end.last < start.first:
        raise ValueError(f"completeness of {kind}: {parts[2]} is before {parts[1]}")
    return Completeness(kind=kind, start=start, end=end, source=DECLARED)
