"""ASPN 2022 on ablation of the basivertebral nerve: Level A for people appropriately selected.

When low back pain comes from the vertebral endplates, and a clinician finds the patient appropriately selected: the
society grades it Level A. What selection means stands in the paper, of which the abstract alone was read.
Sources and amounts: values.yaml. Dossier: spine injections, section 9.
"""

from __future__ import annotations

from levamen.criteria.build import it_is, problem
from levamen.criteria.nodes import All, Exists, Facts, Field, Need, Stated
from levamen.knowledge.model import Rule, Values

ABLATION = "basivertebral-nerve-ablation"


def rules(v: Values) -> tuple[Rule, ...]:
    """One recommendation."""
    change = All((it_is("concept", v.choices("modic")), Stated(Field("it", "present"))))
    seen = Exists(Facts("findings", "Modic change of type 1 or 2", change, closed_by="present"))
    from_endplates = problem("vertebrogenic low back pain", v.choices("vertebrogenic"))
    need = (Need(kind="finding", what="modic-1"), Need(kind="finding", what="modic-2"))
    return (
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            requirements=(
                v.criterion("vertebrogenic", from_endplates, remedy="none"),
                v.criterion("selected", v.judged("selected"), remedy="none"),
                v.criterion("modic", seen, remedy="action", needs=need),
            ),
            strength="Level A, high certainty that the net benefit is substantial",
        ),
    )
