"""Silence: age, force, contractor, country"""

from __future__ import annotations

from datetime import date

import pytest
from specimen import MET, ask, at_least, blocks, criterion, latest, policy, read, verdict

from levamen.criteria.nodes import Compare, Field, Number
from levamen.knowledge.model import PolicyDocument, Rule, Values
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.assess import assess


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2008-03-02", "met"),
        ("2008-03-03", "silent"),
        ("2020-02-29", "silent"),
    ],
)
def test_children(birth: str, expected: str) -> None:
    """For children every therapy is silent, and the reason is their age: the eighteenth birthday is enough."""
    answer = ask(policy(criterion("r", MET)), f"person: {{birth_date: {birth}}}")
    assert (answer.verdict, answer.reason) == (expected, None if expected == "met" else "age")


def test_leap_day_birthday() -> None:
    """Who was born on 29 February is eighteen on 28 February of a common year."""
    grown = policy(criterion("r", MET))
    chart = "as_of: 2030-02-01\nperson: {birth_date: 2012-02-29}\n"
    assert verdict(grown, chart, on="2030-02-27") == "silent"
    assert verdict(grown, chart, on="2030-02-28") == "met"


def test_the_dead_are_asked_nothing() -> None:
    """For somebody who has died no question is asked."""
    chart = """
        person: {birth_date: 1950-01-01, died: 2026-02-20}
        request: [{id: R-1, therapy: medial-branch-block, region: lumbar}]
        """
    knowledge = Knowledge({"specimen": policy(criterion("r", MET))}, {})
    assert assess(read(chart), knowledge, date(2026, 3, 2)).questions == ()
    assert len(assess(read(chart), knowledge, date(2026, 2, 19)).questions) == 1


def two_contractors(values: Values) -> tuple[Rule, ...]:
    level = 80 if values.contractor in (None, "cgs") else 50
    says = latest(blocks(), Compare(Number(Field("it", "best_relief")), at_least(level)))
    rule = Rule(
        id="r",
        therapies=frozenset({"medial-branch-block"}),
        requirements=(criterion("relief", says, remedy="none"), criterion("same", MET)),
    )
    return (rule,)


DOCUMENTS = {
    contractor: (PolicyDocument(kind="determination", id=f"L-{contractor}", source="TEXT", version="3"),)
    for contractor in ("cgs", "palmetto")
}
CHART = """
    payer: {kind: medicare%s}
    completeness: [{kind: procedures, from: 1961-04-09}]
    procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-02, relief: [{percent: %s}]}]
    """


@pytest.mark.parametrize(
    ("payer", "percent", "expected", "reason", "contractor"),
    [
        (", contractor: cgs", 60, "not_met", None, "cgs"),
        (", contractor: palmetto", 60, "met", None, "palmetto"),
        (", state: OH", 60, "not_met", None, "cgs"),
        (", state: NC", 60, "met", None, "palmetto-jm"),
        ("", 60, "unknown", "contractor", None),
        ("", 90, "unknown", "contractor", None),
        ("", 40, "not_met", None, None),
        (", contractor: ngs", 60, "unknown", "contractor", None),
    ],
)
def test_contractor(payer: str, percent: int, expected: str, reason: str | None, contractor: str | None) -> None:
    """The contractor comes from the payer, else from the state. Where neither is known and the texts differ, the
    policy is *unknown (contractor)*, unless the criterion fails under every one of them; so it is for a contractor
    of whom no document is known.
    """
    answer = ask(policy(shape=two_contractors, documents=DOCUMENTS), CHART % (payer, percent))
    assert (answer.verdict, answer.reason, answer.contractor) == (expected, reason, contractor)


def test_document_and_version_are_named() -> None:
    """The answer names the contractor's document and its version."""
    answer = ask(policy(shape=two_contractors, documents=DOCUMENTS), CHART % (", contractor: cgs", 90))
    assert (answer.document, answer.version) == ("L-cgs", "3")


def test_policies_of_another_country_are_asked_only_by_name() -> None:
    """A policy of another country or kind of payer is asked only when it is named; naming it waives that."""
    chart = """
        payer: {kind: nhs, country: GB}
        request: [{id: R-1, therapy: medial-branch-block, purpose: diagnostic, region: lumbar}]
        """
    asked = assess(read(chart), packaged(), date(2026, 3, 2)).questions[0]
    assert asked.under("mcr-facet") is None
    named = assess(read(chart), packaged(), date(2026, 3, 2), also=["mcr-facet"]).questions[0]
    assert named.under("mcr-facet") is not None


def test_every_policy_has_its_own_verdict() -> None:
    """Each policy has its own verdict: no silence, dissent or approval of one changes another's, and there is no
    score.
    """
    yes, no, silent = (
        policy(criterion("r", MET)),
        policy(exclusions=[criterion("x", MET)]),
        policy(therapies=frozenset()),
    )
    alone = {p.folder: ask(p).verdict for p in (yes, no, silent)}
    assert list(alone.values()) == ["met", "not_covered", "silent"]
    from msgspec.structs import replace

    knowledge = Knowledge({"yes": replace(yes, id="yes"), "no": replace(no, id="no")}, {})
    answers = assess(read("request: [{id: R-1, therapy: medial-branch-block}]"), knowledge, date(2026, 3, 2)).questions[
        0
    ]
    assert {a.policy: a.verdict for a in answers.policies} == {"yes": "met", "no": "not_covered"}
