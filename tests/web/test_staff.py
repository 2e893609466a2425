"""Staff, privileges and broken glass: who changes what, and what nobody can do to themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from audit.models import Event
from clinic import clock
from people.models import Privilege, Staff
from records.models import BrokenGlass

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 12, 10, tzinfo=UTC)
NEW = {"username": "jdoe", "name": "Dr Jay Doe", "role": "physician", "password": "a long first password"}


def verbs() -> list[str]:
    return list(Event.objects.order_by("number").values_list("verb", flat=True))


def test_an_administrator_adds_somebody_who_can_sign_in(signed_in: Callable[..., Client]) -> None:
    answer = signed_in("administrator").post("/staff/new", NEW)
    assert answer.status_code == 302
    assert Client().post("/account/login/", {"login": "jdoe", "password": NEW["password"]}).status_code == 302
    assert "staff.added" in verbs()


@pytest.mark.parametrize("password", ["short", "elevenchars", "password1234"])
def test_a_weak_first_password_is_refused(signed_in: Callable[..., Client], password: str) -> None:
    answer = signed_in("administrator").post("/staff/new", {**NEW, "password": password})
    assert answer.status_code == 400
    assert not Staff.objects.filter(username="jdoe").exists()


def test_a_user_name_is_given_once(signed_in: Callable[..., Client]) -> None:
    client = signed_in("administrator")
    client.post("/staff/new", NEW)
    answer = client.post("/staff/new", NEW)
    assert b"Somebody has this user name already" in answer.content


def test_an_account_that_is_off_signs_nobody_in_and_ends_a_session(
    signed_in: Callable[..., Client], staff: Callable[..., Any]
) -> None:
    nurse = signed_in("nurse")
    assert nurse.get("/patients").status_code == 200
    signed_in("administrator").post("/staff/a-nurse", {"do": "switch"})
    assert nurse.get("/patients").status_code == 302
    again = Client()
    again.post("/account/login/", {"login": "a-nurse", "password": "correct horse battery"})
    assert again.get("/patients").status_code == 302


def test_nobody_switches_themselves_off_or_gives_up_their_own_role(signed_in: Callable[..., Client]) -> None:
    client = signed_in("administrator")
    client.post("/staff/a-administrator", {"do": "switch"})
    answer = client.post("/staff/a-administrator/edit", {"name": "A", "role": "nurse"})
    assert b"You would close the settings to yourself" in answer.content
    me = Staff.objects.get(username="a-administrator")
    assert (me.is_active, me.role) == (True, "administrator")


@pytest.mark.parametrize("act", ["switch", "second-factor"])
def test_a_lead_grants_privileges_and_does_not_touch_accounts(
    signed_in: Callable[..., Client], staff: Callable[..., Any], act: str
) -> None:
    member = staff("physician")
    client = signed_in("clinic-lead")
    client.post(f"/staff/{member.username}", {"do": act})
    member.refresh_from_db()
    assert member.is_active
    granted = {
        "do": "grant", "grant-therapy": "medial-branch-block", "grant-granted": "2026-01-01",
        "grant-expires": "2026-12-31", "grant-source": "Credentials committee, 12 Dec 2025",
    }  # fmt: skip
    assert client.post(f"/staff/{member.username}", granted).status_code == 302
    held = Privilege.objects.get(staff=member)
    client.post(f"/staff/{member.username}", {"do": "withdraw", "privilege": str(held.pk)})
    held.refresh_from_db()
    assert held.withdrawn is not None
    assert verbs()[-2:] == ["privilege.granted", "privilege.withdrawn"]


def test_a_privilege_that_ends_before_it_begins_is_refused(
    signed_in: Callable[..., Client], staff: Callable[..., Any]
) -> None:
    member = staff("physician")
    said = {
        "do": "grant", "grant-therapy": "medial-branch-block", "grant-granted": "2026-01-02",
        "grant-expires": "2026-01-01", "grant-source": "x",
    }  # fmt: skip
    answer = signed_in("clinic-lead").post(f"/staff/{member.username}", said)
    assert answer.status_code == 400
    assert b"This is before" in answer.content
    assert not Privilege.objects.exists()


def test_broken_glass_opens_for_four_hours_and_waits_for_a_word(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient()
    other = signed_in("nurse", "other-nurse")
    assert other.get(f"/patient/{held.handle}/record").headers["Location"].endswith("/closed")
    assert other.post(f"/patient/{held.handle}/closed", {"reason": "short"}).status_code == 200
    other.post(f"/patient/{held.handle}/closed", {"reason": "She is in the recovery room and I cover"})
    assert other.get(f"/patient/{held.handle}/record").status_code == 200
    with clock.standing_at(NOW + timedelta(hours=3, minutes=59)):
        assert other.get(f"/patient/{held.handle}/record").status_code == 200
    with clock.standing_at(NOW + timedelta(hours=4)):
        assert other.get(f"/patient/{held.handle}/record").status_code == 302
    lead = signed_in("clinic-lead")
    case = BrokenGlass.objects.get()
    lead.post(f"/worklists/broken-glass/{case.pk}", {"outcome": "Covering, in order"})
    case.refresh_from_db()
    assert (str(case.reviewed_by), case.outcome) == ("A-Clinic-Lead", "Covering, in order")
    assert verbs()[-1] == "glass.reviewed"


def test_nobody_reviews_their_own_case(signed_in: Callable[..., Client], patient: Callable[..., Any]) -> None:
    held = patient()
    lead = signed_in("clinic-lead")
    lead.post(f"/patient/{held.handle}/closed", {"reason": "A complaint came in by letter"})
    case = BrokenGlass.objects.get()
    answer = lead.post(f"/worklists/broken-glass/{case.pk}", {"outcome": "Fine by me"}, follow=True)
    assert b"Nobody reviews that they opened a record themselves" in answer.content
    case.refresh_from_db()
    assert case.reviewed_at is None


@pytest.mark.parametrize(
    ("expires", "told"), [("2026-03-08", True), ("2026-03-09", True), ("2026-05-08", True), ("2026-05-09", False)]
)
def test_what_ran_out_stays_in_sight_until_it_is_granted_again(
    signed_in: Callable[..., Client], staff: Callable[..., Any], expires: str, told: bool
) -> None:
    """Today is 9 March: 60 days later it is 8 May. What ran out yesterday is urgent too."""
    member = staff("physician")
    one = Privilege.objects.create(
        staff=member, therapy="medial-branch-block", region="", granted=date(2025, 1, 1),
        expires=date.fromisoformat(expires), source="Credentials committee",
    )  # fmt: skip
    client = signed_in("clinic-lead")
    assert ("Medial branch block" in client.get("/staff").content.decode()) is told
    Privilege.objects.create(
        staff=member,
        therapy=one.therapy,
        region="",
        granted=date(2026, 3, 9),
        expires=date(2027, 12, 31),
        source="Again",
    )
    assert "Medial branch block" not in client.get("/staff").content.decode()


def test_a_wrong_password_is_not_called_unsaved(staff: Callable[..., Staff]) -> None:
    """Nothing was to be saved at the door: the refusal speaks of signing in."""
    staff("nurse", "nnew")
    said = Client().post("/account/login/", {"login": "nnew", "password": "not it at all"}).content.decode()
    assert "<h2>Not signed in</h2>" in said
    assert "Not saved yet" not in said
