"""What is in force, and how it comes into force: proposed, its effect seen, signed by a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from administration import actions, effects, knowledge
from administration.models import AdoptedValue, Clinic, Proposal
from audit.models import Event
from levamen.knowledge.edition import PACKAGED
from levamen.knowledge.registry import packaged

pytestmark = pytest.mark.django_db
VALUE = "policies/cons_l20/block-relief"


def adoption(client: Client) -> Proposal:
    answer = client.post("/settings/values/adopt", {"value": VALUE, "reason": "Compared with the printed table"})
    assert answer.status_code == 302, answer.content[:300]
    return Proposal.objects.get()


def test_a_value_counts_only_when_a_second_person_has_seen_the_effect_and_signed(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    patient("facet-two-blocks")
    lead, other = signed_in("clinic-lead"), signed_in("administrator")
    made = adoption(lead)
    page = f"/settings/proposal/{made.pk}"
    assert b"nobody signs unseen" in other.post(page, {"do": "sign"}, follow=True).content
    other.post(page, {"do": "work-out"})
    assert b"A second person signs" in lead.post(page, {"do": "sign"}, follow=True).content
    with knowledge.answering():
        before = packaged().hash
    assert knowledge.edition_of_the_clinic() is PACKAGED
    other.post(page, {"do": "sign", "words": "seen"})
    made.refresh_from_db()
    assert (made.decision, made.effect["patients"]) == ("signed", 1)
    with knowledge.answering() as edition:
        assert VALUE in edition.adopted
        assert packaged().hash != before
    assert [event.verb for event in Event.objects.order_by("-number")[:2]] == ["proposal.signed", "proposal.made"]


def test_the_effect_names_the_verdicts_that_change(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    patient("facet-one-block")
    made = adoption(signed_in("clinic-lead"))
    found = effects.effect(made)
    assert found["patients"] == 1
    assert found["changes"] == len(found["rows"])
    assert all(row["was"] != row["now"] for row in found["rows"])


def test_an_adoption_ends_by_a_proposal_too(signed_in: Callable[..., Client], staff: Callable[..., Any]) -> None:
    lead, other = signed_in("clinic-lead"), signed_in("administrator")
    made = adoption(lead)
    effects.work_out(made)
    actions.decide(staff("administrator"), made, True, "")
    assert AdoptedValue.objects.filter(until=None).count() == 1
    lead.post("/settings/values/adopt", {"value": VALUE, "end": "yes", "reason": "The print was of an older year"})
    ending = Proposal.objects.get(kind="ending")
    other.post(f"/settings/proposal/{ending.pk}", {"do": "work-out"})
    other.post(f"/settings/proposal/{ending.pk}", {"do": "sign"})
    assert not AdoptedValue.objects.filter(until=None).exists()
    assert VALUE not in knowledge.edition_of_the_clinic(date(2026, 3, 10)).adopted


def test_a_value_is_listed_in_words(signed_in: Callable[..., Client]) -> None:
    """Names of files, keys and citations inside a row are not what a person reads."""
    lead = signed_in("clinic-lead")
    said = lead.get("/settings/values", {"q": "questions driver"}).content.decode()
    assert "Checklists, questions, driver" in said
    assert "Name and telephone number of the adult." in said
    for raw in ("checklists/questions/driver<", "NO-SOURCE", "mark unverified"):
        assert raw not in said
    adopt = lead.get("/settings/values/adopt", {"value": VALUE}).content.decode()
    assert "Block relief: at least 50" in adopt
    assert "Consensus practice guidelines: lumbar facet joint pain, 2020, block relief" in adopt
    assert adoption(lead).title.endswith("(Consensus practice guidelines: lumbar facet joint pain, 2020, block relief)")


def test_the_policies_of_a_payer_are_boxes(signed_in: Callable[..., Client]) -> None:
    """In a list of rows one click takes all other rows away; a box takes itself alone. Each kind says how many."""
    lead = signed_in("clinic-lead")
    Clinic.objects.update(payers={"medicare": ["mcr-facet", "mcr-esi"]})
    said = lead.get("/settings/governing").content.decode()
    assert "<select multiple" not in said
    assert "Policies that govern for Original Medicare: 2</summary>" in said
    assert "Policies that govern for self-pay: none</summary>" in said
    assert said.count(" checked") >= 2
    refused = lead.post("/settings/governing", {"reason": ""})
    assert refused.status_code == 400
    assert b"Not proposed yet" in refused.content


def test_a_decision_is_taken_once(signed_in: Callable[..., Client], staff: Callable[..., Any]) -> None:
    made = adoption(signed_in("clinic-lead"))
    actions.decide(staff("administrator"), made, False, "no")
    with pytest.raises(actions.NotYet, match="decided on this already"):
        actions.decide(staff("administrator"), made, True, "")
    assert not AdoptedValue.objects.exists()


def test_who_governs_is_changed_by_two(signed_in: Callable[..., Client], clinic: Clinic) -> None:
    lead, other = signed_in("clinic-lead"), signed_in("administrator")
    said = {
        "name": clinic.name, "hold_profile": clinic.hold_profile, "guidelines": ["bmj25"], "second_signature": "on",
        "payer-medicare": ["mcr-facet"], "reason": "The guideline group decided so",
    }  # fmt: skip
    assert lead.post("/settings/governing", said).status_code == 302
    made = Proposal.objects.get()
    clinic.refresh_from_db()
    assert clinic.guidelines == []
    other.post(f"/settings/proposal/{made.pk}", {"do": "work-out"})
    other.post(f"/settings/proposal/{made.pk}", {"do": "sign"})
    clinic.refresh_from_db()
    assert (clinic.guidelines, clinic.payers) == (["bmj25"], {"medicare": ["mcr-facet"]})


@pytest.mark.parametrize("role", ["physician", "nurse", "coordinator", "auditor"])
def test_nobody_else_proposes_or_signs(signed_in: Callable[..., Client], role: str) -> None:
    made = adoption(signed_in("clinic-lead"))
    client = signed_in(role)
    assert client.post("/settings/governing", {}).status_code == 403
    assert client.post(f"/settings/proposal/{made.pk}", {"do": "sign"}).status_code == 403
