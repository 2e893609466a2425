"""`levamen device`: where the stimulators of records stand and what is next; when their pumps are refilled."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from levamen.adapters.balance import Reading
from levamen.cli.each_record import each_record
from levamen.cli.inputs import BadRequest
from levamen.emit import device as page
from levamen.emit import device_effect as effect
from levamen.emit import device_json, pump, stimulators
from levamen.emit.terminal import Look
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.implant.review import DeviceReview, device_review
from levamen.pathway.refill import Refill, refills
from levamen.pathway.response import Response, response
from levamen.record import codes

Found = tuple[DeviceReview, Sequence[Refill], Response]
"""What is found of one record: its stimulators, its pumps, and what its implants do."""


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 nothing usable, 3 some unusable and the rest answered."""
    knowledge = packaged()
    deciding = [_policy(word, knowledge) for word in options.policy]

    def written(found: Found, reading: Reading, look: Look) -> str:
        review, due, came_of_it = found
        sections = (
            effect.lost_effects(came_of_it),
            stimulators.stimulators(review, everything=options.all),
            pump.pumps(due),
        )
        return page.page(review.record.id, review.as_of, sections, reading, checked=review.checked, look=look)

    return each_record(
        options,
        knowledge.policies,
        lambda reading, as_of: (
            device_review(reading.record, knowledge, as_of, deciding),
            refills(reading.record, as_of),
            response(reading.record, knowledge, as_of),
        ),
        written,
        _encoded,
        device_json.together,
    )


def _encoded(found: Found, reading: Reading) -> bytes:
    review, due, came_of_it = found
    kinds = {
        **device_json.stimulators(review),
        "pumps": [pump.document(one) for one in due],
        **effect.documents(came_of_it),
    }
    return device_json.encode(review.record.id, review.moment, kinds, reading, checked=review.checked)


def _policy(word: str, knowledge: Knowledge) -> str:
    """A policy of this version. Raises BadRequest, and UnknownWord with the nearest."""
    id = codes.resolve("policies", word)
    if id not in knowledge.policies:
        raise BadRequest(f"--policy: {id} is not encoded in this version; see levamen knowledge list")
    return id
