"""All knowledge, timed from nothing: a new process imports the package and reads every table it ships.

Medians of one run: machines are noisy, so compare figures of the same run only. Compiled Python files are kept where
the machine allows it, as after an installation. Budget: 500 ms.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

CHILD = """
import time
start = time.perf_counter()
from levamen.knowledge.registry import packaged
from levamen.knowledge.therapies import packaged_therapies
from levamen.knowledge.conditions import packaged_conditions
from levamen.knowledge.often_said import packaged_often_said
from levamen.knowledge.order_of_care import packaged_order
from levamen.knowledge.holds import packaged_profiles
from levamen.knowledge.guards import packaged_guards
from levamen.knowledge.flags import packaged_flags
from levamen.knowledge.checklists import packaged_checklists
from levamen.knowledge.instruments import instrument, instrument_ids
imported = time.perf_counter()
packaged(), packaged_profiles(), packaged_guards(), packaged_flags(), packaged_checklists()
packaged_therapies(), packaged_conditions(), packaged_often_said(), packaged_order()
[instrument(id) for id in instrument_ids()]
print((imported - start) * 1000, (time.perf_counter() - imported) * 1000)
"""
RUNS = 11


def main() -> None:
    runs = []
    for _ in range(RUNS + 1):
        told = subprocess.run([sys.executable, "-c", CHILD], check=True, capture_output=True, text=True).stdout
        runs.append([float(part) for part in told.split()])
    imports, tables = (statistics.median(column) for column in zip(*runs[1:], strict=True))
    print(f"{'all knowledge, cold: imports':58} {imports:8.0f} ms")
    print(f"{'all knowledge, cold: every table read and checked':58} {tables:8.0f} ms")
    print(f"{'together':58} {imports + tables:8.0f} ms, budget 500")


if __name__ == "__main__":
    main()
