"""The table of drugs in pumps against the dossier, row by row, and what the loader refuses. A changed number dies."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace

from levamen.derive.pump import Flow
from levamen.derive.pump_checks import over_limits
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.pumps import PumpTable, load_pumps, packaged_pumps
from levamen.knowledge.registry import packaged

TABLE = packaged_pumps()

LIMITS = """
ziconotide-us                    19.2 mcg day           primary
ziconotide-eu                    21.6 mcg day           primary
ziconotide-pacc17-day            19.2 mcg day           unverified
ziconotide-pacc17-concentration   100 mcg concentration unverified
morphine-label-tolerant            10 mg  day           secondary
morphine-label-caution             20 mg  day           secondary
morphine-pacc17-day                15 mg  day           unverified
morphine-pacc17-concentration      20 mg  concentration unverified
hydromorphone-pacc17-day           10 mg  day           unverified
hydromorphone-pacc17-concentration 15 mg  concentration unverified
hydromorphone-pacc12-day            4 mg  day           unverified
hydromorphone-pacc12-concentration 10 mg  concentration unverified
fentanyl-pacc17-day              1000 mcg day           unverified
fentanyl-pacc17-concentration      10 mg  concentration unverified
fentanyl-pacc12-concentration       2 mg  concentration unverified
sufentanil-pacc17-day             500 mcg day           unverified
sufentanil-pacc17-concentration     5 mg  concentration unverified
bupivacaine-pacc17-day-lower       15 mg  day           unverified
bupivacaine-pacc17-day-upper       20 mg  day           unverified
bupivacaine-pacc17-concentration   30 mg  concentration unverified
bupivacaine-pacc12-day             10 mg  day           unverified
bupivacaine-pacc12-concentration   40 mg  concentration unverified
clonidine-pacc17-day              600 mcg day           unverified
clonidine-pacc17-concentration   1000 mcg concentration unverified
baclofen-usual-cerebral           700 mcg day           secondary
baclofen-usual-spinal             800 mcg day           secondary
baclofen-ceiling                 1000 mcg day           secondary
"""
"""Dossier 6.2: PACC (two editions), the labels of ziconotide, Infumorph, digests of baclofen."""
ROWS = [tuple(line.split()) for line in LIMITS.strip().splitlines()]


def passes(table: PumpTable, drug: str, amount: Decimal, unit: str) -> set[str]:
    """The limits passed by a pump that runs one mL a day of a concentration: dose a day and concentration alike."""
    row = {"drug": drug, "concentration": f"{amount} {unit}/mL"}
    return {row.id for row in over_limits(row, {"drugs": (row,)}, Flow(Fraction(1), Fraction(1)), table)}


def holds(table: PumpTable, id: str, amount: str, unit: str) -> bool:
    """Not over at the amount and below it, over just above it."""
    drug, number, least = id.split("-")[0], Decimal(amount), Decimal("0.01")
    found = [id in passes(table, drug, value, unit) for value in (number - least, number, number + least)]
    return found == [False, False, True]


def test_every_limit_stands_here() -> None:
    assert [limit.id for limit in TABLE.limits] == [row[0] for row in ROWS]


@pytest.mark.parametrize(("id", "amount", "unit", "of", "mark"), ROWS)
def test_limit(id: str, amount: str, unit: str, of: str, mark: str) -> None:
    (limit,) = (row for row in TABLE.limits if row.id == id)
    assert (limit.of, limit.unit, limit.says.cites[0].mark) == (of, unit, mark)
    assert holds(TABLE, id, amount, unit)


def mutants() -> Iterator[tuple[str, PumpTable]]:
    for index, limit in enumerate(TABLE.limits):
        for step in (Fraction(-1), Fraction(1)):
            moved = replace(limit, milligrams=limit.milligrams + step / (1000 if limit.unit == "mcg" else 1))
            yield limit.id, replace(TABLE, limits=(*TABLE.limits[:index], moved, *TABLE.limits[index + 1 :]))


def test_a_changed_limit_dies() -> None:
    literal = {row[0]: row for row in ROWS}
    survivors = [id for id, table in mutants() if holds(table, id, literal[id][1], literal[id][2])]
    assert survivors == []


def test_other_numbers() -> None:
    """Dossier 6.2 and 6.4: ages of a fill, slowest and fastest flow, alarm; the discrepancy is a setting of ours."""
    assert [(row.drug, row.when, row.days) for row in TABLE.ages] == [
        ("ziconotide", "first-fill", 14),
        ("ziconotide", "diluted", 40),
        ("ziconotide", "any", 84),
        ("morphine", "any", 180),
    ]
    assert {row.says.cites[0].mark for row in TABLE.ages[:3]} == {"primary"}
    assert TABLE.ages[3].says.cites[0].mark == "unverified"
    assert (TABLE.lowest.ml_per_day, TABLE.lowest.says.cites[0].mark) == (Fraction("0.048"), "primary")
    assert (TABLE.highest.ml_per_day, TABLE.highest.says.cites[0].mark) == (24, "unverified")
    assert (TABLE.alarm_ml, TABLE.discrepancy_ml, TABLE.discrepancy_percent) == (2, 2, 20)
    assert TABLE.discrepancy.cites[0].mark == "unverified"
    assert TABLE.approved.drugs == {"morphine", "ziconotide"}
    assert TABLE.not_approved.drugs == {"hydromorphone", "bupivacaine", "fentanyl", "clonidine"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("amount: 19.2, unit: mcg", "amount: 19.2, unit: g", "'g' is no unit"),
        ("amount: 19.2, unit: mcg", "amount: 0, unit: mcg", "no amount above 0"),
        ("{drug: morphine, of: day", "{drug: morphin, of: day", "'morphin' is not in drugs"),
        ("of: day, amount: 10,", "of: week, amount: 10,", "'week' is no of"),
        ("days: 14,", "days: 14.5,", "a whole number"),
        ("when: diluted", "when: thinned", "'thinned' is no when"),
        ("model: synchromed, says: 'SynchroMed II runs at 0", "model: SynchroMed, says: 'runs at 0", "small letters"),
        ("{words: [morphine, ziconotide], says", "{words: [], says", "no words"),
        ("{words: [morphine, ziconotide], says", "{words: [morphine, prialt], says", "'prialt' is not in drugs"),
        ("source: PRIALT-EU, locator: 'SmPC 4.2'", "source: NOBODY, locator: x", "'NOBODY' is not in"),
        ("more_left:\n", "left_more:\n", "'left_more' is not known"),
    ],
)  # fmt: skip
def test_what_the_loader_refuses(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (Path(__file__).parents[2] / "src/levamen/knowledge/drugs/pumps.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "pumps.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"pumps\.yaml") as refused:
        load_pumps(path, packaged().sources)
    assert says in str(refused.value)
