"""People of a hundred: as many icons as the count says, and none where they mislead."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_checks import SVG, agree, clean, words_of

from levamen.emit.pictures.icons import Phrases, Rate, svg, table, words
from levamen.text.tree import UnusableInput


def rate(events: int, of: int, could_be: int | None = None, *, harm: bool = False) -> Rate:
    return Rate(
        events=events, of=of, what="were better", other="were not", who="Of everyone in a study:", could_be=could_be,
        harm=harm,
    )  # fmt: skip


def people(picture: str) -> dict[str, int]:
    """How many whole persons (a head and a body each) are filled and not."""
    found = {"on": 0, "off": 0}
    for path in clean(picture, "icons").iter(f"{SVG}path"):
        kind = path.get("class", "").removeprefix("people ")
        found[kind] = path.get("d", "").count("M")
        assert path.get("d", "").count("m") == found[kind]
        assert (path.get("fill") == "none") == (kind == "off")
    return found


@pytest.mark.parametrize(
    ("events", "of", "icons"),
    [(64, 100, 64), (55, 112, 49), (1, 100, 1), (2, 151, 1), (100, 100, 100), (999, 1000, 99), (1, 3, 33)],
)
def test_as_many_icons_as_of_a_hundred(events: int, of: int, icons: int) -> None:
    found = rate(events, of)
    assert people(svg(found)) == {"on": icons, "off": 100 - icons}
    agree_by_row(found)


def agree_by_row(found: Rate) -> None:
    agree(clean(svg(found), "icons"), table(found))


def test_four_rows_of_twenty_five() -> None:
    root = clean(svg(rate(50, 100)), "icons")
    places = [
        tuple(map(float, one.split("a")[0].split()))
        for path in root.iter(f"{SVG}path")
        for one in path.get("d", "").split("M")[1:]
    ]
    assert len({x for x, _ in places}) == 25
    assert len({y for _, y in places}) == 4
    assert len(set(places)) == 100


@pytest.mark.parametrize(("events", "of"), [(0, 131), (1, 101), (3, 2400), (9, 1000)])
def test_under_one_of_a_hundred_there_are_no_icons(events: int, of: int) -> None:
    with pytest.raises(UnusableInput, match="under 1 of 100"):
        svg(rate(events, of))
    assert [row[2] for row in table(rate(events, of)).rows] == ["not drawn", "not drawn"]


@pytest.mark.parametrize(
    ("events", "of", "could_be", "said"),
    [
        (64, 100, None, "64 of 100 were better."),
        (32, 50, None, "32 of 50 were better: 64 of 100."),
        (55, 112, None, "55 of 112 were better: about 49 of 100."),
        (1, 101, None, "1 of 101 were better: about 10 of 1,000."),
        (3, 2400, None, "3 of 2,400 were better: about 1 of 1,000."),
        (3, 3000, None, "3 of 3,000 were better: 1 of 1,000."),
        (1, 20000, None, "1 of 20,000 were better: 5 of 100,000."),
        (0, 131, 3, "0 of 131 were better: could be up to 3 of 100."),
        (0, 131, None, "0 of 131 were better."),
    ],
)
def test_the_counts_come_first(events: int, of: int, could_be: int | None, said: str) -> None:
    assert words(rate(events, of, could_be))[0] == said
    assert words(rate(events, of, could_be))[1] == f"{of - events:,} were not."


@pytest.mark.parametrize(("events", "of"), [(1, 0), (-1, 10), (11, 10)])
def test_impossible_counts_are_refused(events: int, of: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        rate(events, of)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_icons_stay_within_half_a_person(counts: tuple[int, int]) -> None:
    found = rate(*counts)
    if found.drawn:
        assert abs(found.icons - found.of_hundred) <= Fraction(1, 2) or found.icons == 99
        assert found.icons >= 1
        assert (found.icons == 100) == (found.events == found.of)
    else:
        assert found.events * 100 < found.of


def test_other_words_in_the_same_picture() -> None:
    spanish = Phrases(
        counted="{events} de {whole} {what}", about="unos {events} de {whole}", exact="{events} de {whole}",
        head=("Qué", "Personas", "De 100"), thousands=" ",
    )  # fmt: skip
    found = Rate(events=1200, of=1500, what="mejoraron", other="no", who="En un estudio:")
    assert words(found, spanish) == ("1 200 de 1 500 mejoraron: 80 de 100.", "300 no.")
    assert "80 de 100." in words_of(clean(svg(found, phrases=spanish), "icons"))


def test_the_same_bytes_and_a_name_of_its_own() -> None:
    assert svg(rate(5, 50)) == svg(rate(5, 50))
    clean(svg(rate(5, 50), name="harm-1"), "harm-1")
