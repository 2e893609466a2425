"""The flags of a record as known at a moment: what fires, what is noted, what nobody asked, and what to do by when.

A flag is judged from what is on record, whatever is requested. What is old or doubtful and would fire a flag is
unknown, which stops; what was never asked is not asked, which does not. Time alone never ends a flag.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from levamen.criteria.nodes import Cite
from levamen.criteria.outcome import Outcome
from levamen.criteria.reference import evaluate
from levamen.criteria.situation import Seen, Situation
from levamen.derive.safety_views import latest_answers
from levamen.derive.views import local_day, seen, zone_of
from levamen.derive.warning_signs import TOTAL, Measured, Sign, fresh_answer, measured, pains, problems, signs
from levamen.knowledge.flags import packaged_flags, packaged_general
from levamen.knowledge.flags.rows import Flag, General
from levamen.pathway.flag_answers import ActDue, FlagAnswer, FlagReview, FlagStatus, Found
from levamen.pathway.flag_clearing import clearing, followed_up
from levamen.pathway.flag_clocks import due_of
from levamen.record import codes
from levamen.record.completeness import Completeness
from levamen.record.facts import Evaluation, Record, Request
from levamen.record.timeline import Interval, When, after, known_by

_FIRES = ("met", "ambiguous")
_NO = frozenset({"no", "not-applicable"})
_ASKED_BY: Mapping[str, str] = {
    "red-flags": "warning-signs",
    "self-harm": "self-harm-signs",
    "yellow-flags": "yellow-signs",
}
_CLOSED: Mapping[str, str] = {view: f"{view}-asked" for view in _ASKED_BY.values()}


def review_flags(
    record: Record,
    as_of: date | datetime,
    *,
    flags: Sequence[Flag] | None = None,
    general: General | None = None,
) -> FlagReview:
    """Every flag of a record. `flags` and `general`: absent, the packaged ones."""
    zone = zone_of(record)
    day = local_day(as_of, zone)
    known_at = as_of.replace(tzinfo=zone) if isinstance(as_of, datetime) and as_of.tzinfo is None else as_of
    known_at = known_at.astimezone(zone) if isinstance(known_at, datetime) else known_at
    rules = general or packaged_general()
    stated = [entry for entry in record.completeness if _stated(entry, known_at)]
    asked = {question: _answer(record, question, stated, day, rules) for question in _ASKED_BY}
    situation = _situation(record, known_at, day, zone, stated, asked, _looked_for(flags, "self-harm"))
    facts = [fact for fact in record.facts if seen(fact, known_at)]
    said = [fact for fact in facts if isinstance(fact, Evaluation) and fact.about_flag is not None]
    rows = [row.fact for row in situation.views["warning-signs"]]
    present = [row for row in rows if row.present and row.concept in _looked_for(flags, "red-flags")]
    died = record.person.died is not None and record.person.died.first <= day
    judge = _Judge(situation, rules, said, record.zone is not None)
    chosen = packaged_flags() if flags is None else flags
    answers = [] if died else [judge.answer(flag) for flag in chosen]
    listed = asked["red-flags"]
    return FlagReview(
        patient=record.id,
        as_of=day,
        moment=as_of.isoformat(),
        zone=zone,
        has_zone=record.zone is not None,
        answers=tuple(sorted(answers, key=_by_urgency)),
        general=rules,
        asked=listed,
        which=not died and listed is not None and listed[0] == "yes" and not present,
        conflicts=() if died else tuple(_conflicts(present, asked)),
        died=died,
    )


def _looked_for(flags: Sequence[Flag] | None, question: str) -> frozenset[str]:
    every = packaged_flags() if flags is None else flags
    return frozenset().union(*(flag.findings for flag in every if flag.asked_by == question))


def _by_urgency(answer: FlagAnswer) -> tuple[int, str]:
    return int(codes.entry("urgencies", answer.urgency)["order"]), answer.flag.id


def _stated(entry: Completeness, known_at: date | datetime) -> bool:
    """Whether an answer was known: by when it was recorded, else given. Of one clinic alone it answers nothing."""
    known = entry.recorded or entry.asked
    return entry.scope == "patient" and (known is None or known_by(known, known_at))


def _answer(
    record: Record, question: str, stated: Sequence[Completeness], day: date, general: General
) -> tuple[str, When] | None:
    """The latest answer to a question. A no counts as long as it lasts; a yes does not run out."""
    found = fresh_answer(record, question, stated, day, None)
    if found is not None and found[0] in _NO and after(found[1].first, general.answer.length) < day:
        return None
    return found


def _situation(
    record: Record,
    known_at: date | datetime,
    day: date,
    zone: ZoneInfo,
    stated: Sequence[Completeness],
    asked: Mapping[str, tuple[str, When] | None],
    self_harm: frozenset[str],
) -> Situation:
    """What flags look at. A fresh no to a list closes the signs that it asks for."""
    facts = [fact for fact in record.facts if seen(fact, known_at)]
    found = signs(facts, day)
    placed = pains(facts)
    closed = tuple(
        Completeness(kind=_CLOSED[_ASKED_BY[question]], reviewed=answer[1])
        for question, answer in asked.items()
        if answer is not None and answer[0] in _NO
    )
    return Situation(
        as_of=day,
        on=day,
        zone=zone,
        subject=Request(id="flags"),
        person=record.person,
        completeness=(*stated, *closed),
        views={
            "warning-signs": found,
            "self-harm-signs": found,
            "yellow-signs": found,
            "problems": problems(facts),
            "problem-history": problems(facts, ever=True),
            "pain": placed,
            "unplaced-pain": tuple(row for row in placed if row.fact.region is None),
            "measured": measured(facts, record.person, day, _denied(record, stated, found, day, self_harm)),
            "answers": tuple(latest_answers(stated, day)),
        },
        closing=_CLOSED,
    )


def _denied(
    record: Record, stated: Sequence[Completeness], found: Sequence[Seen], day: date, self_harm: frozenset[str]
) -> Mapping[str, date]:
    """The latest day on which thoughts of self-harm were asked about and denied; nothing where they are on record.

    For how long a no counts plays no part: it settles what an earlier form left open for good.
    """
    answer = fresh_answer(record, "self-harm", stated, day, None)
    days = [answer[1].first] if answer is not None and answer[0] in _NO else []
    rows = [row.fact for row in found if row.fact.concept in self_harm]
    days += [row.date.first for row in rows if row.present is False and row.date is not None]
    return {"self-harm": max(days)} if days else {}


class _Judge:
    """The flags of one record, one after the other."""

    def __init__(self, situation: Situation, general: General, said: Sequence[Evaluation], has_zone: bool) -> None:
        self.situation, self.general, self.said, self.has_zone = situation, general, said, has_zone
        self.worst = _at_worst(situation)

    def answer(self, flag: Flag) -> FlagAnswer:
        """One flag; without a look at its criterion where nothing of it is on record and nobody asked."""
        quiet = FlagAnswer(flag=flag, status="not_asked", urgency=flag.urgency, dossier=flag.dossier)
        if not self._touched(flag):
            return replace(quiet, missing=self._unasked(flag))
        outcome = evaluate(flag.criterion.says, self.situation)
        if outcome.status in _FIRES:
            return self._firing(flag, "fires")
        if evaluate(flag.criterion.says, self.worst).status in _FIRES:
            return self._firing(flag, "unknown")
        found = self._found(flag, self.situation)
        status: FlagStatus = "noted" if found else "no" if outcome.status == "not_met" else "not_asked"
        return replace(quiet, status=status, found=found, missing=self._missing(flag, outcome, status))

    def _touched(self, flag: Flag) -> bool:
        views = self.situation.views
        return (
            any(row.fact.concept in flag.findings for row in views["warning-signs"])
            or any(row.fact.concept in flag.problems for row in views["problem-history"])
            or any(row.fact.instrument in flag.instruments for row in views["measured"])
            or any(row.fact.concept == flag.asked_by for row in views["answers"])
        )

    def _firing(self, flag: Flag, status: FlagStatus) -> FlagAnswer:
        """A flag that fires, or would if what is doubtful holds: with its urgency, clock, acts and clearance.

        The time of an act is that of the flag as it usually is: where more makes it an emergency, the clock counts.
        """
        situation = self.situation if status == "fires" else self.worst
        found = self._found(flag, situation)
        urgency, dossier, missing = self._urgency(flag, situation)
        since = self._since(flag, found, situation)
        clock = self.general.clocks.get(urgency)
        clearance, refused = clearing(flag, self.general, self.said, found, self.situation.as_of)
        return FlagAnswer(
            flag=flag,
            status=status,
            urgency=urgency,
            dossier=dossier,
            found=found,
            doubts=tuple(self._doubts(flag)) if status == "unknown" else (),
            missing=missing,
            since=since,
            due=due_of(clock, since, self.situation.zone, has_zone=self.has_zone) if clock is not None else None,
            acts=tuple(
                ActDue(act=act)
                if act.within is None or act.counted_from == "request" or urgency != flag.urgency
                else ActDue(act=act, due=due_of(act.within, since, self.situation.zone, has_zone=self.has_zone))
                for act in flag.acts
            ),
            clearance=clearance,
            not_clearing=refused,
            followed_up=followed_up(flag, self.said, found),
            cites=self._cites(flag, situation),
        )

    def _urgency(self, flag: Flag, situation: Situation) -> tuple[str, str, tuple[str, ...]]:
        """The urgency, and what would have to be asked to know that it is not a greater one."""
        if flag.severe is None:
            return flag.urgency, flag.dossier, ()
        outcome = evaluate(flag.severe.criterion.says, situation)
        worst = evaluate(flag.severe.criterion.says, self.worst)
        if outcome.status in _FIRES or worst.status in _FIRES:
            return flag.severe.urgency, flag.severe.dossier, ()
        if outcome.status == "not_met":
            return flag.urgency, flag.dossier, ()
        word = codes.label("urgencies", flag.severe.urgency)
        return flag.urgency, flag.dossier, (f"whether there is what makes it an {word}",)

    def _found(self, flag: Flag, situation: Situation) -> tuple[Found, ...]:
        """The facts that speak for a flag, by day and id: signs that are there, and what else made a thing met."""
        read = self._read(flag, situation)
        views = situation.views
        rows: dict[str, Found] = {}
        for row in views["warning-signs"]:
            if row.fact.present and row.fact.concept in flag.findings:
                rows[row.fact.id] = _found_sign(row.fact)
        for kind in ("problem-history", "measured", "answers"):
            for row in self.situation.views[kind]:
                if row.fact.id in read and getattr(row.fact, "present", True):
                    rows.setdefault(row.fact.id, _found_other(row.fact))
        return tuple(sorted(rows.values(), key=lambda fact: (_first(fact.known), fact.id)))

    def _read(self, flag: Flag, situation: Situation) -> set[str]:
        """The ids of what was read of the things that are there."""
        outcomes = (evaluate(thing.truth, situation) for thing in flag.things.values())
        return {id for outcome in outcomes if outcome.status in _FIRES for id in outcome.all_read()}

    def _cites(self, flag: Flag, situation: Situation) -> tuple[Cite, ...]:
        """The places of the combination and of the things in it that are there."""
        things = [thing for thing in flag.things.values() if evaluate(thing.truth, situation).status in _FIRES]
        found: dict[Cite, None] = dict.fromkeys(flag.criterion.cites)
        for thing in things:
            found.update(dict.fromkeys(thing.cites))
        return tuple(found)

    def _since(self, flag: Flag, found: Sequence[Found], situation: Situation) -> When:
        """The moment at which what had been recorded was first enough."""
        moments = sorted({fact.known for fact in found if fact.known is not None}, key=_sortable)
        for moment in moments[:-1]:
            later = {fact.id for fact in found if fact.known is None or _sortable(fact.known) > _sortable(moment)}
            if evaluate(flag.criterion.says, _without(situation, later)).status in _FIRES:
                return moment
        return moments[-1] if moments else When.on(self.situation.as_of)

    def _doubts(self, flag: Flag) -> Iterable[str]:
        """What would have to be asked again to know whether it fires."""
        for row in self.situation.views["warning-signs"]:
            if row.fact.concept not in flag.findings or row.fact.present is False:
                continue
            name = codes.label("findings", row.fact.concept)
            if row.fact.present is None:
                yield f"whether {name} ({row.fact.id}) is present"
            elif row.fact.date is None:
                yield f"the day of {name} ({row.fact.id})"
            else:
                yield f"{name} of {_day(row.fact.date)} ({row.fact.id}): is it still there, or worse?"
        for row in self.situation.views["problem-history"]:
            if row.fact.concept in flag.problems and not row.certain:
                yield f"whether {codes.label('conditions', row.fact.concept)} ({row.fact.id}) is so"
        read = self._read(flag, self.worst)
        for row in self.situation.views["measured"]:
            if row.fact.id in read and not row.fact.value.exact:
                yield f"{_left_open(row.fact)}: ask it"

    def _missing(self, flag: Flag, outcome: Outcome, status: FlagStatus) -> tuple[str, ...]:
        """What was not recorded, and what is recorded without what a test asks of it."""
        if status == "no":
            return ()
        fields = [m.what for m in outcome.all_missing() if m.reason in ("value_missing", "conflicting")]
        return tuple(dict.fromkeys((*fields, *self._unasked(flag))))

    def _unasked(self, flag: Flag) -> tuple[str, ...]:
        """Signs and instruments of a flag of which nothing is recorded, where no answer closes them."""
        views = self.situation.views
        closed = any(entry.kind == _CLOSED[_ASKED_BY[flag.asked_by]] for entry in self.situation.completeness)
        known = {row.fact.concept for row in views["warning-signs"]}
        scored = {row.fact.instrument for row in views["measured"]}
        names = [] if closed else [codes.label("findings", word) for word in sorted(flag.findings - known)]
        return (*names, *(_instrument(word) for word in sorted(flag.instruments - scored)))


def _instrument(word: str) -> str:
    return codes.label("instruments", word) if word in codes.ids("instruments") else "weight and height"


def _at_worst(situation: Situation) -> Situation:
    """Everything that is recorded and doubtful counts, and everything that is old is as if of today."""
    today = When.on(situation.as_of)

    def sign(row: Sign) -> Sign:
        return replace(
            row,
            present=True if row.present is None else row.present,
            counted=today,
            date=row.date if row.date is not None else today,
        )

    found = tuple(Seen(sign(row.fact)) for row in situation.views["warning-signs"])
    sure = {kind: tuple(Seen(row.fact) for row in situation.views[kind]) for kind in ("problems", "problem-history")}
    open_items = tuple(Seen(_most(row.fact), row.certain) for row in situation.views["measured"])
    return replace(
        situation,
        views={
            **situation.views, **sure, "warning-signs": found, "self-harm-signs": found, "yellow-signs": found,
            "measured": open_items,
        },
    )  # fmt: skip


def _most(row: Measured) -> Measured:
    return row if row.value.high is None else replace(row, value=Interval.exactly(row.value.high))


def _without(situation: Situation, ids: set[str]) -> Situation:
    """The situation before some facts were known."""
    return replace(
        situation,
        views={
            kind: tuple(row for row in rows if getattr(row.fact, "fact", row.fact.id) not in ids)
            for kind, rows in situation.views.items()
        },
    )


def _found_sign(row: Sign) -> Found:
    name = codes.label("findings", row.concept or "")
    when = f" of {_day(row.date)}" if row.date is not None else ""
    return Found(id=row.id, says=f"{name}{when} ({row.id})", date=row.date, known=row.recorded or row.date)


def _found_other(fact: Any) -> Found:
    day: When | None = fact.day
    when = f" of {_day(day)}" if day is not None else ""
    concept = getattr(fact, "concept", None)
    if concept is None and not fact.value.exact:
        return Found(id=fact.fact, says=_left_open(fact), date=day, known=fact.recorded or day)
    if concept is None:
        name = _instrument(fact.instrument)
        topic = f", {fact.topic}" if fact.topic != TOTAL else ""
        says = f"{name}{topic}: {fact.value}" if fact.id != "person" else f"body-mass index {fact.value}"
    elif concept in codes.ids("questions"):
        says = f"answered yes: {codes.label('questions', concept)}"
    else:
        says = codes.label("conditions", concept)
    id = getattr(fact, "fact", fact.id)
    return Found(id=id, says=f"{says}{when} ({id})", date=day, known=getattr(fact, "recorded", None) or day)


def _left_open(row: Measured) -> str:
    """`item 9 (self-harm) of the PHQ-9 of 2026-10-25 (S-1) is not recorded, only the total`, or `was left blank`."""
    item = (row.item or "").removeprefix("q")
    form = f"{_instrument(row.instrument)}{f' of {_day(row.date)}' if row.date is not None else ''} ({row.fact})"
    how = "was left blank" if row.blank else "is not recorded, only the total"
    return f"item {item} ({row.topic}) of the {form} {how}"


def _day(moment: When) -> str:
    """The day, where it is known; else the time in which it lies."""
    return moment.first.isoformat() if moment.exact else str(moment)


def _sortable(moment: When) -> tuple[date, float]:
    return moment.first, moment.at.timestamp() if moment.at is not None else 0.0


def _first(moment: When | None) -> tuple[date, float]:
    return _sortable(moment) if moment is not None else (date.max, 0.0)


def _conflicts(present: Sequence[Sign], asked: Mapping[str, tuple[str, When] | None]) -> Iterable[str]:
    """Signs on record that the answer to the list denies. They count."""
    answer = asked["red-flags"]
    if answer is None or answer[0] not in _NO:
        return
    for row in present:
        if row.date is None or row.date.first <= answer[1].last:
            name = codes.label("findings", row.concept or "")
            said = f"the red-flag list was answered no on {_day(answer[1])}"
            yield f"{said}, and {name} is on record ({row.id}): it counts"
