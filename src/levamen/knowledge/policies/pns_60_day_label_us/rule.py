"""US label of the percutaneous peripheral nerve stimulator that is worn up to 60 days.

When pain is chronic and intractable, or follows surgery or an injury, and the lead lies in a part of the body that the
label names: within the label. With a deep brain stimulator, an active cardiac implant, another stimulator whose current
may overlap, a need for MRI while the lead is in, or an allergy to adhesive: contraindicated; so are some places.
Two versions of the label are known; neither has a date. Sources and words: values.yaml. Dossier: neuromodulation, 4.2.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, problem
from levamen.criteria.nodes import All, Answered, Any, Criterion, Exists, Facts, Not, Readings
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import SIXTY_DAYS


def rules(values: Values) -> tuple[Rule, ...]:
    """One rule: no trial, no threshold, the lead is pulled by day 60."""
    return (
        Rule(
            id="label",
            therapies=frozenset({SIXTY_DAYS}),
            exclusions=contraindications(values),
            requirements=(
                values.criterion("indication", values.judged("indication"), remedy="none"),
                place(values),
            ),
        ),
    )


def contraindications(v: Values) -> tuple[Criterion, ...]:
    """Whom and where the label forbids. What only the newer version forbids is forbidden."""

    def devices(noun: str, id: str) -> Exists:
        return Exists(Facts("devices", noun, it_is("kind", v.choices(id)), closed_by="present"))

    of_the_brain = it_is("attributes.device", v.choices("deep-brain"))
    brain = Any(
        (
            devices("deep brain stimulator among the devices", "deep-brain"),
            problem("deep brain stimulator on the problem list", v.choices("deep-brain")),
            problem("neurostimulator of the brain on the problem list", v.choices("stimulator-problem"), of_the_brain),
        )
    )
    cardiac = Any(
        (
            devices("active cardiac implant among the devices", "cardiac-implant"),
            problem("active cardiac implant on the problem list", v.choices("cardiac-implant-problem")),
        )
    )
    stimulator = Any(
        (
            devices("neurostimulator of another kind among the devices", "other-stimulator"),
            problem("neurostimulator on the problem list", v.choices("stimulator-problem")),
        )
    )
    adhesive = Facts(
        "allergies", "allergy to tape or adhesive", it_is("substance", v.choices("adhesive")), closed_by="present"
    )
    overlaps = All((stimulator, Not(v.judged("no-overlap"))))
    in_place = asked_is("region", v.choices("watched-regions"), None)
    fits = All((asked_is("region", v.choices("epilepsy-regions"), None), problem("epilepsy", v.choices("epilepsy"))))
    return (
        v.criterion("deep-brain", brain, by=("deep-brain", "stimulator-problem"), remedy="none"),
        v.criterion("cardiac-implant", cardiac, by=("cardiac-implant", "cardiac-implant-problem"), remedy="none"),
        v.criterion("overlap", overlaps, by=("other-stimulator", "stimulator-problem", "no-overlap"), remedy="none"),
        v.criterion("mri-needed", Answered("mri-need", "yes"), remedy="none"),
        v.criterion("adhesive", Exists(adhesive), remedy="none"),
        v.criterion(
            "forbidden-place",
            All((in_place, Not(v.judged("allowed-place")))),
            by=("watched-regions", "allowed-place"),
            remedy="none",
        ),
        v.criterion("epilepsy", fits, by=("epilepsy", "epilepsy-regions"), remedy="none"),
    )


def place(v: Values) -> Criterion:
    """The older label: back and limbs. The newer: everywhere but where the nerves of head and face reach."""
    older = asked_is("region", v.choices("region-older"))
    newer = Any((asked_is("region", v.choices("region-newer")), asked_is("site", v.choices("back-of-head"))))
    by = ("region-older", "region-newer", "back-of-head")
    return v.criterion("region", Readings((older, newer)), by=by, remedy="none")
