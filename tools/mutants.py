"""`python tools/mutants.py` breaks the evaluator in one place at a time and checks that a test notices.

Each mutant is one change of source text in a copy of the package; the tests that say what the evaluator means
(tests/spec, tests/unit/{criteria,derive,pathway}) must fail;
the last mutants break the periprocedural plan. The result is written to docs/mutants.md. About five
minutes on two cores; run it by hand after changing the evaluator or its tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ("tests/spec", "tests/unit/criteria", "tests/unit/derive", "tests/unit/pathway")

MUTANTS: tuple[tuple[str, str, str], ...] = (
    ("criteria/truth.py", '("not_met", "unknown", "ambiguous", "met")', '("not_met", "ambiguous", "unknown", "met")'),
    ("criteria/truth.py", '("met", "unknown", "ambiguous", "not_met")', '("met", "ambiguous", "unknown", "not_met")'),
    ("criteria/truth.py", 'if value in found), "met")', 'if value in found), "not_met")'),
    ("criteria/truth.py", 'if value in found), "not_met")', 'if value in found), "met")'),
    ("criteria/truth.py", 'return "unknown" if "unknown" in found else "ambiguous"', 'return "ambiguous"'),
    ("criteria/truth.py", "return swapped.get(value, value)", 'return swapped.get(value, "ambiguous")'),
    ("criteria/truth.py", "return min(reasons", "return max(reasons"),
    ("criteria/measure.py", '">=": (low >= 0, high < 0)', '">=": (low > 0, high < 0)'),
    ("criteria/measure.py", '">": (low > 0, high <= 0)', '">": (low >= 0, high <= 0)'),
    ("criteria/measure.py", '"<=": (high <= 0, low > 0)', '"<=": (high < 0, low > 0)'),
    ("criteria/measure.py", '"<": (high < 0, low >= 0)', '"<": (high < 0, low > 0)'),
    ("criteria/measure.py", '"==": (low == high == 0, low > 0 or high < 0)', '"==": (low == high == 0, low > 0)'),
    ("criteria/measure.py", "bound = None if reading.gap is not None else Fraction(high)", "bound = Fraction(high)"),
    (
        "criteria/measure.py",
        "low, high = len(reading.sure), len(reading.members)",
        "low, high = len(reading.members), len(reading.members)",
    ),
    ("criteria/measure.py", 'return None if holder in (frozenset(), (), "unknown") else holder', "return holder"),
    ("criteria/measure.py", "lost = sample.when.last - timedelta(days=1)", "lost = sample.when.last"),
    ("criteria/measure.py", "        elif not undecided:\n", "        else:\n"),
    ("criteria/measure.py", "latest = max(situation.on, holding) if lost is None", "latest = holding if lost is None"),
    ("criteria/measure.py", "latest = max(min(latest, ended.last), start.first)", "latest = max(latest, start.first)"),
    ("criteria/measure.py", "                broken = True\n                break\n", "                continue\n"),
    ("criteria/measure.py", "reverse=True", "reverse=False"),
    ("criteria/measure.py", "begin = max(start, reached)", "begin = start"),
    (
        "criteria/measure.py",
        "return start.first, start.last, going, max(going, situation.on)",
        "return start.first, start.last, going, going",
    ),
    (
        "criteria/measure.py",
        "end = When.on(situation.on) if until is None",
        "end = When.on(situation.as_of) if until is None",
    ),
    ("criteria/select.py", 'if status == "not_met" or place == "out":', 'if status != "met" or place == "out":'),
    ("criteria/select.py", 'not missing and status != "unknown"', "not missing"),
    ("criteria/select.py", "if on < clears:", "if on <= clears:"),
    ("criteria/select.py", "if on > clears:", "if on >= clears:"),
    (
        "criteria/select.py",
        "return after(fact.day.first, facts.max_age.length) < as_of",
        "return after(fact.day.first, facts.max_age.length) <= as_of",
    ),
    ("criteria/select.py", "_stale(facts, seen.fact, situation.as_of)", "_stale(facts, seen.fact, situation.on)"),
    ("criteria/select.py", "entry.closes_span(first, situation.as_of)", "entry.closes_span(first, situation.on)"),
    (
        "criteria/select.py",
        'return birth if facts.closed_by == "lifetime" else situation.episode or birth',
        "return situation.episode or birth",
    ),
    ("criteria/select.py", 'return "in" if day.year == on.year else "out"', 'return "in"'),
    (
        "criteria/select.py",
        'return "in" if start is None or day >= start else "out"',
        'return "in" if start is None or day > start else "out"',
    ),
    (
        "criteria/select.py",
        "while (following := add_months(anchor, 12 * (years + 1))) <= on:",
        "while (following := add_months(anchor, 12 * (years + 1))) < on:",
    ),
    ("criteria/select.py", "if fact.day.first >= (latest or onset):", "if fact.day.first >= onset:"),
    ("criteria/reference.py", 'if outcome.status != "met" or not criterion.rests_on_unverified:', "if True:"),
    (
        "criteria/reference.py",
        'sides = ("left", "right") if subject.side == "both" else (subject.side,)',
        "sides = (subject.side,)",
    ),
    (
        "criteria/reference.py",
        "evaluate(Not(truth.condition), situation, it), evaluate(truth.then",
        "evaluate(truth.condition, situation, it), evaluate(truth.then",
    ),
    (
        "criteria/reference.py",
        'words <= choice.words if truth.how == "all" else words & choice.words',
        "words <= choice.words",
    ),
    ("criteria/reference.py", '"covers": want <= have', '"covers": have <= want'),
    (
        "criteria/reference.py",
        "bound = max(member.fact.day.first for member in dated)",
        "bound = max(member.fact.day.last for member in dated)",
    ),
    (
        "criteria/reference.py",
        "bound = min(member.fact.day.last for member in dated)",
        "bound = max(member.fact.day.last for member in dated)",
    ),
    ("criteria/reference.py", "return best, [*others, *undated]", "return best, others"),
    (
        "criteria/reference.py",
        'given = "no" if entry.answer == "not-applicable" else entry.answer',
        "given = entry.answer",
    ),
    (
        "criteria/reference.py",
        "if truth.max_age is not None and after(day, truth.max_age.length) < situation.as_of:",
        "if truth.max_age is not None and after(day, truth.max_age.length) < situation.on:",
    ),
    ("criteria/reference.py", 'if said.kind != "judgement":', 'if said.kind == "psychological":'),
    ("criteria/reference.py", "elif said.about_policy in (None, truth.policy) and", "elif"),
    ("criteria/reference.py", '{"left", "right"}) if value == "both"', '{"both"}) if value == "both"'),
    (
        "criteria/dates.py",
        "hardest = isinstance(truth, Readings) or isinstance(truth, All) == wanted",
        "hardest = isinstance(truth, Readings) or isinstance(truth, All)",
    ),
    ("criteria/dates.py", "days | {day + _DAY for day in days}", "days"),
    ("criteria/dates.py", "if day > situation.on))", "if day >= situation.as_of))"),
    ("criteria/dates.py", "return declared or default", "return default"),
    (
        "criteria/dates.py",
        "return max(remedies, key=_ORDER.index) if hardest",
        "return min(remedies, key=_ORDER.index) if hardest",
    ),
    ("criteria/verdict.py", 'if excluded == "met":', 'if excluded != "not_met":'),
    ("criteria/verdict.py", 'if informs:\n        return "informs", None\n', ""),
    ("criteria/verdict.py", 'remedy == "none" for', 'remedy != "time" for'),
    ("criteria/verdict.py", 'for word in ("unknown", "ambiguous"):', 'for word in ("ambiguous", "unknown"):'),
    (
        "criteria/missing.py",
        "either = not isinstance(outcome.node, Readings) and isinstance(outcome.node, Any | IfThen) == wanted",
        "either = isinstance(outcome.node, Any | IfThen)",
    ),
    ("criteria/missing.py", 'missing.reason != "unverified" and _with', "_with"),
    (
        "criteria/missing.py",
        "return _smallest(outcome.children[0], wanted=not wanted)",
        "return _smallest(outcome.children[0], wanted=wanted)",
    ),
    (
        "criteria/missing.py",
        "return min(possible, key=lambda facts: (len(facts),",
        "return max(possible, key=lambda facts: (len(facts),",
    ),
    ("criteria/marks.py", "return min(deciding, key=MARKS.index)", "return max(deciding, key=MARKS.index)"),
    ("derive/relief.py", "if before == 0:", "if before < 0:"),
    ("derive/relief.py", "return Interval(min(scored.low, entry.percent.low), high)", "return scored"),
    (
        "derive/relief.py",
        "low = max(sample.gain.low for sample in samples)",
        "low = min(sample.gain.low for sample in samples)",
    ),
    ("derive/relief.py", "when.at.timestamp() if when.at is not None", "0.0 if when.at is not None"),
    ("derive/relief.py", 'return None if technique == "radiofrequency" else technique', "return technique"),
    ("derive/views.py", "known = fact.recorded or fact.day", "known = fact.day or fact.recorded"),
    (
        "derive/views.py",
        "if other.start is not None and other.start.last < on:",
        "if other.start is not None and other.start.last <= on:",
    ),
    (
        "pathway/judge.py",
        "if add_months(birth.last, ADULT_YEARS * 12) <= situation.on:",
        "if add_months(birth.first, ADULT_YEARS * 12) <= situation.on:",
    ),
    ("pathway/judge.py", "earliest = max((answer.earliest", "earliest = min((answer.earliest"),
    ("pathway/judge.py", "return earliest, safest if safest != earliest else None", "return earliest, safest"),
    (
        "pathway/judge.py",
        'fails = part != "exclusion" and outcome.status == "not_met"',
        'fails = outcome.status == "not_met"',
    ),
    ("pathway/judge.py", "if not policy.in_force(situation.on):", "if not policy.in_force(situation.as_of):"),
    ("pathway/judge.py", 'stance=rule.stance if verdict == "met" else None', "stance=rule.stance"),
    ("pathway/judge.py", "strength=_strength(rule, verdict)", "strength=rule.strength"),
    (
        "pathway/periprocedural/drugs.py",
        "setting.start - _span(length, length.most)",
        "setting.start - _span(length, length.least)",
    ),
    (
        "pathway/periprocedural/drugs.py",
        "setting.end + _span(row.after, row.after.most)",
        "setting.end + _span(row.after, row.after.least)",
    ),
    (
        "pathway/periprocedural/drugs.py",
        "if taken.at is not None and taken.at > stop_at:",
        "if taken.at is not None and taken.at >= stop_at:",
    ),
    ("pathway/periprocedural/drugs.py", "    if setting.now <= stop_at:\n        return Taken()\n", ""),
    ("pathway/periprocedural/drugs.py", ">= stop_at\n    if young", ">= stop_at or True\n    if young"),
    ("pathway/periprocedural/agreement.py", "and document.request in (None, setting.request.id)", ""),
    ("pathway/periprocedural/agreement.py", "if not answers or answers[0].refuses:", "if not answers:"),
    ("pathway/periprocedural/agreement.py", "and not _same(before[-1], appointment)", "and False"),
    ("pathway/periprocedural/agreement.py", "return one.first <= other.last", "return one.first < other.last"),
    ("pathway/periprocedural/safety.py", "not active.speaks and active.drugs", "not active.speaks and False"),
    ("pathway/periprocedural/plan.py", "not in _GOES_AHEAD", "in _GOES_AHEAD"),
    (
        "pathway/periprocedural/drugs.py",
        'if base.prescribed and chosen.drug != "aspirin" and',
        "if base.prescribed and",
    ),
    ("pathway/periprocedural/drugs.py", "    if stopping and not setting.done:", "    if False:"),
    ("pathway/periprocedural/drugs.py", "    if forbidding and not setting.done:", "    if False:"),
    ("pathway/periprocedural/drugs.py", "if in_place and setting.from_start:", "if False:"),
    ("pathway/periprocedural/drugs.py", "and agreed and found.certain", "and found.certain"),
    (
        "pathway/periprocedural/drugs.py",
        "not (missing or unverified or timed.counted_from_start)",
        "not (missing or unverified)",
    ),
    ("pathway/periprocedural/bleeding_class.py", "top = max(matches, key=height)", "top = min(matches, key=height)"),
    ("pathway/periprocedural/bleeding_class.py", "clearance.least < below", "clearance.least <= below"),
    ("pathway/periprocedural/guarding.py", "situation.as_of < situation.on", "situation.as_of <= situation.on"),
    (
        "pathway/periprocedural/guarding.py",
        'status in ("unknown", "not_met") and guard.due',
        'status == "unknown" and guard.due',
    ),
    (
        "pathway/periprocedural/safety.py",
        'return "caution" if drug.agreed is not None else "unknown"',
        'return "caution"',
    ),
    (
        "pathway/periprocedural/numbering.py",
        "number=number + 1, supersedes=number",
        "number=number + 1, supersedes=None",
    ),
    ("pathway/periprocedural/numbering.py", "document.request in (None, found.request.id)", "True"),
    (
        "pathway/periprocedural/setting.py",
        "medication.start.first > setting.on",
        "medication.start.first >= setting.on",
    ),
    ("pathway/periprocedural/setting.py", ".days <= limit", ".days < limit"),
    ("pathway/periprocedural/labs.py", "if opens <= at <= min(start, now)", "if opens < at <= min(start, now)"),
    ("pathway/periprocedural/selection.py", "low < Fraction(bracket.below)", "low <= Fraction(bracket.below)"),
    ("pathway/periprocedural/selection.py", "high >= Fraction(bracket.at_least)", "high > Fraction(bracket.at_least)"),
    ("pathway/periprocedural/selection.py", "medication.indication == _PRIMARY", "medication.indication != _PRIMARY"),
    ("pathway/periprocedural/plan.py", "if any(codes.classes_of(drug) & ANTITHROMBOTIC for drug in acting) else 0", ""),
    ("pathway/periprocedural/plan.py", "max(rows, key=_strictness)", "min(rows, key=_strictness)"),
    (
        "derive/dosing.py",
        "dose >= moment if forward else dose <= moment",
        "dose > moment if forward else dose < moment",
    ),
    (
        "derive/renal.py",
        '{"female": (True,), "male": (False,)}.get(person.sex or "", (True, False))',
        '{"female": (True,)}.get(person.sex or "", (False,))',
    ),
    (
        "pathway/periprocedural/findings.py",
        '("defer", "defer") if operator else',
        '("contraindicated", "hard_stop_change_plan") if operator else',
    ),
)

ACCEPTED: dict[str, str] = {
    "not missing": "equivalent: a condition that is unknown always names what it lacks",
}
"""Survivors by what the mutant has: equivalent to the original, each with its reason."""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        rows = list(pool.map(lambda pair: run(Path(folder), *pair), enumerate(MUTANTS)))
    survivors = [row for row in rows if row[1] == "survives"]
    write(rows)
    for index, outcome, _ in rows:
        if outcome != "killed":
            print(f"{index}: {outcome}: {MUTANTS[index]}")
    print(f"{len(rows)} mutants, {len(survivors)} survive")
    return 1 if [row for row in survivors if MUTANTS[row[0]][2] not in ACCEPTED] else 0


def run(folder: Path, index: int, mutant: tuple[str, str, str]) -> tuple[int, str, str]:
    """The fate of one mutant, and the first test that noticed."""
    name, old, new = mutant
    home = folder / str(index)
    shutil.copytree(ROOT / "src" / "levamen", home / "levamen", ignore=shutil.ignore_patterns("__pycache__"))
    path = home / "levamen" / name
    source = path.read_text(encoding="utf-8")
    if source.count(old) != 1 or old == new:
        return index, f"does not apply ({source.count(old)} places)", ""
    path.write_text(source.replace(old, new), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *TESTS]
    environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own programs
    shutil.rmtree(home)
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return index, "killed" if done.returncode == 1 else "survives", found.group(1) if found else ""


def write(rows: list[tuple[int, str, str]]) -> None:
    """The result as a page."""
    killed = sum(1 for row in rows if row[1] == "killed")
    lines = [
        "# Mutants of the evaluator",
        "",
        f"Written by `tools/mutants.py`: {killed} of {len(rows)} single changes of the evaluator's source are noticed",
        "by a test of its meaning. What survives is listed with its reason.",
        "",
        "| file | instead of | the mutant has | noticed by |",
        "|---|---|---|---|",
    ]
    for index, outcome, test in rows:
        name, old, new = MUTANTS[index]
        by = test.split("/")[-1] if outcome == "killed" else f"**{outcome}**: {ACCEPTED.get(new, 'no reason yet')}"
        lines.append(f"| {name} | {_cell(old)} | {_cell(new)} | {_text(by)} |")
    (ROOT / "docs" / "mutants.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cell(text: str) -> str:
    return f"`{' '.join(text.split())}`".replace("|", "\\|") if text.strip() else "(nothing)"


def _text(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
