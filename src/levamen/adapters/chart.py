"""The chart file: a patient record a person can type (`chart: 1`), YAML or JSON, read into a Record.

A misspelt key, a wrong top level or a bad request makes the whole chart unusable, because an answer from half
of it would look whole. A wrong value in an entry of a fact section rejects that entry, with its reason, and the
rest is used.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec.structs import replace

from levamen.adapters.balance import Balance, Issue, Reading, UnusableInput, opened
from levamen.adapters.chart_expect import is_empty, read_expectations
from levamen.adapters.chart_fields import COMPLETENESS, PAYER, PERSON, REQUEST, SECTIONS
from levamen.adapters.chart_kinds import Moment, Table, Text, is_null
from levamen.adapters.chart_reading import BadValueError, Context, nearest_word, short
from levamen.record.facts import Fact, Medication, Person, Procedure, Record, Request, Score
from levamen.record.timeline import When
from levamen.text.strict_yaml import read_mapping
from levamen.text.tree import Fields, Items, Node, Scalar, at_line

VERSION = "1"
HEAD = ("chart", "id", "recorded", "zone", "as_of")
TOP = (*HEAD, "person", "payer", "completeness", *SECTIONS, "request", "expect")


def read_chart(data: str | bytes, origin: str, *, policies: Collection[str] = ()) -> Reading:
    """The record of a chart file, the balance of its import and its expectations.

    `origin` names the file in messages; `policies` are ids of local policies beside those of the vocabulary.
    Raises UnusableInput, one sentence: what, where, and what would be right.
    """
    return read_fields(read_mapping(data, origin), origin, policies=policies)


def read_fields(top: Fields, origin: str, *, policies: Collection[str] = ()) -> Reading:
    """The same of a chart that is a tree already."""
    return _Chart(top, origin, policies).reading()


class _Chart:
    """One chart being read."""

    def __init__(self, top: Fields, origin: str, policies: Collection[str]) -> None:
        self.top = top
        self.origin = origin
        self.context = Context(origin, frozenset(policies))
        self.issues: list[Issue] = []
        self.items = self.accepted = 0
        self.made: set[str] = set()

    def reading(self) -> Reading:
        self._check_top()
        self.declared = self._declared_ids()
        self.context.zone = self._zone()
        recorded, as_of = self._moment("recorded"), self._moment("as_of")
        if as_of is not None and not as_of.exact:
            raise self._refused("as_of", f"{as_of} is no single day; write YYYY-MM-DD or a time")
        self.context.default_end = recorded or as_of
        person = self._whole("person", PERSON) or Person()
        payers = tuple(self._whole_each("payer", PAYER))
        facts = [fact for name, table in SECTIONS.items() for fact in self._entries(name, table)]
        refused = {issue.where.partition("[")[0] for issue in self.issues if issue.fate == "rejected"}
        if any(isinstance(fact, Medication) and fact.drug is None for fact in facts):
            refused.add("medications")
        completeness, opened_again = opened(tuple(self._entries("completeness", COMPLETENESS)), refused)
        self.issues += opened_again
        requests = tuple(self._requests())
        expectations = self._expectations(len(requests))
        record = Record(
            id=self._id(),
            zone=self.context.zone.key if self.context.zone else None,
            recorded=recorded,
            as_of=as_of,
            person=person,
            payers=payers,
            completeness=completeness,
            facts=tuple(facts),
            requests=requests,
        )
        return Reading(record=record, balance=self._balance(), expectations=expectations, origin=self.origin)

    def _balance(self) -> Balance:
        rejected = self.items - self.accepted
        return Balance(
            items=self.items, accepted=self.accepted, ignored=0, rejected=rejected, issues=tuple(self.issues)
        )

    # the top of the chart

    def _check_top(self) -> None:
        entries = self.top.entries
        version = entries.get("chart")
        if version is None:
            if "resourceType" in entries:
                raise UnusableInput(
                    f"{self.origin} is a FHIR resource, not a chart file; a chart has `chart: {VERSION}`"
                )
            raise UnusableInput(f"{self.origin} has no `chart: {VERSION}`; a chart file says so in its first line")
        if not (isinstance(version, Scalar) and version.kind == "number" and version.text == VERSION):
            raise self._refused("chart", self._wrong_version(version))
        for key in entries:
            if key not in TOP:
                says = f"unknown key {short(key)}; {nearest_word(key, TOP)}"
                raise UnusableInput(f"{at_line(self.origin, self.top.lines[key])}: {says}")

    def _wrong_version(self, version: Node) -> str:
        if isinstance(version, Scalar) and version.kind == "number":
            text = version.text.lstrip("+")
            if text.isdigit() and int(text[:9]) > int(VERSION):
                return f"chart version {text} is of a later Levamen; this one reads chart: {VERSION}"
        written = short(version.text) if isinstance(version, Scalar) else "a list or mapping"
        return f"{written} is no chart version; write `chart: {VERSION}`"

    def _refused(self, key: str, says: str) -> UnusableInput:
        return UnusableInput(f"{at_line(self.origin, self.top.lines.get(key))}: `{key}`: {says}")

    def _id(self) -> str:
        node = self._given("id")
        if node is None:
            return PurePath(self.origin).name.partition(".")[0].strip("-<>") or "chart"
        try:
            return Text().read(node, self.context)
        except BadValueError as error:
            raise self._refused("id", str(error)) from None

    def _given(self, key: str) -> Node | None:
        node = self.top.entries.get(key)
        return None if node is None or is_null(node) else node

    def _moment(self, key: str) -> When | None:
        node = self._given(key)
        if node is None:
            return None
        try:
            found: When = Moment().read(node, self.context)
        except BadValueError as error:
            raise self._refused(key, str(error)) from None
        return found

    def _zone(self) -> ZoneInfo | None:
        node = self._given("zone")
        if node is None:
            return None
        name = node.text if isinstance(node, Scalar) else ""
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = nearest_word(name, sorted(available_timezones()))
            hint = f"; {near}" if near.startswith("nearest") else ""
            raise self._refused(
                "zone", f"{short(name)} is no IANA time zone such as America/Los_Angeles{hint}"
            ) from None

    # ids

    def _declared_ids(self) -> dict[str, str]:
        """Every id and its section, before anything is rejected. Raises UnusableInput where two are equal."""
        found: dict[str, str] = {}
        lines: dict[str, int | None] = {}
        for name in (*SECTIONS, "request"):
            for item in self._items(name):
                node = item.entries.get("id") if isinstance(item, Fields) else None
                if not isinstance(node, Scalar) or is_null(node):
                    continue
                if node.text in found:
                    first = f"{found[node.text]}{_line(lines[node.text])}"
                    second = f"{name}{_line(node.line)}"
                    says = f"the id {short(node.text)} stands twice, in {first} and {second}; ids are unique in a chart"
                    raise UnusableInput(f"{at_line(self.origin, node.line)}: {says}")
                found[node.text], lines[node.text] = name, node.line
        return found

    def _items(self, name: str) -> tuple[Node, ...]:
        """The entries of a section; `request` and `payer` may be one mapping. Raises UnusableInput."""
        node = self._given(name)
        if node is None:
            return ()
        if isinstance(node, Items):
            return node.items
        if name in ("request", "payer") and isinstance(node, Fields):
            return (node,)
        raise self._refused(name, "a list of entries is wanted here; begin each with a dash")

    # entries

    def _entries(self, name: str, table: Table) -> list[Any]:
        """The usable entries of a section. The others are rejected and told."""
        node = self.top.entries.get(name)
        if node is not None and is_empty(node) and name != "completeness":
            says = "an empty list closes nothing; say what is complete under `completeness`"
            self.issues.append(Issue(fate="warning", where=f"{name}{_line(self.top.lines[name])}", what=says))
        found: list[Any] = []
        for index, item in enumerate(self._items(name)):
            self.items += 1
            where = _where(name, index, item)
            self._start(name, index)
            try:
                entry = table.read(self._named(name, index, item), self.context)
            except BadValueError as error:
                self.context.take_notes()
                self.issues.append(Issue(fate="rejected", where=where, what=error.sentence(item.line)))
                continue
            finally:
                self.context.leave()
            self._accept(entry, where)
            found += self._with_free_ids(*entry) if isinstance(entry, tuple) else [entry]
        return found

    def _with_free_ids(self, first: Fact, *others: Fact) -> list[Fact]:
        """The facts of one entry: the first has the id of the entry, the others ids that nothing else has."""
        found = [first]
        for fact in others:
            id = fact.id
            while id in self.made or id in self.declared:
                id += "-generated"
            self.made.add(id)
            found.append(replace(fact, id=id))
        return found

    def _requests(self) -> list[Request]:
        found: list[Request] = []
        for index, item in enumerate(self._items("request")):
            self.items += 1
            found.append(self._strict("request", index, self._named("request", index, item), REQUEST))
        return found

    def _strict(self, name: str, index: int, item: Node, table: Table) -> Any:
        """An entry without which the answers would silently differ. Raises UnusableInput."""
        where = _where(name, index, item)
        self._start(name, index)
        try:
            entry = table.read(item, self.context)
        except BadValueError as error:
            label = where.partition(" (")[0]
            raise UnusableInput(f"{at_line(self.origin, item.line)}: {label}: {error.sentence(item.line)}") from None
        finally:
            self.context.leave()
        if name == "request":
            self._accept(entry, where)
        else:
            self._tell_notes(where)
        return entry

    def _whole(self, name: str, table: Table) -> Any:
        node = self._given(name)
        if node is None:
            return None
        self.context.enter(name)
        try:
            entry = table.read(node, self.context)
        except BadValueError as error:
            raise UnusableInput(f"{at_line(self.origin, node.line)}: {name}: {error.sentence(node.line)}") from None
        finally:
            self.context.leave()
        self._tell_notes(f"{name}{_line(node.line)}")
        return entry

    def _whole_each(self, name: str, table: Table) -> list[Any]:
        return [self._strict(name, index, item, table) for index, item in enumerate(self._items(name))]

    def _start(self, name: str, index: int) -> None:
        self.context.take_notes()
        self.context.enter(f"{name}[{index}]")

    def _accept(self, entry: Any, where: str) -> None:
        self.accepted += 1
        if isinstance(entry, Fact):
            self._check_references(entry)
        self._tell_notes(where)

    def _tell_notes(self, where: str) -> None:
        self.issues += [Issue(fate="warning", where=where, what=note) for note in self.context.take_notes()]

    def _check_references(self, fact: Fact) -> None:
        pain = fact.pain if isinstance(fact, Score | Procedure) else None
        if pain is not None and self.declared.get(pain) != "pain":
            known = [id for id, name in self.declared.items() if name == "pain"]
            hint = f"; {nearest_word(pain, known)}" if known else ""
            self.context.note(f"`pain`: the chart has no pain {short(pain)}{hint}")

    def _named(self, name: str, index: int, item: Node) -> Node:
        """The entry with an id, generated from its place where it has none."""
        if name == "completeness" or not isinstance(item, Fields):
            return item
        given = item.entries.get("id")
        if given is not None and not is_null(given):
            return item
        label = "request" if name == "request" else name
        id = f"{label}-{index + 1}"
        while id in self.declared:
            id += "-generated"
        return Fields({**item.entries, "id": Scalar("text", id)}, {**item.lines, "id": item.line}, item.line)

    def _expectations(self, requests: int) -> Any:
        node = self._given("expect")
        if node is None:
            return ()
        if not isinstance(node, Items):
            raise self._refused("expect", "a list of entries is wanted here; begin each with a dash")
        declared = dict(self.declared)
        for index, item in enumerate(self._items("request")):
            named = self._named("request", index, item)
            if isinstance(named, Fields) and isinstance(id := named.entries["id"], Scalar):
                declared.setdefault(id.text, "request")
        return read_expectations(node, self.context, declared, requests)


def _line(line: int | None) -> str:
    return "" if line is None else f" (line {line})"


def _where(name: str, index: int, item: Node) -> str:
    """`procedures[2] P-3 (line 41)`."""
    id = item.entries.get("id") if isinstance(item, Fields) else None
    named = f" {' '.join(id.text.split())[:60]}" if isinstance(id, Scalar) and id.text.strip() else ""
    return f"{name}[{index}]{named}{_line(item.line)}"
