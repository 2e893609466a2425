"""How many people of a hundred: icons of whole persons, four rows of twenty-five, with the counts in words.

Whole-person icons were among the best recalled and best liked of six kinds (Zikmund-Fisher 2014). Below 1 of 100 icons
mislead, and are refused: there the words and one larger denominator stand alone. The counts always come first.
"""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from levamen.emit.pictures.canvas import ACCENT, INK, RED, Canvas, Table, length, wide
from levamen.text.tree import UnusableInput

ROWS, COLUMNS = 4, 25
_CELL, _TALL, _EDGE = 16, 34, 8
WIDTH = COLUMNS * _CELL + 2 * _EDGE
_LARGER = (1_000, 10_000, 100_000, 1_000_000)


class Phrases(Struct, frozen=True, kw_only=True):
    """The fixed words, for whoever shows it in another language. The names in braces are filled in."""

    counted: str = "{events} of {whole} {what}"
    about: str = "about {events} of {whole}"
    exact: str = "{events} of {whole}"
    rest: str = "{events} {other}"
    could_be: str = "could be up to {events} of {whole}"
    head: tuple[str, str, str] = ("What", "People", "Of 100")
    not_drawn: str = "not drawn"
    thousands: str = ","


ENGLISH = Phrases()


class Rate(Struct, frozen=True, kw_only=True):
    """So many of so many people, as a source or a clinic counted them.

    `what` follows the count ("were better"), `other` that of the rest ("were not"). `who` tells of whom it is said, a
    whole sentence with its source. `could_be`: with no event, the most of 100 it could be, where somebody worked it
    out. `note` stands under it: how sure, or that it awaits confirmation. Raises ValueError for impossible counts.
    """

    events: int
    of: int
    what: str
    other: str
    who: str
    harm: bool = False
    could_be: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.of < 1 or not 0 <= self.events <= self.of:
            raise ValueError(f"{self.events} of {self.of} cannot be: write a count from 0 to at least 1 person")

    @property
    def of_hundred(self) -> Fraction:
        """Exactly."""
        return Fraction(self.events * 100, self.of)

    @property
    def drawn(self) -> bool:
        """Whether icons may show it: at least 1 of 100."""
        return self.of_hundred >= 1

    @property
    def icons(self) -> int:
        """How many of the hundred icons are filled; all of them, or none, only where that is so."""
        return min(_rounded(self.of_hundred), 99 if self.events < self.of else 100)


def _rounded(value: Fraction) -> int:
    return (value + Fraction(1, 2)).__floor__()


def words(rate: Rate, phrases: Phrases = ENGLISH) -> tuple[str, ...]:
    """The counts in sentences: as counted, then of a hundred, or of the first larger number with at least one."""
    whole, events = _number(rate.of, phrases), _number(rate.events, phrases)
    first = phrases.counted.format(events=events, whole=whole, what=rate.what)
    more = _of_more(rate, phrases)
    rest = phrases.rest.format(events=_number(rate.of - rate.events, phrases), other=rate.other)
    return (f"{first}{f': {more}' if more else ''}.", f"{rest}.")


def _of_more(rate: Rate, phrases: Phrases) -> str:
    if rate.events == 0:
        return phrases.could_be.format(events=rate.could_be, whole=100) if rate.could_be is not None else ""
    if rate.of == 100:
        return ""
    if rate.drawn:
        pattern = phrases.exact if rate.of_hundred == rate.icons else phrases.about
        return pattern.format(events=rate.icons, whole=100)
    larger = next((row for row in _LARGER if rate.events * row >= rate.of), _LARGER[-1])
    share = Fraction(rate.events * larger, rate.of)
    pattern = phrases.exact if share.denominator == 1 else phrases.about
    return pattern.format(events=_rounded(share), whole=_number(larger, phrases))


def _number(value: int, phrases: Phrases) -> str:
    return f"{value:,}".replace(",", phrases.thousands)


def table(rate: Rate, phrases: Phrases = ENGLISH) -> Table:
    """The counts; of 100 only where icons may show it."""
    shown = (str(rate.icons), str(100 - rate.icons)) if rate.drawn else (phrases.not_drawn,) * 2
    counts = ((rate.what, rate.events, shown[0]), (rate.other, rate.of - rate.events, shown[1]))
    return Table(
        rate.who,
        phrases.head,
        tuple(
            (label, phrases.exact.format(events=_number(count, phrases), whole=_number(rate.of, phrases)), share)
            for label, count, share in counts
        ),
    )


def svg(rate: Rate, *, phrases: Phrases = ENGLISH, name: str = "icons") -> str:
    """The picture. Raises UnusableInput for a rate under 1 of 100, which has words alone."""
    if not rate.drawn:
        raise UnusableInput(f"{rate.events} of {rate.of} is under 1 of 100, where icons mislead: use its words alone")
    canvas, said, rows = Canvas(name), words(rate, phrases), table(rate, phrases).rows
    y = canvas.lines(_EDGE, 18, rate.who, WIDTH - 2 * _EDGE, 13)
    top = y - 8
    colour = RED if rate.harm else ACCENT
    for row, places, filled in ((0, range(rate.icons), True), (1, range(rate.icons, 100), False)):
        with canvas.group("; ".join(rows[row]), data_row=row):
            if len(places):
                canvas.path(
                    "".join(_person(place, top) for place in places),
                    class_="people on" if filled else "people off",
                    fill=colour if filled else "none",
                    stroke=colour if filled else INK,
                    stroke_width=1,
                    stroke_linejoin="round",
                )
    y = top + ROWS * _TALL + 24
    _count(canvas, y, rate.icons, phrases.exact if rate.of_hundred == rate.icons else phrases.about, rate.what)
    y += 26
    _count(canvas, y, 100 - rate.icons, "{events}", rate.other)
    y = canvas.lines(_EDGE, y + 22, said[0], WIDTH - 2 * _EDGE, 13)
    if rate.note:
        y = canvas.lines(_EDGE, y + 2, rate.note, WIDTH - 2 * _EDGE, 12)
    told = " ".join(filter(None, (*said, rate.note)))
    return canvas.drawn(WIDTH, y - 4, rate.who, told)


def _count(canvas: Canvas, y: float, count: int, pattern: str, what: str) -> None:
    """A count of a hundred in large figures, within its words."""
    before, _, after = pattern.partition("{events}")
    x = float(_EDGE)
    if before:
        canvas.write(x, y, before.strip(), 14)
        x += wide(before, 14)
    canvas.write(x, y, str(count), 22, bold=True)
    canvas.write(x + len(str(count)) * 15 + 5, y, f"{after.format(whole=100)} {what}".strip(), 14)


def _person(place: int, top: float) -> str:
    """One person as a closed path: head, and body with arms and legs."""
    row, column = divmod(place, COLUMNS)
    x, y = _EDGE + column * _CELL + _CELL / 2, top + row * _TALL
    return (
        f"M{length(x - 3.1)} {length(y + 4.5)}a3.1 3.1 0 1 1 6.2 0a3.1 3.1 0 1 1 -6.2 0Z"
        f"m-2 5.5h10.2v8.5h-2.1v10.5h-6v-10.5h-2.1Z"
    )
