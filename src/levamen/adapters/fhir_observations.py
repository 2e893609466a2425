"""Observation and QuestionnaireResponse: labs, scores, findings, and the relief that followed a procedure.

A value that is absent, a bound (`<`, `>=`) or a range is no exact value: the fact is kept without it. Scales are never
converted: a number whose unit or size does not fit the instrument of its code is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from levamen.adapters import fhir_questionnaires
from levamen.adapters.fhir_codes import Meaning, meaning
from levamen.adapters.fhir_context import After, Context, NotUsed, Refused
from levamen.adapters.fhir_dates import choice, when
from levamen.adapters.fhir_systems import OURS
from levamen.adapters.fhir_target import target
from levamen.adapters.fhir_types import Answer, Component, Item, Observation, Quantity, QuestionnaireResponse, Reference
from levamen.adapters.fhir_values import exact_number, lab_value, presence, score_value
from levamen.derive.scores import decimal_of
from levamen.knowledge.instruments.rows import Instrument
from levamen.record.codes import by_code, ids
from levamen.record.facts import Evaluation, Finding, FunctionChange, Lab, Relief, Score
from levamen.record.timeline import Interval, When
from levamen.text.tree import UnusableInput

RELIEF = "urn:levamen:fhir:1:relief"  # code system of what is said about a procedure: before, ended
MME = ("http://cds.ahrq.gov/cdsconnect/pms", "MME")  # the local code of AHRQ CDS Connect's pain summary
_PAIN_SCALES = frozenset(
    {"nrs", "nrs-worst", "nrs-average", "nrs-least", "vas-mm", "verbal-rating", "bpi-severity", "promis-pain-intensity"}
)
# Items of an instrument as LOINC codes, in its published order (outcomes dossier 2.4).
_ITEMS = {
    "peg": ("75893-8", "91145-3", "91146-1"),
    "phq-9": ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"),
}
_USED = frozenset({"final", "amended", "corrected"})
_LINK = re.compile(r"(?:.*/)?(\d{1,7}-\d)", re.ASCII)


def read_observation(resource: Observation, key: str, where: str, ctx: Context) -> None:
    """An Observation by its code; one without a value of its own by the codes of its components."""
    ctx.check_subject(resource, "Observation")
    _check_status(resource.status or "", ctx)
    known = ctx.meaning(resource.code, "Observation", where)
    on = _date(resource, ctx)
    if ctx.own in ("relief", "function") or resource.part_of or resource.focus:
        procedure = _procedure(resource, ctx)
        if procedure is not None and _about_procedure(resource, known, procedure, on, where, ctx):
            return
    made = _made(resource, known, on, resource, key, "", where, ctx)
    made = _components(resource, known, on, key, where, ctx) or made
    if not made:
        raise _nothing(resource, known)


def _check_status(status: str, ctx: Context) -> None:
    if status in _USED or ctx.own:
        return
    if status == "preliminary":
        ctx.group("warning", "Observation", "preliminary result, used")
    elif status in ("registered", "cancelled", "entered-in-error"):
        raise NotUsed(status.replace("-", " "))
    else:
        ctx.group("warning", "Observation", f"status '{status or 'none'}', used")


def _nothing(resource: Observation, known: Meaning) -> Exception:
    if not known.hits and known.oddities:
        return Refused("; ".join(known.oddities))
    if not known.hits:
        reason = "code that no rule of ours reads" if known.codes else "no code, only words"
        return NotUsed(reason, detail=known.codes)
    return NotUsed("no value", detail=known.codes)


def _date(resource: Observation, ctx: Context) -> When | None:
    text = resource.effective_date_time or resource.effective_instant
    if text is not None:
        return ctx.when(text)
    if resource.effective_period is not None:
        return choice(None, None, resource.effective_period, None, None)
    if resource.issued is not None and not ctx.own:
        ctx.group("warning", "Observation", "has no effective time; the day it was issued is used")
        return ctx.when(resource.issued)
    return None


def _made(
    part: Observation | Component,
    known: Meaning,
    on: When | None,
    resource: Observation,
    key: str,
    suffix: str,
    where: str,
    ctx: Context,
) -> bool:
    """The fact of an observation or of one of its components; False if its code or value gives none."""
    about: dict[str, Any] = {
        "recorded": when(resource.issued) if resource.effective_date_time or ctx.own else None,
        "note": ctx.note(resource.note),
    }

    def id() -> str:
        return ctx.id_for("Observation", resource, key, suffix)

    instruments, labs, findings = known.ids("instruments"), known.ids("labs"), known.ids("findings")
    if any((coding.system, coding.code) == MME for coding in (part.code.coding if part.code else ())):
        instruments = ("mme",)
    if len(instruments) + len(labs) > 1:
        raise Refused(f"the codes {known.codes} stand for several measures: {', '.join((*instruments, *labs))}")
    if instruments or ctx.own == "scores":
        return _score(part, next(iter(instruments), None), on, about, id, resource, where, ctx)
    if labs or ctx.own == "labs":
        if not _has_value(part) and not ctx.own:
            return False
        test = next(iter(labs), None)
        value, unit = lab_value(part, test, where, ctx)
        ctx.add(Lab(id=id(), test=test, value=value, unit=unit, at=on, **about), resource)
        return True
    if findings or ctx.own == "findings":
        return _finding(part, next(iter(findings), None), on, about, id, resource, where, ctx)
    evaluations = known.ids("evaluations")
    if evaluations or ctx.own == "evaluations":
        conclusion = next(iter(meaning(part.value_codeable_concept).ids("evaluation_conclusions")), None)
        kind = next(iter(evaluations), None)
        ctx.add(Evaluation(id=id(), kind=kind, date=on, conclusion=conclusion, **about), resource)
        return True
    return False


def _score(
    part: Observation | Component,
    instrument: str | None,
    on: When | None,
    about: dict[str, Any],
    id: Any,
    resource: Observation,
    where: str,
    ctx: Context,
) -> bool:
    answers = _answers(resource, instrument) if part is resource else ()
    if not _has_value(part) and not answers and not ctx.own:
        return False
    value = score_value(part, instrument, where, ctx)
    pain = next((found for found in map(ctx.pain_of, resource.focus) if found), None)
    ctx.add(Score(id=id(), instrument=instrument, pain=pain, value=value, answers=answers, date=on, **about), resource)
    return True


def _finding(
    part: Observation | Component,
    concept: str | None,
    on: When | None,
    about: dict[str, Any],
    id: Any,
    resource: Observation,
    where: str,
    ctx: Context,
) -> bool:
    present = presence(part)
    value, unit = None, None
    if part.value_quantity is not None:
        value = exact_number(part, where, ctx)
        unit = part.value_quantity.code or part.value_quantity.unit
    if present is None and value is None and not ctx.own:
        if part.data_absent_reason is None:
            return False
        ctx.group("warning", "Observation", "finding whose presence is not said", concept or "")
    methods = meaning(resource.method).ids("methods")
    place = target((resource.body_site,), where, ctx) if resource.body_site is not None else {}
    ctx.add(
        Finding(
            id=id(),
            concept=concept,
            method=methods[0] if methods else None,
            date=on,
            present=present,
            value=value,
            unit=unit,
            **place,
            **about,
        ),
        resource,
    )
    return True


def _has_value(part: Observation | Component) -> bool:
    """Whether a value is given, or said to be absent."""
    if part.data_absent_reason is not None or part.interpretation:
        return True
    return any(
        value is not None
        for value in (
            part.value_quantity,
            part.value_codeable_concept,
            part.value_string,
            part.value_boolean,
            part.value_integer,
            part.value_range,
        )
    ) or bool(part.value_ratio or part.value_sampled_data)


def _components(resource: Observation, known: Meaning, on: When | None, key: str, where: str, ctx: Context) -> bool:
    """Facts of the components, each under the id of the observation and its own measure."""
    made = False
    whole = set(known.ids("instruments"))
    for number, part in enumerate(resource.component):
        of = ctx.meaning(part.code, "Observation", where)
        names = of.ids("instruments") + of.ids("labs") + of.ids("findings")
        items = {item for instrument in whole for item in _ITEMS.get(instrument, ())}
        if not names or any(hit.code in items for hit in of.hits) or set(names) & whole:
            continue
        made = _made(part, of, on, resource, key, f"-{names[0]}" if names else f"-{number}", where, ctx) or made
    return made


def _answers(resource: Observation, instrument: str | None) -> tuple[Decimal | None, ...]:
    """The item answers of an instrument that sends its items as components."""
    items = _ITEMS.get(instrument or "", ())
    found: dict[str, Decimal] = {}
    for part in resource.component:
        for coding in part.code.coding if part.code is not None else ():
            quantity = part.value_quantity
            if coding.code in items and quantity is not None and quantity.value is not None and not quantity.comparator:
                found[coding.code or ""] = quantity.value
            elif coding.code in items and part.value_integer is not None:
                found[coding.code or ""] = Decimal(part.value_integer)
    return tuple(found.get(item) for item in items) if found else ()


# ---- what is said about a procedure


def _procedure(resource: Observation | QuestionnaireResponse, ctx: Context) -> str | None:
    """The id of the procedure that is meant."""
    references: Sequence[Reference] = resource.part_of
    if isinstance(resource, Observation):
        references = (*references, *resource.focus)
    found = [ctx.fact_of(reference) for reference in references]
    if references and not any(found):
        ctx.group("warning", type(resource).__name__, "points to something that was not read", "")
    return next((id for id in found if id in ctx.procedures), None)


def _about_procedure(
    resource: Observation, known: Meaning, procedure: str, on: When | None, where: str, ctx: Context
) -> bool:
    """Relief, function or the end of relief after a procedure; False if the observation says none of them."""
    after = ctx.after.setdefault(procedure, After())
    codings = resource.code.coding if resource.code is not None else ()
    if any(coding.system == RELIEF and coding.code == "ended" for coding in codings):
        after.ended = when(resource.value_date_time)
        return True
    scale = next(iter(known.ids("instruments")), None)
    if scale is None and not ctx.own:
        return False
    if scale == "percent-relief" and ctx.own != "function":
        percent = _percent(resource, where, ctx)
        after.relief.append(ctx.completed_part(Relief(at=on, percent=percent), resource))
        return True
    later = score_value(resource, scale, where, ctx) if _has_value(resource) else None
    before = _before(resource, scale, where, ctx)
    if before is None and not ctx.own:
        if _is_before(on, procedure, ctx):
            after.baseline[scale or ""] = later
            return True
        before = after.baseline.get(scale or "")
    if ctx.own == "function" or (not ctx.own and scale not in _PAIN_SCALES):
        change = FunctionChange(at=on, instrument=scale, before=before, after=later)
        after.function.append(ctx.completed_part(change, resource))
    else:
        after.relief.append(ctx.completed_part(Relief(at=on, scale=scale, before=before, after=later), resource))
    return True


def _is_before(on: When | None, procedure: str, ctx: Context) -> bool:
    """Whether a score was certainly taken before the procedure began."""
    start = ctx.procedures[procedure].day
    if on is None or start is None:
        return False
    if on.at is not None and start.at is not None:
        return on.at < start.at
    return on.last < start.first


def _before(resource: Observation, scale: str | None, where: str, ctx: Context) -> Decimal | None:
    """The score before the procedure, which stands as a component beside the score after it."""
    for part in resource.component:
        codings = part.code.coding if part.code is not None else ()
        if any(coding.system == RELIEF and coding.code == "before" for coding in codings):
            return score_value(part, scale, where, ctx)
    return None


def _percent(resource: Observation, where: str, ctx: Context) -> Interval | None:
    """A percentage, or a range of percentages."""
    bounds = resource.value_range
    if bounds is not None:
        low = bounds.low.value if bounds.low is not None else None
        high = bounds.high.value if bounds.high is not None else None
        return Interval(Fraction(low or 0), None if high is None else Fraction(high)) if low is not None else None
    value = score_value(resource, "percent-relief", where, ctx)
    return None if value is None else Interval.exactly(value)


# ---- questionnaires


def read_response(resource: QuestionnaireResponse, key: str, where: str, ctx: Context) -> None:
    """A response to a known instrument's form, or one whose items are linked by LOINC code or by our instrument id.

    Items of a response that is part of a procedure are its relief: `<instrument>#before` and `<instrument>#after`.
    """
    if resource.status not in ("completed", "amended"):
        raise NotUsed(f"status '{resource.status or 'none'}', not completed")
    ctx.check_subject(resource, "QuestionnaireResponse")
    on = ctx.when(resource.authored)
    procedure = _procedure(resource, ctx)
    form = fhir_questionnaires.instrument_of(resource)
    if form is not None and procedure is None:
        _read_form(resource, form, on, key, ctx)
        return
    found: dict[tuple[str, str], Decimal] = {}
    for item in _flat(resource.item):
        name = _linked(item.link_id or "")
        value = _answered(item.answer)
        if name is not None and value is not None:
            found[name] = value
    if not found:
        raise NotUsed("no answers that are linked by code")
    for (instrument, word), value in found.items():
        measured = Component(value_quantity=Quantity(value=value))
        checked = score_value(measured, instrument, where, ctx)
        if procedure is None:
            if word == "before":
                continue
            id = ctx.id_for("QuestionnaireResponse", resource, key, f"-{instrument}")
            ctx.add(Score(id=id, instrument=instrument, value=checked, date=on), resource)
        elif word != "before":
            before = found.get((instrument, "before"))
            after = ctx.after.setdefault(procedure, After())
            if instrument == "percent-relief":
                after.relief.append(Relief(at=on, percent=None if checked is None else Interval.exactly(checked)))
            elif instrument in _PAIN_SCALES:
                after.relief.append(Relief(at=on, scale=instrument, before=before, after=checked))
            else:
                after.function.append(FunctionChange(at=on, instrument=instrument, before=before, after=checked))


def _read_form(resource: QuestionnaireResponse, form: Instrument, on: When | None, key: str, ctx: Context) -> None:
    """A form of a known instrument: its answers are kept as given, and the total where it alone was given."""
    try:
        found = fhir_questionnaires.scored(resource, form)
    except UnusableInput as error:
        raise Refused(str(error)) from None
    if not found.entered and not found.n_answered:
        raise NotUsed("no answers")
    id = ctx.id_for("QuestionnaireResponse", resource, key)
    known = found.value is not None and (found.entered or form.scoring.kind == "single")
    value = decimal_of(found.value) if known and found.value is not None else None
    answers = () if found.entered else tuple(found.answers.values())
    ctx.add(Score(id=id, instrument=form.id, value=value, answers=answers, date=on), resource)


def _flat(items: tuple[Item, ...]) -> list[Item]:
    """Items and the items within them, in their order."""
    found: list[Item] = []
    pending = list(reversed(items))
    while pending:
        item = pending.pop()
        found.append(item)
        pending.extend(reversed(item.item))
    return found


def _linked(link: str) -> tuple[str, str] | None:
    """The instrument a linkId names by code, and the word after `#`."""
    bare, _, word = link.partition("#")
    if bare.startswith(f"{OURS}:instruments/"):
        id = bare.rsplit("/", 1)[1]
        return (id, word) if id in ids("instruments") else None
    loinc = _LINK.fullmatch(bare)
    rows = by_code("loinc").get(loinc.group(1), ()) if loinc is not None else ()
    return next(((id, word) for section, id, _ in rows if section == "instruments"), None)


def _answered(answers: tuple[Answer, ...]) -> Decimal | None:
    if len(answers) != 1:
        return None
    answer = answers[0]
    if answer.value_quantity is not None:
        return None if answer.value_quantity.comparator else answer.value_quantity.value
    if answer.value_integer is not None:
        return Decimal(answer.value_integer)
    return answer.value_decimal
