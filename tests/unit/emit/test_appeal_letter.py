"""The draft of an appeal claims what the chart shows, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from levamen.adapters.any_input import read_any
from levamen.emit.packet.appeal import Denial, letter
from levamen.emit.packet.text import WIDTH
from levamen.emit.packet.view import packet_view
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import default_as_of
from levamen.pathway.authorization.packet import Packet, packet

CHARTS = Path(__file__).parents[3] / "examples" / "charts"
DAY = date(2026, 10, 1)
DENIAL = Denial(on=date(2026, 9, 28), number="X-1", reason="two blocks are not documented", clause="section C")


def packets(name: str) -> list[Packet]:
    record = read_any((CHARTS / f"{name}.yaml").read_bytes(), name).record
    as_of = default_as_of(record)
    assert as_of is not None
    return [packet(record, request, packaged(), as_of) for request in record.requests]


def written(found: Packet, denial: Denial = DENIAL) -> tuple[str, str]:
    """What is claimed, and what stands for the clinic below the line."""
    claimed, _, rest = letter(packet_view(found, packaged().sources), denial, DAY).partition("For the clinic,")
    return claimed, rest


@pytest.mark.parametrize("name", ["packet-ablation-complete", "packet-stimulator-no-psychologist"])
def test_each_criterion_is_claimed_if_the_chart_shows_it_and_else_told_to_the_clinic_alone(name: str) -> None:
    for found in packets(name):
        claimed, rest = (" ".join(part.split()) for part in written(found))
        view = packet_view(found, packaged().sources)
        for line in (line for part in view.parts for line in part.lines):
            if line.key == "met":
                assert f" {line.number}. {line.name}: " in claimed
            elif line.key != "silent":
                assert f" {line.number}. {line.name}: " not in claimed
                assert f"{line.name} ({line.sign.lower()})" in rest


def test_the_letter_names_the_denial_and_leaves_blank_what_the_payer_did_not_say() -> None:
    found = packets("packet-ablation-complete")[0]
    claimed, _ = written(found)
    assert "Appeal of the denial of 28 Sep 2026, number X-1" in claimed
    assert "The reason given: two blocks are not documented" in claimed
    blank, _ = written(found, Denial(on=date(2026, 9, 28)))
    assert "Appeal of the denial of 28 Sep 2026\n" in blank
    assert "The reason given: ____" in blank
    assert "The clause named: ____" in blank


def test_no_line_is_longer_than_a_portal_takes_and_nothing_steers_a_terminal() -> None:
    hostile = Denial(on=date(2026, 9, 28), reason="\x1b[31m" + "long words " * 60, clause="\x07section")
    text = letter(packet_view(packets("packet-ablation-complete")[0], packaged().sources), hostile, DAY)
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    assert "\x1b" not in text
    assert "\x07" not in text
