"""From criteria to the verdict of one policy: the first row that holds (design 3.1, Policy verdict)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from levamen.criteria.nodes import Remedy
from levamen.criteria.truth import Status, conjunction, disjunction

PolicyVerdict = Literal[
    "met", "not_met", "not_yet", "unknown", "ambiguous", "not_covered", "against", "silent", "informs"
]
FAMILIES: dict[PolicyVerdict, Literal["yes", "no", "open", "none"]] = {
    "met": "yes",
    "not_met": "no",
    "not_yet": "no",
    "not_covered": "no",
    "against": "no",
    "unknown": "open",
    "ambiguous": "open",
    "silent": "none",
    "informs": "none",
}


def policy_verdict(
    scope: Sequence[Status],
    exclusions: Sequence[Status],
    requirements: Sequence[tuple[Status, Remedy | None]],
    *,
    informs: bool,
    refusal: Literal["not_covered", "against"],
) -> tuple[PolicyVerdict, Literal["scope"] | None]:
    """The verdict, and "scope" where the scope decided it. Exclusions are joined by or, the rest by and.

    `requirements` carry the remedy of each that is not met.
    """
    in_scope = conjunction(scope)
    if in_scope == "not_met":
        return "silent", "scope"
    if in_scope != "met":
        return in_scope, "scope"
    if informs:
        return "informs", None
    excluded = disjunction(exclusions)
    if excluded == "met":
        return refusal, None
    required = conjunction(status for status, _ in requirements)
    if required == "not_met":
        hopeless = any(status == "not_met" and remedy == "none" for status, remedy in requirements)
        return ("not_met" if hopeless else "not_yet"), None
    for word in ("unknown", "ambiguous"):
        if word in (excluded, required):
            return word, None
    return "met", None
