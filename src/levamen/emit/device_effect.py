"""Implants that may have lost their effect, on the page of devices: told first, with what to check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from levamen.emit.device import DeviceWriter, Section
from levamen.emit.json_values import Json, statement, without_empty
from levamen.emit.words import capital
from levamen.outcomes.device_effect import DeviceEffect
from levamen.pathway.headline import day_words, target_words
from levamen.pathway.response import Response
from levamen.record.facts import Procedure


def lost(found: Response) -> Sequence[tuple[Procedure, DeviceEffect]]:
    """The implants whose effect is lost by the record."""
    rows = ((one.procedure, one.device) for one in found.procedures)
    return tuple(
        (procedure, effect) for procedure, effect in rows if effect is not None and effect.answer.word == "yes"
    )


def lost_effects(found: Response) -> Section:
    """The section of a page; none where no effect is lost."""

    def written(writer: DeviceWriter) -> Iterator[str]:
        for index, (procedure, effect) in enumerate(lost(found)):
            if index == 0:
                yield from writer.heading("Effect lost")
            since = f" since {day_words(effect.since)}" if effect.since is not None else ""
            told = f"{capital(target_words(procedure))} ({procedure.id}): effect lost{since}: {effect.answer.reason}"
            yield from writer.wrapped(f"{told} {writer.cites(effect.answer.cites)}", "  ", "    ")
            for row in effect.check:
                yield from writer.wrapped(f"- {capital(row.says)} {writer.cites(row.cites)}", "  ", "    ")

    return written


def documents(found: Response) -> Mapping[str, Sequence[Json]]:
    """The same as data; nothing where no effect is lost."""
    rows = [
        without_empty(
            {
                "procedure": procedure.id,
                "since": effect.since.isoformat() if effect.since is not None else None,
                "reason": effect.answer.reason,
                "read": list(effect.answer.read),
                "check": [statement(row) for row in effect.check],
            }
        )
        for procedure, effect in lost(found)
    ]
    return {"effect_lost": rows} if rows else {}
