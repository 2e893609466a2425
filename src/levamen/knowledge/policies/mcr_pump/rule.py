"""Medicare contractors on implanted pumps, beyond NCD 280.14: what must be documented before ziconotide.

When ziconotide is asked for and the record shows that systemic analgesics, adjuncts or intrathecal morphine were not
tolerated or did not help: covered. Of other drugs the text says what the national determination says.
Sources and words: values.yaml. Dossier: neuromodulation, section 6.1.
"""

from __future__ import annotations

from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_280_14.parts import PUMP, judged, named


def rules(values: Values) -> tuple[Rule, ...]:
    """The pump for ziconotide."""
    return (
        Rule(
            id="ziconotide",
            therapies=frozenset({PUMP}),
            scope=(named(values, "ziconotide"),),
            requirements=(judged(values, "ziconotide-after-others"),),
        ),
    )
