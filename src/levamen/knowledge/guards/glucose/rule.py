"""Glucose: of the day before a steroid, and over months before an implant, where there is or may be diabetes.

What was measured is read whether or not diabetes is on record.

Values: values.yaml. Dossier: periprocedural safety, section 3d.
"""

from __future__ import annotations

from levamen.criteria.build import it_is
from levamen.criteria.nodes import All, Any, Exists, Facts, Not, Truth, Window
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import (
    STIMULATOR_OR_PUMP,
    asks_for,
    denied,
    guard,
    has,
    measured,
    reading,
    said,
    steroid_asked,
    takes,
)
from levamen.knowledge.model import Values

DIABETES = ("diabetes", "painful-diabetic-neuropathy")


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    steroid = steroid_asked(v, "corticosteroid")
    injected = All((steroid, Any((_diabetic(v), _measured_today(v)))))
    return (
        guard(
            v,
            "glucose-defer",
            reading(v, "defer-above", "glucose of the day", "glucose", "glucose-fasting", limits="defer-above",
                    today="on-the-day"),
            by=("defer-above", "on-the-day"),
            title="Glucose above 250 mg/dL on the day of a steroid injection",
            effect="defer",
            decision="defer",
            due="day",
            applies=injected,
            do="Defer the steroid, or inject local anesthetic only.",
            who="nurse",
            until="glucose is lower",
        ),
        guard(
            v,
            "glucose-warn",
            reading(v, "warn-above", "glucose of the day", "glucose", "glucose-fasting", limits="warn-above",
                    today="on-the-day"),
            by=("warn-above", "on-the-day"),
            title="Glucose above 200 mg/dL on the day of a steroid injection",
            effect="caution",
            decision="proceed_no_hold",
            due="day",
            applies=injected,
            do="Warn the patient and plan the control of glucose.",
            who="nurse",
        ),
        guard(
            v,
            "glucose-rise",
            _diabetic(v),
            by=("rise", "rise-longer", "rise-by-dose", "hba1c-ideal", "monitoring"),
            title="Diabetes, or a drug for it, and a steroid injection",
            effect="caution",
            decision="proceed_no_hold",
            applies=steroid,
            do=f"{v.says('monitoring')}. {v.says('rise')}. {v.says('rise-longer')}. {v.says('rise-by-dose')}. "
            f"{v.says('hba1c-ideal')}.",
            who="nurse",
        ),
        guard(
            v,
            "glucose-implant",
            All((
                reading(v, "implant-hba1c", "HbA1c", "hba1c", limits="implant-hba1c"),
                reading(v, "implant-glucose", "fasting glucose", "glucose-fasting", limits="implant-glucose"),
            )),
            by=("implant-hba1c", "implant-glucose", "implant-optimize"),
            title="HbA1c above 8 % and fasting glucose above 200 mg/dL before an implant",
            effect="defer",
            decision="defer",
            applies=All((
                asks_for(v, "implant-optimize", STIMULATOR_OR_PUMP),
                Any((_diabetic(v), measured(v, "implant-hba1c", "HbA1c", "hba1c"))),
            )),
            do=f"{v.says('implant-optimize')}.",
            who="pain-physician",
            until="HbA1c or fasting glucose is lower",
        ),
    )  # fmt: skip


def _diabetic(v: Values) -> Truth:
    """Diabetes on record or a glucose-lowering drug; open where neither list was reviewed and nobody was asked."""
    drug = takes(v, "antidiabetic", "glucose-lowering drug")
    listed = Any((has(v, "rise", "diagnosis of diabetes", *DIABETES), drug))
    return Any((_certain(v), All((listed, Not(denied(v, "rise", "diabetes"))))))


def _measured_today(v: Values) -> Truth:
    """Glucose was measured: a number is read whether or not anybody wrote down diabetes."""
    today = Window("rolling", v.limits("on-the-day")[0], "inside")
    tests = it_is("test", v.words("defer-above", "glucose", "glucose-fasting"))
    return Exists(Facts("readings", "glucose of the day", tests, today, "recorded"))


def _certain(v: Values) -> Truth:
    written = it_is("concept", v.words("rise", *DIABETES))
    taken = it_is("classes", v.choices("antidiabetic"))
    return Any((
        Exists(Facts("problems", "diagnosis of diabetes", written, closed_by="recorded")),
        Exists(Facts("current-medications", "glucose-lowering drug", taken, closed_by="recorded")),
        said(v, "rise", "diabetes"),
    ))  # fmt: skip
