"""`levamen night-check`: tomorrow's list in, per patient every stop and the three things that matter, with owners."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct

from levamen.adapters.balance import Reading
from levamen.adapters.chart_moments import read_moment
from levamen.adapters.chart_reading import BadValueError
from levamen.adapters.procedure_list import Entry, ProcedureList, Skipped, read_list
from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, knowledge_at, moment, privileges_in, read
from levamen.cli.output import complain, write_data, write_text
from levamen.derive.views import local_day, zone_of
from levamen.emit.night_view import Examined, NightCheck
from levamen.emit.terminal import PLAIN, look_of
from levamen.knowledge.edition import using
from levamen.knowledge.holds import packaged_profiles
from levamen.knowledge.night_order import packaged_night_order
from levamen.knowledge.registry import edition_of, packaged, with_local
from levamen.pathway.assess import assess
from levamen.pathway.night_check import in_order, night
from levamen.pathway.periprocedural.plan import DEFAULT_PROFILE, plan
from levamen.pathway.privileges import Privilege
from levamen.record.facts import Record, Request
from levamen.text.tree import UnusableInput

PROCESSES = 2
"""At most: a clinic's machine has other work to do."""
_WORTH_A_PROCESS = 40
"""Below this many rows a second process costs more than it saves."""
_CHUNK = 8


OWN = "own"
"""What `--as-of` says where each chart's own moment is meant although the list states another."""


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of every row. Without `as_of`, as of each chart's own moment."""

    as_of: str | None
    as_of_named: str
    profiles: tuple[str, ...]
    privileges: tuple[Privilege, ...] | None
    local: tuple[Path, ...]


def run(options: argparse.Namespace) -> int:
    """Exit 0 all examined, 2 none, 3 some skipped and the rest examined."""
    path = Path(options.list)
    held = read_list(_bytes(path), options.list, path.parent)
    asked = Asked(
        as_of=_as_of(options, held),
        as_of_named="--as-of" if options.as_of is not None else f"{options.list}: as_of",
        profiles=_profiles(options.profile),
        privileges=privileges_in(options.privileges),
        local=tuple(options.local),
    )
    _refuse_bad_moment(asked)
    found: list[Examined] = []
    skipped = list(held.skipped)
    for entry, answer in zip(
        held.entries, _with_progress(_answers(held.entries, asked), len(held.entries)), strict=True
    ):
        if isinstance(answer, Examined):
            found.append(answer)
        else:
            why = f"{options.list}, {entry.place}: {answer}"
            skipped.append(Skipped(place=entry.place, why=why, chart=entry.chart, request=entry.request))
    check = _check(options.list, found, skipped, asked)
    for row in check.skipped:
        complain(row.why)
    _write(check, options)
    if not check.skipped:
        return ANSWERED
    return SOME_UNUSABLE if check.examined else UNUSABLE


