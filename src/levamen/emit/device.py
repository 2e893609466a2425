"""The page of the devices of a record: a head, one section for each kind of device, and the sources.

A section is a function of the writer: `stimulators` and `pump` give one each. Another kind of device adds its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from levamen.adapters.balance import Reading
from levamen.emit.terminal import PLAIN, Look, balance_line
from levamen.emit.view import Sources
from levamen.emit.words import dates_in_words
from levamen.emit.writer import Writer
from levamen.pathway.headline import day_words


class DeviceWriter(Writer):
    """What sections write with. Days stand in their words as a person writes them."""

    def wrapped(self, text: str, indent: str = "", following: str | None = None) -> Iterator[str]:
        yield from super().wrapped(dates_in_words(text), indent, following)


Section = Callable[[DeviceWriter], Iterator[str]]
"""The lines of one kind of device; none where the record has none."""


def page(
    patient: str,
    as_of: date,
    sections: Sequence[Section],
    reading: Reading,
    *,
    checked: date,
    sources: Sources | None = None,
    look: Look = PLAIN,
) -> str:
    """The page of one record. `sources`: absent, the packaged ones."""
    writer = DeviceWriter(sources, look)
    return "\n".join(_lines(writer, patient, as_of, sections, reading, checked)) + "\n"


def _lines(
    writer: DeviceWriter, patient: str, as_of: date, sections: Sequence[Section], reading: Reading, checked: date
) -> Iterator[str]:
    yield from writer.title(f"{patient}: devices, as known {day_words(as_of)}")
    told = [line for section in sections for line in section(writer)]
    yield from told or writer.wrapped("No stimulator, nothing on the way to one and no pump is recorded.")
    yield ""
    yield from writer.wrapped(balance_line(reading.balance))
    yield from writer.wrapped(f"Tables last checked against their sources {day_words(checked)}.")
    if writer.numbers:
        yield from writer.heading("Sources")
    yield from writer.cited()
