"""Short ways to write the records that ledgers are tried on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from levamen.record.codes import classes_of
from levamen.record.completeness import Completeness
from levamen.record.facts import Agent, Fact, Medication, Payer, Person, Problem, Procedure, Record, Request
from levamen.record.timeline import When


def day(text: str) -> When:
    return When.on(date.fromisoformat(text))


def agent(drug: str, dose: str | None = None, **fields: str) -> Agent:
    return Agent(drug=drug, classes=classes_of(drug) if drug else frozenset(), dose=dose, **fields)


def injection(id: str, on: str | When | None, *agents: Agent, **fields: Any) -> Procedure:
    start = day(on) if isinstance(on, str) else on
    settled = {"therapy": "joint-injection", "status": "done", "joint": "knee", "side": "left"} | fields
    return Procedure(id=id, start=start, agents=agents, **settled)


def epidural(id: str, on: str | When | None, *agents: Agent, **fields: Any) -> Procedure:
    settled = {"therapy": "epidural-steroid-injection", "region": "lumbar", "approach": "interlaminar", "joint": None}
    return injection(id, on, *agents, **(settled | {"side": None} | fields))


def triamcinolone(id: str, on: str | When | None, dose: str | None = "40 mg", **fields: Any) -> Procedure:
    return injection(id, on, agent("triamcinolone", dose), **fields)


def request(*agents: Agent, **fields: Any) -> Request:
    settled = {"id": "R-1", "therapy": "joint-injection", "joint": "knee", "side": "left"} | fields
    return Request(agents=agents, **settled)


def medicine(id: str, drug: str, **fields: Any) -> Medication:
    days = {name: day(fields.pop(name)) for name in ("start", "end", "recorded") if name in fields}
    return Medication(id=id, drug=drug, classes=classes_of(drug), **days, **fields)


MENOPAUSE = Problem(id="PR-1", concept="post-menopausal", status="active", verification="confirmed")


def complete(start: str = "1950-01-01", end: str = "2030-01-01", **fields: Any) -> Completeness:
    return Completeness(kind="procedures", start=day(start), end=day(end), **fields)


def asked(question: str, on: str, answer: str) -> Completeness:
    return Completeness(kind=question, asked=day(on), answer=answer)


def record(
    *facts: Fact,
    completeness: tuple[Completeness, ...] = (complete(),),
    requests: tuple[Request, ...] = (),
    weight: str | None = None,
    country: str | None = None,
    born: str | None = "1950-01-01",
    sex: str | None = None,
    recorded: str | None = None,
) -> Record:
    return Record(
        id="synthetic",
        recorded=day(recorded) if recorded is not None else None,
        person=Person(
            birth_date=day(born) if born is not None else None,
            sex=sex,
            weight_kg=Decimal(weight) if weight is not None else None,
        ),
        payers=(Payer(country=country),) if country is not None else (),
        completeness=completeness,
        facts=facts,
        requests=requests,
    )
