"""Generated tests are the same on every machine: examples are derived, and a slow machine is no failure. What takes
longest is begun first, so that no machine waits for it at the end."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("levamen", deadline=None, derandomize=True)
settings.load_profile("levamen")


_LONGEST = "test_one_patient.py"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest story, then the others in a browser, then the rest in their order."""
    items.sort(key=lambda item: (item.path.name != _LONGEST, "browser" not in item.path.parts))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where every program must be there (`.ci/run`), a test that skips for want of one fails."""
    report = yield
    if report.skipped and os.environ.get("LEVAMEN_EVERY_PROGRAM") and "not installed here" in str(report.longrepr):
        report.outcome = "failed"
    return report
