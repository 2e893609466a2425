"""Every factor, threshold and pace against the dossier's own numbers; a file that could mislead is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from levamen.knowledge.agents import folder
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.opioids import Factor, Opioids, Pace, load_opioids, packaged_opioids
from levamen.knowledge.registry import packaged
from levamen.record.timeline import Duration

FACTORS = {
    "cdc-2022": {
        "codeine": ("oral", "mg", "0.15"),
        "fentanyl": ("transdermal", "mcg/h", "2.4"),
        "hydrocodone": ("oral", "mg", "1.0"),
        "hydromorphone": ("oral", "mg", "5.0"),
        "methadone": ("oral", "mg", "4.7"),
        "morphine": ("oral", "mg", "1.0"),
        "oxycodone": ("oral", "mg", "1.5"),
        "oxymorphone": ("oral", "mg", "3.0"),
        "tapentadol": ("oral", "mg", "0.4"),
        "tramadol": ("oral", "mg", "0.2"),
    },
    "cdc-2016": {
        "codeine": ("oral", "mg", "0.15"),
        "fentanyl": ("transdermal", "mcg/h", "2.4"),
        "hydrocodone": ("oral", "mg", "1"),
        "hydromorphone": ("oral", "mg", "4"),
        "morphine": ("oral", "mg", "1"),
        "oxycodone": ("oral", "mg", "1.5"),
        "oxymorphone": ("oral", "mg", "3"),
    },
}
METHADONE_2016 = [("1", "20", "4"), ("21", "40", "8"), ("41", "60", "10"), ("61", None, "12")]
ABSENT = {"cdc-2022": set(), "cdc-2016": {"tapentadol", "tramadol"}}
WITHOUT = {
    ("buprenorphine", frozenset()),
    ("butorphanol", frozenset()),
    ("dihydrocodeine", frozenset()),
    ("fentanyl", frozenset({"buccal-sublingual", "intranasal"})),
    ("levorphanol", frozenset()),
    ("meperidine", frozenset()),
    ("pentazocine", frozenset()),
}
THRESHOLDS = [("mme-50", "cdc-2022", "50"), ("mme-50", "cdc-2016", "50"), ("mme-90", "cdc-2016", "90")]
WEEKS, MONTH = "weeks", "months"
TAPERS = {
    "hhs-common": ([("20", 4, WEEKS)], False, None, None, "secondary"),
    "cdc-long": ([("10", 1, MONTH)], False, None, "a-year-or-more", "secondary"),
    "cdc-short": ([("10", 1, WEEKS)], True, "30", "weeks-to-months", "secondary"),
    "fda": ([("10", 4, WEEKS), ("25", 2, WEEKS)], False, None, None, "unverified"),
    "pittsburgh": ([("25", None, None)], False, None, None, "primary"),
}
TABLE = packaged_opioids()


def check(found: Opioids) -> None:
    """Everything that can be compared with the dossier (assessment-and-outcomes, section 5)."""
    for id, rows in FACTORS.items():
        table = found.tables[id]
        flat = {drug: row for drug, row in table.factors.items() if drug in rows}
        assert set(table.factors) == set(rows) | {"methadone"}
        assert {drug: (row.route, row.unit, row.flat) for drug, row in flat.items()} == {
            drug: (route, unit, Decimal(factor)) for drug, (route, unit, factor) in rows.items()
        }
        assert set(table.absent) == ABSENT[id]
        source = {"cdc-2022": "S91", "cdc-2016": "S92"}[id]
        assert {(row.cites[0].source, row.cites[0].mark) for row in table.factors.values()} == {(source, "primary")}
    methadone = found.tables["cdc-2016"].factors["methadone"]
    assert (methadone.route, methadone.unit) == ("oral", "mg")
    assert [(row.low, row.high, row.factor) for row in methadone.bands] == [
        (Decimal(low), Decimal(high) if high else None, Decimal(factor)) for low, high, factor in METHADONE_2016
    ]
    assert {(row.drug, row.routes) for row in found.without} == WITHOUT
    assert [(row.says.id, row.table, row.mme) for row in found.thresholds] == [
        (id, table, Decimal(mme)) for id, table, mme in THRESHOLDS
    ]
    assert {row.says.cites[0].mark for row in found.thresholds} == {"secondary"}
    got = {
        row.id: (list(row.paces), row.of_original, row.until_left, row.use, row.says.cites[0].mark)
        for row in found.tapers
    }
    assert got == {
        id: (
            [
                Pace(Decimal(percent), Duration(Decimal(every), unit) if every is not None else None)
                for percent, every, unit in paces
            ],
            original,
            Decimal(left) if left else None,
            use,
            mark,
        )
        for id, (paces, original, left, use, mark) in TAPERS.items()
    }
    assert (found.prompts["monitoring-database"].months, found.prompts["urine-drug-screen"].months) == (3, 12)
    assert (found.prompts["age-65"].years, found.scope.years, found.contact.months) == (65, 18, 1)
    assert found.scope.conditions >= {"cancer", "sickle-cell-disease", "limited-life-expectancy"}
    assert "Not for converting between opioids" in found.notice.says


def test_the_packaged_file_is_the_dossier() -> None:
    check(TABLE)


def test_the_two_years_differ_as_the_dossier_says() -> None:
    old, new = TABLE.tables["cdc-2016"].factors, TABLE.tables["cdc-2022"].factors
    assert {drug for drug in old if old[drug].bands != new[drug].bands} == {"hydromorphone", "methadone"}
    assert set(new) - set(old) == {"tapentadol", "tramadol"}


def mutants() -> Iterator[tuple[str, Opioids]]:
    for id, table in TABLE.tables.items():
        for drug, row in table.factors.items():
            for name, changed in _factors(row):
                factors = {**table.factors, drug: changed}
                yield f"{id} {name}", replace(TABLE, tables={**TABLE.tables, id: replace(table, factors=factors)})
            left = {name: one for name, one in table.factors.items() if name != drug}
            yield f"{id} without {drug}", replace(TABLE, tables={**TABLE.tables, id: replace(table, factors=left)})
    for index, threshold in enumerate(TABLE.thresholds):
        rows = list(TABLE.thresholds)
        rows[index] = replace(threshold, mme=threshold.mme + 1)
        yield f"{threshold.table} {threshold.says.id} + 1", replace(TABLE, thresholds=tuple(rows))
    for index, rule in enumerate(TABLE.tapers):
        for which, pace in enumerate(rule.paces):
            paces = list(rule.paces)
            paces[which] = Pace(pace.percent + 1, pace.every)
            tapers = list(TABLE.tapers)
            tapers[index] = replace(rule, paces=tuple(paces))
            yield f"{rule.id} + 1 %", replace(TABLE, tapers=tuple(tapers))
        turned = list(TABLE.tapers)
        turned[index] = replace(rule, of_original=not rule.of_original)
        yield f"{rule.id} of the other", replace(TABLE, tapers=tuple(turned))
    for id in ("monitoring-database", "urine-drug-screen"):
        prompt = TABLE.prompts[id]
        later = replace(prompt, months=(prompt.months or 0) + 1)
        yield f"{id} a month later", replace(TABLE, prompts={**TABLE.prompts, id: later})
    yield "adults from 19", replace(TABLE, scope=replace(TABLE.scope, years=19))
    yield "one drug without a factor less", replace(TABLE, without=TABLE.without[1:])


def _factors(row: Factor) -> Iterator[tuple[str, Factor]]:
    for index, band in enumerate(row.bands):
        for step in (Decimal("0.1"), Decimal("-0.1")):
            bands = list(row.bands)
            bands[index] = replace(band, factor=band.factor + step)
            yield f"{row.drug} band {index} {step}", replace(row, bands=tuple(bands))
        if band.high is not None:
            bands = list(row.bands)
            bands[index] = replace(band, high=band.high + 1)
            yield f"{row.drug} band {index} wider", replace(row, bands=tuple(bands))
    yield f"{row.drug} by another route", replace(row, route="intravenous")
    yield f"{row.drug} in another unit", replace(row, unit="mg" if row.unit == "mcg/h" else "mcg/h")
    cite = row.cites[0]
    yield f"{row.drug} unverified", replace(row, cites=(type(cite)(cite.source, cite.locator, "unverified"),))


def test_a_changed_value_dies() -> None:
    survivors = []
    count = 0
    for name, changed in mutants():
        count += 1
        try:
            check(changed)
        except AssertionError:
            continue
        survivors.append(name)
    assert survivors == []
    assert count > 100


Change = Callable[[dict[str, object]], None]


def _first(data: dict[str, object]) -> dict[str, object]:
    return data["tables"]["cdc-2022"]["factors"][0]


def _bands(data: dict[str, object]) -> list[dict[str, object]]:
    return data["tables"]["cdc-2016"]["factors"][4]["bands"]


REFUSED: list[tuple[str, Change, str]] = [
    ("no source", lambda data: _first(data).pop("source") and None, "no source"),
    ("no locator", lambda data: _first(data).pop("locator") and None, "no locator"),
    ("no mark", lambda data: _first(data).pop("mark") and None, "no mark"),
    ("a factor of 0", lambda data: _first(data).update(factor=0), "above 0"),
    ("an unknown drug", lambda data: _first(data).update(drug="codein"), "nearest: codeine"),
    ("an unknown route", lambda data: _first(data).update(route="orally"), "not in drug_routes"),
    ("an unknown unit", lambda data: _first(data).update(unit="mcg"), "no unit"),
    ("a drug twice", lambda data: _first(data).update(drug="morphine"), "stands twice"),
    ("an unknown key", lambda data: _first(data).update(formula="dose * 2"), "not known here"),
    ("bands that overlap", lambda data: _bands(data)[0].update(high=21), "overlap"),
    ("a factor and bands", lambda data: _first(data).update(bands=[{"low": 1, "factor": 2}]), "either one factor"),
    ("no checked", lambda data: data.pop("checked") and None, "no checked"),
    ("another table", lambda data: data["tables"].update({"ours": data["tables"]["cdc-2022"]}), "each by itself"),
]


@pytest.mark.parametrize(("change", "says"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_file_that_could_mislead_is_refused(change: Change, says: str, tmp_path: Path) -> None:
    data = yaml.load((folder() / "opioids.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - text alone
    change(data)
    path = tmp_path / "opioids.yaml"
    path.write_text(_written(data), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=says) as refusal:
        load_opioids(path, packaged().sources)
    assert str(path) in str(refusal.value)


def _written(data: object) -> str:
    """As YAML whose numbers are numbers again: the loader above read everything as text."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {_written(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(_written, data)) + "]"
    text = str(data)
    plain = text.replace(".", "", 1).isdigit() and text != "2016"
    return text if plain else "'" + text.replace("'", "''") + "'"


def test_the_file_written_again_is_the_same(tmp_path: Path) -> None:
    """So that the refusals above are of what was changed."""
    data = yaml.load((folder() / "opioids.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - text alone
    path = tmp_path / "opioids.yaml"
    path.write_text(_written(data), encoding="utf-8")
    check(load_opioids(path, packaged().sources))
