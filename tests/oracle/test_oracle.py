"""The product against the oracle, over the whole grid: no difference but those that explained.yaml accounts for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import grid
import oracle
import pytest
import tables as t
from compare import TIMES, Difference, differences, product_plan

from levamen.adapters.balance import UnusableInput
from levamen.adapters.chart import read_chart
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.periprocedural.plan import plan
from levamen.record.facts import Procedure
from levamen.text.strict_yaml import read_mapping
from levamen.text.tree import plain_data

EXPLAINED = Path(__file__).with_name("explained.yaml")
SETS: dict[str, Callable[[], Iterable[tuple[str, grid.Chart]]]] = {
    "cells": grid.cells,
    "every procedure": grid.every_procedure,
    "every hour": grid.every_hour,
    "situations": grid.situations,
}


@cache
def knowledge() -> Knowledge:
    return packaged()


@cache
def explained() -> tuple[dict[str, Any], ...]:
    entries: list[dict[str, Any]] = plain_data(read_mapping(EXPLAINED.read_text("utf-8"), EXPLAINED.name))["explained"]
    return tuple(entries)


@cache
def found(which: str) -> tuple[Difference, ...]:
    return tuple(one for name, whole in SETS[which]() for one in differences(name, whole, knowledge()))


def covers(entry: dict[str, Any], one: Difference) -> bool:
    """Whether an explanation is of this difference: every key that it gives must fit."""
    said = {
        "profile": one.profile,
        "keys": one.key,
        "drugs": one.drug,
        "classes": one.cls,
        "brackets": one.bracket,
        "oracle": one.oracle,
        "product": one.product,
    }
    fits = all(value in entry["when"][key] for key, value in said.items() if key in entry["when"])
    named = any(one.name.startswith(name) for name in entry["when"].get("charts", ("",)))
    return fits and named and set(entry["when"].get("procedures", one.procedures)) >= set(one.procedures[:1])


@pytest.mark.parametrize("which", SETS)
def test_no_unexplained_difference(which: str) -> None:
    left = [one for one in found(which) if not any(covers(entry, one) for entry in explained())]
    causes = sorted({(one.profile, one.key, one.drug, one.cls, one.oracle, one.product) for one in left})
    assert not left, f"{len(left)} differences, first {left[0]}\n" + "\n".join(map(str, causes[:60]))


def test_every_explanation_explains_something() -> None:
    everything = [one for which in SETS for one in found(which)]
    idle = [entry["id"] for entry in explained() if not any(covers(entry, one) for one in everything)]
    assert not idle, f"no difference is left that these explain; delete them: {idle}"


@pytest.mark.parametrize("entry", explained(), ids=lambda entry: entry["id"])
def test_an_explanation_says_what_why_and_whose_reading_ships(entry: dict[str, Any]) -> None:
    assert set(entry) == {"id", "differs", "why", "ships", "when"}
    assert entry["ships"] in ("the product's", "the oracle's")
    assert all(isinstance(words, list) and words for words in entry["when"].values())
    assert len(entry["why"]) > 40


@pytest.mark.parametrize("name", grid.PARTIAL)
def test_a_class_that_a_missing_field_could_change_is_not_certain(name: str) -> None:
    """ADR 2; an epidural without a region or an approach is intermediate whichever it is."""
    whole = next(chart for called, chart in grid.situations() if called.startswith(name + " |"))
    answer = product_plan(whole, knowledge()).active.bleeding_class
    if answer.word is not None:
        assert answer.certain == (name not in grid.UNCERTAIN)
        assert answer.certain or answer.missing


def test_a_day_without_a_time_gets_no_datetime() -> None:
    for procedure, form in (("scs_implant", "clopidogrel"), ("esi_caudal", "apixaban 5"), ("mbb_lumbar", "heparin iv")):
        whole = grid.chart(procedure, [grid.medication(form)], start=grid.ON, end=None)
        got = product_plan(whole, knowledge())
        assert not got.final
        assert [getattr(drug, key) for drug in got.active.drugs for key in TIMES] == [None] * len(TIMES)


@pytest.mark.parametrize("bracket", grid.CREATININE)
@pytest.mark.parametrize("procedure", ["mbb_lumbar", "esi_caudal", "scs_implant"])
def test_the_labels_of_dabigatran(procedure: str, bracket: str) -> None:
    """2d: hours before surgery by clearance; the labels class risk, not procedures, so the product's class is taken."""
    whole = grid.chart(procedure, [grid.medication("dabigatran 150")], bracket=bracket)
    start, letter = oracle.instant(grid.START, oracle.zone(whole)), oracle.bracket_of(whole) or "?"
    for answer in product_plan(whole, knowledge()).others:
        if answer.profile not in ("dabigatran-label-eu", "dabigatran-label-us"):
            continue
        risk = t.EU_DABIGATRAN_HIGH_RISK if answer.bleeding_class.word == "high" else t.EU_DABIGATRAN_STANDARD_RISK
        american = next((hours for letters, hours in t.US_DABIGATRAN.items() if letter in letters), None)
        hours = risk.get(letter) if answer.profile.endswith("eu") else american
        if hours is None:
            assert all(drug.stop_at is None for drug in answer.drugs)
            continue
        (drug,) = answer.drugs
        shortest, longest = hours
        assert drug.stop_at == start - oracle.hours(longest)
        assert drug.stop_latest == (None if shortest == longest else start - oracle.hours(shortest))


@pytest.mark.parametrize("tap", [True, False])
@pytest.mark.parametrize("form", ["apixaban 5", "warfarin", "enoxaparin 40", "clopidogrel", "naproxen", "heparin sc"])
def test_restart_after_a_procedure_that_was_done(form: str, tap: bool) -> None:
    """ADR 15: from its end; after blood at the needle 24 h at least, 48 h of apixaban."""
    whole = grid.chart("scs_implant", [grid.medication(form)])
    expected = oracle.restart_of(whole, whole["medications"][0], t.ASRA, "high", tap=tap)
    done = {**whole["request"][0], "id": "P-1", "status": "done", **({"complications": ["bloody-tap"]} if tap else {})}
    whole = {**whole, "as_of": "2026-06-16T12:00", "recorded": "2026-06-16T12:00", "procedures": [done]}
    del whole["request"]
    record = read_chart(grid.as_text(whole), "synthetic.yaml").record
    (fact,) = (fact for fact in record.facts if fact.id == "P-1")
    assert isinstance(fact, Procedure)
    as_of = oracle.instant("2026-06-16T12:00", oracle.zone(whole))
    (drug,) = plan(record, fact, knowledge(), as_of).active.drugs
    keys = (
        ("restart_from", "first_dose") if form == "clopidogrel" else ("restart_from", "restart_earliest", "first_dose")
    )
    assert {key: getattr(drug, key) for key in keys} == {key: expected.get(key) for key in keys}


def test_no_plan_without_a_zone_or_for_a_past_appointment() -> None:
    whole = grid.chart("scs_implant", [grid.medication("clopidogrel")])
    with pytest.raises(UnusableInput):
        product_plan({**whole, "as_of": "2026-06-17"}, knowledge())
    del whole["zone"]
    with pytest.raises(UnusableInput):
        product_plan(whole, knowledge())


def test_the_grid_is_whole() -> None:
    """Every drug form meets every class of the active profile in every bracket that can change its answer."""
    names = {name.rsplit(" | ", 2)[0] for name, _ in grid.cells()}
    for form in grid.RENAL_FORMS:
        for procedure in grid.STAND_IN:
            for bracket in grid.CREATININE:
                assert f"{form} | {procedure} | {bracket}" in names
    assert len(names) > 2000
