"""The night check of 200 synthetic patients, timed: list in, page out, on at most two cores.

`python benchmarks/night_check.py` writes the charts into a temporary folder (seeds are the example charts, with other
drugs, doses and days), runs the whole command in its own process, and prints p50 and total. The budget is that of the
design: 200 patients in 10 seconds; a run over it ends with exit 1.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUDGET_S = 10.0
PATIENTS = 200
_REQUEST = re.compile(r"^request:\s*\n\s*- \{id: ([\w-]+).*?start: (\d{4}-\d\d-\d\dT\d\d:\d\d)", re.MULTILINE)
_AS_OF = re.compile(r"^as_of: .*$", re.MULTILINE)
_DRUGS = (
    "{id: BM-%d, drug: apixaban, dose: 5 mg, times: ['08:00', '20:00'], indication: atrial-fibrillation}",
    "{id: BM-%d, drug: warfarin, dose: 5 mg, times: ['18:00'], indication: atrial-fibrillation}",
    "{id: BM-%d, drug: clopidogrel, dose: 75 mg, times: ['08:00']}",
    "{id: BM-%d, drug: sertraline, dose: 50 mg, times: ['08:00']}",
    "{id: BM-%d, drug: aspirin, dose: 81 mg, times: ['08:00'], indication: cardiovascular-primary-prevention}",
)


def charts(folder: Path, patients: int) -> Path:
    """Writes the charts and their list. The evening before each appointment is what is known."""
    seeds = []
    for path in sorted((ROOT / "examples" / "charts").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        found = _REQUEST.search(text)
        if found is not None and "\nmedications:\n" in text:
            seeds.append((text, found[1], datetime.fromisoformat(found[2])))
    rows = ["chart,request,owner"]
    for number in range(patients):
        text, request, start = seeds[number % len(seeds)]
        round = number // len(seeds)
        evening = (start - timedelta(hours=15 + round)).isoformat(timespec="minutes")
        text = _AS_OF.sub(f"as_of: {evening}", text)
        if round:
            drug = _DRUGS[number % len(_DRUGS)] % number
            text = text.replace("\nmedications:\n", f"\nmedications:\n  - {drug}\n", 1)
        text = re.sub(r"^id: .*$", f"id: synthetic-{number:03d}", text, count=1, flags=re.MULTILINE)
        (folder / f"{number:03d}.yaml").write_text(text, encoding="utf-8")
        rows.append(f"{number:03d}.yaml,{request},{'' if number % 3 else 'Synthetic Owner'}")
    made = folder / "tomorrow.csv"
    made.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        made = charts(Path(name), options.patients)
        worst = 0.0
        for form in ("json", "html", "paper"):
            times = []
            for _ in range(options.runs):
                start = time.perf_counter()
                found = subprocess.run(
                    [sys.executable, "-m", "levamen.cli", "night-check", str(made), "--as-of", "own", "--format", form],
                    capture_output=True,
                    check=False,
                )
                times.append(time.perf_counter() - start)
                if found.returncode != 0:
                    print(found.stderr.decode()[-2000:], file=sys.stderr)
                    return 1
            middle = statistics.median(times)
            worst = max(worst, max(times))
            size = len(found.stdout)
            print(
                f"{options.patients} patients to {form:6} p50 {middle:6.2f} s ({middle / options.patients * 1000:5.1f} "
                f"ms a patient)   slowest {max(times):6.2f} s   {size:,} bytes   budget {BUDGET_S} s"
            )
    return 0 if worst <= BUDGET_S * options.patients / PATIENTS else 1


if __name__ == "__main__":
    sys.exit(main())
