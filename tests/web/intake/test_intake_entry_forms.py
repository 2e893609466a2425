"""The forms of entries: what stands comes back unchanged, only what a therapy takes is asked, words are titles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

pytestmark = pytest.mark.django_db
PATIENTS = sorted((Path(__file__).parents[3] / "web" / "sample" / "patients").glob("*.yaml"))


def inputs(shown: Any) -> Iterator[tuple[str, str]]:
    """The names and values that a browser would send for a field as the page shows it."""
    if shown.parts:
        for _, parts in shown.parts:
            for part in parts:
                yield from inputs(part)
    elif shown.kind == "checks":
        known = {value for value, _ in shown.choices}
        yield from ((shown.name, value) for value in shown.values if value in known)
    elif shown.names:
        yield from zip(shown.names, shown.values, strict=True)
    elif shown.kind == "choice":
        assert shown.value in ("", *(value for value, _ in shown.choices)), (shown.name, shown.value)
        yield shown.name, shown.value
    else:
        yield shown.name, str(shown.value)


def sent(form: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    for shown in (*form.first, *form.more, *form.provenance):
        for name, value in inputs(shown):
            data.appendlist(name, value)
    return data


@pytest.mark.parametrize("path", PATIENTS, ids=lambda path: path.stem)
def test_a_form_that_is_saved_untouched_changes_nothing(path: Path, clinic: Any) -> None:
    import yaml

    from levamen.adapters.chart_entries import encode_body
    from records import actions, entry_form, files
    from sample.loader import _read

    row = _read(path)
    held = actions.add_patient(None, actions.Identity(family="A", given="B", mrn=row["mrn"]))
    chart = {key: value for key, value in row["chart"].items() if key not in ("expect", "as_of")}
    files.bring(None, held, yaml.safe_dump(chart, sort_keys=False, allow_unicode=True).encode(), path.name)
    held.refresh_from_db()
    count = 0
    for entry in held.entries.exclude(section="identity"):
        form = entry_form.form_of(held, entry.section, entry.fields)
        reading = entry_form.read(held, entry.section, entry.key, sent(form))
        assert not reading.problems, (entry.section, entry.key, reading.problems)
        assert encode_body(reading.body) == entry.body, (entry.section, entry.key)
        count += 1
    assert count > 3


def test_the_therapy_is_chosen_first_and_then_only_its_fields_are_asked(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held, client = patient(), signed_in("physician")
    address = f"/patient/{held.handle}/record/procedures/new"
    page = client.get(address).content.decode()
    assert "Procedures: which therapy?" in page
    assert 'name="f.date"' not in page
    assert client.post(address, {"choose": "no such thing"}).status_code == 400
    page = client.post(address, {"choose": "Medial branch block"}).content.decode()
    assert 'value="Medial branch block"' in page
    assert 'name="f.joints.0"' in page
    assert 'name="f.interspaces.0"' not in page
    assert 'name="f.nerve"' not in page


def test_what_was_typed_as_a_title_is_kept_as_the_word(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held, client = patient(), signed_in("physician")
    client.post(
        f"/patient/{held.handle}/record/medications/new", {"f.drug": "Gabapentin", "f.dose": "300 mg", "f.every": "8 h"}
    )
    assert held.entries.filter(section="medications", concept="gabapentin").exists()


def test_the_attributes_of_a_condition_are_asked_and_kept(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    from levamen.record import codes

    held, client = patient(), signed_in("physician")
    address = f"/patient/{held.handle}/record/problems/new"
    page = client.post(address, {"choose": codes.label("conditions", "coronary-stent")}).content.decode()
    assert 'name="f.attributes.stent"' in page
    said = {"f.concept": "coronary-stent", "f.attributes.stent": "drug-eluting", "f.attributes.placed_for": ""}
    assert client.post(address, said).status_code == 302
    made = held.entries.filter(section="problems", concept="coronary-stent").latest("pk")
    assert made.fields["attributes"] == {"stent": "drug-eluting"}


def test_an_entry_is_shown_in_words(signed_in: Callable[..., Client], patient: Callable[..., Any]) -> None:
    held, client = patient(), signed_in("physician")
    for entry in held.entries.exclude(section="identity"):
        page = client.get(f"/patient/{held.handle}/record/{entry.section}/{entry.key}").content.decode()
        text = page[page.index("What it says") : page.index("<h2>Versions")]
        for printed in ("{&#x27;", "[&#x27;", "Decimal(", "&gt;None&lt;", ">True<", ">False<", ">None<"):
            assert printed not in text, (entry.section, entry.key, printed)


def test_a_word_is_shown_by_the_title_of_its_own_field() -> None:
    from records.shown import said

    (sedation,) = [row for row in said("procedures", {"sedation": "none"}) if row.title == "Sedation"]
    assert "applicable" not in sedation.text


@pytest.mark.parametrize(
    "section", ["procedures", "medications", "allergies", "problems", "findings", "devices", "request"]
)
def test_a_form_stays_small_on_the_wire(
    section: str, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient()
    choose = {
        "procedures": "Epidural steroid injection",
        "request": "Epidural steroid injection",
        "problems": "Coronary stent",
    }
    client, address = signed_in("physician"), f"/patient/{held.handle}/record/{section}/new"
    headers = {"Accept-Encoding": "gzip"}
    response = (
        client.post(address, {"choose": choose[section]}, headers=headers)
        if section in choose
        else client.get(address, headers=headers)
    )
    assert response.status_code == 200
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= 45_000, len(response.content)
