"""Keeps the README true: every ```console block is run, and holds what the command prints.

`python docs/readme.py` rewrites the blocks; `tests/unit/test_readme.py` fails where they are out of date.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

from levamen.cli import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
_BLOCK = re.compile(r"```console\n\$ levamen ([^\n]*)\n(.*?)```", re.DOTALL)


def printed(command: str) -> str:
    """What `levamen COMMAND` prints on standard output, run from the repository."""
    out = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(out):
        main(shlex.split(command))
    return out.getvalue().strip("\n")


def rendered(text: str) -> str:
    """The README with every block filled by its command."""
    return _BLOCK.sub(lambda block: f"```console\n$ levamen {block[1]}\n{printed(block[1])}\n```", text)


if __name__ == "__main__":
    README.write_text(rendered(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write("README.md is current\n")
