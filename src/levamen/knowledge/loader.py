"""Reads a policy folder and refuses what could mislead: every refusal names file, line, value and remedy."""

from __future__ import annotations

import hashlib
import importlib
import importlib.resources
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from levamen.criteria.nodes import MARKS, Cite, Operator
from levamen.knowledge.adoption import applied
from levamen.knowledge.edition import edition
from levamen.knowledge.model import (
    DURATION_KINDS,
    NUMBER_KINDS,
    VALUE_KINDS,
    Effect,
    KnowledgeError,
    Policy,
    PolicyDocument,
    Reading,
    Rule,
    Source,
    Value,
    Values,
    Version,
)
from levamen.record import codes
from levamen.record.timeline import DURATION_UNITS, Duration, DurationUnit, When, month_of, year_of
from levamen.text.strict_yaml import read_yaml
from levamen.text.tree import Fields, Items, Node, Scalar, UnusableInput, decode

_OPERATORS: dict[str, Operator] = {word: word for word in get_args(Operator)}
_UNITS: dict[str, DurationUnit] = {word: word for word in DURATION_UNITS}
_TOP = {
    "policy", "checked", "recheck_by", "from", "until", "payers", "shape", "documents", "values", "effects", "note",
    "title", "issuer", "kind", "country",
}  # fmt: skip
_VALUE = {
    "kind", "operator", "amount", "words", "of", "groups", "says", "source", "locator", "mark", "checked", "from",
    "until", "interpretation", "or", "also", "overlays", "versions", "none",
}  # fmt: skip
_PAYERS_BY_KIND: Mapping[str, frozenset[str]] = {
    "commercial": frozenset({"commercial"}),
    "coverage": frozenset({"medicare"}),
}


class Reader:
    """One YAML mapping with its file, for messages that can be acted on."""

    def __init__(self, fields: Fields, file: str, inside: str = "") -> None:
        self.fields, self.file, self.inside = fields, file, inside

    def fail(self, what: str, key: str | None = None) -> KnowledgeError:
        line = self.fields.lines.get(key) if key is not None else self.fields.line
        place = f"{self.file}, line {line}" if line is not None else self.file
        return KnowledgeError(f"{place}: {self.inside}{what}")

    def only(self, known: set[str]) -> None:
        for key in self.fields.entries:
            if key not in known:
                raise self.fail(f"'{key}' is not known here; known: {', '.join(sorted(known))}", key)

    def node(self, key: str) -> Node | None:
        return self.fields.entries.get(key)

    def text(self, key: str) -> str | None:
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.kind == "null":
            raise self.fail(f"'{key}' is one word or sentence", key)
        return node.text

    def need(self, key: str, remedy: str) -> str:
        text = self.text(key)
        if not text:
            raise self.fail(f"no {key}; {remedy}")
        return text

    def flag(self, key: str) -> bool:
        node = self.node(key)
        return isinstance(node, Scalar) and node.kind == "boolean" and node.text.lower() == "true"

    def number(self, key: str) -> Decimal | None:
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.kind != "number":
            raise self.fail(f"'{key}' is a number", key)
        return Decimal(node.text)

    def words(self, key: str) -> tuple[str, ...]:
        node = self.node(key)
        if node is None:
            return ()
        items = node.items if isinstance(node, Items) else (node,)
        if not all(isinstance(item, Scalar) for item in items):
            raise self.fail(f"'{key}' is a list of words", key)
        return tuple(item.text for item in items if isinstance(item, Scalar))

    def list_of_words(self, key: str) -> tuple[tuple[str, ...], ...]:
        node = self.node(key)
        if not isinstance(node, Items):
            raise self.fail(f"'{key}' is a list of lists of words", key)
        return tuple(
            tuple(word.text for word in item.items if isinstance(word, Scalar))
            for item in node.items
            if isinstance(item, Items)
        )

    def child(self, key: str) -> Reader | None:
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Fields):
            raise self.fail(f"'{key}' is a mapping", key)
        return Reader(node, self.file, f"{self.inside}{key}: ")

    def children(self, key: str) -> Iterator[Reader]:
        node = self.node(key)
        for item in node.items if isinstance(node, Items) else ():
            if not isinstance(item, Fields):
                raise self.fail(f"'{key}' is a list of mappings", key)
            yield Reader(item, self.file, f"{self.inside}{key}: ")

    def named(self, key: str) -> Iterator[tuple[str, Reader]]:
        child = self.child(key)
        for name in child.fields.entries if child is not None else ():
            assert child is not None  # noqa: S101 - its keys are being walked
            found = child.child(name)
            assert found is not None  # noqa: S101 - likewise
            yield name, Reader(found.fields, self.file, f"{name}: ")

    def day(self, key: str) -> When | None:
        text = self.text(key)
        if text is None:
            return None
        try:
            parts = [int(part) for part in text.split("-")]
            match parts:
                case [year]:
                    return year_of(year)
                case [year, month]:
                    return month_of(year, month)
                case [year, month, day]:
                    return When.on(date(year, month, day))
        except (ValueError, OverflowError):
            pass
        raise self.fail(f"'{text}' is no date; write YYYY-MM-DD, YYYY-MM or YYYY", key)

    def exact_day(self, key: str) -> date | None:
        when = self.day(key)
        if when is not None and not when.exact:
            raise self.fail(f"'{key}' is a whole day, YYYY-MM-DD", key)
        return when.first if when is not None else None


