"""A changed number, mode or class word of a hold profile, dose band or renal rule dies: one at a time, in memory.

A changed row of a hold profile is compared with the literal tables of test_hold_values, for a drug of that row alone;
a dose band and a renal rule with the cases of test_dose_band and test_renal (tests/unit/derive). What survives and is
no other rule stands in EQUIVALENT with its reason.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
import test_hold_values as literal
from msgspec.structs import replace
from table_mutants import (
    band_mutants,
    class_rows,
    escalations,
    fails,
    hold_rows,
    lab_rules,
    renal_mutants,
    restart_rows,
)

from levamen.derive.dose_band import dose_band
from levamen.knowledge.dose_bands import DoseBands, packaged_dose_bands
from levamen.knowledge.holds import Profile, packaged_profiles
from levamen.knowledge.renal import RenalRules, packaged_renal_rules

sys.path.append(str(Path(__file__).parents[1] / "unit" / "derive"))
import test_dose_band as doses
import test_renal as renal

EQUIVALENT: dict[str, str] = {
    "dabigatran-etexilate 1: a_day_at_most 220 -> 221": "once a day at most 220 mg is never more than 220 mg a day",
}
"""Survivors by name that change no answer, each with its reason."""

SURGERY_OR_RADIATION = {
    "decompression-surgery",
    "spinal-fusion",
    "sacroiliac-fusion",
    "disc-replacement",
    "interspinous-spacer",
    "hardware-removal",
    "joint-replacement",
    "microvascular-decompression",
    "other-surgery",
    "radiosurgery",
    "palliative-radiotherapy",
}
"""What counts as "prior surgery or radiation in the field" (dossier 1a, class_escalation) among the therapies."""


@cache
def expected(text: str, profile: str) -> dict[literal.Case, tuple[str, ...]]:
    """A literal table, read once with the true classes of its profile."""
    return _table(text, packaged_profiles()[profile])


_table = literal.table


def rows_die(profile: Profile, drug: str) -> bool:
    """Whether the literal tables notice, for one drug."""
    few = replace(
        profile,
        holds=tuple(row for row in profile.holds if drug in row.drugs),
        restarts=tuple(row for row in profile.restarts if drug in row.drugs),
    )
    id = profile.id
    with (
        patch.object(literal, "PROFILES", {id: few}),
        patch.object(literal, "covered_drugs", lambda: (drug,)),
        patch.object(literal, "table", lambda text, of: expected(text, of.id)),
    ):
        return fails(
            lambda: literal.test_holds(id),
            lambda: literal.test_labs(id),
            lambda: literal.test_restarts(id, "planned", literal.RESTARTS),
            lambda: literal.test_restarts(id, "bloody-tap", literal.BLOODY_TAP),
        )


def whole_dies(profile: Profile, *checks: Callable[[], object]) -> bool:
    """Whether a check of whole profiles notices."""
    every = {**packaged_profiles(), profile.id: profile}
    with patch.object(literal, "PROFILES", every), patch.object(literal, "packaged_profiles", lambda: every):
        return fails(*checks)


def table_survivors(profile: Profile) -> Iterator[str]:
    """The changes of a profile that nothing notices, by name."""
    for index, row in enumerate(profile.holds):
        for name, changed in hold_rows(row, profile):
            mutant = replace(profile, holds=(*profile.holds[:index], changed, *profile.holds[index + 1 :]))
            agreed = name.startswith("agreed") and whole_dies(mutant, literal.test_lengths_if_stopping_is_agreed)
            if not (agreed or rows_die(mutant, min(row.drugs - changed.drugs or row.drugs))):
                yield f"{row.id}: {name}"
    for index, restart in enumerate(profile.restarts):
        for name, other in restart_rows(restart, profile):
            mutant = replace(profile, restarts=(*profile.restarts[:index], other, *profile.restarts[index + 1 :]))
            lead = "lead-out" in (restart.event, other.event)
            noticed = lead and whole_dies(mutant, literal.test_restart_after_the_leads_are_out)
            if not (noticed or rows_die(mutant, min(restart.drugs - other.drugs or restart.drugs))):
                yield f"restart of {restart.id}: {name}"
    yield from class_survivors(profile)


def class_survivors(profile: Profile) -> Iterator[str]:
    for procedure, line in profile.procedures.items():
        for name, reclassed in class_rows(line, profile):
            mutant = replace(profile, procedures={**profile.procedures, procedure: reclassed})
            if not whole_dies(mutant, lambda: literal.test_classes(profile.id)):
                yield f"{procedure}: {name}"
    for word, rules in profile.class_labs.items():
        for index, rule in enumerate(rules):
            for name, limit in lab_rules(rule):
                limits = (*rules[:index], limit, *rules[index + 1 :])
                mutant = replace(profile, class_labs={**profile.class_labs, word: limits})
                if not whole_dies(mutant, literal.test_labs_of_a_class):
                    yield f"labs of class {word}: {name}"
    if profile.escalation is not None:
        for name, escalation in escalations(profile.escalation):
            mutant = replace(profile, escalation=escalation)
            same = escalation.surgeries == SURGERY_OR_RADIATION
            if same and not whole_dies(mutant, lambda: literal.test_escalation(profile.id)):
                yield f"escalation: {name}"


@pytest.mark.parametrize("id", sorted(packaged_profiles()))
def test_no_change_of_a_hold_profile_survives(id: str) -> None:
    assert list(table_survivors(packaged_profiles()[id])) == []


def test_the_surgeries_that_raise_a_class() -> None:
    found = {profile.id: profile.escalation.surgeries for profile in packaged_profiles().values() if profile.escalation}
    assert found == {"asra-pain-2018": SURGERY_OR_RADIATION, "asipp-2024": SURGERY_OR_RADIATION}


def test_the_tables_as_they_are_pass() -> None:
    """A check that always fails would kill everything."""
    for profile in packaged_profiles().values():
        for row in profile.holds:
            assert not rows_die(profile, min(row.drugs)), row.id
        checks = (literal.test_lengths_if_stopping_is_agreed, literal.test_restart_after_the_leads_are_out)
        assert not whole_dies(profile, lambda of=profile.id: literal.test_classes(of), *checks)


def bands_die(table: DoseBands) -> bool:
    for drug, dose, times, band in doses.CASES:
        if dose_band(doses.taken(drug, dose, times), table, doses.GROWN).bands != {band}:
            return True
    low = doses.taken("apixaban", "2.5 mg", 2)
    return any(dose_band(low, table, doses.body(*body)).bands != bands for *body, bands in doses.BODIES)


def test_no_change_of_a_dose_band_survives() -> None:
    assert not bands_die(packaged_dose_bands())
    assert {name for name, table in band_mutants(packaged_dose_bands()) if not bands_die(table)} == set(EQUIVALENT)
    assert all(len(reason) > 15 for reason in EQUIVALENT.values())


def renal_dies(rules: RenalRules) -> bool:
    return any(rules.bracket(Fraction(value)) != above for value, above in renal.BRACKETS) or any(
        rules.longest_age(Fraction(value)) != days for value, days in renal.AGES
    )


def test_no_change_of_a_renal_rule_survives() -> None:
    assert not renal_dies(packaged_renal_rules())
    assert [name for name, rules in renal_mutants(packaged_renal_rules()) if not renal_dies(rules)] == []


def test_changes_are_made_of_every_kind() -> None:
    """The changes themselves, by name: numbers, modes, classes, brackets, marks, laboratory limits."""
    profile = packaged_profiles()["asra-pain-2018"]
    rows = {row.id: row for row in profile.holds}
    prasugrel = [name for name, _ in hold_rows(rows["prasugrel-high"], profile)]
    assert {"longer 10 -> 11", "longer 10 -> 9", "shorter 7 -> 8", "shorter 7 -> 6", "mode none"} <= set(prasugrel)
    assert {"d -> h", "class with low", "mark unverified"} <= set(prasugrel)
    dabigatran = [name for name, _ in hold_rows(rows["dabigatran-etexilate-intermediate-high-30-50"], profile)]
    assert {"at least 30 -> 31", "below 50 -> 49", "class without high"} <= set(dabigatran)
    warfarin = [name for name, _ in hold_rows(rows["warfarin-intermediate-high"], profile)]
    assert {"inr 1.2 -> 1.3", "inr <= turned", "inr within 24 -> 23", "no inr"} <= set(warfarin)
    bands = [name for name, _ in band_mutants(packaged_dose_bands())]
    assert {"apixaban: age_at_least 80 -> 81", "apixaban: -1 of", "apixaban 1: whatever the body"} <= set(bands)
