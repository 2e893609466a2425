"""A changed value of a guard dies in the tests of its topic; so does another effect, decision or due.

Every threshold is moved by one unit, every comparison turned at its edge, every word taken away, one at a time.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from msgspec import Struct
from msgspec.structs import replace
from table_mutants import fails
from test_mutation import _changes, _readings

from levamen.criteria.nodes import Compare, Held, walk
from levamen.knowledge.guards import Guard, Topic, packaged_guards, packaged_topics
from levamen.knowledge.model import KnowledgeError, Values

sys.path.append(str(Path(__file__).parent / "guards"))
import guard_chart

MODULES: Mapping[str, tuple[str, ...]] = {
    "allergy-and-contrast": ("test_allergy_and_contrast",),
    "blood": ("test_blood_and_mind",),
    "blood-pressure": ("test_blood_pressure",),
    "devices-and-radiofrequency": ("test_devices_and_radiofrequency",),
    "glucose": ("test_glucose",),
    "infection": ("test_infection",),
    "pregnancy": ("test_pregnancy",),
    "psychiatric": ("test_blood_and_mind",),
    "sedation-and-driver": ("test_sedation_and_driver",),
    "steroid": ("test_steroid_guards",),
    "unsafe-to-hold": ("test_unsafe_to_hold",),
}
"""The tests of each topic."""


class Call(Struct, frozen=True):
    """One test with the arguments of one of its cases."""

    test: Callable[..., object]
    arguments: Mapping[str, object]

    def __call__(self) -> None:
        self.test(**self.arguments)


@cache
def calls(module: str) -> tuple[Call, ...]:
    """Every case of a module that needs no fixture."""
    found = import_module(module)
    return tuple(call for name, test in vars(found).items() if name.startswith("test_") for call in _cases(test, found))


def _cases(test: Callable[..., object], module: ModuleType) -> Iterator[Call]:
    if test.__module__ != module.__name__:
        return
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    sets: list[list[dict[str, object]]] = []
    for mark in marks:
        names = [name.strip() for name in mark.args[0].split(",")] if isinstance(mark.args[0], str) else mark.args[0]
        sets.append([dict(zip(names, row if len(names) > 1 else (row,), strict=True)) for row in mark.args[1]])
    named = {name for rows in sets for name in rows[0]}
    if set(inspect.signature(test).parameters) == named:
        for combination in product(*sets):
            yield Call(test, {name: value for part in combination for name, value in part.items()})


def with_guards(topic: Topic, values: Any) -> tuple[Guard, ...]:
    """All guards, those of one topic built from changed values."""
    others = [guard for guard in packaged_guards() if guard.topic != topic.id]
    return (*others, *topic.build(Values(values, None, topic.values.checked)))


def guards_die(topic: Topic, guards: Callable[[], tuple[Guard, ...]]) -> bool:
    try:
        changed = guards()
    except KnowledgeError:
        return True
    with patch.object(guard_chart, "packaged_guards", lambda: changed):
        return any(fails(call) for module in MODULES[topic.id] for call in calls(module))


def compared(topic: Topic) -> set[str]:
    """The values whose operator is read: a limit that only measures a window has none that matters."""
    found: set[str] = set()
    for guard in topic.guards(topic.values.checked):
        for tree in (guard.hazard.says, *([guard.applies] if guard.applies is not None else [])):
            for node in walk(tree):
                if isinstance(node, Compare):
                    found.update(limit.value for limit in node.limits)
                if isinstance(node, Held):
                    found.add(node.level.value)
    return found


def guard_survivors(topic: Topic) -> Iterator[str]:
    read = compared(topic)
    for value in topic.values.values.values():
        for where, reading, put in _readings(value):
            for how, changed in _changes(reading, value.id in read):
                values = replace(topic.values, values={**topic.values.values, value.id: put(changed)})
                if not guards_die(topic, lambda values=values: with_guards(topic, values)):
                    yield f"{value.id}{where}: {how}"


@pytest.mark.parametrize("topic", packaged_topics(), ids=lambda topic: topic.id)
def test_no_change_of_a_guard_value_survives(topic: Topic) -> None:
    assert not guards_die(topic, lambda: with_guards(topic, topic.values))
    assert list(guard_survivors(topic)) == []


def test_every_topic_has_its_tests() -> None:
    assert set(MODULES) == {topic.id for topic in packaged_topics()}
    assert all(calls(module) for modules in MODULES.values() for module in modules)


EFFECTS: Mapping[tuple[str, str], str] = {
    ("contraindicated", "hard_stop_change_plan"): """
        allergy-to-what-is-given amide-allergy contrast-reaction-severe gadolinium-neuraxial steroid-macrogol
        infection-local sedation-deep
        particulate-cervical-transforaminal particulate-thoracic-transforaminal particulate-without-contrast
        steroid-and-booster
        """,
    ("defer", "defer"): """
        contrast-reaction-unspecified drug-allergy-unspecified platelets-high-risk platelets-neuraxial
        blood-pressure-high blood-pressure-low glucose-defer glucose-implant antibiotics antibiotics-asked
        antibiotics-implant fever-asked fever-recent infection-asked infection-elsewhere-implant infection-systemic
        influenza-or-covid pregnancy-asked pregnancy-imaging pregnancy-implant no-driver not-fasting
        infection-untreated latent-infection particulate-by-salt steroid-after-booster balloon-angioplasty clot-recent
        myocardial-infarction stent-any stent-bare-metal stent-drug-eluting stent-drug-eluting-acute stroke
        """,
    ("defer", "do_not_hold_without_prescriber"): """
        antidepressant-never-stop antiphospholipid-syndrome clot-moderate clot-with-cancer fibrillation-high-risk
        thrombophilia valve-high-risk
        """,
    ("defer", "lab_required_no_datetime"): "platelets-needed",
    ("defer", "shared_decision_required"): """
        mri-device radiofrequency-defibrillator radiofrequency-pacemaker radiofrequency-resynchronization
        stimulation-cardiac-device
        """,
    ("caution", "do_not_hold_without_prescriber"): "opioid-continues",
    ("caution", "shared_decision_required"): """
        bleeding-disorder liver-disease radiofrequency-cervical-defibrillator radiofrequency-neurostimulator
        dexamethasone-and-booster naltrexone-implant baclofen-pump-explant
        """,
    ("caution", "proceed_no_hold"): """
        contact-allergy contrast-reaction gadolinium-renal steroid-excipient mri-after-implant
        radiofrequency-cardiac-device glucose-rise glucose-warn carriage-implant cold sedation-additive
        sedation-diagnostic sedation-glp-1 sedation-moderate epidural-steroid-warning
        particulate-lumbar-transforaminal-first particulate-by-salt-lumbar-first preservative-without-contrast
        clonidine-pump-explant opioid-before-a-diagnostic-block steroid-and-strong-inhibitor steroid-and-warfarin
        """,
}
"""What each guard does to safety and to the plan (dossier 2f, 3 to 5: stop, wait, ask, warn)."""


def test_effects_and_decisions() -> None:
    expected = {id: words for words, ids in EFFECTS.items() for id in ids.split()}
    assert {guard.id: (guard.effect, guard.decision) for guard in packaged_guards()} == expected
