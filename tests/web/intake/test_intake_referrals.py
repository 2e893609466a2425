"""Referrals: typed and from files, the balance on screen, duplicates offered, nothing kept that cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
CHARTS = ROOT / "examples" / "charts"
BUNDLES = ROOT / "examples" / "fhir"


def typed(triager: Any, **more: str) -> dict[str, str]:
    return {
        "family": "Ortega", "given": "Lucia", "mrn": "55 001", "birth_date": "1970-02-03", "sex": "female",
        "sender": "Dr Ames, family medicine", "reason": "Low back pain", "urgency": "routine",
        "triager": str(triager.pk), "text": "Back pain since June.", "dated": "2026-03-06", **more,
    }  # fmt: skip


def upload(client: Client, data: bytes, name: str = "x.yaml") -> Any:
    return client.post("/referrals/file", {"file": SimpleUploadedFile(name, data)})


def test_a_typed_referral_makes_a_patient_whose_facts_rules_can_read(
    signed_in: Callable[..., Client], staff: Callable[..., Any]
) -> None:
    from intake.models import Referral
    from records.facts import reading_of

    response = signed_in("coordinator").post("/referrals/new", typed(staff("physician"), red_flags="no"))
    made = Referral.objects.get()
    assert response["Location"] == f"/patient/{made.patient.handle}/referral/{made.pk}"
    record = reading_of(made.patient).record
    assert (str(record.person.birth_date), record.person.sex) == ("1970-02-03", "female")
    assert [(row.kind, row.answer) for row in record.completeness] == [("red-flags", "no")]
    assert {member.staff.username for member in made.patient.team.all()} == {"a-coordinator", "a-physician"}
    assert made.waits


def test_what_is_missing_is_said_at_its_field_and_nothing_is_written(
    signed_in: Callable[..., Client], staff: Callable[..., Any]
) -> None:
    from records.models import Patient

    said = typed(staff("physician"), sender="", birth_date="1970-02-30")
    response = signed_in("coordinator").post("/referrals/new", said)
    assert response.status_code == 400
    page = response.content.decode()
    assert 'href="#id_sender"' in page
    assert 'href="#id_birth_date"' in page
    assert not Patient.objects.exists()


def test_sent_twice_a_referral_is_one_patient(signed_in: Callable[..., Client], staff: Callable[..., Any]) -> None:
    from records.models import Patient

    client, said = signed_in("coordinator"), typed(staff("physician"))
    assert client.post("/referrals/new", said).status_code == 302
    again = client.post("/referrals/new", said)
    assert again.status_code == 409
    assert "This record number is taken" in again.content.decode()
    assert Patient.objects.count() == 1


def test_the_same_name_and_birth_date_are_offered_and_never_joined_by_themselves(
    signed_in: Callable[..., Client], staff: Callable[..., Any]
) -> None:
    from intake.models import Referral
    from records.models import Patient

    client = signed_in("coordinator")
    client.post("/referrals/new", typed(staff("physician")))
    held = Patient.objects.get()
    other = typed(staff("physician"), mrn="55 002", family="ortega")
    assert "Say whether it is the same person" in client.post("/referrals/new", other).content.decode()
    assert client.post("/referrals/new", other | {"same": held.handle}).status_code == 302
    assert Patient.objects.count() == 1
    assert Referral.objects.filter(patient=held).count() == 2
    assert client.post("/referrals/new", other | {"same": "another"}).status_code == 302
    assert Patient.objects.count() == 2


def test_a_record_of_another_team_is_not_written_to(
    signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    from intake.models import Referral

    held = patient()
    client = signed_in("coordinator", "somebody-else")
    said = typed(staff("physician"), mrn=held.mrn, same=held.handle)
    response = client.post("/referrals/new", said)
    assert response.status_code == 409
    assert "Open it with a reason first" in response.content.decode()
    assert not Referral.objects.exists()


def test_the_balance_of_a_file_is_on_screen_and_kept_with_the_referral(
    signed_in: Callable[..., Client], staff: Callable[..., Any]
) -> None:
    from intake.models import Referral, Upload
    from records.models import Patient

    client = signed_in("coordinator")
    text = (CHARTS / "facet-one-block.yaml").read_text(encoding="utf-8")
    broken = text.replace(
        "procedures:\n", "procedures:\n  - {id: P-bad, therapy: no-such-thing, date: 2026-01-01}\n", 1
    )
    assert broken != text
    response = upload(client, broken.encode())
    assert response.status_code == 302
    assert not Patient.objects.exists()
    page = client.get(response["Location"]).content.decode()
    assert "1 of" in page
    assert "Rejected" in page
    who = {"family": "Ortega", "given": "Lucia", "mrn": "55 001", "birth_date": "", "sex": ""}
    asked = {"sender": "Dr Ames", "reason": "Back", "urgency": "soon", "triager": str(staff("physician").pk)}
    done = client.post(response["Location"], who | asked)
    made = Referral.objects.get()
    assert done["Location"] == f"/patient/{made.patient.handle}/referral/{made.pk}"
    assert made.items == made.accepted + made.ignored + made.rejected
    assert made.rejected == 1
    assert not Upload.objects.exists()
    assert client.post(response["Location"], who | asked).status_code == 404
    assert made.patient.entries.filter(section="procedures").exists()
    assert "items =" in client.get(done["Location"]).content.decode()


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "file"), (b"\xff\xfe\x00", "Nothing was kept"), (b"just words", "Nothing was kept"), (b"{", "kept")],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    data: bytes, says: str, signed_in: Callable[..., Client]
) -> None:
    from intake.models import Upload

    response = upload(signed_in("coordinator"), data)
    assert response.status_code == 400
    assert says in response.content.decode()
    assert not Upload.objects.exists()


def test_a_file_larger_than_the_limit_is_refused_in_words(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.forms.LARGEST", 10)
    response = upload(signed_in("coordinator"), b"x" * 11)
    assert response.status_code == 400
    assert "larger than 8 MB" in response.content.decode()


def test_a_file_left_is_gone_and_opens_to_nobody_else(signed_in: Callable[..., Client]) -> None:
    from intake.models import Upload

    client = signed_in("coordinator")
    address = upload(client, (CHARTS / "facet-one-block.yaml").read_bytes())["Location"]
    assert signed_in("nurse").get(address).status_code == 404
    client.post(address, {"leave": "yes"})
    assert not Upload.objects.exists()


def test_a_bundle_brings_name_and_number(signed_in: Callable[..., Client], patient: Callable[..., Any]) -> None:
    held = patient(family="Baker", given="Ann Marie")
    bundle = signed_in("nurse").get(f"/patient/{held.handle}/fhir").content
    client = signed_in("physician")
    page = client.get(upload(client, bundle, "x.json")["Location"]).content.decode()
    assert 'value="Baker"' in page
    assert 'value="Ann Marie"' in page
    assert "Is it the same person?" in page


def test_a_file_for_a_record_that_is_here_is_looked_at_first_and_one_of_somebody_else_asks(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    import re

    from intake.models import Upload

    held, client = patient(), signed_in("nurse")
    before = held.entries.count()
    address = f"/patient/{held.handle}/file"
    own = client.get(f"/patient/{held.handle}/fhir").content
    other = client.get(f"/patient/{patient(family='Other').handle}/fhir").content
    page = client.post(address, {"file": SimpleUploadedFile("x", other)}).content.decode()
    assert "This file speaks of somebody else" in page
    assert held.entries.count() == before
    handle = re.search(r'name="upload" value="([^"]+)"', page)[1]
    assert client.post(address, {"upload": handle}).status_code == 409
    assert client.post(address, {"upload": handle, "leave": "yes"}).status_code == 302
    assert held.entries.count() == before
    page = client.post(address, {"file": SimpleUploadedFile("x", own)}).content.decode()
    assert "somebody else" not in page
    handle = re.search(r'name="upload" value="([^"]+)"', page)[1]
    for _ in range(2):
        assert client.post(address, {"upload": handle}).status_code == 302
    assert not Upload.objects.exists()
    assert held.entries.count() == before, "what stands already is not written twice"


def test_a_file_whose_ids_are_taken_keeps_its_own_references(staff: Callable[..., Any], clinic: Any) -> None:
    """The pain of the file is another than the pain of that id here: its score goes with it."""
    from records import actions, files

    held = actions.add_patient(None, actions.Identity(family="A", given="B", mrn="1"))
    actions.add(staff("nurse"), held, "pain", {"site": "knee", "side": "left"}, key="PN-1")
    chart = b"""chart: 1