def _as_of(options: argparse.Namespace, held: ProcedureList) -> str | None:
    """The option, else what the list states, else nothing: each chart's own moment. The page says how old that is."""
    if options.as_of is not None:
        return None if options.as_of == OWN else str(options.as_of)
    return held.as_of


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableInput(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None


def _profiles(named: Sequence[str]) -> tuple[str, ...]:
    known = packaged_profiles()
    for name in named:
        if name not in known:
            raise BadRequest(f"--profile: '{name}' is no hold profile; known: {', '.join(sorted(known))}")
    return tuple(named) or (DEFAULT_PROFILE,)


def _refuse_bad_moment(asked: Asked) -> None:
    """A moment that no chart could be asked at is refused once, not once a row; whether it exists is of each zone."""
    if asked.as_of is None:
        return
    try:
        found = read_moment(asked.as_of, zone_of(Record(id="")))
    except BadValueError as error:
        raise BadRequest(f"{asked.as_of_named}: {error}") from None
    if not found.exact:
        raise BadRequest(f"{asked.as_of_named}: '{asked.as_of}' is no single day; write YYYY-MM-DD or YYYY-MM-DDTHH:MM")


def _check(name: str, found: Sequence[Examined], skipped: Sequence[Skipped], asked: Asked) -> NightCheck:
    with using(edition_of(asked.local)):
        knowledge = with_local(asked.local)
    rows = {id(row.night): row for row in found}
    return NightCheck(
        list=name,
        examined=tuple(rows[id(held)] for held in in_order(row.night for row in found)),
        skipped=tuple(sorted(skipped, key=lambda row: int(row.place.split()[1]))),
        order=packaged_night_order(),
        profiles=asked.profiles,
        privileges=asked.privileges is not None,
        knowledge=knowledge.hash,
        knowledge_date=knowledge.date,
    )


def _answers(entries: Sequence[Entry], asked: Asked) -> Iterator[Examined | str]:
    """The answer to each row in the order of the list, or in one sentence why there is none.

    Many rows are shared between two processes; where a machine cannot start a second one, the first does all.
    """
    done = 0
    if len(entries) >= _WORTH_A_PROCESS:
        try:
            with ProcessPoolExecutor(PROCESSES) as pool:
                for answer in pool.map(_answer, entries, [asked] * len(entries), chunksize=_CHUNK):
                    yield answer
                    done += 1
        except (OSError, ImportError, NotImplementedError, BrokenProcessPool):
            pass  # No semaphores, no room, or a process that was ended: what is left is answered here.
    for entry in entries[done:]:
        yield _answer(entry, asked)


def _answer(entry: Entry, asked: Asked) -> Examined | str:
    try:
        return _examined(entry, asked)
    except (UnusableInput, BadRequest) as error:
        return str(error)


def _examined(entry: Entry, asked: Asked) -> Examined:
    reading = read(entry.chart, entry.path, (), packaged().policies)
    request = _request(reading.record, entry)
    as_of = _moment(reading, asked)
    with knowledge_at(asked.local, as_of) as knowledge:
        made = plan(reading.record, request, knowledge, as_of, profiles=asked.profiles, privileges=asked.privileges)
        answers = assess(reading.record, knowledge, as_of, requests=(request,)).questions
    if not answers:
        raise UnusableInput(f"{entry.chart}: the record says that the patient has died; take the row off the list")
    found = night(made, answers[0], as_of, owner=entry.owner, reviewed=_reviewed(reading.record, as_of))
    return Examined(night=found, place=entry.place, chart=entry.chart, balance=reading.balance)


def _request(record: Record, entry: Entry) -> Request:
    for request in record.requests:
        if request.id == entry.request:
            return request
    known = ", ".join(request.id for request in record.requests)
    raise BadRequest(f"{entry.chart} has no request '{entry.request}'; {f'it has {known}' if known else 'it has none'}")


def _moment(reading: Reading, asked: Asked) -> date | datetime:
    try:
        return moment(asked.as_of, reading)
    except BadRequest as error:
        raise BadRequest(str(error).replace("--as-of: ", f"{asked.as_of_named}: ", 1)) from None


def _reviewed(record: Record, as_of: date | datetime) -> date | None:
    """The day on which the whole drug list was last gone through, as known then."""
    today = local_day(as_of, zone_of(record))
    days = [
        row.reviewed.last
        for row in record.completeness
        if row.reviewed is not None and row.reviewed.last <= today and row.speaks_of("medications", None, None)
    ]
    return max(days, default=None)


def _with_progress(answers: Iterator[Examined | str], total: int) -> Iterator[Examined | str]:
    """The answers, with a counter on standard error where somebody watches."""
    show = total > 1 and sys.stderr.isatty()
    for index, answer in enumerate(answers, start=1):
        if show:
            print(f"\r{index} of {total} examined", end="", file=sys.stderr, flush=True)
        yield answer
    if show:
        print("\r" + " " * 32 + "\r", end="", file=sys.stderr, flush=True)


def _write(check: NightCheck, options: argparse.Namespace) -> None:
    made = _rendered(check, options)
    if options.output is not None:
        try:
            options.output.write_bytes(made.encode())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise BadRequest(f"--output: {options.output} cannot be written: {reason}") from None
    elif options.format == "text":
        write_text(made)
    else:
        write_data(made)


def _rendered(check: NightCheck, options: argparse.Namespace) -> str:
    match options.format:
        case "json":
            from levamen.emit import night_json

            return night_json.encode(check).decode() + "\n"
        case "html" | "paper":
            from levamen.emit import night_page

            return night_page.page(check) if options.format == "html" else night_page.paper(check)
        case _:
            from levamen.emit import night as pages

            look = PLAIN if options.output is not None else look_of(sys.stdout)
            return pages.text(check, everything=options.all, look=look)
