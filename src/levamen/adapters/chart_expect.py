"""Entries of `expect`: what a chart says the right answer is. Keys and words are checked, values kept as written."""

from __future__ import annotations

from typing import Any

from levamen.adapters.balance import Expectation, UnusableInput
from levamen.adapters.chart_kinds import Schema, is_null
from levamen.adapters.chart_reading import Context, nearest_word, short
from levamen.record import codes
from levamen.text.tree import Fields, Items, Node, Scalar, at_line, plain_data

_ANY = ("source", "because", "note", "author", "recorded")
_POLICY = (
    *("request", "verdict", "reason", "stance", "strength", "mark", "contractor", "document", "version"),
    *("earliest", "safest", "needs", "missing", "would_refuse", "needed_together", "criteria"),
)
_PLAN = (
    *("profile", "class", "drug", "decision", "stop_at", "last_dose", "restart_from", "first_dose"),
    *("stop_latest", "restart_earliest", "earliest_procedure", "labs", "needs", "missing", "none"),
)

# Subject key -> the keys that may stand beside it. `responder` comes before `policy`, which it may name.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "responder": ("percent", "verdict", "threshold", "policy", "lost"),
    "policy": _POLICY,
    "safety": ("request", "reason", "reasons", "until", "needs", "missing", "criteria"),
    "obligation": ("request", "what", "who", "due", "why"),
    "plan": _PLAN,
    "ledger": ("value", "unit", "window"),
    "score": ("value", "band", "missing"),
    "mme": ("table",),
    "device": ("refill_due", "book_by", "removal_due", "binding", "missing", "warnings"),
    "implant": ("state", "trial", "passed", "failed", "open", "asks", "decides", "repeats"),
    "flag": ("urgency", "fires", "cleared"),
    "prompt": ("request",),
    "absent": ("request",),
    "intake": ("about", "status", "value"),
    "goal": ("progress", "value"),
    "tried": ("state",),
    "screen": ("step",),
    "order": ("rung", "missing", "exceptions"),
    "packet": ("needed", "programs", "state", "missing", "crossed", "expires", "valid_until", "attachments", "numbers"),
}
_NEEDS_REQUEST = ("policy", "safety", "obligation")
_LEDGERS = ("steroid", "anesthetic")
_FIRES = ("yes", "no", "unknown", "noted")
_REFERENCES = {
    "responder": "procedure",
    "plan": "request or procedure",
    "score": "score",
    "device": "device",
    "implant": "request or procedure or device",
    "goal": "goal",
    "order": "request",
    "packet": "request",
}


def read_expectations(node: Node, context: Context, declared: dict[str, str], requests: int) -> tuple[Expectation, ...]:
    """Every entry of `expect`; `declared` says which ids the chart has and their sections. Raises UnusableInput."""
    items = node.items if isinstance(node, Items) else (node,)
    return tuple(_read(item, index, context, declared, requests) for index, item in enumerate(items))


def _read(node: Node, index: int, context: Context, declared: dict[str, str], requests: int) -> Expectation:
    where = f"expect[{index}]" + (f" (line {node.line})" if node.line else "")
    if not isinstance(node, Fields):
        raise _refused(context, node, where, "an expectation is a mapping with one subject such as `policy`")
    subject = _subject(node, where, context)
    known = (subject, *SUBJECTS[subject], *_ANY)
    for key in node.entries:
        if key not in known:
            says = f"unknown key {short(key)} beside `{subject}` in expect[{index}]; {nearest_word(key, known)}"
            raise UnusableInput(f"{at_line(context.origin, node.lines[key])}: {says}")
    fields = {key: plain_data(value) for key, value in node.entries.items() if not is_null(value)}
    if subject in _NEEDS_REQUEST and "request" not in fields and requests > 1:
        raise _refused(context, node, where, f"`{subject}` needs `request`, because the chart has {requests}")
    try:
        _check_words(subject, fields, context)
        _check_references(subject, fields, declared)
    except ValueError as error:
        raise _refused(context, node, where, str(error)) from None
    return Expectation(where=where, fields=fields)


def _refused(context: Context, node: Node, where: str, says: str) -> UnusableInput:
    return UnusableInput(f"{at_line(context.origin, node.line)}: {where.partition(' ')[0]}: {says}")


