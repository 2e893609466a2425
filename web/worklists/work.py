"""What the worker does: looks what is due and not yet done, and does it, one transaction a piece.

There is no queue: what is to be done follows from the database, so a worker that is killed loses nothing, and the
next one finds the same work. Each app says in a module `worker` with `JOBS` what it has to do.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction

from administration.knowledge import NotAnswering, answering
from clinic.clock import now
from worklists.brought import modules
from worklists.models import Lease

Job = Callable[[], int]
"""Does what is due, and says how many pieces it did. A long one looks at `ending` between two pieces."""
_HELD = timedelta(minutes=2)
ME = f"{socket.gethostname()} {os.getpid()}"
ending = threading.Event()
"""Set when this worker is to end: the piece at hand is finished, and no other is begun."""


def jobs() -> dict[str, Job]:
    """Every job of every app, by name, in the order of the apps."""
    found: dict[str, Job] = {}
    for module in modules("worker"):
        found.update(module.JOBS)
    return found


def once(tell: Callable[[str], None], holder: str = ME) -> int:
    """One round through all jobs; a job that fails is told, without what it was about, and does not stop the others."""
    done = 0
    for name, job in jobs().items():
        if ending.is_set():
            break
        try:
            with answering():
                made = job() if lease(name, holder) else 0
            release(name, holder)
        except NotAnswering as why:
            tell(f"{name} did not work: {why}")
            continue
        except Exception as error:  # one job's failure is not another's
            tell(f"{name} did not work: {type(error).__name__}")
            continue
        if made:
            tell(f"{name}: {made}")
        done += made
    return done


def lease(name: str, holder: str = ME) -> bool:
    """Takes a job for some minutes, or keeps it for some more; False while another worker has it."""
    try:
        with transaction.atomic():
            held = Lease.objects.select_for_update().filter(name=name).first()
            if held is not None and held.holder != holder and held.until > now():
                return False
            Lease.objects.update_or_create(name=name, defaults={"holder": holder, "until": now() + _HELD})
    except IntegrityError:
        return False
    return True


def release(name: str, holder: str = ME) -> None:
    """Gives a job back, so that another worker need not wait for the lease to lapse."""
    Lease.objects.filter(name=name, holder=holder).delete()
