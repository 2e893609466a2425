"""Finding and reading inputs: files, folders, standard input; progress on standard error for many."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from levamen.adapters.any_input import read_any
from levamen.adapters.balance import Reading
from levamen.adapters.chart_moments import FIRST_YEAR, LAST_YEAR, read_moment
from levamen.adapters.chart_reading import BadValueError
from levamen.adapters.completeness_text import parse_complete
from levamen.knowledge.registry import Knowledge, edition_of, known_on
from levamen.pathway.privileges import Privilege, read_privileges
from levamen.record.completeness import Completeness
from levamen.text.tree import UnusableInput

SUFFIXES = (".yaml", ".yml", ".json", ".gz")
LARGEST_FILE = 200_000_000


class BadRequest(ValueError):
    """An option that cannot be used. The message is one sentence."""


def inputs(names: Sequence[str]) -> tuple[list[tuple[str, Path | None]], list[str]]:
    """The inputs named, folders opened in sorted order, and the files of folders that were passed over."""
    found: list[tuple[str, Path | None]] = []
    passed: list[str] = []
    for name in names:
        if name == "-":
            found.append(("standard input", None))
            continue
        path = Path(name)
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.is_file() and not file.name.startswith("."):
                    (found.append((str(file), file)) if file.suffix in SUFFIXES else passed.append(str(file)))
        else:
            found.append((name, path))
    if not found:
        raise BadRequest(f"{', '.join(names)}: no chart and no bundle here; give .yaml, .json or .json.gz files")
    return found, passed


def read(origin: str, path: Path | None, complete: tuple[Completeness, ...], policies: Collection[str]) -> Reading:
    """One input read. Raises UnusableInput."""
    try:
        if path is not None and path.stat().st_size > LARGEST_FILE:
            raise UnusableInput(f"{origin} is larger than 200 MB; give one patient's record")
        data = sys.stdin.buffer.read(LARGEST_FILE + 1) if path is None else path.read_bytes()
    except OSError as error:
        raise UnusableInput(f"{origin} cannot be read: {(error.strerror or str(error)).lower()}") from None
    try:
        return read_any(data, origin, complete, policies)
    except UnusableInput as error:
        if str(error).startswith(origin):
            raise
        raise UnusableInput(f"{origin}: {error}") from None


def with_progress(rows: Sequence[tuple[str, Path | None]]) -> Iterator[tuple[str, Path | None]]:
    """The rows, with a counter on standard error where several are read and nothing else is written to the screen."""
    show = len(rows) > 1 and sys.stderr.isatty() and not sys.stdout.isatty()
    for index, row in enumerate(rows, start=1):
        if show:
            print(f"\r{index} of {len(rows)}", end="", file=sys.stderr, flush=True)
        yield row
    if show:
        print("\r" + " " * 24 + "\r", end="", file=sys.stderr, flush=True)


@contextmanager
def knowledge_at(local: Sequence[Path], when: date | datetime) -> Iterator[Knowledge]:
    """What is known with a clinic's folders, and with what that clinic had adopted by a moment."""
    day_of = when.date() if isinstance(when, datetime) else when
    with known_on(edition_of(local), day_of, local) as knowledge:
        yield knowledge


def declared(texts: Sequence[str]) -> tuple[Completeness, ...]:
    """The --complete options. Raises BadRequest."""
    try:
        return tuple(parse_complete(text) for text in texts)
    except ValueError as error:
        raise BadRequest(f"--complete: {error}") from None


def privileges_in(path: Path | None) -> tuple[Privilege, ...] | None:
    """The clinic's privileges, where a file of them is given. Raises BadRequest, and KnowledgeError of its reader."""
    try:
        return read_privileges(path) if path is not None else None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadRequest(f"--privileges: {path} cannot be read: {reason}") from None


def day(text: str, option: str) -> date:
    """A date option, within the years of a chart. Raises BadRequest."""
    try:
        if len(text) != len("2026-01-01"):
            raise ValueError(text)
        found = date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"{option}: '{text}' is no date; write YYYY-MM-DD") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadRequest(f"{option}: '{text}' is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def moment(text: str | None, reading: Reading) -> date | datetime:
    """The --as-of option in the record's zone, else what the record itself states. Raises BadRequest.

    A date stands for its whole day; a time without offset needs the record's zone, and one that does not exist or
    occurs twice there is refused.
    """
    record = reading.record
    if text is None:
        stated = record.as_of or record.recorded
        if stated is None:
            raise BadRequest(
                f"{reading.origin or record.id} states no as_of and no recorded; say the moment with --as-of YYYY-MM-DD"
            )
        return stated.at or stated.last
    try:
        found = read_moment(text, ZoneInfo(record.zone) if record.zone is not None else None)
    except BadValueError as error:
        raise BadRequest(f"--as-of: {error}") from None
    if not found.exact:
        raise BadRequest(f"--as-of: '{text}' is no single day; write YYYY-MM-DD or YYYY-MM-DDTHH:MM")
    return found.at or found.last
