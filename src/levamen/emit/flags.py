"""The flags of a record as a page: what fires with what to do by when, what is noted, what nobody asked."""

from __future__ import annotations

from collections.abc import Iterator

from levamen.adapters.balance import Reading
from levamen.emit.terminal import PLAIN, Look, balance_line
from levamen.emit.view import Sources
from levamen.emit.words import ASCII_SAFETY_SIGNS, ASCII_SIGNS, SAFETY_SIGNS, SIGNS, capital, dates_in_words
from levamen.emit.writer import Writer
from levamen.pathway.flag_answers import ActDue, FlagAnswer, FlagReview
from levamen.pathway.flag_stops import due_words
from levamen.record import codes

NEVER_DENIES = "They change the plan and never deny care."


def page(found: FlagReview, reading: Reading, sources: Sources | None = None, *, look: Look = PLAIN) -> str:
    """The page of one record. `sources`: absent, the packaged ones."""
    return "\n".join(_Page(found, reading, sources, look).lines()) + "\n"


class _Page(Writer):
    """One page being written."""

    def __init__(self, found: FlagReview, reading: Reading, sources: Sources | None, look: Look) -> None:
        super().__init__(sources, look)
        self.found, self.reading = found, reading

    def lines(self) -> Iterator[str]:
        found = self.found
        known = dates_in_words(found.moment.partition("T")[0])
        yield from self.title(f"{found.patient}: red and yellow flags, as known {known}")
        if found.died:
            yield from self.wrapped("The patient has died: nothing is asked.")
            return
        firing, doubtful = found.of("fires"), found.of("unknown")
        if not firing and not doubtful and not found.which:
            yield from self.wrapped("No flag fires of what is recorded.")
        for answer in firing:
            yield from self.fires(answer)
        for answer in doubtful:
            yield from self.doubtful(answer)
        if found.which:
            yield ""
            yield from self.wrapped(
                f"{self.sign('safety-unknown')} The red-flag list was answered yes, but which sign is not recorded:"
                " ask, and record it. Until then elective procedures stop.",
                following="  ",
            )
        for text in found.conflicts:
            yield from self.wrapped(f"{self.sign('caution')} {capital(dates_in_words(text))}.", following="  ")
        yield from self.noted()
        yield from self.not_asked()
        yield from self.ruled_out()
        yield ""
        yield from self.wrapped(self.list_line())
        yield from self.wrapped(balance_line(self.reading.balance))
        if self.numbers:
            yield ""
            yield from self.wrapped("Sources")
        yield from self.cited()

    def fires(self, answer: FlagAnswer) -> Iterator[str]:
        yield ""
        held = answer.clearance
        word = "Cleared" if held is not None else capital(codes.label("urgencies", answer.urgency))
        sign = "clear" if held is not None else "contraindicated" if answer.flag.blocks else "caution"
        yield from self.bold(f"{self.sign(sign)} {word}: {answer.flag.title}", "  ")
        yield from self.body(answer)
        if answer.flag.id == "yellow-flags":
            yield from self.wrapped(NEVER_DENIES, "  ")
        elif answer.flag.blocks and held is None:
            says = "Every elective procedure waits until a named clinician clears it with a reason"
            yield from self.wrapped(f"{says} {self.cites(self.found.general.clearing.cites)}", "  ", "    ")

    def doubtful(self, answer: FlagAnswer) -> Iterator[str]:
        yield ""
        sign = self.sign("safety-unknown")
        yield from self.bold(f"{sign} Perhaps {answer.flag.title}: ask before anything elective", "  ")
        for text in answer.doubts:
            yield from self.wrapped(f"To find out: {dates_in_words(text)}", "  ", "    ")
        yield from self.body(answer)

    def body(self, answer: FlagAnswer) -> Iterator[str]:
        for fact in answer.found:
            yield from self.wrapped(f"Found: {dates_in_words(fact.says)}", "  ", "    ")
        yield from self.wrapped(f"Why: {self.cites(answer.cites)}", "  ", "    ")
        if answer.due is not None and answer.urgency == "emergency":
            since = dates_in_words(due_words(answer.due, self.found.zone))
            yield from self.wrapped(f"At once: known since {since}", "  ", "    ")
        elif answer.due is not None:
            yield from self.wrapped(f"By: {dates_in_words(due_words(answer.due, self.found.zone))}", "  ", "    ")
        for row in answer.acts:
            yield from self.wrapped(self.act(row), "  ", "    ")
        for text in answer.missing if answer.flag.severe is not None else ():
            yield from self.wrapped(f"Ask at once: {text}", "  ", "    ")
        held = answer.clearance
        if held is not None:
            end = f"to the end of {held.ends.isoformat()}" + ("" if held.own_end else ", as no end is stated")
            text = f"Cleared by {held.author} ({codes.label('roles', held.by)}, {held.id}) {end}: {held.note}"
            yield from self.wrapped(dates_in_words(text), "  ", "    ")
        for refused in answer.not_clearing:
            text = f"{refused.id} is not a clearance because {refused.why}"
            yield from self.wrapped(dates_in_words(text), "  ", "    ")
        if answer.followed_up is not None:
            yield from self.wrapped(f"The task of the day is done: {answer.followed_up}", "  ", "    ")
        for said in answer.flag.asks:
            yield from self.wrapped(f"Ask: {said.says} {self.cites(said.cites)}", "  ", "    ")
        if answer.flag.card is not None:
            card = answer.flag.card
            yield from self.wrapped(f"On the card: {card.says} {self.cites(card.cites)}", "  ", "    ")

    def act(self, row: ActDue) -> str:
        act = row.act
        by = ""
        if row.due is not None:
            by = f", by {dates_in_words(due_words(row.due, self.found.zone))}"
        elif act.within is not None and act.counted_from == "request":
            by = f", within {act.within.length} of the request"
        route = f", {act.route}" if act.route is not None else ""
        return f"Do ({codes.label('roles', act.who)}{route}){by}: {act.says} {self.cites(act.cites)}"

    def noted(self) -> Iterator[str]:
        rows = self.found.of("noted")
        if rows:
            yield from self.heading("Noted, alone not enough")
        for answer in rows:
            why = "; ".join(fact.says for fact in answer.found)
            text = f"{capital(answer.flag.title)}: {why}"
            if answer.missing:
                text = f"{text}. Not recorded: {', '.join(answer.missing)}"
            yield from self.wrapped(dates_in_words(text), "  - ", "    ")

    def not_asked(self) -> Iterator[str]:
        rows = self.found.of("not_asked")
        if rows:
            yield from self.heading("Not asked, which is not a no")
        for answer in rows:
            asks = " ".join(said.says for said in answer.flag.asks)
            yield from self.wrapped(f"{capital(answer.flag.title)}: {asks}", "  - ", "    ")

    def ruled_out(self) -> Iterator[str]:
        rows = self.found.of("no")
        if rows:
            yield from self.heading("Looked for, and not there")
            yield from self.wrapped("; ".join(capital(answer.flag.title) for answer in rows), "  ")

    def list_line(self) -> str:
        asked = self.found.asked
        if asked is None or asked[0] == "unknown":
            return "The red-flag list: not asked, or too long ago. Ask it before any procedure."
        return dates_in_words(f"The red-flag list: answered {asked[0]} on {asked[1]}.")

    def sign(self, key: str) -> str:
        signs = {**SIGNS, **SAFETY_SIGNS} if self.look.unicode else {**ASCII_SIGNS, **ASCII_SAFETY_SIGNS}
        return signs[key]
