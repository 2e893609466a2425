"""Reads the checklists (`checklists/*.yaml`). Rows without a source, unknown words and overlaps are refused."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from levamen.knowledge.checklist_reading import (
    CITE,
    ROW,
    Book,
    discharge,
    duration,
    event,
    guidance,
    hours,
    monitoring,
    question,
    red_flag,
    time_out,
    word_of,
)
from levamen.knowledge.checklist_rows import (
    CallQuestion,
    Calls,
    CallScript,
    Checklists,
    GuidanceRow,
    NoAnswer,
    RedFlag,
    Row,
    Window,
)
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, known_word, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.knowledge.selectors import overlap, therapies_of
from levamen.record import codes
from levamen.record.timeline import Duration

_R = TypeVar("_R", bound=Row)


def load_checklists(folder: Path, sources: Mapping[str, Source]) -> Checklists:
    """Every checklist of a folder. Raises KnowledgeError naming file, line and remedy."""
    top, book = _open(folder, "groups", Book(sources=sources), {"groups"})
    groups: dict[str, frozenset[str]] = {}
    for id, row in top.named("groups"):
        groups[id] = _group(row, Book(sources=sources, groups=groups))
    book = Book(sources=sources, groups=groups)
    flags = _table(folder, "red_flags", book, red_flag, "acts")
    top = read_top(folder / "red_flags.yaml")
    _no_overlap(top, flags.values(), lambda row: (row.flag, row.urgency))
    acts = {id: row.need("says", "say in plain words what the patient does") for id, row in top.named("acts")}
    for flag in flags.values():
        if flag.urgency not in acts:
            raise top.fail(f"no act for the urgency '{flag.urgency}'; say in plain words what the patient does", "acts")
    required = _table(folder, "guidance", book, guidance)
    _no_overlap(read_top(folder / "guidance.yaml"), required.values(), _aspect)
    return Checklists(
        groups=groups,
        questions=_every(folder, "questions", _table(folder, "questions", book, question)),
        time_out=_table(folder, "time_out", book, time_out),
        monitoring=_table(folder, "monitoring", book, monitoring),
        discharge=_table(folder, "discharge", book, discharge),
        red_flags=flags,
        acts=acts,
        calls=_calls(folder, book, flags),
        events=_every(folder, "events", _table(folder, "events", book, event)),
        guidance=required,
    )


@per_edition
def packaged_checklists() -> Checklists:
    """The checklists this version ships."""
    return load_checklists(root() / "checklists", packaged().sources)


def patient_texts(lists: Checklists) -> Mapping[str, str]:
    """Every text that a patient reads or hears, in English, by a key that stays the same in every language."""
    found = dict(sheet_texts(lists))
    for row in lists.questions.values():
        found |= {f"questions.{row.id}.ask": row.ask, f"questions.{row.id}.because": row.because}
    for script in lists.calls.scripts.values():
        found[f"calls.{script.id}.opening"] = script.opening
        found[f"calls.{script.id}.closing"] = script.closing
        found |= {f"calls.{script.id}.{asked.id}.ask": asked.ask for asked in script.questions}
    return found


def sheet_texts(lists: Checklists) -> Mapping[str, str]:
    """Those of `patient_texts` that the patient's sheet can show: acts, red flags, questions of the day."""
    found = {f"red_flags.acts.{id}": text for id, text in lists.acts.items()}
    found |= {f"red_flags.{flag.id}.patient": flag.patient for flag in lists.red_flags.values()}
    return found | {f"questions.{row.id}.ask": row.ask for row in lists.questions.values() if row.due == "day"}


def _open(folder: Path, name: str, book: Book, keys: set[str]) -> tuple[Reader, Book]:
    top = read_top(folder / f"{name}.yaml")
    top.only({"checklist", "checked", "recheck_by", *keys})
    if top.need("checklist", f"write `checklist: {name}`") != name:
        raise top.fail(f"this file holds the checklist '{name}'; write `checklist: {name}`", "checklist")
    checked, recheck = top.exact_day("checked"), top.exact_day("recheck_by")
    if checked is None:
        raise top.fail("no checked; write the day on which somebody last compared it with its sources")
    if recheck is None or recheck <= checked:
        raise top.fail("no recheck_by after checked; write the day by which it must be compared again")
    return top, Book(sources=book.sources, groups=book.groups, checked=checked)


def _table(folder: Path, name: str, book: Book, read: Callable[[str, Reader, Book], _R], *more: str) -> dict[str, _R]:
    top, book = _open(folder, name, book, {"rows", *more})
    found = {id: read(id, row, book) for id, row in top.named("rows")}
    if not found:
        raise top.fail("no rows; a checklist without rows checks nothing")
    seen: dict[Hashable, str] = {}
    for row in found.values():
        says = tuple(getattr(row, key, None) for key in ("text", "says", "ask"))
        if any(says) and (first := seen.setdefault((says, row.applies), row.id)) != row.id:
            raise top.fail(f"{row.id} says the same as {first} to the same people; keep one", "rows")
    return found


