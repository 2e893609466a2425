"""The team's own job: answers to referrals that are overdue become tasks."""

from __future__ import annotations

from team.referrals import remind

JOBS = {"referrals": remind}
