"""Everything an evaluation may look at: one question, two clocks, the facts seen, what the record is complete about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.record.completeness import Completeness
from levamen.record.facts import Payer, Person, Request


class Seen(Struct, frozen=True):
    """A fact as the evaluation sees it. Not `certain`: it may or may not be one of its view (an aborted procedure)."""

    fact: Any
    certain: bool = True


class Situation(Struct, frozen=True, kw_only=True):
    """One question and what is known.

    `as_of` is the local day of what is known, `on` the service date. `views` are facts by kind, already limited to
    what is seen at `as_of`. `closing` names, for views that are not sections, the section whose completeness closes
    them. `episode` is the day on which the index pain began (earliest reading), where known, `episode_last` its latest
    reading. `recorded` is the day to which the record speaks. With `verified_only`, unverified values decide nothing.
    """

    as_of: date
    on: date
    zone: ZoneInfo
    subject: Request
    person: Person = Person()
    payer: Payer = Payer()
    completeness: tuple[Completeness, ...] = ()
    views: Mapping[str, tuple[Seen, ...]] = {}
    closing: Mapping[str, str] = {}
    episode: date | None = None
    episode_last: date | None = None
    recorded: date | None = None
    verified_only: bool = False
