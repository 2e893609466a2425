"""The section of a pump on the page of a record's devices, and the same as data: what is due, why, and what to look at.

The page that holds the section numbers its sources: `cite` gives the sign of each citation.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

from levamen.criteria.nodes import Cite
from levamen.derive.periods import shown
from levamen.derive.pump import Bound
from levamen.derive.pump_checks import Residual
from levamen.emit.device import DeviceWriter, Section
from levamen.emit.json_values import Json, cites, decimal, interval, iso, statement, without_empty
from levamen.emit.terminal import PLAIN, Look, plain_text
from levamen.emit.words import MARK_WORDS, capital, printable
from levamen.pathway.headline import day_words
from levamen.pathway.refill import Refill
from levamen.record import codes

Citing = Callable[[Sequence[Cite]], str]

KINDS = {
    "alarm": "volume reaches the alarm",
    "drug-age": "age of the drug",
    "interval": "the clinic's longest interval",
    "battery": "battery",
}
"""What binds, as it is shown."""
STANDINGS = {
    "overdue": "OVERDUE: see the patient now",
    "book": "book now",
    "later": "not yet to be booked",
    "unknown": "not known: find out today",
}


def named(found: Sequence[Cite]) -> str:
    """Each source by its id with its place and, where it is weaker than the issuer's text, how well it is known."""
    told = []
    for cite in found:
        mark = MARK_WORDS.get(cite.mark)
        told.append(f"{cite.source}, {cite.locator}{f', {mark}' if mark else ''}")
    return f"[{'; '.join(told)}]" if told else ""


def section(found: Refill, *, look: Look = PLAIN, cite: Citing = named) -> tuple[str, ...]:
    """The lines of one pump, without a heading above or an empty line below."""
    return tuple(line for indent, text in _texts(found, cite) for line in _wrapped(text, indent, look))


def pumps(found: Sequence[Refill]) -> Section:
    """The section of all pumps on the page of devices."""

    def written(writer: DeviceWriter) -> Iterator[str]:
        for index, one in enumerate(found):
            if index == 0:
                yield from writer.heading("Pumps")
            else:
                yield ""
            yield from section(one, look=writer.look, cite=writer.cites)

    return written


def _texts(found: Refill, cite: Citing) -> Iterator[tuple[str, str]]:
    device, due = found.device, found.schedule
    model = f", {device.model}" if device.model else ", model not recorded"
    yield "", f"{capital(codes.label('devices', device.kind or ''))} {device.id}{model}"
    if due.refill is not None:
        least = "" if found.sure else "at the latest "
        yield "  ", f"Refill due {least}{_moment(due.refill)} ({KINDS[due.refill.kind]}): {STANDINGS[found.standing]}"
    else:
        yield "  ", f"Refill due: {STANDINGS[found.standing]}"
        yield from (("    - ", f"{capital(reason)}.") for reason in due.reasons)
        if due.latest is not None:
            yield "  ", f"At the latest {_moment(due.latest)} ({KINDS[due.latest.kind]}), probably earlier"
    if due.book_by is not None:
        yield "  ", f"Book on or before {day_words(due.book_by)}"
    if due.bounds:
        yield "  ", "What limits this fill:"
        for bound in due.bounds:
            yield "    - ", f"{_moment(bound)}: {capital(bound.says)} {cite(bound.cites)}".rstrip()
    if due.open:
        yield "  ", "Not known; any of these could make it earlier:"
        yield from (("    - ", capital(text)) for text in due.open)
    if found.unread:
        yield "  ", f"Could not be read and was not used: {', '.join(found.unread)}"
    if due.replacement is not None:
        late = ": REACHED, the pump is to be replaced" if found.replacement_overdue else ""
        yield "  ", f"Replacement due {_moment(due.replacement)} ({due.replacement.says}){late}"
    yield "  ", _residual(found.residual)
    if found.warnings:
        yield "  ", "To look at (no dose is proposed here):"
        for warned in found.warnings:
            said = f": {warned.says}" if warned.says else ""
            yield "    ! ", f"{capital(warned.found)}{said} {cite(warned.cites)}".rstrip()
    if found.notes:
        yield "  ", "What is said of it:"
        yield from (("    - ", f"{capital(note.says)} {cite(note.cites)}") for note in found.notes)


def _residual(found: Residual | str) -> str:
    if isinstance(found, str):
        return f"Residual against what was expected: cannot be compared, {found}"
    told = f"Residual {float(found.actual):g} mL, expected {shown(found.expected)} mL"
    return f"{told}: APART. {capital(found.meaning.says)}" if found.meaning is not None else f"{told}: as expected"


def _moment(bound: Bound) -> str:
    """The day, with its hour where that is known."""
    clock = f" {bound.at:%H:%M}" if bound.clock else ""
    return f"{day_words(bound.day)}{clock}"


def _wrapped(text: str, indent: str, look: Look) -> Iterable[str]:
    return textwrap.wrap(
        plain_text(printable(text), look),
        look.width,
        initial_indent=indent,
        subsequent_indent=" " * (len(indent) if indent.strip() else len(indent) + 2),
        break_on_hyphens=False,
    )


def document(found: Refill) -> Json:
    """One pump as plain data: absent, never null."""
    device, due = found.device, found.schedule
    return without_empty(
        {
            "id": device.id,
            "kind": device.kind,
            "model": device.model,
            "refill_due": _bound(due.refill) if due.refill is not None else "unknown",
            "refill_is": None if due.refill is None else "exact" if found.sure else "at-the-latest",
            "refill_at_the_latest": _bound(due.latest) if due.refill is None and due.latest is not None else None,
            "book_by": iso(due.book_by),
            "standing": found.standing,
            "removal_due": _bound(due.replacement) if due.replacement is not None else None,
            "removal_overdue": found.replacement_overdue if due.replacement is not None else None,
            "limits": [_bound(bound) for bound in due.bounds],
            "reasons": list(due.reasons),
            "not_recorded": list(due.open),
            "unread": list(found.unread),
            "ml_per_day": decimal(due.flow.programmed, up=True) if due.flow is not None else None,
            "ml_per_day_at_most": decimal(due.flow.most, up=True) if due.flow is not None else None,
            "residual": _residual_json(found.residual),
            "warnings": [
                without_empty({"id": row.id, "found": row.found, "says": row.says, "cites": cites(row.cites)})
                for row in found.warnings
            ],
            "notes": [statement(row) for row in found.notes],
        }
    )


def _bound(bound: Bound) -> Json:
    return without_empty(
        {
            "day": bound.day.isoformat(),
            "at": bound.at.isoformat(timespec="minutes") if bound.clock else None,
            "by": bound.kind,
            "says": bound.says,
            "cites": cites(bound.cites),
        }
    )


def _residual_json(found: Residual | str) -> Json:
    if isinstance(found, str):
        return {"unknown": found}
    return without_empty(
        {
            "actual_ml": decimal(found.actual, up=True),
            "expected_ml": interval(found.expected),
            "apart": found.flagged,
            "meaning": statement(found.meaning) if found.meaning is not None else None,
        }
    )
