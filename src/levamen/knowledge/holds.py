"""Hold profiles: which class a procedure has, how long a drug is held for it, when it is taken again (`holds.yaml`).

In every row `cites` decide; `also` stand beside it: what agrees with it, and what says otherwise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

from msgspec import Struct

from levamen.criteria.nodes import Cite, Operator
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, known_word, read_cite, read_top
from levamen.knowledge.model import KnowledgeError, Source
from levamen.knowledge.registry import packaged
from levamen.record import codes
from levamen.record.timeline import When

HoldMode = Literal["none", "shared", "hold", "no_time_rule", "no_source"]
LengthUnit = Literal["h", "d", "half-lives"]
Event = Literal["planned", "bloody-tap", "lead-out"]

HOURS_A_DAY = 24


class Length(Struct, frozen=True):
    """How long: a number, or a range where the source gives one. A day is 24 hours, never a calendar date."""

    least: Decimal
    most: Decimal
    unit: LengthUnit

    def hours(self, amount: Decimal) -> Decimal:
        """An amount of this unit in hours. Raises ValueError for half-lives, whose length is the drug's."""
        if self.unit == "half-lives":
            raise ValueError("a number of half-lives has no length without the drug's half-life")
        return amount * HOURS_A_DAY if self.unit == "d" else amount

    def __str__(self) -> str:
        words = {"h": "hour", "d": "day", "half-lives": "half-live"}[self.unit]
        amount = f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"
        return f"{amount} {words if self.least == self.most == 1 else words + 's'}"


class Bracket(Struct, frozen=True):
    """Creatinine clearance in mL/min, half-open: `at_least` is inside, `below` is not."""

    at_least: Decimal | None = None
    below: Decimal | None = None

    def holds(self, clearance: Decimal) -> bool:
        return (self.at_least is None or clearance >= self.at_least) and (self.below is None or clearance < self.below)


class LabRule(Struct, frozen=True, kw_only=True):
    """A laboratory condition: any of `tests`, its limit as written, and how long before the needle it may be taken."""

    tests: tuple[str, ...]
    operator: Operator | None = None
    amount: Decimal | None = None
    says: str
    within: Length | None = None
    cites: tuple[Cite, ...]
    also: tuple[Cite, ...] = ()


class Agreed(Struct, frozen=True, kw_only=True):
    """What the source gives where prescriber and patient agree to stop; never applied by itself."""

    length: Length
    says: str
    cites: tuple[Cite, ...]


class HoldRow(Struct, frozen=True, kw_only=True):
    """One row: for which drug, class, indication, dose band, route and clearance, and what then.

    An empty set or an absent bracket does not limit. `notify`: nothing is held, and the prescriber is told.
    `agreed`: a shared decision's length, if stopping is agreed.
    """

    id: str
    drugs: frozenset[str]
    classes: frozenset[str]
    indication: Literal["primary", "secondary"] | None = None
    doses: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    clearance: Bracket | None = None
    mode: HoldMode
    length: Length | None = None
    notify: bool = False
    labs: tuple[LabRule, ...] = ()
    agreed: Agreed | None = None
    note: str | None = None
    cites: tuple[Cite, ...]
    also: tuple[Cite, ...] = ()


class RestartRow(Struct, frozen=True, kw_only=True):
    """When a drug may be taken again, counted from the end of the procedure. `none`: no automatic restart exists."""

    id: str
    drugs: frozenset[str]
    classes: frozenset[str]
    doses: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    clearance: Bracket | None = None
    event: Event = "planned"
    after: Length | None = None
    none: bool = False
    note: str | None = None
    cites: tuple[Cite, ...]
    also: tuple[Cite, ...] = ()


class ClassRow(Struct, frozen=True, kw_only=True):
    """The class of one procedure (an id of the vocabulary's `dossier_procedures`). `mapped`: by analogy."""

    procedure: str
    word: str
    mapped: bool = False
    note: str | None = None
    cites: tuple[Cite, ...]
    also: tuple[Cite, ...] = ()


