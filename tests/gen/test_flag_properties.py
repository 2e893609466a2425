"""Any signs in any order: one sign more never quiets a flag, and order changes nothing."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.knowledge.flags import packaged_flags
from levamen.pathway.flag_answers import FLAG_STATUSES
from levamen.pathway.flags import review_flags
from levamen.record.completeness import Completeness
from levamen.record.facts import Finding, Pain, Person, Record
from levamen.record.timeline import When

DAY = date(2026, 4, 1)
WORDS = sorted(frozenset().union(*(flag.findings for flag in packaged_flags())))
DAYS = (date(2026, 4, 1), date(2026, 3, 18), date(2025, 1, 1))
SIGNS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from((True, False, None)), st.sampled_from((*DAYS, None))),
    max_size=5,
    unique_by=lambda sign: sign[0],
)


def record_of(signs: list[tuple[str, bool | None, date | None]], *, asked: bool = False) -> Record:
    facts = tuple(
        Finding(id=f"F-{word}", concept=word, present=present, date=When.on(day) if day is not None else None)
        for word, present, day in signs
    )
    answer = Completeness(kind="red-flags", asked=When.on(DAY), answer="no")
    return Record(
        id="p",
        zone="Europe/Rome",
        person=Person(birth_date=When.on(date(1950, 1, 1))),
        facts=(Pain(id="PN-1", site="low-back", since=When.on(date(2025, 1, 1))), *facts),
        completeness=(answer,) if asked else (),
    )


def statuses(record: Record) -> dict[str, str]:
    return {answer.flag.id: answer.status for answer in review_flags(record, DAY).answers}


@settings(max_examples=60, deadline=None)
@given(SIGNS, st.sampled_from(WORDS))
def test_one_sign_more_never_quiets_a_flag(signs: list[tuple[str, bool | None, date | None]], word: str) -> None:
    others = [sign for sign in signs if sign[0] != word]
    before, after = statuses(record_of(others)), statuses(record_of([*others, (word, True, DAY)]))
    for id, status in before.items():
        if status in ("fires", "unknown", "noted"):
            assert FLAG_STATUSES.index(after[id]) <= FLAG_STATUSES.index(status), (id, status, after[id])


@settings(max_examples=40, deadline=None)
@given(SIGNS, st.randoms(use_true_random=False))
def test_order_changes_nothing(signs: list[tuple[str, bool | None, date | None]], random: object) -> None:
    shuffled = list(signs)
    random.shuffle(shuffled)
    assert statuses(record_of(signs)) == statuses(record_of(shuffled))


@settings(max_examples=40, deadline=None)
@given(SIGNS)
def test_an_answered_list_never_quiets_what_is_recorded(signs: list[tuple[str, bool | None, date | None]]) -> None:
    """A no to the list answers what is not recorded; it takes nothing away from what is."""
    before, after = statuses(record_of(signs)), statuses(record_of(signs, asked=True))
    for id, status in before.items():
        if status in ("fires", "unknown", "noted"):
            assert after[id] == status
        elif id != "self-harm":
            assert after[id] in ("no", "not_asked")
