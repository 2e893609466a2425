"""What the worker does for the follow-up: keeps what is due in step with the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from follow_up.dues import keep_up

JOBS: Mapping[str, Callable[[], int]] = {"follow-up": keep_up}
