"""One live patient, timed: bytes of a 150-resource FHIR bundle in, the verdict of every question out.

`make benchmark` runs it; `python benchmarks/one_patient.py --sample FILE` times another bundle as well.
Medians and ratios of one run: machines are noisy, so compare figures of the same run only. Budgets are those of the
design: p50 25 ms, p95 60 ms, the full trace of one question 5 ms, decoding 3 times `orjson.loads`, `--help` 0.3 s.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from msgspec.structs import replace

from levamen.adapters.chart import read_chart
from levamen.adapters.fhir import KINDS, read_bundle
from levamen.adapters.fhir_context import Context
from levamen.adapters.fhir_entries import decode
from levamen.adapters.fhir_input import open_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.emit.json import encode
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from levamen.pathway.periprocedural.plan import plan

ROOT = Path(__file__).parents[1]
RESOURCES = 150
AS_OF = date(2026, 2, 20)


def milliseconds(work: Callable[[], object], runs: int) -> list[float]:
    """Wall-clock time of each run, sorted."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


def typical_bundle() -> bytes:
    """The example patient as FHIR, filled up to 150 resources with the vital signs that real records are full of."""
    chart = ROOT / "examples" / "charts" / "facet-one-block.yaml"
    bundle = json.loads(bundle_of(read_chart(chart.read_text(encoding="utf-8"), chart.name).record))
    patient = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")
    entries: list[Any] = bundle["entry"]
    while len(entries) < RESOURCES:
        number = len(entries)
        entries.append(
            {
                "fullUrl": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
                "resource": {
                    "resourceType": "Observation",
                    "id": f"vital-{number}",
                    "status": "final",
                    "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6", "display": "Systolic"}]},
                    "subject": {"reference": f"Patient/{patient.get('id', '')}"},
                    "effectiveDateTime": f"2025-{number % 12 + 1:02d}-10T09:00:00-08:00",
                    "valueQuantity": {"value": 120 + number % 20, "unit": "mmHg", "code": "mm[Hg]"},
                },
            }
        )
    return json.dumps(bundle).encode()


def decoded(data: bytes) -> object:
    """Decoding alone: bytes to typed resources, before anything is made of them."""
    return decode(open_bundle(data).entry, KINDS, Context())


def report(name: str, times: list[float], budget: str) -> None:
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    print(f"{name:58} p50 {statistics.median(times):8.2f} ms   p95 {p95:8.2f} ms   budget {budget}")


def answer(data: bytes) -> int:
    """Bytes in, verdicts and deciding criteria out; returns how many verdicts there were."""
    record = read_bundle(data, "bundle").record
    assessment = assess(record, packaged(), AS_OF)
    return sum(len(question.policies) for question in assessment.questions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--sample", type=Path, help="a FHIR bundle (JSON, perhaps gzipped) to time as well")
    options = parser.parse_args()
    data = typical_bundle()
    verdicts = answer(data)
    print(f"{RESOURCES} resources, {len(data):,} bytes, {verdicts} verdicts; {options.runs} runs after one warm-up")
    report("bundle in, every verdict out", milliseconds(lambda: answer(data), options.runs), "p50 25, p95 60")
    reading = read_bundle(data, "bundle")
    assessment = assess(reading.record, packaged(), AS_OF)
    one = replace(assessment, questions=assessment.questions[:1])
    report("full trace and English of one question as JSON", milliseconds(lambda: encode(one, reading), 20), "5")
    chart = ROOT / "examples" / "charts" / "plan-apixaban-each-class.yaml"
    record = read_chart(chart.read_text(encoding="utf-8"), chart.name).record
    as_of = date(2026, 6, 1)
    plans = milliseconds(lambda: plan(record, record.requests[1], packaged(), as_of), options.runs)
    report("one periprocedural plan under every profile", plans, "p50 10")
    decoding = statistics.median(milliseconds(lambda: decoded(data), options.runs))
    plain = statistics.median(milliseconds(lambda: orjson.loads(data), options.runs))
    print(f"{'decoding FHIR against orjson.loads':58} {decoding / plain:8.2f} times, budget 3")
    help_times = milliseconds(
        lambda: subprocess.run([sys.executable, "-m", "levamen.cli", "--help"], check=True, capture_output=True), 10
    )
    report("levamen --help, whole process", help_times, "300")
    if options.sample is not None:
        raw = options.sample.read_bytes()
        size = len(json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)["entry"])
        report(f"{options.sample.name}: {size:,} entries", milliseconds(lambda: answer(raw), 5), "1000")
        tracemalloc.start()
        answer(raw)
        print(f"{'memory at most':58} {tracemalloc.get_traced_memory()[1] / 1e6:12.0f} MB        budget 300 MB")


if __name__ == "__main__":
    main()
