"""`levamen test`: what charts expect of themselves, checked; the last line counts."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from typing import Any

import msgspec

from levamen.cli import ANSWERED, EXPECTATION_FAILED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import inputs, knowledge_at, read, with_progress
from levamen.cli.output import complain, write_data, write_text
from levamen.emit.trace import trace
from levamen.knowledge.registry import load, packaged
from levamen.pathway.assess import default_as_of
from levamen.pathway.expectations import Result, check
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 all passed, 1 an expectation failed, 2 nothing usable, 3 some unusable and the rest passed."""
    knowledge = load(*options.local) if options.local else packaged()
    found, passed_over = inputs(options.charts)
    results: list[tuple[str, Result]] = []
    unusable = 0
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, (), knowledge.policies)
        except UnusableInput as error:
            unusable += 1
            complain(str(error))
            continue
        stated = default_as_of(reading.record)
        with knowledge_at(options.local, stated) if stated is not None else nullcontext(knowledge) as known:
            results += [(origin, result) for result in check(reading, known)]
    failed = [(origin, result) for origin, result in results if not result.passed]
    if options.format == "json":
        write_data(msgspec.json.Encoder(decimal_format="number").encode(_document(results)).decode() + "\n")
    else:
        for origin, result in failed:
            write_text(_failure(origin, result))
        write_text(f"{len(results) - len(failed)} passed, {len(failed)} failed\n")
    for name in passed_over:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if unusable == len(found):
        return UNUSABLE
    if failed:
        return EXPECTATION_FAILED
    return SOME_UNUSABLE if unusable else ANSWERED


def _document(results: list[tuple[str, Result]]) -> dict[str, Any]:
    passed = sum(result.passed for _, result in results)
    return {
        "passed": passed,
        "failed": len(results) - passed,
        "results": [
            {
                "chart": origin,
                "expect": result.expect,
                "got": result.got,
                "passed": result.passed,
                "differences": list(result.differences),
            }
            for origin, result in results
        ],
    }


def _failure(origin: str, result: Result) -> str:
    subject = " ".join(
        f"{key} {result.expect[key]}" for key in ("policy", "request", "absent", "device") if key in result.expect
    )
    lines = [f"{origin}: {subject}", *(f"  {difference}" for difference in result.differences)]
    answer = result.question.under(str(result.expect.get("policy"))) if result.question is not None else None
    if answer is not None:
        lines += [f"    {line}" for line in trace(answer, decided_only=True)]
    return "\n".join(lines) + "\n\n"
