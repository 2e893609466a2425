"""Every small change of a table: a number by one unit, another mode, class, drug, dose, route, bracket, mark or limit.

Each function yields the name of a change and the changed row; nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeVar, get_args

from msgspec.structs import replace

from levamen.criteria.nodes import MARKS, Operator
from levamen.knowledge.dose_bands import BANDS, BandRow, DoseBands
from levamen.knowledge.holds import (
    Bracket,
    ClassRow,
    Escalation,
    HoldMode,
    HoldRow,
    LabRule,
    Length,
    LengthUnit,
    Profile,
    RestartRow,
)
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.renal import RenalRules

TURNED: dict[Operator, Operator] = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
OTHER_UNIT: dict[LengthUnit, LengthUnit] = {"h": "d", "d": "h", "half-lives": "d"}
Row = TypeVar("Row", HoldRow, RestartRow)

FAILURES = (AssertionError, KnowledgeError, ValueError, IndexError, StopIteration)
"""How a test says no: by its assertion, or because the row that it looks for is not there."""


def fails(*checks: Callable[[], object]) -> bool:
    """Whether some check says no."""
    for check in checks:
        try:
            check()
        except FAILURES:
            return True
    return False


def moved(number: Decimal) -> Iterator[tuple[str, Decimal]]:
    """One unit up and one down; of a number with decimals also one of the last place."""
    places = number.as_tuple().exponent
    steps = {Decimal(1), Decimal((0, (1,), min(int(places), 0)))}
    for step in sorted(steps):
        for changed in (number - step, number + step):
            if changed >= 0:
                yield f"{number} -> {changed}", changed


def lengths(length: Length | None) -> Iterator[tuple[str, Length]]:
    if length is None:
        return
    for name, changed in moved(length.most):
        if length.least == length.most:
            yield name, replace(length, least=changed, most=changed)
        elif changed >= length.least:
            yield f"longer {name}", replace(length, most=changed)
    for name, changed in moved(length.least):
        if changed <= length.most and length.least != length.most:
            yield f"shorter {name}", replace(length, least=changed)
    other = OTHER_UNIT[length.unit]
    yield f"{length.unit} -> {other}", replace(length, unit=other)


def brackets(bracket: Bracket | None) -> Iterator[tuple[str, Bracket | None]]:
    if bracket is None:
        return
    yield "any clearance", None
    if bracket.at_least is not None:
        yield from ((f"at least {name}", replace(bracket, at_least=new)) for name, new in moved(bracket.at_least))
    if bracket.below is not None:
        yield from ((f"below {name}", replace(bracket, below=new)) for name, new in moved(bracket.below))


def less_one(words: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    yield from ((f"without {word}", words - {word}) for word in sorted(words) if len(words) > 1)


def whom(row: Row, profile: Profile) -> Iterator[tuple[str, Row]]:
    """Another class, drug, dose, route or clearance."""
    for name, classes in less_one(row.classes):
        yield f"class {name}", replace(row, classes=classes)
    for word in sorted(set(profile.classes) - row.classes):
        yield f"class with {word}", replace(row, classes=row.classes | {word})
    for name, drugs in less_one(row.drugs):
        yield f"drug {name}", replace(row, drugs=drugs)
    for field, held in (("doses", row.doses), ("routes", row.routes)):
        if held:
            yield f"any {field}", replace(row, **{field: frozenset()})
        yield from ((f"{field} {name}", replace(row, **{field: left})) for name, left in less_one(held))
    yield from ((name, replace(row, clearance=bracket)) for name, bracket in brackets(row.clearance))
    cite = row.cites[0]
    for mark in MARKS:
        if mark != cite.mark:
            yield f"mark {mark}", replace(row, cites=(replace(cite, mark=mark), *row.cites[1:]))


def lab_rules(rule: LabRule) -> Iterator[tuple[str, LabRule]]:
    if rule.amount is not None:
        yield from ((f"{rule.tests[0]} {name}", replace(rule, amount=new)) for name, new in moved(rule.amount))
    if rule.operator is not None:
        yield f"{rule.tests[0]} {rule.operator} turned", replace(rule, operator=TURNED[rule.operator])
    for name, within in lengths(rule.within):
        yield f"{rule.tests[0]} within {name}", replace(rule, within=within)


def hold_rows(row: HoldRow, profile: Profile) -> Iterator[tuple[str, HoldRow]]:
    for name, length in lengths(row.length):
        yield name, replace(row, length=length)
    for mode in get_args(HoldMode):
        if mode != row.mode:
            day = Length(Decimal(1), Decimal(1), "d") if mode == "hold" else None
            yield f"mode {mode}", replace(row, mode=mode, length=day, notify=False)
    if row.mode == "none":
        yield "notify", replace(row, notify=not row.notify)
    if row.indication is not None:
        yield "any indication", replace(row, indication=None)
        yield "other indication", replace(row, indication="primary" if row.indication == "secondary" else "secondary")
    for index, rule in enumerate(row.labs):
        for name, changed in lab_rules(rule):
            yield name, replace(row, labs=(*row.labs[:index], changed, *row.labs[index + 1 :]))
        yield f"no {rule.tests[0]}", replace(row, labs=(*row.labs[:index], *row.labs[index + 1 :]))
    if row.agreed is not None:
        for name, length in lengths(row.agreed.length):
            yield f"agreed {name}", replace(row, agreed=replace(row.agreed, length=length))
    yield from whom(row, profile)


def restart_rows(row: RestartRow, profile: Profile) -> Iterator[tuple[str, RestartRow]]:
    for name, after in lengths(row.after):
        yield name, replace(row, after=after)
    if row.none:
        yield "a day after all", replace(row, none=False, after=Length(Decimal(1), Decimal(1), "d"))
    else:
        yield "never", replace(row, none=True, after=None)
    yield "other event", replace(row, event="bloody-tap" if row.event == "planned" else "planned")
    yield from whom(row, profile)


def class_rows(row: ClassRow, profile: Profile) -> Iterator[tuple[str, ClassRow]]:
    for word in profile.classes:
        if word != row.word:
            yield f"class {word}", replace(row, word=word)
    yield "mapped", replace(row, mapped=not row.mapped)


def escalations(rule: Escalation) -> Iterator[tuple[str, Escalation]]:
    for name, concepts in less_one(rule.concepts):
        yield name, replace(rule, concepts=concepts)
    for name, surgeries in less_one(rule.surgeries):
        yield name, replace(rule, surgeries=surgeries)
    if rule.drugs_together is not None:
        for step in (-1, 1):
            yield f"drugs together {step:+}", replace(rule, drugs_together=rule.drugs_together + step)
    yield from ((name, replace(rule, clearance=bracket)) for name, bracket in brackets(rule.clearance))


def band_mutants(table: DoseBands) -> Iterator[tuple[str, DoseBands]]:
    for drug, rows in table.rows.items():
        for index, row in enumerate(rows):
            for name, changed in band_rows(row):
                put = (*rows[:index], changed, *rows[index + 1 :])
                yield f"{drug} {index + 1}: {name}", replace(table, rows={**table.rows, drug: put})
    for drug, rule in table.reduced.items():
        for field in ("age_at_least", "weight_kg_at_most", "creatinine_mg_dl_at_least"):
            for name, number in moved(getattr(rule, field)):
                other = replace(rule, **{field: number})
                yield f"{drug}: {field} {name}", replace(table, reduced={**table.reduced, drug: other})
        for step in (-1, 1):
            other = replace(rule, of=rule.of + step)
            yield f"{drug}: {step:+} of", replace(table, reduced={**table.reduced, drug: other})


def band_rows(row: BandRow) -> Iterator[tuple[str, BandRow]]:
    for field in ("at_most", "a_day_at_most", "times_a_day"):
        if (number := getattr(row, field)) is not None:
            yield from ((f"{field} {name}", replace(row, **{field: changed})) for name, changed in moved(number))
    for band in BANDS:
        if band != row.band:
            yield f"band {band}", replace(row, band=band)
    if row.unless_reduced:
        yield "whatever the body", replace(row, unless_reduced=False)


def renal_mutants(rules: RenalRules) -> Iterator[tuple[str, RenalRules]]:
    for index, cut in enumerate(rules.cuts):
        for name, changed in moved(cut):
            yield f"cut {name}", replace(rules, cuts=(*rules.cuts[:index], changed, *rules.cuts[index + 1 :]))
        yield f"no cut at {cut}", replace(rules, cuts=(*rules.cuts[:index], *rules.cuts[index + 1 :]))
    for step in (-1, 1):
        yield f"days {step:+}", replace(rules, days=rules.days + step)
        yield f"days of a low clearance {step:+}", replace(rules, days_low=rules.days_low + step)
    yield from ((f"low {name}", replace(rules, low=changed)) for name, changed in moved(rules.low))
