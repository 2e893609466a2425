"""Cochrane 2023, spinal cord stimulation for low back pain.

When the pain is in the low back: the authors do not support stimulation outside placebo-controlled trials. Other pain
is not addressed.
Sources and effects: values.yaml. Dossier: neuromodulation, sections 2.3 and 24.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, pain
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import IMPLANT, TRIAL


def rules(values: Values) -> tuple[Rule, ...]:
    """Trial and implant alike: the pain that is addressed is the pain that is advised against."""
    low_back = pain(it_is("site", values.choices("low-back-pain")))
    return (
        Rule(
            id="low-back-pain",
            therapies=frozenset({TRIAL, IMPLANT}),
            scope=(values.criterion("low-back-pain", low_back, remedy="none"),),
            exclusions=(values.criterion("only-in-trials", low_back, remedy="none"),),
            strength=values.says("only-in-trials"),
        ),
    )
