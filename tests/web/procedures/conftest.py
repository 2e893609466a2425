"""A slot today."""

from __future__ import annotations

from typing import Any

import pytest
from day_for_tests import book_today

from procedures.models import Booking


@pytest.fixture
def booked(patient: Any, staff: Any) -> Booking:
    """A left lumbar medial branch block today at nine: every list gone through, nothing asked today."""
    return book_today(patient, staff)
