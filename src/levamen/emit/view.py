"""An assessment as a person reads it: titles for ids, words for dates, each source with its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.english import sentence
from levamen.criteria.marks import deciding_mark
from levamen.criteria.nodes import Cite, Criterion, weakest
from levamen.criteria.outcome import Outcome
from levamen.emit.words import (
    MARK_WORDS,
    capital,
    dates_in_words,
    sign_of,
    status_details,
    status_word,
)
from levamen.knowledge.model import Source
from levamen.pathway.answers import Assessment, CriterionAnswer, PolicyAnswer, Question
from levamen.pathway.headline import DISSENT, OPERATORS, day_words
from levamen.pathway.judge import cites_by_strength
from levamen.record import codes
from levamen.record.facts import Record, called

Sources = Mapping[str, Source]
_NOTHING = ("–", "-", "n.d.", "none", "")
_LONG = 64


class Wording(Struct, frozen=True, kw_only=True):
    """What is said of a criterion whoever the patient is: its sentence and the places it cites."""

    criterion: Criterion
    sentence: str
    cites: tuple[Cite, ...]


_WORDINGS: dict[int, Wording] = {}
_WORDINGS_AT_MOST = 20_000


def wording(criterion: Criterion) -> Wording:
    """The wording of a criterion, kept: rules are built once, and so are their sentences."""
    found = _WORDINGS.get(id(criterion))
    if found is None or found.criterion is not criterion:
        if len(_WORDINGS) >= _WORDINGS_AT_MOST:
            _WORDINGS.clear()
        cites = cites_by_strength(criterion)
        found = Wording(criterion=criterion, sentence=sentence(criterion.says), cites=cites)
        _WORDINGS[id(criterion)] = found
    return found


class Place(Struct, frozen=True, kw_only=True):
    """Where a statement stands: a source by a short title, the places in it, how well it is known, its address."""

    source: str
    title: str
    locator: str
    mark: str | None = None
    url: str | None = None


class SourceView(Struct, frozen=True, kw_only=True):
    """A source in full, for the list at the end."""

    id: str
    title: str
    url: str | None = None


class CriterionView(Struct, frozen=True, kw_only=True):
    """One criterion in words. `sign` is the key of its sign and colour."""

    id: str
    name: str
    sign: str
    word: str
    details: str
    says: str
    found: str | None
    read: tuple[str, ...]
    missing: tuple[str, ...]
    readings: tuple[str, ...]
    places: tuple[Place, ...]
    interpretation: str | None
    telling: bool


def criterion_views(answer: PolicyAnswer, record: Record, sources: Sources) -> tuple[CriterionView, ...]:
    """The criteria of a policy: what stands in the way first, then what is open, then the rest."""
    ordered = sorted(answer.criteria, key=lambda criterion: (not criterion.failing, not criterion.open))
    names = {fact.id: called(fact) for fact in record.facts}
    return tuple(_view(criterion, names, sources) for criterion in ordered)


def _view(answer: CriterionAnswer, names: Mapping[str, str], sources: Sources) -> CriterionView:
    found = found_in(answer.outcome)
    return CriterionView(
        id=answer.id,
        name=criterion_name(answer),
        sign=sign_of(answer),
        word=status_word(answer),
        details=status_details(answer),
        says=_says(answer),
        found=dates_in_words(found) if found else None,
        read=tuple(_fact(id, names) for id in answer.outcome.all_read()),
        missing=tuple(dict.fromkeys(dates_in_words(row.what) for row in answer.missing)),
        readings=tuple(_reading(text, sources) for text in ambiguity_in(answer.outcome)),
        places=places(wording(answer.criterion).cites, sources),
        interpretation=answer.criterion.interpretation,
        telling=answer.failing or answer.open,
    )


def _says(answer: CriterionAnswer) -> str:
    """The criterion's sentence; an exclusion says that it would exclude."""
    text = wording(answer.criterion).sentence
    return f"Would exclude: {text[0].lower()}{text[1:]}" if answer.part == "exclusion" else text


def criterion_name(answer: CriterionAnswer) -> str:
    """The short name of a criterion: its id as words."""
    return capital(answer.id.replace("-", " "))


def criterion_mark(answer: CriterionAnswer) -> str | None:
    """The weakest mark among the sentence it rests on and the values in it that decided; absent if primary."""
    mark = weakest((*(cite.mark for cite in answer.criterion.cites), deciding_mark(answer.outcome)))
    return mark if mark != "primary" else None


def places(cites: Sequence[Cite], sources: Sources) -> tuple[Place, ...]:
    """The citations, those of one source and mark together."""
    found: dict[tuple[str, str | None], Place] = {}
    for cite in cites:
        here = place(cite, sources)
        before = found.get((here.source, here.mark))
        if before is None:
            found[here.source, here.mark] = here
        elif here.locator not in before.locator.split("; "):
            found[here.source, here.mark] = replace(before, locator=f"{before.locator}; {here.locator}")
    return tuple(found.values())


def place(cite: Cite, sources: Sources) -> Place:
    """One citation."""
    source = sources.get(cite.source)
    return Place(
        source=cite.source,
        title=_short(source) if source is not None else cite.source,
        locator=cite.locator,
        mark=MARK_WORDS.get(cite.mark),
        url=_address(source),
    )


