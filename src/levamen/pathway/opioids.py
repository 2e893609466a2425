"""Opioids of a record on a day: the total in MME, what may deserve a look with its reasons, dated facts, the taper.

`mme_got` answers `expect: {mme: …}`: the total with every order at the most it allows, in MME a day, at most two
decimals, or `unknown`. `prompts` answers `expect: {prompt: …}`; their ids are stable. A prompt gives reasons and
orders nothing. What cannot be decided is kept apart, with what is missing. Not for converting between opioids.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.derive.mme import Mme, Ordered, mme_on, ordered
from levamen.derive.opioid_orders import in_force
from levamen.derive.periods import Moment, moment_of, number, shown
from levamen.derive.taper import DatedTotal, Taper, taper
from levamen.derive.views import local_day, zone_of
from levamen.knowledge.agents import Statement
from levamen.knowledge.opioids import TABLES, Opioids, Table, packaged_opioids
from levamen.pathway.opioid_facts import DatedFact, OpioidFacts, dated_facts, facts_of, outside_scope, recorded_totals
from levamen.record.facts import Medication, Record, Score
from levamen.record.timeline import add_months

_FINISHED = frozenset({"taper-finished", "completed"})


class Raised(Struct, frozen=True, kw_only=True):
    """What may deserve a look. `id` is stable. `reasons`: why; of one that cannot be decided, what is not known."""

    id: str
    says: Statement
    reasons: tuple[str, ...]


class OpioidReview(Struct, frozen=True, kw_only=True):
    """Everything of a record's opioids on `on`, as known at `moment`. `checked`: when the tables were last compared.

    `outside`: why the guideline says nothing for this patient; its prompts are then silent. `recorded`: totals that
    somebody wrote down, with a table that the record does not name. `self_harm`: the
    answer to that question, None where it was not asked since; it belongs to every taper.
    """

    record: Record
    moment: str
    as_of: date
    on: date
    mme: Mme
    raised: tuple[Raised, ...]
    undecided: tuple[Raised, ...]
    outside: tuple[str, ...]
    scope: Statement
    facts: tuple[DatedFact, ...]
    recorded: tuple[Score, ...]
    taper: Taper
    self_harm: bool | None
    statements: tuple[Statement, ...]
    notice: Statement
    abrupt: Statement
    contact: Statement
    checked: date


def opioid_review(
    record: Record, as_of: date | datetime, on: date | None = None, table: str = TABLES[0]
) -> OpioidReview:
    """The opioids of a record. `on`: absent, the day of `as_of`. Raises KeyError for a table that is not there."""
    opioids = packaged_opioids()
    moment = moment_of(record, as_of, on or local_day(as_of, zone_of(record)))
    found = facts_of(record, moment)
    orders = ordered(record, moment, opioids.tables[table], opioids)
    total = mme_on(orders, moment.on, reviewed=found.medicines_reviewed)
    falls, stops = _taper(orders, moment, opioids)
    outside = outside_scope(found, opioids.scope, moment)
    dated = dated_facts(found, opioids, moment)
    raised, undecided = _prompts(total, found, dated, falls, stops, opioids, guideline=not outside)
    return OpioidReview(
        record=record,
        moment=as_of.isoformat(),
        as_of=moment.as_of,
        on=moment.on,
        mme=total,
        raised=raised,
        undecided=undecided,
        outside=outside if total.lines else (),
        scope=opioids.scope.says,
        facts=dated,
        recorded=recorded_totals(found),
        taper=falls,
        self_harm=found.self_harm,
        statements=opioids.statements,
        notice=opioids.notice,
        abrupt=opioids.abrupt,
        contact=opioids.contact.says,
        checked=opioids.checked,
    )


def mme_got(record: Record, as_of: date | datetime, on: date | None, table: str | None) -> dict[str, str]:
    """The total in the words of an expectation. Empty where there is no such table."""
    opioids, name = packaged_opioids(), table or TABLES[0]
    if name not in opioids.tables:
        return {}
    moment = moment_of(record, as_of, on or local_day(as_of, zone_of(record)))
    orders = ordered(record, moment, opioids.tables[name], opioids)
    total = mme_on(orders, moment.on, reviewed=facts_of(record, moment).medicines_reviewed)
    told = {"mme": number(total.most) if total.most is not None else "unknown", "table": name}
    if total.value is not None and not total.value.exact:
        told["interval"] = shown(total.value)
    return told | {"notice": opioids.notice.says}


def _prompts(
    total: Mme,
    found: OpioidFacts,
    dated: tuple[DatedFact, ...],
    falls: Taper,
    stops: tuple[str, ...],
    opioids: Opioids,
    *,
    guideline: bool,
) -> tuple[tuple[Raised, ...], tuple[Raised, ...]]:
    """What is raised and what cannot be decided: those of the guideline only for whom it speaks."""
    raised: list[Raised] = []
    undecided: list[Raised] = []
    if guideline and any(line.sure and line.kind != "unreadable" for line in total.lines):
        _thresholds(total, opioids, raised, undecided)
        _together(total, found, opioids, raised, undecided)
        for fact in dated:
            prompt = opioids.prompts.get(fact.prompt)
            if prompt is not None and fact.reason:
                raised.append(Raised(id=fact.prompt, says=prompt.says, reasons=(fact.reason,)))
    if stops:
        raised.append(Raised(id="abrupt-change", says=opioids.abrupt, reasons=stops))
    for answer in falls.answers:
        now = bool(total.lines) or (answer.on is not None and _recent(answer.on, total.on, opioids))
        if now and answer.status == "not_met" and answer.applies is not False and answer.worst is not None:
            how_long = "" if answer.applies else "; how long it was taken is not recorded"
            told = f"{answer.rule.id}: {number(answer.worst)} % less by {answer.on}{how_long}"
            raised.append(Raised(id="rapid-taper", says=answer.rule.says, reasons=(told,)))
    return tuple(raised), tuple(undecided)


def _thresholds(total: Mme, opioids: Opioids, raised: list[Raised], undecided: list[Raised]) -> None:
    for row in opioids.thresholds:
        if row.table != total.table.id:
            continue
        limit = Fraction(row.mme)
        told = f"{shown(total.value)} MME a day" if total.value is not None else "no total"
        if total.value is not None and total.value.low >= limit:
            raised.append(Raised(id=row.says.id, says=row.says, reasons=(told,)))
        elif total.most is not None and total.most >= limit:
            raised.append(Raised(id=row.says.id, says=row.says, reasons=(f"{told}, at the most that is allowed",)))
        elif total.most is None or not total.complete:
            undecided.append(Raised(id=row.says.id, says=row.says, reasons=(f"{told}; {why_open(total)}",)))


def why_open(total: Mme) -> str:
    """Why a total is not the whole."""
    parts = [f"missing: {', '.join(asked.what for asked in total.missing)}"] if total.missing else []
    apart = sorted({line.drug for line in total.lines if line.kind == "unconvertible" and line.drug is not None})
    parts += [f"not counted: {', '.join(apart)}"] if apart else []
    parts += [] if total.reviewed else ["the medicines are not declared to be all"]
    return "; ".join(parts)


def _together(total: Mme, found: OpioidFacts, opioids: Opioids, raised: list[Raised], undecided: list[Raised]) -> None:
    """Naloxone, what is taken beside the opioid, and what the patient has."""

    def add(id: str, reasons: tuple[str, ...], open_: str = "") -> None:
        says = opioids.prompts[id].says
        if reasons:
            raised.append(Raised(id=id, says=says, reasons=reasons))
        elif open_:
            undecided.append(Raised(id=id, says=says, reasons=(open_,)))

    unlisted = "" if found.medicines_reviewed else "the medicines are not declared to be all"
    benzodiazepines, sedatives = found.taken("benzodiazepine"), found.taken("sedative-hypnotic")
    if not found.has_naloxone:
        reasons = ["an opioid is ordered"]
        reasons += ["50 MME a day reached" for row in raised if row.id == "mme-50"]
        reasons += [f"with {name}" for name in benzodiazepines] + [f"{name}, ever" for name in found.substance_use]
        add("naloxone", tuple(reasons))
    add("benzodiazepine", benzodiazepines, unlisted)
    add("sedative", sedatives, unlisted)
    apnea = tuple(f"{name}; how severe is not recorded" for name in found.problems_of("obstructive-sleep-apnea"))
    add("sleep-apnea", apnea, "" if found.problems_reviewed else "the problems are not declared to be all")
    old = found.at_least(opioids.prompts["age-65"].years or 0)
    add("age-65", ("65 or older",) if old else (), "the date of birth is not recorded" if old is None else "")
    add("opioid-use-disorder", found.problems_of("opioid-use-disorder"))


def _taper(orders: Ordered, moment: Moment, opioids: Opioids) -> tuple[Taper, tuple[str, ...]]:
    """The falls of the present use and of what is planned, and each sudden stop with its reason on record."""
    rows = [order for order, _ in orders.orders if order.drug is not None]
    totals = _series(orders, rows, moment)
    since = _since(rows, moment.on)
    kept = [total for total in totals if since is None or total.day >= since]
    found = taper(kept, opioids, moment.on, since=since)
    ended = {cut.day: _ended(rows, cut.day) for cut in found.cuts}
    agreed = all(any(order.stopped_because == "patient-choice" for order in ended[cut.day]) for cut in found.cuts)
    stops = []
    for cut in found.cuts:
        because = {order.stopped_because for order in ended[cut.day]}
        if cut.stop and not because & _FINISHED and _recent(cut.day, moment.on, opioids):
            why = "the patient's choice" if "patient-choice" in because else "why is not recorded"
            stops.append(f"from {number(cut.before)} MME a day to none on {cut.day.isoformat()}; {why}")
    return taper(kept, opioids, moment.on, since=since, agreed=agreed or None), tuple(stops)


def _recent(day: date, on: date, opioids: Opioids) -> bool:
    """Whether a change lies ahead, or so little behind that contact after it is not overdue."""
    return add_months(day, opioids.contact.months or 0) >= on


def _ended(rows: list[Medication], day: date) -> list[Medication]:
    """The orders that a cut of that day ended."""
    return [row for row in rows if row.end is not None and 0 <= (day - row.end.last).days <= 1]


def _series(orders: Ordered, rows: list[Medication], moment: Moment) -> list[DatedTotal]:
    """The total on every day on which an order begins or has ended. A day on which one ends is passed over."""
    days = {row.start.first for row in rows if row.start is not None and row.start.exact}
    days |= {date.fromordinal(row.end.last.toordinal() + 1) for row in rows if row.end is not None}
    if days and any(row.start is None for row in rows):
        days.add(date.fromordinal(min(days).toordinal() - 2))  # the day before is perhaps the one on which it ends
    found = []
    for day in sorted(days):
        states = [(row, in_force(row, day)) for row in rows]
        perhaps = [row for row, state in states if state is False]
        if perhaps and all(row.end is not None and row.end.exact and row.end.last == day for row in perhaps):
            continue
        total = mme_on(orders, day, reviewed=False)
        opioid = [line for line in total.lines if line.kind != "unreadable"]
        known = not perhaps and all(line.kind == "converted" for line in total.lines)
        value = total.most if opioid else Fraction(0)
        found.append(DatedTotal(day, value if known else None, tuple(line.id for line in opioid)))
    return found


def _since(rows: list[Medication], on: date) -> date | None:
    """The first day of the use without a gap that reaches `on`, or of the last one before it; as far as recorded.

    None where an order of that use has no first day, or there is none.
    """
    spans = sorted(
        (row.start.first if row.start is not None else date.min, row.end.last if row.end is not None else date.max)
        for row in rows
        if row.start is None or row.start.first <= on
    )
    begin, reach = date.min, date.min
    for first, last in spans:
        if first > date.min and reach < date.max and (first - reach).days > 1:
            begin = first
        reach = max(reach, last)
    return begin if begin > date.min else None


class DatedTotals(Struct, frozen=True, kw_only=True):
    """The total in MME a day from each day on which it may change, planned changes included.

    Empty where no opioid is recorded. `cites`: where the factors of the orders stand.
    """

    table: Table
    totals: tuple[DatedTotal, ...]
    cites: tuple[Cite, ...]
    notice: Statement


def dated_totals(record: Record, as_of: date | datetime, table: str = TABLES[0]) -> DatedTotals:
    """The totals of a record over time, as known at a moment."""
    opioids = packaged_opioids()
    moment = moment_of(record, as_of, local_day(as_of, zone_of(record)))
    orders = ordered(record, moment, opioids.tables[table], opioids)
    found = _series(orders, [order for order, _ in orders.orders if order.drug is not None], moment)
    return DatedTotals(
        table=orders.table,
        totals=tuple(found) if any(total.orders for total in found) else (),
        cites=tuple(dict.fromkeys(cite for _, line in orders.orders for cite in line.cites)),
        notice=opioids.notice,
    )


def prompt_ids() -> frozenset[str]:
    """Every id that a prompt can have."""
    opioids = packaged_opioids()
    return frozenset(opioids.prompts) | {row.says.id for row in opioids.thresholds} | {"abrupt-change", "rapid-taper"}
