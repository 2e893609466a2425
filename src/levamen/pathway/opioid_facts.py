"""What a record says beside the opioids: other medicines, problems, age, and the dated facts of monitoring."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from levamen.derive.opioid_orders import in_force, reviewed
from levamen.derive.periods import Moment, answered
from levamen.derive.views import seen
from levamen.knowledge.opioids import Opioids, Scope
from levamen.record import codes
from levamen.record.facts import Document, Fact, Lab, Medication, Problem, Record, Score
from levamen.record.timeline import When, add_months

_NO_RESCUE = frozenset({"oral", "buccal-sublingual"})
_SUBSTANCES = ("substance-use-disorder", "opioid-use-disorder", "alcohol-use-disorder")


class DatedFact(Struct, frozen=True, kw_only=True):
    """The last agreement, check or test: `last` and its id, absent where none is on record, and when the next is due.

    `reason`: why it may deserve a look now; empty where nothing is due. `prompt`: the prompt that it belongs to.
    """

    prompt: str
    what: str
    last: When | None = None
    id: str | None = None
    value: str | None = None
    due: date | None = None
    reason: str = ""


class OpioidFacts(Struct, frozen=True, kw_only=True):
    """What is known at a moment and speaks of `on`."""

    facts: tuple[Fact, ...]
    on: date
    born: When | None
    medicines_reviewed: bool
    problems_reviewed: bool
    substances_answered: bool
    self_harm: bool | None

    def taken(self, drug_class: str) -> tuple[str, ...]:
        """Labels of the drugs of a class that are, or may be, taken that day."""
        names = {
            codes.label("drugs", fact.drug)
            for fact in self.facts
            if isinstance(fact, Medication) and fact.drug is not None and in_force(fact, self.on) is not None
            if drug_class in fact.classes | codes.classes_of(fact.drug)
        }
        return tuple(sorted(names))

    @property
    def has_naloxone(self) -> bool:
        """Whether naloxone by itself is surely at hand. In one product with another drug it is no rescue."""
        drugs = [fact for fact in self.facts if isinstance(fact, Medication)]
        return any(
            fact.drug == "naloxone"
            and in_force(fact, self.on) is True
            and fact.route not in _NO_RESCUE
            and not any(other is not fact and _one_product(fact, other) for other in drugs)
            for fact in drugs
        )

    def problems_of(self, *concepts: str, ever: bool = False) -> tuple[str, ...]:
        """Labels of the problems of these concepts that there are, or ever were."""
        names = {
            codes.label("conditions", fact.concept)
            for fact in self.facts
            if isinstance(fact, Problem) and fact.concept in concepts and (ever or _present(fact, self.on))
            if fact.concept is not None and fact.verification not in ("refuted", "entered-in-error")
        }
        return tuple(sorted(names))

    @property
    def substance_use(self) -> tuple[str, ...]:
        """The history of substance use, from problems and from the answer to the question."""
        found = self.problems_of(*_SUBSTANCES, ever=True)
        return found or (("substance use, as answered",) if self.substances_answered else ())

    def at_least(self, years: int) -> bool | None:
        """Whether the patient is so old on the day; None where the date of birth does not say."""
        if self.born is None:
            return None
        sure, perhaps = (add_months(day, years * 12) <= self.on for day in (self.born.last, self.born.first))
        return True if sure else None if perhaps else False


def _one_product(naloxone: Medication, other: Medication) -> bool:
    """Whether two medications are ingredients of one entry: their ids then begin alike."""
    entry = naloxone.id.removesuffix("-naloxone")
    return entry != naloxone.id and (other.id == entry or other.id.startswith(f"{entry}-"))


def facts_of(record: Record, moment: Moment) -> OpioidFacts:
    """The facts of a record as known."""
    return OpioidFacts(
        facts=tuple(fact for fact in record.facts if seen(fact, moment.known)),
        on=moment.on,
        born=record.person.birth_date,
        medicines_reviewed=reviewed(record, "medications", moment),
        problems_reviewed=reviewed(record, "problems", moment),
        substances_answered=answered(record, "substance-use", moment) is True,
        self_harm=answered(record, "self-harm", moment),
    )


def _present(problem: Problem, on: date) -> bool:
    over = problem.until is not None and problem.until.last < on
    coming = problem.since is not None and problem.since.first > on
    return not over and not coming and problem.status != "resolved"


def recorded_totals(found: OpioidFacts) -> tuple[Score, ...]:
    """Totals in MME that somebody wrote down, by day: shown beside the calculated one, for their table is not named."""
    rows = [
        fact
        for fact in found.facts
        if isinstance(fact, Score) and fact.instrument == "mme" and (fact.date is None or fact.date.first <= found.on)
    ]
    return tuple(sorted(rows, key=lambda row: (row.date.first if row.date is not None else date.min, row.id)))


def outside_scope(found: OpioidFacts, scope: Scope, moment: Moment) -> tuple[str, ...]:
    """Why the guideline says nothing for this patient; empty where it speaks, or where nothing says it does not."""
    reasons = [f"under {scope.years} years"] if found.at_least(scope.years) is False else []
    for fact in found.facts:
        if isinstance(fact, Problem) and fact.concept in scope.conditions and _present(fact, moment.on):
            settled = fact.verification not in ("refuted", "entered-in-error", "provisional")
            # A life expectancy recorded as over a year is no palliative care and no end of life.
            years_to_live = fact.attributes.get("months") == "over-12"
            if settled and fact.attributes.get("status") != "history" and not years_to_live:
                reasons.append(codes.label("conditions", fact.concept or ""))
    return tuple(dict.fromkeys(reasons))


def dated_facts(found: OpioidFacts, opioids: Opioids, moment: Moment) -> tuple[DatedFact, ...]:
    """The agreement, the check of the monitoring database and the urine test, each with its last day."""
    documents = [fact for fact in found.facts if isinstance(fact, Document)]
    tests = [fact for fact in found.facts if isinstance(fact, Lab) and fact.test == "urine-drug-screen"]

    def of(kind: str) -> list[Fact]:
        return [fact for fact in documents if fact.kind == kind]

    return (
        _last("opioid-agreement", "opioid agreement", of("opioid-agreement"), None, moment),
        _last(
            "monitoring-database", "check of the prescription monitoring database", of("monitoring-database-check"),
            opioids.prompts["monitoring-database"].months, moment,
        ),
        _last("urine-drug-screen", "urine drug test", list(tests), opioids.prompts["urine-drug-screen"].months, moment),
    )  # fmt: skip


def _last(prompt: str, what: str, rows: list[Fact], months: int | None, moment: Moment) -> DatedFact:
    """The last of some facts by the day of the question, and whether the next is due. A month counts from its start."""
    dated = [(row, day) for row in rows if (day := row.day) is not None and day.first <= moment.on]
    last = max(dated, key=lambda pair: (pair[1].first, pair[0].id), default=None)
    if last is None:
        reason = f"{what}: recorded without its day" if any(row.day is None for row in rows) else f"no {what} on record"
        return DatedFact(prompt=prompt, what=what, reason=reason if months is not None else "")
    fact, day = last
    due = add_months(day.first, months) if months is not None else None
    value = str(fact.value) if isinstance(fact, Lab) and fact.value is not None else None
    late = due is not None and moment.on >= due
    reason = f"the last {what} is of {day}; the next was due by {due}" if late else ""
    return DatedFact(prompt=prompt, what=what, last=day, id=fact.id, value=value, due=due, reason=reason)
