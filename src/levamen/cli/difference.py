"""`levamen knowledge diff`: what changed between two versions of what is known, and whose answers change with it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from levamen.cli import ANSWERED, SOME_UNUSABLE
from levamen.cli.inputs import BadRequest, inputs, moment, read, with_progress
from levamen.cli.output import complain, write_data, write_text
from levamen.emit.pages.blocks import as_html, as_markdown, as_text
from levamen.emit.pages.difference import difference_page
from levamen.emit.terminal import look_of
from levamen.knowledge.difference import differences, knowledge_folder
from levamen.knowledge.edition import PACKAGED, Edition, using
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.pathway.difference import Moved, moved
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 compared; 2 a folder is no knowledge; 3 some charts unusable and the rest compared."""
    old, new = (_edition(word) for word in (options.old, options.new))
    changes = differences(old.root, new.root)
    found, passed = inputs(options.charts) if options.charts else ([], [])
    answers: list[Moved] = []
    unusable, problem = 0, None
    for origin, path in with_progress(found):
        try:
            reading = read(origin, path, (), packaged().policies)
            answers += moved(reading.record, moment(None, reading), old, new)
        except KnowledgeError as error:
            problem = str(error)
            break
        except (UnusableInput, BadRequest) as error:
            unusable += 1
            complain(str(error))
    with using(new):
        sources = packaged().sources
    blocks = tuple(difference_page(changes, answers, len(found) - unusable, sources, problem))
    if options.format == "text":
        write_text(as_text(blocks, look_of(sys.stdout).width))
    else:
        write_data(as_markdown(blocks) if options.format == "markdown" else as_html(blocks))
    for name in passed:
        complain(f"{name} was passed over: not .yaml, .json or .gz")
    return SOME_UNUSABLE if unusable else ANSWERED


def _edition(word: str) -> Edition:
    return PACKAGED if word == "packaged" else Edition(knowledge_folder(Path(word)).resolve())
