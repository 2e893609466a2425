"""One answer for each record given: read, answered, written as a page or as data; what cannot be used is told."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import TypeVar

from levamen.adapters.balance import Reading
from levamen.cli import ANSWERED, SOME_UNUSABLE, UNUSABLE
from levamen.cli.inputs import BadRequest, declared, inputs, moment, read, with_progress
from levamen.cli.output import complain, write_data, write_text
from levamen.emit.terminal import Look, look_of
from levamen.text.tree import UnusableInput

_T = TypeVar("_T")


def each_record(
    options: argparse.Namespace,
    policies: Collection[str],
    answer: Callable[[Reading, date | datetime], _T],
    page: Callable[[_T, Reading, Look], str],
    encode: Callable[[_T, Reading], bytes],
    together: Callable[[Sequence[bytes]], bytes],
) -> int:
    """Answers every chart of `options.charts` as of `--as-of`. `answer` may raise UnusableInput or BadRequest.

    A page is written as soon as it is made; of several records, `together` makes one JSON document. Exit 0 answered,
    2 nothing usable, 3 some unusable and the rest answered.
    """
    complete = declared(options.complete)
    found, passed = inputs(options.charts)
    look = look_of(sys.stdout)
    failed, encoded = 0, []
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, complete, policies)
            made = answer(reading, moment(options.as_of, reading))
        except (UnusableInput, BadRequest) as error:
            failed += 1
            complain(str(error))
            continue
        if options.format == "json":
            encoded.append(encode(made, reading))
        else:
            write_text(page(made, reading, look))
    if encoded:
        write_data((encoded[0] if len(found) == 1 else together(encoded)).decode() + "\n")
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    if not failed:
        return ANSWERED
    return UNUSABLE if failed == len(found) else SOME_UNUSABLE
