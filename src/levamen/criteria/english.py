"""A criterion as a sentence for clinicians, generated from its tree: what is tested is what is said."""

from __future__ import annotations

from levamen.criteria.nodes import (
    Accumulated,
    All,
    Among,
    Answered,
    Any,
    Choice,
    Compare,
    Count,
    EachTarget,
    Elapsed,
    Exists,
    Facts,
    Field,
    First,
    Held,
    IfThen,
    Judged,
    Latest,
    Limit,
    Not,
    Number,
    Only,
    Quantity,
    Readings,
    Same,
    Stated,
    Streak,
    The,
    Truth,
    Window,
)
from levamen.record.codes import ids, label, title

_OPERATORS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "==": "exactly"}
_OWNERS = {"subject": "of the request", "person": "of the patient", "payer": "of the payer"}
_NAMES = {
    "since": "onset",
    "start": "start",
    "best_relief": "best relief",
    "last_relief": "latest relief",
    "joints": "joints",
    "birth_date": "birth",
    "drugs": "drugs",
    "injected": "list of drugs injected",
    "scored_by": "CHA2DS2-VASc or CHADS2 score",
    "at": "its date",
    "date": "its date",
}


def sentence(truth: Truth) -> str:
    """One sentence, first letter upper case, with its full stop."""
    text = say(truth)
    start = text.index(text.lstrip("("))
    return f"{text[:start]}{text[start].upper()}{text[start + 1 :]}."


def say(truth: Truth) -> str:
    """The phrase for a truth."""
    match truth:
        case All(items):
            return "; and ".join(_group(item) for item in _unrepeated(items)) if items else "always"
        case Any(items):
            return ", or ".join(_group(item) for item in items) if items else "never"
        case Not(item):
            return _say_not(item)
        case IfThen(condition, then):
            return f"if {say(condition)}: {say(then)}"
        case Readings(items):
            return f"(the texts differ) either {' or '.join(_group(item) for item in items)}"
        case Compare(quantity, limits):
            return _say_compare(quantity, limits)
        case Among(field, choices, how):
            verb = "are all" if how == "all" else "include" if _many(field) else "is"
            return f"{_field(field)} {verb} {_choices(field, choices)}"
        case Same():
            return _say_same(truth)
        case Stated(field):
            return f"{_field(field)}: yes"
        case Exists(facts):
            return f"there is {_a(_facts(facts))}"
        case The(Latest(facts), Stated(Field("it", "present"))):
            return f"{_a(_facts(facts))} was found when last looked for"
        case The(pick, that):
            return f"{_picked(pick)}: {say(that)}"
        case EachTarget(that):
            return f"for each side and level requested, {say(that)}"
        case Answered(question, answer):
            return f"asked about {title(question)}, the answer is {answer}"
        case Judged(_, _, says):
            return f"a clinician has recorded that {says}"


def _unrepeated(items: tuple[Truth, ...]) -> list[Truth]:
    """Without a condition on what is asked for in any case: `if A: B; and B` says no more than `B`."""
    return [item for item in items if not (isinstance(item, IfThen) and item.then in items)]


def _group(item: Truth) -> str:
    text = say(item)
    return f"({text})" if isinstance(item, All | Any) and len(item.items) > 1 else text


def _say_not(item: Truth) -> str:
    match item:
        case Exists(facts):
            return f"there is no {_facts(facts)}"
        case Among(field, choices):
            verb = "do not include" if _many(field) else "is not"
            return f"{_field(field)} {verb} {_choices(field, choices)}"
        case The(Latest(facts), Stated(Field("it", "present"))):
            return f"no {_facts(facts)} was found when last looked for"
        case Judged(_, _, says):
            return f"a clinician has recorded that it is not so that {says}"
        case Not(inner):
            return say(inner)
    return f"it is not so that {_group(item)}"


def _say_compare(quantity: Quantity, limits: tuple[Limit, ...]) -> str:
    if isinstance(quantity, Count):
        return " or (texts differ) ".join(dict.fromkeys(_say_count(limit, quantity) for limit in limits))
    readings = list(dict.fromkeys(_limit(limit, quantity) for limit in limits))
    amount = readings[0] if len(readings) == 1 else " or (texts differ) ".join(readings)
    match quantity:
        case Streak(facts, that):
            return f"{amount} in a row, counting back, of {_facts(facts)} with {say(that)}"
        case Accumulated(facts):
            return f"{amount} of {_facts(facts)} in all"
        case Elapsed(since, until):
            return f"{amount} from {_field(since)} to {_field(until) if until else 'the service date'}"
        case Number(field):
            return f"{_field(field)} number {amount}" if _many(field) else f"{_field(field)} {amount}"
        case Held(series, level):
            if series in _POINTS:
                return f"{_POINTS[series]} of {_limit(level, None)} points held for {amount}"
            what = "pain relief" if series == "relief" else "gain in function"
            return f"{what} of {_limit(level, None)} per cent held for {amount}"


