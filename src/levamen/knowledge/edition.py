"""Which knowledge is in use: the folder it is read from, and what a clinic has adopted of it.

Every table is read once per edition and kept. The packaged edition is the default; `using` sets another for a while, in
this thread and no other: a clinic's adoptions as they stood on a day, or the folder of an older version.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cached_property, wraps
from importlib import resources
from inspect import signature
from pathlib import Path
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from msgspec import Struct

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Adoption(Struct, frozen=True, kw_only=True):
    """A row that awaited confirmation, signed by a named clinician for one clinic.

    `value` is the row's id (`policies/cons_l20/block-relief`), `says` and `fingerprint` what the row said when it
    was signed: a row that says something else today is not adopted. It counts from the day `on`, until the day before
    `until`.
    """

    value: str
    fingerprint: str
    says: str
    by: str
    reason: str
    on: date
    until: date | None = None

    def in_force(self, day: date) -> bool:
        return self.on <= day and (self.until is None or day < self.until)


class Edition(Struct, frozen=True, dict=True):
    """A knowledge folder with the adoptions that count in it."""

    root: Path
    adoptions: tuple[Adoption, ...] = ()

    @cached_property
    def signed(self) -> str:
        """What was adopted, as text: part of every hash of what is known; empty where nothing was."""
        return ";".join(f"{row.value}={row.fingerprint}/{row.by}/{row.on}/{row.reason}" for row in self.adoptions)

    @cached_property
    def key(self) -> str:
        """Tells editions apart."""
        return f"{self.root}|{self.signed}"

    @cached_property
    def adopted(self) -> Mapping[str, Adoption]:
        """The adoptions by the id of their row."""
        return {row.value: row for row in self.adoptions}

    def at(self, day: date) -> Edition:
        """The same folder with what was adopted on a day."""
        return Edition(self.root, tuple(row for row in self.adoptions if row.in_force(day)))


PACKAGED = Edition(Path(str(resources.files("levamen.knowledge"))))
_CURRENT: ContextVar[Edition] = ContextVar("edition", default=PACKAGED)


def edition() -> Edition:
    """The edition in use."""
    return _CURRENT.get()


def root() -> Path:
    """The knowledge folder in use."""
    return _CURRENT.get().root


@contextmanager
def using(chosen: Edition) -> Iterator[Edition]:
    """Another edition, until the block ends."""
    token = _CURRENT.set(chosen)
    try:
        yield chosen
    finally:
        _CURRENT.reset(token)


_KEPT: OrderedDict[str, dict[tuple[object, ...], Any]] = OrderedDict()
_LOCK = Lock()
EDITIONS_KEPT = 16
"""How many editions are kept beside the packaged one, the latest used: a process that answers for years has many."""


def _kept() -> dict[tuple[object, ...], Any]:
    """What was found for the edition in use. Several threads may use several editions at once."""
    key = _CURRENT.get().key
    with _LOCK:
        found = _KEPT.setdefault(key, {})
        _KEPT.move_to_end(key)
        while len(_KEPT) > EDITIONS_KEPT + 1:
            del _KEPT[next(old for old in _KEPT if old not in (PACKAGED.key, key))]
    return found


_TABLES: list[Callable[[], object]] = []
"""What is kept for each edition and asks for no argument: the tables of every module that was imported."""


def read_tables() -> None:
    """Reads every table at once, for the edition in use: for a program that answers for long, and whose first page is
    not to wait for what the hundredth has at hand."""
    for table in tuple(_TABLES):
        table()


def per_edition(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Keeps what a function of hashable arguments found, once for each edition.

    Two threads that ask first at the same time may both look for it; they get the same.
    """

    @wraps(function)
    def found(*args: _P.args, **named: _P.kwargs) -> _T:
        kept = _kept()
        key = (function, args, tuple(sorted(named.items())))
        if key in kept:
            answer: _T = kept[key]
            return answer
        # The first that is found is kept, so that every thread has the same.
        first: _T = kept.setdefault(key, function(*args, **named))
        return first

    if not signature(function).parameters:
        _TABLES.append(found)
    return found
