"""The server and the worker are killed at random; what was acknowledged is there, and nothing is half written."""

from __future__ import annotations

import http.cookiejar
import json
import random
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from running_clinic import ROOT, Running

WRITES, KILLS = 300, 12
_LOOK = """
import json
from django.db.models import Count
from records.models import Entry, Patient, Version
from audit.chain import verify
from audit.models import Event
from procedures.models import Booking
from team.models import Task
from worklists.models import NightRow, NightRun
goals = list(Entry.objects.filter(section='goals').values_list('body', flat=True))
print(json.dumps({
    'goals': goals,
    'without_version': Entry.objects.annotate(n=Count('versions')).filter(n=0).count(),
    'wrong_version': sum(1 for e in Entry.objects.annotate(n=Count('versions')) if e.n != e.version),
    'without_event': sum(1 for e in Entry.objects.filter(section='goals')
                         if not Event.objects.filter(patient=e.patient, about=f'goals {e.key}').exists()),
    'broken': verify().broken,
    'rows': NightRow.objects.count(), 'runs': NightRun.objects.filter(finished__isnull=False).count(),
    'tasks': Task.objects.exclude(origin=None).count(),
    'origins': Task.objects.exclude(origin=None).values('origin').distinct().count(),
}))
"""


class Nurse:
    """Somebody who types, over HTTP, without a browser's patience."""

    def __init__(self, clinic: Running) -> None:
        self.clinic = clinic
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def page(self, path: str, data: dict[str, str] | None = None) -> str:
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        with self.opener.open(self.clinic.address + path, body, timeout=20) as answer:
            return str(answer.read().decode())

    def token(self, page: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, page[:400]
        return found[1]

    def sign_in(self) -> None:
        token = self.token(self.page("/account/login/"))
        said = {"login": "nalvarez", "password": self.clinic.password, "csrfmiddlewaretoken": token}
        self.page("/account/login/", said)

    def patient(self) -> str:
        found = re.search(r'href="/patient/([\w-]+)"', self.page("/patients"))
        assert found
        return found[1]

    def write(self, patient: str, text: str) -> bool:
        """True where the clinic said that it is saved."""
        address = f"/patient/{patient}/record/goals/new"
        page = self.page(address, {"f.text": text, "csrfmiddlewaretoken": self.token(self.page(address))})
        return f"Saved: {text}" in page


def test_no_acknowledged_write_is_lost(each_database: Running) -> None:
    chance = random.Random(11)  # noqa: S311 - when to kill, not a secret
    kill_at = {chance.randrange(10, WRITES) for _ in range(KILLS)}
    nurse, acknowledged = Nurse(each_database), []
    nurse.sign_in()
    patient = nurse.patient()
    for number in range(WRITES):
        if number in kill_at:
            # In the middle of a write: the request is under way when the server goes.
            wait, group = chance.random() / 20, each_database.server.pid
            code = f"import time, os, signal; time.sleep({wait}); os.killpg({group}, signal.SIGKILL)"
            writer = subprocess.Popen([sys.executable, "-c", code])
        try:
            if nurse.write(patient, f"Goal number {number}"):
                acknowledged.append(f"Goal number {number}")
        except (urllib.error.URLError, ConnectionError, TimeoutError, http.client.HTTPException):
            pass
        if number in kill_at:
            writer.wait()
            each_database.server.wait()
            each_database.log.close()
            each_database.start()
    found = json.loads(each_database.manage("shell", "--no-imports", "-c", _LOOK))
    said = {json.loads(body)["text"] for body in found["goals"]}
    assert len(acknowledged) > WRITES - 3 * KILLS
    assert set(acknowledged) <= said
    assert not found["without_version"]
    assert not found["wrong_version"]
    assert not found["without_event"]
    assert found["broken"] == []


def test_a_killed_worker_does_nothing_twice_and_leaves_nothing_out(each_database: Running) -> None:
    chance = random.Random(5)  # noqa: S311 - when to kill, not a secret
    command = [sys.executable, str(ROOT / "web" / "manage.py"), "worker", "--once"]
    for _ in range(6):
        worker = subprocess.Popen(command, env=each_database.environment, stdout=subprocess.DEVNULL)
        time.sleep(2 + chance.random() * 3)
        worker.kill()
        worker.wait()
    each_database.manage(
        "shell", "--no-imports", "-c", "from worklists.models import Lease; Lease.objects.all().delete()"
    )
    each_database.manage("worker", "--once")
    found = json.loads(each_database.manage("shell", "--no-imports", "-c", _LOOK))
    assert found["runs"] == 2
    assert found["rows"] == 18
    assert found["tasks"] == found["origins"]
    assert found["broken"] == []
