"""Forms and their answers in FHIR R4: Questionnaire and QuestionnaireResponse, scored as SDC's calculated expressions.

Item `q1`, `q2`, … are the form's items in printed order, `total` is its score. A Questionnaire of ours has the wording
that may ship; a clinic's own form of the same items brings its licensed wording. The total of a response is never
taken on trust: the answers are scored again, and a total that they do not give is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from levamen.adapters.fhir_types import Answer, Item, QuestionnaireResponse
from levamen.derive.scores import Scored, decimal_of, disagrees, entered, score, shown
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.knowledge.instruments.rows import NONE_FOUND, Instrument
from levamen.record.codes import entry
from levamen.text.tree import UnusableInput

Json = dict[str, Any]
CANONICAL = "urn:levamen:questionnaire:"
_LOINC_FORM = "http://loinc.org/q/"
_LOINC = "http://loinc.org"
_CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
_END = "http://hl7.org/fhir/StructureDefinition/"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_ANSWERS = "%resource.item.where(linkId.startsWith('q')).answer.value"


class _OwnItem(msgspec.Struct, rename="camel", frozen=True):
    link_id: str | None = None
    text: str | None = None
    item: tuple[_OwnItem, ...] = ()


class _OwnForm(msgspec.Struct, rename="camel", frozen=True):
    resource_type: str | None = None
    url: str | None = None
    item: tuple[_OwnItem, ...] = ()


def questionnaire(of: Instrument, wording: Mapping[str, str] | None = None) -> Json:
    """The form. `wording`: a clinic's own licensed texts by item name."""
    texts = {item.name: item.text for item in of.items if item.text is not None} | dict(wording or {})
    rows = [_question(of, item.name, item.low, item.high, item.whole, texts.get(item.name)) for item in of.items]
    form: Json = {
        "resourceType": "Questionnaire",
        "url": f"{CANONICAL}{of.id}",
        "version": of.version,
        "name": "".join(part.capitalize() for part in of.id.split("-")),
        "title": of.title,
        "status": "active",
        "subjectType": ["Patient"],
        "date": of.checked.isoformat(),
        "copyright": ". ".join(text for text in (of.licence.holder, of.licence.notice) if text != NONE_FOUND),
        "code": [{"system": _LOINC, "code": row.code} for row in of.loinc if row.of == "panel"],
        "item": rows if of.scoring.kind == "profile" else [*rows, _total(of)],
    }
    return {key: value for key, value in form.items() if value not in ([], None)}


def response(found: Scored, authored: str | None = None) -> Json:
    """The answers, and the total as a decimal. Unanswered items are left out."""
    of = found.instrument
    items: list[Json] = []
    for item in of.items:
        answer = found.answers[item.name]
        if answer is not None:
            value = {"valueInteger": int(answer)} if item.whole else {"valueDecimal": answer}
            items.append({"linkId": item.name, "answer": [value]})
    if found.value is not None:
        items.append({"linkId": "total", "answer": [{"valueDecimal": decimal_of(found.value)}]})
    form: Json = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{CANONICAL}{of.id}|{of.version}",
        "status": "completed",
        "authored": authored,
        "item": items,
    }
    return {key: value for key, value in form.items() if value not in ([], None)}


def encode(resource: Json) -> bytes:
    """A resource as JSON; the same resource gives the same bytes."""
    return _ENCODER.encode(resource)


def instrument_of(resource: QuestionnaireResponse) -> Instrument | None:
    """The instrument whose form was answered, by our canonical or by LOINC's for its panel; None for another form."""
    form, _, _ = (resource.questionnaire or "").partition("|")
    if form.startswith(CANONICAL):
        id = form.removeprefix(CANONICAL)
        return instrument(id) if id in instrument_ids() else None
    if not form.startswith(_LOINC_FORM):
        return None
    code = form.removeprefix(_LOINC_FORM)
    # Only vocabulary rows are looked at first, so that no file is read for a form that is none of ours.
    known = (id for id in instrument_ids() if code in entry("instruments", id).get("codes", {}).get("loinc", ()))
    return next((of for of in map(instrument, known) if any(row.code == code for row in of.loinc)), None)


def scored(resource: QuestionnaireResponse, of: Instrument) -> Scored:
    """The score of a response to a form of `of`. Raises UnusableInput: an unknown item, an answer that is none."""
    if resource.status not in ("completed", "amended"):
        raise UnusableInput(f"the response has the status '{resource.status or 'none'}', not completed")
    names = {item.name: item.name for item in of.items}
    names |= {f"/{item.loinc}": item.name for item in of.items if item.loinc is not None}
    answers: dict[str, Decimal | None] = {}
    total: Decimal | None = None
    for item in _flat(resource.item):
        link = item.link_id or ""
        if link == "total" or link in {f"/{row.code}" for row in of.loinc}:
            total = _answer(link, item.answer)
        elif link in names:
            if names[link] in answers:
                raise UnusableInput(f"{of.id} {link} stands twice in the response; keep one")
            answers[names[link]] = _answer(link, item.answer)
        elif item.answer:
            raise UnusableInput(f"{of.id} has no item {link or 'without a linkId'}; use q1, q2 and so on, or total")
    if total is not None and not any(answer is not None for answer in answers.values()):
        return entered(of, total)
    found = score(of, answers)
    if total is not None and disagrees(found, total):
        given = "no total" if found.value is None else shown(found.value)
        raise UnusableInput(f"the response says a total of {total}, its answers give {given}; correct one of them")
    return found


