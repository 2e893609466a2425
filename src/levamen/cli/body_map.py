"""`levamen body-map`: where it hurts, as a picture, a list of boxes, text or data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from levamen.adapters.balance import Balance
from levamen.adapters.choir_body_map import read_choir, read_redcap_file
from levamen.cli import ANSWERED, SOME_UNUSABLE
from levamen.cli.inputs import BadRequest, moment, read
from levamen.cli.output import complain, write_data, write_text
from levamen.derive.body_map import Marked, in_order, marked
from levamen.emit import body_map_json, body_map_page, body_map_text
from levamen.emit.body_map import svg
from levamen.emit.reading import unread, unread_words
from levamen.emit.terminal import PLAIN, look_of
from levamen.emit.words import capital
from levamen.knowledge.body_map import VIEWS, Area, View
from levamen.knowledge.registry import packaged
from levamen.pathway.headline import day_words
from levamen.record.facts import Pain
from levamen.text.tree import UnusableInput


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 not usable, 3 some numbers or columns could not be read and the rest is shown."""
    imported = options.choir is not None or options.redcap is not None
    if [options.chart, options.choir, options.redcap].count(None) < 2:
        raise BadRequest("a chart, --choir and --redcap are different sources; give one of them")
    if not imported and (options.figure or options.numbering):
        raise BadRequest("--figure and --numbering tell how --choir or --redcap is read; give one, or leave them out")
    if options.chart is None and (options.as_of or options.pain):
        raise BadRequest("--as-of and --pain choose within a chart; give a chart, or leave them out")
    if imported:
        return _of_choir(options)
    if options.chart is not None:
        return _of_chart(options)
    _show(options, (), "Body map")
    return ANSWERED


def _of_choir(options: argparse.Namespace) -> int:
    if options.redcap is not None:
        reading = read_redcap_file(_bytes(options.redcap), str(options.redcap), options.figure, options.numbering)
    else:
        reading = read_choir(options.choir, options.figure, options.numbering)
    balance = reading.balance
    remarks = tuple(f"{issue.fate}: {issue.where}: {issue.what}" for issue in balance.issues)
    if not balance.accepted:
        # An empty picture would say that nothing hurts.
        raise UnusableInput(f"none of the CHOIR numbers can be read; {'; '.join(remarks)}")
    lost = (
        f"{balance.rejected} of {balance.items} numbers could not be read and are not shown."
        if balance.rejected
        else ""
    )
    _show(options, in_order(reading.areas), "Body map from CHOIR numbers", balance=balance, remarks=remarks, note=lost)
    return SOME_UNUSABLE if balance.rejected else ANSWERED


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadRequest(f"--redcap: {path} cannot be read: {(error.strerror or str(error)).lower()}") from None


def _of_chart(options: argparse.Namespace) -> int:
    path = None if options.chart == "-" else Path(options.chart)
    reading = read("standard input" if path is None else options.chart, path, (), packaged().policies)
    record, balance = reading.record, reading.balance
    ids = [fact.id for fact in record.facts if isinstance(fact, Pain)]
    if options.pain is not None and options.pain not in ids:
        raise BadRequest(f"--pain: the record has no pain {options.pain}; it has {', '.join(ids) or 'none'}")
    found = marked(record, moment(options.as_of, reading), options.pain)
    on = found.moment.date() if isinstance(found.moment, datetime) else found.moment
    lost = unread_words(balance, "this body map")
    _show(
        options,
        found.areas,
        f"{record.id}, as of {day_words(on)}: where it hurts",
        found=found,
        patient=record.id,
        balance=balance,
        remarks=tuple(f"{issue.fate}: {issue.where}: {issue.what}" for issue in unread(balance)),
        note=f"{capital(lost)}." if lost else "",
    )
    return ANSWERED


def _show(
    options: argparse.Namespace,
    areas: Sequence[Area],
    title: str,
    *,
    found: Marked | None = None,
    patient: str | None = None,
    balance: Balance | None = None,
    remarks: Sequence[str] = (),
    note: str = "",
) -> None:
    views: tuple[View, ...] = tuple(view for view in VIEWS if options.view in (None, view))
    match options.format:
        case "svg":
            data = svg([area.id for area in areas], views=views, title=title, note=note)
            for remark in remarks:
                complain(remark)
        case "html":
            data = body_map_page.page(areas, title=title, remarks=(*filter(None, (note,)), *remarks), views=views)
        case "json":
            data = body_map_json.encode(areas, patient=patient, found=found, balance=balance).decode() + "\n"
        case _:
            look = look_of(sys.stdout) if options.output is None else PLAIN
            data = body_map_text.text(areas, title=title, found=found, balance=balance, remarks=remarks, look=look)
    if options.output is not None:
        try:
            options.output.write_text(data, encoding="utf-8", newline="\n")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise BadRequest(f"--output: {options.output} cannot be written: {reason}") from None
    elif options.format == "text":
        write_text(data)
    else:
        write_data(data)
