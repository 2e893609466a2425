"""Generated tests are the same on every machine: examples are derived, and a slow machine is no failure."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("levamen", deadline=None, derandomize=True)
settings.load_profile("levamen")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where every program must be there (`.ci/run`), a test that skips for want of one fails."""
    report = yield
    if report.skipped and os.environ.get("LEVAMEN_EVERY_PROGRAM") and "not installed here" in str(report.longrepr):
        report.outcome = "failed"
    return report
