"""What comes of records that nobody here wrote: `python docs/sample_data.py FOLDER` writes docs/sample-data.md.

The records themselves are not part of this repository. The moment is fixed, so that the table stays comparable.
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path

from levamen.adapters.any_input import read_any
from levamen.emit.words import missing_lines
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from levamen.record import codes

AS_OF = date(2026, 11, 21)
PAGE = Path(__file__).parent / "sample-data.md"


def rows(folder: Path) -> list[str]:
    """One table row for each record."""
    found = []
    for path in sorted([*folder.rglob("*.json.gz"), *folder.rglob("*.json")]):
        reading = read_any(path.read_bytes(), path.name)
        assessment = assess(reading.record, packaged(), AS_OF)
        balance = reading.balance
        asked = "; ".join(
            f"{codes.label('therapies', q.request.therapy or '')}, {codes.title(q.request.region or 'any')}"
            for q in assessment.questions
        )
        verdicts = Counter(answer.verdict for question in assessment.questions for answer in question.policies)
        told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
        missing = missing_lines(answer for question in assessment.questions for answer in question.policies)
        notes = " ".join(assessment.notes)
        found.append(
            f"| {path.name.split('.json')[0]} | {balance.items} = {balance.accepted} + {balance.ignored} +"
            f" {balance.rejected} | {asked or notes or 'none raised'} | {told or '–'} | {'; '.join(missing) or '–'} |"
        )
    return found


def page(folder: Path) -> str:
    """The whole page."""
    head = [
        "# What came of records nobody here wrote",
        "",
        f"All synthetic, read as of {AS_OF}. Written by `python docs/sample_data.py FOLDER`; the records are no part",
        "of this repository. Items = accepted + ignored + rejected. No record holds an interventional procedure:",
        "nothing that needs a block or a trial is met; labour epidurals and cardiac ablations are never taken for one.",
        "",
        "| record | items | questions raised | verdicts | what would settle it |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows(folder)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), encoding="utf-8")
    sys.stdout.write("docs/sample-data.md is written\n")
