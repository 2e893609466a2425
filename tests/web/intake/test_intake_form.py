"""The intake form: what is open is asked, what stands is not; a blank is never written; every answer has its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def sheet_of(held: Any) -> Any:
    from clinic.clock import now
    from levamen.pathway.intake import intake
    from records.facts import reading_of

    held.refresh_from_db()
    return intake(reading_of(held).record, now())


def answer(held: Any, field: str, about: str | None = None) -> Any:
    (found,) = [row for row in sheet_of(held).answers if row.field.id == field and about in (None, row.about)]
    return found


def seen(held: Any) -> dict[str, str]:
    return {f"seen.{row.section}.{row.key}": str(row.version) for row in held.entries.all()}


@pytest.fixture
def bare(staff: Callable[..., Any]) -> Any:
    """A patient of whom nothing is known but the name."""
    from records.actions import Identity, add_patient

    return add_patient(
        staff("nurse"), Identity(family="Bare", given="Ada", mrn="77 1"), team=[staff("nurse"), staff("physician")]
    )


def test_every_page_of_the_form_opens_for_a_record_with_nothing_and_with_much(
    signed_in: Callable[..., Client], bare: Any, patient: Callable[..., Any]
) -> None:
    from levamen.knowledge.intake import packaged_form

    client = signed_in("nurse")
    for held in (bare, patient(), patient("intake-goals", family="Goals")):
        assert client.get(f"/patient/{held.handle}/intake").status_code == 200
        for group in packaged_form().groups:
            response = client.get(f"/patient/{held.handle}/intake/{group.id}")
            assert response.status_code == 200, group.id
            response = client.post(f"/patient/{held.handle}/intake/{group.id}", seen(held))
            assert response.status_code == 302, group.id
        before = held.entries.count()
        held.refresh_from_db()
        assert held.entries.count() == before


def test_a_blank_page_writes_nothing(signed_in: Callable[..., Client], bare: Any) -> None:
    head = bare.head
    signed_in("nurse").post(f"/patient/{bare.handle}/intake/safety", {"a.red-flags": "", "a.diabetes": ""})
    bare.refresh_from_db()
    assert bare.head in (head, 1)
    assert answer(bare, "red-flags").status == "not-asked"


def test_answers_land_where_rules_read_them(signed_in: Callable[..., Client], bare: Any) -> None:
    client, base = signed_in("nurse"), f"/patient/{bare.handle}/intake"
    client.post(
        f"{base}/where",
        {
            "a.pain-site": "low-back",
            "a.pain-side": "both",
            "a.pain-areas": ["back-left-low-back", "back-right-low-back"],
        },
    )
    pain = bare.entries.get(section="pain")
    assert set(pain.fields["areas"]) == {"back-left-low-back", "back-right-low-back"}
    client.post(
        f"{base}/when",
        {
            **seen(bare),
            f"a.pain-since.{pain.key}": "2025-06",
            f"a.pain-most-days.{pain.key}": "yes",
            "a.night-pain": "no",
        },
    )
    client.post(f"{base}/how-strong", {**seen(bare), f"a.pain-worst.{pain.key}": "8"})
    client.post(f"{base}/what-it-stops", {"a.stops-chores": "somewhat", "a.stops-fun": "?"})
    client.post(f"{base}/work-and-claim", {"a.work-status": "retired", "a.compensation-open": "no"})
    client.post(f"{base}/safety", {"a.red-flags": "no", "a.diabetes": "?", "a.pregnancy": "no"})
    client.post(f"{base}/communication", {"a.language": "es", "a.interpreter": "yes"})
    client.post(f"{base}/goals", {"a.goal-text": "Walk to the market"})
    client.post(f"{base}/barriers", {"a.has-barriers": "yes", "a.barriers": ["transport", "cost"]})
    client.post(f"{base}/prior-therapies", {"a.tried-physical": ["physical-therapy", "massage"]})
    statuses = {
        "pain-site": "answered", "pain-areas": "answered", "pain-since": "answered", "pain-most-days": "answered",
        "night-pain": "answered", "pain-worst": "answered", "stops-chores": "answered", "stops-fun": "unknown",
        "work-status": "answered", "work-hours": "not-needed", "compensation-open": "answered", "red-flags": "answered",
        "diabetes": "unknown", "pregnancy": "answered", "language": "answered", "interpreter": "answered",
        "goal-text": "answered", "has-barriers": "answered", "barriers": "answered", "sleep": "not-asked",
        "bleeding-risk": "not-asked",
    }  # fmt: skip
    found = {row.field.id: row.status for row in sheet_of(bare).answers}
    assert {id: found[id] for id in statuses} == statuses
    assert bare.entries.filter(section="intake").count() == 1, "what is said on one day is one statement"
    assert {row.fields["therapy"] for row in bare.entries.filter(section="care")} == {"physical-therapy", "massage"}
    care = bare.entries.filter(section="care").first()
    client.post(
        f"{base}/each-therapy",
        {**seen(bare), f"a.therapy-start.{care.key}": "2025", f"a.therapy-helped.{care.key}": "sometimes"},
    )
    care.refresh_from_db()
    assert (care.fields["start"], care.fields["helped"]) == ("2025", "sometimes")


def test_what_stands_is_not_asked_again(signed_in: Callable[..., Client], bare: Any) -> None:
    client, address = signed_in("nurse"), f"/patient/{bare.handle}/intake/safety"
    client.post(address, {"a.red-flags": "no"})
    page = client.get(address).content.decode()
    assert 'name="a.red-flags"' not in page
    assert 'name="a.diabetes"' in page
    client.post(address, {"a.red-flags": "yes"})
    assert bare.entries.filter(section="completeness").count() == 1


def test_not_sure_without_a_word_in_the_chart_is_shown_and_settles_nothing(
    signed_in: Callable[..., Client], bare: Any
) -> None:
    client, address = signed_in("nurse"), f"/patient/{bare.handle}/intake/where"
    client.post(address, {"a.pain-site": "?"})
    assert "Asked, not sure" in client.get(address).content.decode()
    assert answer(bare, "pain-site").status == "not-asked"
    assert not bare.entries.filter(section="pain").exists()


def test_bad_input_is_one_sentence_at_its_field_and_nothing_of_the_page_is_written(
    signed_in: Callable[..., Client], bare: Any
) -> None:
    client, address = signed_in("nurse"), f"/patient/{bare.handle}/intake/where"
    client.post(address, {"a.pain-site": "low-back"})
    pain = bare.entries.get(section="pain")
    address = f"/patient/{bare.handle}/intake/when"
    said = {**seen(bare), f"a.pain-since.{pain.key}": "last summer", f"a.pain-course.{pain.key}": "constant"}
    response = client.post(address, said)
    assert response.status_code == 400
    page = response.content.decode()
    assert f'href="#a-pain-since-{pain.key}"' in page
    assert 'value="last summer"' in page
    pain.refresh_from_db()
    assert "course" not in pain.fields


def test_two_who_ask_at_once_the_second_is_told(signed_in: Callable[..., Client], bare: Any) -> None:
    client, base = signed_in("nurse"), f"/patient/{bare.handle}/intake"
    client.post(f"{base}/where", {"a.pain-site": "low-back"})
    pain, held = bare.entries.get(section="pain"), seen(bare)
    client.post(f"{base}/when", {**held, f"a.pain-course.{pain.key}": "constant"})
    late = client.post(f"{base}/when", {**held, f"a.pain-onset.{pain.key}": "injury"})
    assert late.status_code == 409
    assert "Somebody changed this while you wrote" in late.content.decode()
    pain.refresh_from_db()
    assert "onset" not in pain.fields


def test_gone_through_today_is_one_click_and_twice_is_once(signed_in: Callable[..., Client], bare: Any) -> None:
    client = signed_in("nurse")
    for _ in range(2):
        client.post(f"/patient/{bare.handle}/reviewed", {"section": "medications"})
        client.post(f"/patient/{bare.handle}/asked", {"question": "contrast-allergy", "answer": "no"})
    rows = [row.fields for row in bare.entries.filter(section="completeness").order_by("pk")]
    assert [(row["kind"], row.get("reviewed"), row.get("answer")) for row in rows] == [
        ("medications", "2026-03-09", None),
        ("contrast-allergy", None, "no"),
    ]
    assert answer(bare, "takes-benzodiazepine").value == ("none",)
    assert client.post(f"/patient/{bare.handle}/reviewed", {"section": "x"}).status_code == 400
    assert client.post(f"/patient/{bare.handle}/asked", {"question": "x", "answer": "no"}).status_code == 400


def test_back_leads_nowhere_else(signed_in: Callable[..., Client], bare: Any) -> None:
    said = {"section": "medications", "back": "https://elsewhere.example/"}
    response = signed_in("nurse").post(f"/patient/{bare.handle}/reviewed", said)
    assert response["Location"] == f"/patient/{bare.handle}/record"


def test_a_medicine_that_is_not_taken_any_more_ends_today(
    signed_in: Callable[..., Client], staff: Callable[..., Any], bare: Any
) -> None:
    from records.actions import add

    made = add(staff("nurse"), bare, "medications", {"drug": "gabapentin", "dose": "300 mg", "every": "8 h"})
    client = signed_in("nurse")
    assert "Gabapentin" in client.get(f"/patient/{bare.handle}/intake/medicines").content.decode()
    address = f"/patient/{bare.handle}/medicine/{made.key}/stopped"
    client.post(address, {"seen": "0"})
    made.refresh_from_db()
    assert "end" not in made.fields
    client.post(address, {"seen": "1"})
    client.post(address, {"seen": "2"})
    made.refresh_from_db()
    assert (made.fields["end"], made.version) == ("2026-03-09", 2)


def test_history_is_complete_from_a_day_on(signed_in: Callable[..., Client], bare: Any) -> None:
    client = signed_in("nurse")
    client.post(f"/patient/{bare.handle}/complete", {"section": "care", "from": "2025-01-01"})
    assert answer(bare, "tried-physical").value == ("none",)
    client.post(f"/patient/{bare.handle}/complete", {"section": "care", "from": "soon"})
    assert bare.entries.filter(section="completeness").count() == 1


def test_a_coordinator_asks_and_an_auditor_does_not(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient()
    assert signed_in("coordinator").get(f"/patient/{held.handle}/intake/safety").status_code == 200
    assert signed_in("auditor").get(f"/patient/{held.handle}/intake/safety").status_code == 403


def test_pages_ask_the_database_at_most_twelve_times(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held, client = patient(), signed_in("nurse")
    for page in ("intake", "intake/where", "intake/medicines", "intake/safety", "measure/phq-9"):
        with CaptureQueriesContext(connection) as told:
            assert client.get(f"/patient/{held.handle}/{page}").status_code == 200
        asked = [row for row in told.captured_queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(asked) <= 12, (page, len(asked))