def _every(folder: Path, name: str, rows: dict[str, _R]) -> dict[str, _R]:
    """Refuses a table that leaves out an id of the section of the vocabulary that has its name."""
    missing = [id for id in codes.ids(name) if id not in rows]
    if missing:
        raise read_top(folder / f"{name}.yaml").fail(f"no row for {', '.join(missing)}; every id needs one", "rows")
    return rows


def _no_overlap(top: Reader, rows: Iterable[_R], key: Callable[[_R], Hashable]) -> None:
    """Refuses two rows of one key that could both match one case, unless their windows are apart."""
    seen: dict[Hashable, list[_R]] = {}
    for row in rows:
        for other in seen.setdefault(key(row), []):
            if overlap(row.applies, other.applies) and _same_time(row, other):
                raise top.fail(f"{row.id} and {other.id} overlap: both could apply to one case; narrow one", "rows")
        seen[key(row)].append(row)


def _aspect(row: GuidanceRow) -> Hashable:
    """One source says one thing of an aspect; of technique it may say several."""
    return row.aspect, row.cites[0].source, row.id if row.aspect == "technique" else ""


def _same_time(one: Row, other: Row) -> bool:
    """Whether the windows of two rows share more than a moment. Rows without windows hold at any time."""
    mine, theirs = getattr(one, "window", None), getattr(other, "window", None)
    if not isinstance(mine, Window) or not isinstance(theirs, Window) or mine.start.anchor != theirs.start.anchor:
        return mine is None or theirs is None

    def before(first: Window, then: Window) -> bool:
        end, start = first.end.offset if first.end is not None else None, then.start.offset
        return end is not None and start is not None and hours(end) <= hours(start)

    return not before(mine, theirs) and not before(theirs, mine)


def _group(row: Reader, book: Book) -> frozenset[str]:
    row.only({"says", "therapies", "kinds", "groups", *CITE})
    row.need("says", "say what the therapies of the group have in common")
    book.cites(row)
    for word in row.words("therapies"):
        known_word(row, "therapies", word, "therapies")
    found = frozenset(row.words("therapies")) | therapies_of(row, book.groups)
    if not found:
        raise row.fail("an empty group; name its therapies")
    return found


def _calls(folder: Path, book: Book, flags: Mapping[str, RedFlag]) -> Calls:
    top, book = _open(folder, "calls", book, {"scripts", "no_answer"})
    scripts = {}
    for id, row in top.named("scripts"):
        row.only({"after", "opening", "closing", "questions", *CITE})
        lapse = row.child("after")
        if lapse is None:
            raise row.fail("no after; say how long after the procedure the call is made")
        after = duration(lapse)
        asked = tuple(map(partial(_call_question, book=book, flags=flags, after=after), row.children("questions")))
        if len({question.id for question in asked}) != len(asked) or not asked:
            raise row.fail("a script asks at least one question, and each once", "questions")
        kinds = [question.flag is not None for question in asked]
        if kinds != sorted(kinds, reverse=True):
            raise row.fail("red flags are asked first; move the other questions behind them", "questions")
        opening, closing = row.need("opening", "write the first words"), row.need("closing", "write the last words")
        scripts[id] = CallScript(
            id=id, after=after, opening=opening, closing=closing, questions=asked, cites=book.cites(row)
        )
    steps: list[NoAnswer] = []
    for row in top.children("no_answer"):
        row.only({"attempts", "who", "does", *CITE})
        attempts = row.number("attempts")
        if attempts is None or attempts < 1 or attempts != int(attempts):
            raise row.fail("attempts is a whole number of calls, at least 1", "attempts")
        if steps and attempts <= steps[-1].attempts:
            raise row.fail("the steps stand in order of attempts, each later than the one before", "attempts")
        does = row.need("does", "say what is done")
        steps.append(
            NoAnswer(attempts=int(attempts), who=word_of(row, "who", "roles"), does=does, cites=book.cites(row))
        )
    if not scripts or not steps:
        raise top.fail("the calls need scripts, and what follows when nobody answers")
    return Calls(scripts=scripts, no_answer=tuple(steps))


def _call_question(row: Reader, book: Book, flags: Mapping[str, RedFlag], after: Duration) -> CallQuestion:
    """A question that names a red flag takes to whom it applies and its sources from there."""
    row.only({"id", "ask", "flag", "records", *ROW})
    id = row.need("id", "give the question an id")
    ask = row.need("ask", "write the question in plain words")
    name = row.text("flag")
    if name is None:
        records = row.need("records", "say what the answer is kept as, or name the red flag that a yes raises")
        return CallQuestion(**book.row(id, row), ask=ask, records=records)
    if name not in flags:
        raise row.fail(f"'{name}' is no red flag; one of {', '.join(flags)}", "flag")
    flag = flags[name]
    end = flag.window.end
    if end is not None and end.anchor == "procedure" and end.offset is not None and hours(end.offset) < hours(after):
        raise row.fail(f"the window of {name} is over when this call is made; ask it earlier, or leave it out", "flag")
    return CallQuestion(id=id, ask=ask, flag=name, applies=flag.applies, cites=flag.cites, checked=flag.checked)
