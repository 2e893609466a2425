"""The catalogue: what its reader refuses, that every described therapy is complete, plain for patients, and honest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import textstat

from levamen.knowledge.loader import read_top
from levamen.knowledge.model import KnowledgeError, Source
from levamen.knowledge.therapies import load_therapies, packaged_therapies
from levamen.knowledge.therapies.reading import PICTURES
from levamen.knowledge.therapies.rows import FIELDS, NONE_FOUND, STATEMENTS, Therapy
from levamen.record import codes

SOURCES = {
    id: Source(id=id, title="Manual", issuer="Plains", year="2026", url="https://example.org")
    for id in ("MANUAL", "NO-SOURCE")
}
CITE = "source: MANUAL, locator: page 2, mark: secondary"
HALF = f"{{says: A needle., {CITE}}}"
GOOD = f"""
therapy: discography
checked: 2026-01-05
recheck_by: 2026-07-05
plain: Disc test
also: [disc test]
description: {{patient: {HALF}, clinician: {HALF}}}
method: {{patient: {HALF}, clinician: no source found}}
""" + "".join(f"{field}: no source found\n" for field in STATEMENTS if field != "alternatives")
GOOD += f"""
alternatives: [{{says: Not before imaging., for: patient, therapies: [physical-therapy], {CITE}}}]
benefits:
  first: {{outcome: less pain, who: ten people, at: no source found, treated: {{count: 3, of: 10}},
    compared_with: a sham, comparison: {{percent: 20, of: 10, low: 5, high: 40}}, design: trial,
    certainty: no source found, {CITE}}}
risks:
  bleed: {{event: bleeding, says: bleeding, patient: a bleed, serious: true, rate: {{percent: 1.2}},
    window: 1 day, {CITE}}}
  ache: {{says: ache, patient: an ache, serious: false, rate: no source found, window: no source found, {CITE}}}
