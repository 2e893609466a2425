"""The options board: groups by what governs, dissent beside it, safety apart, nothing ranked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import Client
from django.utils.html import escape

from clinic import clock
from levamen.knowledge.edition import PACKAGED, Adoption, Edition, using
from options.assessed import all_at, assessed
from options.board import GROUPS, Decided, board, lead_of, row_of
from options.models import Interruption
from options.option import Criterion, counted
from options.overview import next_step
from records import actions
from records.models import Entry

pytestmark = pytest.mark.django_db
Maker = Callable[..., Any]


def test_a_therapy_stands_in_the_group_of_its_payer(patient: Maker) -> None:
    """The Medicare contractor wants two blocks and there is one: not yet, whatever the BMJ panel says of ablation."""
    someone = patient()
    with clock.standing_at(datetime(2026, 2, 20, 17, tzinfo=UTC)):
        groups = {group.id: group for group in board(assessed(someone), ["bmj25"])}
    row = next(row for row in groups["not_yet"].rows if "radiofrequency ablation" in row.title)
    assert [chip.word for chip in row.payer] == ["not_yet"]
    assert [chip.word for chip in row.guideline] == ["against"]


def test_dissent_is_on_the_board_where_no_guideline_leads(patient: Maker) -> None:
    found = assessed(patient())
    rows = [row for group in board(found, []) for row in group.rows if "ablation" in row.title]
    assert any(chip.word == "against" and "BMJ" in chip.says for chip in rows[0].dissent)


def test_the_gravest_of_several_that_govern_leads(patient: Maker) -> None:
    question = assessed(patient()).questions[0]
    lead = lead_of(question, [])
    assert lead is not None
    assert lead.governing


def test_inside_a_group_the_alphabet_orders(patient: Maker) -> None:
    for group in board(assessed(patient()), []):
        titles = [row.title for row in group.rows]
        assert titles == sorted(titles)
    assert [group[0] for group in GROUPS][:2] == ["met", "not_yet"]


def test_an_unasked_question_is_never_clear(patient: Maker) -> None:
    """What safety lacks is named in the chip, and the chip is not the one of clear."""
    found = assessed(patient())
    unknown = [question for question in found.questions if question.plan.safety == "unknown"]
    assert unknown
    for question in unknown:
        row = row_of(question, [])
        assert row.safety.word == "unknown"
        assert row.safety.says.startswith("Ask: ")


def test_what_nobody_asked_is_marked_as_raised_by_the_record(patient: Maker) -> None:
    someone = patient()
    found = assessed(someone)
    for id in found.raised:
        assert id.startswith("Q-")
        assert not Entry.objects.filter(patient=someone, section="request", key=id).exists()


def test_an_answer_is_worked_out_again_after_a_write(patient: Maker, staff: Maker) -> None:
    """Nothing kept is shown once the record has grown."""
    someone = patient()
    before = assessed(someone)
    assert assessed(someone) is before
    actions.add(staff("nurse"), someone, "completeness", {"kind": "allergies", "reviewed": "2026-03-09"})
    someone.refresh_from_db()
    after = assessed(someone)
    assert after is not before
    entry = [row for row in after.reading.record.completeness if row.kind == "allergies"]
    assert date(2026, 3, 9) in [row.reviewed.last for row in entry if row.reviewed is not None]


def test_the_next_step_of_an_empty_record_says_what_to_do(staff: Maker) -> None:
    made = actions.add_patient(
        staff("physician"), actions.Identity(family="Empty", given="Record", mrn="MRN 0"), team=[staff("physician")]
    )
    made.refresh_from_db()
    found = assessed(made)
    assert board(found, []) == ()
    assert next_step((), found.assessment.as_of).says.startswith("Nothing is considered yet.")


@pytest.mark.parametrize("page", ["", "/options"])
def test_an_empty_record_has_its_pages(staff: Maker, signed_in: Maker, page: str) -> None:
    made = actions.add_patient(
        staff("physician"), actions.Identity(family="Empty", given="Record", mrn="MRN 0"), team=[staff("physician")]
    )
    response = signed_in("physician").get(f"/patient/{made.handle}{page}")
    assert response.status_code == 200
    assert b"Nothing is considered" in response.content


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("2026-02-24", ""),
        ("24.02.2026", "That is no day."),
        ("2026-03-09", "That day is not over yet."),
        ("1850-01-01", "That day is before any record here."),
    ],
)
def test_replay_takes_a_past_day_or_says_what_is_wrong(patient: Maker, signed_in: Maker, said: str, wrong: str) -> None:
    response = signed_in().get(f"/patient/{patient().handle}/options", {"as_of": said})
    assert response.status_code == (400 if wrong else 200)
    text = response.content.decode()
    assert wrong in text
    assert ("As it was known on Tue 24 Feb 2026" in text) is not bool(wrong)


def test_counts_are_told_in_the_right_number() -> None:
    rows = [
        SimpleNamespace(view=SimpleNamespace(word=word, telling=telling))
        for word, telling in [("Applies", True), *[("Does not apply", False)] * 2, ("Met", False)]
    ]
    assert counted(cast("tuple[Criterion, ...]", tuple(rows))) == "1 applies, 2 do not apply, 1 met"


def test_replay_does_not_see_what_was_written_later(patient: Maker, staff: Maker, signed_in: Maker) -> None:
    """A request typed on the ninth is not on the board of the eighth."""
    someone = patient()
    made = actions.add(staff("nurse"), someone, "request", {"therapy": "acupuncture", "region": "lumbar"})
    client: Client = signed_in()
    now = client.get(f"/patient/{someone.handle}/options").content.decode()
    then = client.get(f"/patient/{someone.handle}/options", {"as_of": "2026-03-08"}).content.decode()
    assert f"/options/{made.key}" in now
    assert f"/options/{made.key}" not in then


def test_a_past_board_does_not_lead_to_a_comparison_of_today(patient: Maker, signed_in: Maker) -> None:
    """Side by side shows the record as it is now; from a past day it would pass for what was known then."""
    someone, client = patient("facet-two-blocks"), signed_in()
    for query, offered in (({}, True), ({"as_of": "2026-03-01"}, False)):
        board_ = client.get(f"/patient/{someone.handle}/options", query).content.decode()
        assert ("/options/compare" in board_) is offered


@pytest.mark.parametrize(
    ("page", "most"), [("", 12), ("/options", 12), ("/options/R-1", 12), ("/options/R-1/decide", 12)]
)
def test_a_page_asks_the_database_twelve_times_at_most(
    patient: Maker, signed_in: Maker, django_assert_max_num_queries: Maker, page: str, most: int
) -> None:
    someone, client = patient(), signed_in()
    client.get(f"/patient/{someone.handle}")
    with django_assert_max_num_queries(most):
        assert client.get(f"/patient/{someone.handle}{page}").status_code == 200


def test_what_was_declined_is_not_the_next_step_and_says_so(patient: Maker) -> None:
    """A person who said no is not asked the same again by the first sentence of the page."""
    found = assessed(patient())
    all_said_no = {question.id: Decided(says="Do not do it", declined=True) for question in found.questions}
    groups = board(found, [], all_said_no)
    assert all(row.decided == "Do not do it" for group in groups for row in group.rows)
    assert next_step(groups, found.assessment.as_of).says.startswith("Everything that is considered was declined.")
    first = {"R-1": Decided(says="Do not do it", declined=True)}
    assert next_step(board(found, [], first), found.assessment.as_of).id != "R-1"


def test_an_emergency_comes_before_everything_that_is_planned(patient: Maker, staff: Maker, signed_in: Maker) -> None:
    """New retention with numbness of the saddle: the first sentence is the emergency, not the block that is booked."""
    someone = patient()
    for concept in ("urinary-retention", "saddle-numbness"):
        actions.add(
            staff("nurse"), someone, "findings",
            {"concept": concept, "method": "symptom", "date": "2026-03-08", "present": True},
        )  # fmt: skip
    text = signed_in().get(f"/patient/{someone.handle}").content.decode()
    heading = text.partition("<h1")[2].partition("</h1>")[0]
    assert "Emergency now: cauda equina." in heading
    assert "levamen flags" not in text
    assert "Warning sign: Cauda equina" in signed_in().get(f"/patient/{someone.handle}/options").content.decode()


def test_show_all_asks_every_therapy_that_a_policy_speaks_of(patient: Maker, signed_in: Maker) -> None:
    """At the target of the block, without those that are considered already; none becomes clear by being listed."""
    someone = patient()
    model = assessed(someone).questions[0].request
    found = all_at(someone, model)
    therapies = {row.request.therapy for row in found}
    assert "facet-joint-injection" in therapies
    assert not therapies & {row.therapy for row in assessed(someone).reading.record.requests}
    assert all(any(answer.verdict != "silent" for answer in row.policies) for row in found)
    text = signed_in().get(f"/patient/{someone.handle}/options", {"all": model.id}).content.decode()
    assert "Facet joint injection L3-4, L4-5 right" in text


def test_the_monthly_review_counts_stops_and_what_became_of_them(
    patient: Maker, signed_in: Maker, staff: Maker
) -> None:
    Interruption.objects.create(
        rule="Particulate steroid", patient=patient(), about="R-1", facts="x", at=clock.now(), who=staff("physician"),
        outcome="acted",
    )  # fmt: skip
    text = signed_in("clinic-lead").get("/interruptions").content.decode()
    assert "1 stop in" in text
    assert "Particulate steroid" in text
    assert signed_in("nurse").get("/interruptions").status_code == 403


def test_another_edition_of_the_knowledge_is_worked_out_anew(patient: Maker) -> None:
    """What was kept under one edition is never the answer of another."""
    someone = patient()
    before = assessed(someone)
    other = Edition(
        PACKAGED.root,
        (Adoption(value="none", fingerprint="none", says="", by="Dr A", reason="a test", on=date(2026, 3, 1)),),
    )
    with using(other):
        assert assessed(someone) is not before
    assert assessed(someone) is before


def test_what_is_asked_on_the_day_is_apart_from_what_must_be_done_before_it(
    patient: Maker, signed_in: Callable[..., Client]
) -> None:
    """Nobody can ask for a fever before the day; a duty that can be seen to now must not be lost among such."""
    someone, client = patient(), signed_in()
    question = next(
        one for one in assessed(someone).questions if any("on the day" in duty.what for duty in one.obligations)
    )
    shown = client.get(f"/patient/{someone.handle}/options/{question.id}").context
    later = [duty for duty in question.obligations if duty.what.startswith(("ask on the day", "confirm on the day"))]
    assert later
    assert len(shown["on_day"]) == len(later)
    assert [duty.id for duty in shown["before"]] == [duty.id for duty in question.obligations if duty not in later]


def test_no_benefit_and_no_harm_is_left_off_the_page_where_one_decides(
    patient: Maker, signed_in: Callable[..., Client]
) -> None:
    someone, client = patient(), signed_in()
    question = next(one for one in assessed(someone).questions if "radiofrequency" in one.request.therapy)
    page = client.get(f"/patient/{someone.handle}/options/{question.id}/decide")
    rows = [*page.context["described"].benefits, *page.context["described"].risks]
    assert len(rows) > 8
    for row in rows:
        assert escape(row.says) in page.content.decode()
