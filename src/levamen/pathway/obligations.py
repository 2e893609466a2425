"""What must be done before the service because of who pays, where and when: with who, by when and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.duties import Duty
from levamen.record import codes
from levamen.record.facts import Payer, Request


class Obligation(Struct, frozen=True, kw_only=True):
    """One thing to do. `due` is the service date where one is set; `what` names points it depends on, not yet known.

    `id` is stable and never reused; `policy` is the policy that ties the duty to the service, where one does;
    `checked` is the day on which somebody last compared it with its sources.
    """

    id: str
    what: str
    who: str
    due: date | None
    why: str
    cites: tuple[Cite, ...]
    policy: str | None = None
    checked: date | None = None


def obligations(duties: Iterable[Duty], request: Request, payer: Payer, on: date) -> tuple[Obligation, ...]:
    """The duties that apply, or may apply, to a request on its service date; what is not recorded is named."""
    found = []
    due = on if request.start is not None else None
    for duty in duties:
        found_to = standing(duty, request, payer, on)
        if found_to.stops:
            continue
        condition = f" (if {' and '.join(found_to.open_points)})" if found_to.open_points else ""
        title = codes.entry("policies", duty.policy).get("title", duty.policy)
        found.append(
            Obligation(
                id=duty.id,
                what=f"{duty.what}{condition}",
                who=duty.who,
                due=due,
                why=str(title),
                cites=duty.cites,
                policy=duty.policy,
                checked=duty.checked,
            )
        )
    return tuple(found)


class Standing(Struct, frozen=True, kw_only=True):
    """How a duty stands to a request: `stops` are why it surely does not apply, `open_points` what would decide it.

    Neither: it applies. `stops` are clauses a person reads, `open_points` continue `if`.
    """

    stops: tuple[str, ...] = ()
    open_points: tuple[str, ...] = ()


def standing(duty: Duty, request: Request, payer: Payer, on: date, numbers: Collection[str] = ()) -> Standing:
    """Whether a duty applies to a request on its service date. `numbers` are those it will be billed with, if known."""
    stops, points = [], []
    if on < duty.start.first:
        stops.append(f"it begins with services of {duty.start}")
    if duty.until is not None and on > duty.until.last:
        stops.append(f"it ends with services of {duty.until}")
    if request.therapy not in duty.therapies:
        stops.append("it does not name this therapy")
    if payer.country not in (None, duty.country):
        stops.append("it is of another country")
    for held, wanted, says in (
        (payer.kind if payer.kind != "unknown" else None, duty.payers, "the payer is"),
        (payer.state, duty.states, "the state is"),
        (request.region, duty.regions, "the region is"),
        (request.lead, duty.leads, "the lead is"),
        (request.setting, duty.settings, "it is done in"),
    ):
        if not wanted or held in wanted:
            continue
        if held is not None:
            stops.append(f"{says} {codes.title(held)}, and it reaches {_either(wanted)}")
        else:
            points.append(f"{says} {_either(wanted)}")
    if request.setting is None and duty.not_settings:
        points.append(f"it is not done in {_either(duty.not_settings)}")
    if request.setting is not None and request.setting in duty.not_settings:
        stops.append(f"it is done in {codes.title(request.setting)}, which it leaves out")
    if numbers and duty.codes and not set(numbers) & set(duty.codes):
        strange = strange_numbers(request.therapy, numbers)
        if strange:
            known = f"we do not know {', '.join(strange)} as a number of this therapy"
            points.append(f"it is billed with {' or '.join(duty.codes)} ({known})")
        else:
            stops.append(f"its list has none of {', '.join(numbers)}")
    return Standing(stops=tuple(stops), open_points=tuple(points))


def strange_numbers(therapy: str | None, numbers: Iterable[str]) -> tuple[str, ...]:
    """The CPT or HCPCS numbers that the vocabulary does not have for a therapy: perhaps right, perhaps mistyped."""
    held = {**codes.by_code("cpt"), **codes.by_code("hcpcs")}
    return tuple(
        number for number in numbers if ("therapies", therapy) not in {row[:2] for row in held.get(number, ())}
    )


def _either(words: Iterable[str]) -> str:
    return " or ".join(sorted(codes.title(word) for word in words))
