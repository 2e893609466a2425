"""`python -m docs.generate` writes the manual from tests/spec: folder = chapter, file = section, test = paragraph.

The text of a paragraph is the test's docstring, its example the test itself, so the manual cannot say what the
engine does not do. `python -m docs.generate --check` says which pages are not current.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[1]
SPEC = ROOT / "tests" / "spec"
MANUAL = ROOT / "docs" / "manual"
INTRODUCTION = """# The manual

What every word of a verdict and of a plan means, line by line. Each paragraph is a test in `tests/spec` and is
followed by its example. Generated from the tests: do not edit.

## How to read an example

An example is a snippet of a chart, a question, and what comes out. `<name>` in a snippet stands for a value of that
name, often a column of the table above it. All patients are made up.

Chapters 1 to 13 ask small questions, written as trees of the same parts that a policy is made of:

| in an example | reads |
| --- | --- |
| `Exists(blocks())` | there is a medial branch block on record |
| `count(blocks(), *at_least(2))` | there are at least two of them |
| `latest(blocks(), Stated(Field("it", "side")))` | the latest of them states its side |
| `held(50, 6)` | its relief stayed at 50 per cent or more for at least 6 months |
| `All((one, other))`, `Any((one, other))`, `Not(one)` | and, or, not |
| `MET`, `NOT_MET`, `UNKNOWN`, `AMBIGUOUS` | a question whose answer is that word, whatever the chart says |
| `value(question, chart)` | the answer: met, not met, unknown or ambiguous |
| `reason(question, chart)` | why it is unknown |
| `verdict(policy(...), chart)` | what a policy made of such questions says |

The parts are in `src/levamen/criteria/nodes.py`, the short names in `tests/spec/specimen.py`. A snippet that does not
say otherwise is completed by an adult, one request for a medial branch block, and what is known as of 2 March 2026.

Chapters 14 and 15 make a plan for an appointment, with the names of `tests/spec/appointment.py`:

| in an example | reads |
| --- | --- |
| `plan_of(chart, needle)` | the plan for that needle |
| `drug_of(chart, needle)` | what the plan says of the one drug of the snippet |
| `LOW`, `INTERMEDIATE`, `HIGH` | a needle of that bleeding-risk class |
| `APIXABAN`, `WARFARIN` | a snippet with that drug, its times and its reason |
| `together(one, other)` | two snippets as one chart |
| `clock(moment)` | the moment as the clock on the wall shows it |

There a snippet is completed by a man of 60 with 72 kg in Rome, lists reviewed on 1 April 2026, which is also what is
known, and an appointment on 15 April 2026 from 09:30 to 10:00 for a cervical medial branch block. Numbers such as
(ADR 0007, 11) are the lines of [the decision on the plan](../adr/0007-the-periprocedural-plan.md).

Chapter 16 reads the intake of a snippet with the names of `tests/spec/intake_sheet.py`: `sheet_of(chart)` is the whole
sheet, `answer_of(field, chart)` one field of it, `tried_of(therapy, chart)` whether something was tried in the past six
months, `goal_of(chart)` its one goal, `screen_of(instrument, chart)` where a screen leads.

Chapter 18 asks what came of a procedure, with the names of `tests/spec/aftermath.py`:

| in an example | reads |
| --- | --- |
| `block(rows)` | a snippet with a diagnostic block on 9 March 2026 at 10:00 |
| `ablation(rows)` | a snippet with an ablation on 10 February 2025 |
| `row(2, "10:15")` | a score of 2 of 10 at that time, 8 before |
| `after(chart)` | what came of the procedure |
| `under(found, policy)` | what that policy says of the relief alone |
| `lost(found)` | the days between which relief of 50 per cent was lost |

Chapter 19 follows a stimulator, with the names of `tests/spec/stimulator.py`:

| in an example | reads |
| --- | --- |
| `after(state, event, *shown)` | the state after that event with these things shown, or why it is refused |
| `way_of(chart, *policies)` | where the one stimulator of the snippet stands, judged by the policies named to decide |
| `verdict_of(way, policy)` | what one policy says of the trial |
| `asks_of(way, event)` | what a step ahead asks for, and how each stands |

Chapter 20 asks of one pump, with the names of `tests/spec/reservoir.py`: `due(...)` is when its refill is due,
`binding(...)` what that date comes from, `pump(...)` the whole answer. Its readings are a SynchroMed II of 40 mL in
Rome, filled with 20 mL on 10 January 2026 at 09:00, alarm at 2 mL, 0.6 mL a day, no patient bolus, morphine 5 mg/mL,
battery good until 2028; an example names what it changes.

Chapter 21 asks for the place of one request in the usual order of care with the names of `tests/spec/order_sheet.py`:
`missing(…)` are the earlier steps that are not on record, `exception(id, …)` whether an exception holds, `notes(…)`
what stands beside the verdicts. Several snippets are read as one chart.

Chapter 22 asks whether a payer must be asked, and for the packet, with the names of `tests/spec/sending.py`:
`needed(therapy, day)` is the answer for a patient of Original Medicare in Texas, in an office, unless it says
otherwise, `need(…)` the whole of it; `packet_of(chart)` is the packet for the one request of a snippet
under the Medicare rules on facet joints, `line(packet, id)` one criterion of
it, `BLOCK` a first diagnostic block asked for on 9 March 2026.

