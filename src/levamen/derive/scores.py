"""An instrument's score from its answers: exact, with what is missing, what it could still be, and its bands.

0 is an answer. A form with gaps has a score only where the instrument's own rule says so; then `low` and `high` say
what the complete form could have given. Nothing here is rounded but what a rule itself rounds (PHQ-9).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct

from levamen.criteria.nodes import MARKS, Cite, Mark
from levamen.knowledge.instruments import LEFT_OUT, instrument, instrument_ids
from levamen.knowledge.instruments.rows import Band, BandSet, Instrument, Item
from levamen.record import codes
from levamen.text.tree import UnusableInput

Answer: TypeAlias = Decimal | int | None
SEXES = ("female", "male")
_HALF = Fraction(1, 2)


class BandFound(Struct, frozen=True, kw_only=True):
    """The band of a score in one authority's set. `certain`: every completion of the form would fall in it too."""

    id: str
    label: str
    patient: str
    certain: bool
    cites: tuple[Cite, ...]


class Scored(Struct, frozen=True, kw_only=True):
    """A score, or why there is none.

    `low` and `high`: what the form gives whatever the unanswered items would be; absent where there is no total.
    `prorated`: given in spite of gaps, by the instrument's own rule. `entered`: the total was given, not the answers.
    `error`: standard error. `other`: what another copy of the table prints. `version`: of the table that was used.
    `codes`: of a profile, one an item, None where unanswered.
    """

    instrument: Instrument
    value: Fraction | None
    reason: str | None
    answers: Mapping[str, Decimal | None]
    n_answered: int
    prorated: bool = False
    entered: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    error: Fraction | None = None
    other: Fraction | None = None
    subscales: Mapping[str, Fraction | None] = {}
    codes: tuple[Decimal | None, ...] = ()
    bands: tuple[BandFound, ...] = ()
    cites: tuple[Cite, ...]
    version: str

    @property
    def n_items(self) -> int:
        return len(self.instrument.items)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the unanswered items, in order."""
        return tuple(name for name, answer in self.answers.items() if answer is None)

    @property
    def mark(self) -> Mark:
        """The weakest mark among what the score rests on."""
        return max((cite.mark for cite in self.cites), key=MARKS.index)


def scorable(id: str) -> Instrument:
    """The instrument of an id or synonym. Raises UnusableInput, or UnknownWord naming the nearest."""
    if id in LEFT_OUT:
        raise UnusableInput(f"{id} is not scored by this version: {LEFT_OUT[id]}")
    known = codes.resolve("instruments", id)
    if known not in instrument_ids():
        raise UnusableInput(f"{known} is recorded by its value; this version has no scoring for its items")
    return instrument(known)


def score(of: Instrument, answers: Mapping[str, Answer] | Sequence[Answer], sex: str | None = None) -> Scored:
    """The score of a form. `answers`: by item name, or all of them in published order; None is unanswered.

    `sex` is used only where the points depend on it (ORT). Raises UnusableInput for an unknown item, a wrong number of
    answers, or an answer that the form does not have.
    """
    given = _checked(of, _named(of, answers))
    answered = {name: answer for name, answer in given.items() if answer is not None}
    if of.scoring.kind == "profile":
        return _profile(of, given, answered)
    sexes = (sex,) if sex in SEXES or not of.by_sex else SEXES
    bounds = [_bounds(of, answered, who) for who in sexes]
    low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    value, reason = _settled(of, given, {who: _value(of, answered, who) for who in sexes})
    gaps = value is not None and len(answered) < len(given)
    subscales = {name: _subtotal(of, row.items, answered) for name, row in of.subscales.items()}
    looked_up = _points(of.items, answered, sexes[0]) if value is not None and of.scoring.table else None
    raw = int(looked_up) if looked_up is not None else None
    return Scored(
        instrument=of,
        value=value,
        reason=reason,
        answers=given,
        n_answered=len(answered),
        prorated=gaps,
        low=low,
        high=high,
        error=_printed(of.scoring.errors, raw),
        other=_printed(of.scoring.other, raw),
        subscales=subscales,
        bands=_bands(of, value, (low, high), subscales, not gaps),
        cites=_cites(of, raw, gaps),
        version=of.version,
    )


def _profile(of: Instrument, given: Mapping[str, Decimal | None], answered: Mapping[str, Decimal]) -> Scored:
    """A code an item and no total."""
    return Scored(
        instrument=of,
        value=None,
        reason=of.scoring.unscored if len(answered) == len(given) else _gaps(of, given),
        answers=given,
        n_answered=len(answered),
        codes=tuple(item.scored(answered[item.name]) if item.name in answered else None for item in of.items),
        cites=of.scoring.cites,
        version=of.version,
    )


def entered(of: Instrument, value: Decimal | int) -> Scored:
    """A total as given, with its bands. Raises UnusableInput where the instrument cannot have it."""
    if not of.low <= value <= of.high:
        raise UnusableInput(f"total={value} is outside the range of {of.id}, {of.low} to {of.high}")
    exact = Fraction(value)
    return Scored(
        instrument=of,
        value=exact,
        reason=None,
        answers={item.name: None for item in of.items},
        n_answered=0,
        entered=True,
        low=exact,
        high=exact,
        bands=_bands(of, exact, (exact, exact), {}, True),
        cites=of.scoring.cites,
        version=of.version,
    )


def _named(of: Instrument, answers: Mapping[str, Answer] | Sequence[Answer]) -> Mapping[str, Answer]:
    if not of.items:
        raise UnusableInput(f"of {of.id} only the total may be entered ({of.licence.holder}); write total=NUMBER")
    if isinstance(answers, Mapping):
        for name in answers:
            if of.item(name) is None:
                raise UnusableInput(f"{of.id} has no item {name}; its items are {_range(of)}")
        return answers
    if len(answers) != len(of.items):
        raise UnusableInput(
            f"{of.id} has {len(of.items)} items, and {len(answers)} answers are given; leave a place empty for each gap"
        )
    if not of.ordered:
        raise UnusableInput(f"the printed order of {of.id} is not known here; name each answer, such as q1=3")
    return {item.name: answer for item, answer in zip(of.items, answers, strict=True)}


def _range(of: Instrument) -> str:
    return of.items[0].name if len(of.items) == 1 else f"{of.items[0].name} to {of.items[-1].name}"


def _checked(of: Instrument, answers: Mapping[str, Answer]) -> dict[str, Decimal | None]:
    """Every item in the form's own order, whatever the order of the answers."""
    found: dict[str, Decimal | None] = {}
    for item in of.items:
        answer = answers.get(item.name)
        found[item.name] = None if answer is None else Decimal(answer)
        if answer is not None and not item.low <= answer <= item.high:
            raise UnusableInput(f"{of.id} {item.name}: {answer} is outside {item.low} to {item.high}")
        if answer is not None and item.whole and answer != int(answer):
            raise UnusableInput(f"{of.id} {item.name}: {answer} is no whole number from {item.low} to {item.high}")
    return found


