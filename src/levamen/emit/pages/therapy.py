"""The page of a therapy: what it is and does, with its sources, and what each policy says of it, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from levamen.emit.pages.blocks import Block, Link, group, item, note, part, steps, table, text, title
from levamen.emit.pages.comparison import comparison, spoken
from levamen.emit.pages.places import cited_words, places_words
from levamen.emit.view import Sources, source_title
from levamen.emit.words import capital
from levamen.knowledge.registry import Knowledge
from levamen.knowledge.therapies.rows import FIELDS, NO_SOURCE, NONE_FOUND, STATEMENTS, Amount, Benefit, Therapy
from levamen.pathway.headline import day_words
from levamen.record import codes

HEADINGS: Mapping[str, str] = {
    "description": "What it is",
    "method": "How it is done",
    "role": "To find out, to treat, or both",
    "targets": "For what pain",
    "approaches": "Approaches",
    "guidance": "Image guidance",
    "performers": "Who may do it",
    "course": "Typical course",
    "onset": "When it begins to work",
    "duration": "How long it lasts",
    "benefits": "Benefit, as measured",
    "risks": "Risks",
    "contraindications": "What stands against it",
    "preparation": "Before it",
    "aftercare": "After it",
    "observation": "Watching on the day",
    "negative_result": "What a negative result tells",
    "alternatives": "Where it stands among alternatives",
    "codes": "Codes",
    "steps": "Step by step",
}
BARS = {"absolute": "Never", "relative": "Weigh", "label": "By its label"}


def therapy_page(id: str, described: Therapy | None, knowledge: Knowledge, on: date | None = None) -> Iterator[Block]:
    """A therapy of the vocabulary; `described`: absent where nobody has described it yet, which the page says."""
    row = codes.entry("therapies", id)
    yield title(str(row.get("label", id)))
    if described is not None:
        yield text(f"In plain words: {described.plain}.")
    names = dict.fromkeys((*row.get("synonyms", ()), *(described.also if described else ())))
    if names:
        yield text(f"Also called {', '.join(names)}.")
    yield text(f"In a chart: {id}.")
    if described is None:
        yield text("It is not described in this version; what the policies say of it is below.")
    else:
        yield from _described(described, knowledge.sources)
    yield from _request(row)
    yield from _policies(id, knowledge, on)
    if described is not None:
        yield from _sources(described, knowledge.sources)


def _described(therapy: Therapy, sources: Sources) -> Iterator[Block]:
    checked, again = day_words(therapy.checked), day_words(therapy.recheck_by)
    yield text(f"Last compared with its sources on {checked}; due again by {again}.")
    for field in FIELDS:
        yield part(HEADINGS[field])
        if not therapy.cites_of(field):
            yield text(f"{capital(NONE_FOUND)}.")
        elif field in STATEMENTS:
            yield from _statements(therapy, field, sources)
        elif field == "benefits":
            yield _benefits(therapy, sources)
        elif field == "risks":
            yield from _risks(therapy, sources)
        elif field == "contraindications":
            for bar in therapy.contraindications:
                yield item(f"{BARS[bar.bar]}: {bar.says}")
                yield note(cited_words(bar.cites, sources))
        elif field == "steps":
            yield steps((step.picture, step.says) for step in therapy.steps)
            yield note(places_words(therapy.step_cites, sources))
        else:
            yield from _halves(therapy, field, sources)


def _halves(therapy: Therapy, field: str, sources: Sources) -> Iterator[Block]:
    for audience in ("patient", "clinician"):
        yield group("For the patient" if audience == "patient" else "For the clinician")
        told = [row for row in therapy.statements[field] if row.audience == audience]
        if not told:
            yield text(f"{capital(NONE_FOUND)}.")
        for row in told:
            yield text(row.says)
            yield note(cited_words(row.cites, sources))


def _statements(therapy: Therapy, field: str, sources: Sources) -> Iterator[Block]:
    for row in therapy.statements[field]:
        first = row.therapies[0] if row.therapies else None
        link = Link(codes.label("therapies", first), f"therapies/{first}") if first else None
        yield item(row.says, see=link)
        yield note(cited_words(row.cites, sources))


def _risks(therapy: Therapy, sources: Sources) -> Iterator[Block]:
    for heading, serious in (("Serious", True), ("Common or passing", False)):
        rows = [row for row in therapy.risks if row.serious is serious]
        if rows:
            yield table(
                heading,
                ("Harm", "In plain words", "How often", "Looked for", "Source"),
                (
                    (
                        row.says,
                        row.patient,
                        amount_words(row.rate) if row.rate is not None else NONE_FOUND,
                        row.window or NONE_FOUND,
                        cited_words(row.cites, sources),
                    )
                    for row in rows
                ),
            )


def amount_words(amount: Amount) -> str:
    """`48 in 100`, `25 of 52 people`, `-17 ODI points (-23.1 to -10.9)`."""
    span = f"{amount.low} to {amount.high}" if amount.low is not None and amount.high is not None else ""
    if amount.count is not None:
        told = f"{amount.count} of {amount.of} people"
    elif amount.percent is not None:
        told = f"{amount.percent} in 100"
        if amount.of is not None:
            told += f", measured in {amount.of:,}"
    elif amount.change is not None:
        told = f"{amount.change} {amount.unit}"
    else:
        return f"{span} {amount.unit or 'in 100'}"
    return f"{told} ({span})" if span else told


def _benefits(therapy: Therapy, sources: Sources) -> Block:
    return table(
        "Each row is one study or review; they are not added up",
        ("Outcome", "With it", "Compared with", "Who, and when", "Study and certainty", "Source"),
        (
            (
                row.outcome,
                amount_words(row.treated),
                _compared(row),
                f"{row.who}; {row.at or 'time not stated'}",
                f"{row.design}; {row.certainty or f'certainty: {NONE_FOUND}'}",
                cited_words(row.cites, sources),
            )
            for row in therapy.benefits
        ),
    )


def _compared(row: Benefit) -> str:
    if row.comparison is not None:
        return f"{amount_words(row.comparison)} with {row.compared_with}"
    return row.compared_with or "nothing: no comparison group"


def _request(row: Mapping[str, object]) -> Iterator[Block]:
    yield part("In a request")
    if row.get("note"):
        yield text(str(row["note"]))
    takes, qualifiers = row.get("takes"), row.get("qualifiers")
    if isinstance(takes, list):
        yield text(f"A request names {', '.join(map(str, takes))}.")
    for name, words in qualifiers.items() if isinstance(qualifiers, dict) else ():
        listed = ", ".join(map(str, words)) if isinstance(words, list) else ""
        yield text(f"{capital(str(name).replace('_', ' '))}{f': {listed}' if listed else ''}.")
    coded = row.get("codes")
    if isinstance(coded, dict) and coded.get("cpt"):
        shared = ", shared with other therapies" if coded.get("shared") else ""
        yield text(f"CPT numbers {', '.join(map(str, coded['cpt']))}{shared}.")


def _policies(id: str, knowledge: Knowledge, on: date | None) -> Iterator[Block]:
    yield part("Policies that speak of it")
    found = spoken(knowledge.policies.values(), id, on)
    if not found:
        yield text("No policy encoded here speaks of it. That is silence, not opposition.")
        return
    for policy, rules in found:
        criteria = len({criterion.id for rule in rules for criterion in (*rule.requirements, *rule.exclusions)})
        told = "reports effects" if all(rule.informs for rule in rules) else f"{criteria or 'no'} conditions"
        told = "1 condition" if told == "1 conditions" else told
        yield item(f"{told} (levamen explain {policy.id})", name=Link(policy.title, f"policies/{policy.id}"))
    yield from comparison(knowledge.policies.values(), id, on)


def _sources(therapy: Therapy, sources: Sources) -> Iterator[Block]:
    cited = {cite.source for field in FIELDS for cite in therapy.cites_of(field)} - {NO_SOURCE}
    yield part("Sources of the description")
    for id in sorted(cited):
        yield item(f"{id}: {source_title(id, sources)}")
