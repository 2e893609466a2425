"""Which recorded pain a request is about. Relief, duration and scores are of that pain, not of all pain."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from levamen.record import codes
from levamen.record.facts import Pain, Request

_NEIGHBOURS: dict[str, frozenset[str]] = {
    "head": frozenset({"head", "cervical"}),
    "cervical": frozenset({"cervical", "upper-limb", "head"}),
    "thoracic": frozenset({"thoracic", "chest", "abdomen"}),
    "lumbar": frozenset({"lumbar", "lower-limb", "pelvis", "sacral"}),
    "sacral": frozenset({"sacral", "pelvis", "lumbar", "lower-limb"}),
}
"""Where pain from a spinal region is felt: anatomy for finding the pain meant, no clinical threshold."""

_ANYWHERE = frozenset({"stimulation", "drug-delivery", "surgery", "medication", "conservative", "infusion"})
"""Kinds of therapy whose region is not where the pain is felt."""

_PATTERNS: dict[str, frozenset[str]] = {
    "epidural-steroid-injection": frozenset({"radicular", "neurogenic-claudication"}),
    "selective-nerve-root-block": frozenset({"radicular"}),
    "facet-joint-injection": frozenset({"axial", "referred"}),
    "medial-branch-block": frozenset({"axial", "referred"}),
    "medial-branch-radiofrequency-ablation": frozenset({"axial", "referred"}),
}
"""The pattern a therapy is usually for: of several pains in the place, one of this pattern is the one meant."""


def region_of(pain: Pain) -> str | None:
    """The region stated, else the region of the site."""
    if pain.region is not None:
        return pain.region
    return codes.entry("pain_sites", pain.site).get("region") if pain.site is not None else None


def candidates(pains: Sequence[Pain], request: Request) -> tuple[Pain, ...]:
    """The pains that may be the index pain: one where the record decides, several where it does not."""
    if request.pain is not None:
        return tuple(pain for pain in pains if pain.id == request.pain)
    found = [pain for pain in pains if _in_place(pain, request) and _on_side(pain, request)]
    patterns = _PATTERNS.get(request.therapy or "", frozenset())
    found = _narrowed(found, lambda pain: pain.pattern, patterns)
    found = _narrowed(found, region_of, frozenset({request.region}) - {None})
    found = _narrowed(found, lambda pain: pain.side, frozenset({request.side}) - {None})
    return tuple(found)


def _narrowed(
    pains: list[Pain], read: Callable[[Pain], str | None], wanted: frozenset[str | None] | frozenset[str]
) -> list[Pain]:
    """Of several pains those that fit, if one does. One of which it is not recorded may fit, and stays."""
    if not any(read(pain) in wanted for pain in pains):
        return pains
    return [pain for pain in pains if read(pain) is None or read(pain) in wanted]


def _in_place(pain: Pain, request: Request) -> bool:
    kind = codes.entry("therapies", request.therapy or "").get("kind") if request.therapy else None
    return kind in _ANYWHERE or near(region_of(pain), request.region)


def near(felt: str | None, treated: str | None) -> bool:
    """Whether pain of one region may be felt in another; a region that is not recorded may be any."""
    if treated is None or felt in (None, "whole-body"):
        return True
    return felt in _NEIGHBOURS.get(treated, frozenset({treated}))


def _on_side(pain: Pain, request: Request) -> bool:
    either = {None, "both", "midline"}
    return pain.side in either or request.side in either or pain.side == request.side
