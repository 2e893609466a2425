"""`levamen adopt`: a named clinician signs a value that awaits confirmation, for this clinic, with date and reason."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from pathlib import Path

import yaml
from msgspec import structs

from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest, day
from levamen.cli.output import write_text
from levamen.emit.view import source_title
from levamen.knowledge.adoption import FILE
from levamen.knowledge.edition import Adoption
from levamen.knowledge.inventory import Row, packaged_rows
from levamen.knowledge.registry import edition_of, packaged
from levamen.pathway.headline import day_words

_HEAD = "# What this clinic adopted: values without a confirmed source, each signed. Written by `levamen adopt`.\n"


def run(options: argparse.Namespace) -> int:
    """Adds one entry to `adoptions.yaml` of the clinic's folder and says what it now permits. Exit 0, or 2."""
    row = _row(options.value)
    by, reason, on = _text(options.by, "--by"), _text(options.reason, "--reason"), day(options.on, "--on")
    until = day(options.until, "--until") if options.until else None
    if until is not None and until <= on:
        raise BadRequest(f"--until: {until} is not after {on}, the day of the adoption")
    before = edition_of([options.local]).adoptions
    if any(held.value == row.id and held.fingerprint == row.fingerprint for held in before):
        raise BadRequest(f"{row.id} is adopted already; end it in {options.local / FILE} before it is signed again")
    kept = [held for held in before if held.value != row.id]
    signed = Adoption(
        value=row.id, fingerprint=row.fingerprint, says=row.says, by=by, reason=reason, on=on, until=until
    )
    _write(options.local, (*kept, signed))
    title = source_title(row.source, packaged().sources)
    write_text(
        f"Adopted for {options.local} by {by} from {day_words(on)}: {row.id}\n  It says: {row.says}\n"
        f"  Named source: {title}; {row.locator}\n  Reason: {reason}\n"
        f"Answers given with --local {options.local} now count it as adopted and show who signed it.\n"
    )
    return ANSWERED


def _row(word: str) -> Row:
    """The unverified row of an id, or of the end of one where only one row ends so. Raises BadRequest."""
    rows = {row.id: row for row in packaged_rows()}
    found = [rows[word]] if word in rows else [row for id, row in rows.items() if id.endswith(f"/{word}")]
    if len(found) > 1:
        listed = ", ".join(row.id for row in found[:5])
        raise BadRequest(f"adopt: '{word}' is the end of {len(found)} values; write one in full: {listed}")
    if not found:
        awaiting = [id for id, row in rows.items() if row.mark == "unverified"]
        raise BadRequest(f"adopt: there is no value '{word}'; nearest: {_nearest(word, awaiting)}")
    if found[0].mark != "unverified":
        raise BadRequest(f"adopt: {found[0].id} is {found[0].mark} already; only what awaits confirmation is adopted")
    return found[0]


def _nearest(word: str, ids: Sequence[str]) -> str:
    ends = {id.rpartition("/")[2]: id for id in ids}
    close = difflib.get_close_matches(word, [*ids, *ends], n=1, cutoff=0.4)
    return ends.get(close[0], close[0]) if close else "see the page of what awaits confirmation"


def _text(text: str, option: str) -> str:
    flat = " ".join(text.split())
    if len(flat) < 3 or not any(letter.isalpha() for letter in flat):
        what = "the name of the clinician who signs" if option == "--by" else "why this clinic may rely on it"
        raise BadRequest(f"{option}: '{text}' says nothing; write {what}")
    return flat


def _write(folder: Path, adoptions: tuple[Adoption, ...]) -> None:
    """The whole file, written beside it and moved into place, so that a failure leaves the old one."""
    rows = []
    for row in sorted(adoptions, key=lambda held: held.value):
        fields = {key: value for key, value in structs.asdict(row).items() if value is not None}
        rows.append({key: value if isinstance(value, str) else value.isoformat() for key, value in fields.items()})
    text = _HEAD + yaml.safe_dump({"adoptions": rows}, sort_keys=False, allow_unicode=True, width=110)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{FILE}.new"
        beside.write_text(text, encoding="utf-8")
        beside.replace(folder / FILE)
    except OSError as error:
        raise BadRequest(f"{folder / FILE} cannot be written: {(error.strerror or str(error)).lower()}") from None
