"""The intake of a patient as known at a moment: what is answered, what is to ask, and what follows from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from levamen.derive.index_pain import region_of
from levamen.derive.periods import Moment, moment_of
from levamen.derive.tried import TriedTable, tried
from levamen.derive.views import local_day, seen, zone_of
from levamen.knowledge.intake import packaged_codes, packaged_form, packaged_rules
from levamen.knowledge.intake.rows import Code, Form, Needed, Rule
from levamen.pathway.goals import GoalView, goals
from levamen.pathway.intake_answers import FieldAnswer, active_pains, answers
from levamen.pathway.intake_words import title_of
from levamen.pathway.screening import Screening, screening
from levamen.pathway.severity import Impact, Severity, impact, severity
from levamen.record.facts import Pain, Record
from levamen.record.timeline import When, after

Chronic = Literal["yes", "no", "unknown"]


class Lasting(Struct, frozen=True, kw_only=True):
    """Whether a pain lasts so long that a rule calls it chronic. A rule that awaits confirmation never says yes."""

    rule: Rule
    state: Chronic
    reason: str | None = None


class PainView(Struct, frozen=True, kw_only=True):
    """One pain of now. `codes` are those of the record, with their titles."""

    pain: Pain
    title: str
    lasting: tuple[Lasting, ...]
    codes: tuple[Code, ...]


class IntakeSheet(Struct, frozen=True, kw_only=True):
    """Everything that an intake sheet shows."""

    record: Record
    moment: str
    as_of: date
    form: Form
    pains: tuple[PainView, ...]
    answers: tuple[FieldAnswer, ...]
    severity: tuple[Severity, ...]
    impact: tuple[Impact, ...]
    tried: TriedTable
    goals: tuple[GoalView, ...]
    screening: tuple[Screening, ...]

    def of_group(self, group: str) -> tuple[FieldAnswer, ...]:
        """The answers of one group of the form."""
        return tuple(answer for answer in self.answers if answer.field.group == group)

    def to_ask(self, needed: Needed) -> tuple[FieldAnswer, ...]:
        """What is still to ask at a point of care, in the order of the form.

        A field stands where it is first needed; one whose answer is too old, at each visit if it is needed there.
        """
        return tuple(answer for answer in self.answers if answer.sentence is not None and _when(answer) == needed)


def _when(answer: FieldAnswer) -> Needed:
    needed = answer.field.needed
    return "each-visit" if answer.status == "stale" and "each-visit" in needed else needed[0]


def intake(record: Record, as_of: date | datetime) -> IntakeSheet:
    """The intake of a record as known at a moment."""
    moment = moment_of(record, as_of, local_day(as_of, zone_of(record)))
    form, rules = packaged_form(), packaged_rules()
    table = tried(record, moment)
    known = [fact for fact in record.facts if seen(fact, moment.known)]
    return IntakeSheet(
        record=record,
        moment=as_of.isoformat(),
        as_of=moment.as_of,
        form=form,
        pains=tuple(_pain(pain, moment) for pain in active_pains(known, moment)),
        answers=answers(record, form, rules, table, moment),
        severity=severity(record, moment),
        impact=impact(record, moment),
        tried=table,
        goals=goals(record, moment),
        screening=screening(record, moment),
    )


def _pain(pain: Pain, moment: Moment) -> PainView:
    rules = packaged_rules().rules
    lasting = [_chronic(pain.since, rules["chronic"], moment.as_of)]
    if region_of(pain) == "lumbar":
        lasting.append(_chronic_low_back(pain, rules["chronic-low-back"], moment.as_of))
    titles = packaged_codes()
    return PainView(
        pain=pain,
        title=title_of(pain),
        lasting=tuple(lasting),
        codes=tuple(titles[code] for code in pain.icd11 if code in titles),
    )


def _chronic(since: When | None, rule: Rule, on: date) -> Lasting:
    """More than the rule's length: on the anniversary itself not yet."""
    if since is None:
        return Lasting(rule=rule, state="unknown", reason="since when is not recorded")
    if on > after(since.last, rule.lasts):
        return Lasting(rule=rule, state="yes")
    if on <= after(since.first, rule.lasts):
        return Lasting(rule=rule, state="no", reason=f"since {since}")
    return Lasting(rule=rule, state="unknown", reason=f"since {since} is not exact enough")


def _chronic_low_back(pain: Pain, rule: Rule, on: date) -> Lasting:
    """At least the rule's length, and on most days. What would be yes awaits confirmation of the rule itself."""
    if pain.most_days is False:
        return Lasting(rule=rule, state="no", reason="on fewer than half of the days")
    if pain.since is not None and on < after(pain.since.first, rule.lasts):
        return Lasting(rule=rule, state="no", reason=f"since {pain.since}")
    if pain.since is None or pain.most_days is None:
        missing = "since when" if pain.since is None else "on how many days"
        return Lasting(rule=rule, state="unknown", reason=f"{missing} is not recorded")
    if on < after(pain.since.last, rule.lasts):
        return Lasting(rule=rule, state="unknown", reason=f"since {pain.since} is not exact enough")
    verified = all(cite.mark != "unverified" for cite in rule.cites)
    reason = None if verified else "as recorded it is met; the rule awaits confirmation"
    return Lasting(rule=rule, state="yes" if verified else "unknown", reason=reason)