class Escalation(Struct, frozen=True, kw_only=True):
    """What makes a procedure count one class higher. `concepts` are problems; `surgeries` earlier therapies at the
    region; `drugs_together` how many drugs that act on bleeding; `clearance` a renal bracket; `judged` what the source
    names without a number."""

    concepts: frozenset[str]
    surgeries: frozenset[str]
    drugs_together: int | None
    clearance: Bracket | None
    judged: tuple[str, ...]
    cites: tuple[Cite, ...]
    also: tuple[Cite, ...] = ()


class Profile(Struct, frozen=True, kw_only=True):
    """A hold profile as loaded. `classes` are its own words from the lowest; `principles` what it says in general.

    `unclassed`: procedures to which it gives no class. `class_labs`: what it asks of a class whatever drug is taken.
    """

    id: str
    title: str
    country: str
    checked: date
    recheck_by: date
    start: When | None
    until: When | None
    classes: tuple[str, ...]
    procedures: Mapping[str, ClassRow]
    unclassed: frozenset[str]
    class_labs: Mapping[str, tuple[LabRule, ...]]
    holds: tuple[HoldRow, ...]
    restarts: tuple[RestartRow, ...]
    escalation: Escalation | None
    principles: tuple[tuple[str, Cite], ...]
    values_hash: str

    def in_force(self, on: date) -> bool:
        return (self.start is None or self.start.first <= on) and (self.until is None or on <= self.until.last)


_TOP = {
    "policy", "checked", "recheck_by", "from", "until", "classes", "procedures", "unclassed", "escalation", "labs",
    "class_labs", "holds", "restarts", "principles",
}  # fmt: skip
_CITE = {"source", "locator", "mark", "also", "note"}
_WHICH = {"drugs", "class", "doses", "routes", "at_least", "below"}
_HOLD = {*_WHICH, *_CITE, "indication", "mode", "hold", "notify", "labs", "agreed"}
_RESTART = {*_WHICH, *_CITE, "event", "after", "none"}
_LENGTH = re.compile(r"([0-9]+)(?: to ([0-9]+))? (h|d|half-lives)", re.ASCII)
_DOSES = ("low", "medium", "high")
_UNITS: Mapping[str, LengthUnit] = {word: word for word in get_args(LengthUnit)}
_OPERATORS: Mapping[str, Operator] = {word: word for word in get_args(Operator)}


def load_profile(folder: Path, sources: Mapping[str, Source]) -> Profile:
    """The hold profile of one policy folder (`holds.yaml`). Raises KnowledgeError naming file, line and remedy."""
    path = folder / "holds.yaml"
    if not path.exists():
        raise KnowledgeError(f"{folder}: no holds.yaml; a hold profile needs one")
    top = read_top(path)
    top.only(_TOP)
    id = top.need("policy", "name the policy's id")
    known_word(top, "policies", id, "policy")
    entry = codes.entry("policies", id)
    checked, recheck = top.exact_day("checked"), top.exact_day("recheck_by")
    if checked is None:
        raise top.fail("no checked; write the day on which somebody last compared it with its sources")
    if recheck is None or recheck <= checked:
        raise top.fail("no recheck_by after checked; write the day by which it must be compared again")
    classes = top.words("classes")
    if not classes or len(set(classes)) < len(classes):
        raise top.fail("no classes, or one twice; list the profile's classes from the lowest", "classes")
    labs = {name: _lab(row, sources) for name, row in top.named("labs")}
    procedures = _procedures(top, classes, sources)
    unclassed = frozenset(top.words("unclassed"))
    for procedure in sorted(unclassed):
        known_word(top, "dossier_procedures", procedure, "unclassed")
        if procedure in procedures:
            raise top.fail(f"{procedure} has a class and is listed as unclassed; keep one", "unclassed")
    escalation = top.child("escalation")
    return Profile(
        id=id,
        title=str(entry["title"]),
        country=str(entry["country"]),
        checked=checked,
        recheck_by=recheck,
        start=top.day("from"),
        until=top.day("until"),
        classes=classes,
        procedures=procedures,
        unclassed=unclassed,
        class_labs={word: _labs(row, labs) for word, row in _class_labs(top, classes)},
        holds=tuple(_hold(id, row, classes, labs, sources) for id, row in top.named("holds")),
        restarts=tuple(_restart(id, row, classes, sources) for id, row in top.named("restarts")),
        escalation=_escalation(escalation, sources) if escalation is not None else None,
        principles=tuple(_principle(row, sources) for row in top.children("principles")),
        values_hash=hashlib.sha256(path.read_bytes()).hexdigest()[:16],
    )


