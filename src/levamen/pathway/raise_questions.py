"""Which questions a record raises by itself: from its pains, findings, problems and earlier procedures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import replace

from levamen.derive.index_pain import region_of
from levamen.derive.views import seen
from levamen.record.facts import Fact, Finding, Pain, Problem, Procedure, Record, Request

_SPINE = ("cervical", "thoracic", "lumbar")
_LIMB_ROOTS = {"upper-limb": "cervical", "lower-limb": "lumbar", "pelvis": "lumbar"}
_AXIAL = frozenset({"axial", "referred", None})
_RADICULAR = frozenset({"radicular", "neurogenic-claudication"})
_FACET_FINDINGS = frozenset({"facet-arthropathy", "facet-loading", "facet-tenderness"})
_SACROILIAC = frozenset(
    {"faber", "gaenslen", "thigh-thrust", "sacroiliac-compression", "sacroiliac-distraction", "yeoman", "sacral-thrust"}
)
_RADICULAR_PROBLEMS = frozenset({"radiculopathy", "disc-herniation", "spinal-stenosis", "neurogenic-claudication"})
_STIMULATION_PROBLEMS = frozenset(
    {"post-laminectomy-syndrome", "complex-regional-pain-syndrome", "painful-diabetic-neuropathy"}
)
_NEXT = {
    "medial-branch-block": "medial-branch-radiofrequency-ablation",
    "spinal-cord-stimulation-trial": "spinal-cord-stimulation-implant",
}
"""What a test done is a step towards."""


def raised(record: Record, as_of: date | datetime) -> tuple[Request, ...]:
    """The questions worth asking, in a fixed order."""
    facts = [fact for fact in record.facts if seen(fact, as_of)]
    found: dict[tuple[object, ...], Request] = {}
    for request in (*_from_pains(facts), *_from_problems(facts), *_from_procedures(facts)):
        key = (request.therapy, request.region, request.side, request.joints, request.purpose)
        found.setdefault(key, request)
    ordered = sorted(found.values(), key=lambda r: (r.therapy or "", r.region or "", r.side or "", sorted(r.joints)))
    return tuple(_numbered(ordered))


def _numbered(requests: list[Request]) -> Iterable[Request]:
    for index, request in enumerate(requests, start=1):
        yield replace(request, id=f"Q-{index}")


def _request(therapy: str, **fields: object) -> Request:
    return Request(id="Q", therapy=therapy, **fields)  # type: ignore[arg-type]  # fields of Request, built above


def _from_pains(facts: list[Fact]) -> Iterable[Request]:
    joints = _joints(facts)
    tests = [f for f in facts if isinstance(f, Finding) and f.concept in _SACROILIAC and f.present is not False]
    for pain in (fact for fact in facts if isinstance(fact, Pain)):
        region = region_of(pain)
        root_region = region if region in _SPINE else _LIMB_ROOTS.get(region or "")
        if region in _SPINE and pain.pattern in _AXIAL:
            yield _request(
                "medial-branch-block",
                purpose="diagnostic",
                region=region,
                side=pain.side,
                joints=joints.get(region or "", frozenset()),
                pain=pain.id,
            )
        if root_region in _SPINE and (pain.pattern in _RADICULAR or (pain.pattern is None and region in _SPINE)):
            yield _request("epidural-steroid-injection", region=root_region, side=pain.side, pain=pain.id)
        if pain.site == "sacroiliac" or (tests and region in ("lumbar", "sacral", "pelvis")):
            yield _request(
                "sacroiliac-joint-injection", purpose="diagnostic", region="sacral", side=pain.side, pain=pain.id
            )
        if pain.mechanism == "neuropathic" and pain.pattern not in _AXIAL - {None}:
            yield _request("spinal-cord-stimulation-trial", pain=pain.id)


def _from_problems(facts: list[Fact]) -> Iterable[Request]:
    for problem in (fact for fact in facts if isinstance(fact, Problem)):
        if problem.status in ("resolved", "remission") or problem.verification in ("refuted", "entered-in-error"):
            continue
        if problem.concept in _RADICULAR_PROBLEMS and problem.region in _SPINE:
            yield _request("epidural-steroid-injection", region=problem.region, side=problem.side)
        if problem.concept == "sacroiliac-joint-pain":
            yield _request("sacroiliac-joint-injection", purpose="diagnostic", region="sacral", side=problem.side)
        if problem.concept in _STIMULATION_PROBLEMS:
            yield _request("spinal-cord-stimulation-trial")


def _from_procedures(facts: list[Fact]) -> Iterable[Request]:
    for done in (fact for fact in facts if isinstance(fact, Procedure) and fact.status in (None, "done")):
        following = _NEXT.get(done.therapy or "")
        if following is not None and done.purpose != "therapeutic":
            yield _request(
                following,
                region=done.region,
                side=done.side,
                joints=done.joints,
                pain=done.pain,
                technique="thermal" if following == "medial-branch-radiofrequency-ablation" else None,
            )


def _joints(facts: list[Fact]) -> dict[str, frozenset[str]]:
    """The facet joints that findings name, by region."""
    found: dict[str, frozenset[str]] = {}
    for fact in facts:
        if isinstance(fact, Finding) and fact.concept in _FACET_FINDINGS and fact.present is not False and fact.region:
            found[fact.region] = found.get(fact.region, frozenset()) | fact.joints
    return found