def _points(items: Iterable[Item], answered: Mapping[str, Decimal], sex: str | None) -> Fraction:
    """The sum of the points. Of one item nothing is added; of several all are whole, so that decimals add exactly."""
    points = [item.scored(answered[item.name], sex) for item in items if item.name in answered]
    return Fraction(sum(points[1:], points[0])) if points else Fraction()


def _value(of: Instrument, answered: Mapping[str, Decimal], sex: str | None) -> Fraction | None:
    """The value where the rule for gaps lets one be given."""
    count, total, rule = len(answered), len(of.items), of.missing.rule
    if not count or (rule != "unanswered-is-no" and count < of.missing.least):
        return None
    points = _points(of.items, answered, sex)
    if rule == "unanswered-is-no":
        return _scaled(of, points, total)
    if count < total and of.scoring.kind == "sum":
        points = points * total / count
        if of.missing.round_half_up:
            points = Fraction((points + _HALF).__floor__())
    return _scaled(of, points, count)


def _scaled(of: Instrument, points: Fraction, count: int) -> Fraction:
    """The value of the points of so many items."""
    match of.scoring.kind:
        case "mean":
            return points / count
        case "percent":
            return points * 100 / (count * Fraction(of.items[0].extremes()[1]))
        case "table":
            return Fraction(of.scoring.table[Decimal(int(points))])
        case _:
            return points * Fraction(of.scoring.factor)


def _bounds(of: Instrument, answered: Mapping[str, Decimal], sex: str | None) -> tuple[Fraction, Fraction]:
    """The least and the most that the complete form can give."""
    points = _points(of.items, answered, sex)
    ends = [item.extremes(sex) for item in of.items if item.name not in answered]
    low, high = (points + Fraction(sum(side)) for side in zip(*ends, strict=True)) if ends else (points, points)
    return _scaled(of, low, len(of.items)), _scaled(of, high, len(of.items))


