"""What an assessment says: the shapes behind the JSON of design 3.4."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from levamen.criteria.nodes import Cite, Criterion, Mark, Need, Remedy
from levamen.criteria.outcome import Missing, Outcome
from levamen.criteria.truth import Reason, Status
from levamen.criteria.verdict import PolicyVerdict
from levamen.knowledge.model import Effect, Stance
from levamen.pathway.flag_answers import FlagReview
from levamen.pathway.obligations import Obligation
from levamen.pathway.periprocedural.answers import Plan
from levamen.record.facts import Record, Request


class CriterionAnswer(Struct, frozen=True, kw_only=True):
    """One criterion as answered. `part` tells whether it is scope, exclusion or requirement."""

    criterion: Criterion
    part: str
    status: Status
    outcome: Outcome
    reason: Reason | None = None
    remedy: Remedy | None = None
    earliest: date | None = None
    safest: date | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def id(self) -> str:
        return self.criterion.id

    @property
    def failing(self) -> bool:
        """Whether it stands in the way: a requirement or scope not met, an exclusion that applies."""
        return self.status == ("met" if self.part == "exclusion" else "not_met")

    @property
    def open(self) -> bool:
        return self.status in ("unknown", "ambiguous")


class NeedAnswer(Struct, frozen=True, kw_only=True):
    """Something that would help, and from when it is possible where that is known."""

    need: Need
    possible_from: date | None = None


class PolicyAnswer(Struct, frozen=True, kw_only=True):
    """The verdict of one policy on one question, with everything that led to it.

    `reason` says why it is silent or open: scope, jurisdiction, age, not in force, contractor, or a reason of unknown.
    """

    policy: str
    title: str
    verdict: PolicyVerdict
    mark: Mark
    reason: str | None = None
    document: str | None = None
    contractor: str | None = None
    version: str | None = None
    hash: str | None = None
    stance: Stance | None = None
    strength: str | None = None
    earliest: date | None = None
    safest: date | None = None
    needs: tuple[NeedAnswer, ...] = ()
    would_refuse: tuple[Missing, ...] = ()
    needed_together: tuple[Missing, ...] = ()
    criteria: tuple[CriterionAnswer, ...] = ()
    effects: tuple[Effect, ...] = ()
    notes: tuple[str, ...] = ()
    governing: bool = False

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Every place the verdict cites."""
        found: dict[Cite, None] = {}
        for answer in self.criteria:
            found.update(dict.fromkeys((*answer.criterion.cites, *answer.criterion.also)))
        for effect in self.effects:
            found[effect.cite] = None
        return tuple(found)


class Question(Struct, frozen=True, kw_only=True):
    """One therapy at one target under each policy, and the plan around it, apart from them: safety and coverage never
    mix. `asked`: the chart asked it; otherwise the record raised it."""

    id: str
    request: Request
    on: date
    asked: bool
    policies: tuple[PolicyAnswer, ...]
    headline: str
    plan: Plan
    obligations: tuple[Obligation, ...] = ()
    next_steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def under(self, policy: str) -> PolicyAnswer | None:
        """The answer of one policy, if it was asked."""
        return next((answer for answer in self.policies if answer.policy == policy), None)


class Assessment(Struct, frozen=True, kw_only=True):
    """One record as of a day; `moment` is the day or instant that was asked for.

    `flags` are its red and yellow flags; none where the patient has died. `knowledge` is the content hash of what was
    used, `knowledge_date` the latest day any of it was checked.
    """

    record: Record
    as_of: date
    moment: str
    knowledge: str
    knowledge_date: date
    questions: tuple[Question, ...]
    notes: tuple[str, ...] = ()
    flags: FlagReview | None = None
