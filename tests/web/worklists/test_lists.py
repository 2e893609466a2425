"""Worklists: counts right to the row, nothing hidden without saying so, nobody acts twice or over somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from people.access import may_open
from people.models import Staff
from people.roles import Role
from records.actions import break_glass
from records.models import BrokenGlass, CareTeam, Patient
from team.actions import give
from team.models import Task
from worklists import lists
from worklists.lists import Line, List, counts, lists_for

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 12, 10, tzinfo=UTC)
LISTS = ["findings", "calls", "prescribers", "refills", "authorizations", "outcomes", "unsigned", "asks", "tasks"]


def rows_of(client: Client, address: str) -> tuple[int, list[str]]:
    """The number in the heading, and the names of the rows on every page of the list."""
    names: list[str] = []
    number, page = -1, 1
    while True:
        joined = "&" if "?" in address else "?"
        said = client.get(f"{address}{joined}page={page}").content.decode()
        number = int(re.search(r"<h1>[^:]+: (\d+)</h1>", said)[1])
        names += re.findall(r'<tr data-row><th scope="row"><a href="[^"]+">([^<]+)</a>', said)
        if f"Page {page} of" not in said or f"page={page + 1}" not in said:
            return number, names
        page += 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    made=st.lists(
        st.tuples(
            st.sampled_from(Task.Kind.values),
            st.sampled_from(["mine", "others", "given to me", "for my role"]),
            st.one_of(st.none(), st.integers(-20, 40)),
            st.booleans(),
        ),
        max_size=14,
    )
)
def test_every_count_is_the_number_of_rows(
    made: list[tuple[str, str, int | None, bool]], signed_in: Callable[..., Client], staff: Callable[..., Staff]
) -> None:
    Task.objects.all().delete()
    me, other = staff("nurse", "me"), staff("nurse", "other")
    mine, others = (
        Patient.objects.get_or_create(mrn=mrn, defaults={"family": mrn, "given": "Ann", "added": NOW, "searched": mrn})[
            0
        ]
        for mrn in ("mine", "others")
    )
    CareTeam.objects.get_or_create(patient=mine, staff=me, defaults={"since": NOW})
    CareTeam.objects.get_or_create(patient=others, staff=other, defaults={"since": NOW})
    for kind, whose, due, done in made:
        Task.objects.create(
            patient=mine if whose == "mine" else others, kind=kind, what="something", made_at=NOW,
            owner=me if whose == "given to me" else None if whose == "for my role" else other,
            role="nurse" if whose == "for my role" else "", due=None if due is None else NOW + timedelta(days=due),
            done_at=NOW if done else None,
        )  # fmt: skip
    client = signed_in("nurse", "me")
    found = {count.id: count for count in counts(me, NOW, lists_for(me))}
    for name in LISTS:
        assert (
            rows_of(client, f"/worklists/{name}")[0]
            == found[name].mine
            == len(rows_of(client, f"/worklists/{name}")[1])
        )
        number, names = rows_of(client, f"/worklists/{name}?whose=all")
        assert number == found[name].all == len(names)
    open_tasks = [row for row in made if not row[3]]
    unlimited = {"finding", "flag", "prescriber", "authorization", "sign", "ask", "referral", "other"}
    assert sum(count.all for count in found.values()) == sum(
        row[0] in unlimited or row[2] is None or row[2] <= (0 if row[0] == "call" else 14) for row in open_tasks
    )
    assert sum(found[name].others for name in LISTS) == sum(found[name].all - found[name].mine for name in LISTS)


def test_the_pages_of_a_long_list_hold_each_row_once(
    signed_in: Callable[..., Client], patient: Callable[..., Patient], staff: Callable[..., Staff]
) -> None:
    held = patient()
    for number in range(120):
        Task.objects.create(patient=held, kind="call", what=f"call {number}", made_at=NOW, due=NOW)
    said = [signed_in("nurse").get(f"/worklists/calls?page={page}").content.decode() for page in (1, 2, 3)]
    found = [int(number) for page in said for number in re.findall(r"call (\d+)<", page)]
    assert sorted(found) == list(range(120))
    assert "More on one page, to print" in said[0]
    whole = signed_in("nurse").get("/worklists/calls?rows=all").content.decode()
    assert len(re.findall(r"call (\d+)<", whole)) == 120


def test_what_is_not_shown_is_said_in_words(
    signed_in: Callable[..., Client], patient: Callable[..., Patient], staff: Callable[..., Staff]
) -> None:
    mine, other = patient(family="Own"), patient(family="Other", team=False)
    CareTeam.objects.create(patient=other, staff=staff("nurse", "another"), since=NOW)
    give(None, mine, "prescriber", "Ask Dr Romero about apixaban")
    give(None, other, "prescriber", "Ask Dr Lindqvist about warfarin")
    client = signed_in("nurse")
    said = client.get("/worklists/prescribers").content.decode()
    assert "These are yours; 1 other is of other teams." in said
    assert "OTHER, Henry" not in said
    everybody = client.get("/worklists/prescribers?whose=all").content.decode()
    assert "These are all; 1 of them is of other teams." in everybody
    assert "OTHER, Henry" in everybody
    assert "warfarin" not in everybody
    assert "Opens to its care team" in everybody
    assert set(Event.objects.filter(verb="list.looked").values_list("patient_id", flat=True)) == {mine.pk}


def test_a_call_of_tomorrow_is_not_due_and_one_of_this_evening_is(
    signed_in: Callable[..., Client], patient: Callable[..., Patient]
) -> None:
    held = patient()
    # The day ends where the clinic is: midnight in New York is four o'clock UTC.
    for what, due in (
        ("evening", datetime(2026, 3, 10, 3, 59, tzinfo=UTC)),
        ("morrow", datetime(2026, 3, 10, 4, tzinfo=UTC)),
    ):
        give(None, held, "call", what, due=due)
    said = signed_in("nurse").get("/worklists/calls").content.decode()
    assert "evening" in said
    assert "morrow" not in said


def test_an_unknown_list_and_one_of_another_role_do_not_open(signed_in: Callable[..., Client]) -> None:
    assert signed_in("nurse").get("/worklists/nothing").status_code == 404
    assert signed_in("nurse").get("/worklists/broken-glass").status_code == 404
    assert signed_in("clinic-lead").get("/worklists/broken-glass").status_code == 200


def test_a_task_is_handed_over_and_who_gets_it_can_open_the_record(
    signed_in: Callable[..., Client], patient: Callable[..., Patient], staff: Callable[..., Staff]
) -> None:
    held, new = patient(), staff("nurse", "new")
    task = give(None, held, "finding", "Fever in the last 48 hours", owner=staff("nurse"))
    address = f"/patient/{held.handle}/task/{task.pk}"
    client = signed_in("nurse")
    sent = {"hand": "yes", "to-owner": new.pk, "to-seen": task.owner_id}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code in (302, 400)
    task.refresh_from_db()
    assert task.owner == new
    assert may_open(new, held)
    assert Event.objects.filter(verb="task.handed-over").count() == 1


def test_two_hand_over_at_once_the_second_is_told(
    signed_in: Callable[..., Client], patient: Callable[..., Patient], staff: Callable[..., Staff]
) -> None:
    held, task_owner = patient(), staff("nurse")
    first, second = staff("nurse", "first"), staff("nurse", "second")
    task = give(None, held, "finding", "Fever", owner=task_owner)
    address = f"/patient/{held.handle}/task/{task.pk}"
    client = signed_in("nurse")
    client.post(address, {"hand": "yes", "to-owner": first.pk, "to-seen": task_owner.pk})
    said = client.post(address, {"hand": "yes", "to-owner": second.pk, "to-seen": task_owner.pk}, follow=True)
    task.refresh_from_db()
    assert task.owner == first
    assert "In between it went to First; nothing was changed." in said.content.decode()


def test_a_task_closes_with_an_outcome_once(
    signed_in: Callable[..., Client], patient: Callable[..., Patient], staff: Callable[..., Staff]
) -> None:
    held = patient()
    task = give(None, held, "finding", "Fever")
    address = f"/patient/{held.handle}/task/{task.pk}"
    nurse, other = signed_in("nurse"), signed_in("physician")
    assert nurse.post(address, {"outcome": ""}).status_code == 400
    assert nurse.post(address, {"outcome": "Moved to Thursday"}).status_code == 302
    assert nurse.post(address, {"outcome": "Moved to Thursday"}).status_code == 302
    told = other.post(address, {"outcome": "Cancelled"}, follow=True).content.decode()
    assert "It was closed in between: Moved to Thursday" in told
    task.refresh_from_db()
    assert (task.outcome, str(task.done_by)) == ("Moved to Thursday", "A-Nurse")
    assert Event.objects.filter(verb="task.done").count() == 1


def test_a_task_of_another_patient_is_not_found_under_ones_own(
    signed_in: Callable[..., Client], patient: Callable[..., Patient]
) -> None:
    mine, other = patient(family="Own"), patient(family="Other")
    task = give(None, other, "finding", "Fever")
    client = signed_in("nurse")
    assert client.get(f"/patient/{mine.handle}/task/{task.pk}").status_code == 404
    assert client.post(f"/patient/{mine.handle}/task/{task.pk}", {"outcome": "gone"}).status_code == 404
    assert client.post(f"/patient/{mine.handle}/booking/999/examine").status_code == 404


def test_the_clinic_lead_reviews_an_opened_record_and_not_their_own(
    signed_in: Callable[..., Client], patient: Callable[..., Patient], staff: Callable[..., Staff]
) -> None:
    held = patient()
    lead, outsider = staff("clinic-lead"), staff("nurse", "outsider")
    theirs = break_glass(outsider, held, "Covers for Nora Alvarez today")
    own = break_glass(lead, held, "A complaint was made today")
    client = signed_in("clinic-lead")
    assert rows_of(client, "/worklists/broken-glass")[0] == 2
    client.post(f"/worklists/broken-glass/{theirs.pk}", {"outcome": "Was covering; in order"})
    told = client.post(f"/worklists/broken-glass/{own.pk}", {"outcome": "in order"}, follow=True).content.decode()
    assert "Nobody reviews that they opened a record themselves" in told
    assert rows_of(client, "/worklists/broken-glass")[0] == 1
    theirs.refresh_from_db()
    assert (theirs.reviewed_by, theirs.outcome) == (lead, "Was covering; in order")
    assert Event.objects.get(verb="glass.reviewed").patient_id == held.pk
    assert signed_in("nurse").get(f"/worklists/broken-glass/{own.pk}").status_code == 403


@pytest.fixture
def another_app(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A list of another app, as a colleague writes it."""
    module = ModuleType("elsewhere.worklists")
    module.LISTS = {
        "elsewhere": List(
            title="Of another app", says="Patients.", empty="Nobody.", patient="pk",
            rows=lambda now: Patient.objects.order_by("pk"), line=lambda row: Line(patient=row, what="something"),
        )
    }  # fmt: skip
    held = (*lists.modules("worklists"), module)
    monkeypatch.setattr(lists, "modules", lambda name: held)
    return module


def test_another_app_brings_its_own_list(
    another_app: ModuleType, patient: Callable[..., Any], staff: Callable[..., Staff]
) -> None:
    patient(family="Own")
    patient(family="Other", team=False)
    nurse = staff("nurse")
    (count,) = [count for count in counts(nurse, NOW, lists_for(nurse)) if count.id == "elsewhere"]
    assert (count.all, count.mine, count.others) == (2, 1, 1)


def test_every_list_opens_to_roles_that_work_with_patients_and_says_what_stands_on_it() -> None:
    for name, held in lists.lists().items():
        assert re.fullmatch(r"[a-z-]+", name)
        assert held.title
        assert held.says.endswith(".")
        assert held.empty.endswith(".")
        assert set(held.roles) <= {Role.PHYSICIAN, Role.NURSE, Role.COORDINATOR, Role.LEAD}
        assert held.rows(NOW).ordered
    assert BrokenGlass.objects.count() == 0