def load_sources(folder: Path) -> dict[str, Source]:
    """Every source of the YAML files of a folder. Two sources of one id are refused."""
    found: dict[str, Source] = {}
    for path in sorted(folder.glob("*.yaml")):
        top = read_top(path)
        for id, row in top.named("sources"):
            row.only({"title", "issuer", "year", "url"})
            if id in found:
                raise row.fail(f"the source {id} stands twice; keep one")
            found[id] = Source(
                id=id,
                title=row.need("title", "write the document's title"),
                issuer=row.need("issuer", "write who issued it"),
                year=row.need("year", "write the year, or n.d."),
                url=row.need("url", "write where it was read"),
            )
    return found


def load_policy(folder: Path, sources: Mapping[str, Source], *, local: bool = False) -> Policy:
    """The policy of one folder. `local` folders hold YAML alone and name a packaged shape. Raises KnowledgeError."""
    path = folder / "values.yaml"
    if local and (code := next(iter(sorted(folder.glob("**/*.py"))), None)) is not None:
        raise KnowledgeError(f"{code}: a local folder holds YAML alone; name a packaged `shape` instead of Python")
    if not path.exists():
        raise KnowledgeError(f"{folder}: no values.yaml; a policy folder needs one")
    top = read_top(path)
    top.only(_TOP)
    id = top.need("policy", "name the policy's id")
    row = codes.entry("policies", id) if id in codes.ids("policies") else {}
    if not row and not local:
        raise top.fail(f"'{id}' is not a policy of the vocabulary; nearest: {codes.nearest('policies', id)}", "policy")
    checked, recheck = read_checked(top)
    values = read_values(top, sources, checked)
    start, until = top.day("from"), top.day("until")
    if start is not None and until is not None and until.last < start.first:
        raise top.fail("until is before from; check the two dates", "until")
    shape_name = top.text("shape") or folder.name
    kind = str(row.get("kind") or top.text("kind") or "commercial")
    payers = frozenset(top.words("payers")) or _PAYERS_BY_KIND.get(kind, frozenset())
    for payer in payers:
        known_word(top, "payer_kinds", payer, "payers")
    return Policy(
        id=id,
        title=str(row.get("title") or top.need("title", "give the policy a title")),
        issuer=str(row.get("issuer") or top.need("issuer", "name who issues it")),
        kind=kind,
        country=str(row.get("country") or top.need("country", "name its country")),
        payer_kinds=payers,
        checked=checked,
        recheck_by=recheck,
        start=start,
        until=until,
        values=values,
        documents=_documents(top, sources),
        effects=tuple(_effect(reader, sources, checked) for reader in top.children("effects")),
        shape=_shape(top, shape_name),
        folder=str(path),
        values_hash=hashlib.sha256(path.read_bytes() + edition().signed.encode()).hexdigest()[:16],
        local=local,
    )


def read_checked(top: Reader) -> tuple[date, date]:
    """The days on which a file was compared with its sources, and by which it must be again."""
    checked = top.exact_day("checked")
    if checked is None:
        raise top.fail("no checked; write the day on which somebody last compared it with its sources")
    recheck = top.exact_day("recheck_by")
    if recheck is None or recheck <= checked:
        raise top.fail("no recheck_by after checked; write the day by which it must be compared again")
    return checked, recheck


