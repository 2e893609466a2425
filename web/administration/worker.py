"""The administration's job: what waiting proposals would change is worked out."""

from __future__ import annotations

from administration.effects import work_out
from administration.models import Proposal


def effects() -> int:
    """The effects that nobody has worked out yet."""
    waiting = list(Proposal.objects.filter(decision=Proposal.Decision.WAITING, effect=None).order_by("at")[:5])
    for proposal in waiting:
        work_out(proposal)
    return len(waiting)


JOBS = {"effects of proposals": effects}
