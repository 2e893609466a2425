"""The note of a procedure as plain text, to copy into another record system. Every line comes from the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from levamen.emit.plan.words import day_words
from levamen.emit.words import capital
from levamen.record import codes
from levamen.record.facts import Request
from procedures.agents import agent_words
from procedures.models import Booking
from procedures.record_form import NONE_ASKED, Differs, NeedleRow
from procedures.sides import target_text, therapy_words


def note(
    booking: Booking, done: Request, draft: Mapping[str, Any], needles: Sequence[NeedleRow],
    differs: Sequence[Differs], start: datetime, end: datetime, reason: str = "",
) -> str:  # fmt: skip
    """The whole note."""
    return "\n".join(_lines(booking, done, draft, needles, differs, start, end, reason)) + "\n"


def _lines(
    booking: Booking, done: Request, draft: Mapping[str, Any], needles: Sequence[NeedleRow],
    differs: Sequence[Differs], start: datetime, end: datetime, reason: str,
) -> Iterator[str]:  # fmt: skip
    patient = booking.patient
    yield f"PROCEDURE: {therapy_words(done)}"
    yield f"LEVELS AND SIDE: {target_text(done)}"
    yield f"Patient: {patient}, MRN {patient.mrn}"
    yield f"Date: {day_words(start.date())}, start {start:%H:%M}, end {end:%H:%M}"
    yield f"Place and operator: {booking.room}, {booking.operator}"
    for name, vocabulary in (("guidance", "guidance"), ("contrast", "contrast"), ("sedation", "sedation")):
        value = getattr(done, name)
        yield f"{capital(name)}: {codes.label(vocabulary, value) if value else 'not recorded'}"
    drugs = [_agent(row, held) for row, held in zip(done.agents, draft["agents"], strict=True)]
    yield f"Drugs: {'; '.join(drugs) or 'none'}"
    written = [row for row in needles if row.needle or row.volume]
    for row in written:
        yield f"Needle: {row.target}, {row.side}: {', '.join(part for part in (row.needle, row.volume) if part)}"
    if needles and not written:
        yield f"Needles: {'; '.join(f'{row.target}, {row.side}' for row in needles)}"
    yield f"X-rays: {_xrays(draft)}"
    yield f"Immediate events: {events_words(draft['events'])}"
    for one in differs:
        yield f"Differs from the plan: {one.field}: planned {one.planned}; done {one.done}"
    if reason:
        yield f"Why it differs: {reason}"
    if draft.get("remarks"):
        yield f"Remarks: {draft['remarks']}"


def _agent(agent: Any, held: Mapping[str, str]) -> str:
    return agent_words(agent) + (f", lot {held['lot']}" if held.get("lot") else ", lot not recorded")


def _xrays(draft: Mapping[str, Any]) -> str:
    said = [
        f"{words} {draft[name]}{unit}"
        for name, words, unit in (
            ("fluoroscopy_s", "screening", " s"), ("dap", "dose–area product", " Gy·cm²"),
            ("air_kerma_mgy", "air kerma", " mGy"), ("images", "images kept", ""), ("contrast_ml", "contrast", " mL"),
        )
        if draft.get(name)
    ]  # fmt: skip
    return ", ".join(said) or "not recorded"


def events_words(events: Sequence[str]) -> str:
    """What happened at the table: none is only said where it was asked."""
    if not events:
        return "not asked"
    if NONE_ASKED in events:
        return "none, asked"
    return ", ".join(codes.label("events", word) for word in events)