@per_edition
def packaged_profiles() -> Mapping[str, Profile]:
    """The hold profiles this version ships, by policy id."""
    policies = root() / "policies"
    folders = sorted(path.parent for path in policies.glob("*/holds.yaml"))
    profiles = [load_profile(folder, packaged().sources) for folder in folders]
    return {profile.id: profile for profile in profiles}


def _cites(row: Reader, sources: Mapping[str, Source]) -> dict[str, Any]:
    also = []
    for other in row.children("also"):
        other.only({"source", "locator", "mark"})
        also.append(read_cite(other, sources))
    return {"cites": (read_cite(row, sources),), "also": tuple(also)}


def _procedures(top: Reader, classes: tuple[str, ...], sources: Mapping[str, Source]) -> dict[str, ClassRow]:
    found: dict[str, ClassRow] = {}
    for row in top.children("procedures"):
        row.only({"class", "of", "mapped", *_CITE})
        word = row.need("class", f"one of {', '.join(classes)}")
        if word not in classes:
            raise row.fail(f"'{word}' is no class of this profile; one of {', '.join(classes)}", "class")
        if not row.words("of"):
            raise row.fail("no procedures; list in `of` the procedures of this class")
        for id in row.words("of"):
            known_word(row, "dossier_procedures", id, "of")
            if id in found:
                raise row.fail(f"{id} stands twice; a procedure has one class", "of")
            found[id] = ClassRow(
                procedure=id, word=word, mapped=row.flag("mapped"), note=row.text("note"), **_cites(row, sources)
            )
    return found


def _which(row: Reader, classes: tuple[str, ...]) -> dict[str, Any]:
    """For whom a row is. Drugs and classes are always named; an absent dose, route or bracket does not limit."""
    drugs, words = row.words("drugs"), row.words("class")
    if not drugs or not words:
        raise row.fail("no drugs or no class; a row names both")
    for drug in drugs:
        known_word(row, "drugs", drug, "drugs")
    for word in words:
        if word not in classes:
            raise row.fail(f"'{word}' is no class of this profile; one of {', '.join(classes)}", "class")
    for dose in row.words("doses"):
        if dose not in _DOSES:
            raise row.fail(f"'{dose}' is no dose band; one of {', '.join(_DOSES)}", "doses")
    for route in row.words("routes"):
        known_word(row, "drug_routes", route, "routes")
    least, below = row.number("at_least"), row.number("below")
    if least is not None and below is not None and below <= least:
        raise row.fail(f"no clearance is at least {least} and below {below}; check the two", "below")
    return {
        "drugs": frozenset(drugs),
        "classes": frozenset(words),
        "doses": frozenset(row.words("doses")),
        "routes": frozenset(row.words("routes")),
        "clearance": Bracket(least, below) if least is not None or below is not None else None,
        "note": row.text("note"),
    }


def _length(row: Reader, key: str) -> Length | None:
    text = row.text(key)
    if text is None:
        return None
    parts = _LENGTH.fullmatch(text)
    if parts is None:
        raise row.fail(f"'{text}' is no length; write `3 d`, `12 to 24 h` or `5 half-lives`", key)
    least = Decimal(parts[1])
    most = Decimal(parts[2]) if parts[2] else least
    if most < least:
        raise row.fail(f"'{text}' ends before it begins; write the shorter first", key)
    return Length(least, most, _UNITS[parts[3]])


def _hold(
    id: str, row: Reader, classes: tuple[str, ...], labs: Mapping[str, LabRule], sources: Mapping[str, Source]
) -> HoldRow:
    row.only(_HOLD)
    length = _length(row, "hold")
    mode: Any = row.text("mode") or ("hold" if length is not None else None)
    if mode not in get_args(HoldMode):
        raise row.fail(
            f"mode {mode!r}; write `hold` with its length, or one of {', '.join(get_args(HoldMode))}", "mode"
        )
    if (mode == "hold") != (length is not None):
        raise row.fail(f"mode {mode} {'without' if length is None else 'with'} a length; only a hold has one", "mode")
    if row.flag("notify") and mode != "none":
        raise row.fail("notify is for drugs that are not held; remove it or write mode: none", "notify")
    indication: Any = row.text("indication")
    if indication not in (None, "primary", "secondary"):
        raise row.fail(f"'{indication}' is no indication here; primary or secondary", "indication")
    agreed = row.child("agreed")
    if agreed is not None and mode != "shared":
        raise row.fail("agreed is for shared decisions; remove it or write mode: shared", "agreed")
    return HoldRow(
        id=id,
        mode=mode,
        length=length,
        indication=indication,
        notify=row.flag("notify"),
        labs=_labs(row, labs),
        agreed=_agreed(agreed, sources) if agreed is not None else None,
        **_which(row, classes),
        **_cites(row, sources),
    )


