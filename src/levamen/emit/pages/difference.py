"""The page of what changed between two versions of what is known, and of which answers change with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from levamen.emit.pages.blocks import Block, group, item, note, part, text, title
from levamen.emit.plan.words import DECISION_WORDS
from levamen.emit.view import Sources, source_title
from levamen.emit.words import MARK_WORDS, capital, dates_in_words
from levamen.knowledge.difference import Change
from levamen.pathway.difference import SAFETY, Answer, Moved
from levamen.record import codes

VERDICTS: Mapping[str, str] = {
    "met": "met", "not_met": "not met", "not_yet": "not yet", "unknown": "unknown", "ambiguous": "two readings",
    "not_covered": "not covered", "against": "against", "silent": "silent", "informs": "reports effects",
    "clear": "clear", "caution": "caution", "defer": "defer", "contraindicated": "contraindicated",
}  # fmt: skip
_KINDS = {
    "changed": "Says something else",
    "added": "New",
    "removed": "Gone",
    "marked": "Known better or worse",
    "sourced": "Same words, another place",
    "dates": "Dates of a file",
}


def difference_page(
    changes: Sequence[Change], answers: Sequence[Moved], records: int, sources: Sources, problem: str | None = None
) -> Iterator[Block]:
    """Whose answers change, then what changed, the most telling first.

    `records`: how many charts were asked. `problem`: why the answers of one of the two versions cannot be had.
    """
    yield title("What changed in what is known")
    counts = {kind: sum(change.kind == kind for change in changes) for kind in _KINDS}
    told = "; ".join(f"{capital(words).lower()}: {counts[kind]:,}" for kind, words in _KINDS.items() if counts[kind])
    yield text(f"{told}." if told else "Nothing changed.")
    yield from _answers(answers, records, problem)
    for kind, heading in _KINDS.items():
        chosen = [change for change in changes if change.kind == kind]
        if chosen:
            yield part(f"{heading} ({len(chosen):,})")
        for file in dict.fromkeys(change.file for change in chosen):
            yield group(file_title(file))
            for change in chosen:
                if change.file == file:
                    yield from _change(change, sources)


def _answers(answers: Sequence[Moved], records: int, problem: str | None) -> Iterator[Block]:
    yield part("Whose answers change")
    if problem is not None:
        yield text(f"The answers cannot be compared, because one version does not fit the rules of this one: {problem}")
        return
    if not records:
        yield text("No chart was given, so nobody's answer was looked at.")
        return
    patients = len({moved.record for moved in answers})
    yield text(f"{patients:,} of {records:,} charts have an answer that changes; {len(answers):,} answers in all.")
    for moved in answers:
        about = "safety" if moved.about == SAFETY else _policy(moved.about)
        yield item(f"{moved.record}, {moved.question}, {about}: was {_verdict(moved.was)}; is {_verdict(moved.now)}")
        yield note(moved.headline)


def _policy(id: str) -> str:
    return str(codes.entry("policies", id).get("title", id)) if id in codes.ids("policies") else id


def _verdict(answer: Answer | None) -> str:
    if answer is None:
        return "not asked"
    told = VERDICTS.get(answer.verdict, answer.verdict)
    if answer.decision is not None:
        told += f", {DECISION_WORDS[answer.decision].lower()}"
    return told + (f", not before {dates_in_words(answer.earliest.isoformat())}" if answer.earliest else "")


def file_title(file: str) -> str:
    """A file's name for a reader: the policy's title, or its folders in words."""
    folder, _, rest = file.removesuffix(".yaml").partition("/")
    if folder == "policies":
        name, _, table = rest.partition("/")
        for id in codes.ids("policies"):
            if id.replace("-", "_").replace(".", "_") == name:
                named = str(codes.entry("policies", id).get("title", id))
                return named if table == "values" else f"{named}, {table.replace('_', ' ')}"
    return capital(f"{folder}, {rest}".replace("_", " ").replace("/", ", ").strip(", "))


def _change(change: Change, sources: Sources) -> Iterator[Block]:
    name = change.id.rpartition("/")[2].replace("-", " ").replace("_", " ")
    was, now = (_words(change, told) for told in (change.was, change.now))
    match change.kind:
        case "added":
            yield item(f"{capital(name)}: {now}")
        case "removed":
            yield item(f"{capital(name)}: was {was}")
        case _:
            yield item(f"{capital(name)}: was {was}; is {now}")
    if change.source is not None:
        yield note(f"{source_title(change.source, sources)}; {change.locator}")


def _words(change: Change, told: str | None) -> str:
    if change.kind == "marked":
        return MARK_WORDS.get(told or "", "read in the issuer's own text")
    return dates_in_words(told or "nothing")
