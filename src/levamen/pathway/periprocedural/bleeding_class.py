"""The bleeding-risk class of a request under one profile (docs/adr/0007, 2, 3): never guessed, never silently low."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.outcome import Missing
from levamen.derive.renal import Clearance
from levamen.knowledge.holds import ClassRow, Escalation, Profile
from levamen.pathway.periprocedural.answers import BleedingClass
from levamen.record import codes
from levamen.record.facts import Problem, Procedure, Request, called

LADDER = ("low", "intermediate", "high")
"""The classes that escalate, one step at most. A profile with other words is not escalated."""

_SETS = ("interspaces", "roots", "nerves", "muscles")
_WORDS = ("approach", "region", "lead", "route", "component")


class Match(Struct, frozen=True):
    """A row of the vocabulary's procedures that a request belongs to; not `sure` where `missing` fields could tell."""

    procedure: str
    sure: bool
    missing: tuple[str, ...] = ()


def procedures_of(request: Request) -> tuple[Match, ...]:
    """The dossier procedures that a request belongs to, or may belong to. The needle decides, not its purpose."""
    found: dict[str, Match] = {}
    for procedure, patterns in _patterns().items():
        matches = [match for pattern in patterns if (match := _match(procedure, pattern, request)) is not None]
        if matches:
            found[procedure] = next((match for match in matches if match.sure), matches[0])
    return tuple(found.values())


@cache
def _patterns() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    found: Mapping[str, Sequence[Mapping[str, Any]]] = codes.vocabulary()["dossier_procedures"]
    return found


def _match(procedure: str, pattern: Mapping[str, Any], request: Request) -> Match | None:
    if pattern["therapy"] != request.therapy:
        return None
    missing: list[str] = []
    for name in _WORDS:
        wanted, held = pattern.get(name), getattr(request, name)
        if wanted is None or held == wanted:
            continue
        if held is not None and not (name == "route" and held == "combined"):
            return None
        missing.append(name)
    for name in _SETS:
        wanted_set, held_set = frozenset(pattern.get(name, ())), _held(request, name)
        if not wanted_set or wanted_set & held_set:
            continue
        if held_set:
            return None
        missing.append(name)
    if agents := frozenset(pattern.get("agents", ())):
        if request.agents and not agents & request.drugs:
            return None
        if not request.agents:
            missing.append("agents")
    if needs := pattern.get("needs"):
        depth = _depths(request)
        if depth and not any(word in str(needs) for word in depth):
            return None
        if not depth:
            missing.append("nerves")
    return Match(procedure, not missing, tuple(missing))


def _held(request: Request, name: str) -> frozenset[str]:
    """A target field, read from the one it implies where it is not given itself: the roots of foramina."""
    held: frozenset[str] = getattr(request, name)
    if held or name != "roots":
        return held
    foramina = request.foramina
    if not foramina and request.approach == "transforaminal":
        foramina = request.interspaces & frozenset(codes.ids("foramina"))
    return frozenset(str(codes.entry("foramina", foramen)["root"]) for foramen in foramina)


def _depths(request: Request) -> frozenset[str]:
    return frozenset(str(depth) for nerve in request.nerves if (depth := codes.entry("nerves", nerve).get("depth")))


def base_class(profile: Profile, request: Request) -> BleedingClass:
    """The class of the profile's table: the highest among the rows that the request may belong to."""
    matches = [match for match in procedures_of(request) if match.procedure in profile.procedures]
    if not matches:
        return BleedingClass(profile=profile.id)
    rank = {word: index for index, word in enumerate(profile.classes)}
    rows = {match.procedure: profile.procedures[match.procedure] for match in matches}

    def height(match: Match) -> int:
        return rank[rows[match.procedure].word]

    sure = [match for match in matches if match.sure]
    top = max(matches, key=height)
    floor = max(sure, key=height) if sure else None
    certain = (floor is not None and height(floor) >= height(top)) or _whatever_it_is(profile, request, matches)
    chosen: list[Match] = [match for match in (sure if certain and sure else matches) if height(match) == height(top)]
    asked = dict.fromkeys(name for match in matches if not match.sure for name in match.missing)
    missing = tuple(
        Missing(kind="request", what=f"{name} of the request", reason="value_missing", fact=request.id)
        for name in asked
        if not certain
    )
    row: ClassRow = rows[chosen[0].procedure]
    return BleedingClass(
        profile=profile.id,
        base=row.word,
        word=row.word,
        procedures=tuple(match.procedure for match in chosen),
        mapped=all(rows[match.procedure].mapped for match in chosen),
        certain=certain,
        cites=row.cites,
        missing=missing,
    )


def _whatever_it_is(profile: Profile, request: Request, matches: Sequence[Match]) -> bool:
    """Whether the one missing field gives the same class for every word that it can have for this therapy."""
    names = {name for match in matches for name in match.missing}
    name = next(iter(names)) if len(names) == 1 else ""
    therapy = codes.entry("therapies", request.therapy or "")
    words = therapy.get("regions", ()) if name == "region" else therapy.get("qualifiers", {}).get(name, ())
    found = {base_class(profile, replace(request, **{name: word})).word for word in words}
    return bool(words) and None not in found and len(found) == 1


def escalated(
    found: BleedingClass,
    profile: Profile,
    request: Request,
    problems: Iterable[Problem],
    procedures: Iterable[Procedure],
    drugs_together: int,
    clearance: Clearance,
) -> BleedingClass:
    """The class one step higher where the patient gives reason, with the reasons."""
    rule = profile.escalation
    if rule is None or found.word is None or found.word not in LADDER:
        return found
    reasons = tuple(_reasons(rule, request, problems, procedures, drugs_together, clearance))
    if not reasons or found.word == LADDER[-1]:
        return replace(found, reasons=reasons)
    higher = LADDER[LADDER.index(found.word) + 1]
    return replace(found, word=higher, reasons=reasons, escalated_by=rule.cites)


def _reasons(
    rule: Escalation,
    request: Request,
    problems: Iterable[Problem],
    procedures: Iterable[Procedure],
    drugs_together: int,
    clearance: Clearance,
) -> Iterable[str]:
    for problem in problems:
        if problem.concept in rule.concepts:
            yield f"{codes.title(problem.concept or '').lower()} ({problem.id})"
    for procedure in procedures:
        same = procedure.region is None or request.region is None or procedure.region == request.region
        if procedure.therapy in rule.surgeries and same:
            yield f"earlier surgery there: {called(procedure)} ({procedure.id})"
    below = rule.clearance.below if rule.clearance is not None else None
    if below is not None and clearance.least is not None and clearance.least < below:
        yield "dialysis" if clearance.dialysis else f"creatinine clearance below {below} mL/min"
    if rule.drugs_together is not None and drugs_together >= rule.drugs_together:
        yield f"{drugs_together} drugs that act on bleeding"
