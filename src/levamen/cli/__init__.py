"""The command line. Each verb is imported when it is asked for, so that `--help` is quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

ANSWERED, EXPECTATION_FAILED, UNUSABLE, SOME_UNUSABLE, INTERRUPTED = 0, 1, 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code of design 3.4. Bad input is one sentence on standard error."""
    from levamen.cli.arguments import parser

    options = parser().parse_args(argv)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe has left: nothing more to say, and nothing for the interpreter to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED
    except KeyboardInterrupt:
        return INTERRUPTED
    except ValueError as error:
        if not _told(error):
            raise
        print(f"levamen: {error}", file=sys.stderr)
        return UNUSABLE
    return code


def _told(error: ValueError) -> bool:
    """Whether an error was written for the user: bad input, bad knowledge, an unknown word, a bad option."""
    from levamen.cli.inputs import BadRequest
    from levamen.knowledge.model import KnowledgeError
    from levamen.record.codes import UnknownWord
    from levamen.text.tree import UnusableInput

    return isinstance(error, UnusableInput | KnowledgeError | UnknownWord | BadRequest)
