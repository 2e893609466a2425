"""US label of ziconotide, and the shape of the EU label: who must not have it, and who gives it.

When ziconotide is asked for: not after psychosis, in hypersensitivity, infection at the site, uncontrolled bleeding,
obstructed flow of the spinal fluid, beside an opioid in the same place; by somebody experienced, in a pump it names.
A criterion exists where values.yaml has its value.
Sources and words: values.yaml of each folder. Dossier: neuromodulation, sections 6.2 and 21.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is
from levamen.criteria.nodes import Answered, Any, Criterion, Exists, Facts, Not, Truth
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_280_14.parts import PUMP, REFILL, TRIAL, has_problem, judged, named


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial; the pump and its refill, for which the label names pumps."""
    v = values
    scope, excluded = (named(v, "drug"),), contraindications(v)
    required = (judged(v, "experienced-physician"),)
    in_pump = (*required, judged(v, "pump-named")) if v.has("pump-named") else required
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), scope=scope, exclusions=excluded, requirements=required),
        Rule(id="pump", therapies=frozenset({PUMP, REFILL}), scope=scope, exclusions=excluded, requirements=in_pump),
    )


def contraindications(v: Values) -> tuple[Criterion, ...]:
    """What the label forbids or advises against."""
    found = [v.criterion("hypersensitivity", hypersensitive(v, "hypersensitivity"), remedy="none")]
    if v.has("psychosis"):
        asked = Answered("psychosis-history", "yes")
        ever = Facts("problem-history", "psychosis", it_is("concept", v.choices("psychosis")), closed_by="recorded")
        found.append(v.criterion("psychosis", Any((Exists(ever), asked)), remedy="none"))
    for id, noun in (
        ("site-infection", "infection at the injection site"),
        ("uncontrolled-bleeding", "bleeding disorder"),
        ("csf-obstruction", "obstruction to the flow of spinal fluid"),
    ):
        if v.has(id):
            found.append(has_problem(v, id, noun))
    if v.has("with-opioid"):
        found.append(v.criterion("with-opioid", asked_is("drugs", v.choices("with-opioid")), remedy="none"))
    if v.has("intrathecal-chemotherapy"):
        found.append(v.criterion("intrathecal-chemotherapy", Not(v.judged("intrathecal-chemotherapy")), remedy="none"))
    return tuple(found)


def hypersensitive(v: Values, id: str) -> Truth:
    """An allergy to one of the drugs or substances."""
    where = it_is("substance", v.choices(id))
    return Exists(Facts("allergies", "allergy to the drug", where, closed_by="present"))
