"""How long relief is expected to hold, source by source (`outcomes/durations.yaml`). Shown; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from levamen.knowledge.agents import CITE, Statement, one_of, positive, read_cites, read_table, says_of
from levamen.knowledge.edition import per_edition
from levamen.knowledge.loader import Reader, known_word
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.knowledge.response_tables import folder
from levamen.record.facts import Procedure
from levamen.record.timeline import DURATION_UNITS, Duration, DurationUnit

_UNITS: dict[str, DurationUnit] = {word: word for word in DURATION_UNITS}
_WHOM = (("regions", "regions"), ("approaches", "qualifiers.approach"), ("joints", "joints"))


class ExpectedDuration(Struct, frozen=True, kw_only=True):
    """What one source says of how long relief holds after some therapies, and of whom.

    `low` and `high` are the span to compare with; without either the sentence is only shown. Of a field of the
    procedure that is not recorded the row may speak, so it is shown.
    """

    therapies: frozenset[str]
    regions: frozenset[str]
    approaches: frozenset[str]
    joints: frozenset[str]
    low: Duration | None
    high: Duration | None
    denominator: str
    comparator: str
    says: Statement

    def speaks_of(self, procedure: Procedure) -> bool:
        """Whether it is, or may be, about this procedure."""
        told = (
            (self.regions, procedure.region),
            (self.approaches, procedure.approach),
            (self.joints, procedure.joint),
        )
        return procedure.therapy in self.therapies and all(
            not wanted or held is None or held in wanted for wanted, held in told
        )


def load_durations(path: Path, sources: Mapping[str, Source]) -> tuple[ExpectedDuration, ...]:
    """The rows of a file. Raises KnowledgeError."""
    top, _ = read_table(path, {"durations"})
    rows: dict[str, ExpectedDuration] = {}
    for row in top.children("durations"):
        found = _row(row, sources)
        if found.says.id in rows:
            raise row.fail(f"{found.says.id} stands twice; keep one", "id")
        rows[found.says.id] = found
    return tuple(rows.values())


@per_edition
def packaged_durations() -> tuple[ExpectedDuration, ...]:
    """The rows this version ships."""
    return load_durations(folder() / "durations.yaml", packaged().sources)


def _row(row: Reader, sources: Mapping[str, Source]) -> ExpectedDuration:
    row.only({"id", "therapies", "low", "high", "unit", "denominator", "comparator", *(key for key, _ in _WHOM)} | CITE)
    id = row.need("id", "give it an id")
    for key, section in (("therapies", "therapies"), *_WHOM):
        for word in row.words(key):
            known_word(row, section, word, key)
    if not row.words("therapies"):
        raise row.fail("no therapies; name of which it speaks")
    low, high = (_length(row, key) for key in ("low", "high"))
    if low is not None and high is not None and high.amount < low.amount:
        raise row.fail("high is below low; correct the span", "high")
    return ExpectedDuration(
        therapies=frozenset(row.words("therapies")),
        regions=frozenset(row.words("regions")),
        approaches=frozenset(row.words("approaches")),
        joints=frozenset(row.words("joints")),
        low=low,
        high=high,
        denominator=row.need("denominator", "say of how many, or that no source was found"),
        comparator=row.need("comparator", "say against what, or that there is none"),
        says=Statement(id=id, topic="duration", says=says_of(row), cites=read_cites(row, sources)),
    )


def _length(row: Reader, key: str) -> Duration | None:
    if row.node(key) is None:
        return None
    return Duration(positive(row, key), _UNITS[one_of(row, "unit", DURATION_UNITS)])
