"""What a clinic has not said yet, and what follows from it: told to those who can say it."""

from __future__ import annotations

from msgspec import Struct

from administration.knowledge import none_taken
from administration.models import clinic


class Lack(Struct, frozen=True):
    """One thing that is missing: what, what follows, and the route on which it is proposed."""

    what: str
    follows: str
    route: str
    act: str


def lacking() -> tuple[Lack, ...]:
    """Everything that is missing, the graver first. Asks the database nothing beyond the clinic of the request."""
    found = []
    if none_taken():
        found.append(
            Lack(
                "This clinic has taken no version of the knowledge.",
                "It answers with whatever is installed, so an upgrade would change its answers unseen.",
                "propose_knowledge",
                "Take this version",
            )
        )
    if not clinic().phone:
        found.append(
            Lack(
                "The clinic’s telephone is not set.",
                "Calls, letters and patients’ sheets name no number to call.",
                "propose_governing",
                "Propose it",
            )
        )
    return tuple(found)
