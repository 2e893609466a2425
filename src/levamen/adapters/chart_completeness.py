"""Entries of `completeness`: a span, a review, or a question asked; exactly one of the three."""

from __future__ import annotations

from typing import Any

from levamen.adapters.chart_checks import in_order
from levamen.adapters.chart_reading import Context, bad
from levamen.record.completeness import Completeness

_FORMS = "write `from` and `to`, or `reviewed`, or `asked` with `answer`"


def make_completeness(values: dict[str, Any], context: Context) -> Completeness:
    """Fills the end of a span by its default and refuses mixed forms. Raises BadValueError."""
    given = [form for form, names in _NAMES.items() if set(names) & set(values)]
    if len(given) != 1:
        raise bad(f"an entry has one form only; {_FORMS}, in two entries if need be")
    if given == ["span"]:
        _settle_span(values, context)
    if given == ["asked"] and not {"asked", "answer"} <= set(values):
        missing = "answer" if "asked" in values else "asked"
        raise bad(f"`{missing}` is missing; a question asked has its date in `asked` and its `answer`")
    return Completeness(**values)


_NAMES = {"span": ("start", "end"), "reviewed": ("reviewed",), "asked": ("asked", "answer")}


def _settle_span(values: dict[str, Any], context: Context) -> None:
    if "start" not in values:
        raise bad("`from` is missing; a span begins with `from`")
    if "end" not in values:
        end = values.get("recorded") or context.default_end
        if end is None:
            context.note("`to` is not given, and neither `recorded` nor `as_of` stands in for it; nothing is closed")
            return
        values["end"] = end
    in_order("start", "end", "from", "to")(values, context)
