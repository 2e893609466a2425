"""The import balance: every item of an input is accepted, ignored with a reason, or rejected with a reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.adapters.identity import Identity
from levamen.record.completeness import Completeness
from levamen.record.facts import Record
from levamen.text.tree import UnusableInput

__all__ = ["Balance", "Expectation", "Fate", "Issue", "Reading", "UnusableInput", "opened"]

Fate = Literal["ignored", "rejected", "warning"]


class Issue(Struct, frozen=True, kw_only=True):
    """Something worth telling about one item. `warning` items were accepted all the same."""

    fate: Fate
    where: str
    what: str


class Balance(Struct, frozen=True, kw_only=True):
    """items = accepted + ignored + rejected, always."""

    items: int
    accepted: int
    ignored: int
    rejected: int
    issues: tuple[Issue, ...] = ()

    def __post_init__(self) -> None:
        if self.items != self.accepted + self.ignored + self.rejected:
            raise AssertionError(f"the import does not balance: {self.items} items")


def opened(
    completeness: tuple[Completeness, ...], refused: Collection[str]
) -> tuple[tuple[Completeness, ...], tuple[Issue, ...]]:
    """Statements of completeness after some sections lost an entry, or hold a medication whose drug is not known: it
    might have been the one that counts.

    A statement about such a section closes nothing any more, and an issue says so.
    """
    kept, issues = [], []
    for entry in completeness:
        if (
            entry.kind in refused
            and entry.scope == "patient"
            and (entry.start is not None or entry.reviewed is not None)
        ):
            kept.append(replace(entry, scope="source"))
            what = f"{entry.kind} were declared complete, but one could not be read: the declaration closes nothing"
            issues.append(Issue(fate="warning", where="completeness", what=what))
        else:
            kept.append(entry)
    return tuple(kept), tuple(issues)


class Expectation(Struct, frozen=True, kw_only=True):
    """One entry of a chart's `expect`, its keys checked and its values as written."""

    where: str
    fields: dict[str, Any]


class Reading(Struct, frozen=True, kw_only=True):
    """What an adapter makes of one input: a record, the balance of its import, and expectations if it states any.

    `identity` is who the patient is, where the input says so: beside the record, and never in an answer.
    """

    record: Record
    balance: Balance
    expectations: tuple[Expectation, ...] = ()
    origin: str = ""
    identity: Identity | None = None
