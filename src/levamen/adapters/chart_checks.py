"""What must hold between the fields of one entry. Each function raises BadValueError, or makes the fact."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec import Struct

from levamen.adapters.chart_measures import settle_lab
from levamen.adapters.chart_reading import Context, bad, short
from levamen.adapters.chart_targets import (
    FACET_THERAPIES,
    TARGET_FIELDS,
    check_facet_joints,
    fold_aliases,
    fold_roots_and_foramina,
    joints_from_nerves,
    settle_region,
)
from levamen.derive.scores import disagrees, score, shown
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.record import codes, facts
from levamen.record.timeline import When
from levamen.text.tree import UnusableInput

QUALIFIERS = ("approach", "route", "technique", "electrode", "waveform", "lead", "component")
NRS_WHEN = {"now": "nrs", "average": "nrs-average", "worst": "nrs-worst", "least": "nrs-least"}
COMMON = ("recorded", "author", "source", "note")

Make = Callable[[dict[str, Any], Context], Any]


def makes(struct: type[Struct], *checks: Callable[[dict[str, Any], Context], None]) -> Make:
    """A maker of `struct` that runs the checks first. What the struct has no place for is told, not lost silently."""
    known = frozenset(struct.__struct_fields__)

    def make(values: dict[str, Any], context: Context) -> Any:
        for check in checks:
            check(values, context)
        for name in [name for name in COMMON if name in values and name not in known]:
            del values[name]
            context.note(f"`{name}` of {context.field or context.path} is not used; give it to the entry as a whole")
        return struct(**values)

    return make


def in_order(
    first: str, last: str, first_key: str = "", last_key: str = ""
) -> Callable[[dict[str, Any], Context], None]:
    """A check that `last` does not surely lie before `first`."""

    def check(values: dict[str, Any], context: Context) -> None:
        start, end = values.get(first), values.get(last)
        if start is not None and end is not None and surely_before(end, start):
            name, other = last_key or last, first_key or first
            raise bad(f"{end} is before `{other}` {start}; correct one of them", name)

    return check


def surely_before(moment: When, other: When) -> bool:
    """Whether the first cannot be at or after the second."""
    if moment.at is not None and other.at is not None:
        return moment.at < other.at
    return moment.last < other.first


def in_range(values: dict[str, Any], instrument: str | None, *names: str) -> None:
    """Raises BadValueError for a value outside the instrument's published range."""
    if instrument is None:
        return
    low, high = codes.entry("instruments", instrument)["range"]
    for name in names:
        value = values.get(name)
        if value is not None and not Decimal(str(low)) <= value <= Decimal(str(high)):
            raise bad(f"{value:f} is outside the range of {instrument}, {low} to {high}", name)


def check_score(values: dict[str, Any], context: Context) -> None:
    when = values.pop("when", None)
    if when is not None:
        if values["instrument"] != "nrs":
            raise bad("`when` belongs to nrs alone; leave it out", "when")
        values["instrument"] = NRS_WHEN[when]
    in_range(values, values["instrument"], "value")
    if "value" not in values and not values.get("answers"):
        context.note("neither `value` nor `answers` is given; the score stays unknown")
    if values.get("answers") and values["instrument"] in instrument_ids():
        try:
            found = score(instrument(values["instrument"]), values["answers"])
        except UnusableInput as error:
            context.note(f"`answers`: {error}; they are kept and not scored")
        else:
            if "value" in values and found.value is not None and disagrees(found, values["value"]):
                context.note(f"`value` is {values['value']:f}, and the answers give {shown(found.value)}; correct one")


def check_relief(values: dict[str, Any], context: Context) -> None:
    in_range(values, values.get("scale"), "before", "after")


def check_function(values: dict[str, Any], context: Context) -> None:
    in_range(values, values.get("instrument"), "before", "after")


def add_classes(values: dict[str, Any], context: Context) -> None:
    values["classes"] = codes.classes_of(values["drug"])


def settle_target(values: dict[str, Any], context: Context) -> None:
    """For problems and findings, which take every target field."""
    fold_aliases(values, ())
    check_facet_joints(values)
    settle_region(values, context)


def settle_problem(values: dict[str, Any], context: Context) -> None:
    settle_target(values, context)
    if "icd10" in values:
        values["icd10"] = values["icd10"].upper()
    _concept_by_code(values, context)
    _check_attributes(values)


def _concept_by_code(values: dict[str, Any], context: Context) -> None:
    """A code alone gives its concept where it has exactly one; a code against the stated concept is told."""
    for field, matches in (("snomed", _by_snomed(values)), ("icd10", _by_icd10(values))):
        if not matches:
            continue
        stated = values.get("concept")
        code = values[field]
        if stated is None and len(set(matches)) == 1:
            values["concept"] = matches[0]
            context.note(f"`{field}` {code} read as {matches[0]}")
        elif stated is None:
            context.note(f"`{field}` {code} may be {' or '.join(dict.fromkeys(matches))}; write `concept`")
        elif stated not in matches:
            context.note(f"`{field}` {code} is {matches[0]}, `concept` says {stated}; correct one of them")


