"""The results' own job."""

from __future__ import annotations

from results.working import work

JOBS = {"own results": work}
