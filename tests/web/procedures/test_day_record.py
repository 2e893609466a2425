"""The procedure record and recovery: what is signed, what it becomes in the chart, and who may go home."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from day_for_tests import agree_all, book_today, ready, say, today, url
from django.test import Client

from audit.chain import verify
from clinic import clock
from follow_up.models import Due
from procedures.models import Booking, DayAnswer, Discharge, ProcedureRecord
from procedures.record_actions import chart_body
from records import actions as record_actions
from records.facts import reading_of
from records.models import Entry
from team.models import Task


@pytest.fixture
def started(booked: Booking, signed_in: Any) -> Booking:
    """The same, started and signed out of."""
    ready(signed_in, booked)
    assert signed_in("physician").post(url(booked, "/start")).status_code == 302
    agree_all(signed_in("nurse"), booked, "sign-out")
    booked.refresh_from_db()
    return booked


def form(booking: Booking, **changed: Any) -> dict[str, Any]:
    """The record as the page sends it when nothing differed."""
    return {
        "seen": ProcedureRecord.objects.get(booking=booking).version,
        "part": ["joint:L4-5:left", "joint:L5-S1:left"], "guidance": "fluoroscopy", "contrast": "none",
        "sedation": "none", "agent.0.drug": "bupivacaine", "agent.0.concentration": "0.5 %", "agent.0.volume": "1.5 mL",
        "event": ["none-asked"], "fluoroscopy_s": "34", "air_kerma_mgy": "2.5", "dap": "0.82", "images": "6",
        "agent.0.lot": "B7731", **changed,
    }  # fmt: skip


def sign(client: Client, booking: Booking, **changed: Any) -> Any:
    return client.post(url(booking, "/record"), form(booking, **changed))


def test_the_draft_is_what_was_planned(signed_in: Any, started: Booking, django_assert_max_num_queries: Any) -> None:
    doctor = signed_in("physician")
    doctor.get(url(started, "/record"))
    with django_assert_max_num_queries(20):
        text = doctor.get(url(started, "/record")).content.decode()
    assert '<strong class="both">left</strong>' in text
    assert 'value="joint:L4-5:left" checked' in text
    assert 'value="joint:L4-5:right" checked' not in text
    assert "7.5 mg" in text
    assert 'value="none-asked" id="event-none-asked" autofocus' in text, "nothing is ticked before it is asked"
    assert "L3 medial branch" in text and "L5 dorsal ramus" in text  # noqa: PT018 - the nerves of one row


def test_signing_makes_a_procedure_of_the_chart_once(signed_in: Any, started: Booking) -> None:
    doctor = signed_in("physician")
    before = Entry.objects.filter(patient=started.patient, section="procedures", struck=False).count()
    assert sign(doctor, started).status_code == 302
    doctor.post(url(started, "/record"), form(started))
    rows = Entry.objects.filter(patient=started.patient, section="procedures", struck=False)
    assert rows.count() == before + 1
    reading = reading_of(started.patient)
    assert not reading.balance.rejected
    done = next(row for row in reading.record.facts if row.id == ProcedureRecord.objects.get().key)
    assert (done.therapy, done.side, done.joints) == ("medial-branch-block", "left", {"L4-5", "L5-S1"})
    assert done.exposure.fluoroscopy_s == 34
    assert done.exposure.air_kerma_mgy == Decimal("2.5")
    assert done.exposure.dose_area_product_gy_cm2 == Decimal("0.82")
    assert done.exposure.images == 6
    assert done.agents[0].lot == "B7731"
    assert [agent.drug for agent in done.agents] == ["bupivacaine"]
    assert not [row for row in reading.record.requests if row.id == "RD"], "the request is answered"
    started.refresh_from_db()
    assert started.status == Booking.Status.DONE
    assert verify().holds


IMPLANT = "spinal-cord-stimulation-implant"


@pytest.fixture
def implanting(started: Booking, signed_in: Any) -> Booking:
    """An implant that has begun and is signed out of. What comes before the start is not asked here."""
    asked = Entry.objects.get(patient=started.patient, section="request", key="RD")
    body = {name: said for name, said in asked.fields.items() if name not in ("joints", "side", "agents")}
    body |= {"therapy": IMPLANT, "purpose": "therapeutic", "region": "thoracic", "pain": "PN-1"}
    record_actions.change(None, started.patient, "request", "RD", body, seen=asked.version)
    started.patient.refresh_from_db()
    agree_all(signed_in("nurse"), started, "sign-out")
    return started


NOTHING_DIFFERED = {
    "part": [], "event": ["none-asked"], "agent.0.drug": "", "agent.0.concentration": "", "agent.0.volume": "",
    "agent.0.lot": "",
}  # fmt: skip


def implants(booking: Booking) -> list[Entry]:
    return list(Entry.objects.filter(patient=booking.patient, section="procedures", therapy=IMPLANT, struck=False))


@pytest.mark.parametrize(("day", "count"), [("2026-03-09", 1), ("2026-03-08", 2)])
def test_an_implant_that_a_step_wrote_is_completed_and_not_written_twice(
    signed_in: Any, staff: Any, implanting: Booking, day: str, count: int
) -> None:
    """The step of the same day is the same implant: the page says so with the way to it. Another day is another one."""
    doctor = signed_in("physician")
    step = {"therapy": IMPLANT, "start": day, "operator": "a-physician", "region": "thoracic", "pain": "PN-1"}
    made = record_actions.add(staff("physician"), implanting.patient, "procedures", step)
    where = f'href="/patient/{implanting.patient.handle}/record/procedures/{made.key}"'
    page = doctor.get(url(implanting, "/record")).content.decode()
    assert ("This is in the record already" in page, where in page) == (count == 1, count == 1)
    signed_now = sign(doctor, implanting, **NOTHING_DIFFERED)
    assert signed_now.status_code == 302, signed_now.content.decode()
    page = doctor.get(url(implanting, "/record")).content.decode()
    assert ("It was in the record already, and was completed there" in page) is (count == 1)
    assert len(implants(implanting)) == count
    signed = ProcedureRecord.objects.get().key
    assert (signed == made.key) is (count == 1)
    done = next(row for row in implants(implanting) if row.key == signed)
    assert done.fields["status"] == "done"
    assert done.fields["pain"] == "PN-1"
    assert int(done.fields["exposure"]["fluoroscopy_s"]) == 34
    assert verify().holds


@pytest.mark.parametrize("seen", ["now", "before"])
def test_a_step_is_refused_where_the_room_wrote_the_implant(signed_in: Any, implanting: Booking, seen: str) -> None:
    from devices.stimulator_views import slug_of
    from devices.ways import review

    def way() -> Any:
        (found,) = review(implanting.patient).ways
        return found

    doctor, before = signed_in("physician"), len(way().steps)
    assert sign(doctor, implanting, **NOTHING_DIFFERED).status_code == 302
    implanting.patient.refresh_from_db()
    found, count = way(), Entry.objects.filter(patient=implanting.patient).count()
    address = f"/patient/{implanting.patient.handle}/stimulator/{slug_of(found)}/step"
    said = {"kind": "implanted", "day": "2026-03-09", "seen": len(found.steps) if seen == "now" else before}
    page = doctor.post(address, said, follow=True).content.decode()
    assert "This is in the record already: <a href=" in page
    assert "Nothing was written a second time." in page
    (entry,) = implants(implanting)
    assert f"/record/procedures/{entry.key}" in page
    assert Entry.objects.filter(patient=implanting.patient).count() == count


def test_both_calls_are_due_from_the_end(signed_in: Any, started: Booking) -> None:
    sign(signed_in("physician"), started)
    sign(signed_in("physician"), started)
    calls = list(Due.objects.filter(kind=Due.Kind.CALL, procedure_key__startswith="P-").order_by("due"))
    ours = [one for one in calls if one.due > clock.now()]
    assert [(one.what, one.due - clock.now()) for one in ours] == [
        ("day-1", timedelta(hours=24)),
        ("week-1", timedelta(weeks=1)),
    ]


def test_unanswered_events_are_not_none(signed_in: Any, started: Booking) -> None:
    refused = sign(signed_in("physician"), started, event=[])
    assert refused.status_code == 400
    assert "unanswered is not none" in refused.content.decode()
    both = sign(signed_in("physician"), started, event=["none-asked", "bloody-tap"])
    assert both.status_code == 400
    assert not ProcedureRecord.objects.filter(signed_at__isnull=False).exists()


def test_an_event_becomes_one_of_the_chart(signed_in: Any, started: Booking) -> None:
    sign(signed_in("physician"), started, event=["bloody-tap"])
    event = Entry.objects.get(patient=started.patient, section="events", struck=False)
    assert event.fields["kind"] == "bloody-tap"
    assert event.fields["ascertainment"] == "asked"


def test_another_side_stops_until_a_person_says_why(signed_in: Any, started: Booking) -> None:
    doctor = signed_in("physician")
    right = {"part": ["joint:L4-5:right", "joint:L5-S1:right"]}
    stopped = sign(doctor, started, **right)
    assert stopped.status_code == 409
    text = stopped.content.decode()
    assert "L4-5 and L5-S1, right" in text
    assert "L4-5 and L5-S1, left" in text
    assert sign(doctor, started, **right, settled="no").status_code == 409
    assert sign(doctor, started, **right, settled="pain is on the right, patient asked").status_code == 302
    record = ProcedureRecord.objects.get()
    assert (
        "Differs from the plan: Levels and side: planned L4-5 and L5-S1, left; done L4-5 and L5-S1, right"
        in record.note
    )
    assert Entry.objects.get(section="procedures", key=record.key, patient=started.patient).fields["side"] == "right"


def test_sides_that_differ_by_level_are_refused_in_a_sentence(signed_in: Any, started: Booking) -> None:
    refused = sign(signed_in("physician"), started, part=["joint:L4-5:left", "joint:L5-S1:right"])
    assert refused.status_code == 400
    assert "Every level of one record has the same side" in refused.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("fluoroscopy_s", "half a minute", "Screening time"),
        ("end", "late", "write the time as 09:16"),
        ("end", "07:00", "cannot be before the start"),
        ("end", "29:10", "write the time as 09:16"),
        ("agent.0.volume", "two", "with its unit"),
        ("agent.0.drug", "gold", "Name the drug"),
        ("guidance", "x" * 4000, "words offered"),
    ],
)
def test_bad_input_is_one_sentence(signed_in: Any, started: Booking, field: str, value: str, says: str) -> None:
    refused = sign(signed_in("physician"), started, **{field: value})
    assert refused.status_code == 400
    assert says in refused.content.decode()


def test_a_nurse_saves_and_the_operator_signs(signed_in: Any, started: Booking) -> None:
    nurse = signed_in("nurse")
    assert nurse.post(url(started, "/record"), form(started, save="yes", fluoroscopy_s="40")).status_code == 302
    refused = sign(nurse, started)
    assert refused.status_code == 400
    assert "The operator signs" in refused.content.decode()
    stale = signed_in("physician").post(url(started, "/record"), form(started, seen="0"))
    assert stale.status_code == 409
    assert "Somebody else saved" in stale.content.decode()


def test_without_the_sign_out_nothing_is_signed(signed_in: Any, booked: Booking) -> None:
    ready(signed_in, booked)
    signed_in("physician").post(url(booked, "/start"))
    refused = sign(signed_in("physician"), booked)
    assert refused.status_code == 400
    assert "sign-out is not over" in refused.content.decode()


def test_a_signed_record_is_added_to_and_never_changed(signed_in: Any, started: Booking) -> None:
    doctor = signed_in("physician")
    sign(doctor, started)
    note = ProcedureRecord.objects.get().note
    doctor.post(url(started, "/record"), form(started, fluoroscopy_s="99"))
    doctor.post(url(started, "/record/add"), {"words": "Lot BUP 24K0931", "reason": "left out"})
    record = ProcedureRecord.objects.get()
    assert record.note == note
    entry = Entry.objects.get(section="procedures", key=record.key, patient=started.patient)
    assert entry.version == 2
    assert "Lot BUP 24K0931" in entry.fields["note"]
    text = doctor.get(url(started, "/record/note"))
    assert text["Content-Type"].startswith("text/plain")
    assert "Lot BUP 24K0931" in text.content.decode()
    assert "LEVELS AND SIDE: L4-5 and L5-S1, left" in text.content.decode()


def recover(client: Client, booking: Booking, item: str, answer: str, said: str = "") -> Any:
    sent = f"{item}-{answer}-{DayAnswer.objects.count()}"
    return client.post(url(booking, "/recovery/answer"), {"item": item, "answer": answer, "said": said, "sent": sent})


NEEDS = ("vital-signs", "alert", "pain", "wound", "escort", "written-red-flags")


def test_nobody_goes_home_with_an_unexamined_leg(signed_in: Any, started: Booking) -> None:
    nurse = signed_in("nurse")
    sign(signed_in("physician"), started)
    with clock.standing_at(clock.now() + timedelta(minutes=31)):
        for item in (*NEEDS, "observation-over", "neurological-baseline"):
            recover(nurse, started, item, "yes", "as before")
        refused = nurse.post(url(started, "/recovery/discharge"), {"reason.leg-power": "wants to go home"})
        assert refused.status_code == 400
        assert "Not without an examination now" in refused.content.decode()
        assert not Discharge.objects.exists()
        recover(nurse, started, "leg-power", "yes", "stands, as before")
        assert nurse.post(url(started, "/recovery/discharge")).status_code == 302
    assert Discharge.objects.get().unmet == []


def test_without_a_look_before_the_finding_of_now_is_written(signed_in: Any, started: Booking) -> None:
    nurse = signed_in("nurse")
    DayAnswer.objects.filter(item="neuro-baseline").delete()
    refused = recover(nurse, started, "leg-power", "yes")
    assert refused.status_code == 400
    assert "Examine now" in refused.content.decode()
    assert recover(nurse, started, "leg-power", "yes", "5 of 5, stands").status_code == 302


def test_a_new_deficit_goes_to_the_operator_and_only_a_physician_lets_go(signed_in: Any, started: Booking) -> None:
    nurse, doctor = signed_in("nurse"), signed_in("physician")
    sign(doctor, started)
    recover(nurse, started, "leg-power", "no", "left foot weak")
    task = Task.objects.get(kind="flag")
    assert task.owner == started.operator
    recover(nurse, started, "neurological-baseline", "yes", "feeling as before")
    page = nurse.get(url(started, "/recovery")).content.decode()
    reasons = {f"reason.{item}": "seen by Dr" for item in (*NEEDS, "observation-over", "leg-power", "restart")}
    assert "Goes home all the same" in page
    assert "A physician decides" in nurse.post(url(started, "/recovery/discharge"), reasons).content.decode()
    assert doctor.post(url(started, "/recovery/discharge"), reasons).status_code == 302
    assert {row["item"] for row in Discharge.objects.get().unmet} >= {"leg-power", "observation-over"}


@pytest.mark.parametrize(("minutes", "status"), [(29, 400), (30, 302), (31, 302)])
def test_the_observation_ends_thirty_minutes_after_the_end(
    signed_in: Any, started: Booking, minutes: int, status: int
) -> None:
    sign(signed_in("physician"), started)
    with clock.standing_at(clock.now() + timedelta(minutes=minutes)):
        assert recover(signed_in("nurse"), started, "observation-over", "yes").status_code == status


def test_blood_at_the_needle_is_known_in_recovery(signed_in: Any, started: Booking) -> None:
    sign(signed_in("physician"), started, event=["bloody-tap"])
    text = signed_in("nurse").get(url(started, "/recovery")).content.decode()
    assert "May this person go home?" in text
    assert "Local rule, awaiting confirmation" in text


def test_the_checklist_can_still_be_read_after_signing(signed_in: Any, started: Booking) -> None:
    sign(signed_in("physician"), started)
    started.refresh_from_db()
    page = signed_in("nurse").get(url(started, "?stage=pause"))
    assert page.status_code == 200
    assert "Read this aloud" in page.content.decode()
    assert today(started).request.side == "left"
    late = say(signed_in("nurse"), started, "pause", "position", "differs", sent="late")
    assert late.status_code == 302, "an answer that a device kept is never lost"


def test_a_shoulder_keeps_its_side(patient: Any, staff: Any, signed_in: Any) -> None:
    made = book_today(
        patient, staff, therapy="joint-injection", purpose="therapeutic", region="upper-limb", side="right",
        joints=None, joint="shoulder", guidance="ultrasound",
    )  # fmt: skip
    text = signed_in("nurse").get(url(made)).content.decode()
    assert '<strong class="both">right</strong>' in text


@pytest.mark.parametrize(
    ("therapy", "ends"),
    [
        ("medial-branch-block", True), ("spinal-cord-stimulation-implant", True),
        ("spinal-cord-stimulation-trial", False), ("dorsal-root-ganglion-stimulation-trial", False),
        ("peripheral-nerve-stimulation-trial", False), ("intrathecal-trial", False),
        ("peripheral-nerve-stimulation-60-day", False),
    ],
)  # fmt: skip
def test_a_trial_ends_when_its_lead_comes_out_and_not_at_the_table(booked: Booking, therapy: str, ends: bool) -> None:
    """A trial with an end at the table would count as over at once: nought hours, and nothing could be told of it."""
    from levamen.record.facts import Request

    asked = Request(id="RD", therapy=therapy)
    start = booked.start
    body = chart_body(booked, asked, asked, {"agents": [], "events": []}, start, start + timedelta(minutes=40))
    assert ("end" in body) is ends
