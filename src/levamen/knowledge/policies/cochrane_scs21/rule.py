"""Cochrane 2021, implanted spinal neuromodulation: effects of stimulation, shown beside what the others decide.

The review recommends nothing, so it informs. It looked for dorsal root ganglion stimulation too and found no evidence.
Sources and effects: values.yaml. Dossier: neuromodulation, section 2.3.
"""

from __future__ import annotations

from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import IMPLANT, TRIAL

GANGLION = ("dorsal-root-ganglion-stimulation-trial", "dorsal-root-ganglion-stimulation-implant")


def rules(values: Values) -> tuple[Rule, ...]:
    """Whoever considers stimulation is told what was found."""
    return (Rule(id="effects", therapies=frozenset({TRIAL, IMPLANT, *GANGLION}), informs=True),)
