"""`levamen adopt`: signed, dated, for one clinic; what was adopted permits, wears its mark, lapses with its words."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from levamen.cli import main
from levamen.knowledge.adoption import applied, cited_rows, fingerprint, row_id
from levamen.knowledge.edition import PACKAGED, Adoption, Edition, using
from levamen.knowledge.inventory import packaged_rows
from levamen.knowledge.loader import read_fields
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import edition_of, lapsed, packaged
from levamen.text.tree import Fields, Scalar

EXAMPLES = Path(__file__).parents[3] / "examples" / "charts"
ONE_BLOCK = EXAMPLES / "facet-one-block.yaml"
SIGNED = ("--by", "Dr. Ada Reyes", "--reason", "The threshold of our own register", "--on", "2026-01-02")


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv)
    told = capsys.readouterr()
    return code, told.out, told.err


def adopt(capsys: pytest.CaptureFixture[str], folder: Path, value: str, *more: str) -> tuple[int, str, str]:
    return run(capsys, "adopt", value, *(more or SIGNED), "--local", str(folder))


def criteria(capsys: pytest.CaptureFixture[str], folder: Path | None, *more: str) -> dict[str, dict[str, str]]:
    local = ("--local", str(folder)) if folder is not None else ()
    code, out, err = run(capsys, "assess", str(ONE_BLOCK), "--policy", "cons-l20", "--format", "json", *local, *more)
    assert code == 0, err
    question = next(row for row in json.loads(out)["questions"] if row["id"] == "R-2")
    return {row["id"]: row for row in question["policies"][0]["criteria"]}


def test_what_was_adopted_permits_from_its_day_on_and_wears_its_mark(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert criteria(capsys, None)["last-block-positive"]["status"] == "unknown"
    for value in ("block-relief", "ablation-cap"):
        code, out, err = adopt(capsys, tmp_path, f"policies/cons_l20/{value}")
        assert code == 0, err
        assert "Adopted for" in out
    found = criteria(capsys, tmp_path)["last-block-positive"]
    assert (found["status"], found["mark"]) == ("met", "adopted")
    assert "adopted by Dr. Ada Reyes on 2026-01-02: The threshold of our own register" in found["locator"]


def test_nothing_changes_for_another_clinic_or_before_the_day(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The record of the example is of February 2026: what is signed in March does not count for it."""
    adopt(capsys, tmp_path, "policies/cons_l20/block-relief", *SIGNED[:4], "--on", "2026-03-01")
    assert criteria(capsys, tmp_path)["last-block-positive"]["status"] == "unknown"
    assert criteria(capsys, tmp_path, "--as-of", "2026-03-01")["last-block-positive"]["status"] == "met"
    assert criteria(capsys, tmp_path, "--as-of", "2026-02-28")["last-block-positive"]["status"] == "unknown"
    assert criteria(capsys, None, "--as-of", "2026-03-01")["last-block-positive"]["status"] == "unknown"


def test_it_ends_on_the_day_that_was_signed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    adopt(capsys, tmp_path, "policies/cons_l20/block-relief", *SIGNED, "--until", "2026-02-20")
    assert criteria(capsys, tmp_path, "--as-of", "2026-02-19")["last-block-positive"]["status"] == "met"
    assert criteria(capsys, tmp_path, "--as-of", "2026-02-20")["last-block-positive"]["status"] == "unknown"


def test_a_hold_that_was_adopted_makes_a_plan_that_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    chart = str(EXAMPLES / "plan-apixaban-each-class.yaml")
    adopt(capsys, tmp_path, "policies/asra_pain_2018/holds/apixaban-low")
    before = run(capsys, "plan", chart, "--request", "R-1")[1]
    after = run(capsys, "plan", chart, "--request", "R-1", "--local", str(tmp_path))[1]
    assert "the rule is awaiting confirmation" in before
    assert "the rule is awaiting confirmation" not in after
    assert "adopted by Dr. Ada Reyes" in re.sub(r"\s+", " ", after)
    assert "adopted by the clinic" in re.sub(r"\s+", " ", after)


@pytest.mark.parametrize(
    ("value", "more", "says"),
    [
        ("cons_l20/blok-relief", SIGNED, "there is no value 'cons_l20/blok-relief'; nearest: policies/"),
        ("policies/mcr_facet/pain-duration", SIGNED, "is primary already; only what awaits confirmation is adopted"),
        ("day-1", (*SIGNED[:2], "--reason", " ", "--on", "2026-01-02"), "--reason: ' ' says nothing"),
        ("day-1", ("--by", "7", *SIGNED[2:]), "--by: '7' says nothing"),
        ("day-1", (*SIGNED[:5], "2026-13-02"), "--on: '2026-13-02' is no date"),
        ("day-1", (*SIGNED, "--until", "2026-01-02"), "--until: 2026-01-02 is not after 2026-01-02"),
    ],
)  # fmt: skip
def test_what_cannot_be_signed_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, value: str, more: tuple[str, ...], says: str
) -> None:
    code, out, err = adopt(capsys, tmp_path, value, *more)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_same_words_are_not_signed_twice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    adopt(capsys, tmp_path, "policies/cons_l20/block-relief")
    before = (tmp_path / "adoptions.yaml").read_text("utf-8")
    code, _, err = adopt(capsys, tmp_path, "policies/cons_l20/block-relief")
    assert code == 2
    assert "is adopted already" in err
    assert (tmp_path / "adoptions.yaml").read_text("utf-8") == before


