"""Knowledge files spoilt at random are read or refused in one sentence, and nothing in them is executed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("seed", [11, 12])
def test_a_spoilt_file_never_breaks_the_reader(seed: int) -> None:
    """The benchmark does it 100,000 times; here a few hundred of each seed, the same every time."""
    program = [sys.executable, "benchmarks/hostile_knowledge.py", "--count", "400", "--seed", str(seed)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "'refused'" in done.stdout
