"""A criterion as bytes and back: for hashes, for replay, and for other engines. Same criterion, same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from levamen.criteria.nodes import Criterion

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Criterion)


def to_bytes(criterion: Criterion) -> bytes:
    """Canonical JSON: sets sorted, fields in their declared order sorted by name."""
    return _ENCODER.encode(criterion)


def from_bytes(data: bytes) -> Criterion:
    """The criterion that `to_bytes` wrote. Raises msgspec.ValidationError for anything else."""
    return _DECODER.decode(data)


def rule_hash(criteria: Iterable[Criterion]) -> str:
    """A hash of some criteria in their order, 16 hex digits."""
    digest = hashlib.sha256()
    for criterion in criteria:
        digest.update(to_bytes(criterion))
    return digest.hexdigest()[:16]
