"""The way of a stimulator in the clinic: taken, refused, passed by; replayed it gives what is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[3] / "web" / "sample" / "patients"


@pytest.fixture
def person(staff: Callable[..., Any]) -> Callable[[str], Any]:
    """A patient of the sample clinic, of the team of the physician, the nurse and the coordinator."""
    from records import actions, files

    def make(number: str) -> Any:
        (path,) = SAMPLE.glob(f"{number}-*.yaml")
        from sample.loader import _read

        row = _read(path)
        members = [staff(role) for role in ("physician", "nurse", "coordinator")]
        identity = actions.Identity(family=row["name"]["family"], given=row["name"]["given"], mrn=row["mrn"])
        held = actions.add_patient(members[0], identity, synthetic=True, team=members, zone=row["chart"]["zone"])
        chart = {key: value for key, value in row["chart"].items() if key not in ("expect", "as_of")}
        files.bring(members[0], held, yaml.safe_dump(chart, sort_keys=False).encode(), path.name)
        held.refresh_from_db()
        return held

    return make


def way_of(held: Any) -> Any:
    from devices.ways import review

    (found,) = review(held).ways
    return found


def step(held: Any) -> str:
    from devices.stimulator_views import slug_of

    return f"/patient/{held.handle}/stimulator/{slug_of(way_of(held))}/step"


def test_a_running_trial_shows_its_day_its_diary_and_its_baseline(person: Any, signed_in: Any) -> None:
    """Begun on Wednesday 4 March, so Monday 9 March is its sixth day; 8 before, then 6, 4, 4, 3."""
    held = person("37")
    page = signed_in("nurse").get(f"/patient/{held.handle}/devices").content.decode()
    assert "Trial running, day 6" in page
    assert "Thoracic spine, level not recorded, midline" in page
    assert "No device is recorded" not in page
    assert "<strong>8 (" in page
    assert page.count("<td>4</td>") == 2
    assert "Nothing was written on" not in page
    assert "Trial running, day 6" in signed_in("nurse").get("/devices").content.decode()


def test_a_day_of_the_trial_without_a_word_is_told(person: Any, signed_in: Any) -> None:
    from records.actions import change
    from records.models import Entry

    held = person("37")
    entry = Entry.objects.get(patient=held, section="procedures", key="P-1")
    body = entry.fields
    body["trial"]["diary"] = [row for row in body["trial"]["diary"] if "03-06" not in str(row["at"])]
    change(None, held, "procedures", "P-1", body, seen=entry.version)
    page = signed_in("nurse").get(f"/patient/{held.handle}/devices").content.decode()
    assert "Nothing was written on Fri 06 Mar 2026" in page


def test_policies_that_disagree_on_a_trial_are_shown_beside_one_another(person: Any, signed_in: Any) -> None:
    """7 to 4 is 42.9 per cent: below half, which her insurer asks for; Medicare's national text has no number."""
    held = person("38")
    client = signed_in("physician")
    assert "no policy that decides" in client.get(f"/patient/{held.handle}/devices").content.decode()
    page = client.get(f"/patient/{held.handle}/devices", {"also": "cms-ncd-160.7"}).content.decode()
    assert "as if these decided too" in page
    assert "Policies disagree" in page
    assert "Medicare NCD 160.7" in page.split("Passed under", 1)[1].split("Not passed under", 1)[0]
    assert "eviCore CMM-211" in page.split("Not passed under", 1)[1].split("</p>", 1)[0]


def test_loss_of_effect_is_told_with_its_work_up_in_order(person: Any, signed_in: Any) -> None:
    held = person("39")
    assert "Effect lost; reprogrammed, effect awaited" in signed_in("nurse").get("/devices").content.decode()
    page = signed_in("nurse").get(f"/patient/{held.handle}/devices").content.decode()
    assert "Effect lost: look in this order" in page
    assert "conditional, full body" in page


def test_a_step_that_is_taken_is_in_the_chart_and_replayed_gives_what_is_stored(person: Any, signed_in: Any) -> None:
    """The trial lead comes out: the procedure has its end, the way its steps, and nothing is judged twice."""
    from devices.models import Step, Way
    from devices.ways import holds
    from records.models import Entry

    held, client = person("37"), signed_in("nurse")
    address = step(held)
    assert client.get(address).status_code == 200
    seen = len(way_of(held).steps)
    said = {"kind": "trial-ended", "day": "2026-03-09", "reason": "", "seen": seen}
    done = client.post(address, said)
    assert done.status_code == 302, done.content.decode()
    assert Entry.objects.get(patient=held, section="procedures", key="P-1").fields["end"] == "2026-03-09"
    way = Way.objects.get(patient=held)
    assert holds(way)
    assert [row.number for row in Step.objects.filter(way=way)] == list(range(1, way.count + 1))
    found = way_of(held)
    assert found.kept == way.count
    assert [row.event.kind for row in found.steps].count("trial-ended") == 1
    again = client.post(address, said, follow=True).content.decode()
    assert "Somebody took a step in between" in again
    assert Step.objects.filter(way=way).count() == way.count