_POINTS = {"ashworth": "fall in the Ashworth score", "spasms": "fall in the spasm frequency score"}


def _say_count(limit: Limit, quantity: Count) -> str:
    """Fewer than 4 days with a block in the 12 months before; no block at all where fewer than one is asked."""
    facts, number = quantity.facts, limit.number
    if f"{limit.operator}{number}" in ("<1", "<=0", "==0"):
        return f"no {_facts(facts)}"
    if f"{limit.operator}{number}" == ">=0":
        return f"any number of {_facts(facts)}, or none"
    words = {"<": "fewer than"}.get(limit.operator, _OPERATORS[limit.operator])
    if quantity.per == "day":
        return f"{words} {number} {'day' if number == 1 else 'days'} with {_a(_facts(facts))}"
    return f"{words} {number} of {_facts(facts)}"


def _limit(limit: Limit, quantity: Quantity | None) -> str:
    percent = " per cent" if isinstance(quantity, Number) and _is_gain(quantity.field.name) else ""
    return f"{_OPERATORS[limit.operator]} {limit.amount}{percent}"


def _is_gain(name: str) -> bool:
    return name.endswith(("_relief", "_function", "_change"))


_SECTIONS: dict[str, tuple[str, ...]] = {
    "concept": ("conditions", "findings"),
    "pattern": ("pain_patterns",),
    "mechanism": ("pain_mechanisms",),
    "site": ("pain_sites",),
    "region": ("regions",),
    "therapy": ("therapies", "drug_classes"),
    "technique": ("qualifiers.technique",),
    "approach": ("qualifiers.approach",),
    "lead": ("qualifiers.lead",),
    "waveform": ("qualifiers.waveform",),
    "guidance": ("guidance",),
    "contrast": ("contrast",),
    "setting": ("settings",),
    "sedation": ("sedation",),
    "response": ("responses",),
    "stopped_because": ("stop_reasons",),
    "instrument": ("instruments",),
    "drugs": ("drugs", "drug_classes"),
    "classes": ("drug_classes",),
    "substance": ("allergens", "drugs"),
    "method": ("methods",),
    "by": ("roles",),
    "purpose": ("purposes",),
}
"""Where the words of a field are explained: one id may mean different things in different sections."""


_MANY = frozenset(
    {"drugs", "joints", "nerves", "vertebrae", "interspaces", "foramina", "roots", "muscles", "agents", "classes"}
)
"""Fields that hold several words: they include one, and they number so many."""


def _many(field: Field) -> bool:
    return field.name in _MANY


def _word(field: Field, word: str) -> str:
    for section in _SECTIONS.get(field.name, ()):
        if word in ids(section):
            return label(section, word)
    return title(word)


def _choices(field: Field, choices: tuple[Choice, ...]) -> str:
    readings = list(dict.fromkeys(_or(sorted(_word(field, word) for word in choice.words)) for choice in choices))
    return readings[0] if len(readings) == 1 else " or (texts differ) ".join(readings)


def _or(words: list[str]) -> str:
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _field(field: Field) -> str:
    last = field.name.split(".")[-1]
    name = _NAMES.get(last, last.replace("_", " "))
    return name if field.of == "it" else f"the {name} {_OWNERS[field.of]}"


def _say_same(same: Same) -> str:
    verb = {"equal": "is that", "covers": "covers that", "overlaps": "overlaps that"}[same.how]
    family = " (as the policy groups them)" if same.grouping is not None else ""
    return f"{_NAMES.get(same.name, same.name.replace('_', ' '))} {verb} of the request{family}"


def _facts(facts: Facts) -> str:
    return f"{facts.noun}{_window(facts.window)}"


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    match window.kind:
        case "rolling":
            assert window.length is not None  # noqa: S101 - checked when built
            return f" in the {window.length.amount} before the service date"
        case "episode":
            return " since this pain began"
        case "calendar-year":
            return " in the calendar year"
        case "anchored":
            return " in the year counted from the first"
        case "lifetime":
            return " ever"


def _picked(pick: Latest | First | Only) -> str:
    match pick:
        case Latest(facts):
            return f"of the latest {_facts(facts)}"
        case First(facts):
            return f"of the first {_facts(facts)}"
        case Only(facts):
            return f"of the {_facts(facts)}"
