"""What is being made of one Bundle: facts, issues, the fate of every entry, and the index of references."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeVar

import msgspec

from levamen.adapters import fhir_extensions
from levamen.adapters.balance import Fate, Issue
from levamen.adapters.fhir_codes import Meaning, meaning
from levamen.adapters.fhir_dates import when
from levamen.adapters.fhir_types import Concept, Identifier, Note, Patient, Reference, Resource, Subject
from levamen.record.completeness import Completeness
from levamen.record.facts import Agent, Fact, FunctionChange, Pain, Payer, Procedure, Relief, Request
from levamen.record.timeline import When

_FactT = TypeVar("_FactT", bound=Fact)
_PartT = TypeVar("_PartT", Agent, Relief, FunctionChange)
_SHOWN = 5  # how many places or codes an aggregated issue names


class NotUsed(Exception):
    """The resource is left out for a reason that lies in what it says.

    `detail` (a code) is told beside others with the same reason.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


class Refused(Exception):
    """The resource cannot be used: it is malformed or contradicts itself."""


class After(msgspec.Struct):
    """What other resources say about a procedure: filled while they are read, joined at the end."""

    agents: list[Agent] = []
    relief: list[Relief] = []
    function: list[FunctionChange] = []
    baseline: dict[str, Any] = {}
    ended: When | None = None


def _issue(fate: Fate, kind: str, what: str, details: Counter[str]) -> Issue:
    names = [name for name in details if name]
    if fate != "ignored" and details.total() == 1 and names:
        return Issue(fate=fate, where=names[0], what=what) if "/" in names[0] else _named(fate, kind, what, names)
    shown = [name for name, _ in details.most_common() if name][:_SHOWN]
    more = len(names) - len(shown)
    told = f" ({', '.join(shown)}{f' and {more} more' if more else ''})" if shown else ""
    return Issue(fate=fate, where=kind, what=f"{details.total()} × {what}{told}")


def _named(fate: Fate, kind: str, what: str, names: list[str]) -> Issue:
    place = names[0] if names[0].startswith((kind, "entry", "Bundle")) else ""
    return Issue(fate=fate, where=place or kind, what=what if place else f"{what} ({names[0]})")