def _settled(
    of: Instrument, given: Mapping[str, Decimal | None], values: Mapping[str | None, Fraction | None]
) -> tuple[Fraction | None, str | None]:
    """The value if there is one, whoever the patient is; else why not."""
    found = set(values.values())
    if None in found:
        return None, _gaps(of, given)
    if len(found) == 1:
        return found.pop(), None
    said = ", ".join(f"{who} {value}" for who, value in values.items())
    return (
        None,
        f"its points depend on sex, which is not given as female or male ({said}); write sex=female or sex=male",
    )


def _gaps(of: Instrument, given: Mapping[str, Decimal | None]) -> str:
    names = [name for name, answer in given.items() if answer is None]
    if len(names) == len(given):
        return "no item is answered"
    least = of.missing.least
    need = f"all {len(given)} are needed" if least == len(given) else f"at least {least} of {len(given)} are needed"
    return f"not answered: {', '.join(names)}; {need}"


def _subtotal(of: Instrument, names: Sequence[str], answered: Mapping[str, Decimal]) -> Fraction | None:
    if not all(name in answered for name in names):
        return None
    return _points((item for item in of.items if item.name in names), answered, None)


def _bands(
    of: Instrument,
    value: Fraction | None,
    bounds: tuple[Fraction, Fraction],
    subscales: Mapping[str, Fraction | None],
    complete: bool,
) -> tuple[BandFound, ...]:
    if value is None:
        return ()
    found = []
    for row in of.bands:
        band = _band(row, value, subscales)
        if band is None:
            continue
        certain = complete or all(_band(row, end, subscales) is band for end in bounds)
        # Where an empty box counts as no, an empty form would look like a well patient: a band must then be certain.
        if certain or of.missing.rule == "from-answered":
            found.append(BandFound(id=row.id, label=band.label, patient=band.patient, certain=certain, cites=row.cites))
    return tuple(found)


def _band(row: BandSet, value: Fraction, subscales: Mapping[str, Fraction | None]) -> Band | None:
    """The last band that is reached; none where that hangs on a subscale that is not known."""
    reached: Band | None = None
    for band in row.rows:
        measured = value if band.of is None else subscales.get(band.of)
        if measured is None:
            # A subscale is part of its total, and never above it.
            if value >= band.low:
                return None
            continue
        if measured > band.low or (measured == band.low and not band.above):
            reached = band
    return reached


def _cites(of: Instrument, raw: int | None, gaps: bool) -> tuple[Cite, ...]:
    """What the score rests on: the scoring, points that differ, the rule for gaps, the other copy of the table."""
    items = [cite for item in of.items if item.own_points for cite in item.cites]
    other = of.scoring.other_cites if raw is not None and Decimal(raw) in of.scoring.other else ()
    return tuple(dict.fromkeys((*of.scoring.cites, *items, *other, *(of.missing.cites if gaps else ()))))


def _printed(table: Mapping[Decimal, Decimal], raw: int | None) -> Fraction | None:
    found = table.get(Decimal(raw)) if raw is not None else None
    return None if found is None else Fraction(found)


def shown(value: Fraction) -> str:
    """A score for a reader: a whole number as it is, else one decimal, halves up; two where it is below 1 (EQ-5D)."""
    if value.denominator == 1:
        return str(value.numerator)
    places = 1 if abs(value) >= 1 else 2
    scale = 10**places
    rounded = (abs(value) * scale + _HALF).__floor__()
    return f"{'-' if value < 0 else ''}{rounded // scale}.{rounded % scale:0{places}d}"


def decimal_of(value: Fraction) -> Decimal:
    """The score as a decimal: exact where it has one, else rounded to four places, halves up."""
    places = _finite_places(value)
    scale: int = 10 ** (4 if places is None else places)
    scaled = (abs(value) * scale + _HALF).__floor__()
    return Decimal(scaled if value >= 0 else -scaled) / scale


def disagrees(found: Scored, stated: Decimal) -> bool:
    """Whether a stated total is not what the answers give.

    A total that has an exact decimal is stated exactly; one that has none may be rounded to the places it shows.
    """
    if found.value is None:
        return True
    if _finite_places(found.value) is not None:
        return Fraction(stated) != found.value
    scale: int = 10 ** max(0, -int(stated.as_tuple().exponent))
    return Fraction(stated) * scale != (found.value * scale + _HALF).__floor__()


def _finite_places(value: Fraction) -> int | None:
    """How many decimals write the value exactly; None where no number of them does."""
    places, rest = 0, value.denominator
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest //= 10 if rest % 10 == 0 else 2 if rest % 2 == 0 else 5
        places += 1
    return places if rest == 1 else None