def read_values(top: Reader, sources: Mapping[str, Source], checked: date) -> dict[str, Value]:
    """The values of a knowledge file, by id. Refuses a file without any."""
    values = {name: _value(name, reader, sources, checked) for name, reader in top.named("values")}
    if not values:
        raise top.fail("no values; a policy without values says nothing")
    return values


def read_top(path: Path) -> Reader:
    """The mapping of a knowledge file, with what the clinic adopted of it. Raises KnowledgeError."""
    fields = read_fields(path)
    here = edition()
    if here.adoptions and path.is_relative_to(here.root):
        fields = applied(fields, path.relative_to(here.root).as_posix(), here)
    return Reader(fields, str(path))


def read_fields(path: Path) -> Fields:
    """The mapping of a YAML file as written. Raises KnowledgeError where the text itself is refused."""
    try:
        return read_yaml(decode(path.read_bytes(), str(path)), str(path))
    except UnusableInput as error:
        raise KnowledgeError(str(error)) from None


def _shape(top: Reader, name: str) -> Callable[[Values], tuple[Rule, ...]]:
    """The rule of a packaged folder. Only names of packaged folders are looked up; nothing else can be imported."""
    if name not in _shapes():
        raise top.fail(f"there is no packaged rule shape '{name}'; name the folder of a packaged policy", "shape")
    module = importlib.import_module(f"levamen.knowledge.policies.{name}.rule")
    shape: Callable[[Values], tuple[Rule, ...]] = module.rules
    return shape


@cache
def _shapes() -> frozenset[str]:
    """The packaged rule shapes. Looked up by name, so that no name of a file can lead anywhere else."""
    packaged = importlib.resources.files("levamen.knowledge.policies")
    return frozenset(entry.name for entry in packaged.iterdir() if entry.joinpath("rule.py").is_file())


def _value(id: str, row: Reader, sources: Mapping[str, Source], checked: date) -> Value:
    row.only(_VALUE)
    kind = row.need("kind", f"one of {', '.join(VALUE_KINDS)}")
    if kind not in VALUE_KINDS:
        raise row.fail(f"'{kind}' is no kind of value; one of {', '.join(VALUE_KINDS)}", "kind")
    rows = list(row.children("versions")) or [row]
    versions = tuple(_version(reader, row, kind, sources) for reader in rows)
    _no_overlap(row, versions)
    overlays: dict[str, tuple[Version, ...]] = {}
    for contractor, reader in row.named("overlays"):
        known_word(row, "contractors", contractor, "overlays")
        overlay = Reader(reader.fields, reader.file, f"{id}, {contractor}: ")
        many = list(overlay.children("versions")) or [overlay]
        overlays[contractor] = () if overlay.flag("none") else tuple(_version(r, row, kind, sources) for r in many)
        _no_overlap(overlay, overlays[contractor])
    return Value(
        id=id,
        kind=kind,
        checked=row.exact_day("checked") or checked,
        versions=versions,
        overlays=overlays,
        interpretation=row.text("interpretation"),
        says=row.text("says"),
        line=row.fields.line,
    )


def _version(reader: Reader, parent: Reader, kind: str, sources: Mapping[str, Source]) -> Version:
    readings = [_reading(reader, parent, kind, sources)]
    readings += [_reading(other, reader, kind, sources, parent) for other in reader.children("or")]
    also = tuple(read_cite(other, sources) for other in reader.children("also"))
    return Version(readings=tuple(readings), also=also, start=reader.day("from"), until=reader.day("until"))


