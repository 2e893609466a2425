"""Who may do what, and with which guidance: findings from data given to the plan. Unknown stops.

Privileges are a clinic's own file (`privileges: 1`): operator, therapies, regions, from, to and volume; none of it is
packaged. Guidance comes from the checklists. Both only find: the plan and the people decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.checklist_rows import ASPECTS, Aspect, Checklists, GuidanceRow
from levamen.knowledge.loader import Reader, known_word, read_top
from levamen.pathway.checklists import NOTHING_KNOWN, Item, Known, guidance_for
from levamen.record import codes
from levamen.record.facts import Request

Status = Literal["may", "met", "caution", "unknown", "refused", "advice", "silent"]
Standing = Literal[
    "granted", "expired", "not-yet", "not-granted", "volume-below", "volume-unknown", "operator-unknown",
    "therapy-unknown", "region-unknown",
]  # fmt: skip
_KEYS = {
    "operator", "therapies", "regions", "granted", "expires", "volume_12_months", "minimum_volume", "source",
}  # fmt: skip


class Privilege(Struct, frozen=True, kw_only=True):
    """What one operator may do, from `granted` to the end of the day `expires`. No regions: every region.

    `volume_12_months` is the number done in the last 12 months as the clinic counted it, `minimum_volume` the clinic's
    own minimum; `source` says who granted it and where that is written.
    """

    operator: str
    therapies: frozenset[str]
    regions: frozenset[str]
    granted: date
    expires: date
    volume_12_months: int | None = None
    minimum_volume: int | None = None
    source: str

    def covers(self, region: str | None) -> bool:
        return not self.regions or region in self.regions

    def in_force(self, on: date) -> bool:
        return self.granted <= on <= self.expires


class Finding(Struct, frozen=True, kw_only=True):
    """One thing found. `unsure` says what is not recorded and would decide whether it applies at all."""

    status: Status
    reason: Standing | Aspect
    says: str
    source: str | None = None
    cites: tuple[Cite, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def mark(self) -> str | None:
        """The mark of the main source. An unverified row that is met permits nothing: it only does not refuse."""
        return self.cites[0].mark if self.cites else None

    @property
    def stops(self) -> bool:
        """Whether the booking stops here until somebody settles it: a refusal, or something not known."""
        return self.status in ("refused", "unknown")


def read_privileges(path: Path) -> tuple[Privilege, ...]:
    """The privileges of a clinic's file. Raises KnowledgeError naming file, line, value and remedy."""
    top = read_top(path)
    top.only({"privileges", "entries"})
    if top.need("privileges", "write `privileges: 1`") != "1":
        raise top.fail("only `privileges: 1` can be read", "privileges")
    found = tuple(_privilege(row) for row in top.children("entries"))
    if not found:
        raise top.fail("no entries; list what each operator may do")
    for one, other in combinations(found, 2):
        if one.operator == other.operator and one.therapies & other.therapies and _same_region(one, other):
            day = max(one.granted, other.granted)
            if one.in_force(day) and other.in_force(day):
                shared = codes.title(sorted(one.therapies & other.therapies)[0])
                raise top.fail(
                    f"{one.operator}: two entries for {shared} are in force on {day}; end one before", "entries"
                )
    return found


def privilege_findings(
    privileges: Iterable[Privilege], operator: str | None, request: Request, on: date
) -> tuple[Finding, ...]:
    """Whether an operator may do what is requested on a day of the clinic's calendar. Anything but `may` stops."""
    if operator is None:
        return (Finding(status="unknown", reason="operator-unknown", says="No operator is named; name who does it."),)
    own = [privilege for privilege in privileges if privilege.operator == operator]
    if not own:
        says = f"{operator} is not in the clinic's list of privileges; ask who grants them."
        return (Finding(status="unknown", reason="operator-unknown", says=says),)
    if request.therapy is None:
        return (Finding(status="unknown", reason="therapy-unknown", says="No therapy is named; name what is done."),)
    what = codes.label("therapies", request.therapy)
    rows = [privilege for privilege in own if request.therapy in privilege.therapies]
    if not rows:
        says = f"{operator} has no privilege for {what}."
        return (Finding(status="refused", reason="not-granted", says=says),)
    covering = [privilege for privilege in rows if privilege.covers(request.region)]
    if request.region is None and not covering:
        regions = ", ".join(
            codes.label("regions", word) for word in sorted(frozenset().union(*(r.regions for r in rows)))
        )
        says = f"The region is not recorded; {operator} may do {what} in: {regions}."
        return (Finding(status="unknown", reason="region-unknown", says=says),)
    if not covering:
        region = codes.label("regions", request.region or "")
        says = f"{operator} has no privilege for {what} in this region: {region}."
        return (Finding(status="refused", reason="not-granted", says=says),)
    current = [privilege for privilege in covering if privilege.in_force(on)]
    if current:
        return tuple(_standing(privilege, what) for privilege in current)
    return (_out_of_force(covering, operator, what, on),)


