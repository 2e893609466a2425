"""Zone, locale and hash seed of the machine change no byte of an answer (hazard H-08)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHARTS = sorted((ROOT / "examples" / "charts").glob("facet-*.yaml"))[:3]
SCRIPT = """
import sys
from datetime import date
from levamen.adapters.chart import read_chart
from levamen.emit.json import encode
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess, default_as_of
for path in sys.argv[1:]:
    reading = read_chart(open(path, 'rb').read(), 'chart')
    assessment = assess(reading.record, packaged(), default_as_of(reading.record))
    sys.stdout.buffer.write(encode(assessment, reading) + b'\\n')
"""
MACHINES = {
    "utc": {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    "kiritimati": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    "turkish": {"TZ": "Europe/Istanbul", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242"},
    "west": {"TZ": "America/Los_Angeles", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "random"},
}


def answers(machine: str) -> bytes:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), **MACHINES[machine]}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, CHARTS)], env=environment, capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def here() -> bytes:
    return answers("utc")


@pytest.mark.parametrize("machine", [name for name in MACHINES if name != "utc"])
def test_the_same_bytes_on_every_machine(machine: str, here: bytes) -> None:
    assert len(here) > 1000
    assert answers(machine) == here
