"""Triage: warning signs first, the decision once, the letter back kept as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def referred(staff: Callable[..., Any], held: Any, findings: tuple[str, ...] = ()) -> Any:
    from intake import actions
    from records.actions import Identity, add

    for concept in findings:
        add(
            staff("nurse"),
            held,
            "findings",
            {"concept": concept, "method": "symptom", "date": "2026-03-08", "present": True},
        )
    return actions.refer(
        staff("coordinator"), held, Identity(family="", given="", mrn=""), sender="Dr Ames", reason="Epidural?",
        urgency="routine", triager=staff("physician"),
    )  # fmt: skip


def test_a_warning_sign_leads_whatever_the_letter_says_and_is_somebodys_task_at_once(
    signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    from team.models import Task

    quiet = referred(staff, patient(family="Quiet"))
    grave = referred(staff, patient(family="Grave"), ("bilateral-sciatica", "urinary-retention"))
    page = signed_in("physician").get("/referrals").content.decode()
    assert page.index("GRAVE") < page.index("QUIET")
    assert "1 cannot wait until tomorrow" in page
    task = Task.objects.get(patient=grave.patient)
    assert task.owner == staff("physician")
    assert task.due is not None
    assert not Task.objects.filter(patient=quiet.patient).exists()
    page = signed_in("physician").get(f"/patient/{grave.patient.handle}/referral/{grave.pk}").content.decode()
    assert "Call now:" in page


def test_not_asked_is_not_no(
    signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    from intake import actions
    from records.models import Entry

    held = referred(staff, patient())
    Entry.objects.filter(patient=held.patient, section="completeness", concept="red-flags").delete()
    address = f"/patient/{held.patient.handle}/referral/{held.pk}"
    client = signed_in("physician")
    assert "nobody asked about them. Not asked is not no." in client.get(address).content.decode()
    actions.ask(staff("nurse"), held.patient, "red-flags", "no")
    assert "No warning sign: they were asked about." in client.get(address).content.decode()


def test_a_decision_needs_its_reason_and_a_return_its_questions(
    signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    held = referred(staff, patient())
    address = f"/patient/{held.patient.handle}/referral/{held.pk}"
    response = signed_in("physician").post(address, {"decision": "return", "note": ""})
    assert response.status_code == 400
    page = response.content.decode()
    assert 'href="#id_note"' in page
    assert "one question or more" in page
    held.refresh_from_db()
    assert held.waits


def test_accepting_names_a_team_and_the_letter_says_who_decided_and_why(
    signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    held = referred(staff, patient(), ("bilateral-sciatica", "urinary-retention"))
    address = f"/patient/{held.patient.handle}/referral/{held.pk}"
    other = staff("nurse", "another-nurse")
    said = {
        "decision": "urgent", "note": "MRI tonight", "physician": str(staff("physician").pk), "nurse": str(other.pk),
        "next_step": "MRI of the whole spine", "next_by": "2026-03-09", "lacks": ["red-flags", "no-such-field"],
    }  # fmt: skip
    client = signed_in("physician")
    assert client.post(address, said)["Location"] == f"{address}/letter"
    assert held.patient.team.filter(staff=other).exists()
    letter = client.get(f"{address}/letter?text").content.decode()
    for words in (
        "To: Dr Ames",
        "Why: MRI tonight",
        "MRI of the whole spine",
        "Epidural?",
        "The red-flag list?",
        "auda equina",
    ):
        assert words in letter, words
    held.refresh_from_db()
    kept = held.letter
    from records.actions import add

    add(staff("nurse"), held.patient, "findings", {"concept": "night-pain", "date": "2026-03-09", "present": True})
    held.refresh_from_db()
    assert held.letter == kept


def test_two_who_decide_at_once_the_second_is_told(
    signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    held = referred(staff, patient())
    address = f"/patient/{held.patient.handle}/referral/{held.pk}"
    said = {"decision": "accept", "note": "fits", "physician": str(staff("physician").pk)}
    client = signed_in("physician")
    client.post(address, said)
    again = client.post(address, said | {"decision": "urgent"}, follow=True)
    assert "decided on it in between. Yours was not written." in again.content.decode()
    held.refresh_from_db()
    assert held.decision == "accept"


def test_a_nurse_reads_and_does_not_decide(
    signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    held = referred(staff, patient())
    address = f"/patient/{held.patient.handle}/referral/{held.pk}"
    client = signed_in("nurse")
    assert client.get(address).status_code == 200
    assert client.post(address, {"decision": "accept", "note": "fits"}).status_code == 403


def asked(client: Client, address: str) -> int:
    """How often a page asks the database: savepoints are the test's own."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return sum(not row["sql"].startswith(("SAVEPOINT", "RELEASE")) for row in seen.captured_queries)


def test_pages_ask_the_database_at_most_twelve_times(
    signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    rows = [referred(staff, patient(family=f"Name{number}")) for number in range(4)]
    client = signed_in("physician")
    assert asked(client, "/referrals") <= 12
    assert asked(client, f"/patient/{rows[0].patient.handle}/referral/{rows[0].pk}") <= 12


@pytest.mark.parametrize(
    ("typed", "says"), [("2026-03-05", "5 Mar 2026"), ("2026-03", "9 Mar 2026"), ("", "9 Mar 2026")]
)
def test_the_letter_back_names_the_letter_by_its_own_date(
    signed_in: Callable[..., Client], staff: Callable[..., Any], typed: str, says: str
) -> None:
    """Typed without the words of the letter its date is kept all the same; without a whole day, the day it came."""
    doctor = staff("physician")
    said = {
        "family": "Ibarra", "given": "Jonas", "mrn": "004 118 9999", "sender": "Dr Ames", "reason": "Epidural?",
        "urgency": "routine", "dated": typed, "triager": str(doctor.pk),
    }  # fmt: skip
    address = signed_in("coordinator").post("/referrals/new", said)["Location"]
    client = signed_in("physician")
    client.post(address, {"decision": "accept", "note": "We see him", "physician": str(doctor.pk)})
    letter = client.get(f"{address}/letter?text").content.decode()
    assert f"Your letter of: {says}" in letter
