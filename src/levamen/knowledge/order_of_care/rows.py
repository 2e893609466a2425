"""The usual order of care: steps, what is expected before what, and what leaves the order."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.sourced import Voice

LATER = "later"
"""Of a step that is expected before every later one."""

LOOKS = ("red-flags", "diagnosis", "mechanism", "goals", "measures", "risk")
"""What the first step looks at beside therapies."""

RuledOut = Literal["question", "problems", "never"]
"""question: by the answer no to its question. problems: by a reviewed list of problems and a known mechanism of the
pain. never: by nothing that a record holds."""
DecidedBy = Literal["record", "governing-policy"]


class Rung(Struct, frozen=True, kw_only=True):
    """One step. `therapies`: ids of therapies or drug classes. `before`: `later`, or those it is expected before.

    `stands_in`: the number of a later step that, on record, stands for this one. `voices`: what sources say of it.
    """

    number: int
    title: str
    short: str
    content: str
    enter: str
    leave: str
    therapies: frozenset[str]
    looks_at: tuple[str, ...]
    before: frozenset[str]
    stands_in: int | None
    cites: tuple[Cite, ...]
    voices: tuple[Voice, ...]

    def expected_before(self, therapy: str, number: int) -> bool:
        """Whether it is expected before a therapy of another step."""
        return self.number < number and (LATER in self.before or therapy in self.before)


class Sign(Struct, frozen=True, kw_only=True):
    """What a record may say: active problems, findings that are present, mechanisms or patterns of the pain, questions
    answered with yes."""

    problems: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    mechanisms: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()

    @property
    def any(self) -> bool:
        """Whether it names anything at all."""
        return bool(self.problems or self.findings or self.mechanisms or self.patterns or self.questions)


class Departure(Struct, frozen=True, kw_only=True):
    """What leaves the order. `therapies`, `regions`: for which; empty, for all.

    `may_hold_with`: where the record rules it out, the exception does not hold; of itself it is never enough.
    """

    id: str
    title: str
    says: str
    therapies: frozenset[str]
    regions: frozenset[str]
    holds_with: Sign
    may_hold_with: Sign
    ruled_out_by: RuledOut
    decided_by: DecidedBy
    cites: tuple[Cite, ...]

    @property
    def criterion(self) -> str:
        """What a clinician's recorded judgement names to say that it holds."""
        return f"order-of-care/{self.id}"

    def is_for(self, therapy: str, region: str | None) -> bool:
        """Whether it counts for a therapy there; a region that is not recorded may be any."""
        there = not self.regions or region is None or region in self.regions
        return there and (not self.therapies or therapy in self.therapies)


class OrderOfCare(Struct, frozen=True, kw_only=True):
    """The steps in their order, the therapies that it does not place, and the exceptions."""

    rungs: tuple[Rung, ...]
    not_placed: frozenset[str]
    exceptions: tuple[Departure, ...]

    def rung_of(self, therapy: str | None) -> Rung | None:
        """The step on which a therapy stands; None where the order does not place it."""
        return next((rung for rung in self.rungs if therapy in rung.therapies), None)
