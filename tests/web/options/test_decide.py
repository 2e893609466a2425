"""Deciding together: what is kept, what stops, who signs, and whether the same inputs still give the same verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import Event
from clinic import clock
from options import actions
from options.assessed import assessed
from options.forms import Deciding
from options.models import Decision, Interruption
from records import actions as records
from records.models import Entry
from team.models import Task

pytestmark = pytest.mark.django_db
Maker = Callable[..., Any]
CLEAR = datetime(2026, 2, 20, 17, tzinfo=UTC)
"""On this day every safety question of the example is answered; on 9 March its lists are too old."""


@pytest.fixture
def february() -> Iterator[datetime]:
    with clock.standing_at(CLEAR):
        yield CLEAR


def said(client: Client, address: str, **more: object) -> dict[str, Any]:
    """A form as it was given out, filled in so that it can be saved."""
    form: Deciding = client.get(address).context["form"]
    return {
        "once": form["once"].value(), "seen": form["seen"].value(), "options": ["none", "medial-branch-block"],
        "word": "decline", "present": "patient", "teach_back": "yes", **more,
    }  # fmt: skip


def address(someone: Any, request: str = "R-1") -> str:
    return f"/patient/{someone.handle}/options/{request}/decide"


def test_nothing_is_ticked_beforehand(patient: Maker, signed_in: Maker, february: datetime) -> None:
    page = signed_in().get(address(patient())).content.decode()
    assert " checked" not in page.partition("<main")[2]


def test_to_decline_needs_no_reason_and_keeps_everything(patient: Maker, signed_in: Maker, february: datetime) -> None:
    """Decline has the weight of accept: the same fields are kept, and no reason is demanded."""
    someone, client = patient(), signed_in()
    response = client.post(address(someone), said(client, address(someone)))
    assert response.status_code == 302
    made = Decision.objects.get()
    assert (made.word, made.reason, made.second_needed) == ("decline", "", False)
    assert made.knowledge
    assert made.engine
    question = assessed(someone).question("R-1")
    assert question is not None
    kept = {row["policy"]: row for row in made.kept["policies"]}
    for answer in question.policies:
        row = kept[answer.policy]
        assert row["verdict"] == answer.verdict
        assert row["rule"] == answer.hash
        assert row["values"]
    assert "P-1" in kept["mcr-facet"]["facts"], "the earlier block was read"
    assert made.read["procedures P-1"] == 1
    assert Event.objects.filter(patient=someone, verb="decision.made").count() == 1


def test_the_board_leads_to_what_was_decided(patient: Maker, signed_in: Maker, february: datetime) -> None:
    """Who is to sign it, the second person too, finds it where it is told of."""
    someone, client = patient(), signed_in()
    client.post(address(someone), said(client, address(someone)))
    made = Decision.objects.get()
    told = f'<a href="/patient/{someone.handle}/decisions/{made.pk}">Do not do it, '
    for page in ("/options", ""):
        assert told in client.get(f"/patient/{someone.handle}{page}").content.decode()


def test_sent_twice_is_decided_once(patient: Maker, signed_in: Maker, february: datetime) -> None:
    someone, client = patient(), signed_in()
    body = said(client, address(someone))
    first, second = client.post(address(someone), body), client.post(address(someone), body)
    assert first["Location"] == second["Location"]
    assert Decision.objects.count() == 1


def test_what_changed_meanwhile_is_told_and_nothing_saved(
    patient: Maker, staff: Maker, signed_in: Maker, february: datetime
) -> None:
    someone, client = patient(), signed_in()
    body = said(client, address(someone))
    entry = Entry.objects.get(patient=someone, section="request", key="R-1")
    records.change(staff("nurse"), someone, "request", "R-1", entry.fields | {"side": "left"}, seen=entry.version)
    response = client.post(address(someone), body)
    assert response.status_code == 409
    assert b"The record changed while you talked" in response.content
    assert not Decision.objects.exists()
    body["seen"] = response.context["form"]["seen"].value()
    assert client.post(address(someone), body).status_code == 302


@pytest.mark.parametrize("missing", ["options", "word", "present", "teach_back"])
def test_what_is_missing_is_said_at_its_place(
    patient: Maker, signed_in: Maker, february: datetime, missing: str
) -> None:
    someone, client = patient(), signed_in()
    body = said(client, address(someone))
    del body[missing]
    response = client.post(address(someone), body)
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {missing}
    assert not Decision.objects.exists()


def test_accepted_and_signed_puts_the_consent_into_the_chart(
    patient: Maker, signed_in: Maker, february: datetime
) -> None:
    someone, client = patient(), signed_in()
    body = said(client, address(someone), word="accept", signed="on", document="Consent for blocks, version 2")
    assert client.post(address(someone), body).status_code == 302
    made = Decision.objects.get()
    entry = Entry.objects.get(patient=someone, section="documents", key=made.document_key)
    assert entry.fields["kind"] == "consent"
    assert entry.fields["request"] == "R-1"
    assert "version 2" in entry.fields["text"]
    assert not Decision.objects.unsigned().exists()


def test_a_decline_puts_no_consent_into_the_chart(patient: Maker, signed_in: Maker, february: datetime) -> None:
    someone, client = patient(), signed_in()
    before = Entry.objects.filter(patient=someone, section="documents").count()
    client.post(address(someone), said(client, address(someone), signed="on"))
    assert Entry.objects.filter(patient=someone, section="documents").count() == before
    assert Decision.objects.get().signed_at is not None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"teach_back": "no", "document": "Consent, version 1"}, "signed"),
        ({"document": ""}, "document"),
    ],
)
def test_no_signature_before_it_was_understood_and_named(
    patient: Maker, signed_in: Maker, february: datetime, more: dict[str, str], field: str
) -> None:
    someone, client = patient(), signed_in()
    response = client.post(address(someone), said(client, address(someone), word="accept", signed="on", **more))
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {field}


def test_a_needed_interpreter_blocks_the_signature(
    patient: Maker, staff: Maker, signed_in: Maker, february: datetime
) -> None:
    someone, client = patient(), signed_in()
    entry = Entry.objects.get(patient=someone, section="identity")
    records.change(
        staff("coordinator"), someone, "identity", "identity", entry.fields | {"language": "Spanish"}, seen=1
    )
    body = said(client, address(someone), word="accept", signed="on", document="Consent, version 1")
    response = client.post(address(someone), body)
    assert set(response.context["form"].errors) == {"interpreter"}
    assert client.post(address(someone), body | {"interpreter": "Spanish, by video"}).status_code == 302


def test_safety_stops_what_is_only_accepted_once(patient: Maker, signed_in: Maker) -> None:
    """On 9 March a safety question is open. The stop names its rule, is counted, and is not shown again."""
    someone, client = patient(), signed_in()
    question = assessed(someone).question("R-1")
    assert question is not None
    assert question.plan.safety == "unknown"
    body = said(client, address(someone), word="accept")
    stopped = client.post(address(someone), body)
    assert stopped.status_code == 409
    assert b"<dialog open" in stopped.content
    fired = Interruption.objects.get()
    assert fired.rule in stopped.content.decode()
    assert fired.outcome == "open"
    again = client.post(address(someone), body)
    assert again.status_code == 400
    assert b"<dialog" not in again.content
    assert Interruption.objects.count() == 1
    assert not Decision.objects.exists()


def test_going_back_is_counted_as_a_changed_course(patient: Maker, signed_in: Maker) -> None:
    someone, client = patient(), signed_in()
    body = said(client, address(someone), word="accept")
    client.post(address(someone), body)
    fired = Interruption.objects.get()
    assert client.post(address(someone), body | {"back": "yes", "facts": fired.facts}).status_code == 200
    fired.refresh_from_db()
    assert fired.outcome == "acted"


@pytest.mark.parametrize("missing", ["reason", "code", "followed"])
def test_an_override_of_a_stop_needs_reason_kind_and_authority(patient: Maker, signed_in: Maker, missing: str) -> None:
    someone, client = patient(), signed_in()
    body = said(client, address(someone), word="override", reason="No other way", code="no-alternative", followed="own")
    response = client.post(address(someone), body | {missing: ""})
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {missing}


def test_without_a_stop_a_reason_is_not_demanded(patient: Maker, signed_in: Maker, february: datetime) -> None:
    """Against a payer or a guideline the reason is welcome and not forced."""
    someone, client = patient(), signed_in()
    assert client.post(address(someone), said(client, address(someone), word="override")).status_code == 302
    assert not Decision.objects.get().second_needed


def test_the_second_signature_is_somebody_elses(patient: Maker, staff: Maker, signed_in: Maker) -> None:
    someone, client = patient(), signed_in()
    body = said(
        client, address(someone), word="override", reason="No other way", code="no-alternative", followed="own",
        signed="on", document="Consent, version 1",
    )  # fmt: skip
    assert client.post(address(someone), body).status_code == 302
    made = Decision.objects.get()
    assert made.second_needed
    assert list(Decision.objects.unsigned()) == [made]
    task = Task.objects.get(origin=f"second decision {made.pk}")
    assert (task.owner, task.role, task.done_at) == (None, "physician", None)
    with pytest.raises(actions.NotAllowed, match="somebody else"):
        actions.sign_second(staff("physician"), made)
    other = staff("physician", "b-physician")
    records.join_team(staff("physician"), someone, other)
    second = signed_in("physician", "b-physician")
    assert b"Sign as the second person" in second.get(f"/patient/{someone.handle}/decisions/{made.pk}").content
    second.post(f"/patient/{someone.handle}/decisions/{made.pk}/sign", {"which": "second"})
    made.refresh_from_db()
    assert made.second_by == other
    task.refresh_from_db()
    assert task.done_at is not None
    assert not Decision.objects.unsigned().exists()


def test_only_who_decided_signs(patient: Maker, staff: Maker, signed_in: Maker, february: datetime) -> None:
    someone, client = patient(), signed_in()
    client.post(address(someone), said(client, address(someone)))
    made = Decision.objects.get()
    with pytest.raises(actions.NotAllowed, match="signs it"):
        actions.sign(staff("physician", "b-physician"), made)
    task = Task.objects.get(origin=f"sign decision {made.pk}", done_at=None)
    assert task.owner == made.by
    assert client.post(f"/patient/{someone.handle}/decisions/{made.pk}/sign", {"which": "own"}).status_code == 302
    task.refresh_from_db()
    assert task.outcome == "signed"
    assert not Decision.objects.unsigned().exists()


def test_a_plan_that_says_another_side_must_be_signed_again(
    patient: Maker, staff: Maker, signed_in: Maker, february: datetime
) -> None:
    """Signed for the right; the plan now says both sides."""
    someone, client = patient(), signed_in()
    client.post(address(someone), said(client, address(someone), word="accept"))
    made = Decision.objects.get()
    entry = Entry.objects.get(patient=someone, section="request", key="R-1")
    records.change(staff("nurse"), someone, "request", "R-1", entry.fields | {"side": "both"}, seen=entry.version)
    text = client.get(f"/patient/{someone.handle}/decisions/{made.pk}").content.decode()
    assert "Signed for Medial branch block L3-4, L4-5 right; the plan now says" in text
    assert "both sides. Sign again." in text
    with pytest.raises(actions.NotAllowed, match="Sign again"):
        actions.sign(staff("physician"), made)


def test_booking_a_time_is_not_another_plan(patient: Maker, staff: Maker, signed_in: Maker, february: datetime) -> None:
    someone, client = patient(), signed_in()
    client.post(address(someone), said(client, address(someone), word="accept"))
    entry = Entry.objects.get(patient=someone, section="request", key="R-1")
    body = entry.fields | {"start": "2026-03-20T09:00:00-05:00"}
    records.change(staff("nurse"), someone, "request", "R-1", body, seen=entry.version)
    assert actions.drift(Decision.objects.get()) == ""


def test_a_later_decision_takes_the_place_of_an_earlier(patient: Maker, signed_in: Maker, february: datetime) -> None:
    someone, client = patient(), signed_in()
    client.post(address(someone), said(client, address(someone), word="defer"))
    client.post(address(someone), said(client, address(someone), word="decline"))
    assert [row.word for row in Decision.objects.standing()] == ["decline"]
    assert [row.word for row in Decision.objects.unsigned()] == ["decline"]
    assert Task.objects.filter(kind="sign", done_at=None).count() == 1


def test_the_same_inputs_give_the_same_verdict_whatever_was_written_since(
    patient: Maker, staff: Maker, signed_in: Maker, february: datetime
) -> None:
    someone, client = patient(), signed_in()
    client.post(address(someone), said(client, address(someone)))
    made = Decision.objects.get()
    entry = Entry.objects.get(patient=someone, section="procedures", key="P-1")
    records.strike(staff("nurse"), someone, "procedures", "P-1", seen=entry.version, reason="another patient's")
    found = actions.replay(made)
    assert found.kept
    assert found.same
    assert found.lost == 0


def test_a_verdict_that_differs_is_shown_as_differing(patient: Maker, signed_in: Maker, february: datetime) -> None:
    someone, client = patient(), signed_in()
    client.post(address(someone), said(client, address(someone)))
    made = Decision.objects.get()
    row = next(row for row in made.kept["policies"] if row["policy"] == "mcr-facet")
    row["verdict"] = "met" if row["verdict"] != "met" else "not_yet"
    made.save()
    assert not actions.replay(made).same
    page = client.get(f"/patient/{someone.handle}/decisions/{made.pk}").content.decode()
    assert "The same inputs give other verdicts now." in page


def test_one_brought_from_before_says_that_nothing_was_kept(
    patient: Maker, staff: Maker, signed_in: Maker, february: datetime
) -> None:
    someone = patient()
    made = actions.bring(staff("physician"), someone, "R-1", actions.Said(word="accept", once="before", signed=True))
    assert not actions.replay(made).kept
    page = signed_in().get(f"/patient/{someone.handle}/decisions/{made.pk}").content.decode()
    assert "It was taken before this clinic kept what a decision rests on." in page


@pytest.mark.parametrize("role", ["nurse", "coordinator", "auditor", "administrator"])
def test_only_physicians_decide(patient: Maker, signed_in: Maker, role: str) -> None:
    someone = patient()
    assert signed_in(role).get(address(someone)).status_code == 403
    assert signed_in(role).post(address(someone), {}).status_code == 403


@pytest.mark.parametrize(
    ("fired", "overridden", "remove"), [(20, 17, True), (20, 16, False), (19, 19, False), (21, 17, True)]
)
def test_a_rule_that_is_nearly_always_overridden_is_listed_for_removal(
    patient: Maker, staff: Maker, fired: int, overridden: int, remove: bool
) -> None:
    """Over 80 of 100 of at least 20 firings; 16 of 20 are not over."""
    someone, who = patient(), staff("physician")
    for number in range(fired):
        outcome = "overridden" if number < overridden else "acted"
        Interruption.objects.create(
            rule="a rule", patient=someone, about=f"R-{number}", facts=str(number), at=clock.now(), who=who,
            outcome=outcome,
        )  # fmt: skip
    rows = Interruption.objects.review(clock.now() - timedelta(days=31), clock.now() + timedelta(seconds=1))
    assert rows == [
        {"rule": "a rule", "fired": fired, "acted": fired - overridden, "overridden": overridden, "remove": remove}
    ]


def test_the_command_judges_every_decision_again(
    patient: Maker, staff: Maker, signed_in: Maker, february: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    someone, client = patient(), signed_in()
    client.post(address(someone), said(client, address(someone)))
    actions.bring(staff("physician"), someone, "R-2", actions.Said(word="defer", once="before"))
    call_command("replay")
    told = "1 give the same verdicts, 0 differ, 1 were taken before any was kept."
    assert told in capsys.readouterr().out
    made = Decision.objects.get(request_key="R-1")
    made.kept["safety"]["verdict"] = "contraindicated"
    made.save()
    with pytest.raises(SystemExit):
        call_command("replay", decision=made.pk)
    assert f"Decision {made.pk} of 2026-02-20 differs: safety." in capsys.readouterr().out