def _reading(
    row: Reader, parent: Reader, kind: str, sources: Mapping[str, Source], grand: Reader | None = None
) -> Reading:
    """One reading. What it does not say itself (operator, words, `of`) it takes from the entry it varies."""

    def inherited(key: str) -> Reader:
        return next((r for r in (row, parent, grand) if r is not None and r.node(key) is not None), row)

    cite = read_cite(row, sources)
    if kind in DURATION_KINDS or kind in NUMBER_KINDS:
        holder = inherited("amount")
        amount = holder.number("amount")
        if amount is None:
            raise row.fail("no amount; write the number the source gives")
        operator = inherited("operator").text("operator")
        if operator not in _OPERATORS:
            raise row.fail(f"operator {operator!r}; one of {', '.join(_OPERATORS)}", "operator")
        if kind in DURATION_KINDS:
            if amount < 0 or amount != int(amount):
                raise row.fail(f"{amount} {kind}: a length of time is a whole number, not negative", "amount")
            return Reading(cite=cite, operator=_OPERATORS[operator], amount=Duration(amount, _UNITS[kind]))
        low, high = NUMBER_KINDS[kind]
        if not low <= amount <= high:
            raise row.fail(f"{amount} is out of range for {kind} ({low} to {high})", "amount")
        return Reading(cite=cite, operator=_OPERATORS[operator], amount=amount)
    if kind == "set":
        section = inherited("of").text("of")
        words = inherited("words").words("words")
        if not words:
            raise row.fail("no words; list the ids the source names", "words")
        for word in words if section else ():
            known_word(row, section or "", word, "words")
        return Reading(cite=cite, words=frozenset(words))
    if kind == "groups":
        groups = inherited("groups").list_of_words("groups")
        return Reading(cite=cite, groups=tuple(frozenset(group) for group in groups))
    return Reading(cite=cite)


def read_cite(row: Reader, sources: Mapping[str, Source]) -> Cite:
    """The source, locator and mark of an entry; the source must be one of the list."""
    source = row.need("source", "name the source it comes from")
    if source not in sources:
        raise row.fail(f"the source '{source}' is not in knowledge/sources; add it or correct the id", "source")
    locator = row.need("locator", "say where in the source it stands")
    mark = row.need("mark", f"one of {', '.join(MARKS)}")
    if mark not in MARKS:
        raise row.fail(f"'{mark}' is no mark; one of {', '.join(MARKS)}", "mark")
    return Cite(source, locator, mark)


def _no_overlap(row: Reader, versions: tuple[Version, ...]) -> None:
    spans = sorted(
        (
            version.start.first if version.start is not None else date.min,
            version.until.last if version.until is not None else date.max,
        )
        for version in versions
    )
    for (_, before), (following, _) in pairwise(spans):
        if following <= before:
            raise row.fail(f"two versions are in force on {following}; end one before the other begins", "versions")


def known_word(row: Reader, section: str, word: str, key: str) -> None:
    """Refuses a word that its section of the vocabulary does not have, naming the nearest."""
    head, _, tail = section.partition(".")
    held = codes.vocabulary().get(head)
    if held is None or (tail and (not isinstance(held, Mapping) or tail not in held)):
        raise row.fail(f"'{section}' is no section of the vocabulary", "of")
    if word not in codes.ids(section):
        nearest = codes.nearest(section, word)
        raise row.fail(f"'{word}' is not in {section}" + (f"; nearest: {nearest}" if nearest else ""), key)


def _documents(top: Reader, sources: Mapping[str, Source]) -> dict[str, tuple[PolicyDocument, ...]]:
    child = top.child("documents")
    found: dict[str, tuple[PolicyDocument, ...]] = {}
    for contractor in child.fields.entries if child is not None else ():
        assert child is not None  # noqa: S101 - its keys are being walked
        known_word(child, "contractors", contractor, contractor)
        rows = []
        for row in child.children(contractor):
            row.only({"kind", "id", "source", "version", "from", "until"})
            source = row.need("source", "name the source it was read in")
            if source not in sources:
                raise row.fail(f"the source '{source}' is not in knowledge/sources; add it or correct the id", "source")
            kind: Any = row.need("kind", "determination, article, answers or checklist")
            if kind not in ("determination", "article", "answers", "checklist"):
                raise row.fail(f"'{kind}' is no kind of document", "kind")
            rows.append(
                PolicyDocument(
                    kind=kind,
                    id=row.need("id", "give the document's number"),
                    source=source,
                    version=row.text("version"),
                    start=row.day("from"),
                    until=row.day("until"),
                )
            )
        found[contractor] = tuple(rows)
    return found


def _effect(row: Reader, sources: Mapping[str, Source], checked: date) -> Effect:
    row.only({"id", "therapies", "regions", "says", "source", "locator", "mark", "checked"})
    for word in row.words("therapies"):
        known_word(row, "therapies", word, "therapies")
    return Effect(
        id=row.need("id", "give the effect an id"),
        therapies=frozenset(row.words("therapies")),
        regions=frozenset(row.words("regions")),
        says=row.need("says", "say the effect in words and numbers"),
        cite=read_cite(row, sources),
        checked=row.exact_day("checked") or checked,
    )