def source_title(id: str, sources: Sources) -> str:
    """`Facet joint interventions: questions and answers (Noridian, 2022)`; the id where no list has it."""
    source = sources.get(id)
    if source is None:
        return id
    known = [part for part in (source.issuer, source.year) if part not in _NOTHING]
    return dates_in_words(f"{source.title} ({', '.join(known)})" if known else source.title)


def cited_sources(
    questions: Iterable[Question], sources: Sources, *, governing: bool = False
) -> tuple[SourceView, ...]:
    """Every source that the answers cite, by id; only those of the governing policies where asked."""
    ids = {
        cite.source
        for question in questions
        for answer in question.policies
        if answer.governing or not governing
        for cite in (
            *(cite for criterion in answer.criteria for cite in wording(criterion.criterion).cites),
            *(effect.cite for effect in answer.effects),
        )
    }
    return tuple(
        SourceView(id=id, title=source_title(id, sources), url=_address(sources.get(id))) for id in sorted(ids)
    )


def _short(source: Source) -> str:
    """Issuer and the beginning of the title: as much as tells one source from another in a table."""
    title = source.title
    # A comma between two numbers ends nothing: `of 0, 1, 2 blocks`.
    for stop in (r" \(", "; ", r"(?<!\d), |, (?!\d)", ": "):
        if len(title) > _LONG:
            title = re.split(stop, title, maxsplit=1)[0]
    issuer = source.issuer.split(";")[0].split(",")[0].split(" (")[0]
    return title if issuer in _NOTHING or issuer in title else f"{issuer}: {title}"


def _address(source: Source | None) -> str | None:
    """The address of a source; only an http or https one is one to open."""
    address = source.url.split(" ")[0].rstrip(";") if source is not None else ""
    return address if address.startswith(("https://", "http://")) else None


def document_words(answer: PolicyAnswer) -> str | None:
    """`Noridian, document L38803, version 12`; absent where the policy has no documents of contractors."""
    parts = []
    if answer.contractor:
        parts.append(codes.label("contractors", answer.contractor))
    if answer.document:
        parts.append(f"document {answer.document}")
    if answer.version:
        parts.append(f"version {answer.version}")
    return ", ".join(parts) or None


def moment_words(assessment: Assessment) -> str:
    """The day, or the day and the time with its offset, as of which the record was read."""
    day, _, time = assessment.moment.partition("T")
    clock = time[:5] + (f" ({offset})" if (offset := _offset(time)) else "")
    return f"{dates_in_words(day)}{f', {clock}' if time else ''}"


def _offset(time: str) -> str:
    for sign in "+-":
        if sign in time:
            return f"UTC{sign}{time.rpartition(sign)[2][:5]}"
    return "UTC" if time else ""


def split(question: Question, *, everything: bool) -> tuple[list[PolicyAnswer], list[PolicyAnswer], list[PolicyAnswer]]:
    """The policies to open, those to tell in one line (the gravest first), and those that do not say.

    What governs is opened, and a policy that is alone in saying something.
    """
    opened = [answer for answer in question.policies if answer.governing or (everything and answer.criteria)]
    rest = [answer for answer in question.policies if answer not in opened]
    silent = [answer for answer in rest if answer.verdict == "silent"]
    speaking = [answer for answer in rest if answer.verdict != "silent"]
    if not opened and len(speaking) == 1:
        return speaking, [], silent
    return opened, sorted(speaking, key=lambda answer: DISSENT.index(answer.verdict)), silent


def need_words(answer: PolicyAnswer) -> tuple[str, ...]:
    """What would help, each with the day from which it is possible where that is known."""
    return tuple(
        codes.title(item.need.what)
        + (f", possible from {day_words(item.possible_from)}" if item.possible_from is not None else "")
        for item in answer.needs
    )


def found_in(outcome: Outcome) -> str | None:
    """What was found at the first leaf that has the criterion's own status."""
    pending: list[Outcome] = [outcome]
    while pending:
        here = pending.pop(0)
        if here.found and here.status == outcome.status:
            return here.found
        pending.extend(here.children)
    return None


def ambiguity_in(outcome: Outcome) -> tuple[str, ...]:
    """The readings that do not agree, wherever in the tree they stand."""
    found: dict[str, None] = dict.fromkeys(outcome.ambiguity)
    for child in outcome.children:
        if child.status == "ambiguous":
            found.update(dict.fromkeys(ambiguity_in(child)))
    return tuple(found)


def _reading(text: str, sources: Sources) -> str:
    """A reading, `SOURCE: >= 1`, with the title of its source and the comparison in words."""
    id, colon, rest = text.partition(": ")
    if id not in sources:
        return text
    operator, space, amount = rest.partition(" ")
    said = f"{OPERATORS[operator]}{space}{amount}" if operator in OPERATORS else rest
    return f"{_short(sources[id])}{colon}{said}"


def _fact(id: str, names: Mapping[str, str]) -> str:
    name = dates_in_words(names.get(id, id))
    return name if name == id else f"{name} ({id})"
