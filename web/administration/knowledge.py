"""Which knowledge the clinic answers with: the version that was taken, and the values it adopted.

A version is kept as a folder beside the clinic's data, so that an upgrade of the program changes no value before two
people have taken the new version and seen what it changes. A new clinic takes the installed version when it is set up.
Where the folder of the version taken is missing, or holds something else, nothing is answered in its name.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from django.conf import settings

from administration.models import AdoptedValue, Clinic, KnowledgeInForce, clinic
from clinic.clock import now, today
from levamen.knowledge.edition import PACKAGED, Adoption, Edition, using
from levamen.knowledge.inventory import packaged_rows
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import edition_with, packaged

_YAML = shutil.ignore_patterns("__pycache__", "*.pyc")


class NotAnswering(Exception):
    """The version that the clinic took cannot be answered from; one sentence, without anything of a patient."""


@cache
def installed() -> str:
    """The hash of the knowledge that came with the program."""
    with using(PACKAGED):
        return packaged().hash


def folder_of(hash: str) -> Path:
    """Where a version that was taken is kept."""
    return Path(settings.DATA) / "knowledge" / hash


def keep() -> None:
    """Keeps a copy of the knowledge that came with the program, whole or not at all."""
    target = folder_of(installed())
    if target.exists():
        return
    half = target.with_name(f"{target.name}.part")
    shutil.rmtree(half, ignore_errors=True)
    half.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(PACKAGED.root, half, ignore=_YAML)
    half.rename(target)


def in_force() -> KnowledgeInForce | None:
    """The version that the clinic took last; None in a clinic that has taken none, which answers with what came."""
    return KnowledgeInForce.objects.order_by("-since", "-pk").first()


def none_taken() -> bool:
    """Whether this clinic answers with whatever is installed, because nobody has taken a version."""
    return not clinic().relies_on.get("hash")


def edition_of_the_clinic(day: date | None = None) -> Edition:
    """The version taken, with what was adopted on a day (default: today). The clinic's row says both.

    Raises NotAnswering where the version taken is another than the installed one and is not in its folder whole.
    """
    held = clinic()
    taken = held.relies_on.get("hash")
    root = PACKAGED.root if not taken or taken == installed() else _kept(taken)
    rows = msgspec.convert(held.relies_on.get("adopted", []), list[Adoption])
    if not rows:
        return PACKAGED if root == PACKAGED.root else Edition(root)
    return Edition(root, edition_with(rows).adoptions).at(day or today(held.zone))


_WHOLE: set[Path] = set()
"""The folders that this process has read and found to be what their name says."""


def _kept(taken: str) -> Path:
    folder = folder_of(taken)
    if not folder.is_dir():
        raise NotAnswering(
            f"The version {taken} of the knowledge, which this clinic took, is not in its folder (knowledge/{taken} in "
            f"the data folder)."
        )
    if folder not in _WHOLE:
        try:
            with using(Edition(folder)):
                found = packaged().hash
                packaged_rows()
        except (KnowledgeError, OSError, ValueError, LookupError) as error:
            raise NotAnswering(
                f"The version {taken} of the knowledge, which this clinic took, cannot be read by the installed "
                f"program ({type(error).__name__})."
            ) from error
        if found != taken:
            raise NotAnswering(
                f"What lies in knowledge/{taken} in the data folder is not the version that this clinic took: its "
                f"content gives {found}."
            )
        _WHOLE.add(folder)
    return folder


def remember() -> None:
    """Writes what is in force into the clinic's row, from which every request reads it."""
    taken = in_force()
    adopted = [
        Adoption(
            value=row.value, fingerprint=row.fingerprint, says=row.says, by=row.by, reason=row.reason, on=row.on,
            until=row.until,
        )
        for row in AdoptedValue.objects.all()
    ]  # fmt: skip
    said = {"hash": taken.hash if taken else "", "adopted": msgspec.to_builtins(adopted)}
    Clinic.objects.filter(pk=1).update(relies_on=said)


@contextmanager
def answering() -> Iterator[Edition]:
    """Inside the block every table of the library is the clinic's, in this thread alone."""
    with using(edition_of_the_clinic()) as chosen:
        yield chosen


def take(by: str) -> KnowledgeInForce:
    """The clinic answers with the installed version from now on. `remember` says so to every request."""
    keep()
    return KnowledgeInForce.objects.create(hash=installed(), since=now(), by=by)
