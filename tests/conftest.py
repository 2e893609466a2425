"""Generated tests are the same on every machine: examples are derived, and a slow machine is no failure."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("levamen", deadline=None, derandomize=True)
settings.load_profile("levamen")