zone: America/New_York
pain:
  - {id: PN-1, site: low-back, side: right}
scores:
  - {id: S-1, instrument: nrs, pain: PN-1, value: 6, date: 2026-03-01}
procedures:
  - {id: P-1, therapy: medial-branch-block, date: 2026-02-01, region: lumbar, pain: PN-1}
"""
    for _ in range(2):
        files.bring(staff("nurse"), held, chart, "the file")
    assert held.entries.get(section="pain", key="PN-2").fields["site"] == "low-back"
    assert [row.fields["pain"] for row in held.entries.filter(section__in=("scores", "procedures"))] == ["PN-2", "PN-2"]


def test_clinic_to_fhir_to_clinic_loses_nothing_of_any_sample_patient(clinic: Any) -> None:
    """Record and identity of all forty, entry by entry, through the bundle and back."""
    import yaml

    from intake.identities import filed, identity_of, unfiled
    from intake.letters import bundle
    from levamen.adapters.any_input import read_any
    from levamen.adapters.chart_write import record_tree
    from records import actions, files
    from records.facts import reading_of
    from sample.loader import _read

    paths = sorted((ROOT / "web" / "sample" / "patients").glob("*.yaml"))
    assert len(paths) == 40
    for path in paths:
        row = _read(path)
        identity = actions.Identity(
            family=row["name"]["family"], given=row["name"]["given"], mrn=row["mrn"], phone=row["phone"],
            email="x@example.org", address="1 Main Street, Columbus", contact="A sister, 555-0100",
        )  # fmt: skip
        held = actions.add_patient(None, identity, synthetic=True)
        chart = {key: value for key, value in row["chart"].items() if key not in ("expect", "as_of")}
        files.bring(None, held, yaml.safe_dump(chart, sort_keys=False, allow_unicode=True).encode(), path.name)
        held.refresh_from_db()
        back = read_any(bundle(held), "the bundle")
        assert not back.balance.ignored, path.name
        assert not back.balance.rejected, path.name
        there, here = record_tree(back.record), record_tree(reading_of(held).record)
        there.pop("as_of", None), here.pop("as_of", None)
        assert there == here, path.name
        assert back.identity == filed(identity_of(held)), path.name
        said = unfiled(back.identity, back.record)
        assert {name: said[name] for name in ("family", "given", "mrn", "phone", "email", "address", "contact")} == {
            name: getattr(identity, name) for name in ("family", "given", "mrn", "phone", "email", "address", "contact")
        }
