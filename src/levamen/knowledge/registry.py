"""Every policy that is known: the packaged ones, and those of local folders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from levamen.criteria.check import problems
from levamen.knowledge.adoption import FILE, adoptions_in
from levamen.knowledge.edition import PACKAGED, Adoption, Edition, edition, per_edition, root, using
from levamen.knowledge.loader import load_policy, load_sources, read_fields
from levamen.knowledge.model import KnowledgeError, Policy, Source


class Knowledge(Struct, frozen=True):
    """The policies and sources in use. `hash` changes with any value, `date` is the latest day anything was checked.

    `tables` is the hash of every packaged table that is no policy: holds, guards, duties, drugs, checklists.
    """

    policies: Mapping[str, Policy]
    sources: Mapping[str, Source]
    tables: str = ""

    @property
    def hash(self) -> str:
        digest = hashlib.sha256(self.tables.encode())
        for id in sorted(self.policies):
            digest.update(f"{id}:{self.policies[id].values_hash};".encode())
        return digest.hexdigest()[:16]

    @property
    def date(self) -> date:
        return max(policy.checked for policy in self.policies.values())


@per_edition
def packaged() -> Knowledge:
    """The knowledge this version ships."""
    return load()


def load(*local: Path) -> Knowledge:
    """The packaged knowledge with local policy folders added. Raises KnowledgeError naming what to mend."""
    home = root()
    sources = load_sources(home / "sources")
    for folder in local:
        if (folder / "sources").is_dir():
            for id, source in load_sources(folder / "sources").items():
                if id in sources:
                    raise KnowledgeError(
                        f"{folder / 'sources'}: the source {id} is already packaged; give it another id"
                    )
                sources[id] = source
    policies: dict[str, Policy] = {}
    for folder in sorted(path.parent for path in (home / "policies").glob("*/values.yaml")):
        policy = load_policy(folder, sources)
        policies[policy.id] = policy
    for folder in local:
        found = (
            [folder] if (folder / "values.yaml").exists() else sorted(p.parent for p in folder.glob("*/values.yaml"))
        )
        if not found and not (folder / FILE).exists():
            raise KnowledgeError(f"{folder}: no values.yaml here or one folder below; a policy folder needs one")
        for path in found:
            policy = load_policy(path, sources, local=True)
            if policy.id in policies:
                raise KnowledgeError(f"{path}: the policy {policy.id} is already known; give it another id")
            policies[policy.id] = policy
    return Knowledge(policies, sources, _tables(home))


def edition_of(local: Iterable[Path]) -> Edition:
    """The packaged knowledge with every adoption of some local folders. Raises KnowledgeError."""
    files = {str(folder / FILE): read_fields(folder / FILE) for folder in local if (folder / FILE).exists()}
    return Edition(PACKAGED.root, adoptions_in(files))


def edition_with(adoptions: Iterable[Adoption]) -> Edition:
    """The packaged knowledge with adoptions that are kept elsewhere than in a folder, as in a clinic's database.

    The order makes no difference. One value may be signed again after an earlier signature ended; where two hold on one
    day, KnowledgeError names them.
    """
    found = sorted(adoptions, key=lambda row: (row.value, row.on, row.by, row.fingerprint))
    for row in found:
        if row.until is not None and row.until <= row.on:
            raise KnowledgeError(f"{row.value}: adopted on {row.on} until {row.until}; it ends after it begins")
    for row, later in pairwise(found):
        if row.value == later.value and row.in_force(later.on):
            raise KnowledgeError(
                f"{row.value} is adopted by {row.by} on {row.on} and by {later.by} on {later.on}; end the first before"
            )
    return Edition(PACKAGED.root, tuple(found))


@contextmanager
def known_on(clinic: Edition, day: date, local: Iterable[Path] = ()) -> Iterator[Knowledge]:
    """What is known on a day with what a clinic had adopted by then, and with its local folders.

    Inside the block every table is that of the clinic, in this thread and in no other, so that a process can answer for
    several clinics at once. Each set of adoptions is read once and kept.
    """
    with using(clinic.at(day)):
        yield with_local(tuple(local))


@per_edition
def with_local(local: tuple[Path, ...]) -> Knowledge:
    """`load` of some local folders, kept while the edition stays the same; of none, what is packaged."""
    return load(*local) if local else packaged()


def lapsed(chosen: Edition, rows: Mapping[str, str]) -> tuple[str, ...]:
    """The adoptions that no longer hold, each with why. `rows`: the fingerprint of every row by its id."""
    return tuple(
        f"{row.value}, adopted by {row.by} on {row.on}: "
        + ("there is no such value any more" if row.value not in rows else "it says something else now; read it again")
        for row in chosen.adoptions
        if rows.get(row.value) != row.fingerprint
    )


def _tables(root: Path) -> str:
    digest = hashlib.sha256(edition().signed.encode())
    for path in sorted(root.rglob("*.yaml")):
        if path.parent.name != "sources" and not (path.name == "values.yaml" and path.parent.parent.name == "policies"):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def faults(policy: Policy, on: date, kinds: Mapping[str, type]) -> tuple[str, ...]:
    """What is wrong with a policy's rules on a day: nonsense in a criterion, an id used twice.

    `kinds` are the views of facts that a criterion can select.
    """
    found: list[str] = []
    for contractor in (None, *policy.overlays()):
        for rule in policy.rules(contractor, on):
            ids = [criterion.id for criterion in rule.criteria]
            found += [f"{policy.id}: the criterion {id} stands twice in {rule.id}" for id in ids if ids.count(id) > 1]
            for criterion in rule.criteria:
                found += [f"{policy.folder}: {fault}" for fault in problems(criterion, kinds)]
    return tuple(dict.fromkeys(found))
