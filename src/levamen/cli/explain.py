"""`levamen explain`: what a policy says, in sentences with their sources; what is known of a therapy or condition."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date

from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest, day
from levamen.cli.output import write_data, write_text
from levamen.emit.pages.blocks import Block, as_html, as_markdown, as_text
from levamen.emit.pages.condition import condition_page, often_said_page, order_page
from levamen.emit.pages.policy import policy_page
from levamen.emit.pages.therapy import therapy_page
from levamen.emit.terminal import look_of
from levamen.knowledge.conditions import packaged_conditions
from levamen.knowledge.often_said import packaged_often_said
from levamen.knowledge.order_of_care import packaged_order
from levamen.knowledge.registry import Knowledge, load, packaged
from levamen.knowledge.therapies import packaged_therapies
from levamen.record import codes

OFTEN_SAID, ORDER_OF_CARE = "often-said", "order-of-care"


def run(options: argparse.Namespace) -> int:
    """Prints the explanation; an unknown subject is refused with the nearest known one."""
    knowledge = load(*options.local) if options.local else packaged()
    contractor = codes.resolve("contractors", options.contractor) if options.contractor else None
    on = day(options.on, "--on") if options.on else None
    blocks = tuple(_subject(options.subject, knowledge, contractor, on))
    if options.format == "markdown":
        write_data(as_markdown(blocks))
    elif options.format == "html":
        write_data(as_html(blocks))
    else:
        write_text(as_text(blocks, look_of(sys.stdout).width))
    return ANSWERED


def _subject(word: str, knowledge: Knowledge, contractor: str | None, on: date | None) -> Iterator[Block]:
    if word in knowledge.policies:
        return policy_page(knowledge.policies[word], knowledge.sources, contractor, on)
    if word == OFTEN_SAID:
        return often_said_page(packaged_often_said().values(), knowledge.sources)
    if word == ORDER_OF_CARE:
        return order_page(packaged_order(), knowledge.sources)
    if (therapy := _known("therapies", word)) is not None:
        return therapy_page(therapy, packaged_therapies().get(therapy), knowledge, on)
    if (condition := _known("conditions", word)) is not None:
        return _condition(condition, knowledge)
    policy = _known("policies", word)
    if policy is None:
        near = [n for n in (codes.nearest(kind, word) for kind in ("therapies", "conditions", "policies")) if n]
        hint = f"; nearest: {' or '.join(near)}" if near else ""
        raise BadRequest(f"explain: '{word}' is neither a policy nor a therapy nor a condition{hint}")
    if policy not in knowledge.policies:
        raise BadRequest(f"explain: {policy} is not encoded in this version")
    return policy_page(knowledge.policies[policy], knowledge.sources, contractor, on)


def _known(section: str, word: str) -> str | None:
    try:
        return codes.resolve(section, word)
    except codes.UnknownWord:
        return None


def _condition(id: str, knowledge: Knowledge) -> Iterator[Block]:
    """The page of a condition, or the page that is about it among others."""
    described = packaged_conditions()
    found = described.get(id) or next((page for page in described.values() if id in page.concepts), None)
    if found is None:
        listed = ", ".join(sorted(described))
        raise BadRequest(
            f"explain: {codes.label('conditions', id)} is not described in this version; these are: {listed}"
        )
    return condition_page(found, knowledge.sources)