def guidance_findings(
    request: Request,
    *,
    imaging_reviewed: bool | None = None,
    known: Known = NOTHING_KNOWN,
    lists: Checklists | None = None,
) -> tuple[Finding, ...]:
    """What safety sources require of a request, compared with what it records.

    Not recorded is `unknown` and stops; a word the source refuses is `refused`; a word on which it is silent is
    `unknown`; techniques are `advice`. `imaging_reviewed` is a clinician's statement. No source at all: one `silent`.
    """
    found = tuple(_compared(item, request, imaging_reviewed) for item in guidance_for(request, known, lists=lists))
    if any(finding.reason == "guidance" for finding in found):
        return found
    says = "No safety source of ours names the guidance for this procedure; a policy may."
    return (*found, Finding(status="silent", reason="guidance", says=says))


def _privilege(row: Reader) -> Privilege:
    row.only(_KEYS)
    therapies, regions = frozenset(row.words("therapies")), frozenset(row.words("regions"))
    if not therapies:
        raise row.fail("no therapies; name what the operator may do")
    if not regions:
        raise row.fail("no regions; name them, or write `regions: all`")
    for word in sorted(therapies):
        known_word(row, "therapies", word, "therapies")
    for word in sorted(regions - {"all"}):
        known_word(row, "regions", word, "regions")
    if "all" in regions and len(regions) > 1:
        raise row.fail("regions are `all` or a list of regions, not both", "regions")
    granted, expires = row.exact_day("granted"), row.exact_day("expires")
    if granted is None or expires is None:
        raise row.fail("granted and expires are both needed, as YYYY-MM-DD; a privilege without an end is refused")
    if expires < granted:
        raise row.fail("expires is before granted; check the two dates", "expires")
    return Privilege(
        operator=row.need("operator", "name the operator as the requests do"),
        therapies=therapies,
        regions=regions - {"all"},
        granted=granted,
        expires=expires,
        volume_12_months=_count(row, "volume_12_months"),
        minimum_volume=_count(row, "minimum_volume"),
        source=row.need("source", "say who granted it and where that is written"),
    )


def _count(row: Reader, key: str) -> int | None:
    number = row.number(key)
    if number is not None and (number < 0 or number != int(number)):
        raise row.fail(f"{key} is a whole number of procedures, not negative", key)
    return None if number is None else int(number)


def _same_region(one: Privilege, other: Privilege) -> bool:
    return not one.regions or not other.regions or bool(one.regions & other.regions)


def _standing(privilege: Privilege, what: str) -> Finding:
    """A privilege that is in force: its volume against the clinic's own minimum."""
    done, least = privilege.volume_12_months, privilege.minimum_volume
    if least is not None and done is None:
        says = f"{privilege.operator}: the number of {what} in 12 months is not recorded; the clinic asks for {least}."
        return Finding(status="unknown", reason="volume-unknown", says=says, source=privilege.source)
    if least is not None and done is not None and done < least:
        says = f"{privilege.operator}: {done} of {what} in 12 months; the clinic asks for {least}."
        return Finding(status="refused", reason="volume-below", says=says, source=privilege.source)
    says = f"{privilege.operator} may do {what} until the end of {privilege.expires.isoformat()}."
    return Finding(status="may", reason="granted", says=says, source=privilege.source)


def _out_of_force(rows: list[Privilege], operator: str, what: str, on: date) -> Finding:
    """The last one that ended, else the first one that is to begin."""
    ended = [row for row in rows if row.expires < on]
    if ended:
        last = max(ended, key=lambda row: row.expires)
        says = f"The privilege of {operator} for {what} expired on {last.expires.isoformat()}."
        return Finding(status="refused", reason="expired", says=says, source=last.source)
    first = min(rows, key=lambda row: row.granted)
    says = f"The privilege of {operator} for {what} begins on {first.granted.isoformat()}."
    return Finding(status="refused", reason="not-yet", says=says, source=first.source)


def _compared(item: Item[GuidanceRow], request: Request, imaging_reviewed: bool | None) -> Finding:
    row = item.row
    if row.aspect == "technique":
        status: Status = "advice"
        says = row.says
    else:
        held = tuple(_held(row.aspect, request, imaging_reviewed))
        status = _status(row, frozenset(held))
        if item.unsure and status != "met":
            status = "unknown"
        recorded = " and ".join(codes.label(ASPECTS[row.aspect], word) for word in held) or "not recorded"
        says = f"{row.says} (recorded: {recorded})"
    return Finding(status=status, reason=row.aspect, says=says, cites=row.cites, unsure=item.unsure)


def _status(row: GuidanceRow, held: frozenset[str]) -> Status:
    if held & row.refuses:
        return "refused"
    if not held or held - row.accepts - row.cautions:
        return "unknown"
    return "caution" if held & row.cautions else "met"


def _held(aspect: Aspect, request: Request, imaging_reviewed: bool | None) -> Iterator[str]:
    """The words that a request records of an aspect, in order."""
    if aspect == "level":
        yield from sorted(request.interspaces)
    elif aspect == "imaging-review":
        yield from () if imaging_reviewed is None else ("yes" if imaging_reviewed else "no",)
    else:
        word = {"guidance": request.guidance, "contrast": request.contrast, "sedation": request.sedation}[aspect]
        yield from () if word is None or word == "unknown" else (word,)