def _by_snomed(values: dict[str, Any]) -> list[str]:
    rows = codes.by_code("snomed").get(values.get("snomed", ""), ())
    return [id for section, id, _ in rows if section == "conditions"]


def _by_icd10(values: dict[str, Any]) -> list[str]:
    code = values.get("icd10")
    if code is None:
        return []
    found = [id for _, id in codes.by_icd10(code)]
    if "concept" in values:
        return found
    return [id for id in found if _prefix_length(id, code) == _prefix_length(found[0], code)]


def _prefix_length(condition: str, code: str) -> int:
    bare = code.replace(".", "").upper()
    prefixes = [prefix.replace(".", "") for prefix in codes.entry("conditions", condition)["codes"]["icd10cm"]]
    return max(len(prefix) for prefix in prefixes if bare.startswith(prefix))


def _check_attributes(values: dict[str, Any]) -> None:
    concept = values.get("concept")
    known = codes.entry("conditions", concept).get("attributes", {}) if concept else {}
    for name, word in values.get("attributes", {}).items():
        if name not in known:
            listed = ", ".join(f"`{key}`" for key in known) or "none"
            raise bad(
                f"{short(name)} is no attribute of {concept or 'a problem without concept'}; known: {listed}",
                "attributes",
            )
        allowed = known[name]
        if allowed == "integer":
            if not (word.isascii() and word.isdigit()):
                raise bad(f"{short(word)} is not a whole number", f"attributes.{name}")
        elif word not in (codes.ids(allowed) if isinstance(allowed, str) else map(str, allowed)):
            listed = allowed if isinstance(allowed, str) else ", ".join(map(str, allowed))
            raise bad(f"{short(word)} is not among {listed}", f"attributes.{name}")


def check_finding(values: dict[str, Any], context: Context) -> None:
    settle_target(values, context)
    methods = codes.entry("findings", values["concept"]).get("methods", ())
    method = values.get("method")
    if method is not None and method not in methods:
        context.note(f"{values['concept']} is usually recorded by {' or '.join(methods)}, not by {method}")


def check_document(values: dict[str, Any], context: Context) -> None:
    if "status" in values and values["kind"] != "authorization":
        raise bad("only an authorization is approved or denied; leave it out, or write kind: authorization", "status")


def check_lab(values: dict[str, Any], context: Context) -> None:
    settle_lab(values, context)


def settle_procedure(values: dict[str, Any], context: Context) -> None:
    """Dates, target and qualifiers of a procedure or request, against what its therapy takes."""
    _settle_dates(values)
    therapy = values["therapy"]
    row = codes.entry("therapies", therapy)
    takes = tuple(row["takes"])
    fold_aliases(values, takes)
    fold_roots_and_foramina(values, takes, context)
    _check_takes(values, therapy, takes)
    check_facet_joints(values)
    if therapy in FACET_THERAPIES:
        joints_from_nerves(values, context)
    regions = row.get("regions", ())
    if len(regions) == 1:
        values.setdefault("region", regions[0])
    settle_region(values, context)
    if regions and "region" in values and values["region"] not in regions:
        context.note(f"{therapy} is not usually done in the region {values['region']}")
    if "purpose" in values and values["purpose"] not in row["purposes"]:
        context.note(f"{therapy} is {' or '.join(row['purposes'])}, `purpose` says {values['purpose']}")
    _check_qualifiers(values, therapy, row.get("qualifiers", {}))


def _settle_dates(values: dict[str, Any]) -> None:
    day = values.pop("date", None)
    start = values.get("start")
    if day is not None and start is not None:
        if (day.first, day.last) != (start.first, start.last):
            raise bad(f"`date` {day} and `start` {start} differ; keep one of them", "date")
        if start.at is None and day.at is not None:
            values["start"] = day
    elif day is not None:
        values["start"] = day
    in_order("start", "end")(values, Context(""))
    in_order("start", "relief_ended")(values, Context(""))


def _check_takes(values: dict[str, Any], therapy: str, takes: tuple[str, ...]) -> None:
    pair = {"roots", "foramina"}
    for field in TARGET_FIELDS:
        if field not in values or field in takes or (field in pair and pair & set(takes)):
            continue
        others = [name for name in takes if name not in ("region", "side")]
        hint = f"it takes {', '.join(f'`{name}`' for name in others)}" if others else "it takes region and side at most"
        raise bad(f"{therapy} has no such target; {hint}", field)


def _check_qualifiers(values: dict[str, Any], therapy: str, allowed: Any) -> None:
    for field in QUALIFIERS:
        word = values.get(field)
        if word is None:
            continue
        if field not in allowed:
            raise bad(f"{therapy} has no `{field}`; leave it out", field)
        if word not in allowed[field]:
            raise bad(f"{word} is not among {', '.join(allowed[field])}, what {therapy} allows", field)


def make_evaluation(values: dict[str, Any], context: Context) -> facts.Evaluation:
    about = values.pop("about", {})
    values["about_policy"], values["about_criterion"] = about.get("policy"), about.get("criterion")
    values["about_flag"] = about.get("flag")
    if values["about_flag"] is not None and len(about) > 1:
        raise bad("a judgement is about a warning sign, or about a policy and criterion; write two", "about")
    in_order("date", "until")(values, context)
    return facts.Evaluation(**values)
