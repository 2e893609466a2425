"""Writing to standard output: data as the same bytes on every machine, text as the reader's terminal can show it."""

from __future__ import annotations

import sys
from pathlib import Path

from levamen.cli.inputs import BadRequest
from levamen.emit.terminal import look_of, plain_text


def write_data(text: str) -> None:
    """JSON, HTML or Markdown: always UTF-8, with plain line ends, whatever the locale."""
    stream = sys.stdout
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(text)
        return
    stream.flush()
    buffer.write(text.encode("utf-8"))
    buffer.flush()


def write_text(text: str) -> None:
    """Text for a person; where the terminal has no more than ASCII, it gets ASCII."""
    look = look_of(sys.stdout)
    if look.unicode:
        write_data(text)
    else:
        sys.stdout.write(plain_text(text, look))
        sys.stdout.flush()


def complain(text: str) -> None:
    """One sentence on standard error."""
    print(f"levamen: {text}", file=sys.stderr)


def deliver(made: str | bytes, output: Path | None) -> None:
    """To a file where one is named, else to standard output. Raises BadRequest."""
    if output is not None:
        try:
            output.write_bytes(made if isinstance(made, bytes) else made.encode())
        except OSError as error:
            raise BadRequest(
                f"--output: {output} cannot be written: {(error.strerror or str(error)).lower()}"
            ) from None
    elif isinstance(made, str):
        write_text(made)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
