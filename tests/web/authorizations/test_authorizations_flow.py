"""An authorization from the first look to the payer's answer, as the pages write it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from administration.models import clinic
from authorizations import actions
from authorizations.actions import Said, Stale
from authorizations.models import Authorization, Sent, SentFile, Status, Step
from authorizations.standing import incomplete
from authorizations.worker import look_again
from clinic import clock
from clinic.clock import now
from levamen.derive import authorizations as library
from levamen.record.facts import Document
from procedures.models import Booking
from records.facts import reading_of
from records.models import Entry
from team.models import Task
from worklists.day import Stand, _from_chart, day_of

pytestmark = pytest.mark.django_db
KEY = "R-2"
TODAY = datetime(2026, 9, 30, 14, tzinfo=UTC)
"""Wednesday 30 September 2026, 10:00 where the clinic is: the day of the chart."""
READY = "packet-ablation-complete"


@pytest.fixture(autouse=True)
def wednesday(monday: datetime) -> Iterator[None]:
    """The clock stands at the day of the chart, not at the Monday of the other tests."""
    with clock.standing_at(TODAY):
        yield


def steps(patient: Any) -> list[str]:
    return list(Step.objects.filter(authorization__patient=patient).order_by("place").values_list("status", flat=True))


def write(client: Client, patient: Any, status: str, seen: int, **said: str) -> Any:
    data = {"status": status, f"{status}-seen": str(seen)} | {f"{status}-{name}": value for name, value in said.items()}
    return client.post(f"/patient/{patient.handle}/authorizations/{KEY}/step", data)


def booked(patient: Any, staff: Any, start: datetime) -> Booking:
    return Booking.objects.create(
        patient=patient, request_key=KEY, start=start, room="Room 1", operator=staff, booked_at=now()
    )


def on_the_table(booking: Booking, who: Any) -> Stand:
    """What the list of the booking's day says of its authorization."""
    rows = day_of(booking.start.astimezone(clinic().zone).date(), who).rows
    return next(row.stands["authorization"] for row in rows if row.booking == booking)


