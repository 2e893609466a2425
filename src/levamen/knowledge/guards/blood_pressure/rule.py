"""Blood pressure of the day: too high or too low for an elective procedure.

Values: values.yaml. Dossier: periprocedural safety, section 4d.
"""

from __future__ import annotations

from levamen.criteria.nodes import Any
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import guard, reading
from levamen.knowledge.model import Values

SYSTOLIC, DIASTOLIC = "blood-pressure-systolic", "blood-pressure-diastolic"


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    day = "on-the-day"
    high = Any((
        reading(v, "systolic-high", "systolic pressure of the day", SYSTOLIC, limits="systolic-high", today=day),
        reading(v, "diastolic-high", "diastolic pressure of the day", DIASTOLIC, limits="diastolic-high", today=day),
    ))  # fmt: skip
    return (
        guard(
            v,
            "blood-pressure-high",
            high,
            by=("systolic-high", "diastolic-high", "referral-target", "on-the-day"),
            title="Blood pressure of 180 systolic or 110 diastolic or more",
            effect="defer",
            decision="defer",
            due="day",
            do="Go ahead only below 180 and below 110.",
            who="nurse",
            until="blood pressure is lower",
        ),
        guard(
            v,
            "blood-pressure-low",
            reading(v, "systolic-low", "systolic pressure of the day", SYSTOLIC, limits="systolic-low",
                    today=day),
            by=("systolic-low", "on-the-day"),
            title="Systolic blood pressure below 90",
            effect="defer",
            decision="defer",
            due="day",
            do="Defer; so too where a low pressure gives symptoms.",
            who="nurse",
            until="blood pressure is higher",
        ),
    )  # fmt: skip
