"""Duties that a payer ties to a service (prior authorization): dated data matched against a request, no verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, known_word, read_cite, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.record import codes
from levamen.record.timeline import When

_KEYS = {
    "what", "who", "payers", "states", "therapies", "regions", "leads", "settings", "not_settings", "from", "until",
    "source", "locator", "mark", "also", "codes",
}  # fmt: skip
_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]", re.ASCII)
_SECTIONS = {
    "payers": "payer_kinds",
    "therapies": "therapies",
    "regions": "regions",
    "leads": "qualifiers.lead",
    "settings": "settings",
    "not_settings": "settings",
}


class Duty(Struct, frozen=True, kw_only=True):
    """What must be done before a service, for whom and where. An empty set of words does not limit.

    `id` is the duty's own among all duties, stable and never reused; `country` is that of its policy. `codes` are the
    numbers (CPT, HCPCS) on the list of its program, where the source gives them. `recheck_by` is the day by which the
    list must be compared with its source again: later, that a service is not on it is no longer known.
    """

    policy: str
    id: str
    what: str
    who: str
    payers: frozenset[str]
    therapies: frozenset[str]
    country: str
    states: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    not_settings: frozenset[str] = frozenset()
    start: When
    until: When | None = None
    cites: tuple[Cite, ...]
    checked: date
    recheck_by: date
    codes: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        return self.start.first <= on and (self.until is None or on <= self.until.last)


def load_duties(folder: Path, sources: Mapping[str, Source]) -> tuple[Duty, ...]:
    """Every duty of the YAML files of a folder. Two duties of one id are refused. Raises KnowledgeError."""
    found: dict[str, Duty] = {}
    for path in sorted(folder.glob("*.yaml")):
        top = read_top(path)
        for duty in _duties(top, sources):
            if duty.id in found:
                raise top.fail(f"the duty {duty.id} stands twice; give one another id")
            found[duty.id] = duty
    return tuple(found.values())


@per_edition
def packaged_duties() -> tuple[Duty, ...]:
    """The duties this version ships."""
    return load_duties(root() / "duties", packaged().sources)


def _duties(top: Reader, sources: Mapping[str, Source]) -> tuple[Duty, ...]:
    top.only({"policy", "checked", "recheck_by", "duties"})
    policy = top.need("policy", "name the policy's id")
    known_word(top, "policies", policy, "policy")
    checked = top.exact_day("checked")
    if checked is None:
        raise top.fail("no checked; write the day on which somebody last compared it with its sources")
    recheck = top.exact_day("recheck_by")
    if recheck is None or recheck <= checked:
        raise top.fail("no recheck_by after checked; write the day by which it must be compared again")
    return tuple(_duty(policy, id, row, sources, (checked, recheck)) for id, row in top.named("duties"))


def _duty(policy: str, id: str, row: Reader, sources: Mapping[str, Source], read: tuple[date, date]) -> Duty:
    row.only(_KEYS)
    words = {key: frozenset(row.words(key)) for key in ("states", *_SECTIONS)}
    for key, section in _SECTIONS.items():
        for word in words[key]:
            known_word(row, section, word, key)
    for state in words["states"] - set(codes.vocabulary()["states"]["list"]):
        raise row.fail(f"'{state}' is no state; write its two letters", "states")
    if words["settings"] and words["not_settings"]:
        raise row.fail("settings and not_settings; the first leaves nothing to the second, keep one", "not_settings")
    start, until = row.day("from"), row.day("until")
    if start is None:
        raise row.fail("no from; write the day from which the duty applies")
    if until is not None and until.last < start.first:
        raise row.fail("until is before from; check the two dates", "until")
    numbers = row.words("codes")
    for number in numbers:
        if not _CODE.fullmatch(number):
            raise row.fail(f"'{number}' is no CPT or HCPCS number; write five characters, in quotes", "codes")
    if not words["payers"] or not words["therapies"]:
        raise row.fail("no payers or no therapies; a duty names both")
    return Duty(
        policy=policy,
        id=id,
        what=row.need("what", "say what must be done"),
        who=row.need("who", "say who does it"),
        country=str(codes.entry("policies", policy)["country"]),
        start=start,
        until=until,
        cites=(read_cite(row, sources), *(read_cite(other, sources) for other in row.children("also"))),
        checked=read[0],
        recheck_by=read[1],
        codes=tuple(numbers),
        **words,
    )
