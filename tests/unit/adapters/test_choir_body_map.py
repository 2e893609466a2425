"""Numbers of the CHOIR body map: what they become, what is refused and why, and that the import balances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.adapters.choir_body_map import (
    ChoirReading,
    Numbering,
    figure_of,
    read_choir,
    read_redcap,
    read_redcap_file,
)
from levamen.knowledge.body_map import body_map
from levamen.knowledge.body_map.choir import FigureDrawn, choir
from levamen.text.tree import UnusableInput

SIX = ("112", "113", "114", "115", "116", "117")
FEMALE = {
    "112": "front-right-abdomen",
    "113": "front-left-abdomen",
    "114": "front-left-upper-arm",
    "115": "front-right-elbow",
    "116": "front-left-elbow",
    "117": "front-right-forearm",
}
MALE = {
    "112": "front-left-upper-arm",
    "113": "front-right-elbow",
    "114": "front-left-elbow",
    "115": "front-right-forearm",
    "116": "front-right-abdomen",
    "117": "front-left-abdomen",
}
"""What the six numbers are on each figure: the areas of the two forms of BM1, and convert_bodymap of S14."""


def told(reading: ChoirReading, fate: str) -> list[str]:
    return [f"{issue.where} {issue.what}" for issue in reading.balance.issues if issue.fate == fate]


def counts(reading: ChoirReading) -> tuple[int, int, int, int]:
    balance = reading.balance
    return balance.items, balance.accepted, balance.ignored, balance.rejected


def test_numbers_that_mean_the_same_on_both_figures() -> None:
    for figure in ("female", "male", None):
        found = read_choir("103,104,207", figure)
        assert found.areas == {"front-right-face", "front-left-face", "back-left-shoulder"}
        assert counts(found) == (3, 3, 0, 0)
        assert found.balance.issues == ()


def test_codes_of_a_form() -> None:
    """The example of S14: b07,b18,b19,b23,b24,b28,b33,f01,f03,f08."""
    found = read_choir("b07,b18,b19,b23,b24,b28,b33,f01,f03,f08", "male")
    assert found.areas == {
        "back-left-shoulder",
        "back-left-low-back",
        "back-right-low-back",
        "back-left-buttock",
        "back-right-buttock",
        "back-left-thigh",
        "back-left-lower-leg",
        "front-right-forehead",
        "front-right-face",
        "front-right-chest",
    }


@pytest.mark.parametrize("number", SIX)
def test_the_six_numbers_on_each_figure(number: str) -> None:
    assert read_choir(number, "female").areas == {FEMALE[number]}
    assert read_choir(number, "male").areas == {MALE[number]}
    assert "as of August 2021" in told(read_choir(number, "female"), "warning")[0]
    assert read_choir(number, "male").balance.issues == ()


@pytest.mark.parametrize("number", SIX)
def test_one_numbering_is_that_of_the_male_figure(number: str) -> None:
    for figure in ("female", "male", None):
        assert read_choir(number, figure, "one").areas == {MALE[number]}


def test_without_a_figure_the_six_are_refused_and_the_others_kept() -> None:
    found = read_choir("103,112,207,117", None)
    assert found.areas == {"front-right-face", "back-left-shoulder"}
    assert counts(found) == (4, 2, 0, 2)
    first, second = told(found, "rejected")
    assert first == (
        "112 means right abdomen on a female figure and left anterior upper arm on a male one;"
        " say which figure was marked"
    )
    assert second.startswith("117 means right anterior forearm")


@pytest.mark.parametrize("number", ["111", "118"])
def test_their_neighbours_need_no_figure(number: str) -> None:
    assert counts(read_choir(number, None)) == (1, 1, 0, 0)


@pytest.mark.parametrize("code", ["f12", "f17"])
def test_codes_of_a_female_form_need_its_numbering(code: str) -> None:
    found = read_choir(f"{code},b07", "female")
    assert found.areas == {"back-left-shoulder"}
    assert "say the numbering: by-figure or one" in told(found, "rejected")[0]
    number = code.replace("f", "1")
    assert read_choir(code, "female", "by-figure").areas == {FEMALE[number]}
    assert read_choir(code, "female", "one").areas == {MALE[number]}
    assert read_choir(code, "male").areas == {MALE[number]}


def test_a_number_that_stands_twice_counts_once() -> None:
    found = read_choir("103,103,f03", "male")
    assert found.areas == {"front-right-face"}
    assert counts(found) == (3, 1, 2, 0)


@pytest.mark.parametrize(
    "item",
    ["100", "137", "200", "239", "999", "1", "f00", "f37", "b39", "x12", "103.0", "-103", "१०३", "１０３", "knee"],
)
def test_what_is_no_segment_is_refused_in_words(item: str) -> None:
    found = read_choir(f"{item},207", "male")
    assert found.areas == {"back-left-shoulder"}
    (what,) = told(found, "rejected")
    assert "is no segment of the CHOIR body map; they are 101 to 136 and 201 to 238" in what


@pytest.mark.parametrize("number", ["101", "136", "201", "238", "f01", "f36", "b01", "b38"])
def test_the_first_and_the_last_are_segments(number: str) -> None:
    assert counts(read_choir(number, "male")) == (1, 1, 0, 0)


def test_a_misprint_of_the_form_is_read_and_told() -> None:
    found = read_choir("b221", "male")
    assert found.areas == {"back-left-wrist"}
    assert told(found, "warning") == ["b221 read as b21: the left wrist from behind is written b221 on the male figure"]


@pytest.mark.parametrize("text", ["", "  ", ",,", "\n"])
def test_an_empty_list_says_neither_yes_nor_no(text: str) -> None:
    with pytest.raises(UnusableInput, match="whether nothing hurt or nobody asked"):
        read_choir(text, "male")


def test_a_huge_list_is_refused() -> None:
    with pytest.raises(UnusableInput, match="at most 74 numbers"):
        read_choir("103," * 5000, "male")


@pytest.mark.parametrize("text", ["103 104", "103;104", "103, 104", " 103,\n104 ", "F03,F04"])
def test_separators_and_capitals(text: str) -> None:
    assert read_choir(text, "male").areas == {"front-right-face", "front-left-face"}


# the columns of an export


def test_columns_of_an_export() -> None:
    found = read_redcap({"record_id": "7", "f01": "1", "f02": "0", "map___b07": "1", "b08": ""}, "male")
    assert found.areas == {"front-right-forehead", "back-left-shoulder"}
    assert counts(found) == (5, 3, 2, 0)
    assert told(found, "ignored") == ["record_id is no column of the body map", "b08 has no answer"]


def test_an_unmarked_column_needs_no_figure() -> None:
    assert counts(read_redcap({"f12": "0", "f01": "1"}, None)) == (2, 2, 0, 0)


def test_a_marked_column_of_the_six_does() -> None:
    found = read_redcap({"f12": "1", "f01": "1"}, None)
    assert found.areas == {"front-right-forehead"}
    assert counts(found) == (2, 1, 0, 1)


@pytest.mark.parametrize("value", ["2", "yes", "1.0", "x"])
def test_another_value_is_refused(value: str) -> None:
    assert told(read_redcap({"f01": value}, "male"), "rejected") == [f"f01 holds '{value}'; 1 (marked) or 0 is wanted"]


@pytest.mark.parametrize("value", ["0", "1", ""])
def test_a_column_beyond_the_last_is_refused(value: str) -> None:
    assert "is no segment" in told(read_redcap({"f37": value, "f36": "1"}, "male"), "rejected")[0]


def test_an_export_without_the_map_is_refused() -> None:
    with pytest.raises(UnusableInput, match="f01 to f36 and b01 to b38"):
        read_redcap({"age": "44"}, "male")


def test_an_export_as_a_file() -> None:
    for end in ("\n", "\r\n"):
        data = f"\ufeffrecord_id,pm___f01,pm___f12{end}7,1,1{end}".encode()
        assert read_redcap_file(data, "x.csv", "male").areas == {"front-right-forehead", "front-left-upper-arm"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"f01\n",
        b"f01\n1\n0\n",
        b"f01,f02\n1\n",
        b"f01,f01\n1,0\n",
        b"\xff\xfe\n1\n",
        b"f01\n1\x00\n",
        b"f01\n" + b"1" * 200_000,
    ],
)
def test_a_file_of_several_people_or_none_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableInput, match=r"^x\.csv"):
        read_redcap_file(data, "x.csv", "male")


@pytest.mark.parametrize(
    ("sex", "figure"), [("female", "female"), ("male", "male"), ("other", None), ("unknown", None), (None, None)]
)
def test_the_figure_of_a_sex(sex: str | None, figure: FigureDrawn | None) -> None:
    assert figure_of(sex) == figure


# properties


@given(
    st.sets(st.sampled_from(list(body_map().areas)), min_size=1),
    st.sampled_from(["female", "male"]),
    st.randoms(use_true_random=False),
)
def test_every_set_of_areas_comes_back_from_its_numbers(
    chosen: set[str], figure: FigureDrawn, shuffled: object
) -> None:
    numbers = [choir().number_of(area, figure) for area in sorted(chosen)]
    shuffled.shuffle(numbers)
    assert read_choir(",".join(numbers), figure).areas == chosen


@given(
    st.lists(st.from_regex(r"[12fb]?[0-9]{1,3}|[a-z]{1,4}", fullmatch=True), min_size=1),
    st.sampled_from([None, "female", "male"]),
    st.sampled_from([None, "by-figure", "one"]),
)
def test_every_list_balances(items: list[str], figure: FigureDrawn | None, numbering: Numbering | None) -> None:
    found = read_choir(",".join(items), figure, numbering)
    assert found.balance.items == len(items)
    assert len(found.areas) == found.balance.accepted
    assert found.areas <= set(body_map().areas)
