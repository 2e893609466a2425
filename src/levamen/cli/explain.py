"""`levamen explain`: what a policy says, in sentences with their sources; or what is known of a therapy."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date

from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest, day
from levamen.cli.output import write_data, write_text
from levamen.emit.pages.blocks import Block, as_html, as_markdown, as_text
from levamen.emit.pages.policy import policy_page
from levamen.emit.pages.therapy import therapy_page
from levamen.emit.terminal import look_of
from levamen.knowledge.registry import Knowledge, load, packaged
from levamen.knowledge.therapies import packaged_therapies
from levamen.record import codes


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
    try:
        therapy = codes.resolve("therapies", word)
    except codes.UnknownWord:
        try:
            policy = codes.resolve("policies", word)
        except codes.UnknownWord as error:
            near = [n for n in (codes.nearest("therapies", word), error.nearest) if n]
            hint = f"; nearest: {' or '.join(near)}" if near else ""
            raise BadRequest(f"explain: '{word}' is neither a policy nor a therapy{hint}") from None
        if policy not in knowledge.policies:
            raise BadRequest(f"explain: {policy} is not encoded in this version") from None
        return policy_page(knowledge.policies[policy], knowledge.sources, contractor, on)
    return therapy_page(therapy, packaged_therapies().get(therapy), knowledge, on)
