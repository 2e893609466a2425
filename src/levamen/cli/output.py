"""Writing to standard output: data as the same bytes on every machine, text as the reader's terminal can show it."""

from __future__ import annotations

import sys

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
