"""A full disk: the person is told in words that nothing was saved, and what was saved is whole."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import urllib.error
from pathlib import Path

from running_clinic import ROOT, Running
from test_killed import Nurse


def test_a_full_disk_is_told_and_corrupts_nothing(made_clinic: Path, tmp_path: Path) -> None:
    shutil.copytree(made_clinic, tmp_path / "data")
    clinic = Running(tmp_path / "data")
    nurse = Nurse(clinic)
    nurse.sign_in()
    patient = nurse.patient()
    assert nurse.write(patient, "Before the disk is full")
    address = f"/patient/{patient}/record/goals/new"
    token = nurse.token(nurse.page(address))
    clinic.stop()
    room = (tmp_path / "data" / "clinic.sqlite3").stat().st_size // 8
    clinic.start(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
    told, status, saved = "", 0, 0
    for number in range(200):
        try:
            page = nurse.page(address, {"f.text": "A goal " + "x" * 3000 + str(number), "csrfmiddlewaretoken": token})
            saved += "Saved:" in page
        except urllib.error.HTTPError as error:
            told, status = error.read().decode(), error.code
            break
    assert status == 507
    assert "The disk of the clinic is full" in told
    assert "was not written" in told
    clinic.stop()
    clinic.start()
    nurse = Nurse(clinic)
    nurse.sign_in()
    assert nurse.write(patient, "After the disk was emptied")
    clinic.stop()
    verified = subprocess.run(
        [sys.executable, str(ROOT / "web" / "manage.py"), "verify_audit"], env=clinic.environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout
    counted = (
        "from records.models import Entry; print(Entry.objects.filter(section='goals', body__contains='xxx').count())"
    )
    assert int(clinic.manage("shell", "--no-imports", "-c", counted)) == saved
