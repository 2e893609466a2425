"""Whether authorization is needed before a service: yes, no or unknown, program by program. Silence is never *no*."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.duties import Duty
from levamen.pathway.headline import dates_in_words, day_words
from levamen.pathway.obligations import standing
from levamen.record import codes
from levamen.record.facts import Payer, Request

Needed = Literal["yes", "no", "unknown"]


class ProgramAnswer(Struct, frozen=True, kw_only=True):
    """One program that names this therapy for this payer: whether it asks for authorization here, and why.

    `open_points` are what is not recorded and would decide it. `what` is the duty in the words of the knowledge,
    `codes` the CPT or HCPCS numbers on the program's list; `checked` and `recheck_by` tell how long to rely on it.
    """

    id: str
    policy: str
    title: str
    needed: Needed
    why: str
    what: str
    who: str
    codes: tuple[str, ...]
    start: str
    until: str | None
    cites: tuple[Cite, ...]
    checked: date
    recheck_by: date
    open_points: tuple[str, ...] = ()


class AuthorizationNeed(Struct, frozen=True, kw_only=True):
    """The answer over all programs. `asked_by` are policies of the payer whose own text wants an authorization."""

    needed: Needed
    why: str
    programs: tuple[ProgramAnswer, ...] = ()
    asked_by: tuple[str, ...] = ()

    @property
    def open_points(self) -> tuple[str, ...]:
        """What is not recorded and would decide it, each once; nothing where it is decided."""
        if self.needed != "unknown":
            return ()
        return tuple(dict.fromkeys(point for row in self.programs for point in row.open_points))


def authorization_need(
    duties: Iterable[Duty],
    request: Request,
    payer: Payer,
    on: date,
    *,
    numbers: Collection[str] = (),
    asked_by: Collection[str] = (),
) -> AuthorizationNeed:
    """Whether the payer must be asked before a service on `on`.

    `numbers` are the CPT or HCPCS numbers it will be billed with, where known. `asked_by` are titles of policies of the
    payer that themselves require an authorization. *No* is said only where a program of this payer names the therapy
    and leaves this service out, and its list is not overdue for checking; anything else is unknown.
    """
    rows = tuple(
        _program(duty, request, payer, on, numbers)
        for duty in duties
        if request.therapy in duty.therapies and _speaks_of(payer, duty)
    )
    needed, why = _over_all(rows, request, payer, on, tuple(asked_by))
    return AuthorizationNeed(needed=needed, why=why, programs=rows, asked_by=tuple(asked_by))


def _speaks_of(payer: Payer, duty: Duty) -> bool:
    """Whether a program is one of this payer's; of another payer's nothing follows. An unknown payer may be any."""
    if payer.country not in (None, duty.country):
        return False
    return payer.kind in (None, "unknown") or payer.kind in duty.payers


def _program(duty: Duty, request: Request, payer: Payer, on: date, numbers: Collection[str]) -> ProgramAnswer:
    found = standing(duty, request, payer, on, numbers)
    needed: Needed = "yes"
    why = duty.what
    if found.stops:
        needed, why = "no", "; ".join(dates_in_words(stop) for stop in found.stops)
    elif found.open_points:
        needed, why = "unknown", f"{duty.what}, if {' and '.join(found.open_points)}"
    return ProgramAnswer(
        id=duty.id,
        policy=duty.policy,
        title=str(codes.entry("policies", duty.policy).get("title", duty.policy)),
        needed=needed,
        why=why,
        what=duty.what,
        who=duty.who,
        codes=duty.codes,
        start=str(duty.start),
        until=str(duty.until) if duty.until is not None else None,
        cites=duty.cites,
        checked=duty.checked,
        recheck_by=duty.recheck_by,
        open_points=found.open_points if not found.stops else (),
    )


def _over_all(
    rows: tuple[ProgramAnswer, ...], request: Request, payer: Payer, on: date, asked_by: tuple[str, ...]
) -> tuple[Needed, str]:
    """Yes where one asks; unknown where one may, none is known, or the lists are too old; else no."""
    asking = [row for row in rows if row.needed == "yes"]
    if asking or asked_by:
        told = [f"{row.title}: {row.what}" for row in asking]
        told += [f"{title}: its own text requires an authorization on file" for title in asked_by]
        return "yes", "; ".join(told)
    maybe = [row for row in rows if row.needed == "unknown"]
    if maybe:
        return "unknown", "; ".join(f"{row.title}: {row.why}" for row in maybe)
    if not rows:
        return "unknown", (
            f"Not known to us: no program in this version names {codes.label('therapies', request.therapy or '')} "
            f"for {_payer_words(payer)}. That is silence and no answer; ask the payer."
        )
    last = min(row.recheck_by for row in rows)
    if on > last:
        return "unknown", (
            f"Not known to us for {day_words(on)}: by the lists as last checked no program asks here, but they were to "
            f"be compared again by {day_words(last)}; ask the payer."
        )
    names = ", ".join(dict.fromkeys(row.title for row in rows))
    return (
        "no",
        f"No program known to us asks for it here. Those that name this therapy leave this service out: {names}.",
    )


def _payer_words(payer: Payer) -> str:
    if payer.kind in (None, "unknown"):
        return "a payer that is not recorded"
    return codes.label("payer_kinds", payer.kind or "")
