"""A night check in words: what the terminal, the page and the paper show, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.adapters.balance import Balance
from levamen.adapters.procedure_list import Skipped
from levamen.criteria.nodes import Cite
from levamen.emit.plan.words import DECISION_WORDS, SAFETY_WORDS, day_words, sentence, sources_of
from levamen.emit.reading import left_out_words, unread, unread_words
from levamen.emit.view import Sources, place, source_title
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.holds import packaged_profiles
from levamen.knowledge.night_order import NightOrder, RankId
from levamen.pathway.headline import target_words
from levamen.pathway.night_check import Finding, PatientNight, Standing, Stop
from levamen.record import codes
from levamen.record.facts import Request

RANK_WORDS: dict[RankId, str] = {
    "thrombosis": "Thrombosis",
    "bleeding": "Bleeding",
    "sheet": "Old sheet",
    "unknown": "Not known",
    "caution": "Caution",
    "day": "On the day",
    "plan": "Plan",
    "coverage": "Coverage",
}
NOT_RUN = "The night check did not run. Nothing below has been checked."
NOTHING = "Nothing needs you for what was examined."
NO_STOP = "No stop and no deferral was found in what was examined."
UNKNOWN_STOPS = "Unknown stops: on the day nothing is done before it is known."
STOPS_FIRST = "Stops and deferrals come first, all of them. Then at most three others, in this order of harm:"
ADVICE = (
    "Levamen advises clinicians, who can doubt and override it. It orders nothing. What was skipped was not checked. "
    "Time left is elapsed time."
)
_SIGNS = {"unknown": "safety-unknown"}


class Examined(Struct, frozen=True, kw_only=True):
    """One procedure of the list that was looked at, where it stands there, and what of its record was read."""

    night: PatientNight
    place: str
    chart: str
    balance: Balance


class NightCheck(Struct, frozen=True, kw_only=True):
    """The whole list: what was examined, in the order it is told, and what was skipped. `list` is its name."""

    list: str
    examined: tuple[Examined, ...]
    skipped: tuple[Skipped, ...]
    order: NightOrder
    profiles: tuple[str, ...]
    privileges: bool
    knowledge: str
    knowledge_date: date

    @property
    def rows(self) -> int:
        return len(self.examined) + len(self.skipped)

    def standing(self, standing: Standing) -> int:
        """How many patients count as this."""
        return sum(row.night.standing == standing for row in self.examined)

    @property
    def unread(self) -> int:
        """Of how many patients an entry of the record could not be read."""
        return sum(row.balance.rejected > 0 for row in self.examined)


class CardView(Struct, frozen=True, kw_only=True):
    """One stop or finding. `label` is its verdict or rank, `more` what is to be done or why, `when` its moment.

    `sources` names the places by the ids of the list beside it, `places` by their titles.
    """

    label: str
    sign: str
    what: str
    more: str
    owner: str
    when: str
    overdue: bool
    sources: str
    until: str = ""
    parts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class PatientView(Struct, frozen=True, kw_only=True):
    """One patient. `facts` are lines of what the check rests on; `anchor` is unique on the page.

    `unknown` says that what is not known stops, where it does. `unread` says that entries of the record could not be
    read, `unread_entries` which.
    """

    anchor: str
    patient: str
    procedure: str
    when: str
    sign: str
    safety: str
    decision: str
    owner: str
    unknown: str
    unread: str
    unread_entries: tuple[str, ...]
    facts: tuple[str, ...]
    stops: tuple[CardView, ...]
    cards: tuple[CardView, ...]
    rest: tuple[CardView, ...]


class OrderView(Struct, frozen=True, kw_only=True):
    """One rank of the order of harm, with its source."""

    label: str
    says: str
    why: str
    sources: str


class NightView(Struct, frozen=True, kw_only=True):
    """The list in words. `alarm` is what nobody may overlook: nothing ran, rows were skipped, the answer is old.

    `unread` says of how many patients an entry of the record could not be read.
    """

    title: str
    as_of: str
    counts: str
    unread: str
    alarm: str
    state: str
    skipped: tuple[str, ...]
    patients: tuple[PatientView, ...]
    order: tuple[OrderView, ...]
    within: str
    sources: tuple[str, ...]
    origin: tuple[str, ...]


def night_view(check: NightCheck, sources: Sources) -> NightView:
    """The night check in words."""
    rows = enumerate(check.examined, start=1)
    patients = tuple(patient_view(f"patient-{number}", row, sources) for number, row in rows)
    moments = dict.fromkeys(_moment(row.night) for row in check.examined)
    counts = (
        f"{len(check.examined)} of {check.rows} examined, {len(check.skipped)} skipped; "
        f"{check.standing('stopped')} with a stop or deferral, {check.standing('unknown')} unknown, "
        f"{check.standing('caution')} with a caution."
    )
    return NightView(
        title=f"Night check: {check.list}",
        as_of=next(iter(moments)) if len(moments) == 1 else "each chart's own moment" if moments else "",
        counts=counts,
        unread=_unread(check),
        alarm=_alarm(check),
        state=_state(check),
        skipped=tuple(row.why for row in check.skipped),
        patients=patients,
        order=tuple(
            OrderView(
                label=RANK_WORDS[rank.id],
                says=capital(rank.says),
                why=sentence(rank.why),
                sources=sources_of(rank.cites, sources),
            )
            for rank in check.order.ranks
        ),
        within=sentence(check.order.within),
        sources=tuple(f"{id}: {source_title(id, sources)}" for id in _ids(check)),
        origin=(_origin(check), ADVICE),
    )


def _alarm(check: NightCheck) -> str:
    if not check.examined:
        return NOT_RUN
    return " ".join(filter(None, (_not_checked(check), _too_early(check))))


def _not_checked(check: NightCheck) -> str:
    if not check.skipped:
        return ""
    one = len(check.skipped) == 1
    return f"{len(check.skipped)} of {check.rows} {'was' if one else 'were'} not checked."


def _too_early(check: NightCheck) -> str:
    """Whom the check answers as of more than a day before the procedure: not the night before."""
    early = sum(row.night.on - row.night.as_of > timedelta(days=1) for row in check.examined)
    if not early:
        return ""
    return (
        f"Not the night before for {early} of {len(check.examined)}: as of more than a day before the procedure. "
        "Give --as-of with the moment of now."
    )


def _unread(check: NightCheck) -> str:
    if not check.unread:
        return ""
    have = "1 patient has" if check.unread == 1 else f"{check.unread} patients have"
    return f"{have} entries of the record that could not be read and are not in this check."


def _state(check: NightCheck) -> str:
    if check.standing("unknown"):
        return UNKNOWN_STOPS
    if not check.examined or check.standing("stopped"):
        return ""
    return NO_STOP if check.unread or any(row.night.cards for row in check.examined) else NOTHING


def _origin(check: NightCheck) -> str:
    privileges = "given" if check.privileges else "not given, so nothing is said of operators"
    known = packaged_profiles()
    profiles = " + ".join(known[id].title if id in known else id for id in check.profiles)
    return (
        f"Hold profile: {profiles}; privileges {privileges}; knowledge {check.knowledge}, "
        f"last checked {day_words(check.knowledge_date)}; order of harm last compared with its sources "
        f"{day_words(check.order.checked)}."
    )


def _ids(check: NightCheck) -> Sequence[str]:
    """The sources cited, in the order in which they are met: of the order, then of the patients."""
    cites: list[Cite] = [cite for rank in check.order.ranks for cite in rank.cites]
    for row in check.examined:
        held = row.night
        cites += [cite for stop in held.stops for cite in stop.cites]
        cites += [cite for item in (*held.cards, *held.rest) for cite in item.cites]
    return tuple(dict.fromkeys(cite.source for cite in cites))


def patient_view(anchor: str, row: Examined, sources: Sources) -> PatientView:
    """One patient of the list in words; `anchor` tells the places of a page apart."""
    held = row.night
    clock = Clock(held)
    until = f" until {day_words(held.until)}" if held.until is not None and held.safety == "defer" else ""
    return PatientView(
        anchor=anchor,
        patient=held.patient,
        procedure=procedure_words(held.request),
        when=clock.at(held.start) if held.start is not None else f"{day_words(held.on)}, no time set",
        sign=_SIGNS.get(held.safety, held.safety),
        safety=f"{SAFETY_WORDS[held.safety]}{until}",
        decision=_decision(held),
        owner=held.owner or "",
        unknown=UNKNOWN_STOPS if held.standing == "unknown" else "",
        unread=unread_words(row.balance, "this check"),
        unread_entries=tuple(f"{issue.where}: {issue.what}" for issue in unread(row.balance)),
        facts=tuple(_facts(row, clock)),
        stops=tuple(_stop(stop, clock, sources) for stop in held.stops),
        cards=tuple(_finding(item, clock, sources) for item in held.cards),
        rest=tuple(_finding(item, clock, sources) for item in held.rest),
    )


def _decision(held: PatientNight) -> str:
    """What the plan says of drugs; that nothing is held is no leave to go ahead."""
    if held.decision == "proceed_no_hold":
        return "Plan: nothing to hold" + ("" if held.safety in ("clear", "caution") else " so far")
    return f"Plan: {DECISION_WORDS[held.decision].lower()}"


def _facts(row: Examined, clock: Clock) -> Iterable[str]:
    held = row.night
    final = "final" if held.final else "not final: nobody stops a drug on it"
    yield f"Plan {held.number}, {final}. {row.chart}, {held.request.id} ({row.place}), as of {_moment(held)}."
    yield f"Drug list: {_reviewed(held)}. Times are local ({held.zone.key})."
    if row.balance.ignored:
        yield left_out_words(row.balance)
    yield from map(sentence, held.notes)


def _reviewed(held: PatientNight) -> str:
    if held.reviewed is None:
        return "no review on record"
    days = (held.as_of - held.reviewed).days
    before = f"{_count(days, 'day')} before" if days else "that day"
    return f"reviewed {day_words(held.reviewed)}, {before}"


def _stop(stop: Stop, clock: Clock, sources: Sources) -> CardView:
    until = f"until {day_words(stop.until)}" if stop.until is not None else ""
    if not until and stop.waits_for:
        until = f"until {dates_in_words(stop.waits_for)}"
    if stop.earliest is not None:
        until = f"not before {clock.at(stop.earliest)}"
    return CardView(
        label=SAFETY_WORDS[stop.verdict],
        sign=stop.verdict,
        what=sentence(stop.what),
        more=sentence(stop.do),
        owner=owner_words(stop.who, stop.role),
        when=clock.due(stop.due, stop.left),
        overdue=_overdue(stop.left),
        sources=sources_of(stop.cites, sources),
        until=until or "no end known",
        places=titled(stop.cites, sources),
    )


def _finding(item: Finding, clock: Clock, sources: Sources) -> CardView:
    signs = {"unknown": "safety-unknown", "caution": "caution", "coverage": "not_covered"}
    return CardView(
        label=RANK_WORDS[item.rank],
        sign=signs.get(item.rank, "informs"),
        what=sentence(item.what),
        more=sentence(item.why),
        owner=owner_words(item.who, item.role),
        when=clock.due(item.due, item.left),
        overdue=_overdue(item.left),
        sources=sources_of(item.cites, sources) if item.cites else "no source: it follows from the record",
        parts=tuple(map(sentence, item.parts)),
        places=titled(item.cites, sources),
    )


def titled(cites: Iterable[Cite], sources: Sources) -> tuple[str, ...]:
    """Each place once: `title (issuer, year), locator, how well it is known`."""
    found = []
    for cite in cites:
        there = place(cite, sources)
        parts = (source_title(cite.source, sources), dates_in_words(cite.locator), there.mark)
        found.append(", ".join(part for part in parts if part))
    return tuple(dict.fromkeys(found))


def owner_words(who: str | None, role: str) -> str:
    """Who sees to it: the owner named in the list, beside the role that acts; the role where nobody is named."""
    label = codes.label("roles", role) if role in codes.ids("roles") else role
    return f"{who} ({label})" if who else label


def procedure_words(request: Request) -> str:
    """The procedure with its target, as a title."""
    approach = f", {request.approach}" if request.approach else ""
    return capital(target_words(request)) + approach


def left_words(left: timedelta) -> str:
    """`1 day 3 hours left`, `overdue by 20 minutes`: elapsed, in whole minutes, downwards."""
    minutes = int(abs(left).total_seconds() // 60)
    if minutes == 0:
        return "now"
    days, rest = divmod(minutes, 24 * 60)
    parts = [(days, "day"), (rest // 60, "hour"), (rest % 60, "minute")]
    told = " ".join(_count(amount, unit) for amount, unit in parts if amount)
    return f"overdue by {told}" if left < timedelta(0) else f"{told} left"


class Clock:
    """Writes the moments of one patient in the clinic's zone; with the offset where the clocks change in between."""

    def __init__(self, held: PatientNight) -> None:
        self.zone: ZoneInfo = held.zone
        moments = [held.start, *(stop.earliest for stop in held.stops)]
        moments += [item.due for item in (*held.cards, *held.rest)]
        if "T" in held.moment:
            moments.append(datetime.fromisoformat(held.moment))
        offsets = {moment.astimezone(self.zone).utcoffset() for moment in moments if moment is not None}
        self.changes = len(offsets) > 1

    def at(self, moment: datetime) -> str:
        """`Tue 24 Mar 2026, 10:00`."""
        local = moment.astimezone(self.zone)
        offset = f" (UTC{local.strftime('%z')[:3]}:{local.strftime('%z')[3:5]})" if self.changes else ""
        return f"{day_words(local.date())}, {local:%H:%M}{offset}"

    def due(self, due: datetime | None, left: timedelta | None) -> str:
        if due is None:
            return "no time set"
        return f"{self.at(due)}, {left_words(left) if left is not None else 'today'}"


def _moment(held: PatientNight) -> str:
    """What is known of, as a person writes it."""
    if "T" not in held.moment:
        return f"{day_words(held.as_of)}, the whole day"
    local = datetime.fromisoformat(held.moment).astimezone(held.zone)
    return f"{day_words(local.date())}, {local:%H:%M}"


def _overdue(left: timedelta | None) -> bool:
    return left is not None and left < timedelta(0)


def _count(amount: int, unit: str) -> str:
    return f"{amount} {unit}{'' if amount == 1 else 's'}"
