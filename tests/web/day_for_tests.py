"""A slot today and how its checklist is gone through, for the tests of the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from clinic import clock
from people.models import Privilege, Staff
from procedures import day_actions
from procedures.day_sheet import Sheet, sheet_of
from procedures.models import Booking, DayAnswer
from records import actions
from records.models import Entry

ZONE = ZoneInfo("America/New_York")
MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=ZONE)
NOBODY = {"infection": "no", "fever": "no", "antibiotics": "no", "consent": "yes", "driver": "yes", "fasting": "yes"}
LISTS = ("problems", "medications", "allergies", "devices", "findings")
REQUEST = {
    "therapy": "medial-branch-block",
    "purpose": "diagnostic",
    "region": "lumbar",
    "side": "left",
    "joints": ["L4-5", "L5-S1"],
    "guidance": "fluoroscopy",
    "contrast": "none",
    "sedation": "none",
    "setting": "ambulatory-surgery-center",
    "agents": [{"drug": "bupivacaine", "concentration": "0.5 %", "volume": "1.5 mL"}],
}


def book_today(patient: Any, staff: Any, **changed: Any) -> Booking:
    """A left lumbar medial branch block today at nine: every list gone through, nothing asked today."""
    made = patient(family="Walter", given="Henry")
    said = {name: value for name, value in (REQUEST | changed).items() if value is not None}
    doctor, nurse = staff("physician"), staff("nurse")
    Entry.objects.filter(patient=made).exclude(section__in=("identity", "person", "pain", "payer")).update(struck=True)
    for section in LISTS:
        actions.add(nurse, made, "completeness", {"kind": section, "reviewed": "2026-03-06"})
    for question in (
        "contrast-allergy",
        "latex-allergy",
        "drug-allergy",
        "implants",
        "bleeding-disorder",
        "antithrombotics",
        "over-the-counter",
        "supplements",
        "red-flags",
    ):
        actions.add(nurse, made, "completeness", {"kind": question, "asked": "2026-03-06", "answer": "no"})
    actions.add(
        nurse,
        made,
        "request",
        said
        | {
            "start": MORNING.isoformat(),
            "end": (MORNING + timedelta(minutes=20)).isoformat(),
        },
        key="RD",
    )
    Privilege.objects.create(
        staff=doctor, therapy="medial-branch-block", granted="2025-01-01", expires="2027-01-01", source="test"
    )
    return Booking.objects.create(
        patient=made,
        request_key="RD",
        start=MORNING,
        minutes=20,
        room="Room 1",
        operator=doctor,
        booked_by=nurse,
        booked_at=clock.now(),
        therapy="medial-branch-block",
        title="Medial branch block L4-5, L5-S1 left",
    )


def today(booking: Booking) -> Sheet:
    """The day as it stands."""
    found = sheet_of(booking)
    assert found is not None
    return found


def url(booking: Booking, what: str = "") -> str:
    return f"/patient/{booking.patient.handle}/day/{booking.pk}{what}"


def say(
    client: Client, booking: Booking, stage: str, item: str, answer: str, said: str = "", sent: str = "", **more: str
) -> Any:
    sent = sent or f"{stage}-{item}-{answer}-{said}-{DayAnswer.objects.count()}"
    return client.post(
        url(booking, "/answer"), {"stage": stage, "item": item, "answer": answer, "said": said, "sent": sent, **more}
    )


def _who(client: Client) -> Staff:
    return Staff.objects.get(pk=client.session["_auth_user_id"])


def ask_all(client: Client, booking: Booking) -> None:
    """Every question of the day answered so that nothing stops."""
    for ask in today(booking).asks:
        if not ask.open:
            continue
        options = dict(ask.options)
        word = NOBODY.get(ask.id) or ("not-applicable" if "not-applicable" in options else "no")
        word = word if word in options else "value"
        said = (
            "134/78" if ask.id == "blood-pressure-today" else "said" if word == "value" or ask.id == "fasting" else ""
        )
        day_actions.answer(_who(client), booking, "ask", ask.id, word, said=said, sent=f"all {ask.id}")


def agree_all(client: Client, booking: Booking, stage: str) -> None:
    """Every open item of a stage agreed to."""
    for check in today(booking).open_in(stage):
        day_actions.answer(_who(client), booking, stage, check.id, "agree", sent=f"all {stage} {check.id}")


def ready(signed_in: Any, booking: Booking) -> None:
    nurse, doctor = signed_in("nurse"), signed_in("physician")
    ask_all(nurse, booking)
    agree_all(nurse, booking, "awake")
    agree_all(nurse, booking, "pause")
    doctor.post(url(booking, "/second"))
