"""A clinic backed up while it works, and restored on an empty machine: the same answers, the same audit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from running_clinic import ROOT, Running, environment, new_database
from test_killed import Nurse

_ANSWERS = """
import json
from clinic import clock
from datetime import datetime, UTC
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from records.facts import reading_of
from records.models import Patient
from audit.models import Event
said = {}
for patient in Patient.objects.order_by('mrn')[:12]:
    found = assess(reading_of(patient).record, packaged(), datetime(2026, 3, 9, 13, tzinfo=UTC))
    said[patient.mrn] = [
        [q.id, q.headline, q.plan.safety, [[a.policy, a.verdict, str(a.earliest)] for a in q.policies]]
        for q in found.questions
    ]
print(json.dumps({'answers': said, 'events': list(Event.objects.order_by('number').values_list('hash', flat=True))}))
"""


def _manage(command: list[str], data: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "web" / "manage.py"), *command], env=environment(data, url), capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def test_a_restored_clinic_answers_as_the_old_one(each_database: Running, tmp_path: Path) -> None:
    nurse = Nurse(each_database)
    nurse.sign_in()
    patient = nurse.patient()
    assert nurse.write(patient, "Walk to the library")
    file = tmp_path / "clinic.levamen"
    each_database.manage("backup", str(file))
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    before = json.loads(each_database.manage("shell", "--no-imports", "-c", _ANSWERS))
    assert nurse.write(patient, "Written after the backup")
    data = tmp_path / "elsewhere"
    data.mkdir()
    on_postgresql = "LEVAMEN_DATABASE_URL" in each_database.environment
    url = new_database(os.environ["LEVAMEN_TEST_SERVER_URL"]) if on_postgresql else ""
    restored = _manage(["restore", str(file)], data, url)
    assert "the audit holds" in restored.stdout, restored.stderr
    after = json.loads(_manage(["shell", "--no-imports", "-c", _ANSWERS], data, url).stdout)
    assert after == before
    again = _manage(["restore", str(file)], data, url)
    assert again.returncode != 0
    assert "There is a clinic here already" in again.stderr


def test_a_damaged_backup_is_refused_in_one_sentence(running: Running, tmp_path: Path) -> None:
    file = tmp_path / "clinic.levamen"
    running.manage("backup", str(file))
    data = file.read_bytes()
    (tmp_path / "cut.levamen").write_bytes(data[: len(data) // 2])
    (tmp_path / "other.levamen").write_bytes(b"not a backup")
    empty = tmp_path / "empty"
    empty.mkdir()
    for name in ("cut.levamen", "other.levamen"):
        told = _manage(["restore", str(tmp_path / name)], empty, "")
        assert told.returncode != 0
        assert "is no backup of a clinic, or it is cut off" in told.stderr
        assert "Traceback" not in told.stderr
    assert not (empty / "secret.key").exists() or not (empty / "clinic.sqlite3").exists()