def _subject(node: Fields, where: str, context: Context) -> str:
    found = [subject for subject in SUBJECTS if subject in node.entries]
    if found[:1] == ["responder"]:
        found = [subject for subject in found if subject != "policy"]
    # `plan` beside nothing else is the subject; the others never appear together.
    if len(found) == 1:
        return found[0]
    if found:
        raise _refused(context, node, where, f"one subject only; it has {', '.join(f'`{name}`' for name in found)}")
    everything = {*SUBJECTS, *_ANY, *(key for keys in SUBJECTS.values() for key in keys)}
    strange = [key for key in node.entries if key not in everything]
    if strange:
        says = f"unknown key {short(strange[0])} in {where.partition(' ')[0]}; {nearest_word(strange[0], SUBJECTS)}"
        raise UnusableInput(f"{at_line(context.origin, node.lines[strange[0]])}: {says}")
    raise _refused(context, node, where, f"no subject; give one of {', '.join(f'`{name}`' for name in SUBJECTS)}")


def _check_words(subject: str, fields: dict[str, Any], context: Context) -> None:
    """Words become ids where the vocabulary knows an alias for them; unknown ones raise ValueError."""
    if "policy" in fields:
        fields["policy"] = _policy(_text(fields, "policy"), context)
    if subject == "flag":
        fields["flag"] = codes.resolve("flags", _text(fields, "flag"))
        if "fires" in fields and fields["fires"] not in _FIRES:
            raise ValueError(f"fires: {short(str(fields['fires']))} is unknown; write {', '.join(_FIRES)} in quotes")
        if "cleared" in fields and fields["cleared"] not in ("yes", "no"):
            raise ValueError(f'cleared: {short(str(fields["cleared"]))} is unknown; write "yes" or "no" in quotes')
    if subject == "ledger" and fields["ledger"] not in _LEDGERS:
        raise ValueError(f"ledger: {short(str(fields['ledger']))} is unknown; write steroid or anesthetic")
    verdicts = "criterion_words" if subject == "responder" else "policy_verdicts"
    _each(fields, "verdict", verdicts, "verdict_aliases")
    if subject == "safety":
        _each(fields, "safety", "safety_verdicts", "verdict_aliases")
    _each(fields, "decision", "decision_words", "decision_aliases")
    _each(fields, "stance", "stances")
    _each(fields, "urgency", "urgencies")
    if "drug" in fields:
        fields["drug"] = codes.resolve("drugs", _text(fields, "drug"))
    criteria = fields.get("criteria", {})
    if not isinstance(criteria, dict):
        raise ValueError("`criteria` is a mapping of criterion id to status")
    for name in criteria:
        _each(criteria, name, "criterion_words", "verdict_aliases")


def _policy(word: str, context: Context) -> str:
    """The id of a policy of the vocabulary, or of a clinic's own."""
    return word if word in context.policies else codes.resolve("policies", word)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise ValueError(f"`{name}` is an id, not {short(str(value))}")
    return value


def _each(fields: dict[str, Any], name: str, section: str, aliases: str = "") -> None:
    """One word or a list of acceptable ones."""
    if name not in fields:
        return
    value = fields[name]
    if isinstance(value, list):
        fields[name] = [_word(item, name, section, aliases) for item in value]
    else:
        fields[name] = _word(value, name, section, aliases)


def _word(value: Any, name: str, section: str, aliases: str) -> str:
    known = codes.ids(section)
    if isinstance(value, str):
        if value in known:
            return value
        alias = codes.vocabulary()[aliases].get(value) if aliases else None
        if alias in known:
            return str(alias)
    raise ValueError(f"`{name}`: {short(str(value))} is unknown; {nearest_word(str(value), known)}")


def _check_references(subject: str, fields: dict[str, Any], declared: dict[str, str]) -> None:
    names = {"request": "request"} if "request" in fields else {}
    if subject in _REFERENCES:
        names[subject] = _REFERENCES[subject]
    for key, wanted in names.items():
        value = str(fields[key])
        sections = {f"{word}s" if word != "request" else "request" for word in wanted.split(" or ")}
        known = [id for id, section in declared.items() if section in sections]
        if value not in known:
            listed = nearest_word(value, known) if known else "it has none"
            raise ValueError(f"`{key}`: the chart has no {wanted} {short(value)}; {listed}")


def expectation_schema() -> Schema:
    """JSON Schema of one entry."""
    subjects = [
        {
            "type": "object",
            "required": [subject],
            "properties": {key: _value_schema(key) for key in (subject, *keys, *_ANY)},
            "additionalProperties": False,
        }
        for subject, keys in SUBJECTS.items()
    ]
    return {"type": "object", "anyOf": subjects}


def _value_schema(key: str) -> Schema:
    return {"type": "object"} if key in ("criteria", "exceptions", "programs") else {"not": {"type": "object"}}


def is_empty(node: Node) -> bool:
    """Whether a list, or nothing, was given."""
    return (isinstance(node, Items) and not node.items) or (isinstance(node, Scalar) and node.kind == "null")