class Context:
    """State of one reading. `own` is set while a resource is read that follows docs/fhir.md to the letter."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.pains: set[str] = set()
        self.procedures: dict[str, Procedure] = {}
        self.conditions: dict[str, frozenset[str]] = {}  # of a problem: every concept that its codes stand for
        self.requests: list[Request] = []
        self.payers: list[Payer] = []
        self.completeness: list[Completeness] = []
        self.fates: Counter[str] = Counter()
        self.own: str | None = None
        self.birth: When | None = None
        self.latest: When | None = None
        self.open_ended: set[str] = set()
        self.after: dict[str, After] = {}
        self.planned: dict[str, list[Agent]] = {}  # of a request: what is to be injected
        self.contained: dict[str, msgspec.Raw] = {}
        self.medications: dict[str, msgspec.Raw] = {}
        self.used: set[str] = set()
        self.unread: set[str] = set()  # sections in which something was kept that nobody understood
        self._index: dict[str, str | None] = {}
        self._fact_ids: dict[str, str] = {}
        self._taken: set[str] = set()
        self._taken_by_requests: set[str] = set()
        self._request_keys: set[str] = set()
        self._patient_keys: frozenset[str] = frozenset()
        self._patient_identifiers: frozenset[tuple[str | None, str]] = frozenset()
        self._grouped: dict[tuple[Fate, str, str], Counter[str]] = {}

    # ---- issues and fates

    def warn(self, where: str, what: str) -> None:
        """An issue about an item that was accepted all the same."""
        self.group("warning", where.split("/", 1)[0].split(" ", 1)[0], what, where)

    def group(self, fate: Fate, kind: str, what: str, detail: str = "") -> None:
        """An issue that many items of a type may share; told once, with their number and some details."""
        self._grouped.setdefault((fate, kind, what), Counter())[detail] += 1

    def settle(self, fate: Fate, kind: str, where: str, reason: str, *, detail: str = "") -> None:
        """Give one entry its fate. Nothing is left out without an issue."""
        self.fates[fate] += 1
        self.group(fate, kind, reason, detail or (where if fate == "rejected" else ""))

    def rejected_any(self, kind: str) -> bool:
        """Whether a resource of this type was rejected."""
        return any(fate == "rejected" and of == kind for fate, of, _ in self._grouped)

    def issues(self) -> tuple[Issue, ...]:
        """What was rejected, then what needs a look, then what was left out; the most frequent first."""
        order = ("rejected", "warning", "ignored")
        rows = sorted(self._grouped.items(), key=lambda row: (order.index(row[0][0]), -row[1].total(), row[0]))
        return tuple(_issue(fate, kind, what, details) for (fate, kind, what), details in rows)

    # ---- references

    def register(self, kind: str, id: str | None, full_url: str | None) -> str:
        """Make an entry known to references; returns its key."""
        key = f"{kind}/{id}" if id else (full_url or f"{kind}#{len(self._index)}")
        for name in (f"{kind}/{id}" if id else None, full_url):
            if name:
                self._index[name] = None if self._index.get(name, key) != key else key
        return key

    def key_of(self, reference: Reference | None) -> str | None:
        """The key of the entry a reference points to, or None if it is not in the bundle or points to several."""
        if reference is None or not reference.reference:
            return None
        text = reference.reference.split("/_history/", 1)[0]
        if text in self._index:
            return self._index[text]
        tail = "/".join(text.rsplit("/", 2)[-2:])
        return self._index.get(tail) if "://" in text else None

    def fact_of(self, reference: Reference | None) -> str | None:
        """The id of the fact that was made of the entry a reference points to."""
        key = self.key_of(reference)
        return self._fact_ids.get(key) if key else None

    def request_of(self, reference: Reference | None) -> str | None:
        """The id of the request that a reference points to; None for anything else."""
        key = self.key_of(reference)
        return self._fact_ids.get(key) if key in self._request_keys and key is not None else None

    def who(self, reference: Reference | None) -> str | None:
        """The name a reference gives to somebody or some place; the patient and devices are nobody who acts."""
        if reference is None or self.key_of(reference) in self._patient_keys:
            return None
        address = (reference.reference or "").split("/_history/", 1)[0]
        kind = reference.type or address.rpartition("/")[0].rpartition("/")[2]
        return reference.display if kind not in ("Patient", "RelatedPerson", "Device") else None

    def is_patient(self, patient: Patient, key: str, full_url: str | None) -> None:
        """Name the patient the bundle is about."""
        self._patient_keys = frozenset(name for name in (key, full_url) if name)
        self._patient_identifiers = frozenset((i.system, i.value) for i in patient.identifier if i.value)

    def check_subject(self, resource: Subject, kind: str) -> None:
        """Refuse a resource about somebody else; one that names nobody is taken as the patient's, and reported."""
        self.check_person(resource.subject or resource.patient, kind)

    def check_person(self, person: Reference | None, kind: str) -> None:
        if person is None or (not person.reference and person.identifier is None):
            self.group("warning", kind, "names no patient; taken as the patient of the bundle")
            return
        if person.reference:
            text = person.reference.split("/_history/", 1)[0]
            if text in self._patient_keys or self.key_of(person) in self._patient_keys:
                return
            if text.startswith("Patient?identifier=") and self._identified(text.split("=", 1)[1]):
                return
            raise Refused(f"is about another: {text[:80]}")
        if person.identifier is not None and not self._known(person.identifier):
            raise Refused("is about another: the identifier is not the patient's")

    def _identified(self, token: str) -> bool:
        system, _, value = token.rpartition("|")
        return (system or None, value) in self._patient_identifiers

    def _known(self, identifier: Identifier) -> bool:
        return identifier.value is not None and (identifier.system, identifier.value) in self._patient_identifiers

    # ---- facts

    def id_for(self, kind: str, resource: Resource, key: str, suffix: str = "") -> str:
        """An id for a fact, unique in the record: the resource's own where it is free."""
        own = fhir_extensions.read(resource.extension, Fact).get("id") if self.own else None
        base = own or resource.id or key.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        wanted = f"{base}{suffix}"
        taken = self._taken_by_requests if kind == "ServiceRequest" else self._taken
        if wanted in taken:
            wanted = f"{kind}-{wanted}"
        number = 2
        free = wanted
        while free in taken:
            free, number = f"{wanted}-{number}", number + 1
        taken.add(free)
        if not suffix:
            self._fact_ids[key] = free
        if kind == "ServiceRequest":
            self._request_keys.add(key)
        return free

    def completed(self, fact: _FactT, resource: Resource) -> _FactT:
        """The fact with what our extensions on the resource say about it."""
        said = fhir_extensions.read(resource.extension, type(fact))
        said.pop("id", None)
        return msgspec.structs.replace(fact, **said) if said else fact

    def completed_part(self, part: _PartT, resource: Resource) -> _PartT:
        """A part of a procedure (an agent, a score after it) with what our extensions on its own resource say."""
        said = fhir_extensions.read(resource.extension, type(part))
        return msgspec.structs.replace(part, **said) if said else part

    def add(self, fact: Fact, resource: Resource) -> None:
        """Keep a fact, with what our extensions on its resource say about it."""
        self.keep(self.completed(fact, resource))

    def keep(self, fact: Fact) -> None:
        """Keep a fact as it is."""
        if isinstance(fact, Request):
            self.requests.append(fact)
            return
        self.facts.append(fact)
        if isinstance(fact, Pain):
            self.pains.add(fact.id)
        elif isinstance(fact, Procedure):
            self.procedures[fact.id] = fact

    def forget(self, facts: int, requests: int) -> None:
        """Take back what was kept beyond these numbers: a resource gives all of its facts or none."""
        for fact in self.facts[facts:]:
            self.pains.discard(fact.id)
            self.procedures.pop(fact.id, None)
        del self.facts[facts:], self.requests[requests:]

    def pain_of(self, reference: Reference) -> str | None:
        """The pain a reference stands for: itself, or the pain that was read from the same condition."""
        id = self.fact_of(reference)
        if id is None or id in self.pains:
            return id
        return f"{id}-pain" if f"{id}-pain" in self.pains else None

    # ---- reading of parts

    def when(self, text: str | None) -> When | None:
        """A date of something that has happened; the latest of them bounds what the bundle can know."""
        found = when(text)
        if found is not None and (self.latest is None or found.first > self.latest.first):
            self.latest = found
        return found

    def meaning(self, concept: Concept | None, kind: str, where: str) -> Meaning:
        """What a concept says; contradictions refuse the resource, oddities are reported."""
        found = meaning(concept)
        if found.contradictions and not self.own:
            raise Refused("; ".join(found.contradictions))
        for oddity in found.oddities:
            self.group("warning", kind, oddity, where if found.hits else "")
        return found

    def note(self, notes: tuple[Note, ...]) -> str | None:
        """The text of the annotations."""
        return "\n".join(note.text for note in notes if note.text) or None

    def with_agents(self, request: Request) -> Request:
        """A request with the agents that other resources plan for it."""
        planned = self.planned.get(request.id, ())
        return msgspec.structs.replace(request, agents=(*request.agents, *planned)) if planned else request

    def joined(self, fact: Procedure) -> Procedure:
        """A procedure with the agents, the relief and the function that other resources report of it."""
        told = self.after.get(fact.id)
        if told is None:
            return fact
        return msgspec.structs.replace(
            fact,
            agents=(*fact.agents, *told.agents),
            relief=(*fact.relief, *told.relief),
            function=(*fact.function, *told.function),
            relief_ended=fact.relief_ended or told.ended,
        )