def test_a_stored_standing_that_the_steps_do_not_lead_to_is_found(person: Any, signed_in: Any) -> None:
    from devices.models import Way
    from devices.ways import holds

    held = person("37")
    seen = len(way_of(held).steps)
    signed_in("nurse").post(step(held), {"kind": "trial-ended", "day": "2026-03-09", "seen": seen})
    way = Way.objects.get(patient=held)
    way.standing = way.standing.replace('"repeats":0', '"repeats":1')
    assert not holds(way)


def test_a_refused_step_says_what_is_missing_and_leaves_no_trace(person: Any, signed_in: Any) -> None:
    """A second trial after one that was not passed: whether he can operate the device was never answered."""
    from devices.models import Step
    from records.models import Entry

    held, client = person("38"), signed_in("nurse")
    before = Entry.objects.filter(patient=held).count()
    said = {"kind": "trial-started", "day": "2026-03-09", "reason": "", "seen": len(way_of(held).steps)}
    answer = client.post(step(held), said)
    page = answer.content.decode()
    assert answer.status_code == 200, page
    assert "Not recorded: this step does not follow yet" in page
    assert "It was answered whether the patient can operate the device</strong>: not shown" in page
    assert "Nobody may pass this by" in page
    assert Step.objects.count() == 0
    assert Entry.objects.filter(patient=held).count() == before


def test_what_may_be_passed_by_is_passed_by_a_physician_with_a_reason_and_kept_for_good(
    person: Any, signed_in: Any, staff: Any
) -> None:
    """Reprogramming after a loss of effect; then the effect is back on a physician's word, without a score."""
    from devices.models import Way
    from devices.ways import holds

    held = person("39")
    nurse, physician = signed_in("nurse"), signed_in("physician")
    seen = len(way_of(held).steps)
    done = nurse.post(
        step(held),
        {"kind": "reprogrammed", "day": "2026-03-09", "reason": "New program, contacts 2 and 5", "seen": seen},
    )
    assert done.status_code == 302, done.content.decode()
    seen = len(way_of(held).steps)
    said = {"kind": "effect-settled", "day": "2026-03-09", "reason": "He says it is as before", "seen": seen}
    refused = nurse.post(step(held), said | {"pass-effect-measured": "trust me"}).content.decode()
    assert "A physician may pass this by" in refused
    assert "a score of the pain since" in refused
    done = physician.post(step(held), said | {"pass-effect-measured": "Score to be taken on Wednesday"})
    assert done.status_code == 302, done.content.decode()
    way = Way.objects.get(patient=held)
    assert holds(way)
    (override,) = [row for row in way_of(held).standing.overrides if row.on == "clinician"]
    assert (override.guard, override.by) == ("effect-measured", staff("physician").name)
    page = physician.get(f"/patient/{held.handle}/devices").content.decode()
    assert "Passed by on their word" in page
    assert "New program, contacts 2 and 5" in page


def test_what_nobody_may_pass_by_is_not_passed_by(person: Any, signed_in: Any) -> None:
    from devices.models import Step

    held, client = person("38"), signed_in("physician")
    from levamen.knowledge.implants import packaged_machine

    passes = {f"pass-{id}": "I say so" for id in packaged_machine().guards}
    said = {"kind": "trial-started", "day": "2026-03-09", "reason": "Now", "seen": len(way_of(held).steps)}
    page = client.post(step(held), said | passes).content.decode()
    assert "Nobody may pass this by" in page
    assert Step.objects.count() == 0