def read_response(data: bytes, of: Instrument, origin: str) -> Scored:
    """The score of a response as JSON. Raises UnusableInput."""
    try:
        resource = msgspec.json.decode(data, type=QuestionnaireResponse)
    except msgspec.MsgspecError as error:
        raise UnusableInput(f"{origin} is no QuestionnaireResponse: {error}") from None
    meant = instrument_of(resource)
    if resource.questionnaire is not None and meant is not of:
        raise UnusableInput(f"{origin} answers {resource.questionnaire}, not {of.id}; name that instrument")
    return scored(resource, of)


def read_questionnaire(data: bytes, of: Instrument, origin: str) -> dict[str, str]:
    """The wording of a clinic's own form, by item name. Raises UnusableInput where it is another form."""
    try:
        form = msgspec.json.decode(data, type=_OwnForm)
    except msgspec.MsgspecError as error:
        raise UnusableInput(f"{origin} is no Questionnaire: {error}") from None
    if form.resource_type != "Questionnaire":
        raise UnusableInput(f"{origin} is no Questionnaire; it is '{form.resource_type or 'nothing known'}'")
    names = {item.name: item.name for item in of.items}
    names |= {f"/{item.loinc}": item.name for item in of.items if item.loinc is not None}
    found = {names[row.link_id]: row.text or "" for row in _own(form.item) if row.link_id in names}
    missing = [item.name for item in of.items if item.name not in found]
    if missing:
        raise UnusableInput(f"{origin} lacks {', '.join(missing)} of {of.id}; use those as linkId")
    return {name: text for name, text in found.items() if text}


def _question(of: Instrument, name: str, low: Decimal, high: Decimal, whole: bool, text: str | None) -> Json:
    kind = "Integer" if whole else "Decimal"

    def end(limit: Decimal) -> int | Decimal:
        return int(limit) if whole else limit

    item = of.item(name)
    found: Json = {
        "extension": [
            {"url": f"{_END}minValue", f"value{kind}": end(low)},
            {"url": f"{_END}maxValue", f"value{kind}": end(high)},
        ],
        "linkId": name,
        "prefix": name.removeprefix("q"),
        "text": text,
        "type": kind.lower(),
        "required": False,
    }
    if item is not None and item.loinc is not None:
        found["code"] = [{"system": _LOINC, "code": item.loinc}]
    return {key: value for key, value in found.items() if value is not None}


def _total(of: Instrument) -> Json:
    found: Json = {"linkId": "total", "text": f"{of.title}: score", "type": "decimal"}
    codes = [{"system": _LOINC, "code": row.code} for row in of.loinc if row.of == "score"]
    if codes:
        found["code"] = codes
    if of.items:
        found["readOnly"] = True
        formula = _formula(of)
        if formula is not None:
            value = {"language": "text/fhirpath", "expression": formula}
            found["extension"] = [{"url": _CALCULATED, "valueExpression": value}]
    return found


def _formula(of: Instrument) -> str | None:
    """The score of a complete form for a form filler; of a form with gaps it gives nothing. None: not a plain sum."""
    if of.scoring.kind not in ("sum", "mean", "percent", "single"):
        return None
    if any(item.own_points for item in of.items):
        return None
    count = len(of.items)
    total = f"{_ANSWERS}.aggregate($this + $total, 0)"
    if of.scoring.kind == "mean":
        total = f"{total} / {count}"
    elif of.scoring.kind == "percent":
        total = f"{total} * 100 / {count * of.items[0].high:f}"
    elif of.scoring.factor != 1:
        total = f"{total} * {of.scoring.factor:f}"
    return f"iif({_ANSWERS}.count() = {count}, {total}, {{}})"


def _flat(items: tuple[Item, ...]) -> Iterator[Item]:
    pending = list(reversed(items))
    while pending:
        item = pending.pop()
        yield item
        pending.extend(reversed(item.item))


def _own(items: tuple[_OwnItem, ...]) -> Iterator[_OwnItem]:
    pending = list(reversed(items))
    while pending:
        item = pending.pop()
        yield item
        pending.extend(reversed(item.item))


def _answer(link: str, answers: tuple[Answer, ...]) -> Decimal | None:
    """The one number of an item; None where it has no answer, which is unanswered."""
    if not answers:
        return None
    answer = answers[0]
    if len(answers) == 1 and answer.value_integer is not None:
        return Decimal(answer.value_integer)
    if len(answers) == 1 and answer.value_decimal is not None:
        return answer.value_decimal
    raise UnusableInput(f"{link}: its answer is not one number; write valueInteger or valueDecimal")
