"""What a record is known to contain. Anything not declared here is unknown, never "no"."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from levamen.record.timeline import Duration, When, after

Scope = Literal["patient", "source"]
Answer = Literal["yes", "no", "not-applicable", "unknown"]


class Completeness(Struct, frozen=True, kw_only=True):
    """One statement of completeness.

    Three forms: a span (`start`, `end`) says that everything of `kind` in it is here; `reviewed` says that
    the present state was gone through that day; `asked` with `answer` is the answer to a question.
    `scope` "source" (complete for one clinic only) closes nothing. The adapter fills `end` by its default
    (the entry's own `recorded`, else the chart's, else the chart's own as_of), so that it is never guessed here.
    """

    kind: str
    scope: Scope = "patient"
    therapy: str | None = None
    region: str | None = None
    start: When | None = None
    end: When | None = None
    reviewed: When | None = None
    asked: When | None = None
    answer: Answer | None = None
    recorded: When | None = None
    author: str | None = None
    source: str | None = None
    note: str | None = None

    def speaks_of(self, kind: str, therapies: frozenset[str] | None, regions: frozenset[str] | None) -> bool:
        """Whether it covers all of `kind`, or at least everything of `kind` among these therapies and regions."""
        if self.kind != kind or self.scope != "patient":
            return False
        if self.therapy is not None and (therapies is None or not therapies <= {self.therapy}):
            return False
        return self.region is None or (regions is not None and regions <= {self.region})

    def closes_span(self, first: date | None, as_of: date) -> bool:
        """Whether it covers every day from `first` (absent: the beginning) to `as_of`."""
        if self.start is None or self.end is None or self.end.first < as_of:
            return False
        return first is not None and self.start.last <= first

    def closes_present(self, as_of: date, max_age: Duration | None) -> bool:
        """Whether the state on `as_of` is known: reviewed recently enough, or a span that reaches it."""
        if self.reviewed is not None and self.reviewed.last <= as_of:
            return max_age is None or as_of <= after(self.reviewed.first, max_age)
        return self.start is not None and self.end is not None and self.start.last <= as_of and self.end.first >= as_of
