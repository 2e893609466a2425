"""BMJ Rapid Recommendation 2025: common procedures for chronic spine pain that is not from cancer.

When an adult has had axial or radicular spine pain for three months, not from cancer or inflammatory arthropathy:
against epidural injection; for axial pain against joint-targeted and intramuscular injection and joint radiofrequency;
for radicular pain against radiofrequency of the dorsal root ganglion. It is silent on everything else, tests included.
Sources and amounts: values.yaml. Dossier: spine injections, sections 1.4, 2.4, 3.2, 4, 5 and 9.
"""

from __future__ import annotations

from msgspec.structs import replace

from levamen.criteria.build import asked_is, it_is, no_more, pain, pain_lasted
from levamen.criteria.nodes import All, Any, Criterion, Facts, First, Latest, Not, Only, The, Truth
from levamen.knowledge.model import Rule, Values


def rules(values: Values) -> tuple[Rule, ...]:
    """One rule for each kind of procedure. What is in scope is advised against; nothing is advised for."""
    v = values
    return (
        _against(v, "epidural", (v.criterion("patterns", _pattern(v, "patterns"), remedy="none"),), _epidural(v)),
        _against(v, "joint-injection", (*_axial(v), _levels(v), _treatment(v)), _joint_injection(v)),
        _against(v, "joint-ablation", (*_axial(v), _levels(v)), (_named(v, "joint-ablation"),)),
        replace(
            _against(v, "intramuscular", _axial(v), (_named(v, "intramuscular-injection"),)), purposes=_treating(v)
        ),
        _against(v, "root-ganglion", _radicular(v), (_named(v, "root-ganglion-radiofrequency"),)),
    )


def not_due_to(v: Values, excluded: str, noun: str) -> Truth:
    """No such cause, as reviewed; or, where nobody reviewed the problems, the recorded causes are common ones.

    The first, the latest and each recorded cause are looked at: a cause that is left out puts the pain out of scope.
    """
    is_excluded = it_is("concept", v.choices(excluded))
    is_common = it_is("concept", v.choices("common-causes"))
    causes = Facts("problems", "recorded cause of spine pain", Any((is_common, is_excluded)), closed_by="present")
    other = Not(is_excluded)
    recorded = All((The(First(causes), other), The(Latest(causes), other), The(Only(causes), other)))
    return Any((no_more(Facts("problems", noun, is_excluded, closed_by="present")), recorded))


def _against(v: Values, id: str, scope: tuple[Criterion, ...], recommendations: tuple[Criterion, ...]) -> Rule:
    """A rule that advises against the therapies that its recommendations name, for the population and `scope`."""
    named = [choice.words for criterion in recommendations for choice in v.choices(criterion.id)]
    therapies = frozenset[str]().union(*named)
    return Rule(
        id=id, therapies=therapies, scope=(*population(v), *scope), exclusions=recommendations, strength="strong"
    )


def population(v: Values) -> tuple[Criterion, ...]:
    """Chronic spine pain, not from cancer, inflammatory arthropathy, infection or fracture."""
    mechanism = Not(pain(it_is("mechanism", v.choices("not-cancer-mechanism"))))
    return (
        v.criterion("chronic", pain_lasted(v.limits("chronic")), remedy="none"),
        v.criterion("spine-regions", asked_is("region", v.choices("spine-regions")), remedy="none"),
        v.criterion("not-cancer-mechanism", mechanism, remedy="none"),
        _not_from(v, "cancer", "cancer that may cause the pain"),
        _not_from(v, "inflammatory-arthropathy", "inflammatory arthropathy"),
        _not_from(v, "infection-or-fracture", "spinal infection or fracture"),
    )


def _not_from(v: Values, id: str, noun: str) -> Criterion:
    """A cause that the population leaves out."""
    return v.criterion(id, not_due_to(v, id, noun), by=(id, "common-causes"), remedy="none")


def _pattern(v: Values, id: str, *words: str) -> Truth:
    """The index pain is of such a pattern."""
    return pain(it_is("pattern", v.words(id, *words) if words else v.choices(id)))


def _axial(v: Values) -> tuple[Criterion, ...]:
    """The recommendation is for axial pain."""
    return (v.criterion("axial", _pattern(v, "patterns", "axial"), by="patterns", remedy="none"),)


def _radicular(v: Values) -> tuple[Criterion, ...]:
    """The recommendation is for radicular pain."""
    return (v.criterion("radicular", _pattern(v, "patterns", "radicular"), by="patterns", remedy="none"),)


def _levels(v: Values) -> Criterion:
    """Joints of the neck, the low back and the sacroiliac joint."""
    return v.criterion("joint-levels", asked_is("region", v.choices("joint-levels")), remedy="none")


def _treatment(v: Values) -> Criterion:
    """Blocks as tests are not addressed."""
    return v.criterion("treatment-only", asked_is("purpose", v.choices("treatment-only")), remedy="none")


def _treating(v: Values) -> frozenset[str]:
    """An injection into a muscle is a treatment unless the request says that it is a test."""
    return frozenset[str]().union(*(choice.words for choice in v.choices("treatment-only")))


def _named(v: Values, id: str) -> Criterion:
    """The recommendation names the therapy."""
    return v.criterion(id, asked_is("therapy", v.choices(id)), remedy="none")


def _epidural(v: Values) -> tuple[Criterion, ...]:
    """Two recommendations: axial pain and radicular pain."""
    found = []
    for id, pattern in (("axial-epidural", "axial"), ("radicular-epidural", "radicular")):
        named = asked_is("therapy", v.choices(id))
        found.append(v.criterion(id, All((named, _pattern(v, "patterns", pattern))), remedy="none"))
    return tuple(found)


def _joint_injection(v: Values) -> tuple[Criterion, ...]:
    """Into or at the joint; whether blocks of its nerves are meant was not captured."""
    return (_named(v, "joint-injection"), _named(v, "nerve-block-for-a-joint"))
