"""What was worked out and may be used again, in this process, for a while: bounded, and safe for several threads.

A key names everything that the value was worked out from (the record with its head, the day, the knowledge), so that
nothing kept is ever out of date: a write grows the head and makes another key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """At most `most` values; the one that was not used for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not held. Two threads may both make it; one of the two is kept."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            self._held.move_to_end(key)
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        return made

    def __len__(self) -> int:
        return len(self._held)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._held.clear()
