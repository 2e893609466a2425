"""What must be done before the service because of who pays, where and when: with who, by when and why."""

from __future__ import annotations

from collections.abc import Iterable
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
        open_points = _open_points(duty, request, payer, on)
        if open_points is None:
            continue
        condition = f" (if {' and '.join(open_points)})" if open_points else ""
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


def _open_points(duty: Duty, request: Request, payer: Payer, on: date) -> list[str] | None:
    """What is not recorded and would decide whether the duty applies; None where it surely does not."""
    if not duty.in_force(on) or request.therapy not in duty.therapies or payer.country not in (None, duty.country):
        return None
    points = []
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
            return None
        points.append(f"{says} {_either(wanted)}")
    if request.setting is None and duty.not_settings:
        points.append(f"it is not done in {_either(duty.not_settings)}")
    return None if request.setting in duty.not_settings else points


def _either(words: Iterable[str]) -> str:
    return " or ".join(sorted(codes.title(word) for word in words))
