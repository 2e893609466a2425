"""What to look at"""

from __future__ import annotations

from typing import Any

import pytest
from reservoir import ZICONOTIDE, pump, warned


def drug(name: str, concentration: str, more: str = "") -> str:
    return f"[{{drug: {name}, concentration: {concentration}{more}}}]"


def test_no_warning() -> None:
    """Morphine 3 mg a day is over no limit: nothing to look at."""
    assert warned() == set()


def test_over_a_limit() -> None:
    """An amount over a stated limit is shown with who states it and how well that is known; exactly at it is not over.
    A limit that is not confirmed may warn. No dose is proposed."""
    assert warned(rate_ml_per_day="0.5", drugs=drug("morphine", "20 mg/mL")) == set()
    rows = pump(rate_ml_per_day="0.5", drugs=drug("morphine", "20.1 mg/mL")).warnings
    assert [(row.id, row.cites[0].mark) for row in rows] == [
        ("morphine-label-tolerant", "secondary"),
        ("morphine-pacc17-concentration", "unverified"),
    ]
    assert rows[0].found == "morphine 10.05 mg a day, boluses included"


def test_boluses_are_included() -> None:
    """The dose a day is with every bolus that the patient may take."""
    assert warned(rate_ml_per_day="1", drugs=drug("morphine", "10 mg/mL")) == set()
    assert warned(rate_ml_per_day="1", bolus_ml_per_day_max="0.1", drugs=drug("morphine", "10 mg/mL")) == {
        "morphine-label-tolerant"
    }


def test_europe_and_america_differ_on_ziconotide() -> None:
    """19.2 mcg a day is the ceiling of the US label, 21.6 that of the EU label. Both are shown by themselves."""
    asked = '  - {kind: psychosis-history, asked: 2026-01-10, answer: "no"}'
    none = f"completeness:\n{asked}\n"
    at = {"drugs": ZICONOTIDE, "more": none}
    assert warned(rate_ml_per_day="0.768", **at) == set()
    assert warned(rate_ml_per_day="0.8", **at) == {"ziconotide-us", "ziconotide-pacc17-day"}
    assert warned(rate_ml_per_day="0.864", **at) == {"ziconotide-us", "ziconotide-pacc17-day"}
    assert warned(rate_ml_per_day="0.9", **at) == {"ziconotide-us", "ziconotide-pacc17-day", "ziconotide-eu"}


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("", "whether there ever was a psychosis was not asked"),
        ('completeness: [{kind: psychosis-history, asked: 2026-01-10, answer: "yes"}]', "the answer was yes"),
        ('completeness: [{kind: psychosis-history, asked: 2026-01-12, answer: "no"}]', "was not asked"),
        ("problems: [{id: PR-1, concept: psychosis, attributes: {activity: history}}]", "is on record (PR-1)"),
        ('completeness: [{kind: psychosis-history, asked: 2026-01-10, answer: "no"}]', None),
        (
            'problems: [{id: PR-1, concept: psychosis}]\n'
            'completeness: [{kind: psychosis-history, asked: 2026-01-10, answer: "no"}]',
            "is on record (PR-1)",
        ),
    ],
)  # fmt: skip
def test_ziconotide_and_psychosis(more: str, found: str | None) -> None:
    """Ziconotide is contraindicated after psychosis. Not asked is not no: it is shown until somebody asked."""
    said = [row.found for row in pump(drugs=ZICONOTIDE, more=more).warnings if row.id == "after-psychosis"]
    assert len(said) == (0 if found is None else 1)
    assert all(found is not None and found in text for text in said)
    assert "after-psychosis" not in warned(more=more)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("hydromorphone", {"not-approved"}),
        ("bupivacaine", {"not-approved"}),
        ("fentanyl", {"not-approved"}),
        ("clonidine", {"not-approved"}),
        ("sufentanil", {"approved"}),
        ("morphine", set()),
        ("baclofen", set()),
    ],
)
def test_not_approved_for_pumps(name: str, ids: set[str]) -> None:
    """In pain only morphine and ziconotide are approved for pumps; what is not is shown with the regulator's words.
    Baclofen is for spasticity, of which that communication does not speak."""
    assert warned(drugs=drug(name, "1 mcg/mL")) == ids


def test_mixture() -> None:
    """No mixture is approved, and the US label of ziconotide advises against an opioid beside it. Consensus algorithms
    combine them, which is said."""
    both = "[{drug: ziconotide, concentration: 1 mcg/mL}, {drug: morphine, concentration: 1 mg/mL}]"
    found = {row.id: row.says for row in pump(drugs=both).warnings}
    assert set(found) == {"mixture", "with-opioid", "after-psychosis"}
    assert "PACC" in found["with-opioid"]


@pytest.mark.parametrize(
    ("changed", "id"),
    [
        ({"alarm_ml": "1.9"}, "low-alarm"),
        ({"filled_ml": "41"}, "overfill"),
        ({"residual_ml": "41", "residual_at": "2026-01-05"}, "residual-over-reservoir"),
        ({"alarm_ml": "20"}, "alarm-over-fill"),
        ({"dose_per_day": "3"}, "dose-unit"),
        ({"dose_per_day": "3.3 mg"}, "dose-and-rate"),
        ({"rate_ml_per_day": "24.1", "drugs": None}, "highest-flow"),
        ({"eri": "2028-01-02", "eos": "2028-01-01"}, "battery-order"),
    ],
)
def test_entries_that_cannot_be_right(changed: dict[str, Any], id: str) -> None:
    """An alarm below the maker's 2 mL, more than the reservoir holds, a dose without its unit, dose and rate that do
    not agree, a rate that the pump cannot reach: each is shown."""
    assert id in warned(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"filled_ml": "40"},
        {"alarm_ml": "2"},
        {"dose_per_day": "3 mg"},
        {"rate_ml_per_day": "0.61", "dose_per_day": "3.03 mg"},
        {"rate_ml_per_day": "24", "drugs": None},
    ],
)
def test_entries_at_their_limit_are_right(changed: dict[str, Any]) -> None:
    """A full reservoir, an alarm at 2 mL, a rate and a dose that are one setting as far as their decimals go: nothing
    to look at."""
    assert not warned(**changed) & {"overfill", "low-alarm", "dose-and-rate", "highest-flow"}


def test_what_is_said_of_baclofen() -> None:
    """Of baclofen it is said on every page that an abrupt stop can kill, in the words of the boxed warning."""
    notes = {note.id: note for note in pump(drugs=drug("baclofen", "500 mcg/mL")).notes}
    assert notes["baclofen-withdrawal"].cites[0].mark == "primary"
    assert "death" in notes["baclofen-withdrawal"].says
    assert "baclofen-withdrawal" not in {note.id for note in pump().notes}


@pytest.mark.parametrize(
    ("model", "notes"),
    [
        ("SynchroMed II", {"mri-synchromed"}),
        ("Prometra II", {"mri-prometra"}),
        (None, {"mri-synchromed", "mri-prometra"}),
    ],
)
def test_notes_of_the_model(model: str | None, notes: set[str]) -> None:
    """What to do around an MRI depends on the model; of a model that nobody recorded both are shown."""
    assert {note.id for note in pump(model=model).notes if note.id.startswith("mri")} == notes
