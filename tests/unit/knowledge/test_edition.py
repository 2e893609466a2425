"""Editions: what a clinic adopted is known to that clinic alone, in several threads at once, and kept within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from levamen.adapters.chart import read_chart
from levamen.knowledge.edition import _KEPT, EDITIONS_KEPT, PACKAGED, Adoption, Edition, edition, using
from levamen.knowledge.inventory import packaged_rows
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import edition_with, known_on, packaged
from levamen.pathway.assess import assess

ONE_BLOCK = Path(__file__).parents[3] / "examples" / "charts" / "facet-one-block.yaml"
RECORD = read_chart(ONE_BLOCK.read_bytes(), ONE_BLOCK.name).record
DAY = date(2026, 2, 20)
RELIEF = "policies/cons_l20/block-relief"


def signed(
    value: str = RELIEF, *, by: str = "Dr. Ada Reyes", on: date = date(2026, 1, 2), until: date | None = None
) -> Adoption:
    row = next(row for row in packaged_rows() if row.id == value)
    return Adoption(
        value=row.id, fingerprint=row.fingerprint, says=row.says, by=by, reason="our register", on=on, until=until
    )


def answer(clinic: Edition, day: date = DAY) -> tuple[str, str]:
    """Status of the criterion that rests on the value, and the hash of what was known."""
    with known_on(clinic, day) as knowledge:
        found = assess(RECORD, knowledge, day, only=("cons-l20",))
        question = next(row for row in found.questions if row.request.id == "R-2")
        criterion = next(row for row in question.policies[0].criteria if row.id == "last-block-positive")
        return criterion.status, knowledge.hash


def test_two_threads_answer_for_two_clinics_at_once() -> None:
    """Each sees what its own clinic signed, whatever the other does between two of its steps."""
    clinics = [edition_with([]), edition_with([signed()])]
    alone = [answer(clinic) for clinic in clinics]
    assert [row[0] for row in alone] == ["unknown", "met"]
    assert alone[0][1] != alone[1][1]
    start = Barrier(2)

    def work(number: int) -> list[tuple[str, str]]:
        start.wait()
        return [answer(clinics[number]) for _ in range(6)]

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(work, range(2)))
    assert told == [[alone[0]] * 6, [alone[1]] * 6]


def test_several_threads_meet_editions_that_nobody_has_read_yet() -> None:
    """Eight clinics, none of them read before, asked in every order: each thread alternates between them."""
    _KEPT.clear()
    clinics = [edition_with([signed(by=f"Dr. {number}")] if number % 2 else []) for number in range(8)]
    start = Barrier(4)

    def work(seed: int) -> list[bool]:
        order = list(range(8))
        order = order[seed:] + order[:seed] if seed % 2 else order[::-1][seed:] + order[::-1][:seed]
        start.wait()
        found = []
        for number in order:
            with known_on(clinics[number], DAY) as knowledge:
                found.append((edition().signed != "") == bool(number % 2) and knowledge is packaged())
        return found

    with ThreadPoolExecutor(4) as pool:
        assert all(all(row) for row in pool.map(work, range(4)))
    assert edition() is PACKAGED


def test_adoptions_from_a_database_count_on_their_days() -> None:
    clinic = edition_with([signed(on=date(2026, 2, 20), until=date(2026, 2, 22))])
    days: Sequence[tuple[int, str]] = [(19, "unknown"), (20, "met"), (21, "met"), (22, "unknown")]
    assert [answer(clinic, date(2026, 2, day))[0] for day, _ in days] == [status for _, status in days]


def test_the_order_of_adoptions_makes_no_difference() -> None:
    rows = [signed(), signed("policies/cons_l20/ablation-cap")]
    assert edition_with(rows).key == edition_with(reversed(rows)).key


def test_two_signatures_that_hold_on_one_day_are_refused() -> None:
    ended = signed(until=date(2026, 3, 1))
    again = signed(by="Dr. B", on=date(2026, 3, 1))
    assert edition_with([again, ended]).at(date(2026, 3, 1)).adoptions == (again,)
    assert edition_with([again, ended]).at(date(2026, 2, 28)).adoptions == (ended,)
    with pytest.raises(KnowledgeError, match=r"by Dr. Ada Reyes on 2026-01-02 and by Dr. B on 2026-02-28"):
        edition_with([ended, signed(by="Dr. B", on=date(2026, 2, 28))])
    with pytest.raises(KnowledgeError, match="it ends after it begins"):
        edition_with([signed(until=date(2026, 1, 2))])


def test_editions_are_kept_within_bounds_and_the_packaged_one_stays() -> None:
    packaged()
    for number in range(EDITIONS_KEPT + 5):
        with using(Edition(PACKAGED.root, (signed(by=f"Dr. {number}"),))):
            packaged_rows()
    assert len(_KEPT) == EDITIONS_KEPT + 1
    assert PACKAGED.key in _KEPT