contraindications: [{{bar: relative, says: Pregnancy., {CITE}}}]
steps: {{each: [{{picture: needle, says: A needle.}}], {CITE}}}
"""


def load(tmp_path: Path, text: str, folder: str = "discography") -> Therapy:
    path = tmp_path / folder / "therapy.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_therapies(tmp_path, SOURCES)[folder.replace("_", "-")]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert (found.id, found.plain, found.also) == ("discography", "Disc test", ("disc test",))
    assert [half.audience for half in found.statements["description"]] == ["patient", "clinician"]
    assert [half.audience for half in found.statements["method"]] == ["patient"]
    assert found.statements["alternatives"][0].therapies == ("physical-therapy",)
    first = found.benefits[0]
    assert (first.treated.count, first.treated.of, first.at, first.certainty) == (3, 10, None, None)
    assert [risk.serious for risk in found.risks] == [True, False]
    assert found.risks[1].rate is None
    assert found.sourced == (
        "description", "method", "benefits", "risks", "contraindications", "alternatives", "steps",
    )  # fmt: skip
    assert set(found.sourced) | set(found.none_found) == set(FIELDS)


def test_what_only_awaits_confirmation_counts_as_no_source(tmp_path: Path) -> None:
    text = GOOD.replace(
        "onset: no source found", "onset: [{says: Soon., source: NO-SOURCE, locator: ours, mark: unverified}]"
    )
    assert "onset" in load(tmp_path, text).none_found


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_left_out_is_refused(tmp_path: Path, field: str) -> None:
    kept = [part for part in re.split(r"\n(?=\w)", GOOD) if not part.startswith(f"{field}:")]
    with pytest.raises(KnowledgeError, match=f"no {field}; give it with its source, or write `{field}: {NONE_FOUND}`"):
        load(tmp_path, "\n".join(kept))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("therapy: discography", "therapy: discographie", "'discographie' is no therapy; nearest: discography"),
        ("therapy: discography", "therapy: kyphoplasty", "the folder is named for discography; it holds kyphoplasty"),
        ("recheck_by: 2026-07-05", "recheck_by: 2026-01-05", "no recheck_by after checked"),
        ("plain: Disc test", "plain:", "'plain' is one word or sentence"),
        ("role: no source found", "role: to find out", "'to find out' has no source"),
        ("role: no source found", "role: []", "an empty list says nothing; write `role: no source found`"),
        ("mark: secondary", "mark: certain", "certain"),
        ("source: MANUAL", "source: MANUEL", "the source 'MANUEL' is not in knowledge/sources"),
        ("for: patient", "for: nurse", "'nurse' is nobody's; write patient or clinician"),
        ("physical-therapy", "physical-terapy", "physical-terapy"),
        ("count: 3, of: 10", "count: 3", "a count needs `of`"),
        ("count: 3, of: 10", "count: 11, of: 10", "a count needs `of`"),
        ("count: 3, of: 10", "count: 2.5, of: 10", "count is a number of people"),
        ("count: 3, of: 10", "of: 10", "give one of percent, count or change, or the range low to high"),
        ("count: 3, of: 10", "count: 3, of: 10, percent: 30", "give one of percent, count or change"),
        ("count: 3, of: 10", "change: -2", "a change needs its unit"),
        ("percent: 20, of: 10", "percent: 120", "120 is no percentage"),
        ("low: 5, high: 40", "low: 40, high: 5", "low is above high"),
        ("compared_with: a sham", "compared_with: no source found", "a comparison without saying against what"),
        ("event: bleeding", "event: bleding", "bleding"),
        ("serious: true", "serious: very", "`serious` is true or false"),
        ("bar: relative", "bar: sometimes", "'sometimes' is no bar; one of absolute, relative, label"),
        ("picture: needle", "picture: nedle", "there is no picture 'nedle'"),
        ("plain: Disc test", "plain: Disc test\nfun: yes", "'fun' is not known here"),
    ],
)  # fmt: skip
def test_what_could_mislead_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(KnowledgeError, match=re.escape(says)) as refusal:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert "therapy.yaml" in str(refusal.value)


def test_a_range_without_a_middle_and_a_negative_change_are_amounts(tmp_path: Path) -> None:
    text = GOOD.replace("count: 3, of: 10", "low: 40, high: 58").replace(
        "percent: 20, of: 10, low: 5, high: 40", "change: -17.0, unit: points"
    )
    found = load(tmp_path, text).benefits[0]
    assert (found.treated.low, found.treated.high) == (40, 58)
    assert found.comparison is not None
    assert (str(found.comparison.change), found.comparison.unit) == ("-17.0", "points")


DESCRIBED = tuple(packaged_therapies().values())
BY_ID = [therapy.id for therapy in DESCRIBED]


def patient_texts(therapy: Therapy) -> list[str]:
    """Everything on the page that is written for the patient."""
    told = [row.says for rows in therapy.statements.values() for row in rows if row.audience == "patient"]
    told += [step.says for step in therapy.steps]
    return told + [f"You may have {risk.patient}." for risk in therapy.risks]


@pytest.mark.parametrize("therapy", DESCRIBED, ids=BY_ID)
def test_what_a_patient_reads_is_plain(therapy: Therapy) -> None:
    told = patient_texts(therapy)
    assert told
    textstat.set_lang("en")
    assert textstat.flesch_kincaid_grade(" ".join(text if text.endswith(".") else f"{text}." for text in told)) <= 8


@pytest.mark.parametrize("therapy", DESCRIBED, ids=BY_ID)
def test_no_patient_is_told_that_they_qualify_or_that_it_will_work(therapy: Therapy) -> None:
    said = " ".join((*patient_texts(therapy), therapy.plain)).casefold()
    for promise in ("you qualify", "will cure", "guarantee", "no risk", "risk-free", "painless", "will work"):
        assert promise not in said


@pytest.mark.parametrize("therapy", DESCRIBED, ids=BY_ID)
def test_an_unverified_row_never_speaks_for_a_therapy(therapy: Therapy) -> None:
    """Rule 2: what nobody confirmed may warn or restrain; a benefit of it would permit."""
    for benefit in therapy.benefits:
        assert benefit.cites[0].mark != "unverified", benefit.id


@pytest.mark.parametrize("therapy", DESCRIBED, ids=BY_ID)
def test_codes_are_numbers_without_the_words_of_their_owner(therapy: Therapy) -> None:
    for row in therapy.statements["codes"]:
        assert len(row.says) < 400, "numbers and a word on what they share, no descriptors"
    known = codes.entry("therapies", therapy.id).get("codes", {}).get("cpt", ())
    said = " ".join(row.says for row in therapy.statements["codes"])
    assert all(str(code) in said for code in known) or not therapy.statements["codes"]


def test_every_picture_that_can_be_named_is_one_word() -> None:
    assert len(set(PICTURES)) == len(PICTURES)
    assert all(re.fullmatch(r"[a-z-]+", picture) for picture in PICTURES)


def test_each_file_stands_in_its_own_folder() -> None:
    folder = Path(str(__import__("levamen.knowledge.therapies", fromlist=["x"]).__file__)).parent
    for path in folder.glob("*/therapy.yaml"):
        assert read_top(path).text("therapy") == path.parent.name.replace("_", "-")
