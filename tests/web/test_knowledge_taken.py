"""The clinic answers from the version of the knowledge that it took: through upgrades, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from administration import actions, effects, knowledge
from administration.models import Clinic, KnowledgeInForce, Proposal
from audit.models import Event
from clinic.clock import now
from levamen.knowledge import edition
from levamen.knowledge.edition import PACKAGED, Edition, using
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from records.facts import reading_of
from worklists import work

pytestmark = pytest.mark.django_db
VALUES = "policies/mcr_facet/values.yaml"
ASKED = "{kind: weeks, operator: '>=', amount: 2, source: NORIDIAN-PA, locator: second diagnostic,"


@pytest.fixture(autouse=True)
def folders() -> Iterator[None]:
    """What a test keeps or spoils is gone after it."""
    yield
    shutil.rmtree(Path(settings.DATA) / "knowledge", ignore_errors=True)
    knowledge._WHOLE.clear()


@pytest.fixture
def older(clinic: Clinic) -> Path:
    """Version 1, which the clinic took: it asks three weeks between two blocks. Installed is version 2: two weeks."""
    return take_another(clinic, "change", "3")


def take_another(clinic: Clinic, name: str, apart: str) -> Path:
    """Puts the clinic onto a version that differs from the installed one in the time between two blocks."""
    half = Path(settings.DATA) / "knowledge" / name
    shutil.copytree(PACKAGED.root, half, ignore=shutil.ignore_patterns("__pycache__"))
    path = half / VALUES
    text = path.read_text(encoding="utf-8")
    assert text.count(ASKED) == 1, "the time between two blocks is said once"
    path.write_text(text.replace(ASKED, ASKED.replace("2", apart)), encoding="utf-8")
    with using(Edition(half)):
        hash = packaged().hash
    folder = half.rename(knowledge.folder_of(hash))
    KnowledgeInForce.objects.create(hash=hash, since=now(), by="A and B")
    knowledge.remember()
    clinic.refresh_from_db()
    return folder


def second_block(patient: Any) -> date | None:
    """From when Medicare has the second block of the example chart, as the clinic answers."""
    with knowledge.answering():
        found = assess(reading_of(patient).record, packaged(), now(), only=("mcr-facet",))
        question = next(one for one in found.questions if one.request.id == "R-1")
        return question.policies[0].earliest


def test_setting_up_takes_the_installed_version(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("set_up", name="Hill clinic", zone="America/New_York", state="OH", phone="555-0170")
    held = Clinic.objects.get(pk=1)
    assert (held.zone_name, held.state, held.phone, held.synthetic) == ("America/New_York", "OH", "555-0170", False)
    assert held.relies_on["hash"] == knowledge.installed()
    assert knowledge.folder_of(knowledge.installed()).is_dir()
    assert Event.objects.get().verb == "clinic.set-up"
    assert "Hill clinic is set up" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"zone": "Ohio"}, "there is no such time zone"),
        ({"state": "Ohio"}, "two capital letters"),
        ({"name": " "}, "--name is empty"),
    ],
)
def test_what_cannot_be_set_up_is_said_and_nothing_is_made(db: None, said: dict[str, str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("set_up", **{"name": "Hill clinic", "zone": "America/New_York", "state": "OH"} | said)
    assert not Clinic.objects.exists()


def test_a_clinic_is_set_up_once(clinic: Clinic) -> None:
    with pytest.raises(CommandError, match="is set up already"):
        call_command("set_up", name="Other", zone="UTC")
    assert Clinic.objects.get().name == "Test clinic"


def test_a_database_without_a_clinic_says_what_to_do(db: None, client: Client) -> None:
    answer = client.get("/account/login/")
    assert answer.status_code == 503
    assert b"manage.py set_up" in answer.content


def test_an_upgrade_changes_no_answer_until_two_people_take_it(
    older: Path, patient: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    """Block on 12 Feb 2026. Version 1 asks three weeks, from 5 March; version 2, installed, two weeks: 26 February."""
    person = patient("facet-one-block")
    with knowledge.answering() as used:
        assert used.root == older
    before = second_block(person)
    assert before == date(2026, 3, 5)
    lead, other = signed_in("clinic-lead"), signed_in("administrator")
    assert b"A newer version of the knowledge is installed and not in force" in lead.get("/settings").content
    lead.post("/settings/knowledge", {"reason": "Read with the guideline group"})
    made = Proposal.objects.get()
    effects.work_out(made)
    assert second_block(person) == before, "a proposal changes nothing"
    made.refresh_from_db()
    assert {row["now"] for row in made.effect["rows"]} != set(), (
        "the change between the two versions is seen beforehand"
    )
    other.post(f"/settings/proposal/{made.pk}", {"do": "sign"})
    assert second_block(person) == date(2026, 2, 26)
    assert KnowledgeInForce.objects.count() == 2


def test_a_clinic_that_took_nothing_is_told_and_can_take_it(
    clinic: Clinic, signed_in: Callable[..., Client], staff: Callable[..., Any]
) -> None:
    lead = signed_in("clinic-lead")
    for page in ("/settings", "/today"):
        assert b"has taken no version of the knowledge" in lead.get(page).content
        assert b'href="/settings/knowledge"' in lead.get(page).content
    assert b"has taken no version" not in signed_in("nurse").get("/today").content
    lead.post("/settings/knowledge", {"reason": "The first version here"})
    made = Proposal.objects.get()
    assert b"waits for a second person" in lead.get("/settings/knowledge").content
    effects.work_out(made)
    actions.decide(staff("administrator"), made, True, "")
    assert b"has taken no version" not in lead.get("/today").content
    clinic.refresh_from_db()
    assert clinic.relies_on["hash"] == knowledge.installed()


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def spoilt(folder: Path) -> None:
    path = folder / VALUES
    path.write_text(path.read_text(encoding="utf-8").replace(ASKED.replace("2", "3"), ASKED), encoding="utf-8")


def broken(folder: Path) -> None:
    (folder / VALUES).write_text("id: [", encoding="utf-8")


@pytest.mark.parametrize("harm", [gone, spoilt, broken])
def test_a_version_that_is_not_there_answers_nothing(
    older: Path, harm: Callable[[Path], None], patient: Callable[..., Any], signed_in: Callable[..., Client],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Missing, changed or unreadable: a clear page and a log line, and never the installed version in its name."""
    person = patient("facet-one-block")
    harm(older)
    knowledge._WHOLE.clear()  # as a process that starts now
    edition._KEPT.pop(edition.Edition(older).key, None)
    nurse, lead = signed_in("nurse"), signed_in("clinic-lead")
    for page in ("/today", f"/patient/{person.handle}", f"/patient/{person.handle}/options"):
        answer = nurse.get(page)
        assert answer.status_code == 503
        assert b"No verdict can be given now" in answer.content
        assert b"Walter" not in answer.content
    assert older.name in caplog.text
    settings_page = lead.get("/settings")
    assert settings_page.status_code == 200
    assert b"No page answers of a patient" in settings_page.content
    told: list[str] = []
    work.once(told.append)
    assert told
    assert all(older.name in line for line in told)


def test_two_people_can_leave_a_version_that_is_gone(
    older: Path, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    patient("facet-one-block")
    gone(older)
    lead, other = signed_in("clinic-lead"), signed_in("administrator")
    lead.post("/settings/knowledge", {"reason": "The folder is lost, no backup has it"})
    made = Proposal.objects.get()
    page = f"/settings/proposal/{made.pk}"
    other.post(page, {"do": "work-out"})
    assert b"what it changes cannot be worked out" in other.get(page).content
    other.post(page, {"do": "sign"})
    assert signed_in("nurse").get("/today").status_code == 200
    assert KnowledgeInForce.objects.latest("pk").hash == knowledge.installed()