def _agreed(row: Reader, sources: Mapping[str, Source]) -> Agreed:
    row.only({"hold", "says", "source", "locator", "mark"})
    length = _length(row, "hold")
    if length is None:
        raise row.fail("no hold; write the length the source gives")
    return Agreed(length=length, says=row.need("says", "say on what terms"), cites=(read_cite(row, sources),))


def _restart(id: str, row: Reader, classes: tuple[str, ...], sources: Mapping[str, Source]) -> RestartRow:
    row.only(_RESTART)
    after, none = _length(row, "after"), row.flag("none")
    if (after is None) != none:
        raise row.fail("write `after` with a length, or `none: true` where no restart is given; one of the two")
    if after is not None and after.unit == "half-lives":
        raise row.fail("a restart is in hours or days", "after")
    event: Any = row.text("event") or "planned"
    if event not in get_args(Event):
        raise row.fail(f"'{event}' is no event; one of {', '.join(get_args(Event))}", "event")
    return RestartRow(id=id, event=event, after=after, none=none, **_which(row, classes), **_cites(row, sources))


def _lab(row: Reader, sources: Mapping[str, Source]) -> LabRule:
    row.only({"tests", "operator", "amount", "says", "within", "source", "locator", "mark", "also"})
    operator, amount = row.text("operator"), row.number("amount")
    if not row.words("tests"):
        raise row.fail("no tests; name the laboratory tests")
    for test in row.words("tests"):
        known_word(row, "labs", test, "tests")
    if (operator is None) != (amount is None) or (operator is not None and operator not in _OPERATORS):
        raise row.fail(f"a limit is an operator ({', '.join(_OPERATORS)}) and an amount", "operator")
    return LabRule(
        tests=row.words("tests"),
        operator=_OPERATORS[operator] if operator is not None else None,
        amount=amount,
        says=row.need("says", "say the condition in words"),
        within=_length(row, "within"),
        **_cites(row, sources),
    )


def _labs(row: Reader, labs: Mapping[str, LabRule]) -> tuple[LabRule, ...]:
    for name in row.words("labs"):
        if name not in labs:
            raise row.fail(f"'{name}' is not in labs; there are {', '.join(sorted(labs)) or 'none'}", "labs")
    return tuple(labs[name] for name in row.words("labs"))


def _class_labs(top: Reader, classes: tuple[str, ...]) -> Iterator[tuple[str, Reader]]:
    for word, row in top.named("class_labs"):
        row.only({"labs"})
        if word not in classes:
            raise row.fail(f"'{word}' is no class of this profile; one of {', '.join(classes)}")
        yield word, row


def _escalation(row: Reader, sources: Mapping[str, Source]) -> Escalation:
    row.only({"concepts", "surgeries", "drugs_together", "below", "judged", "source", "locator", "mark", "also"})
    for word in row.words("concepts"):
        known_word(row, "conditions", word, "concepts")
    for word in row.words("surgeries"):
        known_word(row, "therapies", word, "surgeries")
    together, below = row.number("drugs_together"), row.number("below")
    return Escalation(
        concepts=frozenset(row.words("concepts")),
        surgeries=frozenset(row.words("surgeries")),
        drugs_together=int(together) if together is not None else None,
        clearance=Bracket(below=below) if below is not None else None,
        judged=row.words("judged"),
        **_cites(row, sources),
    )


def _principle(row: Reader, sources: Mapping[str, Source]) -> tuple[str, Cite]:
    row.only({"says", "source", "locator", "mark"})
    return row.need("says", "say it in one sentence"), read_cite(row, sources)
