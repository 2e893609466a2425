"""No title on a form is an id in disguise: every label of every field of every section, and every word it offers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from levamen.adapters.chart_sections import FieldForm, attributes, sections
from levamen.record import codes
from levamen.text.capital import capital

_LOST = re.compile(
    r"_"  # the id itself
    r"|(?<![\w-])[A-Z]?[a-z]+\d[a-z\d]*(?![\w-])"  # `Cha2ds2`, `Bmj25`, `Hba1c`
    r"|(?<![\w-])(?:cha2ds2|chads2|vasc|hba1c|inr|aptt|egfr|gfr|bmi|phq|gad|odi|mme|mri|ct|ecg|emg|asa|icd|snomed|mrna|"
    r"covid|mcr|cms|ncd|nice|bmj|esi|sij|scs|pns|bvn|tens)(?![\w])",
)
_UPPER = re.compile(
    r"(?<![\w-])(?:Inr|Aptt|APTT|Egfr|EGFR|Bmi|Phq|Gad|Mri|Ct|Ecg|Emg|Asa|Icd|Mcr|Cms|Ncd|Nice|PainD\w+)\b"
)
"""What `capitalize` makes of an abbreviation."""


def titles(field: FieldForm, at: str) -> Iterator[tuple[str, str]]:
    yield at, field.title
    yield from ((at, choice.title) for choice in field.choices)
    for inner in (*field.fields, *field.options, *([field.item] if field.item is not None else [])):
        yield from titles(inner, f"{at}.{inner.key}")


def every_title() -> Iterator[tuple[str, str]]:
    for section in sections():
        for field in section.fields:
            yield from titles(field, f"{section.section}.{field.key}")
    for condition in codes.ids("conditions"):
        for name, choices in attributes(condition).items():
            yield condition, capital(codes.in_words(name))
            yield from ((f"{condition}.{name}", choice.title) for choice in choices)


def test_no_title_of_a_form_is_an_id() -> None:
    found = dict.fromkeys(every_title())
    assert len(found) > 1000
    assert [(at, said) for at, said in found if _LOST.search(said) or _UPPER.search(said)] == []


@pytest.mark.parametrize(
    "said", ["Cha2ds2 vasc", "Hba1c", "Bmj25", "Mcr esi", "with_cancer", "Covid 19 mrna vaccine", "APTT", "Nice ng59"]
)
def test_an_id_would_be_seen(said: str) -> None:
    assert _LOST.search(said) or _UPPER.search(said)


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("cha2ds2_vasc", "CHA2DS2-VASc"), ("chads2", "CHADS2"), ("hba1c", "HbA1c"), ("inr", "INR"), ("egfr", "eGFR"),
        ("bmi", "BMI"), ("phq-9", "PHQ-9"), ("phq_9", "PHQ-9"), ("gad-7", "GAD-7"), ("aptt", "aPTT"),
        ("child_pugh", "Child-Pugh"), ("factor-v-leiden", "factor V Leiden"), ("protein-c", "protein C"),
        ("with_cancer", "with cancer"), ("ct", "CT"), ("ct-seen", "CT seen"), ("active", "active"),
        ("directly", "directly"), ("drug-eluting", "drug eluting"), ("3-to-12", "3 to 12"),
    ],
)  # fmt: skip
def test_an_id_in_words(id: str, words: str) -> None:
    """Abbreviations as they are written; only whole words are, and nothing else is touched."""
    assert codes.in_words(id) == words


@pytest.mark.parametrize(
    ("said", "titled"),
    [("side", "Side"), ("aPTT", "aPTT"), ("painDETECT", "painDETECT"), ("anti-Xa activity", "Anti-Xa activity"),
     ("HbA1c", "HbA1c"), ("", "")],
)  # fmt: skip
def test_a_title_begins_upper_case_unless_its_first_word_has_capitals(said: str, titled: str) -> None:
    assert capital(said) == titled