def entry(**changed: str) -> str:
    row = next(row for row in packaged_rows() if row.id == "policies/cons_l20/block-relief")
    fields = {"value": row.id, "fingerprint": row.fingerprint, "by": "Dr. R", "reason": "ours", "on": "2026-01-02"}
    return "adoptions:\n- " + "\n  ".join(f"{key}: '{text}'" for key, text in {**fields, **changed}.items() if text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("adopted: []", "'adopted' is not known here; the file holds one key, `adoptions`, with a list"),
        ("adoptions: none", "no list of adoptions"),
        ("adoptions: [yes]", "an adoption is a mapping"),
        (entry(by=""), "no by; an adoption is signed, dated and gives its reason"),
        (entry(reason=""), "no reason"),
        (entry(on="yesterday"), "'yesterday' is no date; write YYYY-MM-DD"),
        (entry(signed="yes"), "'signed' is not known here"),
        (entry() + "\n" + entry().partition("\n")[2], "is adopted twice; keep one entry"),
    ],
)
def test_a_file_that_cannot_be_relied_on_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "adoptions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=re.escape(says)):
        edition_of([tmp_path])


def test_words_that_changed_since_are_not_adopted_and_the_check_names_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "adoptions.yaml").write_text(entry(fingerprint="0123456789ab"), encoding="utf-8")
    assert criteria(capsys, tmp_path)["last-block-positive"]["status"] == "unknown"
    code, out, _ = run(capsys, "knowledge", "check", "--local", str(tmp_path))
    assert code == 1
    assert "adopted by Dr. R on 2026-01-02: it says something else now; read it again" in out
    gone = Adoption(value="policies/x/gone", fingerprint="0", says="", by="Dr. R", reason="ours", on=date(2026, 1, 2))
    assert "there is no such value any more" in lapsed(Edition(PACKAGED.root, (gone,)), {})[0]


def test_every_cited_row_has_an_id_of_its_own_and_says_something() -> None:
    rows = packaged_rows()
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.says for row in rows)


@pytest.mark.parametrize(
    ("file", "at", "id"),
    [
        ("policies/cons_l20/values.yaml", ("values", "block-relief"), "policies/cons_l20/block-relief"),
        ("policies/asra_pain_2018/holds.yaml", ("holds", "apixaban-low"), "policies/asra_pain_2018/holds/apixaban-low"),
        ("checklists/calls.yaml", ("scripts", "day-1"), "checklists/calls/scripts/day-1"),
        ("drugs/renal.yaml", ("rows", "a", "also", "1"), "drugs/renal/a/also/1"),
    ],
)
def test_the_id_of_a_row_is_where_it_stands(file: str, at: tuple[str, ...], id: str) -> None:
    assert row_id(file, at) == id


def test_only_the_signed_row_of_a_file_changes() -> None:
    """Mark and locator of that row, and nothing else of the file."""
    file = "policies/cons_l20/values.yaml"
    top = read_fields(PACKAGED.root / file)
    rows = {id: row for id, _, row, _ in cited_rows(top, file)}
    signed = Adoption(
        value="policies/cons_l20/block-relief",
        fingerprint=fingerprint(rows["policies/cons_l20/block-relief"]),
        says="",
        by="Dr. R",
        reason="ours",
        on=date(2026, 1, 2),
    )
    after = {id: row for id, _, row, _ in cited_rows(applied(top, file, Edition(PACKAGED.root, (signed,))), file)}
    assert {id for id in rows if rows[id] != after[id]} == {"policies/cons_l20/block-relief"}
    changed = after["policies/cons_l20/block-relief"]
    assert isinstance(changed, Fields)
    mark, locator = changed.entries["mark"], changed.entries["locator"]
    assert isinstance(mark, Scalar)
    assert isinstance(locator, Scalar)
    assert (mark.text, locator.text.partition("; ")[2]) == ("adopted", "adopted by Dr. R on 2026-01-02: ours")


def test_an_adoption_changes_the_hash_of_what_is_known() -> None:
    signed = Adoption(value="policies/x", fingerprint="0", says="", by="Dr. R", reason="ours", on=date(2026, 1, 2))
    plain = packaged().hash
    with using(Edition(PACKAGED.root, (signed,))):
        assert packaged().hash != plain
    assert packaged().hash == plain