def test_the_packet_stands_on_the_page_with_every_criterion_and_its_clause(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient(READY)
    page = signed_in("coordinator").get(f"/patient/{held.handle}/authorizations/{KEY}").content.decode()
    assert "Authorization is needed. Packet complete. Nothing is prepared yet." in page
    assert page.count("Clause: ") == 23
    assert "Nothing is written down yet." in page
    assert "Walter" not in page.partition("<title>")[2].partition("</title>")[0]


def test_a_page_asks_the_database_at_most_twelve_times(
    signed_in: Callable[..., Client], patient: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    held = patient(READY)
    client = signed_in("coordinator")
    actions.step(held.team.first().staff, held, KEY, Said(status=Status.PREPARING))
    actions.step(held.team.first().staff, held, KEY, Said(status=Status.SUBMITTED))
    client.get("/patients")  # the session is kept alive once a minute: not by the page that is counted
    with django_assert_max_num_queries(12 + 2):  # twelve, and the beginning and end of the audit's transaction
        assert client.get(f"/patient/{held.handle}/authorizations/{KEY}").status_code == 200


def test_from_preparing_to_approved_every_step_is_kept_with_its_day(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held, client = patient(READY), signed_in("coordinator")
    assert write(client, held, "preparing", 0, numbers="64635, 64636").status_code == 302
    found = Authorization.objects.get(patient=held)
    assert (found.status, found.state, found.numbers) == ("preparing", "complete", ["64635", "64636"])
    assert Task.objects.filter(kind="authorization", done_at=None).count() == 1
    assert write(client, held, "submitted", 2, on="2026-09-30", reason="portal").status_code == 302
    assert Task.objects.filter(kind="authorization", done_at=None).count() == 0
    assert (
        write(
            client, held, "approved", 3, number="UTN 1", on="2026-09-30", begins="2026-09-30", expires="2026-11-30",
            units="2",
        ).status_code
        == 302
    )  # fmt: skip
    assert steps(held) == ["preparing", "complete", "submitted", "approved"]
    document = Entry.objects.get(patient=held, section="documents", struck=False, concept="authorization")
    assert (document.fields["request"], document.fields["status"]) == (KEY, "approved")
    assert document.fields["text"] == "Number UTN 1, from 2026-09-30, to 2026-11-30, 2 units"
    page = client.get(f"/patient/{held.handle}/authorizations/{KEY}").content.decode()
    assert "Approved to 30 Nov 2026, number UTN 1." in page


def test_what_was_sent_is_shown_again_byte_for_byte_after_the_record_has_changed(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    from records import actions as record

    held, client = patient(READY), signed_in("coordinator")
    write(client, held, "preparing", 0)
    write(client, held, "submitted", 2, on="2026-09-30")
    sent = Sent.objects.get(authorization__patient=held)
    assert {row.form for row in sent.files.all()} == {"pdf", "text", "fhir"}
    before = {row.form: bytes(row.content) for row in sent.files.all()}
    entry = Entry.objects.filter(patient=held, section="procedures").first()
    assert entry is not None
    record.strike(held.team.first().staff, held, "procedures", entry.key, seen=entry.version, reason="wrong patient")
    for row in SentFile.objects.filter(sent=sent):
        response = client.get(f"/patient/{held.handle}/authorization-sent/{sent.pk}/{row.form}")
        assert response.content == before[row.form]
        assert hashlib.sha256(response.content).hexdigest() == row.sha256
        assert held.family not in response["Content-Disposition"]
    now_text = client.get(f"/patient/{held.handle}/authorizations/{KEY}/packet/text").content
    assert now_text != before["text"]


def test_what_another_patient_sent_does_not_open_here(
    signed_in: Callable[..., Client], patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    held, other = patient(READY), patient(READY, family="Other")
    actions.step(staff("coordinator"), held, KEY, Said(status=Status.PREPARING))
    actions.step(staff("coordinator"), held, KEY, Said(status=Status.SUBMITTED))
    sent = Sent.objects.get(authorization__patient=held)
    client = signed_in("coordinator")
    assert client.get(f"/patient/{other.handle}/authorization-sent/{sent.pk}/pdf").status_code == 404


@pytest.mark.parametrize(
    ("form", "begins"), [("pdf", b"%PDF-"), ("text", b"REQUEST FOR AUTHORIZATION"), ("fhir", b"{")]
)
def test_each_form_downloads(
    form: str, begins: bytes, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient(READY)
    response = signed_in("nurse").get(f"/patient/{held.handle}/authorizations/{KEY}/packet/{form}")
    assert response.status_code == 200
    assert response.content.startswith(begins)
    if form == "fhir":
        assert json.loads(response.content)["resourceType"] == "Bundle"
    if form == "text":
        assert b"Henry Walter" in response.content
        assert b"FOR THE CLINIC" not in response.content


def test_two_people_writing_at_once_the_second_is_told(patient: Callable[..., Any], staff: Callable[..., Any]) -> None:
    held, one = patient(READY), staff("coordinator")
    actions.step(one, held, KEY, Said(status=Status.PREPARING, seen=0))
    with pytest.raises(Stale):
        actions.step(one, held, KEY, Said(status=Status.PREPARING, seen=0))
    assert steps(held) == ["preparing", "complete"]


def test_a_double_submit_sends_once(signed_in: Callable[..., Client], patient: Callable[..., Any]) -> None:
    held, client = patient(READY), signed_in("coordinator")
    write(client, held, "preparing", 0)
    for _ in range(2):
        write(client, held, "submitted", 2, on="2026-09-30")
    assert Sent.objects.count() == 1
    assert steps(held) == ["preparing", "complete", "submitted"]


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        ("preparing", {"numbers": "6463"}, "6463 is no CPT or HCPCS number"),
        ("not_needed", {"on": "2026-09-30", "reason": ""}, "This field is required"),
        ("not_needed", {"on": "2026-10-01", "reason": "the payer"}, "has not come yet"),
        ("not_needed", {"on": "30/09/2026", "reason": "the payer"}, "write the day as year-month-day"),
    ],
)
def test_bad_input_is_one_sentence_at_its_field(
    status: str, said: dict[str, str], told: str, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient(READY)
    response = write(signed_in("coordinator"), held, status, 0, **said)
    assert response.status_code == 400
    assert told in response.content.decode()
    assert steps(held) == []


def test_an_approval_cannot_come_before_it_was_submitted(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held, client = patient(READY), signed_in("coordinator")
    response = write(client, held, "approved", 0, number="1", on="2026-09-30")
    assert response.status_code == 302
    assert steps(held) == []
    assert "cannot follow" in client.get(response["Location"]).content.decode()


def approved(patient: Any, who: Any, expires: date) -> Authorization:
    for said in (
        Said(status=Status.PREPARING), Said(status=Status.SUBMITTED),
        Said(status=Status.APPROVED, number="UTN 1", expires=expires),
    ):  # fmt: skip
        found = actions.step(who, patient, KEY, said)
    return found


@pytest.mark.parametrize(("expires", "covered"), [(date(2026, 10, 12), True), (date(2026, 10, 11), False)])
def test_an_approval_covers_its_last_day_and_not_the_next(
    expires: date, covered: bool, patient: Callable[..., Any], staff: Callable[..., Any],
    signed_in: Callable[..., Client],
) -> None:  # fmt: skip
    held, who = patient(READY), staff("coordinator")
    # 12 October, 23:30 where the clinic is; the 13th in UTC.
    booking = booked(held, staff("physician"), datetime(2026, 10, 13, 3, 30, tzinfo=UTC))
    approved(held, who, expires)
    assert on_the_table(booking, who).state == ("ready" if covered else "missing")
    assert incomplete(now()).count() == (0 if covered else 1)
    assert Task.objects.filter(what__startswith="The authorization ends before").count() == (0 if covered else 1)
    page = signed_in("coordinator").get(f"/patient/{held.handle}/authorizations/{KEY}").content.decode()
    assert ("Not covered on the day" in page) is not covered


def test_an_approval_that_is_taken_back_no_longer_stands_in_the_chart(
    patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    held, who = patient(READY), staff("coordinator")
    approved(held, who, date(2026, 12, 1))
    rows = Entry.objects.filter(patient=held, section="documents", concept="authorization")
    assert [row.struck for row in rows] == [False]
    found = actions.step(who, held, KEY, Said(status=Status.DENIED, reason="paid by another insurer"))
    assert {(row.fields["status"], row.struck) for row in rows.all()} == {("approved", True), ("denied", False)}
    assert rows.get(struck=False).fields["text"] == "paid by another insurer"
    assert (found.expires, found.ends) == (None, None)


def test_a_denial_stands_in_the_chart_until_it_is_reversed(
    patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    """It is never read as an authorization, by the rules or by the list of the day; an appeal changes nothing."""
    held, who = patient(READY), staff("coordinator")
    booking = booked(held, staff("physician"), datetime(2026, 10, 12, 15, tzinfo=UTC))
    for status in (Status.PREPARING, Status.SUBMITTED, Status.DENIED, Status.APPEALED):
        actions.step(who, held, KEY, Said(status=status, reason="no second block"))
    rows = Entry.objects.filter(patient=held, section="documents", concept="authorization")
    assert [(row.fields["status"], row.struck) for row in rows] == [("denied", False)]
    documents = [fact for fact in reading_of(held).record.facts if isinstance(fact, Document)]
    assert library.standing(documents, KEY)[0] == "not_met"
    assert _from_chart([booking])["authorization"][booking.pk] == Stand("missing", "Denied")
    actions.step(who, held, KEY, Said(status=Status.APPROVED, number="UTN 2"))
    assert {(row.fields["status"], row.struck) for row in rows.all()} == {("denied", True), ("approved", False)}
    documents = [fact for fact in reading_of(held).record.facts if isinstance(fact, Document)]
    assert library.standing(documents, KEY)[0] == "met"
    assert _from_chart([booking])["authorization"][booking.pk] == Stand("ready", "Approved")


def test_nothing_recorded_is_not_known_and_never_not_needed(
    patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    held = patient(READY)
    booking = booked(held, staff("physician"), datetime(2026, 10, 12, 15, tzinfo=UTC))
    assert on_the_table(booking, staff("coordinator")) == Stand("unknown", "Not recorded")


def test_the_table_of_the_day_says_that_an_approval_ends_before_it(
    signed_in: Callable[..., Client], patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    held, who = patient(READY), staff("coordinator")
    booking = booked(held, staff("physician"), datetime(2026, 10, 12, 15, tzinfo=UTC))
    approved(held, who, date(2026, 10, 11))
    assert on_the_table(booking, who) == Stand("missing", "Ends 11 Oct 2026")
    with clock.standing_at(datetime(2026, 10, 11, 14, tzinfo=UTC)):
        assert "Ends 11 Oct 2026" in signed_in("coordinator").get("/today").content.decode()


def test_a_denial_is_appealed_with_a_letter_that_claims_what_the_chart_shows(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held, client = patient(READY), signed_in("coordinator")
    address = f"/patient/{held.handle}/authorizations/{KEY}/appeal-letter"
    assert client.get(address).status_code == 404
    write(client, held, "preparing", 0)
    write(client, held, "submitted", 2, on="2026-09-30")
    write(
        client, held, "denied", 3, on="2026-09-30", reason="Two blocks are not documented", clause="Section C",
        due="2026-10-30",
    )  # fmt: skip
    task = Task.objects.get(kind="authorization", done_at=None)
    assert task.due == datetime(2026, 10, 31, 4, tzinfo=UTC)  # the end of 30 October where the clinic is
    letter = client.get(address).content.decode()
    assert "Two blocks are not documented" in letter
    assert "Blocks before ablation" in letter
    assert write(client, held, "appealed", 4, on="2026-09-30").status_code == 302
    assert steps(held)[-2:] == ["denied", "appealed"]
    assert incomplete(now()).count() == 0


def test_the_worker_looks_again_when_the_record_changed_and_only_then(
    patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    from records import actions as record

    held, who = patient(READY), staff("coordinator")
    actions.step(who, held, KEY, Said(status=Status.PREPARING))
    assert look_again() == 0
    entry = Entry.objects.filter(patient=held, section="scores").first()
    assert entry is not None
    record.strike(who, held, "scores", entry.key, seen=entry.version, reason="another patient's form")
    assert look_again() == 1
    assert look_again() == 0
    found = Authorization.objects.get(patient=held)
    assert found.state != "complete"
    assert steps(held)[-1] == found.state
    assert Task.objects.get(kind="authorization").why.endswith(found.lacks)


def test_evidence_that_runs_out_is_told_by_the_next_day_s_look(
    patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    held, who = patient(READY), staff("coordinator")
    actions.step(who, held, KEY, Said(status=Status.PREPARING))
    with clock.standing_at(now() + timedelta(days=1)):
        look_again()
        assert Authorization.objects.get(patient=held).looked_day == date(2026, 10, 1)


def test_an_unknown_payer_is_asked_word_for_word(signed_in: Callable[..., Client], patient: Callable[..., Any]) -> None:
    held, client = patient("packet-contractor-unknown"), signed_in("coordinator")
    page = client.get(f"/patient/{held.handle}/authorizations/{KEY}").content.decode()
    assert "Ask or obtain" in page
    assert "Give me the task" in page
    assert "Write down the answer" in page


def test_what_is_to_ask_becomes_one_task_however_often_it_is_given(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held, client = patient("packet-contractor-unknown"), signed_in("coordinator")
    page = client.get(f"/patient/{held.handle}/authorizations/{KEY}").content.decode()
    word = page.partition('name="what" value="')[2].partition('"')[0]
    address = f"/patient/{held.handle}/authorizations/{KEY}/ask"
    for _ in range(2):
        assert client.post(address, {"what": word}).status_code == 302
    assert Task.objects.filter(kind="ask").count() == 1
    assert "Is a task" in client.get(f"/patient/{held.handle}/authorizations/{KEY}").content.decode() or word == "payer"
