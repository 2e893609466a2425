"""A score as a page for a person: the number, how sure it is, bands for clinician and patient, what change means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from levamen.derive.scores import Scored, shown
from levamen.emit.terminal import PLAIN, Look
from levamen.emit.view import Sources
from levamen.emit.writer import Writer
from levamen.knowledge.instruments.rows import NONE_FOUND
from levamen.pathway.flag_scores import task_of
from levamen.pathway.headline import day_words

DIRECTIONS = {
    "higher-worse": "higher is worse",
    "higher-better": "higher is better",
    "higher-risk": "higher is more risk",
    "higher-neuropathic": "higher points to nerve pain",
}
GATES_NOTHING = "Shown for reading the change; no approval rests on it here."


def page(
    found: Scored, wording: Mapping[str, str] | None = None, sources: Sources | None = None, *, look: Look = PLAIN
) -> str:
    """The page of one score. `wording`: a clinic's own texts by item; `sources`: absent, the packaged ones."""
    return "\n".join(_Page(found, wording or {}, sources, look).lines()) + "\n"


class _Page(Writer):
    """One score being written."""

    def __init__(self, found: Scored, wording: Mapping[str, str], sources: Sources | None, look: Look) -> None:
        super().__init__(sources, look)
        self.found, self.wording = found, wording

    def lines(self) -> Iterator[str]:
        found, of = self.found, self.found.instrument
        yield from self.title(f"{of.title}: {self.value()}")
        scale = f"{of.low} to {of.high}, {DIRECTIONS.get(of.direction, of.direction)}"
        yield from self.wrapped(f"Scale: {scale} {self.cites(found.cites)}", "  ")
        yield from self.today()
        yield from self.certainty()
        for name, value in found.subscales.items():
            row = of.subscales[name]
            told = "unknown, an item is not answered" if value is None else f"{shown(value)} of {row.high}"
            yield from self.wrapped(f"{name}: {told} {self.cites(row.cites)}", "  ", "    ")
        for band in found.bands:
            doubt = "" if band.certain else "; the unanswered items could put it in another band"
            yield from self.wrapped(f"Band ({band.id}): {band.label}{doubt} {self.cites(band.cites)}", "  ", "    ")
            yield from self.wrapped(f"for the patient: {band.patient}", "    ", "      ")
        if found.value is not None and not found.bands:
            told = "not known; it hangs on items that were not answered" if of.bands else NONE_FOUND
            yield from self.wrapped(f"Band: {told}.", "  ")
        yield from self.change()
        yield from self.form()
        yield ""
        checked = f"Table {found.version}, last checked against its sources {day_words(of.checked)}."
        yield from self.wrapped(checked)
        yield from self.wrapped("Sources")
        yield from self.cited()

    def today(self) -> Iterator[str]:
        """The task of the same day that an answer opens, or the item that a total leaves open, before anything else."""
        answer = task_of(self.found)
        if answer is None:
            return
        topics = ", ".join(i.name for i in self.found.instrument.items if i.topic == "self-harm")
        for said in answer.flag.asks if answer.status == "unknown" else ():
            text = f"? The total does not tell {topics} (self-harm): {said.says} {self.cites(said.cites)}"
            yield from self.wrapped(text, "  ", "    ")
        for row in answer.acts if answer.status == "fires" else ():
            text = f"! A task of the same day ({topics}, self-harm): {row.act.says} {self.cites(row.act.cites)}"
            yield from self.wrapped(text, "  ", "    ")

    def value(self) -> str:
        found = self.found
        if found.value is not None:
            return shown(found.value) + (", entered as a total" if found.entered else "")
        if found.codes:
            return f"codes {'-'.join('?' if code is None else f'{code:f}' for code in found.codes)}"
        return "unknown"

    def certainty(self) -> Iterator[str]:
        """Why there is no score, or what it rests on where items are unanswered."""
        found = self.found
        if found.reason is not None:
            yield from self.wrapped(f"Why: {found.reason}.", "  ", "    ")
        if found.n_items and not found.entered:
            yield from self.wrapped(f"Answered: {found.n_answered} of {found.n_items}.", "  ")
        for name in found.missing if found.n_answered else ():
            text = self.wording.get(name)
            if text is not None:
                yield from self.wrapped(f"not answered: {name}, {text}", "    ", "      ")
        if found.prorated:
            rule = {
                "from-answered": "Scored from the answered items, as its rule allows",
                "unanswered-is-no": "An unanswered item counts as no, as its rule says",
            }[found.instrument.missing.rule]
            yield from self.wrapped(f"{rule} {self.cites(found.instrument.missing.cites)}", "  ", "    ")
        if found.n_answered < found.n_items and found.low is not None and found.high is not None and not found.entered:
            yield from self.wrapped(f"The complete form gives {shown(found.low)} to {shown(found.high)}.", "  ", "    ")
        if found.error is not None:
            yield from self.wrapped(f"Standard error: {shown(found.error)}.", "  ")
        if found.other is not None:
            cites = self.cites(found.instrument.scoring.other_cites)
            yield from self.wrapped(f"Another copy of the table prints {shown(found.other)} {cites}", "  ", "    ")

    def change(self) -> Iterator[str]:
        rows = self.found.instrument.changes
        if not rows:
            yield from self.wrapped(f"Change that matters: {NONE_FOUND}.", "  ")
            return
        yield from self.wrapped(f"Change that matters, by who says so. {GATES_NOTHING}", "  ", "    ")
        for row in rows:
            told = "; ".join(text for text in (row.population, row.method) if text != NONE_FOUND)
            yield from self.wrapped(
                f"- {row.says}{f' ({told})' if told else ''} {self.cites(row.cites)}", "    ", "      "
            )

    def form(self) -> Iterator[str]:
        of = self.found.instrument
        yield from self.wrapped(f"Looks back over: {of.recall} {self.cites(of.recall_cites)}".rstrip(), "  ", "    ")
        for note in of.notes:
            yield from self.wrapped(f"Note: {note}", "  ", "    ")
        licence = of.licence
        yield from self.wrapped(f"Rights: {licence.holder}. {licence.notice} {self.cites(licence.cites)}", "  ", "    ")
