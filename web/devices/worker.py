"""The devices' own job: the board kept up to date, and each refill that is to be booked given to somebody."""

from __future__ import annotations

from devices.outlook import refresh

JOBS = {"device board": refresh}