def test_the_page_takes_at_most_twelve_queries(person: Any, signed_in: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    held, client = person("39"), signed_in("nurse")
    client.get(f"/patient/{held.handle}/devices")  # the strip of the banner is worked out once for each state
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/patient/{held.handle}/devices").status_code == 200
    assert sum("SAVEPOINT" not in row["sql"] for row in found.captured_queries) <= 12


def diary(held: Any) -> str:
    return step(held).replace("/step", "/diary")


def test_the_diary_of_a_trial_is_written_into_the_trial(person: Any, signed_in: Any) -> None:
    """8 before; 6, 4, 4, 3 are there for the 5th to the 8th; the 9th is told now: 2."""
    from records.models import Entry

    held, client = person("37"), signed_in("nurse")
    page = client.get(diary(held)).content.decode()
    assert "2026-03-09T08:10" in page, "the evening of today is still to come"
    assert "2026-03-04T20:00" in page
    assert "2026-03-07T20:00" not in page, "what was answered is not asked again"
    seen = Entry.objects.get(patient=held, section="procedures", key="P-1").version
    said = {"seen": seen, "at.0": "2026-03-09T07:30", "pain.0": "2", "repositioned": "no", "before": "8"}
    done = client.post(diary(held), said)
    assert done.status_code == 302, done.content.decode()
    trial = Entry.objects.get(patient=held, section="procedures", key="P-1").fields["trial"]
    assert [str(row["value"]) for row in trial["diary"]][-1] == "2"
    assert trial["repositioned"] is False
    assert "satisfied" not in trial, "not asked is not no"
    again = client.post(diary(held), said, follow=True).content.decode()
    assert "Nothing new was typed" in again or "Somebody changed this trial" in again
    rows = Entry.objects.get(patient=held, section="procedures", key="P-1").fields["trial"]["diary"]
    assert len(rows) == len(trial["diary"])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"at.0": "2026-03-09T07:30", "pain.0": "11"}, "Write a number from 0 to 10."),
        ({"at.0": "2026-03-09T07:30", "pain.0": "-1"}, "Write a number from 0 to 10."),
        ({"at.0": "2026-03-09T07:30", "pain.0": "NaN"}, "Write a number from 0 to 10."),
        ({"at.0": "2026-03-09T23:00", "pain.0": "2"}, "during the trial and before now"),
        ({"at.0": "2026-03-03T07:30", "pain.0": "2"}, "during the trial and before now"),
        ({"at.0": "soon", "pain.0": "2"}, "during the trial and before now"),
        ({}, "Nothing new was typed."),
    ],
)
def test_what_cannot_be_of_the_trial_is_told_at_its_line(
    person: Any, signed_in: Any, said: dict[str, str], sentence: str
) -> None:
    from records.models import Entry

    held = person("37")
    entry = Entry.objects.get(patient=held, section="procedures", key="P-1")
    answer = signed_in("nurse").post(diary(held), {"seen": entry.version, **said})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert Entry.objects.get(pk=entry.pk).version == entry.version


def test_without_the_pain_before_no_diary_is_kept(person: Any, signed_in: Any) -> None:
    """Relief is told from the pain before: it is asked once, and filled in with the last score before the trial (8)."""
    from records.actions import change
    from records.models import Entry

    held, client = person("37"), signed_in("nurse")
    entry = Entry.objects.get(patient=held, section="procedures", key="P-1")
    change(
        None, held, "procedures", "P-1", {k: v for k, v in entry.fields.items() if k != "relief"}, seen=entry.version
    )
    assert 'name="before" value="8"' in client.get(diary(held)).content.decode()
    said = {"seen": entry.version + 1, "at.0": "2026-03-09T07:30", "pain.0": "2", "before": ""}
    assert b"Write the pain before the trial" in client.post(diary(held), said).content
    assert client.post(diary(held), {**said, "before": "8"}).status_code == 302
    body = Entry.objects.get(pk=entry.pk).fields
    assert [(row["scale"], str(row["before"])) for row in body["relief"]] == [("nrs", "8")]


def test_a_diary_that_somebody_else_wrote_into_is_not_overwritten(person: Any, signed_in: Any) -> None:
    from records.actions import change
    from records.models import Entry

    held, client = person("37"), signed_in("nurse")
    entry = Entry.objects.get(patient=held, section="procedures", key="P-1")
    change(None, held, "procedures", "P-1", {**entry.fields, "note": "seen by telephone"}, seen=entry.version)
    said = {"seen": entry.version, "at.0": "2026-03-09T07:30", "pain.0": "2", "before": "8"}
    assert "nothing was saved" in client.post(diary(held), said, follow=True).content.decode()
    assert Entry.objects.get(pk=entry.pk).fields["note"] == "seen by telephone"


def test_a_coordinator_does_not_write_into_a_diary(person: Any, signed_in: Any) -> None:
    assert signed_in("coordinator").get(diary(person("37"))).status_code == 403


def test_an_id_is_free_in_the_whole_record_before_it_is_given(person: Any) -> None:
    """A chart that was brought calls a document D-1; a device that is written down here is another D, and both read."""
    from records.actions import add
    from records.facts import reading_of

    held = person("06")
    made = add(None, held, "devices", {"kind": "spinal-cord-stimulator", "implanted": "2026-03-09"})
    assert made.key == "D-2"
    assert {"D-1", "D-2"} <= {fact.id for fact in reading_of(held).record.facts}