Chapter 23 counts the results of a clinic, with the names of `tests/spec/own_results.py`: `treated(20, "yes")` are
twenty ablations with half relief at six months, `relieved(20, 91, 181)` twenty whose relief held on day 91
and was gone on day 181, `whole(…)` the results of them all, `said(…)` what is told first.

## Chapters
"""

_TEMPLATE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
"""What stands for a brace, and what for a value, in a text that is filled in."""


def pages() -> Mapping[Path, str]:
    """Every page of the manual by its path, the index among them."""
    found: dict[Path, str] = {}
    index = [INTRODUCTION]
    for folder in sorted(path for path in SPEC.iterdir() if path.is_dir() and path.name[:2].isdigit()):
        number, _, name = folder.name.partition("_")
        title = f"{int(number)}. {name.replace('_', ' ').capitalize()}"
        page = MANUAL / f"{folder.name}.md"
        sections = [section(path) for path in sorted(folder.glob("test_*.py"), key=_number)]
        found[page] = "\n\n".join((f"# {title}", *(text for _, text in sections))) + "\n"
        index.append(f"- [{title}]({page.name}): {'; '.join(heading for heading, _ in sections)}")
    found[MANUAL / "README.md"] = index[0] + "\n" + "\n".join(index[1:]) + "\n"
    return found


def _number(path: Path) -> int:
    """The number of a section in its chapter: 10 stands after 9."""
    return int(path.name.split("_")[2])


def section(path: Path) -> tuple[str, str]:
    """The heading of a file, and its text: what stands at the top of the file, then its paragraphs."""
    source = readable(path.read_text(encoding="utf-8"))
    tree = ast.parse(source)
    heading = (ast.get_docstring(tree) or path.stem).splitlines()[0]
    shared = [code(source, node) for node in tree.body if _is_shared(node)]
    top = [f"## {heading}"]
    if shared:
        top.append("Used below:")
        top.append(fenced("python", "\n\n".join(shared)))
    tests = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))
    return heading, "\n\n".join((*top, *(paragraph(source, node) for node in tests)))


def readable(source: str) -> str:
    """The source with its templates as the charts they make: one brace for two, and `<name>` for a value."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    text = source.encode()
    for node in sorted(_texts(ast.parse(source)), key=lambda node: (node.lineno, node.col_offset), reverse=True):
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        written = text[begin:end].decode()
        if "{{" in written:
            text = text[:begin] + _filled(written.removeprefix("f")).encode() + text[end:]
    return text.decode()


def _texts(tree: ast.AST) -> Iterator[ast.expr]:
    """The texts of a module, outermost first: what stands in a text that is filled in is part of it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield node
        else:
            yield from _texts(node)


def _filled(written: str) -> str:
    return _TEMPLATE.sub(lambda found: found[0][0] if found[1] is None else f"<{found[1]}>", written)


def _is_shared(node: ast.stmt) -> bool:
    helper = isinstance(node, ast.FunctionDef) and not node.name.startswith("test_")
    return helper or isinstance(node, ast.Assign | ast.AnnAssign)


def paragraph(source: str, test: ast.FunctionDef) -> str:
    """One test: its name as a heading, its docstring, its table of cases, its example."""
    text = " ".join((ast.get_docstring(test) or "").split())
    title = test.name.removeprefix("test_").replace("_", " ")
    parts = [f"### {title[0].upper()}{title[1:]}", text, *tables(test)]
    body = [node for node in test.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    lines = source.splitlines()[body[0].lineno - 1 : body[-1].end_lineno]
    parts.append(fenced("python", dedent("\n".join(lines))))
    return "\n\n".join(parts)


def tables(test: ast.FunctionDef) -> Iterator[str]:
    """The cases of a parametrised test as a table; computed ones (every pair of values) are not listed."""
    for decorator in test.decorator_list:
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.args[1], ast.List):
            continue
        names = ast.literal_eval(decorator.args[0])
        head = [names] if isinstance(names, str) else list(names)
        rows = [head, ["---"] * len(head)]
        for case in decorator.args[1].elts:
            rows.append([cell(value) for value in (case.elts if isinstance(case, ast.Tuple) else [case])])
        yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cell(node: ast.expr) -> str:
    text = str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)
    return f"`{text}`".replace("|", "\\|") if text else ""


def code(source: str, node: ast.stmt) -> str:
    return ast.get_source_segment(source, node) or ""


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def stale() -> list[str]:
    """Pages that are missing, differ, or belong to no chapter any more."""
    wanted = pages()
    found = [str(path.relative_to(ROOT)) for path, text in wanted.items() if not _says(path, text)]
    return found + [str(path.relative_to(ROOT)) for path in sorted(MANUAL.glob("*.md")) if path not in wanted]


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; name what is not current")
    if parser.parse_args(arguments).check:
        for name in stale():
            print(f"{name} is not current; run python -m docs.generate")
        return 1 if stale() else 0
    MANUAL.mkdir(parents=True, exist_ok=True)
    for old in MANUAL.glob("*.md"):
        old.unlink()
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
