"""The strip under a patient's name: facts with their day, or the words that say that nobody asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from options.icons100 import hundred
from records import actions, banner

pytestmark = pytest.mark.django_db
Maker = Callable[..., Any]
NAMES = [
    "Allergies", "Contrast", "Latex", "Antithrombotics", "Devices", "Opioids", "Steroid, 12 months", "Kidney",
]  # fmt: skip


def parts(someone: Any) -> dict[str, banner.Said]:
    someone.refresh_from_db()
    return {part.name: part for part in banner.strip(someone).parts}


@pytest.fixture
def nobody(staff: Maker) -> Any:
    """A patient of whom nothing is known."""
    return actions.add_patient(
        staff("physician"), actions.Identity(family="New", given="Person", mrn="MRN 1"), team=[staff("physician")]
    )


def test_of_a_new_patient_nothing_is_none(nobody: Any) -> None:
    """Not asked is never no: each part says so in words, in the fixed order."""
    found = parts(nobody)
    assert list(found) == NAMES
    assert not any(part.known for part in found.values())
    assert {part.says for part in found.values() if part.name in NAMES[:5]} == {"Not asked"}


def test_an_answer_to_a_question_is_shown_with_its_day(nobody: Any, staff: Maker) -> None:
    body = {"kind": "contrast-allergy", "asked": "2026-03-06T10:00:00-05:00", "answer": "no"}
    actions.add(staff("nurse"), nobody, "completeness", body)
    found = parts(nobody)
    assert (found["Contrast"].says, found["Contrast"].more) == ("None", "asked Fri 06 Mar 2026")
    assert found["Latex"].says == "Not asked"


def test_not_sure_is_not_none(nobody: Any, staff: Maker) -> None:
    body = {"kind": "contrast-allergy", "asked": "2026-03-06T10:00:00-05:00", "answer": "unknown"}
    actions.add(staff("nurse"), nobody, "completeness", body)
    assert not parts(nobody)["Contrast"].known


def test_a_list_gone_through_closes_its_parts(nobody: Any, staff: Maker) -> None:
    actions.add(staff("nurse"), nobody, "completeness", {"kind": "allergies", "reviewed": "2026-03-06"})
    found = parts(nobody)
    assert [found[name].says for name in NAMES[:3]] == ["None"] * 3
    assert found["Antithrombotics"].says == "Not asked"


def test_an_anticoagulant_stands_with_its_last_dose(nobody: Any, staff: Maker) -> None:
    body = {"drug": "apixaban", "dose": "5 mg", "every": "12 h", "last_dose": "2026-03-09T08:00:00-04:00"}
    actions.add(staff("nurse"), nobody, "medications", body)
    found = parts(nobody)["Antithrombotics"]
    assert found.alarm
    assert found.says == "Apixaban 5 mg every 12 h"
    assert found.more == "last dose Mon 09 Mar 2026, 08:00"


def test_one_that_was_stopped_is_not_shown(nobody: Any, staff: Maker) -> None:
    actions.add(staff("nurse"), nobody, "medications", {"drug": "apixaban", "end": "2026-02-01"})
    assert parts(nobody)["Antithrombotics"].says == "Not asked"


def test_an_allergy_is_shown_although_the_list_was_not_gone_through(nobody: Any, staff: Maker) -> None:
    actions.add(staff("nurse"), nobody, "allergies", {"substance": "iodinated-contrast", "reaction": "hives"})
    actions.add(staff("nurse"), nobody, "allergies", {"substance": "chlorhexidine", "reaction": "rash"})
    found = parts(nobody)
    assert found["Contrast"].says == "Iodinated contrast: hives"
    assert (found["Allergies"].says, found["Allergies"].more) == ("Chlorhexidine: rash", "list not gone through")


def test_the_strip_follows_a_write(nobody: Any, staff: Maker, signed_in: Maker) -> None:
    client = signed_in("physician")
    before = client.get(f"/patient/{nobody.handle}").content.decode()
    actions.add(staff("nurse"), nobody, "allergies", {"substance": "latex"})
    after = client.get(f"/patient/{nobody.handle}").content.decode()
    assert before.count("Not asked") > after.count("Not asked")


def test_a_strip_that_cannot_be_worked_out_says_so(
    nobody: Any, signed_in: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that could not run is its own state, never an empty strip."""

    def broken(*_: object) -> banner.Strip:
        raise ValueError("a broken table")

    monkeypatch.setattr(banner, "worked_out", broken)
    page = signed_in("physician").get(f"/patient/{nobody.handle}/record").content.decode()
    assert "could not be worked out. Nothing here is cleared." in page


@pytest.mark.parametrize("had", [0, 1, 24, 25, 26, 64, 99, 100])
def test_the_picture_of_a_hundred_fills_as_many_as_it_says(had: int) -> None:
    """The two shapes cover the hundred people, the first so many of them."""
    picture = str(hundred(had))
    assert f"{had} of 100 people" in picture
    assert ("person-not" in picture) is (had < 100)
    rows, rest = divmod(had, 25)
    assert f'd="M0 0H275V{rows * 20}' in picture
    assert (f"H{rest * 11}V{rows * 20 + 20}H0z" in picture) is bool(rest)


@pytest.mark.parametrize("had", [-1, 101])
def test_more_than_a_hundred_is_refused(had: int) -> None:
    with pytest.raises(ValueError, match="of 100 people"):
        hundred(had)
