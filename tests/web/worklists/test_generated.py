"""The large invented clinic: the same seed gives the same people, its charts are read whole, its audit holds."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from audit.chain import verify
from audit.models import Head
from procedures.models import Booking
from records.actions import Identity, add, add_patient
from records.facts import reading_of
from records.models import Entry, Patient, Version
from sample.many import Size, generate
from team.models import Task
from worklists.models import NightRow
from worklists.night import check

pytestmark = pytest.mark.django_db
SIZE = Size(patients=40, procedures=301, as_of=datetime(2026, 3, 9, 12, 10, tzinfo=UTC), a_day=2)


@pytest.fixture
def made() -> list[str]:
    """What was told while it was made."""
    told: list[str] = []
    generate(SIZE, told.append)
    return told


def test_it_makes_what_was_asked_for_and_tells_how_far_it_is(made: list[str]) -> None:
    assert Patient.objects.count() == 40
    assert Entry.objects.filter(section="procedures").count() == 301
    assert Version.objects.count() == Entry.objects.count()
    assert made[-2].strip() == "40 of 40 patients, 301 procedures"


def test_every_chart_is_read_without_a_complaint_and_every_slot_is_examined(made: list[str]) -> None:
    for patient in Patient.objects.all():
        assert reading_of(patient).balance.issues == ()
    assert Booking.objects.count() == 4
    check(datetime(2026, 3, 10, tzinfo=UTC).date())
    assert [row.skipped for row in NightRow.objects.all()] == ["", ""]
    assert Patient.objects.filter(synthetic=False).count() == 0


def test_the_audit_holds_and_the_clinic_goes_on_writing(made: list[str]) -> None:
    assert verify().holds
    add(None, Patient.objects.get(pk=7), "findings", {"concept": "fever", "present": True, "date": "2026-03-09"})
    assert verify().holds
    assert Task.objects.filter(done_at=None).count() == 4


def test_the_same_seed_gives_the_same_bytes(made: list[str]) -> None:
    said = "".join(Entry.objects.order_by("pk").values_list("body", flat=True))
    assert (Head.objects.get(pk=1).number, sha256(said.encode()).hexdigest()[:16]) == (749, "831d85aa57a80a87")
    with pytest.raises(ValueError, match="there are generated or real patients already"):
        generate(SIZE, made.append)


def test_the_many_are_made_around_the_worked_patients_of_a_sample_but_never_among_real_ones() -> None:
    worked = add_patient(None, Identity(family="Worked", given="Ada", mrn="S-1"), synthetic=True)
    generate(SIZE, lambda words: None)
    assert Patient.objects.count() == 41
    assert Patient.objects.get(mrn="S-1").pk == worked.pk
    assert verify().holds
    add_patient(None, Identity(family="Real", given="Bea", mrn="1234"), synthetic=False)
    Patient.objects.filter(handle__startswith="g0").update(handle=Concat(Value("x"), Cast("pk", CharField())))
    with pytest.raises(ValueError, match="there are generated or real patients already"):
        generate(SIZE, lambda words: None)


def test_invented_people_are_not_made_among_real_ones(settings: object) -> None:
    settings.SAMPLE = False
    with pytest.raises(CommandError, match="LEVAMEN_SAMPLE=yes"):
        call_command("generate")
