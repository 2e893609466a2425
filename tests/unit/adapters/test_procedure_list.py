"""The list of procedures: every row is an entry or is skipped with one sentence that says where; none is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levamen.adapters.procedure_list import ProcedureList, read_list
from levamen.text.tree import UnusableInput

NAMES = ("a.yaml", "b.yaml", "c.yaml", "with, comma.yaml", "día.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).write_text("chart: 1\n", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "d.yaml").write_text("chart: 1\n", encoding="utf-8")
    return tmp_path


def read(text: str | bytes, folder: Path) -> ProcedureList:
    return read_list(text.encode() if isinstance(text, str) else text, "tomorrow.csv", folder)


def pairs(found: ProcedureList) -> list[tuple[str, str, str | None]]:
    return [(entry.chart, entry.request, entry.owner) for entry in found.entries]


GOOD = [("a.yaml", "R-1", "Kim"), ("b.yaml", "R-2", None)]


@pytest.mark.parametrize(
    "text",
    [
        "chart,request,owner\na.yaml,R-1,Kim\nb.yaml,R-2,\n",
        "chart,request,owner\r\na.yaml,R-1,Kim\r\nb.yaml,R-2\r\n",
        "chart;request;owner\na.yaml;R-1;Kim\nb.yaml;R-2;\n",
        "chart\trequest\towner\na.yaml\tR-1\tKim\nb.yaml\tR-2\n",
        "\ufeffchart,request,owner\na.yaml,R-1,Kim\nb.yaml,R-2,",
        '"chart","request","owner"\n"a.yaml","R-1","Kim"\n"b.yaml","R-2",""\n',
        "Owner, Chart ,REQUEST\nKim, a.yaml , R-1\n,b.yaml,R-2\n",
        "\n\nchart,request,owner\n\na.yaml,R-1,Kim\n,,\nb.yaml,R-2,\n\n",
        '[{"chart": "a.yaml", "request": "R-1", "owner": "Kim"}, {"chart": "b.yaml", "request": "R-2"}]',
        '{"list": [{"owner": "Kim", "chart": "a.yaml", "request": "R-1"},'
        '{"chart": "b.yaml", "request": "R-2", "owner": null}]}',
        '\ufeff [{"chart": "a.yaml", "request": "R-1", "owner": "Kim"},\r\n{"chart": "b.yaml", "request": "R-2"}]',
    ],
)
def test_every_way_of_writing_it(text: str, folder: Path) -> None:
    found = read(text, folder)
    assert pairs(found) == GOOD
    assert found.skipped == ()


def test_a_list_without_owners(folder: Path) -> None:
    assert pairs(read("request,chart\nR-1,a.yaml\n", folder)) == [("a.yaml", "R-1", None)]


def test_names_with_commas_accents_folders_and_outside(folder: Path) -> None:
    outside = folder / "a.yaml"
    text = f'chart,request\n"with, comma.yaml",R-1\ndía.yaml,R-1\nsub/d.yaml,R-1\n{outside},R-1\nsub/../b.yaml,R-1\n'
    found = read(text, folder)
    assert [entry.chart for entry in found.entries] == [
        "with, comma.yaml", "día.yaml", "sub/d.yaml", str(outside), "sub/../b.yaml",
    ]  # fmt: skip


def test_the_moment_that_the_list_states(folder: Path) -> None:
    text = json.dumps({"as_of": "2026-05-18T20:00", "list": [{"chart": "a.yaml", "request": "R-1"}]})
    assert read(text, folder).as_of == "2026-05-18T20:00"


@pytest.mark.parametrize(
    ("row", "place", "says"),
    [
        ("missing.yaml,R-1,", "line 3", "the chart missing.yaml is not there"),
        ("sub,R-1,", "line 3", "the chart sub is not there"),
        (",R-1,Kim", "line 3", "no chart"),
        ("b.yaml,,Kim", "line 3", "no request for b.yaml"),
        ("b.yaml", "line 3", "no request for b.yaml"),
        ("a.yaml,R-1,Lee", "line 3", "a.yaml, R-1 stands already in line 2"),
        ("./a.yaml,R-1,Lee", "line 3", "stands already in line 2"),
        ("b.yaml,R-1,Kim,more", "line 3", "4 cells for 3 columns"),
        ('"b.yaml"x,R-1,Kim', "line 3", "a quotation mark is out of place"),
        ('b.yaml,"R-1\nR-2",Kim', "line 3", "the request goes over a line end"),
        ("b.yaml,R-\x1b[31m1,Kim", "line 3", "the control character U+001B is not allowed"),
        (f"{'x' * 5000},R-1,", "line 3", "is not there"),
    ],
)
def test_a_bad_row_is_skipped_and_the_rest_is_read(row: str, place: str, says: str, folder: Path) -> None:
    found = read(f"chart,request,owner\na.yaml,R-1,\n{row}\nc.yaml,R-1,\n", folder)
    assert [entry.chart for entry in found.entries] == ["a.yaml", "c.yaml"]
    assert [skip.place for skip in found.skipped] == [place]
    assert found.skipped[0].why.startswith(f"tomorrow.csv, {place}: ")
    assert says in found.skipped[0].why
    assert "\n" not in found.skipped[0].why
    assert "\x1b" not in found.skipped[0].why


def test_a_quotation_mark_left_open_tells_which_lines_it_swallowed(folder: Path) -> None:
    found = read('chart,request\na.yaml,R-1\nb.yaml,"R-1\nc.yaml,R-1\nsub/d.yaml,R-1\n', folder)
    assert [entry.chart for entry in found.entries] == ["a.yaml"]
    assert [skip.place for skip in found.skipped] == ["lines 3 to 5"]


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ('"a.yaml"', "entry 2: not an object"),
        ('{"chart": "b.yaml", "request": "R-1", "name": "x"}', "'name' is not known here"),
        ('{"chart": ["b.yaml"], "request": "R-1"}', "the chart is one text"),
        ('{"chart": "b.yaml", "request": true}', "the request is one text"),
        ('{"chart": "b.yaml"}', "no request for b.yaml"),
        ('{"request": "R-1"}', "no chart"),
        ('{"chart": null, "request": "R-1"}', "the chart is one text"),
    ],
)
def test_a_bad_entry_of_json(item: str, says: str, folder: Path) -> None:
    found = read(f'[{{"chart": "a.yaml", "request": "R-1"}}, {item}]', folder)
    assert len(found.entries) == 1
    assert [skip.place for skip in found.skipped] == ["entry 2"]
    assert says in found.skipped[0].why


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "tomorrow.csv is empty"),
        (b" \r\n \n", "tomorrow.csv is empty"),
        (b"chart,request\n", "names no procedure"),
        (b"[]", "names no procedure"),
        (b'{"list": []}', "names no procedure"),
        (b"a.yaml,R-1\n", "line 1: the header is 'a.yaml,R-1'"),
        (b"\nchart,time\na.yaml,9\n", "line 2: the header is 'chart,time'"),
        (b"chart,request,patient\n", "the header is"),
        (b"chart,chart,request\n", "the header is"),
        (b'"chart,request\na.yaml,R-1\n', "line 1: the header cannot be read"),
        (b"PK\x03\x04\x00", "NUL"),
        (b"\xff\xfec\x00h\x00", "not UTF-8"),
        (b"chart,request\n\xe9.yaml,R-1\n", "not UTF-8"),
        (b'{"chart": "a.yaml", "request": "R-1"}', "'chart' is not known here"),
        (b'{"as_of": "2026-01-01"}', "holds no `list`"),
        (b'{"list": {}}', "holds no `list`"),
        (b'{"list": [], "as_of": 5}', "as_of is one text"),
        (b'[{"chart": "a.yaml"', "not readable JSON"),
        (b"chart,request\n" + b"x" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(data: bytes, says: str, folder: Path) -> None:
    with pytest.raises(UnusableInput) as error:
        read(data, folder)
    assert says in str(error.value)
    assert str(error.value).startswith("tomorrow.csv")
    assert "\n" not in str(error.value)


def test_ten_thousand_rows_are_all_accounted_for(folder: Path) -> None:
    rows = [f"a.yaml,R-{number}," if number % 4 else f"none-{number}.yaml,R-1," for number in range(10_000)]
    found = read("chart,request,owner\n" + "\n".join(rows) + "\n", folder)
    assert (len(found.entries), len(found.skipped)) == (7500, 2500)
    assert found.skipped[0].place == "line 2"
    assert found.skipped[-1].place == "line 9998"
